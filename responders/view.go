package responders

import (
	"time"

	"dpobot/responders/letter"
	"dpobot/workflow"
)

// View is what a template may show. Whatever came from outside has type letter.Outside
// and is put into the mail untouched; the rest is the program's or the operator's own.
type View struct {
	Lang       string // fi, sv or en: the language of this mail
	Ref        string
	Controller Controller
	Officer    letter.Outside // the data protection officer's name
	Authority  Authority
	Greeting   letter.Outside // the person's name as they gave it; "" if they gave none

	Today    workflow.Date
	Received workflow.Date
	Due      workflow.Date // extended or not: the day that counts
	FirstDue workflow.Date // the due day before an extension
	Extended bool
	DaysLeft int // until Due; negative when overdue

	State workflow.State
	Items []ItemView
	Kinds []workflow.Kind

	// Of mails to handlers.
	Person     PersonView
	Mail       MailView   // the mail that opened the case
	Later      []MailView // later mails of the person, the newest last
	Why        []letter.Outside
	Warnings   []workflow.Warning
	Problem    string // why the mail could not be read whole: a code
	Registers  []RegisterView
	Unasked    []string       // registers that did not answer, by title
	Matches    []RegisterView // possible matches, to be picked by number
	Passphrase letter.Outside
	SendTo     letter.Outside // where the answer will go
	Notes      []NoteView
	Buttons    []Button
	Several    bool          // several items are open: a word is about all of them
	More       int           // mails that were joined but not kept
	Heard      string        // the language that the person wrote in, where it is not that of the mails to them: a code
	Extension  workflow.Date // what EXTEND would make of the due date; zero where it cannot be
	Doubted    time.Time     // UNVERIFIED: the person was told the other ways then; zero once verified
	Breach     *BreachView   // of the case; nil where none is open
	Told       []ToldView    // recipients of the data, and how far they were told
	Undo       time.Time     // when the undo window of an erasure ends
	Failed     []FailedView
	Tasks      []TaskView

	// Of single mails.
	Question  letter.Outside // ask: the handler's question; refusal, extension, closing: their text
	Reason    workflow.Reason
	About     string         // help: why it could not be followed (an obstacle or trouble code); attention: what failed
	Said      letter.Outside // help: what the handler had written
	Words     []WordView     // help: the words there are
	Refusals  []RefusalView  // refused-notice
	Refused   int            // refused-notice: how many, with those not spelled out
	Digest    DigestView     // digest
	Parts     []string       // answer: file names of the package
	Nothing   bool           // answer: nothing is held
	Recipient letter.Outside // tell-recipient: whom it goes to; keeper, keeper-said: the keeper's name

	// Of registers that are kept by hand.
	ByHand       []KeptRegisterView // mails to handlers: who keeps them, and what came of it
	KeptPlans    []ReportView       // mails to handlers: what an erasure would do in them
	Register     string             // keeper, keeper-said: the register's title
	RegisterName string             // keeper-said: its name, for the word TICK
	Until        workflow.Date      // keeper: the answer is needed by then
	Asked        workflow.Kind      // keeper, keeper-said: what the question is about
	Right        workflow.Right     // likewise, for kind other
	Verified     bool               // keeper: somebody made sure who the person is
	KnownBy      []KnownView        // keeper: what to find the person by
	Fields       []FieldView        // keeper: what is to be changed
	Plan         *ReportView        // keeper: what is to be erased, and what stays
	Settled      bool               // keeper-said: the question is answered
}

// Controller is the company as it signs.
type Controller struct {
	Name, BusinessID, Address, Mailbox string
	Phone, Web                         string // "" where they are not configured
}

// Authority is whom one can complain to.
type Authority struct {
	Name, Address, Phone, Mail, Web string
}

// ItemView is an item for the eye.
type ItemView struct {
	Kind    workflow.Kind
	Right   workflow.Right
	State   workflow.State
	Fields  []FieldView // of a change: what is, or was, to be written
	Ask     bool        // acknowledge: of a change of which nothing could be read, and the person was not asked yet
	Asked   time.Time   // when the acknowledgement asked the person what is to be changed
	Reports []ReportView
	Reason  workflow.Reason
	Text    letter.Outside

	Verified VerifiedView
}

// VerifiedView says who vouched for the person.
type VerifiedView struct {
	By  string // a handler's name; "" for nobody
	How workflow.How
	At  time.Time
}

// FieldView is a field of a change. InRegister is what the registers hold now, where a
// handler's mail shows it.
type FieldView struct {
	Title      string
	Old, New   letter.Outside
	InRegister letter.Outside
	Unknown    bool // no register has a field of this name: SET has to say which
	Unclear    []UnclearView
}

// UnclearView is a register of the person in which a field of a change could be several, or an address that stands
// there in parts cannot be told apart: SET has to say what goes where.
type UnclearView struct {
	Register string
	Fields   []string // titles, as SET takes them
}

// ReportView is what was done, or would be, in one register.
type ReportView struct {
	Title   string
	Records int
	Changed []FieldView
	Locked  []string // titles of fields that an earlier erasure left, and that stay as they are
	Left    []string // titles of fields that the register does not let mail change
	Deleted []string // titles of fields
	Kept    []KeptView
}

// KeptView is what the law keeps, on which ground and until when.
type KeptView struct {
	Fields []string
	Ground string
	Until  workflow.Date
}

// PersonView is the data subject as the mail shows them.
type PersonView struct {
	Name, Address letter.Outside
}

