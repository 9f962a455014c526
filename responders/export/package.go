// Package export builds what a person gets for an access request: one PDF with a
// password, or several numbered ones, that holds a letter, everything the
// registers hold on the person, and the information of Art. 15(1)(a)-(h) and
// 15(2) GDPR; the same data for a computer (Art. 20) is attached inside it as
// JSON and CSV.
package export

import (
	"iter"
	"time"
)

// Package is one whole answer to one person. Texts that come from a register or
// from the person are data: they are shown, never evaluated.
type Package struct {
	// Language is the person's: fi, sv or en. Build refuses any other.
	Language string
	// Reference is the case's, as the mails print it.
	Reference string
	// Received is the day the request came, Answered the day of this answer.
	Received, Answered time.Time
	// Name greets the person; empty greets without a name.
	Name string
	// KeptUntil is when the request and this answer are erased; zero says nothing.
	KeptUntil time.Time

	Controller Controller
	// Registers are all registers that were searched, also those with nothing.
	Registers []Register
	Notice    Notice
}

// Controller is who answers: Art. 15 lets the person know whom to turn to.
type Controller struct {
	Name       string
	BusinessID string
	Address    string
	// Contact is the mail address (and telephone) for questions and for using one's rights.
	Contact string
	// DPO is the data protection officer or whoever answers for data protection, with contact.
	DPO string
}

// Register is one register with what it holds on this person. An empty
// Purpose, LegalBasis, Source, Retention, Transfers, Categories or Recipients
// takes the Notice's.
type Register struct {
	// Name is the register's own, as the configuration spells it; files are named after it.
	Name string
	// Title is what the person reads.
	Title string

	Source     string
	Purpose    string
	LegalBasis string
	Retention  string
	// RetainUntil is the date of erasure where it can be computed; zero if not.
	RetainUntil time.Time
	Categories  []string
	// Recipients are named, Art. 15(1)(c) as the Court reads it (C-154/21).
	Recipients []string
	// Transfers says to which countries outside the EEA, and under which safeguard.
	Transfers string

	// Records are what the register holds; Stream, if set, brings more of them
	// after Records without all being in memory. It is read once.
	Records []Record
	Stream  iter.Seq2[Record, error]
	// Files are documents that belong to the register, such as a keeper's print-out.
	Files []File
}

// Record is one row of a register, with what hangs from it.
type Record struct {
	// Title tells one record from another, such as "Order 1002"; may be empty.
	Title    string
	Values   []Value
	Children []Table
}

// Value is one field of a record.
type Value struct {
	// Field is the register's own name of it, Title the label a person reads.
	Field, Title string
	// Raw is the value as it stands in the register, byte for byte.
	Raw string
	// Null says that the register holds no value at all, which is not the empty text.
	Null bool
	// Redacted keeps Raw out of every page and file; Reason says why, in the person's
	// language. An empty Reason takes the general one (Art. 15(4)).
	Redacted bool
	Reason   string
}

// Table holds rows that belong to a record: orders, consents, log entries.
type Table struct {
	Title string
	// Columns are labels; Fields, if given, the register's own names, in the same order.
	Columns, Fields []string
	// Redacted marks the columns that are left out, in the order of Columns; may be shorter.
	Redacted []bool
	Rows     [][]string
	// Stream, if set, brings more rows after Rows. It is read once.
	Stream iter.Seq2[[]string, error]
}

// File is a document as it is, attached inside the PDF.
type File struct {
	// Name is shown to the person and made harmless as a file name.
	Name string
	// Type is a media type; empty is application/octet-stream.
	Type string
	Data []byte
}

// Notice is the part of the information of Art. 15 that holds for the whole
// controller. The fields that a Register has too hold for each register without its own.
type Notice struct {
	Source     string
	Purpose    string
	LegalBasis string
	Retention  string
	Categories []string
	Recipients []string
	// Transfers empty leaves the line out: silence says there are none (Art. 15(2)).
	Transfers string
	// AutomatedDecisions tells what a machine decides alone, by which logic and with
	// which consequences (Art. 15(1)(h)). Empty: the answer says that there are none.
	AutomatedDecisions string
	// Rights are what is to be said of the person's rights beside the general list.
	Rights    []string
	Authority Authority
	// Court names the court where one may sue (Art. 79); empty takes the general sentence.
	Court string
}

// Authority is the supervisory authority to complain to, Art. 15(1)(f).
type Authority struct {
	Name, Address, Phone, Email, Web string
}

// Limits bound what Build makes.
type Limits struct {
	// Bytes is the most that one part may weigh; over it the answer goes as numbered
	// parts. Zero is no limit by weight. A part is bounded by the number of its
	// values too, so that memory is.
	Bytes int64
}

// Part is one finished file. Most answers are one part, 1 of 1.
type Part struct {
	// Name is a file name without personal data: reference and number only.
	Name       string
	Data       []byte
	Number, Of int
	// NothingHeld says that the answer is that no register holds anything.
	NothingHeld bool
}
