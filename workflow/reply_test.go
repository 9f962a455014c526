package workflow_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"dpobot/workflow"
	"dpobot/workflow/redisstore/storetest"
)

// TestAKeeperAnswersTheirOwnQuestionOnce: what may count, through the engine and the store, and what of it is kept.
func TestAKeeperAnswersTheirOwnQuestionOnce(t *testing.T) {
	const aino, olli workflow.Address = "aino@archive.example", "olli@post.example"
	store := storetest.Mini(t)
	c := &clock{now: time.Date(2026, 3, 5, 10, 0, 0, 0, time.UTC)}
	rules := workflow.Rules{
		Calendar: workflow.Calendar{Zone: zone(t), Country: "FI"}, Handlers: handlers, Retention: 730, DigestAt: 23 * time.Hour,
		Keepers: []workflow.Keeper{{Register: "paper", Address: aino}, {Register: "post", Address: olli}},
	}
	stamps := workflow.NewStamps(bytes.Repeat([]byte{1}, 32), "mailbox@controller.example")
	limits := workflow.Limits{AcknowledgementsPerAddress: 3, Acknowledgements: 100, NoticeEvery: time.Hour}
	e := workflow.NewEngine(store, rules, stamps, limits, c.Now, slog.New(slog.DiscardHandler))
	var refs []workflow.Ref
	for n := range 2 {
		ref, _, err := e.File(t.Context(), request(n))
		if err != nil {
			t.Fatal(err)
		}
		drain(t, e)
		if got, err := e.Decide(t.Context(), workflow.Decision{Ref: ref, Command: workflow.Command{Word: workflow.WordVerified}, Local: true}); got != workflow.Obeyed {
			t.Fatalf("VERIFIED: got %s, %v", got, err)
		}
		drain(t, e)
		refs = append(refs, ref)
	}
	load := func(ref workflow.Ref) workflow.Case {
		found, err := store.Load(t.Context(), ref)
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	asked := func(ref workflow.Ref, keeper workflow.Address) workflow.Stamp {
		for _, task := range load(ref).Tasks {
			if task.Action == workflow.KeeperMail && task.To == keeper {
				return workflow.Stamp{Ref: ref, Task: task.N, To: workflow.ToKeeper}
			}
		}
		t.Fatalf("%s was not asked", ref)
		return workflow.Stamp{}
	}
	answer := workflow.Stamp{}
	for _, task := range load(refs[0]).Tasks {
		if task.Action == workflow.CaseMail {
			answer = workflow.Stamp{Ref: refs[0], Task: task.N, To: workflow.ToHandler}
		}
	}
	pdf := []workflow.Document{{Name: "a.pdf", Type: "application/pdf", Data: []byte("%PDF-1.7 of Matti")}}
	at := c.Now().Add(time.Minute)
	tests := []struct {
		name  string
		reply workflow.KeeperReply
		want  workflow.Decided
		files int // that the first case keeps
	}{
		{"another keeper", workflow.KeeperReply{Stamp: asked(refs[0], aino), By: olli, Says: workflow.SaysDone, Files: pdf, Written: at}, workflow.Turned, 0},
		{"with a handler's secret", workflow.KeeperReply{Stamp: answer, By: aino, Says: workflow.SaysDone, Files: pdf, Written: at}, workflow.Turned, 0},
		{"a task that is none", workflow.KeeperReply{Stamp: workflow.Stamp{Ref: refs[0], Task: 999, To: workflow.ToKeeper}, By: aino, Says: workflow.SaysDone, Files: pdf, Written: at}, workflow.Turned, 0},
		{"a case that is none", workflow.KeeperReply{Stamp: workflow.Stamp{Ref: "DPO-2026-9999", Task: 5, To: workflow.ToKeeper}, By: aino, Says: workflow.SaysDone, Files: pdf, Written: at}, workflow.Turned, 0},
		{"written before it was asked", workflow.KeeperReply{Stamp: asked(refs[0], aino), By: aino, Says: workflow.SaysDone, Files: pdf, Written: at.Add(-24 * time.Hour)}, workflow.Turned, 0},
		{"nothing to give", workflow.KeeperReply{Stamp: asked(refs[0], aino), By: aino, Says: workflow.SaysDone, Written: at}, workflow.Explained, 0},
		{"the keeper's own", workflow.KeeperReply{Stamp: asked(refs[0], aino), By: aino, Says: workflow.SaysDone, Files: pdf, Written: at, Replay: "once"}, workflow.Obeyed, 1},
		{"once more, under another Message-ID", workflow.KeeperReply{Stamp: asked(refs[0], aino), By: aino, Says: workflow.SaysText, Written: at, Replay: "once"}, workflow.Turned, 1},
		{"another answer", workflow.KeeperReply{Stamp: asked(refs[0], aino), By: aino, Says: workflow.SaysNothing, Written: at}, workflow.Turned, 1},
		{"a word after it", workflow.KeeperReply{Stamp: asked(refs[0], aino), By: aino, Says: workflow.SaysText, Text: "Sorry, one more.", Files: pdf, Written: at}, workflow.Obeyed, 1},
	}
	for n, tt := range tests {
		tt.reply.Identity = workflow.Identity{UIDValidity: 2, UID: uint32(n + 1), Digest: fmt.Sprint("reply ", n)}
		got, err := e.TakeReply(t.Context(), tt.reply)
		if err != nil || got != tt.want {
			t.Fatalf("%s: got %s, %v; want %s", tt.name, got, err, tt.want)
		}
		if again, err := e.TakeReply(t.Context(), tt.reply); err != nil || again != workflow.WasDecided {
			t.Errorf("%s, delivered twice: got %s, %v", tt.name, again, err)
		}
		if got := load(refs[0]).FileIDs(); len(got) != tt.files {
			t.Errorf("%s: got %d documents, want %d", tt.name, len(got), tt.files)
		}
	}
	if got, err := store.File(t.Context(), refs[0], load(refs[0]).FileIDs()[0]); err != nil || string(got) != string(pdf[0].Data) {
		t.Errorf("the document: got %d bytes, %v", len(got), err)
	}
	if got := load(refs[0]).AwaitedRegisters(); len(got) != 1 || got[0] != "post" {
		t.Errorf("the first case waits for %v, want the other keeper alone", got)
	}
	if got := load(refs[1]).AwaitedRegisters(); len(got) != 2 {
		t.Errorf("the second case waits for %v, want both", got)
	}
	for en, err := range store.Trail(t.Context(), "") {
		if err != nil || bytes.Contains(fmt.Append(nil, en), []byte("example")) || bytes.Contains(fmt.Append(nil, en), []byte("a.pdf")) {
			t.Errorf("the trail tells who or what: %v, %v", en, err)
		}
	}
}
