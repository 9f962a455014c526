package sql_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"dpobot/responders/registers"
)

func TestFind(t *testing.T) {
	each(t, func(t *testing.T, e engine) {
		r, _ := plant(t, e)
		who := func(role registers.Role, value string, more ...string) registers.Person {
			p := registers.Person{Identifiers: map[registers.Role]string{role: value}}
			for i := 0; i+1 < len(more); i += 2 {
				p.Identifiers[registers.Role(more[i])] = more[i+1]
			}
			return p
		}
		for _, row := range []struct {
			name              string
			person            registers.Person
			certain, possible string
		}{
			{"as in the register but for case", by("matti.makinen@example.fi"), "1", ""},
			{"upper case umlaut", by("mäki@example.fi"), "6", ""},
			{"without umlaut is another", by("maki@example.fi"), "7", ""},
			{"percent sign is itself", by("%@example.fi"), "8", ""},
			{"underscore is itself", by("matti_makinen@example.fi"), "9", ""},
			{"quote", by("o'brien@example.fi"), "10", ""},
			{"escape character", by("bang!@example.fi"), "20", ""},
			{"plus part on file", by("anna+shop@example.fi"), "11", "12"},
			{"spaces on file", by("anna@example.fi"), "12", "11"},
			{"shared address", by("pair@example.fi"), "13 14", ""},
			{"one of a list", by("two@example.fi"), "", "15"},
			{"IDNA on file in Unicode", by("kirja@xn--bcher-kva.example"), "16", ""},
			{"Kelvin sign is no k", by("kalle@example.fi"), "", ""},
			{"two code points on file", by("äiti@example.fi"), "18", ""},
			{"stranger", by("nobody@example.fi"), "", ""},
			{"no address", by("matti"), "", ""},
			{"empty", by(""), "", ""},
			{"NUL", by("matti\x00@example.fi"), "", ""},
			{"injection", by("x' OR '1'='1@example.fi"), "", ""},
			{"telephone", who(registers.Telephone, "+358401234567"), "", "1"},
			{"customer number", who(registers.CustomerNumber, " 2 "), "", "2"},
			{"customer number that is part of others", who(registers.CustomerNumber, "1"), "", "1"},
			{"name", who(registers.Name, "MÄKINEN, matti"), "", "1 2"},
			{"one word is no name", who(registers.Name, "Matti"), "", ""},
			{"name with wildcards", who(registers.Name, "% %"), "", ""},
			{"name with NUL", who(registers.Name, "Matti\x00 Mäkinen"), "", "1 2"},
			{"birth date alone is nobody", who(registers.BirthDate, "1970-05-01"), "", ""},
			{"address and namesake", registers.Person{Addresses: []string{"matti.makinen@example.fi"}, Identifiers: map[registers.Role]string{registers.Name: "Matti Mäkinen"}}, "1", ""},
		} {
			t.Run(row.name, func(t *testing.T) {
				certain, possible := find(t, r, row.person)
				if got := strings.Join(certain, " "); got != row.certain {
					t.Errorf("certain: got %q, want %q", got, row.certain)
				}
				if got := strings.Join(possible, " "); got != row.possible {
					t.Errorf("possible: got %q, want %q", got, row.possible)
				}
			})
		}
		m, err := r.Find(ctx, who(registers.Name, "Matti Mäkinen", "birth_date", "1.5.1970"))
		if err != nil || len(m) != 2 || m[0].Record.Key != "1" || !slices.Equal(m[0].By, []registers.Role{registers.Name, registers.BirthDate}) {
			t.Errorf("name and birth date: got %d matches, error %v, want the one with both first", len(m), err)
		}
	})
}

func values(r registers.Record) string {
	var b strings.Builder
	for _, v := range r.Values {
		raw := v.Raw
		if v.Null {
			raw = "NULL"
		}
		fmt.Fprintf(&b, "%s=%s|", v.Field, raw)
	}
	return b.String()
}

func rowsOf(t *testing.T, c registers.ChildRows) []string {
	t.Helper()
	var out []string
	for row, err := range c.Rows(ctx) {
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, values(registers.Record{Values: row}))
	}
	slices.Sort(out)
	return out
}

func TestFindGivesRawValues(t *testing.T) {
	each(t, func(t *testing.T, e engine) {
		r, db := plant(t, e)
		odd := "a\tb\x01 \u202eRTL \U0001F600 <script>{{.}}</script>\r\n"
		execute(t, db, strings.Replace("UPDATE customers SET address = ?, balance = 12.50, name = NULL WHERE id = 1", "?", map[bool]string{true: "$1", false: "?"}[e.name == "postgres"], 1), odd)
		m, err := r.Find(ctx, by("matti.makinen@example.fi"))
		if err != nil || len(m) != 1 {
			t.Fatalf("got %d matches, error %v, want 1", len(m), err)
		}
		balance := "12.50"
		if e.name == "sqlite" {
			balance = "12.5" // NUMERIC there is a number without a scale
		}
		want := "number=1|name=NULL|email=Matti.Makinen@Example.FI|phone=040 123 4567|address=" + odd + "|born=1970-05-01|balance=" + balance + "|marketing=yes|"
		if got := values(m[0].Record); got != want {
			t.Errorf("got  %q\nwant %q", got, want)
		}
		orders := m[0].Record.Children[0]
		if orders.Count != 2 || orders.Name != "orders" {
			t.Errorf("got %d rows of %s, want 2 of orders", orders.Count, orders.Name)
		}
		for _, row := range rowsOf(t, orders) {
			if !strings.Contains(row, "Uusikatu 1") {
				t.Errorf("got row %q, want only his own", row)
			}
		}
		if got := fmt.Sprintf("%v %+v", m[0], m[0].Record.Values); strings.Contains(got, "Uusikatu") || strings.Contains(got, "Example") {
			t.Errorf("printed: got %q, want placeholders", got)
		}
	})
}
