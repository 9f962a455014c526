package sorting

import (
	"math"
	"slices"
)

// columns are what the table of weights speaks for: first which right is the main one, None
// among them, then which rights the mail uses at all.
var columns = [...]Kind{None, Access, Change, Erasure, Other, Access, Change, Erasure, Other}

const mains = 5 // the columns of the main right

const (
	sureRequest = 0.70 // from here on a request is beyond doubt
	sureNone    = 0.88 // from here on a mail is certainly none
	alsoFrom    = 0.5  // a further right
)

// weight is what one sign adds to each column.
type weight [len(columns)]float32

// odds are how likely each column is.
type odds [len(columns)]float64

// odds adds the weights of the signs up: the main right is one of mains, each further right
// stands for itself.
func (t *table) odds(all []sign) odds {
	var sum odds
	for _, g := range all {
		for k, w := range t[g] {
			sum[k] += float64(w)
		}
	}
	return sum.normal()
}

// normal turns sums of weights into odds.
func (o odds) normal() odds {
	var all float64
	for k := range o {
		if k < mains {
			o[k] = math.Exp(min(o[k], 50))
			all += o[k]
		} else {
			o[k] = 1 / (1 + math.Exp(-o[k]))
		}
	}
	for k := range mains {
		o[k] /= all
	}
	return o
}

// main is the likeliest right.
func (o odds) main() int {
	best := 0
	for k := range mains {
		if o[k] > o[best] {
			best = k
		}
	}
	return best
}

// sure says whether the odds leave no doubt that k is the main right.
func (o odds) sure(k int) bool {
	if columns[k] == None {
		return o[k] >= sureNone
	}
	return o[k] >= sureRequest
}

const usualSigns = 256 // of one mail

func (s *Sorter) decide(m *message, g *signs) Result {
	all := slices.AppendSeq(make([]sign, 0, usualSigns), g.all())
	g.steps += len(all)
	o := s.weights.odds(all)
	main := o.main()
	mail := g.at[inMail]
	r := Result{
		Kind: columns[main], Sure: o.sure(main), Lang: m.lang,
		FollowUp: mail.has(cFollowUp), Urgent: mail.has(cUrgent), Withdraws: mail.has(cTakeBack),
	}
	if unread(m) {
		r.Kind, r.Sure, r.Why = None, false, []string{"in a language that the sorter does not know"}
		return r
	}
	if r.Kind == None {
		r.Why = s.against(m, g)
		return r
	}
	r.Kinds = []Kind{r.Kind}
	for k := mains; k < len(columns); k++ {
		if columns[k] != r.Kind && o[k] >= alsoFrom {
			r.Kinds = append(r.Kinds, columns[k])
		}
	}
	if r.Kind == Other {
		r.Other = g.other()
	}
	for _, k := range r.Kinds {
		r.Why = append(r.Why, s.reasons(m, g, k)...)
	}
	if len(r.Why) == 0 {
		r.Why = []string{"the mail as a whole, " + article(r.Kind, r.Other)}
	}
	if !r.Sure {
		r.Why = append(r.Why, s.against(m, g)...)
	}
	return r
}

// unread says whether the mail has words, and its language as far as guessed too few of them:
// it is in another, or in letters that its own is rarely written in.
func unread(m *message) bool {
	if len(m.words) < fewWords || m.lang == "" {
		return len(m.words) >= fewWords
	}
	known := 0
	for _, w := range m.words {
		if w.to > w.hits || w.marks.has(cDigits) {
			known++
		}
	}
	return known*knownShare < len(m.words)
}

const (
	fewWords   = 5
	knownShare = 5 // one word in so many is known at least
)

// others says what Kind Other is about, the surest sign first. Only what is granted at once
// needs words of its own: all else is left to a person.
var others = []struct {
	about string
	ask   concept
	heads marks
	thing concept
}{
	{about: "consent", ask: cAskConsent, heads: of(cWithdraw, cNot), thing: cConsent},
	{about: "marketing", ask: cAskMarketing, heads: of(cObject, cStop, cNot), thing: cMarketing},
	{about: "restriction", ask: cAskRestriction, heads: of(cRestrict), thing: cUse},
	{about: "automated", ask: cAskAutomated, heads: of(cNot, cObject, cWhat, cRequest), thing: cAutomated},
	{about: "objection", ask: cAskObjection},
}

func (s *signs) other() string {
	for _, o := range others {
		if s.at[inMail].has(o.ask) {
			return o.about
		}
	}
	for _, o := range others {
		for a := range each(o.heads) {
			if s.beside[a].has(o.thing) {
				return o.about
			}
		}
	}
	switch {
	case s.at[inMail].has(cRestrict):
		return "restriction"
	case s.at[inMail].has(cAutomated):
		return "automated"
	}
	return "objection"
}
