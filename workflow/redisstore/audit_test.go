package redisstore_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"dpobot/workflow"
	"dpobot/workflow/redisstore"
)

// appendEntries commits a change with n entries to the case.
func appendEntries(t *testing.T, s *redisstore.Store, ref workflow.Ref, n int) {
	t.Helper()
	c := load(t, s, ref)
	var entries []workflow.Entry
	for i := range n {
		entries = append(entries, workflow.Entry{At: noon, Event: "noted", Actor: "bot", Detail: map[string]string{"n": fmt.Sprint(i), "a": "<&>"}})
	}
	commit(t, s, workflow.Step{Case: c, Entries: entries})
}

func testChain(t *testing.T, h house) {
	if head, err := h.Head(t.Context()); head.Seq != 0 || err != nil {
		t.Fatalf("got %v (%v), want no head", head, err)
	}
	if n, err := h.Verify(t.Context()); n != 0 || err != nil {
		t.Fatalf("got %d (%v), want an empty trail that is sound", n, err)
	}
	a, b := file(t, h.Store), file(t, h.Store)
	for range 3 {
		appendEntries(t, h.Store, a.Ref, 2)
		appendEntries(t, h.process(), b.Ref, 150)
	}
	const all = 3 * 152
	if n, err := h.Verify(t.Context()); n != all || err != nil {
		t.Fatalf("got %d (%v), want %d", n, err, all)
	}
	prev, seq := "", int64(0)
	for e, err := range h.Trail(t.Context(), "") {
		if err != nil {
			t.Fatal(err)
		}
		seq++
		if hash := must(redisstore.HashOf(e)); e.Seq != seq || e.Prev != prev || e.Hash != hash {
			t.Fatalf("entry %d: got %+v, want it chained to %s with hash %s", seq, e, prev, hash)
		}
		prev = e.Hash
	}
	if head := must(h.Head(t.Context())); seq != all || head.Seq != all || head.Hash != prev {
		t.Errorf("got %d entries and head %v, want it at the last one", seq, head)
	}
	for _, row := range []struct {
		head string
		want bool
	}{{"", true}, {fmt.Sprintf("%d:%s", all, prev), true}, {fmt.Sprintf("%d:%s", all-1, prev), false}, {fmt.Sprintf("%d:%s", all+1, prev), false}} {
		if got, err := h.Contains(t.Context(), must(redisstore.ParseHead(row.head))); got != row.want || err != nil {
			t.Errorf("contains %q: got %v (%v), want %v", row.head, got, err, row.want)
		}
	}
	for ref, want := range map[workflow.Ref]int{a.Ref: 6, b.Ref: 450, "DPO-2026-0099": 0} {
		got := 0
		for e, err := range h.Trail(t.Context(), ref) {
			if err != nil || e.Ref != ref {
				t.Fatalf("trail of %s: got an entry of %s (%v)", ref, e.Ref, err)
			}
			got++
		}
		if got != want {
			t.Errorf("trail of %s: got %d entries, want %d", ref, got, want)
		}
	}
}

