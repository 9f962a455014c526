package registers

import (
	"slices"
	"time"
)

// Action is what an erasure does.
type Action string

const (
	Delete    Action = "delete"    // the value goes; a row of which nothing stays goes whole
	Anonymise Action = "anonymise" // the row stays without the fields that say whose it is
	Retain    Action = "retain"    // the value stays
)

// Plan is what an erasure does to a record, by field or field group. A name in it is a field, a group,
// a child table ("orders") or a field of one ("orders.amount").
type Plan struct {
	Default   Action      // what happens to fields that no retention in force names; empty is Delete
	Retain    []Retention // what stays, and until when
	Anonymise []string    // with Anonymise, the fields that are emptied; none: all
	YearEnd   YearEnd     // of the controller's financial year
}

// Retention keeps fields on a ground until a date (Art. 17(3)): fields, not whole people.
type Retention struct {
	Fields []string
	Ground Text
	Until  Rule
}

// Fate is what a plan means for one row.
type Fate struct {
	Whole      bool     // the row goes whole
	Blank      []string // fields that are emptied where the row stays, by their plain name
	Gone       []string // the same fields, or all, as a plan names them
	Anonymised []string
	Kept       []Kept
}

// Since returns the register's plan as it stands for a record that was erased on a day, of which the person was told that
// this is kept: each end that counts from the day of the erasure is fixed, so that a later run does not count anew from its own
// day. A field stays while either says so, what the person was told or what is configured now: what goes does not come back.
func (s Spec) Since(erased Date, told []Kept) Plan {
	p := s.Erase
	p.Retain = slices.Clone(p.Retain)
	for i, r := range p.Retain {
		if r.Until.Field == "" && r.Until.Kind != Fixed && erased != "" {
			p.Retain[i].Until = Rule{Kind: Fixed, Date: r.Until.End(erased, p.YearEnd)}
		}
	}
	for _, k := range told {
		k.Fields = slices.DeleteFunc(slices.Clone(k.Fields), func(name string) bool { return !s.declares(name) })
		if k.Until == "" || len(k.Fields) == 0 || p.dates(k) {
			continue
		}
		p.Retain = append(p.Retain, Retention{Fields: k.Fields, Ground: k.Ground, Until: Rule{Kind: Fixed, Date: k.Until}})
	}
	return p
}

// dates tells whether the plan keeps the same on the same ground until a day that each row tells by itself: then the latest
// of those days, which the person was told, would keep the others too long.
func (p Plan) dates(k Kept) bool {
	return slices.ContainsFunc(p.Retain, func(r Retention) bool {
		return sameText(r.Ground, k.Ground) && (r.Until.Field != "" || r.Until == Rule{Kind: Fixed, Date: k.Until})
	})
}

// Fate says what the plan does to a record with these values. erased is the day of an earlier erasure, if the register
// tells; what has no date of its own is counted from it, so that a second run comes to the same end.
func (s Spec) Fate(p Plan, values []Value, erased Date, now time.Time) Fate {
	if p.Default == Anonymise && len(p.Anonymise) > 0 {
		// Whatever else the plan names, what says who it is goes.
		p.Anonymise = append(slices.Clone(p.Anonymise), s.Telephone)
		for _, field := range s.Identify {
			p.Anonymise = append(p.Anonymise, field)
		}
	}
	return p.fate("", s.Fields, values, erased, now)
}

// ChildFate says what the plan does to a row of a child table. It looks at the values of DateFields only.
func (s Spec) ChildFate(p Plan, c Child, values []Value, erased Date, now time.Time) Fate {
	return p.fate(c.Name, c.Fields, values, erased, now)
}

// DateFields returns the fields of a child table on which the fate of its rows hangs.
func (p Plan) DateFields(c Child) []string {
	var out []string
	for _, r := range p.Retain {
		for _, f := range c.Fields {
			if r.Until.Field == c.Name+"."+f.Name && r.Until.Kind != Fixed && len(p.named(r.Fields, c.Name, c.Fields)) > 0 {
				out = union(out, []string{f.Name})
			}
		}
	}
	return out
}

