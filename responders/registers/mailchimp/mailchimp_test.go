package mailchimp_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"dpobot/responders/registers"
	"dpobot/responders/registers/mailchimp"
)

var (
	ctx = context.Background()
	day = time.Date(2026, 3, 5, 12, 0, 0, 0, time.UTC)
)

func audience() registers.Spec {
	return registers.Spec{
		Name:     "newsletter",
		Identify: map[registers.Role]string{registers.Email: "email", registers.Name: "name"},
		Fields: []registers.Field{
			{Name: "email", Column: "email_address", Change: true}, {Name: "name", Column: "full_name"},
			{Name: "first", Column: "merge_fields.FNAME", Change: true}, {Name: "last", Column: "merge_fields.LNAME", Change: true},
			{Name: "city", Column: "merge_fields.ADDRESS.city", Change: true}, {Name: "status"}, {Name: "tags", Change: true}, {Name: "rate", Column: "stats.avg_open_rate"}, {Name: "missing", Column: "a.b"},
		},
		Children:  []registers.Child{{Name: "notes", Fields: []registers.Field{{Name: "note"}}}},
		Marketing: &registers.Marketing{Field: "status", Value: "unsubscribed"},
	}
}

func open(t *testing.T, f *fake) (*mailchimp.Register, *[]time.Duration) {
	t.Helper()
	r, err := mailchimp.Open(audience(), mailchimp.Source{Key: key, List: list, URL: f.URL + "/3.0"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	waits := new([]time.Duration)
	r.NoWait(waits)
	return r, waits
}

func by(address string) registers.Person { return registers.Person{Addresses: []string{address}} }

func find(t *testing.T, r *mailchimp.Register, p registers.Person) string {
	t.Helper()
	matches, err := r.Find(ctx, p)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, m := range matches {
		email, _ := m.Record.Value("email")
		out = append(out, fmt.Sprint(m.Certain, " ", email.Raw))
	}
	return strings.Join(out, ", ")
}

func TestFind(t *testing.T) {
	f := newFake(t)
	id := f.add("Matti@Example.fi", "Matti", "Mäkinen", "subscribed")
	f.add("matti2@example.fi", "Matti", "Mäkinen", "subscribed")
	f.add("xmatti@example.fi", "Maija", "M", "subscribed")
	f.add("matti@example.fi.example", "Maija", "N", "archived")
	f.add("anna+news@example.fi", "Anna", "A", "subscribed")
	for i := range 1200 {
		f.notes[id] = append(f.notes[id], fmt.Sprint("note ", i))
	}
	r, _ := open(t, f)
	name := func(s string) registers.Person {
		return registers.Person{Identifiers: map[registers.Role]string{registers.Name: s}}
	}
	for _, row := range []struct {
		name   string
		person registers.Person
		want   string
	}{
		{"other case", by("mATTI@example.fi"), "true Matti@Example.fi"},
		{"archived", by("matti@example.fi.example"), "true matti@example.fi.example"},
		{"stranger", by("nobody@example.fi"), ""},
		{"no address", by("../../lists"), ""},
		{"by name", name("matti mäkinen"), "false Matti@Example.fi, false matti2@example.fi"},
		{"address and namesake", registers.Person{Addresses: []string{"matti@example.fi"}, Identifiers: name("Matti Mäkinen").Identifiers}, "true Matti@Example.fi"},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := find(t, r, row.person); got != row.want {
				t.Errorf("got %q, want %q", got, row.want)
			}
		})
	}
	m, _ := r.Find(ctx, by("matti@example.fi"))
	var got []string
	for _, v := range m[0].Record.Values {
		got = append(got, fmt.Sprint(v.Field, "=", v.Raw, "/", v.Null))
	}
	want := []string{"email=Matti@Example.fi/false", "name=Matti Mäkinen/false", "first=Matti/false", "last=Mäkinen/false", "city=Tampere/false", "status=subscribed/false",
		`tags=[{"id":1,"name":"vip <b>"}]/false`, "rate=0.25/false", "missing=/true"}
	if !slices.Equal(got, want) {
		t.Errorf("values:\ngot  %q\nwant %q", got, want)
	}
	n := 0
	for row, err := range m[0].Record.Children[0].Rows(ctx) {
		if err != nil || row[0].Raw != fmt.Sprint("note ", n) {
			t.Fatalf("row %d: got %q, error %v", n, row[0].Raw, err)
		}
		n++
	}
	if n != 1200 || m[0].Record.Children[0].Count != 1200 {
		t.Errorf("notes: got %d and a count of %d, want 1200", n, m[0].Record.Children[0].Count)
	}
}

