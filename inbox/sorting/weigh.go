package sorting

import (
	"cmp"
	"slices"
)

const (
	close         = 4    // words to what an action is certainly about
	reachOfAction = 8    // words between an action and its object
	ofQuoted      = 0.35 // what is left of words between quotation marks
	ofNegated     = 0.45 // what is left of "do not delete"
	ofListing     = 0.3  // what is left where a sentence lists the rights
	ofOrder       = 0.4  // what is left of a change where the mail is about an order
	ofOthers      = 0.3  // what is left where a sentence is about the reader's or everybody's data
	ofClause      = 0.3  // what is left of "what you hold" where it says what to erase
	named         = 9    // the weight of a whole request
	ofName        = 6    // what is left where it only names a right: "right to erasure"
	ofRival       = 0.3  // what is left of "remove my" where "order" follows
	ofOld         = 0.4  // what is left of "remove the old one" beside a new number
	ofPointing    = 0.8  // what is left where the object stands in a sentence before
)

// proof is one sentence that speaks for a right.
type proof struct {
	kind     Kind
	other    string
	weight   float32
	from, to int32 // words
	rule     int
	direct   bool // the sentence is tied to the writer and asks
}

// evidence is all a mail says for and against a request.
type evidence struct {
	proofs        []proof
	byRule        map[int]int // the best proof of each rule
	mail          marks       // concepts anywhere in the mail
	count         [concepts]int16
	steps         int
	titled        map[Kind]bool // rights that the subject names
	subject, last marks         // what the subject and the sentence before were about
	before        marks         // both, and the sentence before that
}

// weigh reads the sentences one after another.
func weigh(m *message) *evidence {
	e := &evidence{titled: map[Kind]bool{}, byRule: map[int]int{}}
	for i := range m.words {
		e.mail = e.mail.or(m.words[i].marks)
		for _, f := range against {
			if m.words[i].marks.has(f.concept) {
				e.count[f.concept]++
			}
		}
	}
	for from := 0; from < len(m.words); {
		to := from + 1
		for to < len(m.words) && m.words[to].sentence == m.words[from].sentence {
			to++
		}
		e.sentence(m, int32(from), int32(to))
		from = to
	}
	return e
}

// listed are the rights that a list of rights names.
var listed = []marks{of(cErase), of(cCorrect), of(cRestrict), of(cObject), of(cInspect, cCopy)}

func (e *evidence) sentence(m *message, from, to int32) {
	e.steps += int(to - from)
	var all marks
	for i := from; i < to; i++ {
		all = all.or(m.words[i].marks)
	}
	s := sentence{m: m, from: from, to: to, all: all, scale: 1}
	rights := 0
	for _, l := range listed {
		if all.any(l) {
			rights++
		}
	}
	if e.mail.has(cForward) {
		s.all = s.all.or(of(cRelative)) // a colleague speaks for somebody
		all = s.all
	}
	if rights >= 3 {
		s.scale = ofListing
	}
	if all.any(of(cYourData, cYourRight, cUsers)) && !all.any(own) {
		s.scale *= ofOthers
	}
	s.direct = all.any(mine) && all.any(actions.or(of(cWant, cNot))) &&
		!all.any(of(cYourData, cYourRight)) && (!all.any(frames) || all.any(of(cMyData, cAboutMe)))
	e.rights(&s)
	if from == 0 {
		e.subject = all.and(pointedAt)
	}
	about := all.and(pointedAt)
	e.before, e.last = e.subject.or(e.last).or(about), about
}

// rights tries every rule on a sentence that may hold a request at all.
func (e *evidence) rights(s *sentence) {
	if !s.all.any(actions) && !s.all.any(wholeRequests) && !s.all.any(of(cRequest, cWhat, cNot, cArticle)) {
		return
	}
	e.whole(s)
	e.articles(s)
	e.pointing(s)
	if !s.all.any(actions) {
		return
	}
	for i := s.from; i < s.to; i++ {
		if s.m.words[i].marks.any(actions) {
			e.action(s, i)
		}
	}
}

// frames are what a company writes about; "our" is then the company's.
var frames = of(cSale, cTraining, cAgreement, cFeature, cNewsletter, cPolicy)

// own is what ties a sentence to the writer as a person: "our" alone may be a
// company's.
var own = of(cMe, cAboutMe, cMyData, cRelative)

// pointedAt is what a later "please correct it" may point at.
var pointedAt = objects.or(mine).or(of(cWrong, cNew, cMoved, cJob))

