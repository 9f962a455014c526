package config

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Language is a language by its ISO 639-1 code in lower case: fi, sv, en.
type Language string

func (l *Language) parse(text string) *problem {
	code := strings.ToLower(text)
	if !slices.Contains(languages(), code) {
		return &problem{shown(text) + " is not the code of a language", "write two letters, as in fi, sv or en"}
	}
	*l = Language(code)
	return nil
}

// languages are those of the EU and EEA and those that the lexicons know beside.
func languages() []string {
	return strings.Fields("ar bg bs ca cs cy da de el en es et eu fa fi fr ga gl hr hu hy is it ja ka ku lb lt lv mk mt nb nl nn no pl ps pt ro ru se sk sl so sq sr sv th ti tr uk ur vi zh")
}

// Size is a number of bytes.
type Size int64

func (s *Size) parse(text string) *problem {
	bad := &problem{"is no size", "write a number and a unit, as in 25MB"}
	digits := strings.TrimRight(text, "kKmMgGiIbB ")
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || n <= 0 {
		return bad
	}
	unit := int64(1)
	switch strings.ToLower(strings.TrimSpace(text[len(digits):])) {
	case "", "b":
	case "k", "kb", "kib":
		unit = 1 << 10
	case "m", "mb", "mib":
		unit = 1 << 20
	case "g", "gb", "gib":
		unit = 1 << 30
	default:
		return bad
	}
	if n > math.MaxInt64/unit {
		return bad
	}
	*s = Size(n * unit)
	return nil
}

// File is the path of a file or folder, absolute once it is loaded.
type File string

// DigestDays are the days on which the digest goes out.
type DigestDays struct {
	// Workdays leaves out Saturdays, Sundays and the public holidays of the controller's country.
	Workdays bool
	// Weekdays are the days otherwise; all seven for daily.
	Weekdays []time.Weekday
}

func (w *DigestDays) parseNode(d *decoder, n *node, path string) {
	if n.kind == scalar {
		text, ok := d.text(n, path)
		switch {
		case !ok:
		case text == "workdays":
			*w = DigestDays{Workdays: true}
		case text == "daily":
			*w = DigestDays{Weekdays: []time.Weekday{0, 1, 2, 3, 4, 5, 6}}
		default:
			d.fault(path, shown(text)+" is not one of the words that count here", "write workdays, daily or a list such as [mon, thu]")
		}
		return
	}
	if n.kind != list || len(n.items) == 0 {
		d.fault(path, "names no days", "write workdays, daily or a list such as [mon, thu]")
		return
	}
	*w = DigestDays{}
	for i, item := range n.items {
		at := fmt.Sprintf("%s[%d]", path, i)
		d.lines[at] = item.at
		text, ok := d.text(item, at)
		if !ok {
			continue
		}
		day, known := weekday(text)
		if !known || slices.Contains(w.Weekdays, day) {
			d.fault(at, shown(text)+" is no further day of the week", "write mon, tue, wed, thu, fri, sat or sun, each once")
			continue
		}
		w.Weekdays = append(w.Weekdays, day)
	}
}

func weekday(text string) (time.Weekday, bool) {
	text = strings.ToLower(text)
	for day := time.Sunday; day <= time.Saturday; day++ {
		name := strings.ToLower(day.String())
		if text == name || text == name[:3] {
			return day, true
		}
	}
	return 0, false
}

// Until says how long an erasure keeps retained fields.
type Until struct {
	Rule   UntilRule
	Period Period // for UntilPeriod
	Date   Date   // for UntilDate
}

// UntilRule is how the end of a retention is computed.
type UntilRule string

const (
	UntilLedger  UntilRule = "ledger"  // ten years from the end of the financial period
	UntilVoucher UntilRule = "voucher" // six years from the end of the year in which the financial period ended
	UntilPeriod  UntilRule = "period"  // a period from the date in Retain.From
	UntilDate    UntilRule = "date"    // a day of the calendar
)

func (u *Until) parse(text string) *problem {
	switch text {
	case string(UntilLedger), string(UntilVoucher):
		*u = Until{Rule: UntilRule(text)}
		return nil
	}
	if u.Period.parse(text) == nil {
		u.Rule = UntilPeriod
		return nil
	}
	if u.Date.parse(text) == nil {
		u.Rule = UntilDate
		return nil
	}
	return &problem{"is no end of a retention", "write ledger, voucher, a period such as 6y, or a date such as 2030-12-31"}
}