func TestChange(t *testing.T) {
	f := newFake(t)
	id := f.add("matti@example.fi", "Matti", "Mäkinen", "subscribed")
	f.add("taken@example.fi", "T", "T", "subscribed")
	r, _ := open(t, f)
	changes := []registers.Change{{Field: "email", New: "matti@uusi.example"}, {Field: "last", New: ""}, {Field: "city", New: "Turku"}}
	for i := range 2 { // the key outlives the change of address
		report, err := r.Change(ctx, []string{id, id}, changes)
		if err != nil || report.Records != 1 || len(report.Changed) != 3 || (report.Changed[0].Old == report.Changed[0].New) != (i == 1) {
			t.Fatalf("run %d: got %d records, %d changes, error %v", i, report.Records, len(report.Changed), err)
		}
	}
	m := f.members[id]
	address := m["merge_fields"].(map[string]any)["ADDRESS"].(map[string]any)
	if m["email_address"] != "matti@uusi.example" || address["city"] != "Turku" || address["addr1"] != "Uusikatu 1" {
		t.Errorf("got %v %v, want all changed and the rest of the address kept", m["email_address"], address)
	}
	if _, err := r.Change(ctx, []string{id}, []registers.Change{{Field: "status", New: "unsubscribed"}}); err != nil || m["status"] != "unsubscribed" {
		t.Errorf("objection to marketing: got %v, error %v", m["status"], err)
	}
	for _, c := range []registers.Change{{Field: "email", New: "taken@example.fi"}, {Field: "status", New: "subscribed"}, {Field: "tags", New: "x"}} {
		report, err := r.Change(ctx, []string{id}, []registers.Change{c})
		if !errors.Is(err, registers.ErrPermanent) || len(report.Failed) != 1 || report.Failed[0].Field != c.Field || strings.Contains(err.Error(), "@") {
			t.Errorf("%s: got %v, want it refused without an address in the text", c.Field, err)
		}
	}
}

func TestErase(t *testing.T) {
	f := newFake(t)
	id := f.add("matti@example.fi", "Matti", "Mäkinen", "subscribed")
	f.add("matti2@example.fi", "Matti", "Mäkinen", "subscribed")
	r, _ := open(t, f)
	preview, err := r.Preview(ctx, []string{id}, registers.Plan{}, day)
	if err != nil || len(f.members) != 2 {
		t.Fatalf("preview: %d members are left, error %v", len(f.members), err)
	}
	for i := range 2 {
		report, err := r.Erase(ctx, []string{id}, registers.Plan{}, day)
		if err != nil || report.Records != 1-i {
			t.Fatalf("run %d: got %d records, error %v", i, report.Records, err)
		}
		if i == 0 && fmt.Sprint(report) != fmt.Sprint(preview) {
			t.Errorf("got %v, want what the preview said: %v", report, preview)
		}
	}
	if len(f.members) != 1 || f.members[id] != nil {
		t.Errorf("got %d members, want the neighbour alone", len(f.members))
	}
}

func TestEraseKeepsTheAddressOfWhoObjected(t *testing.T) {
	f := newFake(t)
	id := f.add("matti@example.fi", "Matti", "Mäkinen", "unsubscribed")
	cleaned := f.add("gone@example.fi", "G", "G", "cleaned")
	spec := audience()
	spec.Children = nil
	spec.Fields = spec.Fields[:6]
	r, err := mailchimp.Open(spec, mailchimp.Source{Key: key, List: list, URL: f.URL + "/3.0"})
	if err != nil {
		t.Fatal(err)
	}
	plan := registers.Plan{Retain: []registers.Retention{{Fields: []string{"email", "name", "status"}, Ground: registers.Text{"en": "Art. 21(3)"}, Until: registers.Rule{Kind: registers.After, Period: registers.Period{Years: 3}}}}}
	for range 2 {
		report, err := r.Erase(ctx, []string{id, cleaned}, plan, day)
		if err != nil || len(report.Kept) != 1 || report.Kept[0].Until != "2029-03-05" || report.Kept[0].Rows != 2 {
			t.Fatalf("got %+v, error %v", report.Kept, err)
		}
	}
	if m := f.members[id]; m["status"] != "archived" || fmt.Sprint(m["merge_fields"]) != "map[ADDRESS: FNAME: LNAME: PHONE:]" {
		t.Errorf("got %v %v, want it archived and empty", m["status"], m["merge_fields"])
	}
	if m := f.members[cleaned]; m["status"] != "cleaned" {
		t.Errorf("got %v, want it left as it was", m["status"])
	}
	// What Mailchimp cannot do is said, and nothing is done.
	plan.Retain[0].Fields = []string{"name"}
	report, err := r.Erase(ctx, []string{id}, plan, day)
	if !errors.Is(err, registers.ErrPermanent) || len(report.Failed) != 2 {
		t.Errorf("without the address: got %+v, %v, want address and status named", report.Failed, err)
	}
}

