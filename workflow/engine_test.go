package workflow_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"time"

	"dpobot/workflow"
	"dpobot/workflow/redisstore/storetest"
)

var handlers = []workflow.Address{"officer@controller.example", "deputy@controller.example"}

// clock is a time that the test moves.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time { c.mu.Lock(); defer c.mu.Unlock(); return c.now }

func (c *clock) pass(d time.Duration) { c.mu.Lock(); c.now = c.now.Add(d); c.mu.Unlock() }

func zone(t testing.TB) *time.Location {
	z, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// engine is one process of several on a store.
func engine(t testing.TB, store workflow.Store, c *clock) *workflow.Engine {
	rules := workflow.Rules{
		Calendar: workflow.Calendar{Zone: zone(t), Country: "FI"}, Handlers: handlers, Grace: time.Hour, Retention: 730,
		Remind: []int{14, 7}, DigestAt: 8 * time.Hour,
		DigestOn: []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday},
	}
	stamps := workflow.NewStamps(bytes.Repeat([]byte{1}, 32), "mailbox@controller.example")
	limits := workflow.Limits{AcknowledgementsPerAddress: 3, Acknowledgements: 100, NoticeEvery: time.Hour}
	return workflow.NewEngine(store, rules, stamps, limits, c.Now, slog.New(slog.DiscardHandler))
}

func request(n int) workflow.Arrival {
	return workflow.Arrival{
		Identity: workflow.Identity{UIDValidity: 1, UID: uint32(n), Digest: fmt.Sprint("digest ", n)},
		Received: time.Date(2026, 3, 5, 10, 0, 0, 0, time.UTC), MessageID: fmt.Sprintf("%d@home.example", n),
		From: workflow.Address(fmt.Sprintf("person%d@home.example", n)), Language: "en",
		Kinds: []workflow.Kind{workflow.Access}, Sure: true, Text: "What do you hold about me?",
	}
}

