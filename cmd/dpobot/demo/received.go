package demo

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	_ "github.com/emersion/go-message/charset" // mails in any charset
	gomail "github.com/emersion/go-message/mail"
)

// received is a mail as its reader sees it.
type received struct {
	id, subject, from string
	text              string
	files             map[string][]byte
	flags             []string
}

func open(raw []byte) (received, error) {
	r, err := gomail.CreateReader(bytes.NewReader(raw))
	if err != nil {
		return received{}, err
	}
	defer r.Close()
	m := received{files: map[string][]byte{}}
	m.id, _ = r.Header.MessageID()
	m.subject, _ = r.Header.Subject()
	if from, _ := r.Header.AddressList("From"); len(from) > 0 {
		m.from = from[0].Address
	}
	for {
		p, err := r.NextPart()
		if err == io.EOF {
			return m, nil
		}
		if err != nil {
			return m, err
		}
		body, err := io.ReadAll(p.Body)
		if err != nil {
			return m, err
		}
		switch h := p.Header.(type) {
		case *gomail.InlineHeader:
			if t, _, _ := h.ContentType(); t == "text/plain" && m.text == "" {
				m.text = strings.ReplaceAll(string(body), "\r\n", "\n")
			}
		case *gomail.AttachmentHeader:
			name, _ := h.Filename()
			m.files[name] = body
		}
	}
}

// await waits for a mail in somebody's inbox.
func (w *world) await(ctx context.Context, user, what string, is func(received) bool) (received, error) {
	ctx, cancel := context.WithTimeout(ctx, w.patience)
	defer cancel()
	tick := time.NewTicker(30 * time.Millisecond)
	defer tick.Stop()
	for {
		all, err := w.inboxOf(user)
		if err != nil {
			return received{}, err
		}
		for _, m := range all {
			if is(m) {
				return m, nil
			}
		}
		select {
		case <-ctx.Done():
			return received{}, fmt.Errorf("%s did not arrive", what)
		case <-tick.C:
		}
	}
}

func (w *world) inboxOf(user string) ([]received, error) { return w.folderOf(user, "INBOX") }

func (w *world) folderOf(user, folder string) ([]received, error) {
	mails, err := w.mails(user, folder)
	if err != nil {
		return nil, fmt.Errorf("look into a mailbox: %w", err)
	}
	var all []received
	for _, raw := range mails {
		m, err := open(raw.Raw)
		if err != nil {
			return nil, err
		}
		m.flags = raw.Flags
		all = append(all, m)
	}
	return all, nil
}
