package mailbox

import (
	"context"
	"errors"
	"time"
)

const (
	firstPause = time.Second
	maxPause   = 5 * time.Minute
	// storePause is the longest pause while the store is away: it is ours, and asking it is cheap.
	storePause = 10 * time.Second
	// loginPause is the first pause after a refused login: servers lock out who tries too often.
	loginPause = time.Minute
	// renewFolder is how old the knowledge of a folder's numbering may get.
	renewFolder = 10 * time.Minute
	// After a mail the next is looked for often, for as long as ticking: Dovecot holds its IDLE
	// notice back for half a second, a NOOP does not wait for that. The pauses grow from firstTick
	// to tick. An idle mailbox costs nothing by it.
	firstTick = 10 * time.Millisecond
	tick      = 50 * time.Millisecond
	ticking   = 5 * time.Second
)

// Run makes one Turn after another, when the server announces mail (IDLE) and at every poll
// interval in any case, until ctx ends. It connects anew after faults, with growing pauses.
// The mail in hand when ctx ends is finished first. The error is always nil.
func (m *Mailbox) Run(ctx context.Context) error {
	defer m.Close()
	faults := 0
	for ctx.Err() == nil {
		report, err := m.Turn(ctx)
		if err == nil {
			faults = 0
			m.told(report)
			err = m.wait(ctx, report)
		}
		if err == nil || ctx.Err() != nil {
			continue
		}
		faults++
		pause := pauseAfter(faults, err, m.jitter())
		m.log.Warn("the mailbox cannot be read; trying again", "error", err, "pause", pause.Round(time.Millisecond))
		m.sleep(ctx, pause)
	}
	return nil
}

// pauseAfter is how long to wait after so many faults in a row: doubled each time, with jitter (in
// [0, 1)) so that many mailboxes do not come back to a server all at once.
func pauseAfter(faults int, err error, jitter float64) time.Duration {
	pause, longest := firstPause, maxPause
	switch {
	case errors.Is(err, ErrUnavailable):
		longest = storePause
	case errors.Is(err, ErrPassword), errors.Is(err, ErrToken), errors.Is(err, ErrNoSecret):
		pause = loginPause
	}
	for range faults - 1 {
		pause = min(2*pause, longest)
	}
	return time.Duration(float64(pause) * (0.75 + jitter/2))
}

// told logs what is worth knowing of a turn.
func (m *Mailbox) told(r TurnReport) {
	if r.Standby {
		m.log.Debug("another process reads the mailbox; standing by")
	}
	if r.Read() > 0 {
		m.log.Info("mails read", "handled", r.Handled, "left", r.Left, "later", r.Later,
			"failed", r.Failed, "set_aside", r.SetAside, "pending", r.Pending)
	}
}

func (m *Mailbox) sleep(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-m.clock.After(d):
	}
}

// wait returns when there may be something to do: mail was announced, a pending mail is due, the
// poll interval is over, or ctx ended.
func (m *Mailbox) wait(ctx context.Context, report TurnReport) error {
	m.turning.Lock()
	defer m.turning.Unlock()
	if m.watch == nil && !report.Standby {
		return nil // lost at the end of the turn; the next one connects
	}
	if report.Standby {
		m.sleep(ctx, min(m.config.Poll, m.limits.lease/3))
		return nil
	}
	until := m.clock.Now().Add(m.config.Poll)
	if next := report.NextDue; !next.IsZero() && next.Before(until) {
		until = next
	}
	if report.Read() > 0 {
		if news, err := m.tickFor(ctx, until); news || err != nil {
			return err
		}
	}
	return m.idle(ctx, until)
}

// tickFor looks for news by NOOP, often, for a short while.
func (m *Mailbox) tickFor(ctx context.Context, until time.Time) (news bool, err error) {
	end := m.clock.Now().Add(ticking)
	if until.Before(end) {
		end = until
	}
	for pause := firstTick; m.clock.Now().Before(end) && ctx.Err() == nil; pause = min(2*pause, tick) {
		select {
		case <-ctx.Done():
			return true, nil
		case <-m.arrived:
			return true, nil
		case <-m.watch.client.Closed():
		case <-m.clock.After(pause):
		}
		if err := m.watch.noop(ctx); err != nil && !isRefusal(err) {
			m.hangUp()
			return false, err
		}
	}
	return len(m.arrived) > 0, nil
}

// idle waits for an announcement. IDLE is a hint and no more: whatever ends it, a search follows.
// A mail that comes between the last search and the IDLE is announced by the server before the
// IDLE's first wait (RFC 2177, 3), or in the replies in between; the channel keeps either.
func (m *Mailbox) idle(ctx context.Context, until time.Time) error {
	s := m.watch
	pause := min(until.Sub(m.clock.Now()), m.limits.idle)
	if pause <= 0 || len(m.arrived) > 0 {
		return nil
	}
	if !s.idles() {
		m.sleep(ctx, pause)
		return nil
	}
	idle, err := s.idle(ctx)
	if err != nil {
		if isRefusal(err) {
			m.sleep(ctx, pause)
			return nil
		}
		m.hangUp()
		return err
	}
	select {
	case <-ctx.Done():
	case <-m.arrived:
	case <-s.client.Closed():
	case <-m.clock.After(pause):
	}
	// Even if ctx has ended: DONE is part of leaving in good order.
	if err := s.done(context.WithoutCancel(ctx), idle); err != nil {
		m.hangUp()
		return err
	}
	return nil
}
