package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"dpobot/inbox/mailbox"
	"dpobot/responders/post"
)

// canaries are what a log must never hold of the people whose mails were read: names, addresses and telephone
// numbers of the registers and of the mails, and what the mails say.
func canaries(t *testing.T, mails [][]byte) []string {
	t.Helper()
	all := []string{
		"Meikäläinen", "Matti", "matti@", "Korhonen", "Kalle", "kalle@", "40 123 4567", "401234567", "050 999", "222 3333", "Mannerheimintie", "Koulukatu", "Aleksanterinkatu",
		"posti.example", "toinen.example", "example.net", officerAddress, deputyAddress, "Pauli", "Vuorio", "Sijainen",
	}
	for _, raw := range mails {
		if from := authorOf(raw); from != "" && !strings.HasSuffix(from, "powercompetence.example") {
			all = append(all, from)
		}
		_, text, _ := bytes.Cut(raw, []byte("\r\n\r\n"))
		for _, line := range strings.Split(string(text), "\r\n") {
			if line = strings.TrimSpace(line); len(line) > 14 {
				all = append(all, line)
			}
		}
		if subject := regexp.MustCompile(`(?m)^Subject: ([^\r]{10,})`).FindSubmatch(raw); subject != nil {
			all = append(all, string(subject[1]))
		}
	}
	return all
}

// scriptMails are the mails of the scripts.
func scriptMails(t *testing.T) [][]byte {
	t.Helper()
	files, err := filepath.Glob("testdata/script/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scripts (%v)", err)
	}
	var all [][]byte
	for _, name := range files {
		archive, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range archive.Files {
			if strings.HasSuffix(f.Name, ".eml") {
				all = append(all, crlf(string(f.Data)))
			}
		}
	}
	return all
}

// Nothing of a person comes into the log, at its most talkative, whatever goes wrong.
func TestTrustLog(t *testing.T) {
	mails := scriptMails(t)
	words := canaries(t, mails)
	rows := []struct {
		name  string
		spoil func(t *testing.T, s *stage, dir string)
	}{
		{"all is well", func(*testing.T, *stage, string) {}},
		{"mail refused for now", func(_ *testing.T, s *stage, _ string) { s.refuse, s.down = post.ErrTemporary, true }},
		{"mail refused for good", func(_ *testing.T, s *stage, _ string) { s.refuse, s.down = post.ErrPermanent, true }},
		{"mail with an unknown end", func(_ *testing.T, s *stage, _ string) { s.refuse, s.down = post.ErrUnknown, true }},
		{"a register is gone", func(t *testing.T, _ *stage, dir string) { replaceFile(t, filepath.Join(dir, "customers.db"), nil) }},
		{"a register is no register", func(t *testing.T, _ *stage, dir string) {
			replaceFile(t, filepath.Join(dir, "customers.db"), []byte(strings.Repeat("Matti Meikäläinen 040 123 4567 ", 500)))
			replaceFile(t, filepath.Join(dir, "newsletter.csv"), []byte("mail;name\n\"Matti Meikäläinen;matti@posti.example\n"))
		}},
		{"the store is gone", func(_ *testing.T, s *stage, _ string) { s.store.Server.SetError("LOADING Redis is loading") }},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			dir := t.TempDir()
			furnishTrust(t, dir, "secret")
			s, err := newStage(dir)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = s.store.Close() })
			s.readAll(t, mails[:2])
			row.spoil(t, s, dir)
			s.readAll(t, mails)
			s.readAll(t, answersOf(s, "VERIFIED, MATCH 0", "VERIFIED nonsense Matti", "SET email: matti@toinen.example", "NOTE Matti 040 123 4567", "XYZZY Meikäläinen"))
			for range 30 {
				s.pass(time.Hour)
				s.work() //nolint:errcheck // what fails is what this is about
			}
			s.leaks(t, words)
		})
	}
}

