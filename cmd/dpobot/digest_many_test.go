package main

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"dpobot/workflow"
)

// Five thousand open cases make a digest that a telephone can show, and the walk over them
// keeps next to nothing in memory.
func TestDigestOfThousands(t *testing.T) {
	if testing.Short() {
		t.Skip("files five thousand cases")
	}
	const many = 5000
	start := time.Date(2026, time.March, 5, 10, 0, 0, 0, time.UTC)
	s := stageIn(t, "FI", "Europe/Helsinki", start)
	calendar := calendarOf(s.cfg)
	for n := range many {
		c := workflow.Case{
			Ref: workflow.Ref(fmt.Sprintf("DPO-2026-%04d", n+1)), Person: workflow.Person{Address: workflow.Address(fmt.Sprintf("p%d@home.example", n))},
			Language: "en", Received: start, Clock: calendar.Clock(start.AddDate(0, 0, -n%40)),
			Items:    []workflow.Item{{N: 1, Kind: workflow.Access, State: workflow.Verifying, Opened: start}},
			Messages: []workflow.Message{{ID: fmt.Sprintf("m%d@home.example", n), Text: workflow.Text(strings.Repeat("Where is my data? ", 200))}},
		}
		if n%10 == 0 {
			c.Items[0].State = workflow.Triage
		}
		if err := s.store.Commit(t.Context(), workflow.Step{Case: c}); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.engine.SendDigest(t.Context()); err != nil {
		t.Fatal(err)
	}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	began := time.Now()
	for {
		worked, _, err := s.responder.Turn(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if !worked {
			break
		}
	}
	took := time.Since(began)
	runtime.GC()
	runtime.ReadMemStats(&after)
	if len(s.mails) != 1 {
		t.Fatalf("mails: got %d, want 1:\n%s", len(s.mails), outgoing(s.mails))
	}
	m := s.mails[0]
	t.Logf("digest of %d cases: %s, %d bytes of HTML, %d KiB kept", many, took.Round(time.Millisecond), len(m.HTML), (int64(after.HeapAlloc)-int64(before.HeapAlloc))>>10)
	if len(m.HTML) > 150<<10 || len(m.Text) > 30<<10 {
		t.Errorf("size: got %d bytes of HTML and %d of text, want what a telephone shows at once", len(m.HTML), len(m.Text))
	}
	for _, want := range []string{"5000 open", "Not listed here: 4460 cases", "Not listed here: 490 mails"} {
		if !strings.Contains(m.Subject+"\n"+strings.Join(strings.Fields(m.Text), " "), want) {
			t.Errorf("the digest does not say %q:\n%.3000s", want, m.Text)
		}
	}
	if kept := int64(after.HeapAlloc) - int64(before.HeapAlloc); kept > 8<<20 {
		t.Errorf("memory kept after the digest: got %d bytes, want at most 8 MiB", kept)
	}
}
