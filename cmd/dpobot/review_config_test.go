package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dpobot/config"
	"dpobot/responders"
)

// tuned is the stage's configuration with something more in it.
func tuned(t *testing.T, old, added, end string) *config.Config {
	t.Helper()
	dir := t.TempDir()
	if err := furnish(dir); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "dpobot.yaml")
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Replace(string(data), old, old+added, 1) + end
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	cfg, err := config.Load(file)
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

func TestWhatIsConfiguredIsUsed(t *testing.T) {
	c := companyOf(tuned(t, "  address: "+botAddress, "\n  name: Power Competence / tietosuoja", ""))
	if got, want := c.MailName, "Power Competence / tietosuoja"; got != want {
		t.Errorf("mailbox.name: got %q, want %q", got, want)
	}
	c = companyOf(tuned(t, "notice:", "\n  officer: {name: Tiina Turva, phone: '+358 9 123', email: dpo@powercompetence.example}", ""))
	if got, want := c.Officer, (responders.Officer{Name: "Tiina Turva", Contact: "Tiina Turva, +358 9 123, dpo@powercompetence.example"}); got != want {
		t.Errorf("notice.officer: got %q, want %q", got, want)
	}
	plain := companyOf(tuned(t, "", "", ""))
	if plain.MailName != plain.Controller.Name || plain.Officer.Name != plain.Handlers[0].Name {
		t.Errorf("without them: got %q and %q, want the controller and the first handler", plain.MailName, plain.Officer.Name)
	}
	if got := limitsOf(tuned(t, "", "", "limits: {per_case: 2}\n")).AcknowledgementsPerCase; got != 2 {
		t.Errorf("limits.per_case: got %d, want 2", got)
	}
}
