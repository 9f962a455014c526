package mailbox

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/emersion/go-imap/v2"
)

// outbound is the connection that Append and FindInSent share. It is apart from the one that
// reads, so that they never wait for IDLE or a download.
type outbound struct {
	busy    chan struct{} // holds a token while someone uses what follows
	session *session
	folders map[string]bool // that are known to exist
	used    time.Time
	hang    *time.Timer
}

const (
	// staleAfter is how long the connection is trusted without asking; keepOpen how long it is
	// kept without use.
	staleAfter = 20 * time.Second
	keepOpen   = 2 * time.Minute
)

// Append stores a mail in a folder; "" means the folder for sent mails. A folder that does not
// exist is made. Flags may be nil; a zero date means now.
//
// An error that is no *Refusal leaves open whether the mail was stored: ask FindInSent before
// another try.
func (m *Mailbox) Append(ctx context.Context, folder string, mail []byte, flags []string, date time.Time) error {
	return m.outgoing(ctx, func(s *session) error {
		folder, err := m.existing(ctx, s, folder)
		if err != nil {
			return err
		}
		return s.append(ctx, folder, mail, flags, date)
	})
}

// FindInSent tells whether the folder for sent mails holds a mail with this Message-ID, given
// with its angle brackets.
func (m *Mailbox) FindInSent(ctx context.Context, messageID string) (bool, error) {
	found := false
	err := m.outgoing(ctx, func(s *session) error {
		folder, err := m.existing(ctx, s, "")
		if err != nil {
			return err
		}
		// Opened anew each time: only so does it show what other connections stored meanwhile.
		if err := s.openFolder(ctx, folder, true); err != nil {
			return err
		}
		uids, err := s.uidSearch(ctx, &imap.SearchCriteria{
			Header: []imap.SearchCriteriaHeaderField{{Key: "Message-ID", Value: messageID}},
		})
		found = len(uids) > 0
		return err
	})
	return found, err
}

// outgoing runs work on the shared connection, alone.
func (m *Mailbox) outgoing(ctx context.Context, work func(*session) error) error {
	o := &m.sent
	select {
	case o.busy <- struct{}{}:
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	defer func() { <-o.busy }()
	if o.hang != nil {
		o.hang.Stop()
	}
	s, err := m.outgoingSession(ctx)
	if err != nil {
		return err
	}
	if err := work(s); err != nil {
		// After a refused APPEND go-imap's end of the connection is not to be trusted either.
		o.hangUp()
		return err
	}
	o.used = m.clock.Now()
	o.hang = time.AfterFunc(keepOpen, m.closeOutgoing)
	return nil
}

// outgoingSession returns a connection that is known to answer.
func (m *Mailbox) outgoingSession(ctx context.Context) (*session, error) {
	o := &m.sent
	if o.session != nil && m.clock.Now().Sub(o.used) > staleAfter {
		if err := o.session.noop(ctx); err != nil {
			o.hangUp()
		}
	}
	if o.session != nil {
		return o.session, nil
	}
	s, err := m.dial(ctx, func() {})
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	o.session, o.folders = s, map[string]bool{}
	return s, nil
}

func (o *outbound) hangUp() {
	if o.session != nil {
		o.session.close()
		o.session = nil
	}
}

// closeOutgoing logs the second connection out.
func (m *Mailbox) closeOutgoing() {
	o := &m.sent
	o.busy <- struct{}{}
	defer func() { <-o.busy }()
	if o.hang != nil {
		o.hang.Stop()
	}
	if o.session != nil {
		o.session.bye(context.Background())
		o.session = nil
	}
}

// existing returns the folder's name, having made the folder where it did not exist.
func (m *Mailbox) existing(ctx context.Context, s *session, folder string) (string, error) {
	folder, err := m.named(ctx, s, folder)
	if err != nil || m.sent.folders[folder] {
		return folder, err
	}
	there, err := s.list(ctx, folder)
	if err != nil {
		return "", err
	}
	if len(there) == 0 {
		if err := s.create(ctx, folder); err != nil && !refusedWith(err, imap.ResponseCodeAlreadyExists) {
			return "", err
		}
	}
	m.sent.folders[folder] = true
	return folder, nil
}

// named returns the folder's name; "" means the folder for sent mails.
func (m *Mailbox) named(ctx context.Context, s *session, folder string) (string, error) {
	switch {
	case folder != "":
		return folder, nil
	case m.config.Sent != "":
		return m.config.Sent, nil
	case !s.caps.Has(imap.CapSpecialUse):
		return defaultSent, nil
	}
	all, err := s.list(ctx, "*")
	if err != nil {
		return "", err
	}
	for _, f := range all {
		if slices.Contains(f.Attrs, imap.MailboxAttrSent) {
			return f.Mailbox, nil
		}
	}
	return defaultSent, nil
}

// list returns the folders that match the pattern and can be opened.
func (s *session) list(ctx context.Context, pattern string) ([]*imap.ListData, error) {
	var options *imap.ListOptions
	if s.caps.Has(imap.CapListExtended) && s.caps.Has(imap.CapSpecialUse) {
		options = &imap.ListOptions{ReturnSpecialUse: true}
	}
	var folders []*imap.ListData
	err := s.do(ctx, s.limits.command, "LIST", func(*deadline) (err error) {
		folders, err = s.client.List("", pattern, options).Collect()
		return err
	})
	return slices.DeleteFunc(folders, func(f *imap.ListData) bool {
		return slices.Contains(f.Attrs, imap.MailboxAttrNonExistent) || slices.Contains(f.Attrs, imap.MailboxAttrNoSelect)
	}), err
}

func (s *session) append(ctx context.Context, folder string, mail []byte, flags []string, date time.Time) error {
	options := &imap.AppendOptions{Time: date}
	for _, f := range flags {
		options.Flags = append(options.Flags, imap.Flag(f))
	}
	return s.do(ctx, s.limits.append, "APPEND", func(*deadline) error {
		command := s.client.Append(folder, int64(len(mail)), options)
		_, written := command.Write(mail)
		closed := command.Close()
		// The server's answer says more than that the bytes could not be written.
		if _, err := command.Wait(); err != nil {
			return err
		}
		if written != nil {
			return written
		}
		return closed
	})
}
