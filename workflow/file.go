package workflow

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Identity tells a mail from every other: where it lies, and what it says. If either
// was seen, the mail was filed before: the first survives a changed header, the second
// a changed UIDVALIDITY and a second delivery.
type Identity struct {
	UIDValidity, UID uint32
	Digest           string // of the content, hex
	Replay           string // of a handler's word: what its author signed, see Decision
}

func (id Identity) keys() []string {
	if id == (Identity{}) {
		return nil
	}
	keys := []string{"digest:" + id.Digest}
	if id.UID != 0 {
		keys = append(keys, fmt.Sprintf("uid:%d:%d", id.UIDValidity, id.UID))
	}
	if id.Replay != "" {
		keys = append(keys, "replay:"+id.Replay)
	}
	return keys
}

// Arrival is a mail of somebody who is not a handler, reduced to what a case needs.
type Arrival struct {
	Identity   Identity
	Received   time.Time // INTERNALDATE
	MessageID  string
	References []string // In-Reply-To and References
	Subject    Text
	From       Address
	Name       Text
	Text       Text // visible new text
	Files      []string
	Language   string // of the mails to the person
	Heard      string // that the person wrote in
	Kinds      []Kind // none: no request
	Right      Right  // of kind other
	Sure       bool
	Why        []Text
	Fields     []FieldChange // of a change, as far as it could be read
	Answers    []FieldChange // likewise, if the mail answers the question what is to be changed
	Also       map[string]Text
	Warnings   []Warning
	Problem    string // why the mail could not be read whole
}

// Filed is what came of a mail.
type Filed string

const (
	Opened    Filed = "opened"    // a new case
	Unsure    Filed = "triage"    // a new case that a handler has to sort
	Joined    Filed = "joined"    // an open case took it
	Reopened  Filed = "reopened"  // a closed case took it as a new item
	LeftAlone Filed = "left"      // not a request, and of no case
	Duplicate Filed = "duplicate" // filed before
)

// textKept bounds what a case keeps of one mail's text, in bytes.
const textKept = 16 << 10

// mailsKept bounds how many mails a case keeps; later ones are counted.
const mailsKept = 40

// File takes in a mail of a person: opens a case, joins it to one, or leaves it alone.
// What it returns as ref is "" for a mail left alone.
func (e *Engine) File(ctx context.Context, a Arrival) (Ref, Filed, error) {
	if seen, err := e.store.Seen(ctx, a.Identity.keys()...); err != nil || seen {
		return "", Duplicate, err
	}
	a.Text = clip(a.Text)
	ref, err := e.thread(ctx, a)
	if err != nil {
		return "", "", err
	}
	filed := Joined
	switch {
	case ref != "":
		filed, err = e.join(ctx, ref, a)
	case len(a.Kinds) == 0 && a.Problem == "" && !e.strays(a):
		return "", LeftAlone, nil
	default:
		ref, filed, err = e.open(ctx, e.asStray(a))
	}
	if errors.Is(err, ErrDuplicate) {
		return ref, Duplicate, nil
	}
	return ref, filed, err
}

// strays tells whether a mail that no case took names one, or answers a mail of ours: a
// handler has to say where it belongs.
func (e *Engine) strays(a Arrival) bool {
	return FindRef(a.Subject.Reveal()) != "" || slices.ContainsFunc(a.References, func(id string) bool {
		st, own := e.stamps.Own(id)
		return own && st.Ref != Desk
	})
}

// asStray warns of a mail that no case took though it names one. Where it asks for
// nothing, that is what a handler has to look at.
func (e *Engine) asStray(a Arrival) Arrival {
	if !e.strays(a) {
		return a
	}
	a.Warnings = append(slices.Clone(a.Warnings), Stray)
	a.Sure = a.Sure && len(a.Kinds) > 0
	return a
}