func testChainOfSeveral(t *testing.T, h house) {
	const processes, each = 4, 25
	var refs []workflow.Ref
	for range processes {
		refs = append(refs, file(t, h.Store).Ref)
	}
	var group sync.WaitGroup
	for _, ref := range refs {
		group.Go(func() {
			s := h.process()
			for range each {
				c, err := s.Load(t.Context(), ref)
				if err == nil {
					err = s.Commit(t.Context(), workflow.Step{Case: c, Entries: []workflow.Entry{{At: noon, Event: "noted"}}})
				}
				if err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	group.Wait()
	if n, err := h.Verify(t.Context()); n != processes*each || err != nil {
		t.Errorf("got %d (%v), want %d", n, err, processes*each)
	}
}

// tampering is what somebody with the database does to a trail of ten entries.
var tampering = []struct {
	name string
	do   func(t *testing.T, h house, trail []redis.XMessage)
	seq  int64
	what string
}{
	{"changed", func(t *testing.T, h house, trail []redis.XMessage) {
		trail[3].Values["e"] = strings.Replace(trail[3].Values["e"].(string), "noted", "nodded", 1)
		rewrite(t, h, trail)
	}, 4, "changed"},
	{"changed together with its hash", func(t *testing.T, h house, trail []redis.XMessage) {
		forge(t, trail[3])
		rewrite(t, h, trail)
	}, 4, "changed together with its hash"},
	{"changed last, together with its hash", func(t *testing.T, h house, trail []redis.XMessage) {
		forge(t, trail[9])
		rewrite(t, h, trail)
	}, 10, "head"},
	{"removed", func(t *testing.T, h house, trail []redis.XMessage) {
		rewrite(t, h, append(trail[:4:4], trail[5:]...))
	}, 5, "missing"},
	{"removed first", func(t *testing.T, h house, trail []redis.XMessage) {
		rewrite(t, h, trail[1:])
	}, 1, "missing"},
	{"removed, the rest moved up", func(t *testing.T, h house, trail []redis.XMessage) {
		rest := append(trail[:4:4], trail[5:]...)
		for i := range rest {
			rest[i].ID = fmt.Sprintf("%d-0", i+1)
		}
		rewrite(t, h, rest)
	}, 5, "entry 6 stands in its place"},
	{"exchanged", func(t *testing.T, h house, trail []redis.XMessage) {
		trail[2].Values, trail[6].Values = trail[6].Values, trail[2].Values
		rewrite(t, h, trail)
	}, 3, "entry 7 stands in its place"},
	{"inserted", func(t *testing.T, h house, trail []redis.XMessage) {
		more := redis.XMessage{ID: "3-1", Values: trail[2].Values}
		rewrite(t, h, append(append(trail[:3:3], more), trail[3:]...))
	}, 4, "inserted"},
	{"cut off", func(t *testing.T, h house, trail []redis.XMessage) {
		rewrite(t, h, trail[:7])
	}, 8, "cut off"},
	{"all gone", func(t *testing.T, h house, trail []redis.XMessage) {
		rewrite(t, h, nil)
	}, 1, "cut off"},
	{"the head gone", func(t *testing.T, h house, trail []redis.XMessage) {
		if err := h.rdb.Del(t.Context(), h.key("audit:head")).Err(); err != nil {
			t.Fatal(err)
		}
	}, 10, "head"},
	{"not readable", func(t *testing.T, h house, trail []redis.XMessage) {
		trail[5].Values = map[string]any{"x": "y"}
		rewrite(t, h, trail)
	}, 6, "changed"},
}

// forge changes an entry as somebody does who knows how it is hashed.
func forge(t *testing.T, m redis.XMessage) {
	t.Helper()
	m.Values["e"] = strings.Replace(m.Values["e"].(string), "noted", "nodded", 1)
	e := entryOf(t, m)
	hash := must(redisstore.HashOf(e))
	m.Values["h"] = fromHex(hash)
}

// rewrite puts another trail in place of the stored one.
func rewrite(t *testing.T, h house, trail []redis.XMessage) {
	t.Helper()
	if err := h.rdb.Del(t.Context(), h.key("audit")).Err(); err != nil {
		t.Fatal(err)
	}
	for _, m := range trail {
		if err := h.rdb.XAdd(t.Context(), &redis.XAddArgs{Stream: h.key("audit"), ID: m.ID, Values: m.Values}).Err(); err != nil {
			t.Fatal(err)
		}
	}
}

func testTamperedChain(t *testing.T, h house) {
	c := file(t, h.Store)
	appendEntries(t, h.Store, c.Ref, 10)
	sound := must(h.rdb.XRange(t.Context(), h.key("audit"), "-", "+").Result())
	head := must(h.rdb.Get(t.Context(), h.key("audit:head")).Result())
	for _, row := range tampering {
		trail := must(h.rdb.XRange(t.Context(), h.key("audit"), "-", "+").Result())
		row.do(t, h, trail)
		_, err := h.Verify(t.Context())
		var broken *redisstore.Broken
		if !errors.As(err, &broken) || broken.Seq != row.seq || !strings.Contains(broken.What, row.what) {
			t.Errorf("%s: got %v, want entry %d and %q", row.name, err, row.seq, row.what)
		}
		rewrite(t, h, sound)
		if err := h.rdb.Set(t.Context(), h.key("audit:head"), head, 0).Err(); err != nil {
			t.Fatal(err)
		}
		if n, err := h.Verify(t.Context()); n != 10 || err != nil {
			t.Fatalf("after %s: got %d (%v), want the sound trail back", row.name, n, err)
		}
	}
}

func TestHashOfIsOfTheJSONWithoutIt(t *testing.T) {
	e := workflow.Entry{
		Seq: 7, At: time.Date(2026, 3, 5, 12, 0, 0, 5e6, time.UTC), Ref: "DPO-2026-0001", Event: "verified",
		Actor: "handler-1", Detail: map[string]string{"b": "<&>", "a": "ä"}, Prev: "00ff",
	}
	// printf '%s' '{"seq":7,...}' | sha256sum, of the JSON in the comment of HashOf.
	const want = "6796d77bdcdfcf9befd3bd760026978292a1b9f68b4c64b69562804efc7e05be"
	if got := must(redisstore.HashOf(e)); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
