package sql_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"dpobot/responders/registers"
)

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
