package workflow

import (
	"slices"
	"time"
)

// Obey is the case after a handler's word, or *Impossible. upto is the number of items
// that the handler had been told of: what came later is none of the word's business.
// Words that ask for a mail alone (STATUS, HELP) book it.
func (r Rules) Obey(c Case, cmd Command, by Address, upto int, now time.Time) (Case, error) {
	ev := Event{By: by, Command: cmd, Upto: upto}
	if c.Ref.Retained() {
		return r.obeyRetained(c, cmd)
	}
	switch cmd.Word {
	case WordVerified:
		return r.vouch(c, ev, now)
	case WordUnverified:
		return r.next(c, ev, Doubted, now)
	case WordKind:
		return r.resort(c, ev, now)
	case WordSet:
		return r.setFields(c, ev, now)
	case WordExtend:
		return r.extend(c, ev, now)
	case WordRefuse:
		if cmd.Reason == "" {
			return c, &Impossible{c.State(), NeedsReason}
		}
		return r.spend(c, ev, Declined, now)
	case WordAsk:
		return r.next(c, ev, Questioned, now)
	case WordStop:
		return r.stop(c, ev, now)
	case WordRetry:
		return r.retry(c, ev, now)
	case WordIgnore:
		return r.spend(c, ev, Ignored, now)
	case WordJoin:
		return r.moveAway(c, ev, now)
	case WordDone:
		return r.done(c, ev, now)
	case WordTick:
		return r.tick(c, ev, now)
	case WordBreach:
		return r.breach(c, ev, now)
	case WordNote:
		c = c.clone()
		c.Notes = append(c.Notes, Note{At: now, By: by, Text: cmd.Text})
		return c, nil
	case WordStatus, WordHelp:
		if by == "" {
			return c, nil // typed on the server, which shows the case itself
		}
		action := StatusMail
		if cmd.Word == WordHelp {
			action = HelpMail
		}
		c = c.clone()
		c.Book(Task{Action: action, To: by, Due: now})
		return c, nil
	}
	return c, &Impossible{c.State(), NotNow}
}

func (r Rules) next(c Case, ev Event, on Trigger, now time.Time) (Case, error) {
	ev.On = on
	c, _, err := r.Next(c, ev, now)
	return c, err
}

// spend does what next does, and spends every secret that was handed out for the case.
func (r Rules) spend(c Case, ev Event, on Trigger, now time.Time) (Case, error) {
	c = c.clone()
	c.spent(now)
	c, err := r.next(c, ev, on, now)
	if err != nil {
		return c, err
	}
	r.mailRest(&c, now)
	return c, nil
}

// spent makes the secrets of every mail so far count no more.
func (c *Case) spent(now time.Time) {
	c.Epoch++
	c.Spent = now
}

// mailRest mails the handlers anew where a word has left items that wait for one: the
// secrets of the mails that told of them are spent.
func (r Rules) mailRest(c *Case, now time.Time) {
	for _, it := range c.Items {
		action := CaseMail
		switch {
		case it.State == Triage:
			action = TriageMail
		case it.Verified != nil || !c.Looked || it.State != Verifying && it.State != Asking:
			continue
		}
		for _, h := range r.Handlers {
			c.Book(Task{Action: action, To: h, Due: now})
		}
	}
}

func (r Rules) vouch(c Case, ev Event, now time.Time) (Case, error) {
	c = c.clone()
	if err := c.pick(ev.Command); err != nil {
		return c, err
	}
	if ev.Command.SendTo != "" {
		c.SendTo = ev.Command.SendTo
	}
	for _, it := range c.Items {
		if it.Kind == Change && len(it.Fields) == 0 && it.waitsFor(Vouched, ev.Upto) {
			return c, &Impossible{c.State(), NeedsFields}
		}
	}
	next, err := r.spend(c, ev, Vouched, now)
	if err == nil || ev.Command.SendTo == "" {
		return next, err
	}
	// VERIFIED, SEND TO a new address after the answer came back: the failed mails
	// go there.
	return r.spend(c, ev, Retried, now)
}

func (it Item) waitsFor(on Trigger, upto int) bool {
	_, ok := it.row(on)
	return ok && (upto == 0 || it.N <= upto)
}

