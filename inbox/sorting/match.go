package sorting

import "strings"

// pattern is a word form of one language: a whole word, a stem with any
// ending, or the last part of a compound.
type pattern struct {
	lang   uint8
	marks  marks
	weight float32 // how much it speaks for its language
	phrase int32   // node of the phrases that begin with it; 0 for none
}

// step is an edge of the phrase tree.
type step struct {
	pattern, node int32
}

// phraseNode is a place in a phrase; marks is what a phrase that ends here
// stands for.
type phraseNode struct {
	next  []step
	gap   int32 // node after "...": 0 for none
	marks marks
	lang  uint8
}

// matcher finds the word forms of all languages in a folded word in one walk.
type matcher struct {
	whole, parts tree // from the first letter; from within, for compounds
	begins       [1 << 16 / 64]uint64
	patterns     []pattern
	phrases      []phraseNode
	texts        [][]rune // word form of each pattern that slips are mended to
	typos        typos
}

// form is the letters of a pattern.
func (m *matcher) form(id int32) []rune { return m.texts[id] }

// tree is a trie over bytes; node 0 is the root.
type tree struct {
	first [256]int32     // children of the root
	pairs [1 << 16]int32 // their children, where most of the branching is
	nodes []node
}

type node struct {
	letter      byte
	child, next int32 // first child, next sibling; 0 for none
	ends, stems []int32
}

func pair(a, b byte) uint16 { return uint16(a)<<8 | uint16(b) }

func newTree() tree { return tree{nodes: make([]node, 1)} }

func (t *tree) insert(word string, id int32, stem bool) {
	at := t.first[word[0]]
	if at == 0 {
		t.nodes = append(t.nodes, node{letter: word[0]})
		at = int32(len(t.nodes) - 1)
		t.first[word[0]] = at
	}
	for i := 1; i < len(word); i++ {
		at = t.grow(at, word[i])
		if i == 1 {
			t.pairs[pair(word[0], word[1])] = at
		}
	}
	if n := &t.nodes[at]; stem {
		n.stems = append(n.stems, id)
	} else {
		n.ends = append(n.ends, id)
	}
}

func (t *tree) grow(at int32, letter byte) int32 {
	if c := t.child(at, letter); c != 0 {
		return c
	}
	t.nodes = append(t.nodes, node{letter: letter, next: t.nodes[at].child})
	c := int32(len(t.nodes) - 1)
	t.nodes[at].child = c
	return c
}

func (t *tree) child(at int32, letter byte) int32 {
	for c := t.nodes[at].child; c != 0; c = t.nodes[c].next {
		if t.nodes[c].letter == letter {
			return c
		}
	}
	return 0
}

// find appends the patterns that word matches from its first letter on.
func (t *tree) find(word []byte, hits []int32) []int32 {
	if len(word) == 1 {
		if at := t.first[word[0]]; at != 0 {
			return append(hits, t.nodes[at].ends...)
		}
		return hits
	}
	at := t.pairs[pair(word[0], word[1])] // a stem has two letters at least
	for i := 2; at != 0; i++ {
		n := &t.nodes[at]
		hits = append(hits, n.stems...)
		if i == len(word) {
			return append(hits, n.ends...)
		}
		at = t.child(at, word[i])
	}
	return hits
}

// find appends every pattern that word matches, compounds' parts included.
func (m *matcher) find(word []byte, hits []int32) []int32 {
	hits = m.whole.find(word, hits)
	for i := 2; i+3 <= len(word); i++ {
		if p := pair(word[i], word[i+1]); m.begins[p>>6]&(1<<(p&63)) != 0 {
			hits = m.parts.find(word[i:], hits)
		}
	}
	return hits
}

// builder gathers lexicons into a matcher.
type builder struct {
	m      matcher
	langs  []language
	ids    map[string]int32 // language and word form to pattern
	forms  map[string]int   // word form to the number of languages that have it
	texts  []string         // word form of each pattern
	common []bool           // the pattern is a stop word
}

func newBuilder() *builder {
	b := &builder{ids: map[string]int32{}, forms: map[string]int{}}
	b.m.whole, b.m.parts = newTree(), newTree()
	b.m.phrases = make([]phraseNode, 1)
	b.langs = append(b.langs, language{code: anywhere})
	return b
}

