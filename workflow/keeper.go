package workflow

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"
)

// Keeper is somebody who keeps a register by hand: they are asked by mail, and answer by mail.
type Keeper struct {
	Register  string
	Titles    []string // what else a handler may call the register
	Address   Address
	Marketing bool  // the register says who may be sent marketing
	Remind    []int // days without an answer after which the question is put again; the last step goes on and on
	Tell      []Recipient
}

// Inquiry is the question to the keeper of a register about one item: look up, change or erase. Its secret is the
// Message-ID of the mails that put it, and it takes one answer.
type Inquiry struct {
	N        int             `json:"n"` // from 1 within the case, never used again
	Register string          `json:"register"`
	Keeper   Address         `json:"keeper"`
	State    InquiryState    `json:"state"`
	Until    Date            `json:"until,omitzero"` // the answer is needed by then
	Asked    time.Time       `json:"asked,omitzero"`
	Reminded Date            `json:"reminded,omitzero"`
	Known    map[string]Text `json:"known,omitempty"` // role to what the keeper was told to find the person by
	Settled  time.Time       `json:"settled,omitzero"`
	Ticked   bool            `json:"ticked,omitempty"` // by a handler, in the keeper's place
	Text     Text            `json:"text,omitempty"`   // of an access item for the person; else for handlers
	Files    []KeptFile      `json:"files,omitempty"`  // of an access item
}

// InquiryState is how far a question to a keeper has come.
type InquiryState string

const (
	InquiryDue     InquiryState = "due"     // the question has not gone out yet
	InquiryOpen    InquiryState = "open"    // asked; the keeper has not answered
	InquiryDone    InquiryState = "done"    // the keeper did it, or gave what there is
	InquiryNothing InquiryState = "nothing" // the keeper holds nothing on the person
	InquiryIdle    InquiryState = "idle"    // the register has nothing that the item is about: nobody was asked
	InquiryDropped InquiryState = "dropped" // no answer is needed any more
)

// Open tells whether the item still waits for it.
func (s InquiryState) Open() bool { return s == InquiryDue || s == InquiryOpen }

// KeptFile is a document of a keeper's. The store keeps its content, sealed, for as long as the case names its ID.
type KeptFile struct {
	ID   string `json:"id,omitempty"` // "" once the content was destroyed
	Name Text   `json:"name"`
	Type string `json:"type"` // by its content
	Size int    `json:"size"`
}

// Inquiry finds a question to a keeper, and the item that it is about; nil where there is none.
func (c *Case) Inquiry(n int) (*Item, *Inquiry) {
	for i := range c.Items {
		for j := range c.Items[i].Inquiries {
			if q := &c.Items[i].Inquiries[j]; q.N == n {
				return &c.Items[i], q
			}
		}
	}
	return nil, nil
}

// AwaitedRegisters lists the registers whose keepers were asked and have not answered, each once.
func (c Case) AwaitedRegisters() []string {
	var awaited []string
	for _, it := range c.Items {
		for _, q := range it.Inquiries {
			if q.State == InquiryOpen && !slices.Contains(awaited, q.Register) {
				awaited = append(awaited, q.Register)
			}
		}
	}
	return awaited
}

// FileIDs lists the documents whose content the case still needs.
func (c Case) FileIDs() []string {
	var ids []string
	for _, it := range c.Items {
		for _, q := range it.Inquiries {
			for _, f := range q.Files {
				if f.ID != "" {
					ids = append(ids, f.ID)
				}
			}
		}
	}
	return ids
}

// awaits tells whether a keeper has not answered for the item.
func (it Item) awaits() bool {
	return slices.ContainsFunc(it.Inquiries, func(q Inquiry) bool { return q.State.Open() })
}

