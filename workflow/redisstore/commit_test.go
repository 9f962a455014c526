package redisstore_test

import (
	"errors"
	"maps"
	"reflect"
	"strings"
	"testing"

	"dpobot/workflow"
	"dpobot/workflow/redisstore"
)

func testReferences(t *testing.T, h house) {
	for _, want := range []struct {
		year int
		ref  workflow.Ref
	}{{2026, "DPO-2026-0001"}, {2026, "DPO-2026-0002"}, {2027, "DPO-2027-0001"}, {2026, "DPO-2026-0003"}} {
		got, err := h.NewRef(t.Context(), want.year)
		if err != nil || got != want.ref {
			t.Errorf("got %s (%v), want %s", got, err, want.ref)
		}
	}
}

func testCommitAndLoad(t *testing.T, h house) {
	if _, err := h.Load(t.Context(), "DPO-2026-0009"); !errors.Is(err, workflow.ErrNoCase) {
		t.Fatalf("load nothing: got %v, want ErrNoCase", err)
	}
	if held, err := redisstore.Holds(t.Context(), h.rdb, h.mailbox); held || err != nil {
		t.Errorf("holds: got %v (%v), want nothing yet", held, err)
	}
	want := plea(newRef(t, h.Store))
	commit(t, h.Store, workflow.Step{Case: want})
	want.Version = 1
	if got := load(t, h.process(), want.Ref); !reflect.DeepEqual(got, want) {
		t.Errorf("got  %#v\nwant %#v", got, want)
	}
	if held, err := redisstore.Holds(t.Context(), h.rdb, h.mailbox); !held || err != nil {
		t.Errorf("holds: got %v (%v), want the case", held, err)
	}
}

func testCommitNothingInPart(t *testing.T, h house) {
	first := plea(newRef(t, h.Store))
	entry := []workflow.Entry{{At: noon, Event: "opened"}}
	commit(t, h.Store, workflow.Step{Case: first, Identities: []string{"uid 1", "digest 1"}, Entries: entry})
	inHand := claim(t, h.Store, noon)
	before := must(dump(t.Context(), h.rdb))

	other := plea(newRef(t, h.Store))
	before[h.key("refs:2026")] = "2"
	again := load(t, h.Store, first.Ref)
	for _, row := range []struct {
		name string
		step workflow.Step
		want error
	}{
		{"first identity seen", workflow.Step{Case: other, Identities: []string{"uid 1", "new"}, MessageIDs: []string{"m"}, Entries: entry}, workflow.ErrDuplicate},
		{"second identity seen", workflow.Step{Case: other, Identities: []string{"new", "digest 1"}, Entries: entry}, workflow.ErrDuplicate},
		{"a new case that is there", workflow.Step{Case: first, Identities: []string{"new"}, Entries: entry}, workflow.ErrConflict},
		{"another's claim", workflow.Step{Case: again, Claim: &workflow.Claim{Ref: first.Ref, Task: 1, Token: "guess"}, MessageIDs: []string{"m"}, Entries: entry}, workflow.ErrLeaseLost},
		{"a claim of a task that nobody has", workflow.Step{Case: again, Claim: &workflow.Claim{Ref: first.Ref, Task: 2, Token: inHand.Token}, Entries: entry}, workflow.ErrLeaseLost},
	} {
		if err := h.Commit(t.Context(), row.step); !errors.Is(err, row.want) {
			t.Errorf("%s: got %v, want %v", row.name, err, row.want)
		}
		if after := must(dump(t.Context(), h.rdb)); !maps.Equal(before, after) {
			t.Errorf("%s: something was written\ngot  %v\nwant %v", row.name, after, before)
		}
	}
	if n, err := h.Verify(t.Context()); n != 1 || err != nil {
		t.Errorf("trail: got %d entries (%v), want 1", n, err)
	}
}

// testHeadGone takes the head of the trail away: nothing more can be committed, least of
// all without its entry.
func testHeadGone(t *testing.T, h house) {
	c := file(t, h.Store)
	appendEntries(t, h.Store, c.Ref, 2)
	if err := h.rdb.Del(t.Context(), h.key("audit:head")).Err(); err != nil {
		t.Fatal(err)
	}
	before := must(dump(t.Context(), h.rdb))
	c = load(t, h.Store, c.Ref)
	step := workflow.Step{Case: closed(c), Identities: []string{"uid 9"}, MessageIDs: []string{"m9@x"}, Entries: []workflow.Entry{{At: noon, Event: "closed"}}}
	for range 2 {
		if err := h.process().Commit(t.Context(), step); err == nil || !strings.Contains(err.Error(), "tampered") {
			t.Errorf("got %v, want that somebody tampered with the trail", err)
		}
		if after := must(dump(t.Context(), h.rdb)); !maps.Equal(before, after) {
			t.Errorf("something was written\ngot  %v\nwant %v", after, before)
		}
	}
}

