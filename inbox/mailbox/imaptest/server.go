// Package imaptest has the IMAP servers that mailboxes are tried on: one in memory, which the
// demonstration uses, too; one that misbehaves by script; a proxy that spoils a connection; and a
// real Dovecot where it is installed. All of them listen on loopback addresses only.
package imaptest

import (
	"bytes"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"sync"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
	"github.com/emersion/go-imap/v2/imapserver/imapmemserver"
)

// Options say what kind of server Start starts. The zero value is a complete, plain-text one.
type Options struct {
	// Addr to listen on; default a free port of 127.0.0.1. Anything but loopback is refused.
	Addr string
	// Users are the accounts, name to password. Each gets INBOX and Sent.
	Users map[string]string
	// Authority signs the server's certificate. With it the server offers STARTTLS, and listens
	// for implicit TLS on a second port.
	Authority *Authority
	// NeedTLS refuses to log in without TLS.
	NeedTLS bool
	// NoKeywords refuses flags that IMAP does not define itself.
	NoKeywords bool
	// Without takes capabilities away, such as "MOVE" or "UIDPLUS"; IDLE stays in any case.
	Without []string
}

// Server is an IMAP server that keeps its mails in memory.
type Server struct {
	// Addr is "host:port" for plain text and STARTTLS; TLSAddr for implicit TLS, "" without.
	Addr, TLSAddr string

	options Options
	memory  *imapmemserver.Server
	server  *imapserver.Server
	serving sync.WaitGroup

	mu        sync.Mutex
	passwords map[string]string
	users     map[string]*imapmemserver.User
	conns     map[*imapserver.Conn]bool
	stats     map[string]int
}

// Start starts a server.
func Start(options Options) (*Server, error) {
	s := &Server{
		options:   options,
		memory:    imapmemserver.New(),
		passwords: map[string]string{},
		users:     map[string]*imapmemserver.User{},
		conns:     map[*imapserver.Conn]bool{},
		stats:     map[string]int{},
	}
	for name, password := range options.Users {
		if err := s.AddUser(name, password); err != nil {
			return nil, err
		}
	}
	config := &imapserver.Options{
		NewSession:   s.newSession,
		Caps:         s.caps(),
		InsecureAuth: !options.NeedTLS,
		Logger:       log.New(io.Discard, "", 0),
	}
	if options.Authority != nil {
		config.TLSConfig = options.Authority.ServerConfig()
	}
	s.server = imapserver.New(config)
	return s, s.listen(config.TLSConfig)
}

func (s *Server) listen(secure *tls.Config) error {
	addr := s.options.Addr
	if addr == "" {
		addr = "127.0.0.1:0"
	}
	plain, err := listenLoopback(addr)
	if err != nil {
		return err
	}
	s.Addr = plain.Addr().String()
	s.serving.Go(func() { _ = s.server.Serve(plain) })
	if secure == nil {
		return nil
	}
	implicit, err := listenLoopback("127.0.0.1:0")
	if err != nil {
		return err
	}
	s.TLSAddr = implicit.Addr().String()
	s.serving.Go(func() { _ = s.server.Serve(tls.NewListener(implicit, secure)) })
	return nil
}

func listenLoopback(addr string) (net.Listener, error) {
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("listen: %w", err)
	}
	if !l.Addr().(*net.TCPAddr).IP.IsLoopback() {
		l.Close()
		return nil, errors.New("the server is for loopback addresses only")
	}
	return l, nil
}

// Close stops listening and drops all connections.
func (s *Server) Close() {
	_ = s.server.Close()
	s.serving.Wait()
}

// caps is everything that the server in memory can do and says only on demand.
func (s *Server) caps() imap.CapSet {
	caps := imap.CapSet{}
	for _, c := range []imap.Cap{
		imap.CapIMAP4rev1, imap.CapUIDPlus, imap.CapMove, imap.CapESearch, imap.CapNamespace,
		imap.CapIdle, imap.CapUnselect, imap.CapEnable, imap.CapSASLIR, imap.CapChildren,
		imap.CapLiteralMinus, imap.CapListExtended, imap.CapListStatus, imap.CapStatusSize,
	} {
		caps[c] = struct{}{}
	}
	for _, c := range s.options.Without {
		delete(caps, imap.Cap(c))
	}
	return caps
}

// AddUser adds an account with the folders INBOX and Sent.
func (s *Server) AddUser(name, password string) error {
	user := imapmemserver.NewUser(name, password)
	for _, folder := range []string{"INBOX", "Sent"} {
		if err := user.Create(folder, nil); err != nil {
			return fmt.Errorf("create %s: %w", folder, err)
		}
	}
	s.mu.Lock()
	s.users[name], s.passwords[name] = user, password
	s.mu.Unlock()
	s.memory.AddUser(user)
	return nil
}

// Append stores a mail in a user's folder, as if it had arrived at this time (zero: now), and
// returns its UID.
func (s *Server) Append(user, folder string, mail []byte, at time.Time) (uint32, error) {
	u, err := s.user(user)
	if err != nil {
		return 0, err
	}
	stored, err := u.Append(folder, literal{bytes.NewReader(mail)}, &imap.AppendOptions{Time: at})
	if err != nil {
		return 0, fmt.Errorf("append to %s: %w", folder, err)
	}
	return uint32(stored.UID), nil
}

// CreateFolder makes a folder.
func (s *Server) CreateFolder(user, folder string) error {
	u, err := s.user(user)
	if err != nil {
		return err
	}
	return u.Create(folder, nil)
}

// Renumber gives a folder a new UIDVALIDITY and its mails, in reverse order, new UIDs, as a server
// does that lost its index. Keywords survive; connections do not.
func (s *Server) Renumber(user, folder string) error {
	u, err := s.user(user)
	if err != nil {
		return err
	}
	mails, err := s.Mails(user, folder)
	if err != nil {
		return err
	}
	s.DropConnections()
	if err := u.Delete(folder); err != nil {
		return err
	}
	if err := u.Create(folder, nil); err != nil {
		return err
	}
	for i := len(mails) - 1; i >= 0; i-- {
		m := mails[i]
		options := &imap.AppendOptions{Time: m.InternalDate}
		for _, f := range m.Flags {
			options.Flags = append(options.Flags, imap.Flag(f))
		}
		if _, err := u.Append(folder, literal{bytes.NewReader(m.Raw)}, options); err != nil {
			return err
		}
	}
	return nil
}

// DropConnections closes all connections, in the middle of whatever goes on.
func (s *Server) DropConnections() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.conns {
		c.NetConn().Close()
	}
}

// Count is how often a command has been given: LOGIN, SELECT, SEARCH, FETCH, STORE, MOVE, APPEND,
// IDLE, POLL (which every other command adds to).
func (s *Server) Count(command string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.stats[command]
}

func (s *Server) counted(command string) {
	s.mu.Lock()
	s.stats[command]++
	s.mu.Unlock()
}

func (s *Server) user(name string) (*imapmemserver.User, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if u := s.users[name]; u != nil {
		return u, nil
	}
	return nil, errors.New("no such user")
}

// literal is a mail as go-imap wants it.
type literal struct{ *bytes.Reader }

func (l literal) Size() int64 { return l.Reader.Size() }