// inquire opens a question to each keeper whose register the item may concern, and books the mails. What is done at
// once concerns marketing alone.
func (r Rules) inquire(c *Case, it *Item, now time.Time) {
	n := 0
	for _, other := range c.Items {
		for _, q := range other.Inquiries {
			n = max(n, q.N)
		}
	}
	for _, k := range r.Keepers {
		if it.Right.AtOnce() && !k.Marketing {
			continue
		}
		n++
		it.Inquiries = append(it.Inquiries, Inquiry{N: n, Register: k.Register, Keeper: k.Address, State: InquiryDue, Until: r.neededBy(*c, now)})
		c.Book(Task{Action: KeeperMail, Item: it.N, Inquiry: n, To: k.Address, Due: now})
	}
	if !it.awaits() {
		return
	}
	for _, h := range r.Handlers { // what they had is spent, and it may take weeks: STOP and TICK need a mail to answer
		c.Book(Task{Action: Receipt, To: h, Due: now})
	}
}

// mostForKeeper is how many days a keeper has at most.
const mostForKeeper = 10

// neededBy is the day by which a keeper should answer: half of what is left of the time, so that there is room to
// ask again, and a working day.
func (r Rules) neededBy(c Case, now time.Time) Date {
	today, ends := DateOf(now, r.Calendar.Zone), c.Clock.Ends()
	day := today.AddDays(max(1, min(mostForKeeper, today.DaysUntil(ends)/2)))
	if work := r.Calendar.Workday(day); !work.After(ends) {
		return work
	}
	return day
}

// settle takes the answer to a question. What waited for it goes on.
func (r Rules) settle(c *Case, q *Inquiry, state InquiryState, now time.Time) {
	it, _ := c.Inquiry(q.N)
	q.State, q.Settled = state, now
	c.stopMails(*q)
	if state == InquiryDone && (it.Kind == Change || it.Kind == Erasure) {
		c.tellOthers(it.N, r.keeper(q.Register).Tell, now)
	}
	for i := range c.Tasks {
		if t := &c.Tasks[i]; t.Waiting() && t.Due.After(now) && t.Action.waitsForKeepers() {
			t.Due = now
		}
	}
}

// stopMails takes back the mails of a question that are still to go, or could not.
func (c *Case) stopMails(q Inquiry) {
	for i := range c.Tasks {
		if t := &c.Tasks[i]; t.Action == KeeperMail && t.Inquiry == q.N && t.State != TaskDone {
			t.State = TaskStopped
		}
	}
}

// resume brings an item that only a keeper's mail had held up back to work.
func (r Rules) resume(c Case, item int, now time.Time) (Case, error) {
	failed := slices.ContainsFunc(c.Tasks, func(t Task) bool { return t.Item == item && t.State == TaskFailed })
	if it := c.Item(item); failed || it.State != Attention || it.Was != Fulfilling {
		return c, nil
	}
	next, _, err := r.Next(c, Event{On: Retried, Item: item}, now)
	return next, err
}

func (r Rules) keeper(register string) Keeper {
	for _, k := range r.Keepers {
		if k.Register == register {
			return k
		}
	}
	return Keeper{Register: register}
}

// dropInquiries ends the questions of an item that is no longer carried out. Who was asked already is told.
func (c *Case) dropInquiries(it *Item, now time.Time) {
	for i := range it.Inquiries {
		q := &it.Inquiries[i]
		if !q.State.Open() {
			continue
		}
		if q.State == InquiryOpen {
			c.Book(Task{Action: KeeperStop, Inquiry: q.N, To: q.Keeper, Due: now})
		}
		q.State, q.Settled = InquiryDropped, now
		c.stopMails(*q)
	}
}

// bouncesWithin is how long after the answer its documents are kept: a server gives up on a mail after four or five days
// (RFC 5321, 4.5.4.1), and an answer that came back has to be made again.
const bouncesWithin = 7 * 24 * time.Hour

// endInquiries sees to the questions and documents of an item that is no longer carried out.
func (c *Case) endInquiries(it *Item, on Trigger, now time.Time) {
	if it.State == Fulfilling || it.State == Attention {
		return
	}
	c.dropInquiries(it, now)
	switch {
	case !slices.ContainsFunc(it.Inquiries, func(q Inquiry) bool { return len(q.Files) > 0 }):
	case on == Completed:
		c.Book(Task{Action: Shred, Item: it.N, Due: now.Add(bouncesWithin)})
	default:
		it.shred()
	}
}

