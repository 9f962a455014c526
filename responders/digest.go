package responders

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"dpobot/workflow"
)

// What a digest lists at most: it is read on a telephone, and thousands are counted.
const (
	digestRows  = 40
	digestPen   = 10
	digestMoved = 20
	// digestPressed is how many rows have a button: the most urgent.
	digestPressed = 10
)

// overview is what a digest tells of the cases, in no language yet.
type overview struct {
	total    int
	rows     []workflow.Case // the first, by due date; nothing but what a row shows
	pen      []workflow.Case
	penMore  int
	breaches []workflow.Case
	failed   []workflow.Case
	moved    []MovedRow
	untold   []workflow.Case
}

// lately remembers the last overview for the other handlers of the same digest, so that
// thousands of cases are opened once and not once for each.
type lately struct {
	mu       sync.Mutex
	booked   booking
	overview overview
}

// booking tells digests apart: the tasks of one have these in common.
type booking struct {
	due  int64
	text workflow.Text
}

// digest is the day's overview: what burns first, then by due date.
func (r *Responder) digest(ctx context.Context, w workflow.Work, v *View) error {
	o, err := r.overviewFor(ctx, w)
	if err != nil {
		return err
	}
	d := &v.Digest
	d.Total, d.More, d.PenMore = o.total, o.total-len(o.rows)-len(o.pen)-o.penMore, o.penMore
	for _, c := range o.breaches {
		d.Breaches = append(d.Breaches, r.breach(w, c, v.Lang))
	}
	for _, c := range o.pen {
		d.Pen = append(d.Pen, r.penRow(w, c, v))
	}
	for _, c := range o.failed {
		d.Failed = append(d.Failed, r.digestRow(c, v.Today))
	}
	for _, c := range o.untold {
		d.Untold = append(d.Untold, r.untold(w, c, v.Lang))
	}
	for i, c := range o.rows {
		row := r.digestRow(c, v.Today)
		row.Awaited = r.awaited(c, v.Lang)
		if i < digestPressed {
			row.Buttons = r.nextSteps(w, c, v.Lang)
		}
		switch {
		case row.DaysLeft < 0:
			d.Overdue = append(d.Overdue, row)
		case row.DaysLeft <= 7:
			d.ThisWeek = append(d.ThisWeek, row)
		default:
			d.Later = append(d.Later, row)
		}
	}
	d.Entries = o.moved
	d.Moved = o.moved[:min(len(o.moved), digestMoved)]
	d.MovedMore = len(o.moved) - len(d.Moved)
	return r.health(ctx, w, d)
}

// overviewFor is the overview of a booked digest, made once for all who get it; a try that
// is repeated looks anew.
func (r *Responder) overviewFor(ctx context.Context, w workflow.Work) (overview, error) {
	r.lately.mu.Lock()
	defer r.lately.mu.Unlock()
	booked := booking{w.Task.Due.UnixNano(), w.Task.Text}
	if !w.Task.Due.IsZero() && w.Task.Tries == 0 && r.lately.booked == booked {
		return r.lately.overview, nil
	}
	o, err := r.survey(ctx, r.lastDigest(w))
	if err == nil {
		r.lately.booked, r.lately.overview = booked, o
	}
	return o, err
}

// newsFor is how far back a digest looks where none went before it.
const newsFor = 7 * 24 * time.Hour

// lastDigest is when the digest before this one went: what came since is news.
func (r *Responder) lastDigest(w workflow.Work) time.Time {
	last := r.queue.Now().Add(-newsFor)
	for _, t := range w.Case.Tasks {
		same := t.Date == w.Task.Date && t.Text == w.Task.Text
		if t.Action == workflow.DigestMail && t.N < w.Task.N && !same && t.Done.After(last) {
			last = t.Done
		}
	}
	return last
}

