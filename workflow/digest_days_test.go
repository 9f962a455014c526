package workflow

import (
	"testing"
	"time"
)

// The digest comes once on each of its days, at its hour by the clock on the wall: also when a night has 23 or 25 hours,
// on 29 February, and not on silent days, holidays and weekends.
func TestDigestDays(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		t.Fatal(err)
	}
	workdays := []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday}
	everyDay := append([]time.Weekday{time.Saturday, time.Sunday}, workdays...)
	silent := []Span{{Date{2026, time.July, 6}, Date{2026, time.July, 8}}}
	for _, row := range []struct {
		name     string
		from     time.Time
		hours    int
		on       []time.Weekday
		holidays bool
		want     []string // the first hour of each digest, as the wall shows it
	}{
		{"the night of 25 hours", time.Date(2026, time.October, 24, 0, 0, 0, 0, zone), 73, everyDay, false,
			[]string{"2026-10-24 08:00", "2026-10-25 08:00", "2026-10-26 08:00"}},
		{"the night of 23 hours", time.Date(2026, time.March, 28, 0, 0, 0, 0, zone), 71, everyDay, false,
			[]string{"2026-03-28 08:00", "2026-03-29 08:00", "2026-03-30 08:00"}},
		{"29 February", time.Date(2028, time.February, 28, 0, 0, 0, 0, zone), 72, everyDay, false,
			[]string{"2028-02-28 08:00", "2028-02-29 08:00", "2028-03-01 08:00"}},
		{"a weekend", time.Date(2026, time.March, 6, 0, 0, 0, 0, zone), 96, workdays, false, []string{"2026-03-06 08:00", "2026-03-09 08:00"}},
		{"silent days", time.Date(2026, time.July, 3, 0, 0, 0, 0, zone), 7 * 24, workdays, false, []string{"2026-07-03 08:00", "2026-07-09 08:00"}},
		{"Easter", time.Date(2026, time.April, 2, 0, 0, 0, 0, zone), 6 * 24, workdays, false, []string{"2026-04-02 08:00", "2026-04-07 08:00"}},
		{"Easter, on holidays too", time.Date(2026, time.April, 2, 0, 0, 0, 0, zone), 6 * 24, workdays, true,
			[]string{"2026-04-02 08:00", "2026-04-03 08:00", "2026-04-06 08:00", "2026-04-07 08:00"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			r := Rules{Calendar: Calendar{Zone: zone, Country: "FI"}, DigestAt: 8 * time.Hour, DigestOn: row.on, Silent: silent, Holidays: row.holidays}
			var got []string
			var last Date
			for h := range row.hours {
				now := row.from.Add(time.Duration(h) * time.Hour)
				if day, due := r.digestDue(now); due && last.Before(day) {
					last = day
					got = append(got, now.In(zone).Format("2006-01-02 15:04"))
				}
			}
			if len(got) != len(row.want) {
				t.Fatalf("got %v, want %v", got, row.want)
			}
			for i := range got {
				if got[i] != row.want[i] {
					t.Errorf("got %v, want %v", got, row.want)
				}
			}
		})
	}
}

// The day of receipt is the controller's own, in the hour that comes twice and beside midnight.
func TestReceiptInTheNightOfSummertime(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		t.Fatal(err)
	}
	calendar := Calendar{Zone: zone, Country: "FI"}
	for _, row := range []struct {
		name, received string
		want           Date
	}{
		{"the first 03:30", "2026-10-25T00:30:00Z", Date{2026, time.November, 25}},
		{"the second 03:30", "2026-10-25T01:30:00Z", Date{2026, time.November, 25}},
		{"23:30 of the day before", "2026-10-24T20:30:00Z", Date{2026, time.November, 24}},
		{"00:30 of the day", "2026-10-24T21:30:00Z", Date{2026, time.November, 25}},
		{"23:30 of the day, winter time", "2026-10-25T21:30:00Z", Date{2026, time.November, 25}},
		{"00:30 of the next, winter time", "2026-10-25T22:30:00Z", Date{2026, time.November, 26}},
		{"the hour that is not", "2026-03-29T01:00:00Z", Date{2026, time.April, 29}},
		{"29 February", "2028-02-29T12:00:00Z", Date{2028, time.March, 29}},
		{"a month without the day", "2027-01-30T12:00:00Z", Date{2027, time.March, 1}}, // 28 February 2027 is a Sunday
	} {
		received, err := time.Parse(time.RFC3339, row.received)
		if err != nil {
			t.Fatal(err)
		}
		if got := calendar.Due(DateOf(received, zone)); got != row.want {
			t.Errorf("%s: got %s, want %s", row.name, got, row.want)
		}
	}
}
