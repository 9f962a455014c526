package redisstore

import (
	"context"

	"github.com/redis/go-redis/v9"
)

// Holds tells whether anything was ever committed for the mailbox: where it was, a missing
// keyset is a loss.
func Holds(ctx context.Context, rdb redis.UniversalClient, mailbox string) (bool, error) {
	n, err := rdb.Exists(ctx, keysOf(mailbox).head()).Result()
	return n > 0, err
}
