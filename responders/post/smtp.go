package post

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/textproto"
	"strings"
	"sync"
	"time"

	"github.com/wneessen/go-mail"
	"github.com/wneessen/go-mail/smtp"
)

// What a failed try to send means.
var (
	// ErrTemporary: the server, or the way to it, is not ready; another try can help.
	ErrTemporary = errors.New("not sent for now")
	// ErrPermanent: this mail will not be taken, however often it is tried.
	ErrPermanent = errors.New("refused for good")
	// ErrUnknown: the connection broke after the whole mail was sent; it may have been
	// taken. Try again with the same Message-ID.
	ErrUnknown = errors.New("sent perhaps")
	// ErrSetUp: the operator has to mend something: password, certificate, STARTTLS. It
	// says nothing about the recipient.
	ErrSetUp = errors.New("the mail server's set-up is wrong")
)

// Security is how the connection is protected.
type Security string

const (
	// TLS from the first byte.
	TLS Security = "tls"
	// StartTLS, and nothing without it.
	StartTLS Security = "starttls"
	// Plain text, to the loopback only.
	Plain Security = "plain"
)

// Server is where mails are handed in.
type Server struct {
	Host     string
	Port     int
	Security Security
	User     string // "": no log-in
	Password func() (string, error)
	OAuth2   bool // Password gives an access token (XOAUTH2)
	RootCAs  *x509.CertPool
	Hello    string        // name given in EHLO
	Sign     *Signature    // nil: the mail server signs
	Timeout  time.Duration // of each step; 30 s if zero
}

// Signature signs every mail with DKIM (RFC 6376).
type Signature struct {
	Domain, Selector string
	Key              func() (string, error) // PEM, RSA or Ed25519
}

// Sender sends over a few connections that it keeps for a while.
type Sender struct {
	server Server
	signer *mail.DKIMSigner
	mu     sync.Mutex
	idle   []*session
}

type session struct {
	client *mail.Client
	conn   *smtp.Client
	wire   net.Conn // below conn; nil with TLS from the first byte, where the library dials
	used   time.Time
	sent   int
}

const (
	idleFor    = 10 * time.Second // servers close idle connections; before that we do
	idleMost   = 4
	mailsAtOne = 200 // mails over one connection
)

// NewSender checks that plain text stays on this machine.
func NewSender(s Server) (*Sender, error) {
	if s.Security == Plain && !loopback(s.Host) {
		return nil, fmt.Errorf("plain SMTP goes to the loopback only: %w", ErrSetUp)
	}
	if s.Timeout == 0 {
		s.Timeout = 30 * time.Second
	}
	sender := &Sender{server: s}
	if s.Sign == nil {
		return sender, nil
	}
	text, err := s.Sign.Key()
	if err != nil {
		return nil, fmt.Errorf("read the DKIM key: %w", ErrSetUp)
	}
	key, err := mail.PrivKeyFromPEM([]byte(text))
	if err != nil {
		return nil, fmt.Errorf("the DKIM key is no RSA or Ed25519 key in PEM: %w", ErrSetUp)
	}
	sender.signer = mail.NewDKIMSigner(s.Sign.Domain, s.Sign.Selector, key)
	return sender, nil
}

// Send hands one mail in and returns it as it went. The error is one of the four above.
func (s *Sender) Send(ctx context.Context, m Mail) ([]byte, error) {
	msg, err := m.message()
	if err != nil {
		return nil, err
	}
	if s.signer != nil {
		msg.SetDKIM(s.signer)
	}
	// Written before it is sent: nothing may stand between the server's answer and the
	// note that the mail went.
	var raw bytes.Buffer
	if _, err := msg.WriteTo(&raw); err != nil {
		return nil, fmt.Errorf("write a mail: %w", ErrPermanent)
	}
	ses, kept, err := s.take(ctx)
	if err != nil {
		return nil, err
	}
	err = ses.send(ctx, msg)
	if kept && errors.Is(err, errNotBegun) {
		// The server had closed the connection that was kept: a new one decides.
		ses.drop()
		if ses, err = s.dial(ctx); err != nil {
			return nil, err
		}
		err = ses.send(ctx, msg)
	}
	if err != nil {
		ses.drop()
		return nil, err
	}
	s.give(ses)
	return raw.Bytes(), nil
}

// Check logs in and out again.
func (s *Sender) Check(ctx context.Context) error {
	ses, err := s.dial(ctx)
	if err != nil {
		return err
	}
	ses.close()
	return nil
}

// Close ends the connections that are kept.
func (s *Sender) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, ses := range s.idle {
		ses.close()
	}
	s.idle = nil
}

func (s *Sender) take(ctx context.Context) (ses *session, kept bool, err error) {
	s.mu.Lock()
	for len(s.idle) > 0 {
		last := len(s.idle) - 1
		ses, s.idle = s.idle[last], s.idle[:last]
		if time.Since(ses.used) < idleFor && ses.sent < mailsAtOne {
			s.mu.Unlock()
			return ses, true, nil
		}
		go ses.close()
	}
	s.mu.Unlock()
	ses, err = s.dial(ctx)
	return ses, false, err
}

func (s *Sender) give(ses *session) {
	ses.used = time.Now()
	ses.sent++
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.idle) >= idleMost {
		go ses.close()
		return
	}
	s.idle = append(s.idle, ses)
}

