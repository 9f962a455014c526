package responders

import (
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"strings"

	"dpobot/responders/export"
	"dpobot/responders/registers"
	"dpobot/workflow"
)

// passphraseWords is how many words open a package: with lists of 1296 words or more,
// over 60 bits that nobody can guess through AES-256's slow key derivation.
const passphraseWords = 6

// lookUp asks every register who the person is. A register that does not answer is
// asked again; at the third try the handlers hear of the case without it.
func (r *Responder) lookUp(ctx context.Context, w workflow.Work) (workflow.Result, error) {
	var result workflow.Result
	for _, reg := range r.registers {
		matches, err := reg.Find(ctx, r.person(w.Case))
		if err != nil {
			if w.Task.Tries < 2 && errors.Is(err, registers.ErrTemporary) {
				return result, err
			}
			result.Unasked = append(result.Unasked, reg.Spec.Name)
			continue
		}
		for _, m := range matches {
			result.Found = append(result.Found, found(reg.Spec, m))
		}
	}
	if w.Case.Passphrase == "" && slices.Contains(w.Case.Kinds(), workflow.Access) {
		result.Passphrase = workflow.Text(export.Passphrase(w.Case.Language, passphraseWords, rand.Reader))
	}
	return result, nil
}

func found(spec registers.Spec, m registers.Match) workflow.Found {
	f := workflow.Found{Register: spec.Name, Key: workflow.Text(m.Record.Key), Certain: m.Certain}
	if v, ok := m.Record.Value(spec.Identify[registers.Email]); ok {
		f.Address = workflow.Address(registers.FoldAddress(v.Raw))
	}
	return f
}

// person is what the registers are asked with.
func (r *Responder) person(c workflow.Case) registers.Person {
	p := registers.Person{
		Addresses:   []string{c.Person.Address.Reveal()},
		Identifiers: map[registers.Role]string{},
	}
	for role, value := range c.Person.Also {
		p.Identifiers[registers.Role(role)] = value.Reveal()
	}
	if c.Person.Name != "" { // what the sender is called counts before what the text says
		p.Identifiers[registers.Name] = c.Person.Name.Reveal()
	}
	return p
}

// theirs finds again, in one register, the records that are the person's: what was
// found by the address, or picked by a handler, and nobody else's. The registers are
// read anew, so that an answer shows what they hold now.
func (r *Responder) theirs(ctx context.Context, c workflow.Case, reg Register) ([]registers.Record, error) {
	matches, err := reg.Find(ctx, r.person(c))
	if err != nil {
		return nil, err
	}
	var own []registers.Record
	for _, m := range matches {
		if m.Certain || picked(c, reg.Spec.Name, m.Record.Key) {
			own = append(own, m.Record)
		}
	}
	return own, nil
}

func picked(c workflow.Case, register, key string) bool {
	return slices.ContainsFunc(c.Found, func(f workflow.Found) bool {
		return f.Picked && f.Register == register && f.Key.Reveal() == key
	})
}

// recordsToAct are the records to change or erase: those that are the person's now. When
// a try is repeated, what the first one changed or erased may no longer be found by the
// address; then, and only then, the look-up's keys count too, without values, since a
// register may have given an old key to somebody else.
func (r *Responder) recordsToAct(ctx context.Context, w workflow.Work, reg Register) ([]registers.Record, error) {
	if again := w.Task.Tries > 0 || w.Claim.Tries > 1 || acted(w, reg.Spec.Name); !again {
		return r.stillTheirs(ctx, w.Case, reg)
	}
	own, err := r.theirs(ctx, w.Case, reg)
	if err != nil {
		return nil, err
	}
	for _, f := range w.Case.Theirs() {
		known := slices.ContainsFunc(own, func(record registers.Record) bool { return record.Key == f.Key.Reveal() })
		if f.Register == reg.Spec.Name && !known {
			own = append(own, registers.Record{Key: f.Key.Reveal()})
		}
	}
	return own, nil
}

// acted tells whether an earlier try, before a handler's RETRY, has done its work in the
// register.
func acted(w workflow.Work, register string) bool {
	item := w.Case.Item(w.Task.Item)
	return item != nil && slices.ContainsFunc(item.Reports, func(rep workflow.RegisterReport) bool { return rep.Register == register })
}

// errGone: a register knew the person when it was looked up, and does not now, as when
// the address was changed meanwhile. That is not to hold nothing, and not to have erased.
var errGone = errors.New("the person is not found any more; look there by hand, then answer STOP to look again, or DONE")

// stillTheirs is theirs, or errGone.
func (r *Responder) stillTheirs(ctx context.Context, c workflow.Case, reg Register) ([]registers.Record, error) {
	own, err := r.theirs(ctx, c, reg)
	if err != nil || len(own) > 0 {
		return own, err
	}
	for _, f := range c.Theirs() {
		if f.Register == reg.Spec.Name {
			return nil, errGone
		}
	}
	return nil, nil
}

func keysOf(own []registers.Record) []string {
	var keys []string
	for _, record := range own {
		keys = append(keys, record.Key)
	}
	return keys
}

// in is a text in the language, or in English, or whatever there is.
func in(t registers.Text, lang string) string {
	for _, l := range []string{lang, "en", "fi", "sv"} {
		if t[l] != "" {
			return t[l]
		}
	}
	for _, s := range t {
		return s
	}
	return ""
}

// titleOf is the title of a field; its name where it has none.
func titleOf(f registers.Field, lang string) string { return titleOr(f.Name, f.Title, lang) }

// titleOr is a title in the language, or the name of what has none.
func titleOr(name string, title registers.Text, lang string) string {
	if t := in(title, lang); t != "" {
		return t
	}
	return name
}

// titleIn is the title of a field that a report names; "orders.amount" is the field of
// a child table.
func titleIn(spec registers.Spec, name, lang string) string {
	if f, ok := spec.Field(name); ok {
		return titleOf(f, lang)
	}
	field := strings.TrimPrefix(name, table(name)+".")
	child, ok := spec.Child(table(name))
	if !ok {
		return name
	}
	title := titleOr(child.Name, child.Title, lang)
	for _, f := range child.Fields {
		if f.Name == field {
			return title + ": " + titleOf(f, lang)
		}
	}
	return title
}

// table is the child table that a report's name is of, or the name itself.
func table(name string) string {
	of, _, _ := strings.Cut(name, ".")
	return of
}
