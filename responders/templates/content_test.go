package templates_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"dpobot/responders"
	"dpobot/responders/letter"
	"dpobot/responders/templates"
	"dpobot/workflow"
)

func text(t *testing.T, s *templates.Set, lang string, action workflow.Action, view responders.View) string {
	t.Helper()
	l, err := s.Letter(lang, string(action), view)
	if err != nil {
		t.Fatal(err)
	}
	return l.Subject + "\n" + l.Text()
}

// TestAPersonsMailTellsNothing: nothing that the registers or the handlers know shows in
// a mail to a person, so a stranger gets the same as a customer.
func TestAPersonsMailTellsNothing(t *testing.T) {
	s := load(t)
	for _, lang := range languages {
		for _, e := range examples(s, lang) {
			if e.action.Audience() != workflow.ToPerson {
				continue
			}
			want := text(t, s, lang, e.action, e.view)
			v := e.view
			handlersView(lang, &v)
			v.Matches = v.Registers
			v.Warnings = []workflow.Warning{workflow.NoMatch, workflow.DMARCFailed}
			v.Unasked, v.Problem = []string{"Payroll"}, "too large"
			v.Notes = []responders.NoteView{{Text: "rang twice"}}
			v.Failed = []responders.FailedView{{Action: workflow.Answer, Why: "bounced 5.1.1"}}
			if got := text(t, s, lang, e.action, v); got != want {
				t.Errorf("%s shows what is for handlers alone:\n%s\nwant:\n%s", e.file(lang), got, want)
			}
		}
	}
}

// TestMailsTellTheirDates: a mail about a case always carries its dates.
func TestMailsTellTheirDates(t *testing.T) {
	s := load(t)
	for _, lang := range languages {
		received := pick(lang, "5 March 2026", "5.3.2026", "den 5 mars 2026")
		for _, e := range examples(s, lang) {
			due := pick(lang, "7 April 2026", "7.4.2026", "den 7 april 2026")
			if e.view.Due != on(4, 7) {
				due = pick(lang, "5 June 2026", "5.6.2026", "den 5 juni 2026")
			}
			switch e.action {
			case workflow.DigestMail, workflow.RefusedNotice, workflow.HelpMail, workflow.TellRecipient, workflow.KeeperMail, workflow.KeeperStop:
				continue // of no single case, or to others
			}
			got := strings.Join(strings.Fields(text(t, s, lang, e.action, e.view)), " ")
			if !strings.Contains(got, received) {
				t.Errorf("%s does not tell the day of receipt, %s:\n%s", e.file(lang), received, got)
			}
			switch e.action {
			case workflow.Answer, workflow.ConfirmChange, workflow.ConfirmErasure, workflow.ConfirmOther, workflow.Refusing, workflow.Closing:
				continue // what is due has been done
			}
			if !strings.Contains(got, due) {
				t.Errorf("%s does not tell the due day, %s:\n%s", e.file(lang), due, got)
			}
		}
	}
}

// TestWhomToComplainTo: Art. 12(4) and 13(2)(d) GDPR.
func TestWhomToComplainTo(t *testing.T) {
	s := load(t)
	for _, lang := range languages {
		court := pick(lang, "court", "tuomioistuim", "domstol")
		for _, e := range examples(s, lang) {
			got := text(t, s, lang, e.action, e.view)
			switch e.action {
			case workflow.Refusing, workflow.Extension, workflow.Answer, workflow.ConfirmChange, workflow.ConfirmErasure:
				if !strings.Contains(got, court) {
					t.Errorf("%s does not tell of the court:\n%s", e.file(lang), got)
				}
				fallthrough
			case workflow.Acknowledge, workflow.OtherWays, workflow.ConfirmOther, workflow.Closing:
				if !strings.Contains(got, e.view.Authority.Name) || !strings.Contains(got, e.view.Authority.Mail) {
					t.Errorf("%s does not tell of the authority:\n%s", e.file(lang), got)
				}
			}
		}
	}
}

