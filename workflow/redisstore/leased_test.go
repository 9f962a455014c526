package redisstore_test

import (
	"errors"
	"maps"
	"testing"
	"time"

	"dpobot/workflow"
	"dpobot/workflow/redisstore"
)

func testLeased(t *testing.T, h house) {
	ctx := t.Context()
	a, b := h.Leased("INBOX"), h.process().Leased("INBOX")
	holds := func(want map[string]string) {
		t.Helper()
		if got := must(b.Load(ctx)); !maps.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
	}
	holds(map[string]string{})
	if err := a.Save(ctx, "a", false, map[string]string{"x": "1"}, nil); !errors.Is(err, workflow.ErrLeaseLost) {
		t.Errorf("save without lease: got %v, want ErrLeaseLost", err)
	}
	for range 2 {
		if err := a.Acquire(ctx, "a", time.Minute); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.Acquire(ctx, "b", time.Minute); !errors.Is(err, redisstore.ErrLeaseHeld) {
		t.Errorf("acquire what is held: got %v, want ErrLeaseHeld", err)
	}
	if err := h.Leased("Other").Acquire(ctx, "b", time.Minute); err != nil {
		t.Errorf("another record: got %v", err)
	}
	for _, step := range []struct {
		afresh bool
		set    map[string]string
		drop   []string
		want   map[string]string
	}{
		{false, map[string]string{"done": "7", "p:1": "{}"}, nil, map[string]string{"done": "7", "p:1": "{}"}},
		{false, map[string]string{"done": "8"}, []string{"p:1", "p:2"}, map[string]string{"done": "8"}},
		{false, nil, nil, map[string]string{"done": "8"}},
		{true, map[string]string{"uidvalidity": "2"}, nil, map[string]string{"uidvalidity": "2"}},
	} {
		if err := a.Save(ctx, "a", step.afresh, step.set, step.drop); err != nil {
			t.Fatal(err)
		}
		holds(step.want)
	}
	if err := b.Save(ctx, "b", true, nil, nil); !errors.Is(err, workflow.ErrLeaseLost) {
		t.Errorf("save by another: got %v, want ErrLeaseLost", err)
	}
	if err := b.Release(ctx, "b"); err != nil {
		t.Error(err)
	}
	if err := a.Renew(ctx, "a", time.Minute); err != nil {
		t.Errorf("renew: got %v; another's release took the lease", err)
	}
	if err := a.Release(ctx, "a"); err != nil {
		t.Error(err)
	}
	if err := a.Renew(ctx, "a", time.Minute); !errors.Is(err, workflow.ErrLeaseLost) {
		t.Errorf("renew after release: got %v, want ErrLeaseLost", err)
	}
	if err := b.Acquire(ctx, "b", time.Minute); err != nil {
		t.Errorf("acquire after release: got %v", err)
	}
	if ttl := h.rdb.PTTL(ctx, h.key("lease:INBOX")).Val(); ttl <= 0 || ttl > time.Minute {
		t.Errorf("the lease ends in %s, want within a minute", ttl)
	}
	holds(map[string]string{"uidvalidity": "2"})
}
