package templates_test

import (
	"testing"
	"time"

	"dpobot/workflow"
)

// TestHolidaysHaveWords: whatever the calendar gives as the reason of a moved due date is said in each language.
func TestHolidaysHaveWords(t *testing.T) {
	s := load(t)
	for _, country := range workflow.Countries() {
		c := workflow.Calendar{Country: country, Eves: true}
		for d := (workflow.Date{Year: 2022, Month: time.January, Day: 1}); d.Year < 2028; d = d.AddDays(1) {
			name := c.Closed(d)
			if name == "" {
				continue
			}
			for _, lang := range []string{"fi", "sv"} {
				if got := s.Word(lang, "holiday", name); got == name {
					t.Errorf("%s, %s: no word for %q in %s", country, d, name, lang)
				}
			}
		}
	}
}
