package redisstore_test

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"dpobot/workflow"
	"dpobot/workflow/redisstore"
	"dpobot/workflow/redisstore/managed"
	"dpobot/workflow/redisstore/seal"
	"dpobot/workflow/redisstore/storetest"
)

// secrets are what no dump may show.
var secrets = []string{
	"Meikäläinen", "matti", "person.example", "123 4567", "Tietopyyntö", "mitä tietoja", "uusi.example",
	"Uusikatu", "salasana", "virtanen", "Testinen",
}

// plantedStep is a case with personal data wherever it can stand, and the step that files it.
func plantedStep(ref workflow.Ref) workflow.Step {
	c := plea(ref)
	c.SendTo = "matti@uusi.example"
	c.Passphrase = "salasana salasana"
	c.Items[0].Fields = []workflow.FieldChange{{Field: "address", Old: "Vanhakatu 1", New: "Uusikatu 2"}}
	c.Notes = []workflow.Note{{At: noon, By: "virtanen@company.example", Text: "Testinen soitti"}}
	c.Tasks[0].To = "matti@person.example"
	c.Found = []workflow.Found{{Register: "customers", Key: "Testinen-7", Address: "matti@person.example"}}
	return workflow.Step{
		Case:       c,
		Identities: []string{"matti@person.example 7"},
		MessageIDs: []string{"plea@person.example"},
		Entries:    []workflow.Entry{{At: noon, Event: "opened"}},
	}
}

func testSealed(t *testing.T, h house) {
	ctx := t.Context()
	ref := newRef(t, h.Store)
	commit(t, h.Store, plantedStep(ref))
	must(h.Allow(ctx, "acknowledge matti@person.example", 3, time.Hour, noon))
	if err := h.AddTombstone(ctx, "matti@person.example", []string{"customers"}, noon); err != nil {
		t.Fatal(err)
	}
	for key, value := range must(dump(ctx, h.rdb)) {
		for _, secret := range secrets {
			if strings.Contains(key+value, secret) {
				t.Errorf("%s shows %q", key, secret)
			}
		}
		// Nothing that belongs to a case goes by itself.
		if ttl := h.rdb.TTL(ctx, key).Val(); ttl != -1 && !strings.Contains(key, ":allowed:") && !strings.Contains(key, ":lease:") {
			t.Errorf("%s ends in %s", key, ttl)
		}
	}
}

func testAnothersPlace(t *testing.T, h house) {
	ctx := t.Context()
	a, b := file(t, h.Store), file(t, h.Store)
	commit(t, h.Store, workflow.Step{Case: b})
	key := func(c workflow.Case) string { return h.key("case:" + string(c.Ref)) }
	was := must(h.rdb.HGetAll(ctx, key(a)).Result())
	other := must(h.rdb.HGetAll(ctx, key(b)).Result())
	for _, row := range []struct {
		name string
		put  map[string]any
	}{
		{"the whole of another case", map[string]any{"v": other["v"], "k": other["k"], "b": other["b"]}},
		{"another's key", map[string]any{"k": other["k"]}},
		{"another's body", map[string]any{"b": other["b"]}},
		{"another version", map[string]any{"v": "2"}},
		{"a changed body", map[string]any{"b": was["b"][:40] + "x" + was["b"][41:]}},
		{"a body cut short", map[string]any{"b": was["b"][:10]}},
		{"no key", map[string]any{"k": ""}},
	} {
		if err := h.rdb.HSet(ctx, key(a), row.put).Err(); err != nil {
			t.Fatal(err)
		}
		if _, err := h.Load(ctx, a.Ref); !errors.Is(err, seal.ErrUnreadable) {
			t.Errorf("%s: got %v, want ErrUnreadable", row.name, err)
		}
		if err := h.rdb.HSet(ctx, key(a), was).Err(); err != nil {
			t.Fatal(err)
		}
	}
	load(t, h.Store, a.Ref)

	elsewhere := redisstore.New(h.rdb, h.mailbox, must(seal.Ephemeral()))
	if _, err := elsewhere.Load(ctx, a.Ref); !errors.Is(err, seal.ErrUnknownKey) {
		t.Errorf("other keys: got %v, want ErrUnknownKey", err)
	}
}