// thread finds the case that a mail belongs to: by References, by the reference in the
// subject with the case's own sender, or by a sender with an open case.
func (e *Engine) thread(ctx context.Context, a Arrival) (Ref, error) {
	if ref, err := e.byReferences(ctx, a.References); err != nil || ref != "" {
		return ref, err
	}
	refs, err := e.store.ByAddress(ctx, a.From)
	if err != nil {
		return "", fmt.Errorf("look for the sender's cases: %w", err)
	}
	named := FindRef(a.Subject.Reveal())
	if named != "" && slices.Contains(refs, named) {
		return e.follow(ctx, named)
	}
	for _, ref := range slices.Backward(refs) {
		c, err := e.store.Load(ctx, ref)
		if errors.Is(err, ErrNoCase) {
			continue
		}
		if err != nil {
			return "", fmt.Errorf("load case %s: %w", ref, err)
		}
		if !c.Closed() {
			return ref, nil
		}
	}
	return "", nil
}

func (e *Engine) byReferences(ctx context.Context, references []string) (Ref, error) {
	for _, id := range slices.Backward(references) {
		if st, own := e.stamps.Own(id); own && st.Ref != Desk && st.To == ToPerson {
			return e.follow(ctx, st.Ref)
		}
	}
	if len(references) == 0 {
		return "", nil
	}
	ref, err := e.store.ByMessage(ctx, references...)
	if err != nil || ref == "" {
		return "", err
	}
	return e.follow(ctx, ref)
}

func (e *Engine) open(ctx context.Context, a Arrival) (Ref, Filed, error) {
	ref, err := e.store.NewRef(ctx, DateOf(e.now(), e.rules.Calendar.Zone).Year)
	if err != nil {
		return "", "", fmt.Errorf("take a reference: %w", err)
	}
	quiet, err := e.quiet(ctx, ref, a.From)
	if err != nil {
		return "", "", err
	}
	c := Case{
		Ref:      ref,
		Person:   Person{Address: a.From, Name: a.Name, Also: a.Also},
		Language: a.Language,
		Heard:    a.Heard,
		Received: a.Received,
		Clock:    e.rules.Calendar.Clock(a.Received),
		Why:      a.Why,
		Problem:  a.Problem,
	}
	if c.Language == "" {
		c.Language = e.rules.Language
	}
	c.take(a)
	filed := Opened
	if !a.Sure || a.Problem != "" {
		filed = Unsure
	}
	hushed, err := e.hushed(ctx, filed)
	if err != nil {
		return "", "", err
	}
	c, err = e.rules.request(c, a, Event{Quiet: quiet, Hushed: hushed}, e.now())
	if err != nil {
		return "", "", err
	}
	event := entry(string(filed), "kinds", kindList(a.Kinds), "digest", a.Identity.Digest)
	err = e.commit(ctx, Step{
		Case:       c,
		Identities: a.Identity.keys(),
		MessageIDs: nonEmpty(a.MessageID),
		Entries:    []Entry{event},
	})
	return ref, filed, err
}

// request adds an item for each kind that the mail asks for.
func (r Rules) request(c Case, a Arrival, ev Event, now time.Time) (Case, error) {
	kinds := a.Kinds
	if len(kinds) == 0 {
		kinds = []Kind{Other} // unreadable: a handler says what it is
	}
	c = c.clone()
	for _, kind := range kinds {
		it := c.AddItem(kind, "", now)
		on := Requested
		if kind == Other {
			it.Right = a.Right
		}
		if kind == Change {
			it.Fields = slices.Clone(a.Fields)
		}
		switch {
		case !a.Sure || a.Problem != "":
			on = Doubtful
		case kind == Other && a.Right.AtOnce() && a.From != c.Person.Address:
			on = Doubtful // in the thread of a case, but not its person's: nothing is done to them by it
		case kind == Other && a.Right.AtOnce():
			on = Demanded
		}
		ev.On, ev.Item, ev.Reply = on, it.N, a.MessageID
		next, _, err := r.Next(c, ev, now)
		if err != nil {
			return c, err
		}
		c = next
	}
	return c, nil
}

