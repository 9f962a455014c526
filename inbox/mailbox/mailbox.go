// Package mailbox watches one IMAP mailbox and hands its mails over, one by one.
//
// It knows IMAP and nothing of what a mail says: a [Reader], the caller's, is given each mail as
// a stream and answers with an [Outcome]. What has to outlive the process is kept by a [Memory],
// the caller's too. The mailbox may be a human's: mails that are not for the bot stay unread,
// unflagged and where they are.
//
// Every mail is handed over at least once, whatever is killed when; the Reader tells duplicates
// by (UIDVALIDITY, UID) and by content. A mail that cannot be read three times is set aside and
// never holds up the next.
package mailbox

import (
	"context"
	"crypto/rand"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strings"
	"sync"
	"time"
)

// TLSMode says how a connection to the server is protected.
type TLSMode string

const (
	// TLSImplicit speaks TLS from the first byte, usually on port 993 (imaps, RFC 8314, 3).
	TLSImplicit TLSMode = "imaps"
	// TLSStart upgrades a plain connection before anything else is said, usually on port 143.
	TLSStart TLSMode = "starttls"
	// TLSNone is plain text, and refused unless the server is on a loopback address.
	TLSNone TLSMode = "plain"
)

const (
	defaultKeyword = "$dpobot"
	defaultFolder  = "INBOX"
	defaultSent    = "Sent"
	defaultPoll    = time.Minute
	defaultMaxSize = 40 << 20
)

// Config says which mailbox is watched and how. Zero values get the default named at the field.
type Config struct {
	// Name stands in every log line, for installations with more than one mailbox.
	Name string
	// Address is the server's "host:port".
	Address string
	// TLS is how the connection is protected; default TLSImplicit.
	TLS TLSMode
	// ServerName is the name on the server's certificate; default the host of Address.
	ServerName string
	// RootCAs are the authorities trusted to sign it; nil means the system's.
	RootCAs *x509.CertPool
	// User is the account's name.
	User string
	// Password is asked at each login, so that a changed password file is read again.
	// One of Password and Token is needed.
	Password func() (string, error)
	// Token gives an OAuth 2 access token at each login (OAUTHBEARER, RFC 7628, or XOAUTH2).
	Token func(context.Context) (string, error)
	// Bearer: where the server offers both, OAUTHBEARER carries the token; else XOAUTH2.
	Bearer bool
	// Folder is the one that is watched; default INBOX.
	Folder string
	// Sent is where copies of own mails are kept; default the folder that the server marks
	// \Sent (RFC 6154), else "Sent".
	Sent string
	// Poll is how often the mailbox is read even if the server announces nothing; default a minute.
	Poll time.Duration
	// MoveTo is the folder that handled mails are moved to; empty leaves them, flagged, in place.
	MoveTo string
	// Keyword flags handled mails; default "$dpobot".
	Keyword string
	// Since leaves mails alone that arrived (INTERNALDATE) earlier; zero reads all.
	Since time.Time
	// MaxSize in bytes: of larger mails only the header is downloaded; default 40 MiB.
	MaxSize int64
	// Logger gets what an operator should know; never mail text, addresses or subjects.
	Logger *slog.Logger
}

// Mailbox watches one mailbox. Its methods may be called at the same time; Turns wait for each other.
type Mailbox struct {
	config Config
	reader Reader
	memory Memory
	log    *slog.Logger
	token  string // ours among the processes that compete for the lease
	limits limits
	clock  clock
	jitter func() float64 // in [0, 1)

	turning sync.Mutex // held by whoever uses watch
	watch   *session   // the connection that reads; nil until dialled
	arrived chan struct{}
	warned  bool // that keywords are not allowed: once is enough

	sent outbound // the connection that Append and FindInSent share
}

// New checks the configuration, names every fault at once, and dials nothing.
func New(config Config, reader Reader, memory Memory) (*Mailbox, error) {
	config = withDefaults(config)
	if err := config.validate(); err != nil {
		return nil, err
	}
	m := &Mailbox{
		config:  config,
		reader:  reader,
		memory:  memory,
		log:     config.Logger,
		token:   rand.Text(),
		limits:  defaultLimits(),
		clock:   wallClock{},
		jitter:  randomFraction,
		arrived: make(chan struct{}, 1),
	}
	m.sent.busy = make(chan struct{}, 1)
	return m, nil
}

func withDefaults(c Config) Config {
	if c.TLS == "" {
		c.TLS = TLSImplicit
	}
	if c.ServerName == "" {
		c.ServerName, _, _ = net.SplitHostPort(c.Address)
	}
	if c.Folder == "" {
		c.Folder = defaultFolder
	}
	if c.Poll == 0 {
		c.Poll = defaultPoll
	}
	if c.Keyword == "" {
		c.Keyword = defaultKeyword
	}
	if c.MaxSize == 0 {
		c.MaxSize = defaultMaxSize
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.Name != "" {
		c.Logger = c.Logger.With("mailbox", c.Name)
	}
	return c
}

func (c Config) validate() error {
	var faults []error
	fault := func(bad bool, err error) {
		if bad {
			faults = append(faults, err)
		}
	}
	host, _, err := net.SplitHostPort(c.Address)
	fault(err != nil, errors.New("the IMAP server's address is not host:port"))
	fault(c.TLS != TLSImplicit && c.TLS != TLSStart && c.TLS != TLSNone,
		fmt.Errorf("TLS mode %q is none of imaps, starttls, plain", c.TLS))
	fault(c.TLS == TLSNone && err == nil && !loopbackName(host), ErrPlainRefused)
	fault(c.User == "", errors.New("no IMAP user"))
	fault((c.Password == nil) == (c.Token == nil), errors.New("need either an IMAP password or an OAuth token"))
	fault(c.Poll < time.Second, errors.New("poll interval is under a second"))
	fault(c.MaxSize < 0, errors.New("largest mail size is negative"))
	fault(!validKeyword(c.Keyword), fmt.Errorf("keyword %q is no IMAP keyword", c.Keyword))
	return errors.Join(faults...)
}

// validKeyword tells whether s may be stored as a flag: an atom (RFC 3501, 9: flag-keyword),
// without the "]" that some servers' replies then trip over.
func validKeyword(s string) bool {
	for _, r := range s {
		if r <= ' ' || r > '~' || strings.ContainsRune(`(){%*"\]`, r) {
			return false
		}
	}
	return s != ""
}

// loopbackName tells whether host can only be this machine. What it resolves to is looked at
// once more when the connection stands.
func loopbackName(host string) bool {
	ip := net.ParseIP(host)
	return strings.EqualFold(host, "localhost") || ip != nil && ip.IsLoopback()
}
