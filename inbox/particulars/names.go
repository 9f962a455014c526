package particulars

import (
	"strings"
	"unicode/utf8"
)

// awaitsName tells whether a name may begin at token i, and of which field: nothing but
// cues stands between the word for the name and it.
func (r *reader) awaitsName(i int) (kind, string) {
	if !r.tokens[i].capital() {
		return "", ""
	}
	title, named, from := "", false, -1
	for j := len(r.sentence) - 1; j >= 0; j-- {
		e := r.sentence[j]
		if e.value != "" && e.kind != name {
			return "", ""
		}
		if e.means == field || e.value != "" {
			if e.kind != name {
				return "", ""
			}
			title, named = e.title, true
			if e.means == field {
				title = e.cue.title
			}
			from = j
			break
		}
	}
	if !named {
		if r.carry.left <= 0 || r.carry.kind != name || len(r.sentence) == 0 && r.carry.standing == said && !r.underHeading(i) {
			return "", ""
		}
		title = r.carry.title
	}
	if !r.glued(max(from, 0), i) {
		return "", ""
	}
	return name, title
}

// underHeading tells that the token stands alone on the line below a heading that ends in a
// colon.
func (r *reader) underHeading(i int) bool {
	return i > 0 && r.tokens[i].lines > 0 && r.tokens[i-1].is(":")
}

// glued tells that between the last strong cue of the sentence and token i stand only
// cues and light signs.
func (r *reader) glued(from, i int) bool {
	if len(r.sentence) == 0 || r.form && r.tokens[i-1].is(":") {
		return true
	}
	at := i
	for j := len(r.sentence) - 1; j >= from; j-- {
		e := r.sentence[j]
		if !r.light(e.end, at) {
			return false
		}
		at = min(e.at, at)
		if e.value != "" {
			return true
		}
		switch e.means {
		case field, isNew, isNow, isRight, isOld, isHeld, not, cameFrom, to, "arrow":
			return true
		case be, glue, change, isWrong, same:
		default:
			return false
		}
	}
	return true
}

const cameFrom = from

// light tells that the tokens of [i, end) are signs that may stand before a name.
func (r *reader) light(i, end int) bool {
	for ; i < end; i++ {
		t := r.tokens[i]
		if t.is(".") && i > 0 && abbreviations[r.tokens[i-1].fold] {
			continue
		}
		if t.shape != mark || !t.arrow() && !strings.Contains(`:,"'“”„»«(‘’|=-–`, t.text) {
			return false
		}
	}
	return true
}

// mostNames is how many words a name may have.
const mostNames = 5

// names is how many tokens a name at i takes.
func (r *reader) names(i int) int {
	n, last := 0, 0
	for i+n < len(r.tokens) && n < mostNames {
		t := r.tokens[i+n]
		if n > 0 && t.lines > 0 {
			break
		}
		if t.capital() && t.digits() == 0 && !(utf8.RuneCountInString(t.text) == 1) && !r.never(i+n) {
			n++
			last = n
			if r.lex.lang == "fi" && inflectedName(t.text) {
				break
			}
			continue
		}
		if t.shape == word && particles[t.fold] && i+n+1 < len(r.tokens) && r.tokens[i+n+1].capital() && r.tokens[i+n+1].lines == 0 && !r.cue(i+n) {
			n++
			continue
		}
		break
	}
	return last
}

var particles = set("von van de der den af di da dos del la le ter zu y e")

// never tells a word that is part of no name and no address: one of the stop list, of
// a greeting, or a cue.
func (r *reader) never(i int) bool {
	cues, n := r.lex.match(r.tokens, i)
	if n == 0 {
		return false
	}
	for _, c := range cues {
		switch c.means {
		case glue, be, to, from, not, isNew, there, answer, send, isRight, isNow, other, contact, isGone, same, identity, lives, elsewhere:
			if r.tokens[i].lines == 0 && r.tokens[i].capital() && !(r.starts(i) && strings.Contains(r.tokens[i].text, "'")) && r.lex.lang != "de" {
				continue // "By" is a street in one language and a cue in another
			}
		case field:
			if c.kind == telephone && len(r.tokens[i].text) < 3 {
				continue
			}
		}
		return true
	}
	return false
}

// cue tells that a token is a cue of the language.
func (r *reader) cue(i int) bool {
	_, n := r.lex.match(r.tokens, i)
	return n > 0
}

// ending reads a case ending behind a value ("3:sta", "Korhoseksi"), puts the value
// into its plain form, and tells what the ending says. A name whose plain form cannot
// be known is emptied.
func (r *reader) ending(v *event, i, n int) (standing, int) {
	if r.lex.lang != "fi" {
		return said, n
	}
	if j := i + n; j+1 < len(r.tokens) && r.tokens[j].is(":") && !r.tokens[j].spaced && !r.tokens[j+1].spaced && r.tokens[j+1].shape == word {
		switch r.tokens[j+1].fold {
		case "sta", "lta":
			return before, n + 2
		case "ksi", "een", "iin", "hin", "aan", "lle", "en", "seen", "an", "in", "on":
			return fresh, n + 2
		case "n", "ssa", "na", "lla":
			return said, n + 2
		}
	}
	if v.kind != name {
		return said, n
	}
	base, st, ok := nominative(v.value, r.signer)
	if !ok {
		base = ""
	}
	v.value = base
	return st, n
}

// inflectedName tells a Finnish name in the translative or the elative, behind which no
// other part of the same name stands.
func inflectedName(s string) bool {
	for _, ending := range []string{"ksi", "sta", "stä"} {
		stem, ok := strings.CutSuffix(strings.ToLower(s), ending)
		last, _ := utf8.DecodeLastRuneInString(stem)
		if ok && len(stem) > 3 && strings.ContainsRune("aeiouyäö", last) {
			return true
		}
	}
	return false
}

// nominative puts a Finnish name from the translative ("Korhoseksi", to) or the elative
// ("Virtasesta", from) into its plain form: where the ending leaves only one, or where
// the signature shows it.
func nominative(value, signer string) (string, standing, bool) {
	low := strings.ToLower(value)
	st, stem := said, ""
	for _, ending := range []string{"ksi", "sta", "stä"} {
		if strings.HasSuffix(low, ending) && len(low) > len(ending)+3 {
			stem, st = value[:len(value)-len(ending)], before
			if ending == "ksi" {
				st = fresh
			}
		}
	}
	if st == said {
		return value, said, true
	}
	last, _ := utf8.DecodeLastRuneInString(stem)
	if !strings.ContainsRune("aeiouyäö", last) {
		return value, said, true // "Ernst August": no Finnish ending
	}
	if own := signed(stem, signer); own != "" {
		return own, st, true
	}
	low = strings.ToLower(stem)
	switch {
	case strings.HasSuffix(low, "se") && len(low) > 4:
		return stem[:len(stem)-2] + "nen", st, true
	case strings.HasSuffix(low, "la"), strings.HasSuffix(low, "lä"):
		return stem, st, true
	}
	return "", st, false
}

// signed is the last name of the signature, if the stem can be an inflected form of it.
func signed(stem, signer string) string {
	own := signer[strings.LastIndexByte(signer, ' ')+1:]
	if own == "" || strings.Contains(stem, " ") {
		return ""
	}
	a, b := []rune(strings.ToLower(stem)), []rune(strings.ToLower(own))
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	if n < 4 || n < len(b)-3 || n < len(a)-3 {
		return ""
	}
	return own
}
