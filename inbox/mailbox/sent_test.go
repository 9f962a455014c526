package mailbox

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"dpobot/inbox/mailbox/imaptest"
)

func TestAppendAndFindInSent(t *testing.T) {
	server := startServer(t, imaptest.Options{})
	box := newMailbox(t, plainConfig(server.Addr), &reader{}, newMemory())
	at := time.Date(2026, 3, 5, 9, 0, 0, 0, time.UTC)
	for _, folder := range []string{"", "Kept/New"} {
		if err := box.Append(t.Context(), folder, mail("copy"), []string{`\Seen`}, at); err != nil {
			t.Fatalf("Append to %q: %v", folder, err)
		}
	}
	if got := inbox(t, server, "Kept/New"); len(got) != 1 {
		t.Errorf("%d mails in the new folder, want 1", len(got))
	}
	sent := inbox(t, server, "Sent")
	if len(sent) != 1 || !sent[0].Has(`\Seen`) || !sent[0].InternalDate.Equal(at) || !bytes.Equal(sent[0].Raw, mail("copy")) {
		t.Fatalf("Sent holds %+v, want the one mail, seen, of %v", sent, at)
	}
	for id, want := range map[string]bool{"<copy@b.example>": true, "<other@b.example>": false} {
		got, err := box.FindInSent(t.Context(), id)
		if err != nil || got != want {
			t.Errorf("FindInSent(%s) = %v, %v, want %v", id, got, err, want)
		}
	}
	if got := server.Count("LOGIN"); got != 3 { // and two by inbox
		t.Errorf("%d logins, want one for everything", got-2)
	}
}

// Copies are kept while the other connection waits in IDLE, and many at once wait for each other.
func TestAppendWhileWatching(t *testing.T) {
	server := startServer(t, imaptest.Options{})
	config := plainConfig(server.Addr)
	config.Poll = time.Hour
	box := newMailbox(t, config, &reader{}, newMemory())
	running(t, box)
	const n = 20
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			if err := box.Append(t.Context(), "", mail(fmt.Sprint(i)), nil, time.Time{}); err != nil {
				t.Errorf("Append: %v", err)
			}
		})
	}
	all.Wait()
	if got := len(inbox(t, server, "Sent")); got != n {
		t.Errorf("%d copies, want %d", got, n)
	}
}

// The connection may have gone while nobody used it.
func TestAppendAfterAPause(t *testing.T) {
	server := startServer(t, imaptest.Options{})
	box, clock := hurried(t, server.Addr, &reader{}, newMemory())
	for i := range 2 {
		if err := box.Append(t.Context(), "", mail(fmt.Sprint(i)), nil, time.Time{}); err != nil {
			t.Fatalf("Append %d: %v", i, err)
		}
		server.DropConnections()
		clock.pass(time.Hour)
	}
	if got := len(inbox(t, server, "Sent")); got != 2 {
		t.Errorf("%d copies, want 2", got)
	}
}

// A server that falls silent in the middle costs bounded time, and the next call connects anew.
func TestAppendToASilentServer(t *testing.T) {
	server := startServer(t, imaptest.Options{})
	proxy := startProxy(t, server.Addr)
	box, _ := hurried(t, proxy.Addr, &reader{}, newMemory())
	box.limits.append, box.limits.command, box.limits.dial = 100*time.Millisecond, 100*time.Millisecond, 5*time.Second
	if err := box.Append(t.Context(), "", mail("one"), nil, time.Time{}); err != nil {
		t.Fatal(err)
	}
	proxy.Swallow()
	if err := box.Append(t.Context(), "", bytes.Repeat(mail("two"), 100), nil, time.Time{}); !errors.Is(err, ErrSilent) {
		t.Errorf("Append to a silent server: %v, want %v", err, ErrSilent)
	}
	proxy.Pass()
	box.limits = defaultLimits()
	if err := box.Append(t.Context(), "", bytes.Repeat(mail("three"), 100), nil, time.Time{}); err != nil {
		t.Errorf("Append once it answers: %v", err)
	}
	done, cancel := context.WithCancel(t.Context())
	cancel()
	if err := box.Append(done, "", mail("four"), nil, time.Time{}); err == nil {
		t.Error("Append after its context ended: no error")
	}
}
