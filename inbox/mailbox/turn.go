package mailbox

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// TurnReport says what one Turn did, in mails.
type TurnReport struct {
	// Standby says that another process reads the mailbox and that nothing was done.
	Standby bool
	// Handled, Left and Later count the Reader's outcomes; Failed the tries that failed, SetAside
	// the mails shown to a human for that, Gone those that vanished before they could be read.
	Handled, Left, Later, Failed, SetAside, Gone int
	// Pending is how many mails are to be read again, NextDue when the first of them is.
	Pending int
	NextDue time.Time
}

// Read is how many mails were handed over.
func (r TurnReport) Read() int { return r.Handled + r.Left + r.Later + r.Failed + r.SetAside }

// turn is one pass over the mailbox.
type turn struct {
	*Mailbox
	stop   context.Context // ends when we are told to stop; looked at between mails
	state  State
	report *TurnReport
	// open are the new mails that the cursor has not passed, ascending; settled those among them
	// that it may pass.
	open    []uint32
	settled map[uint32]bool
	// breaks counts the single mails in a row over which the connection broke.
	breaks int
	// known is what the server said about the mails that were read last.
	known map[uint32]Message
	// unflagged are handled mails whose flag is not stored yet.
	unflagged []uint32
}

// Turn makes one pass: it reads what is new and what is due again, hands it over, flags it and
// remembers how far it came. If ctx ends it finishes the mail in hand and returns without error.
// An error means that the pass is not complete: the next one goes on where it stopped.
func (m *Mailbox) Turn(ctx context.Context) (TurnReport, error) {
	m.turning.Lock()
	defer m.turning.Unlock()

	var report TurnReport
	work, release, state, err := m.lease(ctx)
	switch {
	case errors.Is(err, ErrLeaseHeld):
		report.Standby = true
		return report, nil
	case err != nil && ctx.Err() != nil:
		return report, nil
	case err != nil:
		return report, fmt.Errorf("take the lease: %w", away(err))
	}
	defer release()

	t := &turn{Mailbox: m, stop: ctx, state: state, report: &report, settled: map[uint32]bool{}}
	err = t.pass(work)
	report.Pending, report.NextDue = len(t.state.Pending), t.state.nextDue()
	switch {
	case context.Cause(work) != nil:
		return report, context.Cause(work) // whatever failed, failed because of that
	case ctx.Err() != nil && errors.Is(err, ctx.Err()):
		return report, nil // told to stop while it was connecting
	}
	return report, err
}

// pass does the work of one Turn. Its ctx outlives the order to stop, so that the mail in hand
// can be finished.
func (t *turn) pass(ctx context.Context) error {
	s, err := t.ready(ctx)
	if err != nil {
		return err
	}
	drain(t.arrived) // what is announced from here on may be missing from the search
	from := t.config.Since
	if t.state.Done > 0 {
		from = time.Time{}
	}
	found, err := s.search(ctx, t.state.Done+1, t.keyword(s), from)
	if err != nil {
		return t.broken(err)
	}
	suspects, news := t.state.news(found)
	t.open = slices.Concat(suspects, news)
	if err := t.oneByOne(ctx, suspects); err != nil {
		return err
	}
	if err := t.inBatches(ctx, news); err != nil {
		return err
	}
	if err := t.oneByOne(ctx, t.state.due(t.clock.Now())); err != nil {
		return err
	}
	if t.stopped() {
		return nil
	}
	return t.save(ctx, Change{Done: t.state.Done, Polled: t.clock.Now()})
}

func (t *turn) stopped() bool { return t.stop.Err() != nil }

// keyword is what handled mails are flagged with; empty where the folder keeps no keywords.
func (t *turn) keyword(s *session) string {
	if s.keeps(t.config.Keyword) {
		return t.config.Keyword
	}
	if !t.warned {
		t.warned = true
		t.log.Warn("the folder keeps no keywords: handled mails are told from others by the cursor alone")
	}
	return ""
}

// ready returns the session that reads, dialled and with the folder open, and sees to it that the
// state speaks of the same numbering.
func (t *turn) ready(ctx context.Context) (*session, error) {
	s, err := t.reading(t.stop, ctx)
	if err != nil {
		return nil, err
	}
	if now := s.folder.UIDValidity; now != t.state.UIDValidity {
		if t.state.UIDValidity != 0 {
			t.log.Warn("the server has numbered the mails anew: every mail without the keyword is read again")
		}
		t.state.UIDValidity, t.state.Hand = now, 0
		t.state.Pending = nil
		if err := t.save(ctx, Change{Done: 0}); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// again is ready after a connection broke in the middle of a turn.
func (t *turn) again(ctx context.Context) (*session, error) {
	before := t.state.UIDValidity
	s, err := t.ready(ctx)
	if err != nil {
		return nil, err
	}
	if s.folder.UIDValidity != before {
		t.unflagged = nil
		return nil, errRenumbered
	}
	return s, nil
}

var errRenumbered = errors.New("the server has numbered the mails anew meanwhile")

// broken gives the session up unless the server merely said no.
func (t *turn) broken(err error) error {
	if !isRefusal(err) {
		t.hangUp()
	}
	return err
}

// save remembers a change of this numbering.
func (t *turn) save(ctx context.Context, change Change) error {
	change.UIDValidity = t.state.UIDValidity
	ctx, cancel := context.WithTimeout(ctx, t.limits.command)
	defer cancel()
	if err := t.memory.Save(ctx, t.token, change); err != nil {
		return fmt.Errorf("remember: %w", away(err))
	}
	t.state = t.state.Apply(change)
	return nil
}

// away marks an error of the Memory that is none of those it tells apart.
func away(err error) error {
	if errors.Is(err, ErrLeaseLost) {
		return err
	}
	return fmt.Errorf("%w: %w", ErrUnavailable, err)
}
