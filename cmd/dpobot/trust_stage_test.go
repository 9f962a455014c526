package main

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-msgauth/dkim"

	"dpobot/responders/post"
	"dpobot/workflow"
)

// The set-up of the tests of trust: the stage of the scripts, but with a border server, keys of DKIM and a deputy.
const (
	borderID      = "mx.powercompetence.example"
	ownDomain     = "powercompetence.example"
	deputyAddress = "sari.deputy@powercompetence.example"
	personAddress = "matti@example.net"
	otherAddress  = "kalle@posti.example"
	selector      = "s2025"
)

// keyring signs mails for any domain, each with a key that its domain "publishes".
type keyring map[string]ed25519.PrivateKey

// ringOf makes a key for each domain.
func ringOf(domains ...string) keyring {
	ring := keyring{}
	for n, domain := range domains {
		ring[domain] = ed25519.NewKeyFromSeed(bytes.Repeat([]byte{byte(n + 1)}, ed25519.SeedSize))
	}
	return ring
}

// testRing holds the keys of all domains that sign mails here.
func testRing() keyring {
	return ringOf(ownDomain, "attacker.example", "example.net", "posti.example", "example", "lists.example.net",
		"powercompetence.example.attacker.example", "xn--pwercompetence-dxk.example", "mail.powercompetence.example", "evilpowercompetence.example")
}

// file is the keys as authentic.KeysFromFile reads them.
func (r keyring) file() []byte {
	var b bytes.Buffer
	for domain, key := range r {
		fmt.Fprintf(&b, "%s._domainkey.%s v=DKIM1; k=ed25519; p=%s\n", selector, domain,
			base64.StdEncoding.EncodeToString(key.Public().(ed25519.PublicKey)))
	}
	return b.Bytes()
}

// sign puts a true DKIM-Signature of the domain on top of the mail. openID leaves out the Message-ID, as many a
// provider does.
func (r keyring) sign(raw []byte, domain string, openID bool) ([]byte, error) {
	var out bytes.Buffer
	covered := []string{"From", "To", "Subject", "Date", "In-Reply-To", "References", "MIME-Version", "Content-Type", "Content-Transfer-Encoding"}
	if !openID {
		covered = append(covered, "Message-ID")
	}
	err := dkim.Sign(&out, bytes.NewReader(raw), &dkim.SignOptions{
		Domain: domain, Selector: selector, Signer: r[domain],
		HeaderCanonicalization: dkim.CanonicalizationRelaxed, BodyCanonicalization: dkim.CanonicalizationRelaxed,
		HeaderKeys: covered,
	})
	return out.Bytes(), err
}

// trustStage is a stage on which the handlers are trusted in that way.
func trustStage(t testing.TB, trust string) *stage {
	t.Helper()
	dir := t.TempDir()
	furnishTrust(t, dir, trust)
	s, err := newStage(dir)
	if err != nil {
		t.Fatal(err)
	}
	memory := s.store // a test may put another in its place
	t.Cleanup(func() { _ = memory.Close() })
	return s
}

// furnishTrust puts the configuration and the registers into a folder.
func furnishTrust(t testing.TB, dir, trust string) {
	t.Helper()
	if err := furnish(dir); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "dpobot.yaml")
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	text := strings.NewReplacer(
		"language: en, trust: secret}", "language: en, trust: "+trust+"}\n  - {name: Sari Sijainen, address: "+deputyAddress+", language: fi, trust: "+trust+"}",
		"  address: "+botAddress, "  address: "+botAddress+"\n  authserv_id: "+borderID+"\n  plus_address: true",
	).Replace(string(data)) + "dkim: {keys_file: dkim.keys}\n"
	if strings.Count(text, "trust: "+trust) != 2 {
		t.Fatal("the stage's configuration has another form than the tests of trust expect")
	}
	db := filepath.Join(dir, "customers.db")
	for name, data := range map[string][]byte{file: []byte(text), filepath.Join(dir, "dkim.keys"): testRing().file()} {
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := makeDatabase(db, "UPDATE customers SET email = '"+personAddress+"' WHERE id = 1"); err != nil {
		t.Fatal(err)
	}
}

// live is a case that waits for the checking call, and what an attacker may have learnt of it.
type live struct {
	ref      workflow.Ref
	question post.Mail // the case mail to the officer
	deputys  post.Mail // the same to the deputy
	ack      post.Mail // the acknowledgement to the person
}

// token is the case's secret.
func (l live) token() string { return tokenOf(l.question) }

func tokenOf(m post.Mail) string {
	local, _, _ := strings.Cut(m.MessageID, "@")
	return local
}

// open delivers a request of the person and returns the case that waits for the call.
func (s *stage) open(t testing.TB, from, name string) live {
	t.Helper()
	before := len(s.mails)
	s.queue = append(s.queue, crlf("From: "+name+" <"+from+">\nTo: "+botAddress+"\nSubject: Omat tietoni\nDate: "+s.clock().Format(time.RFC1123Z)+
		"\nMessage-ID: <ask-"+from+">\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"+
		"Hei,\n\nhaluaisin tietää, mitä tietoja teillä on minusta.\n\n"+name+"\n"))
	if err := s.poll(); err != nil {
		t.Fatal(err)
	}
	c, err := s.last()
	if err != nil {
		t.Fatal(err)
	}
	if c.State() != workflow.Verifying {
		t.Fatalf("the request of the test: got state %s, want verifying", c.State())
	}
	l := live{ref: c.Ref}
	for _, m := range s.mails[before:] {
		switch m.To.Reveal() {
		case officerAddress:
			l.question = m
		case deputyAddress:
			l.deputys = m
		case from:
			l.ack = m
		}
	}
	if l.question.MessageID == "" || l.deputys.MessageID == "" || l.ack.MessageID == "" {
		t.Fatalf("the request of the test: a mail is missing:\n%s", outgoing(s.mails[before:]))
	}
	return l
}

// deliver hands one mail in, does what is due, and returns the mails that went out.
func (s *stage) deliver(t testing.TB, raw []byte) []post.Mail {
	t.Helper()
	before := len(s.mails)
	s.queue = append(s.queue, raw)
	if err := s.poll(); err != nil {
		t.Errorf("poll: %v", err)
	}
	return s.mails[before:]
}

// state is what must not change: every case with its items, epoch and tasks that are not mails to handlers.
func (s *stage) state(t testing.TB) string {
	t.Helper()
	var b strings.Builder
	for c, err := range s.store.All(context.Background()) {
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "%s %s epoch %d to %q:", c.Ref, c.State(), c.Epoch, c.SendTo.Reveal())
		for _, it := range c.Items {
			fmt.Fprintf(&b, " %s=%s", it.Kind, it.State)
		}
		for _, task := range c.Tasks {
			if task.Action.Audience() != workflow.ToHandler {
				fmt.Fprintf(&b, " %s:%s", task.Action, task.State)
			}
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// strangers are the recipients of mails who are neither handlers nor persons with a case.
func strangers(mails []post.Mail, persons ...string) []string {
	known := map[string]bool{officerAddress: true, deputyAddress: true}
	for _, p := range persons {
		known[p] = true
	}
	var all []string
	for _, m := range mails {
		if !known[m.To.Reveal()] {
			all = append(all, m.To.Reveal()+": "+m.Subject)
		}
	}
	return all
}

func crlf(s string) []byte {
	return []byte(strings.ReplaceAll(strings.ReplaceAll(s, "\r\n", "\n"), "\n", "\r\n"))
}
