package redisstore

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"

	"github.com/redis/go-redis/v9"
)

// maxCorrections is how many sorting corrections are kept; the oldest go first.
const maxCorrections = 10_000

// AddCorrection remembers that a handler sorted a mail otherwise: kinds, language and
// rules that applied, never its text.
func (s *Store) AddCorrection(ctx context.Context, fields map[string]string) error {
	value, err := json.Marshal(fields)
	if err != nil {
		return fmt.Errorf("remember a correction: %w", err)
	}
	key := s.keys.corrections()
	_, err = s.rdb.TxPipelined(ctx, func(pipe redis.Pipeliner) error {
		pipe.RPush(ctx, key, value)
		pipe.LTrim(ctx, key, -maxCorrections, -1)
		return nil
	})
	if err != nil {
		return fmt.Errorf("remember a correction: %w", err)
	}
	return nil
}

// Corrections lists what AddCorrection remembered, oldest first.
func (s *Store) Corrections(ctx context.Context) iter.Seq2[map[string]string, error] {
	return func(yield func(map[string]string, error) bool) {
		values, err := s.rdb.LRange(ctx, s.keys.corrections(), 0, -1).Result()
		if err != nil {
			yield(nil, fmt.Errorf("list the corrections: %w", err))
			return
		}
		for _, value := range values {
			var fields map[string]string
			if err := json.Unmarshal([]byte(value), &fields); err != nil {
				yield(nil, fmt.Errorf("list the corrections: %w", err))
				return
			}
			if !yield(fields, nil) {
				return
			}
		}
	}
}
