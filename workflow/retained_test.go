package workflow_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"dpobot/workflow"
	"dpobot/workflow/redisstore"
	"dpobot/workflow/redisstore/storetest"
)

// killed is a store of a process that dies at the next commit of a case whose reference it is told.
type killed struct {
	workflow.Store
	at workflow.Ref
}

var errKilled = errors.New("killed")

func (k *killed) Commit(ctx context.Context, step workflow.Step) error {
	if step.Case.Ref == k.at {
		return errKilled
	}
	return k.Store.Commit(ctx, step)
}

func (k *killed) Forget(ctx context.Context, ref workflow.Ref, version int, entries ...workflow.Entry) error {
	if ref == k.at {
		return errKilled
	}
	return k.Store.Forget(ctx, ref, version, entries...)
}

var keptUntil = workflow.Date{Year: 2032, Month: time.December, Day: 31}

// whatErased is the result of an erasure that had to keep a name.
func whatErased(ref workflow.Ref) workflow.Result {
	kept := []workflow.Kept{{Fields: []string{"name"}, Until: keptUntil, Next: keptUntil}}
	return workflow.Result{
		Reports: []workflow.RegisterReport{{Register: "customers", Records: 1, Kept: kept}},
		Retained: []workflow.Retained{{Register: "customers", Key: "7", Case: ref, Kept: kept, Emptied: []string{"email"},
			Erased: workflow.Date{Year: 2026, Month: time.March, Day: 5}}},
	}
}

// toErasure brings a case to the moment at which its erasure is in hand.
func toErasure(t *testing.T, e *workflow.Engine, c *clock) workflow.Work {
	t.Helper()
	a := request(1)
	a.Kinds = []workflow.Kind{workflow.Erasure}
	ref, _, err := e.File(t.Context(), a)
	if err != nil {
		t.Fatal(err)
	}
	drain(t, e)
	if _, err := e.Decide(t.Context(), workflow.Decision{Ref: ref, Local: true, Command: workflow.Command{Word: workflow.WordVerified, How: workflow.ByCall}}); err != nil {
		t.Fatal(err)
	}
	drain(t, e)
	c.pass(2 * time.Hour)
	for {
		w, ok, _, err := e.Claim(t.Context())
		if err != nil || !ok {
			t.Fatalf("no erasure is due: %v", err)
		}
		if w.Task.Action == workflow.EraseData {
			return w
		}
		if err := e.Finish(t.Context(), w, workflow.Result{}); err != nil {
			t.Fatal(err)
		}
	}
}

func left(t *testing.T, s workflow.Store) []workflow.Case {
	t.Helper()
	var all []workflow.Case
	for c, err := range s.Retained(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, c)
	}
	return all
}

