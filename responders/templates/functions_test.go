package templates

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"dpobot/responders/letter"
	"dpobot/workflow"
)

// render fills in a template of one line in the language.
func render(t *testing.T, lang, source string, view any) (string, error) {
	t.Helper()
	s, err := Load(fstest.MapFS{lang + "/ask.txt": {Data: []byte("Subject: x\n\n" + source)}})
	if err != nil {
		t.Fatal(err)
	}
	l, err := s.Letter(lang, "ask", view)
	return strings.TrimSpace(l.Text()), err
}

func TestFunctions(t *testing.T) {
	due := workflow.Date{Year: 2026, Month: time.March, Day: 5}
	moment := time.Date(2026, 3, 5, 14, 5, 0, 0, time.UTC)
	kinds := []workflow.Kind{workflow.Access, workflow.Change, workflow.Erasure}
	long := letter.Outside(strings.Repeat("äö ", 50))
	tests := []struct {
		name, lang, source string
		view               any
		want               string
	}{
		{"date in English", "en", "{{date .}}", due, "5 March 2026"},
		{"date in Finnish", "fi", "{{date .}}", due, "5.3.2026"},
		{"date in Swedish", "sv", "{{date .}}", due, "den 5 mars 2026"},
		{"day in English", "en", "{{day .}}", due, "Thursday 5 March 2026"},
		{"day in Finnish", "fi", "{{day .}}", due, "torstaina 5.3.2026"},
		{"day in Swedish", "sv", "{{day .}}", due, "torsdag den 5 mars 2026"},
		{"moment in English", "en", "{{moment .}}", moment, "5 March 2026 at 14:05"},
		{"moment in Finnish", "fi", "{{moment .}}", moment, "5.3.2026 klo 14.05"},
		{"moment in Swedish", "sv", "{{moment .}}", moment, "den 5 mars 2026 kl. 14.05"},
		{"date of a moment", "fi", "{{date .}}", moment, "5.3.2026"},
		{"no date", "fi", "<{{date .}}>", workflow.Date{}, "<>"},
		{"no moment", "fi", "<{{moment .}}>", time.Time{}, "<>"},
		{"one", "en", `{{count "day" .}}`, 1, "1 day"},
		{"none", "en", `{{count "day" .}}`, 0, "0 days"},
		{"many", "fi", `{{count "day" (neg .)}}`, -3, "3 päivää"},
		{"one kind", "en", `{{list "kind" .}}`, kinds[:1], "access to data"},
		{"two kinds", "sv", `{{list "kind" .}}`, kinds[:2], "tillgång till uppgifter och rättelse av uppgifter"},
		{"three kinds", "en", `{{list "kind" .}}`, kinds, "access to data, correction of data and erasure of data"},
		{"has", "en", `{{has . "erasure"}} {{has . "other"}}`, kinds, "true false"},
		{"join", "en", `{{join .}}`, []string{"Name", "Street"}, "Name, Street"},
		{"last", "en", `{{last .}}`, kinds, "erasure"},
		{"line", "en", `{{line .}}`, letter.Outside(" a\r\nb\t c "), "a b c"},
		{"a long line is cut", "en", `{{len (printf "%s" (line .)) | lt 60}}`, long, "true"},
		{"a bounce", "en", `{{why .}}`, "bounced 5.1.1", "there is no such mailbox (5.1.1)"},
		{"a bounce of which the subject is known", "fi", `{{why .}}`, "send: 5.2.99", "postilaatikossa on vikaa (5.2.99)"},
		{"a bounce of an unknown subject", "sv", `{{why .}}`, "bounced 5.0.0", "den mottagande servern avvisar meddelandet (5.0.0)"},
		{"a failure with words", "en", `{{why .}}`, "it was done before the word STOP came", "It was done before your “STOP” arrived."},
		{"a cause in a register", "sv", `{{why .}}`, "read customers: it was done before the word STOP came", "customers: Det gjordes innan ditt ”STOPP” kom fram."},
		{"a cause in what was wrapped twice", "fi", `{{why .}}`, "fill in the template fi/answer: a mistake of the program or of a template; dpobot check may say more", "Ohjelmassa tai viestipohjassa on virhe. Palvelimella ”dpobot check” voi\nkertoa enemmän."},
		{"a failure without", "fi", `{{why .}}`, "change customers: # oddly", "change customers: # oddly"},
		{"a month before it is due", "en", `{{near .}}`, 30, "0"},
		{"half a month before", "en", `{{near .}}`, 15, "48"},
		{"on the day", "en", `{{near .}}`, 0, "96"},
		{"overdue", "en", `{{near .}}`, -1, "100"},
		{"long overdue", "en", `{{near .}}`, -400, "100"},
		{"extended", "en", `{{near .}}`, 90, "0"},
		{"markup in a title", "en", `{{outside .}}`, "# x", "# x"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := render(t, tt.lang, tt.source, tt.view)
			if err != nil {
				t.Fatal(err)
			}
			if got != tt.want {
				t.Errorf("%s = %q, want %q", tt.source, got, tt.want)
			}
		})
	}
}

func TestFunctionsRefuse(t *testing.T) {
	tests := []struct {
		name, source string
		view         any
	}{
		{"a word of what came from outside", `{{word "kind" .}}`, letter.Outside("access")},
		{"a word of a number", `{{word "kind" .}}`, 3},
		{"a list of one", `{{list "kind" .}}`, "access"},
		{"has in no list", `{{has . "x"}}`, "x"},
		{"the last of none", `{{last .}}`, []string{}},
		{"the date of a text", `{{date .}}`, "5.3.2026"},
		{"a number as text", `{{outside .}}`, 3},
		{"a number on a line", `{{line .}}`, 3},
		{"a field that is none", `{{.Nope}}`, struct{ Ref string }{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := render(t, "en", tt.source, tt.view)
			if err == nil {
				t.Fatalf("%s = %q, want an error", tt.source, got)
			}
			if !strings.Contains(err.Error(), "en/ask.txt:3") {
				t.Errorf("error %q does not name file and line", err)
			}
		})
	}
}
