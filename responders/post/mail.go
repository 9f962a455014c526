// Package post composes mails and hands them to the SMTP server.
package post

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"github.com/wneessen/go-mail"

	"dpobot/workflow"
)

// Submitted says in which way a mail came to be (RFC 3834, 5).
type Submitted string

const (
	// Replied: it answers a mail.
	Replied Submitted = "auto-replied"
	// Generated: the clock, or a handler's own word, brought it about.
	Generated Submitted = "auto-generated"
)

// Mail is one mail to one recipient.
type Mail struct {
	FromName   string
	From, To   workflow.Address
	ToName     string
	ReplyTo    workflow.Address // "": From
	Subject    string
	Text, HTML string
	MessageID  string // without angle brackets; the same at every try
	InReplyTo  string
	References []string
	Submitted  Submitted
	Date       time.Time
	Files      []File
	Forge      *Forgery // of a mail that tests the operator's own border
}

// Forgery makes a mail claim what is not true, to see whether the border server of the
// mailbox notices. It only ever goes to the mailbox itself.
type Forgery struct {
	From       string // stands in the From field
	AuthservID string // an Authentication-Results in this server's name says that all is well
}

// File is attached to a mail. Its type is one of ours, never a type that came from
// outside.
type File struct {
	Name string
	Type string
	Data []byte
}

// String hides the mail from logs.
func (Mail) String() string { return "[mail]" }

// message builds what goes over the wire. The same Mail gives the same bytes but for
// the boundaries of its parts.
func (m Mail) message() (*mail.Msg, error) {
	msg := mail.NewMsg(mail.WithNoDefaultUserAgent())
	from, ok := named(m.FromName, m.From)
	if !ok {
		return nil, fmt.Errorf("the sender's address cannot be written: %w", ErrPermanent)
	}
	msg.FromMailAddress(from)
	to, ok := named(m.ToName, m.To)
	if !ok {
		return nil, fmt.Errorf("the recipient's address cannot be written: %w", ErrPermanent)
	}
	msg.ToMailAddress(to)
	if m.ReplyTo != "" {
		reply, ok := named("", m.ReplyTo)
		if !ok {
			return nil, fmt.Errorf("the address for replies cannot be written: %w", ErrPermanent)
		}
		msg.ReplyToMailAddress(reply)
	}
	if m.Forge != nil {
		if err := m.Forge.onto(msg, m.From); err != nil {
			return nil, err
		}
	}
	msg.Subject(oneLine(m.Subject))
	msg.SetDateWithValue(m.Date)
	msg.SetMessageIDWithValue(m.MessageID)
	if m.InReplyTo != "" {
		msg.SetGenHeader(mail.HeaderInReplyTo, bracket(m.InReplyTo))
	}
	if refs := bracketAll(m.References); refs != "" {
		msg.SetGenHeader(mail.HeaderReferences, refs) // one string: the library joins several with commas
	}
	msg.SetGenHeader("Auto-Submitted", string(m.Submitted))
	msg.SetGenHeader("X-Auto-Response-Suppress", "All") // asks Exchange's own responders to be quiet
	msg.SetBodyString(mail.TypeTextPlain, m.Text)
	if m.HTML != "" {
		msg.AddAlternativeString(mail.TypeTextHTML, m.HTML)
	}
	for _, f := range m.Files {
		err := msg.AttachReader(f.Name, bytes.NewReader(f.Data), mail.WithFileContentType(mail.ContentType(f.Type)))
		if err != nil {
			return nil, fmt.Errorf("attach a file: %w", err)
		}
	}
	return msg, nil
}

// Bytes is the mail as a file, for a copy that is not to be quite what was sent.
func (m Mail) Bytes() ([]byte, error) {
	msg, err := m.message()
	if err != nil {
		return nil, err
	}
	var raw bytes.Buffer
	if _, err := msg.WriteTo(&raw); err != nil {
		return nil, fmt.Errorf("write a mail: %w", err)
	}
	return raw.Bytes(), nil
}

// onto puts the false fields into the mail; its envelope stays true.
func (f *Forgery) onto(msg *mail.Msg, from workflow.Address) error {
	if err := msg.EnvelopeFrom(from.Reveal()); err != nil {
		return fmt.Errorf("the sender's address cannot be written: %w", ErrPermanent)
	}
	if err := msg.From(f.From); err != nil {
		return fmt.Errorf("the forged address cannot be written: %w", ErrPermanent)
	}
	_, domain, _ := strings.Cut(f.From, "@")
	msg.SetGenHeader("Authentication-Results", fmt.Sprintf("%s; dmarc=pass header.from=%s; dkim=pass header.d=%s", f.AuthservID, domain, domain))
	return nil
}

// oneLine keeps whatever came from outside on its line of the header.
func oneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// bracketAll joins the Message-IDs that can stand in a header; others are left out.
func bracketAll(ids []string) string {
	var out []string
	for _, id := range ids {
		if b := bracket(id); b != "" {
			out = append(out, b)
		}
	}
	return strings.Join(out, " ")
}

// bracket writes a Message-ID for a header; "" for what is none, whoever sent it.
func bracket(id string) string {
	id = strings.Trim(id, "<> \t\r\n")
	for _, r := range id {
		if r <= ' ' || r >= 0x7f || r == '<' || r == '>' || r == ',' {
			return ""
		}
	}
	if id == "" || len(id) > 250 || !strings.Contains(id, "@") {
		return ""
	}
	return "<" + id + ">"
}