// hushed tells whether the handlers had enough mails about cases to sort: a flood is for
// the digest.
func (e *Engine) hushed(ctx context.Context, filed Filed) (bool, error) {
	if filed != Unsure || e.limits.TriageMails == 0 {
		return false, nil
	}
	ok, err := e.store.Allow(ctx, "triage-mail", e.limits.TriageMails, time.Hour, e.now())
	if err != nil {
		return false, fmt.Errorf("count triage mails: %w", err)
	}
	return !ok, nil
}

// quiet tells whether the address, the case, or everybody together had enough
// acknowledgements.
func (e *Engine) quiet(ctx context.Context, ref Ref, to Address) (bool, error) {
	bounds := []struct {
		what string
		most int
		per  time.Duration
	}{
		{"acknowledge:" + to.Reveal(), e.limits.AcknowledgementsPerAddress, 24 * time.Hour},
		{"acknowledge:" + string(ref), cmp.Or(e.limits.AcknowledgementsPerCase, e.limits.AcknowledgementsPerAddress), 24 * time.Hour},
		{"acknowledge", e.limits.Acknowledgements, time.Hour},
	}
	for _, b := range bounds {
		ok, err := e.store.Allow(ctx, b.what, b.most, b.per, e.now())
		if err != nil {
			return false, fmt.Errorf("count acknowledgements: %w", err)
		}
		if !ok {
			return true, nil
		}
	}
	return false, nil
}

// join adds a mail to a case. A mail proves nothing: it may add an item or a warning,
// and never closes, changes, redirects or stops anything.
func (e *Engine) join(ctx context.Context, ref Ref, a Arrival) (Filed, error) {
	filed := Joined
	_, err := e.change(ctx, ref, func(c Case) (Step, error) {
		filed = Joined
		news := c.newKinds(a)
		wasClosed := c.State().Closed()
		c = c.clone()
		c.take(a)
		if a.From != c.Person.Address {
			c.Warn(OtherSender)
		}
		if wasClosed && len(news) > 0 {
			filed = Reopened
			was := c.Clock
			c.Received, c.Clock = a.Received, e.rules.Calendar.Clock(a.Received)
			c.Clock.Changes = was.Sequence() + 1
			c.Purge, c.Reminded, c.Looked = Date{}, nil, false
			// What was verified was the earlier request, whose answer may have been sent again until now.
			c.Passphrase, c.SendTo = "", ""
			c.unpick()
			c.Epoch++
		}
		var err error
		if len(news) > 0 {
			quiet, err := e.quiet(ctx, ref, c.Person.Address)
			if err != nil {
				return Step{}, err
			}
			more := a
			more.Kinds = news
			if c, err = e.rules.request(c, more, Event{Quiet: quiet || a.From != c.Person.Address}, e.now()); err != nil {
				return Step{}, err
			}
		}
		if c, err = e.rules.reply(c, a, e.now()); err != nil {
			return Step{}, err
		}
		c.tell(FollowUpMail, e.rules.Handlers, e.limits.NoticeEvery, e.now())
		event := entry(string(filed), "kinds", kindList(news), "digest", a.Identity.Digest)
		return Step{
			Case:       c,
			Identities: a.Identity.keys(),
			MessageIDs: nonEmpty(a.MessageID),
			Entries:    []Entry{event},
		}, nil
	})
	return filed, err
}

// newKinds lists the kinds that the mail surely asks for and that no open item has.
// What it may ask for is the follow-up mail's to show.
func (c Case) newKinds(a Arrival) []Kind {
	if !a.Sure && !c.State().Closed() {
		return nil
	}
	var news []Kind
	for _, kind := range a.Kinds {
		open := slices.ContainsFunc(c.Items, func(it Item) bool {
			return it.Kind == kind && !it.State.Closed() && (kind != Other || it.Right == a.Right)
		})
		if !open {
			news = append(news, kind)
		}
	}
	return news
}

