package sql_test

import (
	"errors"
	"testing"

	"dpobot/responders/registers"
	"dpobot/responders/registers/sql"
)

// TestKeysAreExact has keys that an engine may take for equal: case, spaces at the end, numbers beyond a double.
func TestKeysAreExact(t *testing.T) {
	each(t, func(t *testing.T, e engine) {
		spec := registers.Spec{Name: "x", Identify: map[registers.Role]string{registers.Email: "email"}, Fields: []registers.Field{{Name: "email", Change: true}},
			Children: []registers.Child{{Name: "rows", Fields: []registers.Field{{Name: "note"}}}}}
		for _, row := range []struct {
			name, kind string
			keys       []any
		}{
			{"large numbers", "BIGINT", []any{int64(9007199254740992), int64(9007199254740993), int64(9223372036854775807)}},
			{"texts", "VARCHAR(20)", []any{"abc", "ABC", "1", "1abc", "01", "%", "_", "a'b\\"}},
		} {
			t.Run(row.name, func(t *testing.T) {
				dsn, db := e.fresh(t)
				// Unique by nothing, as in a database where somebody forgot.
				execute(t, db, "CREATE TABLE people (id "+row.kind+", email VARCHAR(50))")
				execute(t, db, "CREATE TABLE notes (person "+row.kind+", note VARCHAR(50))")
				for i, key := range row.keys {
					execute(t, db, insert(e, "people", "id, email", 2), key, string(rune('a'+i))+"@example.fi")
					execute(t, db, insert(e, "notes", "person, note", 2), key, string(rune('a'+i)))
				}
				r, err := sql.Open(spec, sql.Source{DSN: dsn, Table: "people", Key: "id", Children: []sql.Child{{Name: "rows", Table: "notes", ForeignKey: "person"}}})
				if err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { r.Close() })
				for i := range row.keys {
					m, err := r.Find(ctx, by(string(rune('a'+i))+"@example.fi"))
					if err != nil || len(m) != 1 || m[0].Record.Children[0].Count != 1 {
						t.Fatalf("key %d: got %d matches, error %v, want one with one row", i, len(m), err)
					}
					if report, err := r.Change(ctx, []string{m[0].Record.Key}, []registers.Change{{Field: "email", New: "changed"}}); err != nil || report.Records != 1 {
						t.Fatalf("key %d: changed %d records, error %v, want 1", i, report.Records, err)
					}
					report, err := r.Erase(ctx, []string{m[0].Record.Key}, registers.Plan{}, day)
					if err != nil || report.Records != 1 || report.Rows != 1 {
						t.Fatalf("key %d: erased %d records and %d rows, error %v, want 1 and 1", i, report.Records, report.Rows, err)
					}
				}
			})
		}
	})
}

// A key that stands twice names nobody.
func TestKeyThatStandsTwice(t *testing.T) {
	each(t, func(t *testing.T, e engine) {
		dsn, db := e.fresh(t)
		execute(t, db, "CREATE TABLE people (id INTEGER, email VARCHAR(50))")
		execute(t, db, "INSERT INTO people VALUES (1, 'a@example.fi'), (1, 'b@example.fi')")
		spec := registers.Spec{Name: "x", Identify: map[registers.Role]string{registers.Email: "email"}, Fields: []registers.Field{{Name: "email", Change: true}}}
		r, err := sql.Open(spec, sql.Source{DSN: dsn, Table: "people", Key: "id"})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { r.Close() })
		if _, err := r.Erase(ctx, []string{"1"}, registers.Plan{}, day); !errors.Is(err, registers.ErrPermanent) {
			t.Errorf("erase: got %v, want ErrPermanent", err)
		}
		if _, err := r.Change(ctx, []string{"1"}, []registers.Change{{Field: "email", New: "x"}}); !errors.Is(err, registers.ErrPermanent) {
			t.Errorf("change: got %v, want ErrPermanent", err)
		}
		if got := one(t, db, "SELECT COUNT(*) FROM people WHERE email <> 'x'"); got != "2" {
			t.Errorf("got %s rows, want both as they were", got)
		}
		if got := r.Check(ctx); len(got) != 1 || got[0].Warn {
			t.Errorf("check: got %v, want it named", got)
		}
	})
}

