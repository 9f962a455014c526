package mailbox

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"dpobot/inbox/mailbox/imaptest"
)

// running starts Run and returns how to stop it, which the test's end does, too.
func running(t *testing.T, box *Mailbox) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- box.Run(ctx) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("Run: %v", err)
		}
	})
	t.Cleanup(stop)
	return stop
}

// Mail that comes at any moment, while IDLE is being set up, too, is noticed without a poll.
func TestRunNoticesEveryMail(t *testing.T) {
	server := startServer(t, imaptest.Options{})
	config := plainConfig(server.Addr)
	config.Poll = time.Hour
	r := &reader{took: make(chan string, 1000)}
	running(t, newMailbox(t, config, r, newMemory()))
	const n = 60
	for i := range n {
		subject := fmt.Sprint("mail ", i)
		deliver(t, server, subject)
		if i%3 == 0 {
			// Wait for this one, so that the next comes while its turn ends and IDLE begins.
			for got := <-r.took; got != subject; got = <-r.took {
			}
		}
	}
	for last := fmt.Sprint("mail ", n-1); !slices.Contains(r.subjects(), last); {
		<-r.took
	}
	if got := len(r.subjects()); got != n {
		t.Errorf("read %d mails, want %d", got, n)
	}
}

func TestRunPollsWithoutIdle(t *testing.T) {
	peer := startPeer(t)
	peer.Offer("IMAP4rev1 AUTH=PLAIN SASL-IR")
	r := &reader{took: make(chan string, 10)}
	box := newMailbox(t, plainConfig(peer.Addr), r, newMemory())
	clock := newClock()
	polls := make(chan time.Time)
	clock.onWait = func(d time.Duration) <-chan time.Time {
		switch {
		case d <= tick:
			return clock.over(d)
		case d == box.limits.lease/3:
			return nil
		}
		return polls
	}
	box.clock = clock
	running(t, box)
	polls <- clock.Now() // the first turn is over
	for i, subject := range []string{"one", "two"} {
		peer.Add(imaptest.PeerMail{UID: uint32(i + 1), Text: mail(subject)})
		select {
		case polls <- clock.Now():
			<-r.took
		case <-r.took: // by the poll before
		}
	}
	if got, want := r.subjects(), []string{"one", "two"}; !slices.Equal(got, want) {
		t.Errorf("read %q, want %q", got, want)
	}
	if slices.Contains(peer.Commands(), "IDLE") {
		t.Error("IDLE was given to a server without")
	}
}

// An IDLE ends after its own cycle, and a search follows, announced or not.
func TestRunSearchesAfterEachIdle(t *testing.T) {
	peer := startPeer(t) // announces nothing
	r := &reader{took: make(chan string, 10)}
	config := plainConfig(peer.Addr)
	config.Poll = time.Hour
	box := newMailbox(t, config, r, newMemory())
	clock := newClock()
	lasts, over := make(chan time.Duration, 100), make(chan time.Time)
	clock.onWait = func(d time.Duration) <-chan time.Time {
		if d == box.limits.lease/3 {
			return nil
		}
		lasts <- d
		return over
	}
	box.clock = clock
	running(t, box)
	if got := <-lasts; got != 9*time.Minute {
		t.Errorf("IDLE lasts %v, want 9 minutes", got)
	}
	peer.Add(imaptest.PeerMail{UID: 1, Text: mail("unannounced")})
	over <- clock.Now()
	if got := <-r.took; got != "unannounced" {
		t.Errorf("read %q", got)
	}
	if !slices.Contains(peer.Commands(), "IDLE") {
		t.Error("no IDLE was given")
	}
}

// A server that is away is tried again after growing pauses, and a mail that waits there is
// handled when it is back.
func TestRunComesBack(t *testing.T) {
	server := startServer(t, imaptest.Options{})
	proxy := startProxy(t, server.Addr)
	r := &reader{took: make(chan string, 10)}
	box := newMailbox(t, plainConfig(proxy.Addr), r, newMemory())
	clock := newClock()
	var mu sync.Mutex
	var pauses []time.Duration
	clock.onWait = func(d time.Duration) <-chan time.Time {
		if d == box.limits.lease/3 || d <= tick || d == box.config.Poll {
			return nil // healthy: only the server ends these
		}
		mu.Lock()
		defer mu.Unlock()
		pauses = append(pauses, d)
		if len(pauses) == 10 {
			proxy.Pass()
		}
		return clock.over(d)
	}
	box.clock = clock
	box.jitter = func() float64 { return 0.5 } // none
	proxy.Refuse()
	deliver(t, server, "waiting")
	stop := running(t, box)
	if got := <-r.took; got != "waiting" {
		t.Errorf("read %q", got)
	}
	stop()
	want := []time.Duration{1, 2, 4, 8, 16, 32, 64, 128, 256, 300}
	for i := range want {
		want[i] *= time.Second
	}
	if !slices.Equal(pauses, want) {
		t.Errorf("paused %v, want %v", pauses, want)
	}
}

