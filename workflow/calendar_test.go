package workflow

import (
	"encoding/csv"
	"os"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func finland(t testing.TB) Calendar {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		t.Fatal(err)
	}
	return Calendar{Zone: zone, Country: "FI"}
}

func day(t testing.TB, s string) Date {
	t.Helper()
	d, err := ParseDate(s)
	if err != nil {
		t.Fatalf("date %q: %v", s, err)
	}
	return d
}

// The vectors that lie beside the repository must come out exactly.
func TestDeadlineVectors(t *testing.T) {
	f, err := os.Open("../../shared/deadlines.csv")
	if err != nil {
		t.Skip("../shared/deadlines.csv is not there: the shared vectors are skipped")
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows[1:] {
		t.Run(row[5], func(t *testing.T) {
			zone, err := time.LoadLocation(row[2])
			if err != nil {
				t.Fatal(err)
			}
			c := Calendar{Zone: zone, Country: row[1]}
			clock := c.Clock(receipt(t, row[0], zone))
			if got := clock.Due.String(); got != row[3] {
				t.Errorf("due of %s: got %s, want %s", row[0], got, row[3])
			}
			if got := c.Extended(clock.Received).String(); got != row[4] {
				t.Errorf("extended due of %s: got %s, want %s", row[0], got, row[4])
			}
			explained := c.Explain(clock.Received)
			if explained.Clock != clock || explained.ExtendedDue.String() != row[4] {
				t.Errorf("Explain disagrees: got %v and %v", explained.Clock, explained.ExtendedDue)
			}
		})
	}
}

func receipt(t *testing.T, s string, zone *time.Location) time.Time {
	t.Helper()
	if strings.Contains(s, "T") {
		at, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	return day(t, s).At(13, 0, zone)
}

func TestHolidays(t *testing.T) {
	rows := []struct{ country, date, want string }{
		{"FI", "2026-04-03", "Good Friday"},
		{"FI", "2026-06-20", "Midsummer Day"},
		{"FI", "2026-06-19", ""},
		{"FI", "2026-10-31", "All Saints' Day"},
		{"FI", "2027-05-06", "Ascension Day"},
		{"SE", "2026-06-06", "National Day"},
		{"SE", "2026-12-06", ""},
		{"EE", "2026-02-24", "Independence Day"},
		{"EE", "2026-04-06", ""},
		{"DE", "2026-10-03", "German Unity Day"},
		{"DE", "2026-05-25", "Whit Monday"},
		{"NO", "2026-05-17", "Constitution Day"},
		{"NO", "2026-04-02", "Maundy Thursday"},
		{"DK", "2023-05-05", "Great Prayer Day"},
		{"DK", "2026-05-01", ""},
		{"NL", "2026-04-27", "King's Day"},
		{"NL", "2025-04-26", "King's Day"},
		{"NL", "2025-04-27", ""},
		{"PL", "2025-12-24", "Christmas Eve"},
		{"PL", "2024-12-24", ""},
		{"IS", "2026-04-23", "First Day of Summer"},
		{"IE", "2026-02-02", "Saint Brigid's Day"},
		{"IE", "2030-02-01", "Saint Brigid's Day"},
		{"IE", "2026-10-26", "October holiday"},
	}
	for _, row := range rows {
		c := Calendar{Zone: time.UTC, Country: row.country}
		if got := c.Holiday(day(t, row.date)); got != row.want {
			t.Errorf("%s %s: got %q, want %q", row.country, row.date, got, row.want)
		}
	}
}

func TestEasterSunday(t *testing.T) {
	for _, want := range []string{"2024-03-31", "2025-04-20", "2026-04-05", "2027-03-28", "2028-04-16", "2038-04-25", "2285-03-22"} {
		d := day(t, want)
		if got := easterSunday(d.Year); got != d {
			t.Errorf("Easter %d: got %s, want %s", d.Year, got, want)
		}
	}
}

func TestEvesAndOwnHolidaysShift(t *testing.T) {
	c := finland(t)
	c.Eves = true
	if got, want := c.Due(day(t, "2026-05-19")).String(), "2026-06-22"; got != want {
		t.Errorf("with eves: got %s, want %s", got, want)
	}
	c.Eves = false
	c.Extra = map[Date]string{day(t, "2026-06-19"): "the firm is closed"}
	if got, want := c.Due(day(t, "2026-05-19")).String(), "2026-06-22"; got != want {
		t.Errorf("with an own holiday: got %s, want %s", got, want)
	}
}

// A later receipt is never due earlier, the due day is a working day, and never less
// than 28 days away.
func TestDueProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		country := rapid.SampledFrom(Countries()).Draw(t, "country")
		c := Calendar{Zone: time.UTC, Country: country}
		start := Date{2024, time.January, 1}.AddDays(rapid.IntRange(0, 5000).Draw(t, "day"))
		due, next := c.Due(start), c.Due(start.AddDays(1))
		if next.Before(due) {
			t.Fatalf("%s: %s is due %s, the day after it %s", country, start, due, next)
		}
		if why := c.Closed(due); why != "" {
			t.Fatalf("%s: %s is due on a %s", country, start, why)
		}
		if n := start.DaysUntil(due); n < 28 || n > 40 {
			t.Fatalf("%s: %s is due after %d days", country, start, n)
		}
		if !c.Extended(start).After(due) {
			t.Fatalf("%s: extending %s brings nothing", country, start)
		}
	})
}
