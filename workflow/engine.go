package workflow

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"
)

// Engine keeps decisions in a Store: it loads a case, asks Rules what comes of it, and
// commits. It is safe for use by several goroutines and several processes at once.
type Engine struct {
	store  Store
	rules  Rules
	stamps Stamps
	limits Limits
	now    func() time.Time
	log    *slog.Logger
	wake   chan struct{}

	mu     sync.Mutex
	walked time.Time // when all open cases were last looked through
}

// Limits bound how many automatic mails go out, whoever writes (RFC 3834, 2).
type Limits struct {
	AcknowledgementsPerAddress int // a day
	AcknowledgementsPerCase    int // a day; 0: as many as the address may have
	Acknowledgements           int // an hour, over all addresses
	TriageMails                int // an hour; what comes above stands in the digest alone. 0: no limit
	NoticeEvery                time.Duration
}

// NewEngine puts an engine together. now is the clock; nil means the system's.
func NewEngine(store Store, rules Rules, stamps Stamps, limits Limits, now func() time.Time, log *slog.Logger) *Engine {
	if now == nil {
		now = time.Now
	}
	return &Engine{store: store, rules: rules, stamps: stamps, limits: limits, now: now, log: log, wake: make(chan struct{}, 1)}
}

// Wake receives when a commit of this process booked a task, so that a dispatcher need
// not poll.
func (e *Engine) Wake() <-chan struct{} { return e.wake }

// Store is the engine's store, for reading.
func (e *Engine) Store() Store { return e.store }

// Rules are the engine's rules.
func (e *Engine) Rules() Rules { return e.rules }

// Now is the engine's clock.
func (e *Engine) Now() time.Time { return e.now() }

// conflicts is how often a change is decided anew because another process was faster.
const conflicts = 20

// change loads the case, lets decide turn it into a step, and commits; after a
// conflict it starts over. A step without a case, or a nil error with Skip, is not
// committed.
func (e *Engine) change(ctx context.Context, ref Ref, decide func(Case) (Step, error)) (Case, error) {
	for range conflicts {
		c, err := e.store.Load(ctx, ref)
		if err != nil {
			return Case{}, fmt.Errorf("load case %s: %w", ref, err)
		}
		step, err := decide(c)
		if err != nil {
			return c, err
		}
		switch err := e.commit(ctx, step); {
		case err == nil:
			return step.Case, nil
		case !errors.Is(err, ErrConflict):
			return c, err
		}
	}
	return Case{}, fmt.Errorf("commit case %s: %w", ref, ErrConflict)
}

func (e *Engine) commit(ctx context.Context, step Step) error {
	now := e.now()
	for i := range step.Entries {
		step.Entries[i].At = now
		if step.Entries[i].Ref == "" {
			step.Entries[i].Ref = step.Case.Ref
		}
		if step.Entries[i].Actor == "" {
			step.Entries[i].Actor = "bot"
		}
	}
	if err := e.store.Commit(ctx, step); err != nil {
		return fmt.Errorf("commit case %s: %w", step.Case.Ref, err)
	}
	for _, t := range step.Case.Tasks {
		if t.Waiting() && !t.Due.After(now) {
			select {
			case e.wake <- struct{}{}:
			default:
			}
			break
		}
	}
	return nil
}

// actor is how the audit trail names a handler: a keyed hash, the same in every entry.
func (e *Engine) actor(by Address) string {
	if by == "" {
		return "operator"
	}
	return e.stamps.Pseudonym(by)
}

func entry(event string, detail ...string) Entry {
	en := Entry{Event: event}
	for i := 0; i+1 < len(detail); i += 2 {
		if detail[i+1] == "" {
			continue
		}
		if en.Detail == nil {
			en.Detail = map[string]string{}
		}
		en.Detail[detail[i]] = detail[i+1]
	}
	return en
}
