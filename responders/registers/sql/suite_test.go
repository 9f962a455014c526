package sql_test

import (
	"context"
	database "database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"dpobot/responders/registers"
	"dpobot/responders/registers/sql"
)

var (
	ctx = context.Background()
	day = time.Date(2026, 3, 5, 12, 0, 0, 0, time.UTC)
)

// engine is a database that the suite runs on.
type engine struct {
	name string
	// fresh makes an empty database and returns its DSN and a connection of the test's own.
	fresh  func(t *testing.T) (dsn string, db *database.DB)
	serial string // type of the key
}

func engines() []engine {
	return []engine{
		{"sqlite", newSQLite, "INTEGER PRIMARY KEY"},
		{"postgres", newPostgres, "INTEGER PRIMARY KEY"},
		{"mariadb", newMariaDB, "INTEGER PRIMARY KEY"},
	}
}

func each(t *testing.T, f func(t *testing.T, e engine)) {
	for _, e := range engines() {
		t.Run(e.name, func(t *testing.T) { f(t, e) })
	}
}

func title(s string) registers.Text { return registers.Text{"en": s} }

// customers is the register of the tests: a customer with orders (vouchers) and consents.
func customers() registers.Spec {
	return registers.Spec{
		Name:      "customers",
		Identify:  map[registers.Role]string{registers.Email: "email", registers.Name: "name", registers.Telephone: "phone", registers.CustomerNumber: "number", registers.BirthDate: "born"},
		Telephone: "phone",
		Fields: []registers.Field{
			{Name: "number", Column: "id"}, {Name: "name", Change: true, Group: "billing"}, {Name: "email", Change: true},
			{Name: "phone", Column: "Phone no.", Change: true}, {Name: "address", Change: true, Group: "billing"}, {Name: "born"}, {Name: "balance", Change: true}, {Name: "marketing"},
		},
		Children: []registers.Child{
			{Name: "orders", Title: title("Orders"), Fields: []registers.Field{{Name: "ordered", Column: "ordered"}, {Name: "amount"}, {Name: "note"}}},
			{Name: "consents", Fields: []registers.Field{{Name: "what"}}},
		},
		Marketing: &registers.Marketing{Field: "marketing", Value: "no"},
	}
}

func source(dsn string) sql.Source {
	return sql.Source{DSN: dsn, Table: "customers", Key: "id", Marker: "erased", Children: []sql.Child{
		{Name: "orders", ForeignKey: "customer"}, {Name: "consents", Table: "customer consents", ForeignKey: "customer"}}}
}

// vouchers keeps orders for six years, without the free text.
func vouchers() registers.Plan {
	return registers.Plan{Default: registers.Delete, Retain: []registers.Retention{{
		Fields: []string{"orders.ordered", "orders.amount"}, Ground: title("Accounting Act 2:10"), Until: registers.Rule{Kind: registers.Voucher, Field: "orders.ordered"}}}}
}

// person is a row of the customers table.
type person struct {
	id                                int
	name, email, phone, address, born string
}

// planted are one person and neighbours that look like him.
var planted = []person{
	{1, "Matti Mäkinen", "Matti.Makinen@Example.FI", "040 123 4567", "Uusikatu 1", "1970-05-01"},
	{2, "Matti Mäkinen", "matti.makinen2@example.fi", "040 999 0000", "Neighbour 2", "1980-01-01"},
	{3, "Maija X", "xmatti.makinen@example.fi", "", "Neighbour 3", "1970-05-01"},
	{4, "Maija Y", "matti.makinen@example.fi.example", "", "Neighbour 4", ""},
	{5, "Maija Z", "mattiZmakinen@example.fi", "", "Neighbour 5", ""},
	{6, "Umlaut", "MÄKI@example.fi", "", "Neighbour 6", ""},
	{7, "No umlaut", "maki@example.fi", "", "Neighbour 7", ""},
	{8, "Wild", "%@example.fi", "", "Neighbour 8", ""},
	{9, "Under_score", "matti_makinen@example.fi", "", "Neighbour 9", ""},
	{10, "O'Brien \"Bobby\"; DROP TABLE customers;--", "o'brien@example.fi", "", "Neighbour 10", ""},
	{11, "Anna Plus", "anna+shop@example.fi", "", "Neighbour 11", ""},
	{12, "Anna Plain", "  anna@example.fi ", "", "Neighbour 12", ""},
	{13, "Pair One", "pair@example.fi", "", "Neighbour 13", ""},
	{14, "Pair Two", "PAIR@example.fi", "", "Neighbour 14", ""},
	{15, "List", "one@example.fi; two@example.fi", "", "Neighbour 15", ""},
	{16, "Idna", "kirja@bücher.example", "", "Neighbour 16", ""},
	{17, "Kelvin", "\u212aalle@example.fi", "", "Neighbour 17", ""},
	{18, "Decomposed", "a\u0308iti@example.fi", "", "Neighbour 18", ""},
	{19, "Empty", "", "", "", ""},
	{20, "Bang!", "bang!@example.fi", "", "Neighbour 20", ""},
}

