package redisstore_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"dpobot/workflow"
	"dpobot/workflow/redisstore"
)

func testClaims(t *testing.T, h house) {
	idle(t, h.Store, noon, time.Time{})
	c := file(t, h.Store)
	idle(t, h.Store, noon.Add(-time.Second), noon)

	first := claim(t, h.Store, noon)
	if first.Ref != c.Ref || first.Task != 1 || first.Tries != 1 {
		t.Errorf("got %+v, want task 1 of %s for the first time", first, c.Ref)
	}
	back := noon.Add(time.Minute)
	idle(t, h.process(), back.Add(-time.Millisecond), back)

	// Its worker died: it comes back, and the dead one's claim is worth nothing.
	second := claim(t, h.process(), back)
	if second.Tries != 2 || second.Token == first.Token {
		t.Errorf("got %+v, want the second try with a token of its own", second)
	}
	c.Tasks[0].State = workflow.TaskDone
	if err := h.Commit(t.Context(), workflow.Step{Case: c, Claim: &first}); !errors.Is(err, workflow.ErrLeaseLost) {
		t.Errorf("the dead worker: got %v, want ErrLeaseLost", err)
	}
	commit(t, h.Store, workflow.Step{Case: c, Claim: &second})
	idle(t, h.Store, noon.AddDate(1, 0, 0), time.Time{})
	if err := h.Commit(t.Context(), workflow.Step{Case: load(t, h.Store, c.Ref), Claim: &second}); !errors.Is(err, workflow.ErrLeaseLost) {
		t.Errorf("finished twice: got %v, want ErrLeaseLost", err)
	}
}

func testClaimOrder(t *testing.T, h house) {
	c := plea(newRef(t, h.Store))
	c.Tasks = nil
	for n, minutes := range []int{5, 1, 3, 2, 4} {
		c.Tasks = append(c.Tasks, workflow.Task{N: n + 1, State: workflow.TaskWaiting, Due: noon.Add(time.Duration(minutes) * time.Minute)})
	}
	commit(t, h.Store, workflow.Step{Case: c})
	for _, want := range []int{2, 4, 3, 5, 1} {
		if got := claimLong(t, h.Store, noon.Add(time.Hour)); got.Task != want {
			t.Errorf("got task %d, want %d", got.Task, want)
		}
	}

	// Half a millisecond is not early either.
	c = load(t, h.Store, c.Ref)
	at := noon.Add(2*time.Hour + 500*time.Microsecond)
	c.Tasks = append(c.Tasks, workflow.Task{N: 6, State: workflow.TaskWaiting, Due: at})
	for i := range 5 {
		c.Tasks[i].State = workflow.TaskStopped
	}
	commit(t, h.Store, workflow.Step{Case: c})
	idle(t, h.Store, noon.Add(2*time.Hour), noon.Add(2*time.Hour+time.Millisecond))
}

// claimLong claims with a lease that outlives the test.
func claimLong(t *testing.T, s *redisstore.Store, now time.Time) workflow.Claim {
	t.Helper()
	c, ok, _, err := s.Claim(t.Context(), now, 24*time.Hour)
	if err != nil || !ok {
		t.Fatalf("nothing to claim (%v)", err)
	}
	return c
}

