package redisstore

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strconv"
	"time"

	"dpobot/workflow"
)

// errQueue: what a script returned is not what it says in its header.
var errQueue = errors.New("the due queue holds what it should not")

// Claim hands out the next due task and books its return at now+lease before it does. ok
// is false where none is due; next is then the time of the next one, zero if none is
// booked. A reply that is lost loses nothing: the task comes back after the lease.
func (s *Store) Claim(ctx context.Context, now time.Time, lease time.Duration) (c workflow.Claim, ok bool, next time.Time, err error) {
	token := rand.Text()
	word, rest, err := verdict(claimScript.Run(ctx, s.rdb,
		[]string{s.keys.due(), s.keys.tokens(), s.keys.tries()},
		now.UnixMilli(), now.Add(lease).UnixMilli(), token).Result())
	if err != nil {
		return c, false, next, fmt.Errorf("claim a task: %w", err)
	}
	switch {
	case word == "none" && len(rest) == 0:
		return c, false, time.Time{}, nil
	case word == "none":
		score, _ := rest[0].(string)
		ms, err := strconv.ParseFloat(score, 64)
		if err != nil {
			return c, false, next, fmt.Errorf("claim a task: %w", errQueue)
		}
		return c, false, time.UnixMilli(int64(ms)).UTC(), nil
	case word == "task" && len(rest) == 2:
		id, _ := rest[0].(string)
		tries, _ := rest[1].(int64)
		ref, task, ok := parseTaskID(id)
		if !ok {
			return c, false, next, fmt.Errorf("claim a task: %w", errQueue)
		}
		return workflow.Claim{Ref: ref, Task: task, Token: token, Tries: int(tries)}, true, time.Time{}, nil
	}
	return c, false, next, fmt.Errorf("claim a task: %w", errQueue)
}

// Renew moves the claimed task's return to now+lease. workflow.ErrLeaseLost.
func (s *Store) Renew(ctx context.Context, c workflow.Claim, now time.Time, lease time.Duration) error {
	word, err := renewScript.Run(ctx, s.rdb, []string{s.keys.due(), s.keys.tokens()},
		taskID(c.Ref, c.Task), c.Token, now.Add(lease).UnixMilli()).Text()
	if err != nil {
		return fmt.Errorf("renew a claim of %s: %w", c.Ref, err)
	}
	if word != "ok" {
		return fmt.Errorf("renew a claim of %s: %w", c.Ref, workflow.ErrLeaseLost)
	}
	return nil
}

// MarkSent remembers that the task's mail was taken by the server, until a commit says
// that the task waits no more.
func (s *Store) MarkSent(ctx context.Context, ref workflow.Ref, task int) error {
	if err := s.rdb.SAdd(ctx, s.keys.sent(), taskID(ref, task)).Err(); err != nil {
		return fmt.Errorf("remember that a mail of %s went: %w", ref, err)
	}
	return nil
}

// WasSent tells whether MarkSent was called for a task that still waits.
func (s *Store) WasSent(ctx context.Context, ref workflow.Ref, task int) (bool, error) {
	sent, err := s.rdb.SIsMember(ctx, s.keys.sent(), taskID(ref, task)).Result()
	if err != nil {
		return false, fmt.Errorf("ask whether a mail of %s went: %w", ref, err)
	}
	return sent, nil
}
