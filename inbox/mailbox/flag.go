package mailbox

import (
	"context"
	"errors"

	"github.com/emersion/go-imap/v2"
)

// flag marks the handled mails as such and moves them where that is configured. It comes before
// the cursor is saved: a mail that is flagged but not remembered is not read again, one that is
// remembered but not flagged would never be flagged.
func (t *turn) flag(ctx context.Context) error {
	if len(t.unflagged) == 0 {
		return nil
	}
	s, err := t.again(ctx)
	if err != nil {
		return err
	}
	if keyword := t.keyword(s); keyword != "" {
		err := s.flag(ctx, t.unflagged, keyword)
		switch {
		case isRefusal(err):
			t.log.Warn("the server does not store the keyword", "error", err)
		case err != nil:
			return t.broken(err)
		}
	}
	if t.config.MoveTo != "" {
		if err := t.move(ctx, s); err != nil {
			return t.broken(err)
		}
	}
	t.unflagged = nil
	return nil
}

// move moves the handled mails. What the server refuses to move stays in place, flagged.
func (t *turn) move(ctx context.Context, s *session) error {
	moved, err := s.move(ctx, t.unflagged, t.config.MoveTo)
	if refusedWith(err, imap.ResponseCodeTryCreate) {
		if err := s.create(ctx, t.config.MoveTo); err != nil && !isRefusal(err) {
			return err
		}
		moved, err = s.move(ctx, t.unflagged, t.config.MoveTo)
	}
	switch {
	case isRefusal(err), errors.Is(err, errCannotMove):
		t.log.Warn("handled mails cannot be moved; they stay where they are, flagged", "error", err)
	case err != nil:
		return err
	case moved < len(t.unflagged) && s.caps.Has(imap.CapUIDPlus):
		t.log.Info("some handled mails had gone before they could be moved", "handled", len(t.unflagged), "moved", moved)
	}
	return nil
}
