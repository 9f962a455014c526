package workflow

import (
	"fmt"
	"slices"
	"time"
)

// Rules are the controller's own settings that decisions depend on.
type Rules struct {
	Calendar   Calendar
	Language   string        // of mails to persons, where nothing tells their own
	Handlers   []Address     // the officer first, then the deputies
	Grace      time.Duration // the undo window of an erasure
	Retention  int           // days that a closed case is kept
	Tombstones int           // days that it is remembered, by keyed hashes, who was erased; 0: for good
	Unplaced   int           // days that a mail is kept that a handler said is no request, or belongs to another case
	Remind     []int         // days before the due date on which handlers are reminded
	DigestAt   time.Duration // of the digest, since midnight
	DigestOn   []time.Weekday
	Holidays   bool     // the digest comes on holidays too
	Silent     []Span   // days without a digest
	Deputies   []Deputy // who hear of a case once reminders went unanswered
	Keepers    []Keeper // of the registers that are kept by hand
}

// Deputy is a handler who is mailed about a case after so many reminders.
type Deputy struct {
	Address Address
	After   int
}

// Span is the days from From to To, both included.
type Span struct{ From, To Date }

// Event is a trigger with what it brings.
type Event struct {
	On      Trigger
	Item    int     // the item; 0: every item that the trigger can happen to
	Upto    int     // items with a higher number are left alone; 0: none are
	By      Address // the handler, if any
	Command Command // what they said, if anything
	Reply   string  // Message-ID that mails which follow should answer
	Why     string  // of a failure, without personal data
	Quiet   bool    // no acknowledgement: the address had enough of them today
	Hushed  bool    // no triage mail: the handlers had enough of them this hour, and the digest shows it
}

// Impossible says that nothing in the case can take the trigger, and why.
type Impossible struct {
	State State
	Why   Obstacle
}

func (e *Impossible) Error() string {
	return fmt.Sprintf("not possible while the case is %q: %s", e.State, e.Why)
}

// Obstacle is why a handler's word could not be followed; the help mail explains it.
type Obstacle string

const (
	NotNow          Obstacle = "not-now"           // the state has no row for it
	NeedsFields     Obstacle = "needs-fields"      // a change with nothing to write: SET first
	NeedsPick       Obstacle = "needs-pick"        // several people may be meant: VERIFIED, MATCH n
	NoSuchMatch     Obstacle = "no-such-match"     // MATCH names none that was shown
	TooLate         Obstacle = "too-late"          // what STOP would cancel has gone out
	NothingFailed   Obstacle = "nothing-failed"    // RETRY with nothing to retry
	MonthOver       Obstacle = "month-over"        // EXTEND after the first month
	ExtendedBefore  Obstacle = "extended-before"   // EXTEND a second time
	NeedsReason     Obstacle = "needs-reason"      // EXTEND, REFUSE without one
	NoBreach        Obstacle = "no-breach"         // DONE for a breach that is not open
	NoSuchRecipient Obstacle = "no-such-recipient" // DONE TOLD names nobody who has to be told
	StillLooking    Obstacle = "still-looking"     // the registers were not asked yet
	NoSuchCase      Obstacle = "no-such-case"      // JOIN names none that is there
	NoSuchItem      Obstacle = "no-such-item"      // REFUSE, IGNORE, DONE name a kind that is not open in the case
	NobodyAsked     Obstacle = "nobody-asked"      // TICK while no keeper is asked
	NoSuchRegister  Obstacle = "no-such-register"  // TICK names none that is asked
)

// Next is the case after the trigger, and the tasks that follow; they stand in the case
// too. It is a function of its arguments alone. *Impossible where the table has no row.
func (r Rules) Next(c Case, ev Event, now time.Time) (Case, []Task, error) {
	c = c.clone()
	from := c.LastTask
	moved := false
	for i := range c.Items {
		it := &c.Items[i]
		if ev.Item != 0 && it.N != ev.Item || ev.Upto != 0 && it.N > ev.Upto || !ev.Command.concerns(*it) {
			continue
		}
		row, ok := it.row(ev.On)
		if !ok {
			continue
		}
		moved = true
		r.move(&c, it, row, ev, now)
	}
	if !moved {
		why := NotNow
		if ev.Command.narrows() {
			why = NoSuchItem
		}
		return c, nil, &Impossible{State: c.State(), Why: why}
	}
	r.rest(&c, now)
	return c, c.tasksAfter(from), nil
}

