package sorting

import (
	"iter"
	"slices"
)

// Slips of the fingers: a word that no lexicon of the mail's languages knows
// is taken for the known one that one letter too many, too few, wrong or
// swapped makes of it. Known words and all their forms with one letter left
// out stand in one table, so that a look-up costs one probe a letter and
// nothing is searched.

const (
	typoFrom   = 6   // letters of a word, known or not; shorter ones are too alike
	typoProbes = 300 // words looked up in one mail
)

// typos finds the known words of one language that are one slip away.
type typos struct {
	known  []knownWord
	heads  map[hash]int32 // shortened form to the last link of its chain
	links  []link
	filter filter // of the shortened forms
}

type knownWord struct {
	letters []rune
	pattern int32
}

type link struct {
	known, next int32 // next is a link plus one; 0 ends the chain
}

func newTypos(known []knownWord) typos {
	t := typos{known: known, heads: map[hash]int32{}}
	for i, k := range known {
		for h := range shortened(k.letters) {
			t.links = append(t.links, link{int32(i), t.heads[h]})
			t.heads[h] = int32(len(t.links))
		}
	}
	t.filter = newFilter(t.heads)
	return t
}

// shortened walks the hashes of the word: whole, and with each of its letters left out.
func shortened(word []rune) iter.Seq[hash] {
	return func(yield func(hash) bool) {
		if !yield(newHash().of(word)) {
			return
		}
		before := newHash() // the letter that is left out
		for i, r := range word {
			if !yield(before.of(word[i+1:])) {
				return
			}
			before = before.and(r)
		}
	}
}

func (h hash) of(word []rune) hash {
	for _, r := range word {
		h = h.and(r)
	}
	return h
}

// find is the pattern that word is one slip away from; -1 for none.
func (t *typos) find(word []rune) int32 {
	for h := range shortened(word) {
		if !t.filter.has(h) {
			continue
		}
		for at := t.heads[h]; at != 0; at = t.links[at-1].next {
			if k := &t.known[t.links[at-1].known]; oneSlip(word, k.letters) {
				return k.pattern
			}
		}
	}
	return -1
}

// oneSlip says whether a and b differ by one letter or by two neighbours
// swapped; the first letter is nearly always right and must be.
func oneSlip(a, b []rune) bool {
	if a[0] != b[0] {
		return false
	}
	if len(a) < len(b) {
		a, b = b, a
	}
	if len(a)-len(b) > 1 {
		return false
	}
	i := 0
	for i < len(b) && a[i] == b[i] {
		i++
	}
	switch {
	case len(a) > len(b):
		return slices.Equal(a[i+1:], b[i:])
	case i == len(b):
		return true
	case slices.Equal(a[i+1:], b[i+1:]):
		return true
	}
	return i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && slices.Equal(a[i+2:], b[i+2:])
}

// mend gives the words that nothing was found for the concepts of the word
// they were meant to be.
func (s *Sorter) mend(m *message) {
	lang, probes := s.index(m.lang), 0
	if lang == 0 {
		return
	}
	var letters []rune
	for i := range m.words {
		w := &m.words[i]
		if w.end-w.start < typoFrom || w.end-w.start > maxWord || w.address || w.to > w.hits {
			continue
		}
		if probes++; probes > typoProbes {
			return
		}
		letters = letters[:0]
		for _, r := range m.text[w.start:w.end] {
			for _, f := range foldedRune(r) {
				letters = append(letters, f)
			}
		}
		if len(letters) < typoFrom {
			continue
		}
		m.steps += len(letters)
		if id := s.words.typos[lang].find(letters); id >= 0 {
			m.hits = append(m.hits, id)
			w.hits, w.to = int32(len(m.hits)-1), int32(len(m.hits))
		}
	}
}

func (s *Sorter) index(code string) uint8 {
	for i, l := range s.langs {
		if l.code == code {
			return uint8(i)
		}
	}
	return 0
}
