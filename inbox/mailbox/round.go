package mailbox

import (
	"context"
	"fmt"
	"io"

	"github.com/emersion/go-imap/v2"
)

// Look returns the header of the mail with this Message-ID, given with its angle brackets, if it
// lies in the watched folder: how a mail that was sent to ourselves came back. found is false
// while it has not arrived.
func (m *Mailbox) Look(ctx context.Context, messageID string) (header []byte, found bool, err error) {
	err = m.outgoing(ctx, func(s *session) error {
		uids, err := m.own(ctx, s, messageID)
		if err != nil || len(uids) == 0 {
			return err
		}
		keep := func(_ uint32, _ int64, raw io.Reader) bool {
			header, err = io.ReadAll(io.LimitReader(raw, maxHeader))
			return true
		}
		if streamed := s.stream(ctx, uids[:1], headerOnly(), keep, func(uint32) {}); streamed != nil {
			return streamed
		}
		found = err == nil && len(header) > 0
		return err
	})
	return header, found, err
}

// Remove deletes the mail with this Message-ID from the watched folder. Where the server cannot
// expunge single mails (UIDPLUS, RFC 4315) it is marked as read and left: a plain EXPUNGE would
// take whatever else is marked as deleted.
func (m *Mailbox) Remove(ctx context.Context, messageID string) error {
	return m.outgoing(ctx, func(s *session) error {
		uids, err := m.own(ctx, s, messageID)
		if err != nil || len(uids) == 0 {
			return err
		}
		able := s.caps.Has(imap.CapUIDPlus) || s.caps.Has(imap.CapIMAP4rev2)
		flag := string(imap.FlagSeen)
		if able {
			flag = string(imap.FlagDeleted)
		}
		if err := s.flag(ctx, uids, flag); err != nil || !able {
			return err
		}
		return s.do(ctx, s.limits.command, "EXPUNGE", func(*deadline) error {
			return s.client.UIDExpunge(uidSet(uids)).Close()
		})
	})
}

// own finds a mail of our own in the watched folder, opened for writing.
func (m *Mailbox) own(ctx context.Context, s *session, messageID string) ([]uint32, error) {
	if err := s.openFolder(ctx, m.config.Folder, false); err != nil {
		return nil, fmt.Errorf("open the folder: %w", err)
	}
	return s.uidSearch(ctx, &imap.SearchCriteria{
		Header: []imap.SearchCriteriaHeaderField{{Key: "Message-ID", Value: messageID}},
	})
}