// row is the row that the item follows. In Attention the rows of the state before
// apply too, except that what has failed cannot complete by itself.
func (it Item) row(on Trigger) (transition, bool) {
	row, ok := find(it.State, on, it.Kind)
	if !ok && it.State == Attention {
		return find(it.Was, on, it.Kind)
	}
	return row, ok
}

func (r Rules) move(c *Case, it *Item, row transition, ev Event, now time.Time) {
	was := it.State
	switch {
	case row.To == back:
		it.State, it.Was = it.Was, ""
	case row.To == Attention:
		r.toAttention(it, was)
	default:
		it.State, it.Was = row.To, ""
	}
	it.note(ev, now)
	if ev.On == Vouched {
		it.Verified.Mails = len(c.Messages)
	}
	if ev.On == Stopped || it.State.Closed() && !was.Closed() {
		c.stopTasks(it.N)
	}
	if ev.On == Retried {
		r.readdress(c, it.N)
		c.requeue(it.N, now)
	}
	c.endInquiries(it, ev.On, now)
	for _, action := range row.Do {
		if action == Acknowledge && ev.Quiet || action == TriageMail && ev.Hushed {
			continue
		}
		r.book(c, it, action, ev, now)
	}
}

// toAttention remembers where the item was. An answer that bounced is to be given
// again, so its item goes back to work, not to rest.
func (Rules) toAttention(it *Item, was State) {
	switch was {
	case Attention:
	case Answered:
		it.Was, it.Closed = Fulfilling, time.Time{}
	default:
		it.Was = was
	}
	it.State = Attention
}

// note writes down on the item what the trigger brought.
func (it *Item) note(ev Event, now time.Time) {
	switch ev.On {
	case Vouched:
		it.Verified, it.Doubted = &Verification{By: ev.By, How: ev.Command.How, At: now}, time.Time{}
	case Doubted:
		it.Doubted = now
	case Stopped:
		it.Verified, it.GraceEnd = nil, time.Time{}
	case Declined:
		it.Reason, it.Text = ev.Command.Reason, ev.Command.Text
	case Outside, TakenBack:
		it.Text = ev.Command.Text
	}
	if it.State.Closed() && it.Closed.IsZero() {
		it.Closed = now
	}
}

// perItem tells whether each item has a task of its own of this action; of the others
// one that waits serves every item of the case.
func (a Action) perItem() bool {
	switch a {
	case Answer, ChangeData, EraseData, Object, Window, ConfirmChange, ConfirmErasure, ConfirmOther:
		return true
	}
	return false
}

func (r Rules) book(c *Case, it *Item, action Action, ev Event, now time.Time) {
	if action == KeeperMail {
		r.inquire(c, it, now)
		return
	}
	t := Task{Action: action, Due: now, Reply: ev.Reply}
	if action.perItem() {
		t.Item = it.N
	}
	switch action {
	case Window:
		it.GraceEnd = now.Add(r.Grace)
		t.Due = it.GraceEnd
	case AskPerson, Refusing, Closing:
		t.Text = ev.Command.Text
	case AttentionMail:
		t.Name = ev.Why
	}
	switch action.Audience() {
	case ToHandler:
		for _, h := range r.Handlers {
			t.To = h
			c.Book(t)
		}
	case ToPerson:
		t.To = c.Pinned()
		if action == Acknowledge {
			t.To = c.Person.Address // never elsewhere than where the request came from
		}
		c.Book(t)
	default:
		c.Book(t)
	}
}

// rest sees to a case that has nothing left to decide.
func (r Rules) rest(c *Case, now time.Time) {
	c.forgetErased()
	if !c.Closed() {
		c.Purge = Date{}
		return
	}
	if c.Purge.IsZero() {
		c.Purge = DateOf(now, r.Calendar.Zone).AddDays(r.kept(*c))
	}
	for i := range c.Tasks {
		t := &c.Tasks[i]
		if t.Waiting() && (t.Action == ReminderMail || t.Action == LookUp || t.Action == CaseMail || t.Action == TriageMail) {
			t.State = TaskStopped
		}
	}
}