func testBookings(t *testing.T, h house) {
	c := file(t, h.Store)

	// Another's change of the case leaves the task in hand where it is.
	inHand := claim(t, h.Store, noon)
	c = load(t, h.Store, c.Ref)
	c.Urgent = true
	commit(t, h.process(), workflow.Step{Case: c})
	idle(t, h.Store, noon.Add(30*time.Second), noon.Add(time.Minute))

	// A temporary failure books it anew, and its tries go on.
	c = load(t, h.Store, c.Ref)
	c.Tasks[0].Tries, c.Tasks[0].Due = 1, noon.Add(time.Hour)
	commit(t, h.Store, workflow.Step{Case: c, Claim: &inHand})
	idle(t, h.Store, noon.Add(time.Hour-time.Second), noon.Add(time.Hour))
	inHand = claim(t, h.Store, noon.Add(time.Hour))
	if inHand.Tries != 2 {
		t.Errorf("got try %d, want 2", inHand.Tries)
	}

	// Failed for good, then RETRY: it counts from one again.
	c = load(t, h.Store, c.Ref)
	c.Tasks[0].State = workflow.TaskFailed
	commit(t, h.Store, workflow.Step{Case: c, Claim: &inHand})
	idle(t, h.Store, noon.AddDate(1, 0, 0), time.Time{})
	c = load(t, h.Store, c.Ref)
	c.Tasks[0].State, c.Tasks[0].Due = workflow.TaskWaiting, noon.Add(2*time.Hour)
	commit(t, h.Store, workflow.Step{Case: c})
	inHand = claim(t, h.Store, noon.Add(2*time.Hour))
	if inHand.Tries != 1 {
		t.Errorf("after RETRY: got try %d, want 1", inHand.Tries)
	}

	// STOP takes it from the worker's hand.
	c = load(t, h.Store, c.Ref)
	c.Tasks[0].State = workflow.TaskStopped
	commit(t, h.process(), workflow.Step{Case: c})
	c = load(t, h.Store, c.Ref)
	c.Tasks[0].State = workflow.TaskDone
	if err := h.Commit(t.Context(), workflow.Step{Case: c, Claim: &inHand}); !errors.Is(err, workflow.ErrLeaseLost) {
		t.Errorf("after STOP: got %v, want ErrLeaseLost", err)
	}
	idle(t, h.Store, noon.AddDate(1, 0, 0), time.Time{})

	// A waiting task that nobody has moves with its Due; a claim whose task the case no
	// longer has leaves the queue.
	c.Tasks = append(c.Tasks, workflow.Task{N: 2, State: workflow.TaskWaiting, Due: noon.Add(3 * time.Hour)})
	c.Tasks[0].State = workflow.TaskStopped
	commit(t, h.Store, workflow.Step{Case: c})
	c = load(t, h.Store, c.Ref)
	c.Tasks[1].Due = noon.Add(4 * time.Hour)
	commit(t, h.Store, workflow.Step{Case: c})
	idle(t, h.Store, noon.Add(3*time.Hour), noon.Add(4*time.Hour))
	inHand = claim(t, h.Store, noon.Add(4*time.Hour))
	c = load(t, h.Store, c.Ref)
	c.Tasks = c.Tasks[:1]
	commit(t, h.Store, workflow.Step{Case: c, Claim: &inHand})
	idle(t, h.Store, noon.AddDate(1, 0, 0), time.Time{})
}

// testManyTasks books and settles more tasks than a Lua call takes arguments.
func testManyTasks(t *testing.T, h house) {
	const n = 9000
	c := plea(newRef(t, h.Store))
	c.Tasks = nil
	for i := range n {
		c.Tasks = append(c.Tasks, workflow.Task{N: i + 1, State: workflow.TaskWaiting, Due: noon})
	}
	commit(t, h.Store, workflow.Step{Case: c})
	if got := h.rdb.ZCard(t.Context(), h.key("due")).Val(); got != n {
		t.Errorf("got %d tasks booked, want %d", got, n)
	}
	c = load(t, h.Store, c.Ref)
	for i := range c.Tasks {
		c.Tasks[i].State = workflow.TaskStopped
	}
	commit(t, h.Store, workflow.Step{Case: c})
	idle(t, h.Store, noon, time.Time{})
}

func testLostLeases(t *testing.T, h house) {
	file(t, h.Store)
	first := claim(t, h.Store, noon)
	if err := h.Renew(t.Context(), first, noon.Add(30*time.Second), time.Minute); err != nil {
		t.Fatal(err)
	}
	idle(t, h.Store, noon.Add(time.Minute), noon.Add(90*time.Second))
	second := claim(t, h.Store, noon.Add(90*time.Second))
	if err := h.Renew(t.Context(), first, noon.Add(91*time.Second), time.Minute); !errors.Is(err, workflow.ErrLeaseLost) {
		t.Errorf("got %v, want ErrLeaseLost", err)
	}
	if err := h.Renew(t.Context(), second, noon.Add(91*time.Second), time.Minute); err != nil {
		t.Error(err)
	}
}

