package sql_test

import (
	database "database/sql"
	"errors"
	"fmt"
	"runtime"
	"testing"

	"dpobot/responders/registers"
	"dpobot/responders/registers/sql"
)

// walk lists what a scan yields, by key.
func walk(t *testing.T, r registers.Scanner) map[string]string {
	t.Helper()
	out := map[string]string{}
	for l, err := range r.Scan(ctx) {
		if err != nil {
			t.Fatal(err)
		}
		if _, twice := out[l.Key]; twice {
			t.Errorf("%s came twice", l.Key)
		}
		out[l.Key] = l.Address
	}
	return out
}

func TestScanAndRead(t *testing.T) {
	each(t, func(t *testing.T, e engine) {
		r, _ := plant(t, e)
		got := walk(t, r)
		for _, p := range planted {
			if address, ok := got[fmt.Sprint(p.id)]; !ok || address != p.email {
				t.Errorf("%d: got %v, want its address as it stands", p.id, ok)
			}
		}
		if len(got) != len(planted) {
			t.Errorf("got %d records, want %d", len(got), len(planted))
		}
		records, err := r.Read(ctx, []string{"6", "1", "999", "1"})
		if err != nil || len(records) != 2 {
			t.Fatalf("got %d records, error %v, want those of 1 and 6", len(records), err)
		}
		name, _ := records[0].Value("name")
		if records[0].Key != "1" || name.Raw != "Matti Mäkinen" || records[0].Erased {
			t.Errorf("got another record under key 1")
		}
		if _, err := r.Erase(ctx, []string{"1"}, vouchers(), day); err != nil {
			t.Fatal(err)
		}
		if records, err = r.Read(ctx, []string{"1"}); err != nil || len(records) != 1 || !records[0].Erased {
			t.Errorf("after an erasure: got %d records, error %v", len(records), err)
		}
		for range r.Scan(ctx) { // one that ends early lets go of its connection
			break
		}
		if _, err := r.Change(ctx, []string{"2"}, []registers.Change{{Field: "address", New: "x"}}); err != nil {
			t.Errorf("after a walk: %v", err)
		}
	})
}

func TestScanOwn(t *testing.T) {
	each(t, func(t *testing.T, e engine) {
		r, _ := own(t, e)
		for _, err := range r.Scan(ctx) {
			if !errors.Is(err, registers.ErrPermanent) {
				t.Errorf("without a statement: got %v, want ErrPermanent", err)
			}
		}
		records, err := r.Read(ctx, []string{"1", "999"})
		if err != nil || len(records) != 1 || records[0].Key != "1" {
			t.Errorf("got %d records, error %v", len(records), err)
		}
		dsn, _ := plantTables(t, e)
		for statement, want := range map[string]int{`SELECT id AS "key", email FROM customers`: len(planted), `SELECT id, email FROM customers`: -1, `SELECT 1 FROM nowhere`: -1} {
			if e.name == "mariadb" {
				statement = "SELECT id AS `key`, email FROM customers"
				want = len(planted)
			}
			scanning := openScan(t, dsn, statement)
			n := 0
			for _, err := range scanning.Scan(ctx) {
				if n++; err != nil {
					n = -1
				}
			}
			if n != want {
				t.Errorf("%s: got %d, want %d", statement, n, want)
			}
		}
	})
}

func openScan(t *testing.T, dsn, statement string) *sql.Own {
	t.Helper()
	s, err := sql.ParseStatements(map[string]string{"find": "SELECT 1 WHERE 1 = :key", "scan": statement})
	if err != nil {
		t.Fatal(err)
	}
	spec := registers.Spec{Name: "x", Identify: map[registers.Role]string{registers.Email: "email"}, Fields: []registers.Field{{Name: "email"}}}
	r, err := sql.OpenOwn(spec, sql.Source{DSN: dsn, Statements: s})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	return r
}

// TestScanMany walks two hundred thousand records without keeping them.
func TestScanMany(t *testing.T) {
	const many = 200_000
	e := engines()[0]
	dsn, db := plantTables(t, e)
	plantMany(t, db, many)
	r, err := sql.Open(customers(), source(dsn))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	var before, now runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	n, peak := 0, uint64(0)
	for _, err := range r.Scan(ctx) {
		if err != nil {
			t.Fatal(err)
		}
		if n++; n%50_000 == 0 {
			runtime.GC()
			runtime.ReadMemStats(&now)
			peak = max(peak, now.HeapAlloc)
		}
	}
	if n != many+len(planted) {
		t.Errorf("got %d records, want %d", n, many+len(planted))
	}
	if peak > before.HeapAlloc+2<<20 {
		t.Errorf("the heap grew by %d bytes, want less than 2 MiB", peak-before.HeapAlloc)
	}
}

func plantMany(t *testing.T, db *database.DB, many int) {
	t.Helper()
	execute(t, db, fmt.Sprintf(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i < %d)
		INSERT INTO customers (id, name, email) SELECT 1000+i, 'Somebody', 'person' || i || '@many.example' FROM n`, many))
}
