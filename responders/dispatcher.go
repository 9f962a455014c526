package responders

import (
	"context"
	"errors"
	"sync"
	"time"

	"dpobot/workflow"
)

// taskTime bounds one task: a register with many rows and a slow mail server fit in.
const taskTime = 5 * time.Minute

// pollAtMost is how long a worker sleeps: other processes book tasks too.
const pollAtMost = 5 * time.Second

// Run does tasks with so many workers until ctx ends, and then finishes those in hand.
func (r *Responder) Run(ctx context.Context, workers int) {
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() { r.work(ctx) })
	}
	wg.Wait()
}

func (r *Responder) work(ctx context.Context) {
	trouble := 0
	for ctx.Err() == nil {
		worked, next, err := r.Turn(ctx)
		wait := r.until(next)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			trouble++
			wait = workflow.Backoff(trouble)
			if wait > time.Minute {
				wait = time.Minute
			}
			r.log.Error("claim a task", "error", err, "again_in", wait)
		default:
			trouble = 0
		}
		if worked {
			continue
		}
		timer := time.NewTimer(wait)
		select {
		case <-ctx.Done():
		case <-r.queue.Wake():
		case <-timer.C:
		}
		timer.Stop()
	}
}

func (r *Responder) until(next time.Time) time.Duration {
	if next.IsZero() {
		return pollAtMost
	}
	return min(max(next.Sub(r.queue.Now()), 0), pollAtMost)
}

// Turn does one task, if one is due. next is when the next one will be, if known.
func (r *Responder) Turn(ctx context.Context) (worked bool, next time.Time, err error) {
	w, ok, next, err := r.queue.Claim(ctx)
	if err != nil || !ok {
		return false, next, err
	}
	// A task in hand is finished even when the program is told to stop.
	work, cancel := context.WithTimeout(context.WithoutCancel(ctx), taskTime)
	defer cancel()
	stop := r.keep(work, cancel, w)
	result := r.perform(work, w)
	stop()
	if result.Fault != workflow.NoFault {
		r.log.Warn("task not done", "case", w.Case.Ref, "action", w.Task.Action, "task", w.Task.N, "fault", result.Fault, "why", result.Why)
	} else {
		r.log.Info("task done", "case", w.Case.Ref, "action", w.Task.Action, "task", w.Task.N)
	}
	done, cancelDone := context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
	defer cancelDone()
	err = r.queue.Finish(done, w, result)
	if errors.Is(err, workflow.ErrLeaseLost) {
		r.log.Warn("task was another worker's meanwhile", "case", w.Case.Ref, "task", w.Task.N)
		return true, next, nil
	}
	return true, next, err
}

// keep renews the lease while the task is in hand, and ends the work where it was lost.
func (r *Responder) keep(ctx context.Context, cancel func(), w workflow.Work) (stop func()) {
	ctx, end := context.WithCancel(ctx)
	var wg sync.WaitGroup
	wg.Go(func() {
		tick := time.NewTicker(workflow.Lease / 4)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			if err := r.queue.Renew(ctx, w); errors.Is(err, workflow.ErrLeaseLost) {
				cancel()
				return
			}
		}
	})
	return func() { end(); wg.Wait() }
}
