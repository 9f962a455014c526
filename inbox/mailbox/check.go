package mailbox

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/emersion/go-imap/v2"
)

// Grade says how bad a Finding is.
type Grade string

const (
	// Fine is as it should be.
	Fine Grade = "fine"
	// Warning works, with something missing.
	Warning Grade = "warning"
	// Fault does not work.
	Fault Grade = "fault"
)

// Finding is one thing that Check looked at.
type Finding struct {
	Grade Grade
	// What was found, and how to Mend it, in plain words; Mend is empty where all is fine.
	What, Mend string
	// Err is the cause of a Fault, for errors.Is with this package's errors.
	Err error
}

// Check logs in, looks at the folders and says what is well and what is wrong. It changes
// nothing, reads no mail, and needs no lease.
func (m *Mailbox) Check(ctx context.Context) []Finding {
	s, err := m.dial(ctx, func() {})
	if err != nil {
		return []Finding{m.fault(err)}
	}
	defer s.bye(ctx)
	findings := []Finding{{Grade: Fine, What: fmt.Sprintf("logged in at %s (%s)", m.config.Address, m.config.TLS)}}
	// For writing, since servers state no PERMANENTFLAGS for a folder that is opened read-only.
	if err := s.openFolder(ctx, m.config.Folder, false); err != nil {
		return append(findings, m.fault(err))
	}
	findings = append(findings, m.checkKeyword(s), m.checkIdle(s))
	if m.config.MoveTo != "" {
		findings = append(findings, m.checkMove(ctx, s))
	}
	findings = append(findings, m.checkSent(ctx, s))
	return append(findings, m.checkWaiting(ctx, s))
}

func (m *Mailbox) checkIdle(s *session) Finding {
	if s.idles() {
		return Finding{Grade: Fine, What: "the server announces new mail (IDLE)"}
	}
	return Finding{
		Grade: Warning, What: fmt.Sprintf("the server does not announce new mail; it is noticed within %s", m.config.Poll),
		Mend: "set a shorter poll if answers should come sooner",
	}
}

func (m *Mailbox) checkKeyword(s *session) Finding {
	if s.keeps(m.config.Keyword) {
		return Finding{Grade: Fine, What: fmt.Sprintf("handled mails can be flagged %s", m.config.Keyword)}
	}
	return Finding{
		Grade: Warning,
		What:  fmt.Sprintf("the folder keeps no keyword of ours, so handled mails cannot be flagged %s", m.config.Keyword),
		Mend:  "nothing needs to be done; to see what was handled, set a folder to move mails to",
	}
}

func (m *Mailbox) checkMove(ctx context.Context, s *session) Finding {
	if !s.caps.Has(imap.CapMove) {
		return Finding{
			Grade: Warning, What: "the server cannot move mails (no MOVE); handled mails stay in place",
			Mend: "leave the folder to move to out of the configuration",
		}
	}
	return m.checkFolder(ctx, s, m.config.MoveTo, "handled mails are moved to")
}

func (m *Mailbox) checkSent(ctx context.Context, s *session) Finding {
	folder, err := m.named(ctx, s, "")
	if err != nil {
		return m.fault(err)
	}
	return m.checkFolder(ctx, s, folder, "copies of sent mails are kept in")
}

func (m *Mailbox) checkFolder(ctx context.Context, s *session, folder, use string) Finding {
	found, err := s.list(ctx, folder)
	switch {
	case err != nil:
		return m.fault(err)
	case len(found) == 0:
		return Finding{
			Grade: Warning, What: fmt.Sprintf("%s %q, which does not exist yet", use, folder),
			Mend: "nothing needs to be done if the name is right: it is made when first used",
		}
	}
	return Finding{Grade: Fine, What: fmt.Sprintf("%s %q", use, folder)}
}

// checkWaiting counts the mails that have not been read, and says how old the oldest is.
func (m *Mailbox) checkWaiting(ctx context.Context, s *session) Finding {
	state, err := m.memory.Load(ctx)
	if err != nil {
		return Finding{
			Grade: Fault, What: "what was read so far is not known, since the store does not answer",
			Mend: "see to the store first", Err: err,
		}
	}
	if state.UIDValidity != s.folder.UIDValidity {
		state = State{}
	}
	keyword := m.config.Keyword
	if !s.keeps(keyword) {
		keyword = ""
	}
	uids, err := s.search(ctx, state.Done+1, keyword, m.config.Since)
	if err != nil {
		return m.fault(err)
	}
	if len(uids) == 0 {
		return Finding{Grade: Fine, What: waiting(0, len(state.Pending), time.Time{})}
	}
	known, _, err := s.describe(ctx, uids[:1])
	if err != nil {
		return m.fault(err)
	}
	return Finding{Grade: Fine, What: waiting(len(uids), len(state.Pending), known[uids[0]].InternalDate)}
}

func waiting(unread, pending int, oldest time.Time) string {
	text := fmt.Sprintf("%d mails wait to be read", unread)
	if !oldest.IsZero() {
		text += ", the oldest since " + oldest.Format("2006-01-02 15:04 -0700")
	}
	if pending > 0 {
		text += fmt.Sprintf("; %d are to be read again", pending)
	}
	return text
}

// fault finds the words for an error.
func (m *Mailbox) fault(err error) Finding {
	for _, known := range mends {
		if errors.Is(err, known.err) {
			return Finding{Grade: Fault, What: err.Error(), Mend: known.mend, Err: err}
		}
	}
	return Finding{Grade: Fault, What: err.Error(), Mend: "try again; if it stays, look at the mail server's log", Err: err}
}
