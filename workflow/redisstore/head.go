package redisstore

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/redis/go-redis/v9"
)

// Head is the end of the audit trail. Written down elsewhere (in a mail that the
// handlers keep), it proves later that nothing before it was changed: see Contains.
type Head struct {
	Seq  int64  // of the last entry, 0 before the first
	Hash string // of the last entry, in hex; "" before the first
}

// String writes the head as it is kept in Redis: "12:9f86...".
func (h Head) String() string {
	if h.Seq == 0 {
		return ""
	}
	return strconv.FormatInt(h.Seq, 10) + ":" + h.Hash
}

// ParseHead reads what String wrote.
func ParseHead(text string) (Head, error) {
	if text == "" {
		return Head{}, nil
	}
	seq, hash, ok := strings.Cut(text, ":")
	n, err := strconv.ParseInt(seq, 10, 64)
	if !ok || err != nil || n < 1 {
		return Head{}, errors.New("the head of the audit trail is damaged; `audit verify` tells more")
	}
	return Head{Seq: n, Hash: hash}, nil
}

// Head reads the end of the audit trail.
func (s *Store) Head(ctx context.Context) (Head, error) {
	text, err := s.rdb.Get(ctx, s.keys.head()).Result()
	if err != nil && !errors.Is(err, redis.Nil) {
		return Head{}, fmt.Errorf("read the head of the audit trail: %w", err)
	}
	return ParseHead(text)
}

// Contains tells whether the trail still holds the entry that was its head once. With
// Verify it shows that nothing up to there was changed.
func (s *Store) Contains(ctx context.Context, head Head) (bool, error) {
	if head.Seq == 0 {
		return true, nil
	}
	id := strconv.FormatInt(head.Seq, 10) + "-0"
	found, err := s.rdb.XRange(ctx, s.keys.audit(), id, id).Result()
	if err != nil {
		return false, fmt.Errorf("look for an audit entry: %w", err)
	}
	return len(found) == 1 && storedOf(found[0]).hash == head.Hash, nil
}
