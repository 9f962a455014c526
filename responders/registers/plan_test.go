package registers

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

var now = time.Date(2026, 3, 5, 12, 0, 0, 0, time.UTC)

func customer() Spec {
	return Spec{
		Identify:  map[Role]string{Email: "email", Name: "name", Telephone: "phone", CustomerNumber: "number", BirthDate: "born"},
		Telephone: "phone",
		Fields:    []Field{{Name: "number"}, {Name: "name", Group: "billing"}, {Name: "email"}, {Name: "phone"}, {Name: "city"}, {Name: "last_order"}, {Name: "born"}},
		Children:  []Child{{Name: "orders", Fields: []Field{{Name: "date"}, {Name: "sum"}, {Name: "note"}}}, {Name: "visits", Fields: []Field{{Name: "page"}}}},
	}
}

func retain(until, from string, fields ...string) Retention {
	rule, err := ParseRule(until, from)
	if err != nil {
		panic(err)
	}
	return Retention{Fields: fields, Ground: Text{"en": until + " " + strings.Join(fields, ",")}, Until: rule}
}

// show writes a fate as a line: what happens to the row, what is gone, what is left of nobody's, and what is kept until when.
func show(f Fate) string {
	row := "stays"
	if f.Whole {
		row = "goes"
	}
	line := fmt.Sprintf("%s; gone %s", row, strings.Join(f.Gone, " "))
	if len(f.Anonymised) > 0 {
		line += "; anonymous " + strings.Join(f.Anonymised, " ")
	}
	for _, k := range f.Kept {
		line += fmt.Sprintf("; kept %s until %s", strings.Join(k.Fields, " "), k.Until)
	}
	return line
}

func TestFate(t *testing.T) {
	ordered := []Value{{Field: "last_order", Raw: "5.6.2019 12.00"}}
	for _, row := range []struct {
		name   string
		plan   Plan
		values []Value
		erased Date
		want   string
	}{
		{"all of it", Plan{}, nil, "", "goes; gone number name email phone city last_order born"},
		{"a group, from today", Plan{Retain: []Retention{retain("ledger", "", "billing")}}, nil, "", "stays; gone number email phone city last_order born; kept name until 2036-12-31"},
		{"a group, from an earlier erasure", Plan{Retain: []Retention{retain("ledger", "", "billing")}}, nil, "2020-02-01", "stays; gone number email phone city last_order born; kept name until 2030-12-31"},
		{"from a date of the record, past", Plan{Retain: []Retention{retain("P5Y", "last_order", "name")}}, ordered, "", "goes; gone number name email phone city last_order born"},
		{"from a date of the record, to come", Plan{Retain: []Retention{retain("voucher", "last_order", "name")}}, []Value{{Field: "last_order", Raw: "2019-12-31"}}, "", "goes; gone number name email phone city last_order born"},
		{"the last day counts", Plan{Retain: []Retention{retain("2026-03-05", "", "name")}}, nil, "", "stays; gone number email phone city last_order born; kept name until 2026-03-05"},
		{"the day after it is over", Plan{Retain: []Retention{retain("2026-03-04", "", "name")}}, nil, "", "goes; gone number name email phone city last_order born"},
		{"no date on file", Plan{Retain: []Retention{retain("P5Y", "last_order", "name")}}, []Value{{Field: "last_order", Null: true}}, "", "stays; gone number email phone city last_order born; kept name until "},
		{"a date that cannot be read", Plan{Retain: []Retention{retain("P5Y", "last_order", "name")}}, []Value{{Field: "last_order", Raw: "last spring"}}, "", "stays; gone number email phone city last_order born; kept name until "},
		{"two grounds, one over", Plan{Retain: []Retention{retain("P1Y", "last_order", "name", "city"), retain("2030-01-01", "", "name")}}, ordered, "", "stays; gone number email phone city last_order born; kept name until 2030-01-01"},
		{"anonymise named fields", Plan{Default: Anonymise, Anonymise: []string{"city"}}, nil, "", "stays; gone number name email phone city born; anonymous last_order"},
		{"anonymise without names", Plan{Default: Anonymise}, nil, "", "stays; gone number name email phone city last_order born"},
		{"anonymise, and keep the address", Plan{Default: Anonymise, Anonymise: []string{"city"}, Retain: []Retention{retain("2030-01-01", "", "email")}}, nil, "", "stays; gone number name phone city born; anonymous last_order; kept email until 2030-01-01"},
		{"retain by default", Plan{Default: Retain, Retain: []Retention{retain("2030-01-01", "", "name")}}, nil, "", "stays; gone ; kept name until 2030-01-01; kept number email phone city last_order born until "},
		{"a plan for a child table leaves the record alone", Plan{Retain: []Retention{retain("voucher", "orders.date", "orders")}}, nil, "", "goes; gone number name email phone city last_order born"},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := show(customer().Fate(row.plan, row.values, row.erased, now)); got != row.want {
				t.Errorf("got  %s\nwant %s", got, row.want)
			}
		})
	}
}

