package main

import (
	"encoding/base64"
	"fmt"
	"mime"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"dpobot/responders/post"
	"dpobot/workflow"
)

const keeperAddress = "aino@arkisto.example"

// withKeeper is the stage of the tests of trust with a register that somebody keeps by hand.
func withKeeper(t *testing.T, trust string) (s *stage, dir string) {
	t.Helper()
	dir = t.TempDir()
	furnishTrust(t, dir, trust)
	file := filepath.Join(dir, "dpobot.yaml")
	replaced := strings.Replace(string(fileOf(t, file)), "\nregisters:\n", "\nregisters:\n"+`  - name: paper
    title: {fi: Paperiarkisto, sv: Pappersarkiv, en: Paper archive}
    person: {name: Aino Arkisto, address: `+keeperAddress+`, language: fi, trust: secret}
    identify: {email: email, name: name}
`, 1)
	if !strings.Contains(replaced, keeperAddress) {
		t.Fatal("the stage's configuration has another form than this test expects")
	}
	if err := os.WriteFile(file, []byte(replaced), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := newStage(dir)
	if err != nil {
		t.Fatal(err)
	}
	own := s.store
	t.Cleanup(func() { _ = own.Close() })
	return s, dir
}

// keepersReply answers the newest mail to the keeper, with a document of that name.
func keepersReply(t *testing.T, s *stage, says, name string, data []byte) []byte {
	t.Helper()
	question, err := s.question(keeperAddress)
	if err != nil {
		t.Fatal(err)
	}
	file := strings.NewReplacer("\r", "", "\n", " ", "\x00", "", `\`, `\\`, `"`, `\"`).Replace(name)
	return crlf("From: Aino Arkisto <" + keeperAddress + ">\nTo: " + botAddress + "\nSubject: Re: kysymys\nDate: " + s.clock().Format(time.RFC1123Z) +
		fmt.Sprintf("\nMessage-ID: <%d@arkisto.example>\nIn-Reply-To: <%s>\n", s.clock().UnixNano(), question.MessageID) +
		"MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=m\n\n--m\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n" +
		base64.StdEncoding.EncodeToString([]byte(says)) + "\n--m\nContent-Type: application/pdf\nContent-Disposition: attachment; filename=\"" +
		mime.BEncoding.Encode("utf-8", file) + "\"\nContent-Transfer-Encoding: base64\n\n" + base64.StdEncoding.EncodeToString(data) + "\n--m--\n")
}

// askKeeper takes the planted or any other person's request to the point where the keeper is asked.
func askKeeper(t *testing.T, s *stage) (c *court) {
	t.Helper()
	c = &court{trust: "secret", s: s}
	c.one = s.open(t, personAddress, "Matti Meikäläinen")
	c.newest(t)
	s.deliver(t, c.reply(t, officerAddress, "VERIFIED"))
	if got := s.stateOf(t, c.one.ref); got != workflow.Fulfilling {
		t.Fatalf("got %s, want that the keeper is waited for", got)
	}
	return c
}

// What a keeper writes, and how they name a document, is text in every mail that follows.
func TestKeepersInjection(t *testing.T) {
	plain := keepersStory(t, "tavallinen")
	for name, text := range hostileTexts {
		t.Run(name, func(t *testing.T) {
			for element := range keepersStory(t, text) {
				if !plain[element] {
					t.Errorf("an element that a harmless answer does not lead to: %s", element)
				}
			}
		})
	}
}

func keepersStory(t *testing.T, text string) (markup map[string]bool) {
	t.Helper()
	w := newWire(t)
	s, _ := withKeeper(t, "secret")
	c := askKeeper(t, s)
	s.mails = slices.DeleteFunc(s.mails, func(m post.Mail) bool { return m.To.Reveal() != keeperAddress })
	s.deliver(t, keepersReply(t, s, "Katsotaan.\n"+text, text, []byte("%PDF-1.4 x")))
	s.pass(time.Hour)
	s.deliver(t, keepersReply(t, s, "DONE\n"+strings.ReplaceAll(text, "\n\n", "\n"), text, []byte("%PDF-1.4 x")))
	s.pass(time.Hour)
	if err := s.work(); err != nil {
		t.Fatal(err)
	}
	if s.stateOf(t, c.one.ref) == workflow.Fulfilling { // what hides in the text made it one for the handlers
		c.newest(t)
		s.deliver(t, c.reply(t, officerAddress, "TICK paper"))
	}
	if got := s.stateOf(t, c.one.ref); got != workflow.Answered {
		t.Fatalf("got %s, want answered", got)
	}
	return c.checkMails(t, w, personAddress, officerAddress, deputyAddress, keeperAddress)
}

// Nothing of the person, the keeper or what the keeper sends comes into the log, whatever goes wrong.
func TestKeepersLog(t *testing.T) {
	const said = "Salainen sopimus tehty 12.5.2021"
	words := append(canaries(t, nil), "Meikäläinen", "aino@", "Arkisto", "arkisto.example", said, "salainen-lasku", "Kanarialintu")
	words = slices.DeleteFunc(words, func(w string) bool { return w == "Arkisto" }) // the register's own title
	for name, refuse := range map[string]error{"all is well": nil, "for now": post.ErrTemporary, "for good": post.ErrPermanent, "unknown": post.ErrUnknown} {
		t.Run(name, func(t *testing.T) {
			s, _ := withKeeper(t, "secret")
			askKeeper(t, s)
			s.refuse, s.down = refuse, true
			s.readAll(t, [][]byte{
				keepersReply(t, s, said, "salainen-lasku.exe", []byte("MZ Kanarialintu")),
				keepersReply(t, s, "VERIFIED", "salainen-lasku.pdf", []byte("%PDF-1.4 Kanarialintu")),
			})
			s.pass(time.Minute)
			s.readAll(t, [][]byte{keepersReply(t, s, "DONE\n"+said, "salainen-lasku.pdf", []byte("%PDF-1.4 Kanarialintu"))})
			s.pass(time.Minute)
			s.readAll(t, [][]byte{keepersReply(t, s, "NO DATA\n\n"+said, "salainen-lasku.pdf", []byte("%PDF-1.4 Kanarialintu"))})
			for range 30 {
				s.pass(time.Hour)
				s.work() //nolint:errcheck // what fails is what this is about
			}
			s.leaks(t, words)
		})
	}
}

// Documents of a keeper, what an erasure left, and who was erased: none of it can be read in Redis or on its disk, nor be
// guessed and checked.
func TestKeepersAtRest(t *testing.T) {
	s, rdb, folder := realStage(t)
	kept, _ := withKeeper(t, "secret")
	kept.store = s.store
	kept.restart(t)
	s = kept
	c := &court{trust: "secret", s: s}
	c.one = s.open(t, plantedAddress, "Aurelia Kvarnström-Plantti")
	c.newest(t)
	s.deliver(t, c.reply(t, officerAddress, "VERIFIED, MATCH 0"))
	s.deliver(t, keepersReply(t, s, "persimmonkakku on löytynyt", "viinirypale.pdf", []byte("%PDF-1.4 turkoosi saapas")))
	s.pass(time.Minute)
	s.deliver(t, keepersReply(t, s, "DONE\npersimmonkakku", "viinirypale.pdf", []byte("%PDF-1.4 turkoosi saapas")))
	prefix := "dpobot:{" + botAddress + "}:"
	if n := rdb.HLen(t.Context(), prefix+"files:"+string(c.one.ref)).Val(); n != 2 {
		t.Fatalf("got %d fields of documents, want 2: the test shows nothing", n)
	}
	if _, err := s.store.Load(t.Context(), c.one.ref); err != nil {
		t.Fatal(err)
	}
	left := workflow.Case{Ref: s.store.RetainedRef("asiakasrekisteri", plantedAddress), Retained: &workflow.Retained{
		Register: "asiakasrekisteri", Key: plantedAddress, Case: c.one.ref, Kept: []workflow.Kept{{Fields: []string{"name"}, Ground: map[string]string{"fi": "KPL"}}},
	}}
	err := s.store.Commit(t.Context(), workflow.Step{Case: left})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.store.AddTombstone(t.Context(), plantedAddress, []string{"asiakasrekisteri"}, s.clock()); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"retained", "tombstones"} {
		if rdb.Exists(t.Context(), prefix+key).Val() != 1 {
			t.Errorf("nothing stands in %s: the test shows nothing", key)
		}
	}
	s.searchRest(t, rdb, folder, nil)
	s.pass(8 * 24 * time.Hour)
	if err := s.work(); err != nil {
		t.Fatal(err)
	}
	if n := rdb.Exists(t.Context(), prefix+"files:"+string(c.one.ref)).Val(); n != 0 {
		t.Error("the documents are still there a week after the answer")
	}
}
