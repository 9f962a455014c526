package authentic

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/netip"
	"os"
	"strings"
	"time"
)

// Resolver looks records up at a DNS server: an IP address with or without port, or "" for what the
// machine is set up to use. The DNS is believed: run a validating resolver near the program.
func Resolver(server string) (LookupTXT, error) {
	resolver := net.DefaultResolver
	if server != "" {
		address, err := dnsAddress(server)
		if err != nil {
			return nil, err
		}
		resolver = &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
			dialer := net.Dialer{Timeout: 5 * time.Second}
			return dialer.DialContext(ctx, network, address)
		}}
	}
	return func(ctx context.Context, name string) ([]string, error) {
		// The dot at the end keeps the machine's search domains out of it.
		return resolver.LookupTXT(ctx, strings.TrimSuffix(name, ".")+".")
	}, nil
}

func dnsAddress(server string) (string, error) {
	if ip, err := netip.ParseAddr(strings.Trim(server, "[]")); err == nil {
		return netip.AddrPortFrom(ip, 53).String(), nil
	}
	if at, err := netip.ParseAddrPort(server); err == nil {
		return at.String(), nil
	}
	return "", fmt.Errorf("DNS server %q: want an IP address, with or without a port", server)
}

// KeysFromFile looks records up in a file instead of the DNS, for machines that have none. A line holds
// a name and its TXT value, apart by blanks:
//
//	s2025._domainkey.example.org  v=DKIM1; k=rsa; p=MIGfMA0...
//
// Quotes as in a zone file are taken off and several quoted strings joined; lines that begin with # and
// empty ones are skipped. The file is read once now, to report its faults with their lines, and anew at
// each look-up, so that a new key needs no restart. What is not in it does not exist.
func KeysFromFile(path string) (LookupTXT, error) {
	if _, err := readKeys(path); err != nil {
		return nil, err
	}
	return func(_ context.Context, name string) ([]string, error) {
		records, err := readKeys(path)
		if err != nil {
			return nil, err
		}
		return records[keyOf(name)], nil
	}, nil
}

// Keys looks records up in a map of names to their TXT records.
func Keys(records map[string][]string) LookupTXT {
	own := make(map[string][]string, len(records))
	for name, values := range records {
		own[keyOf(name)] = values
	}
	return func(_ context.Context, name string) ([]string, error) { return own[keyOf(name)], nil }
}

func keyOf(name string) string { return lower(strings.TrimSuffix(name, ".")) }

func readKeys(path string) (map[string][]string, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("key file: %w", err)
	}
	defer file.Close()
	records := map[string][]string{}
	lines := bufio.NewScanner(file)
	for number := 1; lines.Scan(); number++ {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		at := strings.IndexAny(line, " \t")
		if at < 0 {
			return nil, fmt.Errorf("key file %s, line %d: want a name and a TXT value", path, number)
		}
		name := line[:at]
		value, err := unquote(strings.TrimSpace(line[at:]))
		if _, bad := asciiDomain(name); bad != nil || err != nil {
			return nil, fmt.Errorf("key file %s, line %d: want a name and a TXT value", path, number)
		}
		records[keyOf(name)] = append(records[keyOf(name)], value)
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("key file %s: %w", path, err)
	}
	return records, nil
}

// unquote takes "a" "b" to ab and leaves what has no quotes as it is.
func unquote(value string) (string, error) {
	if !strings.HasPrefix(value, `"`) {
		return value, nil
	}
	var joined strings.Builder
	for value != "" {
		inner, rest, closed := strings.Cut(strings.TrimPrefix(value, `"`), `"`)
		if !strings.HasPrefix(value, `"`) || !closed {
			return "", errQuote
		}
		joined.WriteString(inner)
		value = strings.TrimSpace(rest)
	}
	return joined.String(), nil
}
