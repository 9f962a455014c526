package sorting

import (
	"iter"
	"math/bits"
	"slices"
)

// A sign is something that a mail shows and that speaks for or against a right: a concept
// and where it stands, or two concepts beside each other. Signs know no language; the table
// in fitted.go says how much each of them counts.
type sign uint16

// place is where in a mail a concept stands.
type place uint8

const (
	inMail    place = iota // anywhere
	inSubject              // in the subject
	ofWriter               // in a sentence that speaks of the writer
	wished                 // in a sentence that wishes something
	ofReader               // in a sentence that speaks of the reader's data, or of people's in general
	ofUs                   // in a sentence that says we
	asked                  // in a question
	stated                 // in a sentence that speaks of neither writer nor reader, wishes nothing and asks nothing
	opening                // among the first words, the subject aside
	closing                // among the last words
	brief                  // in a sentence of few words
	short                  // in a sentence of not many
	first                  // in the first sentence, the subject aside, that asks for something
	places
)

// The numbers of the signs.
const (
	heads    = int(cForward) + 1 // concepts that others may stand beside
	besides  = int(places) * int(concepts)
	denials  = besides + heads*int(concepts)
	lengths  = denials + heads*int(concepts)
	allSigns = lengths + len(lengthSteps) + 1
)

// lengthSteps part the mails by their number of words.
var lengthSteps = [...]int{12, 30, 70, 150, 350}

const (
	openingWords = 40
	closingWords = 10
	briefWords   = 4
	shortWords   = 8
)

// reach is how many words may stand between a head and what is beside it.
const reach = 5

// head are the concepts that gain their meaning from what is beside them: "delete" of an
// account is another thing than of an order.
var head = of(cErase, cAway, cCorrect, cUpdate, cShow, cInspect, cHold, cCopy, cSource, cWithdraw, cObject, cStop, cRestrict,
	cUse, cDisclose, cWhat, cNot, cNew, cMoved, cWrong, cRequest, cConsent, cMarketing)

// writer is what ties a sentence to the writer, or to somebody they speak for.
var writer = of(cMe, cMy, cAboutMe, cMyData, cRelative)

// reader is what a company says of its reader, or of people in general.
var reader = of(cYourData, cYourRight, cUsers)

// signs are those of one mail.
type signs struct {
	at     [places]marks
	beside [heads]marks // what stands beside a head
	denied [heads]marks // likewise where the head is denied: "do not delete"
	first  int          // word that begins the first sentence of the text with a head
	words  int
	steps  int
}

// gather looks at one sentence after another.
func gather(m *message) *signs {
	s := &signs{words: len(m.words)}
	for _, w := range m.words {
		s.at[inMail] = s.at[inMail].or(w.marks)
	}
	s.first = firstAsking(m.words)
	for from, to := range sentences(m.words) {
		s.sentence(m.words, from, to)
	}
	if !s.at[inMail].any(personal) {
		s.lacking()
	}
	return s
}

// firstAsking is the word that begins the first sentence, the subject aside, with a head; -1 for none.
func firstAsking(words []word) int {
	for from, to := range sentences(words) {
		if words[from].sentence > 0 && slices.ContainsFunc(words[from:to], func(w word) bool { return w.marks.any(head) }) {
			return from
		}
	}
	return -1
}

// personal is what a mail about somebody's data names one of, as a rule.
var personal = of(cData, cMyData, cAccount, cRegister, cField, cMedia, cConsent, cMarketing, cLaw, cRequest, cAboutMe)

// lacking notes that nothing personal is named, beside each head: what is to be deleted may be a stain.
func (s *signs) lacking() {
	for a := range each(s.at[inMail].and(head)) {
		s.beside[a] = s.beside[a].or(of(cNothing))
	}
	s.at[inMail] = s.at[inMail].or(of(cNothing))
}

func (s *signs) sentence(words []word, from, to int) {
	s.steps += to - from
	all, at := s.placesOf(words, from, to)
	for p := range places {
		if at[p] {
			s.at[p] = s.at[p].or(all)
		}
	}
	for i := from; i < to; i++ {
		for a := range each(words[i].marks.and(head)) {
			s.steps += 2 * reach
			near := around(words, i, from, to)
			if denied(words, i, from) {
				s.denied[a] = s.denied[a].or(near)
			} else {
				s.beside[a] = s.beside[a].or(near)
			}
		}
	}
}

// placesOf says which places a sentence is, and what is in it.
func (s *signs) placesOf(words []word, from, to int) (all marks, at [places]bool) {
	for _, w := range words[from:to] {
		all = all.or(w.marks)
	}
	at[inMail] = true
	at[inSubject] = words[from].sentence == 0
	at[ofWriter] = all.any(writer) || s.at[inMail].has(cForward)
	at[wished] = all.has(cWant)
	at[ofReader] = all.any(reader)
	at[ofUs] = all.has(cWe)
	at[asked] = all.has(cQuestion)
	at[stated] = !at[ofWriter] && !at[ofReader] && !at[wished] && !at[asked]
	at[opening] = !at[inSubject] && from < openingWords
	at[closing] = len(words)-to < closingWords
	at[brief] = to-from <= briefWords
	at[short] = to-from <= shortWords
	at[first] = from == s.first
	return all, at
}

// around is what stands beside word i in its sentence.
func around(words []word, i, from, to int) marks {
	var near marks
	for k := max(from, i-reach); k < min(to, i+reach+1); k++ {
		near = near.or(words[k].marks)
	}
	return near
}

// denied says whether one of the three words before i is a negation.
func denied(words []word, i, from int) bool {
	for k := max(from, i-3); k < i; k++ {
		if words[k].marks.has(cNot) {
			return true
		}
	}
	return false
}

// all walks the signs, each once.
func (s *signs) all() iter.Seq[sign] {
	return func(yield func(sign) bool) {
		for p, m := range s.at {
			for c := range each(m) {
				if !yield(standing(place(p), c)) {
					return
				}
			}
		}
		for a := range concept(heads) {
			for c := range each(s.beside[a]) {
				if !yield(beside(a, c)) {
					return
				}
			}
			for c := range each(s.denied[a]) {
				if !yield(besideDenied(a, c)) {
					return
				}
			}
		}
		yield(s.length())
	}
}

func standing(p place, c concept) sign { return sign(int(p)*int(concepts) + int(c)) }
func beside(a, c concept) sign         { return sign(besides + int(a)*int(concepts) + int(c)) }
func besideDenied(a, c concept) sign   { return sign(denials + int(a)*int(concepts) + int(c)) }

func (s *signs) length() sign {
	step := 0
	for step < len(lengthSteps) && s.words > lengthSteps[step] {
		step++
	}
	return sign(lengths + step)
}

// each walks the concepts of a set.
func each(m marks) iter.Seq[concept] {
	return func(yield func(concept) bool) {
		for i, w := range m {
			for ; w != 0; w &= w - 1 {
				if !yield(concept(i*64 + bits.TrailingZeros64(w))) {
					return
				}
			}
		}
	}
}
