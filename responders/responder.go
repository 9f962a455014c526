package responders

import (
	"context"
	"log/slog"
	"time"

	"dpobot/responders/export"
	"dpobot/responders/letter"
	"dpobot/responders/post"
	"dpobot/responders/registers"
	"dpobot/workflow"
)

// Queue is where tasks come from and results go. *workflow.Engine is one.
type Queue interface {
	// Claim hands out the next due task; next is when to ask again if ok is false.
	Claim(ctx context.Context) (w workflow.Work, ok bool, next time.Time, err error)
	// Renew keeps a task in hand; workflow.ErrLeaseLost means that another has it.
	Renew(ctx context.Context, w workflow.Work) error
	// Finish takes the result; workflow.ErrLeaseLost means that another's counts.
	Finish(ctx context.Context, w workflow.Work, r workflow.Result) error
	// Wake receives when a task was booked.
	Wake() <-chan struct{}
	// Store is read for digests, and remembers at once which mails were taken.
	Store() workflow.Store
	// Now is the clock.
	Now() time.Time
}

// Poster sends a mail. Its errors are those of package post.
type Poster interface {
	// It returns the mail as it went, for the copy.
	Send(ctx context.Context, m post.Mail) ([]byte, error)
}

// SentFolder keeps copies of what was sent, where the DPO can see them.
type SentFolder interface {
	// AppendSent files a copy.
	AppendSent(ctx context.Context, mail []byte, date time.Time) error
	// FindInSent tells whether a mail with the Message-ID lies there.
	FindInSent(ctx context.Context, messageID string) (bool, error)
}

// Letters are the words of the mails, by language and name.
type Letters interface {
	Letter(lang, name string, view any) (letter.Letter, error)
	// Word is a single word or sentence, such as the name of a kind.
	Word(lang, group, code string) string
}

// Register is a register with what was declared of it.
type Register struct {
	Spec registers.Spec
	registers.Register
	// Tell lists who was given the register's data and is to be told that it was changed or
	// erased (Art. 19 GDPR): by mail, or by a handler where there is no address.
	Tell []workflow.Recipient
}

// Handler is a data protection officer or deputy.
type Handler struct {
	Name     string
	Address  workflow.Address
	Language string
}

// Officer is the data protection officer as people see them.
type Officer struct {
	Name    string
	Contact string // the name with whatever else there is: telephone, mail, address
}

// Company is the controller, as its letters need it.
type Company struct {
	Controller Controller
	Authority  func(lang string) Authority
	Notice     func(lang string) export.Notice
	Mailbox    workflow.Address
	MailName   string // shown beside the mailbox's address
	Officer    Officer
	// PlusAddress: the server delivers mailbox+anything@ to the mailbox, so a one-click
	// answer can carry its secret in the address.
	PlusAddress bool
	Zone        *time.Location
	Handlers    []Handler
	Kept        []Kept // registers that people keep by hand
	KeptDays    int    // that a closed case is kept
	AnswerBytes int64  // the most that one mail of an answer may weigh; 0: no limit
	// StaleAfter is how long the mailbox may go unread before a digest says so.
	StaleAfter time.Duration
	// Extended is the due date of a request of that day once it is extended.
	Extended func(received workflow.Date) workflow.Date
	// CanaryStale is how old the last canary that came back may be before a digest says
	// so; 0: none is sent.
	CanaryStale time.Duration
	// StoreTrouble is what is wrong with the store now; nil: nobody asks it.
	StoreTrouble func(ctx context.Context) []TroubleView
}

// Responder does the tasks.
type Responder struct {
	queue     Queue
	stamps    workflow.Stamps
	letters   Letters
	poster    Poster
	sent      SentFolder // nil: no copies are kept
	registers []Register
	company   Company
	log       *slog.Logger
	lately    *lately
	server    *mailServer
}

// New puts a responder together. sent may be nil.
func New(queue Queue, stamps workflow.Stamps, letters Letters, poster Poster, sent SentFolder, regs []Register, company Company, log *slog.Logger) *Responder {
	return &Responder{queue: queue, stamps: stamps, letters: letters, poster: poster, sent: sent, registers: regs, company: company, log: log, lately: &lately{}, server: &mailServer{}}
}