func (s *Sender) dial(ctx context.Context) (*session, error) {
	opts := []mail.Option{
		mail.WithPort(s.server.Port), mail.WithTimeout(s.server.Timeout),
		mail.WithoutNoop(), mail.WithoutRset(),
		mail.WithTLSConfig(&tls.Config{ServerName: s.server.Host, RootCAs: s.server.RootCAs, MinVersion: tls.VersionTLS12}),
	}
	if s.server.Hello != "" {
		opts = append(opts, mail.WithHELO(s.server.Hello))
	}
	// The library's own Close waits for the command in hand; only closing the wire below it
	// ends one on which the server is silent. With TLS from the first byte the library has
	// to dial itself, and the step's time limit ends it.
	var wire net.Conn
	if s.server.Security != TLS {
		opts = append(opts, mail.WithDialContextFunc(func(ctx context.Context, network, address string) (c net.Conn, err error) {
			wire, err = (&net.Dialer{}).DialContext(ctx, network, address)
			return wire, err
		}))
	}
	switch s.server.Security {
	case TLS:
		opts = append(opts, mail.WithSSL())
	case StartTLS:
		opts = append(opts, mail.WithTLSPolicy(mail.TLSMandatory))
	case Plain:
		opts = append(opts, mail.WithTLSPolicy(mail.NoTLS))
	}
	if s.server.User != "" {
		password, err := s.server.Password()
		if err != nil {
			return nil, fmt.Errorf("read the password: %w", ErrSetUp)
		}
		opts = append(opts, mail.WithUsername(s.server.User), mail.WithPassword(password), mail.WithSMTPAuth(s.auth()))
	}
	client, err := mail.NewClient(s.server.Host, opts...)
	if err != nil {
		return nil, fmt.Errorf("set up the mail client: %w", ErrSetUp)
	}
	conn, err := client.DialToSMTPClientWithContext(ctx)
	if s.server.Security == Plain && s.server.User != "" && offersNoLogIn(err) {
		// A server on this machine that asks nobody for a log-in needs none.
		server := s.server
		server.User = ""
		return (&Sender{server: server}).dial(ctx)
	}
	if err != nil {
		return nil, dialError(err)
	}
	return &session{client: client, conn: conn, wire: wire}, nil
}

// offersNoLogIn: the library has no value for this error, only its text.
func offersNoLogIn(err error) bool {
	return err != nil && (errors.Is(err, mail.ErrPlainAuthNotSupported) || strings.Contains(err.Error(), "server does not support SMTP AUTH"))
}

func (s *Sender) auth() mail.SMTPAuthType {
	switch {
	case s.server.OAuth2:
		return mail.SMTPAuthXOAUTH2
	case s.server.Security == Plain:
		return mail.SMTPAuthPlainNoEnc
	}
	return mail.SMTPAuthAutoDiscover
}

// errNotBegun: the server had taken no command of this mail.
var errNotBegun = fmt.Errorf("the connection was closed: %w", ErrTemporary)

// send is bounded by the context: the library looks at it while dialling only.
func (ses *session) send(ctx context.Context, msg *mail.Msg) error {
	stop := context.AfterFunc(ctx, ses.drop)
	defer stop()
	err := ses.client.SendWithSMTPClient(ses.conn, msg)
	if err == nil || msg.IsDelivered() {
		return nil
	}
	var failed *mail.SendError
	if !errors.As(err, &failed) {
		return fmt.Errorf("send: %w", ErrTemporary)
	}
	return sendError(failed)
}

// sendError keeps the server's code and leaves its text, which names the recipient.
func sendError(failed *mail.SendError) error {
	code := failed.ErrorCode()
	switch {
	case code >= 500:
		return fmt.Errorf("the server answered %d %s: %w", code, failed.EnhancedStatusCode(), ErrPermanent)
	case code >= 400:
		return fmt.Errorf("the server answered %d %s: %w", code, failed.EnhancedStatusCode(), ErrTemporary)
	case failed.Reason == mail.ErrSMTPDataClose:
		return fmt.Errorf("no answer after the mail: %w", ErrUnknown)
	case failed.Reason == mail.ErrSMTPMailFrom || failed.Reason == mail.ErrConnCheck:
		return errNotBegun
	}
	return fmt.Errorf("the connection broke: %w", ErrTemporary)
}

// dialError tells what the operator has to mend from what time mends.
func dialError(err error) error {
	var code *textproto.Error
	var unknownCA x509.UnknownAuthorityError
	var wrongName x509.HostnameError
	var invalid x509.CertificateInvalidError
	switch {
	case errors.As(err, &unknownCA):
		return fmt.Errorf("the server's certificate is signed by nobody known; if it is private, name it in ca_file: %w", ErrSetUp)
	case errors.As(err, &wrongName), errors.As(err, &invalid):
		return fmt.Errorf("the server's certificate is not valid for its name or date: %w", ErrSetUp)
	case errors.As(err, &code) && code.Code >= 500 && code.Code != 554:
		return fmt.Errorf("the server refused the log-in or the greeting with %d; check user and password: %w", code.Code, ErrSetUp)
	case errors.As(err, &code):
		return fmt.Errorf("the server answered %d: %w", code.Code, ErrTemporary)
	}
	var op *net.OpError
	if errors.As(err, &op) {
		return fmt.Errorf("no connection to the mail server: %w", ErrTemporary)
	}
	return fmt.Errorf("no session with the mail server (no STARTTLS, or no log-in offered?): %w", ErrTemporary)
}

// drop ends a connection on which something went wrong, without a word: a server that
// stalls would let a farewell wait too.
func (ses *session) drop() {
	if ses.wire != nil {
		_ = ses.wire.Close()
		return
	}
	go ses.conn.Close()
}

func (ses *session) close() { _ = ses.client.CloseWithSMTPClient(ses.conn) }

func loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}
