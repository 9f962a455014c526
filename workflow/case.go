package workflow

import (
	"log/slog"
	"time"
)

// Ref is the reference of a case, such as "DPO-2026-0001": it stands in every mail
// about the case, and proves nothing.
type Ref string

// Desk is the pseudo-case of what belongs to no single case: digests, and notices about
// mails that nobody could place. It has a version, tasks and a trail like any case, but
// no items, and no list shows it.
const Desk Ref = "DESK"

// State is the decision state of an item, or of a whole case.
type State string

const (
	// Triage: a person may be asking for something; the sorter is not sure.
	Triage State = "triage"
	// Verifying: acknowledged; waits for the checking call.
	Verifying State = "verifying"
	// Asking: a question went to the person.
	Asking State = "asking"
	// Grace: erasure confirmed; the undo window runs.
	Grace State = "grace"
	// Fulfilling: tasks at work.
	Fulfilling State = "fulfilling"
	// Attention: a task failed for good; a handler has to look.
	Attention State = "attention"
	// Answered: closed, done.
	Answered State = "answered"
	// Refused: closed, turned down with a reason.
	Refused State = "refused"
	// Withdrawn: closed, taken back by the person, and a handler agreed.
	Withdrawn State = "withdrawn"
	// NotARequest: closed, a handler said that it is none.
	NotARequest State = "not-a-request"
)

// States lists every state, the most urgent first: the state of a case is the first of
// these that one of its items is in.
var States = [...]State{Attention, Triage, Asking, Verifying, Grace, Fulfilling, Answered, Refused, Withdrawn, NotARequest}

// Closed tells whether nothing more happens in this state.
func (s State) Closed() bool {
	switch s {
	case Answered, Refused, Withdrawn, NotARequest:
		return true
	}
	return false
}

// Person is the data subject as the mail shows them. Nothing of it is proven.
type Person struct {
	Address Address         `json:"address"`
	Name    Text            `json:"name,omitempty"`
	Also    map[string]Text `json:"also,omitempty"` // role (telephone, customer_number, birth_date) to what the mail gives
}

// Verification says who vouched for the person, how and when.
type Verification struct {
	By  Address   `json:"by"`
	How How       `json:"how"`
	At  time.Time `json:"at"`
	// Mails is how many mails the case had then: what the person wrote later was no part of the decision.
	Mails int `json:"mails,omitempty"`
}

// Item is one right that the case is about.
type Item struct {
	N        int              `json:"n"` // from 1, never used again
	Kind     Kind             `json:"kind"`
	Right    Right            `json:"right,omitempty"`
	State    State            `json:"state"`
	Was      State            `json:"was,omitempty"` // the state before Attention
	Opened   time.Time        `json:"opened"`
	Verified *Verification    `json:"verified,omitempty"`
	Asked    time.Time        `json:"asked,omitzero"`   // of a change: when the acknowledgement asked what is to be written, once
	Fields   []FieldChange    `json:"fields,omitempty"` // of a change: what is to be written
	Reason   Reason           `json:"reason,omitempty"` // of a refusal
	Text     Text             `json:"text,omitempty"`   // of a refusal, or how it was answered outside
	Reports  []RegisterReport `json:"reports,omitempty"`
	Doubted  time.Time        `json:"doubted,omitzero"` // UNVERIFIED: when the person was told the other ways, and not verified since
	// Inquiries are what the keepers of registers are asked about it.
	Inquiries []Inquiry `json:"inquiries,omitempty"`
	GraceEnd  time.Time `json:"grace_end,omitzero"`
	Closed    time.Time `json:"closed,omitzero"`
}

// Found is a record of a register that is the person's, or may be.
type Found struct {
	Register string  `json:"register"`
	Key      Text    `json:"key"`
	Certain  bool    `json:"certain"`           // found by the address; else a possible match that a handler picks
	Picked   bool    `json:"picked,omitempty"`  // a handler picked it
	Address  Address `json:"address,omitempty"` // the address on file
}

// RegisterReport is what was done in one register.
type RegisterReport struct {
	Register string        `json:"register"`
	Records  int           `json:"records"`
	Changed  []FieldChange `json:"changed,omitempty"`
	Locked   []string      `json:"locked,omitempty"`  // fields of somebody who was erased: what is left of them stays as it is
	Left     []string      `json:"left,omitempty"`    // fields that the register does not let mail change
	Deleted  []string      `json:"deleted,omitempty"` // fields
	Kept     []Kept        `json:"kept,omitempty"`
}

