package workflow

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Retained is what an erasure left of one record of a register because the law keeps it. It stands in a pseudo-case of its
// own, which outlives the case of the erasure and holds no name or address: what is due to go on a day far ahead must be
// found on that day, whoever restarts, rotates keys or purges cases until then.
type Retained struct {
	Register string   `json:"register"`
	Key      Text     `json:"key"`               // of the record
	Case     Ref      `json:"case"`              // of the erasure
	Erased   Date     `json:"erased"`            // the day of the erasure
	Kept     []Kept   `json:"kept"`              // none: nothing is left
	Emptied  []string `json:"emptied,omitempty"` // fields that the erasure emptied
	Blank    string   `json:"blank,omitempty"`   // digest of what stands in them since; another one says that the record is in use again
}

// next is the first day on which something of it may go; zero where no date is known.
func (r Retained) next() Date {
	var next Date
	for _, k := range r.Kept {
		if !k.Next.IsZero() && (next.IsZero() || k.Next.Before(next)) {
			next = k.Next
		}
	}
	if next.IsZero() {
		return next
	}
	return next.AddDays(1)
}

// retainedSeries begins the reference of the pseudo-case of a Retained: "KEPT-0123-456789012345".
const retainedSeries = "KEPT-"

// RetainedRef names the pseudo-case of a record by the number of its keyed hash, in the form of a reference, so that a
// handler can answer about it.
func RetainedRef(hash uint64) Ref {
	digits := fmt.Sprintf("%016d", hash%1e16)
	return Ref(retainedSeries + digits[:4] + "-" + digits[4:])
}

// Retained tells whether the reference is that of a Retained, which no list of cases shows.
func (r Ref) Retained() bool {
	digits, ok := strings.CutPrefix(string(r), retainedSeries)
	if _, err := strconv.ParseUint(strings.Replace(digits, "-", "", 1), 10, 64); err != nil {
		return false
	}
	return ok && len(digits) == 17
}

// Lapse is what came of retained data on its day, until a digest has told it.
type Lapse struct {
	Record   Ref    `json:"record"` // the pseudo-case
	Case     Ref    `json:"case"`
	Register string `json:"register"`
	Day      Date   `json:"day"`
	InUse    bool   `json:"in_use,omitempty"` // the record is in use again: nothing was erased
}

// lapsesKept bounds how many lapses wait for a digest; the rest are counted.
const lapsesKept = 300

// retain remembers what an erasure left of a record, or forgets the record where nothing is left.
func (e *Engine) retain(ctx context.Context, r Retained) error {
	ref := e.store.RetainedRef(r.Register, r.Key)
	for range conflicts {
		c, err := e.store.Load(ctx, ref)
		if errors.Is(err, ErrNoCase) {
			c, err = Case{Ref: ref}, nil
		}
		if err != nil {
			return fmt.Errorf("load %s: %w", ref, err)
		}
		switch {
		case len(r.Kept) == 0 && c.Version == 0:
			return nil
		case len(r.Kept) == 0:
			err = e.store.Forget(ctx, ref, c.Version)
		case c.Retained.same(r):
			return nil // a repeated try
		default:
			c = e.rules.retained(c, r, e.now())
			err = e.commit(ctx, Step{Case: c, Entries: []Entry{e.rules.retainedEntry("retained", r)}})
		}
		if !errors.Is(err, ErrConflict) {
			return err
		}
	}
	return fmt.Errorf("remember what %s keeps: %w", ref, ErrConflict)
}

// same tells whether the two say the same.
func (r *Retained) same(o Retained) bool {
	return r != nil && r.Case == o.Case && r.Erased == o.Erased && r.Blank == o.Blank && slices.Equal(r.Emptied, o.Emptied) &&
		slices.EqualFunc(r.Kept, o.Kept, func(a, b Kept) bool {
			return slices.Equal(a.Fields, b.Fields) && a.Until == b.Until && a.Next == b.Next
		})
}

// retained puts r into its pseudo-case, with the task that comes on its day.
func (r Rules) retained(c Case, what Retained, now time.Time) Case {
	c = c.clone()
	c.Retained = &what
	c.Tasks = slices.DeleteFunc(c.Tasks, func(t Task) bool { return !t.Waiting() || t.Action == EraseRetained })
	if day := what.next(); !day.IsZero() {
		c.Book(Task{Action: EraseRetained, Due: day.At(0, 0, r.Calendar.Zone)})
	}
	return c
}

func (r Rules) retainedEntry(event string, what Retained) Entry {
	var fields []string
	for _, k := range what.Kept {
		for _, f := range k.Fields {
			if !slices.Contains(fields, f) {
				fields = append(fields, f)
			}
		}
	}
	en := entry(event, "register", what.Register, "fields", strings.Join(fields, " "))
	if day := what.next(); !day.IsZero() {
		en.Detail["due"] = day.String()
	}
	en.Ref = what.Case
	return en
}

