package mailbox

import (
	"context"
	"errors"
	"io"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"dpobot/inbox/mailbox/imaptest"
)

var errKilled = errors.New("killed")

// dying is a Reader and a Memory that die at the n-th thing they are asked to do: from there on
// nothing of this "process" has any effect, as after a kill -9.
type dying struct {
	*reader
	*memory
	left *atomic.Int64
	// after lets the last step take effect before the end, as when only the answer is lost.
	after bool
}

func (d dying) step(do func() error) error {
	left := d.left.Add(-1)
	switch {
	case left > 0:
		return do()
	case left == 0 && d.after:
		_ = do()
	}
	return errKilled
}

func (d dying) Read(ctx context.Context, m Message, raw io.Reader) (outcome Outcome, err error) {
	err = d.step(func() error { outcome, err = d.reader.Read(ctx, m, raw); return err })
	if errors.Is(err, errKilled) {
		return "", ErrUnavailable // ends the turn, as the end of a process does
	}
	return outcome, err
}

func (d dying) Save(ctx context.Context, token string, c Change) error {
	return d.step(func() error { return d.memory.Save(ctx, token, c) })
}

// Release does nothing: a killed process gives nothing back.
func (d dying) Release(context.Context, string) error { return nil }

// Killed at any step, in whatever way, the next process loses no mail, and hands no more over a
// second time than was in hand.
func TestKilledAnywhere(t *testing.T) {
	subjects := []string{"a", "left", "later", "fails", "e"}
	for _, after := range []bool{false, true} {
		for n := int64(1); n <= 14; n++ {
			server := startServer(t, imaptest.Options{})
			deliver(t, server, subjects...)
			r := &reader{}
			r.decide = func(subject string, _ Message) (Outcome, error) {
				switch {
				case subject == "left":
					return Left, nil
				case subject == "later" && len(r.read) < 12:
					return Later, nil
				case subject == "fails":
					return "", errBroken
				}
				return Handled, nil
			}
			memory := newMemory()
			clock := newClock()
			memory.now = clock.Now
			left := &atomic.Int64{}
			left.Store(n)
			doomed := dying{r, memory, left, after}
			first := newMailbox(t, plainConfig(server.Addr), doomed, doomed)
			first.clock = clock
			_, _ = first.Turn(t.Context())
			first.hangUp()

			second := newMailbox(t, plainConfig(server.Addr), r, memory)
			second.clock = clock
			for range 8 {
				clock.pass(time.Hour) // the lease of the dead one runs out, pending mails fall due
				turnOnce(t, second)
			}
			read := slices.Compact(slices.Sorted(slices.Values(r.subjects())))
			if want := slices.Sorted(slices.Values(subjects)); !slices.Equal(read, want) {
				t.Errorf("killed at step %d: read %q, want all of %q", n, read, want)
			}
			for i, m := range inbox(t, server, "INBOX") {
				if got, want := m.Has("$dpobot"), subjects[i] != "left"; got != want {
					t.Errorf("killed at step %d: %q flagged = %v, want %v", n, subjects[i], got, want)
				}
			}
			if !slices.Equal(r.aside, []uint32{4}) {
				t.Errorf("killed at step %d: set aside %v, want the one that fails, once", n, r.aside)
			}
			if state := memory.remembered(); len(state.Pending) != 0 || state.Hand != 0 {
				t.Errorf("killed at step %d: remembered %+v, want nothing pending or in hand", n, state)
			}
		}
	}
}

// A mail that kills every process that reads it is set aside in the end, and the others are handled.
func TestMailThatKillsTheProcess(t *testing.T) {
	server := startServer(t, imaptest.Options{})
	deliver(t, server, "one", "deadly", "three")
	memory := newMemory()
	clock := newClock()
	memory.now = clock.Now
	r := &reader{}
	deaths := 0
	for range 8 {
		// Each round is a new process. Read does not return from the deadly mail: what was saved
		// before is all that is left.
		left := &atomic.Int64{}
		left.Store(1 << 30)
		r.decide = func(subject string, _ Message) (Outcome, error) {
			if subject == "deadly" {
				deaths++
				left.Store(0)
				return "", ErrUnavailable
			}
			return Handled, nil
		}
		process := dying{r, memory, left, false}
		box := newMailbox(t, plainConfig(server.Addr), process, process)
		box.clock = clock
		_, _ = box.Turn(t.Context())
		box.hangUp()
		clock.pass(time.Hour)
	}
	// Once in a batch, three times by itself.
	if deaths != 4 || !slices.Equal(r.aside, []uint32{2}) {
		t.Errorf("%d processes died, set aside %v; want 4 and then mail 2", deaths, r.aside)
	}
	for _, m := range inbox(t, server, "INBOX") {
		if !m.Has("$dpobot") {
			t.Errorf("mail %d is not flagged", m.UID)
		}
	}
}

func TestLease(t *testing.T) {
	server := startServer(t, imaptest.Options{})
	deliver(t, server, "one", "two")
	memory := newMemory()
	clock := newClock()
	memory.now = clock.Now
	inHand, goOn := make(chan string), make(chan bool)
	slow := &reader{decide: func(subject string, _ Message) (Outcome, error) {
		inHand <- subject
		<-goOn
		return Handled, nil
	}}
	first := newMailbox(t, plainConfig(server.Addr), slow, memory)
	quick := &reader{}
	second := newMailbox(t, plainConfig(server.Addr), quick, memory)
	first.clock, second.clock = clock, clock

	ended := make(chan error, 1)
	go func() {
		_, err := first.Turn(t.Context())
		ended <- err
	}()
	<-inHand
	if report := turnOnce(t, second); !report.Standby {
		t.Errorf("report %+v, want standby while the other one reads", report)
	}
	// The first one loses its lease over its mail: the second takes over at once, and the first
	// may change nothing any more.
	memory.steal()
	goOn <- true
	<-inHand
	goOn <- true
	if err := <-ended; !errors.Is(err, ErrLeaseLost) {
		t.Errorf("the first one's Turn: %v, want %v", err, ErrLeaseLost)
	}
	if state := memory.remembered(); state.Done != 0 {
		t.Errorf("remembered %+v, want nothing by the one without the lease", state)
	}
	clock.pass(2 * time.Hour)
	deliver(t, server, "three")
	turnOnce(t, second)
	if state := memory.remembered(); state.Done != 3 {
		t.Errorf("remembered %+v, want done 3", state)
	}
}

// The lease is renewed while a mail takes its time, and the work ends if that fails.
func TestLeaseIsRenewed(t *testing.T) {
	memory := newMemory()
	clock := newClock()
	memory.now = clock.Now
	tick := make(chan time.Time)
	clock.onWait = func(time.Duration) <-chan time.Time { return tick }
	box := newMailbox(t, plainConfig("127.0.0.1:1"), &reader{}, memory)
	box.clock = clock
	work, release, _, err := box.lease(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for range 5 {
		clock.pass(box.limits.lease / 3)
		tick <- clock.Now()
	}
	if work.Err() != nil {
		t.Fatalf("the work ended: %v", context.Cause(work))
	}
	memory.steal()
	select {
	case tick <- clock.Now():
		<-work.Done()
	case <-work.Done(): // the fifth renewal came after the theft
	}
	if cause := context.Cause(work); !errors.Is(cause, ErrLeaseLost) {
		t.Errorf("the work ended by %v, want %v", cause, ErrLeaseLost)
	}
	release()
}