func TestPauseAfter(t *testing.T) {
	for _, c := range []struct {
		faults int
		err    error
		jitter float64
		want   time.Duration
	}{
		{1, ErrLost, 0, 750 * time.Millisecond},
		{1, ErrLost, 1, 1250 * time.Millisecond},
		{3, ErrLost, 0.5, 4 * time.Second},
		{1000, ErrLost, 0.5, 5 * time.Minute},
		{1, fmt.Errorf("connect: %w", ErrPassword), 0.5, time.Minute},
		{1000, fmt.Errorf("remember: %w", away(errBroken)), 0.5, 10 * time.Second},
		{3, ErrToken, 0.5, 4 * time.Minute},
		{4, ErrNoSecret, 0.5, 5 * time.Minute},
	} {
		if got := pauseAfter(c.faults, c.err, c.jitter); got != c.want {
			t.Errorf("pauseAfter(%d, %v, %v) = %v, want %v", c.faults, c.err, c.jitter, got, c.want)
		}
	}
}

// A peer that is dead, without having hung up, is found out when the IDLE is to end.
func TestRunFindsADeadPeer(t *testing.T) {
	server := startServer(t, imaptest.Options{})
	proxy := startProxy(t, server.Addr)
	r := &reader{took: make(chan string, 10)}
	box := newMailbox(t, plainConfig(proxy.Addr), r, newMemory())
	box.limits.command = 100 * time.Millisecond
	clock := newClock()
	idles, over := make(chan bool, 100), make(chan time.Time)
	clock.onWait = func(d time.Duration) <-chan time.Time {
		switch {
		case d == box.limits.lease/3, d <= tick:
			return nil
		case d == box.config.Poll:
			idles <- true
			return over
		}
		return clock.over(d) // pauses after faults
	}
	box.clock = clock
	running(t, box)
	<-idles
	proxy.Swallow()
	deliver(t, server, "behind the wall")
	over <- clock.Now() // DONE goes unanswered
	proxy.AwaitDials(2)
	proxy.Pass()
	proxy.Drop()
	if got := <-r.took; got != "behind the wall" {
		t.Errorf("read %q", got)
	}
}

func TestStandbyTakesOver(t *testing.T) {
	server := startServer(t, imaptest.Options{})
	memory := newMemory()
	clock := newClock()
	memory.now = clock.Now
	memory.holder, memory.until = "another process", clock.Now().Add(time.Minute)
	r := &reader{took: make(chan string, 10)}
	box := newMailbox(t, plainConfig(server.Addr), r, memory)
	clock.onWait = func(d time.Duration) <-chan time.Time {
		if d == box.limits.lease/3 && memory.held() {
			return clock.over(d) // standing by
		}
		return nil
	}
	box.clock = clock
	deliver(t, server, "one")
	running(t, box)
	if got := <-r.took; got != "one" {
		t.Errorf("read %q", got)
	}
}

func (m *memory) held() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.holder == "another process"
}

// Two processes watch one mailbox: every mail is handled, by one of them.
func TestTwoProcesses(t *testing.T) {
	server := startServer(t, imaptest.Options{})
	memory := newMemory()
	r := &reader{took: make(chan string, 1000)}
	for range 2 {
		box := newMailbox(t, plainConfig(server.Addr), r, memory)
		box.limits.lease = 300 * time.Millisecond
		running(t, box)
	}
	const n = 30
	for i := range n {
		deliver(t, server, fmt.Sprint(i))
	}
	for range n {
		<-r.took
	}
	if got := len(slices.Compact(slices.Sorted(slices.Values(r.subjects())))); got != n {
		t.Errorf("%d different mails were read, want %d", got, n)
	}
	if got := len(r.subjects()); got != n {
		t.Errorf("%d mails were handed over, want %d: each once", got, n)
	}
}

func TestRunStopsWhereverItIs(t *testing.T) {
	for name, prepare := range map[string]func(*testing.T) string{
		"idle":       func(t *testing.T) string { return startServer(t, imaptest.Options{}).Addr },
		"connecting": closedPortOf,
		"dead server": func(t *testing.T) string {
			peer := startPeer(t)
			peer.On(func(string) imaptest.Fault { return imaptest.Silent })
			return peer.Addr
		},
	} {
		t.Run(name, func(t *testing.T) {
			box := newMailbox(t, plainConfig(prepare(t)), &reader{}, newMemory())
			ctx, cancel := context.WithTimeoutCause(t.Context(), 100*time.Millisecond, errors.New("stop"))
			defer cancel()
			if err := box.Run(ctx); err != nil {
				t.Errorf("Run: %v", err)
			}
		})
	}
}

func closedPortOf(t *testing.T) string { return closedPort(t) }
