package sql_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"dpobot/responders/registers"
	"dpobot/responders/registers/sql"
)

// spellings are ways in which addresses, alike and merely similar, may stand in a register or in a mail.
func spellings() []string {
	var out []string
	for _, a := range []string{"matti.mäki@bücher.example", "matti.maki@bucher.example", "m@a.example", "matti+a@a.example", "matti+b+c@a.example", "+x@a.example", "100%_!@a.example",
		"kalle@a.example", "\u212aalle@a.example", "o'x\\y@a.example", "ıi@a.example", "ÅÄÖ@a.example", "straße@a.example", "ящик@почта.example", "matti@xn--bcher-kva.example"} {
		out = append(out, a, strings.ToUpper(a), " "+a+"\t", norm.NFD.String(a), "Name <"+a+">", a+"; other@a.example", "x"+a, a+".example")
	}
	return out
}

// TestNarrowLosesNobody compares Find with a look at every row: the database must let through whoever Go would take.
func TestNarrowLosesNobody(t *testing.T) {
	each(t, func(t *testing.T, e engine) {
		dsn, db := e.fresh(t)
		execute(t, db, "CREATE TABLE people (id "+e.serial+", email VARCHAR(200), name VARCHAR(200), phone VARCHAR(40))")
		for i, row := range everybody() {
			execute(t, db, insert(e, "people", "id, email, name, phone", 4), i+1, row[0].Raw, row[1].Raw, row[2].Raw)
		}
		spec := registers.Spec{Name: "people", Identify: map[registers.Role]string{registers.Email: "email", registers.Name: "name", registers.Telephone: "phone"},
			Fields: []registers.Field{{Name: "email"}, {Name: "name"}, {Name: "phone"}}}
		r, err := sql.Open(spec, sql.Source{DSN: dsn, Table: "people", Key: "id"})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { r.Close() })
		all, err := r.Find(ctx, registers.Person{}) // nobody
		if err != nil || len(all) != 0 {
			t.Fatalf("nobody: got %d, error %v", len(all), err)
		}
		ask := []registers.Person{}
		for _, a := range spellings() {
			ask = append(ask, by(a))
		}
		for _, name := range []string{"matti mäki", "Jean O'Brien", "Äijä Jean", "mäki juhani"} {
			ask = append(ask, registers.Person{Identifiers: map[registers.Role]string{registers.Name: name}})
		}
		for _, number := range []string{"0401234567", "+358 (40) 123-4567", "1234567", "00358401234568"} {
			ask = append(ask, registers.Person{Identifiers: map[registers.Role]string{registers.Telephone: number}})
		}
		for i, p := range ask {
			if got, want := found(t, r, p), whoever(spec, p); got != want {
				t.Errorf("person %d: got %s, want %s", i, got, want)
			}
		}
	})
}

func found(t *testing.T, r *sql.Register, p registers.Person) string {
	certain, possible := find(t, r, p)
	return fmt.Sprint(certain, possible)
}

// whoever looks at every row.
func whoever(spec registers.Spec, p registers.Person) string {
	var certain, possible []string
	for i, row := range everybody() {
		sure, by := spec.Match(p, row)
		if sure {
			certain = append(certain, fmt.Sprint(i+1))
		} else if len(by) > 0 {
			possible = append(possible, fmt.Sprint(i+1))
		}
	}
	slices.Sort(certain)
	slices.Sort(possible)
	return fmt.Sprint(certain, possible)
}

func everybody() [][]registers.Value {
	var out [][]registers.Value
	for i, a := range spellings() {
		name := []string{"Matti Mäki", "MÄKI, matti", "Ma\u0308ki Matti Juhani", "Matti Maki", "O'Brien-Äijä Jean"}[i%5]
		phone := []string{"+358 40 123 4567", "040-1234567", "(040) 1234 568", "", "1234567"}[i%5]
		out = append(out, []registers.Value{{Field: "email", Raw: a}, {Field: "name", Raw: name}, {Field: "phone", Raw: phone}})
	}
	return out
}

func TestIndexed(t *testing.T) {
	each(t, func(t *testing.T, e engine) {
		dsn, _ := plantTables(t, e)
		src := source(dsn)
		src.Indexed = true
		r, err := sql.Open(customers(), src)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { r.Close() })
		for address, want := range map[string]string{"MATTI_makinen@example.fi": "[9] []", "kirja@xn--bcher-kva.example": "[16] []", "anna@example.fi": "[] []", "pair@example.fi": "[13] []"} {
			if got := found(t, r, by(address)); got != want {
				t.Errorf("%s: got %s, want %s", address, got, want)
			}
		}
	})
}
