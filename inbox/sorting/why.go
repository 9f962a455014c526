package sorting

import (
	"cmp"
	"slices"
	"strings"
)

const (
	reasons     = 2 // of each right
	quotedWords = 9 // a longer quote is cut in the middle
	cutWords    = 4
)

// proof is words of the mail that speak for a column.
type proof struct {
	from, to int32 // words
	weight   float32
}

// proofs lists the pairs of words that speak for the column, and the words that do so alone.
func (t *table) proofs(m *message, s *signs, column int) []proof {
	var found []proof
	alone := make([]float32, len(m.words))
	for from, to := range sentences(m.words) {
		all, at := s.placesOf(m.words, from, to)
		if !all.any(asking) {
			continue
		}
		for i := from; i < to; i++ {
			alone[i] = t.alone(m.words[i].marks, at, column)
		}
		for i := from; i < to; i++ {
			if best := t.proof(m.words, alone, i, from, to, column); best.weight > 0 {
				found = append(found, best)
			}
		}
	}
	return found
}

// alone is how much concepts speak for the column where they stand.
func (t *table) alone(marks marks, at [places]bool, column int) (sum float32) {
	for c := range each(marks) {
		for p := range places {
			if at[p] {
				sum += t.lead(standing(p, c), column)
			}
		}
	}
	return sum
}

// proof is the best that begins with word i: the word alone, or with one beside it.
func (t *table) proof(words []word, alone []float32, i, from, to, column int) proof {
	best := proof{int32(i), max(words[i].reach, int32(i)), alone[i]}
	if !words[i].marks.any(head) {
		return best
	}
	sign := beside
	if denied(words, i, from) {
		sign = besideDenied
	}
	for k := max(from, i-reach); k < min(to, i+reach+1); k++ {
		if k == i || words[k].marks.empty() {
			continue
		}
		sum := alone[i] + alone[k]
		for a := range each(words[i].marks.and(head)) {
			for c := range each(words[k].marks) {
				sum += t.lead(sign(a, c), column)
			}
		}
		if sum > best.weight {
			best = proof{int32(min(i, k)), max(words[i].reach, words[k].reach), sum}
		}
	}
	return best
}

// lead is how much more a sign speaks for the column than for the others, on the whole.
func (t *table) lead(g sign, column int) float32 {
	var rest float32
	for k := range mains {
		if k != column {
			rest += t[g][k]
		}
	}
	return t[g][column] - rest/(mains-1)
}

// reasons are the weightiest proofs of a right, in words of the mail.
func (s *Sorter) reasons(m *message, g *signs, k Kind) []string {
	after := ", " + article(k, g.other())
	if m.lang != "" {
		after = " (" + m.lang + ")" + after
	}
	var out []string
	for _, p := range pick(s.weights.proofs(m, g, slices.Index(columns[:], k))) {
		out = append(out, quote(m, p)+after)
	}
	return out
}

// pick takes the weightiest proofs, of which no two share words.
func pick(found []proof) []proof {
	slices.SortStableFunc(found, func(a, b proof) int { return cmp.Compare(b.weight, a.weight) })
	var taken []proof
	for _, p := range found {
		shares := slices.ContainsFunc(taken, func(t proof) bool { return p.from <= t.to && t.from <= p.to })
		if !shares && len(taken) < reasons && (len(taken) == 0 || p.weight > taken[0].weight/3) {
			taken = append(taken, p)
		}
	}
	return taken
}

// quote is the words of a proof as they stand in the mail.
func quote(m *message, p proof) string {
	if p.to-p.from < quotedWords {
		return "'" + clean(m.text[m.words[p.from].start:m.words[p.to].end]) + "'"
	}
	return "'" + clean(m.text[m.words[p.from].start:m.words[p.from+cutWords-1].end]) + " … " +
		clean(m.text[m.words[p.to-cutWords+1].start:m.words[p.to].end]) + "'"
}

func clean(s string) string { return strings.Join(strings.Fields(s), " ") }

// article names the article of each kind for the reasons.
func article(k Kind, other string) string {
	switch k {
	case Access:
		return "Art. 15"
	case Change:
		return "Art. 16"
	case Erasure:
		return "Art. 17"
	}
	switch other {
	case "consent":
		return "Art. 7(3)"
	case "marketing":
		return "Art. 21(2)"
	case "restriction":
		return "Art. 18"
	case "automated":
		return "Art. 22"
	}
	return "Art. 21"
}

// frame is what a mail that is no request may be about, in the officer's words.
var frame = map[concept]string{
	cNone: "a phrase of mail that is no request", cAuto: "an automatic message", cPassword: "a password mail",
	cYourRight: "tells the reader of rights", cTraining: "training or an event", cSale: "a sales offer",
	cAgreement: "a contract between companies", cPublic: "public documents or an authority's inquiry",
	cBreach: "an incident notice", cFeature: "a wish for a feature or a fault report", cNewsletter: "a newsletter",
	cPolicy: "a privacy policy or terms", cJob: "a job application", cGiveConsent: "gives consent",
	cYourData: "speaks of the reader's data", cThanks: "thanks for an answer", cUsers: "users in general",
	cDocument: "a document or file", cMeeting: "a meeting", cOrder: "an order or invoice", cContract: "a contract or subscription",
}

// against names what speaks against a request, with the word that says so.
func (s *Sorter) against(m *message, g *signs) []string {
	var found []concept
	for c := range each(g.at[inMail]) {
		if frame[c] != "" && s.weights.lead(standing(inMail, c), 0) > 0 {
			found = append(found, c)
		}
	}
	slices.SortStableFunc(found, func(a, b concept) int {
		return cmp.Compare(s.weights.lead(standing(inMail, b), 0), s.weights.lead(standing(inMail, a), 0))
	})
	var out []string
	for _, c := range found[:min(reasons, len(found))] {
		i := slices.IndexFunc(m.words, func(w word) bool { return w.marks.has(c) })
		out = append(out, "against: "+quote(m, proof{from: int32(i), to: m.words[i].reach})+", "+frame[c])
	}
	if len(out) > 0 {
		return out
	}
	if g.at[inMail].any(asking) {
		return []string{"too little to be sure"}
	}
	return []string{"no words of a request"}
}

// asking are the concepts without which nobody asks for a right.
var asking = head.or(of(cAskAccess, cAskChange, cAskErasure, cAskMarketing, cAskConsent, cAskRestriction, cAskObjection, cAskAutomated,
	cArtAccess, cArtChange, cArtErasure, cArtOther, cMyData, cAboutMe))
