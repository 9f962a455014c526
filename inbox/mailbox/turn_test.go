package mailbox

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"dpobot/inbox/mailbox/imaptest"
)

func outcomes(by map[string]Outcome) func(string, Message) (Outcome, error) {
	return func(subject string, _ Message) (Outcome, error) {
		if o, ok := by[subject]; ok {
			return o, nil
		}
		return Handled, nil
	}
}

func TestTurnHandsOverFlagsAndRemembers(t *testing.T) {
	server := startServer(t, imaptest.Options{})
	deliver(t, server, "one", "two", "three")
	r := &reader{decide: outcomes(map[string]Outcome{"two": Left})}
	memory := newMemory()
	box := newMailbox(t, plainConfig(server.Addr), r, memory)

	report := turnOnce(t, box)
	if report.Handled != 2 || report.Left != 1 {
		t.Errorf("report = %+v, want 2 handled and 1 left", report)
	}
	if got, want := r.subjects(), []string{"one", "two", "three"}; !slices.Equal(got, want) {
		t.Errorf("read %q, want %q", got, want)
	}
	for _, m := range inbox(t, server, "INBOX") {
		if got, want := m.Has("$dpobot"), m.UID != 2; got != want {
			t.Errorf("mail %d flagged = %v, want %v", m.UID, got, want)
		}
		if m.Has(`\Seen`) {
			t.Errorf("mail %d is marked as read", m.UID)
		}
	}
	if state := memory.remembered(); state.Done != 3 || state.Hand != 0 || state.Polled.IsZero() {
		t.Errorf("remembered %+v, want done 3, nothing in hand, a time", state)
	}
}

// What was read is not fetched again: not on the next poll, not after a restart.
func TestNothingIsFetchedTwice(t *testing.T) {
	server := startServer(t, imaptest.Options{})
	deliver(t, server, "handled", "left")
	r := &reader{decide: outcomes(map[string]Outcome{"left": Left})}
	memory := newMemory()
	box := newMailbox(t, plainConfig(server.Addr), r, memory)
	turnOnce(t, box)
	before := server.Count("FETCH")
	turnOnce(t, box)
	turnOnce(t, newMailbox(t, plainConfig(server.Addr), r, memory))
	if got := server.Count("FETCH"); got != before {
		t.Errorf("%d FETCHes by turns with nothing to do, want 0", got-before)
	}
	deliver(t, server, "new")
	turnOnce(t, box)
	if got, want := r.subjects(), []string{"handled", "left", "new"}; !slices.Equal(got, want) {
		t.Errorf("read %q, want %q", got, want)
	}
}

func TestRenumberedFolderIsReadAnew(t *testing.T) {
	server := startServer(t, imaptest.Options{})
	deliver(t, server, "handled", "left", "later")
	r := &reader{decide: outcomes(map[string]Outcome{"left": Left, "later": Later})}
	memory := newMemory()
	box := newMailbox(t, plainConfig(server.Addr), r, memory)
	turnOnce(t, box)
	if err := server.Renumber(user, "INBOX"); err != nil {
		t.Fatal(err)
	}
	r.read = nil
	_, _ = box.Turn(t.Context()) // finds that the connection is gone
	turnOnce(t, box)
	if got, want := r.subjects(), []string{"later", "left"}; !slices.Equal(got, want) {
		t.Errorf("read %q, want %q: all but what has the keyword", got, want)
	}
	if state := memory.remembered(); len(state.Pending) != 1 || state.Pending[1].UID != 1 {
		t.Errorf("pending %+v, want the one mail by its new number, 1", state.Pending)
	}
}

