package workflow

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Lease is how long a claimed task stays with its worker unless renewed; a killed
// worker's task comes back after it.
const Lease = 20 * time.Second

// Work is a claimed task with the case it belongs to.
type Work struct {
	Claim Claim
	Case  Case
	Task  Task
}

// Fault tells what a failed try means.
type Fault string

const (
	NoFault   Fault = ""          // it is done
	Temporary Fault = "temporary" // try again later; many times
	Broken    Fault = "broken"    // a register is down: try again a few times, then a handler has to look
	Permanent Fault = "permanent" // no other try can help
)

// Result is what a worker owes for a task.
type Result struct {
	Fault      Fault
	Why        string // of a fault: plain words without personal data
	MessageID  string // of a mail that went out
	Found      []Found
	Unasked    []string // registers that did not answer a look-up
	Passphrase Text
	Reports    []RegisterReport
	Also       []Address       // of a change of address: the old one and the new one
	Tell       []Recipient     // who else has to be told (Art. 19 GDPR)
	Perhaps    bool            // of a fault: the mail may have gone all the same
	Shown      int             // refusals that a notice spelled out or counted
	Lapses     int             // lapses that a digest spelled out
	Retained   []Retained      // of an erasure: each record that it acted upon, and what is left of it
	Gone       []string        // of EraseRetained: fields that went
	InUse      bool            // of EraseRetained: the record is in use again, and nothing was erased
	Idle       bool            // of a mail to a keeper: the register has nothing that the item is about, and no mail went
	Known      map[string]Text // of a mail to a keeper: role to what it told of the person
}

// Recipient is somebody the controller gave the data of a register to.
type Recipient struct {
	Name     string
	Address  Address // "": a handler has to tell them by hand
	Register string
}

// Claim hands out the next due task. ok is false where none is due; next is then when
// to ask again (zero: when a wake-up comes). Tasks of the engine's own are done on the
// way. A task that is no longer wanted is taken off the queue.
func (e *Engine) Claim(ctx context.Context) (w Work, ok bool, next time.Time, err error) {
	for {
		claim, ok, next, err := e.store.Claim(ctx, e.now(), Lease)
		if err != nil || !ok {
			return Work{}, false, next, err
		}
		c, err := e.store.Load(ctx, claim.Ref)
		if err != nil && !errors.Is(err, ErrNoCase) {
			return Work{}, false, time.Time{}, fmt.Errorf("load case %s: %w", claim.Ref, err)
		}
		t := c.Task(claim.Task)
		switch {
		case errors.Is(err, ErrNoCase):
			continue // purged between the two; its tasks went with it
		case t == nil || !t.Waiting():
			err = e.drop(ctx, c, claim)
		case t.Action == Window:
			err = e.endWindow(ctx, claim)
		case t.Action == Shred:
			err = e.shred(ctx, claim)
		case c.hold(*t) > 0:
			err = e.hold(ctx, claim)
		case e.rules.misdirected(c, *t):
			err = e.redirect(ctx, claim)
		default:
			return Work{Claim: claim, Case: c, Task: *t}, true, time.Time{}, nil
		}
		if err != nil && !errors.Is(err, ErrLeaseLost) {
			return Work{}, false, time.Time{}, err
		}
	}
}

// drop finishes a claim that leads to nothing.
func (e *Engine) drop(ctx context.Context, c Case, claim Claim) error {
	_, err := e.change(ctx, c.Ref, func(c Case) (Step, error) {
		return Step{Case: c, Claim: &claim}, nil
	})
	return err
}

// windowHold is how long an erasure waits for the copy to go out first.
const windowHold = 10 * time.Minute

