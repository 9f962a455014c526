package redisstore_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"dpobot/workflow"
	"dpobot/workflow/redisstore/seal"
)

func testLookUps(t *testing.T, h house) {
	ctx := t.Context()
	first := plea(newRef(t, h.Store))
	commit(t, h.Store, workflow.Step{Case: first, Identities: []string{"uid 1"}, MessageIDs: []string{"m1@x", "m2@x"}})
	second := plea(newRef(t, h.Store))
	commit(t, h.Store, workflow.Step{Case: second, MessageIDs: []string{"m3@x", "m1@x"}})

	if refs := must(h.ByAddress(ctx, "matti@person.example")); !slices.Equal(refs, []workflow.Ref{first.Ref, second.Ref}) {
		t.Errorf("by address: got %v, want both, oldest first", refs)
	}
	if refs := must(h.ByAddress(ctx, "maija@person.example")); len(refs) != 0 {
		t.Errorf("by an unknown address: got %v", refs)
	}
	for _, row := range []struct {
		ids  []string
		want workflow.Ref
	}{
		{nil, ""}, {[]string{"unknown@x"}, ""}, {[]string{"unknown@x", "m2@x"}, first.Ref},
		{[]string{"m3@x", "m2@x"}, second.Ref},
		{[]string{"m1@x"}, first.Ref}, // a later case cannot take it
	} {
		if got, err := h.ByMessage(ctx, row.ids...); got != row.want || err != nil {
			t.Errorf("by message %q: got %q (%v), want %q", row.ids, got, err, row.want)
		}
	}
	for _, row := range []struct {
		ids  []string
		want bool
	}{{nil, false}, {[]string{"uid 2"}, false}, {[]string{"uid 2", "uid 1"}, true}, {[]string{"m1@x"}, false}} {
		if got, err := h.Seen(ctx, row.ids...); got != row.want || err != nil {
			t.Errorf("seen %q: got %v (%v), want %v", row.ids, got, err, row.want)
		}
	}

	moved := load(t, h.Store, first.Ref)
	moved.SendTo = "matti@new.example"
	moved.Messages = append(moved.Messages, workflow.Message{ID: "m9@x", From: "stranger@else.example"})
	commit(t, h.Store, workflow.Step{Case: moved})
	if refs := must(h.ByAddress(ctx, "matti@new.example")); !slices.Equal(refs, []workflow.Ref{first.Ref}) {
		t.Errorf("by the address that answers go to: got %v", refs)
	}
	if refs := must(h.ByAddress(ctx, "stranger@else.example")); len(refs) != 0 {
		t.Errorf("by the address of somebody who wrote in the case: got %v, want none", refs)
	}
}

func testWalks(t *testing.T, h house) {
	const n = 450 // more than two pages
	var order []workflow.Ref
	for i := range n {
		c := plea(newRef(t, h.Store))
		c.Clock.Due = day(2026, 4, 1).AddDays(i % 3)
		c.Tasks = nil
		commit(t, h.Store, workflow.Step{Case: c})
		order = append(order, c.Ref)
	}
	late := load(t, h.Store, order[0]) // of the first day
	late.Clock.Extended = day(2026, 6, 30)
	commit(t, h.Store, workflow.Step{Case: late})
	done := closed(load(t, h.Store, order[1]))
	commit(t, h.Store, workflow.Step{Case: done})

	var all, open, wantOpen []workflow.Ref
	for c, err := range h.All(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, c.Ref)
	}
	if !slices.Equal(all, order) {
		t.Errorf("all: got %d cases, want %d, oldest first", len(all), n)
	}
	for d := range 3 {
		for i, ref := range order {
			if i%3 == d && i > 1 {
				wantOpen = append(wantOpen, ref)
			}
		}
	}
	wantOpen = append(wantOpen, late.Ref)
	for c, err := range h.Open(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		open = append(open, c.Ref)
	}
	if !slices.Equal(open, wantOpen) {
		t.Errorf("open: got  %v\nwant %v", open, wantOpen)
	}

	for _, row := range []struct {
		from, to workflow.Date
		want     int
	}{
		{workflow.Date{}, workflow.Date{}, n - 1},
		{workflow.Date{}, day(2026, 4, 1), n/3 - 1},
		{day(2026, 4, 2), day(2026, 4, 2), n/3 - 1},
		{day(2026, 4, 3), workflow.Date{}, n/3 + 1},
		{day(2026, 7, 1), workflow.Date{}, 0},
	} {
		if got, err := h.CountOpen(t.Context(), row.from, row.to); got != row.want || err != nil {
			t.Errorf("open from %q to %q: got %d (%v), want %d", row.from, row.to, got, err, row.want)
		}
	}

	walked := 0
	for range h.Open(t.Context()) {
		if walked++; walked == 3 {
			break
		}
	}

	// A case that closes during the walk takes no other with it.
	seen := map[workflow.Ref]bool{}
	for c, err := range h.Open(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		seen[c.Ref] = true
		if len(seen) <= 50 {
			commit(t, h.Store, workflow.Step{Case: closed(c)})
		}
	}
	if len(seen) != n-1 {
		t.Errorf("while cases closed: got %d, want %d", len(seen), n-1)
	}
}

func testWalkPastDamaged(t *testing.T, h house) {
	var refs []workflow.Ref
	for range 3 {
		refs = append(refs, file(t, h.Store).Ref)
	}
	if err := h.rdb.HSet(t.Context(), h.key("case:"+string(refs[1])), "b", "damage").Err(); err != nil {
		t.Fatal(err)
	}
	var got []string
	for c, err := range h.Open(t.Context()) {
		got = append(got, fmt.Sprint(c.Ref, errors.Is(err, seal.ErrUnreadable)))
	}
	want := []string{fmt.Sprint(refs[0], false), fmt.Sprint(refs[1], true), fmt.Sprint(refs[2], false)}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
