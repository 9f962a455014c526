package sql_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"dpobot/responders/registers"
)

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
