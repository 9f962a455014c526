package mailbox

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"sync"
	"testing"
	"time"

	"dpobot/inbox/mailbox/imaptest"
)

// memory is a Memory for one test, shared by the "processes" of that test.
type memory struct {
	mu     sync.Mutex
	state  State
	holder string
	until  time.Time
	now    func() time.Time
	away   error             // returned by everything, if set
	saves  []Change          // all that were saved
	onSave func(n int) error // may fail the n-th save, before it takes place
}

func newMemory() *memory { return &memory{now: time.Now} }

func (m *memory) Load(context.Context) (State, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.copied(), m.away
}

func (m *memory) copied() State {
	s := m.state
	s.Pending = maps.Clone(s.Pending)
	return s
}

func (m *memory) Acquire(_ context.Context, token string, ttl time.Duration) (State, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.away != nil {
		return State{}, m.away
	}
	if m.holder != "" && m.holder != token && m.now().Before(m.until) {
		return State{}, ErrLeaseHeld
	}
	m.holder, m.until = token, m.now().Add(ttl)
	return m.copied(), nil
}

func (m *memory) Renew(_ context.Context, token string, ttl time.Duration) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.holder != token {
		return ErrLeaseLost
	}
	m.until = m.now().Add(ttl)
	return m.away
}

func (m *memory) Save(_ context.Context, token string, c Change) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.away != nil {
		return m.away
	}
	if m.holder != token {
		return ErrLeaseLost
	}
	if m.onSave != nil {
		if err := m.onSave(len(m.saves) + 1); err != nil {
			return err
		}
	}
	m.saves = append(m.saves, c)
	m.state = m.state.Apply(c)
	return nil
}

func (m *memory) Release(_ context.Context, token string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.holder == token {
		m.holder = ""
	}
	return nil
}

// steal gives the lease to somebody else.
func (m *memory) steal() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.holder, m.until = "thief", m.now().Add(time.Hour)
}

func (m *memory) remembered() State {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.copied()
}

// reader is a Reader that writes down what it got.
type reader struct {
	mu    sync.Mutex
	read  []string // subjects, in order; with the UID where a mail has none
	aside []uint32
	whys  []string
	sizes []int64
	// decide may be set to judge a mail by its subject; default Handled.
	decide func(subject string, m Message) (Outcome, error)
	shown  func(m Message) (Outcome, error)
	took   chan string // gets each subject, if set
}

func (r *reader) Read(_ context.Context, m Message, raw io.Reader) (Outcome, error) {
	text, err := io.ReadAll(raw)
	if err != nil {
		return "", fmt.Errorf("read the mail: %w", err)
	}
	subject := subjectOf(text)
	r.mu.Lock()
	r.read = append(r.read, subject)
	r.sizes = append(r.sizes, int64(len(text)))
	decide, took := r.decide, r.took
	r.mu.Unlock()
	outcome := Handled
	if decide != nil {
		outcome, err = decide(subject, m)
	}
	if took != nil {
		took <- subject
	}
	return outcome, err
}

func (r *reader) SetAside(_ context.Context, m Message, why string) (Outcome, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.aside = append(r.aside, m.UID)
	r.whys = append(r.whys, why)
	if r.shown != nil {
		return r.shown(m)
	}
	return Handled, nil
}

func (r *reader) subjects() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]string{}, r.read...)
}

func subjectOf(text []byte) string {
	_, after, ok := bytes.Cut(text, []byte("Subject: "))
	if !ok {
		return "none"
	}
	line, _, _ := bytes.Cut(after, []byte("\r\n"))
	return string(line)
}

// mail is a small mail with this subject.
func mail(subject string) []byte {
	return []byte("From: a@b.example\r\nTo: c@d.example\r\nSubject: " + subject +
		"\r\nMessage-ID: <" + subject + "@b.example>\r\n\r\nHei,\r\nmit\xc3\xa4 tietoja?\r\n")
}

const (
	user     = "officer"
	password = "corr\u00e9ct horse"
)

func startServer(t testing.TB, options imaptest.Options) *imaptest.Server {
	t.Helper()
	options.Users = map[string]string{user: password}
	s, err := imaptest.Start(options)
	if err != nil {
		t.Fatalf("start the server: %v", err)
	}
	t.Cleanup(s.Close)
	return s
}

func deliver(t testing.TB, s *imaptest.Server, subjects ...string) []uint32 {
	t.Helper()
	var uids []uint32
	for _, subject := range subjects {
		uid, err := s.Append(user, "INBOX", mail(subject), time.Time{})
		if err != nil {
			t.Fatalf("deliver: %v", err)
		}
		uids = append(uids, uid)
	}
	return uids
}

func plainConfig(addr string) Config {
	return Config{Address: addr, TLS: TLSNone, User: user, Password: secret(password)}
}

func secret(s string) func() (string, error) { return func() (string, error) { return s, nil } }

func newMailbox(t testing.TB, c Config, r Reader, m Memory) *Mailbox {
	t.Helper()
	box, err := New(c, r, m)
	if err != nil {
		t.Fatalf("New: %v", err)
	}
	t.Cleanup(box.Close)
	return box
}

func turnOnce(t testing.TB, box *Mailbox) TurnReport {
	t.Helper()
	report, err := box.Turn(t.Context())
	if err != nil {
		t.Fatalf("Turn: %v", err)
	}
	return report
}

func inbox(t testing.TB, s *imaptest.Server, folder string) []imaptest.Mail {
	t.Helper()
	mails, err := s.Mails(user, folder)
	if err != nil {
		t.Fatalf("look into %s: %v", folder, err)
	}
	return mails
}

var errBroken = errors.New("broken on purpose")

// testClock stands still but for what the test adds.
type testClock struct {
	mu  sync.Mutex
	now time.Time
	// onWait says what ends a wait; default: nothing does.
	onWait func(d time.Duration) <-chan time.Time
}

func newClock() *testClock { return &testClock{now: time.Now()} }

func (c *testClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *testClock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func (c *testClock) After(d time.Duration) <-chan time.Time {
	if c.onWait == nil {
		return nil
	}
	return c.onWait(d)
}

// over lets d pass at once.
func (c *testClock) over(d time.Duration) <-chan time.Time {
	c.pass(d)
	fired := make(chan time.Time, 1)
	fired <- c.Now()
	return fired
}
