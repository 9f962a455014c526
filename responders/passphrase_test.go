package responders

import (
	"crypto/rand"
	"strings"
	"testing"

	"dpobot/responders/export"
	"dpobot/responders/templates"
	"dpobot/workflow"
)

// The mails say how the passphrase is typed: as it is made, or nobody can open the answer.
func TestTheMailsSayHowThePassphraseIsTyped(t *testing.T) {
	set, err := templates.Load(nil)
	if err != nil {
		t.Fatal(err)
	}
	for lang, hyphen := range map[string]string{"en": "hyphen (-)", "fi": "yhdysmerkki (-)", "sv": "bindestreck (-)"} {
		phrase := export.Passphrase(lang, passphraseWords, rand.Reader)
		if strings.Count(phrase, "-") != passphraseWords-1 || strings.ContainsAny(phrase, " \t") || strings.ToLower(phrase) != phrase {
			t.Errorf("%s: the passphrase is not six words in small letters with hyphens", lang)
		}
		for _, action := range []workflow.Action{workflow.Answer, workflow.CaseMail} {
			l, err := set.Letter(lang, string(action), Example(lang, action))
			if err != nil {
				t.Fatal(err)
			}
			if text := strings.Join(strings.Fields(l.Text()), " "); !strings.Contains(text, hyphen) {
				t.Errorf("%s/%s does not say that the words have a hyphen between them", lang, action)
			}
		}
	}
}
