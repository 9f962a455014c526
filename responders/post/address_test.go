package post

import (
	"bytes"
	"net/mail"
	"testing"

	"dpobot/workflow"
)

// Whatever a person calls themselves, their mail has one recipient: the one that the task names.
func TestOneRecipient(t *testing.T) {
	const to = "person@home.example"
	for _, name := range []string{
		`a" <victim@attacker.example>, "b`, `a, b <victim@attacker.example>, "c`, `x" <victim@attacker.example>`, `"`, `\`, `\"`, `a\" <v@x.example>, "`,
		"=?utf-8?q?victim=40attacker.example=2C_?=", "Matti; victim@attacker.example", "(", ")", "<victim@attacker.example>", "Matti Meikäläinen, \"x\"", "\r\nBcc: victim@attacker.example", "",
	} {
		m := letter()
		m.To, m.ToName, m.FromName = to, name, name
		msg, err := m.message()
		if err != nil {
			t.Errorf("name %q: %v", name, err)
			continue
		}
		got, err := msg.GetRecipients()
		if err != nil || len(got) != 1 || got[0] != "<"+to+">" {
			t.Errorf("name %q: got recipients %q (%v), want %s alone", name, got, err, to)
		}
		var raw bytes.Buffer
		if _, err := msg.WriteTo(&raw); err != nil {
			t.Fatal(err)
		}
		parsed, err := mail.ReadMessage(&raw)
		if err != nil {
			t.Fatal(err)
		}
		for _, field := range []string{"To", "From"} {
			if list, err := parsed.Header.AddressList(field); err != nil || len(list) != 1 {
				t.Errorf("name %q: %s: got %v (%v), want one address", name, field, list, err)
			}
		}
	}
}

// An address that is more than one address is refused rather than read.
func TestNoSecondAddress(t *testing.T) {
	for _, to := range []workflow.Address{"a@b.example, c@d.example", "x <a@b.example>", "<a@b.example>", "g:a@b.example;", "a@b.example\r\nBcc: c@d.example", "", "a@b.example (c)"} {
		m := letter()
		m.To = to
		if _, err := m.message(); err == nil {
			t.Errorf("address %q: got a mail, want an error", to.Reveal())
		}
	}
}
