package workflow

import "time"

// Action is what a task does. Mails are named for what they say.
type Action string

const (
	// Work.

	LookUp        Action = "look-up"        // ask the registers who the person is; owes Found and, for access, a passphrase
	ChangeData    Action = "change-data"    // write the fields of a change
	EraseData     Action = "erase-data"     // erase by plan
	Object        Action = "object"         // end marketing or consent
	EraseRetained Action = "erase-retained" // erase what an earlier erasure had to keep until now
	Window        Action = "window"         // the undo window of an erasure ends; done by the engine itself
	Shred         Action = "shred"          // the documents of a keeper go; done by the engine itself

	// Mails to the person.

	Acknowledge    Action = "acknowledge"
	AskPerson      Action = "ask"
	OtherWays      Action = "other-ways"
	Answer         Action = "answer" // the access answer: releases personal data
	ConfirmChange  Action = "confirm-change"
	ConfirmErasure Action = "confirm-erasure"
	ConfirmOther   Action = "confirm-other"
	Refusing       Action = "refusal"
	Extension      Action = "extension"
	Closing        Action = "closing" // answered outside, or withdrawn

	// Mails to a handler.

	CaseMail      Action = "case-mail"
	TriageMail    Action = "triage-mail"
	FollowUpMail  Action = "follow-up"
	Receipt       Action = "receipt"
	AttentionMail Action = "attention-mail"
	ReminderMail  Action = "reminder"
	StatusMail    Action = "status"
	HelpMail      Action = "help"
	RefusedNotice Action = "refused-notice"
	DigestMail    Action = "digest"

	// Mails to others.

	TellRecipient Action = "tell-recipient" // Art. 19 GDPR

	// Mails about a register that a human keeps.

	KeeperMail Action = "keeper"      // asks its keeper, or asks again
	KeeperStop Action = "keeper-stop" // nothing is to be done any more
	KeeperSaid Action = "keeper-said" // to a handler: what the keeper answered
)

// Audience is whom an action's mail goes to.
type Audience string

const (
	NoMail      Audience = ""  // work, no mail
	ToPerson    Audience = "p" // the data subject
	ToHandler   Audience = "h" // a handler; the Message-ID holds the case secret
	ToRecipient Audience = "r" // a recipient of the data
	ToKeeper    Audience = "k" // a register's keeper; the Message-ID holds the secret of the question
)

// Audience tells whom the action's mail goes to.
func (a Action) Audience() Audience {
	switch a {
	case LookUp, ChangeData, EraseData, EraseRetained, Object, Window, Shred:
		return NoMail
	case CaseMail, TriageMail, FollowUpMail, Receipt, AttentionMail, ReminderMail, StatusMail, HelpMail, RefusedNotice, DigestMail, KeeperSaid:
		return ToHandler
	case TellRecipient:
		return ToRecipient
	case KeeperMail, KeeperStop:
		return ToKeeper
	}
	return ToPerson
}

// Releases tells whether the action gives personal data away, or changes or erases it:
// none of these may happen before a handler vouched for the person.
func (a Action) Releases() bool {
	switch a {
	case Answer, ChangeData, EraseData, ConfirmChange, ConfirmErasure, TellRecipient:
		return true
	}
	return false
}

// TaskState is how far a task has come.
type TaskState string

const (
	TaskWaiting TaskState = "waiting" // in the due queue
	TaskDone    TaskState = "done"
	TaskFailed  TaskState = "failed"  // for good, until RETRY
	TaskStopped TaskState = "stopped" // by STOP, or no longer wanted
)

// Task is one thing to do for a case. It is booked in the due queue by the commit that
// creates it, and each may be performed twice without harm.
type Task struct {
	N       int       `json:"n"` // from 1, never used again
	Action  Action    `json:"action"`
	Item    int       `json:"item,omitempty"`    // 0: the whole case
	Inquiry int       `json:"inquiry,omitempty"` // the question to a keeper that a mail puts or is about; 0: none
	To      Address   `json:"to,omitempty"`      // of a mail: its one recipient, pinned when the task was made
	State   TaskState `json:"state"`
	Due     time.Time `json:"due"`
	Tries   int       `json:"tries,omitempty"` // failed tries so far
	Why     string    `json:"why,omitempty"`   // why the last try failed, in plain words without personal data
	Done    time.Time `json:"done,omitzero"`
	Perhaps bool      `json:"perhaps,omitempty"` // of a mail: a try ended without the server's answer, so it may have gone
	Text    Text      `json:"text,omitempty"`    // a question, a note, a reason: what the action says; of TellRecipient the register
	Name    string    `json:"name,omitempty"`    // of a recipient; or what a notice is about
	Upto    int       `json:"upto,omitempty"`    // items that the mail told of: an answer to it speaks of these alone
	Epoch   int       `json:"epoch,omitempty"`   // of the case when the mail was booked
	Reply   string    `json:"reply,omitempty"`   // Message-ID that the mail answers
	Date    Date      `json:"date,omitzero"`     // of a digest or reminder: its day
}

// Waiting tells whether the task is still to be done.
func (t Task) Waiting() bool { return t.State == TaskWaiting }
