package particulars

import "strings"

// An address is read by its form: a street line with a house number (or a box), then
// towns and postcodes, separated by commas or line breaks. Where the form does not hold
// the address is not read.

// mostLines bounds the lines of an address, and mostParts the words of one line.
const (
	mostLines = 6
	mostParts = 8
)

// address is how many tokens an address at i takes.
func (r *reader) address(i int) int {
	if i > 0 && r.tokens[i-1].shape == word && r.tokens[i-1].capital() && !r.cue(i-1) && r.tokens[i].lines == 0 {
		return 0 // in the middle of a name or a place
	}
	if i > 1 && small[r.tokens[i-1].fold] && r.tokens[i-2].capital() && !r.cue(i-2) && r.tokens[i].lines+r.tokens[i-1].lines == 0 {
		return 0 // "Avenida de" was not read
	}
	care := r.careOf(i)
	if care > 0 && r.careOf(i+care) > 0 {
		return 0
	}
	if care > 0 {
		if n := r.address(i + care); n > 0 {
			return care + n
		}
		return 0
	}
	end, ok := r.street(i)
	if !ok {
		return 0
	}
	done := r.postal(i, end)
	for parts := 1; parts < mostLines && !done; parts++ {
		next, town, has := r.town(end)
		if !has {
			break
		}
		end, done = next, town
	}
	if below := r.below(end); !done && below > 0 {
		end, done = below, true
	}
	if !done && openers[r.tokens[i].fold] && r.flat(i, end) {
		return 0
	}
	if r.inflected(end - 1) {
		return 0
	}
	end = r.country(end)
	if !done && r.scattered(end) {
		return 0
	}
	return end - i
}

// careOf is how many tokens "c/o Lundgren" takes at i, with the comma behind it.
func (r *reader) careOf(i int) int {
	if i+3 >= len(r.tokens) || r.tokens[i].fold != "c" || !r.tokens[i+1].is("/") || r.tokens[i+2].fold != "o" {
		return 0
	}
	n := r.names(i + 3)
	if end := i + 3 + n; n > 0 && end < len(r.tokens) && (r.tokens[end].is(",") || r.tokens[end].lines == 1) {
		if r.tokens[end].is(",") {
			return 4 + n
		}
		return 3 + n
	}
	return 0
}

// scattered tells that behind an address without a postcode one follows before long: the
// address goes on in a way that is not read.
func (r *reader) scattered(end int) bool {
	for j := end; j < len(r.tokens) && j < end+10 && r.tokens[j].lines < 2; j++ {
		t := r.tokens[j]
		if t.shape == word && !t.capital() && t.fold == "c" {
			return true
		}
		if n := r.postcodeAt(j); n > 0 && t.shape == number && t.digits() >= 5 && j+n < len(r.tokens) && r.tokens[j+n].capital() && r.tokens[j+n].lines == 0 {
			return j == end || !r.street2(end, j)
		}
	}
	return false
}

// street2 tells that another house number stands between, so that the postcode is that
// of another address.
func (r *reader) street2(i, end int) bool {
	for j := i; j < end; j++ {
		if t := r.tokens[j]; t.shape == number && houseNumber(t) && !r.cue(j) {
			return true
		}
	}
	return false
}

// street reads the first line: "Uusikatu 1 A 3", "12 High Street", "Flat 4", "PL 12".
func (r *reader) street(i int) (end int, ok bool) {
	t := r.tokens[i]
	first := t.capital() || openers[t.fold] || r.lowStreet(i) || t.shape == number && t.digits() < 6
	if !first || r.neverPlace(i) {
		return 0, false
	}
	house, words := false, 0
	j := i
	for ; j < len(r.tokens) && j-i < 14; j++ {
		t := r.tokens[j]
		if j > i && t.lines > 0 {
			break
		}
		switch {
		case t.shape == number:
			if !houseNumber(t) {
				if house && words > 0 && t.pure() && r.postcodeAt(j) > 0 { // no comma before the postcode
					return r.townTail(j), true
				}
				return 0, false
			}
			if house && t.pure() && len(t.text) > 3 && r.postcodeAt(j) > 0 {
				return r.townTail(j), words > 0
			}
			house = true
		case t.shape == word && (j > i && small[t.fold] || !r.neverPlace(j) && (t.capital() || openers[t.fold] || len(t.text) == 1 && house || j == i && r.lowStreet(i))):
			if house && words > 0 && t.capital() && len(t.text) > 2 && r.tokens[i].shape != number && !small[t.fold] {
				if t.digits() > 0 || !r.closes(j+1) {
					return j, true
				}
				return j + 1, true // "Uusikatu 1 Tampere"
			}
			if len(t.text) > 1 {
				words++
			}
		case t.is(".") && !t.spaced && j > i && (small[r.tokens[j-1].fold] || openers[r.tokens[j-1].fold] || abbreviations[r.tokens[j-1].fold]):
		case t.is(".") && house && j+1 < len(r.tokens) && small[r.tokens[j+1].fold] && r.tokens[j+1].lines == 0:
		case t.is("/") || t.is("º") || t.is("ª") || t.is("°"):
		default:
			return j, house && words > 0 && r.streetLike(i, j)
		}
	}
	return j, house && words > 0 && r.streetLike(i, j)
}

