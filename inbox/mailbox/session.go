package mailbox

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
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
	log      *slog.Logger
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
	return fmt.Errorf("%s: %w", what, explain(err, s.wire.fault(), s.garbled(err)))
}

// garbled tells whether go-imap itself hung up over a reply that it could not read. A command that
// comes too late for that reply merely finds the wire closed.
func (s *session) garbled(err error) bool {
	if s.client == nil {
		return false
	}
	if errors.Is(err, net.ErrClosed) {
		<-s.client.Closed()
	}
	select {
	case <-s.client.Closed():
		why := s.client.Close()
		return why != nil && !errors.Is(why, net.ErrClosed)
	default:
		return false
	}
}

// close gives the connection up without a word. It does not wait for go-imap's reader, which may
// itself wait for someone to take a mail.
func (s *session) close() { s.wire.Close() }

// bye logs out, briefly.
func (s *session) bye(ctx context.Context) {
	_ = s.do(ctx, 2*time.Second, "LOGOUT", func(*deadline) error { return s.client.Logout().Wait() })
	s.close()
}
