package particulars

import "strings"

// postcodeAt is how many tokens a postcode at i takes, of any country whose form is
// told from other numbers: 33100, 111 22, 1165 (with a town), 1017 GA, 00-238,
// 1100-053, FI-33100, LS1 4AB.
func (r *reader) postcodeAt(i int) int {
	t := r.tokens[i]
	var next token
	if i+1 < len(r.tokens) && r.tokens[i+1].lines == 0 {
		next = r.tokens[i+1]
	}
	d, w := t.digits(), len(t.text)
	switch {
	case t.pure() && w == 3 && next.pure() && len(next.text) == 2:
		return 2
	case t.pure() && w == 4 && next.shape == word && len(next.text) == 2 && upper(next.text) && next.text != "NL":
		return 2
	case t.pure() && w == 5:
		return 1
	case t.pure() && w == 4 && next.capital():
		return 1
	case t.shape == number && (w == 6 && d == 5 && t.text[2] == '-' || w == 8 && d == 7 && t.text[4] == '-'):
		return 1
	case t.shape == word && d == 5 && w <= 8 && strings.Contains(t.text, "-") && upper(t.text[:strings.IndexByte(t.text, '-')]):
		return 1
	case t.shape == word && w >= 2 && w <= 4 && d >= 1 && d <= 2 && upper(t.text[:1]) && next.shape == number && len(next.text) == 3 && next.digits() == 1:
		return 2
	}
	return 0
}

// townTail is where the town behind the postcode at i ends.
func (r *reader) townTail(i int) int {
	j := i + r.postcodeAt(i)
	for n := 0; j < len(r.tokens) && n < 3 && r.tokens[j].lines == 0; n++ {
		t := r.tokens[j]
		particle := n > 0 && t.shape == word && (small[t.fold] || len(t.text) == 1) && j+1 < len(r.tokens) && r.tokens[j+1].capital() && r.tokens[j+1].lines == 0 && !r.cue(j)
		if !t.capital() && !particle || r.never(j) {
			break
		}
		j++
	}
	return j
}

// country takes in a country's name behind the town.
func (r *reader) country(end int) int {
	i := end
	if i < len(r.tokens) && r.tokens[i].is(",") {
		i++
	}
	if i < len(r.tokens) && (i > end || r.tokens[i].lines == 1) && r.tokens[i].lines < 2 && countries[r.tokens[i].fold] && r.closes(i+1) {
		return i + 1
	}
	return end
}

var countries = set("suomi finland sverige sweden norge norway danmark denmark eesti estonia deutschland germany france espana spain italia italy nederland netherlands polska poland portugal uk england scotland wales ireland schweiz suisse switzerland osterreich austria usa viro ruotsi norja tanska saksa belgium belgie luxembourg")
