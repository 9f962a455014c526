package seal_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"dpobot/workflow/redisstore/seal"
)

var here = seal.Place{Mailbox: "privacy@company.example", Ref: "DPO-2026-0001", Field: "case", Version: 3}

// keyFile makes a key file of its own.
func keyFile(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "dpobot.keys")
	if err := seal.Create(path); err != nil {
		t.Fatal(err)
	}
	return path
}

func open(t *testing.T, path string) *seal.Keys {
	t.Helper()
	keys, err := seal.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

func sealed(t *testing.T, keys *seal.Keys, text string) seal.Box {
	t.Helper()
	box, err := keys.Seal(here, []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return box
}

func opens(t *testing.T, keys *seal.Keys, box seal.Box, want string) {
	t.Helper()
	got, err := keys.Open(here, box)
	if err != nil || string(got) != want {
		t.Errorf("got %q (%v), want %q", got, err, want)
	}
}

func TestBoxOpensInItsPlaceAlone(t *testing.T) {
	keys := open(t, keyFile(t))
	box := sealed(t, keys, "Matti")
	opens(t, keys, box, "Matti")
	if bytes.Contains(box.Body, []byte("Matti")) {
		t.Error("the body shows what was sealed")
	}
	place := func(change func(*seal.Place)) seal.Place {
		p := here
		change(&p)
		return p
	}
	for name, elsewhere := range map[string]seal.Place{
		"mailbox":         place(func(p *seal.Place) { p.Mailbox = "other@company.example" }),
		"case":            place(func(p *seal.Place) { p.Ref = "DPO-2026-0002" }),
		"field":           place(func(p *seal.Place) { p.Field = "note" }),
		"version":         place(func(p *seal.Place) { p.Version = 2 }),
		"shifted borders": place(func(p *seal.Place) { p.Mailbox, p.Ref = p.Mailbox+p.Ref[:1], p.Ref[1:] }),
	} {
		if _, err := keys.Open(elsewhere, box); !errors.Is(err, seal.ErrUnreadable) {
			t.Errorf("another %s: got %v, want ErrUnreadable", name, err)
		}
	}
	for i := range box.Body {
		bad := seal.Box{Key: box.Key, Body: bytes.Clone(box.Body)}
		bad.Body[i] ^= 1
		if _, err := keys.Open(here, bad); !errors.Is(err, seal.ErrUnreadable) {
			t.Fatalf("byte %d changed: got %v, want ErrUnreadable", i, err)
		}
	}
	if twice := sealed(t, keys, "Matti"); bytes.Equal(twice.Body, box.Body) || bytes.Equal(twice.Key, box.Key) {
		t.Error("the same text was sealed the same way twice")
	}
}

func TestRotation(t *testing.T) {
	path := keyFile(t)
	running, old := open(t, path), open(t, path)
	before := sealed(t, old, "before")
	stamp, hash := running.Stamp(), running.Hash("address", "matti@person.example")
	if err := seal.Rotate(path); err != nil {
		t.Fatal(err)
	}

	after := sealed(t, running, "after") // notices by itself
	opens(t, running, before, "before")
	opens(t, old, after, "after") // sees a key that it does not know, and looks
	if !bytes.Equal(running.Stamp(), stamp) || running.Hash("address", "matti@person.example") != hash {
		t.Error("rotation changed a stamp or a look-up")
	}
	if _, again, err := running.Rewrap(here, after.Key); again || err != nil {
		t.Errorf("rewrap of a new key: got %v (%v), want nothing to do", again, err)
	}
	key, again, err := running.Rewrap(here, before.Key)
	if !again || err != nil {
		t.Fatalf("rewrap of an old key: got %v (%v), want it wrapped anew", again, err)
	}
	if n, err := seal.Retire(path); n != 1 || err != nil {
		t.Fatalf("retire: got %d (%v), want 1", n, err)
	}
	later := open(t, path)
	opens(t, later, seal.Box{Key: key, Body: before.Body}, "before")
	if _, err := later.Open(here, before); !errors.Is(err, seal.ErrUnknownKey) {
		t.Errorf("the old wrapping: got %v, want ErrUnknownKey", err)
	}
	if _, _, err := running.Rewrap(seal.Place{Mailbox: here.Mailbox, Ref: "DPO-2026-0002"}, before.Key); err == nil {
		t.Error("a key was rewrapped for another case")
	}
}

func TestRotationsAtOnceLoseNoKey(t *testing.T) {
	path := keyFile(t)
	keys := open(t, path)
	var boxes []seal.Box
	for range 3 {
		var both sync.WaitGroup
		for range 2 {
			both.Go(func() {
				if err := seal.Rotate(path); err != nil {
					t.Error(err)
				}
			})
		}
		both.Wait()
		boxes = append(boxes, sealed(t, keys, "text"))
	}
	fresh := open(t, path)
	for _, box := range boxes {
		opens(t, fresh, box, "text")
	}
	if n, err := seal.Retire(path); n != 6 || err != nil {
		t.Errorf("got %d retired (%v), want all 6 older keys", n, err)
	}
}

func TestKeyFile(t *testing.T) {
	path := keyFile(t)
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("got %v (%v), want mode 0600", info.Mode(), err)
	}
	if err := seal.Create(path); !errors.Is(err, seal.ErrExists) {
		t.Errorf("create again: got %v, want ErrExists", err)
	}
	if again, _ := os.ReadFile(path); !bytes.Equal(again, content) {
		t.Error("the key file was overwritten")
	}
	other := t.TempDir()
	for _, row := range []struct {
		name    string
		content []byte
		mode    os.FileMode
		want    error
		mend    string
	}{
		{"readable for the group", content, 0o640, seal.ErrExposed, "chmod 600"},
		{"readable for all", content, 0o604, seal.ErrExposed, "chmod 600"},
		{"writable for the group", content, 0o620, seal.ErrExposed, "chmod 600"},
		{"read-only", content, 0o400, nil, ""},
		{"empty", nil, 0o600, seal.ErrDamaged, "backup"},
		{"cut short", content[:len(content)/2], 0o600, seal.ErrDamaged, "backup"},
		{"of a later version", bytes.Replace(content, []byte(`"version": 1`), []byte(`"version": 2`), 1), 0o600, seal.ErrDamaged, "backup"},
		{"without look-ups", bytes.Replace(content, []byte(`"lookup"`), []byte(`"else"`), 1), 0o600, seal.ErrDamaged, "backup"},
		{"keysets exchanged", exchanged(content), 0o600, seal.ErrDamaged, "backup"},
	} {
		file := filepath.Join(other, row.name)
		if err := os.WriteFile(file, row.content, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(file, row.mode); err != nil {
			t.Fatal(err)
		}
		_, err := seal.Open(file)
		if !errors.Is(err, row.want) || err != nil && !strings.Contains(err.Error(), row.mend) {
			t.Errorf("%s: got %v, want %v", row.name, err, row.want)
		}
	}
	if _, err := seal.Open(filepath.Join(other, "none")); !errors.Is(err, seal.ErrMissing) || !strings.Contains(err.Error(), "keys create") {
		t.Errorf("missing: got %v, want ErrMissing", err)
	}
	if left, err := filepath.Glob(filepath.Join(filepath.Dir(path), ".*")); len(left) != 0 {
		t.Errorf("left behind: %v (%v)", left, err)
	}
}

// exchanged has each keyset in the other's place.
func exchanged(content []byte) []byte {
	return []byte(strings.NewReplacer(`"wrap"`, `"lookup"`, `"lookup"`, `"wrap"`).Replace(string(content)))
}

// A credential of systemd shows as group-readable, in a directory that is closed.
func TestCredentialsDirectory(t *testing.T) {
	path := keyFile(t)
	if err := os.Chmod(path, 0o440); err != nil {
		t.Fatal(err)
	}
	if _, err := seal.Open(path); !errors.Is(err, seal.ErrExposed) {
		t.Errorf("elsewhere: got %v, want ErrExposed", err)
	}
	t.Setenv("CREDENTIALS_DIRECTORY", filepath.Dir(path))
	if _, err := seal.Open(path); err != nil {
		t.Errorf("credential: got %v", err)
	}
	if err := os.Chmod(path, 0o444); err != nil {
		t.Fatal(err)
	}
	if _, err := seal.Open(path); !errors.Is(err, seal.ErrExposed) {
		t.Errorf("readable for all: got %v, want ErrExposed", err)
	}
}

func TestRunningKeysSurviveTheirFile(t *testing.T) {
	path := keyFile(t)
	keys := open(t, path)
	box := sealed(t, keys, "text")
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	replace := func(content []byte) {
		t.Helper()
		if err := errors.Join(os.WriteFile(path+"~", content, 0o600), os.Rename(path+"~", path)); err != nil {
			t.Fatal(err)
		}
	}
	stranger, err := os.ReadFile(keyFile(t))
	if err != nil {
		t.Fatal(err)
	}

	// What is sealed still opens; what would be sealed now could be lost for good.
	refuses := func(name string, want error) {
		t.Helper()
		opens(t, keys, box, "text")
		if _, err := keys.Seal(here, nil); !errors.Is(err, want) {
			t.Errorf("%s: seal: got %v, want %v", name, err, want)
		}
		if _, _, err := keys.Rewrap(here, box.Key); !errors.Is(err, want) {
			t.Errorf("%s: rewrap: got %v, want %v", name, err, want)
		}
		if err := keys.Fresh(); !errors.Is(err, want) {
			t.Errorf("%s: got %v, want %v", name, err, want)
		}
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	refuses("removed", seal.ErrMissing)
	replace([]byte("{}"))
	refuses("damaged", seal.ErrDamaged)
	replace(stranger)
	refuses("another database's", seal.ErrUnknownKey)
	replace(content)
	if err := keys.Fresh(); err != nil {
		t.Errorf("back again: got %v", err)
	}
	opens(t, keys, sealed(t, keys, "more"), "more")
}

func TestLabelsAreApart(t *testing.T) {
	keys, err := seal.Ephemeral()
	if err != nil {
		t.Fatal(err)
	}
	a := keys.Hash("address", "x")
	if len(a) != 22 || a != keys.Hash("address", "x") {
		t.Errorf("got %q, want 22 characters, the same each time", a)
	}
	for name, other := range map[string]string{
		"label": keys.Hash("message", "x"), "value": keys.Hash("address", "y"), "border": keys.Hash("addressx", ""),
	} {
		if other == a {
			t.Errorf("another %s has the same hash", name)
		}
	}
	if bytes.Equal(keys.Derive("a"), keys.Derive("b")) || len(keys.Stamp()) != 32 {
		t.Error("derived keys are not apart, or not 256 bits")
	}
}

func FuzzOpen(f *testing.F) {
	keys, err := seal.Ephemeral()
	if err != nil {
		f.Fatal(err)
	}
	box, err := keys.Seal(here, []byte("text"))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(box.Key, box.Body)
	f.Add([]byte{}, []byte{})
	f.Add(box.Key[:5], box.Body)
	f.Add(box.Key, box.Body[:24])
	f.Fuzz(func(t *testing.T, key, body []byte) {
		text, err := keys.Open(here, seal.Box{Key: key, Body: body})
		if err == nil && string(text) != "text" {
			t.Errorf("got %q from a forged box", text)
		}
		if err != nil && !errors.Is(err, seal.ErrUnreadable) && !errors.Is(err, seal.ErrUnknownKey) {
			t.Errorf("got %v", err)
		}
		if again, ok, _ := keys.Rewrap(here, key); ok {
			t.Errorf("a forged key was wrapped anew: %x", again)
		}
	})
}

func BenchmarkSealAndOpen(b *testing.B) {
	keys, err := seal.Ephemeral()
	if err != nil {
		b.Fatal(err)
	}
	text := make([]byte, 1000)
	for b.Loop() {
		box, err := keys.Seal(here, text)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := keys.Open(here, box); err != nil {
			b.Fatal(err)
		}
	}
}
