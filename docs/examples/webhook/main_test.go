package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"dpobot/responders/registers"
	"dpobot/responders/registers/webhook"
)

const secret = "a secret of at least thirty-two characters"

var (
	ctx = context.Background()
	day = time.Date(2026, 3, 5, 12, 0, 0, 0, time.UTC)
)

const people = `[
 {"key": "1", "fields": {"name": "Matti Mäkinen", "email": "Matti@Example.fi", "phone": "+358 40 1", "age": 41, "vip": true},
  "children": {"orders": [{"key": "a", "fields": {"date": "2016-05-01", "sum": 10.50, "note": "old"}}, {"key": "b", "fields": {"date": "2025-05-01", "sum": 20, "note": "new"}}]}},
 {"key": "2", "fields": {"name": "Matti Mäkinen", "email": "matti2@example.fi", "phone": null, "age": 30, "vip": false}, "children": {"orders": [{"key": "a", "fields": {"date": "2025-01-01", "sum": 1, "note": "neighbour"}}]}},
 {"key": "3", "fields": {"name": "Maija", "email": "xmatti@example.fi", "phone": "", "age": 20, "vip": false}}
]`

func crm() registers.Spec {
	return registers.Spec{
		Name:     "crm",
		Identify: map[registers.Role]string{registers.Email: "email", registers.Name: "name"},
		Fields:   []registers.Field{{Name: "name", Change: true}, {Name: "email", Change: true}, {Name: "telephone", Column: "phone", Change: true}, {Name: "age"}, {Name: "vip"}},
		Children: []registers.Child{{Name: "orders", Fields: []registers.Field{{Name: "date"}, {Name: "sum"}, {Name: "note"}}}},
	}
}

// start runs the example on people, and opens it as dpobot does.
func start(t *testing.T) (*webhook.Register, *handler, string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "people.json")
	if err := os.WriteFile(file, []byte(people), 0o600); err != nil {
		t.Fatal(err)
	}
	h := &handler{store: &store{file: file}, secret: []byte(secret), now: time.Now, seen: map[string]time.Time{}}
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	r, err := webhook.Open(crm(), webhook.Source{URL: server.URL + "/dpobot", Secret: secret})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	return r, h, server.URL
}

func load(t *testing.T, h *handler) []record {
	t.Helper()
	records, err := h.store.load()
	if err != nil {
		t.Fatal(err)
	}
	return records
}

func text(values []registers.Value) string {
	var out []string
	for _, v := range values {
		if v.Null {
			v.Raw = "NULL"
		}
		out = append(out, v.Field+"="+v.Raw)
	}
	return strings.Join(out, " ")
}

func TestFind(t *testing.T) {
	r, _, _ := start(t)
	m, err := r.Find(ctx, registers.Person{Addresses: []string{"MATTI@example.fi"}, Identifiers: map[registers.Role]string{registers.Name: "Matti Mäkinen"}})
	if err != nil || len(m) != 1 || !m[0].Certain {
		t.Fatalf("got %d, error %v, want him alone and not his namesake", len(m), err)
	}
	if got, want := text(m[0].Record.Values), "name=Matti Mäkinen email=Matti@Example.fi telephone=+358 40 1 age=41 vip=true"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	orders := m[0].Record.Children[0]
	var rows []string
	for row := range orders.Rows(ctx) {
		rows = append(rows, text(row))
	}
	if want := []string{"date=2016-05-01 sum=10.5 note=old", "date=2025-05-01 sum=20 note=new"}; orders.Count != 2 || !slices.Equal(rows, want) {
		t.Errorf("orders: got %q, want %q", rows, want)
	}
	if m, err := r.Find(ctx, registers.Person{Addresses: []string{"nobody@example.fi"}}); err != nil || len(m) != 0 {
		t.Errorf("stranger: got %d, error %v, want none", len(m), err)
	}
	if found := r.Check(ctx); len(found) != 0 {
		t.Errorf("check: got %v, want nothing", found)
	}
}

func TestChange(t *testing.T) {
	r, h, _ := start(t)
	changes := []registers.Change{{Field: "telephone", New: "040 2"}, {Field: "name", New: "Matti <b>"}}
	for i := range 2 {
		report, err := r.Change(ctx, []string{"1", "99"}, changes)
		if err != nil || report.Records != 1 || len(report.Changed) != 2 || (report.Changed[0].Old == "040 2") != (i == 1) {
			t.Fatalf("run %d: got %d records, error %v", i, report.Records, err)
		}
	}
	if got := load(t, h); got[0].Fields["phone"] != "040 2" || got[1].Fields["name"] != "Matti Mäkinen" {
		t.Error("the fields are not as wanted")
	}
	report, err := r.Change(ctx, []string{"1"}, []registers.Change{{Field: "age", New: "5"}})
	if !errors.Is(err, registers.ErrPermanent) || len(report.Failed) != 1 {
		t.Errorf("not changeable: got %v, want ErrPermanent", err)
	}
}

