package sorting

import (
	"math/bits"
	"slices"
)

// A language beside the main one counts where it reaches this share of the
// main one's score: mails mix languages, and short ones leave doubt.
const (
	shareLong  = 0.40
	shareShort = 0.28
	shortMail  = 30 // words
	leastScore = 0.9
	letterVote = 0.35
	letterCap  = 6 // votes of one letter in one mail
	guessWords = 3000
)

// scores say of each language how much speaks for it.
type scores [maxLanguages]float32

// guess sets the language of the mail and the languages whose words count.
func (s *Sorter) guess(m *message) {
	words := m.words[:min(len(m.words), guessWords)]
	each := make([]scores, 0, 16) // of the sentences
	var total scores
	for from, to := range sentences(words) {
		score := s.score(m, words[from:to])
		total.add(&score)
		each = append(each, score)
	}
	for _, l := range m.letters {
		s.letterVotes(&total, l.r, min(l.n, letterCap))
	}
	m.langs = 1 // the lexicon of every language
	best := s.first(&total)
	if total[best] <= 0 {
		return
	}
	m.lang = s.langs[best].code
	share := float32(shareLong)
	if len(m.words) < shortMail {
		share = shareShort
	}
	for l := 1; l < len(s.langs); l++ {
		if l == best || total[l] >= leastScore && total[l] >= share*total[best] {
			m.langs |= 1 << l
		}
	}
	s.heedSentences(m, each, best)
}

// openingSentences, the subject among them, is how much of a mail its writer's own language
// shows in: what stands below may be a company's disclaimer in another, longer than what the
// person wrote.
const openingSentences = 4

// heedSentences lets the language of each of the first sentences count, whatever follows
// them, and takes that of the most of them for the writer's own. A later sentence's counts
// where it is beyond doubt: somebody may have written below what a machine put first.
func (s *Sorter) heedSentences(m *message, each []scores, main int) {
	var total scores
	for i := range each {
		score := &each[i]
		best := s.first(score)
		switch {
		case i < openingSentences && score[best] >= 2*leastScore:
			m.langs |= 1 << best
			total[best] += score[best]
		case score[best] >= 3*leastScore && score[best] >= 2*score[main]:
			m.langs |= 1 << best
		}
	}
	if best := s.first(&total); total[best] > 0 {
		m.lang = s.langs[best].code
	}
}

// score is what the words say of their language.
func (s *Sorter) score(m *message, words []word) (score scores) {
	for i := range words {
		var seen uint64
		for _, id := range slices.Backward(m.hits[words[i].hits:words[i].to]) { // the longest forms stand last
			p := &s.words.patterns[id]
			if seen&(1<<p.lang) == 0 {
				seen |= 1 << p.lang
				score[p.lang] += s.words.votes[p.vote]
			}
		}
	}
	return score
}

func (a *scores) add(b *scores) {
	for l := range a {
		a[l] += b[l]
	}
}

// first is the language with the highest score, the lexicon of every language aside.
func (s *Sorter) first(score *scores) int {
	best := 1
	for l := 2; l < len(s.langs); l++ {
		if score[l] > score[best] {
			best = l
		}
	}
	return best
}

// letterVotes shares the votes of a letter among the languages that have it.
func (s *Sorter) letterVotes(score *scores, r rune, n int) {
	set := s.letters[r]
	if set == 0 {
		return
	}
	vote := letterVote * float32(n) / float32(bits.OnesCount64(set))
	for ; set != 0; set &= set - 1 {
		score[bits.TrailingZeros64(set)] += vote
	}
}
