package redisstore_test

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"dpobot/workflow"
	"dpobot/workflow/redisstore"
)

func entryOf(t *testing.T, m redis.XMessage) workflow.Entry {
	t.Helper()
	var e workflow.Entry
	if err := json.Unmarshal([]byte(m.Values["e"].(string)), &e); err != nil {
		t.Fatal(err)
	}
	e.Prev = hex.EncodeToString([]byte(m.Values["p"].(string)))
	return e
}

func fromHex(s string) string { return string(must(hex.DecodeString(s))) }

func testPurge(t *testing.T, h house) {
	ctx := t.Context()
	neighbour := plea(newRef(t, h.Store))
	commit(t, h.Store, workflow.Step{Case: neighbour, MessageIDs: []string{"theirs@x"}})
	c := plea(newRef(t, h.Store))
	commit(t, h.Store, workflow.Step{Case: c, Identities: []string{"uid 1"}, MessageIDs: []string{"plea@person.example"}, Entries: []workflow.Entry{{At: noon, Event: "opened"}}})
	c = load(t, h.Store, c.Ref)
	c.SendTo = "matti@new.example"
	commit(t, h.Store, workflow.Step{Case: c, MessageIDs: []string{"answer@company.example"}})
	if err := h.MarkSent(ctx, c.Ref, 1); err != nil {
		t.Fatal(err)
	}
	c = closed(load(t, h.Store, c.Ref))
	c.Tasks = append(c.Tasks, workflow.Task{N: 2, Action: workflow.Receipt, To: "pauli@company.example", State: workflow.TaskWaiting, Due: noon})
	commit(t, h.Store, workflow.Step{Case: c})

	if refs := must(h.Ripe(ctx, c.Purge.AddDays(-1))); len(refs) != 0 {
		t.Errorf("the day before: got %v, want none", refs)
	}
	if refs := must(h.Ripe(ctx, c.Purge)); len(refs) != 1 || refs[0] != c.Ref {
		t.Errorf("on the day: got %v, want %s", refs, c.Ref)
	}
	if err := h.Purge(ctx, c.Ref, 3, workflow.Entry{At: noon, Event: "purged"}); err != nil {
		t.Fatal(err)
	}

	if _, err := h.Load(ctx, c.Ref); !errors.Is(err, workflow.ErrNoCase) {
		t.Errorf("load: got %v, want ErrNoCase", err)
	}
	if refs := must(h.Ripe(ctx, c.Purge)); len(refs) != 0 {
		t.Errorf("ripe: got %v, want none", refs)
	}
	if refs := must(h.ByAddress(ctx, "matti@person.example")); len(refs) != 1 || refs[0] != neighbour.Ref {
		t.Errorf("by address: got %v, want the neighbour alone", refs)
	}
	if refs := must(h.ByAddress(ctx, "matti@new.example")); len(refs) != 0 {
		t.Errorf("by the new address: got %v, want none", refs)
	}
	for id, want := range map[string]workflow.Ref{"plea@person.example": "", "answer@company.example": "", "theirs@x": neighbour.Ref} {
		if got := must(h.ByMessage(ctx, id)); got != want {
			t.Errorf("by message %s: got %q, want %q", id, got, want)
		}
	}
	if !must(h.Seen(ctx, "uid 1")) {
		t.Error("the mail would be filed again")
	}
	if got := claim(t, h.Store, noon.Add(time.Hour)); got.Ref != neighbour.Ref {
		t.Errorf("a task of the purged case was handed out: %+v", got)
	}
	raw := must(h.rdb.HGetAll(ctx, h.key("case:"+string(c.Ref))).Result())
	if len(raw) != 2 || raw["v"] != "4" || strings.Contains(raw["s"], "matti") {
		t.Errorf("got %v, want a version and a stub", raw)
	}
	if n, err := h.Verify(ctx); n != 2 || err != nil {
		t.Errorf("trail: got %d (%v), want 2", n, err)
	}
	trail := 0
	for range h.Trail(ctx, c.Ref) {
		trail++
	}
	if trail != 2 {
		t.Errorf("got %d entries of the case, want 2", trail)
	}

	// The stub has all that a yearly report counts.
	var stubs []workflow.Case
	for c, err := range h.All(ctx) {
		if err != nil {
			t.Fatal(err)
		}
		stubs = append(stubs, c)
	}
	if len(stubs) != 2 {
		t.Fatalf("all: got %d, want both", len(stubs))
	}
	stub := stubs[1]
	if stub.Ref != c.Ref || stub.Version != 4 || stub.State() != workflow.Answered || !stub.Items[0].Closed.Equal(noon.Add(time.Hour)) || stub.Clock.Due != c.Clock.Due {
		t.Errorf("got %#v", stub)
	}
	if err := h.Purge(ctx, c.Ref, 4); !errors.Is(err, workflow.ErrNoCase) {
		t.Errorf("twice: got %v, want ErrNoCase", err)
	}
}

func testPurgeConflicts(t *testing.T, h house) {
	c := file(t, h.Store)
	if err := h.Purge(t.Context(), c.Ref, 1); err == nil {
		t.Error("an open case was purged")
	}
	commit(t, h.Store, workflow.Step{Case: closed(c)})
	if err := h.Purge(t.Context(), c.Ref, 1); !errors.Is(err, workflow.ErrConflict) {
		t.Errorf("an older version: got %v, want ErrConflict", err)
	}
	if err := h.Purge(t.Context(), "DPO-2026-0099", 1); !errors.Is(err, workflow.ErrNoCase) {
		t.Errorf("no case: got %v, want ErrNoCase", err)
	}
	// A follow-up reopens it: nothing is ripe any more.
	c = load(t, h.Store, c.Ref)
	c.Items = append(c.Items, workflow.Item{N: 2, Kind: workflow.Erasure, State: workflow.Verifying})
	commit(t, h.Store, workflow.Step{Case: c})
	if refs := must(h.Ripe(t.Context(), day(2099, 1, 1))); len(refs) != 0 {
		t.Errorf("a case that was opened again is ripe: %v", refs)
	}
	if err := h.Commit(t.Context(), workflow.Step{Case: c}); !errors.Is(err, workflow.ErrConflict) {
		t.Errorf("got %v, want ErrConflict", err)
	}
}

// TestStubHoldsNobody plants a name in every text of a case, by reflection: a field that
// is added later is covered.
func TestStubHoldsNobody(t *testing.T) {
	var c workflow.Case
	plant(reflect.ValueOf(&c).Elem(), 0)
	full := string(must(json.Marshal(c)))
	if n := strings.Count(full, planted); n < 40 {
		t.Fatalf("planted only %d times", n)
	}
	stub := redisstore.StubOf(c)
	text := string(must(json.Marshal(stub)))
	// These are words of ours, not of a mail.
	for _, ours := range []string{"ref", "language", "kind", "right", "state", "reason", "how", "action"} {
		text = strings.ReplaceAll(text, `"`+ours+`":"`+planted+`"`, "")
	}
	if strings.Contains(text, planted) {
		t.Errorf("got %s, want no planted text", text)
	}
}

const planted = "PLANTED"

func plant(v reflect.Value, depth int) {
	if depth > 8 {
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(planted)
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() || v.Type() == reflect.TypeFor[workflow.Date]() {
			return
		}
		for i := range v.NumField() {
			plant(v.Field(i), depth+1)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		plant(v.Index(0), depth+1)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		plant(v.Elem(), depth+1)
	case reflect.Map:
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		plant(key, depth+1)
		plant(value, depth+1)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(key, value)
	}
}