// lapse takes what came of retained data on its day: the handlers hear of it in the next digest, and the pseudo-case ends
// or waits for its next day. A fault is met again, at least once a day, for as long as it lasts.
func (e *Engine) lapse(ctx context.Context, w Work, res Result) error {
	if w.Case.Retained == nil {
		return lost(e.store.Forget(ctx, w.Claim.Ref, w.Case.Version))
	}
	if res.Fault != NoFault {
		return e.lapseLater(ctx, w, res)
	}
	was := *w.Case.Retained
	line := Lapse{Record: w.Claim.Ref, Case: was.Case, Register: was.Register, Day: DateOf(e.now(), e.rules.Calendar.Zone), InUse: res.InUse}
	if res.InUse || len(res.Gone) > 0 {
		if err := e.tellLapse(ctx, line); err != nil {
			return err
		}
	}
	left := Retained{}
	if len(res.Retained) > 0 {
		left = res.Retained[0]
	}
	event := entry("retained-erased", "register", was.Register, "fields", strings.Join(res.Gone, " "))
	if res.InUse {
		event = entry("retained-in-use", "register", was.Register)
	}
	event.Ref, event.At, event.Actor = was.Case, e.now(), "bot"
	if len(left.Kept) == 0 {
		return lost(e.store.Forget(ctx, w.Claim.Ref, w.Case.Version, event))
	}
	c := e.rules.retained(w.Case, left, e.now())
	return lost(e.commit(ctx, Step{Case: c, Claim: &w.Claim, Entries: []Entry{event}}))
}

// lost says that the claim is over where the pseudo-case was changed meanwhile: the task comes back and looks again.
func lost(err error) error {
	if errors.Is(err, ErrConflict) {
		return ErrLeaseLost
	}
	return err
}

// lapseLater books another try. The trail has the first one of a row, the digest every day.
func (e *Engine) lapseLater(ctx context.Context, w Work, res Result) error {
	_, err := e.change(ctx, w.Claim.Ref, func(c Case) (Step, error) {
		c = c.clone()
		step := Step{Case: c, Claim: &w.Claim}
		t := c.Task(w.Claim.Task)
		if t == nil || c.Retained == nil {
			return step, nil
		}
		t.Tries++
		t.Why = res.Why
		wait := Backoff(t.Tries)
		if res.Fault == Permanent {
			t.Tries = max(t.Tries, len(backoffs)) // nothing to wait for: it is told at once
			wait = 24 * time.Hour
		}
		t.Due = e.now().Add(wait)
		if t.Tries == 1 || res.Fault == Permanent {
			event := entry("retained-failed", "register", c.Retained.Register, "why", res.Why)
			event.Ref = c.Retained.Case
			step.Entries = []Entry{event}
		}
		return step, nil
	})
	return err
}

// tellLapse notes a lapse on the desk, once however often the task is repeated.
func (e *Engine) tellLapse(ctx context.Context, line Lapse) error {
	_, err := e.change(ctx, Desk, func(c Case) (Step, error) {
		if slices.ContainsFunc(c.Lapses, func(l Lapse) bool { return l.Record == line.Record && l.Day == line.Day }) {
			return Step{}, errNoted
		}
		c = c.clone()
		if len(c.Lapses) >= lapsesKept {
			c.Lapsed++
		} else {
			c.Lapses = append(c.Lapses, line)
		}
		return Step{Case: c}, nil
	})
	if errors.Is(err, errNoted) {
		return nil
	}
	return err
}

// errNoted ends a change that an earlier try has made already.
var errNoted = errors.New("noted already")

// obeyRetained follows the one word that there is about retained data: DONE, it was seen to by hand. Before its day, and
// before the program has tried, there is nothing to be done.
func (r Rules) obeyRetained(c Case, cmd Command) (Case, error) {
	tried := slices.ContainsFunc(c.Tasks, func(t Task) bool { return t.Action == EraseRetained && t.Waiting() && t.Tries > 0 })
	if cmd.Word != WordDone || c.Retained == nil || !tried {
		return c, &Impossible{c.State(), NotNow}
	}
	c = c.clone()
	c.Retained = nil
	for i := range c.Tasks {
		c.Tasks[i].Due = time.Time{} // the engine takes the pseudo-case away when it comes by
	}
	return c, nil
}

// Replayed remembers that records which a restored backup had brought back were erased again: what is left of them, and how
// many they were, in the desk's trail.
func (e *Engine) Replayed(ctx context.Context, register string, since Date, records int, left []Retained) error {
	for _, kept := range left {
		if err := e.retain(ctx, kept); err != nil {
			return err
		}
	}
	if records == 0 {
		return nil
	}
	_, err := e.change(ctx, Desk, func(c Case) (Step, error) {
		event := entry("erasures-replayed", "register", register, "since", since.String(), "records", strconv.Itoa(records))
		event.Actor = "operator"
		return Step{Case: c.clone(), Entries: []Entry{event}}, nil
	})
	return err
}