// endWindow lets the erasure begin, unless the person still waits for the copy: what is
// erased cannot be sent.
func (e *Engine) endWindow(ctx context.Context, claim Claim) error {
	_, err := e.change(ctx, claim.Ref, func(c Case) (Step, error) {
		c = c.clone()
		t := c.Task(claim.Task)
		if t == nil || !t.Waiting() {
			return Step{Case: c, Claim: &claim}, nil
		}
		if c.owesCopy() {
			t.Due = e.now().Add(windowHold)
			return Step{Case: c, Claim: &claim}, nil
		}
		t.State, t.Done = TaskDone, e.now()
		next, _, err := e.rules.Next(c, Event{On: WindowOver, Item: t.Item}, e.now())
		var impossible *Impossible
		if errors.As(err, &impossible) {
			return Step{Case: c, Claim: &claim}, nil
		}
		return Step{Case: next, Claim: &claim, Entries: []Entry{entry("window-over")}}, err
	})
	return err
}

// hold lets a task wait for what has to be done before it: a change for the copy, since the registers may find the
// person by the very address that it replaces; an answer for the keepers of registers.
func (e *Engine) hold(ctx context.Context, claim Claim) error {
	_, err := e.change(ctx, claim.Ref, func(c Case) (Step, error) {
		c = c.clone()
		if t := c.Task(claim.Task); t != nil && t.Waiting() {
			t.Due = e.now().Add(c.hold(*t))
			if _, q := c.Inquiry(t.Inquiry); q != nil && q.State == InquiryDue {
				q.Until = e.rules.neededBy(c, e.now())
			}
		}
		return Step{Case: c, Claim: &claim}, nil
	})
	return err
}

// shred lets go of the documents of an item that was answered, unless the answer came back meanwhile.
func (e *Engine) shred(ctx context.Context, claim Claim) error {
	_, err := e.change(ctx, claim.Ref, func(c Case) (Step, error) {
		c = c.clone()
		t := c.Task(claim.Task)
		if t == nil || !t.Waiting() {
			return Step{Case: c, Claim: &claim}, nil
		}
		it := c.Item(t.Item)
		if it != nil && !it.State.Closed() {
			t.Due = e.now().Add(bouncesWithin)
			return Step{Case: c, Claim: &claim}, nil
		}
		t.State, t.Done = TaskDone, e.now()
		if it != nil {
			it.shred()
		}
		return Step{Case: c, Claim: &claim, Entries: []Entry{entry("shredded")}}, nil
	})
	return err
}

// copyAtWork tells whether a copy that a handler released has not gone out yet.
func (c Case) copyAtWork() bool {
	return slices.ContainsFunc(c.Items, func(it Item) bool {
		return it.Kind == Access && it.Verified != nil && !it.State.Closed()
	})
}

// owesCopy tells whether a copy that a handler released has not gone out yet, or a change
// is still at work. A request that nobody vouched for, which may be a stranger's, keeps
// no erasure waiting: the handlers are told of it while they can still say STOP.
func (c Case) owesCopy() bool {
	return c.copyAtWork() || slices.ContainsFunc(c.Items, func(it Item) bool {
		return it.Kind == Change && it.State == Fulfilling
	})
}

// Renew keeps a claimed task with its worker. ErrLeaseLost: stop, another has it.
func (e *Engine) Renew(ctx context.Context, w Work) error {
	return e.store.Renew(ctx, w.Claim, e.now(), Lease)
}

// Finish takes the result of a task. ErrLeaseLost: another worker has the task, and
// its result counts.
func (e *Engine) Finish(ctx context.Context, w Work, r Result) error {
	switch w.Task.Action {
	case EraseRetained:
		return e.lapse(ctx, w, r)
	case EraseData:
		if err := e.remember(ctx, w.Case, r); err != nil {
			return err
		}
	}
	err := e.finish(ctx, w, r)
	if errors.Is(err, ErrLeaseLost) && r.Fault == NoFault && (w.Task.Action.Releases() || w.Task.Action == KeeperMail) {
		return e.tooLate(ctx, w, r)
	}
	return err
}

// remember keeps what must outlive the case of an erasure, before the case says that it is done: what is left of each record,
// and tombstones of the addresses that were erased.
func (e *Engine) remember(ctx context.Context, c Case, r Result) error {
	for _, kept := range r.Retained {
		if err := e.retain(ctx, kept); err != nil {
			return err
		}
	}
	var registers []string
	for _, report := range r.Reports {
		registers = append(registers, report.Register)
	}
	for _, address := range c.addresses() {
		if err := e.store.AddTombstone(ctx, address, registers, e.now()); err != nil {
			return err
		}
	}
	return nil
}

