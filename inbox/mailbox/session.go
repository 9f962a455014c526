package mailbox

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// session is one connection to the server. Once a call has failed with anything but a Refusal
// the session is dead.
type session struct {
	wire     *wire
	client   *imapclient.Client
	limits   limits
	caps     imap.CapSet
	folder   *imap.SelectData // what is selected; nil if nothing is
	selected time.Time        // when it was
}

// deadline cuts an exchange off; more puts it off again while there is progress.
type deadline struct {
	timer *time.Timer
	limit time.Duration
}

func (d *deadline) more() { d.timer.Reset(d.limit) }

// do runs one exchange with the server. The wire is closed when it takes longer than limit or
// when ctx ends, which makes every call of go-imap return.
func (s *session) do(ctx context.Context, limit time.Duration, what string, exchange func(*deadline) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	timer := time.AfterFunc(limit, func() { cancel(ErrSilent) })
	defer timer.Stop()
	stop := context.AfterFunc(ctx, func() { s.wire.Close() })
	err := exchange(&deadline{timer, limit})
	cutOff := !stop()
	switch {
	case cutOff:
		return fmt.Errorf("%s: %w", what, context.Cause(ctx))
	case err == nil:
		return nil
	}
	return fmt.Errorf("%s: %w", what, explain(err, s.wire.fault(), s.ended(err)))
}

// ending says how a session stands after a failed exchange.
type ending string

const (
	// standing sessions are not known to have ended.
	standing ending = "standing"
	// hungUp ended by the other side, or by us.
	hungUp ending = "hung up"
	// choked ended because go-imap could not read a reply.
	choked ending = "choked"
)

// ended tells how the session stands. go-imap hangs up over a reply that it cannot read; a command
// that comes too late for that reply merely finds the wire closed, a moment before go-imap says why.
func (s *session) ended(err error) ending {
	if s.client == nil {
		return standing
	}
	if errors.Is(err, net.ErrClosed) {
		<-s.client.Closed()
	}
	select {
	case <-s.client.Closed():
	default:
		return standing
	}
	if why := s.client.Close(); why != nil && !errors.Is(why, net.ErrClosed) {
		return choked
	}
	return hungUp
}

// close gives the connection up without a word. It does not wait for go-imap's reader, which may
// itself wait for someone to take a mail.
func (s *session) close() { s.wire.Close() }

// bye logs out, briefly.
func (s *session) bye(ctx context.Context) {
	_ = s.do(ctx, 2*time.Second, "LOGOUT", func(*deadline) error { return s.client.Logout().Wait() })
	s.close()
}
