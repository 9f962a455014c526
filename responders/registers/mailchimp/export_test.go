package mailchimp

import (
	"context"
	"time"
)

// NoWait makes the register not wait between tries; it notes how long it would have.
func (r *Register) NoWait(waits *[]time.Duration) {
	r.http.Pause = func(_ context.Context, d time.Duration) error {
		*waits = append(*waits, d)
		return nil
	}
}