// A key that is the person's address cannot stay with what is retained, and says so instead of staying.
func TestKeyThatSaysWho(t *testing.T) {
	each(t, func(t *testing.T, e engine) {
		dsn, db := e.fresh(t)
		execute(t, db, "CREATE TABLE people (email VARCHAR(50) PRIMARY KEY, name VARCHAR(50), paid INTEGER NOT NULL, since DATE NOT NULL)")
		execute(t, db, "INSERT INTO people VALUES ('a@example.fi', 'A', 5, '2020-01-01')")
		spec := registers.Spec{Name: "x", Identify: map[registers.Role]string{registers.Email: "email"}, Fields: []registers.Field{{Name: "email"}, {Name: "name"}, {Name: "paid"}, {Name: "since"}}}
		r, err := sql.Open(spec, sql.Source{DSN: dsn, Table: "people", Key: "email"})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { r.Close() })
		plan := registers.Plan{Retain: []registers.Retention{{Fields: []string{"name"}, Ground: title("law"), Until: registers.Rule{Kind: registers.Ledger}}}}
		report, err := r.Erase(ctx, []string{"a@example.fi"}, plan, day)
		if !errors.Is(err, registers.ErrPermanent) || len(report.Failed) != 1 || report.Failed[0].Field != "email" {
			t.Errorf("got %+v, %v, want the key named", report.Failed, err)
		}
		if got := one(t, db, "SELECT paid FROM people"); got != "5" {
			t.Errorf("paid: got %s, want nothing done", got)
		}
		plan.Retain[0].Fields = []string{"email"}
		if _, err := r.Erase(ctx, []string{"a@example.fi"}, plan, day); err != nil {
			t.Fatal(err)
		}
		if got := one(t, db, "SELECT COUNT(*) FROM people WHERE name IS NULL AND paid = 0 AND since = '1970-01-02'"); got != "1" {
			t.Errorf("got %s rows emptied by what NOT NULL allows, want 1", got)
		}
	})
}

func TestTableOfAnotherSchema(t *testing.T) {
	for _, row := range []struct {
		engine int
		schema string
	}{{1, "else\"where"}, {2, "else`where"}, {0, "main"}} {
		e := engines()[row.engine]
		t.Run(e.name, func(t *testing.T) {
			dsn, db := e.fresh(t)
			name := map[string]string{"postgres": `"else""where"`, "mariadb": "`else``where`", "sqlite": "main"}[e.name]
			if e.name != "sqlite" {
				execute(t, db, "CREATE SCHEMA "+name)
				t.Cleanup(func() {
					_, _ = db.Exec("DROP SCHEMA " + name + map[bool]string{true: " CASCADE"}[e.name == "postgres"])
				})
			}
			execute(t, db, "CREATE TABLE "+name+".people (id INTEGER PRIMARY KEY, email VARCHAR(50))")
			execute(t, db, "INSERT INTO "+name+".people VALUES (1, 'a@example.fi')")
			spec := registers.Spec{Name: "x", Identify: map[registers.Role]string{registers.Email: "email"}, Fields: []registers.Field{{Name: "email"}}}
			r, err := sql.Open(spec, sql.Source{DSN: dsn, Table: row.schema + ".people", Key: "id"})
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			if got := r.Check(ctx); len(got) != 0 {
				t.Errorf("check: got %v, want nothing", got)
			}
			if report, err := r.Erase(ctx, []string{"1"}, registers.Plan{}, day); err != nil || report.Records != 1 {
				t.Errorf("got %d records, error %v, want 1", report.Records, err)
			}
		})
	}
}
