package redisstore

import (
	"context"
	"errors"
	"fmt"

	"github.com/redis/go-redis/v9"

	"dpobot/workflow"
	"dpobot/workflow/redisstore/seal"
)

// Rewrap wraps the data keys of every living case, and of its documents, under the primary key of the keyset, and
// tells how many it did. The bot may run meanwhile: a case that is changed at the same
// moment gets the primary key by that change. When it returned nil, no living case needs
// an older key; a backup from before still does. A case that does not open is told in the
// error, and the others are done.
func (s *Store) Rewrap(ctx context.Context) (int, error) {
	if err := s.seal.Fresh(); err != nil {
		return 0, fmt.Errorf("rewrap: %w", err)
	}
	done, failed := s.rewrapAll(ctx, []workflow.Ref{workflow.Desk})
	for _, list := range []string{s.keys.cases(), s.keys.retained()} {
		n, err := s.rewrapList(ctx, list)
		done, failed = done+n, errors.Join(failed, err)
	}
	return done, failed
}

// rewrapList wraps the keys of every case of a list anew, page by page.
func (s *Store) rewrapList(ctx context.Context, list string) (done int, failed error) {
	for from := "-inf"; ; {
		members, err := s.members(ctx, list, from, page)
		if err != nil {
			return done, errors.Join(failed, fmt.Errorf("rewrap: %w", err))
		}
		batch := make([]workflow.Ref, len(members))
		for i, m := range members {
			batch[i] = workflow.Ref(m.Member.(string))
		}
		n, err := s.rewrapAll(ctx, batch)
		done, failed = done+n, errors.Join(failed, err)
		if len(members) < page || ctx.Err() != nil {
			return done, errors.Join(failed, ctx.Err())
		}
		from = after(members)
	}
}

// rewrapAll wraps the keys of some cases anew, in two round trips.
func (s *Store) rewrapAll(ctx context.Context, batch []workflow.Ref) (done int, failed error) {
	wrapped, kept := make([]*redis.StringCmd, len(batch)), make([]*redis.IntCmd, len(batch))
	// A stub has no key: redis.Nil is one of the answers.
	if _, err := s.rdb.Pipelined(ctx, func(pipe redis.Pipeliner) error {
		for i, ref := range batch {
			wrapped[i] = pipe.HGet(ctx, s.keys.sealed(ref), "k")
			kept[i] = pipe.HLen(ctx, s.keys.files(ref))
		}
		return nil
	}); err != nil && !errors.Is(err, redis.Nil) {
		return 0, fmt.Errorf("rewrap: %w", err)
	}
	for i, ref := range batch {
		if kept[i].Val() > 0 {
			n, err := s.rewrapFiles(ctx, ref)
			done, failed = done+n, errors.Join(failed, err)
		}
		old, err := wrapped[i].Bytes()
		if errors.Is(err, redis.Nil) {
			continue
		}
		changed, err := s.rewrapOne(ctx, ref, old)
		if err != nil {
			failed = errors.Join(failed, fmt.Errorf("rewrap %s: %w", ref, err))
		}
		done += changed
	}
	return done, failed
}

func (s *Store) rewrapOne(ctx context.Context, ref workflow.Ref, old []byte) (int, error) {
	return s.rewrapKey(ctx, ref, s.keys.sealed(ref), "k", old)
}

// rewrapField is rewrapKey for a key that was not read yet.
func (s *Store) rewrapField(ctx context.Context, ref workflow.Ref, hash, field string) (int, error) {
	old, err := s.rdb.HGet(ctx, hash, field).Bytes()
	if errors.Is(err, redis.Nil) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return s.rewrapKey(ctx, ref, hash, field, old)
}

func (s *Store) rewrapKey(ctx context.Context, ref workflow.Ref, hash, field string, old []byte) (int, error) {
	again, ok, err := s.seal.Rewrap(seal.Place{Mailbox: s.mailbox, Ref: string(ref)}, old)
	if err != nil || !ok {
		return 0, err
	}
	return rewrapScript.Run(ctx, s.rdb, []string{hash}, field, old, again).Int()
}
