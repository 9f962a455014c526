package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dpobot/workflow"
)

// The officer's own mailbox: the program reads the mails of the person whom it asks. Its own mails come back to it,
// the officer's private ones are none of its business, and their word counts by the same rules as everywhere.
func TestTrustOwnMailbox(t *testing.T) {
	rows := []struct {
		name string
		raw  func(t *testing.T, c *court) []byte
		acts bool
	}{
		{"the question itself arrives", func(t *testing.T, c *court) []byte {
			raw, err := newWire(t).sender.Send(t.Context(), c.one.question)
			if err != nil {
				t.Fatal(err)
			}
			return raw
		}, false},
		{"the officer answers", func(t *testing.T, c *court) []byte { return c.reply(t, botAddress, "VERIFIED, MATCH 0") }, true},
		{"a stranger in the officer's name", func(t *testing.T, c *court) []byte {
			return c.reply(t, botAddress, "VERIFIED, MATCH 0", unproved)
		}, false},
		{"a stranger with the program's Message-ID", func(t *testing.T, c *court) []byte {
			return c.reply(t, botAddress, "VERIFIED, MATCH 0", unproved, set("Message-ID", "{id}"))
		}, false},
		{"a private mail with the word in it", func(t *testing.T, c *court) []byte {
			return c.reply(t, botAddress, "VERIFIED", set("In-Reply-To", ""), set("References", ""), set("Subject", "x"), body("VERIFIED\n"))
		}, false},
		{"the officer's out-of-office", func(t *testing.T, c *court) []byte {
			return c.reply(t, botAddress, "VERIFIED, MATCH 0", add("Auto-Submitted: auto-replied"))
		}, false},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			c := &court{trust: "server", s: ownStage(t)}
			before := len(c.s.mails)
			c.s.deliver(t, crlf("From: Matti Meikäläinen <"+personAddress+">\nTo: "+botAddress+"\nSubject: Omat tietoni\nMessage-ID: <own@example.net>\nContent-Type: text/plain; charset=utf-8\n\nMitä tietoja teillä on minusta?\n"))
			last, err := c.s.last()
			if err != nil {
				t.Fatal(err)
			}
			c.one.ref, c.other.ref = last.Ref, last.Ref
			for _, m := range c.s.mails[before:] {
				if m.To == botAddress {
					c.one.question, c.one.deputys, c.one.ack = m, m, m
					c.other.question = m
				}
			}
			if c.one.question.MessageID == "" {
				t.Fatal("no question went to the officer")
			}
			sent := c.s.deliver(t, row.raw(t, c))
			if acted := c.s.stateOf(t, c.one.ref) == workflow.Answered; acted != row.acts {
				t.Errorf("acted: got %v, want %v\n%s", acted, row.acts, outgoing(sent))
			}
			if got := c.s.cases(t); got != 1 {
				t.Errorf("cases: got %d, want 1", got)
			}
			for _, m := range sent {
				if m.To != botAddress && m.To != deputyAddress && !(row.acts && m.To == personAddress) {
					t.Errorf("a mail went to somebody else: %s", m.Subject)
				}
			}
		})
	}
}

// ownStage is a stage whose mailbox is the officer's own.
func ownStage(t *testing.T) *stage {
	t.Helper()
	dir := t.TempDir()
	furnishTrust(t, dir, "server")
	file := filepath.Join(dir, "dpobot.yaml")
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	data = bytes.ReplaceAll(data, []byte(officerAddress), []byte(botAddress))
	if strings.Count(string(data), botAddress) < 2 {
		t.Fatal("the stage's configuration has another form than this test expects")
	}
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := newStage(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.store.Close() })
	return s
}
