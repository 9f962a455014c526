package redisstore_test

import (
	"context"
	"errors"
	"io"
	"net"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"dpobot/workflow"
	"dpobot/workflow/redisstore"
	"dpobot/workflow/redisstore/managed"
	"dpobot/workflow/redisstore/seal"
	"dpobot/workflow/redisstore/storetest"
)

// TestKilledServerLosesNoCommit kills the server again and again under eight writers.
// Every commit that was answered is there afterwards, and the trail is sound.
func TestKilledServerLosesNoCommit(t *testing.T) {
	server := storetest.Server(t)
	h := houseOn(t, server, "privacy@company.example")
	var answered sync.Map
	var count atomic.Int64
	stop := make(chan struct{})
	var writers sync.WaitGroup
	for w := range 8 {
		writers.Go(func() {
			s := h.process()
			for i := 0; ; i++ {
				select {
				case <-stop:
					return
				default:
				}
				ref := workflow.Ref(strconv.Itoa(w) + "-" + strconv.Itoa(i))
				step := workflow.Step{Case: plea(ref), Identities: []string{string(ref)}, Entries: []workflow.Entry{{At: noon, Event: "opened"}}}
				if untilFiled(t.Context(), s, step) {
					answered.Store(ref, true)
					count.Add(1)
				}
			}
		})
	}
	for range 3 {
		target := count.Load() + 60
		waitFor(t, "commits", func() bool { return count.Load() >= target })
		pid := server.Status().PID
		if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		waitFor(t, "the server to come back", func() bool { st := server.Status(); return st.PID != 0 && st.PID != pid })
	}
	close(stop)
	writers.Wait()

	waitFor(t, "an answer", func() bool { return h.rdb.Ping(t.Context()).Err() == nil })
	answered.Range(func(ref, _ any) bool {
		if _, err := h.Load(t.Context(), ref.(workflow.Ref)); err != nil {
			t.Errorf("%s was answered and is gone: %v", ref, err)
		}
		return true
	})
	n, err := h.Verify(t.Context())
	if err != nil || n != count.Load() {
		t.Errorf("trail: got %d entries (%v), want %d", n, err, count.Load())
	}
	t.Logf("%d commits, %d restarts", count.Load(), server.Status().Restarts)
}

// TestRestart stops the server and starts it again on the same directory: cases, claims,
// allowances, leases and the trail are as they were.
func TestRestart(t *testing.T) {
	dir, keys := t.TempDir(), must(seal.Ephemeral())
	start := func() (*managed.Server, *redisstore.Store) {
		t.Helper()
		server, err := managed.Start(t.Context(), managed.Options{Dir: dir})
		if errors.Is(err, managed.ErrNoServer) {
			t.Skip(err)
		}
		if err != nil {
			t.Fatal(err)
		}
		rdb := redis.NewClient(server.RedisOptions())
		t.Cleanup(func() { rdb.Close(); server.Close() })
		return server, redisstore.New(rdb, "privacy@company.example", keys)
	}
	server, s := start()
	c := file(t, s)
	appendEntries(t, s, c.Ref, 3)
	inHand := claim(t, s, noon)
	must(s.Allow(t.Context(), "matti@person.example", 1, time.Hour, noon))
	if err := s.Leased("INBOX").Acquire(t.Context(), "a", time.Hour); err != nil {
		t.Fatal(err)
	}
	if err := server.Close(); err != nil {
		t.Fatal(err)
	}

	_, s = start()
	if got := load(t, s, c.Ref); got.Person.Address != c.Person.Address {
		t.Error("another case came back")
	}
	if must(s.Allow(t.Context(), "matti@person.example", 1, time.Hour, noon)) {
		t.Error("an allowance was forgotten")
	}
	if err := s.Leased("INBOX").Acquire(t.Context(), "b", time.Hour); !errors.Is(err, redisstore.ErrLeaseHeld) {
		t.Errorf("lease: got %v, want ErrLeaseHeld", err)
	}
	if err := s.Renew(t.Context(), inHand, noon.Add(time.Second), time.Minute); err != nil {
		t.Errorf("claim: got %v", err)
	}
	if n, err := s.Verify(t.Context()); n != 3 || err != nil {
		t.Errorf("trail: got %d entries (%v), want 3", n, err)
	}
}

// untilFiled repeats a commit as it is until it is known to be there.
func untilFiled(ctx context.Context, s *redisstore.Store, step workflow.Step) bool {
	for ctx.Err() == nil {
		err := s.Commit(ctx, step)
		if err == nil || errors.Is(err, workflow.ErrDuplicate) {
			return true
		}
	}
	return false
}

func waitFor(t *testing.T, what string, ok func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for !ok() {
		select {
		case <-ctx.Done():
			t.Fatalf("waited in vain for %s", what)
		case <-time.After(2 * time.Millisecond):
		}
	}
}

