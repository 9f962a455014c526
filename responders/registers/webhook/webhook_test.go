package webhook_test

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"dpobot/responders/registers"
	"dpobot/responders/registers/webhook"
)

// The contract itself is tested against the example server, in docs/examples/webhook. Here are servers that do not keep to it.

const secret = "a secret of at least thirty-two characters"

func spec() registers.Spec {
	return registers.Spec{Name: "crm", Identify: map[registers.Role]string{registers.Email: "email"},
		Fields: []registers.Field{{Name: "email", Change: true}, {Name: "note", Change: true}}}
}

func TestServersThatDoNotKeepToTheContract(t *testing.T) {
	person := registers.Person{Addresses: []string{"matti@example.fi"}}
	for _, row := range []struct {
		name    string
		status  int
		answer  string
		want    error
		matches int
	}{
		{"somebody else's record", 200, `{"records":[{"key":"9","fields":{"email":"xmatti@example.fi"}},{"key":"1","fields":{"email":"MATTI@example.fi"}}]}`, nil, 1},
		{"no record", 200, `{}`, nil, 0},
		{"field that is not declared", 200, `{"records":[{"key":"1","fields":{"email":"matti@example.fi","secret":"x"}}]}`, nil, 1},
		{"record without key", 200, `{"records":[{"fields":{"email":"matti@example.fi"}}]}`, registers.ErrPermanent, 0},
		{"no JSON", 200, `<html>matti@example.fi`, registers.ErrPermanent, 0},
		{"two answers", 200, `{} {}`, registers.ErrPermanent, 0},
		{"too large", 200, `{"records":"` + strings.Repeat("x", 20_000) + `"}`, registers.ErrPermanent, 0},
		{"refusal with a code", 403, `{"error":"no_rights"}`, registers.ErrPermanent, 0},
		{"refusal that quotes", 400, `{"error":"matti@example.fi is not here"}`, registers.ErrPermanent, 0},
		{"down", 500, `matti@example.fi`, registers.ErrTemporary, 0},
		{"busy", 429, ``, registers.ErrTemporary, 0},
		{"redirect", 307, ``, registers.ErrPermanent, 0},
	} {
		t.Run(row.name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Location", "https://elsewhere.example/")
				w.WriteHeader(row.status)
				_, _ = io.WriteString(w, row.answer)
			}))
			defer server.Close()
			r, err := webhook.Open(spec(), webhook.Source{URL: server.URL, Secret: secret})
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			r.NoWait()
			m, err := r.Find(context.Background(), person)
			if !errors.Is(err, row.want) || len(m) != row.matches {
				t.Errorf("got %d matches, error %v, want %d, %v", len(m), err, row.matches, row.want)
			}
			if text := fmt.Sprint(err); strings.Contains(text, "@") || strings.Contains(text, "127.0.0.1") {
				t.Errorf("the error tells too much: %v", err)
			}
			if len(m) == 1 && len(m[0].Record.Values) != 2 {
				t.Errorf("got %d values, want the declared two", len(m[0].Record.Values))
			}
		})
	}
}

func TestAnswersThatWereNotAskedFor(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, `{"records":[{"key":"2","fields":{"email":"other@example.fi"}}],"failed":[{"field":"matti@example.fi","code":"Quotes a value"}]}`)
	}))
	defer server.Close()
	r, err := webhook.Open(spec(), webhook.Source{URL: server.URL, Secret: secret})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if _, err := r.Erase(context.Background(), []string{"1"}, registers.Plan{}, time.Now()); !errors.Is(err, registers.ErrPermanent) {
		t.Errorf("another's record: got %v, want ErrPermanent", err)
	}
	report, err := r.Change(context.Background(), []string{"2"}, []registers.Change{{Field: "note", New: "x"}})
	if !errors.Is(err, registers.ErrPermanent) || len(report.Failed) != 1 || strings.Contains(err.Error(), "@") || strings.Contains(err.Error(), "Quotes") {
		t.Errorf("failure with free text: got %v, want ErrPermanent without it", err)
	}
}

func TestOpenRefuses(t *testing.T) {
	for _, src := range []webhook.Source{
		{URL: "http://crm.example/x", Secret: secret}, {URL: "https://crm.example/x", Secret: "short"}, {URL: "https://u:p@crm.example/", Secret: secret},
		{URL: "ftp://127.0.0.1/", Secret: secret}, {URL: "", Secret: secret}, {URL: "http://127.0.0.1.evil.example/", Secret: secret},
	} {
		if _, err := webhook.Open(spec(), src); err == nil {
			t.Errorf("opened %s, want an error", src.URL)
		}
	}
}

// A private certificate is trusted where the operator names who signed it, and nowhere else.
func TestPrivateCertificate(t *testing.T) {
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{}`) }))
	defer server.Close()
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	for _, row := range []struct {
		roots *x509.CertPool
		want  error
	}{{roots, nil}, {nil, registers.ErrPermanent}} {
		r, err := webhook.Open(spec(), webhook.Source{URL: server.URL, Secret: secret, Roots: row.roots})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := r.Find(context.Background(), registers.Person{Addresses: []string{"matti@example.fi"}}); !errors.Is(err, row.want) {
			t.Errorf("roots given: %v: got %v, want %v", row.roots != nil, err, row.want)
		}
		r.Close()
	}
}

// The vector stands in docs/webhook.md, for those who write the other side.
func TestSign(t *testing.T) {
	got := webhook.Sign([]byte("0123456789abcdef0123456789abcdef"), "1772712000", []byte(`{"version":1}`))
	if want := "v1=e846fa9e78d2791c68ea666b72454fd28bd90cd71a93fd94760448417cf66dda"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func FuzzAnswer(f *testing.F) {
	f.Add([]byte(`{"records":[{"key":"1","fields":{"email":"matti@example.fi","note":null},"children":{"a":[]}}]}`))
	f.Add([]byte(`{"records":[{"key":"1","fields":{"email":{"a":[1e400,true]}}}]}`))
	f.Add([]byte(`{"records":null}`))
	var answer []byte
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(answer) }))
	f.Cleanup(server.Close)
	r, err := webhook.Open(spec(), webhook.Source{URL: server.URL, Secret: secret})
	if err != nil {
		f.Fatal(err)
	}
	r.NoWait()
	f.Fuzz(func(t *testing.T, body []byte) {
		answer = body
		m, err := r.Find(context.Background(), registers.Person{Addresses: []string{"matti@example.fi"}})
		for _, one := range m {
			if v, _ := one.Record.Value("email"); err == nil && !strings.Contains(strings.ToLower(v.Raw), "matti") {
				t.Error("a record of somebody else")
			}
		}
	})
}
