package mailbox

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"sync"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// wire is the TCP connection under everything. It remembers what went wrong on it, because
// go-imap's errors do not (see explain).
type wire struct {
	net.Conn
	mu  sync.Mutex
	err error
}

func (w *wire) Read(b []byte) (int, error) {
	n, err := w.Conn.Read(b)
	if err != nil {
		w.note(err)
	}
	return n, err
}

func (w *wire) Write(b []byte) (int, error) {
	n, err := w.Conn.Write(b)
	if err != nil {
		w.note(err)
	}
	return n, err
}

func (w *wire) note(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	// That the wire is closed at our end says nothing about why.
	if w.err == nil && !errors.Is(err, net.ErrClosed) {
		w.err = err
	}
}

func (w *wire) fault() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.err
}

// dial connects, protects the connection and logs in. onNews is called, from go-imap's reading
// goroutine, when the server announces mails; it must not block.
func (m *Mailbox) dial(ctx context.Context, onNews func()) (*session, error) {
	s, err := m.connect(ctx, onNews)
	if err != nil {
		return nil, err
	}
	if err := m.login(ctx, s); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

// connect returns a session that is greeted and protected but not logged in.
func (m *Mailbox) connect(ctx context.Context, onNews func()) (*session, error) {
	c := m.config
	dialer := net.Dialer{Timeout: m.limits.dial}
	conn, err := dialer.DialContext(ctx, "tcp", c.Address)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnreachable, err)
	}
	if c.TLS == TLSNone && !isLoopback(conn) {
		conn.Close()
		return nil, ErrPlainRefused
	}
	s := &session{wire: &wire{Conn: conn}, limits: m.limits}
	options := &imapclient.Options{
		TLSConfig: &tls.Config{MinVersion: tls.VersionTLS12, ServerName: c.ServerName, RootCAs: c.RootCAs},
		UnilateralDataHandler: &imapclient.UnilateralDataHandler{
			Mailbox: func(data *imapclient.UnilateralDataMailbox) {
				if data.NumMessages != nil {
					onNews()
				}
			},
		},
	}
	if err := s.open(ctx, c.TLS, options); err != nil {
		s.wire.Close()
		return nil, err
	}
	return s, nil
}

func isLoopback(conn net.Conn) bool {
	addr, ok := conn.RemoteAddr().(*net.TCPAddr)
	return ok && addr.IP.IsLoopback()
}

// open starts the protocol on the wire, as mode wants it.
func (s *session) open(ctx context.Context, mode TLSMode, options *imapclient.Options) error {
	switch mode {
	case TLSStart:
		if err := s.startTLS(ctx, options); err != nil {
			return err
		}
	case TLSImplicit:
		secure := tls.Client(s.wire, options.TLSConfig)
		ctx, cancel := context.WithTimeout(ctx, s.limits.dial)
		defer cancel()
		if err := secure.HandshakeContext(ctx); err != nil {
			return explainTLS(err)
		}
		s.client = imapclient.New(secure, options)
	case TLSNone:
		s.client = imapclient.New(s.wire, options)
	}
	return s.do(ctx, s.limits.dial, "greeting", func(*deadline) error { return s.client.WaitGreeting() })
}

// startTLS upgrades the connection; go-imap does that only while it creates a client.
func (s *session) startTLS(ctx context.Context, options *imapclient.Options) error {
	var failed error
	err := s.do(ctx, s.limits.dial, "STARTTLS", func(*deadline) error {
		s.client, failed = imapclient.NewStartTLS(s.wire, options)
		return failed
	})
	var said *imap.Error
	var certificate *tls.CertificateVerificationError
	switch {
	case err == nil:
		return nil
	case errors.As(failed, &said):
		return ErrNoSTARTTLS
	case errors.As(failed, &certificate):
		return explainTLS(failed)
	}
	return err
}
