package sorting

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// builder gathers lexicons into a matcher.
type builder struct {
	langs   []language
	entries []entryOf
}

type entryOf struct {
	lang uint8
	entry
}

// wordForm is a word of an entry as it is written there: "-tietoni", "poist*".
type wordForm struct {
	lang uint8
	text string
}

func newBuilder() *builder { return &builder{langs: []language{{code: anywhere}}} }

// add takes one lexicon file in and returns its faults.
func (b *builder) add(p *parsed) []error {
	if len(p.faults) > 0 {
		return p.faults
	}
	lang := b.language(p.language)
	if lang >= maxLanguages {
		p.fault(1, "more than %d languages", maxLanguages)
		return p.faults
	}
	for _, e := range p.entries {
		b.entries = append(b.entries, entryOf{uint8(lang), e})
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

// sorter lays the words out, now that all are known.
func (b *builder) sorter() *Sorter {
	letters := map[rune]uint64{}
	for i, l := range b.langs {
		for _, r := range l.letters {
			letters[r] |= 1 << i
		}
	}
	forms := b.forms()
	return &Sorter{words: b.matcher(forms), langs: b.langs, letters: letters, weights: parseWeights(fitted)}
}

// forms are the words of all entries in the order of their patterns: those of the same
// letters side by side.
func (b *builder) forms() []wordForm {
	all := map[wordForm]bool{}
	for _, e := range b.entries {
		for _, w := range e.words {
			if w != gap {
				all[wordForm{e.lang, w}] = true
			}
		}
	}
	return slices.SortedFunc(maps.Keys(all), func(v, w wordForm) int {
		return cmp.Or(strings.Compare(v.letters(), w.letters()), cmp.Compare(v.shape(), w.shape()), cmp.Compare(v.lang, w.lang))
	})
}

func (w wordForm) letters() string {
	return strings.TrimSuffix(strings.TrimPrefix(w.text, "-"), "*")
}

// shape is the order in which a span has its forms.
func (w wordForm) shape() int {
	part, stem := w.text[0] == '-', strings.HasSuffix(w.text, "*")
	switch {
	case stem && !part:
		return 0
	case stem:
		return 1
	case part:
		return 2
	}
	return wholeWord
}

const wholeWord = 3

func (b *builder) matcher(forms []wordForm) *matcher {
	m := &matcher{patterns: make([]pattern, len(forms))}
	m.index(forms)
	var votes numbers[float32]
	var sets numbers[marks]
	own := b.phrases(m, forms, &sets)
	shared := map[string]float32{}
	for _, w := range forms {
		shared[w.text]++
	}
	known := make([][]knownWord, len(b.langs))
	for i, w := range forms {
		p := &m.patterns[i]
		p.lang = w.lang
		p.vote = uint8(votes.of(speaks(w, own[i].has(cStop_)) / shared[w.text]))
		p.set = uint16(sets.of(own[i]))
		if w.shape() == wholeWord && !own[i].has(cStop_) && (p.phrase != 0 || own[i].any(mended)) {
			if letters := []rune(w.text); len(letters) >= typoFrom {
				known[w.lang] = append(known[w.lang], knownWord{letters, int32(i)})
			}
		}
	}
	for _, k := range known {
		m.typos = append(m.typos, newTypos(k))
	}
	m.votes, m.sets = votes.all, sets.all
	return m
}

// numbers gives each of several things its place in a list. They are few: a set of concepts is
// one of some hundred, and of at most half as many as the bytes of a lexicon.
type numbers[T comparable] struct {
	all []T
	at  map[T]int
}

func (n *numbers[T]) of(x T) int {
	at, ok := n.at[x]
	if !ok {
		at = len(n.all)
		n.all = append(n.all, x)
		if n.at == nil {
			n.at = map[T]int{}
		}
		n.at[x] = at
	}
	return at
}

// speaks is how much a word speaks for its language, if no other has it.
func speaks(w wordForm, common bool) float32 {
	switch {
	case w.lang == 0:
		return 0
	case common:
		return 1
	case strings.HasSuffix(w.text, "*"):
		return 0.5
	}
	return 0.6
}

// index makes the spans.
func (m *matcher) index(forms []wordForm) {
	spans, parts, begins := map[hash]span{}, map[hash]bool{}, map[hash]bool{}
	for i := 0; i < len(forms); {
		letters, first := forms[i].letters(), i
		var ends [wholeWord + 1]uint8 // of the forms of each shape
		for ; i < len(forms) && forms[i].letters() == letters; i++ {
			ends[forms[i].shape()] = uint8(i + 1 - first)
		}
		s := span{first: int32(first), part: ends[0]}
		s.whole = max(s.part, ends[1])
		s.partEnd = max(s.whole, ends[2])
		s.to = max(s.partEnd, ends[3])
		h := hashOf(letters)
		spans[h] = s
		if s.part < s.partEnd {
			parts[h], begins[hashOf(letters[:2])] = true, true
		}
	}
	m.forms = newDense(spans, func(h hash) hash { return h })
	m.whole, m.parts, m.begins = newFilter(spans), newFilter(parts), newFilter(begins)
}

// phrases makes the phrases and tells what each form stands for by itself.
func (b *builder) phrases(m *matcher, forms []wordForm, sets *numbers[marks]) (own []marks) {
	ids := make(map[wordForm]int32, len(forms))
	for i, w := range forms {
		ids[w] = int32(i)
	}
	own = make([]marks, len(forms))
	ends := map[int32]marks{} // what the phrases stand for that end at a node
	m.phrases = make([]phraseNode, 1)
	steps := map[step]int32{}
	for _, e := range b.entries {
		first := ids[wordForm{e.lang, e.words[0]}]
		if len(e.words) == 1 {
			own[first] = own[first].or(of(e.to))
			continue
		}
		at := m.grow(m.patterns[first].phrase)
		m.patterns[first].phrase = at
		for _, w := range e.words[1:] {
			if w == gap {
				next := m.grow(m.phrases[at].gap)
				m.phrases[at].gap = next
				at = next
				continue
			}
			s := step{at, ids[wordForm{e.lang, w}]}
			m.phrases[at].next |= bit(s.pattern)
			at = m.grow(steps[s])
			steps[s] = at
		}
		ends[at] = ends[at].or(of(e.to))
	}
	for at := range m.phrases {
		m.phrases[at].set = uint16(sets.of(ends[int32(at)]))
	}
	m.steps = newDense(steps, step.hash)
	return own
}

// grow is the node, or a new one for 0.
func (m *matcher) grow(node int32) int32 {
	if node == 0 {
		node = int32(len(m.phrases))
		m.phrases = append(m.phrases, phraseNode{})
	}
	return node
}

// mended is what a slip may be mended to, beside the beginning of a phrase: what is asked and
// about what, not the small words around it, which are too alike.
var mended = of(cErase, cCorrect, cUpdate, cShow, cInspect, cCopy, cWithdraw, cObject, cRestrict,
	cData, cMyData, cAccount, cRegister, cField, cMedia, cConsent, cMarketing, cLaw, cRequest)
