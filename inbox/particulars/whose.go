package particulars

import "strings"

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
	if j > 0 && s[j-1].value != "" && s[j-1].end == at {
		return false // "Tuula Hiltunen asiakasnro 7781"
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