func (p Plan) fate(table string, fields []Field, values []Value, erased Date, now time.Time) Fate {
	var out Fate
	var stays []string
	for _, r := range p.Retain {
		names := p.named(r.Fields, table, fields)
		if len(names) == 0 {
			continue
		}
		until, known := r.until(table, values, p.YearEnd, erased, now)
		if known && until < DateOf(now) {
			continue
		}
		stays = union(stays, names)
		out.Kept = append(out.Kept, Kept{Fields: qualify(table, names), Ground: r.Ground, Until: until, Next: until, Rows: 1})
	}
	var rest []string
	for _, f := range fields {
		if !slices.Contains(stays, f.Name) {
			rest = append(rest, f.Name)
		}
	}
	switch p.Default {
	case Retain:
		if len(rest) > 0 {
			out.Kept = append(out.Kept, Kept{Fields: qualify(table, rest), Rows: 1})
		}
	case Anonymise:
		p.anonymise(&out, table, fields, rest)
	default:
		out.Whole = len(stays) == 0
		out.Blank, out.Gone = rest, qualify(table, rest)
	}
	if out.Whole && table != "" {
		out.Gone = []string{table}
	}
	return out
}

// anonymise empties the named fields and leaves the rest as what it is: nobody's.
func (p Plan) anonymise(out *Fate, table string, fields []Field, rest []string) {
	named := p.named(p.Anonymise, table, fields)
	if len(p.Anonymise) == 0 {
		named = rest
	}
	for _, name := range rest {
		if slices.Contains(named, name) {
			out.Blank = append(out.Blank, name)
		} else {
			out.Anonymised = append(out.Anonymised, name)
		}
	}
	out.Gone, out.Anonymised = qualify(table, out.Blank), qualify(table, out.Anonymised)
	// A child row of which nothing is left says nothing to anybody.
	out.Whole = table != "" && len(out.Anonymised) == 0 && len(out.Kept) == 0
}

// until returns the last day of the retention for a record with these values. A date that is missing or cannot be read
// gives no end: the data stays, since what is erased does not come back, and the report shows it without a date.
func (r Retention) until(table string, values []Value, year YearEnd, erased Date, now time.Time) (Date, bool) {
	if r.Until.Kind == Fixed {
		return r.Until.Date, true
	}
	if r.Until.Field == "" {
		if erased == "" {
			erased = DateOf(now)
		}
		return r.Until.End(erased, year), true
	}
	for _, v := range values {
		if qualify(table, []string{v.Field})[0] != r.Until.Field {
			continue
		}
		if day, ok := ParseDate(v.Raw); ok && !v.Null {
			return r.Until.End(day, year), true
		}
	}
	return "", false
}

// named returns the fields of a table that names speak of, in declared order.
func (p Plan) named(names []string, table string, fields []Field) []string {
	var out []string
	for _, f := range fields {
		own := qualify(table, []string{f.Name})[0]
		if slices.Contains(names, own) || table != "" && slices.Contains(names, table) ||
			f.Group != "" && slices.Contains(names, f.Group) {
			out = append(out, f.Name)
		}
	}
	return out
}

func qualify(table string, names []string) []string {
	if table == "" {
		return names
	}
	out := make([]string, len(names))
	for i, name := range names {
		out[i] = table + "." + name
	}
	return out
}

// Unknown returns the names in the plan that the register does not declare: a slip of the pen there would erase what must stay.
func (s Spec) Unknown(p Plan) []string {
	var names []string
	for _, r := range p.Retain {
		names = append(names, r.Fields...)
		if r.Until.Field != "" {
			names = append(names, r.Until.Field)
		}
	}
	var out []string
	for _, name := range append(names, p.Anonymise...) {
		if !s.declares(name) {
			out = union(out, []string{name})
		}
	}
	return out
}

func (s Spec) declares(name string) bool {
	one := Plan{}
	if len(one.named([]string{name}, "", s.Fields)) > 0 {
		return true
	}
	for _, c := range s.Children {
		if len(one.named([]string{name}, c.Name, c.Fields)) > 0 {
			return true
		}
	}
	return false
}
