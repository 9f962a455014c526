package main

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"dpobot/inbox"
	"dpobot/responders"
	"dpobot/workflow"
)

// digest lets a morning come and takes the digest for the question that is answered.
func (c *court) digest(t *testing.T) {
	t.Helper()
	before := len(c.s.mails)
	c.s.pass(24 * time.Hour)
	if err := c.s.work(); err != nil {
		t.Fatal(err)
	}
	for _, m := range c.s.mails[before:] {
		if strings.HasPrefix(m.MessageID, "desk.") && m.To == officerAddress {
			c.one.question = m
			return
		}
	}
	t.Fatalf("no digest came:\n%s", outgoing(c.s.mails[before:]))
}

// reply is an honest answer of a handler's to the question.
func (c *court) reply(t *testing.T, from, word string, edits ...edit) []byte {
	t.Helper()
	d := c.honest()
	set("From", from)(d)
	set("Message-ID", "<"+c.s.clock().Format("150405.000")+"."+strings.Map(idLetter, word)+"@"+ownDomain+">")(d)
	text(word)(d)
	for _, e := range edits {
		e(d)
	}
	return d.build(t)
}

func idLetter(r rune) rune {
	if 'A' <= r && r <= 'Z' || 'a' <= r && r <= 'z' || '0' <= r && r <= '9' {
		return r
	}
	return '.'
}

