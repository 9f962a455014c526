package responders

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"dpobot/responders/export"
	"dpobot/responders/letter"
	"dpobot/responders/registers"
	"dpobot/workflow"
)

// broken is a register with a mistake of ours in it.
type broken struct{ registers.Register }

func (broken) Find(context.Context, registers.Person) ([]registers.Match, error) {
	panic("a record as nobody thought of: Matti Meikäläinen")
}

func TestATaskThatPanicsDoesNotStopTheProgram(t *testing.T) {
	r := &Responder{registers: []Register{{Register: broken{}}}, log: slog.New(slog.DiscardHandler)}
	w := workflow.Work{Case: workflow.Case{Ref: "DPO-2026-0001"}, Task: workflow.Task{N: 1, Action: workflow.LookUp}}
	got := r.perform(t.Context(), w)
	if got.Fault != workflow.Broken {
		t.Errorf("fault: got %q, want %q", got.Fault, workflow.Broken)
	}
	if got.Why == "" || len(got.Why) > 100 {
		t.Errorf("why: got %d bytes, want a phrase of ours", len(got.Why))
	}
}

// clocked is a queue that tells the time alone.
type clocked struct{ Queue }

func (clocked) Now() time.Time { return time.Date(2026, 3, 5, 10, 0, 0, 0, time.UTC) }

// unfit are letters of which none can be filled in.
type unfit struct{ Letters }

func (unfit) Letter(string, string, any) (letter.Letter, error) {
	return letter.Letter{}, errors.New(`executing "ask" at <index .X "Matti Meikäläinen">: no such key`)
}

func TestATemplateThatCannotBeFilledInIsToldSoon(t *testing.T) {
	r := &Responder{queue: clocked{}, letters: unfit{}, log: slog.New(slog.DiscardHandler), company: Company{
		Zone: time.UTC, Handlers: []Handler{{Language: "en"}}, Authority: func(string) Authority { return Authority{} },
	}}
	w := workflow.Work{Case: workflow.Case{Ref: "DPO-2026-0001", Language: "en"}, Task: workflow.Task{N: 1, Action: workflow.AskPerson}}
	got := r.perform(t.Context(), w)
	if got.Fault != workflow.Broken {
		t.Errorf("fault: got %q, want %q: nobody would hear of it for days", got.Fault, workflow.Broken)
	}
	if strings.Contains(got.Why, "Matti") {
		t.Error("the reason, which goes into the trail, quotes what was to be shown")
	}
}

// moved is a register that does not find the person any more.
type moved struct{ registers.Register }

func (moved) Find(context.Context, registers.Person) ([]registers.Match, error) { return nil, nil }

func TestARecordThatIsNotFoundAnyMoreIsNotTakenForNone(t *testing.T) {
	reg := Register{Spec: registers.Spec{Name: "customers"}, Register: moved{}}
	r := &Responder{registers: []Register{reg}, queue: clocked{}, log: slog.New(slog.DiscardHandler), company: Company{
		Zone: time.UTC, Notice: func(string) export.Notice { return export.Notice{} },
	}}
	c := workflow.Case{
		Ref: "DPO-2026-0001", Items: []workflow.Item{{N: 1, Kind: workflow.Erasure}}, Passphrase: "six words",
		Found: []workflow.Found{{Register: "customers", Key: "7", Certain: true}},
	}
	for _, action := range []workflow.Action{workflow.EraseData, workflow.Answer} {
		got := r.perform(t.Context(), workflow.Work{Case: c, Task: workflow.Task{N: 1, Item: 1, Action: action}})
		if got.Fault != workflow.Permanent {
			t.Errorf("%s: got fault %q, want %q: the person would hear that nothing is held", action, got.Fault, workflow.Permanent)
		}
	}
}

func TestARetryOfAHandlersFindsWhatTheFirstTryErased(t *testing.T) {
	reg := Register{Spec: registers.Spec{Name: "customers"}, Register: moved{}}
	r := &Responder{registers: []Register{reg}}
	w := workflow.Work{Task: workflow.Task{N: 1, Item: 1, Action: workflow.EraseData}, Case: workflow.Case{
		Items: []workflow.Item{{N: 1, Kind: workflow.Erasure, Reports: []workflow.RegisterReport{{Register: "customers", Records: 1}}}},
		Found: []workflow.Found{{Register: "customers", Key: "7", Certain: true}},
	}}
	own, err := r.recordsToAct(t.Context(), w, reg)
	if err != nil || len(own) != 1 {
		t.Errorf("records: got %d, %v; want the one that was erased, so that it is confirmed and its recipients told", len(own), err)
	}
}

func TestASecretThatCameBackGoesToNobodyElse(t *testing.T) {
	stamps := workflow.NewStamps(bytes.Repeat([]byte{1}, 32), "mailbox@controller.example")
	r := &Responder{stamps: stamps}
	secret := stamps.MessageID("DPO-2026-0001", workflow.Task{N: 3, Action: workflow.CaseMail})
	own := stamps.MessageID("DPO-2026-0001", workflow.Task{N: 1, Action: workflow.Acknowledge})
	c := workflow.Case{Ref: "DPO-2026-0001", Messages: []workflow.Message{{ID: "ask@home.example", References: []string{own, secret}}}}
	_, references := r.thread(workflow.Work{Case: c, Task: workflow.Task{N: 9, Action: workflow.Answer, Reply: secret}})
	if slices.Contains(references, secret) {
		t.Error("a mail to the person carries the case secret")
	}
	if !slices.Contains(references, own) || !slices.Contains(references, "ask@home.example") {
		t.Errorf("the thread is broken: %d references", len(references))
	}
}

func TestADigestTellsOfWhatKeepsFailing(t *testing.T) {
	c := workflow.Case{Ref: "DPO-2026-0001", Tasks: []workflow.Task{
		{N: 1, Action: workflow.Acknowledge, State: workflow.TaskWaiting, Tries: 1, Why: "not sent for now"},
		{N: 2, Action: workflow.Answer, State: workflow.TaskWaiting, Tries: 7, Why: "not sent for now"},
		{N: 3, Action: workflow.Receipt, State: workflow.TaskFailed, Why: "refused for good"},
	}}
	var got []workflow.Action
	for _, f := range failed(c) {
		got = append(got, f.Action)
	}
	if want := []workflow.Action{workflow.Answer, workflow.Receipt}; !slices.Equal(got, want) {
		t.Errorf("tasks told of: got %v, want %v", got, want)
	}
}
