package export

import (
	"strings"
	"testing"
	"unicode"
)

func dropMarks(r rune) rune {
	if unicode.Is(unicode.Mn, r) {
		return -1
	}
	return r
}

func TestVisible(t *testing.T) {
	for _, c := range []struct{ name, raw, want string }{
		{"text", "Äiti & isä <b>", "Äiti & isä <b>"},
		{"template", "{{.Name}} %s", "{{.Name}} %s"},
		{"control characters", "a\x00b\x1b[31m\x7f", "a⟨U+0000⟩b⟨U+001B⟩[31m⟨U+007F⟩"},
		{"line breaks", "a\r\nb\nc\rd", "a\nb\nc⟨U+000D⟩d"},
		{"tab", "a\tb", "a    b"},
		{"right-to-left override", "a\u202eb", "a⟨U+202E⟩b"},
		{"zero width", "a\u200bb\u200db\ufeff\u00ad", "a⟨U+200B⟩b⟨U+200D⟩b⟨U+FEFF⟩⟨U+00AD⟩"},
		{"separators", "a\u2028b\u2029", "a⟨U+2028⟩b⟨U+2029⟩"},
		{"private use", "\ue000\U000f0000", "⟨U+E000⟩⟨U+F0000⟩"},
		{"noncharacter", "\ufdd0\uffff", "⟨U+FDD0⟩⟨U+FFFF⟩"},
		{"emoji", "👍🏽", "⟨U+1F44D⟩⟨U+1F3FD⟩"},
		{"no UTF-8", "M\xe4kinen\xff", "M⟨0xE4⟩kinen⟨0xFF⟩"},
		{"decomposed", "Ma\u0308kinen", "Mäkinen"},
		{"many scripts", "Ελλάδα Україна עברית عربي Łódź İş", "Ελλάδα Україна עברית عربي Łódź İş"},
		{"Chinese", "北", "⟨U+5317⟩"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := visible(c.raw); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// Whatever comes: only characters with a glyph go to the page, and none that hides
// or turns others.
func FuzzVisible(f *testing.F) {
	for _, s := range []string{"", "abc", "\x00\xff", "\u202e", "👨‍👩‍👧", "\xed\xa0\x80", "⟨U+0000⟩"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		for _, r := range visible(raw) {
			if r != '\n' && r != ' ' && !drawable(r) {
				t.Errorf("%U goes to the page", r)
			}
		}
		if strings.ContainsFunc(oneLine(raw), func(r rune) bool { return r == '\n' }) {
			t.Error("oneLine has two lines")
		}
	})
}

func TestCoverage(t *testing.T) {
	for _, table := range []*unicode.RangeTable{unicode.Latin, unicode.Greek, unicode.Cyrillic} {
		missing := 0
		for _, r16 := range table.R16 {
			for r := rune(r16.Lo); r <= rune(r16.Hi) && r < 0x0530; r += rune(r16.Stride) {
				if !covered().has(r) {
					missing++
					t.Logf("no glyph for %U", r)
				}
			}
		}
		if missing > 12 { // letters of medieval and minority use; they are shown by number
			t.Errorf("%d letters up to U+052F have no glyph", missing)
		}
	}
}

func TestVisualOrder(t *testing.T) {
	for _, c := range []struct{ name, line, want string }{
		{"left to right", "abc 123", "abc 123"},
		{"Hebrew", "שלום עולם", "םלוע םולש"},
		{"Hebrew with a number", "שלום 2026", "2026 םולש"},
		{"Hebrew in English", "name שלום here", "name םולש here"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := visualOrder(c.line); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}
