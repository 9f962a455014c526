package particulars

import "slices"

// settle decides what the sentence that just ended says of each of its values.
func (r *reader) settle() {
	s, form := r.sentence, r.form
	r.sentence, r.form = nil, false
	if len(s) == 0 {
		return
	}
	found := len(r.findings)
	defer func() { r.previous = found }()
	r.sending(s)
	form = form || r.listing && r.headed && r.alone(s)
	values := 0
	for i := range s {
		if s[i].value == "" {
			continue
		}
		values++
		if s[i].standing == said {
			s[i].standing = r.standing(s, i, form)
		}
		if s[i].standing == said && r.carry.left > 0 && r.carry.kind == s[i].kind && values == 1 {
			s[i].standing = r.carry.standing
		}
	}
	pair(s, form)
	contest(s)
	for i := range s {
		if s[i].value != "" {
			r.keep(s, i, form)
		}
	}
	r.leave(s, values, form)
}

// standing is what the words around value i of a sentence say of it.
func (r *reader) standing(s []event, i int, form bool) standing {
	if isBefore(s[:i], isField(yours)) && !has(s, isField(isNew)) || r.stranger(s, i) {
		return alien
	}
	if st := r.around(s, i); st != said {
		return st
	}
	if r.gone(s, i) {
		return before
	}
	if denied(s) || has(s[:i], isField(maybe)) {
		return said
	}
	start := lastValue(s, i) + 1
	for j := i - 1; j >= start; j-- {
		if st := r.says(s, j, i, form); st != said {
			return st
		}
	}
	return said
}

// around reads what stands directly at a value: an arrow, or "(new)".
func (r *reader) around(s []event, i int) standing {
	if end := s[i].end; i+1 < len(s) && end < len(r.tokens) && r.tokens[end].is("(") && s[i+1].at == end+1 && s[i+1].end < len(r.tokens) && r.tokens[s[i+1].end].is(")") {
		switch s[i+1].means {
		case isNew:
			return fresh
		case isOld:
			return before
		}
	}
	if i > 0 && s[i-1].means == "arrow" {
		return fresh
	}
	if i+1 < len(s) && s[i+1].means == "arrow" {
		return before
	}
	return said
}

// romance languages say "from" and "of" by one word.
var romance = map[string]bool{"fr": true, "es": true, "pt": true}

// near is how many tokens may stand between "not" or "new" and what it is said of.
const near = 3

// says is what cue j says of value i after it.
func (r *reader) says(s []event, j, i int, form bool) standing {
	c := s[j]
	announced := form && (r.listing || r.intents[s[i].kind] || r.carry.left > 0 && r.carry.intent && r.carry.kind == s[i].kind)
	switch c.means {
	case isOld, isHeld, remove:
		return before
	case isWrong:
		if form && c.end < len(r.tokens) && r.tokens[c.end].is(":") {
			return before
		}
		if j+1 < len(s) && s[j+1].means == field && s[j+1].at-c.end < near { // "wrong address: X"
			return before
		}
		if p := lastValue(s, i); p >= 0 && s[p].kind == s[i].kind && s[i].at-c.end < 2 { // "X (wrong: Y)"
			return before
		}
	case not:
		if s[i].at-c.end < near {
			return before
		}
	case from:
		if romance[r.lex.lang] && has(s[j:i], isField(field)) {
			return said // "cambiado de móvil": of what is changed, not from what
		}
		if (has(s, changes) || announced) && s[i].at-c.end <= near+1 {
			return before
		}
	case to:
		if has(s[:i], isField(same)) || isBefore(s[:i], isField(yours)) {
			return said
		}
		if announced || has(s[:j], changes) || has(s[:i], func(e event) bool { return e.means == lives || e.value != "" && e.standing == before }) {
			return fresh
		}
	case isRight:
		return fresh
	case isNew:
		if r.newOne(s, j, i) {
			return fresh
		}
	case isNow:
		if has(s[:i], func(e event) bool { return e.means == field || e.means == lives || e.means == be }) && !has(s, isField(contact)) {
			return fresh
		}
	}
	return said
}