// survey looks through the open cases once. Of most it keeps nothing.
func (r *Responder) survey(ctx context.Context, since time.Time) (overview, error) {
	var o overview
	for c, err := range r.queue.Store().Open(ctx) {
		if err != nil && c.Ref == "" {
			return o, fmt.Errorf("walk the open cases: %w", err)
		}
		o.total++
		if err != nil {
			r.log.Error("a case cannot be opened for the digest", "case", c.Ref, "error", err)
			continue
		}
		o.take(c, since)
	}
	return o, nil
}

func (o *overview) take(c workflow.Case, since time.Time) {
	if c.Breached() {
		o.breaches = append(o.breaches, sketch(c))
	}
	if len(failed(c)) > 0 && len(o.failed) < digestRows {
		o.failed = append(o.failed, sketch(c))
	}
	if c.Clock.Moved.After(since) {
		o.moved = append(o.moved, MovedRow{string(c.Ref), c.Clock.From, c.Clock.Ends(), c.Clock.MovedWhy, c.Clock.Sequence()})
	}
	if len(c.Untold()) > 0 && len(o.untold) < digestRows {
		o.untold = append(o.untold, sketch(c))
	}
	switch {
	case c.State().Closed() && !c.Breached():
		o.total-- // answered; only recipients are left to tell
	case c.State() != workflow.Triage && len(o.rows) < digestRows:
		o.rows = append(o.rows, sketch(c))
	case c.State() == workflow.Triage && len(o.pen) < digestPen:
		o.pen = append(o.pen, sketch(c))
	case c.State() == workflow.Triage:
		o.penMore++
	}
}

// sketch is a case without what no row shows, so that many weigh little.
func sketch(c workflow.Case) workflow.Case {
	first := c.First()
	c.Messages, c.Found, c.Why, c.Notes, c.Used = nil, nil, nil, nil, nil
	if first != nil {
		first.Text = ""
		c.Messages = []workflow.Message{*first}
	}
	return c
}

// triesTold is how often a task fails before a digest tells of it though it is tried on:
// a mail server or a register has been away for minutes then.
const triesTold = 4

func failed(c workflow.Case) []FailedView {
	var all []FailedView
	for _, t := range c.Tasks {
		if t.State == workflow.TaskFailed || t.Waiting() && t.Tries >= triesTold {
			all = append(all, FailedView{Action: t.Action, Why: t.Why})
		}
	}
	return all
}

func (r *Responder) digestRow(c workflow.Case, today workflow.Date) DigestRow {
	return DigestRow{
		Ref: string(c.Ref), Kinds: c.Kinds(), State: c.State(), Due: c.Clock.Ends(),
		DaysLeft: today.DaysUntil(c.Clock.Ends()), Urgent: c.Urgent,
		Breach: c.Breached(), Doubted: r.doubted(c), Failed: failed(c),
	}
}

// doubted is when the person was told the other ways to show who they are, while nobody
// has verified them since; zero otherwise.
func (r *Responder) doubted(c workflow.Case) time.Time {
	var last time.Time
	for _, it := range c.Items {
		if !it.State.Closed() && it.Doubted.After(last) {
			last = it.Doubted.In(r.company.Zone)
		}
	}
	return last
}

// steps are the words that move a case on, of those that are one word; STATUS shows the
// rest.
var steps = map[workflow.State][]workflow.Word{
	workflow.Verifying:  {workflow.WordVerified, workflow.WordStatus},
	workflow.Asking:     {workflow.WordVerified, workflow.WordStatus},
	workflow.Grace:      {workflow.WordStop, workflow.WordStatus},
	workflow.Fulfilling: {workflow.WordStatus},
	workflow.Attention:  {workflow.WordRetry, workflow.WordStatus},
}

func (r *Responder) nextSteps(w workflow.Work, c workflow.Case, lang string) []Button {
	var buttons []Button
	for _, word := range steps[c.State()] {
		buttons = append(buttons, r.lineButton(w, c.Ref, r.letters.Word(lang, "keyword", string(word)), r.letters.Word(lang, "does", string(word))))
	}
	return buttons
}

// lineButton answers a digest: the reference, then the word.
func (r *Responder) lineButton(w workflow.Work, ref workflow.Ref, word, what string) Button {
	return r.button(w, string(ref)+" "+word, what)
}

