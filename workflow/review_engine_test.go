package workflow_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"slices"
	"testing"
	"time"

	"dpobot/workflow"
	"dpobot/workflow/redisstore/storetest"
)

// review is one process with a case that waits for the checking call.
func review(t *testing.T) (*workflow.Engine, *clock, workflow.Ref) {
	t.Helper()
	c := &clock{now: time.Date(2026, 3, 5, 10, 0, 0, 0, time.UTC)}
	e := engine(t, storetest.New(t), c)
	ref, _, err := e.File(t.Context(), request(1))
	if err != nil {
		t.Fatal(err)
	}
	return e, c, ref
}

func load(t *testing.T, e *workflow.Engine, ref workflow.Ref) workflow.Case {
	t.Helper()
	c, err := e.Store().Load(t.Context(), ref)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func say(t *testing.T, e *workflow.Engine, ref workflow.Ref, cmd workflow.Command) {
	t.Helper()
	if _, err := e.Decide(t.Context(), workflow.Decision{Ref: ref, By: handlers[0], Command: cmd, Local: true}); err != nil {
		t.Fatalf("%s: %v", cmd.Word, err)
	}
}

// take claims tasks, and does them, until one of the action comes.
func take(t *testing.T, e *workflow.Engine, a workflow.Action) workflow.Work {
	t.Helper()
	for range 50 {
		w, ok, _, err := e.Claim(t.Context())
		if err != nil || !ok {
			t.Fatalf("no %s to claim: %v", a, err)
		}
		if w.Task.Action == a {
			return w
		}
		if err := e.Finish(t.Context(), w, workflow.Result{Passphrase: "six words"}); err != nil {
			t.Fatal(err)
		}
	}
	t.Fatalf("no %s among the tasks", a)
	return workflow.Work{}
}

func TestStopWhileTheAnswerIsOnItsWayIsToldToBeTooLate(t *testing.T) {
	e, _, ref := review(t)
	drain(t, e)
	say(t, e, ref, workflow.Command{Word: workflow.WordVerified})
	answer := take(t, e, workflow.Answer)
	say(t, e, ref, workflow.Command{Word: workflow.WordStop})
	if err := e.Finish(t.Context(), answer, workflow.Result{MessageID: "a@b"}); err != nil && !errors.Is(err, workflow.ErrLeaseLost) {
		t.Fatal(err)
	}
	c := load(t, e, ref)
	if got := c.State(); got != workflow.Attention {
		t.Errorf("the data left, and the case is %s; want %s", got, workflow.Attention)
	}
	if got := c.Task(answer.Task.N).State; got != workflow.TaskDone {
		t.Errorf("the answer that went is %s, want %s", got, workflow.TaskDone)
	}
}

func TestBouncesOfAlarmsRaiseNoAlarm(t *testing.T) {
	e, _, ref := review(t)
	drain(t, e)
	for range 6 { // every mail to every handler comes back
		for _, task := range load(t, e, ref).Tasks {
			if task.State == workflow.TaskDone && task.Action.Audience() == workflow.ToHandler {
				if err := e.Bounce(t.Context(), workflow.Bounced{Of: workflow.Stamp{Ref: ref, Task: task.N, To: workflow.ToHandler}, Status: "5.1.1"}); err != nil {
					t.Fatal(err)
				}
			}
		}
		drain(t, e)
	}
	alarms := 0
	for _, task := range load(t, e, ref).Tasks {
		if task.Action == workflow.AttentionMail {
			alarms++
		}
	}
	if alarms > 2 {
		t.Errorf("alarms about alarms: got %d, want one to each handler", alarms)
	}
}

func TestACaseMailOnItsWayDoesNotSpeakOfWhatCameLater(t *testing.T) {
	e, _, ref := review(t)
	slow := take(t, e, workflow.CaseMail)
	more := request(2)
	more.From, more.References = request(1).From, []string{request(1).MessageID}
	more.Kinds = []workflow.Kind{workflow.Erasure}
	if _, filed, err := e.File(t.Context(), more); err != nil || filed != workflow.Joined {
		t.Fatalf("file the second mail: %s, %v", filed, err)
	}
	for { // the look-up for the erasure is done meanwhile
		w, ok, _, err := e.Claim(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if !ok {
			break
		}
		if err := e.Finish(t.Context(), w, workflow.Result{}); err != nil {
			t.Fatal(err)
		}
	}
	if err := e.Finish(t.Context(), slow, workflow.Result{}); err != nil {
		t.Fatal(err)
	}
	c := load(t, e, ref)
	if got := c.Task(slow.Task.N).Upto; got != 1 {
		t.Errorf("the mail that showed one item speaks of %d", got)
	}
	again := slices.ContainsFunc(c.Tasks, func(task workflow.Task) bool {
		return task.Action == workflow.CaseMail && task.To == slow.Task.To && task.Upto == 2
	})
	if !again {
		t.Error("no case mail tells that handler of the erasure")
	}
}

func TestNewIsFollowedOnce(t *testing.T) {
	e, _, ref := review(t)
	mail := take(t, e, workflow.CaseMail)
	if err := e.Finish(t.Context(), mail, workflow.Result{}); err != nil {
		t.Fatal(err)
	}
	d := workflow.Decision{
		Identity: workflow.Identity{UIDValidity: 1, UID: 90, Digest: "new"}, Ref: ref, By: mail.Task.To, Replay: "signed",
		Stamp:   workflow.Stamp{Ref: ref, Task: mail.Task.N, To: workflow.ToHandler},
		Command: workflow.Command{Word: workflow.WordNew, Kinds: []workflow.Kind{workflow.Access}, Address: "phone@home.example"},
	}
	if got, err := e.Decide(t.Context(), d); err != nil || got != workflow.Obeyed {
		t.Fatalf("NEW: %s, %v", got, err)
	}
	d.Identity = workflow.Identity{UIDValidity: 1, UID: 91, Digest: "the same word under another Message-ID"}
	if got, err := e.Decide(t.Context(), d); err != nil || got == workflow.Obeyed {
		t.Errorf("NEW again: got %s, %v; want it turned or known", got, err)
	}
	refs, err := e.Store().ByAddress(t.Context(), "phone@home.example")
	if err != nil || len(refs) != 1 {
		t.Errorf("cases of the person: got %d, %v; want 1", len(refs), err)
	}
}

func TestStatusOnTheServerBooksNoMailToNobody(t *testing.T) {
	e, _, ref := review(t)
	for _, word := range []workflow.Word{workflow.WordStatus, workflow.WordHelp} {
		_, _ = e.Decide(t.Context(), workflow.Decision{Ref: ref, Command: workflow.Command{Word: word}, Local: true})
	}
	for _, task := range load(t, e, ref).Tasks {
		if task.Action.Audience() == workflow.ToHandler && task.To == "" {
			t.Errorf("a %s mail to nobody was booked", task.Action)
		}
	}
}

// stuck is a store of which one case cannot be read.
type stuck struct {
	workflow.Store
	ref     workflow.Ref
	compact int
}

func (s *stuck) Load(ctx context.Context, ref workflow.Ref) (workflow.Case, error) {
	if ref == s.ref {
		return workflow.Case{}, errors.New("its key does not open it")
	}
	return s.Store.Load(ctx, ref)
}

func (s *stuck) Compact(ctx context.Context) error { s.compact++; return s.Store.Compact(ctx) }

func TestACaseThatCannotBePurgedIsTold(t *testing.T) {
	e, c, ref := review(t)
	drain(t, e)
	say(t, e, ref, workflow.Command{Word: workflow.WordIgnore})
	drain(t, e)
	c.pass(800 * 24 * time.Hour)
	store := &stuck{Store: e.Store(), ref: ref}
	broken := engine(t, store, c)
	_ = broken.Turn(t.Context()) // the day's digest
	store.compact = 0
	if err := broken.Turn(t.Context()); err == nil {
		t.Error("a case whose day has come is not purged, and nobody hears of it")
	}
	if store.compact != 0 {
		t.Errorf("the server rewrites its log at every turn: %d times though nothing was purged", store.compact)
	}
}

func TestACaseHasABoundOfItsOwn(t *testing.T) {
	plain := engine(t, storetest.New(t), &clock{now: time.Date(2026, 3, 5, 10, 0, 0, 0, time.UTC)})
	e := workflow.NewEngine(plain.Store(), plain.Rules(), workflow.NewStamps(bytes.Repeat([]byte{1}, 32), "mailbox@controller.example"),
		workflow.Limits{AcknowledgementsPerAddress: 3, AcknowledgementsPerCase: 1, Acknowledgements: 100, NoticeEvery: time.Hour}, plain.Now, slog.New(slog.DiscardHandler))
	sent := 0
	for n, kind := range []workflow.Kind{workflow.Access, workflow.Change, workflow.Erasure} {
		a := request(n + 1)
		a.From, a.Kinds = "person@home.example", []workflow.Kind{kind}
		if _, _, err := e.File(t.Context(), a); err != nil {
			t.Fatal(err)
		}
		sent += drain(t, e)[workflow.Acknowledge]
	}
	if sent != 1 {
		t.Errorf("acknowledgements in the case: got %d, want 1", sent)
	}
}

func TestTheCopyGoesBeforeTheChange(t *testing.T) {
	c := &clock{now: time.Date(2026, 3, 5, 10, 0, 0, 0, time.UTC)}
	e := engine(t, storetest.New(t), c)
	a := request(1)
	a.Kinds, a.Fields = []workflow.Kind{workflow.Change, workflow.Access}, []workflow.FieldChange{{Field: "email", New: "new@home.example"}}
	ref, _, err := e.File(t.Context(), a)
	if err != nil {
		t.Fatal(err)
	}
	drain(t, e)
	say(t, e, ref, workflow.Command{Word: workflow.WordVerified})
	answer := take(t, e, workflow.Answer) // in hand: the registers are being read
	if got := drain(t, e); got[workflow.ChangeData] != 0 {
		t.Error("the data was changed while the copy was being made")
	}
	if err := e.Finish(t.Context(), answer, workflow.Result{}); err != nil {
		t.Fatal(err)
	}
	c.pass(time.Minute)
	if got := drain(t, e); got[workflow.ChangeData] != 1 {
		t.Errorf("changes after the copy went: got %d, want 1", got[workflow.ChangeData])
	}
}

func TestALaterRequestIsVerifiedAnew(t *testing.T) {
	e, c, ref := review(t)
	drain(t, e)
	say(t, e, ref, workflow.Command{Word: workflow.WordVerified, SendTo: "aunt@else.example"})
	drain(t, e)
	c.pass(24 * time.Hour)
	a := request(2)
	a.From, a.References, a.Received = request(1).From, []string{request(1).MessageID}, c.Now()
	if _, filed, err := e.File(t.Context(), a); err != nil || filed != workflow.Reopened {
		t.Fatalf("a second request in the thread: %s, %v", filed, err)
	}
	if got := load(t, e, ref); got.Pinned() != request(1).From {
		t.Error("the answer to a new request goes to the address that was typed for the earlier one")
	}
}