// testWorkersThatCrash lets eight workers share a hundred tasks. Some die with a task in
// hand, some are too slow; each task is acknowledged by exactly one commit.
func testWorkersThatCrash(t *testing.T, h house) {
	const cases, tasks = 25, 4
	for range cases {
		c := plea(newRef(t, h.Store))
		c.Tasks = nil
		for n := range tasks {
			c.Tasks = append(c.Tasks, workflow.Task{N: n + 1, State: workflow.TaskWaiting, Due: noon})
		}
		commit(t, h.Store, workflow.Step{Case: c})
	}
	var clock sync.Mutex
	now := noon
	pass := func(d time.Duration) time.Time {
		clock.Lock()
		defer clock.Unlock()
		now = now.Add(d)
		return now
	}
	var finished sync.Map
	var workers sync.WaitGroup
	for w := range 8 {
		workers.Go(func() {
			dice := rand.New(rand.NewPCG(7, uint64(w)))
			for s := h.process(); ; {
				c, ok, next, err := s.Claim(t.Context(), pass(time.Millisecond), time.Minute)
				switch {
				case err != nil:
					t.Error(err)
					return
				case !ok && next.IsZero():
					return
				case !ok:
					pass(time.Minute)
					continue
				}
				switch dice.IntN(10) {
				case 0: // dies
					s = h.process()
					continue
				case 1: // too slow
					pass(2 * time.Minute)
				}
				if err := finish(t.Context(), s, c); err == nil {
					if _, twice := finished.LoadOrStore(fmt.Sprint(c.Ref, c.Task), true); twice {
						t.Errorf("%s task %d was finished twice", c.Ref, c.Task)
					}
				} else if !errors.Is(err, workflow.ErrLeaseLost) {
					t.Error(err)
					return
				}
			}
		})
	}
	workers.Wait()
	n := 0
	finished.Range(func(any, any) bool { n++; return true })
	if n != cases*tasks {
		t.Errorf("got %d tasks finished, want %d", n, cases*tasks)
	}
	for c, err := range h.All(t.Context()) {
		for _, task := range c.Tasks {
			if err != nil || task.State != workflow.TaskDone {
				t.Errorf("%s task %d is %s (%v)", c.Ref, task.N, task.State, err)
			}
		}
	}
	if n, err := h.Verify(t.Context()); n != cases*tasks || err != nil {
		t.Errorf("trail: got %d entries (%v), want %d", n, err, cases*tasks)
	}
	for _, name := range []string{"due", "tokens", "tries", "sent"} {
		if n := h.rdb.Exists(t.Context(), h.key(name)).Val(); n != 0 {
			t.Errorf("%s is not empty", name)
		}
	}
}

// finish commits the claimed task as done, loading the case anew after each conflict.
func finish(ctx context.Context, s *redisstore.Store, claim workflow.Claim) error {
	for {
		c, err := s.Load(ctx, claim.Ref)
		if err != nil {
			return err
		}
		c.Task(claim.Task).State = workflow.TaskDone
		err = s.Commit(ctx, workflow.Step{Case: c, Claim: &claim, Entries: []workflow.Entry{{At: noon, Event: "done"}}})
		if !errors.Is(err, workflow.ErrConflict) {
			return err
		}
	}
}

func testSent(t *testing.T, h house) {
	c := file(t, h.Store)
	sent := func(want bool) {
		t.Helper()
		if got, err := h.process().WasSent(t.Context(), c.Ref, 1); got != want || err != nil {
			t.Errorf("got %v (%v), want %v", got, err, want)
		}
	}
	sent(false)
	inHand := claim(t, h.Store, noon)
	if err := h.MarkSent(t.Context(), c.Ref, 1); err != nil {
		t.Fatal(err)
	}
	sent(true)
	c.Urgent = true
	commit(t, h.process(), workflow.Step{Case: c}) // the worker was killed; others go on
	sent(true)
	c = load(t, h.Store, c.Ref)
	c.Tasks[0].State = workflow.TaskDone
	commit(t, h.Store, workflow.Step{Case: c, Claim: &inHand})
	sent(false) // from here on the case says so
}

func testAllowances(t *testing.T, h house) {
	ctx := t.Context()
	allow := func(what string, limit int, now time.Time, want bool) {
		t.Helper()
		// Another process each time: it has to hold over restarts.
		if got, err := h.process().Allow(ctx, what, limit, time.Hour, now); got != want || err != nil {
			t.Errorf("%s: got %v (%v), want %v", now.Format(time.TimeOnly), got, err, want)
		}
	}
	allow("matti@person.example", 3, noon, true)
	allow("matti@person.example", 3, noon, true)
	allow("matti@person.example", 3, noon.Add(30*time.Minute), true)
	allow("matti@person.example", 3, noon.Add(59*time.Minute), false)
	allow("maija@person.example", 3, noon.Add(59*time.Minute), true)
	allow("matti@person.example", 3, noon.Add(60*time.Minute), true) // the first two are an hour old
	allow("matti@person.example", 3, noon.Add(61*time.Minute), true)
	allow("matti@person.example", 3, noon.Add(62*time.Minute), false)
	allow("matti@person.example", 3, noon, false) // the clock was set back
	allow("matti@person.example", 0, noon, false)
}

func testHealth(t *testing.T, h house) {
	if got := must(h.Health(t.Context())); len(got) != 0 {
		t.Errorf("got %v, want nothing", got)
	}
	for _, at := range []time.Time{noon, noon.Add(time.Minute)} {
		if err := h.SetHealth(t.Context(), "last-poll", at); err != nil {
			t.Fatal(err)
		}
	}
	if got := must(h.process().Health(t.Context())); len(got) != 1 || !got["last-poll"].Equal(noon.Add(time.Minute)) {
		t.Errorf("got %v, want the later time", got)
	}
}