// Some mails are forgeries only because of what came before.
func TestTrustSequences(t *testing.T) {
	rows := []struct {
		name string
		run  func(t *testing.T, c *court) (forged []byte)
	}{
		{"the same mail delivered again", func(t *testing.T, c *court) []byte {
			raw := c.reply(t, officerAddress, "VERIFIED, MATCH 0")
			c.s.deliver(t, raw)
			return raw
		}},
		{"replayed with a new Message-ID", func(t *testing.T, c *court) []byte {
			raw := c.reply(t, officerAddress, "VERIFIED, MATCH 0", unsignedID)
			c.s.deliver(t, raw)
			return []byte(strings.Replace(string(raw), "Message-ID: <", "Message-ID: <again.", 1))
		}},
		{"replayed with a Received more", func(t *testing.T, c *court) []byte {
			raw := c.reply(t, officerAddress, "VERIFIED, MATCH 0")
			c.s.deliver(t, raw)
			return append([]byte("X-Other: 1\r\n"), raw...)
		}},
		{"replayed after STOP", func(t *testing.T, c *court) []byte {
			raw := c.reply(t, officerAddress, "KIND erasure")
			c.s.deliver(t, raw)
			c.newest(t)
			verified := c.reply(t, officerAddress, "VERIFIED, MATCH 0", unsignedID)
			c.s.deliver(t, verified)
			c.newest(t)
			c.s.deliver(t, c.reply(t, officerAddress, "STOP"))
			return []byte(strings.Replace(string(verified), "Message-ID: <", "Message-ID: <again.", 1))
		}},
		{"replayed with blanks added", func(t *testing.T, c *court) []byte {
			raw := c.reply(t, officerAddress, "NOTE soitin", unsignedID)
			c.s.deliver(t, raw)
			again := strings.NewReplacer("Message-ID: <", "Message-ID:  <again.", "Date: ", "Date:   ", "NOTE soitin", "NOTE   soitin  ", "WHAT TO DO", "WHAT  TO  DO").Replace(string(raw))
			return []byte(again)
		}},
		{"an old word in a new thread", func(t *testing.T, c *court) []byte {
			written := c.s.clock()
			c.s.pass(48 * time.Hour)
			c.one = c.s.open(t, "late@posti.example", "Liisa Late") // asked after the word was written
			return c.reply(t, officerAddress, "VERIFIED, MATCH 0", set("Date", written.Format(time.RFC1123Z)))
		}},
		{"an old word for a new digest", func(t *testing.T, c *court) []byte {
			written := c.s.clock()
			c.digest(t)
			return c.reply(t, officerAddress, string(c.one.ref)+" VERIFIED, MATCH 0", set("Date", written.Format(time.RFC1123Z)))
		}},
		{"the secret of an older question", func(t *testing.T, c *court) []byte {
			old := c.reply(t, officerAddress, "RETRY")
			c.s.deliver(t, c.reply(t, officerAddress, "VERIFIED, MATCH 0"))
			return old
		}},
		{"the deputy decided before", func(t *testing.T, c *court) []byte {
			c.s.deliver(t, c.reply(t, deputyAddress, "VERIFIED, MATCH 0", set("In-Reply-To", "{deputy-id}"), set("References", "")))
			return c.reply(t, officerAddress, "VERIFIED, MATCH 0")
		}},
		{"a digest's secret for a case that it did not list", func(t *testing.T, c *court) []byte {
			c.digest(t)
			digest := c.one.question
			c.s.pass(time.Hour)
			c.one = c.s.open(t, "late@posti.example", "Liisa Late")
			c.one.question = digest
			return c.reply(t, officerAddress, string(c.one.ref)+" VERIFIED, MATCH 0")
		}},
		{"a digest's secret by another handler", func(t *testing.T, c *court) []byte {
			c.digest(t)
			return c.reply(t, deputyAddress, string(c.one.ref)+" VERIFIED, MATCH 0")
		}},
		{"a digest's secret spent by a decision", func(t *testing.T, c *court) []byte {
			question := c.one.question
			c.digest(t)
			digest := c.one.question
			c.one.question = question
			c.s.pass(time.Hour)
			c.s.deliver(t, c.reply(t, officerAddress, "VERIFIED, MATCH 0"))
			c.one.question = digest
			return c.reply(t, officerAddress, string(c.one.ref)+" RETRY")
		}},
		{"a digest's secret without a reference", func(t *testing.T, c *court) []byte {
			c.digest(t)
			return c.reply(t, officerAddress, "VERIFIED")
		}},
		{"a case's secret for another case", func(t *testing.T, c *court) []byte {
			return c.reply(t, officerAddress, string(c.other.ref)+" VERIFIED, MATCH 0")
		}},
		{"a bounce that quotes the word", func(t *testing.T, c *court) []byte {
			return crlf("Return-Path: <>\nFrom: MAILER-DAEMON@attacker.example\nTo: " + botAddress + "\nSubject: Undelivered Mail\nMIME-Version: 1.0\nIn-Reply-To: <" + c.one.question.MessageID + ">\n" +
				"Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: text/plain\n\nVERIFIED\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\nFinal-Recipient: rfc822; x@attacker.example\nAction: failed\nStatus: 5.1.1\n--b--\n")
		}},
	}
	for _, trust := range trusts {
		for _, row := range rows {
			t.Run(trust+"/"+row.name, func(t *testing.T) {
				c := &court{trust: trust}
				c.session(t, t)
				forged := row.run(t, c)
				before, notes := c.s.state(t), c.notes(t)
				sent := c.s.deliver(t, forged)
				if after := c.s.state(t); after != before || c.notes(t) != notes {
					t.Errorf("a forged word changed something:\nbefore %s\nafter  %s", before, after)
				}
				for _, m := range sent {
					if !isHandler(m) {
						t.Errorf("a forged word made a mail go out: %s", m.Subject)
					}
				}
			})
		}
	}
}

// notes counts those in the case.
func (c *court) notes(t *testing.T) int {
	t.Helper()
	got, err := c.s.store.Load(t.Context(), c.one.ref)
	if err != nil {
		t.Fatal(err)
	}
	return len(got.Notes)
}

// newest takes the newest mail of the case to the officer for the question that is answered.
func (c *court) newest(t *testing.T) {
	t.Helper()
	for n := len(c.s.mails) - 1; n >= 0; n-- {
		if m := c.s.mails[n]; m.To == officerAddress && strings.HasPrefix(m.MessageID, strings.ToLower(string(c.one.ref))) {
			c.one.question = m
			return
		}
	}
	t.Fatal("the officer had no mail of the case")
}

