package workflow

import "time"

// Refusal is a mail that looked like a handler's command and did not count.
type Refusal struct {
	At     time.Time `json:"at"`
	Ref    Ref       `json:"ref,omitempty"` // the case that it named, if any
	Reason string    `json:"reason"`        // in plain words, none of the mail's own
	Digest string    `json:"digest"`        // of the mail, for the trail
}
