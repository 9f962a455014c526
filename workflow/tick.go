package workflow

import (
	"slices"
	"strings"
	"time"
)

// tick is a handler's word that a register kept by hand was seen to. For a copy, what the keeper sent so far counts, and
// what the handler adds; without either the register holds nothing.
func (r Rules) tick(c Case, ev Event, now time.Time) (Case, error) {
	c = c.clone()
	open := c.tickable(ev.Upto)
	register, note, ok := r.namedRegister(open, ev.Command.Text)
	switch {
	case len(open) == 0:
		return c, &Impossible{c.State(), NobodyAsked}
	case !ok:
		return c, &Impossible{c.State(), NoSuchRegister}
	}
	for _, n := range open {
		it, q := c.Inquiry(n.N)
		if q.Register != register {
			continue
		}
		state := InquiryDone
		if nothingSaid(note) || it.Kind == Access && note == "" && len(q.Files) == 0 {
			state, note = InquiryNothing, ""
		}
		q.Ticked, q.Text = true, Text(note)
		r.settle(&c, q, state, now)
	}
	return r.goOn(c, now)
}

// nothingSaid tells whether what follows the register's name says that it holds nothing.
func nothingSaid(note string) bool {
	return slices.Contains([]string{"nothing", "no data", "ei tietoja", "ei mitään", "inga uppgifter", "inget"}, strings.ToLower(strings.Trim(note, " .!")))
}

// goOn lets every item go on that waits for nothing any more.
func (r Rules) goOn(c Case, now time.Time) (Case, error) {
	for _, it := range c.Items {
		var err error
		if c, err = r.resume(c, it.N, now); err != nil {
			return c, err
		}
	}
	return r.complete(c, now), nil
}

// tickable lists the questions that were put, or that could not be put because the mail came back.
func (c Case) tickable(upto int) []Inquiry {
	var open []Inquiry
	for _, it := range c.Items {
		if upto != 0 && it.N > upto {
			continue
		}
		for _, q := range it.Inquiries {
			failed := slices.ContainsFunc(c.Tasks, func(t Task) bool {
				return t.Action == KeeperMail && t.Inquiry == q.N && t.State == TaskFailed
			})
			if q.State == InquiryOpen || q.State == InquiryDue && failed {
				open = append(open, q)
			}
		}
	}
	return open
}

// namedRegister finds the register that a handler's text begins with, by its name or title, and what follows. A text
// that is empty means the only one there is.
func (r Rules) namedRegister(open []Inquiry, said Text) (register, note string, ok bool) {
	text := strings.TrimSpace(said.Reveal())
	only := !slices.ContainsFunc(open, func(q Inquiry) bool { return q.Register != open[0].Register })
	if text == "" && len(open) > 0 && only {
		return open[0].Register, "", true
	}
	longest := 0
	for _, q := range open {
		for _, called := range append([]string{q.Register}, r.keeper(q.Register).Titles...) {
			rest, found := cutName(text, called)
			if found && len(called) > longest {
				register, note, ok, longest = q.Register, rest, true, len(called)
			}
		}
	}
	return register, note, ok
}

// cutName takes a name off the front of text, whatever the case of its letters, if the word ends there.
func cutName(text, name string) (rest string, ok bool) {
	if name == "" || len(text) < len(name) || !strings.EqualFold(text[:len(name)], name) {
		return "", false
	}
	rest = text[len(name):]
	trimmed := strings.TrimLeft(rest, " \t\n.,:;–-")
	return strings.TrimSpace(trimmed), trimmed != rest || rest == ""
}