// Kept is a group of fields that the law keeps.
type Kept struct {
	Fields []string          `json:"fields"`
	Ground map[string]string `json:"ground"`         // by language
	Until  Date              `json:"until,omitzero"` // the last day on which any of it is kept
	Next   Date              `json:"next,omitzero"`  // the last day on which all of it is; zero where no date is known
}

// Warning is a sign in a person's mail that a handler should know before they ring.
type Warning string

const (
	// ReplyElsewhere: answers would go to another address than From.
	ReplyElsewhere Warning = "reply-elsewhere"
	// FromAmbiguous: no single sender could be read.
	FromAmbiguous Warning = "from-ambiguous"
	// DMARCFailed: the border says that the sender's domain did not send this.
	DMARCFailed Warning = "dmarc-failed"
	// Urgency: the mail presses.
	Urgency Warning = "urgency"
	// SendElsewhere: the mail asks to answer to another address.
	SendElsewhere Warning = "send-elsewhere"
	// OtherSender: a later mail of the case came from another address.
	OtherSender Warning = "other-sender"
	// OnBehalf: somebody passed the request on, or writes for another.
	OnBehalf Warning = "on-behalf"
	// Withdrawal: the person seems to take the request back; only a handler closes it.
	Withdrawal Warning = "withdrawal"
	// Reminder: the person asks where the answer stays.
	Reminder Warning = "reminder"
	// Partial: the mail could not be read whole.
	Partial Warning = "partial"
	// NameDiffers: the display name is not the one in the register.
	NameDiffers Warning = "name-differs"
	// FreeMail: a free-mail address, while the register holds another address.
	FreeMail Warning = "free-mail"
	// NoMatch: no register knows the address.
	NoMatch Warning = "no-match"
	// WrongPerson: somebody who got a mail of the case says that it was not for them.
	WrongPerson Warning = "wrong-person"
	// Stray: the mail names or answers a case that it cannot be told to belong to.
	Stray Warning = "stray"
)

// Message is one mail of the case.
type Message struct {
	ID          string    `json:"id"` // Message-ID without angle brackets
	Out         bool      `json:"out,omitempty"`
	At          time.Time `json:"at"`
	From        Address   `json:"from,omitempty"`
	Subject     Text      `json:"subject,omitempty"`
	Text        Text      `json:"text,omitempty"` // visible new text, bounded
	References  []string  `json:"references,omitempty"`
	Attachments []string  `json:"attachments,omitempty"`
	Problem     string    `json:"problem,omitempty"`
}

// Note is a handler's remark.
type Note struct {
	At   time.Time `json:"at"`
	By   Address   `json:"by"`
	Text Text      `json:"text"`
}

// Case is all that is known of one person's request. A Store keeps it sealed.
type Case struct {
	Ref      Ref       `json:"ref"`
	Version  int       `json:"version"` // of the stored case; the next commit must be one more
	Person   Person    `json:"person"`
	SendTo   Address   `json:"send_to,omitempty"` // where answers go: pinned, see Pinned
	Language string    `json:"language"`          // of the mails to the person
	Heard    string    `json:"heard,omitempty"`   // language that the person wrote in
	Received time.Time `json:"received"`          // INTERNALDATE of the request
	Clock    Clock     `json:"clock"`
	Items    []Item    `json:"items"`
	Tasks    []Task    `json:"tasks,omitempty"`
	LastTask int       `json:"last_task"`
	Epoch    int       `json:"epoch"`          // grows with each irreversible keyword; secrets of earlier epochs are spent
	Spent    time.Time `json:"spent,omitzero"` // when it last grew: the secrets of older digests are spent too
	Used     []string  `json:"used,omitempty"`
	Messages []Message `json:"messages,omitempty"`
	More     int       `json:"more,omitempty"` // mails that were joined but no longer kept
	Why      []Text    `json:"why,omitempty"`  // the sorter's reasons
	Warnings []Warning `json:"warnings,omitempty"`
	Urgent   bool      `json:"urgent,omitempty"`
	Problem  string    `json:"problem,omitempty"` // why the mail could not be read whole
	Joined   Ref       `json:"joined,omitempty"`  // the case that a handler said its mails belong to
	Found    []Found   `json:"found,omitempty"`
	Looked   bool      `json:"looked,omitempty"` // the registers were asked
	Unasked  []string  `json:"unasked,omitempty"`
	// Passphrase opens the package; it is spoken on the call and mailed to handlers only.
	Passphrase Text         `json:"passphrase,omitempty"`
	Notes      []Note       `json:"notes,omitempty"`
	Breach     *BreachClock `json:"breach,omitempty"`
	Purge      Date         `json:"purge,omitzero"`     // the day on which all but the stub goes
	Digest     Date         `json:"digest,omitzero"`    // of the desk: the day of the last digest
	Refusals   []Refusal    `json:"refusals,omitempty"` // of the desk: not yet told of, the first few
	Refused    int          `json:"refused,omitempty"`  // of the desk: not yet told of, all
	Reminded   []string     `json:"reminded,omitempty"` // reminders that were sent, "7d"
	Lapses     []Lapse      `json:"lapses,omitempty"`   // of the desk: not yet told of, the first ones
	Lapsed     int          `json:"lapsed,omitempty"`   // of the desk: those beyond
	Erased     bool         `json:"erased,omitempty"`   // an erasure was done, and the content of the case goes when its last item closes
	Tellings   []Telling    `json:"tellings,omitempty"` // recipients to be told by hand
	Retained   *Retained    `json:"retained,omitempty"` // of a pseudo-case: what an erasure left of a record
}

