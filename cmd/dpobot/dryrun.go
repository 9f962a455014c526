package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"dpobot/config"
	"dpobot/inbox"
	"dpobot/inbox/mailbox"
	"dpobot/inbox/reading"
	"dpobot/workflow"
	"dpobot/workflow/redisstore/ministore"
)

// dryRun reads the mailbox once and says what would be done. Nothing is sent, flagged or
// kept: what has to be remembered meanwhile is kept in memory.
func dryRun(e *env, cfg *config.Config) error {
	scratch, err := ministore.Open(string(cfg.Mailbox.Address))
	if err != nil {
		return err
	}
	defer scratch.Close()
	explain := explainCmd{Config: cfg.File}
	judge, limits, err := explain.judge()
	if err != nil {
		return err
	}
	dry := &dryReader{judge: judge, limits: limits, out: e.stdout, zone: cfg.Controller.Timezone, calendar: calendarOf(cfg)}
	box, err := newMailbox(e, cfg, dry, newMemory(scratch.Store))
	if err != nil {
		return misuse{err}
	}
	defer box.Close()
	if _, err := box.Turn(e.ctx); err != nil {
		return err
	}
	fmt.Fprintf(e.stdout, "%d mails read; nothing was sent, flagged or kept.\n", dry.n)
	return nil
}

// dryReader says what would be done with each mail, and leaves it alone.
type dryReader struct {
	judge    *inbox.Judge
	limits   reading.Limits
	out      io.Writer
	zone     *time.Location
	calendar workflow.Calendar
	n        int
}

func (d *dryReader) Read(ctx context.Context, m mailbox.Message, raw io.Reader) (mailbox.Outcome, error) {
	x, err := d.judge.Explain(ctx, fmt.Sprintf("mail %d", m.UID), raw, d.limits)
	if err != nil {
		return "", err
	}
	d.n++
	fmt.Fprintf(d.out, "%-8s received %s  would %-12s kind %-8s from %s\n", x.File, m.InternalDate.In(d.zone).Format("2006-01-02"), x.Would, x.Kind, x.From)
	if x.Would == inbox.WouldAcknowledge || x.Would == inbox.WouldTriage {
		fmt.Fprintf(d.out, "         due %s\n", d.calendar.Clock(m.InternalDate).Due)
	}
	return mailbox.Left, nil
}

func (d *dryReader) SetAside(_ context.Context, m mailbox.Message, why string) (mailbox.Outcome, error) {
	d.n++
	fmt.Fprintf(d.out, "mail %d cannot be read: %s; it would be shown to the handlers\n", m.UID, why)
	return mailbox.Left, nil
}