// takeRetained claims the task of what was left; ok is false where none is due.
func takeRetained(t *testing.T, e *workflow.Engine) (workflow.Work, bool) {
	t.Helper()
	for {
		w, ok, _, err := e.Claim(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if !ok || w.Task.Action == workflow.EraseRetained {
			return w, ok
		}
		if err := e.Finish(t.Context(), w, workflow.Result{Lapses: len(w.Case.Lapses)}); err != nil {
			t.Fatal(err)
		}
	}
}

// A process that dies after it remembered, and before the case says that the erasure is done, leaves one thing to remember;
// and the address is a tombstone.
func TestWhatIsLeftIsRememberedOnce(t *testing.T) {
	c := &clock{now: time.Date(2026, 3, 5, 10, 0, 0, 0, time.UTC)}
	store := storetest.New(t)
	e := engine(t, store, c)
	w := toErasure(t, e, c)
	dying := engine(t, &killed{store, w.Case.Ref}, c)
	if err := dying.Finish(t.Context(), w, whatErased(w.Case.Ref)); !errors.Is(err, errKilled) {
		t.Fatal(err)
	}
	c.pass(workflow.Lease + time.Second)
	again, ok, _, err := e.Claim(t.Context())
	if err != nil || !ok || again.Task.Action != workflow.EraseData {
		t.Fatalf("got %v, %v; want the erasure again", again.Task.Action, err)
	}
	if err := e.Finish(t.Context(), again, whatErased(w.Case.Ref)); err != nil {
		t.Fatal(err)
	}
	if all := left(t, store); len(all) != 1 || all[0].Version != 1 {
		t.Errorf("got %d remembered, want one, written once", len(all))
	}
	stones, err := store.Tombstones(t.Context())
	if err != nil || stones[store.AddressHash("person1@home.example")]["customers"].IsZero() {
		t.Errorf("got %v, %v; want a tombstone of the register", stones, err)
	}
	if got := events(t, store, w.Case.Ref, "retained"); got != 1 {
		t.Errorf("got %d entries in the trail, want 1", got)
	}
}

func events(t *testing.T, s *redisstore.Store, ref workflow.Ref, event string) int {
	t.Helper()
	n := 0
	for en, err := range s.Trail(t.Context(), ref) {
		if err != nil {
			t.Fatal(err)
		}
		if en.Event == event {
			n++
		}
	}
	return n
}

// toErased brings a case past its erasure, which keeps what whatErased says.
func toErased(t *testing.T, e *workflow.Engine, c *clock) workflow.Work {
	t.Helper()
	w := toErasure(t, e, c)
	if err := e.Finish(t.Context(), w, whatErased(w.Case.Ref)); err != nil {
		t.Fatal(err)
	}
	return w
}

// On its day, also after the program was away for weeks, and whatever dies meanwhile, what was left goes once.
func TestWhatIsLeftGoesOnItsDay(t *testing.T) {
	c := &clock{now: time.Date(2026, 3, 5, 10, 0, 0, 0, time.UTC)}
	store := storetest.New(t)
	e := engine(t, store, c)
	w := toErased(t, e, c)
	c.now = time.Date(2032, 12, 31, 21, 59, 0, 0, time.UTC) // a minute to midnight in Helsinki
	if _, ok := takeRetained(t, e); ok {
		t.Fatal("handed out on the last day of the retention")
	}
	c.pass(20 * 24 * time.Hour)
	var mu sync.Mutex
	var got []workflow.Work
	var processes sync.WaitGroup
	for range 4 {
		other := engine(t, store, c)
		processes.Go(func() {
			if w, ok, _, err := other.Claim(context.WithoutCancel(t.Context())); ok && err == nil {
				mu.Lock()
				got = append(got, w)
				mu.Unlock()
			}
		})
	}
	processes.Wait()
	if len(got) != 1 || got[0].Task.Action != workflow.EraseRetained || got[0].Case.Retained.Key != "7" {
		t.Fatalf("got %d tasks, want one", len(got))
	}
	done := workflow.Result{Gone: []string{"name"}}
	dying := engine(t, &killed{store, got[0].Claim.Ref}, c)
	if err := dying.Finish(t.Context(), got[0], done); !errors.Is(err, errKilled) {
		t.Fatal(err)
	}
	c.pass(workflow.Lease + time.Second)
	again, ok := takeRetained(t, e)
	if !ok {
		t.Fatal("lost with the process")
	}
	if err := e.Finish(t.Context(), again, done); err != nil {
		t.Fatal(err)
	}
	if err := e.Finish(t.Context(), again, done); !errors.Is(err, workflow.ErrLeaseLost) {
		t.Errorf("finished twice: got %v", err)
	}
	desk, err := store.Load(t.Context(), workflow.Desk)
	if err != nil || len(desk.Lapses) != 1 || desk.Lapses[0].Case != w.Case.Ref {
		t.Errorf("got %v, %v; want one line for the digest", desk.Lapses, err)
	}
	if all := left(t, store); len(all) != 0 || events(t, store, w.Case.Ref, "retained-erased") != 1 {
		t.Errorf("got %d left and %d entries, want none and one", len(all), events(t, store, w.Case.Ref, "retained-erased"))
	}
}

// What cannot be erased is tried again for ever, and no further word than DONE is taken about it.
func TestWhatCannotGoIsNeverLost(t *testing.T) {
	for _, fault := range []workflow.Fault{workflow.Broken, workflow.Permanent} {
		t.Run(string(fault), func(t *testing.T) {
			c := &clock{now: time.Date(2026, 3, 5, 10, 0, 0, 0, time.UTC)}
			store := storetest.New(t)
			e := engine(t, store, c)
			toErased(t, e, c)
			c.now = time.Date(2033, 1, 3, 10, 0, 0, 0, time.UTC)
			for i := range 40 {
				w, ok := takeRetained(t, e)
				if !ok {
					t.Fatalf("not tried again after %d tries", i)
				}
				if err := e.Finish(t.Context(), w, workflow.Result{Fault: fault, Why: "the register is down"}); err != nil {
					t.Fatal(err)
				}
				c.pass(25 * time.Hour)
			}
			all := left(t, store)
			if len(all) != 1 || all[0].Tasks[0].Why != "the register is down" {
				t.Fatalf("got %d left", len(all))
			}
			decide := func(word workflow.Word) error {
				_, err := e.Decide(t.Context(), workflow.Decision{Ref: all[0].Ref, Local: true, Command: workflow.Command{Word: word, Kinds: []workflow.Kind{workflow.Access}}})
				return err
			}
			var impossible *workflow.Impossible
			for _, word := range []workflow.Word{workflow.WordVerified, workflow.WordKind, workflow.WordBreach, workflow.WordNote, workflow.WordRefuse} {
				if err := decide(word); !errors.As(err, &impossible) {
					t.Errorf("%s: got %v, want that it is not possible", word, err)
				}
			}
			if err := decide(workflow.WordDone); err != nil {
				t.Fatal(err)
			}
			if w, ok := takeRetained(t, e); !ok || e.Finish(t.Context(), w, workflow.Result{}) != nil {
				t.Error("the pseudo-case is not taken away")
			}
			if n := len(left(t, store)); n != 0 {
				t.Errorf("got %d left, want none", n)
			}
		})
	}
}