// BreachClock is the 72-hour entry of Art. 33(1) GDPR.
type BreachClock struct {
	Known time.Time `json:"known"`
	Due   time.Time `json:"due"`
	Done  time.Time `json:"done,omitzero"`
}

// LogValue is the reference: a log must not spell out the rest.
func (c Case) LogValue() slog.Value { return slog.StringValue(string(c.Ref)) }

// State is the most urgent state of the items.
func (c Case) State() State {
	for _, s := range States {
		for _, it := range c.Items {
			if it.State == s {
				return s
			}
		}
	}
	return NotARequest
}

// Closed tells whether every item is closed, no breach is open, and every recipient was told. A case of which only the
// recipients are left is answered, as far as the person and the month go, and not closed.
func (c Case) Closed() bool { return c.State().Closed() && !c.Breached() && len(c.Untold()) == 0 }

// Breached tells whether a personal data breach is open.
func (c Case) Breached() bool { return c.Breach != nil && c.Breach.Done.IsZero() }

// Kinds lists the kinds of the items, in the order of the items, each once.
func (c Case) Kinds() []Kind {
	var kinds []Kind
	seen := map[Kind]bool{}
	for _, it := range c.Items {
		if !seen[it.Kind] {
			seen[it.Kind] = true
			kinds = append(kinds, it.Kind)
		}
	}
	return kinds
}

// Item finds an item by its number; nil where there is none.
func (c *Case) Item(n int) *Item {
	for i := range c.Items {
		if c.Items[i].N == n {
			return &c.Items[i]
		}
	}
	return nil
}

// Task finds a task by its number; nil where there is none.
func (c *Case) Task(n int) *Task {
	for i := range c.Tasks {
		if c.Tasks[i].N == n {
			return &c.Tasks[i]
		}
	}
	return nil
}

// Pinned is the address that answers go to: the one that a handler typed, else the one
// on file of the record that a handler picked, else the one that the request came from.
// No later mail moves it.
func (c Case) Pinned() Address {
	if c.SendTo != "" {
		return c.SendTo
	}
	for _, f := range c.Found {
		if f.Picked && f.Address != "" {
			return f.Address
		}
	}
	return c.Person.Address
}

// Theirs lists the records that are the person's: found by the address, or picked.
func (c Case) Theirs() []Found {
	var theirs []Found
	for _, f := range c.Found {
		if f.Certain || f.Picked {
			theirs = append(theirs, f)
		}
	}
	return theirs
}

// First is the mail that opened the case, or nil.
func (c Case) First() *Message {
	for i := range c.Messages {
		if !c.Messages[i].Out {
			return &c.Messages[i]
		}
	}
	return nil
}

// Warn adds a warning once.
func (c *Case) Warn(w Warning) {
	for _, have := range c.Warnings {
		if have == w {
			return
		}
	}
	c.Warnings = append(c.Warnings, w)
}
