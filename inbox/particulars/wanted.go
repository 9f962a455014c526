package particulars

import "strings"

// wanted tells that a value of which nothing is said is meant to be written: the
// sentence, the one before, a heading or the subject says that its field changes.
func (r *reader) wanted(s []event, i int, form bool) bool {
	v := s[i]
	if v.kind == customer || denied(s) || has(s[:i], isField(maybe)) || stays(s, i) || has(s, isField(identity)) || r.signed <= v.at {
		return false
	}
	if r.listing && form {
		return true
	}
	if (has(s, isField(contact)) || has(s, isField(send)) || has(s, isField(reply))) && v.kind != address {
		return false
	}
	if i > 0 && (s[i-1].means == from || s[i-1].means == not) && v.at-s[i-1].end < near {
		return false
	}
	if v.kind == name && onlyCapitals(v.value) {
		return false
	}
	count := 0
	for _, e := range s {
		if e.value != "" && e.kind == v.kind {
			count++
		}
	}
	if count > 1 {
		return false
	}
	named := func(e event) bool { return e.means == field && e.kind == v.kind }
	if v.kind == name && !form {
		return r.carry.intent && r.carry.kind == name && r.carry.title == v.title && r.carry.left > 0 && has(s, named) || has(s, named) && r.intents[name]
	}
	if has(s[:i], changes) && (has(s[:i], named) || v.kind == address && has(s, isField(moved))) {
		return true
	}
	carried := r.carry.left > 0 && r.carry.intent && r.carry.kind == v.kind
	return carried || r.intents[v.kind] && (form || has(s, named))
}

// renews tells a sentence that says of the list above it that it is new: "these are my
// new details".
func (r *reader) renews(s []event, values int) bool {
	return values == 0 && r.listed < len(r.findings) && has(s, isField(these)) && has(s, isField(isNew)) && !has(s, isField(not))
}

// alone tells that a sentence is a value that fills its line or lines.
func (r *reader) alone(s []event) bool {
	v := s[0]
	return len(s) == 1 && v.value != "" && r.tokens[v.at].lines > 0 && (v.end >= len(r.tokens) || r.tokens[v.end].lines > 0)
}

// stands tells that another finding is of the same field, and nothing is said of it.
func (f finding) stands(o finding) bool {
	return o.kind == f.kind && o.title == f.title && o.standing == said
}

// stays tells that value i is said to be the same as ever: before it, or behind it up to
// the next field.
func stays(s []event, i int) bool {
	if has(s[lastValue(s, i)+1:i], isField(same)) {
		return true
	}
	for j := i + 1; j < len(s) && s[j].value == "" && s[j].means != field; j++ {
		if s[j].means == same {
			return true
		}
	}
	return false
}

// onlyCapitals tells a headline rather than a name.
func onlyCapitals(s string) bool { return strings.ToUpper(s) == s && strings.Contains(s, " ") }

// leave keeps what a sentence leaves to the next ones.
func (r *reader) leave(s []event, values int, form bool) {
	if r.renews(s, values) {
		for i := r.listed; i < len(r.findings); i++ {
			if r.findings[i].standing == said {
				r.findings[i].standing, r.findings[i].listed = fresh, true
			}
		}
	}
	if !form {
		r.listed = len(r.findings)
	}
	colon := s[len(s)-1].end < len(r.tokens) && r.tokens[s[len(s)-1].end].is(":")
	heading := values == 0 && has(s, isField(change))
	switch {
	case heading:
		r.listing, r.headed = true, colon
	case has(s, isField(identity)) && values == 0:
		r.listing = false
	case !form:
		r.listing = false
	}
	if values > 0 {
		r.carry.left--
		r.carry.intent = r.carry.intent && form
		for _, e := range s {
			if e.value != "" && e.kind == customer {
				r.carry = carried{}
			} else if e.value != "" {
				r.carry.kind, r.carry.title, r.carry.left, r.carry.standing = e.kind, e.title, 2, said
			}
		}
		return
	}
	c := carried{left: 3}
	for _, e := range s {
		switch {
		case e.means == field:
			c.kind, c.title = e.kind, e.cue.title
		case e.means == moved && c.kind == "":
			c.kind, c.intent = address, true
		}
		switch e.means {
		case change, isWrong, moved:
			c.intent = true
		case isNew, isRight:
			c.intent = c.intent || colon || e.means == isNew // "do you have the right one?" asks for no change
		}
	}
	switch {
	case has(s, isField(isOld)) && has(s, isField(isNew)) || !colon:
	case has(s, isField(isOld)):
		c.standing = before
	case has(s, isField(isNew)):
		c.standing = fresh
	}
	if has(s, isField(same)) || isBefore(s, isField(yours)) || denied(s) || has(s, isField(other)) {
		c = carried{}
	}
	if c.kind == "" {
		r.carry.left--
		return
	}
	r.carry = c
}
