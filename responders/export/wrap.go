package export

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// measure returns the width of a text in points.
type measure func(string) float64

// wrap breaks text into lines no wider than width: at its own line breaks, then at
// spaces, then, in a word that is too long alone, after a mark where an address
// or a link may break, and anywhere at last. It adds and drops nothing, no hyphen and
// no space, so that what is printed, or copied from the page, stays what is held.
func wrap(text string, width float64, wide measure) []string {
	var lines []string
	for line := range strings.SplitSeq(text, "\n") {
		lines = wrapLine(lines, line, width, wide)
	}
	return lines
}

func wrapLine(lines []string, rest string, width float64, wide measure) []string {
	for {
		if fits(rest, width, wide) {
			return append(lines, rest)
		}
		head := longestPrefix(rest, width, wide)
		if head == len(rest) { // one character, wider than the line
			return append(lines, rest)
		}
		cut, skip := breakAt(rest, head)
		lines = append(lines, rest[:cut+skip])
		rest = rest[cut+skip:]
	}
}

// breakAt returns where to end a line of which head bytes fit, and how many bytes of
// space hang over its end.
func breakAt(rest string, head int) (cut, skip int) {
	if rest[head] == ' ' {
		return head, 1
	}
	if at := strings.LastIndexByte(rest[:head], ' '); at > 0 && strings.TrimSpace(rest[:at]) != "" {
		return at, 1
	}
	if at := lastSoftBreak(rest[:head]); at > 0 {
		return at, 0
	}
	return head, 0
}

// fits avoids measuring a very long value as a whole again and again.
func fits(s string, width float64, wide measure) bool {
	const narrowest = 1.0 // points; no glyph that we draw advances less, marks apart
	return float64(len(s)) < 8*width/narrowest && wide(s) <= width
}

// longestPrefix returns the length of the longest head of s that fits, at least
// one character with the marks that sit on it.
func longestPrefix(s string, width float64, wide measure) int {
	sum, end := 0.0, 0
	for end < len(s) {
		r, n := utf8.DecodeRuneInString(s[end:])
		w := wide(s[end : end+n])
		if sum+w > width && end > 0 && !unicode.Is(unicode.Mn, r) {
			break
		}
		sum += w
		end += n
	}
	// At least one byte stays for the next line, as the whole did not fit.
	if end == len(s) {
		_, n := utf8.DecodeLastRuneInString(s)
		if len(s) > n {
			end -= n
		}
	}
	return end
}

// lastSoftBreak finds the place after the last mark where a long word may break.
func lastSoftBreak(s string) int {
	at := strings.LastIndexAny(s, "/\\@.,;:?&=_-+|⟩")
	if at < 0 {
		return 0
	}
	_, n := utf8.DecodeRuneInString(s[at:])
	if at+n < len(s)/3 { // a short stub reads worse than a break in the word
		return 0
	}
	return at + n
}

var (
	numberAhead  = regexp.MustCompile(`(\d) (\p{L})`)
	numberBehind = regexp.MustCompile(`((?i:articles?|artikel|artiklarna)) (\d)`)
)

// bind keeps a number on one line with the word it belongs to, as in "Article 15" or
// "5 March". It is for our own sentences; data is never touched.
func bind(text string) string {
	const together = "$1\u00a0$2"
	return numberBehind.ReplaceAllString(numberAhead.ReplaceAllString(text, together), together)
}
