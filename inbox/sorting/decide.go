package sorting

import (
	"cmp"
	"slices"
	"strings"
)

const (
	sureFrom     = 5.0 // a request beyond doubt
	unsureFrom   = 2.5 // a request, perhaps
	besideFrom   = 5.5 // a second right in the same mail
	titleAhead   = 3
	calm         = 1  // so little against a request that words far apart may be one
	likelyNone   = 3  // so much against a request that does not speak of the writer: probably none
	enough       = 11 // more proof makes a right no more the main one
	erasureAhead = 2
	directKeeps  = 0.35
	briefMail    = 80  // words; in a longer one two hints are chance
	doubtFrom    = 2   // hints
	longMail     = 350 // words; there a sentence not tied to the writer counts less
	ofLong       = 0.6
	reasons      = 4
	quotedWords  = 9
	cutWords     = 4
	againstLimit = 14
)

// verdict is how far one kind got.
type verdict struct {
	kind   Kind
	score  float32
	proofs []proof
	direct bool
	first  int32
	titled bool // the subject names it
}

// rank orders the rights of one mail. What the subject names is the main one;
// and who wants data gone often withdraws and objects besides, to leave no
// ground for keeping it.
func (v verdict) rank() float32 {
	r := min(v.score, enough)
	if v.titled {
		r += titleAhead
	}
	if v.kind == Erasure && v.score >= besideFrom {
		r += erasureAhead
	}
	return r
}

func (s *Sorter) decide(m *message, e *evidence) Result {
	r := Result{Kind: None, Sure: true, Lang: m.lang}
	r.FollowUp, r.Urgent, r.Withdraws = e.mail.has(cFollowUp), e.mail.has(cUrgent), e.mail.has(cTakeBack)
	contra := e.contra()
	var verdicts []verdict
	for _, k := range [...]Kind{Erasure, Access, Change, Other} {
		if v, ok := judge(m, e, k, contra); ok {
			verdicts = append(verdicts, v)
		}
	}
	if len(verdicts) == 0 {
		return perhaps(m, e, contra, r)
	}
	slices.SortStableFunc(verdicts, func(a, b verdict) int { return cmp.Compare(b.rank(), a.rank()) })
	main := verdicts[0]
	if main.score < unsureFrom {
		r.Why = append(r.Why, e.whyNot(m)...)
		return perhaps(m, e, contra, r)
	}
	if settled(e) {
		r.Sure, r.Why = false, append(r.Why, "thanks, and asks nothing")
		return r
	}
	r.Sure = main.score >= sureFrom
	r.Kind, r.Other = main.kind, main.proofs[0].other
	for i, v := range verdicts {
		if i > 0 && v.score < besideFrom {
			continue
		}
		r.Kinds = append(r.Kinds, v.kind)
		r.Why = append(r.Why, s.why(m, v)...)
	}
	if !r.Sure {
		r.Why = append(r.Why, e.whyNot(m)...)
		if !main.direct && contra >= likelyNone {
			r.Kind, r.Kinds, r.Other = None, nil, ""
		}
	}
	return r
}

// settled says whether a mail only thanks for what has been done: "my new
// address shows up correctly now". One that gives a number or a street is news.
func settled(e *evidence) bool {
	return e.mail.has(cThanks) && !e.mail.any(of(cWant, cErase, cWithdraw, cObject, cStop, cRestrict, cFollowUp, cUrgent, cDigits, cSource))
}

// companies are frames in which "our" is a company's, through the whole mail.
var companies = of(cPublic, cAgreement, cNone)

// nets catch what no rule understood: the wish, the writer and a thing that
// requests are about are all in the mail, however far apart. A person decides.
var nets = []struct {
	kind         Kind
	wish, object marks
}{
	{Erasure, of(cErase, cAway), of(cData, cMyData, cAccount, cMedia, cField, cRelative, cRegister, cJob)},
	{Change, of(cCorrect, cWrong, cMoved, cUpdate), of(cField, cMyData, cRegister, cAccount)},
	{Access, of(cCopy, cInspect, cSource, cShow, cHold), of(cMyData, cAboutMe, cLaw, cMedia)},
	{Access, of(cCopy, cInspect, cSource, cShow, cHold, cDisclose), of(cData, cLaw, cAccount)},
	{Change, of(cCorrect, cMoved), of(cWant, cNew)},
	{Erasure, of(cErase), of(cWant)},
	{Other, of(cObject, cWithdraw, cRestrict, cStop), of(cConsent, cMarketing, cProfiling, cUse, cDisclose, cAutomated, cMyData, cMedia)},
}

// perhaps leaves a mail that may yet be a request to a person.
func perhaps(m *message, e *evidence, contra float32, r Result) Result {
	if contra <= calm && e.mail.any(mine) {
		for _, n := range nets {
			if e.mail.any(n.wish) && e.mail.any(n.object) {
				r.Kind, r.Kinds, r.Sure = n.kind, []Kind{n.kind}, false
				r.Why = append(r.Why, "words of "+article(n.kind, "")+", but not in one sentence")
				return r
			}
		}
	}
	if len(r.Why) == 0 {
		r.Why = []string{"no words of a request"}
	}
	if contra == 0 && len(m.words) <= briefMail && hints(e) >= doubtFrom {
		r.Sure = false
		r.Why = append(r.Why, "but a person writes, and wishes something")
	}
	return r
}

