package redisstore

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"strconv"
	"strings"

	"github.com/redis/go-redis/v9"

	"dpobot/workflow"
)

// Broken tells where the audit trail is not what was written.
type Broken struct {
	Seq  int64  // the entry
	What string // "changed", "missing", ..., in plain words
}

// Error names the entry and what is wrong with it.
func (b *Broken) Error() string {
	return fmt.Sprintf("audit entry %d: %s", b.Seq, b.What)
}

// stored is an audit entry as it lies in Redis.
type stored struct {
	id         string // of the stream
	body       string
	prev, hash string // in hex
}

func storedOf(m redis.XMessage) stored {
	text := func(field string) string {
		s, _ := m.Values[field].(string)
		return s
	}
	inHex := func(field string) string { return hex.EncodeToString([]byte(text(field))) }
	return stored{id: m.ID, body: text("e"), prev: inHex("p"), hash: inHex("h")}
}

// entry reads the entry; an unreadable one is told by its number.
func (st stored) entry() (workflow.Entry, error) {
	var e workflow.Entry
	if err := json.Unmarshal([]byte(st.body), &e); err != nil {
		return workflow.Entry{}, errors.New("is not readable")
	}
	e.Prev, e.Hash = st.prev, st.hash
	return e, nil
}

// Verify walks the whole audit trail and tells how many entries are sound. The error is
// a *Broken for the first entry that was changed, removed, exchanged or cut off; any
// other one is trouble with the server. Whoever can rewrite the whole trail can also
// write a new head: compare Head with one that was written down elsewhere.
func (s *Store) Verify(ctx context.Context) (checked int64, err error) {
	// First the head: what is appended meanwhile lies behind it.
	end, err := s.Head(ctx)
	if err != nil {
		return 0, err
	}
	var last stored
	for m, err := range s.messages(ctx, 1) {
		if err != nil {
			return checked, err
		}
		st := storedOf(m)
		if broken := follows(checked, last, st); broken != nil {
			return checked, broken
		}
		last = st
		checked++
		if checked == end.Seq && st.hash != end.Hash {
			return checked - 1, &Broken{checked, "was changed: the head of the trail holds another hash"}
		}
	}
	if checked < end.Seq {
		return checked, &Broken{checked + 1, fmt.Sprintf("is missing, and all after it: the trail was cut off before its end at %d", end.Seq)}
	}
	if end.Seq == 0 && checked > 0 {
		return checked, &Broken{checked, "is the last one, but the head of the trail is missing"}
	}
	return checked, nil
}

// follows tells what is wrong with st as the entry after number before.
func follows(before int64, last, st stored) *Broken {
	want := before + 1
	if st.id != strconv.FormatInt(want, 10)+"-0" {
		number, _ := strconv.ParseInt(strings.TrimSuffix(st.id, "-0"), 10, 64)
		if number > want {
			return &Broken{want, fmt.Sprintf("is missing: the trail goes on at %d", number)}
		}
		return &Broken{want, "has something inserted before it"}
	}
	if hashOf([]byte(st.body), st.prev) != st.hash {
		e, err := st.entry()
		if err == nil && e.Seq != want {
			return &Broken{want, fmt.Sprintf("was exchanged: entry %d stands in its place", e.Seq)}
		}
		return &Broken{want, "was changed: its hash does not fit"}
	}
	e, err := st.entry()
	if err != nil {
		return &Broken{want, err.Error()}
	}
	if e.Seq != want {
		return &Broken{want, fmt.Sprintf("was exchanged: entry %d stands in its place", e.Seq)}
	}
	if st.prev != last.hash {
		return &Broken{max(before, 1), "was changed together with its hash: the next entry remembers another one"}
	}
	return nil
}

// Trail lists the audit entries of a case in order; all entries for ref "". A purged
// case keeps its trail.
func (s *Store) Trail(ctx context.Context, ref workflow.Ref) iter.Seq2[workflow.Entry, error] {
	if ref == "" {
		return entriesOf(s.messages(ctx, 1))
	}
	return entriesOf(s.messagesOf(ctx, ref))
}

func entriesOf(messages iter.Seq2[redis.XMessage, error]) iter.Seq2[workflow.Entry, error] {
	return func(yield func(workflow.Entry, error) bool) {
		for m, err := range messages {
			var e workflow.Entry
			if err == nil {
				if e, err = storedOf(m).entry(); err != nil {
					err = fmt.Errorf("audit entry %s: %w", m.ID, err)
				}
			}
			if !yield(e, err) || err != nil {
				return
			}
		}
	}
}

// messages walks the stream from an entry on, page by page.
func (s *Store) messages(ctx context.Context, from int64) iter.Seq2[redis.XMessage, error] {
	return func(yield func(redis.XMessage, error) bool) {
		for start := strconv.FormatInt(from, 10); ; {
			batch, err := s.rdb.XRangeN(ctx, s.keys.audit(), start, "+", page).Result()
			if err != nil {
				yield(redis.XMessage{}, fmt.Errorf("read the audit trail: %w", err))
				return
			}
			for _, m := range batch {
				if !yield(m, nil) {
					return
				}
			}
			if len(batch) < page {
				return
			}
			start = "(" + batch[len(batch)-1].ID
		}
	}
}

// messagesOf walks the entries of one case, page by page.
func (s *Store) messagesOf(ctx context.Context, ref workflow.Ref) iter.Seq2[redis.XMessage, error] {
	return func(yield func(redis.XMessage, error) bool) {
		for at := int64(0); ; at += page {
			numbers, err := s.rdb.LRange(ctx, s.keys.trail(ref), at, at+page-1).Result()
			if err != nil {
				yield(redis.XMessage{}, fmt.Errorf("read the audit trail of %s: %w", ref, err))
				return
			}
			batch, err := s.entriesNumbered(ctx, numbers)
			if err != nil {
				yield(redis.XMessage{}, fmt.Errorf("read the audit trail of %s: %w", ref, err))
				return
			}
			for _, m := range batch {
				if !yield(m, nil) {
					return
				}
			}
			if len(numbers) < page {
				return
			}
		}
	}
}

// entriesNumbered reads entries by their numbers in one round trip.
func (s *Store) entriesNumbered(ctx context.Context, numbers []string) ([]redis.XMessage, error) {
	if len(numbers) == 0 {
		return nil, nil
	}
	replies := make([]*redis.XMessageSliceCmd, len(numbers))
	_, err := s.rdb.Pipelined(ctx, func(pipe redis.Pipeliner) error {
		for i, n := range numbers {
			replies[i] = pipe.XRange(ctx, s.keys.audit(), n+"-0", n+"-0")
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	var batch []redis.XMessage
	for i, reply := range replies {
		if len(reply.Val()) == 0 {
			return nil, fmt.Errorf("entry %s is missing; `audit verify` tells more", numbers[i])
		}
		batch = append(batch, reply.Val()[0])
	}
	return batch, nil
}