// shred lets go of the documents of the item; their names stay.
func (it *Item) shred() {
	for i := range it.Inquiries {
		files := slices.Clone(it.Inquiries[i].Files)
		for j := range files {
			files[j].ID = ""
		}
		it.Inquiries[i].Files = files
	}
}

// forgetInquiries drops what keepers were told of the person, and what they answered.
func (it *Item) forgetInquiries() {
	for i := range it.Inquiries {
		q := &it.Inquiries[i]
		q.Known, q.Text, q.Files = nil, "", nil
	}
}

// asked takes the news that a question went out, or that there was nothing to ask.
func (r Rules) asked(c *Case, t Task, res Result, stopped bool, now time.Time) {
	_, q := c.Inquiry(t.Inquiry)
	switch {
	case q == nil:
	case stopped: // it was on its way when the word came that stopped it
		c.Book(Task{Action: KeeperStop, Inquiry: q.N, To: t.To, Due: now})
	case q.State == InquiryDue && res.Idle:
		r.settle(c, q, InquiryIdle, now)
	case q.State == InquiryDue:
		q.State, q.Asked, q.Known = InquiryOpen, now, res.Known
		for i := range c.Tasks { // the registers waited for this
			if w := &c.Tasks[i]; w.Waiting() && w.Item == t.Item && (w.Action == EraseData || w.Action == ChangeData) && w.Due.After(now) {
				w.Due = now
			}
		}
	}
}

// waitsForKeepers tells whether the action is held while a keeper has not answered: the person hears of the whole.
func (a Action) waitsForKeepers() bool {
	return a == Answer || a == ConfirmChange || a == ConfirmErasure
}

const (
	copyHold   = 10 * time.Second // a copy is being made
	keeperHold = time.Hour        // a keeper's answer wakes what waits for it
)

// hold is how long a task has to wait for another thing of the case to be done first; 0: it can be done now.
func (c Case) hold(t Task) time.Duration {
	it := c.Item(t.Item)
	if it == nil {
		return 0
	}
	afterCopy := t.Action == ChangeData || t.Action == KeeperMail && it.Kind == Change
	switch {
	case afterCopy && c.copyAwaited():
		return keeperHold
	case afterCopy && c.copyAtWork():
		return copyHold
	case (t.Action == ChangeData || t.Action == EraseData) && c.unsaid(*it):
		return copyHold // the mail to a keeper names the person by what the registers hold now
	case t.Action.waitsForKeepers() && it.awaits():
		return keeperHold
	}
	return 0
}

// copyAwaited tells whether a copy that was released waits for a keeper.
func (c Case) copyAwaited() bool {
	return slices.ContainsFunc(c.Items, func(it Item) bool {
		return it.Kind == Access && it.Verified != nil && !it.State.Closed() && it.awaits()
	})
}

// unsaid tells whether a first mail to a keeper is still to go.
func (c Case) unsaid(it Item) bool {
	return slices.ContainsFunc(c.Tasks, func(t Task) bool {
		if t.Action != KeeperMail || t.Item != it.N || !t.Waiting() {
			return false
		}
		_, q := c.Inquiry(t.Inquiry)
		return q != nil && q.State == InquiryDue
	})
}

// readdress lets RETRY mail the keepers who are configured now: an address that bounced is mended there.
func (r Rules) readdress(c *Case, item int) {
	for i := range c.Tasks {
		t := &c.Tasks[i]
		if t.Action != KeeperMail || t.Item != item || t.State != TaskFailed {
			continue
		}
		_, q := c.Inquiry(t.Inquiry)
		if k := r.keeper(q.Register); k.Address != "" {
			q.Keeper, t.To = k.Address, k.Address
		}
	}
}

// NoKeeper is why a question is not put: by the configuration nobody keeps the register by hand any more.
const NoKeeper = "nobody keeps the register by hand any more; look there, then answer TICK"