// addresses are those under which the registers knew the person.
func (c Case) addresses() []Address {
	all := []Address{c.Person.Address}
	for _, f := range c.Theirs() {
		if f.Address != "" && !slices.Contains(all, f.Address) {
			all = append(all, f.Address)
		}
	}
	return all
}

// tooLate takes the result of a task that was stopped while it was in hand: what has
// left has left, and a handler must hear of it. ErrLeaseLost where another worker has it.
func (e *Engine) tooLate(ctx context.Context, w Work, r Result) error {
	_, err := e.change(ctx, w.Claim.Ref, func(c Case) (Step, error) {
		c = c.clone()
		t := c.Task(w.Claim.Task)
		if t == nil || t.State != TaskStopped {
			return Step{}, ErrLeaseLost
		}
		next, err := e.rules.finished(c, *t, r, e.now())
		return Step{Case: next, MessageIDs: nonEmpty(r.MessageID), Entries: []Entry{entry("done", "action", string(t.Action), "message_id", r.MessageID)}}, err
	})
	return err
}

func (e *Engine) finish(ctx context.Context, w Work, r Result) error {
	_, err := e.change(ctx, w.Claim.Ref, func(c Case) (Step, error) {
		c = c.clone()
		t := c.Task(w.Claim.Task)
		step := Step{Case: c, Claim: &w.Claim, MessageIDs: nonEmpty(r.MessageID)}
		if t == nil {
			return step, nil
		}
		var err error
		if r.Fault != NoFault {
			step.Case, step.Entries, err = e.rules.failed(c, *t, r, e.now())
			return step, err
		}
		step.Case, err = e.rules.finished(c, *t, r, e.now())
		step.Case.tellRest(w.Task, e.now())
		step.Case.tellRefusals(e.rules.Handlers, e.limits.NoticeEvery, e.now())
		step.Entries = []Entry{entry("done", "action", string(t.Action), "message_id", r.MessageID)}
		return step, err
	})
	return err
}

// tellRest books a handler's mail once more where there was more to tell while it was on
// its way: an answer to what they got speaks of what that showed, and of nothing later.
func (c *Case) tellRest(sent Task, now time.Time) {
	t := c.Task(sent.N)
	if t == nil || c.Ref == Desk || t.Action.Audience() != ToHandler || t.Upto == sent.Upto && t.Epoch == sent.Epoch {
		return
	}
	rest := *t
	t.Upto, t.Epoch = sent.Upto, sent.Epoch
	rest.Due, rest.Done, rest.Tries = now, time.Time{}, 0
	c.Book(rest)
}

// tellRefusals books a notice of the refusals that came while one was on its way.
func (c *Case) tellRefusals(handlers []Address, every time.Duration, now time.Time) {
	if c.Ref != Desk || c.Refused == 0 || slices.ContainsFunc(c.Tasks, func(t Task) bool { return t.Action == RefusedNotice && t.Waiting() }) {
		return
	}
	c.tell(RefusedNotice, handlers, every, now)
}