// plant fills a fresh database and opens it as a register.
func plant(t *testing.T, e engine) (*sql.Register, *database.DB) {
	t.Helper()
	dsn, db := plantTables(t, e)
	r, err := sql.Open(customers(), source(dsn))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	return r, db
}

func plantTables(t *testing.T, e engine) (dsn string, db *database.DB) {
	t.Helper()
	dsn, db = e.fresh(t)
	q := quoter(e)
	for _, s := range []string{
		"CREATE TABLE customers (id " + e.serial + ", name VARCHAR(100), email VARCHAR(100) NOT NULL, " + q("Phone no.") + " VARCHAR(30), address TEXT, born DATE, balance NUMERIC(10,2), marketing VARCHAR(5) NOT NULL DEFAULT 'yes', erased VARCHAR(10))",
		"CREATE UNIQUE INDEX customers_email ON customers (email)",
		"CREATE TABLE orders (id " + e.serial + ", customer INTEGER REFERENCES customers(id), ordered DATE, amount NUMERIC(10,2), note TEXT, FOREIGN KEY (customer) REFERENCES customers(id))",
		"CREATE TABLE " + q("customer consents") + " (customer INTEGER, what TEXT, FOREIGN KEY (customer) REFERENCES customers(id))",
	} {
		if e.name == "mariadb" {
			s = mariaTable(s)
		}
		execute(t, db, s)
	}
	for _, p := range planted {
		execute(t, db, insert(e, "customers", "id, name, email, "+q("Phone no.")+", address, born", 6), p.id, p.name, p.email, p.phone, p.address, null(p.born))
		execute(t, db, insert(e, "orders", "id, customer, ordered, amount, note", 5), 10*p.id, p.id, "2016-05-01", "10.50", "old order of "+p.address)
		execute(t, db, insert(e, "orders", "id, customer, ordered, amount, note", 5), 10*p.id+1, p.id, "2025-05-01", "20.00", "new order of "+p.address)
		execute(t, db, insert(e, q("customer consents"), "customer, what", 2), p.id, "newsletter to "+p.address)
	}
	return dsn, db
}

func quoter(e engine) func(string) string {
	mark := "`"
	if e.name == "postgres" {
		mark = `"`
	}
	return func(s string) string { return mark + s + mark }
}

