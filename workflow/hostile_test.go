package workflow_test

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"testing"
	"time"

	"dpobot/workflow"
	"dpobot/workflow/redisstore/storetest"
)

// unsure is a mail of which a handler has to say where it belongs.
func unsure(n int) workflow.Arrival {
	a := request(n)
	a.Sure, a.Text = false, workflow.Text(fmt.Sprintf("text of %d", n))
	return a
}

// Whatever is joined to whatever, each mail stands in a case that somebody still has to see to, once, with its text; and
// the person and the address of that case stay what they were.
func TestNoJoinBuriesAMail(t *testing.T) {
	type join struct {
		from, to workflow.Ref
		fails    bool
	}
	const a, b, c, d workflow.Ref = "DPO-2026-0001", "DPO-2026-0002", "DPO-2026-0003", "DPO-2026-0004"
	tests := []struct {
		name  string
		mails int // of the first sender, in one case
		joins []join
		in    workflow.Ref // where the first mail is in the end
	}{
		{"to a case", 1, []join{{a, d, false}}, d},
		{"to itself", 1, []join{{a, a, true}}, a},
		{"in a ring of two", 1, []join{{a, b, false}, {b, a, true}}, b},
		{"in a ring of three", 1, []join{{a, b, false}, {b, c, false}, {c, a, true}}, c},
		{"to one that was joined", 1, []join{{b, d, false}, {a, b, false}}, d},
		{"along a chain", 1, []join{{a, b, false}, {b, c, false}, {c, d, false}}, d},
		{"to what an erasure left", 1, []join{{a, "KEPT-0123-456789012345", true}}, a},
		{"to the desk", 1, []join{{a, workflow.Desk, true}}, a},
		{"to none", 1, []join{{a, "DPO-2026-0099", true}}, a},
		{"many to a full one", 40, []join{{a, b, false}, {b, d, false}}, d},
		{"twice", 1, []join{{a, d, false}, {a, d, true}}, d},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			clk := &clock{now: time.Date(2026, 3, 5, 10, 0, 0, 0, time.UTC)}
			store := storetest.Mini(t)
			e := engine(t, store, clk)
			for n := range 4 {
				for i := range tt.mails {
					in := unsure(n)
					in.Sure = n == 3
					in.Identity = workflow.Identity{UIDValidity: 1, UID: uint32(1000*n + i + 1), Digest: fmt.Sprint(n, "-", i)}
					if i > 0 {
						in.Text = "more"
					}
					if _, _, err := e.File(t.Context(), in); err != nil {
						t.Fatal(err)
					}
				}
			}
			kept := workflow.Case{Ref: "KEPT-0123-456789012345", Version: 1, Retained: &workflow.Retained{Register: "crm", Key: "7", Kept: []workflow.Kept{{Fields: []string{"name"}}}}}
			if err := store.Commit(t.Context(), workflow.Step{Case: kept}); err != nil {
				kept.Version = 0
				if err := store.Commit(t.Context(), workflow.Step{Case: kept}); err != nil {
					t.Fatal(err)
				}
			}
			before, err := store.Load(t.Context(), d)
			if err != nil {
				t.Fatal(err)
			}
			for _, j := range tt.joins {
				_, err := e.Decide(t.Context(), workflow.Decision{Ref: j.from, Local: true, Command: workflow.Command{Word: workflow.WordJoin, To: j.to}})
				var impossible *workflow.Impossible
				if errors.As(err, &impossible) != j.fails {
					t.Fatalf("%s JOIN %s: got %v, want failure: %v", j.from, j.to, err, j.fails)
				}
			}
			holds := map[workflow.Ref]int{}
			for _, ref := range []workflow.Ref{a, b, c, d, "KEPT-0123-456789012345"} {
				found, err := store.Load(t.Context(), ref)
				if err != nil {
					t.Fatal(err)
				}
				for _, m := range found.Messages {
					if m.Text == "text of 0" {
						holds[ref]++
						if found.State().Closed() {
							t.Errorf("%s is closed and has the mail", ref)
						}
					}
				}
			}
			if holds[tt.in] != 1 || len(holds) != 1 {
				t.Errorf("the mail is in %v, want it once in %s", holds, tt.in)
			}
			after, err := store.Load(t.Context(), d)
			if err != nil || after.Person.Address != before.Person.Address || after.Pinned() != before.Pinned() || after.Received != before.Received || after.State() != before.State() || len(after.Items) != len(before.Items) {
				t.Errorf("the case that was joined has another person, address, day, state or items (%v)", err)
			}
		})
	}
}