// finished is the case after a task was done.
func (r Rules) finished(c Case, t Task, res Result, now time.Time) (Case, error) {
	done := c.Task(t.N)
	stopped := done.State == TaskStopped
	done.State, done.Done, done.Why = TaskDone, now, ""
	if c.Ref == Desk {
		c.clearDesk(t, res)
		return c, nil
	}
	c.tellOthers(t.Item, res.Tell, now)
	if it := c.Item(t.Item); it != nil && len(res.Reports) > 0 {
		it.Reports = res.Reports
	}
	ev := Event{Item: t.Item}
	switch t.Action {
	case Acknowledge:
		c.askedForFields(t, now)
	case KeeperMail:
		r.asked(&c, t, res, stopped, now)
	case LookUp:
		shown := c.numbered()
		c.Found, c.Unasked, c.Looked = mergePicks(c.Found, res.Found), res.Unasked, true
		if len(shown) > 0 && !slices.Equal(shown, c.numbered()) {
			c.Epoch++ // MATCH in an answer to an earlier mail would pick somebody else
			c.Spent = now
		}
		if c.Passphrase == "" {
			c.Passphrase = res.Passphrase
		}
		if len(res.Found) == 0 {
			c.Warn(NoMatch)
		}
		ev.On = LookedUp
	case ChangeData:
		ev.On = Changed
	case EraseData:
		ev.On = Erased
	case Object:
		ev.On = Objected
	}
	if ev.On == Changed {
		for _, address := range res.Also {
			c.Book(Task{Action: ConfirmChange, Item: t.Item, To: address, Due: now})
		}
	}
	if stopped && t.Action.Releases() {
		ev.On, ev.Why = Failed, "it was done before the word STOP came"
	}
	if ev.On != "" {
		next, _, err := r.Next(c, ev, now)
		var impossible *Impossible
		if err != nil && !errors.As(err, &impossible) {
			return c, err
		}
		if err == nil {
			c = next
		}
	}
	return r.complete(c, now), nil
}

// numbered is what the numbers of the case mail stand for.
func (c Case) numbered() []string {
	var keys []string
	for _, i := range c.Possible() {
		keys = append(keys, c.Found[i].Register+"\x00"+c.Found[i].Key.Reveal())
	}
	return keys
}

// mergePicks keeps what a handler picked when the registers are asked again.
func mergePicks(old, found []Found) []Found {
	found = slices.Clone(found)
	for i := range found {
		for _, o := range old {
			if o.Register == found[i].Register && o.Key == found[i].Key {
				found[i].Picked = o.Picked
			}
		}
	}
	return found
}

// complete closes the items that have nothing left to do, and forgets what an erasure
// must not leave behind.
func (r Rules) complete(c Case, now time.Time) Case {
	for _, it := range c.Items {
		if it.State != Fulfilling || c.busy(it.N) {
			continue
		}
		next, _, err := r.Next(c, Event{On: Completed, Item: it.N}, now)
		if err != nil {
			continue
		}
		c = next
		if it.Kind == Erasure {
			c.Erased = true
			c.forgetErased()
		}
	}
	return c
}

// busy tells whether a task of the item is neither done nor stopped, or a keeper has not answered for it.
func (c Case) busy(item int) bool {
	if it := c.Item(item); it != nil && it.awaits() {
		return true
	}
	return slices.ContainsFunc(c.Tasks, func(t Task) bool {
		return t.Item == item && (t.State == TaskWaiting || t.State == TaskFailed)
	})
}

// forgetErased forgets what an erasure must not leave behind, once nothing is open any more that needs it. Mails that came after
// the word stay: nobody has decided about them.
func (c *Case) forgetErased() {
	if !c.Erased || !c.State().Closed() {
		return
	}
	seen := 0
	for _, it := range c.Items {
		if it.Kind == Erasure && it.State == Answered && it.Verified != nil {
			seen = max(seen, min(it.Verified.Mails, len(c.Messages)))
		}
	}
	later := slices.Clone(c.Messages[seen:])
	c.forgetContent()
	copy(c.Messages[seen:], later)
	c.Erased = false
}

// forgetContent drops what the case itself holds of an erased person, but for the
// address that the confirmation went to, which shows that it went (Art. 5(2) GDPR).
func (c *Case) forgetContent() {
	c.Person.Name, c.Person.Also = "", nil
	c.Found, c.Why = nil, nil
	for i := range c.Tasks {
		if c.Tasks[i].Action == KeeperSaid {
			c.Tasks[i].Text = ""
		}
	}
	for i := range c.Messages {
		c.Messages[i].Text, c.Messages[i].Subject, c.Messages[i].Attachments = "", "", nil
	}
	for i := range c.Items {
		c.Items[i].Fields = nil
		c.Items[i].forgetInquiries()
		for j := range c.Items[i].Reports {
			report := &c.Items[i].Reports[j]
			report.Changed = slices.Clone(report.Changed)
			for k := range report.Changed {
				report.Changed[k].Old, report.Changed[k].New = "", ""
			}
		}
	}
}