// neverPlace tells a word that is part of no street: a cue, unless it is written large
// where no sentence begins, as in "Vanha Turuntie 5".
func (r *reader) neverPlace(i int) bool {
	cues, n := r.lex.match(r.tokens, i)
	if n == 0 {
		return false
	}
	if cues[0].means == field && r.starts(i) && r.tokens[i].capital() && !openers[r.tokens[i].fold] {
		return true
	}
	if cues[0].means == stop || cues[0].means == greeting || !r.tokens[i].capital() {
		return !openers[r.tokens[i].fold]
	}
	return r.starts(i) && !(i > 0 && r.tokens[i-1].is(":"))
}

// lowStreet tells a street written small that its ending gives away, in Finnish and
// Swedish.
func (r *reader) lowStreet(i int) bool {
	t := r.tokens[i]
	if t.shape != word || t.capital() || i+1 >= len(r.tokens) || r.tokens[i+1].shape != number || r.tokens[i+1].lines > 0 || r.cue(i) {
		return false
	}
	for _, ending := range []string{"katu", "tie", "kuja", "polku", "raitti", "kaari", "penger", "gatan", "vagen", "stigen", "grand"} {
		if strings.HasSuffix(t.fold, ending) && len(t.fold) > len(ending)+2 {
			return true
		}
	}
	return false
}

// lowStreets tells that the words before end are all written small.
func (r *reader) lowStreets(end int) bool {
	for j := end - 1; j >= 0 && end-j < 8 && r.tokens[j].lines == 0; j-- {
		if r.tokens[j].capital() {
			return false
		}
		if r.lowStreet(j) {
			return true
		}
	}
	return end < 8
}

// streetLike refuses what only looks like a street: one that begins with its number
// needs two words, or a small one of a street ("rue").
func (r *reader) streetLike(i, end int) bool {
	for r.tokens[end-1].shape == mark {
		end--
	}
	if r.tokens[i].shape != number {
		return true
	}
	words := 0
	for _, t := range r.tokens[i+1 : end] {
		if t.shape == word && len(t.text) > 1 {
			words++
		}
	}
	return words >= 2
}

// houseNumber tells the numbers of houses, stairs and flats.
func houseNumber(t token) bool {
	if t.text[0] == '0' {
		return false
	}
	if strings.Contains(t.text, ".") || t.digits() > 4 || len(t.text) > 9 {
		return t.digits() <= 6 && strings.ContainsAny(t.text, "-/") && !strings.Contains(t.text, ".") && len(t.text) <= 9
	}
	return true
}

// openers begin a street or box and may be written small.
var openers = set("rue avenue av boulevard bd place chemin allee impasse quai route cours ul al os plac aleja calle c avda avenida paseo plaza via viale piazza corso largo rua travessa praca pl box postboks boks pb bp po p.o flat apartment apt unit suite postfach casella apartado skr postlokero")

// small words stand within an address.
var small = set("as asunto bst krs lgh apt flat de du des la le les l' d' del della dei di do da dos das van den der het ten ter of the and st bis ter tv th mf til og vej sal rue avenue boulevard place chemin allee ul al m c o kv kvar mnt tn pst n nr no str sok et hus trappa tr uppg upp b box po dla van't 't sur sous en valtatie tie katu kuja polku puistotie rantatie bulevardi kaari puisto tori rinne vag vagen gata gatan grand torg plan stig stigen kajen vei gate gade plass tee tanav strasse weg platz am an der im zum zur auf talo ovi")

