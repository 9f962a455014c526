package export

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// monospaced measures a point a character.
func monospaced(s string) float64 { return float64(utf8.RuneCountInString(s)) }

func TestWrap(t *testing.T) {
	for _, c := range []struct {
		name, text string
		width      float64
		want       []string
	}{
		{"fits", "one two", 10, []string{"one two"}},
		{"nothing", "", 10, []string{""}},
		{"at a space, which hangs over", "one two three", 8, []string{"one two ", "three"}},
		{"at the space that just fits", "one two three", 7, []string{"one two ", "three"}},
		{"own line breaks stay", "one\n\ntwo", 10, []string{"one", "", "two"}},
		{"a long word after a mark", "someone@example.com", 12, []string{"someone@", "example.com"}},
		{"a long word anywhere", "abcdefghij", 4, []string{"abcd", "efgh", "ij"}},
		{"no stub before a break in a word", "a-bcdefghijkl", 9, []string{"a-bcdefgh", "ijkl"}},
		{"many spaces are kept", "a     b", 3, []string{"a   ", "  b"}},
		{"narrower than a character", "åäö", 0.5, []string{"å", "ä", "ö"}},
		{"a mark stays on its letter", "aaae\u0301b", 4, []string{"aaae\u0301", "b"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := wrap(c.text, c.width, monospaced); !slices.Equal(got, c.want) {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// Whatever comes: nothing is added, nothing is lost, and only a line of one
// character, a mark or a hanging space is wider than the width.
func FuzzWrap(f *testing.F) {
	for _, s := range []string{"", " ", "one two", "a\nb", strings.Repeat("x", 300), "e\u0301\u0301\u0301", "⟨U+202E⟩", "a  b   c    d", "\n\n"} {
		f.Add(s, uint8(9))
	}
	f.Fuzz(func(t *testing.T, text string, width uint8) {
		text = visible(text)
		lines := wrap(text, float64(width), monospaced)
		if got := strings.Join(lines, ""); got != strings.ReplaceAll(text, "\n", "") {
			t.Errorf("got %q, want all of %q", got, text)
		}
		for _, line := range lines {
			w := monospaced(strings.TrimSuffix(strings.Map(dropMarks, line), " "))
			if w > max(float64(width), 1) {
				t.Errorf("line %q is %v wide, want at most %d", line, w, width)
			}
		}
	})
}

func TestBind(t *testing.T) {
	for in, want := range map[string]string{
		"under Article 15(1) and":  "under Article\u00a015(1) and",
		"the 5 March 2026":         "the 5\u00a0March 2026",
		"(16 artikla)":             "(16\u00a0artikla)",
		"artiklarna 12 och 15 i":   "artiklarna\u00a012\u00a0och 15\u00a0i",
		"no number is bound here.": "no number is bound here.",
	} {
		if got := bind(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}
