package workflow

import (
	"slices"
	"time"
)

// Word is a keyword in its English spelling, whatever language it was typed in.
type Word string

const (
	// WordVerified: the person was checked; answer.
	WordVerified Word = "VERIFIED"
	// WordUnverified: tell the person the other ways to prove who they are.
	WordUnverified Word = "UNVERIFIED"
	// WordKind sorts the case otherwise.
	WordKind Word = "KIND"
	// WordSet says what a change is to write.
	WordSet Word = "SET"
	// WordExtend takes two months more, with a reason (Art. 12(3) GDPR).
	WordExtend Word = "EXTEND"
	// WordRefuse turns the request down, with a typed reason (Art. 12(4), 12(5) GDPR).
	WordRefuse Word = "REFUSE"
	// WordAsk puts a question to the person.
	WordAsk Word = "ASK"
	// WordStop cancels what has not gone out yet.
	WordStop Word = "STOP"
	// WordRetry tries the failed tasks again.
	WordRetry Word = "RETRY"
	// WordIgnore: not a request.
	WordIgnore Word = "IGNORE"
	// WordJoin: the mail belongs to another case.
	WordJoin Word = "JOIN"
	// WordDone: answered outside the bot.
	WordDone Word = "DONE"
	// WordTick: a register that a human keeps was seen to; go on without its keeper.
	WordTick Word = "TICK"
	// WordNew is a request that came by phone, letter or counter.
	WordNew Word = "NEW"
	// WordBreach opens or, with DONE, closes the 72-hour entry (Art. 33 GDPR).
	WordBreach Word = "BREACH"
	// WordNote adds a note to the case.
	WordNote Word = "NOTE"
	// WordStatus asks for the case as it stands.
	WordStatus Word = "STATUS"
	// WordHelp asks for the words there are.
	WordHelp Word = "HELP"
)

// Irreversible tells whether the word releases, erases or closes: it spends the
// secret that it came with, and nothing but blank may follow it in the mail.
func (w Word) Irreversible() bool {
	switch w {
	case WordVerified, WordRefuse, WordIgnore, WordJoin, WordDone:
		return true
	}
	return false
}

// How says in which way the person was verified; it goes to the audit trail.
type How string

const (
	ByCall   How = "call"   // rung at the number on file
	ByVisit  How = "visit"  // came in person
	ByLetter How = "letter" // wrote, signed
	ByVideo  How = "video"  // a video call
	ByEID    How = "eid"    // strong electronic identification
	ByOther  How = "other"  // otherwise, see the note
)

// Reason is a ground of refusal that the law knows.
type Reason string

const (
	Unfounded      Reason = "unfounded"      // manifestly unfounded, Art. 12(5)(b) GDPR
	Excessive      Reason = "excessive"      // excessive, repetitive, Art. 12(5)(b) GDPR
	Unidentifiable Reason = "unidentifiable" // cannot be identified, Art. 11(2), 12(2) GDPR
	ThirdParty     Reason = "thirdparty"     // rights of others, Art. 15(4) GDPR
	LegalDuty      Reason = "legalduty"      // must be kept by law, Art. 17(3)(b) GDPR
	LegalClaim     Reason = "legalclaim"     // needed for legal claims, Art. 17(3)(e) GDPR
	Correct        Reason = "correct"        // the data is right as it is, Art. 16 GDPR
	NotController  Reason = "notcontroller"  // another controller holds the data
	ExemptLaw      Reason = "exempt"         // another exemption in law, named in the text
)

// Reasons lists every ground of refusal.
var Reasons = [...]Reason{Unfounded, Excessive, Unidentifiable, ThirdParty, LegalDuty, LegalClaim, Correct, NotController, ExemptLaw}

// FieldChange is one value that a change is to write. Field is what the person or the
// handler called it: the name of a register's field, its title in any language, or one
// of the roles name, email, telephone, address.
type FieldChange struct {
	Field string `json:"field"`
	Old   Text   `json:"old,omitempty"`
	New   Text   `json:"new"`
}

// Command is one keyword with its arguments, as a handler typed it.
type Command struct {
	Word      Word          `json:"word"`
	How       How           `json:"how,omitempty"`       // VERIFIED BY
	SendTo    Address       `json:"send_to,omitempty"`   // VERIFIED, SEND TO
	Pick      []int         `json:"pick,omitempty"`      // VERIFIED, MATCH n: which possible matches are the person, from 1
	Kinds     []Kind        `json:"kinds,omitempty"`     // KIND, NEW; of REFUSE, IGNORE, DONE the items alone that it is about, none: all
	Right     Right         `json:"right,omitempty"`     // KIND objection etc.: which right, for kind other
	Fields    []FieldChange `json:"fields,omitempty"`    // SET
	Reason    Reason        `json:"reason,omitempty"`    // REFUSE
	Text      Text          `json:"text,omitempty"`      // EXTEND, REFUSE, ASK, DONE, TICK, NOTE
	To        Ref           `json:"to,omitempty"`        // JOIN: the case that the mail belongs to
	Address   Address       `json:"address,omitempty"`   // NEW
	Name      Text          `json:"name,omitempty"`      // NEW
	Recipient string        `json:"recipient,omitempty"` // DONE TOLD: who was
	Received  Date          `json:"received,omitzero"`   // NEW; zero means today
	Argument  Text          `json:"argument,omitempty"`  // everything after the word, as typed
	At        time.Time     `json:"at,omitzero"`         // when the mail with it arrived; zero: now
}

// narrows tells whether the word is about items of some kinds alone.
func (c Command) narrows() bool {
	switch c.Word {
	case WordRefuse, WordIgnore, WordDone:
		return len(c.Kinds) > 0
	}
	return false
}

// concerns tells whether the word is about the item.
func (c Command) concerns(it Item) bool {
	return !c.narrows() || slices.Contains(c.Kinds, it.Kind) && (it.Kind != Other || c.Right == "" || c.Right == it.Right)
}
