package sql_test

import (
	"fmt"
	"runtime"
	"testing"

	"dpobot/responders/registers"
)

// TestManyRows gives one person fifty thousand orders, each with a date and time of its own, and reads and erases them in bounded memory.
func TestManyRows(t *testing.T) {
	const many = 50_000
	e := engines()[0]
	r, db := plant(t, e)
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
