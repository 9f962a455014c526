// Package reading turns the bytes of any mail into what the program may rely on.
//
// Everything in a mail is written by somebody who may wish us ill, so nothing here is
// more than a claim: reading says what stands in the mail, in what form, and what is
// odd about it. Whether a mail is authentic, and what to do about it, is decided elsewhere.
//
// Reading does no I/O but the reader it is given, keeps memory bounded whatever the size
// of the mail, and never fails because of what a mail holds.
package reading

import (
	"strings"
	"time"
)

// Limits bounds what one mail may cost. The zero value allows nothing; start from
// [DefaultLimits].
type Limits struct {
	Size        int64 // bytes of the whole mail that are looked at; what follows is only counted and hashed
	HeaderBytes int   // bytes of one header block, the mail's or a part's
	Depth       int   // multiparts within multiparts
	Parts       int   // parts of all levels together
	TextBytes   int   // bytes of decoded text kept of one text part
	MarkupBytes int   // bytes of HTML source read of one part
	Lines       int   // lines of text kept of one text part
	Addresses   int   // addresses kept of one header
	FileBytes   int   // bytes of attached files that are kept, all together; 0: none is
}

// DefaultLimits suits a mailbox to which people write: generous for what a person
// writes, small for what a machine may send.
func DefaultLimits() Limits {
	return Limits{
		Size:        64 << 20,
		HeaderBytes: 256 << 10,
		Depth:       20,
		Parts:       500,
		TextBytes:   256 << 10,
		MarkupBytes: 512 << 10,
		Lines:       10_000,
		Addresses:   100,
	}
}

// What may be wrong with a whole mail, in [Mail.Problem].
const (
	ProblemTooLarge   = "too large"       // more bytes than Limits.Size; the first ones were read
	ProblemTooDeep    = "too deep"        // multiparts within multiparts beyond Limits.Depth
	ProblemManyParts  = "too many parts"  // more than Limits.Parts; the first ones were read
	ProblemHeader     = "header too long" // more than Limits.HeaderBytes; the first fields were read
	ProblemNoHeader   = "no header"       // not one header field
	ProblemBroken     = "broken"          // MIME structure that cannot be what the sender meant
	ProblemTextTooBig = "text too long"   // a text part beyond Limits.TextBytes; its start was read
)

// What may be wrong with the sender, in [Mail.FromProblem].
const (
	FromMissing      = "missing"       // no From field, or an empty one
	FromTwoFields    = "two-fields"    // DKIM signs the last field, most programs show the first
	FromTwoAddresses = "two-addresses" // RFC 5322 allows it, DMARC does not know it (RFC 7489, 6.6.1)
	FromGroup        = "group"         // RFC 6854
	FromRoute        = "route"         // <@relay:user@host>, RFC 5322, 4.4
	FromComment      = "comment"       // parentheses, which readers understand differently
	FromControl      = "control"       // NUL, bare CR, control or bidirectional characters
	FromUnparsable   = "unparsable"    // anything else that is not one plain mailbox
)

// Why the text must not be read as a command, in [Mail.CommandProblem]. A value of
// [Mail.Problem] may stand there as well.
const (
	CommandPartsDisagree = "parts disagree"     // the text and the HTML of one multipart/alternative say different things
	CommandHiddenText    = "hidden text"        // HTML alone, with text that its reader does not see
	CommandAttachment    = "attachment only"    // no text of its own, only attached files or mails
	CommandForwarded     = "forwarded mail"     // the whole mail is message/rfc822
	CommandPartial       = "partial mail"       // message/partial or message/external-body
	CommandCharset       = "charset"            // UTF-7 and others in which letters hide as other letters
	CommandCharacters    = "characters"         // invisible, bidirectional or full-width characters in the first lines
	CommandControl       = "control characters" // NUL, escape and the like at the start of the text
	CommandDuplicate     = "duplicate header"   // a header field twice of which readers see different ones
	CommandHeaderSyntax  = "header syntax"      // lines in the header that are no header fields
	CommandRedirected    = "redirected"         // Resent- fields: it was sent on by somebody
	CommandReport        = "report"             // multipart/report: what it says was written by a machine
	CommandQuoteFirst    = "quote above"        // somebody else's words stand above the sender's
	CommandScattered     = "several texts"      // text in several parts, of which readers show different ones first
	CommandEncoding      = "encoding"           // a Content-Transfer-Encoding that is unknown or broken, or a text type that is
)