// The folder is numbered anew while a batch of it is being read.
func TestRenumberedInTheMiddle(t *testing.T) {
	for _, of := range []string{"a batch", "single mails"} {
		t.Run(of, func(t *testing.T) {
			server := startServer(t, imaptest.Options{})
			subjects := []string{"a", "b", "c", "d"}
			deliver(t, server, subjects...)
			r := &reader{}
			memory := newMemory()
			if of == "single mails" {
				memory.state = State{UIDValidity: 1, Hand: 4}
			}
			once := sync.OnceValue(func() error { return server.Renumber(user, "INBOX") })
			r.decide = func(string, Message) (Outcome, error) { return Handled, once() }
			box := newMailbox(t, plainConfig(server.Addr), r, memory)
			_, _ = box.Turn(t.Context())
			for range 2 {
				turnOnce(t, box)
			}
			for i, m := range inbox(t, server, "INBOX") {
				if !m.Has("$dpobot") {
					t.Errorf("mail %d is not flagged", i)
				}
			}
			if read := slices.Compact(slices.Sorted(slices.Values(r.subjects()))); !slices.Equal(read, subjects) {
				t.Errorf("read %q, want all of %q", read, subjects)
			}
		})
	}
}

func TestLaterIsReadAgainAndInTheEndSetAside(t *testing.T) {
	server := startServer(t, imaptest.Options{})
	deliver(t, server, "dns", "stuck", "other")
	r := &reader{decide: outcomes(map[string]Outcome{"dns": Later, "stuck": Later})}
	box, clock := hurried(t, server.Addr, r, newMemory())
	report := turnOnce(t, box)
	if report.Later != 2 || report.Handled != 1 || report.Pending != 2 || !report.NextDue.Equal(clock.Now().Add(waitAfter(1))) {
		t.Errorf("report %+v, want 2 later and due in %v, 1 handled", report, waitAfter(1))
	}
	if report := turnOnce(t, box); report.Read() != 0 {
		t.Errorf("read %+v before it was due", report)
	}
	r.decide = outcomes(map[string]Outcome{"stuck": Later})
	clock.pass(waitAfter(1))
	if report := turnOnce(t, box); report.Handled != 1 || report.Later != 1 {
		t.Errorf("report %+v, want one handled, one later", report)
	}
	looks := 2
	for range 200 {
		if len(r.aside) > 0 {
			break
		}
		clock.pass(waitAfter(looks))
		turnOnce(t, box)
		looks++
	}
	if !slices.Equal(r.aside, []uint32{2}) || !strings.Contains(r.whys[0], "a day") {
		t.Errorf("set aside %v (%q), want 2 after a day", r.aside, r.whys)
	}
	if looks > 60 {
		t.Errorf("looked at %d times in a day, want the pauses to grow", looks)
	}
}

// A reader that fails, in whatever way, does not hold up the other mails.
func TestReaderFails(t *testing.T) {
	for name, fail := range map[string]func() (Outcome, error){
		"error":      func() (Outcome, error) { return "", errBroken },
		"panic":      func() (Outcome, error) { panic("over the mail") },
		"no outcome": func() (Outcome, error) { return "maybe", nil },
	} {
		t.Run(name, func(t *testing.T) {
			server := startServer(t, imaptest.Options{})
			deliver(t, server, "one", "bad", "three")
			r := &reader{decide: func(subject string, _ Message) (Outcome, error) {
				if subject == "bad" {
					return fail()
				}
				return Handled, nil
			}}
			box, clock := hurried(t, server.Addr, r, newMemory())
			if report := turnOnce(t, box); report.Handled != 2 || report.Failed != 1 {
				t.Errorf("report %+v, want 2 handled, 1 failed", report)
			}
			for try := 2; try <= 3; try++ {
				clock.pass(tryAfter(try - 1))
				turnOnce(t, box)
			}
			clock.pass(time.Hour)
			turnOnce(t, box)
			bad := 0
			for _, s := range r.subjects() {
				if s == "bad" {
					bad++
				}
			}
			if bad != 3 || !slices.Equal(r.aside, []uint32{2}) {
				t.Errorf("read %d times, set aside %v; want 3 times, then set aside", bad, r.aside)
			}
		})
	}
}