// DONE about what an erasure left counts for what a digest told of, and for nothing that a later erasure leaves of the same
// record: an old answer to an old digest is anybody's who has a copy of it.
func TestAnOldWordForgetsNothingThatIsKept(t *testing.T) {
	c := &clock{now: time.Date(2026, 3, 5, 10, 0, 0, 0, time.UTC)}
	store := storetest.New(t)
	e := engine(t, store, c)
	toErased(t, e, c)
	digest := func() workflow.Stamp {
		desk, err := store.Load(t.Context(), workflow.Desk)
		version := desk.Version
		if err != nil {
			desk, version = workflow.Case{Ref: workflow.Desk}, 0
		}
		desk.Version = version
		desk.Book(workflow.Task{Action: workflow.DigestMail, To: handlers[0], Due: c.Now()})
		if err := store.Commit(t.Context(), workflow.Step{Case: desk}); err != nil {
			t.Fatal(err)
		}
		return workflow.Stamp{Ref: workflow.Desk, Task: desk.LastTask, To: workflow.ToHandler}
	}
	n := 0
	done := func(st workflow.Stamp, written time.Time) workflow.Decided {
		n++
		got, err := e.Decide(t.Context(), workflow.Decision{
			Identity: workflow.Identity{UIDValidity: 9, UID: uint32(n), Digest: fmt.Sprint("done ", n)},
			Ref:      left(t, store)[0].Ref, Stamp: st, By: handlers[0], Written: written, Command: workflow.Command{Word: workflow.WordDone},
		})
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	early := digest()
	if got := done(early, c.Now()); got == workflow.Obeyed {
		t.Error("before its day: the word counted")
	}
	c.now = time.Date(2033, 1, 3, 10, 0, 0, 0, time.UTC)
	w, ok := takeRetained(t, e)
	if !ok || e.Finish(t.Context(), w, workflow.Result{Fault: workflow.Permanent, Why: "down"}) != nil {
		t.Fatal("nothing is due")
	}
	if got := done(early, c.Now()); got != workflow.Turned {
		t.Errorf("with the secret of a digest that did not tell of it: got %s", got)
	}
	told := digest()
	if got := done(told, c.Now().Add(-time.Hour)); got != workflow.Turned {
		t.Errorf("written before the digest: got %s", got)
	}
	if all := left(t, store); len(all) != 1 || all[0].Retained == nil {
		t.Fatal("what is kept was forgotten")
	}
	if got := done(told, c.Now()); got != workflow.Obeyed {
		t.Errorf("an answer to the digest that told of it: got %s", got)
	}
}

// A machine at a keeper's address that answers every mail gets a few mails a day, and the case does not grow with it; an
// answer that ends the question counts all the same.
func TestAKeepersMachineCannotFlood(t *testing.T) {
	const aino workflow.Address = "aino@archive.example"
	for _, tt := range []struct {
		name  string
		reply workflow.KeeperReply
	}{
		{"a logo that cannot be taken", workflow.KeeperReply{Says: workflow.SaysText, Text: "I am away.", Trouble: "file-type"}},
		{"DONE and nothing else", workflow.KeeperReply{Says: workflow.SaysDone}},
		{"text", workflow.KeeperReply{Says: workflow.SaysText, Text: "I am away."}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			store := storetest.Mini(t)
			c := &clock{now: time.Date(2026, 3, 5, 10, 0, 0, 0, time.UTC)}
			rules := workflow.Rules{Calendar: workflow.Calendar{Zone: zone(t), Country: "FI"}, Handlers: handlers, Retention: 730, DigestAt: 23 * time.Hour,
				Keepers: []workflow.Keeper{{Register: "paper", Address: aino}}}
			e := workflow.NewEngine(store, rules, workflow.NewStamps(bytes.Repeat([]byte{1}, 32), "mailbox@controller.example"),
				workflow.Limits{AcknowledgementsPerAddress: 3, Acknowledgements: 100, NoticeEvery: time.Hour}, c.Now, slog.New(slog.DiscardHandler))
			ref, _, err := e.File(t.Context(), request(1))
			if err != nil {
				t.Fatal(err)
			}
			drain(t, e)
			if _, err := e.Decide(t.Context(), workflow.Decision{Ref: ref, Command: workflow.Command{Word: workflow.WordVerified}, Local: true}); err != nil {
				t.Fatal(err)
			}
			drain(t, e)
			uid := uint32(0)
			answer := func(rep workflow.KeeperReply) workflow.Decided {
				found, err := store.Load(t.Context(), ref)
				if err != nil {
					t.Fatal(err)
				}
				for _, task := range found.Tasks {
					if task.Action == workflow.KeeperMail {
						rep.Stamp = workflow.Stamp{Ref: ref, Task: task.N, To: workflow.ToKeeper}
					}
				}
				uid++
				rep.By, rep.Written, rep.Replay = aino, c.Now().Add(time.Second), fmt.Sprint(uid)
				rep.Text += workflow.Text(fmt.Sprint(" ", uid))
				if rep.Says == workflow.SaysDone {
					rep.Text = ""
				}
				rep.Identity = workflow.Identity{UIDValidity: 2, UID: uid, Digest: fmt.Sprint("r", uid)}
				got, err := e.TakeReply(t.Context(), rep)
				if err != nil {
					t.Fatal(err)
				}
				return got
			}
			sent := map[workflow.Action]int{}
			for range 100 {
				answer(tt.reply)
				c.pass(time.Minute)
				for action, n := range drain(t, e) {
					sent[action] += n
				}
			}
			if sent[workflow.KeeperMail] > 10 || sent[workflow.KeeperSaid] > 10*len(handlers) {
				t.Errorf("got %d mails to the keeper and %d to handlers for a hundred mails, want a few", sent[workflow.KeeperMail], sent[workflow.KeeperSaid])
			}
			if sent[workflow.RefusedNotice] == 0 {
				t.Error("nobody is told of the rest")
			}
			found, err := store.Load(t.Context(), ref)
			if err != nil || len(found.Tasks) > 60 || len(found.Used) > 20 {
				t.Errorf("the case grew to %d tasks and %d words (%v)", len(found.Tasks), len(found.Used), err)
			}
			if got := answer(workflow.KeeperReply{Says: workflow.SaysNothing}); got != workflow.Obeyed {
				t.Errorf("the answer after the flood: got %s, want that it counts", got)
			}
		})
	}
}

