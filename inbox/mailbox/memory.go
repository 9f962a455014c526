package mailbox

import (
	"context"
	"errors"
	"time"
)

// Errors that a Memory tells apart. Anything else it returns means that it is away just now.
var (
	// ErrLeaseHeld says that another process watches this mailbox.
	ErrLeaseHeld = errors.New("another process reads this mailbox")
	// ErrLeaseLost says that the lease ran out or went to another process; nothing was written.
	ErrLeaseLost = errors.New("the lease on this mailbox is lost")
)

// Memory keeps what has to outlive the process, for one mailbox. All processes that watch the
// mailbox share it. A write counts once the method has returned nil.
type Memory interface {
	// Load returns what is remembered, and a zero State if nothing is.
	Load(ctx context.Context) (State, error)
	// Acquire takes the lease for token, to end by itself after ttl, and returns what is
	// remembered; taking it twice with one token renews it. ErrLeaseHeld: another token has it.
	Acquire(ctx context.Context, token string, ttl time.Duration) (State, error)
	// Renew lets token's lease end ttl from now. ErrLeaseLost: token has it no more.
	Renew(ctx context.Context, token string, ttl time.Duration) error
	// Save applies a change, all of it or nothing. ErrLeaseLost: token has not got the lease.
	Save(ctx context.Context, token string, change Change) error
	// Release gives the lease back; no error if token has not got it.
	Release(ctx context.Context, token string) error
}

// State is what is remembered of a mailbox.
type State struct {
	// UIDValidity is the numbering that all UIDs here belong to.
	UIDValidity uint32
	// Done is the cursor: mails up to this UID are decided, or stand in Pending.
	Done uint32
	// Hand is the highest UID that a batch had in hand, 0 if none: if it is set when a turn
	// starts, a process died over one of the mails up to it, and they are taken one at a time.
	Hand uint32
	// Pending are the mails to read again, by UID.
	Pending map[uint32]Pending
	// Polled is when the mailbox was last read to its end without a fault.
	Polled time.Time
}

// Pending is a mail that has to be read again.
type Pending struct {
	UID uint32
	// Tries is how many failed so far; a try is counted before it starts.
	Tries int
	// Waits is how often the mail could not be judged yet.
	Waits int
	// First is when the mail was first put off, Next when it is due again.
	First, Next time.Time
	// Why the last try failed, without personal data.
	Why string
}

// Change is one step of a mailbox's State.
type Change struct {
	// UIDValidity is the State's; another one than before drops everything but Polled.
	UIDValidity uint32
	// Done and Hand replace the State's.
	Done, Hand uint32
	// Put adds pending mails or replaces them, by UID; Drop removes them. No UID is in both.
	Put  []Pending
	Drop []uint32
	// Polled replaces the State's unless it is zero.
	Polled time.Time
}

// Apply returns the state after the change. A Memory that keeps whole States may use it; the
// watching side does, to know what it has just saved.
func (s State) Apply(c Change) State {
	next := State{UIDValidity: c.UIDValidity, Done: c.Done, Hand: c.Hand, Polled: s.Polled}
	next.Pending = make(map[uint32]Pending, len(s.Pending)+len(c.Put))
	if s.UIDValidity == c.UIDValidity {
		for uid, p := range s.Pending {
			next.Pending[uid] = p
		}
	}
	for _, p := range c.Put {
		next.Pending[p.UID] = p
	}
	for _, uid := range c.Drop {
		delete(next.Pending, uid)
	}
	if !c.Polled.IsZero() {
		next.Polled = c.Polled
	}
	return next
}
