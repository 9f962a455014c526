package mailchimp_test

import (
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
)

const key, list = "0123456789abcdef0123456789abcdef-us21", "a1b2c3d4e5"

// fake behaves as the Marketing API 3.0 is documented to: https://mailchimp.com/developer/marketing/api/list-members/
type fake struct {
	*httptest.Server
	mu      sync.Mutex
	members map[string]map[string]any // by contact id
	notes   map[string][]string
	calls   []string
	fail    []func(w http.ResponseWriter) // answers given before any other, in turn
}

func newFake(t *testing.T) *fake {
	t.Helper()
	f := &fake{members: map[string]map[string]any{}, notes: map[string][]string{}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /3.0/ping", func(w http.ResponseWriter, _ *http.Request) {
		reply(w, 200, map[string]any{"health_status": "Everything's Chimpy!"})
	})
	mux.HandleFunc("GET /3.0/search-members", f.search)
	mux.HandleFunc("GET /3.0/lists/{list}/merge-fields", f.mergeFields)
	mux.HandleFunc("GET /3.0/lists/{list}/members", f.page)
	mux.HandleFunc("GET /3.0/lists/{list}/members/{id}", f.get)
	mux.HandleFunc("PATCH /3.0/lists/{list}/members/{id}", f.patch)
	mux.HandleFunc("DELETE /3.0/lists/{list}/members/{id}", f.archive)
	mux.HandleFunc("POST /3.0/lists/{list}/members/{id}/actions/delete-permanent", f.deletePermanent)
	mux.HandleFunc("GET /3.0/lists/{list}/members/{id}/notes", f.getNotes)
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { problem(w, 404, "Resource Not Found") })
	f.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.calls = append(f.calls, r.Method+" "+r.URL.Path)
		if len(f.fail) > 0 {
			next := f.fail[0]
			f.fail = f.fail[1:]
			next(w)
			return
		}
		if _, password, _ := r.BasicAuth(); password != key {
			problem(w, 401, "API Key Invalid")
			return
		}
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(f.Close)
	return f
}

func md5of(address string) string {
	sum := md5.Sum([]byte(strings.ToLower(address)))
	return hex.EncodeToString(sum[:])
}

// add puts a member into the audience and returns its contact id.
func (f *fake) add(address, first, last, status string) string {
	id := fmt.Sprintf("%032x", len(f.members)+1)
	f.members[id] = map[string]any{"id": md5of(address), "contact_id": id, "email_address": address, "full_name": first + " " + last, "status": status, "list_id": list,
		"merge_fields": map[string]any{"FNAME": first, "LNAME": last, "PHONE": "", "ADDRESS": map[string]any{"addr1": "Uusikatu 1", "city": "Tampere"}},
		"tags":         []any{map[string]any{"id": 1, "name": "vip <b>"}}, "stats": map[string]any{"avg_open_rate": 0.25}}
	return id
}

// find takes the digest, the address or the contact id, as the API does.
func (f *fake) find(w http.ResponseWriter, r *http.Request) (string, map[string]any) {
	for id, m := range f.members {
		if p := r.PathValue("id"); r.PathValue("list") == list && (p == id || p == m["id"] || strings.EqualFold(p, m["email_address"].(string))) {
			return id, m
		}
	}
	problem(w, 404, "Resource Not Found")
	return "", nil
}

func (f *fake) get(w http.ResponseWriter, r *http.Request) {
	if _, m := f.find(w, r); m != nil {
		reply(w, 200, m)
	}
}

func (f *fake) search(w http.ResponseWriter, r *http.Request) {
	exact, full := []any{}, []any{}
	for _, id := range slices.Sorted(maps.Keys(f.members)) {
		m := f.members[id]
		q := r.URL.Query().Get("query")
		switch {
		case strings.EqualFold(m["email_address"].(string), q):
			exact = append(exact, m)
		case strings.Contains(strings.ToLower(m["full_name"].(string)), strings.ToLower(q)):
			full = append(full, m)
		}
	}
	reply(w, 200, map[string]any{"exact_matches": map[string]any{"members": exact, "total_items": len(exact)}, "full_search": map[string]any{"members": full, "total_items": len(full)}})
}

