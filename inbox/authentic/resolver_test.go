package authentic

import (
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/dns/dnsmessage"
)

func TestKeysFromFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("# keys of the firm\n\n  S1._DomainKey.firma.example.\tv=DKIM1; k=rsa; p=AAA # no comment\n" +
		"two._domainkey.firma.example \"v=DKIM1; \" \"p=BBB\"\ntwo._domainkey.firma.example p=CCC\n")
	lookup, err := KeysFromFile(path)
	if err != nil {
		t.Fatal(err)
	}
	rows := []struct {
		name, asked string
		want        []string
	}{
		{"bare value, case and dot of the name", "s1._domainkey.FIRMA.example", []string{"v=DKIM1; k=rsa; p=AAA # no comment"}},
		{"quoted strings are joined, lines are not", "two._domainkey.firma.example.", []string{"v=DKIM1; p=BBB", "p=CCC"}},
		{"not in the file", "s2._domainkey.firma.example", nil},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			if got, err := lookup(t.Context(), row.asked); err != nil || !slices.Equal(got, row.want) {
				t.Errorf("got %q, %v; want %q", got, err, row.want)
			}
		})
	}
	t.Run("a changed file counts at once", func(t *testing.T) {
		write("new._domainkey.firma.example p=DDD\n")
		if got, err := lookup(t.Context(), "new._domainkey.firma.example"); err != nil || !slices.Equal(got, []string{"p=DDD"}) {
			t.Errorf("got %q, %v; want the new key", got, err)
		}
	})
	t.Run("a file that is gone is trouble, not absence", func(t *testing.T) {
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		if got, err := ask(t.Context(), lookup, "new._domainkey.firma.example"); err != errTrouble {
			t.Errorf("got %q, %v; want %v", got, err, errTrouble)
		}
	})
	for name, text := range map[string]string{
		"no value":         "a.example\n",
		"no name":          "\"v=DKIM1\" p=\n",
		"quote not closed": "a.example \"v=DKIM1\n",
		"text after quote": "a.example \"v=DKIM1\" p=A\n",
	} {
		t.Run(name, func(t *testing.T) {
			write("ok.example p=A\n" + text)
			if _, err := KeysFromFile(path); err == nil || !strings.Contains(err.Error(), "line 2") {
				t.Errorf("got %v; want the line's number", err)
			}
		})
	}
}

func TestResolver(t *testing.T) {
	server := serveDNS(t, map[string][]string{"s._domainkey.firma.example.": {"v=DKIM1; ", "p=AAA"}})
	lookup, err := Resolver(server)
	if err != nil {
		t.Fatal(err)
	}
	t.Run("strings of a record are joined", func(t *testing.T) {
		if got, err := ask(t.Context(), lookup, "s._domainkey.firma.example"); err != nil || !slices.Equal(got, []string{"v=DKIM1; p=AAA"}) {
			t.Errorf("got %q, %v; want the record", got, err)
		}
	})
	t.Run("no such name", func(t *testing.T) {
		if got, err := ask(t.Context(), lookup, "t._domainkey.firma.example"); err != nil || len(got) != 0 {
			t.Errorf("got %q, %v; want nothing", got, err)
		}
	})
	t.Run("the server fails", func(t *testing.T) {
		if got, err := ask(t.Context(), lookup, "servfail.example"); err != errTrouble {
			t.Errorf("got %q, %v; want %v", got, err, errTrouble)
		}
	})
	t.Run("nobody asked any more", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if got, err := ask(ctx, lookup, "s._domainkey.firma.example"); err != errTrouble {
			t.Errorf("got %q, %v; want %v", got, err, errTrouble)
		}
	})
}

func TestResolverAddress(t *testing.T) {
	rows := []struct{ name, server, want string }{
		{"IPv4", "192.0.2.1", "192.0.2.1:53"},
		{"IPv4 and port", "192.0.2.1:5353", "192.0.2.1:5353"},
		{"IPv6", "2001:db8::1", "[2001:db8::1]:53"},
		{"IPv6 in brackets", "[2001:db8::1]", "[2001:db8::1]:53"},
		{"IPv6 and port", "[2001:db8::1]:5353", "[2001:db8::1]:5353"},
		{"a name", "dns.example", ""},
		{"a port only", ":53", ""},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			got, err := dnsAddress(row.server)
			if got != row.want || (err == nil) != (row.want != "") {
				t.Errorf("got %q, %v; want %q", got, err, row.want)
			}
			if _, err := Resolver(row.server); (err == nil) != (row.want != "") {
				t.Errorf("Resolver: got %v", err)
			}
		})
	}
	if _, err := Resolver(""); err != nil {
		t.Errorf("the machine's own: got %v", err)
	}
}

// serveDNS answers TXT questions on the loopback until the test ends; "servfail.example." fails.
func serveDNS(t *testing.T, records map[string][]string) string {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	t.Cleanup(func() { conn.Close(); <-done })
	go func() {
		defer close(done)
		buf := make([]byte, 1500)
		for {
			n, from, err := conn.ReadFrom(buf)
			if errors.Is(err, net.ErrClosed) {
				return
			}
			if reply := answerDNS(buf[:n], records); err == nil && reply != nil {
				conn.WriteTo(reply, from)
			}
		}
	}()
	return conn.LocalAddr().String()
}

func answerDNS(question []byte, records map[string][]string) []byte {
	var m dnsmessage.Message
	if m.Unpack(question) != nil || len(m.Questions) != 1 {
		return nil
	}
	q := m.Questions[0]
	m.Header.Response, m.Additionals = true, nil
	texts, found := records[q.Name.String()]
	switch {
	case q.Name.String() == "servfail.example.":
		m.Header.RCode = dnsmessage.RCodeServerFailure
	case !found:
		m.Header.RCode = dnsmessage.RCodeNameError
	default:
		m.Answers = []dnsmessage.Resource{{
			Header: dnsmessage.ResourceHeader{Name: q.Name, Class: q.Class, TTL: 60},
			Body:   &dnsmessage.TXTResource{TXT: texts},
		}}
	}
	reply, err := m.Pack()
	if err != nil {
		return nil
	}
	return reply
}
