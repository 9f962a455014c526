package responders

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

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
