package responders

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"dpobot/responders/letter"
	"dpobot/responders/post"
	"dpobot/workflow"
)

// health tells whether the program does its work. What is fine takes one quiet line.
func (r *Responder) health(ctx context.Context, w workflow.Work, d *DigestView) error {
	facts, err := r.queue.Store().Health(ctx)
	if err != nil {
		return fmt.Errorf("read the program's health: %w", err)
	}
	now := r.queue.Now()
	if at := facts[workflow.HealthRead]; !at.IsZero() {
		d.LastRead = at.In(r.company.Zone)
	}
	d.Stale = now.Sub(d.LastRead) > r.company.StaleAfter
	if at := facts[workflow.HealthCanary]; !at.IsZero() && r.company.CanaryStale > 0 {
		d.LastCanary = at.In(r.company.Zone)
		d.Silent = now.Sub(at) > r.company.CanaryStale
	}
	for _, o := range workflow.Outages(facts, r.lastDigest(w)) {
		o.From, o.Until = o.From.In(r.company.Zone), o.Until.In(r.company.Zone)
		d.Outages = append(d.Outages, o)
	}
	if r.company.StoreTrouble != nil {
		d.Trouble = r.company.StoreTrouble(ctx)
		d.Kept = len(d.Trouble) == 0
	}
	d.Trouble = append(d.Trouble, r.registerTrouble(ctx)...)
	return nil
}

// registerPatience is how long a digest waits for a register to say how it is.
const registerPatience = 10 * time.Second

// registerTrouble asks every register, so that one that is down is mended before somebody
// writes.
func (r *Responder) registerTrouble(ctx context.Context) []TroubleView {
	found := make([][]TroubleView, len(r.registers))
	var wg sync.WaitGroup
	for i, reg := range r.registers {
		wg.Go(func() {
			ctx, cancel := context.WithTimeout(ctx, registerPatience)
			defer cancel()
			for _, f := range reg.Check(ctx) {
				if !f.Warn {
					found[i] = append(found[i], TroubleView{"register", letter.Outside(reg.Spec.Name + ": " + f.What)})
				}
			}
		})
	}
	wg.Wait()
	var all []TroubleView
	for _, troubles := range found {
		all = append(all, troubles...)
	}
	return all
}

// mailServer remembers since when the mail server takes nothing.
type mailServer struct {
	mu    sync.Mutex
	since time.Time // zero while it does
}

// note takes the outcome of a try, and tells the next digest of a time that is over.
func (m *mailServer) note(ctx context.Context, queue Queue, err error) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	away := errors.Is(err, post.ErrTemporary) || errors.Is(err, post.ErrSetUp)
	switch {
	case away && m.since.IsZero():
		m.since = queue.Now()
	case err == nil && !m.since.IsZero():
		outage := workflow.Outage{Part: workflow.PartMail, From: m.since, Until: queue.Now()}
		m.since = time.Time{}
		return workflow.NoteOutage(ctx, queue.Store(), outage)
	}
	return nil
}