// TestReplyCutOff cuts the connection in the middle of the reply to a commit: it was
// written, the caller does not know, and repeats it as it is.
func TestReplyCutOff(t *testing.T) {
	m := storetest.Mini(t)
	cut := &cutter{}
	rdb := redis.NewClient(&redis.Options{Addr: m.Server.Addr(), MaxRetries: -1, Dialer: func(ctx context.Context, network, addr string) (net.Conn, error) {
		conn, err := new(net.Dialer).DialContext(ctx, network, addr)
		return &cutConn{conn, cut}, err
	}})
	defer rdb.Close()
	s := redisstore.New(rdb, storetest.Mailbox, m.Keys)
	file(t, s) // so that connection and script are there

	for _, row := range []struct {
		name       string
		identities []string
		want       error
	}{
		{"with an identity", []string{"uid 1"}, workflow.ErrDuplicate},
		{"without", nil, workflow.ErrConflict},
	} {
		step := workflow.Step{Case: plea(newRef(t, s)), Identities: row.identities, Entries: []workflow.Entry{{At: noon, Event: "opened"}}}
		// Once the store knows the head of the trail, a commit is a single command.
		appendEntries(t, s, "DPO-2026-0001", 1)
		cut.next.Store(true)
		err := s.Commit(t.Context(), step)
		if err == nil || errors.Is(err, row.want) {
			t.Fatalf("%s: got %v, want a connection that broke", row.name, err)
		}
		if cut.next.Load() {
			t.Fatalf("%s: nothing was cut", row.name)
		}
		if err := s.Commit(t.Context(), step); !errors.Is(err, row.want) {
			t.Errorf("%s, repeated: got %v, want %v", row.name, err, row.want)
		}
		if got := load(t, s, step.Case.Ref); got.Version != 1 {
			t.Errorf("%s: got version %d, want 1", row.name, got.Version)
		}
	}
	if n, err := s.Verify(t.Context()); n != 4 || err != nil {
		t.Errorf("trail: got %d entries (%v), want each once", n, err)
	}
}

// TestWaitingForTheTrailEndsWithItsContext holds a commit up on its way: another one that
// waits behind it gives up when its context ends, and is not written later.
func TestWaitingForTheTrailEndsWithItsContext(t *testing.T) {
	m := storetest.Mini(t)
	gate := &gate{}
	rdb := redis.NewClient(&redis.Options{Addr: m.Server.Addr(), MaxRetries: -1, Dialer: func(ctx context.Context, network, addr string) (net.Conn, error) {
		conn, err := new(net.Dialer).DialContext(ctx, network, addr)
		return &gatedConn{conn, gate}, err
	}})
	defer rdb.Close()
	s := redisstore.New(rdb, storetest.Mailbox, m.Keys)
	first, second := file(t, s), file(t, s)
	appendEntries(t, s, first.Ref, 1)
	entry := []workflow.Entry{{At: noon, Event: "noted"}}

	held := gate.shut()
	done := make(chan error)
	first.Version++
	go func() { done <- s.Commit(t.Context(), workflow.Step{Case: first, Entries: entry}) }()
	<-held // it is on its way

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Commit(ctx, workflow.Step{Case: second, Entries: entry}); !errors.Is(err, context.Canceled) {
		t.Errorf("the one behind it: got %v, want its context's error", err)
	}
	gate.open()
	if err := <-done; err != nil {
		t.Errorf("the one that was held up: got %v", err)
	}
	appendEntries(t, s, first.Ref, 1)
	if got := load(t, s, second.Ref).Version; got != 1 {
		t.Errorf("the one that was given up: got version %d, want 1", got)
	}
	if n, err := s.Verify(t.Context()); n != 3 || err != nil {
		t.Errorf("trail: got %d entries (%v), want 3", n, err)
	}
}

// gate holds up what is written to any connection while it is shut.
type gate struct {
	mu     sync.Mutex
	closed chan struct{} // nil while the gate is open
	held   chan struct{} // closed when somebody waits at it
	once   *sync.Once
}

func (g *gate) shut() (held chan struct{}) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.closed, g.held, g.once = make(chan struct{}), make(chan struct{}), new(sync.Once)
	return g.held
}

func (g *gate) open() {
	g.mu.Lock()
	defer g.mu.Unlock()
	close(g.closed)
	g.closed = nil
}

type gatedConn struct {
	net.Conn
	gate *gate
}

func (c *gatedConn) Write(b []byte) (int, error) {
	c.gate.mu.Lock()
	closed, held, once := c.gate.closed, c.gate.held, c.gate.once
	c.gate.mu.Unlock()
	if closed != nil {
		once.Do(func() { close(held) })
		<-closed
	}
	return c.Conn.Write(b)
}

// cutter tells the next connection that reads to break off inside what it gets.
type cutter struct{ next atomic.Bool }

type cutConn struct {
	net.Conn
	cut *cutter
}

func (c *cutConn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if err == nil && c.cut.next.CompareAndSwap(true, false) {
		c.Conn.Close()
		return copy(b, b[:n/2]), io.ErrUnexpectedEOF
	}
	return n, err
}
