package export

import (
	"bytes"
	"crypto/rand"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestWordlists(t *testing.T) {
	for _, lang := range []string{"fi", "sv", "en"} {
		t.Run(lang, func(t *testing.T) {
			list := Words(lang)
			if len(list) != 1296 {
				t.Errorf("got %d words, want 1296", len(list))
			}
			if !slices.IsSorted(list) || len(slices.Compact(slices.Clone(list))) != len(list) {
				t.Error("the list is not sorted, or has a word twice")
			}
			plain := regexp.MustCompile(`^[a-z]{3,10}$`)
			for _, w := range list {
				if !plain.MatchString(w) {
					t.Errorf("word %q: want three to ten of a-z", w)
				}
			}
			for a, b := range alike(list) {
				t.Errorf("words %q and %q sound or look alike", a, b)
			}
			if got := Bits(lang, 6); math.Abs(got-62.04) > 0.01 {
				t.Errorf("six words have %.2f bits, want 62.04", got)
			}
		})
	}
}

// alike finds pairs of words that one hears or types one for the other.
func alike(list []string) map[string]string {
	found, owners := map[string]string{}, map[string][]string{}
	for _, w := range list {
		s := sound(w)
		keys := []string{s}
		for i := range s {
			keys = append(keys, s[:i]+s[i+1:])
		}
		slices.Sort(keys)
		for _, k := range slices.Compact(keys) {
			for _, other := range owners[k] {
				if oneApart(s, sound(other)) {
					found[w] = other
				}
			}
			owners[k] = append(owners[k], w)
		}
	}
	return found
}

// sound folds what is easily misheard: double letters and soft consonants.
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

// oneApart says whether at most one letter is changed, added or swapped with its neighbour.
func oneApart(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) == 1 {
		for i := range b {
			if b[:i]+b[i+1:] == a {
				return true
			}
		}
		return false
	}
	if len(a) != len(b) {
		return false
	}
	var differ []int
	for i := range a {
		if a[i] != b[i] {
			differ = append(differ, i)
		}
	}
	switch len(differ) {
	case 0, 1:
		return true
	case 2:
		i, j := differ[0], differ[1]
		return j == i+1 && a[i] == b[j] && a[j] == b[i]
	}
	return false
}

func TestPassphrase(t *testing.T) {
	for _, lang := range []string{"fi", "sv", "en"} {
		known := map[string]bool{}
		for _, w := range Words(lang) {
			known[w] = true
		}
		for words, want := range map[int]int{0: 6, 3: 6, 6: 6, 8: 8} {
			phrase := Passphrase(lang, words, rand.Reader)
			got := strings.Split(phrase, " ")
			if len(got) != want {
				t.Errorf("%s, %d words asked: got %d, want %d", lang, words, len(got), want)
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
	if err != nil || got != 1297%1296 {
		t.Errorf("got %d, %v; want 1 from the second draw", got, err)
	}
	if _, err := drawBelow(rnd, 1296); err == nil {
		t.Error("an exhausted source gave a number")
	}
}