func TestErase(t *testing.T) {
	r, h, _ := start(t)
	plan := registers.Plan{Retain: []registers.Retention{{Fields: []string{"orders.date", "orders.sum"}, Ground: registers.Text{"en": "Accounting Act 2:10"}, Until: registers.Rule{Kind: registers.Voucher, Field: "orders.date"}}}}
	preview, err := r.Preview(ctx, []string{"1"}, plan, day)
	if err != nil || load(t, h)[0].Fields["name"] == nil {
		t.Fatalf("preview: error %v, or it did something", err)
	}
	for i := range 2 {
		report, err := r.Erase(ctx, []string{"1"}, plan, day)
		if err != nil || len(report.Kept) != 1 || report.Kept[0].Until != "2031-12-31" || report.Rows != 1-i {
			t.Fatalf("run %d: got %+v, %d rows, error %v", i, report.Kept, report.Rows, err)
		}
		if i == 0 && !slices.Equal(report.Deleted, preview.Deleted) {
			t.Errorf("deleted: got %v, want what the preview said, %v", report.Deleted, preview.Deleted)
		}
	}
	data, _ := json.Marshal(load(t, h))
	for text, want := range map[string]bool{"Matti@Example.fi": false, "old": false, `"new"`: false, "2016-05-01": false, "2025-05-01": true, "neighbour": true, "matti2@example.fi": true} {
		if got := bytes.Contains(data, []byte(text)); got != want {
			t.Errorf("%s: got %v, want %v", text, got, want)
		}
	}
	if report, err := r.Change(ctx, []string{"1"}, []registers.Change{{Field: "name", New: "x"}}); !errors.Is(err, registers.ErrPermanent) || len(report.Failed) != 1 {
		t.Errorf("what is retained: got %v, want it locked", err)
	}
	if report, err := r.Erase(ctx, []string{"2", "3"}, registers.Plan{}, day); err != nil || report.Records != 2 || len(load(t, h)) != 1 {
		t.Errorf("got %d records, error %v, want both gone", report.Records, err)
	}
}

func unix(t time.Time) string { return strconv.FormatInt(t.Unix(), 10) }

// TestRefuses sends what does not come from dpobot, or comes again.
func TestRefuses(t *testing.T) {
	_, h, url := start(t)
	body := []byte(`{"version":1,"id":"x","action":"read","keys":["1"]}`)
	post := func(at time.Time, signature string, body []byte) int {
		t.Helper()
		q, err := http.NewRequest(http.MethodPost, url, bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		timestamp := unix(at)
		if signature == "" {
			signature = webhook.Sign([]byte(secret), timestamp, body)
		}
		q.Header.Set("Dpobot-Timestamp", timestamp)
		q.Header.Set("Dpobot-Signature", signature)
		answer, err := http.DefaultClient.Do(q)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		content, _ := io.ReadAll(answer.Body)
		if answer.StatusCode != http.StatusOK && strings.Contains(string(content), "Matti") {
			t.Errorf("a refusal tells of a person: %s", content)
		}
		return answer.StatusCode
	}
	now := time.Now()
	for _, row := range []struct {
		name      string
		at        time.Time
		signature string
		body      []byte
		want      int
	}{
		{"another's signature", now, webhook.Sign([]byte("another secret of thirty-two letters"), unix(now), body), body, http.StatusUnauthorized},
		{"no signature", now, "v1=", body, http.StatusUnauthorized},
		{"another body", now, webhook.Sign([]byte(secret), unix(now), body), []byte(`{"version":1,"id":"x","action":"read","keys":["2"]}`), http.StatusUnauthorized},
		{"six minutes old", now.Add(-6 * time.Minute), "", body, http.StatusUnauthorized},
		{"six minutes ahead", now.Add(6 * time.Minute), "", body, http.StatusUnauthorized},
		{"sound", now, "", body, http.StatusOK},
		{"the same again", now, "", body, http.StatusConflict},
		{"the same again, signed later", now.Add(time.Second), "", body, http.StatusConflict},
		{"another version", now, "", []byte(`{"version":2,"id":"y","action":"read"}`), http.StatusBadRequest},
	} {
		if got := post(row.at, row.signature, row.body); got != row.want {
			t.Errorf("%s: got HTTP %d, want %d", row.name, got, row.want)
		}
	}
	h.secret = []byte("the secret was changed on this side only")
	r, err := webhook.Open(crm(), webhook.Source{URL: url, Secret: secret})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.Find(ctx, registers.Person{Addresses: []string{"matti@example.fi"}}); !errors.Is(err, registers.ErrPermanent) || !strings.Contains(err.Error(), "bad_signature") {
		t.Errorf("got %v, want ErrPermanent with the code", err)
	}
}

// A walk takes as many pages as there are; a server that cannot be walked says so.
func TestScan(t *testing.T) {
	r, h, _ := start(t)
	var many []record
	for i := range 2*pageSize + 1 {
		many = append(many, record{Key: strconv.Itoa(i), Fields: map[string]any{"email": "person" + strconv.Itoa(i) + "@many.example", "name": nil}})
	}
	many[7].Fields["email"] = nil
	if err := h.store.save(many); err != nil {
		t.Fatal(err)
	}
	seen := map[string]string{}
	for l, err := range r.Scan(ctx) {
		if err != nil {
			t.Fatal(err)
		}
		seen[l.Key] = l.Address
	}
	if len(seen) != len(many) || seen["7"] != "" || seen["1000"] != "person1000@many.example" {
		t.Errorf("got %d records, want %d with their addresses", len(seen), len(many))
	}
	for name, answer := range map[string]string{
		"not known": `{"failed":[{"code":"unknown_action"}]}`, "the same page for ever": `{"records":[{"key":"1","address":"a@b.fi"}],"next":"1"}`,
		"an empty page that goes on": `{"records":[],"next":"1"}`, "no key": `{"records":[{"address":"a@b.fi"}]}`,
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, answer) }))
		other, err := webhook.Open(crm(), webhook.Source{URL: server.URL, Secret: secret})
		if err != nil {
			t.Fatal(err)
		}
		n, last := 0, error(nil)
		for _, last = range other.Scan(ctx) {
			if n++; n > 10 {
				break
			}
		}
		if !errors.Is(last, registers.ErrPermanent) || strings.Contains(last.Error(), "@") {
			t.Errorf("%s: got %v after %d records, want ErrPermanent", name, last, n)
		}
		server.Close()
		_ = other.Close()
	}
}
