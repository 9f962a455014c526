package redisstore

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strconv"

	"github.com/redis/go-redis/v9"

	"dpobot/workflow"
)

// page is how many cases a walk reads in one round trip; its first one is short, for
// whoever wants only the most urgent.
const (
	page      = 200
	firstPage = 50
)

// Load reads a case. workflow.ErrNoCase where there is none, or only its stub. The desk
// always exists, with version 0 before its first commit.
func (s *Store) Load(ctx context.Context, ref workflow.Ref) (workflow.Case, error) {
	r, err := s.read(ctx, ref)
	if errors.Is(err, workflow.ErrNoCase) && ref == workflow.Desk {
		return workflow.Case{Ref: workflow.Desk}, nil
	}
	if err != nil {
		return workflow.Case{}, err
	}
	return s.openCase(ref, r)
}

// read fetches a living case, still sealed. workflow.ErrNoCase.
func (s *Store) read(ctx context.Context, ref workflow.Ref) (record, error) {
	values, err := s.rdb.HMGet(ctx, s.keys.sealed(ref), caseFields[:]...).Result()
	if err != nil {
		return record{}, fmt.Errorf("load case %s: %w", ref, err)
	}
	r, ok := recordOf(values)
	if !ok || r.stub != nil {
		return record{}, fmt.Errorf("load case %s: %w", ref, workflow.ErrNoCase)
	}
	return r, nil
}

// Open walks the open cases by due date, the nearest first, the older first on one day. A
// case that cannot be opened comes with its Ref and an error, and the walk goes on; any
// other error ends it. What changes during the walk may come or not.
func (s *Store) Open(ctx context.Context) iter.Seq2[workflow.Case, error] {
	return s.walk(ctx, s.keys.open(), false)
}

// All walks every case and stub, oldest first, but not the desk. A stub has no person.
// Errors are as with Open.
func (s *Store) All(ctx context.Context) iter.Seq2[workflow.Case, error] {
	return s.walk(ctx, s.keys.cases(), true)
}

// walk reads the cases of a zset by score, page by page. Its scores are unique, so it
// goes on after the last one even where cases come and go.
func (s *Store) walk(ctx context.Context, zset string, stubs bool) iter.Seq2[workflow.Case, error] {
	return func(yield func(workflow.Case, error) bool) {
		from, size := "-inf", firstPage
		for {
			members, err := s.members(ctx, zset, from, size)
			if err != nil {
				yield(workflow.Case{}, fmt.Errorf("walk the cases: %w", err))
				return
			}
			if !s.yieldPage(ctx, members, stubs, yield) || len(members) < size {
				return
			}
			from, size = after(members), page
		}
	}
}

// members is one page of a zset of cases, from a score on.
func (s *Store) members(ctx context.Context, zset, from string, size int) ([]redis.Z, error) {
	return s.rdb.ZRangeArgsWithScores(ctx, redis.ZRangeArgs{
		Key: zset, Start: from, Stop: "+inf", ByScore: true, Count: int64(size),
	}).Result()
}

// after is where the page that follows a full one begins.
func after(members []redis.Z) string {
	return "(" + strconv.FormatFloat(members[len(members)-1].Score, 'f', -1, 64)
}

// yieldPage reads the members in one round trip and hands them on. It tells whether the
// walk goes on.
func (s *Store) yieldPage(ctx context.Context, members []redis.Z, stubs bool, yield func(workflow.Case, error) bool) bool {
	replies := make([]*redis.SliceCmd, len(members))
	_, err := s.rdb.Pipelined(ctx, func(pipe redis.Pipeliner) error {
		for i, m := range members {
			replies[i] = pipe.HMGet(ctx, s.keys.sealed(workflow.Ref(m.Member.(string))), caseFields[:]...)
		}
		return nil
	})
	if err != nil {
		yield(workflow.Case{}, fmt.Errorf("walk the cases: %w", err))
		return false
	}
	for i, reply := range replies {
		r, ok := recordOf(reply.Val())
		if !ok || r.stub != nil && !stubs {
			continue
		}
		if !yield(s.openCase(workflow.Ref(members[i].Member.(string)), r)) {
			return false
		}
	}
	return true
}

// CountOpen tells how many cases are open and due from one day to another, both
// included; a zero Date leaves that end open. It costs the same for ten cases and for a
// hundred thousand.
func (s *Store) CountOpen(ctx context.Context, from, to workflow.Date) (int, error) {
	low, high := "-inf", "+inf"
	if !from.IsZero() {
		low = strconv.FormatInt(dayNumber(from)*dayScore, 10)
	}
	if !to.IsZero() {
		high = "(" + strconv.FormatInt((dayNumber(to)+1)*dayScore, 10)
	}
	n, err := s.rdb.ZCount(ctx, s.keys.open(), low, high).Result()
	if err != nil {
		return 0, fmt.Errorf("count the open cases: %w", err)
	}
	return int(n), nil
}

// dayScore is one day in the scores of open cases, as commit.lua writes them.
const dayScore = 100_000_000
