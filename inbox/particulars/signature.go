package particulars

import "strings"

// mostBare is the longest rest of a mail, in bytes, behind closing words that no name
// follows.
const mostBare = 80

// signature finds where the closing words of a mail begin, and the full name below
// them. The token is past the end where there is no signature; the name is "" where it
// is not two words or more.
func (r *reader) signature() (at int, signer string) {
	at = len(r.tokens)
	for i := range r.tokens {
		if i > 0 && r.tokens[i].lines == 0 && r.tokens[i-1].shape != mark {
			continue
		}
		j := r.closing(i)
		if j == i {
			continue
		}
		n := r.fullName(j)
		switch {
		case n > 0:
			at = i
			if n > 1 {
				signer = r.written(j, j+n)
			}
		case at == len(r.tokens) && r.closes(j) && len(r.text)-r.tokens[i].start < mostBare:
			at = i
		}
	}
	if at == len(r.tokens) {
		return r.lastLine()
	}
	return at, signer
}

// mostClosing bounds closing words and signs, in tokens.
const mostClosing = 16

// closing is where the closing words at i end, with the signs behind them.
func (r *reader) closing(i int) int {
	start := i
	for i < len(r.tokens) && i-start < mostClosing {
		cues, n := r.lex.match(r.tokens, i)
		if len(cues) > 0 && cues[0].means == greeting {
			i += n
			continue
		}
		if i > start && r.tokens[i].shape == mark && strings.Contains(".,!:-–/;)", r.tokens[i].text) {
			i++
			continue
		}
		break
	}
	return i
}

// fullName is how many tokens the name at j takes that stands alone in its line, or
// with a place behind a comma.
func (r *reader) fullName(j int) int {
	if j >= len(r.tokens) || !r.tokens[j].capital() {
		return 0
	}
	n := r.names(j)
	if n > 4 {
		return 0
	}
	if end := j + n; n > 0 && (r.closes(end) || r.tokens[end].shape == mark && !r.tokens[end].is("&") || r.cue(end)) {
		return n
	}
	return 0
}

// lastLine takes a name that is the whole last line of a mail, or stands there before
// a place, for the signature.
func (r *reader) lastLine() (at int, signer string) {
	at = len(r.tokens)
	i := at - 1
	for i > 0 && r.tokens[i].lines == 0 && at-i < 12 {
		i--
	}
	for j := at - 1; j > i; j-- { // or the words behind the last sentence
		if t := r.tokens[j-1]; t.is(".") && j+1 < at && r.tokens[j].capital() || t.is("!") || t.is("?") {
			i = j
			break
		}
	}
	if i <= 0 || !r.starts(i) {
		return at, ""
	}
	j := i
	for j < at && r.tokens[j].shape == mark {
		j++
	}
	n := r.fullName(j)
	end := j + n
	if n < 2 || end < at && !r.tokens[end].is(",") && !r.tokens[end].is(".") {
		return at, ""
	}
	for k := end; k < at; k++ { // a place, and no more than that
		if t := r.tokens[k]; t.shape == word && !t.capital() || k-end > 4 {
			return at, ""
		}
	}
	full := r.written(j, end)
	if i > 0 && r.tokens[i-1].is(":") || onlyCapitals(full) && n > 2 {
		return at, ""
	}
	return i, full
}
