package registers

import "testing"

// The examples of a year that ends on 31 March are those of Finnish bookkeeping guides: vouchers of the year that ended on
// 31.3.2024 stay until the end of 2030, ledgers until 31.3.2034.
func TestRuleEnd(t *testing.T) {
	for _, row := range []struct {
		name, rule string
		year       YearEnd
		date, want Date
	}{
		{"ledger, calendar year", "ledger", "", "2026-03-05", "2036-12-31"},
		{"voucher, calendar year", "voucher", "", "2026-03-05", "2032-12-31"},
		{"voucher on the last day of the year", "voucher", "12-31", "2025-12-31", "2031-12-31"},
		{"voucher, year to March", "voucher", "03-31", "2023-06-01", "2030-12-31"},
		{"ledger, year to March", "ledger", "03-31", "2023-06-01", "2034-03-31"},
		{"on the last day of the year to March", "ledger", "03-31", "2024-03-31", "2034-03-31"},
		{"on the first day of the next", "ledger", "03-31", "2024-04-01", "2035-03-31"},
		{"year to the end of February, leap year", "ledger", "02-28", "2024-02-29", "2034-02-28"},
		{"year to the end of February, end in a leap year", "ledger", "02-29", "2025-05-01", "2036-02-29"},
		{"three years", "P3Y", "", "2024-02-29", "2027-02-28"},
		{"one month from the 31st", "P1M", "", "2026-01-31", "2026-02-28"},
		{"fourteen months over the turn of the year", "P14M", "", "2026-11-30", "2028-01-30"},
		{"weeks and days", "P2W3D", "", "2026-12-20", "2027-01-06"},
		{"fixed", "2031-05-01", "", "2026-01-01", "2031-05-01"},
	} {
		t.Run(row.name, func(t *testing.T) {
			rule, err := ParseRule(row.rule, "")
			if err != nil {
				t.Fatal(err)
			}
			if got := rule.End(row.date, row.year); got != row.want {
				t.Errorf("end of %s from %s: got %s, want %s", row.rule, row.date, got, row.want)
			}
		})
	}
}

func TestParseRuleRefuses(t *testing.T) {
	for _, text := range []string{"", "P", "P1H", "PT5M", "six years", "2031-02-30", "P-1Y", "ledgers"} {
		if r, err := ParseRule(text, ""); err == nil {
			t.Errorf("ParseRule(%q): got %v, want an error", text, r)
		}
	}
	if _, err := ParseYearEnd("13-01"); err == nil {
		t.Error("ParseYearEnd(13-01): want an error")
	}
}

func TestParseDate(t *testing.T) {
	for raw, want := range map[string]Date{
		"2024-01-02": "2024-01-02", "2024-01-02T10:00:00Z": "2024-01-02", "2024-01-02 10:00:00+02": "2024-01-02", " 5.3.2024": "2024-03-05",
		"05.03.2024 12.30": "2024-03-05", "20240305": "2024-03-05", "soon": "", "": "", "0000-00-00": "",
	} {
		if got, _ := ParseDate(raw); got != want {
			t.Errorf("ParseDate(%q): got %q, want %q", raw, got, want)
		}
	}
}
