package registers

import (
	"slices"
	"strings"
)

// MaxMatches bounds how many records one Find returns; more is an error, not a cut.
const MaxMatches = 1000

// Match says whether a record with these values answers to the person, and how. The address makes it certain; a plus part that
// differs, an address in a list of several, a telephone or customer number, or a full name make it possible.
func (s Spec) Match(p Person, values []Value) (certain bool, by []Role) {
	held := func(role Role) string {
		for _, v := range values {
			if v.Field == s.Identify[role] && s.Identify[role] != "" && !v.Null {
				return v.Raw
			}
		}
		return ""
	}
	certain, likely := s.matchAddress(p.Addresses, held(Email))
	if certain || likely {
		by = append(by, Email)
	}
	if sameNumber(p.Identifiers[Telephone], held(Telephone)) {
		by = append(by, Telephone)
	}
	if n := Fold(strings.TrimSpace(p.Identifiers[CustomerNumber])); n != "" && n == Fold(strings.TrimSpace(held(CustomerNumber))) {
		by = append(by, CustomerNumber)
	}
	if !sameName(p.Identifiers[Name], held(Name)) {
		return certain, by
	}
	by = append(by, Name)
	born, ok := ParseDate(p.Identifiers[BirthDate])
	if day, read := ParseDate(held(BirthDate)); ok && read && day == born {
		by = append(by, BirthDate)
	}
	return certain, by
}

func (s Spec) matchAddress(addresses []string, held string) (certain, likely bool) {
	several := strings.FieldsFunc(held, func(r rune) bool { return r == ',' || r == ';' || r == ' ' || r == '\n' })
	if whole := FoldAddress(held); whole != "" {
		several = []string{held}
	}
	for _, one := range several {
		have := FoldAddress(one)
		for _, address := range addresses {
			want := FoldAddress(address)
			switch {
			case want == "" || have == "" || plain(want) != plain(have):
			case (want == have || s.PlusAddresses) && len(several) == 1:
				return true, false
			default:
				likely = true
			}
		}
	}
	return false, likely
}

// sameName asks for at least two words, all of which the register's name has: "Matti Virtanen" is in "Virtanen, Matti Juhani".
func sameName(given, held string) bool {
	want, have := words(given), words(held)
	if len(want) < 2 {
		return false
	}
	for _, w := range want {
		if !slices.Contains(have, w) {
			return false
		}
	}
	return true
}

// Settle orders matches, certain ones first, and drops those that only share a name with the person as soon as the address
// has found somebody: a namesake is none of this person's business.
func Settle(matches []Match) []Match {
	sure := slices.ContainsFunc(matches, func(m Match) bool { return m.Certain })
	out := slices.DeleteFunc(matches, func(m Match) bool {
		return sure && !m.Certain && slices.Equal(m.By, []Role{Name})
	})
	slices.SortStableFunc(out, func(a, b Match) int {
		if a.Certain == b.Certain {
			return len(b.By) - len(a.By)
		}
		if a.Certain {
			return -1
		}
		return 1
	})
	return out
}
