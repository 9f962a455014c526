package mailbox

import (
	"slices"
	"strings"
	"time"
)

// What is decided about mails without asking anybody.

const (
	// maxTries is how often a mail may fail before it is set aside.
	maxTries = 3
	// maxWait is how long a mail may be put off before a human is to look at it: the month in
	// which the person must be answered is running (Art. 12(3) GDPR).
	maxWait = 24 * time.Hour
	// maxBatch and maxBatchBytes bound what one FETCH asks for: large enough that the round trip
	// does not count, small enough to be thrown away when we are told to stop.
	maxBatch      = 100
	maxBatchBytes = 8 << 20
)

// tryAfter is when a mail that has failed this often is tried again.
func tryAfter(tries int) time.Duration {
	if tries <= 1 {
		return time.Minute
	}
	return 5 * time.Minute
}

// waitAfter is when a mail that could not be judged this often is looked at again.
func waitAfter(waits int) time.Duration {
	steps := []time.Duration{time.Minute, 2 * time.Minute, 5 * time.Minute, 15 * time.Minute}
	if waits <= len(steps) {
		return steps[max(waits, 1)-1]
	}
	return 30 * time.Minute
}

// due returns the pending mails whose time has come, oldest UID first.
func (s State) due(now time.Time) []uint32 {
	var uids []uint32
	for uid, p := range s.Pending {
		if !p.Next.After(now) {
			uids = append(uids, uid)
		}
	}
	slices.Sort(uids)
	return uids
}

// nextDue is when the next pending mail's time comes; zero if none is pending.
func (s State) nextDue() time.Time {
	var next time.Time
	for _, p := range s.Pending {
		if next.IsZero() || p.Next.Before(next) {
			next = p.Next
		}
	}
	return next
}

// news are the found mails that are not pending, in two parts: those that a process may have died
// over, to be taken one at a time, and the others.
func (s State) news(found []uint32) (suspects, others []uint32) {
	for _, uid := range found {
		switch _, pending := s.Pending[uid]; {
		case pending:
		case uid <= s.Hand:
			suspects = append(suspects, uid)
		default:
			others = append(others, uid)
		}
	}
	return suspects, others
}

// failed is p after its tries-th try failed.
func (p Pending) failed(now time.Time, tries int, why string) Pending {
	p.Tries, p.Why = tries, why
	p.Next = now.Add(tryAfter(tries))
	if p.First.IsZero() {
		p.First = now
	}
	return p
}

// waited is p after a look at the mail that led to no judgement.
func (p Pending) waited(now time.Time) Pending {
	p.Waits++
	p.Next = now.Add(waitAfter(p.Waits))
	if p.First.IsZero() {
		p.First = now
	}
	return p
}

// spent tells whether a human has to look at the mail, and why.
func (p Pending) spent(now time.Time) (bool, string) {
	switch {
	case p.Tries >= maxTries:
		return true, "three tries to read it failed, the last because " + orElse(p.Why, "the program ended over it")
	case p.Waits > 0 && now.Sub(p.First) >= maxWait:
		return true, "it could not be judged for a day"
	}
	return false, ""
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// portions cuts mails, in their order, into FETCHes that stay within the bounds of a batch.
func portions(mails []Message, count int, bytes int64) [][]Message {
	var all [][]Message
	var size int64
	start := 0
	for i, m := range mails {
		if i > start && (i-start >= count || size+m.Size > bytes) {
			all = append(all, mails[start:i])
			start, size = i, 0
		}
		size += m.Size
	}
	if start < len(mails) {
		all = append(all, mails[start:])
	}
	return all
}

// has tells whether the mail bears the keyword; keywords are case-insensitive (RFC 9051, 2.3.2).
func (m Message) has(keyword string) bool {
	return slices.ContainsFunc(m.Flags, func(f string) bool { return strings.EqualFold(f, keyword) })
}

func uidsOf(mails []Message) []uint32 {
	uids := make([]uint32, len(mails))
	for i, m := range mails {
		uids[i] = m.UID
	}
	return uids
}
