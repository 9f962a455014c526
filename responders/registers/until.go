package registers

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Date is a day as YYYY-MM-DD, so that days compare as text; empty is no date.
type Date string

// DateOf returns the day of t in t's own time zone.
func DateOf(t time.Time) Date { return Date(t.Format(time.DateOnly)) }

func (d Date) time() time.Time {
	t, _ := time.Parse(time.DateOnly, string(d))
	return t
}

// RuleKind says how the end of a retention is computed.
type RuleKind string

const (
	Ledger  RuleKind = "ledger"  // ten years from the end of the financial year (Accounting Act 1336/1997, 2:10.1)
	Voucher RuleKind = "voucher" // six years from the end of the calendar year in which the financial year ended (2:10.2)
	After   RuleKind = "after"   // a period after the date
	Fixed   RuleKind = "fixed"   // a date, whatever the record
)

// Rule computes the last day of a retention.
type Rule struct {
	Kind   RuleKind
	Field  string // field with the date that it counts from, "orders.date" in a child table; empty: the day of the erasure
	Period Period // of After
	Date   Date   // of Fixed
}

// Period is a span of calendar time.
type Period struct{ Years, Months, Days int }

// YearEnd is the day on which the financial year ends, as MM-DD; empty is 12-31. A day that the month does not have is its last.
type YearEnd string

var isoPeriod = regexp.MustCompile(`^P(?:(\d{1,3})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,5})D)?$`)

// ParseRule reads "ledger", "voucher", an ISO 8601 period without a time of day ("P3Y", "P18M", "P90D") or a date ("2031-12-31").
func ParseRule(text, field string) (Rule, error) {
	text = strings.TrimSpace(text)
	if k := RuleKind(text); k == Ledger || k == Voucher {
		return Rule{Kind: k, Field: field}, nil
	}
	if _, err := time.Parse(time.DateOnly, text); err == nil {
		return Rule{Kind: Fixed, Field: field, Date: Date(text)}, nil
	}
	m := isoPeriod.FindStringSubmatch(text)
	if m == nil || text == "P" {
		return Rule{}, fmt.Errorf("until: %q is neither ledger, voucher, a period such as P3Y, nor a date such as 2031-12-31", text)
	}
	n := func(i int) int { v, _ := strconv.Atoi(m[i]); return v }
	return Rule{Kind: After, Field: field, Period: Period{Years: n(1), Months: n(2), Days: 7*n(3) + n(4)}}, nil
}

// ParseYearEnd reads MM-DD.
func ParseYearEnd(text string) (YearEnd, error) {
	// A leap year, so that 02-29 is a day.
	if _, err := time.Parse(time.DateOnly, "2024-"+text); err != nil {
		return "", fmt.Errorf("financial year: %q is not a day such as 12-31", text)
	}
	return YearEnd(text), nil
}

// End returns the last day on which a record of that date is kept; from the next day on it may go.
func (r Rule) End(record Date, year YearEnd) Date {
	switch r.Kind {
	case Fixed:
		return r.Date
	case Ledger:
		end := year.after(record.time())
		return DateOf(year.in(end.Year() + 10))
	case Voucher:
		end := year.after(record.time())
		return DateOf(time.Date(end.Year()+6, time.December, 31, 0, 0, 0, 0, time.UTC))
	default:
		return DateOf(r.Period.from(record.time()))
	}
}

// after returns the end of the financial year in which a day falls.
func (y YearEnd) after(day time.Time) time.Time {
	end := y.in(day.Year())
	if day.After(end) {
		return y.in(day.Year() + 1)
	}
	return end
}

func (y YearEnd) in(year int) time.Time {
	month, day := 12, 31
	if len(y) == 5 {
		month, _ = strconv.Atoi(string(y[:2]))
		day, _ = strconv.Atoi(string(y[3:]))
	}
	// A year that ends on the last of February ends on the 29th in a leap year.
	if month == 2 && day >= 28 {
		day = 29
	}
	return clamp(year, time.Month(month), day)
}

// from adds the period: first whole months, to the last day of a shorter one, then days.
func (p Period) from(day time.Time) time.Time {
	months := int(day.Month()) - 1 + p.Months
	return clamp(day.Year()+p.Years+months/12, time.Month(months%12+1), day.Day()).AddDate(0, 0, p.Days)
}

func clamp(year int, month time.Month, day int) time.Time {
	last := time.Date(year, month+1, 0, 0, 0, 0, 0, time.UTC).Day()
	return time.Date(year, month, min(day, last), 0, 0, 0, 0, time.UTC)
}

// dateForms are the ways in which registers write a day; the time of day that may follow is cut off first.
var dateForms = []string{time.DateOnly, "2.1.2006", "20060102", "2006/01/02", "02/01/2006", "2006-1-2"}

// ParseDate reads the day out of a raw value: ISO 8601, or day.month.year as Finland writes it, with or without a time of day.
func ParseDate(raw string) (Date, bool) {
	raw = strings.TrimSpace(raw)
	if i := strings.IndexAny(raw, "T "); i > 0 {
		raw = raw[:i]
	}
	for _, form := range dateForms {
		if t, err := time.Parse(form, raw); err == nil {
			return DateOf(t), true
		}
	}
	return "", false
}