// Showing it to the officer may fail, too; that is tried until it works.
func TestSetAsideIsRepeatedUntilShown(t *testing.T) {
	server := startServer(t, imaptest.Options{})
	deliver(t, server, "bad")
	r := &reader{decide: func(string, Message) (Outcome, error) { return "", errBroken }}
	r.shown = func(Message) (Outcome, error) { return "", errBroken }
	box, clock := hurried(t, server.Addr, r, newMemory())
	for range 4 {
		turnOnce(t, box)
		clock.pass(time.Hour)
	}
	if len(r.aside) < 2 {
		t.Errorf("shown %d times, want again and again", len(r.aside))
	}
	r.shown = func(Message) (Outcome, error) { return Left, nil }
	if report := turnOnce(t, box); report.SetAside != 1 || report.Pending != 0 {
		t.Errorf("report %+v, want it set aside and nothing pending", report)
	}
	if inbox(t, server, "INBOX")[0].Has("$dpobot") {
		t.Error("flagged, though the reader left it")
	}
}

// While the place where cases are kept is away nothing counts as a failed try.
func TestUnavailableCountsNoTry(t *testing.T) {
	server := startServer(t, imaptest.Options{})
	deliver(t, server, "one", "two")
	away := fmt.Errorf("store: %w", ErrUnavailable)
	r := &reader{decide: func(subject string, _ Message) (Outcome, error) {
		if subject == "two" {
			return "", away
		}
		return Handled, nil
	}}
	memory := newMemory()
	box, clock := hurried(t, server.Addr, r, memory)
	for range 5 {
		if _, err := box.Turn(t.Context()); !errors.Is(err, ErrUnavailable) {
			t.Fatalf("Turn: %v, want %v", err, ErrUnavailable)
		}
		clock.pass(time.Hour)
	}
	if p := memory.remembered().Pending[2]; len(r.aside) != 0 || p.Tries != 0 || p.Waits != 5 {
		t.Fatalf("set aside %v, pending %+v; want no tries counted", r.aside, p)
	}
	// Should it be the mail's own trouble, it does not hold up the next one.
	deliver(t, server, "three")
	if _, err := box.Turn(t.Context()); !errors.Is(err, ErrUnavailable) || !slices.Contains(r.subjects(), "three") {
		t.Errorf("Turn: %v, read %q; want three read", err, r.subjects())
	}
	clock.pass(time.Hour)
	r.decide = nil
	turnOnce(t, box)
	mails := inbox(t, server, "INBOX")
	if !mails[0].Has("$dpobot") || !mails[1].Has("$dpobot") {
		t.Errorf("flags %v and %v, want both handled", mails[0].Flags, mails[1].Flags)
	}

	memory.away = errBroken
	deliver(t, server, "four")
	if _, err := box.Turn(t.Context()); !errors.Is(err, errBroken) {
		t.Errorf("Turn without its memory: %v, want %v", err, errBroken)
	}
	if got := r.subjects(); slices.Contains(got, "four") {
		t.Errorf("read %q without being able to remember", got)
	}
}

func TestBatches(t *testing.T) {
	server := startServer(t, imaptest.Options{})
	const n = 1000
	for i := range n {
		deliver(t, server, fmt.Sprint("mail ", i))
	}
	r := &reader{}
	memory := newMemory()
	box := newMailbox(t, plainConfig(server.Addr), r, memory)
	if report := turnOnce(t, box); report.Handled != n {
		t.Errorf("handled %d, want %d", report.Handled, n)
	}
	for i, got := range r.subjects() {
		if want := fmt.Sprint("mail ", i); got != want {
			t.Fatalf("mail %d is %q, want %q: in their order", i, got, want)
		}
	}
	batches := n / maxBatch
	for command, most := range map[string]int{"FETCH": 2 * batches, "STORE": batches, "SEARCH": 1, "SELECT": 1} {
		if got := server.Count(command); got > most {
			t.Errorf("%d %s commands for %d mails, want at most %d", got, command, n, most)
		}
	}
	if got, most := len(memory.saves), 2*batches+2; got > most {
		t.Errorf("%d writes for %d mails, want at most %d", got, n, most)
	}
}

