package particulars

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// shape is what a token looks like.
type shape uint8

const (
	word   shape = iota // begins with a letter; may hold digits, hyphens and apostrophes
	number              // begins with a digit; may hold letters, and . - / : between digits
	mail                // a mail address
	code                // a personal identity code: never a value
	mark                // one sign, or an arrow
)

// token is one word, number or sign of a text.
type token struct {
	shape      shape
	start, end int    // bytes in the text
	text       string // as written
	fold       string // lower case, no diacritics
	lines      int    // line breaks before it: 0, 1, or 2 for a blank line
	spaced     bool   // space or a line break before it
}

func (t token) capital() bool {
	r, _ := utf8.DecodeRuneInString(t.text)
	return t.shape == word && unicode.IsUpper(r)
}

func (t token) is(sign string) bool { return t.shape == mark && t.text == sign }

// digits counts the digits of a token.
func (t token) digits() int {
	n := 0
	for i := range len(t.text) {
		if t.text[i] >= '0' && t.text[i] <= '9' {
			n++
		}
	}
	return n
}

// pure tells that a token is digits and nothing else.
func (t token) pure() bool { return t.shape == number && t.digits() == len(t.text) }

// mostTokens bounds the work on a text of nothing but signs.
const mostTokens = 8000

// split cuts a text into tokens. Quoted lines are left out.
func split(text string) []token {
	var tokens []token
	lines, spaced := 2, true
	for i := 0; i < len(text) && len(tokens) < mostTokens; {
		r, size := utf8.DecodeRuneInString(text[i:])
		switch {
		case r == '\n':
			lines, spaced = min(lines+1, 2), true
			i += size
			continue
		case unicode.IsSpace(r) || r == '\u00ad' || r >= '\u200b' && r <= '\u200f' || r == '\ufeff':
			spaced = spaced || unicode.IsSpace(r)
			i += size
			continue
		case r == '>' && lines > 0:
			i += endOfLine(text[i:])
			continue
		}
		t := next(text, i)
		t.lines, t.spaced = lines, spaced
		tokens = append(tokens, t)
		i, lines, spaced = t.end, 0, false
	}
	return tokens
}

func endOfLine(s string) int {
	if n := strings.IndexByte(s, '\n'); n >= 0 {
		return n
	}
	return len(s)
}

// next cuts the token that begins at i.
func next(text string, i int) token {
	if end := mailEnd(text, i); end > 0 {
		return token{shape: mail, start: i, end: end, text: text[i:end], fold: strings.ToLower(text[i:end])}
	}
	r, size := utf8.DecodeRuneInString(text[i:])
	t := token{start: i, end: i + size, shape: mark}
	switch {
	case unicode.IsLetter(r):
		t.shape, t.end = word, runEnd(text, i, "-'’&")
	case r >= '0' && r <= '9':
		t.shape, t.end = number, runEnd(text, i, "-./")
	default:
		t.end = i + arrow(text[i:], size)
	}
	t.text = text[i:t.end]
	t.fold = fold(t.text)
	if t.shape == number && identityCode(t.text) {
		t.shape = code
	}
	return t
}

// arrow is the length of an arrow at the start of s, else size.
func arrow(s string, size int) int {
	for _, a := range []string{"-->", "==>", "->", "=>", "→", "⇒", "»"} {
		if strings.HasPrefix(s, a) {
			return len(a)
		}
	}
	return size
}

func (t token) arrow() bool {
	return t.shape == mark && (len(t.text) > 1 && strings.HasSuffix(t.text, ">") || t.text == "→" || t.text == "⇒")
}

// runEnd is where a run of letters and digits ends; a sign of inner counts where a
// letter or digit follows it.
func runEnd(text string, i int, inner string) int {
	for i < len(text) {
		r, size := utf8.DecodeRuneInString(text[i:])
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.Mn, r) {
			if !strings.ContainsRune(inner, r) {
				return i
			}
			after, _ := utf8.DecodeRuneInString(text[i+size:])
			if !unicode.IsLetter(after) && !unicode.IsDigit(after) || strings.HasPrefix(text[i:], "->") {
				return i
			}
		}
		i += size
	}
	return i
}

// mostMail is the longest mail address that is one (RFC 5321, 4.5.3.1).
const mostMail = 254

// mailEnd is where the mail address at i ends, 0 if there is none.
func mailEnd(text string, i int) int {
	at := i
	for at < len(text) && at-i < 65 {
		r, size := utf8.DecodeRuneInString(text[at:])
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && (at == i || !strings.ContainsRune("._+-%=&~", r)) {
			break
		}
		at += size
	}
	if at == i || at >= len(text) || text[at] != '@' {
		return 0
	}
	end, dot := at+1, false
	for end < len(text) && end-i < mostMail {
		r, size := utf8.DecodeRuneInString(text[end:])
		if r == '.' || r == '-' {
			after, _ := utf8.DecodeRuneInString(text[end+1:])
			if !unicode.IsLetter(after) && !unicode.IsDigit(after) {
				break
			}
			dot = dot || r == '.'
		} else if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			break
		}
		end += size
	}
	if !dot {
		return 0
	}
	return end
}

// identityCode tells Finnish (ddmmyy-nnnT), Swedish and Danish (yymmdd-nnnn) personal
// identity codes. None of them is collected.
func identityCode(s string) bool {
	at := strings.IndexAny(s, "-+ABCDEFUVWXY")
	if at != 6 && at != 8 || len(s) != at+5 {
		return false
	}
	for i := range at + 4 {
		if i != at && (s[i] < '0' || s[i] > '9') {
			return false
		}
	}
	return true
}

// plain folds the letters that do not come apart by decomposition.
var plain = strings.NewReplacer("ß", "ss", "æ", "ae", "ø", "o", "œ", "oe", "đ", "d", "ł", "l", "ı", "i", "’", "'")

// fold makes words comparable: lower case, without diacritics.
func fold(s string) string {
	s = strings.ToLower(s)
	for i := range len(s) {
		if s[i] >= 0x80 {
			return unmark(s)
		}
	}
	return s
}

func unmark(s string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(plain.Replace(s)) {
		if !unicode.Is(unicode.Mn, r) {
			b.WriteRune(r)
		}
	}
	return b.String()
}