// newOne tells that the word "new" of cue j is said of value i, or of its field, and not
// of something else that is new.
func (r *reader) newOne(s []event, j, i int) bool {
	c, next := s[j], s[j+1]
	apart := next.at - c.end
	switch {
	case c.end < len(r.tokens) && r.tokens[c.end].is(":"):
		return true
	case next.value != "", next.means == field:
		return apart == 0 || apart == 1 && (next.value != "" || r.tokens[c.end].shape == word)
	case next.means == be, next.means == glue, next.means == to, next.means == isNow:
		return apart == 0 && s[i].at-next.end <= near
	}
	return false
}

// denied tells that a sentence says that nothing changed or is to be changed.
func denied(s []event) bool {
	for j, e := range s {
		if e.means != not {
			continue
		}
		if j+1 < len(s) && changes(s[j+1]) && s[j+1].at-e.end < near {
			return true
		}
		if j > 0 && changes(s[j-1]) && s[j-1].end == e.at && j+1 < len(s) && s[j+1].value == "" {
			return true
		}
	}
	return false
}

// gone tells that the words behind value i, up to the next value, say it is no more.
func (r *reader) gone(s []event, i int) bool {
	verbLast := r.lex.lang == "de" || r.lex.lang == "nl" // "mit X hinterlegt"
	for j := i + 1; j < len(s) && s[j].value == ""; j++ {
		if has(s[i+1:j], isField(isOld)) { // "the old one is out of use"
			return false
		}
		if s[j].means == remove && nextValue(s, j) < 0 {
			return true
		}
		if s[j].means == isGone || verbLast && s[j].means == isHeld && j == len(s)-1 {
			return true
		}
	}
	return false
}

// pair settles values of one kind by each other: where one of two is old, the other is
// new.
func pair(s []event, form bool) {
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
			case s[j].standing == fresh && j > i && (has(s[i+1:j], changes) || has(s[i+1:j], isField(isRight))):
				s[i].standing = before // "A has changed to B", "is A, should be B"
			case s[j].standing == fresh && j > i && (form || has(s[:j], isField(isWrong))):
				s[i].standing = before
			}
		}
	}
}

// contest takes back what is said of a value where another of its kind stands beside it
// of which nothing could be read: they may be the other way round.
func contest(s []event) {
	for i := range s {
		if s[i].value == "" || s[i].standing != said || s[i].kind == customer {
			continue
		}
		for j := range s {
			if j != i && s[j].value != "" && s[j].kind == s[i].kind && s[j].title == s[i].title && s[j].standing == fresh && s[j].value != s[i].value {
				s[j].standing = said
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
	f.carried = !has(s, func(e event) bool { return e.means == field && e.kind == v.kind && e.cue.title == v.title })
	if f.standing == said && r.wanted(s, i, form) {
		f.standing = fresh
		f.listed = form
	}
	f.form = form
	if f.standing == fresh && r.signed <= v.at && !has(s, func(e event) bool { return e.means == isNew }) {
		f.standing = said
	}
	if v.kind == email && f.standing == fresh && !has(s, changes) && (has(s, isField(reply)) || has(s, isField(send)) && has(s, isField(answer))) {
		f.standing = said // where to send the answer is no change yet
	}
	if n := len(r.findings); f.standing == fresh && n > r.previous && has(s, isField(isRight)) && f.stands(r.findings[n-1]) {
		r.findings[n-1].standing = before // "It is X. It should be Y."
	}
	r.findings = append(r.findings, f)
}

func isField(m meaning) func(event) bool { return func(e event) bool { return e.means == m } }

func changes(e event) bool { return e.means == change || e.means == moved }

func has(s []event, is func(event) bool) bool { return slices.ContainsFunc(s, is) }

func isBefore(s []event, is func(event) bool) bool {
	for i, e := range s {
		if is(e) && i+1 < len(s) && (s[i+1].means == field || s[i+1].means == isNew) && s[i+1].at-e.end < 2 {
			return true
		}
		if is(e) && e.means == yours && i+1 == len(s) && !has(s, isField(field)) {
			return true
		}
	}
	return false
}

func nextValue(s []event, i int) int {
	return slices.IndexFunc(s[i+1:], func(e event) bool { return e.value != "" })
}

func lastValue(s []event, i int) int {
	for j := i - 1; j >= 0; j-- {
		if s[j].value != "" {
			return j
		}
	}
	return -1
}