// MailView is a mail of the person.
type MailView struct {
	At          time.Time
	From        letter.Outside
	Subject     letter.Outside
	Text        letter.Outside
	Attachments []letter.Outside
}

// RegisterView is what a register holds on the person, in outline: never the values
// that the control questions ask for.
type RegisterView struct {
	N         int // number of a possible match, from 1; 0 for certain ones
	Title     string
	Records   int
	By        []string       // what a possible match was found by: role codes
	Telephone letter.Outside // on file: the one to ring
	Address   letter.Outside // mail address on file, where it is not the mail's
	Name      letter.Outside // name on file
	Questions []string       // titles of fields to ask for, which the mail does not give away
	Erase     *ReportView    // of an erasure: what would go and what must stay
}

// KeptRegisterView is a register kept by hand, with what was asked about it.
type KeptRegisterView struct {
	Title  string
	Name   string // as the word TICK knows it
	Keeper letter.Outside
	Kind   workflow.Kind // that was asked about
	State  string        // of the question; "" while none was put
	Until  workflow.Date
	Ticked bool // by a handler
	Text   letter.Outside
	Files  []letter.Outside
	// Later: nothing was asked yet, and will be.
	Later bool
}

// KnownView is something that a keeper may find the person by.
type KnownView struct {
	Role  string // a code
	Value letter.Outside
}

// NoteView is a handler's remark.
type NoteView struct {
	At   time.Time
	By   string
	Text letter.Outside
}

// Button is a word that one press puts into a reply.
type Button struct {
	Word string // in the handler's language, with an argument where it needs one
	What string // what it does
	Link string // mailto:
}

// FailedView is a task that failed for good.
type FailedView struct {
	Action   workflow.Action
	Why      string
	Register string // title of the register whose keeper was to be mailed, if it is that
}

// TaskView is a task and how far it has come.
type TaskView struct {
	Action workflow.Action
	State  workflow.TaskState
	Tries  int
	Due    time.Time
}

// WordView is a keyword and what it does.
type WordView struct {
	Word, What string
}

// RefusalView is a mail that did not count as a handler's word.
type RefusalView struct {
	At     time.Time
	Ref    string
	Reason string // a code that the template spells out
}

// DigestView is the day's overview.
type DigestView struct {
	Breaches                 []BreachView
	Pen                      []PenRow // mails that nobody could place
	PenMore                  int      // of them that are not listed
	Overdue, ThisWeek, Later []DigestRow
	Total                    int
	More                     int // cases that are not listed
	Failed                   []DigestRow
	Moved                    []MovedRow  // due dates that the calendar put later since the last digest
	MovedMore                int         // of them that are not listed
	Entries                  []MovedRow  // all of them: the calendar file
	Untold                   []UntoldRow // cases that are answered, and of which recipients have to be told by hand
	Lapsed                   []LapseView // registers of which something went because its retention was over
	InUse                    []LapseView // records that are in use again, so that nothing of them went
	Stuck                    []LapseView // what should have gone by now, and could not

	LastRead   time.Time // when the mailbox was last read with success; zero: never
	Stale      bool      // too long ago
	LastCanary time.Time // when a mail of our own last went all the way round; zero: never
	Silent     bool      // it is overdue
	Kept       bool      // the store was asked, and is well
	Trouble    []TroubleView
	Outages    []workflow.Outage // that ended since the last digest
}

// BreachView is a personal data breach whose 72 hours run (Art. 33(1) GDPR).
type BreachView struct {
	Ref        string
	Known, Due time.Time
	HoursLeft  int // whole ones; negative when over
	Gone       int // of the 72 hours, in percent
	Button     Button
}

// PenRow is a mail that nobody could place: a case that a handler has to sort.
type PenRow struct {
	Ref      string
	At       time.Time
	From     letter.Outside
	Name     letter.Outside
	Subject  letter.Outside
	Problem  string             // why it could not be read whole: a code
	Warnings []workflow.Warning // what a handler should know first
	Due      workflow.Date
	DaysLeft int
	Buttons  []Button
}

// MovedRow is a due date that moved.
type MovedRow struct {
	Ref      string
	From, To workflow.Date
	Why      string // the holiday
	Sequence int    // of the calendar entry
}

// TroubleView is something wrong with a part of the program.
type TroubleView struct {
	Code   string         // names the sentence
	Detail letter.Outside // which one, and how to mend it; English, as check says it
}

// DigestRow is one open case.
type DigestRow struct {
	Ref      string
	Kinds    []workflow.Kind
	State    workflow.State
	Due      workflow.Date
	DaysLeft int
	Urgent   bool
	Breach   bool
	Doubted  time.Time // the person was told the other ways then, and is not verified yet
	Failed   []FailedView
	Buttons  []Button // the next step, where it is one word
	Awaited  []string // titles of registers whose keepers have not answered
}

// LapseView is what came of data that an erasure had to keep, on its day.
type LapseView struct {
	Title   string // of the register
	Records int    // of Lapsed
	Case    string // of the others: the case of the erasure
	Record  string // of the others: the reference to answer about
	Why     string // of Stuck
}

// ToldView is a recipient of the data, and how far they were told of a change or an erasure (Art. 19 GDPR).
type ToldView struct {
	Name   letter.Outside
	Title  string    // of the register
	State  string    // a code: told-mail, told-hand, told-waiting, told-failed, told-open
	At     time.Time // when they were told; zero until then
	Button Button    // of told-open: the word that ticks them off
}

// UntoldRow is an answered case of which recipients still have to be told by hand.
type UntoldRow struct {
	Ref  string
	Told []ToldView
}
