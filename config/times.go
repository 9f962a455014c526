package config

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // a small server may have no time zones of its own
)

// ClockTime is a time of day in the controller's time zone.
type ClockTime struct{ Hour, Minute int }

// String is hh:mm.
func (c ClockTime) String() string { return fmt.Sprintf("%02d:%02d", c.Hour, c.Minute) }

// On is that time on the day of t, in t's location.
func (c ClockTime) On(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), c.Hour, c.Minute, 0, 0, t.Location())
}

func (c *ClockTime) parse(text string) *problem {
	t, err := time.Parse("15:04", text)
	if err != nil {
		return &problem{"is no time of day", `write hours and minutes, as in "08:00"`}
	}
	*c = ClockTime{t.Hour(), t.Minute()}
	return nil
}

// Date is a day without a time. The zero Date is none.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// IsZero says whether no day is set.
func (d Date) IsZero() bool { return d == Date{} }

// String is the day as 2026-12-24, or "" for none.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
}

// In is the beginning of the day in the time zone.
func (d Date) In(zone *time.Location) time.Time {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, zone)
}

func (d *Date) parse(text string) *problem {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return &problem{"is no date", "write year-month-day, as in 2026-12-24"}
	}
	d.Year, d.Month, d.Day = t.Date()
	return nil
}

// DateSpan is the days from From to To, both included.
type DateSpan struct{ From, To Date }

// Holds says whether the day is one of them.
func (s DateSpan) Holds(d Date) bool {
	day := d.In(time.UTC)
	return !day.Before(s.From.In(time.UTC)) && !day.After(s.To.In(time.UTC))
}

func (s *DateSpan) parse(text string) *problem {
	from, to, ok := strings.Cut(text, "..")
	if !ok {
		to = from
	}
	if p := s.From.parse(strings.TrimSpace(from)); p != nil {
		return &problem{p.what, "write 2026-12-24, or 2026-07-06..2026-07-31 for a span"}
	}
	if p := s.To.parse(strings.TrimSpace(to)); p != nil {
		return &problem{p.what, "write 2026-12-24, or 2026-07-06..2026-07-31 for a span"}
	}
	if !s.Holds(s.To) {
		return &problem{"is a span that ends before it begins", "write the earlier day first"}
	}
	return nil
}

// MonthDay is a day of every year.
type MonthDay struct {
	Month time.Month
	Day   int
}

func (m *MonthDay) parse(text string) *problem {
	t, err := time.Parse("2006-01-02", "2024-"+text) // a leap year: 02-29 is a day
	if err != nil {
		return &problem{"is no day of the year", "write month-day, as in 12-31"}
	}
	m.Month, m.Day = t.Month(), t.Day()
	return nil
}

// Period is a span of the calendar, so that a year is a year.
type Period struct{ Years, Months, Days int }

// After is t and the period, in t's location.
func (p Period) After(t time.Time) time.Time { return t.AddDate(p.Years, p.Months, p.Days) }

// IsZero says whether the period is no time at all.
func (p Period) IsZero() bool { return p == Period{} }

func (p *Period) parse(text string) *problem {
	bad := &problem{"is no period", "write days, weeks, months or years, as in 730d, 4w, 6m or 2y"}
	if rest, ok := strings.CutPrefix(text, "P"); ok && strings.Trim(rest, "0123456789") != "" {
		text = strings.ToLower(rest) // ISO 8601 of one unit: P6Y
	}
	if hours, ok := strings.CutSuffix(text, "h"); ok {
		n, err := strconv.Atoi(hours)
		if err != nil || n < 0 || n%24 != 0 {
			return bad
		}
		*p = Period{Days: n / 24}
		return nil
	}
	if text == "" {
		return bad
	}
	if strings.Trim(text, "0123456789") == "" {
		return &problem{"is a number without a unit", bad.mend}
	}
	n, err := strconv.Atoi(text[:len(text)-1])
	if err != nil || n < 0 || n > 100_000 {
		return bad
	}
	switch text[len(text)-1] {
	case 'd':
		*p = Period{Days: n}
	case 'w':
		*p = Period{Days: 7 * n}
	case 'm':
		*p = Period{Months: n}
	case 'y':
		*p = Period{Years: n}
	default:
		return bad
	}
	return nil
}

// Days is a number of days of the calendar.
type Days int

func (d *Days) parse(text string) *problem {
	var p Period
	if bad := p.parse(text); bad != nil {
		return &problem{bad.what, "write days, as in 14d"}
	}
	if p.Years > 0 || p.Months > 0 {
		return &problem{"is no number of days", "write days, as in 14d"}
	}
	*d = Days(p.Days)
	return nil
}

// parseDuration reads Go's durations and days: 60s, 1h30m, 24h, 14d.
func parseDuration(text string, out *time.Duration) *problem {
	const mend = "write a number and a unit, as in 60s, 15m, 24h or 14d"
	if days, ok := strings.CutSuffix(text, "d"); ok {
		n, err := strconv.Atoi(days)
		if err != nil || n < 0 || n > math.MaxInt64/int(24*time.Hour) {
			return &problem{"is no duration", mend}
		}
		*out = time.Duration(n) * 24 * time.Hour
		return nil
	}
	v, err := time.ParseDuration(text)
	switch {
	case err != nil && strings.Trim(text, "0123456789") == "" && text != "":
		return &problem{"is a number without a unit", mend}
	case err != nil:
		return &problem{"is no duration", mend}
	case v < 0:
		return &problem{"is less than nothing", mend}
	}
	*out = v
	return nil
}

func parseZone(text string, out **time.Location) *problem {
	zone, err := time.LoadLocation(text)
	if err != nil || text == "" || text == "Local" {
		return &problem{"is no time zone", "write continent/city, as in Europe/Helsinki"}
	}
	*out = zone
	return nil
}