// pointing tries what a sentence asks of something an earlier one named: "My
// picture is on your page. Take it down."
func (e *evidence) pointing(s *sentence) {
	if s.all.any(rivals.or(of(cYourData, cUsers, cYourRight))) || e.mail.any(of(cFeature)) && !e.before.any(own) ||
		e.before.any(rivals) && !e.before.any(of(cMyData, cAccount, cMedia, cRelative)) {
		return
	}
	for k := range pointers {
		r := &pointers[k]
		if !s.all.any(r.action) || !e.before.any(r.object) || s.all.any(r.without) ||
			len(r.with) > 0 && !e.before.or(s.all).any(r.with[0]) {
			continue
		}
		for i := s.from; i < s.to; i++ {
			if s.m.words[i].marks.any(r.action) && !s.negated(i) {
				e.add(s, r, len(rules)+100+k, r.weight*ofPointing, i, s.m.words[i].reach)
				break
			}
		}
	}
}

var wholeRequests = of(cAskAccess, cAskChange, cAskErasure, cAskMarketing, cAskConsent, cAskRestriction, cAskObjection, cAskAutomated)

// sentence is the sentence at hand.
type sentence struct {
	m        *message
	from, to int32
	all      marks
	scale    float32
	direct   bool
}

func (s *sentence) meets(r *rule) bool {
	if s.all.any(r.without) {
		return false
	}
	for _, w := range r.with {
		if !s.all.any(w) {
			return false
		}
	}
	return true
}

// whole tries the rules without an action.
func (e *evidence) whole(s *sentence) {
	for k := rulesOf[actionless].next(0); k >= 0; k = rulesOf[actionless].next(k + 1) {
		r := &rules[k]
		if !s.meets(r) {
			continue
		}
		e.steps++
		first, last := s.span(r)
		weight := r.weight
		if weight >= named && !s.direct && !s.any(first, last, mine) {
			weight = ofName
		}
		if r.with[0].any(wholeRequests) && s.goesOn(last) {
			weight *= ofRival
		}
		e.add(s, r, k, weight, first, last)
	}
}

// any says whether one of the words from first to last has one of ms.
func (s *sentence) any(first, last int32, ms marks) bool {
	for i := first; i <= min(last, s.to-1); i++ {
		if s.m.words[i].marks.any(ms) {
			return true
		}
	}
	return false
}

// goesOn says whether a phrase that ends at last goes on to something that is
// no personal data: "remove my" order.
func (s *sentence) goesOn(last int32) bool {
	for i := last; i < min(last+4, s.to); i++ {
		if s.m.words[i].marks.any(rivals) && !s.m.words[i].marks.any(wholeRequests) {
			return true
		}
		if s.m.words[i].marks.any(kept) {
			return false
		}
	}
	return false
}

// wishes are what else a sentence may ask of the data it describes.
var wishes = of(cErase, cAway, cRestrict, cObject, cWithdraw, cStop)

// kept is what a request is about.
var kept = of(cData, cMyData, cAccount, cField, cMedia, cAboutMe, cConsent, cMarketing, cRegister, cUse, cProfiling)

// span is the part of the sentence that holds what a rule needs.
func (s *sentence) span(r *rule) (int32, int32) {
	first, last := int32(-1), s.from
	for _, w := range r.with {
		for i := s.from; i < s.to; i++ {
			if s.m.words[i].marks.any(w) {
				if first < 0 || i < first {
					first = i
				}
				last = max(last, s.m.words[i].reach)
				break
			}
		}
	}
	return max(first, s.from), last
}

// action tries the rules whose action is word i.
func (e *evidence) action(s *sentence, i int32) {
	words := s.m.words
	left, right := s.nearest(i, -1), s.nearest(i, 1)
	set := rulesFor(words[i].marks)
	for k := set.next(0); k >= 0; k = set.next(k + 1) {
		r := &rules[k]
		if !s.meets(r) {
			continue
		}
		e.steps++
		at, ok := i, true
		if !r.object.empty() {
			at, ok = s.bound(r, left, right)
		} else {
			ok = !s.drawnAway(i, left, right)
		}
		if !ok {
			continue
		}
		weight := r.weight
		if s.negated(i) && !r.needsNot() {
			weight *= ofNegated
		}
		e.add(s, r, k, weight, min(i, at), max(words[i].reach, words[at].reach))
	}
}

func (r *rule) needsNot() bool {
	for _, w := range r.with {
		if w.has(cNot) {
			return true
		}
	}
	return false
}

// nearest is the object nearest to word i on one side, i itself included on
// the right; -1 for none.
func (s *sentence) nearest(i, step int32) int32 {
	at := i
	if step < 0 {
		at--
	}
	for n := 0; n <= reachOfAction && at >= s.from && at < s.to; n++ {
		if s.m.words[at].marks.any(objects) {
			return at
		}
		at += step
	}
	return -1
}

