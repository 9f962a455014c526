package webhook

import (
	"context"
	"time"
)

// NoWait makes the register not wait between tries.
func (r *Register) NoWait() {
	r.http.Pause = func(context.Context, time.Duration) error { return nil }
	r.http.Max = 10_000
}