// penRow shows enough of a mail to say where it belongs.
func (r *Responder) penRow(w workflow.Work, c workflow.Case, v *View) PenRow {
	row := PenRow{
		Ref: string(c.Ref), At: c.Received.In(r.company.Zone), From: outsideAddress(c.Person.Address), Name: outside(c.Person.Name),
		Problem: c.Problem, Warnings: slices.Clone(c.Warnings), Due: c.Clock.Ends(), DaysLeft: v.Today.DaysUntil(c.Clock.Ends()),
	}
	if m := c.First(); m != nil {
		row.Subject = outside(m.Subject)
	}
	for _, b := range r.sorts(c, v.Lang) {
		row.Buttons = append(row.Buttons, r.lineButton(w, c.Ref, b.Word, b.What))
	}
	return row
}

// sorts are the words that place a mail, without their links.
func (r *Responder) sorts(c workflow.Case, lang string) []Button {
	typed := func(word workflow.Word) string { return r.letters.Word(lang, "keyword", string(word)) }
	var all []Button
	if ref := named(c); ref != "" {
		all = append(all, Button{Word: typed(workflow.WordJoin) + " " + string(ref), What: r.letters.Word(lang, "does", string(workflow.WordJoin))})
	}
	for _, kind := range workflow.Kinds[:3] {
		all = append(all, Button{Word: typed(workflow.WordKind) + " " + r.letters.Word(lang, "kind-word", string(kind)), What: r.letters.Word(lang, "kind", string(kind))})
	}
	return append(all, Button{Word: typed(workflow.WordIgnore), What: r.letters.Word(lang, "does", string(workflow.WordIgnore))})
}

// named is the other case that the mail's subject names, "" for none.
func named(c workflow.Case) workflow.Ref {
	m := c.First()
	if m == nil || !slices.Contains(c.Warnings, workflow.Stray) {
		return ""
	}
	return workflow.FindRef(m.Subject.Reveal())
}

// breachHours is how long Art. 33(1) GDPR gives.
const breachHours = 72

// breach is the 72-hour entry of a case. Hours are told rounded down: nobody is to think
// that there is more time than there is.
func (r *Responder) breach(w workflow.Work, c workflow.Case, lang string) BreachView {
	left := c.Breach.Due.Sub(r.queue.Now())
	hours := int(left / time.Hour)
	if left < 0 {
		hours-- // -1 as soon as the time is over
	}
	done := r.letters.Word(lang, "keyword", string(workflow.WordDone)) + " " + r.letters.Word(lang, "argument", "DONE breach")
	what := r.letters.Word(lang, "does", "DONE breach")
	b := BreachView{
		Ref: string(c.Ref), Known: c.Breach.Known.In(r.company.Zone), Due: c.Breach.Due.In(r.company.Zone),
		HoursLeft: hours, Gone: min(max(100-int(left/time.Hour)*100/breachHours, 0), 100),
	}
	if w.Case.Ref == workflow.Desk {
		b.Button = r.lineButton(w, c.Ref, done, what)
	} else {
		b.Button = r.button(w, done, what)
	}
	return b
}

// Digest is the digest as the first handler would get it now, as plain text.
func (r *Responder) Digest(ctx context.Context) (string, error) {
	now := r.queue.Now()
	h := r.company.Handlers[0]
	desk, err := r.queue.Store().Load(ctx, workflow.Desk)
	if err != nil {
		return "", err
	}
	v, err := r.view(ctx, workflow.Work{
		Case: desk,
		Task: workflow.Task{N: desk.LastTask + 1, Action: workflow.DigestMail, To: h.Address, Date: workflow.DateOf(now, r.company.Zone)},
	})
	if err != nil {
		return "", err
	}
	l, err := r.letters.Letter(v.Lang, string(workflow.DigestMail), v)
	if err != nil {
		return "", err
	}
	return l.Subject + "\n\n" + l.Text(), nil
}
