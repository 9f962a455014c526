package redisstore_test

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dpobot/workflow"
	"dpobot/workflow/redisstore"
	"dpobot/workflow/redisstore/seal"
)

// leftOf is the pseudo-case of a record, due on a day years ahead.
func leftOf(s *redisstore.Store, key workflow.Text) workflow.Case {
	return workflow.Case{
		Ref: s.RetainedRef("customers", key), LastTask: 1,
		Retained: &workflow.Retained{Register: "customers", Key: key, Case: "DPO-2026-0001", Erased: day(2026, 3, 5),
			Kept: []workflow.Kept{{Fields: []string{"name"}, Until: day(2036, 12, 31), Next: day(2036, 12, 31)}}},
		Tasks: []workflow.Task{{N: 1, Action: workflow.EraseRetained, State: workflow.TaskWaiting, Due: noon.AddDate(10, 0, 0)}},
	}
}

func testRetained(t *testing.T, h house) {
	ctx := t.Context()
	path := filepath.Join(t.TempDir(), "dpobot.keys")
	if err := seal.Create(path); err != nil {
		t.Fatal(err)
	}
	bot := redisstore.New(h.rdb, h.mailbox, must(seal.Open(path)))
	c := file(t, bot)
	entry := []workflow.Entry{{At: noon, Ref: c.Ref, Event: "retained"}}
	commit(t, bot, workflow.Step{Case: leftOf(bot, "Testinen-7"), Entries: entry})
	other := leftOf(bot, "virtanen@person.example")
	other.Tasks[0].Due = noon.AddDate(11, 0, 0)
	commit(t, bot, workflow.Step{Case: other})

	ref := bot.RetainedRef("customers", "Testinen-7")
	switch {
	case !ref.Retained() || ref == bot.RetainedRef("customers", "Testinen-8") || ref == bot.RetainedRef("others", "Testinen-7"):
		t.Errorf("got the reference %s", ref)
	case h.RetainedRef("customers", "Testinen-7") == ref:
		t.Error("another keyset gives the same reference: it is no keyed hash")
	}
	for key, value := range must(dump(ctx, h.rdb)) {
		for _, secret := range secrets {
			if strings.Contains(key+value, secret) {
				t.Errorf("%s shows %q", key, secret)
			}
		}
	}
	listed := func(s *redisstore.Store) (open, all, left int) {
		for range s.Open(ctx) {
			open++
		}
		for range s.All(ctx) {
			all++
		}
		for c, err := range s.Retained(ctx) {
			if err != nil || c.Retained == nil {
				t.Errorf("got %v, %v", c.Retained, err)
			}
			left++
		}
		return open, all, left
	}
	if open, all, left := listed(bot); open != 1 || all != 1 || left != 2 {
		t.Errorf("got %d open, %d in all, %d left; want 1, 1, 2", open, all, left)
	}

	// The case goes and the keys rotate; what was left does neither.
	commit(t, bot, workflow.Step{Case: closed(load(t, bot, c.Ref))})
	if err := bot.Purge(ctx, c.Ref, 2); err != nil {
		t.Fatal(err)
	}
	if err := seal.Rotate(path); err != nil {
		t.Fatal(err)
	}
	if n, err := bot.Rewrap(ctx); n != 2 || err != nil {
		t.Errorf("got %d rewrapped, %v", n, err)
	}
	if _, err := seal.Retire(path); err != nil {
		t.Fatal(err)
	}
	fresh := redisstore.New(h.rdb, h.mailbox, must(seal.Open(path)))
	if _, _, left := listed(fresh); left != 2 || fresh.RetainedRef("customers", "Testinen-7") != ref {
		t.Errorf("after the rotation: got %d", left)
	}

	// On its day it is handed out, and once it is done nothing of it is there.
	if _, ok, _, err := fresh.Claim(ctx, noon.AddDate(9, 0, 0), time.Minute); ok || err != nil {
		t.Errorf("before the day: got %v, %v", ok, err)
	}
	got := claim(t, fresh, noon.AddDate(10, 0, 0))
	if err := fresh.Forget(ctx, got.Ref, 2); !errors.Is(err, workflow.ErrConflict) {
		t.Errorf("another version: got %v", err)
	}
	if err := fresh.Forget(ctx, c.Ref, 3); err == nil {
		t.Error("a case was forgotten without a stub")
	}
	if err := fresh.Forget(ctx, got.Ref, 1, workflow.Entry{At: noon, Ref: c.Ref, Event: "retained-erased"}); err != nil {
		t.Fatal(err)
	}
	if _, err := fresh.Load(ctx, got.Ref); !errors.Is(err, workflow.ErrNoCase) {
		t.Errorf("load: got %v", err)
	}
	if n := must(h.rdb.Exists(ctx, h.key("case:"+string(got.Ref))).Result()); n != 0 {
		t.Error("something of it stays")
	}
	if _, _, left := listed(fresh); left != 1 {
		t.Errorf("got %d left, want the other", left)
	}
	commit(t, fresh, workflow.Step{Case: leftOf(fresh, "Testinen-7")}) // erased once more
	trail := ""
	for en := range fresh.Trail(ctx, c.Ref) {
		trail += en.Event + " "
	}
	if trail != "retained retained-erased " {
		t.Errorf("trail of the case: got %q", trail)
	}
}

func testDropTombstones(t *testing.T, h house) {
	ctx := t.Context()
	for i, address := range []workflow.Address{"matti@person.example", "maija@person.example", "kalle@person.example"} {
		if err := h.AddTombstone(ctx, address, []string{"customers", "newsletter"}, noon.AddDate(i, 0, 0)); err != nil {
			t.Fatal(err)
		}
	}
	if n, err := h.DropTombstones(ctx, noon.AddDate(1, 0, 0)); n != 2 || err != nil {
		t.Errorf("got %d dropped, %v; want those of one person", n, err)
	}
	stones := must(h.Tombstones(ctx))
	if len(stones) != 2 || stones[h.AddressHash("matti@person.example")] != nil {
		t.Errorf("got %d people left, want the two of later", len(stones))
	}
}