func testRotation(t *testing.T, h house) {
	ctx := t.Context()
	path := filepath.Join(t.TempDir(), "dpobot.keys")
	if err := seal.Create(path); err != nil {
		t.Fatal(err)
	}
	bot := redisstore.New(h.rdb, h.mailbox, must(seal.Open(path)))
	var refs []workflow.Ref
	for range 250 {
		refs = append(refs, file(t, bot).Ref)
	}
	commit(t, bot, workflow.Step{Case: load(t, bot, workflow.Desk)})
	commit(t, bot, workflow.Step{Case: closed(load(t, bot, refs[3]))})
	if err := bot.Purge(ctx, refs[3], 2); err != nil {
		t.Fatal(err)
	}
	if err := seal.Rotate(path); err != nil {
		t.Fatal(err)
	}

	// The bot works on, and a second process rewraps beside it.
	var work sync.WaitGroup
	work.Go(func() {
		for _, ref := range refs[10:60] {
			c, err := bot.Load(ctx, ref)
			if err == nil {
				err = bot.Commit(ctx, workflow.Step{Case: c})
			}
			if err != nil {
				t.Error(err)
			}
		}
	})
	operator := redisstore.New(h.rdb, h.mailbox, must(seal.Open(path)))
	n, err := operator.Rewrap(ctx)
	work.Wait()
	if err != nil || n < 200 || n > 250 {
		t.Errorf("got %d rewrapped (%v), want the desk and all 249 living cases but those that were changed first", n, err)
	}
	if n, err := bot.Rewrap(ctx); n != 0 || err != nil {
		t.Errorf("again: got %d (%v), want none", n, err)
	}

	// The old key can go, and all opens still.
	if n, err := seal.Retire(path); n != 1 || err != nil {
		t.Fatalf("got %d keys retired (%v), want 1", n, err)
	}
	fresh := redisstore.New(h.rdb, h.mailbox, must(seal.Open(path)))
	for i, ref := range refs {
		if _, err := fresh.Load(ctx, ref); err != nil && i != 3 {
			t.Fatal(err)
		}
	}
	if refs := must(fresh.ByAddress(ctx, "matti@person.example")); len(refs) != 249 {
		t.Errorf("by address: got %d, want 249: look-ups must outlive rotation", len(refs))
	}
}

// TestDumpShowsNobody looks for planted data in all that a real server writes to disk,
// and for a destroyed data key after the log was rewritten.
func TestDumpShowsNobody(t *testing.T) {
	dir := t.TempDir()
	server, err := managed.Start(t.Context(), managed.Options{Dir: dir})
	if errors.Is(err, managed.ErrNoServer) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	h := houseOn(t, server, "privacy@company.example")
	ref := newRef(t, h.Store)
	commit(t, h.Store, plantedStep(ref))
	must(h.Allow(t.Context(), "acknowledge matti@person.example", 3, time.Hour, noon))
	if err := h.rdb.Save(t.Context()).Err(); err != nil {
		t.Fatal(err)
	}
	c := load(t, h.Store, ref)
	for _, secret := range secrets {
		if file := fileWith(t, dir, secret); file != "" {
			t.Errorf("%s shows %q", file, secret)
		}
	}
	if file := fileWith(t, dir, string(ref)); file == "" {
		t.Fatal("the case is in no file: the test looks at the wrong place")
	}

	commit(t, h.Store, workflow.Step{Case: closed(c)})
	wrapped := must(h.rdb.HGet(t.Context(), h.key("case:"+string(ref)), "k").Result())
	if fileWith(t, dir, wrapped) == "" {
		t.Fatal("the data key is in no file: the test looks at the wrong place")
	}
	if err := h.Purge(t.Context(), ref, 2); err != nil {
		t.Fatal(err)
	}
	if err := h.Compact(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(filepath.Join(dir, "dump.rdb")); err != nil { // by our SAVE; it writes none by itself
		t.Fatal(err)
	}
	if file := fileWith(t, dir, wrapped); file != "" {
		t.Errorf("%s still holds the destroyed data key", file)
	}
	if faults := h.Check(t.Context()); len(faults) != 0 {
		t.Errorf("check: got %v, want nothing", faults)
	}
}

// fileWith names a file under dir that holds text.
func fileWith(t *testing.T, dir, text string) (found string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return nil // files come and go while the server rewrites
		}
		if content, err := os.ReadFile(path); err == nil && bytes.Contains(content, []byte(text)) {
			found = path
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestCompactWhereTheServerCannot(t *testing.T) {
	m := storetest.Mini(t)
	if err := m.Compact(t.Context()); !errors.Is(err, redisstore.ErrCannotCompact) {
		t.Errorf("got %v, want ErrCannotCompact", err)
	}
}

func TestCheckTellsThatNobodyAnswers(t *testing.T) {
	m := storetest.Mini(t)
	if faults := m.Check(t.Context()); len(faults) != 0 {
		t.Errorf("got %v, want nothing", faults)
	}
	m.Server.Close()
	faults := m.Check(t.Context())
	if len(faults) != 1 || !strings.Contains(faults[0].What, "does not answer") {
		t.Errorf("got %v, want that nobody answers", faults)
	}
}
