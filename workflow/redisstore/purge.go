package redisstore

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"dpobot/workflow"
)

// ErrCannotCompact: the server does not let us rewrite its log. What was forgotten stays
// readable in old log files, for whoever also has the key file, until its operator has
// the log rewritten (BGREWRITEAOF) or the old keys are retired.
var ErrCannotCompact = errors.New("the server does not let us rewrite its log; have its operator run BGREWRITEAOF")

// Purge replaces a closed case by its stub and destroys its data key, its body and all
// look-ups. version is that of the loaded case. workflow.ErrConflict, workflow.ErrNoCase.
// Call Compact after a round of purges: the log still holds what was destroyed.
func (s *Store) Purge(ctx context.Context, ref workflow.Ref, version int, entries ...workflow.Entry) error {
	r, err := s.read(ctx, ref)
	if err != nil {
		return fmt.Errorf("purge: %w", err)
	}
	if r.version != version {
		return fmt.Errorf("purge %s: %w", ref, workflow.ErrConflict)
	}
	c, err := s.openCase(ref, r)
	if err != nil {
		return fmt.Errorf("purge: %w", err)
	}
	if ref == workflow.Desk || !c.Closed() {
		return fmt.Errorf("purge %s: only a closed case is forgotten", ref)
	}
	c.Version++
	stub, err := json.Marshal(StubOf(c))
	if err != nil {
		return fmt.Errorf("purge %s: write the stub: %w", ref, err)
	}
	word, err := s.run(ctx, s.purgeChange(c, r.marks, stub, entries))
	if err == nil && word != "ok" {
		err = unexpected(word)
	}
	if word == "conflict" {
		err = workflow.ErrConflict
	}
	if err != nil {
		return fmt.Errorf("purge %s: %w", ref, err)
	}
	return nil
}

// purgeChange is the call of purge.lua.
func (s *Store) purgeChange(c workflow.Case, marks marks, stub []byte, entries []workflow.Entry) *change {
	k := s.keys
	keys := []string{k.sealed(c.Ref), k.open(), k.purge(), k.due(), k.tokens(), k.tries(), k.sent(), k.messages()}
	addresses := marks.of('a')
	for _, hash := range addresses {
		keys = append(keys, k.address(hash.(string)))
	}
	var tasks []any
	for _, t := range c.Tasks {
		tasks = append(tasks, t.N)
	}
	args := arguments{string(c.Ref), c.Version, stub}
	args.list(1, marks.of('m'))
	args.list(1, addresses)
	args.list(1, tasks)
	return &change{script: purgeScript, keys: keys, args: args, ref: c.Ref, entries: entries}
}

// Compact has the server rewrite its log without what was purged, and waits until it
// did: only then are destroyed keys gone from the disk (backups aside).
// ErrCannotCompact.
func (s *Store) Compact(ctx context.Context) error {
	for {
		err := s.rdb.BgRewriteAOF(ctx).Err()
		if err == nil {
			break
		}
		if !strings.Contains(err.Error(), "already in progress") {
			return compactError(err)
		}
		// It may have begun before the purge.
		if err := s.untilRewritten(ctx); err != nil {
			return err
		}
	}
	return s.untilRewritten(ctx)
}

// untilRewritten waits for the rewrite that runs or is planned, and tells whether it
// came to a good end.
func (s *Store) untilRewritten(ctx context.Context) error {
	for {
		info, err := s.info(ctx, "persistence")
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