func (f *fake) mergeFields(w http.ResponseWriter, r *http.Request) {
	if r.PathValue("list") != list {
		problem(w, 404, "Resource Not Found")
		return
	}
	reply(w, 200, map[string]any{"merge_fields": []any{map[string]any{"tag": "FNAME"}, map[string]any{"tag": "LNAME"}, map[string]any{"tag": "PHONE"}, map[string]any{"tag": "ADDRESS"}}})
}

func (f *fake) patch(w http.ResponseWriter, r *http.Request) {
	_, m := f.find(w, r)
	if m == nil {
		return
	}
	var body map[string]any
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
		problem(w, 400, "JSON Parse Error")
		return
	}
	fields, _ := body["merge_fields"].(map[string]any)
	for tag, value := range fields {
		if tag == "LNAME" && value == "" && r.URL.Query().Get("skip_merge_validation") != "true" {
			problem(w, 400, "Invalid Resource")
			return
		}
		m["merge_fields"].(map[string]any)[tag] = value
	}
	if address, ok := body["email_address"].(string); ok {
		for _, other := range f.members {
			if other["id"] == md5of(address) && other["contact_id"] != m["contact_id"] {
				problem(w, 400, "Member Exists")
				return
			}
		}
		m["email_address"], m["id"] = address, md5of(address)
	}
	if status, ok := body["status"]; ok {
		m["status"] = status
	}
	reply(w, 200, m)
}

func (f *fake) archive(w http.ResponseWriter, r *http.Request) {
	_, m := f.find(w, r)
	if m == nil {
		return
	}
	if s := m["status"]; s != "subscribed" && s != "unsubscribed" {
		problem(w, 405, "Method Not Allowed")
		return
	}
	m["status"] = "archived"
	w.WriteHeader(204)
}

func (f *fake) deletePermanent(w http.ResponseWriter, r *http.Request) {
	id, m := f.find(w, r)
	if m == nil {
		return
	}
	if r.PathValue("id") != m["id"] { // only the digest is documented here
		problem(w, 404, "Resource Not Found")
		return
	}
	delete(f.members, id)
	w.WriteHeader(204)
}

func (f *fake) getNotes(w http.ResponseWriter, r *http.Request) {
	id, m := f.find(w, r)
	if m == nil {
		return
	}
	count, _ := strconv.Atoi(r.URL.Query().Get("count"))
	offset, _ := strconv.Atoi(r.URL.Query().Get("offset"))
	notes := []any{}
	all := f.notes[id]
	for i := offset; i < min(len(all), offset+count); i++ {
		notes = append(notes, map[string]any{"id": i, "note": all[i]})
	}
	reply(w, 200, map[string]any{"notes": notes, "total_items": len(all)})
}

func reply(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

// problem answers as the API does, with an address in the detail that must not get any further.
func problem(w http.ResponseWriter, status int, title string) {
	w.Header().Set("Content-Type", "application/problem+json; charset=utf-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]any{"type": "https://mailchimp.com/developer/marketing/docs/errors/", "title": title, "status": status, "detail": "secret@example.fi is the reason", "instance": "1"})
}

// page lists members in the order in which they came; the archived only where they are asked for.
func (f *fake) page(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	count, _ := strconv.Atoi(q.Get("count"))
	offset, _ := strconv.Atoi(q.Get("offset"))
	if r.PathValue("list") != list || count < 1 || count > 1000 {
		problem(w, 400, "Bad Request")
		return
	}
	out := []any{}
	for _, id := range slices.Sorted(maps.Keys(f.members)) {
		m := f.members[id]
		if archived := m["status"] == "archived"; archived != (q.Get("status") == "archived") {
			continue
		}
		if offset--; offset < 0 && len(out) < count {
			out = append(out, map[string]any{"id": m["id"], "contact_id": m["contact_id"], "email_address": m["email_address"]})
		}
	}
	reply(w, 200, map[string]any{"members": out})
}
