package responders

import (
	"context"
	"fmt"
	"slices"

	"dpobot/workflow"
)

// digestRows bounds how many cases a digest lists; the rest are counted.
const digestRows = 50

// digest is the day's overview: overdue first, then by due date.
func (r *Responder) digest(ctx context.Context, v *View) error {
	store := r.queue.Store()
	d := &v.Digest
	for c, err := range store.Open(ctx) {
		if err != nil {
			return fmt.Errorf("walk the open cases: %w", err)
		}
		d.Total++
		row := digestRow(c, v.Today)
		if len(row.Failed) > 0 && len(d.Failed) < digestRows {
			d.Failed = append(d.Failed, row)
		}
		if d.Total > digestRows {
			d.More++
			continue
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
	for _, rows := range [][]DigestRow{d.Overdue, d.ThisWeek, d.Later} {
		slices.SortStableFunc(rows, func(a, b DigestRow) int { return a.Due.Compare(b.Due) })
	}
	health, err := store.Health(ctx)
	if err != nil {
		return fmt.Errorf("read the program's health: %w", err)
	}
	if at := health[workflow.HealthRead]; !at.IsZero() {
		d.LastRead = at.In(r.company.Zone)
	}
	d.Stale = r.queue.Now().Sub(d.LastRead) > r.company.StaleAfter
	return nil
}

// triesTold is how often a task fails before a digest tells of it though it is tried on:
// a mail server or a register has been away for minutes then.
const triesTold = 4

func digestRow(c workflow.Case, today workflow.Date) DigestRow {
	row := DigestRow{
		Ref: string(c.Ref), Kinds: c.Kinds(), State: c.State(), Due: c.Clock.Ends(),
		DaysLeft: today.DaysUntil(c.Clock.Ends()), Urgent: c.Urgent,
		Breach: c.Breach != nil && c.Breach.Done.IsZero(),
	}
	for _, t := range c.Tasks {
		if t.State == workflow.TaskFailed || t.Waiting() && t.Tries >= triesTold {
			row.Failed = append(row.Failed, FailedView{t.Action, t.Why})
		}
	}
	return row
}

// Digest is the digest as the first handler would get it now, as plain text.
func (r *Responder) Digest(ctx context.Context) (string, error) {
	now := r.queue.Now()
	h := r.company.Handlers[0]
	v, err := r.view(ctx, workflow.Work{
		Case: workflow.Case{Ref: workflow.Desk},
		Task: workflow.Task{Action: workflow.DigestMail, To: h.Address, Date: workflow.DateOf(now, r.company.Zone)},
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