func TestMove(t *testing.T) {
	for name, c := range map[string]struct {
		options imaptest.Options
		inbox   int
		moved   int
	}{
		"moved":           {imaptest.Options{}, 1, 2},
		"not able to":     {imaptest.Options{Without: []string{"MOVE"}}, 3, 0},
		"without UIDPLUS": {imaptest.Options{Without: []string{"UIDPLUS"}}, 1, 2},
	} {
		t.Run(name, func(t *testing.T) {
			server := startServer(t, c.options)
			deliver(t, server, "one", "left", "three")
			config := plainConfig(server.Addr)
			config.MoveTo = "Done/By dpobot"
			if err := server.CreateFolder(user, config.MoveTo); err != nil {
				t.Fatal(err)
			}
			r := &reader{decide: outcomes(map[string]Outcome{"left": Left})}
			box := newMailbox(t, config, r, newMemory())
			turnOnce(t, box)
			turnOnce(t, box)
			if got := len(inbox(t, server, "INBOX")); got != c.inbox {
				t.Errorf("%d mails in INBOX, want %d", got, c.inbox)
			}
			moved := inbox(t, server, config.MoveTo)
			if len(moved) != c.moved {
				t.Errorf("%d mails moved, want %d", len(moved), c.moved)
			}
			for _, m := range moved {
				if !m.Has("$dpobot") {
					t.Errorf("mail %d was moved without its flag", m.UID)
				}
			}
			if len(r.subjects()) != 3 {
				t.Errorf("read %q, want each once", r.subjects())
			}
		})
	}
}

func TestMoveMakesItsFolder(t *testing.T) {
	server := startServer(t, imaptest.Options{})
	deliver(t, server, "one")
	config := plainConfig(server.Addr)
	config.MoveTo = "Done"
	turnOnce(t, newMailbox(t, config, &reader{}, newMemory()))
	if got := inbox(t, server, "Done"); len(got) != 1 {
		t.Errorf("%d mails in the new folder, want 1", len(got))
	}
}

// Without keywords the cursor alone knows what was read.
func TestNoKeywordsAllowed(t *testing.T) {
	server := startServer(t, imaptest.Options{NoKeywords: true})
	deliver(t, server, "one", "two")
	r := &reader{}
	memory := newMemory()
	box := newMailbox(t, plainConfig(server.Addr), r, memory)
	turnOnce(t, box)
	deliver(t, server, "three")
	turnOnce(t, newMailbox(t, plainConfig(server.Addr), r, memory))
	if got, want := r.subjects(), []string{"one", "two", "three"}; !slices.Equal(got, want) {
		t.Errorf("read %q, want %q", got, want)
	}
	if got := server.Count("STORE"); got != 0 {
		t.Errorf("%d STOREs, want none", got)
	}
	warned := slices.ContainsFunc(box.Check(t.Context()), func(f Finding) bool {
		return f.Grade == Warning && strings.Contains(f.What, "keyword")
	})
	if !warned {
		t.Error("Check does not warn")
	}
}

func TestSinceLeavesOlderMailsAlone(t *testing.T) {
	server := startServer(t, imaptest.Options{})
	since := time.Date(2026, 3, 5, 12, 0, 0, 0, time.UTC)
	for subject, at := range map[string]time.Duration{"year": -365 * 24 * time.Hour, "minute": -time.Minute, "new": time.Minute} {
		if _, err := server.Append(user, "INBOX", mail(subject), since.Add(at)); err != nil {
			t.Fatal(err)
		}
	}
	config := plainConfig(server.Addr)
	config.Since = since
	r := &reader{}
	box := newMailbox(t, config, r, newMemory())
	turnOnce(t, box)
	if _, err := server.Append(user, "INBOX", mail("copied in later"), since.Add(-time.Hour)); err != nil {
		t.Fatal(err)
	}
	turnOnce(t, box)
	if got, want := r.subjects(), []string{"new"}; !slices.Equal(got, want) {
		t.Errorf("read %q, want %q", got, want)
	}
}