// town reads one more part of an address behind a comma: a postcode with its town, or a
// town or district by itself. Done tells that there was a postcode.
func (r *reader) town(end int) (next int, done, ok bool) {
	i := end + 1
	if i >= len(r.tokens) || !r.tokens[end].is(",") || r.tokens[i].lines > 1 || i >= r.signed {
		return 0, false, false
	}
	if n := r.postcodeAt(i); n > 0 {
		next = r.townTail(i)
		if next == i+n && next < len(r.tokens) && r.tokens[next].shape == word && r.tokens[next].lines == 0 && r.closes(next+1) && r.lowStreets(end) {
			next++ // all in small letters
		}
		return next, true, next > i+n
	}
	j := i
	for ; j < len(r.tokens) && j-i < mostParts && (j == i || r.tokens[j].lines == 0); j++ {
		if n := r.postcodeAt(j); n > 0 && j > i {
			return j + n, true, true
		}
		if !r.part(i, j) {
			break
		}
	}
	if j == i || r.tokens[j-1].shape == mark {
		return 0, false, false
	}
	return j, false, r.closes(j) || r.tokens[j].is(",")
}

// part tells that token j can stand in the part of an address that begins at i.
func (r *reader) part(i, j int) bool {
	t := r.tokens[j]
	switch {
	case t.shape == word:
		return t.capital() && !r.never(j) || j > i && small[t.fold] || len(t.text) == 1
	case t.shape == number:
		return houseNumber(t) && r.details(i)
	}
	return t.is("º") || t.is("ª") || t.is(".") && j > i && (r.tokens[j-1].shape == number || small[r.tokens[j-1].fold])
}

// below is where an address ends that goes on over the next lines: the end of the first
// line with a postcode, if every line before it looks like a part. It is 0 if none does.
func (r *reader) below(end int) int {
	j := end
	if j < len(r.tokens) && r.tokens[j].is(",") {
		j++
	}
	for lines := 0; lines < mostLines && j < len(r.tokens) && j < r.signed && r.tokens[j].lines == 1; lines++ {
		i := j
		for ; j < len(r.tokens) && j-i < mostParts && (j == i || r.tokens[j].lines == 0); j++ {
			if n := r.postcodeAt(j); n > 0 {
				if last := r.townTail(j); r.closes(last) || r.tokens[last].is(",") {
					return last
				}
				return 0
			}
			if !r.part(i, j) && !(r.tokens[j].shape == number && houseNumber(r.tokens[j])) && !r.tokens[j].is(",") {
				return 0
			}
		}
	}
	return 0
}

// flat tells that a first line names only a flat, not its street.
func (r *reader) flat(i, end int) bool {
	words := 0
	for _, t := range r.tokens[i:end] {
		if t.shape == word && len(t.text) > 2 {
			words++
		}
	}
	return words < 2 && !r.boxed(i)
}

// boxed tells a post office box, which is a whole line by itself.
func (r *reader) boxed(i int) bool {
	w := r.tokens[i].fold
	return boxes[w] || i+1 < len(r.tokens) && boxes[r.tokens[i+1].fold]
}

var boxes = set("pl box postboks boks pb bp po p.o postfach casella apartado skr")

// details tells that a line begins with a floor, a door or a flat: ", 3º B".
func (r *reader) details(i int) bool {
	return r.tokens[i].shape == number && r.tokens[i].digits() < 4 || openers[r.tokens[i].fold] || small[r.tokens[i].fold]
}

// postal tells that the street line already holds a postcode.
func (r *reader) postal(i, end int) bool {
	for j := i + 1; j < end; j++ {
		if r.tokens[j].shape == number && r.tokens[j].digits() >= 5 && r.postcodeAt(j) > 0 {
			return true
		}
	}
	return false
}

// closes tells that at token j a line, a sentence or a part of one ends.
func (r *reader) closes(j int) bool {
	return j >= len(r.tokens) || r.tokens[j].lines > 0 || r.tokens[j].shape == mark && strings.Contains(".!?;()|", r.tokens[j].text)
}

// inflected tells a Finnish place in another case than the one it is registered in:
// "33100 Tampereelle". What it is called can only be guessed.
func (r *reader) inflected(i int) bool {
	if r.lex.lang != "fi" || r.tokens[i].shape != word || countries[r.tokens[i].fold] {
		return false
	}
	w := r.tokens[i].fold
	if w == "forssa" || w == "orivesi" {
		return false
	}
	for _, ending := range []string{"lle", "lla", "lta", "ssa", "sta", "seen", "hin", "iin", "oon", "aan", "ein", "uun"} {
		if strings.HasSuffix(w, ending) && len(w) > len(ending)+3 {
			return true
		}
	}
	return false
}

func set(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}
