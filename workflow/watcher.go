package workflow

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"
)

// Watch looks at the clock until ctx ends: digest, reminders, and the end of closed
// cases. Trouble is logged and met again at the next turn.
func (e *Engine) Watch(ctx context.Context, every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		if err := e.Turn(ctx); err != nil && ctx.Err() == nil {
			e.log.Error("watch the clock", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// Turn does once what the clock asks for. Any number of processes may do so at once:
// each effect is a commit that only one of them wins.
func (e *Engine) Turn(ctx context.Context) error {
	now := e.now()
	return errors.Join(e.beat(ctx, now), e.recount(ctx, now), e.digest(ctx, now), e.remind(ctx, now), e.purge(ctx, now), e.dropTombstones(ctx, now))
}

// digest books today's digest, once, from the configured time of a day that has one.
// After downtime it is late rather than lost.
func (e *Engine) digest(ctx context.Context, now time.Time) error {
	today, due := e.rules.digestDue(now)
	if !due {
		return nil
	}
	desk, err := e.store.Load(ctx, Desk)
	if err != nil {
		return fmt.Errorf("load the desk: %w", err)
	}
	if !desk.Digest.Before(today) {
		return nil
	}
	_, err = e.change(ctx, Desk, func(c Case) (Step, error) {
		if !c.Digest.Before(today) {
			return Step{}, errDigested
		}
		c = c.clone()
		c.Digest = today
		for _, h := range e.rules.Handlers {
			c.Book(Task{Action: DigestMail, To: h, Date: today, Due: now})
		}
		return Step{Case: c, Entries: []Entry{entry("digest", "day", today.String())}}, nil
	})
	if errors.Is(err, errDigested) {
		return nil
	}
	if err != nil {
		return err
	}
	e.compact(ctx)
	return nil
}

// compact lets the server forget the earlier versions of cases: once a day, and after a
// purge. What was erased must not live on in its log.
func (e *Engine) compact(ctx context.Context) {
	if err := e.store.Compact(ctx); err != nil {
		e.log.Warn("rewrite what Redis keeps on disk", "error", err)
	}
}

// errDigested ends a change that another process has made already.
var errDigested = errors.New("another process was first")

// SendDigest books a digest now, whatever the clock says.
func (e *Engine) SendDigest(ctx context.Context) error {
	now := e.now()
	_, err := e.change(ctx, Desk, func(c Case) (Step, error) {
		c = c.clone()
		for _, h := range e.rules.Handlers {
			c.Book(Task{Action: DigestMail, To: h, Date: DateOf(now, e.rules.Calendar.Zone), Text: Text(now.Format(time.RFC3339)), Due: now})
		}
		return Step{Case: c, Entries: []Entry{entry("digest", "day", "now")}}, nil
	})
	return err
}

// digestDue tells whether today's digest should have gone by now, and names today.
func (r Rules) digestDue(now time.Time) (Date, bool) {
	today := DateOf(now, r.Calendar.Zone)
	if !slices.Contains(r.DigestOn, today.Weekday()) || !r.Holidays && r.Calendar.Holiday(today) != "" {
		return today, false
	}
	for _, s := range r.Silent {
		if !today.Before(s.From) && !today.After(s.To) {
			return today, false
		}
	}
	return today, !now.Before(r.digestHour(today))
}

// digestHour is the digest's time on a day.
func (r Rules) digestHour(day Date) time.Time {
	return day.At(int(r.DigestAt.Hours()), int(r.DigestAt.Minutes())%60, r.Calendar.Zone)
}

// reminded lists who is mailed when a case has come to its nth reminder: the handlers,
// and the deputies for whom it has gone unanswered long enough.
func (r Rules) reminded(n int) []Address {
	to := slices.Clone(r.Handlers)
	for _, d := range r.Deputies {
		if n > d.After {
			to = append(to, d.Address)
		}
	}
	return to
}

// remind books the reminders that are due, one for each case however many were missed.
// They come with the digest's hour, so that nobody is woken at midnight.
func (e *Engine) remind(ctx context.Context, now time.Time) error {
	today := DateOf(now, e.rules.Calendar.Zone)
	if now.Before(e.rules.digestHour(today)) || !e.mayWalk(now) {
		return nil
	}
	for c, err := range e.store.Open(ctx) {
		if err != nil {
			return fmt.Errorf("walk the open cases: %w", err)
		}
		if err := e.askKeepersAgain(ctx, c, today, now); err != nil {
			return err
		}
		mark := e.rules.reminder(c, today)
		if mark == "" || slices.Contains(c.Reminded, mark) {
			continue
		}
		_, err := e.change(ctx, c.Ref, func(c Case) (Step, error) {
			c = c.clone()
			if c.Closed() || slices.Contains(c.Reminded, mark) {
				return Step{}, errDigested
			}
			c.Reminded = append(c.Reminded, mark)
			for _, h := range e.rules.reminded(len(c.Reminded)) {
				c.Book(Task{Action: ReminderMail, To: h, Date: today, Due: now})
			}
			return Step{Case: c, Entries: []Entry{entry("reminded", "days", mark)}}, nil
		})
		if err != nil && !errors.Is(err, errDigested) && !errors.Is(err, ErrNoCase) {
			return err
		}
	}
	return nil
}

// walkEvery is how often all open cases are looked through for reminders.
const walkEvery = time.Hour

// mayWalk tells whether this process has not done so for an hour, and notes that it does.
func (e *Engine) mayWalk(now time.Time) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if since := now.Sub(e.walked); since >= 0 && since < walkEvery {
		return false
	}
	e.walked = now
	return true
}

// reminder names the reminder that the case is at: the smallest configured number of
// days that the due date is within, or the day itself once overdue. "" for none.
func (r Rules) reminder(c Case, today Date) string {
	if c.State().Closed() {
		return "" // answered; a breach that is still open stands in every digest
	}
	left := today.DaysUntil(c.Clock.Ends())
	if left < 0 {
		return "overdue " + today.String()
	}
	at := -1
	for _, days := range r.Remind {
		if left <= days && (at < 0 || days < at) {
			at = days
		}
	}
	if at < 0 {
		return ""
	}
	return strconv.Itoa(at) + "d " + c.Clock.Ends().String()
}

// purge turns closed cases whose time has come into stubs.
func (e *Engine) purge(ctx context.Context, now time.Time) error {
	ripe, err := e.store.Ripe(ctx, DateOf(now, e.rules.Calendar.Zone))
	if err != nil {
		return fmt.Errorf("look for cases to purge: %w", err)
	}
	var faults []error // one case that cannot be purged keeps no other
	gone := 0
	for _, ref := range ripe {
		switch err := e.purgeOne(ctx, ref, now); {
		case errors.Is(err, ErrConflict), errors.Is(err, ErrNoCase): // another process was faster
		case err != nil:
			faults = append(faults, fmt.Errorf("purge case %s: %w", ref, err))
		default:
			gone++
			e.log.Info("case purged", "case", ref)
		}
	}
	if gone > 0 {
		e.compact(ctx)
	}
	return errors.Join(faults...)
}

func (e *Engine) purgeOne(ctx context.Context, ref Ref, now time.Time) error {
	c, err := e.store.Load(ctx, ref)
	if err != nil {
		return err
	}
	purged := entry("purged")
	purged.At, purged.Ref, purged.Actor = now, ref, "bot"
	return e.store.Purge(ctx, ref, c.Version, purged)
}

// dropTombstones forgets, once a day over all processes, the erasures whose time as tombstones is over.
func (e *Engine) dropTombstones(ctx context.Context, now time.Time) error {
	if e.rules.Tombstones <= 0 {
		return nil
	}
	first, err := e.store.Allow(ctx, "drop tombstones", 1, 24*time.Hour, now)
	if err != nil || !first {
		return err
	}
	_, err = e.store.DropTombstones(ctx, now.AddDate(0, 0, -e.rules.Tombstones))
	return err
}
