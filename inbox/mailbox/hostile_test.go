package mailbox

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"dpobot/inbox/mailbox/imaptest"
)

func startPeer(t testing.TB, mails ...imaptest.PeerMail) *imaptest.Peer {
	t.Helper()
	p, err := imaptest.StartPeer(mails...)
	if err != nil {
		t.Fatalf("start the peer: %v", err)
	}
	t.Cleanup(p.Close)
	return p
}

func startProxy(t testing.TB, target string) *imaptest.Proxy {
	t.Helper()
	p, err := imaptest.StartProxy(target)
	if err != nil {
		t.Fatalf("start the proxy: %v", err)
	}
	t.Cleanup(p.Close)
	return p
}

// hurried is a mailbox that gives up soon, on a clock that stands still.
func hurried(t testing.TB, addr string, r Reader, m *memory) (*Mailbox, *testClock) {
	t.Helper()
	box := newMailbox(t, plainConfig(addr), r, m)
	clock := newClock()
	box.clock, m.now = clock, clock.Now
	box.limits.dial, box.limits.command, box.limits.search = 5*time.Second, 5*time.Second, 5*time.Second
	box.limits.mail, box.limits.drain = 150*time.Millisecond, 150*time.Millisecond
	return box, clock
}

// A mail that breaks the connection, or cannot be had, fails three times and is set aside. The
// mails before and after it are handled in the very first turn.
func TestPoisonMail(t *testing.T) {
	faults := []imaptest.Fault{
		imaptest.Garbage, imaptest.Silent, imaptest.Bye, imaptest.HangUp, imaptest.Cut, imaptest.Drip,
		imaptest.TooShort, imaptest.TooLong, imaptest.NoText, imaptest.BadDate, imaptest.Hidden,
	}
	for _, fault := range faults {
		t.Run(string(fault), func(t *testing.T) {
			peer := startPeer(t,
				imaptest.PeerMail{UID: 11, Text: mail("one")},
				imaptest.PeerMail{UID: 22, Text: mail("poison"), Fault: fault},
				imaptest.PeerMail{UID: 33, Text: mail("three")})
			r, memory := &reader{}, newMemory()
			box, clock := hurried(t, peer.Addr, r, memory)
			for try := 1; try <= 3; try++ {
				if slices.Contains(r.aside, 22) {
					t.Errorf("set aside after %d tries, want 3", try-1)
				}
				turnOnce(t, box)
				for _, uid := range []uint32{11, 33} {
					if !peer.Flagged(uid, "$dpobot") {
						t.Errorf("mail %d is not flagged after turn %d", uid, try)
					}
				}
				clock.pass(tryAfter(try))
			}
			if !slices.Equal(r.aside, []uint32{22}) {
				t.Fatalf("set aside %v, want just 22", r.aside)
			}
			clock.pass(24 * time.Hour)
			asked := len(peer.Commands())
			turnOnce(t, box)
			for _, command := range peer.Commands()[asked:] {
				if strings.Contains(command, "FETCH") {
					t.Errorf("fetched again after it was set aside: %s", command)
				}
			}
			state := memory.remembered()
			if state.Done != 33 || len(state.Pending) != 0 {
				t.Errorf("remembered %+v, want done 33 and nothing pending", state)
			}
		})
	}
}

// A server in trouble breaks over every mail. That is not taken for a fault of all the mails.
func TestServerInTroubleIsNotBlamedOnTheMails(t *testing.T) {
	peer := startPeer(t)
	const n = 50
	for uid := range uint32(n) {
		peer.Add(imaptest.PeerMail{UID: uid + 1, Text: mail("one"), Fault: imaptest.HangUp})
	}
	r := &reader{}
	box, clock := hurried(t, peer.Addr, r, newMemory())
	for range 3 {
		if _, err := box.Turn(t.Context()); !errors.Is(err, ErrLost) {
			t.Errorf("Turn: %v, want %v", err, ErrLost)
		}
		clock.pass(time.Hour)
	}
	if len(r.aside) > maxBreaks {
		t.Errorf("set aside %v, want a few at most", r.aside)
	}
	for uid := range uint32(n) {
		peer.Heal(uid + 1)
	}
	for range 3 {
		turnOnce(t, box)
		clock.pass(time.Hour)
	}
	if got := len(r.subjects()) + len(r.aside); got != n {
		t.Errorf("%d mails read or set aside once it is well again, want %d", got, n)
	}
}

