package main

import (
	"context"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"dpobot/inbox/mailbox"
	"dpobot/inbox/mailbox/imaptest"
	"dpobot/responders/post"
	"dpobot/workflow"
)

// The forged words once more, all of them at one live case, as a real server delivers them: by LMTP, with the fields
// that Dovecot puts on top, and read over IMAP. Then the officer answers, and that alone counts.
func TestTrustDovecot(t *testing.T) {
	d := imaptest.StartDovecot(t, map[string]string{"server": "secret", "dkim": "secret"})
	for _, trust := range trusts {
		t.Run(trust, func(t *testing.T) {
			c := &court{trust: trust}
			c.session(t, t)
			var notTaken []string
			delivered := 0
			for _, f := range slices.Concat(forgedAuthors, forgedProofs, forgedSecrets, forgedWords, forgedByMachines) {
				draft := c.honest()
				set("Message-ID", "<"+strings.ReplaceAll(f.name, " ", ".")+"@"+ownDomain+">")(draft)
				for _, e := range f.edits {
					e(draft)
				}
				if err := d.Deliver(trust, draft.build(t)); err != nil {
					notTaken = append(notTaken, f.name) // a NUL, a line that never ends: the server's own refusal
					continue
				}
				delivered++
			}
			sent := c.read(t, d, trust)
			if got := c.s.state(t); got != c.before || len(c.s.released(t)) > 0 {
				t.Errorf("one of %d forged words did something:\nbefore %s\nafter  %s", delivered, c.before, got)
			}
			if i := slices.IndexFunc(sent, func(m post.Mail) bool { return !isHandler(m) }); i >= 0 {
				t.Errorf("a forged word was answered:\n%s", outgoing(sent[i:i+1]))
			}
			if delivered < 200 {
				t.Errorf("delivered %d forged words, want nearly all; not taken: %q", delivered, notTaken)
			}

			if err := d.Deliver(trust, c.honest().build(t)); err != nil {
				t.Fatal(err)
			}
			c.read(t, d, trust)
			if got := c.s.stateOf(t, c.one.ref); got != workflow.Answered {
				t.Errorf("the officer's own word after %d forged ones: got %s, want answered", delivered, got)
			}
			t.Logf("trust: %-6s  %d forged words over Dovecot, 0 acted on; the honest one was", trust, delivered)
		})
	}
}

// read takes what lies in the mailbox in, does what is due, and returns the mails that went out.
func (c *court) read(t *testing.T, d *imaptest.Dovecot, user string) []post.Mail {
	t.Helper()
	before := len(c.s.mails)
	if c.box == nil {
		box, err := mailbox.New(mailbox.Config{
			Name: user, Address: d.Addr, TLS: mailbox.TLSNone, User: user,
			Password: func() (string, error) { return d.Users[user], nil }, Logger: slog.New(slog.DiscardHandler),
		}, c.s.intake, &remembered{})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(box.Close)
		c.box = box
	}
	for range 10 { // a turn on an open connection may begin before the server tells of new mail
		report, err := c.box.Turn(context.Background())
		if err != nil || report.Failed > 0 {
			t.Fatalf("read the mailbox: %v, %+v", err, report)
		}
		if report.Read() > 0 {
			break
		}
	}
	if err := c.s.work(); err != nil {
		t.Fatal(err)
	}
	return c.s.mails[before:]
}

// remembered is a mailbox's memory for one process.
type remembered struct {
	mu    sync.Mutex
	state mailbox.State
}

func (r *remembered) Load(context.Context) (mailbox.State, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.state, nil
}

func (r *remembered) Acquire(ctx context.Context, _ string, _ time.Duration) (mailbox.State, error) {
	return r.Load(ctx)
}

func (r *remembered) Renew(context.Context, string, time.Duration) error { return nil }

func (r *remembered) Save(_ context.Context, _ string, change mailbox.Change) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.state = r.state.Apply(change)
	return nil
}

func (r *remembered) Release(context.Context, string) error { return nil }
