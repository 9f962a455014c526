package responders

import (
	"regexp"
	"slices"
	"strings"

	"dpobot/responders/registers"
	"dpobot/workflow"
)

// target is where a register keeps what a person or a handler names: in one field, in none, or in several.
type target struct {
	fields []registers.Field
	// apart: the fields are street, postcode and city, or the street alone, and what is named is the whole address.
	// Otherwise several fields are candidates, and only a human can tell which one is meant.
	apart bool
}

// one is the field, where it is just one.
func (t target) one() (registers.Field, bool) {
	if len(t.fields) != 1 || t.apart {
		return registers.Field{}, false
	}
	return t.fields[0], true
}

// fieldOf is the one field of a register that is named.
func fieldOf(spec registers.Spec, said string) (registers.Field, bool) {
	return targetOf(spec, said).one()
}

// targetOf finds what is named by its name or title, by the role that the configuration gives a field, or by a title
// that leaves no doubt. A wrong field is worse than none: where two could be meant, it takes neither.
func targetOf(spec registers.Spec, said string) target {
	said = registers.Fold(strings.TrimSpace(said))
	exact := calledSo(spec, said)
	holds := holdsOf(said)
	role := said == string(holds) // the word of the program, not one that people use
	if holds == registers.HoldsAddress && (role || len(exact) == 0) {
		return addressIn(spec)
	}
	if role {
		exact = slices.DeleteFunc(exact, qualified)
	}
	told := declared(spec, holds)
	switch {
	case len(told) > 0 && role:
		return target{fields: told}
	case len(told) > 0:
		return target{fields: joinFields(told, exact)}
	case role:
		exact = joinFields(exact, titled(spec, holds))
	case len(exact) == 0 && holds != "":
		exact = titled(spec, holds)
	}
	if len(exact) > 0 {
		return target{fields: exact}
	}
	switch {
	case saysNamePart(said):
		return target{fields: wholeName(spec)}
	case holds == registers.HoldsName:
		return nameApart(spec)
	}
	if f, ok := spec.Field(spec.Identify[registers.Role(said)]); ok {
		return target{fields: []registers.Field{f}}
	}
	return target{}
}

// nameApart is where a whole name would go in a register that keeps its parts: which word is which, a human has to say.
func nameApart(spec registers.Spec) target {
	if both := joinFields(held(spec, registers.HoldsSurname), held(spec, registers.HoldsGivenName)); len(both) > 1 {
		return target{fields: both}
	}
	return target{}
}

// calledSo are the fields of that name, or with that title in any language.
func calledSo(spec registers.Spec, said string) []registers.Field {
	var out []registers.Field
	for _, f := range spec.Fields {
		is := registers.Fold(f.Name) == said
		for _, title := range f.Title {
			is = is || registers.Fold(strings.TrimSpace(title)) == said
		}
		if is {
			out = append(out, f)
		}
	}
	return out
}

// declared are the fields that the configuration says to hold it: by role, else by identify or telephone.
func declared(spec registers.Spec, holds registers.Holds) []registers.Field {
	var out []registers.Field
	for _, f := range spec.Fields {
		if f.Role == holds && holds != "" {
			out = append(out, f)
		}
	}
	if len(out) > 0 {
		return out
	}
	names := []string{spec.Identify[registers.Role(holds)]}
	if holds == registers.HoldsTelephone {
		names = append(names, spec.Telephone)
	}
	for _, name := range names {
		if f, ok := spec.Field(name); ok && f.Role == "" {
			out = joinFields(out, []registers.Field{f})
		}
	}
	return out
}

// titled are the fields whose name or titles leave no doubt that they hold it.
func titled(spec registers.Spec, holds registers.Holds) []registers.Field {
	var out []registers.Field
	for _, f := range spec.Fields {
		says := holdsOf(registers.Fold(f.Name)) == holds
		for _, title := range f.Title {
			says = says || holdsOf(registers.Fold(strings.TrimSpace(title))) == holds
		}
		if says && f.Role == "" && !qualified(f) {
			out = append(out, f)
		}
	}
	return out
}

// held are the fields that hold it, as declared, else as titled.
func held(spec registers.Spec, holds registers.Holds) []registers.Field {
	if told := declared(spec, holds); len(told) > 0 {
		return told
	}
	return titled(spec, holds)
}

// wholeName is the field of the whole name, which a part of it is written into.
func wholeName(spec registers.Spec) []registers.Field { return held(spec, registers.HoldsName) }

// addressIn is where a register keeps an address: whole, or street, postcode and city apart. Beside a postcode or a
// city a field called address holds the street alone.
func addressIn(spec registers.Spec) target {
	told := declared(spec, registers.HoldsAddress)
	whole := titled(spec, registers.HoldsAddress)
	street := held(spec, registers.HoldsStreet)
	postcode, city := held(spec, registers.HoldsPostcode), held(spec, registers.HoldsCity)
	parts := joinFields(street, postcode, city)
	switch {
	case len(postcode)+len(city) == 0 && len(told) > 0:
		return target{fields: told}
	case len(postcode)+len(city) == 0 && len(whole) == 0 && len(street) == 1:
		return target{fields: street, apart: true}
	case len(postcode)+len(city) == 0:
		return target{fields: joinFields(whole, street)}
	case len(told) > 0:
		return target{fields: joinFields(told, parts)}
	}
	if len(declared(spec, registers.HoldsStreet)) == 0 {
		street = joinFields(street, whole)
	}
	fields := joinFields(street, postcode, city)
	return target{fields: fields, apart: len(street) == 1 && len(postcode) == 1 && len(city) == 1 && len(fields) == 3}
}

