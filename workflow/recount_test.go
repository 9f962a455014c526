package workflow_test

import (
	"bytes"
	"context"
	"log/slog"
	"testing"
	"time"

	"dpobot/workflow"
	"dpobot/workflow/redisstore/ministore"
)

// A holiday is added after cases were filed.
func TestRecount(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		t.Fatal(err)
	}
	day := func(s string) workflow.Date {
		d, err := workflow.ParseDate(s)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	bare := workflow.Calendar{Zone: zone, Country: "FI"}
	with := func(days ...string) workflow.Calendar {
		c := bare
		c.Extra = map[workflow.Date]string{}
		for _, s := range days {
			c.Extra[day(s)] = "Founder's Day"
		}
		return c
	}
	for name, c := range map[string]struct {
		clock    workflow.Clock
		state    workflow.State
		calendar workflow.Calendar
		due      string
		extended string
		moved    []map[string]string
	}{
		"the due date is a holiday now": {
			workflow.Clock{Received: day("2026-03-05"), Due: day("2026-04-07")}, workflow.Verifying, with("2026-04-07"), "2026-04-08", "",
			[]map[string]string{{"what": "due", "from": "2026-04-07", "to": "2026-04-08", "why": "Founder's Day"}},
		},
		"the day after it too": {
			workflow.Clock{Received: day("2026-03-05"), Due: day("2026-04-07")}, workflow.Verifying, with("2026-04-07", "2026-04-08"), "2026-04-09", "",
			[]map[string]string{{"what": "due", "from": "2026-04-07", "to": "2026-04-09", "why": "Founder's Day"}},
		},
		"another day is": {
			workflow.Clock{Received: day("2026-03-05"), Due: day("2026-04-07")}, workflow.Verifying, with("2026-04-08"), "2026-04-07", "", nil,
		},
		"a holiday was taken away": {
			workflow.Clock{Received: day("2026-03-09"), Due: day("2026-04-10")}, workflow.Verifying, bare, "2026-04-10", "", nil,
		},
		"the extended date is one": {
			workflow.Clock{Received: day("2026-03-05"), Due: day("2026-04-07"), Extended: day("2026-06-05")}, workflow.Verifying, with("2026-06-05"), "2026-04-07", "2026-06-08",
			[]map[string]string{{"what": "extended", "from": "2026-06-05", "to": "2026-06-08", "why": "Founder's Day"}},
		},
		"both are": {
			workflow.Clock{Received: day("2026-03-05"), Due: day("2026-04-07"), Extended: day("2026-06-05")}, workflow.Asking, with("2026-04-07", "2026-06-05"), "2026-04-08", "2026-06-08",
			[]map[string]string{
				{"what": "due", "from": "2026-04-07", "to": "2026-04-08", "why": "Founder's Day"},
				{"what": "extended", "from": "2026-06-05", "to": "2026-06-08", "why": "Founder's Day"},
			},
		},
		"closed already": {
			workflow.Clock{Received: day("2026-03-05"), Due: day("2026-04-07")}, workflow.Answered, with("2026-04-07"), "2026-04-07", "", nil,
		},
	} {
		t.Run(name, func(t *testing.T) {
			ctx := t.Context()
			store := openStore(t)
			now := time.Date(2026, time.March, 20, 12, 0, 0, 0, zone)
			file(t, store, workflow.Case{Ref: "DPO-2026-0001", Received: now, Clock: c.clock,
				Items: []workflow.Item{{N: 1, Kind: workflow.Access, State: c.state, Opened: now}}})
			engine := engineOf(store, c.calendar, func() time.Time { return now })
			for range 2 { // what was moved is not moved again
				if err := engine.Recount(ctx); err != nil {
					t.Fatal(err)
				}
				now = now.Add(2 * time.Hour)
			}
			got, err := store.Load(ctx, "DPO-2026-0001")
			if err != nil {
				t.Fatal(err)
			}
			if got.Clock.Due.String() != c.due || got.Clock.Extended.String() != c.extended {
				t.Errorf("due %s, extended %q; want %s, %q", got.Clock.Due, got.Clock.Extended, c.due, c.extended)
			}
			if got.Clock.Received != c.clock.Received {
				t.Errorf("received %s, want %s", got.Clock.Received, c.clock.Received)
			}
			wantMoves(t, store, c.moved)
		})
	}
}

// The cases are walked once an hour over all processes, but at once when the calendar is
// another one.
func TestRecountWalksOnce(t *testing.T) {
	ctx := t.Context()
	store := openStore(t)
	now := time.Date(2026, time.March, 20, 12, 0, 0, 0, time.UTC)
	clock := func() time.Time { return now }
	old := workflow.Calendar{Zone: time.UTC, Country: "FI"}
	if err := engineOf(store, old, clock).Recount(ctx); err != nil {
		t.Fatal(err)
	}
	due := workflow.Date{Year: 2026, Month: time.April, Day: 9}
	file(t, store, workflow.Case{Ref: "DPO-2026-0001", Received: now,
		Clock: workflow.Clock{Received: workflow.Date{Year: 2026, Month: time.March, Day: 10}, Due: due},
		Items: []workflow.Item{{N: 1, Kind: workflow.Access, State: workflow.Verifying, Opened: now}}})
	dueNow := func(step string, calendar workflow.Calendar, want string) {
		t.Helper()
		if err := engineOf(store, calendar, clock).Recount(ctx); err != nil {
			t.Fatal(err)
		}
		c, err := store.Load(ctx, "DPO-2026-0001")
		if err != nil || c.Clock.Due.String() != want {
			t.Errorf("%s: due %s, %v; want %s", step, c.Clock.Due, err, want)
		}
	}
	// 10 March gives 10 April: what was filed with another calendar is a day short.
	dueNow("within the hour", old, "2026-04-09")
	newer := old
	newer.Extra = map[workflow.Date]string{{Year: 2026, Month: time.April, Day: 10}: "Founder's Day"}
	dueNow("another calendar", newer, "2026-04-13")
	now = now.Add(61 * time.Minute)
	dueNow("an hour later, the old one", old, "2026-04-13")
}

func openStore(t *testing.T) *ministore.Ministore {
	t.Helper()
	store, err := ministore.Open("privacy@firma.example")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	return store
}

func engineOf(store workflow.Store, calendar workflow.Calendar, now func() time.Time) *workflow.Engine {
	stamps := workflow.NewStamps(bytes.Repeat([]byte{7}, 32), "privacy@firma.example")
	return workflow.NewEngine(store, workflow.Rules{Calendar: calendar}, stamps, workflow.Limits{}, now, slog.New(slog.DiscardHandler))
}

func file(t *testing.T, store workflow.Store, c workflow.Case) {
	t.Helper()
	if err := store.Commit(t.Context(), workflow.Step{Case: c}); err != nil {
		t.Fatal(err)
	}
}

func wantMoves(t *testing.T, store workflow.Store, want []map[string]string) {
	t.Helper()
	var got []map[string]string
	for en, err := range store.Trail(context.Background(), "DPO-2026-0001") {
		if err != nil {
			t.Fatal(err)
		}
		if en.Event == "due-moved" {
			got = append(got, en.Detail)
		}
	}
	if len(got) != len(want) {
		t.Fatalf("the trail says %v, want %v", got, want)
	}
	for i := range want {
		for key, value := range want[i] {
			if got[i][key] != value {
				t.Errorf("entry %d, %s: got %q, want %q", i, key, got[i][key], value)
			}
		}
	}
}
