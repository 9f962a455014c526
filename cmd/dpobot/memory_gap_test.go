package main

import (
	"testing"
	"time"

	"dpobot/inbox/mailbox"
	"dpobot/workflow"
	"dpobot/workflow/redisstore/ministore"
)

// A mailbox that could not be read for an hour is told of when it can be again.
func TestTheMailboxWasAway(t *testing.T) {
	store, err := ministore.Open(botAddress)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	m := newMemory(store.Store)
	if _, err := m.Acquire(t.Context(), "token", time.Minute); err != nil {
		t.Fatal(err)
	}
	start := time.Date(2026, 3, 5, 10, 0, 0, 0, time.UTC)
	for _, polled := range []time.Duration{0, time.Minute, 61 * time.Minute} {
		if err := m.Save(t.Context(), "token", mailbox.Change{UIDValidity: 1, Polled: start.Add(polled)}); err != nil {
			t.Fatal(err)
		}
	}
	health, err := store.Health(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	got := workflow.Outages(health, start)
	if len(got) != 1 || got[0].Part != workflow.PartMailbox || !got[0].From.Equal(start.Add(time.Minute)) {
		t.Errorf("got %v, want one of the mailbox from %s", got, start.Add(time.Minute))
	}
}
