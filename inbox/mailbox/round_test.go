package mailbox

import (
	"strings"
	"testing"
	"time"

	"dpobot/inbox/mailbox/imaptest"
)

func TestLookAndRemove(t *testing.T) {
	for name, c := range map[string]struct {
		options imaptest.Options
		left    []string
	}{
		"expunged":        {imaptest.Options{}, []string{"other", "deleted by a human"}},
		"without UIDPLUS": {imaptest.Options{Without: []string{"UIDPLUS"}}, []string{"canary", "other", "deleted by a human"}},
	} {
		t.Run(name, func(t *testing.T) {
			server := startServer(t, c.options)
			deliver(t, server, "canary", "other")
			box := newMailbox(t, plainConfig(server.Addr), &reader{}, newMemory())
			if err := box.Append(t.Context(), "INBOX", mail("deleted by a human"), []string{`\Deleted`}, time.Time{}); err != nil {
				t.Fatal(err)
			}
			header, found, err := box.Look(t.Context(), "<canary@b.example>")
			if err != nil || !found || !strings.Contains(string(header), "Subject: canary") || strings.Contains(string(header), "Hei") {
				t.Errorf("Look = %q, %v, %v; want the header alone", header, found, err)
			}
			if _, found, err := box.Look(t.Context(), "<nobody@b.example>"); err != nil || found {
				t.Errorf("Look for what is not there: %v, %v", found, err)
			}
			for range 2 {
				if err := box.Remove(t.Context(), "<canary@b.example>"); err != nil {
					t.Errorf("Remove: %v", err)
				}
			}
			var left []string
			for _, m := range inbox(t, server, "INBOX") {
				left = append(left, subjectOf(m.Raw))
			}
			if strings.Join(left, ",") != strings.Join(c.left, ",") {
				t.Errorf("left are %q, want %q", left, c.left)
			}
		})
	}
}
