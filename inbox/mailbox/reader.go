package mailbox

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"time"
)

// Message is what the server says about a mail, without having looked into it.
type Message struct {
	// UIDValidity and UID together name the mail for as long as the server keeps its numbering
	// (RFC 3501, 2.3.1.1). After a change of UIDValidity the same mail comes again.
	UIDValidity, UID uint32
	// Size in bytes, as the server states it (RFC822.SIZE).
	Size int64
	// InternalDate is when the mail arrived at the server: the day of receipt.
	InternalDate time.Time
	// Flags are the mail's flags and keywords at the time.
	Flags []string
	// Oversize says that the mail is larger than Config.MaxSize and that Read gets the header only.
	Oversize bool
}

// LogValue shows the mail's number alone.
func (m Message) LogValue() slog.Value {
	return slog.GroupValue(slog.Uint64("uidvalidity", uint64(m.UIDValidity)), slog.Uint64("uid", uint64(m.UID)))
}

// Outcome is what the Reader made of a mail.
type Outcome string

const (
	// Handled mails are flagged with the keyword, and moved where that is configured.
	Handled Outcome = "handled"
	// Left mails are not for the bot: they stay unread, unflagged and in place, and are not
	// read again.
	Left Outcome = "left"
	// Later mails cannot be judged yet, for instance because DNS does not answer. They are read
	// again after a while; one that cannot be judged for a day is set aside.
	Later Outcome = "later"
)

// ErrUnavailable is what a Reader's error wraps if the trouble is not the mail's, as when the
// store of cases is away: the turn ends and no try is counted. The mail waits like one that is
// Later, so that it does not hold up the others should the trouble be its own after all.
var ErrUnavailable = errors.New("not available just now")

// Reader takes the mails over. Both methods must have made their result durable when they return.
// They run while the server is sending, one at a time, and have to return soon after ctx ends
// (at most four minutes a mail, or the connection is given up). Neither may call the Mailbox's Turn.
type Reader interface {
	// Read takes one mail, streamed as it comes from the server. raw ends with io.EOF if the mail
	// came whole and with io.ErrUnexpectedEOF if the connection broke; what is not read is thrown
	// away. The same mail may come again, see the package comment. An error is a failed try; after
	// three the mail is set aside. Errors must not hold personal data: they are logged.
	Read(ctx context.Context, m Message, raw io.Reader) (Outcome, error)
	// SetAside shows a mail that cannot be read to a human; why is one phrase without personal
	// data. m may hold
	// nothing but the UIDs and, as InternalDate, when the mail was first put off. Once it returns Handled or Left the mail is never tried again.
	SetAside(ctx context.Context, m Message, why string) (Outcome, error)
}