// hinting are the signs that a person asks something of the organisation. Two
// of them in a short mail that nothing speaks against leave a doubt.
var hinting = []marks{
	mine,
	of(cErase, cAway, cCorrect, cUpdate, cMoved, cInspect, cWithdraw, cRestrict),
	of(cWant, cStop, cObject, cWrong, cUrgent, cFollowUp, cLaw),
	of(cData, cMyData, cAccount, cRegister, cField, cMedia, cConsent, cMarketing, cProfiling, cAutomated, cUse, cDisclose, cHold, cCopy, cSource),
}

func hints(e *evidence) int {
	n := 0
	for _, h := range hinting {
		if e.mail.any(h) {
			n++
		}
	}
	return n
}

// judge adds the proofs of a kind up: the best counts whole, the next ones less.
func judge(m *message, e *evidence, k Kind, contra float32) (verdict, bool) {
	v := verdict{kind: k, proofs: e.best(k), titled: e.titled[k]}
	if len(v.proofs) == 0 {
		return v, false
	}
	share := float32(1)
	for i := range v.proofs[:min(4, len(v.proofs))] {
		w := v.proofs[i].weight
		if !v.proofs[i].direct && len(m.words) > longMail {
			w *= ofLong
		}
		v.score += w * share
		share *= 0.35
		v.direct = v.direct || v.proofs[i].direct
	}
	if v.direct && (!e.mail.any(companies) || e.mail.any(own)) {
		contra *= directKeeps
	}
	v.score -= contra
	v.first = v.proofs[0].from
	return v, true
}

// contra adds up what speaks against a request.
func (e *evidence) contra() float32 {
	var sum float32
	for _, f := range against {
		if n := e.count[f.concept]; n > 0 {
			sum += f.weight
			if n > 2 {
				sum += f.weight / 2
			}
		}
	}
	return min(sum, againstLimit)
}

// why puts the weightiest proofs of a kind in words.
func (s *Sorter) why(m *message, v verdict) []string {
	var out []string
	for _, p := range v.proofs[:min(reasons, len(v.proofs))] {
		if p.weight < v.proofs[0].weight/2 {
			break
		}
		line := quote(m, p) + s.language(m, p) + ", " + article(p.kind, p.other)
		if !slices.Contains(out, line) {
			out = append(out, line)
		}
	}
	return out[:min(2, len(out))]
}

func (s *Sorter) language(m *message, p proof) string {
	w := m.words[p.from]
	for _, id := range m.hits[w.hits:w.to] {
		if l := s.words.patterns[id].lang; l != 0 && m.langs&(1<<l) != 0 {
			if s.langs[l].code == m.lang {
				return " (" + m.lang + ")"
			}
		}
	}
	if m.lang == "" {
		return ""
	}
	return " (" + m.lang + ")"
}

// quote is the words of a proof as they stand in the mail.
func quote(m *message, p proof) string {
	from, to := p.from, max(p.to, p.from)
	if to-from < quotedWords {
		return "'" + clean(m.text[m.words[from].start:m.words[to].end]) + "'"
	}
	return "'" + clean(m.text[m.words[from].start:m.words[from+cutWords-1].end]) + " … " +
		clean(m.text[m.words[to-cutWords+1].start:m.words[to].end]) + "'"
}

func clean(s string) string { return strings.Join(strings.Fields(s), " ") }

// againstWords says in the officer's words what speaks against a request.
var againstWords = map[concept]string{
	cNone: "a phrase of mail that is no request", cAuto: "an automatic message", cPassword: "a password mail",
	cYourRight: "tells the reader of rights", cTraining: "training or an event", cSale: "a sales offer",
	cAgreement: "a contract between companies", cPublic: "public documents or an authority's inquiry",
	cBreach: "an incident notice", cFeature: "a wish for a feature or a fault report", cNewsletter: "a newsletter",
	cPolicy: "a privacy policy or terms", cJob: "a job application", cGiveConsent: "gives consent",
	cYourData: "speaks of the reader's data", cThanks: "thanks for an answer", cUsers: "users in general",
	cDocument: "a document or file", cMeeting: "a meeting", cOrder: "an order or invoice", cContract: "a contract or subscription",
}

// whyNot names what speaks against a request, with the word that says so.
func (e *evidence) whyNot(m *message) []string {
	var out []string
	for _, f := range against {
		if e.count[f.concept] == 0 || len(out) == 2 {
			continue
		}
		for i, w := range m.words {
			if w.marks.has(f.concept) {
				out = append(out, "against: "+quote(m, proof{from: int32(i), to: w.reach})+", "+againstWords[f.concept])
				break
			}
		}
	}
	if len(out) == 0 {
		out = append(out, "too little to be sure")
	}
	return out
}
