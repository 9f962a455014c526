package mailbox

import (
	"context"
	"errors"
	"sync"
	"time"
)

// lease takes the lease and keeps it until release is called. The returned context goes on when
// ctx ends, and ends with ErrLeaseLost if the lease does.
func (m *Mailbox) lease(ctx context.Context) (work context.Context, release func(), state State, err error) {
	ttl := m.limits.lease
	state, err = m.memory.Acquire(ctx, m.token, ttl)
	if err != nil {
		return nil, nil, State{}, err
	}
	work, cancel := context.WithCancelCause(context.WithoutCancel(ctx))
	done := make(chan struct{})
	var renewing sync.WaitGroup
	renewing.Go(func() { m.renew(work, cancel, done, ttl) })
	release = func() {
		close(done)
		renewing.Wait()
		cancel(nil)
		// Not given back, it ends by itself.
		after, stop := context.WithTimeout(context.WithoutCancel(ctx), m.limits.command)
		defer stop()
		_ = m.memory.Release(after, m.token)
	}
	return work, release, state, nil
}

// renew holds the lease. One failure may pass; when the lease may have run out, the work ends.
func (m *Mailbox) renew(ctx context.Context, cancel context.CancelCauseFunc, done <-chan struct{}, ttl time.Duration) {
	held := m.clock.Now()
	for {
		select {
		case <-done:
			return
		case <-m.clock.After(ttl / 3):
		}
		attempt, stop := context.WithTimeout(ctx, ttl/3)
		err := m.memory.Renew(attempt, m.token, ttl)
		stop()
		if err == nil {
			held = m.clock.Now()
			continue
		}
		if m.clock.Now().Sub(held) >= ttl*2/3 || errors.Is(err, ErrLeaseLost) {
			cancel(ErrLeaseLost)
			return
		}
	}
}
