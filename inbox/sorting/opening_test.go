package sorting

import "testing"

// A company's disclaimer in another language, longer than what the person wrote, changes
// neither what they ask nor the language they are answered in.
func TestADisclaimerInAnotherLanguage(t *testing.T) {
	s, err := New()
	if err != nil {
		t.Fatal(err)
	}
	const footer = "\n\nThis e-mail and any attachments are confidential and intended solely for the use of the individual or entity to whom " +
		"they are addressed. If you are not the intended recipient please notify the sender immediately and delete this message. " +
		"Any views expressed in this message are those of the sender and do not represent the company."
	rows := []struct {
		name, subject, text, lang string
		kind                      Kind
	}{
		{"Finnish access", "Omat tiedot", "Hei,\n\nhaluaisin tietää, mitä tietoja teillä on minusta.\n\nMatti", "fi", Access},
		{"Swedish erasure", "Mina uppgifter", "Hej,\n\njag vill att ni raderar alla mina uppgifter.\n\nSofia", "sv", Erasure},
		{"German access", "Auskunft", "Guten Tag,\n\nbitte teilen Sie mir mit, welche Daten Sie über mich gespeichert haben.\n\nUte", "de", Access},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			got := s.Sort(row.subject, row.text+footer)
			if got.Kind != row.kind || got.Lang != row.lang {
				t.Errorf("got %s in %q, want %s in %q", got.Kind, got.Lang, row.kind, row.lang)
			}
		})
	}
	if got := s.Sort("Meeting", "See you on Thursday at ten."+footer); got.Kind != None {
		t.Errorf("a disclaimer alone: got %s", got.Kind)
	}
}