func TestBusyServer(t *testing.T) {
	busy := func(status int, after string) func(http.ResponseWriter) {
		return func(w http.ResponseWriter) {
			if after != "" {
				w.Header().Set("Retry-After", after)
			}
			problem(w, status, "Too Many Requests")
		}
	}
	cut := func(w http.ResponseWriter) {
		c, _, _ := w.(http.Hijacker).Hijack()
		c.Close()
	}
	for _, row := range []struct {
		name  string
		fail  []func(http.ResponseWriter)
		want  error
		waits []time.Duration
	}{
		{"429 that says when", []func(http.ResponseWriter){busy(429, "7")}, nil, []time.Duration{7 * time.Second}},
		{"429 twice", []func(http.ResponseWriter){busy(429, ""), busy(429, "")}, nil, []time.Duration{500 * time.Millisecond, time.Second}},
		{"cut off", []func(http.ResponseWriter){cut}, nil, []time.Duration{500 * time.Millisecond}},
		{"503 all the time", slices.Repeat([]func(http.ResponseWriter){busy(503, "")}, 4), registers.ErrTemporary, []time.Duration{500 * time.Millisecond, time.Second, 2 * time.Second}},
		{"429 for an hour", []func(http.ResponseWriter){busy(429, "3600")}, registers.ErrTemporary, nil},
		{"redirect", []func(http.ResponseWriter){func(w http.ResponseWriter) { w.Header().Set("Location", "http://127.0.0.1:1/"); w.WriteHeader(302) }}, registers.ErrPermanent, nil},
		{"not JSON", []func(http.ResponseWriter){func(w http.ResponseWriter) { fmt.Fprint(w, "<html>secret@example.fi") }}, registers.ErrPermanent, nil},
		{"another account's key", []func(http.ResponseWriter){busy(403, "")}, registers.ErrPermanent, nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			f := newFake(t)
			f.add("matti@example.fi", "Matti", "M", "subscribed")
			r, waits := open(t, f)
			f.fail = row.fail
			_, err := r.Find(ctx, by("matti@example.fi"))
			if !errors.Is(err, row.want) || err != nil && (strings.Contains(err.Error(), "@") || strings.Contains(err.Error(), "127.0.0.1")) {
				t.Errorf("got %v, want %v", err, row.want)
			}
			// Go itself tries a GET again on a connection that was closed before the answer began.
			if row.name != "cut off" && !slices.Equal(*waits, row.waits) {
				t.Errorf("waited %v, want %v", *waits, row.waits)
			}
		})
	}
}

func TestOpenAndCheck(t *testing.T) {
	for _, src := range []mailchimp.Source{{Key: "nodatacentre", List: list}, {Key: key, List: "../x"}, {Key: "x-us1.evil.example", List: list}, {Key: key, List: list, URL: "http://mail.example/3.0"}} {
		if _, err := mailchimp.Open(audience(), src); err == nil {
			t.Errorf("opened %v, want an error", src)
		}
	}
	f := newFake(t)
	r, _ := open(t, f)
	if got := r.Check(ctx); len(got) != 1 || !got[0].Warn || !strings.Contains(got[0].What, "PHONE") {
		t.Errorf("sound: got %v, want a warning of PHONE", got)
	}
	spec := audience()
	spec.Fields = append(spec.Fields, registers.Field{Name: "born", Column: "merge_fields.BIRTHDAY"})
	for _, row := range []struct {
		name, want string
		src        mailchimp.Source
	}{
		{"lost merge field", "no merge field BIRTHDAY", mailchimp.Source{Key: key, List: list, URL: f.URL + "/3.0"}},
		{"wrong key", "API Key Invalid", mailchimp.Source{Key: "x-us21", List: list, URL: f.URL + "/3.0"}},
		{"wrong audience", "no audience zzz", mailchimp.Source{Key: key, List: "zzz", URL: f.URL + "/3.0"}},
	} {
		r, err := mailchimp.Open(spec, row.src)
		if err != nil {
			t.Fatal(err)
		}
		if got := r.Check(ctx); !slices.ContainsFunc(got, func(f registers.Finding) bool { return strings.Contains(f.What, row.want) && !f.Warn }) {
			t.Errorf("%s: got %v, want %q", row.name, got, row.want)
		}
	}
}
