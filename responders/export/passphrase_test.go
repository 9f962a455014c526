package export

import (
	"bytes"
	"crypto/rand"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestWordlists(t *testing.T) {
	for _, lang := range []string{"fi", "sv", "en"} {
		t.Run(lang, func(t *testing.T) {
			list := Words(lang)
			if len(list) < 1296 {
				t.Errorf("got %d words, want at least 1296", len(list))
			}
			if !slices.IsSorted(list) || len(slices.Compact(slices.Clone(list))) != len(list) {
				t.Error("the list is not sorted, or has a word twice")
			}
			plain, heard := regexp.MustCompile(`^[a-z]{3,6}$`), map[string]string{}
			for _, w := range list {
				if !plain.MatchString(w) {
					t.Errorf("word %q: want three to six of a-z", w)
				}
				if other := heard[sound(w)]; other != "" {
					t.Errorf("words %q and %q sound alike", other, w)
				}
				heard[sound(w)] = w
			}
			if got := Bits(lang, 6); got < 60 {
				t.Errorf("six words have %.2f bits, want 60 at least", got)
			}
			if six, seven := Bits(lang, 6), Bits(lang, 7); seven < six+10 {
				t.Errorf("a seventh word adds %.2f bits", seven-six)
			}
		})
	}
}

// sound folds what a telephone does not tell apart.
func sound(w string) string {
	w = strings.NewReplacer("b", "p", "d", "t", "g", "k", "w", "v", "c", "s", "z", "s", "q", "k").Replace(w)
	var b strings.Builder
	for i := range w {
		if i == 0 || w[i] != w[i-1] {
			b.WriteByte(w[i])
		}
	}
	return b.String()
}

func TestPassphrase(t *testing.T) {
	for _, lang := range []string{"fi", "sv", "en"} {
		known := map[string]bool{}
		for _, w := range Words(lang) {
			known[w] = true
		}
		for words, want := range map[int]int{0: 6, 3: 6, 6: 6, 8: 8} {
			phrase := Passphrase(lang, words, rand.Reader)
			got := strings.Split(phrase, "-")
			if len(got) != want {
				t.Errorf("%s, %d words asked: got %d, want %d", lang, words, len(got), want)
			}
			if want == LeastWords && len(phrase) > 32 {
				t.Errorf("%s: %d characters, want 32 at most", lang, len(phrase))
			}
			for _, w := range got {
				if !known[w] {
					t.Errorf("%s: %q is not in the list", lang, w)
				}
			}
			if !goodPassphrase(phrase) {
				t.Errorf("%s: Build would refuse its own passphrase", lang)
			}
		}
	}
	if a, b := Passphrase("fi", 6, rand.Reader), Passphrase("fi", 6, rand.Reader); a == b {
		t.Error("two passphrases are the same")
	}
}

// The draw is even: what would make the first words likelier is drawn again.
func TestDrawBelow(t *testing.T) {
	rnd := bytes.NewReader([]byte{0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 5, 17})
	got, err := drawBelow(rnd, 1296)
	if err != nil || got != 1 {
		t.Errorf("got %d, %v; want 1 (1297 mod 1296) from the second draw", got, err)
	}
	if _, err := drawBelow(rnd, 1296); err == nil {
		t.Error("an exhausted source gave a number")
	}
}
