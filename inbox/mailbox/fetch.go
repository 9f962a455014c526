package mailbox

import (
	"context"
	"errors"
	"io"
	"slices"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// Never asked of a server: ENVELOPE and BODYSTRUCTURE. One reply that go-imap cannot parse kills
// the connection (emersion/go-imap#659); a literal is just bytes.

// describe asks for what the server knows about each mail without its text. Of the mails that are
// missing from known, those in hidden are in the folder all the same; the others are gone.
func (s *session) describe(ctx context.Context, uids []uint32) (known map[uint32]Message, hidden []uint32, err error) {
	known = make(map[uint32]Message, len(uids))
	options := &imap.FetchOptions{UID: true, Flags: true, InternalDate: true, RFC822Size: true}
	err = s.do(ctx, s.limits.search, "FETCH", func(*deadline) (err error) {
		fetch := s.client.Fetch(uidSet(uids), options)
		defer closeFetch(fetch, &err)
		for mail := fetch.Next(); mail != nil; mail = fetch.Next() {
			// Without a date it is another client's change of flags, which go-imap takes for the
			// answer.
			if m := s.described(mail); m.UID != 0 && !m.InternalDate.IsZero() {
				known[m.UID] = m
			}
		}
		return nil
	})
	if err != nil || len(known) == len(uids) {
		return known, nil, err
	}
	missing := slices.DeleteFunc(slices.Clone(uids), func(uid uint32) bool { _, ok := known[uid]; return ok })
	hidden, err = s.uidSearch(ctx, &imap.SearchCriteria{UID: []imap.UIDSet{uidSet(missing)}})
	return known, hidden, err
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

// closeFetch takes what is left of a FETCH and keeps its error unless there is one already.
func closeFetch(fetch *imapclient.FetchCommand, err *error) {
	if closed := fetch.Close(); *err == nil {
		*err = closed
	}
}
