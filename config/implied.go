package config

import (
	"slices"
	"strings"
)

// implied are the fields that other parts of the register name and fields does
// not list. They are held, so they belong into the copy of the data and into the
// plan of an erasure like any other.
func (r *Register) implied() []Field {
	if r.SQL == nil && r.Sheet == nil || r.SQL != nil && r.SQL.Table == "" {
		return nil
	}
	var fields []Field
	add := func(name string, title Text) {
		if name == "" || r.knows(name) || slices.ContainsFunc(fields, named(name)) {
			return
		}
		if title == nil {
			title = Text{"": name}
		}
		fields = append(fields, Field{Name: name, Title: title, Implied: true})
	}
	add(r.Identify.Name, Text{"fi": "Nimi", "sv": "Namn", "en": "Name"})
	add(r.Identify.Email, Text{"fi": "Sähköpostiosoite", "sv": "E-postadress", "en": "E-mail address"})
	add(r.Identify.Telephone, Text{"fi": "Puhelinnumero", "sv": "Telefonnummer", "en": "Telephone number"})
	add(r.Telephone, Text{"fi": "Puhelinnumero", "sv": "Telefonnummer", "en": "Telephone number"})
	add(r.Identify.CustomerNumber, Text{"fi": "Asiakasnumero", "sv": "Kundnummer", "en": "Customer number"})
	add(r.Identify.BirthDate, Text{"fi": "Syntymäaika", "sv": "Födelsedatum", "en": "Date of birth"})
	if r.Marketing != nil {
		add(r.Marketing.Field, Text{"fi": "Suoramarkkinointi", "sv": "Direktmarknadsföring", "en": "Direct marketing"})
	}
	for _, keep := range r.Erase.Retain {
		for _, name := range keep.Fields {
			add(name, nil)
		}
		add(keep.From, nil)
	}
	for _, name := range r.Erase.Anonymise {
		add(name, nil)
	}
	return fields
}

func named(name string) func(Field) bool {
	return func(f Field) bool { return f.Name == name }
}

// knows says whether the name is a field, a group, a child table or a field of one.
func (r *Register) knows(name string) bool {
	known := func(f Field) bool { return f.Name == name || f.Group == name }
	if slices.ContainsFunc(r.Fields, known) {
		return true
	}
	if r.SQL == nil {
		return false
	}
	return slices.ContainsFunc(r.SQL.Children, func(c Child) bool {
		return c.Name == name || strings.HasPrefix(name, c.Name+".") || slices.ContainsFunc(c.Fields, known)
	})
}
