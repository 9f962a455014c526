package sql

import (
	"strings"
	"unicode"

	"golang.org/x/net/idna"

	"dpobot/responders/registers"
)

// The search for a person is in two steps. The database narrows a table of any size down to a few candidates, by one
// condition that lets through everything that could be the person; then registers.Match decides in Go, the same way for every kind.
//
// The condition only relies on what all engines do alike, lowering ASCII letters and LIKE, and puts '%' for every other
// character: "mäki@x.fi" is looked for as 'm%ki@x.fi', which also finds 'MÄKI' in SQLite and an 'ä' of two code points.
// It costs one pass of the engine over the column. Where that is too slow and the column is known to hold trimmed,
// lower-case addresses, Source.Indexed looks for equal values instead, which any index serves.

// narrow adds the condition to the query, or returns false where nothing is known to look for.
func (q *query) narrow(spec registers.Spec, p registers.Person, indexed bool) bool {
	column := func(role registers.Role) string {
		f, ok := spec.Field(spec.Identify[role])
		if !ok {
			return ""
		}
		return q.d.column(f.In())
	}
	var any []string
	like := func(column, pattern string) string {
		return q.d.lower(column) + " LIKE " + q.arg(pattern) + " ESCAPE '!'"
	}
	if c := column(registers.Email); c != "" {
		for _, address := range p.Addresses {
			if folded := registers.FoldAddress(address); folded != "" {
				any = append(any, q.address(c, folded, indexed, like)...)
			}
		}
	}
	if c := column(registers.Telephone); c != "" {
		if pattern := numberPattern(p.Identifiers[registers.Telephone]); pattern != "" {
			any = append(any, like(c, pattern))
		}
	}
	if c, number := column(registers.CustomerNumber), clean(p.Identifiers[registers.CustomerNumber]); c != "" && number != "" {
		any = append(any, like(c, "%"+pattern(number)+"%"))
	}
	if c, name := column(registers.Name), strings.Fields(clean(p.Identifiers[registers.Name])); c != "" && len(name) > 1 {
		var all []string
		for _, word := range nameWords(name) {
			all = append(all, like(c, "%"+pattern(word)+"%"))
		}
		if len(all) > 0 {
			any = append(any, "("+strings.Join(all, " AND ")+")")
		}
	}
	q.WriteString("(" + strings.Join(any, " OR ") + ")")
	return len(any) > 0
}

func (q *query) address(column, folded string, indexed bool, like func(c, p string) string) []string {
	at := strings.LastIndexByte(folded, '@')
	local, domains := folded[:at], []string{folded[at+1:]}
	if unicode, err := idna.ToUnicode(domains[0]); err == nil && unicode != domains[0] {
		domains = append(domains, unicode)
	}
	var out []string
	for _, domain := range domains {
		if indexed {
			out = append(out, column+" = "+q.arg(local+"@"+domain))
			continue
		}
		base, _, _ := strings.Cut(local, "+")
		if base == "" {
			base = local
		}
		out = append(out, like(column, "%"+pattern(base)+"@"+pattern(domain)+"%"), like(column, "%"+pattern(base)+"+%@"+pattern(domain)+"%"))
	}
	return out
}

// pattern makes a LIKE pattern of folded text: wildcards in it are escaped, what is not ASCII matches anything.
func pattern(folded string) string {
	var b strings.Builder
	for _, r := range folded {
		switch {
		case r == '%' || r == '_' || r == '!':
			b.WriteString("!" + string(r))
		case r > unicode.MaxASCII:
			b.WriteByte('%')
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// numberPattern looks for the last seven digits with anything between them.
func numberPattern(number string) string {
	var digits []string
	for _, r := range number {
		if r >= '0' && r <= '9' {
			digits = append(digits, string(r))
		}
	}
	if len(digits) < 7 {
		return ""
	}
	return "%" + strings.Join(digits[len(digits)-7:], "%") + "%"
}

// nameWords returns the runs of ASCII letters of a name's words, which the engine can look for.
func nameWords(name []string) []string {
	var out []string
	for _, word := range name {
		out = append(out, strings.FieldsFunc(word, func(r rune) bool {
			return r <= unicode.MaxASCII && !unicode.IsLetter(r) && !unicode.IsNumber(r)
		})...)
	}
	return out
}

// clean folds what a person wrote of themselves; a NUL is nothing to look for, and PostgreSQL refuses it.
func clean(s string) string {
	return strings.TrimSpace(strings.ReplaceAll(registers.Fold(s), "\x00", ""))
}
