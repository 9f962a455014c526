package redisstore

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

// ErrCannotCompact: the server does not let us rewrite its log. What was forgotten stays
// readable in old log files, for whoever also has the key file, until its operator has
// the log rewritten (BGREWRITEAOF) or the old keys are retired.
var ErrCannotCompact = errors.New("the server does not let us rewrite its log; have its operator run BGREWRITEAOF")

// Compact has the server rewrite its log without what was purged, and waits until it
// did: only then are destroyed keys gone from its disk. Backups, and the replicas behind
// a sentinel, have their own. ErrCannotCompact.
func (s *Store) Compact(ctx context.Context) error {
	if cluster, ok := s.rdb.(*redis.ClusterClient); ok {
		return cluster.ForEachShard(ctx, func(ctx context.Context, node *redis.Client) error { return compact(ctx, node) })
	}
	return compact(ctx, s.rdb)
}

func compact(ctx context.Context, node redis.Cmdable) error {
	for {
		err := node.BgRewriteAOF(ctx).Err()
		if err == nil {
			return untilRewritten(ctx, node)
		}
		if !strings.Contains(err.Error(), "already in progress") {
			return compactError(err)
		}
		// It may have begun before the purge.
		if err := untilRewritten(ctx, node); err != nil {
			return err
		}
	}
}

// untilRewritten waits for the rewrite that runs or is planned, and tells whether it
// came to a good end.
func untilRewritten(ctx context.Context, node redis.Cmdable) error {
	for {
		info, err := infoOf(ctx, node, "persistence")
		if err != nil {
			return fmt.Errorf("rewrite the log: %w", err)
		}
		if info["aof_rewrite_in_progress"] != "1" && info["aof_rewrite_scheduled"] != "1" {
			if status := info["aof_last_bgrewrite_status"]; status != "ok" {
				return errors.New("rewrite the log: the server could not; is its disk full?")
			}
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("rewrite the log: %w", ctx.Err())
		case <-time.After(50 * time.Millisecond):
		}
	}
}

func compactError(err error) error {
	text := strings.ToLower(err.Error())
	if strings.Contains(text, "unknown command") || strings.HasPrefix(text, "noperm") {
		return ErrCannotCompact
	}
	return fmt.Errorf("rewrite the log: %w", err)
}
