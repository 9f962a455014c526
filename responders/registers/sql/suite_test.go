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
