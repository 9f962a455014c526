package particulars

import (
	"slices"
	"strings"
	"time"

	"dpobot/workflow"
)

// proposal gathers what was found of one field.
type proposal struct {
	kind       kind
	title      string
	news, olds []string
}

// conclude puts together what the sentences said.
func (r *reader) conclude() Particulars {
	out := Particulars{SendElsewhere: r.elsewhere}
	out.Also = r.also()
	for _, p := range r.proposals() {
		if f, ok := r.change(p); ok && len(out.Fields) < mostFields {
			out.Fields = append(out.Fields, f)
			if p.kind == email && r.answered {
				out.SendElsewhere = true
			}
		}
	}
	return out
}

// proposals gathers the findings by field, in the order of the mail.
func (r *reader) proposals() []proposal {
	var all []proposal
	named := slices.ContainsFunc(r.findings, func(f finding) bool { return f.form && f.standing == fresh && f.kind != name && f.kind != birth })
	for _, f := range r.findings {
		if f.standing != fresh && f.standing != before || f.kind == customer {
			continue
		}
		if f.listed && f.kind == name && f.title == "" && named && len(strings.Fields(f.text)) > 1 {
			continue // in a list of changes, a name says first whose they are
		}
		if f.kind == name && f.title != "" && !givenNames[f.title] && r.whole(f.text) {
			if !f.carried && f.text != r.signer {
				continue // "my surname is Anna Ek": one or the other is not meant
			}
			f.title = ""
		}
		i := slices.IndexFunc(all, func(p proposal) bool { return p.kind == f.kind && p.title == f.title })
		if i < 0 {
			i = len(all)
			all = append(all, proposal{kind: f.kind, title: f.title})
		}
		list := &all[i].news
		if f.standing == before {
			list = &all[i].olds
		}
		if !slices.Contains(*list, f.text) {
			*list = append(*list, f.text)
		}
	}
	return all
}

// givenNames are the titles of fields that two words without more may fill.
var givenNames = map[string]bool{
	"Etunimi": true, "Kutsumanimi": true, "Förnamn": true, "First name": true, "Middle name": true, "Vorname": true, "Voornaam": true, "Prénom": true,
	"Nombre de pila": true, "Nome": true, "Nome próprio": true, "Imię": true, "Fornavn": true, "Eesnimi": true,
}

// whole tells a full name where one part of it was asked for. In Spanish and Portuguese
// a surname has two words.
func (r *reader) whole(value string) bool {
	words := strings.Fields(value)
	if r.lex.lang == "es" || r.lex.lang == "pt" || len(words) < 2 {
		return false
	}
	return !slices.ContainsFunc(words, func(w string) bool { return particles[fold(w)] })
}

// change is the proposal as it is shown; ok is false where the mail does not say one
// thing.
func (r *reader) change(p proposal) (workflow.FieldChange, bool) {
	if len(p.news) != 1 || slices.Contains(p.olds, p.news[0]) {
		return workflow.FieldChange{}, false
	}
	f := workflow.FieldChange{Field: p.title, New: workflow.Text(p.news[0])}
	if len(p.olds) == 1 {
		f.Old = workflow.Text(p.olds[0])
	}
	if f.Field != "" {
		return f, true
	}
	switch p.kind {
	case email, telephone, address:
		f.Field = p.kind.role()
	case name:
		f.Field = r.nameField(p.news[0], f.Old.Reveal())
	}
	return f, f.Field != ""
}

// nameField is the field that a new name is for. One word is only a part of a name: the
// signature says which, or the old word that it stands for; else it is nobody's guess.
func (r *reader) nameField(fresh, old string) string {
	if strings.Contains(fresh, " ") {
		return name.role()
	}
	own := strings.Fields(r.signer)
	if len(own) > 1 && len(strings.Fields(old)) < 2 {
		switch {
		case own[len(own)-1] == fresh || own[len(own)-1] == old:
			return r.lex.surname
		case own[0] == fresh || own[0] == old:
			return r.lex.given
		}
	}
	if old != "" && !strings.Contains(old, " ") {
		return name.role()
	}
	return ""
}

// also gathers what identifies the sender besides.
func (r *reader) also() map[string]workflow.Text {
	also := map[string]workflow.Text{}
	put := func(k kind, value string) {
		if value != "" && also[k.role()] == "" {
			also[k.role()] = workflow.Text(value)
		}
	}
	put(name, r.signer)
	names := map[string]bool{}
	for _, f := range r.findings {
		if f.standing == said && f.kind == name && f.title == "" {
			names[f.text] = true
		}
	}
	for _, f := range r.findings {
		if f.standing != said || f.kind == name && len(names) > 1 {
			continue
		}
		switch f.kind {
		case telephone, customer:
			put(f.kind, f.text)
		case name:
			if f.title == "" && strings.Contains(f.text, " ") {
				put(name, f.text)
			}
		case birth:
			put(birth, r.iso(f.text))
		}
	}
	for _, f := range r.findings {
		if f.standing == before && f.kind == telephone {
			put(telephone, f.text) // the number that a register will have
		}
		if f.standing == before && f.kind == name && f.title == "" && strings.Contains(f.text, " ") {
			put(name, f.text)
		}
		if f.listed && f.kind == name && f.title == "" && strings.Contains(f.text, " ") {
			put(name, f.text)
		}
	}
	if len(also) == 0 {
		return nil
	}
	return also
}

// iso is a date as 2006-01-02, "" where it cannot be told.
func (r *reader) iso(text string) string {
	words := &reader{lex: r.lex, text: text, tokens: split(text)}
	if len(words.tokens) == 0 {
		return ""
	}
	if day, n := words.date(0); n > 0 && !day.IsZero() {
		return day.Format(time.DateOnly)
	}
	return ""
}
