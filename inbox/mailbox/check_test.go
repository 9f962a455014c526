package mailbox

import (
	"strings"
	"testing"
	"time"

	"dpobot/inbox/mailbox/imaptest"
)

func TestCheckSays(t *testing.T) {
	for name, c := range map[string]struct {
		options imaptest.Options
		change  func(*Config, *memory)
		grade   Grade
		what    string
	}{
		"logged in":          {grade: Fine, what: "logged in"},
		"keyword":            {grade: Fine, what: "flagged $dpobot"},
		"no keyword":         {options: imaptest.Options{NoKeywords: true}, grade: Warning, what: "no keyword"},
		"idle":               {grade: Fine, what: "IDLE"},
		"no move":            {options: imaptest.Options{Without: []string{"MOVE"}}, change: moveTo("Sent"), grade: Warning, what: "no MOVE"},
		"move":               {change: moveTo("Sent"), grade: Fine, what: `moved to "Sent"`},
		"move to nowhere":    {change: moveTo("Nowhere"), grade: Warning, what: `"Nowhere", which does not exist`},
		"sent":               {grade: Fine, what: `kept in "Sent"`},
		"other sent":         {change: func(c *Config, _ *memory) { c.Sent = "Elsewhere" }, grade: Warning, what: `"Elsewhere", which does not exist`},
		"waiting":            {grade: Fine, what: "2 mails wait to be read, the oldest since 2026-03-05 09:00 +0000"},
		"some read":          {change: done(1), grade: Fine, what: "1 mails wait"},
		"all read":           {change: done(2), grade: Fine, what: "0 mails wait"},
		"pending":            {change: done(2, 1), grade: Fine, what: "1 are to be read again"},
		"an older numbering": {change: func(_ *Config, m *memory) { m.state = State{UIDValidity: 77, Done: 9} }, grade: Fine, what: "2 mails wait"},
		"no memory":          {change: func(_ *Config, m *memory) { m.away = errBroken }, grade: Fault, what: "store does not answer"},
	} {
		t.Run(name, func(t *testing.T) {
			server := startServer(t, c.options)
			at := time.Date(2026, 3, 5, 9, 0, 0, 0, time.UTC)
			for i := range 2 {
				if _, err := server.Append(user, "INBOX", mail("one"), at.AddDate(0, 0, i)); err != nil {
					t.Fatal(err)
				}
			}
			config, memory := plainConfig(server.Addr), newMemory()
			if c.change != nil {
				c.change(&config, memory)
			}
			var said []string
			for _, f := range newMailbox(t, config, &reader{}, memory).Check(t.Context()) {
				said = append(said, string(f.Grade)+": "+f.What)
				if strings.Contains(f.What, c.what) && f.Grade == c.grade && (f.Grade == Fine) == (f.Mend == "") {
					return
				}
			}
			t.Errorf("Check says\n%s\nwant %s: ...%s..., with a way to mend what is not fine", strings.Join(said, "\n"), c.grade, c.what)
		})
	}
}

func TestCheckWithoutIdle(t *testing.T) {
	peer := startPeer(t)
	peer.Offer("IMAP4rev1 AUTH=PLAIN SASL-IR")
	for _, f := range newMailbox(t, plainConfig(peer.Addr), &reader{}, newMemory()).Check(t.Context()) {
		if f.Grade == Warning && strings.Contains(f.What, "does not announce") {
			return
		}
	}
	t.Error("Check does not warn that the server lacks IDLE")
}

// Every error that an operator can meet has words for mending it.
func TestEveryFaultCanBeMended(t *testing.T) {
	box := newMailbox(t, plainConfig("127.0.0.1:1"), &reader{}, newMemory())
	for _, err := range []error{
		ErrPlainRefused, ErrUnreachable, ErrUnknownCA, ErrWrongName, ErrExpired, ErrNotTLS, ErrNoSTARTTLS,
		ErrPassword, ErrToken, ErrNoSecret, ErrLoginDisabled, ErrNoFolder, ErrSilent, ErrLost, ErrGarbled, errBroken,
	} {
		if f := box.fault(err); f.Grade != Fault || f.Mend == "" || f.What == "" {
			t.Errorf("%v: found %+v, want a fault with words and a way to mend it", err, f)
		}
	}
}

func moveTo(folder string) func(*Config, *memory) {
	return func(c *Config, _ *memory) { c.MoveTo = folder }
}

// done is the state of a mailbox that was read up to a UID, with some to be read again.
func done(uid uint32, pending ...uint32) func(*Config, *memory) {
	return func(_ *Config, m *memory) {
		m.state = State{UIDValidity: 1, Done: uid, Pending: map[uint32]Pending{}}
		for _, p := range pending {
			m.state.Pending[p] = Pending{UID: p}
		}
	}
}