// pick settles which possible matches are the person. Nothing is guessed: where the
// address was not found and somebody else may be meant, the handler has to say.
func (c *Case) pick(cmd Command) error {
	if !c.Looked {
		return &Impossible{c.State(), StillLooking}
	}
	certain := slices.ContainsFunc(c.Found, func(f Found) bool { return f.Certain || f.Picked })
	possible := slices.ContainsFunc(c.Found, func(f Found) bool { return !f.Certain })
	if !certain && possible && cmd.Pick == nil {
		return &Impossible{c.State(), NeedsPick}
	}
	shown := c.Possible()
	if cmd.Pick != nil {
		c.unpick() // MATCH says all that there is to say
	}
	for _, n := range cmd.Pick {
		if n == 0 { // MATCH 0: none of them
			continue
		}
		if n < 0 || n > len(shown) {
			return &Impossible{c.State(), NoSuchMatch}
		}
		c.Found[shown[n-1]].Picked = true
	}
	return nil
}

// Possible lists, as indexes into Found, the matches that a handler may pick, in the
// order in which the case mail numbers them from 1.
func (c Case) Possible() []int {
	var shown []int
	for i, f := range c.Found {
		if !f.Certain {
			shown = append(shown, i)
		}
	}
	return shown
}

// resort gives the undecided items other kinds: the first keeps its number, further
// kinds become new items, and what is left over was no request.
func (r Rules) resort(c Case, ev Event, now time.Time) (Case, error) {
	c = c.clone()
	var open []int
	for _, it := range c.Items {
		if it.waitsFor(SortedAs, ev.Upto) {
			open = append(open, it.N)
		}
	}
	if len(open) == 0 || len(ev.Command.Kinds) == 0 {
		return c, &Impossible{c.State(), NotNow}
	}
	c.Looked = false // what was looked up, and told, was for the other kind
	c.spent(now)
	state := c.Item(open[0]).State
	for _, kind := range ev.Command.Kinds {
		var it *Item
		if len(open) > 0 {
			it, open = c.Item(open[0]), open[1:]
			it.Kind, it.Right = kind, ""
		} else {
			it = c.AddItem(kind, "", now)
			it.State = state
		}
		ev.On, ev.Item, ev.Upto = SortedAs, it.N, 0
		if kind == Other {
			it.Right = ev.Command.Right
			if it.Right.AtOnce() {
				ev.On = SortedOnce
			}
		}
		next, _, err := r.Next(c, ev, now)
		if err != nil {
			return c, err
		}
		c = next
	}
	for _, n := range open {
		ev.On, ev.Item = Ignored, n
		next, _, err := r.Next(c, ev, now)
		if err != nil {
			return c, err
		}
		c = next
	}
	return c, nil
}

// setFields replaces what a change is to write; a field named again is overwritten.
func (r Rules) setFields(c Case, ev Event, now time.Time) (Case, error) {
	c = c.clone()
	set := false
	for i := range c.Items {
		it := &c.Items[i]
		if it.Kind != Change || !it.waitsFor(Vouched, ev.Upto) {
			continue
		}
		set = true
		for _, f := range ev.Command.Fields {
			at := slices.IndexFunc(it.Fields, func(old FieldChange) bool { return old.Field == f.Field })
			if at < 0 {
				it.Fields = append(it.Fields, f)
			} else {
				it.Fields[at].New = f.New
			}
		}
	}
	if !set || len(ev.Command.Fields) == 0 {
		return c, &Impossible{c.State(), NotNow}
	}
	c.spent(now) // VERIFIED in answer to a mail with other values speaks of those
	for _, h := range r.Handlers {
		c.Book(Task{Action: CaseMail, To: h, Due: now})
	}
	return c, nil
}

// extend takes two months more: once, within the first month, and the person is told
// the reason (Art. 12(3) GDPR).
func (r Rules) extend(c Case, ev Event, now time.Time) (Case, error) {
	c = c.clone()
	switch {
	case c.State().Closed():
		return c, &Impossible{c.State(), NotNow}
	case !c.Clock.Extended.IsZero():
		return c, &Impossible{c.State(), ExtendedBefore}
	case DateOf(now, r.Calendar.Zone).After(c.Clock.Due):
		return c, &Impossible{c.State(), MonthOver}
	case ev.Command.Text == "":
		return c, &Impossible{c.State(), NeedsReason}
	}
	c.Clock.changed()
	c.Clock.Extended = r.Calendar.Extended(c.Clock.Received)
	c.Clock.Reason = ev.Command.Text
	c.Reminded = nil
	c.Book(Task{Action: Extension, To: c.Pinned(), Text: ev.Command.Text, Due: now})
	for _, h := range r.Handlers {
		c.Book(Task{Action: CaseMail, To: h, Due: now})
	}
	return c, nil
}

