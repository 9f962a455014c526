package sheet

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dpobot/responders/registers"
)

func small(t *testing.T) (*Register, string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "list.csv")
	if err := os.WriteFile(file, []byte("Nro;email;note\n1;a@b.fi;old\n2;c@d.fi;\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	spec := registers.Spec{Name: "x", Identify: map[registers.Role]string{registers.Email: "email"}, Fields: []registers.Field{{Name: "email"}, {Name: "note", Change: true}}}
	r, err := Open(spec, Source{File: file, Key: "Nro"})
	if err != nil {
		t.Fatal(err)
	}
	return r, file
}

// touch writes the file as another program would, between our reading and our renaming.
func touch(t *testing.T, file, from, to string) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(strings.Replace(string(data), from, to, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestChangedUnderneath(t *testing.T) {
	r, file := small(t)
	runs := 0
	err := r.update(context.Background(), func(b book, l layout) (bool, error) {
		if runs++; runs == 1 {
			touch(t, file, "c@d.fi;", "c@d.fi;theirs")
		}
		return true, b.set(0, l.columns["note"], "ours")
	})
	if err != nil || runs != 2 {
		t.Fatalf("got %d runs, error %v, want 2", runs, err)
	}
	data, _ := os.ReadFile(file)
	if got, want := string(data), "Nro;email;note\n1;a@b.fi;ours\n2;c@d.fi;theirs\n"; got != want {
		t.Errorf("got %q, want both changes: %q", got, want)
	}
}

func TestChangedUnderneathAllTheTime(t *testing.T) {
	r, file := small(t)
	err := r.update(context.Background(), func(b book, l layout) (bool, error) {
		touch(t, file, "old", "OLD") // of the same length, and in the end nothing but a new time
		return true, b.set(1, l.columns["note"], "ours")
	})
	if !errors.Is(err, registers.ErrTemporary) {
		t.Errorf("got %v, want ErrTemporary", err)
	}
	entries, _ := os.ReadDir(filepath.Dir(file))
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), tempPrefix(file)) {
			t.Errorf("left behind: %s", e.Name())
		}
	}
}

// What a process that died has left holds personal data, and goes with the next change.
func TestSweep(t *testing.T) {
	r, file := small(t)
	left := filepath.Join(filepath.Dir(file), tempPrefix(file)+"123")
	if err := os.WriteFile(left, []byte("a@b.fi"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := r.Erase(context.Background(), []string{"1"}, registers.Plan{}, time.Now()); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(left); !os.IsNotExist(err) {
		t.Errorf("got %v, want it gone", err)
	}
}

func TestLockedBySomebody(t *testing.T) {
	r, file := small(t)
	unlock, err := lock(context.Background(), file)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Millisecond)
	defer cancel()
	if _, err := r.Erase(ctx, []string{"1"}, registers.Plan{}, time.Now()); !errors.Is(err, registers.ErrTemporary) {
		t.Errorf("got %v, want ErrTemporary", err)
	}
	unlock()
	if report, err := r.Erase(context.Background(), []string{"1"}, registers.Plan{}, time.Now()); err != nil || report.Records != 1 {
		t.Errorf("unlocked: got %d records, error %v", report.Records, err)
	}
}

// A key that has come to stand twice since the person was found names nobody.
func TestKeyThatCameTwice(t *testing.T) {
	r, file := small(t)
	touch(t, file, "\n2;", "\n1;")
	if _, err := r.Erase(context.Background(), []string{"1"}, registers.Plan{}, time.Now()); !errors.Is(err, registers.ErrPermanent) {
		t.Errorf("got %v, want ErrPermanent", err)
	}
}
