package sorting

// Slips of the fingers: a word that no lexicon of the mail's languages knows
// is taken for the known one that one letter too many, too few, wrong or
// swapped makes of it. Known words and all their forms with one letter left
// out stand in one table, so that a look-up costs one probe a letter and
// nothing is searched.

const (
	typoFrom   = 6   // letters of a word, known or not; shorter ones are too alike
	typoProbes = 300 // words looked up in one mail
)

// typos finds the known words that are one slip away.
type typos struct {
	heads map[uint64]int32 // shortened form to the last link of its chain
	links []link
}

type link struct {
	pattern, next int32 // next is a link plus one; 0 ends the chain
}

// offset and prime are those of FNV-1a, 64 bits.
const (
	fnvOffset = 14695981039346656037
	fnvPrime  = 1099511628211
)

// hash is that of a word with letter skip left out; -1 leaves none out.
func hash(lang uint8, word []rune, skip int) uint64 {
	h := (uint64(fnvOffset) ^ uint64(lang)) * fnvPrime
	for i, r := range word {
		if i != skip {
			h = (h ^ uint64(r)) * fnvPrime
		}
	}
	return h
}

func (t *typos) learn(lang uint8, word []rune, id int32) {
	if len(word) < typoFrom {
		return
	}
	for skip := -1; skip < len(word); skip++ {
		key := hash(lang, word, skip)
		t.links = append(t.links, link{id, t.heads[key]})
		t.heads[key] = int32(len(t.links))
	}
}

// find is the pattern of lang that word is one slip away from; -1 for none.
func (t *typos) find(lang uint8, word []rune, form func(int32) []rune) int32 {
	for skip := -1; skip < len(word); skip++ {
		for at := t.heads[hash(lang, word, skip)]; at != 0; at = t.links[at-1].next {
			id := t.links[at-1].pattern
			if oneSlip(word, form(id)) {
				return id
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
		return equal(a[i+1:], b[i:])
	case i == len(b):
		return true
	case equal(a[i+1:], b[i+1:]):
		return true
	}
	return i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && equal(a[i+2:], b[i+2:])
}

func equal(a, b []rune) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
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
		if w.end-w.start < typoFrom || w.end-w.start > maxWord || w.address || s.known(m, w) {
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
		if id := s.words.typos.find(lang, letters, s.words.form); id >= 0 {
			from := int32(len(m.hits))
			m.hits = append(append(m.hits, m.hits[w.hits:w.to]...), id)
			w.hits, w.to = from, int32(len(m.hits))
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

// known says whether a language of the mail has the word.
func (s *Sorter) known(m *message, w *word) bool {
	for _, id := range m.hits[w.hits:w.to] {
		if m.langs&(1<<s.words.patterns[id].lang) != 0 {
			return true
		}
	}
	return false
}
