package mailbox

import (
	"math/rand/v2"
	"time"
)

// clock is the time, so that tests need not wait for it.
type clock interface {
	Now() time.Time
	After(time.Duration) <-chan time.Time
}

type wallClock struct{}

func (wallClock) Now() time.Time                         { return time.Now() }
func (wallClock) After(d time.Duration) <-chan time.Time { return time.After(d) }

func randomFraction() float64 { return rand.Float64() }

// limits bound how long things may take. go-imap has no deadlines of its own until a reply has
// begun (emersion/go-imap#762), so each call is cut off from outside.
type limits struct {
	dial    time.Duration // connection, TLS and login, each
	command time.Duration // a short command and its reply
	search  time.Duration // a SEARCH, which may look through a large mailbox
	mail    time.Duration // one mail: its download and its Read; under go-imap's own 5 minutes
	append  time.Duration // one APPEND
	idle    time.Duration // one IDLE, before NAT and half-open TCP forget us
	drain   time.Duration // what still streams in when we are told to stop
	lease   time.Duration // how long a dead process keeps the others waiting
}

func defaultLimits() limits {
	return limits{
		dial:    30 * time.Second,
		command: 30 * time.Second,
		search:  2 * time.Minute,
		mail:    4 * time.Minute,
		append:  4 * time.Minute,
		idle:    9 * time.Minute,
		drain:   5 * time.Second,
		lease:   15 * time.Second,
	}
}