// Mailbox is one address with the name that its writer gave it. See hide.go for
// how it prints.
type Mailbox struct {
	Name    string // decoded, one line, no control or bidirectional characters; "" when there is none
	Address string // local part and domain in lower case ASCII, the domain in its IDNA form
}

// Field is one header field in the order of the mail.
type Field struct {
	Name  string // as written
	Value string // raw: unfolded, not decoded, blanks at both ends gone

	oddName bool // a blank or a fold stood between the name and its colon
}

// Attachment is a part that is listed and never opened.
type Attachment struct {
	Data  []byte // its content, where Limits.FileBytes asks for it
	Cut   bool   // Data is not all of it
	Shown bool   // a picture that the text shows where it stands, such as a logo in a signature
	Name  string // safe to show and to store under: no path, no control or bidirectional characters; "" when it has none
	Type  string // media type in lower case, as the sender claims
	Size  int64  // bytes after decoding
}

// Mail is what a mail says. Texts are UTF-8 with "\n" line ends and without control characters.
type Mail struct {
	From        Mailbox // the first usable address, also when FromProblem is set
	FromProblem string  // "" only for exactly one From field with exactly one plain mailbox

	ReplyTo, To, Cc []Mailbox
	Subject         string // decoded, one line
	MessageID       string // without angle brackets
	Date            time.Time
	InReplyTo       []string // Message-IDs without angle brackets
	References      []string // Message-IDs without angle brackets, oldest first
	Fields          []Field  // the mail's own header, within Limits.HeaderBytes

	Text           string   // the visible new text: no quotes, signatures, hidden HTML; lines starting with ">" are quotes between answers
	Whole          string   // all readable text, quotes included
	FirstLine      string   // the first visible line of the sender's own; "" when it is somebody else's, or there is none
	AfterFirst     []string // the lines of Text after FirstLine
	CommandProblem string   // why FirstLine must not be read as a command; "" = nothing against it

	Forwarded     string  // the text of a mail that this one passes on, inline or attached
	ForwardedFrom Mailbox // who wrote Forwarded, as far as it says so

	Attachments []Attachment

	Automatic      bool // written by a machine: never answer it
	AutomaticWhy   string
	List           bool // came through a mailing list, or is bulk mail
	ListWhy        string
	MDN            bool // a read receipt (RFC 8098)
	FeedbackReport bool // an abuse report (RFC 5965)
	Bounce         *Bounce

	Problem string   // what is wrong with the mail as a whole; the rest is read as far as it goes
	Digest  [32]byte // the same for two deliveries of one mail; see the comment at digester
	Size    int64    // bytes of the whole mail
}

// Get returns the raw value of the first header field of that name, "" when there is none.
func (m Mail) Get(name string) string { return first(m.Fields, name) }

// OwnText is Text without the quotes that stand between the sender's words: what the
// sender says, for telling what they want.
func (m Mail) OwnText() string {
	if !strings.Contains(m.Text, ">") {
		return m.Text
	}
	var own []string
	for _, text := range strings.Split(m.Text, "\n") {
		if !isQuoteLine(text) {
			own = append(own, text)
		}
	}
	return strings.Join(own, "\n")
}

// DuplicateFields returns those of names that the header holds more than once.
// Readers differ in which one they believe, and a signature covers only some.
func (m Mail) DuplicateFields(names ...string) []string {
	var twice []string
	for _, name := range names {
		if count(m.Fields, name) > 1 {
			twice = append(twice, name)
		}
	}
	return twice
}

// Bounce is what a delivery report says about a mail that did not arrive, or not yet.
// Nobody vouches for it (RFC 3464, 4): it counts only when Of is a mail that we sent.
type Bounce struct {
	Of         string // Message-ID of the mail that it is about, without angle brackets; "" when it does not say
	Action     string // RFC 3464, 2.3.3: failed, delayed, delivered, relayed or expanded, of the worst result
	Status     string // RFC 3463: 5.1.1, of the worst result; "" when it does not say
	Recipients []string
	Hard       bool // another try cannot help
	Temporary  bool // the other server goes on trying, or asks us to
	Reason     Reason
	Results    []BounceResult
}

// BounceResult is what became of one recipient.
type BounceResult struct {
	Recipient  string
	Action     string
	Status     string
	Diagnostic string // the other server's words, one line
	Reason     Reason
	Hard       bool
}
