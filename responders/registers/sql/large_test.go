package sql_test

import (
	"context"
	database "database/sql"
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"dpobot/responders/registers"
	"dpobot/responders/registers/sql"
)

// TestManyRows gives one person fifty thousand orders, each with a date and time of its own, and reads and erases them in bounded memory.
func TestManyRows(t *testing.T) {
	const many = 50_000
	e := engines()[0]
	dsn, db := plantTables(t, e)
	src := source(dsn)
	src.Timeout = 5 * time.Minute // the race detector makes SQLite, which is Go here, slow
	r, err := sql.Open(customers(), src)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	execute(t, db, fmt.Sprintf(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i < %d)
		INSERT INTO orders (id, customer, ordered, amount, note) SELECT 1000+i, 1, datetime('2016-01-01', '+' || i || ' hours'), i, '%0200d' FROM n`, many, 0))
	rec := func() registers.Record {
		m, err := r.Find(ctx, by("matti.makinen@example.fi"))
		if err != nil || len(m) != 1 {
			t.Fatalf("got %d matches, error %v, want 1", len(m), err)
		}
		return m[0].Record
	}()
	orders := rec.Children[0]
	if orders.Count != many+2 {
		t.Errorf("got %d orders, want %d", orders.Count, many+2)
	}
	var before, now runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	n, peak := 0, uint64(0)
	for _, err := range orders.Rows(ctx) {
		if err != nil {
			t.Fatal(err)
		}
		if n++; n%10_000 == 0 {
			runtime.GC()
			runtime.ReadMemStats(&now)
			peak = max(peak, now.HeapAlloc)
		}
	}
	if n != many+2 {
		t.Errorf("read %d orders, want %d", n, many+2)
	}
	// The notes alone are 10 MB.
	if peak > before.HeapAlloc+2<<20 {
		t.Errorf("the heap grew by %d bytes while reading, want less than 2 MiB", peak-before.HeapAlloc)
	}
	for range orders.Rows(ctx) { // a caller may stop
		break
	}
	report, err := r.Erase(ctx, []string{"1"}, vouchers(), day)
	if err != nil {
		t.Fatal(err)
	}
	left := one(t, db, "SELECT COUNT(*) FROM orders WHERE customer = 1 AND note IS NULL AND ordered >= '2019-01-01'")
	if all := one(t, db, "SELECT COUNT(*) FROM orders WHERE customer = 1"); left != all || left != fmt.Sprint(many+3-report.Rows) {
		t.Errorf("left %s orders, of which %s are within their time and without note; %d were deleted, one of them a consent", all, left, report.Rows)
	}
	if len(report.Kept) != 1 || report.Kept[0].Next != "2025-12-31" && report.Kept[0].Next != "2026-12-31" {
		t.Errorf("kept: got %+v, want one line", report.Kept)
	}
}

// BenchmarkFindInAMillion measures what one look-up costs in a table of a million customers: the pass of the engine over the
// address column, and the same with Indexed.
func BenchmarkFindInAMillion(b *testing.B) {
	for _, row := range []struct {
		name, dsn, rows string
	}{
		{"sqlite", "sqlite:" + b.TempDir() + "/million.db", "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i < 1000000) SELECT i, 'Person' || i || '@Example.fi' FROM n"},
		{"postgres", "", "SELECT i, 'Person' || i || '@Example.fi' FROM generate_series(1, 1000000) i"},
		{"mariadb", "", "SELECT seq, CONCAT('Person', seq, '@Example.fi') FROM seq_1_to_1000000"},
	} {
		driver, at := row.name, strings.TrimPrefix(row.dsn, "sqlite:")
		switch {
		case row.name == "postgres" && noPostgres == nil:
			driver, at = "pgx", fmt.Sprintf("postgres://postgres@127.0.0.1:%d/postgres", postgres.Port)
			row.dsn = at
		case row.name == "mariadb" && noMariaDB == nil:
			driver, at = "mysql", fmt.Sprintf("root@tcp(127.0.0.1:%d)/million", mariadb.Port)
			row.dsn = at
			if err := mariadb.Exec("CREATE DATABASE IF NOT EXISTS million"); err != nil {
				b.Fatal(err)
			}
		case row.name != "sqlite":
			continue
		}
		db, err := database.Open(driver, at)
		if err != nil {
			b.Fatal(err)
		}
		defer db.Close()
		_, _ = db.Exec("DROP TABLE IF EXISTS people")
		for _, s := range []string{"CREATE TABLE people (id INTEGER PRIMARY KEY, email VARCHAR(60))", "INSERT INTO people " + row.rows, "UPDATE people SET email = 'person500000@example.fi' WHERE id = 500000", "CREATE INDEX people_email ON people (email)"} {
			if _, err := db.Exec(s); err != nil {
				b.Fatal(err)
			}
		}
		spec := registers.Spec{Name: "x", Identify: map[registers.Role]string{registers.Email: "email"}, Fields: []registers.Field{{Name: "email"}}}
		for _, indexed := range []bool{false, true} {
			r, err := sql.Open(spec, sql.Source{DSN: row.dsn, Table: "people", Key: "id", Indexed: indexed})
			if err != nil {
				b.Fatal(err)
			}
			b.Run(fmt.Sprintf("%s/indexed=%v", row.name, indexed), func(b *testing.B) {
				b.ReportAllocs()
				for range b.N {
					if m, err := r.Find(context.Background(), by("Person500000@example.fi")); err != nil || len(m) != 1 {
						b.Fatal(len(m), err)
					}
				}
			})
			r.Close()
		}
	}
}
