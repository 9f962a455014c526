package workflow

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// recountEvery is how often the open cases are counted anew while the calendar is the
// same: a process with an older configuration may have filed a case meanwhile.
const recountEvery = time.Hour

// recount moves the due dates of open cases for which the calendar has changed since they
// were filed: a holiday was added, or the program learned of one. It walks the cases once
// in a while over all processes, and at once when the calendar is another one. Nobody is
// mailed for it at once, as a holiday may move hundreds of cases: the next digest names
// them, and brings their calendar entries in one file.
func (e *Engine) recount(ctx context.Context, now time.Time) error {
	first, err := e.store.Allow(ctx, "recount "+e.rules.Calendar.fingerprint(), 1, recountEvery, now)
	if err != nil || !first {
		return err
	}
	var faults []error
	for c, err := range e.store.Open(ctx) {
		if err != nil {
			faults = append(faults, fmt.Errorf("walk the open cases: %w", err))
			continue
		}
		if len(e.rules.Calendar.moves(c.Clock)) > 0 {
			faults = append(faults, e.moveDue(ctx, c.Ref, now))
		}
	}
	return errors.Join(faults...)
}

// moveDue counts one case anew, with an entry for each date that moved.
func (e *Engine) moveDue(ctx context.Context, ref Ref, now time.Time) error {
	_, err := e.change(ctx, ref, func(c Case) (Step, error) {
		moves := e.rules.Calendar.moves(c.Clock)
		if c.Closed() || len(moves) == 0 {
			return Step{}, errCounted
		}
		c = c.clone()
		var entries []Entry
		ends := c.Clock.Ends()
		for _, m := range moves {
			m.apply(&c.Clock)
			if m.From == ends {
				c.Clock.changed()
				c.Clock.Moved, c.Clock.From, c.Clock.MovedWhy = now, ends, m.Why
			}
			entries = append(entries, entry("due-moved", "what", string(m.What), "from", m.From.String(), "to", m.To.String(), "why", m.Why))
		}
		return Step{Case: c, Entries: entries}, nil
	})
	if errors.Is(err, errCounted) || errors.Is(err, ErrNoCase) {
		return nil
	}
	return err
}

// errCounted ends a change that another process has made already, or that a closed case
// no longer needs.
var errCounted = errors.New("counted already")

// dueDate names one of the dates of a clock.
type dueDate string

const (
	firstDue    dueDate = "due"      // one month
	extendedDue dueDate = "extended" // three months
)

// dueMove is a due date that the calendar puts later than it was.
type dueMove struct {
	What     dueDate
	From, To Date
	Why      string // the name of what made the old day no working day
}

func (m dueMove) apply(c *Clock) {
	if m.What == extendedDue {
		c.Extended = m.To
		return
	}
	c.Due = m.To
}

// moves counts a clock anew. A date never moves nearer, as when a holiday is taken out of
// the configuration: the person was told the later one, and handlers planned with it.
func (c Calendar) moves(clock Clock) []dueMove {
	if clock.Received.IsZero() {
		return nil
	}
	var moves []dueMove
	if to := c.Due(clock.Received); to.After(clock.Due) {
		moves = append(moves, dueMove{firstDue, clock.Due, to, c.reason(clock.Due)})
	}
	if clock.Extended.IsZero() {
		return moves
	}
	if to := c.Extended(clock.Received); to.After(clock.Extended) {
		moves = append(moves, dueMove{extendedDue, clock.Extended, to, c.reason(clock.Extended)})
	}
	return moves
}

// reason says why a due date does not stay on its day.
func (c Calendar) reason(day Date) string {
	if why := c.Closed(day); why != "" {
		return why
	}
	return "counted by another calendar before"
}

// fingerprint tells calendars apart. It holds no personal data, and the store hashes it.
func (c Calendar) fingerprint() string {
	return fmt.Sprintf("%s %s %t %v", c.Zone, c.Country, c.Eves, c.Extra) // fmt sorts the keys of a map
}
