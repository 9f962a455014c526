package mailbox

import (
	"context"
	"errors"
	"fmt"
)

// oneByOne reads mails that something may be wrong with, each by itself. A try is counted before
// it starts, so that a mail which kills the process is set aside in the end, too.
func (t *turn) oneByOne(ctx context.Context, uids []uint32) error {
	for _, uid := range uids {
		if t.stopped() {
			return nil
		}
		if err := t.one(ctx, uid); err != nil {
			return err
		}
	}
	return nil
}

func (t *turn) one(ctx context.Context, uid uint32) error {
	before := t.state.Pending[uid]
	before.UID = uid
	if spent, why := before.spent(t.clock.Now()); spent {
		return t.setAside(ctx, before, why)
	}
	// Connected before the try counts: a server that is away is no fault of the mail.
	if _, err := t.again(ctx); err != nil {
		return err
	}
	tries := before.Tries + 1
	if err := t.put(ctx, before.failed(t.clock.Now(), tries, "")); err != nil {
		return err
	}
	results := make(map[uint32]result, 1)
	broke := t.read(ctx, []uint32{uid}, results)
	r, known := results[uid]
	switch {
	case errors.Is(broke, errRenumbered):
		return broke
	case errors.Is(broke, ErrUnavailable):
		return errors.Join(broke, t.conclude(ctx, before, tries, r))
	case !known && broke == nil && t.stopped():
		return t.restore(ctx, before)
	case known && broke != nil:
		t.broken(broke) // after the mail; its outcome stands
	case broke != nil:
		r = result{failed: t.broken(broke)}
	case !known:
		r = result{failed: errNoText}
	}
	if err := t.conclude(ctx, before, tries, r); err != nil {
		return err
	}
	return t.bear(broke)
}

// maxBreaks is how many mails in a row may break the connection before it is the server that we
// doubt.
const maxBreaks = 3

// bear ends the turn after too many breaks in a row: a server that is in trouble would have all
// mails set aside. The pauses between turns grow instead.
func (t *turn) bear(broke error) error {
	if broke == nil {
		t.breaks = 0
		return nil
	}
	if t.breaks++; t.breaks < maxBreaks {
		return nil
	}
	return fmt.Errorf("%d mails in a row could not be fetched: %w", t.breaks, broke)
}

// errNoText is what a server's reply comes to that names the mail but does not hold it, or a
// larger one than stated.
var errNoText = errors.New("the server did not give its text")

// conclude remembers what a single try led to.
func (t *turn) conclude(ctx context.Context, before Pending, tries int, r result) error {
	uid, now := before.UID, t.clock.Now()
	t.count(r)
	switch {
	case r.failed != nil:
		t.log.Warn("a mail could not be read", "uid", uid, "tries", tries, "error", r.failed)
		after := before.failed(now, tries, r.failed.Error())
		if spent, why := after.spent(now); spent {
			return t.setAside(ctx, after, why)
		}
		return t.put(ctx, after)
	case r.outcome == Later:
		return t.put(ctx, before.waited(now))
	case r.outcome == Handled:
		t.unflagged = append(t.unflagged, uid)
	}
	return t.drop(ctx, uid)
}

// setAside shows the mail to a human and forgets about it.
func (t *turn) setAside(ctx context.Context, p Pending, why string) error {
	limited, cancel := context.WithTimeout(ctx, t.limits.mail)
	defer cancel()
	m, known := t.known[p.UID]
	if !known {
		m = Message{UIDValidity: t.state.UIDValidity, UID: p.UID, InternalDate: p.First}
	}
	outcome, err := t.safely(func() (Outcome, error) { return t.reader.SetAside(limited, m, why) })
	switch {
	case errors.Is(err, ErrUnavailable):
		return err
	case err != nil || outcome == Later:
		t.log.Error("a mail could not be shown to a human; that is tried again", "uid", p.UID, "error", err)
		p.Next = t.clock.Now().Add(tryAfter(p.Tries))
		return t.put(ctx, p)
	case outcome == Handled:
		t.unflagged = append(t.unflagged, p.UID)
	}
	t.report.SetAside++
	t.log.Warn("a mail was set aside", "uid", p.UID, "why", why)
	return t.drop(ctx, p.UID)
}

// put remembers that the mail is to be read again; the cursor may pass it then.
func (t *turn) put(ctx context.Context, p Pending) error {
	t.settled[p.UID] = true
	return t.save(ctx, Change{Done: t.advance(), Hand: t.state.Hand, Put: []Pending{p}})
}

// drop flags the mail if it was handled, and remembers that it is done with.
func (t *turn) drop(ctx context.Context, uid uint32) error {
	if err := t.flag(ctx); err != nil {
		return err
	}
	return t.save(ctx, Change{Done: t.advance(), Hand: t.state.Hand, Drop: []uint32{uid}})
}

// restore takes a counted try back that did not take place.
func (t *turn) restore(ctx context.Context, before Pending) error {
	if before.First.IsZero() {
		// New when the try began, and past the cursor now: due at once.
		before.First = t.clock.Now()
		before.Next = before.First
	}
	return t.save(ctx, Change{Done: t.state.Done, Hand: t.state.Hand, Put: []Pending{before}})
}
