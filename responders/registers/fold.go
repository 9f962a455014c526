package registers

import (
	"strings"
	"unicode"

	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"
)

// Every kind of register compares by the functions of this file, and never by what its own engine takes for equal:
// SQLite does not lower 'Ä', MySQL takes 'a' for 'ä', and PostgreSQL does as its locale says.

// FoldAddress brings an e-mail address into the one form in which two spellings of one address are equal: trimmed, lower case,
// composed (NFC), the domain in its ASCII form. It returns "" for what is no address. An ASCII letter never equals
// another one: the Kelvin sign is no k and a dotless i no i, or a stranger could write from a look-alike address.
func FoldAddress(address string) string {
	address = strings.TrimSpace(address)
	if i := strings.LastIndexByte(address, '<'); i >= 0 && strings.HasSuffix(address, ">") {
		address = strings.TrimSpace(address[i+1 : len(address)-1])
	}
	at := strings.LastIndexByte(address, '@')
	if at <= 0 || at == len(address)-1 || strings.ContainsFunc(address, bad) {
		return ""
	}
	host := Fold(strings.TrimRight(address[at+1:], ".")) // first, or a capital that IDNA does not know stays one
	domain, err := idna.Lookup.ToASCII(host)
	if err != nil {
		// An underscore or the like: not a host name, but the register may hold it.
		domain = host
	}
	if domain == "" {
		return ""
	}
	return Fold(address[:at]) + "@" + domain
}

func bad(r rune) bool {
	return unicode.IsControl(r) || unicode.IsSpace(r) || r == unicode.ReplacementChar || r == '<' || r == '>'
}

// Fold lowers and composes text without ever turning another character into an ASCII one.
func Fold(s string) string {
	// These three compose into an ASCII character.
	if !strings.ContainsAny(s, "\u212a\u037e\u1fef") {
		s = norm.NFC.String(s)
	}
	return strings.Map(func(r rune) rune {
		low := unicode.ToLower(r)
		if r > unicode.MaxASCII && low <= unicode.MaxASCII {
			return r
		}
		return low
	}, s)
}

// plain cuts the plus part off a folded address.
func plain(folded string) string {
	at := strings.LastIndexByte(folded, '@')
	if plus := strings.IndexByte(folded, '+'); plus > 0 && plus < at {
		return folded[:plus] + folded[at:]
	}
	return folded
}

// digits returns a telephone number without the marks, the international prefix and the leading zeros: what is left of
// +358 40 123 4567 ends in what is left of 040-123 4567.
func digits(number string) string {
	only := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, number)
	return strings.TrimLeft(only, "0")
}

// sameNumber needs seven digits, and nothing but a country's prefix of up to three before the common part.
func sameNumber(a, b string) bool {
	a, b = digits(a), digits(b)
	if len(a) < len(b) {
		a, b = b, a
	}
	return len(b) >= 7 && len(a)-len(b) <= 3 && strings.HasSuffix(a, b)
}

// words returns the folded words of a name, whatever their order and the marks between them.
func words(name string) []string {
	return strings.FieldsFunc(Fold(name), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsNumber(r) })
}