// unsignedID is a mail whose signature leaves out its Message-ID, as many a provider's does.
func unsignedID(d *draft) { d.openID = true }

// A thousand rounds with a responder that sets no mark of an automatic mail: a few mails go to it, whatever subject,
// thread and address it writes under, and a restart does not begin the count anew.
func TestTrustPingPong(t *testing.T) {
	rows := []struct {
		name   string
		author func(round int) string
		thread bool
		rounds int
		most   int // mails to the responder
	}{
		{"one address, in thread", func(int) string { return "ping@attacker.example" }, true, 1000, 4},
		{"one address, new threads", func(int) string { return "ping@attacker.example" }, false, 1000, 4},
		{"three addresses", func(n int) string { return string(rune('a'+n%3)) + "@attacker.example" }, false, 1000, 12},
		{"an address for every mail, in thread", manyAddresses, true, 1000, 4},
		{"an address for every mail", manyAddresses, false, 400, 300},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			s := trustStage(t, "server")
			last := ""
			toIt := map[string]int{}
			total, toHandlers := 0, 0
			for round := range row.rounds {
				from := row.author(round)
				reference := ""
				if row.thread && last != "" {
					reference = "In-Reply-To: <" + last + ">\nReferences: <" + last + ">\n"
				}
				stamp := s.clock().Format("020150405.000000") + "." + strings.Repeat("r", round%7)
				sent := s.deliver(t, crlf("From: Ping <"+from+">\nTo: "+botAddress+"\nSubject: Omat tietoni "+stamp+"\nDate: "+s.clock().Format(time.RFC1123Z)+"\nMessage-ID: <"+stamp+"."+from+">\n"+reference+
					"MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\nMitä tietoja teillä on minusta? "+stamp+"\n"))
				for _, m := range sent {
					if isHandler(m) {
						toHandlers++
						continue
					}
					toIt[m.To.Reveal()]++
					total++
					last = m.MessageID
				}
				s.pass(time.Second)
				if round == row.rounds/2 {
					s.restart(t)
				}
			}
			for to, n := range toIt {
				if n > 4 {
					t.Errorf("%d mails went to one of the responder's addresses (%s)", n, to)
				}
			}
			if total == 0 || total > row.most {
				t.Errorf("mails to the responder: got %d, want 1 to %d", total, row.most)
			}
			t.Logf("%-37s %d rounds: %d mails to the responder, %d to handlers, %d cases", row.name, row.rounds, total, toHandlers, s.cases(t))
		})
	}
}

// restart is another process on the same Redis.
func (s *stage) restart(t testing.TB) {
	t.Helper()
	logger := slog.New(slog.NewJSONHandler(&s.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	stamps := workflow.NewStamps(bytes.Repeat([]byte{7}, 32), workflow.Address(s.cfg.Mailbox.Address))
	sorter, err := sharedSorter()
	if err != nil {
		t.Fatal(err)
	}
	judge, err := judgeWith(s.cfg, stamps, sorter)
	if err != nil {
		t.Fatal(err)
	}
	letters, err := lettersOf(s.cfg)
	if err != nil {
		t.Fatal(err)
	}
	regs, err := openRegisters(s.cfg)
	if err != nil {
		t.Fatal(err)
	}
	s.engine = workflow.NewEngine(s.store, rulesOf(s.cfg), stamps, limitsOf(s.cfg), s.clock, logger)
	s.intake = inbox.NewIntake(s.engine, judge, readingLimits(s.cfg), logger)
	s.responder = responders.New(s.engine, stamps, letters, s, nil, regs, companyOf(s.cfg), logger)
}

func manyAddresses(n int) string { return fmt.Sprintf("ping%d@attacker.example", n) }
