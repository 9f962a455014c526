package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"dpobot/responders/post"
)

// The acknowledgement tells nobody whether an address is in a register: a customer's and a stranger's are alike to
// the byte but for the reference and the dates.
func TestTrustNoOracle(t *testing.T) {
	requests := []struct{ name, subject, text string }{
		{"access, fi", "Omat tietoni", "Hei,\n\nhaluaisin tietää, mitä tietoja teillä on minusta.\n"},
		{"access, sv", "Mina uppgifter", "Hej,\n\njag vill veta vilka uppgifter ni har om mig.\n"},
		{"access, en", "My data", "Hello,\n\nplease send me a copy of the data that you hold about me.\n"},
		{"erasure, fi", "Tietojen poistaminen", "Hei,\n\npoistakaa kaikki tietoni rekisteristänne.\n"},
		{"change, fi", "Osoitteen muutos", "Hei,\n\nolen muuttanut. Uusi osoitteeni on Uusikatu 1, 00200 Helsinki. Korjatkaa se rekisteriinne.\n"},
		{"marketing, fi", "Uutiskirje", "Hei,\n\nkiellän tietojeni käytön suoramarkkinointiin.\n"},
		{"asked for urgently", "KIIRE", "Hei,\n\nhaluan heti tietää, mitä tietoja teillä on minusta, lähettäkää tänään!\n"},
	}
	for _, r := range requests {
		t.Run(r.name, func(t *testing.T) {
			s := trustStage(t, "server")
			customer := s.toPerson(t, personAddress, r.subject, r.text)
			stranger := s.toPerson(t, "nobody@nowhere.example", r.subject, r.text)
			if len(customer) == 0 || len(customer) != len(stranger) {
				t.Fatalf("mails to the customer %d, to the stranger %d; want as many, and some", len(customer), len(stranger))
			}
			for i := range customer {
				if customer[i] != stranger[i] {
					t.Errorf("mail %d differs:\n--- customer\n%s\n--- stranger\n%s", i+1, customer[i], stranger[i])
				}
			}
		})
	}
}

// toPerson delivers a request and returns the mails to its author, all of what they show, with the reference, the
// address and the identifiers made the same.
func (s *stage) toPerson(t *testing.T, from, subject, text string) []string {
	t.Helper()
	sent := s.deliver(t, crlf("From: Matti Meikäläinen <"+from+">\nTo: "+botAddress+"\nSubject: "+subject+"\nDate: "+s.clock().Format(time.RFC1123Z)+
		"\nMessage-ID: <ask@"+from+">\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"+text))
	c, err := s.last()
	if err != nil {
		t.Fatal(err)
	}
	same := strings.NewReplacer(string(c.Ref), "REF", strings.ToLower(string(c.Ref)), "REF", "ask@"+from, "ASK", from, "PERSON")
	var all []string
	for _, m := range sent {
		if m.To.Reveal() == from {
			all = append(all, same.Replace(shown(m)))
		}
	}
	return all
}

// shown is everything that a mail's recipient can see of it, but for the keyed part of its Message-ID.
func shown(m post.Mail) string {
	local, domain, _ := strings.Cut(m.MessageID, "@")
	local = local[:strings.LastIndexByte(local, '.')]
	files := slices.Collect(func(yield func(string) bool) {
		for _, f := range m.Files {
			if !yield(fmt.Sprintf("%s %s %d", f.Name, f.Type, len(f.Data))) {
				return
			}
		}
	})
	return fmt.Sprintf("%s %s %s %s %s %s@%s %s %q %s %q\n%s\n%s\n%s", m.FromName, m.From.Reveal(), m.To.Reveal(), m.ToName, m.ReplyTo.Reveal(),
		local, domain, m.InReplyTo, m.References, m.Submitted, files, m.Subject, m.Text, m.HTML)
}
