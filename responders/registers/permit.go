package registers

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Refuses says why a change may not be written, or "" where it may: only fields that are declared as changeable, and what
// an objection to marketing sets.
func (s Spec) Refuses(c Change) string {
	f, ok := s.Field(c.Field)
	marketing := s.Marketing != nil && *s.Marketing == Marketing{Field: c.Field, Value: c.New}
	switch {
	case !ok:
		return "the register has no such field"
	case !f.Change && !marketing:
		return "the field is not changed by mail"
	case !utf8.ValidString(c.New) || strings.ContainsRune(c.New, 0):
		return "the new value is not text"
	}
	return ""
}

// Refused returns the failures of the changes that may not be written.
func (s Spec) Refused(changes []Change) []Failure {
	var out []Failure
	for _, c := range changes {
		if why := s.Refuses(c); why != "" {
			out = append(out, Failure{Field: c.Field, Why: why})
		}
	}
	return out
}

// Faults names what in the declaration itself cannot work, whatever the kind of register.
func (s Spec) Faults() []Finding {
	var out []Finding
	undeclared := func(where, field string) {
		if _, ok := s.Field(field); field != "" && !ok {
			out = append(out, Finding{What: fmt.Sprintf("%s names the field %q, which is not declared", where, field), Mend: "add it to fields, or correct the name"})
		}
	}
	for role, field := range s.Identify {
		undeclared("identify: "+string(role), field)
	}
	undeclared("telephone", s.Telephone)
	if s.Marketing != nil {
		undeclared("marketing", s.Marketing.Field)
	}
	if s.Identify[Email] == "" {
		out = append(out, Finding{What: "no field holds the e-mail address, so nobody is ever found with certainty", Mend: "declare identify: {email: ...}", Warn: true})
	}
	for _, name := range s.Unknown(s.Erase) {
		out = append(out, Finding{What: fmt.Sprintf("erase names %q, which is no field, group or child table", name), Mend: "correct the name: what is not named is deleted"})
	}
	for _, r := range s.Erase.Retain {
		if len(r.Ground) == 0 {
			out = append(out, Finding{What: fmt.Sprintf("erase keeps %s without a ground", strings.Join(r.Fields, ", ")), Mend: "name the law: the person is told (Art. 12(4))"})
		}
	}
	if s.Erase.Default == Retain {
		out = append(out, Finding{What: "erase keeps by default what no retention names, without ground or end", Mend: "delete by default and name what the law keeps", Warn: true})
	}
	return out
}

// Refusal turns failures into the error that goes with them.
func Refusal(failed []Failure) error {
	names := make([]string, len(failed))
	for i, f := range failed {
		names[i] = f.Field + ": " + f.Why
	}
	return fmt.Errorf("%s: %w", strings.Join(names, "; "), ErrPermanent)
}
