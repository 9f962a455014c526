package export

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// visible turns a raw value into what a page can show. Text stays as it is; what
// has no shape of its own, or could change how its neighbours are read, is shown
// by number between angle brackets: a control character, a mark that turns the
// direction of writing, a character that the font lacks, a byte that is no UTF-8.
// The exact value is in the attached JSON. Line breaks stay line breaks.
func visible(raw string) string {
	// The composed form looks the same and has a glyph of its own more often.
	raw = norm.NFC.String(strings.ReplaceAll(raw, "\r\n", "\n"))
	if plain(raw) {
		return raw
	}
	var b strings.Builder
	for i := 0; i < len(raw); {
		r, n := utf8.DecodeRuneInString(raw[i:])
		switch {
		case r == utf8.RuneError && n <= 1:
			fmt.Fprintf(&b, "⟨0x%02X⟩", raw[i])
		case r == '\t':
			b.WriteString("    ")
		case drawable(r):
			b.WriteRune(r)
		default:
			fmt.Fprintf(&b, "⟨U+%04X⟩", r)
		}
		i += n
	}
	return b.String()
}

// plain is the quick answer for nearly every value: nothing to replace.
func plain(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c != '\n' && (c < ' ' || c > '~') {
			return false
		}
	}
	return true
}

// drawable says whether r may go to the page as itself.
func drawable(r rune) bool {
	switch {
	case r == '\n' || r == ' ' || r == '\u00a0':
		return true
	case unicode.In(r, unicode.Cc, unicode.Cf, unicode.Co, unicode.Cs, unicode.Zl, unicode.Zp):
		return false
	}
	return covered().has(r)
}

// longestTitle bounds what must stay on one page: labels, titles, names. Values are never cut.
const longestTitle = 400 // characters

// oneLine is visible for places of one line: titles, names, file descriptions. One that
// is beyond all measure is cut; the JSON has it whole.
func oneLine(raw string) string {
	text := []rune(strings.Join(strings.Fields(visible(raw)), " "))
	if len(text) > longestTitle {
		return string(text[:longestTitle]) + "…"
	}
	return string(text)
}

// hasNumbered says whether visible had to show a character by its number.
func hasNumbered(text string) bool {
	return strings.Contains(text, "⟨U+") || strings.Contains(text, "⟨0x")
}
