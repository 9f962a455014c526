package mailbox

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
)

// open selects a folder, for writing unless readOnly.
func (s *session) openFolder(ctx context.Context, name string, readOnly bool) error {
	s.folder = nil
	err := s.do(ctx, s.limits.search, "SELECT", func(*deadline) error {
		data, err := s.client.Select(name, &imap.SelectOptions{ReadOnly: readOnly}).Wait()
		if err == nil {
			s.folder = data
		}
		return err
	})
	if isRefusal(err) {
		return fmt.Errorf("%w: %w", ErrNoFolder, err)
	}
	return err
}

// keeps tells whether the open folder stores this keyword (RFC 3501, 7.1: PERMANENTFLAGS).
func (s *session) keeps(keyword string) bool {
	return slices.ContainsFunc(s.folder.PermanentFlags, func(f imap.Flag) bool {
		return f == imap.FlagWildcard || strings.EqualFold(string(f), keyword)
	})
}

// search returns the UIDs from the given one on, ascending, without those that have the keyword
// (unless that is empty) or arrived before the day of since.
func (s *session) search(ctx context.Context, from uint32, without string, since time.Time) ([]uint32, error) {
	criteria := &imap.SearchCriteria{UID: []imap.UIDSet{{imap.UIDRange{Start: imap.UID(from)}}}}
	if without != "" {
		criteria.NotFlag = []imap.Flag{imap.Flag(without)}
	}
	if !since.IsZero() {
		// SINCE compares days in a time zone of the server's choice.
		criteria.Since = since.AddDate(0, 0, -1)
	}
	uids, err := s.uidSearch(ctx, criteria)
	if err != nil {
		return nil, err
	}
	// "n:*" always holds the last mail, however small its UID (RFC 3501, 6.4.8).
	uids = slices.DeleteFunc(uids, func(uid uint32) bool { return uid < from })
	slices.Sort(uids)
	return uids, nil
}

func (s *session) uidSearch(ctx context.Context, criteria *imap.SearchCriteria) ([]uint32, error) {
	var uids []uint32
	err := s.do(ctx, s.limits.search, "SEARCH", func(*deadline) error {
		data, err := s.client.UIDSearch(criteria, nil).Wait()
		if err != nil {
			return err
		}
		found, _ := data.All.(imap.UIDSet)
		uids, err = numbersOf(found)
		return err
	})
	return uids, err
}

// maxFound is more mails than a folder holds. A range costs a server nothing to write, but us the
// memory for its numbers.
const maxFound = 5_000_000

func numbersOf(set imap.UIDSet) ([]uint32, error) {
	var count uint64
	for _, r := range set {
		if r.Start == 0 || r.Stop < r.Start {
			return nil, errors.New("not a set of UIDs")
		}
		if count += uint64(r.Stop-r.Start) + 1; count > maxFound {
			return nil, errors.New("too many UIDs")
		}
	}
	uids := make([]uint32, 0, count)
	for _, r := range set {
		for uid := uint64(r.Start); uid <= uint64(r.Stop); uid++ {
			uids = append(uids, uint32(uid))
		}
	}
	return uids, nil
}

// flag adds a keyword to mails, in one command.
func (s *session) flag(ctx context.Context, uids []uint32, keyword string) error {
	store := &imap.StoreFlags{Op: imap.StoreFlagsAdd, Silent: true, Flags: []imap.Flag{imap.Flag(keyword)}}
	return s.do(ctx, s.limits.search, "STORE", func(*deadline) error {
		return s.client.Store(uidSet(uids), store, nil).Close()
	})
}

// errCannotMove says that the server lacks MOVE. go-imap would then copy and expunge, and without
// UIDPLUS that expunges whatever a human had marked as deleted.
var errCannotMove = errors.New("the server cannot move mails")

// move moves mails to a folder and returns how many the server says have gone. Mails that are
// not there any more are no error (RFC 6851, 3).
func (s *session) move(ctx context.Context, uids []uint32, folder string) (int, error) {
	moved := 0
	err := s.do(ctx, s.limits.search, "MOVE", func(*deadline) error {
		if !s.client.Caps().Has(imap.CapMove) {
			return errCannotMove
		}
		data, err := s.client.Move(uidSet(uids), folder).Wait()
		if err != nil {
			return err
		}
		if sources, ok := data.SourceUIDs.(imap.UIDSet); ok {
			all, _ := sources.Nums()
			moved = len(all)
		}
		return nil
	})
	return moved, err
}

func (s *session) create(ctx context.Context, folder string) error {
	return s.do(ctx, s.limits.command, "CREATE", func(*deadline) error { return s.client.Create(folder, nil).Wait() })
}

func (s *session) noop(ctx context.Context) error {
	return s.do(ctx, s.limits.command, "NOOP", func(*deadline) error { return s.client.Noop().Wait() })
}

func uidSet(uids []uint32) imap.UIDSet {
	var set imap.UIDSet
	for _, uid := range uids {
		set.AddNum(imap.UID(uid))
	}
	return set
}