func TestOversizeMailComesAsItsHeader(t *testing.T) {
	server := startServer(t, imaptest.Options{})
	big := append(mail("big"), bytes.Repeat([]byte("0123456789abcdef"), 1000)...)
	if _, err := server.Append(user, "INBOX", big, time.Time{}); err != nil {
		t.Fatal(err)
	}
	deliver(t, server, "small")
	config := plainConfig(server.Addr)
	config.MaxSize = 10_000
	var oversize []string
	r := &reader{decide: func(subject string, m Message) (Outcome, error) {
		if m.Oversize {
			oversize = append(oversize, subject)
		}
		return Handled, nil
	}}
	turnOnce(t, newMailbox(t, config, r, newMemory()))
	if !slices.Equal(oversize, []string{"big"}) || len(r.read) != 2 {
		t.Errorf("oversize %q of %q, want big of two", oversize, r.read)
	}
	if most := slices.Max(r.sizes); most > 500 {
		t.Errorf("%d bytes of a mail were read, want its header only", most)
	}
}

func TestMessageTellsWhatTheServerKnows(t *testing.T) {
	server := startServer(t, imaptest.Options{})
	at := time.Date(2026, 1, 31, 23, 30, 0, 0, time.FixedZone("", 2*3600))
	uid, err := server.Append(user, "INBOX", mail("one"), at)
	if err != nil {
		t.Fatal(err)
	}
	var got Message
	r := &reader{decide: func(_ string, m Message) (Outcome, error) { got = m; return Left, nil }}
	turnOnce(t, newMailbox(t, plainConfig(server.Addr), r, newMemory()))
	if got.UID != uid || got.UIDValidity == 0 || got.Size != int64(len(mail("one"))) || !got.InternalDate.Equal(at) || got.Oversize {
		t.Errorf("message %+v, want UID %d, size %d, arrived %v", got, uid, len(mail("one")), at)
	}
}

// Told to stop, the Turn finishes the mail in hand, flags it, and leaves the rest for later.
func TestStopFinishesTheMailInHand(t *testing.T) {
	server := startServer(t, imaptest.Options{})
	deliver(t, server, "one", "two", "three", "four")
	ctx, stop := context.WithCancel(t.Context())
	r := &reader{decide: func(subject string, _ Message) (Outcome, error) {
		if subject == "two" {
			stop()
		}
		return Handled, nil
	}}
	memory := newMemory()
	box := newMailbox(t, plainConfig(server.Addr), r, memory)
	report, err := box.Turn(ctx)
	if err != nil || report.Handled != 2 {
		t.Errorf("Turn: %+v, %v; want two handled", report, err)
	}
	for i, m := range inbox(t, server, "INBOX") {
		if got, want := m.Has("$dpobot"), i < 2; got != want {
			t.Errorf("mail %d flagged = %v, want %v", m.UID, got, want)
		}
	}
	r.decide = nil
	turnOnce(t, newMailbox(t, plainConfig(server.Addr), r, memory))
	if got, want := r.subjects(), []string{"one", "two", "three", "four"}; !slices.Equal(got, want) {
		t.Errorf("read %q, want each once", got)
	}
}

// sipper is a Reader that keeps nothing.
type sipper struct{ read int64 }

func (s *sipper) Read(_ context.Context, _ Message, raw io.Reader) (Outcome, error) {
	n, err := io.Copy(io.Discard, raw)
	s.read += n
	return Handled, err
}

func (s *sipper) SetAside(context.Context, Message, string) (Outcome, error) { return Handled, nil }

// A large mail passes through without being kept: not twice, and not once.
func TestLargeMailTakesLittleMemory(t *testing.T) {
	const size = 25 << 20
	text := append(mail("large"), bytes.Repeat([]byte("x"), size)...)
	peer := startPeer(t, imaptest.PeerMail{UID: 1, Text: text})
	r := &sipper{}
	box := newMailbox(t, plainConfig(peer.Addr), r, newMemory())
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	turnOnce(t, box)
	runtime.ReadMemStats(&after)
	if r.read != int64(len(text)) {
		t.Errorf("read %d bytes, want %d", r.read, len(text))
	}
	allocated := after.TotalAlloc - before.TotalAlloc
	t.Logf("%d KiB allocated in all for a mail of %d KiB", allocated>>10, len(text)>>10)
	if allocated > 2<<20 {
		t.Errorf("%d bytes were allocated for a mail of %d bytes, want at most 2 MiB", allocated, len(text))
	}
}