// Who keeps a register no longer hears nothing of anybody: neither a reminder nor what was still to be asked.
func TestAFormerKeeperIsAskedNothing(t *testing.T) {
	const former, now workflow.Address = "former@archive.example", "now@archive.example"
	for _, tt := range []struct {
		name string
		then []workflow.Keeper
		want []workflow.Address
	}{
		{"somebody else keeps it", []workflow.Keeper{{Register: "paper", Address: now, Remind: []int{3}}}, []workflow.Address{now}},
		{"nobody does", nil, nil},
	} {
		for _, sentBefore := range []bool{false, true} {
			t.Run(fmt.Sprint(tt.name, ", asked ", sentBefore), func(t *testing.T) {
				store := storetest.Mini(t)
				c := &clock{now: time.Date(2026, 3, 5, 10, 0, 0, 0, time.UTC)}
				with := func(keepers []workflow.Keeper) *workflow.Engine {
					rules := workflow.Rules{Calendar: workflow.Calendar{Zone: zone(t), Country: "FI"}, Handlers: handlers, Retention: 730, DigestAt: 8 * time.Hour, Keepers: keepers,
						DigestOn: []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday}}
					return workflow.NewEngine(store, rules, workflow.NewStamps(bytes.Repeat([]byte{1}, 32), "mailbox@controller.example"),
						workflow.Limits{AcknowledgementsPerAddress: 3, Acknowledgements: 100, NoticeEvery: time.Hour}, c.Now, slog.New(slog.DiscardHandler))
				}
				e := with([]workflow.Keeper{{Register: "paper", Address: former, Remind: []int{3}}})
				ref, _, err := e.File(t.Context(), request(1))
				if err != nil {
					t.Fatal(err)
				}
				drain(t, e)
				if _, err := e.Decide(t.Context(), workflow.Decision{Ref: ref, Command: workflow.Command{Word: workflow.WordVerified}, Local: true}); err != nil {
					t.Fatal(err)
				}
				if sentBefore {
					drain(t, e)
				}
				e = with(tt.then)
				var asked []workflow.Address
				for range 10 {
					if err := e.Turn(t.Context()); err != nil {
						t.Fatal(err)
					}
					for {
						w, ok, _, err := e.Claim(t.Context())
						if err != nil {
							t.Fatal(err)
						}
						if !ok {
							break
						}
						if w.Task.Action == workflow.KeeperMail && !slices.Contains(asked, w.Task.To) {
							asked = append(asked, w.Task.To)
						}
						if err := e.Finish(t.Context(), w, workflow.Result{Passphrase: "p"}); err != nil {
							t.Fatal(err)
						}
					}
					c.pass(24 * time.Hour)
				}
				if !slices.Equal(asked, tt.want) {
					t.Errorf("got mails to %d addresses, the former one's among them: %v; want %d", len(asked), slices.Contains(asked, former), len(tt.want))
				}
				// A handler can go on without them.
				_, err = e.Decide(t.Context(), workflow.Decision{Ref: ref, Local: true, Command: workflow.Command{Word: workflow.WordTick, Text: "paper"}})
				if err != nil {
					t.Errorf("TICK: %v", err)
				}
			})
		}
	}
}

