package redisstore

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/redis/go-redis/v9"

	"dpobot/workflow"
)

// change is one call of a script that may append to the audit trail.
type change struct {
	script  *redis.Script
	keys    []string  // but for those of the trail, which every such script shares
	args    arguments // likewise
	ref     workflow.Ref
	entries []workflow.Entry
	whole   bool // the server does not know the script by its digest

	done chan outcome // gets one outcome
}

// outcome is the script's verdict, or why there is none.
type outcome struct {
	word string
	err  error
}

// call is the change with its entries, as a command of a pipeline.
func (c *change) call(ctx context.Context, pipe redis.Scripter, k keys, l links) *redis.Cmd {
	keys := append([]string{k.head(), k.audit()}, c.keys...)
	for _, ref := range l.refs {
		keys = append(keys, k.trail(ref))
	}
	args := append(arguments{l.before.String(), l.after.String()}, c.args...)
	args.list(4, l.rows)
	if c.whole {
		return c.script.Eval(ctx, pipe, keys, args...)
	}
	return c.script.EvalSha(ctx, pipe, keys, args...)
}

// errHeadBehind: somebody removed or changed the head of the trail. Nothing is written
// until it is right again.
var errHeadBehind = errors.New("the audit trail goes on behind its head, so somebody tampered with it; `audit verify` tells more")

// batch is how many changes go out in one round trip at most.
const batch = 100

// chain remembers the head of the audit trail, and lets the changes of this process take
// it one after the other. Those that wait for their turn go out together: the trail is
// one chain, yet many changes share a round trip and a write to the server's disk.
type chain struct {
	turn  chan struct{} // holds one token while nobody appends
	known bool          // guarded by turn, as head is
	head  Head

	mu      sync.Mutex
	waiting []*change
}

func newChain() *chain {
	c := &chain{turn: make(chan struct{}, 1)}
	c.turn <- struct{}{}
	return c
}

// run calls the change's script and returns its verdict. Where the head moved, it links
// the entries anew and calls again. If ctx ends first the change may be written or not.
func (s *Store) run(ctx context.Context, c *change) (string, error) {
	c.done = make(chan outcome, 1)
	if len(c.entries) == 0 {
		s.send(ctx, []*change{c})
		o := <-c.done
		return o.word, o.err
	}
	s.chain.enter(c)
	for {
		select {
		case o := <-c.done:
			return o.word, o.err
		case <-ctx.Done():
			s.chain.leave(c)
			return "", ctx.Err()
		case <-s.chain.turn:
			// Others' changes are in it too: they must not end with our ctx.
			s.send(context.WithoutCancel(ctx), s.chain.next())
			s.chain.turn <- struct{}{}
		}
	}
}

func (c *chain) enter(ch *change) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.waiting = append(c.waiting, ch)
}

// leave takes a change back if it did not go out yet.
func (c *chain) leave(ch *change) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if i := slices.Index(c.waiting, ch); i >= 0 {
		c.waiting = slices.Delete(c.waiting, i, i+1)
	}
}

// next takes the changes that go out together, the longest waiting first.
func (c *chain) next() []*change {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := min(len(c.waiting), batch)
	out := slices.Clone(c.waiting[:n])
	c.waiting = slices.Delete(c.waiting, 0, n)
	return out
}

// send calls the scripts of some changes until each has its outcome. With entries, the
// caller has the turn.
func (s *Store) send(ctx context.Context, changes []*change) {
	for len(changes) > 0 {
		linked, sent, err := s.link(ctx, changes)
		if err != nil {
			for _, c := range changes {
				c.done <- outcome{err: err}
			}
			return
		}
		// The error is that of the first command; each has its own.
		pipe := s.rdb.Pipeline()
		replies := make([]*redis.Cmd, len(sent))
		for i, c := range sent {
			replies[i] = c.call(ctx, pipe, s.keys, linked[i])
		}
		_, _ = pipe.Exec(ctx)
		var again []*change
		for i, c := range sent {
			if !s.chain.settle(c, linked[i], replies[i]) {
				again = append(again, c)
			}
		}
		changes = again
	}
}

// link chains the entries of all changes one after the other, as if each came through.
// A change whose entries cannot be written has its outcome, and is not in sent.
func (s *Store) link(ctx context.Context, changes []*change) (linked []links, sent []*change, err error) {
	c, head := s.chain, Head{}
	appends := slices.ContainsFunc(changes, func(ch *change) bool { return len(ch.entries) > 0 })
	if appends {
		if !c.known {
			if c.head, err = s.Head(ctx); err != nil {
				return nil, nil, err
			}
			c.known = true
		}
		head = c.head
	}
	for _, ch := range changes {
		l, err := link(head, ch.ref, ch.entries)
		if err != nil {
			ch.done <- outcome{err: err}
			continue
		}
		linked, sent, head = append(linked, l), append(sent, ch), l.after
	}
	return linked, sent, nil
}

// settle hands on what a script returned; false if it is to be called again.
func (c *chain) settle(ch *change, l links, reply *redis.Cmd) bool {
	word, rest, err := verdict(reply.Result())
	if redis.HasErrorPrefix(err, "NOSCRIPT") && !ch.whole {
		ch.whole = true
		return false
	}
	appends := len(ch.entries) > 0
	if err != nil && appends {
		c.known = false                                        // it may have been written
		if strings.Contains(err.Error(), "equal or smaller") { // Redis's words for XADD
			err = errHeadBehind
		}
	}
	if word == "stale-head" && len(rest) == 1 {
		text, _ := rest[0].(string)
		if c.head, err = ParseHead(text); err == nil {
			return false
		}
		c.known = false
	}
	if word == "ok" && appends {
		c.head = l.after
	}
	ch.done <- outcome{word: word, err: err}
	return true
}

// unexpected is the error for a verdict that a script does not have.
func unexpected(word string) error { return fmt.Errorf("the script returned %q", word) }
