package imaptest

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// Mail is one mail of a folder.
type Mail struct {
	UID          uint32
	Flags        []string
	InternalDate time.Time
	Raw          []byte
}

// Has tells whether the mail bears a flag or keyword, without regard to case.
func (m Mail) Has(flag string) bool {
	return slices.ContainsFunc(m.Flags, func(f string) bool { return strings.EqualFold(f, flag) })
}

// Mails returns what is in a user's folder, oldest UID first, and changes nothing.
func (s *Server) Mails(user, folder string) ([]Mail, error) {
	s.mu.Lock()
	password, addr := s.passwords[user], s.Addr
	s.mu.Unlock()
	if s.options.NeedTLS {
		client, err := imapclient.DialTLS(s.TLSAddr, &imapclient.Options{TLSConfig: s.options.Authority.ClientConfig()})
		if err != nil {
			return nil, fmt.Errorf("connect: %w", err)
		}
		return mails(client, user, password, folder)
	}
	client, err := imapclient.DialInsecure(addr, nil)
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	return mails(client, user, password, folder)
}

func mails(client *imapclient.Client, user, password, folder string) ([]Mail, error) {
	defer client.Close()
	if err := client.Login(user, password).Wait(); err != nil {
		return nil, fmt.Errorf("log in: %w", err)
	}
	open, err := client.Select(folder, &imap.SelectOptions{ReadOnly: true}).Wait()
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", folder, err)
	}
	if open.NumMessages == 0 {
		return nil, nil
	}
	var all imap.SeqSet
	all.AddRange(1, 0)
	fetched, err := client.Fetch(all, &imap.FetchOptions{
		UID: true, Flags: true, InternalDate: true, BodySection: []*imap.FetchItemBodySection{{Peek: true}},
	}).Collect()
	if err != nil {
		return nil, fmt.Errorf("fetch: %w", err)
	}
	var found []Mail
	for _, f := range fetched {
		m := Mail{UID: uint32(f.UID), InternalDate: f.InternalDate}
		for _, flag := range f.Flags {
			m.Flags = append(m.Flags, string(flag))
		}
		for _, section := range f.BodySection {
			m.Raw = section.Bytes
		}
		found = append(found, m)
	}
	slices.SortFunc(found, func(a, b Mail) int { return int(a.UID) - int(b.UID) })
	return found, nil
}