func testConflicts(t *testing.T, h house) {
	c := file(t, h.Store)
	a, b := h.process(), h.process()
	mine, theirs := load(t, a, c.Ref), load(t, b, c.Ref)
	mine.Urgent = true
	commit(t, a, workflow.Step{Case: mine})
	theirs.Problem = "theirs"
	if err := b.Commit(t.Context(), workflow.Step{Case: theirs}); !errors.Is(err, workflow.ErrConflict) {
		t.Fatalf("got %v, want ErrConflict", err)
	}
	got := load(t, b, c.Ref)
	if !got.Urgent || got.Problem != "" || got.Version != 2 {
		t.Errorf("got version %d, want the first change alone", got.Version)
	}
	got.Version = 7
	if err := b.Commit(t.Context(), workflow.Step{Case: got}); !errors.Is(err, workflow.ErrConflict) {
		t.Errorf("from the future: got %v, want ErrConflict", err)
	}
	got.Version = -1
	if err := b.Commit(t.Context(), workflow.Step{Case: got}); err == nil {
		t.Error("a negative version was taken")
	}
}

func testDesk(t *testing.T, h house) {
	desk := load(t, h.Store, workflow.Desk)
	if desk.Ref != workflow.Desk || desk.Version != 0 {
		t.Fatalf("got %v version %d, want an empty desk", desk.Ref, desk.Version)
	}
	desk.Tasks = []workflow.Task{{N: 1, Action: workflow.DigestMail, State: workflow.TaskWaiting, Due: noon}}
	commit(t, h.Store, workflow.Step{Case: desk, MessageIDs: []string{"digest@company.example"}})
	desk = load(t, h.Store, workflow.Desk)
	if desk.Version != 1 {
		t.Errorf("got version %d, want 1", desk.Version)
	}
	for c := range h.All(t.Context()) {
		t.Errorf("a list shows %s", c.Ref)
	}
	for c := range h.Open(t.Context()) {
		t.Errorf("the open cases show %s", c.Ref)
	}
	if ref, err := h.ByMessage(t.Context(), "digest@company.example"); ref != workflow.Desk {
		t.Errorf("its message: got %q (%v), want the desk", ref, err)
	}
	if c := claim(t, h.Store, noon); c.Ref != workflow.Desk || c.Task != 1 {
		t.Errorf("got %+v, want the desk's task", c)
	}
	if err := h.Purge(t.Context(), workflow.Desk, 1); err == nil {
		t.Error("the desk was purged")
	}
}

func testUnicode(t *testing.T, h house) {
	for _, ref := range []workflow.Ref{"TIETO-2026-ÄÖ#1", "請求-1 {x}", "a\x00b", "#7", "'); redis.call('FLUSHALL') --"} {
		c := plea(ref)
		c.Person.Address = "käyttäjä@esimerkki.example"
		c.Person.Name = "Åsa \u202e 🦊"
		commit(t, h.Store, workflow.Step{Case: c, MessageIDs: []string{string(ref) + "@x"}, Entries: []workflow.Entry{{At: noon, Event: "opened <b> & \u2028"}}})
		if got := load(t, h.Store, ref); got.Person.Name != c.Person.Name {
			t.Errorf("%q: got another name back", ref)
		}
		if got := claim(t, h.Store, noon); got.Ref != ref || got.Task != 1 {
			t.Errorf("%q: got a claim of %q task %d", ref, got.Ref, got.Task)
		}
	}
	if refs := must(h.ByAddress(t.Context(), "käyttäjä@esimerkki.example")); len(refs) != 5 {
		t.Errorf("by address: got %q, want all five", refs)
	}
	if n, err := h.Verify(t.Context()); n != 5 || err != nil {
		t.Errorf("trail: got %d entries (%v), want 5", n, err)
	}
}

func testScriptFlush(t *testing.T, h house) {
	c := file(t, h.Store)
	if err := h.rdb.ScriptFlush(t.Context()).Err(); err != nil {
		t.Fatal(err)
	}
	commit(t, h.Store, workflow.Step{Case: c})
	if got := load(t, h.Store, c.Ref).Version; got != 2 {
		t.Errorf("got version %d, want 2", got)
	}
}