func TestChildFate(t *testing.T) {
	vouchers := Plan{Retain: []Retention{retain("voucher", "orders.date", "orders.date", "orders.sum")}}
	on := func(day string) []Value { return []Value{{Field: "date", Raw: day}} }
	for _, row := range []struct {
		name   string
		plan   Plan
		table  string
		values []Value
		want   string
	}{
		{"new voucher", vouchers, "orders", on("2025-12-31"), "stays; gone orders.note; kept orders.date orders.sum until 2031-12-31"},
		{"voucher of the last year that counts", vouchers, "orders", on("2020-01-01"), "stays; gone orders.note; kept orders.date orders.sum until 2026-12-31"},
		{"voucher of the year before", vouchers, "orders", on("2019-12-31"), "goes; gone orders"},
		{"another table", vouchers, "visits", nil, "goes; gone visits"},
		{"whole table by name", Plan{Retain: []Retention{retain("P10Y", "orders.date", "orders")}}, "orders", on("2025-01-01"), "stays; gone ; kept orders.date orders.sum orders.note until 2035-01-01"},
		{"anonymised row", Plan{Default: Anonymise, Anonymise: []string{"orders.note"}}, "orders", on("2025-01-01"), "stays; gone orders.note; anonymous orders.date orders.sum"},
		{"anonymised to nothing", Plan{Default: Anonymise, Anonymise: []string{"visits"}}, "visits", nil, "goes; gone visits"},
	} {
		t.Run(row.name, func(t *testing.T) {
			c, _ := customer().Child(row.table)
			if got := show(customer().ChildFate(row.plan, c, row.values, "", now)); got != row.want {
				t.Errorf("got  %s\nwant %s", got, row.want)
			}
		})
	}
	orders, _ := customer().Child("orders")
	if got := fmt.Sprint(vouchers.DateFields(orders)); got != "[date]" {
		t.Errorf("date fields: got %s, want [date]", got)
	}
}

// What the person was told stays, when the rest is erased years later by a register that does not remember when it began.
// What was kept goes on the day that the person was told, whatever day the plan is run on. Where the configuration says
// another thing by then, the longer of the two counts.
func TestSince(t *testing.T) {
	spec := customer()
	spec.Erase = Plan{Retain: []Retention{retain("ledger", "", "name"), retain("P5Y", "last_order", "city")}}
	values := []Value{{Field: "last_order", Raw: "2025-01-01"}}
	var told Report
	told.Add(spec.Fate(spec.Erase, values, "", now))
	longer, shorter, without := retain("P12Y", "", "name"), retain("P1Y", "", "name"), Plan{}
	longer.Ground, shorter.Ground = Text{"en": "a new act"}, Text{"en": "another act"}
	gone := append(told.Kept, Kept{Fields: []string{"shoe_size"}, Ground: Text{"en": "of old"}, Until: "2099-01-01"})
	for _, row := range []struct {
		name string
		plan Plan
		day  time.Time
		want string
	}{
		{"before all", spec.Erase, now.AddDate(3, 0, 0), "stays; gone number email phone last_order born; kept name until 2036-12-31; kept city until 2030-01-01"},
		{"on the last day of one", spec.Erase, time.Date(2030, 1, 1, 23, 0, 0, 0, time.UTC), "stays; gone number email phone last_order born; kept name until 2036-12-31; kept city until 2030-01-01"},
		{"after one", spec.Erase, now.AddDate(7, 0, 0), "stays; gone number email phone city last_order born; kept name until 2036-12-31"},
		{"after all", spec.Erase, now.AddDate(11, 0, 0), "goes; gone number name email phone city last_order born"},
		{"the plan says longer now", Plan{Retain: []Retention{longer}}, now.AddDate(11, 0, 0), "stays; gone number email phone city last_order born; kept name until 2038-03-05"},
		{"the plan says shorter now", Plan{Retain: []Retention{shorter}}, now.AddDate(3, 0, 0), "stays; gone number email phone last_order born; kept name until 2036-12-31; kept city until 2030-01-01"},
		{"the plan keeps nothing now", without, now.AddDate(7, 0, 0), "stays; gone number email phone city last_order born; kept name until 2036-12-31"},
	} {
		changed := spec
		changed.Erase = row.plan
		if got := show(changed.Fate(changed.Since(DateOf(now), gone), values, "", row.day)); got != row.want {
			t.Errorf("%s:\ngot  %s\nwant %s", row.name, got, row.want)
		}
	}
}

func TestReportJoins(t *testing.T) {
	orders, _ := customer().Child("orders")
	plan := Plan{Retain: []Retention{retain("voucher", "orders.date", "orders.sum")}}
	var r Report
	for _, day := range []string{"2025-01-01", "2021-06-01", "2023-01-01", "", "2010-01-01"} {
		r.Add(customer().ChildFate(plan, orders, []Value{{Field: "date", Raw: day}}, "", now))
	}
	if len(r.Kept) != 2 || r.Kept[0].Until != "2031-12-31" || r.Kept[0].Next != "2027-12-31" || r.Kept[0].Rows != 3 || r.Kept[1].Until != "" || r.Kept[1].Rows != 1 {
		t.Errorf("got %+v, want three rows from 2027 to 2031 and one without a date", r.Kept)
	}
	if got := strings.Join(r.Deleted, " "); got != "orders.date orders.note orders" {
		t.Errorf("deleted: got %s", got)
	}
}

func TestUnknown(t *testing.T) {
	plan := Plan{Retain: []Retention{retain("ledger", "", "billing", "orders", "orders.sum", "adress"), retain("voucher", "orders.day", "name")}, Anonymise: []string{"phone", "Phone"}}
	if got := fmt.Sprint(customer().Unknown(plan)); got != "[adress orders.day Phone]" {
		t.Errorf("got %s, want [adress orders.day Phone]", got)
	}
	spec := customer()
	spec.Erase, spec.Telephone, spec.Marketing = plan, "mobile", &Marketing{Field: "consent"}
	var got []string
	for _, f := range spec.Faults() {
		got = append(got, f.What)
	}
	for _, want := range []string{`"adress"`, `"orders.day"`, `"Phone"`, `telephone names the field "mobile"`, `marketing names the field "consent"`} {
		if !strings.Contains(strings.Join(got, "\n"), want) {
			t.Errorf("faults: got %q, want one with %s", got, want)
		}
	}
}