func TestMailThatHealsIsHandled(t *testing.T) {
	peer := startPeer(t, imaptest.PeerMail{UID: 1, Text: mail("one"), Fault: imaptest.Cut})
	r := &reader{}
	box, clock := hurried(t, peer.Addr, r, newMemory())
	turnOnce(t, box)
	peer.Heal(1)
	if report := turnOnce(t, box); report.Read() != 0 || report.Pending != 1 {
		t.Errorf("before it is due: %+v, want nothing read and one pending", report)
	}
	clock.pass(time.Hour)
	if report := turnOnce(t, box); report.Handled != 1 || report.Pending != 0 {
		t.Errorf("when it is due: %+v, want it handled", report)
	}
	if len(r.aside) != 0 || !slices.Equal(r.subjects(), []string{"one"}) {
		t.Errorf("read %q, set aside %v; want one read, none set aside", r.subjects(), r.aside)
	}
}

// A report of changed flags comes between the question and its answer.
func TestUnaskedFlagsDoNotHideAMail(t *testing.T) {
	peer := startPeer(t,
		imaptest.PeerMail{UID: 1, Text: mail("one"), Fault: imaptest.Unasked},
		imaptest.PeerMail{UID: 2, Text: mail("two")})
	r := &reader{}
	box, clock := hurried(t, peer.Addr, r, newMemory())
	box.config.Since = clock.Now().Add(-time.Hour)
	for range 3 {
		turnOnce(t, box)
		clock.pass(10 * time.Minute)
	}
	slices.Sort(r.read)
	if !slices.Equal(r.read, []string{"one", "two"}) || len(r.aside) != 0 {
		t.Errorf("read %q, set aside %v; want both read once", r.read, r.aside)
	}
}

func TestUnderstatedMailIsNotDownloaded(t *testing.T) {
	peer := startPeer(t,
		imaptest.PeerMail{UID: 1, Text: append(mail("big"), bytes.Repeat([]byte("x"), 100_000)...), Fault: imaptest.Understated},
		imaptest.PeerMail{UID: 2, Text: mail("two")})
	r := &reader{}
	memory := newMemory()
	box, clock := hurried(t, peer.Addr, r, memory)
	box.config.MaxSize = 1000
	for range 3 {
		turnOnce(t, box)
		clock.pass(time.Hour)
	}
	if !slices.Equal(r.subjects(), []string{"two"}) || !slices.Equal(r.aside, []uint32{1}) {
		t.Errorf("read %q, set aside %v; want two read and 1 set aside", r.subjects(), r.aside)
	}
}

// Whatever the server does at whatever command, the Turn ends with an error of ours, soon, and the
// next one on a healthy server goes through.
func TestServerMisbehaves(t *testing.T) {
	commands := []string{"CONNECT", "CAPABILITY", "AUTHENTICATE", "SELECT", "UID SEARCH", "UID STORE"}
	faults := map[imaptest.Fault]error{
		imaptest.Silent: ErrSilent, imaptest.Garbage: ErrGarbled, imaptest.Bye: ErrLost, imaptest.HangUp: ErrLost,
	}
	for _, command := range commands {
		for fault, want := range faults {
			t.Run(command+" "+string(fault), func(t *testing.T) {
				peer := startPeer(t, imaptest.PeerMail{UID: 1, Text: mail("one")})
				r := &reader{}
				box, _ := hurried(t, peer.Addr, r, newMemory())
				box.limits.dial, box.limits.command, box.limits.search = 150*time.Millisecond, 150*time.Millisecond, 150*time.Millisecond
				peer.On(func(c string) imaptest.Fault {
					if strings.HasPrefix(c, command) {
						return fault
					}
					return ""
				})
				if _, err := box.Turn(t.Context()); !errors.Is(err, want) {
					t.Errorf("Turn: %v, want %v", err, want)
				} else if strings.Contains(err.Error(), "Pauli") {
					t.Errorf("the error repeats what the server said: %v", err)
				}
				peer.On(nil)
				turnOnce(t, box)
				if !peer.Flagged(1, "$dpobot") {
					t.Error("the mail is not handled once the server behaves")
				}
				if len(r.aside) != 0 {
					t.Error("the mail was set aside for what the server did")
				}
			})
		}
	}
}