// TestRefusalSpellsItsGround: in words, with the article, and the handler's own.
func TestRefusalSpellsItsGround(t *testing.T) {
	s := load(t)
	for _, lang := range languages {
		for _, reason := range workflow.Reasons {
			v := baseView(lang)
			v.Reason, v.Question = reason, "because of this"
			got := strings.Join(strings.Fields(text(t, s, lang, workflow.Refusing, v)), " ")
			for _, want := range []string{s.Word(lang, "ground", string(reason)), "because of this"} {
				if !strings.Contains(got, want) {
					t.Errorf("%s, %s: the refusal lacks %q:\n%s", lang, reason, want, got)
				}
			}
		}
	}
}

func TestLanguageFallsBack(t *testing.T) {
	s := load(t)
	if got, want := text(t, s, "de", workflow.Acknowledge, baseView("en")), text(t, s, "en", workflow.Acknowledge, baseView("en")); got != want {
		t.Errorf("a German mail is\n%s\nwant the English one:\n%s", got, want)
	}
}

// view is what a check shows the templates: the first example of each mail.
func view(s *templates.Set) func(lang, action string) any {
	first := map[string]responders.View{}
	for _, lang := range languages {
		for _, e := range examples(s, lang) {
			if key := lang + string(e.action); first[key].Ref == "" {
				first[key] = e.view
			}
		}
	}
	return func(lang, action string) any { return first[lang+action] }
}

func TestCheck(t *testing.T) {
	tests := []struct {
		name, source, want string // want: a part of the one fault; "" for none
	}{
		{"fine", "Subject: x {{.Ref}}\n\nfine {{.Greeting}}", ""},
		{"a field that no view has", "Subject: x\n\n{{.Shoesize}}", "fi/ask.txt:3"},
		{"a field that no item has", "Subject: x\n\n{{range .Items}}\n{{.Shoesize}}{{end}}", "fi/ask.txt:4"},
		{"no subject", "Hello", "fi/ask.txt"},
		{"an empty subject", "Subject: {{.Passphrase}}\n\nx", "fi/ask.txt:1"},
		{"a keyword alone", "Subject: x\n\nanswer\n\nVerified.", "keyword alone"},
		{"a keyword alone in a list of lines", "Subject: x\n\nanswer\\\nEj begäran\\\nor not", "keyword alone"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, err := templates.Load(fstest.MapFS{"fi/ask.txt": {Data: []byte(tt.source)}})
			if err != nil {
				t.Fatal(err)
			}
			faults := s.Check(view(s))
			switch {
			case tt.want == "" && len(faults) > 0:
				t.Errorf("Check found %v, want nothing", faults)
			case tt.want != "" && (len(faults) != 1 || !strings.Contains(faults[0].Error(), tt.want)):
				t.Errorf("Check found %v, want one fault with %q", faults, tt.want)
			}
		})
	}
}

// TestErrorsTellNothing: the error of a template may be logged, so it holds no value of
// the view.
func TestErrorsTellNothing(t *testing.T) {
	const secret = "Matti-Secret"
	v := filled(baseView("fi"), secret)
	v.Greeting, v.Passphrase = secret, secret
	for _, source := range []string{"{{word \"kind\" .Greeting}}", "{{date .Passphrase}}", "{{.Greeting.Nope}}", "{{list \"kind\" .Officer}}", "{{index .Items 99}}", "{{slice .Greeting 90}}"} {
		s, err := templates.Load(fstest.MapFS{"fi/ask.txt": {Data: []byte("Subject: x\n\n" + source)}})
		if err != nil {
			t.Fatal(err)
		}
		_, err = s.Letter("fi", string(workflow.AskPerson), v)
		if err == nil {
			t.Errorf("%s: no error", source)
		} else if strings.Contains(err.Error(), secret) {
			t.Errorf("%s: the error tells a value: %v", source, err)
		}
	}
}

// TestAMailIsNeverATemplate: what comes from outside is not filled in, not even where an
// operator's template calls it as markup.
func TestAMailIsNeverATemplate(t *testing.T) {
	s := load(t)
	v := baseView("en")
	v.Question = letter.Outside("{{.Passphrase}} {{define \"x\"}}")
	v.Passphrase = "never said"
	got := text(t, s, "en", workflow.AskPerson, v)
	if !strings.Contains(got, "{{.Passphrase}} {{define \"x\"}}") || strings.Contains(got, "never said") {
		t.Errorf("the question was not taken as it is:\n%s", got)
	}
}
