package mailbox

import (
	"slices"
	"testing"
	"time"
)

func TestPortions(t *testing.T) {
	sized := func(sizes ...int64) []Message {
		var mails []Message
		for i, size := range sizes {
			mails = append(mails, Message{UID: uint32(i + 1), Size: size})
		}
		return mails
	}
	for name, c := range map[string]struct {
		mails []Message
		want  [][]uint32
	}{
		"none":                  {nil, nil},
		"one":                   {sized(1), [][]uint32{{1}}},
		"by number":             {sized(1, 1, 1, 1, 1, 1, 1), [][]uint32{{1, 2, 3}, {4, 5, 6}, {7}}},
		"by bytes":              {sized(60, 30, 30), [][]uint32{{1, 2}, {3}}},
		"just full":             {sized(50, 50, 1), [][]uint32{{1, 2}, {3}}},
		"larger than a portion": {sized(1, 500, 1), [][]uint32{{1}, {2}, {3}}},
		"sizes unknown":         {sized(0, 0), [][]uint32{{1, 2}}},
	} {
		t.Run(name, func(t *testing.T) {
			var got [][]uint32
			for _, p := range portions(c.mails, 3, 100) {
				got = append(got, uidsOf(p))
			}
			if !slices.EqualFunc(got, c.want, slices.Equal[[]uint32]) {
				t.Errorf("portions = %v, want %v", got, c.want)
			}
		})
	}
}

func TestPendingMails(t *testing.T) {
	now := time.Date(2026, 3, 5, 9, 0, 0, 0, time.UTC)
	var p Pending
	for try := 1; try <= maxTries; try++ {
		if spent, _ := p.spent(now); spent {
			t.Errorf("spent after %d tries", try-1)
		}
		p = p.failed(now.Add(time.Duration(try)*time.Hour), try, "")
	}
	if spent, why := p.spent(now); !spent || why == "" {
		t.Errorf("spent = %v (%q) after %d tries, want true", spent, why, maxTries)
	}
	if !p.First.Equal(now.Add(time.Hour)) || !p.Next.Equal(now.Add(3*time.Hour+tryAfter(3))) {
		t.Errorf("first %v, next %v; want that of the first and after the last try", p.First, p.Next)
	}

	s := State{Pending: map[uint32]Pending{3: {UID: 3, Next: now}, 1: {UID: 1, Next: now.Add(-1)}, 2: {UID: 2, Next: now.Add(1)}}}
	if got, want := s.due(now), []uint32{1, 3}; !slices.Equal(got, want) {
		t.Errorf("due = %v, want %v", got, want)
	}
	if got := s.nextDue(); !got.Equal(now.Add(-1)) {
		t.Errorf("nextDue = %v, want %v", got, now.Add(-1))
	}
	s.Hand = 5
	suspects, others := s.news([]uint32{2, 4, 5, 6, 7})
	if !slices.Equal(suspects, []uint32{4, 5}) || !slices.Equal(others, []uint32{6, 7}) {
		t.Errorf("news = %v and %v, want 4, 5 and 6, 7", suspects, others)
	}
}

func TestPausesGrow(t *testing.T) {
	for n := 1; n < 20; n++ {
		if waitAfter(n) <= 0 || waitAfter(n+1) < waitAfter(n) || tryAfter(n) <= 0 || tryAfter(n+1) < tryAfter(n) {
			t.Errorf("after %d: wait %v then %v, try %v then %v; want them to grow", n, waitAfter(n), waitAfter(n+1), tryAfter(n), tryAfter(n+1))
		}
	}
}

func TestApply(t *testing.T) {
	polled := time.Date(2026, 3, 5, 9, 0, 0, 0, time.UTC)
	before := State{UIDValidity: 1, Done: 5, Hand: 9, Polled: polled, Pending: map[uint32]Pending{2: {UID: 2}, 3: {UID: 3}}}
	for name, c := range map[string]struct {
		change  Change
		pending []uint32
	}{
		"put and drop":  {Change{UIDValidity: 1, Done: 7, Put: []Pending{{UID: 7}}, Drop: []uint32{2, 99}}, []uint32{3, 7}},
		"numbered anew": {Change{UIDValidity: 2, Put: []Pending{{UID: 1}}}, []uint32{1}},
	} {
		got := before.Apply(c.change)
		var pending []uint32
		for uid := range got.Pending {
			pending = append(pending, uid)
		}
		slices.Sort(pending)
		if !slices.Equal(pending, c.pending) || got.Done != c.change.Done || got.Hand != 0 || !got.Polled.Equal(polled) {
			t.Errorf("%s: %+v, want pending %v, done %d, nothing in hand, polled as before", name, got, c.pending, c.change.Done)
		}
	}
	if len(before.Pending) != 2 {
		t.Errorf("Apply changed the state it was given: %+v", before)
	}
}