// add takes one lexicon file in and returns its faults.
func (b *builder) add(name string, data []byte) []error {
	p := parseLexicon(name, data)
	if len(p.faults) > 0 {
		return p.faults
	}
	lang := b.language(p.language)
	if lang >= maxLanguages {
		p.fault(1, "more than %d languages", maxLanguages)
		return p.faults
	}
	for _, e := range p.entries {
		b.entry(uint8(lang), e)
	}
	return nil
}

func (b *builder) language(l language) int {
	for i := range b.langs {
		if b.langs[i].code == l.code {
			b.langs[i].letters += l.letters
			return i
		}
	}
	b.langs = append(b.langs, l)
	return len(b.langs) - 1
}

func (b *builder) entry(lang uint8, e entry) {
	first := b.pattern(lang, e.words[0])
	if e.to == cStop_ {
		b.common[first] = true
	}
	if len(e.words) == 1 {
		b.m.patterns[first].marks = b.m.patterns[first].marks.or(of(e.to))
		return
	}
	at := b.m.patterns[first].phrase
	if at == 0 {
		at = b.newNode(lang)
		b.m.patterns[first].phrase = at
	}
	for _, w := range e.words[1:] {
		at = b.follow(at, lang, w)
	}
	b.m.phrases[at].marks = b.m.phrases[at].marks.or(of(e.to))
}

func (b *builder) newNode(lang uint8) int32 {
	b.m.phrases = append(b.m.phrases, phraseNode{lang: lang})
	return int32(len(b.m.phrases) - 1)
}

func (b *builder) follow(at int32, lang uint8, word string) int32 {
	if word == gap {
		if b.m.phrases[at].gap == 0 {
			n := b.newNode(lang)
			b.m.phrases[at].gap = n
		}
		return b.m.phrases[at].gap
	}
	id := b.pattern(lang, word)
	for _, s := range b.m.phrases[at].next {
		if s.pattern == id {
			return s.node
		}
	}
	n := b.newNode(lang)
	b.m.phrases[at].next = append(b.m.phrases[at].next, step{id, n})
	return n
}

func (b *builder) pattern(lang uint8, word string) int32 {
	key := string(rune(lang)) + word
	if id, ok := b.ids[key]; ok {
		return id
	}
	id := int32(len(b.m.patterns))
	b.ids[key] = id
	b.forms[word]++
	b.texts = append(b.texts, word)
	b.common = append(b.common, false)
	b.m.patterns = append(b.m.patterns, pattern{lang: lang})
	form, part := strings.CutPrefix(word, "-")
	form, stem := strings.CutSuffix(form, "*")
	b.m.whole.insert(form, id, stem)
	if part {
		b.m.parts.insert(form, id, stem)
		p := pair(form[0], form[1])
		b.m.begins[p>>6] |= 1 << (p & 63)
	}
	return id
}

// mendable says whether a slip may be mended to the word: what is asked and
// about what, not the small words around it, which are too alike.
func (b *builder) mendable(id int32) bool {
	p := &b.m.patterns[id]
	return !b.common[id] && (p.phrase != 0 || p.marks.any(mended))
}

var mended = of(cErase, cCorrect, cUpdate, cShow, cInspect, cCopy, cWithdraw, cObject, cRestrict,
	cData, cMyData, cAccount, cRegister, cField, cMedia, cConsent, cMarketing, cLaw, cRequest)

// sorter weighs the words, now that it is known how many languages share each.
func (b *builder) sorter() *Sorter {
	b.m.typos.heads = map[uint64]int32{}
	b.m.texts = make([][]rune, len(b.m.patterns))
	for id := range b.m.patterns {
		if text := b.texts[id]; b.mendable(int32(id)) && text[len(text)-1] != '*' && text[0] != '-' {
			b.m.texts[id] = []rune(text)
			b.m.typos.learn(b.m.patterns[id].lang, b.m.texts[id], int32(id))
		}
		w := float32(0.6)
		if b.common[id] {
			w = 1
		} else if strings.HasSuffix(b.texts[id], "*") {
			w = 0.5
		}
		shared := float32(b.forms[b.texts[id]])
		b.m.patterns[id].weight = w / shared
		if b.m.patterns[id].lang == 0 {
			b.m.patterns[id].weight = 0
		}
	}
	letters := map[rune]uint64{}
	for i, l := range b.langs {
		for _, r := range l.letters {
			letters[r] |= 1 << i
		}
	}
	return &Sorter{words: &b.m, langs: b.langs, letters: letters, weights: parseWeights(fitted)}
}
