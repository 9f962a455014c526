package sorting

// pattern is a word form of one language: a whole word, a stem with any
// ending, or the last part of a compound. There are many; eight bytes each
// keep them where the processor finds them fast.
type pattern struct {
	lang   uint8
	vote   uint8  // in matcher.votes: how much it speaks for its language
	set    uint16 // in matcher.sets: what it stands for by itself
	phrase int32  // node of the phrases that begin with it; 0 for none
}

// phraseNode is a place in a phrase.
type phraseNode struct {
	next uint64 // a bit for each word that may follow, shared by several: most words may not
	gap  int32  // node after "...": 0 for none
	set  uint16 // in matcher.sets: what a phrase that ends here stands for
}

// bit is that of a word in phraseNode.next.
func bit(pattern int32) uint64 { return 1 << (uint32(pattern) * 0x9e3779b9 >> 26) }

// step is an edge of the phrase tree: from a node by a word.
type step struct{ node, pattern int32 }

func (s step) hash() hash { return newHash().and(rune(s.node)).and(rune(s.pattern)) }

// matcher finds the word forms of all languages in a folded word, and the phrases.
type matcher struct {
	forms    dense[hash, span]
	whole    filter // of the forms
	parts    filter // of those that a compound may end with
	begins   filter // of the first two bytes of those
	patterns []pattern
	votes    []float32
	sets     []marks
	phrases  []phraseNode
	steps    dense[step, int32] // to the next node
	typos    []typos            // by language
}

// find appends every pattern that word matches, compounds' parts included.
func (m *matcher) find(word []byte, hits []int32) []int32 {
	h := newHash()
	for i, b := range word {
		if h = h.and(rune(b)); m.whole.has(h) {
			s := m.forms.at(h, h).value
			hits = s.append(hits, 0, s.to, i+1 == len(word))
		}
	}
	for i := 2; i+3 <= len(word); i++ {
		if m.begins.has(newHash().and(rune(word[i])).and(rune(word[i+1]))) {
			hits = m.findParts(word[i:], hits)
		}
	}
	return hits
}

// findParts is the first half of find for what a compound ends with. The two are apart since
// they are most of what a mail costs: with the filter and the bounds as arguments it is a fifth more.
func (m *matcher) findParts(word []byte, hits []int32) []int32 {
	h := newHash()
	for i, b := range word {
		if h = h.and(rune(b)); m.parts.has(h) {
			s := m.forms.at(h, h).value
			hits = s.append(hits, s.part, s.partEnd, i+1 == len(word))
		}
	}
	return hits
}

// next is the node that the step leads to, 0 for none.
func (m *matcher) next(s step) int32 {
	if m.phrases[s.node].next&bit(s.pattern) == 0 {
		return 0
	}
	return m.steps.at(s.hash(), s).value
}

// span is the patterns of one form, stems before whole words: those from part to partEnd may
// also begin within a word, those from whole on match nothing longer. All count from first.
type span struct {
	first                    int32
	part, whole, partEnd, to uint8
}

// append adds the patterns between from and to; whole words only at the end of a word.
func (s span) append(hits []int32, from, to uint8, end bool) []int32 {
	if !end {
		to = min(to, s.whole)
	}
	for k := from; k < to; k++ {
		hits = append(hits, s.first+int32(k))
	}
	return hits
}

// dense is a map of our own for its size: the look-ups of Go's were a fifth of the cost of a
// mail. K tells apart what the hash does not.
type dense[K comparable, V any] struct {
	slots []slot[K, V] // by the first bits of the hash, or in the next free place
	shift uint
}

type slot[K comparable, V any] struct {
	key   K
	value V
	taken bool
}

func newDense[K comparable, V any](of map[K]V, hashOf func(K) hash) dense[K, V] {
	d := dense[K, V]{shift: 64}
	for 1<<(64-d.shift) <= 3*len(of)/2 { // a full table would be searched for ever
		d.shift--
	}
	d.slots = make([]slot[K, V], 1<<(64-d.shift))
	for key, value := range of {
		*d.at(hashOf(key), key) = slot[K, V]{key, value, true}
	}
	return d
}

// at is where the key is, or would be.
func (d *dense[K, V]) at(h hash, key K) *slot[K, V] {
	last := uint64(len(d.slots) - 1)
	for i := h.place(d.shift); ; i++ {
		if s := &d.slots[i&last]; s.key == key || !s.taken {
			return s
		}
	}
}

// hash is FNV-1a of 64 bits.
type hash uint64

func newHash() hash { return 14695981039346656037 }

func hashOf(s string) hash {
	h := newHash()
	for i := range len(s) {
		h = h.and(rune(s[i]))
	}
	return h
}

func (h hash) and(r rune) hash { return (h ^ hash(r)) * 1099511628211 }

// place spreads hashes over a table: those of words that differ in the last letter alone
// begin alike.
func (h hash) place(shift uint) uint64 { return uint64(h) * 0x9e3779b97f4a7c15 >> shift }

// filter tells hashes that are certainly not in a set, in far less memory than the set.
type filter struct {
	bits  []uint64
	shift uint // the first bits of a hash are its place
}

const filterRoom = 12 // bits for each hash: one in a dozen others is looked up in vain

func newFilter[V any](hashes map[hash]V) filter {
	f := filter{shift: 64 - 6}
	for 1<<(64-f.shift) < filterRoom*len(hashes) {
		f.shift--
	}
	f.bits = make([]uint64, 1<<(64-f.shift)/64)
	for h := range hashes {
		at := h.place(f.shift)
		f.bits[at/64] |= 1 << (at % 64)
	}
	return f
}

func (f *filter) has(h hash) bool {
	at := h.place(f.shift)
	return f.bits[at/64]&(1<<(at%64)) != 0
}
