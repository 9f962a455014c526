package mailbox

import (
	"bytes"
	"context"
	"crypto/x509"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"dpobot/inbox/mailbox/imaptest"
)

func startDovecot(t testing.TB) *imaptest.Dovecot {
	return imaptest.StartDovecot(t, map[string]string{user: password, "second": "other"})
}

func poolOf(t testing.TB, file string) *x509.CertPool {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(text) {
		t.Fatalf("%s holds no certificate", file)
	}
	return pool
}

func TestDovecotTurn(t *testing.T) {
	t.Parallel()
	d := startDovecot(t)
	for _, mode := range []TLSMode{TLSImplicit, TLSStart, TLSNone} {
		t.Run(string(mode), func(t *testing.T) {
			if err := d.Deliver(user, mail("by "+string(mode))); err != nil {
				t.Fatal(err)
			}
			config := plainConfig(d.Addr)
			config.TLS, config.RootCAs = mode, poolOf(t, d.CAFile)
			if mode == TLSImplicit {
				config.Address = d.TLSAddr
			}
			r := &reader{}
			box := newMailbox(t, config, r, newMemory())
			report := turnOnce(t, box)
			if report.Handled != 1 || !slices.Equal(r.subjects(), []string{"by " + string(mode)}) {
				t.Errorf("read %q, report %+v, want the one new mail", r.subjects(), report)
			}
		})
	}
	found, err := d.Mails(user, "INBOX")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range found {
		if !m.Has("$dpobot") || m.Has(`\Seen`) {
			t.Errorf("mail %d has the flags %q, want $dpobot and not \\Seen", m.UID, m.Flags)
		}
	}
}

func TestDovecotRunNoticesMail(t *testing.T) {
	t.Parallel()
	d := startDovecot(t)
	r := &reader{took: make(chan string, 10)}
	box := newMailbox(t, plainConfig(d.Addr), r, newMemory())
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- box.Run(ctx) }()
	for i := range 3 {
		subject := fmt.Sprint("mail ", i)
		start := time.Now()
		if err := d.Deliver(user, mail(subject)); err != nil {
			t.Fatal(err)
		}
		if got := <-r.took; got != subject {
			t.Errorf("got %q, want %q", got, subject)
		}
		t.Logf("noticed after %v", time.Since(start).Round(time.Millisecond))
	}
	cancel()
	if err := <-ended; err != nil {
		t.Errorf("Run: %v", err)
	}
}

func TestDovecotRenumbersItsMails(t *testing.T) {
	t.Parallel()
	d := startDovecot(t)
	for _, s := range []string{"handled", "left"} {
		if err := d.Deliver(user, mail(s)); err != nil {
			t.Fatal(err)
		}
	}
	r := &reader{decide: func(subject string, _ Message) (Outcome, error) {
		if subject == "left" {
			return Left, nil
		}
		return Handled, nil
	}}
	memory := newMemory()
	box := newMailbox(t, plainConfig(d.Addr), r, memory)
	turnOnce(t, box)
	before := memory.remembered().UIDValidity
	box.Close()
	if err := d.Renumber(user); err != nil {
		t.Fatal(err)
	}
	turnOnce(t, box)
	if after := memory.remembered().UIDValidity; after == before {
		t.Fatalf("UIDVALIDITY is still %d; the test has lost its point", before)
	}
	if got, want := r.subjects(), []string{"handled", "left", "left"}; !slices.Equal(got, want) {
		t.Errorf("read %q, want %q: what has the keyword is not read again", got, want)
	}
}

func TestDovecotMovesAndKeepsCopies(t *testing.T) {
	t.Parallel()
	d := startDovecot(t)
	for _, s := range []string{"one", "two"} {
		if err := d.Deliver(user, mail(s)); err != nil {
			t.Fatal(err)
		}
	}
	config := plainConfig(d.Addr)
	config.MoveTo = "Handled/By dpobot"
	box := newMailbox(t, config, &reader{}, newMemory())
	turnOnce(t, box)
	for folder, want := range map[string]int{"INBOX": 0, config.MoveTo: 2} {
		got, err := d.Mails(user, folder)
		if err != nil {
			t.Fatal(err)
		}
		if len(got) != want {
			t.Errorf("%d mails in %s, want %d", len(got), folder, want)
		}
	}
	if err := box.Append(t.Context(), "", mail("copy"), []string{`\Seen`}, time.Time{}); err != nil {
		t.Fatalf("Append: %v", err)
	}
	if err := box.Append(t.Context(), "Made/Now", mail("other"), nil, time.Time{}); err != nil {
		t.Fatalf("Append to a new folder: %v", err)
	}
	for id, want := range map[string]bool{"<copy@b.example>": true, "<other@b.example>": false} {
		if got, err := box.FindInSent(t.Context(), id); err != nil || got != want {
			t.Errorf("FindInSent(%s) = %v, %v, want %v", id, got, err, want)
		}
	}
}

func TestDovecotOversize(t *testing.T) {
	t.Parallel()
	d := startDovecot(t)
	big := append(mail("big"), bytes.Repeat([]byte("0123456789abcde\n"), 10_000)...)
	for _, text := range [][]byte{big, mail("small")} {
		if err := d.Deliver(user, text); err != nil {
			t.Fatal(err)
		}
	}
	config := plainConfig(d.Addr)
	config.MaxSize = 100_000
	var oversize []string
	r := &reader{decide: func(subject string, m Message) (Outcome, error) {
		if m.Oversize {
			oversize = append(oversize, subject)
		}
		return Handled, nil
	}}
	turnOnce(t, newMailbox(t, config, r, newMemory()))
	if !slices.Equal(oversize, []string{"big"}) || len(r.read) != 2 || slices.Max(r.sizes) > 1000 {
		t.Errorf("oversize %q of %q with %d bytes, want big of two, and its header alone", oversize, r.read, r.sizes)
	}
}

func TestDovecotCheck(t *testing.T) {
	t.Parallel()
	d := startDovecot(t)
	old := time.Date(2026, 3, 5, 12, 0, 0, 0, time.UTC)
	if err := d.Append(user, "INBOX", mail("one"), old); err != nil {
		t.Fatal(err)
	}
	config := plainConfig(d.TLSAddr)
	config.TLS, config.RootCAs = TLSImplicit, poolOf(t, d.CAFile)
	box := newMailbox(t, config, &reader{}, newMemory())
	said := ""
	for _, f := range box.Check(t.Context()) {
		if f.Grade != Fine {
			t.Errorf("%s: %s (%s)", f.Grade, f.What, f.Mend)
		}
		said += f.What + "\n"
	}
	for _, want := range []string{"$dpobot", "IDLE", `"Sent"`, "1 mails wait", "2026-03-05"} {
		if !strings.Contains(said, want) {
			t.Errorf("Check says\n%swant it to mention %q", said, want)
		}
	}
	config.Password = secret("wrong")
	checkSays(t, newMailbox(t, config, &reader{}, newMemory()), ErrPassword)
	config.RootCAs = nil
	checkSays(t, newMailbox(t, config, &reader{}, newMemory()), ErrUnknownCA)
}