// kept is how many days a closed case stays: a mail that was no request need not stay as
// long as what was done about one.
func (r Rules) kept(c Case) int {
	if r.Unplaced > 0 && c.State() == NotARequest {
		return min(r.Unplaced, r.Retention)
	}
	return r.Retention
}

// Book adds a task, numbered, unless one like it waits already.
func (c *Case) Book(t Task) {
	for i := range c.Tasks {
		w := &c.Tasks[i]
		if w.Waiting() && w.Action == t.Action && w.Item == t.Item && w.Inquiry == t.Inquiry && w.To == t.To && w.Text == t.Text && w.Date == t.Date {
			if t.Due.Before(w.Due) {
				w.Due = t.Due
			}
			w.Upto, w.Epoch = c.lastItem(), c.Epoch
			return
		}
	}
	c.LastTask++
	t.N, t.State, t.Upto, t.Epoch = c.LastTask, TaskWaiting, c.lastItem(), c.Epoch
	c.Tasks = append(c.Tasks, t)
	c.prune()
}

// tasksKept bounds the tasks of one case: a year of follow-ups must not make it heavy.
const tasksKept = 200

// prune drops the oldest mails to handlers that told of news and went out long ago.
func (c *Case) prune() {
	over := len(c.Tasks) - tasksKept
	if over <= 0 {
		return
	}
	c.Tasks = slices.DeleteFunc(c.Tasks, func(t Task) bool {
		drop := over > 0 && t.State == TaskDone && (t.Action == FollowUpMail || t.Action == StatusMail || t.Action == HelpMail || t.Action == ReminderMail || t.Action == KeeperSaid)
		if drop {
			over--
		}
		return drop
	})
}

func (c *Case) lastItem() int {
	if len(c.Items) == 0 {
		return 0
	}
	return c.Items[len(c.Items)-1].N
}

func (c *Case) stopTasks(item int) {
	for i := range c.Tasks {
		if t := &c.Tasks[i]; t.Item == item && t.State != TaskDone {
			t.State = TaskStopped
		}
	}
}

// requeue puts the failed tasks of the item, and of the whole case, back into the
// queue. Mails to the person go to the address that is pinned now. A mail that came back
// is a new task: by its old Message-ID it would be found among those that went.
func (c *Case) requeue(item int, now time.Time) {
	var again []Task
	for i := range c.Tasks {
		t := &c.Tasks[i]
		if t.State != TaskFailed || t.Item != item && t.Item != 0 {
			continue
		}
		sent := !t.Done.IsZero()
		t.State, t.Due, t.Tries, t.Why, t.Done = TaskWaiting, now, 0, "", time.Time{}
		if t.Action.Audience() == ToPerson && t.Action != Acknowledge {
			t.To = c.Pinned()
		}
		if sent {
			again = append(again, *t)
			t.State = TaskStopped
		}
	}
	for _, t := range again {
		c.Book(t)
	}
}

func (c Case) tasksAfter(n int) []Task {
	i := slices.IndexFunc(c.Tasks, func(t Task) bool { return t.N > n })
	if i < 0 {
		return nil
	}
	return slices.Clone(c.Tasks[i:])
}

// clone copies what Next may change, so that its argument stays as it was.
func (c Case) clone() Case {
	c.Items = slices.Clone(c.Items)
	for i := range c.Items {
		c.Items[i].Fields = slices.Clone(c.Items[i].Fields)
		c.Items[i].Reports = slices.Clone(c.Items[i].Reports)
		c.Items[i].Inquiries = slices.Clone(c.Items[i].Inquiries)
	}
	c.Tasks = slices.Clone(c.Tasks)
	c.Messages = slices.Clone(c.Messages)
	c.Found = slices.Clone(c.Found)
	c.Warnings = slices.Clone(c.Warnings)
	c.Notes = slices.Clone(c.Notes)
	c.Used = slices.Clone(c.Used)
	c.Refusals = slices.Clone(c.Refusals)
	c.Reminded = slices.Clone(c.Reminded)
	c.Lapses = slices.Clone(c.Lapses)
	c.Tellings = slices.Clone(c.Tellings)
	return c
}

// AddItem adds an item of the kind, not yet in any state: Next gives it one.
func (c *Case) AddItem(kind Kind, right Right, now time.Time) *Item {
	c.Items = append(c.Items, Item{N: c.lastItem() + 1, Kind: kind, Right: right, Opened: now})
	return &c.Items[len(c.Items)-1]
}