// drain does every due task of the store, as a worker to whom nothing goes wrong, and
// counts them by action.
func drain(t testing.TB, e *workflow.Engine) map[workflow.Action]int {
	t.Helper()
	done := map[workflow.Action]int{}
	for {
		w, ok, _, err := e.Claim(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if !ok {
			return done
		}
		done[w.Task.Action]++
		if err := e.Finish(t.Context(), w, workflow.Result{Passphrase: "six words"}); err != nil {
			t.Fatal(err)
		}
	}
}

// Several processes look at the clock at once: one digest a day, to each handler.
func TestOneDigestOverSeveralProcesses(t *testing.T) {
	c := &clock{now: time.Date(2026, 3, 5, 6, 30, 0, 0, time.UTC)} // 8:30 in Helsinki, a Thursday
	store := storetest.New(t)
	var engines []*workflow.Engine
	for range 5 {
		engines = append(engines, engine(t, store, c))
	}
	turn := func() {
		var wg sync.WaitGroup
		for _, e := range engines {
			wg.Go(func() {
				if err := e.Turn(context.WithoutCancel(t.Context())); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
	}
	for day, want := range []int{2, 2, 0, 0, 2} { // Thursday, Friday, the weekend, Monday
		turn()
		turn()
		if got := drain(t, engines[0])[workflow.DigestMail]; got != want {
			t.Errorf("day %d: got %d digest mails, want %d", day, got, want)
		}
		c.pass(24 * time.Hour)
	}
}

// The same mail handed over by several processes, and again after a change of
// UIDVALIDITY, makes one case.
func TestOneCaseForOneMail(t *testing.T) {
	c := &clock{now: time.Date(2026, 3, 5, 10, 0, 0, 0, time.UTC)}
	store := storetest.New(t)
	filed := map[workflow.Filed]int{}
	var mu sync.Mutex
	var wg sync.WaitGroup
	for range 6 {
		e := engine(t, store, c)
		wg.Go(func() {
			_, got, err := e.File(context.WithoutCancel(t.Context()), request(1))
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			filed[got]++
			mu.Unlock()
		})
	}
	wg.Wait()
	renumbered := request(1)
	renumbered.Identity.UIDValidity, renumbered.Identity.UID = 2, 77
	if _, got, err := engine(t, store, c).File(t.Context(), renumbered); err != nil || got != workflow.Duplicate {
		t.Errorf("after a change of UIDVALIDITY: got %s, %v", got, err)
	}
	if filed[workflow.Opened] != 1 {
		t.Errorf("got %v, want one opened", filed)
	}
	n := 0
	for _, err := range store.All(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	if n != 1 {
		t.Errorf("got %d cases, want 1", n)
	}
}

// A thousand mails of one sender make one case, a few acknowledgements, and a handful of
// notices to the handlers.
func TestAThousandMailsOfOneSender(t *testing.T) {
	c := &clock{now: time.Date(2026, 3, 5, 10, 0, 0, 0, time.UTC)}
	store := storetest.New(t)
	e := engine(t, store, c)
	total := map[workflow.Action]int{}
	for n := range 1000 {
		a := request(n)
		a.From = "flood@home.example"
		if _, _, err := e.File(t.Context(), a); err != nil {
			t.Fatal(err)
		}
		if n%50 == 0 {
			for action, k := range drain(t, e) {
				total[action] += k
			}
			c.pass(time.Minute)
		}
	}
	if total[workflow.Acknowledge] > 3 {
		t.Errorf("got %d acknowledgements", total[workflow.Acknowledge])
	}
	if total[workflow.FollowUpMail] > 4 {
		t.Errorf("got %d notices to two handlers", total[workflow.FollowUpMail])
	}
	refs, err := store.ByAddress(t.Context(), "flood@home.example")
	if err != nil || len(refs) != 1 {
		t.Fatalf("got %d cases, %v", len(refs), err)
	}
	got, err := store.Load(t.Context(), refs[0])
	if err != nil || got.More < 900 {
		t.Errorf("counted %d mails beyond those kept, %v", got.More, err)
	}
}

// Two handlers answer at the same moment with different words: the first counts, and the
// second is told.
func TestTwoHandlersAtOnce(t *testing.T) {
	c := &clock{now: time.Date(2026, 3, 5, 10, 0, 0, 0, time.UTC)}
	store := storetest.New(t)
	e := engine(t, store, c)
	ref, _, err := e.File(t.Context(), request(1))
	if err != nil {
		t.Fatal(err)
	}
	drain(t, e)
	found, err := store.Load(t.Context(), ref)
	if err != nil {
		t.Fatal(err)
	}
	say := func(by workflow.Address, word workflow.Word, uid uint32) workflow.Decided {
		d := workflow.Decision{Ref: ref, By: by, Command: workflow.Command{Word: word}, Identity: workflow.Identity{UIDValidity: 1, UID: uid, Digest: fmt.Sprint(uid)}}
		for _, task := range found.Tasks {
			if task.Action == workflow.CaseMail && task.To == by {
				d.Stamp = workflow.Stamp{Ref: ref, Task: task.N, To: workflow.ToHandler}
			}
		}
		got, err := e.Decide(t.Context(), d)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	if got := say(handlers[0], workflow.WordVerified, 90); got != workflow.Obeyed {
		t.Errorf("the first: got %s", got)
	}
	if got := say(handlers[1], workflow.WordIgnore, 91); got != workflow.Turned {
		t.Errorf("the second: got %s", got)
	}
	if got := drain(t, e); got[workflow.RefusedNotice] != 2 || got[workflow.Answer] != 1 {
		t.Errorf("tasks: got %v", got)
	}
}

// A worker that died leaves its task to another, and its own late result does not count.
func TestALeaseThatRanOut(t *testing.T) {
	c := &clock{now: time.Date(2026, 3, 5, 10, 0, 0, 0, time.UTC)}
	store := storetest.New(t)
	e := engine(t, store, c)
	if _, _, err := e.File(t.Context(), request(1)); err != nil {
		t.Fatal(err)
	}
	first, ok, _, err := e.Claim(t.Context())
	if err != nil || !ok {
		t.Fatal(err)
	}
	c.pass(workflow.Lease + time.Second)
	again := false
	for {
		w, ok, _, err := e.Claim(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if !ok {
			break
		}
		if w.Task.N == first.Task.N && w.Case.Ref == first.Case.Ref {
			again = true
		}
		if err := e.Finish(t.Context(), w, workflow.Result{}); err != nil {
			t.Fatal(err)
		}
	}
	if !again {
		t.Error("the dead worker's task did not come back")
	}
	if err := e.Finish(t.Context(), first, workflow.Result{}); err == nil {
		t.Error("the dead worker's result counted")
	}
}
