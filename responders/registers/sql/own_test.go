package sql_test

import (
	database "database/sql"
	"errors"
	"fmt"
	"strings"
	"testing"

	"dpobot/responders/registers"
	"dpobot/responders/registers/sql"
)

// own opens the planted tables by statements of the operator's.
func own(t *testing.T, e engine) (*sql.Own, *database.DB) {
	t.Helper()
	dsn, db := plantTables(t, e)
	q := quoter(e)
	named := map[string]string{
		"find": `SELECT c.id AS "key", c.id AS number, c.name, c.email, c.` + q("Phone no.") + ` AS "Phone no.", c.address, c.born, c.balance, c.marketing,
			c.erased -- a comment with :nonsense and 'a quote
			FROM customers c WHERE lower(c.email) = :address OR c.name = :name OR c.id = :key OR ':address' = 'x'`,
		"change":          "UPDATE customers SET address = CASE WHEN :field = 'address' THEN :new ELSE address END, name = CASE WHEN :field = 'name' THEN :new ELSE name END WHERE id = :key",
		"change.phone":    "UPDATE customers SET " + q("Phone no.") + " = :new WHERE id = :key",
		"erase":           "DELETE FROM orders WHERE customer = :key; DELETE FROM " + q("customer consents") + " WHERE customer = :key; DELETE FROM customers WHERE id = :key",
		"retain":          "UPDATE orders SET note = NULL WHERE customer = :key; DELETE FROM " + q("customer consents") + " WHERE customer = :key; UPDATE customers SET name = 'semicolon;', email = 'gone', erased = :now WHERE id = :key",
		"children.orders": "SELECT ordered, amount, note FROM orders WHERE customer = :key",
	}
	if e.name == "mariadb" {
		named["find"] = strings.NewReplacer(`"key"`, "`key`", `"Phone no."`, "`Phone no.`").Replace(named["find"])
	}
	if e.name == "postgres" { // which wants to know the type of what it has not seen before
		named["change"] = strings.NewReplacer("THEN :new", "THEN :new::text", ":field =", ":field::text =").Replace(named["change"])
	}
	statements, err := sql.ParseStatements(named)
	if err != nil {
		t.Fatal(err)
	}
	spec := customers()
	spec.Children = spec.Children[:1]
	for i := range spec.Fields {
		f := &spec.Fields[i]
		f.Change = f.Name == "name" || f.Name == "address" || f.Name == "phone"
		if f.Name == "number" {
			f.Column = "number"
		}
	}
	r, err := sql.OpenOwn(spec, sql.Source{DSN: dsn, Statements: statements, Marker: "erased"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	return r, db
}

func TestOwnStatements(t *testing.T) {
	each(t, func(t *testing.T, e engine) {
		r, db := own(t, e)
		if found := r.Check(ctx); len(found) != 0 {
			t.Errorf("check: got %v, want nothing", found)
		}
		for address, want := range map[string]string{"MATTI.makinen@example.fi": "1", "xmatti.makinen@example.fi": "3", "nobody@example.fi": "", "%@example.fi": "8", "o'brien@example.fi": "10"} {
			if certain, _ := find(t, r, by(address)); strings.Join(certain, " ") != want {
				t.Errorf("%s: got %v, want %q", address, certain, want)
			}
		}
		if _, possible := find(t, r, registers.Person{Identifiers: map[registers.Role]string{registers.Name: "Matti Mäkinen"}}); strings.Join(possible, " ") != "1 2" {
			t.Errorf("by name: got %v, want 1 2", possible)
		}
		m, err := r.Find(ctx, by("matti.makinen@example.fi"))
		if err != nil || m[0].Record.Children[0].Count != 2 || len(rowsOf(t, m[0].Record.Children[0])) != 2 {
			t.Fatalf("orders: error %v, or not two", err)
		}
		if got := values(m[0].Record); !strings.Contains(got, "phone=040 123 4567|address=Uusikatu 1|born=1970-05-01|") {
			t.Errorf("values: got %s", got)
		}

		for range 2 {
			report, err := r.Change(ctx, []string{"1"}, []registers.Change{{Field: "address", New: "it's; new"}, {Field: "phone", New: "1"}})
			if err != nil || report.Records != 1 {
				t.Fatalf("change: got %d records, error %v", report.Records, err)
			}
		}
		if got := one(t, db, "SELECT address FROM customers WHERE id = 1"); got != "it's; new" {
			t.Errorf("address: got %q", got)
		}

		if report, err := r.Preview(ctx, []string{"1"}, vouchers(), day); err != nil || report.Kept[0].Rows != 1 {
			t.Errorf("preview: got %+v, error %v, want one order kept", report.Kept, err)
		}
		for range 2 {
			report, err := r.Erase(ctx, []string{"1"}, vouchers(), day)
			if err != nil || len(report.Kept) != 1 || report.Kept[0].Until != "2031-12-31" {
				t.Fatalf("retain: got %+v, error %v", report.Kept, err)
			}
		}
		if got := one(t, db, "SELECT name FROM customers WHERE id = 1"); got != "semicolon;" {
			t.Errorf("retained: got %q, want it emptied", got)
		}
		if _, err := r.Change(ctx, []string{"1"}, []registers.Change{{Field: "address", New: "x"}}); !errors.Is(err, registers.ErrPermanent) {
			t.Errorf("retained: got %v, want it locked", err)
		}
		for i := range 2 {
			report, err := r.Erase(ctx, []string{"2"}, registers.Plan{}, day)
			if err != nil || report.Records != 1-i {
				t.Fatalf("erase: got %d records, error %v", report.Records, err)
			}
		}
		if got := one(t, db, "SELECT COUNT(*) FROM customers"); got != "19" {
			t.Errorf("got %s customers, want 19", got)
		}
	})
}

func TestOwnStatementsRefused(t *testing.T) {
	for _, named := range []map[string]string{
		{"finnd": "x"}, {"find": " ; "}, {"find": "SELECT 1; DROP TABLE x"},
	} {
		if _, err := sql.ParseStatements(named); err == nil {
			t.Errorf("%v: want an error", named)
		}
	}
	e := engines()[0]
	dsn, _ := plantTables(t, e)
	spec := registers.Spec{Name: "x", Identify: map[registers.Role]string{registers.Email: "email"}, Fields: []registers.Field{{Name: "email"}}}
	for _, row := range []struct{ name, find, want string }{
		{"no key", "SELECT email FROM customers WHERE email = :address OR 1 = :key", "no column key"},
		{"no field", "SELECT id AS key FROM customers WHERE email = :address OR id = :key", "no column email"},
		{"unknown parameter", "SELECT id AS key, email FROM customers WHERE email = :adress OR id = :key", ":adress"},
		{"no table", "SELECT id AS key, email FROM nowhere WHERE id = :key", "missing"},
		{"writes", "DELETE FROM customers WHERE :key IS NULL RETURNING id AS key, email", "read-only"},
	} {
		statements, err := sql.ParseStatements(map[string]string{"find": row.find, "erase": "DELETE FROM customers WHERE id = :key"})
		if err != nil {
			t.Fatal(err)
		}
		r, err := sql.OpenOwn(spec, sql.Source{DSN: dsn, Statements: statements})
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(r.Check(ctx)); !strings.Contains(got, row.want) {
			t.Errorf("%s: check: got %v, want %q", row.name, got, row.want)
		}
		r.Close()
	}
}
