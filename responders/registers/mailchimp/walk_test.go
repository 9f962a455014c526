package mailchimp_test

import (
	"fmt"
	"net/http"
	"testing"
)

// The audience comes in pages, and its archive, which the list leaves out, after it.
func TestScan(t *testing.T) {
	f := newFake(t)
	for i := range 1203 {
		status := "subscribed"
		if i%400 == 7 {
			status = "archived"
		}
		f.add(fmt.Sprintf("Person%d@posti.example", i), "A", "B", status)
	}
	r, _ := open(t, f)
	seen := map[string]string{}
	for l, err := range r.Scan(ctx) {
		if err != nil {
			t.Fatal(err)
		}
		seen[l.Key] = l.Address
	}
	if len(seen) != 1203 {
		t.Errorf("got %d members, want 1203 with the archived", len(seen))
	}
	for id, m := range f.members {
		if seen[id] != m["email_address"] {
			t.Errorf("a member's address is not as it stands")
		}
	}
	for key := range seen {
		records, err := r.Read(ctx, []string{key, "gone"})
		if err != nil || len(records) != 1 || records[0].Key != key {
			t.Errorf("got %d records, error %v", len(records), err)
		}
		break
	}
	f.mu.Lock()
	for range 8 {
		f.fail = append(f.fail, func(w http.ResponseWriter) { problem(w, 500, "Internal Server Error") })
	}
	f.mu.Unlock()
	n := 0
	for _, err := range r.Scan(ctx) {
		if n++; err == nil {
			t.Error("a server that is broken gave a member")
		}
	}
	if n != 1 {
		t.Errorf("got %d errors, want one that ends the walk", n)
	}
}
