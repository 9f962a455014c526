package config

import (
	"fmt"
	"io"
	"log/slog"
	"net/mail"
	"strings"

	"golang.org/x/net/idna"
)

// Address is a mail address in the form in which two are compared: ASCII lower
// case, the domain in its ASCII form (IDNA). It prints as a placeholder.
type Address string

const hiddenAddress = "[address]"

// String is a placeholder; see Reveal.
func (Address) String() string { return hiddenAddress }

// Format writes a placeholder, whatever the verb; see Reveal.
func (Address) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, hiddenAddress) }

// LogValue is a placeholder; see Reveal.
func (Address) LogValue() slog.Value { return slog.StringValue(hiddenAddress) }

// MarshalText is a placeholder, in JSON too; see Reveal.
func (Address) MarshalText() ([]byte, error) { return []byte(hiddenAddress), nil }

// Reveal is the address itself.
func (a Address) Reveal() string { return string(a) }

// Domain is what stands after the @, in ASCII.
func (a Address) Domain() string { return string(a[strings.LastIndexByte(string(a), '@')+1:]) }

func (a *Address) parse(text string) *problem {
	const mend = "write the bare address, as in tietosuoja@example.org"
	parsed, err := mail.ParseAddress(text)
	if err != nil || parsed.Name != "" || strings.ContainsAny(text, "<>\" \t") {
		return &problem{"is no mail address", mend}
	}
	at := strings.LastIndexByte(parsed.Address, '@')
	domain, p := toDomain(parsed.Address[at+1:])
	if p != nil {
		return &problem{"is no mail address: its domain cannot be", mend}
	}
	*a = Address(lowerASCII(parsed.Address[:at]) + "@" + domain)
	return nil
}

// Domain is a domain in ASCII and lower case.
type Domain string

func (d *Domain) parse(text string) *problem {
	domain, p := toDomain(text)
	*d = Domain(domain)
	return p
}

func toDomain(text string) (string, *problem) {
	ascii, err := idna.Lookup.ToASCII(strings.TrimSuffix(text, "."))
	if err != nil || ascii == "" || strings.ContainsAny(ascii, " :/[]@") {
		return "", &problem{"is no domain", "write it as in example.org"}
	}
	return strings.ToLower(ascii), nil
}

// lowerASCII leaves letters beyond ASCII alone: folding those would make one
// address out of two (the Turkish dotless i).
func lowerASCII(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, text)
}