func replaceFile(t *testing.T, name string, data []byte) {
	t.Helper()
	if err := os.Remove(name); err != nil {
		t.Fatal(err)
	}
	if data != nil {
		if err := os.WriteFile(name, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// answersOf are the officer's replies, with each of the words, to the newest mail that they had.
func answersOf(s *stage, words ...string) [][]byte {
	var all [][]byte
	for _, word := range words {
		if m, err := s.question(officerAddress); err == nil {
			s.pass(time.Second)
			all = append(all, answer(officerAddress, m, word, s.clock()))
		}
	}
	return all
}

// readAll hands mails in, and logs what goes wrong with one as the mailbox does.
func (s *stage) readAll(t *testing.T, mails [][]byte) {
	t.Helper()
	for _, raw := range mails {
		s.uid++
		m := mailbox.Message{UIDValidity: 1, UID: s.uid, Size: int64(len(raw)), InternalDate: s.clock()}
		if _, err := s.intake.Read(t.Context(), m, bytes.NewReader(raw)); err != nil {
			s.log.WriteString(err.Error() + "\n")
			if _, err := s.intake.SetAside(t.Context(), m, err.Error()); err != nil {
				s.log.WriteString(err.Error() + "\n")
			}
		}
		if err := s.work(); err != nil {
			s.log.WriteString(err.Error() + "\n")
		}
	}
}

// leaks reports the canaries that stand in the log.
func (s *stage) leaks(t *testing.T, canaries []string) {
	t.Helper()
	log := s.log.String()
	if len(log) < 1000 {
		t.Fatalf("the log is too short to show anything: %d bytes", len(log))
	}
	for n, canary := range canaries {
		at := strings.Index(strings.ToLower(log), strings.ToLower(canary))
		if at < 0 {
			continue
		}
		start := strings.LastIndexByte(log[:at], '\n') + 1
		end := start + strings.IndexByte(log[start:], '\n')
		t.Errorf("canary %d (%q) stands in the log: %s", n, canary, log[start:end])
	}
	t.Logf("%d bytes of log, %d canaries, none found", len(log), len(canaries))
}

// Broken mail of every kind is logged without a word of it.
func TestTrustLogBroken(t *testing.T) {
	const name, address, phone = "Kanarialintu", "kanaria@lintu.example", "044 888 9999"
	said := name + " " + address + " " + phone + ": mitä tietoja teillä on minusta"
	head := "From: " + name + " <" + address + ">\nTo: " + botAddress + "\nSubject: " + said + "\n"
	mails := map[string]string{
		"no header end":      strings.TrimSuffix(head, "\n"),
		"no header":          said + "\n",
		"broken boundary":    head + "Content-Type: multipart/mixed; boundary=\"" + said + "\n\n" + said,
		"unknown charset":    head + "Content-Type: text/plain; charset=" + name + "\n\n" + said,
		"unknown encoding":   head + "Content-Transfer-Encoding: " + name + "\n\n" + said,
		"broken base64":      head + "Content-Transfer-Encoding: base64\n\n" + said,
		"broken type":        head + "Content-Type: " + said + "\n\n" + said,
		"control characters": head + "X: \x00\x1b[31m" + said + "\n\n\x00" + said,
		"deep":               head + deep(200, said),
		"odd date":           head + "Date: " + said + "\n\n" + said,
		"odd Message-ID":     head + "Message-ID: " + said + "\n\n" + said,
		"two senders":        head + "From: " + address + "\n\n" + said,
		"odd attachment":     head + "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\n" + said + "\n--b\nContent-Disposition: attachment; filename=\"" + said + "\"\n\nx\n--b--\n",
		"bounce":             "From: MAILER-DAEMON@x.example\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; " + name + "\n\nFinal-Recipient: rfc822; " + address + "\nAction: failed\nStatus: 5.1.1 " + said + "\nDiagnostic-Code: smtp; " + said + "\n--b--\n",
	}
	s := trustStage(t, "dkim")
	for _, raw := range mails {
		s.readAll(t, [][]byte{crlf(raw)})
	}
	s.leaks(t, []string{name, address, phone, "mitä tietoja"})
}

func deep(n int, text string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString("Content-Type: multipart/mixed; boundary=b" + strings.Repeat("x", i%9) + "\n\n--b" + strings.Repeat("x", i%9) + "\n")
	}
	return b.String() + "Content-Type: text/plain\n\n" + text
}