// stop cancels what has not gone out yet, item by item: that the copy went is no reason
// to erase. It says so where it is too late for all of them.
func (r Rules) stop(c Case, ev Event, now time.Time) (Case, error) {
	stopped, late := false, c.State().Closed()
	for _, it := range c.Items {
		switch {
		case !it.waitsFor(Stopped, ev.Upto):
		case c.released(it.N):
			late = true
		default:
			next, err := r.stopItem(c, ev, it.N, now)
			if err != nil {
				return c, err
			}
			c, stopped = next, true
		}
	}
	if stopped {
		if !c.vouched() {
			c.SendTo = ""
			c.unpick()
		}
		return c, nil
	}
	if late {
		return c, &Impossible{c.State(), TooLate}
	}
	return c, &Impossible{c.State(), NotNow}
}

// stopItem cancels what has not gone out of an item. Where a mail may have gone, nobody
// can tell, and a handler has to look.
func (r Rules) stopItem(c Case, ev Event, item int, now time.Time) (Case, error) {
	perhaps := slices.ContainsFunc(c.Tasks, func(t Task) bool {
		return t.Item == item && t.Waiting() && t.Perhaps && t.Action.Releases()
	})
	ev.Item = item
	c, err := r.next(c, ev, Stopped, now)
	if err != nil || !perhaps {
		return c, err
	}
	ev.Why = "it may have gone out before the word STOP came"
	return r.next(c, ev, Failed, now)
}

// vouched tells whether a VERIFIED still stands for an open item.
func (c Case) vouched() bool {
	return slices.ContainsFunc(c.Items, func(it Item) bool { return it.Verified != nil && !it.State.Closed() })
}

// unpick forgets which possible matches are the person.
func (c *Case) unpick() {
	for i := range c.Found {
		c.Found[i].Picked = false
	}
}

// released tells whether something of the item has gone out or was written.
func (c Case) released(item int) bool {
	return slices.ContainsFunc(c.Tasks, func(t Task) bool {
		return t.Item == item && t.State == TaskDone && t.Action.Releases()
	})
}

func (r Rules) retry(c Case, ev Event, now time.Time) (Case, error) {
	failed := slices.ContainsFunc(c.Tasks, func(t Task) bool { return t.State == TaskFailed })
	if !failed && c.State() != Attention {
		return c, &Impossible{c.State(), NothingFailed}
	}
	next, err := r.next(c, ev, Retried, now)
	if err == nil {
		return next, nil
	}
	next = c.clone() // only a handler's own mail had failed
	next.requeue(0, now)
	return next, nil
}

func (r Rules) done(c Case, ev Event, now time.Time) (Case, error) {
	if ev.Command.Text == "breach" {
		if !c.Breached() {
			return c, &Impossible{c.State(), NoBreach}
		}
		c = c.clone()
		breach := *c.Breach
		breach.Done = now
		c.Breach = &breach
		r.rest(&c, now)
		return c, nil
	}
	if ev.Command.Text == "told" && len(c.Tellings) > 0 {
		return r.told(c, ev, now)
	}
	if ev.Command.Text == "told" {
		ev.Command.Text = ev.Command.Argument // a note like any other
	}
	if withdrawn(ev.Command.Text) { // also where the person said so on the telephone: it is the handler's word
		return r.spend(c, ev, TakenBack, now)
	}
	return r.spend(c, ev, Outside, now)
}

// breach opens the 72-hour entry (Art. 33(1) GDPR); it stays in every digest until
// DONE breach.
func (r Rules) breach(c Case, ev Event, now time.Time) (Case, error) {
	c = c.clone()
	if !c.Breached() {
		known := now
		if at := ev.Command.At; !at.IsZero() && at.Before(now) {
			known = at // the mail may have waited to be read
		}
		c.Breach = &BreachClock{Known: known, Due: known.Add(breachTime)}
	}
	if ev.Command.Text != "" {
		c.Notes = append(c.Notes, Note{At: now, By: ev.By, Text: ev.Command.Text})
	}
	r.rest(&c, now) // a closed case is open again
	for _, h := range r.Handlers {
		c.Book(Task{Action: AttentionMail, To: h, Name: "breach", Due: now})
	}
	return c, nil
}

// breachTime is counted from the moment of knowing. That Regulation 1182/71, 3(1) leaves
// out the hour in which it falls, and 3(5) may add working days, is no time to plan with.
const breachTime = 72 * time.Hour

// withdrawn tells whether DONE says that the person took the request back.
func withdrawn(t Text) bool {
	switch t {
	case "withdrawn", "peruttu", "återkallad", "återtagen":
		return true
	}
	return false
}
