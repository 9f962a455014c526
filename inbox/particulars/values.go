package particulars

import "strings"

// value reads a value that begins at token i, if the sentence so far lets one stand
// there. It returns how many tokens it takes, 0 if there is none.
func (r *reader) value(i int) (event, int) {
	k, title := r.awaits()
	var n int
	switch t := r.tokens[i]; {
	case t.shape == code || k == secret:
		return event{}, 0
	case t.shape == mail:
		k, title, n = email, "", 1
	case k == customer && (t.shape == number || t.shape == word) && t.digits() >= 2 && len(t.text) <= 20:
		n = 1
	case k == postcode && t.shape == word:
		n = r.postcodeAt(i)
	case k == postcode && t.shape == number:
		n = r.postcode(i)
	case k == account && t.shape == word:
		n = r.iban(i)
	case k == birth && (t.shape == number || t.shape == word):
		_, n = r.date(i)
	}
	if n == 0 && k != customer && k != account && !r.numbered(i) {
		if n = r.phone(i, k == telephone || r.contacted()); n > 0 {
			k, title = telephone, ""
		}
	}
	if n == 0 && r.place(k, i) {
		if n = r.address(i); n > 0 && k != address {
			k, title = address, ""
		}
	}
	if n == 0 {
		if k, title = r.awaitsName(i); k == name {
			n = r.names(i)
		}
	}
	if n == 0 {
		return event{}, 0
	}
	v := event{cue: cue{kind: k}, title: title, at: i, value: r.written(i, i+n)}
	if k == customer || k == birth {
		v.title = title
	}
	v.standing, n = r.ending(&v, i, n)
	if len(v.value) > mostValue || v.value == "" {
		return event{}, 0
	}
	v.end = i + n
	return v, n
}

// awaits is the field last named in the sentence, else the one carried into it.
func (r *reader) awaits() (kind, string) {
	for j := len(r.sentence) - 1; j >= 0; j-- {
		e := r.sentence[j]
		if e.means == field {
			return e.kind, e.cue.title
		}
		if e.value != "" && e.kind == name {
			return name, e.title
		}
	}
	if r.carry.left > 0 {
		return r.carry.kind, r.carry.title
	}
	return "", ""
}

func (r *reader) contacted() bool {
	return has(r.sentence, func(e event) bool {
		return e.means == contact || e.means == field && e.kind == telephone
	})
}

// place tells whether an address may stand here: a field that is one was named, or the
// sentence tells of moving or living, or of old and new without a field.
func (r *reader) place(k kind, i int) bool {
	if k == address || r.listing && r.headed && r.tokens[i].lines > 0 {
		return true
	}
	return has(r.sentence, func(e event) bool {
		return e.means == field && e.kind == address || e.means == moved || e.means == lives || e.means == isHeld
	}) || r.form && k == "" && has(r.sentence, func(e event) bool {
		return e.means == isOld || e.means == isNew || e.means == isWrong || e.means == isRight
	})
}

// written is the text of tokens as it stands, lines joined by ", ".
func (r *reader) written(i, end int) string {
	var b strings.Builder
	for j := i; j < end; j++ {
		t := r.tokens[j]
		switch {
		case j == i:
		case t.lines > 0 && r.tokens[j-1].is(","):
			b.WriteByte(' ')
		case t.lines > 0:
			b.WriteString(", ")
		case t.spaced:
			b.WriteByte(' ')
		}
		b.WriteString(t.text)
	}
	return b.String()
}

// numbered tells that the number at i is that of an order, a bill or the like.
func (r *reader) numbered(i int) bool {
	j := i - 1
	for j > 0 && i-j < 3 && r.tokens[j].shape == mark && !r.tokens[j].is(".") {
		j--
	}
	if j < 0 || r.tokens[j].shape != word {
		return false
	}
	cues, n := r.lex.match(r.tokens, j)
	if n > 0 {
		return cues[0].means == stop
	}
	for _, ending := range []string{"numero", "numeroni", "nro", "nummer", "number", "nr", "viite", "id", "numeron"} {
		if strings.HasSuffix(r.tokens[j].fold, ending) {
			return true
		}
	}
	return false
}

// phone is how many tokens a telephone number at i takes. One that begins neither with
// + nor with 0 needs a word that says what it is.
func (r *reader) phone(i int, named bool) int {
	t := r.tokens[i]
	if !t.is("+") && !t.is("(") && t.shape != number || i > 0 && r.tokens[i-1].shape == number && !t.spaced {
		return 0
	}
	digits, end, plus, groups := 0, i, false, 0
	for j := i; j < len(r.tokens) && j-i < 12; j++ {
		t := r.tokens[j]
		if j > i && t.lines > 0 {
			break
		}
		switch {
		case t.is("+") && j == i, t.is("(") && digits == 0, t.is("+") && digits == 0:
			plus = plus || t.is("+")
			continue
		case t.is(")") || t.is("(") || t.is("-") || t.is("–") || t.is("/"):
			continue
		case t.shape == number && strings.Trim(t.text, "0123456789-./") == "" && !dotted(t.text):
			digits += t.digits()
			groups++
			end = j + 1
			continue
		}
		break
	}
	first := strings.TrimLeft(r.tokens[i].text, "(")
	zero := strings.HasPrefix(first, "0") && !strings.HasPrefix(first, "000")
	if i+1 < len(r.tokens) && r.tokens[i].is("(") {
		zero = strings.HasPrefix(r.tokens[i+1].text, "0")
	}
	least := 8
	if plus || zero && named {
		least = 7
	}
	if digits < least || digits > 15 || !plus && !zero && !named {
		return 0
	}
	return end - i
}

// dotted tells a date or a sum: fewer than three dots between digits.
func dotted(s string) bool {
	n := strings.Count(s, ".")
	return n > 0 && n < 3 || strings.Count(s, "/") == 2
}

// postcode is how many tokens a postcode at i takes.
func (r *reader) postcode(i int) int {
	n := 1
	digits := r.tokens[i].digits()
	for i+n < len(r.tokens) && n < 2 && r.tokens[i+n].lines == 0 {
		t := r.tokens[i+n]
		if t.pure() && digits == 3 && len(t.text) == 2 {
			digits += 2
			n++
			continue
		}
		if t.capital() && len(t.text) == 2 && digits == 4 {
			n++
		}
		break
	}
	if digits < 3 || digits > 7 {
		return 0
	}
	return n
}

// iban is how many tokens an account number at i takes (ISO 13616).
func (r *reader) iban(i int) int {
	t := r.tokens[i]
	if len(t.text) < 4 || !upper(t.text[:2]) || t.digits() < 2 {
		return 0
	}
	size, n := len(t.text), 1
	for i+n < len(r.tokens) && n < 9 {
		t := r.tokens[i+n]
		if t.lines > 0 || t.shape > number || t.digits() == 0 || len(t.text) > 4 {
			break
		}
		size += len(t.text)
		n++
	}
	if size < 15 || size > 34 {
		return 0
	}
	return n
}

func upper(s string) bool {
	for i := range len(s) {
		if s[i] < 'A' || s[i] > 'Z' {
			return false
		}
	}
	return s != ""
}
