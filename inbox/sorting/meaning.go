package sorting

// heed leaves each word what it is in the languages of the mail.
func (s *Sorter) heed(m *message) {
	for i := range m.words {
		w := &m.words[i]
		to := w.hits
		for _, id := range m.hits[w.hits:w.to] {
			if m.langs&(1<<s.words.patterns[id].lang) != 0 {
				m.hits[to] = id
				to++
			}
		}
		w.to = to
	}
}

// mark gives each word its concepts.
func (s *Sorter) mark(m *message) {
	for i := range m.words {
		w := &m.words[i]
		for _, id := range m.hits[w.hits:w.to] {
			w.marks = w.marks.or(s.words.sets[s.words.patterns[id].set])
		}
		if w.marks.has(cProfiling) {
			w.marks = w.marks.minus(of(cTraining)) // of a model, not of people
		}
	}
}

// The words of a phrase with one of swallowing no longer have by themselves what is in
// swallowed: the address in "delivery address" is not the writer's.
var (
	swallowing = of(cOrder, cDocument, cContract, cMeeting, cPolicy, cPassword, cNone, cYourRight, cAgreement, cTraining, cGiveConsent, cNewsletter, cThanks)
	swallowed  = of(cField, cData, cMyData, cYourData, cAccount, cRegister, cMedia, cErase, cAway, cCorrect, cUpdate, cHold,
		cShow, cInspect, cCopy, cConsent, cMarketing, cUse, cRequest, cObject, cStop, cWithdraw)
)

const maxPhraseSteps = 400 // for one word, whatever the lexicon

// phrases finds the phrases and gives their first word their concepts.
func (s *Sorter) phrases(m *message) {
	for i := range m.words {
		w := &m.words[i]
		f := phraseFinder{m: m, words: s.words, from: int32(i), left: maxPhraseSteps}
		for _, id := range m.hits[w.hits:w.to] {
			if node := s.words.patterns[id].phrase; node != 0 {
				f.walk(node, int32(i)+1)
			}
		}
		m.steps += maxPhraseSteps - f.left
	}
}

type phraseFinder struct {
	m     *message
	words *matcher
	from  int32
	left  int
}

// walk follows the phrase at node n, whose next word may be at.
func (f *phraseFinder) walk(n, at int32) {
	node := &f.words.phrases[n]
	if got := f.words.sets[node.set]; !got.empty() {
		f.found(got, at-1)
	}
	if f.left--; f.left <= 0 {
		return
	}
	f.next(n, at)
	if node.gap == 0 {
		return
	}
	for skip := range int32(4) {
		f.next(node.gap, at+skip)
	}
}

func (f *phraseFinder) next(n, at int32) {
	if int(at) >= len(f.m.words) || f.m.words[at].sentence != f.m.words[f.from].sentence {
		return
	}
	w := &f.m.words[at]
	for _, id := range f.m.hits[w.hits:w.to] {
		if to := f.words.next(step{n, id}); to != 0 {
			f.walk(to, at+1)
		}
		if f.left--; f.left <= 0 {
			return
		}
	}
}

func (f *phraseFinder) found(got marks, last int32) {
	first := &f.m.words[f.from]
	if got.any(swallowing) {
		for k := f.from; k <= last; k++ {
			f.m.words[k].marks = f.m.words[k].marks.minus(swallowed)
		}
	}
	first.marks = first.marks.or(got)
	first.reach = max(first.reach, last)
}

// cited are the rights that the articles of the GDPR grant.
var cited = map[int16]concept{
	15: cArtAccess, 20: cArtAccess, 16: cArtChange, 17: cArtErasure, 18: cArtOther, 21: cArtOther, 22: cArtOther,
}

// cite finds "Article 17" and "17 artikla".
func (m *message) cite() {
	for i := range m.words {
		if !m.words[i].marks.has(cArticle) {
			continue
		}
		for _, at := range [5]int{i + 1, i - 1, i + 2, i - 2, i + 3} {
			if at < 0 || at >= len(m.words) || m.words[at].sentence != m.words[i].sentence {
				continue
			}
			if c, ok := cited[m.words[at].number]; ok {
				m.words[min(i, at)].marks = m.words[min(i, at)].marks.or(of(c))
				m.words[min(i, at)].reach = max(m.words[min(i, at)].reach, int32(max(i, at)))
				break
			}
		}
	}
}

// unquote takes the meaning from a few words between quotation marks: they are what stands on
// a button, or the name of a right. A longer quote keeps it: a colleague may be passing it on.
func (m *message) unquote() {
	for from := 0; from < len(m.words); from++ {
		to := from
		for to < len(m.words) && m.words[to].quoted {
			to++
		}
		if to-from > mostQuoted {
			from = to
			continue
		}
		for ; from < to; from++ {
			m.words[from].marks = m.words[from].marks.and(of(cDigits))
		}
	}
}

// mostQuoted is how many words the name of a button or of a right has.
const mostQuoted = 6