// Refusals are no reason to hang up or to stop.
func TestServerRefuses(t *testing.T) {
	for _, c := range []struct {
		command string
		want    error
		handled bool
	}{
		{"AUTHENTICATE", ErrPassword, false},
		{"SELECT", ErrNoFolder, false},
		{"UID STORE", nil, true},
	} {
		t.Run(c.command, func(t *testing.T) {
			peer := startPeer(t, imaptest.PeerMail{UID: 1, Text: mail("one")})
			r := &reader{}
			box, _ := hurried(t, peer.Addr, r, newMemory())
			peer.On(func(command string) imaptest.Fault {
				if strings.HasPrefix(command, c.command) {
					return imaptest.Refuse
				}
				return ""
			})
			for range 2 {
				_, err := box.Turn(t.Context())
				if !errors.Is(err, c.want) {
					t.Errorf("Turn: %v, want %v", err, c.want)
				}
				if err != nil && strings.Contains(err.Error(), "Pauli") {
					t.Errorf("the error repeats what the server said: %v", err)
				}
			}
			if got := len(r.subjects()); c.handled != (got == 1) {
				t.Errorf("the mail was read %d times, want handled = %v, once", got, c.handled)
			}
		})
	}
}

// The connection breaks at every place of a conversation, once. Nothing is lost, and what is read
// twice is only what was in hand.
func TestConnectionCutAnywhere(t *testing.T) {
	server := startServer(t, imaptest.Options{})
	var want []string
	for _, s := range []string{"a", "b", "c", "d", "e"} {
		want = append(want, s)
		deliver(t, server, s)
	}
	whole := conversationLength(t, server)
	for cut := int64(1); cut < whole; cut += 61 {
		server := startServer(t, imaptest.Options{})
		deliver(t, server, want...)
		proxy := startProxy(t, server.Addr)
		r := &reader{}
		box, clock := hurried(t, proxy.Addr, r, newMemory())
		box.limits.mail = 5 * time.Second
		proxy.CutAfter(cut)
		for range 3 {
			_, _ = box.Turn(t.Context()) // fails where the cut is outside of a batch
			clock.pass(time.Hour)
		}
		got := r.subjects()
		slices.Sort(got)
		if !slices.Equal(slices.Compact(got), want) {
			t.Errorf("cut after %d bytes: read %q, want all of %q", cut, got, want)
		}
		for _, m := range inbox(t, server, "INBOX") {
			if !m.Has("$dpobot") {
				t.Errorf("cut after %d bytes: mail %d is not flagged", cut, m.UID)
			}
		}
		if len(r.aside) != 0 {
			t.Errorf("cut after %d bytes: set aside %v", cut, r.aside)
		}
		box.Close()
		proxy.Close()
		server.Close()
	}
}

// conversationLength is how much a server says in a turn over its mails.
func conversationLength(t *testing.T, server *imaptest.Server) int64 {
	t.Helper()
	const plenty = 1 << 30
	proxy := startProxy(t, server.Addr)
	proxy.CutAfter(plenty)
	box := newMailbox(t, plainConfig(proxy.Addr), &reader{}, newMemory())
	turnOnce(t, box)
	return plenty - proxy.Left()
}

// Nothing of a mail, of an account or of what a server says is logged, at any level.
func TestLogIsFreeOfPersonalData(t *testing.T) {
	for _, fault := range []imaptest.Fault{imaptest.TooShort, imaptest.TooLong, imaptest.Garbage, imaptest.Cut, imaptest.Bye} {
		peer := startPeer(t, imaptest.PeerMail{UID: 1, Text: mail("Pauli Pauli Pauli Pauli Pauli Pauli"), Fault: fault})
		var log bytes.Buffer
		config := plainConfig(peer.Addr)
		config.User, config.Password = "pauli", secret("Pauli")
		config.Logger = slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
		r := &reader{decide: func(string, Message) (Outcome, error) { panic("Pauli") }}
		memory := newMemory()
		box := newMailbox(t, config, r, memory)
		clock := newClock()
		box.clock, memory.now = clock, clock.Now
		for range 4 {
			_, _ = box.Turn(context.Background())
			clock.pass(time.Hour)
		}
		if log.Len() == 0 || len(r.aside) != 1 {
			t.Fatalf("%s: set aside %v, %d bytes of log; want both", fault, r.aside, log.Len())
		}
		if all := log.String() + strings.Join(r.whys, " "); strings.Contains(strings.ToLower(all), "pauli") || strings.Contains(all, "b.example") {
			t.Errorf("%s: personal data in the log: %s", fault, all)
		}
	}
}
