package mailbox

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// Never asked of a server: ENVELOPE and BODYSTRUCTURE. One reply that go-imap cannot parse kills
// the connection (emersion/go-imap#659); a literal is just bytes.

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

// describe asks for what the server knows about each mail without its text. Mails that are gone
// are missing from the result.
func (s *session) describe(ctx context.Context, uids []uint32) (map[uint32]Message, error) {
	found := make(map[uint32]Message, len(uids))
	options := &imap.FetchOptions{UID: true, Flags: true, InternalDate: true, RFC822Size: true}
	err := s.do(ctx, s.limits.search, "FETCH", func(*deadline) (err error) {
		fetch := s.client.Fetch(uidSet(uids), options)
		defer closeFetch(fetch, &err)
		for mail := fetch.Next(); mail != nil; mail = fetch.Next() {
			if m := s.described(mail); m.UID != 0 {
				found[m.UID] = m
			}
		}
		return nil
	})
	return found, err
}

func (s *session) described(mail *imapclient.FetchMessageData) Message {
	m := Message{UIDValidity: s.folder.UIDValidity}
	for item := mail.Next(); item != nil; item = mail.Next() {
		switch item := item.(type) {
		case imapclient.FetchItemDataUID:
			m.UID = uint32(item.UID)
		case imapclient.FetchItemDataRFC822Size:
			m.Size = item.Size
		case imapclient.FetchItemDataInternalDate:
			m.InternalDate = item.Time
		case imapclient.FetchItemDataFlags:
			for _, flag := range item.Flags {
				m.Flags = append(m.Flags, string(flag))
			}
		}
	}
	return m
}

// section is the part of a mail that is downloaded.
type section = imap.FetchItemBodySection

// maxHeader is how much of an oversize mail's header is read.
const maxHeader = 64 << 10

func wholeMail() *section { return &section{Peek: true} }

func headerOnly() *section {
	return &section{
		Peek: true, Specifier: imap.PartSpecifierHeader,
		Partial: &imap.SectionPartial{Offset: 0, Size: maxHeader},
	}
}

// handOver is given one mail as it streams in, and tells whether it took it; false ends the work.
type handOver func(uid uint32, size int64, raw io.Reader) bool

// stream hands over the mails of one FETCH as they come. A mail counts as come whole only once
// the server has gone on after it: came is called then, in the order of hand. The limit runs anew
// for each mail. No other command may be sent meanwhile (emersion/go-imap#647).
func (s *session) stream(ctx context.Context, uids []uint32, part *section, hand handOver, came func(uid uint32)) error {
	options := &imap.FetchOptions{UID: true, BodySection: []*section{part}}
	return s.do(ctx, s.limits.mail, "FETCH", func(d *deadline) (err error) {
		var last uint32
		fetch := s.client.Fetch(uidSet(uids), options)
		defer func() {
			// Only Close tells that the last mail was cut short.
			if closed := fetch.Close(); err == nil {
				err = closed
			}
			if err == nil && last != 0 {
				came(last)
			}
		}()
		for mail := fetch.Next(); mail != nil; mail = fetch.Next() {
			if last != 0 {
				came(last)
			}
			d.more()
			more := true
			if last, more = s.handOne(mail, d, hand); !more {
				return nil
			}
		}
		return nil
	})
}

// handOne hands over the text of one FETCH reply and returns its UID if it came to its end; 0 if
// it held no text, as when the server reports another client's change of flags.
func (s *session) handOne(mail *imapclient.FetchMessageData, d *deadline, hand handOver) (whole uint32, more bool) {
	var uid uint32
	more = true
	for item := mail.Next(); item != nil; item = mail.Next() {
		switch item := item.(type) {
		case imapclient.FetchItemDataUID:
			uid = uint32(item.UID)
		case imapclient.FetchItemDataBodySection:
			if item.Literal == nil || uid == 0 || whole != 0 {
				continue
			}
			raw := &wholeReader{from: item.Literal, left: item.Literal.Size()}
			if more = hand(uid, item.Literal.Size(), raw); !more {
				// What still comes is thrown away, and the connection with it if that takes long.
				d.timer.Reset(s.limits.drain)
			}
			switch {
			case !raw.rest():
				s.giveUp()
			case more:
				whole = uid
			}
		}
	}
	return whole, more
}

// giveUp ends the session after a literal was cut short. go-imap reads such a literal once more
// to be rid of it, while its decoder is reading, too; so the decoder has to end first.
func (s *session) giveUp() {
	s.wire.Close()
	<-s.client.Closed()
}

// wholeReader reads a literal and tells a whole one from one that the connection cut short:
// go-imap ends both with io.EOF.
type wholeReader struct {
	from io.Reader
	left int64
	err  error
}

func (r *wholeReader) Read(b []byte) (int, error) {
	if r.err != nil {
		return 0, r.err
	}
	n, err := r.from.Read(b)
	r.left -= int64(n)
	switch {
	case err == nil:
		return n, nil
	case errors.Is(err, io.EOF) && r.left <= 0:
		r.err = io.EOF
	default:
		r.err = io.ErrUnexpectedEOF
	}
	return n, r.err
}

// rest throws away what has not been read and tells whether all of it came.
func (r *wholeReader) rest() bool {
	_, err := io.Copy(io.Discard, r)
	return err == nil
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

// closeFetch takes what is left of a FETCH and keeps its error unless there is one already.
func closeFetch(fetch *imapclient.FetchCommand, err *error) {
	if closed := fetch.Close(); *err == nil {
		*err = closed
	}
}