// misdirected tells whether a mail to a keeper would go to somebody who keeps the register no longer. Who was asked
// before is still told that it is over.
func (r Rules) misdirected(c Case, t Task) bool {
	_, q := c.Inquiry(t.Inquiry)
	return t.Action == KeeperMail && q != nil && r.keeper(q.Register).Address != t.To
}

// redirect takes a mail back that would go to a former keeper. The question goes to who keeps the register now; where
// nobody does, a handler has to look.
func (e *Engine) redirect(ctx context.Context, claim Claim) error {
	_, err := e.change(ctx, claim.Ref, func(c Case) (Step, error) {
		c = c.clone()
		step := Step{Case: c, Claim: &claim}
		t := c.Task(claim.Task)
		if t == nil || !t.Waiting() || !e.rules.misdirected(c, *t) {
			return step, nil
		}
		_, q := c.Inquiry(t.Inquiry)
		again := Task{Action: KeeperMail, Item: t.Item, Inquiry: t.Inquiry, To: e.rules.keeper(q.Register).Address, Name: t.Name, Date: t.Date, Due: e.now()}
		if again.To == "" && q.State == InquiryDue {
			var err error
			step.Case, step.Entries, err = e.rules.failed(c, *t, Result{Fault: Permanent, Why: NoKeeper}, e.now())
			return step, err
		}
		t.State = TaskStopped
		if again.To != "" && (again.Name == "" || again.Name == KeeperReminder) { // else it was about a reply of the former one's
			q.Keeper = again.To
			c.Book(again)
		}
		step.Case = c
		return step, nil
	})
	return err
}

// askAgain lists the questions that are to be put again today.
func (r Rules) askAgain(c Case, today Date) []int {
	var again []int
	for _, it := range c.Items {
		for _, q := range it.Inquiries {
			k := r.keeper(q.Register)
			if q.State == InquiryOpen && k.Address != "" && k.remindsBy(DateOf(q.Asked, r.Calendar.Zone), today).After(q.Reminded) {
				again = append(again, q.N)
			}
		}
	}
	return again
}

// remindsBy is the last day up to today on which a question is put again; zero for none.
func (k Keeper) remindsBy(asked, today Date) Date {
	var last Date
	days, step := 0, 0
	for i := 0; len(k.Remind) > 0; i++ {
		if i < len(k.Remind) {
			step = max(1, k.Remind[i]-days)
		}
		days += step
		if day := asked.AddDays(days); day.After(today) {
			break
		} else {
			last = day
		}
	}
	return last
}

// remindKeepers books the mails that put questions again.
func (r Rules) remindKeepers(c *Case, again []int, today Date, now time.Time) {
	for _, n := range again {
		it, q := c.Inquiry(n)
		q.Reminded, q.Keeper = today, r.keeper(q.Register).Address // who kept it before hears nothing more
		c.Book(Task{Action: KeeperMail, Item: it.N, Inquiry: n, To: q.Keeper, Name: KeeperReminder, Date: today, Due: now})
	}
}

// askKeepersAgain puts the questions of a case again that are due for it, on a day with a digest.
func (e *Engine) askKeepersAgain(ctx context.Context, c Case, today Date, now time.Time) error {
	if _, hour := e.rules.digestDue(now); !hour || len(e.rules.askAgain(c, today)) == 0 {
		return nil
	}
	_, err := e.change(ctx, c.Ref, func(c Case) (Step, error) {
		again := e.rules.askAgain(c, today)
		if len(again) == 0 {
			return Step{}, errDigested
		}
		c = c.clone()
		e.rules.remindKeepers(&c, again, today, now)
		return Step{Case: c, Entries: []Entry{entry("keepers-reminded", "questions", strconv.Itoa(len(again)))}}, nil
	})
	if errors.Is(err, errDigested) || errors.Is(err, ErrNoCase) {
		return nil
	}
	return err
}

// KeeperReminder is what a mail to a keeper is about that puts the question again. Others are the troubles of their reply.
const KeeperReminder = "reminder"