// clearDesk drops the refusals that a notice told of, once every handler was told, and
// the desk's tasks of long ago.
func (c *Case) clearDesk(t Task, res Result) {
	if t.Action == RefusedNotice {
		waiting := slices.ContainsFunc(c.Tasks, func(o Task) bool { return o.Action == RefusedNotice && o.Waiting() })
		if !waiting {
			c.Refused = max(0, c.Refused-res.Shown)
			c.Refusals = c.Refusals[min(res.Shown, len(c.Refusals)):]
		}
	}
	if t.Action == DigestMail && !slices.ContainsFunc(c.Tasks, func(o Task) bool { return o.Action == DigestMail && o.Waiting() }) {
		c.Lapses, c.Lapsed = slices.Clone(c.Lapses[min(res.Lapses, len(c.Lapses)):]), 0
	}
	const kept = 200
	if over := len(c.Tasks) - kept; over > 0 {
		c.Tasks = slices.DeleteFunc(c.Tasks, func(o Task) bool {
			drop := over > 0 && !o.Waiting()
			if drop {
				over--
			}
			return drop
		})
	}
}

// failed is the case after a try failed: booked again, or for good.
func (r Rules) failed(c Case, t Task, res Result, now time.Time) (Case, []Entry, error) {
	task := c.Task(t.N)
	task.Tries++
	task.Why = res.Why
	task.Perhaps = task.Perhaps || res.Perhaps
	if it := c.Item(t.Item); it != nil && len(res.Reports) > 0 {
		it.Reports = res.Reports // of the registers that came before the one that failed
	}
	if res.Fault != Permanent && task.Tries < tries(res.Fault) {
		task.Due = now.Add(Backoff(task.Tries))
		return c, nil, nil
	}
	task.State = TaskFailed
	entries := []Entry{entry("failed", "action", string(t.Action), "why", res.Why)}
	if t.Action.Audience() == ToHandler || t.Action == KeeperStop {
		return c, entries, nil // the digest shows it; there is nobody else to tell
	}
	if _, q := c.Inquiry(t.Inquiry); q != nil && !q.State.Open() {
		task.State = TaskStopped // the question was answered meanwhile
		return c, entries, nil
	}
	for _, it := range c.Items {
		if !t.concerns(it) {
			continue
		}
		next, _, err := r.Next(c, Event{On: Failed, Item: it.N, Why: res.Why}, now)
		var impossible *Impossible
		if errors.As(err, &impossible) {
			continue
		}
		if err != nil {
			return c, entries, err
		}
		c = next
	}
	return c, entries, nil
}

// concerns tells whether the item is what the task was about: a mail about a whole case is
// about what was open then, and one that ended items about those.
func (t Task) concerns(it Item) bool {
	switch {
	case t.Item != 0:
		return it.N == t.Item
	case t.Action == Refusing:
		return it.N <= t.Upto && it.Text == t.Text && (it.State == Refused || it.State == Attention && it.Was == Refused)
	case t.Action == Closing:
		return it.N <= t.Upto && it.Text == t.Text && it.State == Withdrawn
	}
	return it.N <= t.Upto && !it.State.Closed()
}

// tries is how often a fault is met before a human has to look: a mail server may be
// away over a weekend, a register that is down keeps a person waiting.
func tries(f Fault) int {
	if f == Broken {
		return 6
	}
	return 24
}

// Backoff is how long to wait after the nth failed try.
func Backoff(n int) time.Duration {
	return backoffs[min(max(n, 1), len(backoffs))-1]
}

var backoffs = [...]time.Duration{
	10 * time.Second, 30 * time.Second, time.Minute, 2 * time.Minute, 5 * time.Minute,
	15 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour, 4 * time.Hour,
}
