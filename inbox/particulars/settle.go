package particulars

import "slices"

// settle decides what the sentence that just ended says of each of its values.
func (r *reader) settle() {
	s, form := r.sentence, r.form
	r.sentence, r.form = nil, false
	if len(s) == 0 {
		return
	}
	r.sending(s)
	values := 0
	for i := range s {
		if s[i].value == "" {
			continue
		}
		values++
		if s[i].standing == said {
			s[i].standing = r.standing(s, i)
		}
	}
	pair(s)
	for i := range s {
		if s[i].value != "" {
			r.keep(s, i, form)
		}
	}
	r.leave(s, values, form)
}

// standing is what the words around value i of a sentence say of it.
func (r *reader) standing(s []event, i int) standing {
	if st := around(s, i); st != said {
		return st
	}
	if gone(s, i) {
		return before
	}
	if isBefore(s[:i], isField(yours)) && !has(s, isField(isNew)) || stranger(s, i) {
		return alien
	}
	start := lastValue(s, i) + 1
	for j := i - 1; j >= start; j-- {
		if st := r.says(s, j, i); st != said {
			return st
		}
	}
	return said
}

// around reads what stands directly at a value: an arrow, "not".
func around(s []event, i int) standing {
	if i > 0 && s[i-1].means == "arrow" {
		return fresh
	}
	if i+1 < len(s) && s[i+1].means == "arrow" {
		return before
	}
	return said
}

// near is how many tokens may stand between "not" or "new" and what it is said of.
const near = 3

// says is what cue j says of value i after it.
func (r *reader) says(s []event, j, i int) standing {
	c := s[j]
	switch c.means {
	case isOld, isHeld:
		return before
	case isWrong:
		if j+1 < len(s) && s[j+1].means == field && s[j+1].at-c.end < near { // "wrong address: X"
			return before
		}
	case not:
		if s[i].at-c.end < near {
			return before
		}
	case from:
		if has(s, changes) {
			return before
		}
	case to:
		if has(s[:j], changes) || has(s[:i], func(e event) bool { return e.means == lives || e.value != "" && e.standing == before }) {
			return fresh
		}
	case isRight:
		return fresh
	case isNew:
		if j+1 <= i && s[j+1].at-c.end < near && (s[j+1].value != "" || s[j+1].means == field || s[j+1].means == be || s[j+1].means == glue || s[j+1].means == to || s[j+1].means == isNow) || c.end < len(r.tokens) && r.tokens[c.end].is(":") {
			return fresh
		}
	case isNow:
		if has(s[:i], func(e event) bool { return e.means == field || e.means == lives || e.means == be }) && !has(s, isField(contact)) {
			return fresh
		}
	}
	return said
}

// stranger tells that a value is somebody else's: "my wife's new number is".
func stranger(s []event, i int) bool {
	for j := i - 1; j >= 0; j-- {
		if s[j].means == other {
			return true
		}
	}
	return false
}

// gone tells that the words behind value i, up to the next value, say it is no more.
func gone(s []event, i int) bool {
	for j := i + 1; j < len(s) && s[j].value == ""; j++ {
		if s[j].means == isGone {
			return true
		}
	}
	return false
}

// pair settles values of one kind by each other: where one of two is old, the other is
// new.
func pair(s []event) {
	for i := range s {
		if s[i].value == "" || s[i].standing != said {
			continue
		}
		for j := range s {
			if j == i || s[j].value == "" || s[j].kind != s[i].kind || closedOld(s, i, j) {
				continue
			}
			switch {
			case s[j].standing == before:
				s[i].standing = fresh
			case s[j].standing == fresh && j > i && has(s[:i], isField(isWrong)):
				s[i].standing = before
			}
		}
	}
}

// closedOld tells that between two values so much was said that one does not speak of
// the other.
func closedOld(s []event, i, j int) bool {
	return max(s[i].at-s[j].end, s[j].at-s[i].end) > 12
}

// keep files value i of a sentence.
func (r *reader) keep(s []event, i int, form bool) {
	v := s[i]
	f := finding{kind: v.kind, title: v.title, text: v.value, standing: v.standing}
	if f.standing == said && r.wanted(s, i, form) {
		f.standing = fresh
		f.listed = form
	}
	if f.standing == fresh && r.signed <= v.at && !has(s, func(e event) bool { return e.means == isNew }) {
		f.standing = said
	}
	if v.kind == email && f.standing == fresh {
		r.mailed = true
	}
	r.findings = append(r.findings, f)
}

// wanted tells that a value of which nothing is said is meant to be written: the
// sentence, the one before, a heading or the subject says that its field changes.
func (r *reader) wanted(s []event, i int, form bool) bool {
	v := s[i]
	if v.kind == customer || has(s, isField(same)) || has(s, isField(identity)) || r.signed <= v.at {
		return false
	}
	if form && r.listing {
		return true
	}
	if (has(s, isField(contact)) || has(s, isField(send)) || has(s, isField(reply))) && v.kind != address {
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

// leave keeps what a sentence leaves to the next ones.
func (r *reader) leave(s []event, values int, form bool) {
	colon := s[len(s)-1].end < len(r.tokens) && r.tokens[s[len(s)-1].end].is(":")
	heading := values == 0 && has(s, changes)
	switch {
	case has(s, isField(identity)) && values == 0:
		r.listing = false
	case heading:
		r.listing = true
	case !form:
		r.listing = false
	}
	if values > 0 {
		r.carry.left--
		r.carry.intent = r.carry.intent && form
		for _, e := range s {
			if e.value != "" {
				r.carry.kind, r.carry.title, r.carry.left = e.kind, e.title, 2
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
		case e.means == isOld && colon:
			c.standing = before
		case e.means == isNew && colon:
			c.standing = fresh
		}
		switch e.means {
		case change, isWrong, isNew, moved, isRight:
			c.intent = true
		}
	}
	if has(s, isField(same)) || has(s, isField(yours)) || has(s, isField(other)) {
		c = carried{}
	}
	if c.kind == "" {
		r.carry.left--
		return
	}
	r.carry = c
}

func isField(m meaning) func(event) bool { return func(e event) bool { return e.means == m } }

func changes(e event) bool { return e.means == change || e.means == moved }

func has(s []event, is func(event) bool) bool { return slices.ContainsFunc(s, is) }

func isBefore(s []event, is func(event) bool) bool {
	for i, e := range s {
		if is(e) && i+1 < len(s) && (s[i+1].means == field || s[i+1].means == isNew) && s[i+1].at-e.end < 2 {
			return true
		}
		if is(e) && e.means == yours && i+1 == len(s) {
			return true
		}
	}
	return false
}

func lastValue(s []event, i int) int {
	for j := i - 1; j >= 0; j-- {
		if s[j].value != "" {
			return j
		}
	}
	return -1
}

// sending reads whether the sentence asks to be answered at another address.
func (r *reader) sending(s []event) {
	asks := has(s, isField(reply)) || has(s, isField(send)) && has(s, isField(answer))
	if !asks {
		return
	}
	r.answered = true
	if has(s, isField(elsewhere)) || has(s, func(e event) bool { return e.value != "" && (e.kind == email || e.kind == address) }) {
		r.elsewhere = true
	}
}