// What is done at once is done for who asks. Somebody else in the thread of a case ends nothing for its person before a
// handler has looked; and beside a request for erasure nothing more is done at once than what is.
func TestWhatIsDoneAtOnceIsTheSendersOwn(t *testing.T) {
	for _, tt := range []struct {
		name  string
		from  workflow.Address // of the second mail
		kinds []workflow.Kind
		once  int
	}{
		{"the person", "person1@home.example", []workflow.Kind{workflow.Other}, 1},
		{"somebody else in the thread", "stranger@attacker.example", []workflow.Kind{workflow.Other}, 0},
		{"the person, and erasure", "person1@home.example", []workflow.Kind{workflow.Erasure, workflow.Other}, 1},
		{"somebody else, and erasure", "stranger@attacker.example", []workflow.Kind{workflow.Erasure, workflow.Other}, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := &clock{now: time.Date(2026, 3, 5, 10, 0, 0, 0, time.UTC)}
			store := storetest.Mini(t)
			e := engine(t, store, c)
			ref, _, err := e.File(t.Context(), request(1))
			if err != nil {
				t.Fatal(err)
			}
			drain(t, e)
			second := request(2)
			second.From, second.Kinds, second.Right, second.References = tt.from, tt.kinds, workflow.Marketing, []string{"1@home.example"}
			if joined, _, err := e.File(t.Context(), second); err != nil || joined != ref {
				t.Fatalf("got case %s, %v; want the first", joined, err)
			}
			done := map[workflow.Action]int{}
			for range 48 {
				for action, n := range drain(t, e) {
					done[action] += n
				}
				c.pass(time.Hour)
			}
			if done[workflow.Object] != tt.once || done[workflow.ConfirmOther] != tt.once {
				t.Errorf("got %d objections carried out and %d confirmed, want %d", done[workflow.Object], done[workflow.ConfirmOther], tt.once)
			}
			for _, never := range []workflow.Action{workflow.EraseData, workflow.ChangeData, workflow.Answer, workflow.ConfirmErasure, workflow.Window, workflow.KeeperMail} {
				if done[never] != 0 {
					t.Errorf("%s was done before a handler's word", never)
				}
			}
			found, err := store.Load(t.Context(), ref)
			if err != nil || found.State().Closed() || found.Person.Address != "person1@home.example" || found.Pinned() != "person1@home.example" {
				t.Errorf("the case is %s (%v), or another's", found.State(), err)
			}
			for _, it := range found.Items {
				if it.Verified != nil || it.State.Closed() && it.Kind != workflow.Other {
					t.Errorf("%s is %s", it.Kind, it.State)
				}
			}
		})
	}
}