// bound says which of the two objects the rule takes. "Me" in "send me my
// data" is passed over.
func (s *sentence) bound(r *rule, left, right int32) (int32, bool) {
	if at, ok := s.takes(r, right, 1); ok {
		return at, true
	}
	return s.takes(r, left, -1)
}

func (s *sentence) takes(r *rule, at, step int32) (int32, bool) {
	for ; at >= s.from && at < s.to; at += step {
		got := s.m.words[at].marks.and(objects)
		if got.any(r.object) {
			return at, !got.any(rivals)
		}
		if !got.minus(of(cMe)).empty() || got.empty() && !s.near(at-step, cMe) {
			return -1, false
		}
	}
	return -1, false
}

// near says whether word i or the two before it is c.
func (s *sentence) near(i int32, c concept) bool {
	for k := max(s.from, i-2); k <= min(i+2, s.to-1); k++ {
		if s.m.words[k].marks.has(c) {
			return true
		}
	}
	return false
}

// drawnAway says whether the action is about an order, a file or the like.
func (s *sentence) drawnAway(i, left, right int32) bool {
	if right >= 0 && s.m.words[right].marks.any(rivals) && right-i <= close {
		return true // "send me a copy of the invoice"
	}
	rival := false
	for _, at := range [2]int32{left, right} {
		if at < 0 {
			continue
		}
		if s.m.words[at].marks.any(rivals) {
			rival = true
		} else {
			return false
		}
	}
	return rival
}

// negated says whether one of the three words before i is a negation.
func (s *sentence) negated(i int32) bool {
	for k := max(s.from, i-3); k < i; k++ {
		if s.m.words[k].marks.has(cNot) {
			return true
		}
	}
	return false
}

// articles finds "Article 17" and "17 artikla".
func (e *evidence) articles(s *sentence) {
	if !s.all.has(cArticle) {
		return
	}
	for i := s.from; i < s.to; i++ {
		if !s.m.words[i].marks.has(cArticle) {
			continue
		}
		for _, at := range [5]int32{i + 1, i - 1, i + 2, i - 2, i + 3} {
			if at < s.from || at >= s.to {
				continue
			}
			if r, ok := byArticle[s.m.words[at].number]; ok {
				e.article(s, &r, min(i, at), max(i, at))
				break
			}
		}
	}
}

func (e *evidence) article(s *sentence, r *rule, first, last int32) {
	weight := float32(3.5)
	if s.all.any(of(cLaw, cWant, cRequest)) {
		weight = 4.5
	}
	if s.all.has(cLaw) && s.all.any(of(cWant, cRequest)) {
		weight = 6
	}
	e.add(s, r, len(rules)+int(r.kind[0])+int(r.kind[1]), weight, first, last)
}

func (e *evidence) add(s *sentence, r *rule, k int, weight float32, first, last int32) {
	weight *= s.scale
	if s.m.words[first].quoted && !e.mail.has(cForward) {
		weight *= ofQuoted
	}
	if r.kind == Access && s.all.any(wishes) && !s.all.any(of(cShow, cCopy, cInspect, cSource)) {
		weight *= ofClause
	}
	if r.kind == Erasure && s.all.has(cNewsletter) && !s.all.any(of(cData, cMyData, cAccount, cMedia, cAboutMe)) {
		weight *= ofRival
	}
	if r.kind == Erasure && s.all.has(cNew) && s.all.has(cField) && s.all.has(cDigits) &&
		!s.all.any(of(cMyData, cAccount, cAboutMe, cMe)) {
		weight *= ofOld
	}
	if r.kind == Change && e.mail.has(cOrder) && !e.mail.any(of(cMyData, cRegister, cLaw, cMoved)) {
		weight *= ofOrder
	}
	if s.m.words[first].sentence == 0 && weight >= unsureFrom {
		e.titled[r.kind] = true
	}
	p := proof{kind: r.kind, other: r.other, weight: weight, from: first, to: last, rule: k, direct: s.direct}
	if at, ok := e.byRule[k]; !ok {
		e.byRule[k] = len(e.proofs)
		e.proofs = append(e.proofs, p)
	} else if p.weight > e.proofs[at].weight {
		e.proofs[at] = p
	}
}

// best is the proofs of a kind, the weightiest first.
func (e *evidence) best(k Kind) []proof {
	var of []proof
	for _, p := range e.proofs {
		if p.kind == k {
			of = append(of, p)
		}
	}
	slices.SortStableFunc(of, func(a, b proof) int {
		return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(a.from, b.from))
	})
	return of
}