// joinFields are the fields of the lists, each once, in the order of the lists.
func joinFields(lists ...[]registers.Field) []registers.Field {
	var out []registers.Field
	for _, f := range slices.Concat(lists...) {
		if !amongFields(out, f) {
			out = append(out, f)
		}
	}
	return out
}

func amongFields(fields []registers.Field, f registers.Field) bool {
	return slices.ContainsFunc(fields, func(have registers.Field) bool { return have.Name == f.Name })
}

var (
	// oneLine is an address of Finland, Sweden or another country with five digits in front of the town. What has more parts, as
	// a c/o or a country, has them in an order that only a reader can tell.
	oneLine = regexp.MustCompile(`^([^,]*\d[^,]*), *(\d{5}|\d{3} \d{2}) +(\pL[^,\d]*)$`)
	// streetOnly is the line of a street or a box, with nothing that could be a postcode.
	streetOnly = regexp.MustCompile(`^[^,]*\d[^,]*$`)
	longNumber = regexp.MustCompile(`\d{4}|\d{3} \d{2}`)
)

// parts are the values for the fields of an address apart, in their order; nil where they cannot be told.
func (t target) parts(address string) []string {
	address = strings.TrimSpace(address)
	if !t.apart {
		return nil
	}
	if len(t.fields) == 1 {
		if streetOnly.MatchString(address) && !longNumber.MatchString(address) {
			return []string{address}
		}
		return nil
	}
	found := oneLine.FindStringSubmatch(address)
	if found == nil || longNumber.MatchString(found[1]) || strings.Contains(strings.ToLower(found[1]), "c/o") {
		return nil
	}
	return []string{strings.TrimSpace(found[1]), found[2], strings.TrimSpace(found[3])}
}

// settled tells that another word of the change names one of the target's fields by itself, as a handler's SET does.
func (t target) settled(spec registers.Spec, fields []workflow.FieldChange) bool {
	return slices.ContainsFunc(fields, func(f workflow.FieldChange) bool {
		field, ok := fieldOf(spec, f.Field)
		return ok && amongFields(t.fields, field)
	})
}

// writing is what a change writes into one record.
type writing struct {
	values map[string]string // by field
	left   []string          // fields that are left to a human
}

// write notes a value for a field; the last one counts, since a handler's SET comes behind what the mail says.
func (w *writing) write(field, value string) { w.values[field] = value }

func (w *writing) leave(fields ...string) {
	for _, name := range fields {
		delete(w.values, name)
	}
	w.left = union(w.left, fields)
}

// writingOf sorts out what of a change goes into which field of a record. An address apart is written whole or not
// at all, and what a word of its own says of one of its parts counts before it.
func writingOf(spec registers.Spec, fields []workflow.FieldChange, record registers.Record) writing {
	w := writing{values: map[string]string{}}
	for _, f := range fields {
		t := targetOf(spec, f.Field)
		if _, ok := t.one(); ok || len(t.fields) == 0 {
			continue
		}
		values := t.parts(f.New.Reveal())
		open := slices.ContainsFunc(t.fields, func(field registers.Field) bool { return !field.Change })
		switch {
		case values != nil && !open:
			for i, field := range t.fields {
				w.write(field.Name, values[i])
			}
		case !t.settled(spec, fields):
			w.leave(namesOf(t.fields)...)
		}
	}
	parts := map[string]string{} // what a part of a name made of the whole
	for _, f := range fields {
		field, ok := fieldOf(spec, f.Field)
		if !ok {
			continue
		}
		value, known := written(spec, field, f, record)
		part := partOfName(spec, field, f.Field)
		if was, twice := parts[field.Name]; twice && part && was != value {
			known = false // surname and first name each changed the old whole: together they are neither
		}
		if !field.Change || !known {
			w.leave(field.Name)
			continue
		}
		if part {
			parts[field.Name] = value
		}
		w.write(field.Name, value)
	}
	return w
}

// partOfName tells that the word means a part of what the field holds whole.
func partOfName(spec registers.Spec, field registers.Field, said string) bool {
	return isWholeName(spec, field) && saysNamePart(registers.Fold(strings.TrimSpace(said)))
}

func isWholeName(spec registers.Spec, field registers.Field) bool {
	return amongFields(wholeName(spec), field)
}

// changes are the writing's values as a register takes them, in the order of its fields.
func (w writing) changes(spec registers.Spec) []registers.Change {
	var out []registers.Change
	for _, f := range spec.Fields {
		if value, ok := w.values[f.Name]; ok {
			out = append(out, registers.Change{Field: f.Name, New: value})
		}
	}
	return out
}

// stillLeft are the fields left to a human, without those that another word has filled.
func (w writing) stillLeft() []string {
	return slices.DeleteFunc(slices.Clone(w.left), func(name string) bool {
		_, filled := w.values[name]
		return filled
	})
}

func namesOf(fields []registers.Field) []string {
	var names []string
	for _, f := range fields {
		names = append(names, f.Name)
	}
	return names
}
