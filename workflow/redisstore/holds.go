package redisstore

import (
	"context"
	"fmt"

	"github.com/redis/go-redis/v9"

	"dpobot/workflow"
)

// Holds tells whether anything was ever committed for the mailbox: where it was, a missing
// keyset is a loss.
func Holds(ctx context.Context, rdb redis.UniversalClient, mailbox string) (bool, error) {
	k := keysOf(mailbox)
	n, err := rdb.Exists(ctx, k.head(), k.cases(), k.sealed(workflow.Desk)).Result()
	if err != nil {
		return false, fmt.Errorf("ask whether there are cases: %w", err)
	}
	return n > 0, nil
}
