package templates

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"dpobot/workflow"
)

// date is a day in the language's own form: "5.3.2026", "den 5 mars 2026", "5 March 2026".
func (l *language) date(v any) (string, error) { return l.written("date", v) }

// day is likewise with its weekday.
func (l *language) day(v any) (string, error) { return l.written("day", v) }

// moment is a day with the time of the day in the time's own zone.
func (l *language) moment(t time.Time) (string, error) { return l.written("moment", t) }

// written fills in a form of words.yaml, in which {day}, {month}, {number}, {year},
// {weekday} and {time} stand for the parts. A day that is none is "".
func (l *language) written(form string, v any) (string, error) {
	var d workflow.Date
	clock := ""
	switch v := v.(type) {
	case workflow.Date:
		d = v
	case time.Time:
		if !v.IsZero() {
			d = workflow.DateOf(v, v.Location())
			clock = v.Format(l.words["form"]["time"])
		}
	default:
		return "", fmt.Errorf("%T is no date", v)
	}
	if d.IsZero() {
		return "", nil
	}
	return strings.NewReplacer(
		"{day}", strconv.Itoa(d.Day), "{number}", strconv.Itoa(int(d.Month)), "{year}", strconv.Itoa(d.Year),
		"{month}", l.words["month"][strconv.Itoa(int(d.Month))],
		"{weekday}", l.words["weekday"][strconv.Itoa(int(d.Weekday()))],
		"{time}", clock,
	).Replace(l.words["form"][form]), nil
}
