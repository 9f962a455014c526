package workflow_test

import (
	"testing"
	"time"

	"dpobot/workflow"
	"dpobot/workflow/redisstore/storetest"
)

// What stood still for an hour is told, once it works again; a short pause is not.
func TestOutages(t *testing.T) {
	start := time.Date(2026, 3, 5, 10, 0, 0, 0, time.UTC)
	rows := []struct {
		name string
		gap  time.Duration
		want int
	}{
		{"half a minute", 30 * time.Second, 0},
		{"ten minutes", 10 * time.Minute, 0},
		{"an hour", time.Hour, 1},
		{"the clock was set back", -time.Hour, 0},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			c := &clock{now: start}
			e := engine(t, storetest.New(t), c)
			for range 3 {
				if err := e.Turn(t.Context()); err != nil {
					t.Fatal(err)
				}
				c.pass(30 * time.Second)
			}
			c.pass(row.gap)
			if err := e.Turn(t.Context()); err != nil {
				t.Fatal(err)
			}
			health, err := e.Store().Health(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			got := workflow.Outages(health, start)
			if len(got) != row.want {
				t.Fatalf("outages: got %v, want %d", got, row.want)
			}
			if row.want > 0 && (got[0].Part != workflow.PartProgram || got[0].Until.Sub(got[0].From) < row.gap) {
				t.Errorf("got %v, want one of the program over %s", got, row.gap)
			}
			if late := workflow.Outages(health, c.Now()); len(late) != 0 {
				t.Errorf("told once more after the digest: %v", late)
			}
		})
	}
}
