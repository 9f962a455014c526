package mailbox

import (
	"slices"
	"testing"
	"time"

	"dpobot/inbox/mailbox/imaptest"
)

func TestTurnHandsOverFlagsAndRemembers(t *testing.T) {
	server := startServer(t, imaptest.Options{})
	deliver(t, server, "one", "two", "three")
	r := &reader{decide: func(subject string, _ Message) (Outcome, error) {
		if subject == "two" {
			return Left, nil
		}
		return Handled, nil
	}}
	memory := newMemory()
	box := newMailbox(t, plainConfig(server.Addr), r, memory)

	report := turnOnce(t, box)
	if report.Handled != 2 || report.Left != 1 {
		t.Errorf("report = %+v, want 2 handled and 1 left", report)
	}
	if got, want := r.subjects(), []string{"one", "two", "three"}; !slices.Equal(got, want) {
		t.Errorf("read %q, want %q", got, want)
	}
	for _, m := range inbox(t, server, "INBOX") {
		if got, want := m.Has("$dpobot"), m.UID != 2; got != want {
			t.Errorf("mail %d flagged = %v, want %v", m.UID, got, want)
		}
		if m.Has(`\Seen`) {
			t.Errorf("mail %d is marked as read", m.UID)
		}
	}
	if state := memory.remembered(); state.Done != 3 || state.Hand != 0 || state.Polled.IsZero() {
		t.Errorf("remembered %+v, want done 3, nothing in hand, a time", state)
	}

	deliver(t, server, "four")
	turnOnce(t, box)
	if got := r.subjects(); len(got) != 4 || got[3] != "four" {
		t.Errorf("after the second turn %q was read, want one more, four", got)
	}
	restarted := newMailbox(t, plainConfig(server.Addr), r, memory)
	turnOnce(t, restarted)
	if got := r.subjects(); len(got) != 4 {
		t.Errorf("after a restart %q was read, want nothing more", got)
	}
}

func TestAppendAndFindInSent(t *testing.T) {
	server := startServer(t, imaptest.Options{})
	box := newMailbox(t, plainConfig(server.Addr), &reader{}, newMemory())
	for _, folder := range []string{"", "Kept/New"} {
		if err := box.Append(t.Context(), folder, mail("copy"), []string{`\Seen`}, time.Time{}); err != nil {
			t.Fatalf("Append to %q: %v", folder, err)
		}
	}
	if got := inbox(t, server, "Kept/New"); len(got) != 1 {
		t.Errorf("%d mails in the new folder, want 1", len(got))
	}
	sent := inbox(t, server, "Sent")
	if len(sent) != 1 || !sent[0].Has(`\Seen`) {
		t.Fatalf("Sent holds %+v, want one mail, seen", sent)
	}
	for id, want := range map[string]bool{"<copy@b.example>": true, "<other@b.example>": false} {
		got, err := box.FindInSent(t.Context(), id)
		if err != nil || got != want {
			t.Errorf("FindInSent(%s) = %v, %v, want %v", id, got, err, want)
		}
	}
}
