package particulars

import (
	"slices"
	"strings"
)

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
	if st := r.around(s, i); st != said {
		return st
	}
	if r.gone(s, i) {
		return before
	}
	if denied(s) || has(s[:i], isField(maybe)) && !has(s[:i], isField(isNew)) {
		return said
	}
	if isBefore(s[:i], isField(yours)) && !has(s, isField(isNew)) || r.stranger(s, i) {
		return alien
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
	case not:
		if s[i].at-c.end < near {
			return before
		}
	case from:
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

// stranger tells that a value is somebody else's: "my wife's new number is".
func (r *reader) stranger(s []event, i int) bool {
	for j := i - 1; j >= 0; j-- {
		if s[j].means == other || s[j].means == field && r.owned(s, j) {
			return true
		}
	}
	return false
}

// owned tells that the field of cue j is that of somebody who is named before it:
// "Aarne Suhosen uusi osoite", "Emma's new address", "Karins nya adress".
func (r *reader) owned(s []event, j int) bool {
	at := s[j].at
	for j > 0 && (s[j-1].means == isNew || s[j-1].means == isOld || s[j-1].means == isNow) && s[j-1].end == at {
		j--
		at = s[j].at
	}
	if at == 0 || r.tokens[at].lines > 0 || r.tokens[at-1].shape != word || r.cue(at-1) {
		return false
	}
	owner := r.tokens[at-1]
	own := strings.HasSuffix(r.tokens[s[j].end-1].fold, "ni") || strings.HasSuffix(r.tokens[s[j].end-1].fold, "mme")
	switch r.lex.lang {
	case "fi":
		if owner.capital() && !r.starts(at-1) && strings.HasSuffix(owner.fold, "n") {
			return true
		}
		return !own && !homes[owner.fold] && len(owner.fold) > 4 && (strings.HasSuffix(owner.fold, "ni") || strings.HasSuffix(owner.fold, "mme"))
	case "sv", "da", "no", "de":
		return len(owner.fold) > 3 && strings.HasSuffix(owner.fold, "s")
	}
	return strings.HasSuffix(owner.fold, "'s") && !strings.HasPrefix(owner.fold, "it'") && !strings.HasPrefix(owner.fold, "here'") && !strings.HasPrefix(owner.fold, "that'")
}

// homes are the sender's own: "kotini osoite".
var homes = set("kotini kotimme asuntoni asuntomme taloni talomme minun meidan nykyiseni kotitaloni")

// gone tells that the words behind value i, up to the next value, say it is no more.
func (r *reader) gone(s []event, i int) bool {
	verbLast := r.lex.lang == "de" || r.lex.lang == "nl" // "mit X hinterlegt"
	for j := i + 1; j < len(s) && s[j].value == ""; j++ {
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
			case s[j].standing == fresh && j > i && has(s[i+1:j], changes):
				s[i].standing = before // "A has changed to B"
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
	if f.standing == said && r.wanted(s, i, form) {
		f.standing = fresh
		f.listed = form
	}
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

// wanted tells that a value of which nothing is said is meant to be written: the
// sentence, the one before, a heading or the subject says that its field changes.
func (r *reader) wanted(s []event, i int, form bool) bool {
	v := s[i]
	if v.kind == customer || denied(s) || has(s, isField(maybe)) || stays(s, i) || has(s, isField(identity)) || r.signed <= v.at {
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
	heading := values == 0 && has(s, changes)
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
		case change, isWrong, isNew, moved, isRight:
			c.intent = true
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

// toNew tells that a sentence speaks of a new address: "to my new e-mail".
func toNew(s []event) bool {
	for i, e := range s {
		if e.means == isNew && i+1 < len(s) && s[i+1].means == field && (s[i+1].kind == email || s[i+1].kind == address) {
			return true
		}
	}
	return false
}

// sending reads whether the sentence asks to be answered at another address.
func (r *reader) sending(s []event) {
	asks := has(s, isField(reply)) || has(s, isField(send)) && has(s, isField(answer))
	if !asks {
		return
	}
	r.answered = true
	if has(s, isField(there)) && slices.ContainsFunc(r.findings, func(f finding) bool { return f.kind == email || f.kind == address }) {
		r.elsewhere = true
	}
	if has(s, isField(elsewhere)) || toNew(s) || has(s, func(e event) bool { return e.value != "" && (e.kind == email || e.kind == address) }) {
		r.elsewhere = true
	}
}
