package sql_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dpobot/responders/registers"
	"dpobot/responders/registers/sql"
)

// TestNothingLeftInTheFile looks into the bytes of a SQLite database after an erasure: free pages and the write-ahead log keep what was
// deleted, unless told not to.
func TestNothingLeftInTheFile(t *testing.T) {
	for _, mode := range []string{"DELETE", "WAL"} {
		t.Run(mode, func(t *testing.T) {
			e := engines()[0]
			dsn, db := plantTables(t, e)
			db.SetMaxOpenConns(1)
			execute(t, db, "PRAGMA journal_mode = "+mode)
			r, err := sql.Open(customers(), source(dsn))
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { r.Close() })
			if !inFiles(t, dsn, "Uusikatu 1") {
				t.Fatal("the address is not there to begin with")
			}
			if _, err := r.Erase(ctx, []string{"1"}, vouchers(), day); err != nil {
				t.Fatal(err)
			}
			if inFiles(t, dsn, "Uusikatu 1") {
				t.Error("the address is still in the database's files")
			}
			if !inFiles(t, dsn, "Neighbour 2") {
				t.Error("the neighbour is gone too")
			}
		})
	}
}

func inFiles(t *testing.T, dsn, text string) bool {
	t.Helper()
	files, err := filepath.Glob(strings.TrimPrefix(dsn, "sqlite:") + "*")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		data, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(data, []byte(text)) {
			return true
		}
	}
	return false
}

// TestRowsThatNobodyDeclared: a table that the configuration forgot refers to the customer, so that the database refuses, and nothing is done.
func TestRowsThatNobodyDeclared(t *testing.T) {
	each(t, func(t *testing.T, e engine) {
		r, db := plant(t, e)
		execute(t, db, "CREATE TABLE forgotten (customer INTEGER, FOREIGN KEY (customer) REFERENCES customers(id))")
		execute(t, db, "INSERT INTO forgotten VALUES (1)")
		if _, err := r.Erase(ctx, []string{"1"}, registers.Plan{}, day); !errors.Is(err, registers.ErrPermanent) {
			t.Errorf("got %v, want ErrPermanent", err)
		}
		if got := counts(t, e, db); got != untouched {
			t.Errorf("got %s, want %s", got, untouched)
		}
	})
}

// TestTriggerThatCuts: what the database makes of a value is read back, and a change that did not hold is none.
func TestTriggerThatCuts(t *testing.T) {
	e := engines()[0]
	r, db := plant(t, e)
	execute(t, db, "CREATE TRIGGER cut AFTER UPDATE OF address ON customers BEGIN UPDATE customers SET address = substr(NEW.address, 1, 5) WHERE id = NEW.id; END")
	report, err := r.Change(ctx, []string{"1"}, []registers.Change{{Field: "address", New: "Pitkäkatu 123"}})
	if !errors.Is(err, registers.ErrPermanent) || len(report.Failed) != 1 || report.Failed[0].Field != "address" {
		t.Errorf("got %+v, %v, want the field named", report.Failed, err)
	}
	if got := one(t, db, "SELECT address FROM customers WHERE id = 1"); got != "Uusikatu 1" {
		t.Errorf("address: got %q, want it as it was", got)
	}
}
