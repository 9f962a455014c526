package mailbox

import (
	"context"
	"crypto/x509"
	"fmt"
	"os"
	"slices"
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
