package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestInitLoads(t *testing.T) {
	for _, row := range []struct {
		name    string
		answers Answers
		imap    string
		imapSec Security
		smtp    string
		smtpSec Security
	}{
		{
			name:    "hosts alone",
			answers: Answers{"Power Competence Oy", "FI", "tietosuoja@example.org", "mail.example.org", "mail.example.org", "Pauli Vuorio", "pauli@example.org", "fi"},
			imap:    "mail.example.org:993", imapSec: ImplicitTLS, smtp: "mail.example.org:465", smtpSec: ImplicitTLS,
		},
		{
			name:    "ports of STARTTLS, the officer's own mailbox, odd characters",
			answers: Answers{`Åkes "Bar" ${HOME} # & Co: Ab`, "se", "ake/1@example.org", "imap.example.org:143", "smtp.example.org:587", `Åke "The" Åkesson`, "ake/1@example.org", "SV"},
			imap:    "imap.example.org:143", imapSec: UpgradedTLS, smtp: "smtp.example.org:587", smtpSec: UpgradedTLS,
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			if wrong := row.answers.Check(); len(wrong) > 0 {
				t.Fatalf("answers: got %v, want nothing wrong", wrong)
			}
			file := filepath.Join(folder(t, "imap.password", "smtp.password", "customers.csv"), "dpobot.yaml")
			if err := os.WriteFile(file, Init(row.answers), 0o600); err != nil {
				t.Fatal(err)
			}
			c, err := Load(file)
			if err != nil {
				t.Fatal(err)
			}
			if c.Controller.Name != row.answers.Controller || c.Handlers[0].Name != row.answers.OfficerName {
				t.Errorf("names: got %q, %q", c.Controller.Name, c.Handlers[0].Name)
			}
			if got := c.Mailbox.IMAP; got.URL.Addr() != row.imap || got.Security != row.imapSec || got.URL.User != row.answers.Mailbox {
				t.Errorf("imap: got %s, %s, want %s, %s", got.URL.Addr(), got.Security, row.imap, row.imapSec)
			}
			if got := c.Mailbox.SMTP; got.URL.Addr() != row.smtp || got.Security != row.smtpSec {
				t.Errorf("smtp: got %s, %s, want %s, %s", got.URL.Addr(), got.Security, row.smtp, row.smtpSec)
			}
			if got, want := string(c.Controller.Languages[0]), strings.ToLower(row.answers.Language); got != want {
				t.Errorf("first language: got %s, want %s", got, want)
			}
		})
	}
}

func TestAnswersAreChecked(t *testing.T) {
	wrong := Answers{Country: "XX", Mailbox: "nobody", IMAPHost: "", SMTPHost: "a b", OfficerAddress: "@", Language: "de"}.Check()
	for _, field := range []string{"Controller", "Country", "Mailbox", "IMAPHost", "SMTPHost", "OfficerName", "OfficerAddress", "Language"} {
		if wrong[field] == "" {
			t.Errorf("%s: got no complaint", field)
		}
	}
}