func null(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func insert(e engine, table, columns string, n int) string {
	var params []string
	for i := range n {
		if params = append(params, "?"); e.name == "postgres" {
			params[i] = fmt.Sprintf("$%d", i+1)
		}
	}
	return "INSERT INTO " + table + " (" + columns + ") VALUES (" + strings.Join(params, ", ") + ")"
}

func execute(t *testing.T, db *database.DB, statement string, args ...any) {
	t.Helper()
	if _, err := db.Exec(statement, args...); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

// one asks the database for a single text.
func one(t *testing.T, db *database.DB, statement string) string {
	t.Helper()
	var s database.NullString
	if err := db.QueryRow(statement).Scan(&s); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
	return s.String
}

func by(address string) registers.Person { return registers.Person{Addresses: []string{address}} }

func find(t *testing.T, r registers.Register, p registers.Person) (certain, possible []string) {
	t.Helper()
	matches, err := r.Find(ctx, p)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range matches {
		if m.Certain {
			certain = append(certain, m.Record.Key)
		} else {
			possible = append(possible, m.Record.Key)
		}
	}
	slices.Sort(certain)
	slices.Sort(possible)
	return certain, possible
}

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

func TestChange(t *testing.T) {
	each(t, func(t *testing.T, e engine) {
		r, db := plant(t, e)
		want := []registers.Changed{{Field: "address", Old: "Uusikatu 1", New: "Vanhakatu 2; DROP TABLE 'x' %"}, {Field: "balance", Old: "", New: "5"}}
		changes := []registers.Change{{Field: "address", New: want[0].New}, {Field: "balance", New: "5"}}
		report, err := r.Change(ctx, []string{"1", "1", "4711"}, changes)
		if err != nil || report.Records != 1 || len(report.Changed) != 2 || report.Changed[0] != want[0] || report.Changed[1] != want[1] {
			t.Fatalf("got %d records, changed as wanted %v, error %v", report.Records, slices.Equal(report.Changed, want), err)
		}
		again, err := r.Change(ctx, []string{"1"}, changes[:1])
		if err != nil || again.Changed[0].Old != again.Changed[0].New {
			t.Errorf("again: got old equal to new %v, error %v, want true, nil", again.Changed[0].Old == again.Changed[0].New, err)
		}
		if got := one(t, db, "SELECT address FROM customers WHERE id = 1"); got != want[0].New {
			t.Errorf("in the database: got %q, want %q", got, want[0].New)
		}
		if got := one(t, db, "SELECT COUNT(*) FROM customers WHERE address LIKE 'Vanhakatu%'"); got != "1" {
			t.Errorf("got %s rows changed, want 1", got)
		}
	})
}

func TestChangeRefused(t *testing.T) {
	each(t, func(t *testing.T, e engine) {
		r, db := plant(t, e)
		for _, row := range []struct {
			name   string
			change registers.Change
			skip   string
		}{
			{"not declared as changeable", registers.Change{Field: "born", New: "1999-01-01"}, ""},
			{"no such field", registers.Change{Field: "shoe", New: "43"}, ""},
			{"NUL", registers.Change{Field: "address", New: "a\x00b"}, ""},
			{"taken by another", registers.Change{Field: "email", New: "xmatti.makinen@example.fi"}, ""},
			{"too long", registers.Change{Field: "name", New: strings.Repeat("secret ", 30)}, "sqlite"},
			{"no number", registers.Change{Field: "balance", New: "secret"}, "sqlite"},
			{"marketing other than declared", registers.Change{Field: "marketing", New: "maybe"}, ""},
		} {
			t.Run(row.name, func(t *testing.T) {
				if row.skip == e.name {
					t.Skip("SQLite does not hold to the types of its columns")
				}
				// The first change is good, and must not stand alone.
				report, err := r.Change(ctx, []string{"1"}, []registers.Change{{Field: "address", New: "elsewhere"}, row.change})
				if !errors.Is(err, registers.ErrPermanent) || len(report.Failed) != 1 || report.Failed[0].Field != row.change.Field {
					t.Fatalf("got %+v, error %v, want the field named and ErrPermanent", report.Failed, err)
				}
				if strings.Contains(err.Error()+report.Failed[0].Why, "secret") || strings.Contains(err.Error(), "@") {
					t.Errorf("the error quotes a value: %v", err)
				}
				if got := one(t, db, "SELECT address FROM customers WHERE id = 1"); got != "Uusikatu 1" {
					t.Errorf("address: got %q, want it unchanged", got)
				}
			})
		}
		if _, err := r.Change(ctx, []string{"1"}, []registers.Change{{Field: "marketing", New: "no"}}); err != nil {
			t.Errorf("objection to marketing: %v", err)
		}
	})
}

func TestErase(t *testing.T) {
	each(t, func(t *testing.T, e engine) {
		r, db := plant(t, e)
		preview, err := r.Preview(ctx, []string{"1"}, registers.Plan{}, day)
		if err != nil {
			t.Fatal(err)
		}
		if got := one(t, db, "SELECT COUNT(*) FROM customers"); got != "20" {
			t.Fatalf("after the preview: got %s customers, want 20", got)
		}
		report, err := r.Erase(ctx, []string{"1"}, registers.Plan{}, day)
		if err != nil || report.Records != 1 || report.Rows != 3 {
			t.Fatalf("got %d records, %d rows, error %v, want 1, 3", report.Records, report.Rows, err)
		}
		if fmt.Sprint(preview) != fmt.Sprint(report) {
			t.Errorf("preview: got %v, want %v", preview, report)
		}
		if got, want := strings.Join(report.Deleted, " "), "orders consents number name email phone address born balance marketing"; got != want {
			t.Errorf("deleted: got %s, want %s", got, want)
		}
		for table, want := range map[string]string{"customers": "19", "orders": "38", quoter(e)("customer consents"): "19"} {
			if got := one(t, db, "SELECT COUNT(*) FROM "+table); got != want {
				t.Errorf("%s: got %s rows, want %s", table, got, want)
			}
		}
		again, err := r.Erase(ctx, []string{"1"}, registers.Plan{}, day)
		if err != nil || again.Records != 0 {
			t.Errorf("again: got %d records, error %v, want 0, nil", again.Records, err)
		}
	})
}

func TestEraseKeepsVouchers(t *testing.T) {
	each(t, func(t *testing.T, e engine) {
		r, db := plant(t, e)
		for range 2 {
			report, err := r.Erase(ctx, []string{"1", "2"}, vouchers(), day)
			if err != nil {
				t.Fatal(err)
			}
			if len(report.Kept) != 1 || report.Kept[0].Until != "2031-12-31" || report.Kept[0].Next != "2031-12-31" || report.Kept[0].Rows != 2 {
				t.Fatalf("kept: got %+v, want two vouchers until the end of 2031", report.Kept)
			}
		}
		// The order of 2016 is past its time and goes; that of 2025 stays without its free text; the customer is a number.
		if got := one(t, db, "SELECT COUNT(*) FROM orders WHERE customer = 1"); got != "1" {
			t.Errorf("orders: got %s, want 1", got)
		}
		if got := one(t, db, "SELECT note FROM orders WHERE customer = 1"); got != "" {
			t.Errorf("note: got %q, want it empty", got)
		}
		if got := one(t, db, "SELECT email FROM customers WHERE id = 1"); got != "erased-1" {
			t.Errorf("e-mail, which is unique and not null: got %q, want erased-1", got)
		}
		if got := one(t, db, "SELECT COUNT(*) FROM customers WHERE name IS NULL AND address IS NULL AND born IS NULL AND erased = '2026-03-05'"); got != "2" {
			t.Errorf("emptied customers: got %s, want 2", got)
		}
		if certain, _ := find(t, r, by("matti.makinen@example.fi")); certain != nil {
			t.Errorf("found afterwards: got %v, want nobody", certain)
		}
		report, err := r.Change(ctx, []string{"1"}, []registers.Change{{Field: "address", New: "x"}})
		if !errors.Is(err, registers.ErrPermanent) || len(report.Failed) != 1 {
			t.Errorf("change of what is retained: got %v, want it locked", err)
		}
		// When the time has come, the rest goes too.
		later := time.Date(2032, 1, 1, 0, 0, 0, 0, time.UTC)
		report, err = r.Erase(ctx, []string{"1"}, vouchers(), later)
		if err != nil || len(report.Kept) != 0 {
			t.Fatalf("later: got %+v, error %v, want nothing kept", report.Kept, err)
		}
		if got := one(t, db, "SELECT COUNT(*) FROM customers WHERE id = 1"); got != "0" {
			t.Errorf("later: got %s customers, want none", got)
		}
	})
}

func TestEraseKeepsFieldsOfTheRow(t *testing.T) {
	each(t, func(t *testing.T, e engine) {
		r, db := plant(t, e)
		plan := registers.Plan{Retain: []registers.Retention{{Fields: []string{"billing"}, Ground: title("Accounting Act 2:10"), Until: registers.Rule{Kind: registers.Ledger}}}}
		first, err := r.Erase(ctx, []string{"1"}, plan, day)
		if err != nil {
			t.Fatal(err)
		}
		want := registers.Kept{Fields: []string{"name", "address"}, Ground: title("Accounting Act 2:10"), Until: "2036-12-31", Next: "2036-12-31", Rows: 1}
		if len(first.Kept) != 1 || fmt.Sprint(first.Kept[0]) != fmt.Sprint(want) {
			t.Errorf("kept: got %+v, want %+v", first.Kept, want)
		}
		if got := one(t, db, "SELECT name FROM customers WHERE id = 1"); got != "Matti Mäkinen" {
			t.Errorf("name: got %q, want it kept", got)
		}
		// A run years later counts from the day of the first, which the marker tells.
		again, err := r.Erase(ctx, []string{"1"}, plan, day.AddDate(3, 0, 0))
		if err != nil || again.Kept[0].Until != "2036-12-31" {
			t.Errorf("again: got %+v, error %v, want the same end", again.Kept, err)
		}
		if got := one(t, db, "SELECT erased FROM customers WHERE id = 1"); got != "2026-03-05" {
			t.Errorf("marker: got %s, want the day of the first erasure", got)
		}
	})
}

func TestAnonymise(t *testing.T) {
	each(t, func(t *testing.T, e engine) {
		r, db := plant(t, e)
		plan := registers.Plan{Default: registers.Anonymise, Anonymise: []string{"address", "orders.note", "consents"}}
		report, err := r.Erase(ctx, []string{"1"}, plan, day)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := strings.Join(report.Anonymised, " "), "orders.ordered orders.amount balance marketing"; got != want {
			t.Errorf("anonymised: got %s, want %s", got, want)
		}
		if got := one(t, db, "SELECT COUNT(*) FROM orders WHERE customer = 1 AND note IS NULL AND amount > 0"); got != "2" {
			t.Errorf("orders without note: got %s, want 2", got)
		}
		if got := one(t, db, "SELECT COUNT(*) FROM "+quoter(e)("customer consents")+" WHERE customer = 1"); got != "0" {
			t.Errorf("consents, of which nothing is left: got %s, want 0", got)
		}
		if got := one(t, db, "SELECT COUNT(*) FROM customers WHERE address LIKE 'Neighbour%'"); got != "18" {
			t.Errorf("neighbours: got %s, want 18", got)
		}
	})
}

func TestEraseRefusesAPlanThatNamesNothing(t *testing.T) {
	each(t, func(t *testing.T, e engine) {
		r, db := plant(t, e)
		plan := registers.Plan{Retain: []registers.Retention{{Fields: []string{"adress"}, Until: registers.Rule{Kind: registers.Ledger}}}}
		if _, err := r.Erase(ctx, []string{"1"}, plan, day); !errors.Is(err, registers.ErrPermanent) {
			t.Errorf("got %v, want ErrPermanent", err)
		}
		if got := one(t, db, "SELECT COUNT(*) FROM customers"); got != "20" {
			t.Errorf("got %s customers, want 20", got)
		}
	})
}

func TestCheck(t *testing.T) {
	each(t, func(t *testing.T, e engine) {
		r, db := plant(t, e)
		if got := r.Check(ctx); len(got) != 1 || !strings.Contains(got[0].What, "orders has columns that are not declared: id") {
			t.Errorf("sound: got %v, want only the undeclared key of orders", got)
		}
		execute(t, db, "ALTER TABLE customers DROP COLUMN address")
		found := false
		for _, f := range r.Check(ctx) {
			found = found || !f.Warn && f.What == "the table customers has no column address"
		}
		if !found {
			t.Error("lost column: want it named")
		}
		if _, err := r.Find(ctx, by("matti.makinen@example.fi")); !errors.Is(err, registers.ErrPermanent) {
			t.Errorf("find: got %v, want ErrPermanent", err)
		}
	})
}
