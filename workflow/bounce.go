package workflow

import (
	"context"
	"errors"
)

// Bounced is a report that a mail of ours was not delivered. It is not authenticated:
// only the Message-ID of a mail that was sent makes it count (RFC 3464, 4).
type Bounced struct {
	Identity Identity
	Of       Stamp
	Status   string // "5.1.1"
	Delayed  bool   // not a failure: the server goes on trying
}

// Bounce marks the task of the mail as failed and turns the case to a handler's
// attention. A delay changes nothing but the trail.
func (e *Engine) Bounce(ctx context.Context, b Bounced) error {
	_, err := e.change(ctx, b.Of.Ref, func(c Case) (Step, error) {
		c = c.clone()
		step := Step{Case: c, Identities: b.Identity.keys()}
		if b.Delayed {
			step.Entries = []Entry{entry("delayed", "status", b.Status)}
			return step, nil
		}
		t := c.Task(b.Of.Task)
		if t == nil || t.State == TaskStopped {
			step.Entries = []Entry{entry("bounced", "status", b.Status)}
			return step, nil
		}
		t.Tries = tries(Permanent) // no further try by itself
		var err error
		step.Case, step.Entries, err = e.rules.failed(c, *t, Result{Fault: Permanent, Why: "bounced " + b.Status}, e.now())
		if t.Action.Audience() == ToHandler && t.Action != AttentionMail && c.Ref != Desk { // no alarm about an alarm
			alarm := step.Case.clone()
			for _, h := range e.rules.Handlers {
				if h != t.To {
					alarm.Book(Task{Action: AttentionMail, To: h, Name: "a handler's mail bounced " + b.Status, Due: e.now()})
				}
			}
			step.Case = alarm
		}
		return step, err
	})
	if errors.Is(err, ErrDuplicate) || errors.Is(err, ErrNoCase) {
		return nil
	}
	return err
}