// reply takes the mail as the answer to a question, where one was put. A change of
// which nothing could be read yet is read from it, if it is the person's; what a handler
// already saw stays. What they did not see yet they are shown before VERIFIED counts.
func (r Rules) reply(c Case, a Arrival, now time.Time) (Case, error) {
	news := false
	for i := range c.Items {
		it := &c.Items[i]
		said := a.Fields
		if len(said) == 0 && !it.Asked.IsZero() {
			said = a.Answers
		}
		if it.Kind != Change || len(it.Fields) > 0 || len(said) == 0 || a.From != c.Person.Address || it.State.Closed() {
			continue
		}
		it.Fields = slices.Clone(said)
		news = news || it.waitsFor(Vouched, 0)
	}
	if news {
		c.Epoch++
		c.Spent = now
		for _, h := range r.Handlers {
			c.Book(Task{Action: CaseMail, To: h, Due: now})
		}
	}
	return r.answered(c, now)
}

// answered takes a mail as the answer to a question, where one was put.
func (r Rules) answered(c Case, now time.Time) (Case, error) {
	if c.State() != Asking {
		return c, nil
	}
	c, _, err := r.Next(c, Event{On: Replied}, now)
	return c, err
}

// take keeps the mail and its warnings.
func (c *Case) take(a Arrival) {
	for _, w := range a.Warnings {
		c.Warn(w)
		if w == Urgency || w == Reminder {
			c.Urgent = true
		}
	}
	c.keep(Message{
		ID: a.MessageID, At: a.Received, From: a.From, Subject: a.Subject, Text: a.Text,
		References: lastFew(a.References), Attachments: a.Files, Problem: a.Problem,
	})
}

// keep keeps the mail, or counts it.
func (c *Case) keep(m Message) {
	if len(c.Messages) >= mailsKept {
		c.More++
		return
	}
	c.Messages = append(c.Messages, m)
}

// tell books a mail to each handler, at most one in every period however much happens.
func (c *Case) tell(action Action, handlers []Address, every time.Duration, now time.Time) {
	for _, h := range handlers {
		due := now
		for _, t := range c.Tasks {
			if t.Action == action && t.To == h && t.State == TaskDone && t.Done.Add(every).After(due) {
				due = t.Done.Add(every)
			}
		}
		c.Book(Task{Action: action, To: h, Due: due})
	}
}

// lastFew keeps the ends of a long chain of references: the first and the last nine
// thread a mail as well as all of them do (RFC 5322, 3.6.4).
func lastFew(references []string) []string {
	if len(references) <= 10 {
		return references
	}
	return append([]string{references[0]}, references[len(references)-9:]...)
}

func clip(t Text) Text {
	if len(t) <= textKept {
		return t
	}
	return Text(strings.ToValidUTF8(string(t[:textKept]), "")) + " […]"
}

func kindList(kinds []Kind) string {
	var s []string
	for _, k := range kinds {
		s = append(s, string(k))
	}
	return strings.Join(s, "+")
}

func nonEmpty(id string) []string {
	if id == "" {
		return nil
	}
	return []string{id}
}

// askedForFields notes that an acknowledgement went out: it asks, once an item, what a change is to write where the mail did not say.
func (c *Case) askedForFields(t Task, now time.Time) {
	for i := range c.Items {
		if it := &c.Items[i]; it.AskNow() && (t.Upto == 0 || it.N <= t.Upto) {
			it.Asked = now
		}
	}
}

// AskNow tells whether the acknowledgement is to ask the person what exactly is to be changed. It hangs on the mail alone, never
// on what the registers hold.
func (it Item) AskNow() bool {
	return it.Kind == Change && len(it.Fields) == 0 && it.Asked.IsZero() && !it.State.Closed()
}
