package main

import (
	"context"
	"errors"
	"sync"
	"time"

	"dpobot/inbox"
	"dpobot/responders"
	"dpobot/workflow"
)

type runCmd struct {
	configured
	DryRun bool `help:"Read the mailbox and say what would be done with each mail; send, flag and keep nothing."`
}

// Help is shown below the flags.
func (runCmd) Help() string {
	return `Reads the mailbox, keeps cases in Redis, sends mails. Stop it with SIGTERM: it finishes the mail and the task in hand.
Any number of processes may run with the same Redis.

Example:
  dpobot run -c /etc/dpobot/dpobot.yaml
  dpobot run -c dpobot.yaml --dry-run`
}

// workers is how many tasks are done at a time.
const workers = 4

// watchEvery is how often the clock is looked at.
const watchEvery = 30 * time.Second

// Run runs the bot until the context ends.
func (c *runCmd) Run(e *env) error {
	cfg, err := c.load()
	if err != nil {
		return err
	}
	if c.DryRun {
		return dryRun(e, cfg)
	}
	o, err := openOffice(e, cfg)
	if err != nil {
		return err
	}
	defer o.Close()
	return o.run(e)
}

// run wires the three loops: mails in, the clock, tasks out.
func (o *office) run(e *env) error {
	letters, err := lettersOf(o.cfg)
	if err != nil {
		return err
	}
	regs, err := openRegisters(o.cfg)
	if err != nil {
		return err
	}
	defer closeRegisters(regs)
	judge, err := newJudge(o.cfg, o.stamps)
	if err != nil {
		return err
	}
	intake := inbox.NewIntake(o.engine, judge, readingLimits(o.cfg), e.log)
	box, err := newMailbox(e, o.cfg, intake, newMemory(o.store))
	if err != nil {
		return misuse{err}
	}
	defer box.Close()
	sender, err := newSender(o.cfg)
	if err != nil {
		return misuse{err}
	}
	defer sender.Close()
	if err := o.untilRedis(e.ctx, e); err != nil {
		return err
	}
	responder := newResponder(e, o, letters, sender, sentFolder{box}, regs)
	e.log.Info("running", "version", version())
	var wg sync.WaitGroup
	wg.Go(func() { responder.Run(e.ctx, workers) })
	wg.Go(func() {
		o.untilRead(e.ctx)
		o.engine.Watch(e.ctx, watchEvery)
	})
	wg.Go(func() { o.keepKeys(e) })
	wg.Go(func() { o.watchCanary(e.ctx, e, sender, box) })
	err = box.Run(e.ctx)
	wg.Wait()
	e.log.Info("stopped")
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// untilRead waits for the mailbox to be read once, for a minute at most: a digest sent
// sooner would not know what arrived while the program was down.
func (o *office) untilRead(ctx context.Context) {
	began := time.Now()
	for time.Since(began) < time.Minute && ctx.Err() == nil {
		health, err := o.store.Health(ctx)
		if err == nil && health[workflow.HealthRead].After(began.Truncate(time.Millisecond)) {
			return
		}
		select {
		case <-ctx.Done():
		case <-time.After(200 * time.Millisecond):
		}
	}
}

// untilRedis waits for the store: a bot that starts before its Redis is no fault.
func (o *office) untilRedis(ctx context.Context, e *env) error {
	for wait := time.Second; ; wait = min(2*wait, 30*time.Second) {
		_, err := o.store.Health(ctx)
		if err == nil {
			return nil
		}
		e.log.Error("Redis does not answer", "error", err, "again_in", wait)
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(wait):
		}
	}
}

// keepKeys rewraps the data keys after the keyset was rotated.
func (o *office) keepKeys(e *env) {
	tick := time.NewTicker(10 * time.Minute)
	defer tick.Stop()
	for {
		n, err := o.store.Rewrap(e.ctx)
		switch {
		case err != nil && e.ctx.Err() == nil:
			e.log.Error("rewrap the data keys", "error", err)
		case n > 0:
			e.log.Info("data keys rewrapped", "cases", n)
		}
		select {
		case <-e.ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func closeRegisters(regs []responders.Register) {
	for _, r := range regs {
		_ = r.Close()
	}
}
