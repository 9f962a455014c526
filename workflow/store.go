package workflow

import (
	"context"
	"errors"
	"iter"
	"time"
)

// The errors of a Store that callers tell apart. Every other error is trouble with the
// store itself: try again later.
var (
	// ErrConflict: another process changed the case first; load it and decide anew.
	ErrConflict = errors.New("the case was changed meanwhile")
	// ErrDuplicate: the mail was filed before; nothing was written.
	ErrDuplicate = errors.New("the mail was filed before")
	// ErrNoCase: no such case, or it was purged.
	ErrNoCase = errors.New("no such case")
	// ErrNoFile: the document was destroyed, or was never kept.
	ErrNoFile = errors.New("no such document")
	// ErrLeaseLost: another worker has the task now.
	ErrLeaseLost = errors.New("another worker has the task")
)

// Store keeps cases, the due queue, what was seen, and the audit trail.
// workflow/redisstore is the one there is.
type Store interface {
	// NewRef hands out the next reference of the year. Numbers may be skipped, never
	// handed out twice.
	NewRef(ctx context.Context, year int) (Ref, error)
	// Load reads a case. ErrNoCase where there is none. Desk always exists (Version 0 at first).
	Load(ctx context.Context, ref Ref) (Case, error)
	// Commit writes one change of one case: all of it or nothing. ErrConflict,
	// ErrDuplicate.
	Commit(ctx context.Context, step Step) error
	// Seen tells whether one of the identities was filed before.
	Seen(ctx context.Context, identities ...string) (bool, error)
	// ByAddress lists the cases of a person's address that are not purged, oldest first.
	ByAddress(ctx context.Context, address Address) ([]Ref, error)
	// ByMessage finds the case that a Message-ID belongs to; "" where none does.
	ByMessage(ctx context.Context, messageIDs ...string) (Ref, error)
	// Open walks the open cases by due date, the nearest first.
	Open(ctx context.Context) iter.Seq2[Case, error]
	// All walks every case and stub, oldest first.
	All(ctx context.Context) iter.Seq2[Case, error]
	// Ripe lists the closed cases whose purge day is on or before day.
	Ripe(ctx context.Context, day Date) ([]Ref, error)
	// Purge replaces a closed case by its stub and destroys its key: nothing personal
	// can be read of it again.
	Purge(ctx context.Context, ref Ref, version int, entries ...Entry) error
	// RetainedRef names the pseudo-case of a record: the same for the same record, by a keyed hash.
	RetainedRef(register string, key Text) Ref
	// Retained walks the pseudo-cases of what erasures have left.
	Retained(ctx context.Context) iter.Seq2[Case, error]
	// Forget takes a pseudo-case away, without a stub. ErrConflict.
	Forget(ctx context.Context, ref Ref, version int, entries ...Entry) error
	// AddTombstone remembers, by keyed hashes, that somebody was erased from registers at a time: a restored backup may
	// bring them back. DropTombstones forgets those from before, and tells how many.
	AddTombstone(ctx context.Context, address Address, registers []string, at time.Time) error
	DropTombstones(ctx context.Context, before time.Time) (int, error)
	// Claim hands out the next due task and books its return at now+lease before it
	// does. ok is false where none is due; next then says when the next one will be
	// (zero: none is booked).
	Claim(ctx context.Context, now time.Time, lease time.Duration) (c Claim, ok bool, next time.Time, err error)
	// Renew moves the claimed task's return to now+lease. ErrLeaseLost.
	Renew(ctx context.Context, c Claim, now time.Time, lease time.Duration) error
	// File reads a document that Step.Files kept. ErrNoFile where the case no longer names it.
	File(ctx context.Context, ref Ref, id string) ([]byte, error)
	// MarkSent remembers at once that the task's mail was taken by the server, before
	// the case says so; WasSent asks. Both survive a killed process.
	MarkSent(ctx context.Context, ref Ref, task int) error
	WasSent(ctx context.Context, ref Ref, task int) (bool, error)
	// Allow counts one more of what within per, and tells whether that is within limit.
	// what must hold no personal data unless hashed by the store: it is keyed-hashed.
	Allow(ctx context.Context, what string, limit int, per time.Duration, now time.Time) (bool, error)
	// Compact makes the server rewrite what it keeps on disk, so that nothing of earlier
	// versions of cases is left there. It may be long; an error is no loss.
	Compact(ctx context.Context) error
	// AddCorrection remembers, without any text of the mail, that a handler sorted a
	// mail otherwise than the sorter had.
	AddCorrection(ctx context.Context, fields map[string]string) error
	// Trail lists the audit entries of a case in order; all entries for ref "".
	Trail(ctx context.Context, ref Ref) iter.Seq2[Entry, error]
	// Health remembers and tells facts about the program's life, such as "last-poll".
	SetHealth(ctx context.Context, fact string, at time.Time) error
	Health(ctx context.Context) (map[string]time.Time, error)
}

// Step is one commit: one change of one case.
type Step struct {
	// Case as it is to be, with Version still that of the loaded case (0: a new one);
	// the store writes Version+1. The booked and finished tasks, the indexes by
	// address and due date, and whether it is open are taken from it.
	Case Case
	// Identities of the mail that caused it: if one was seen, ErrDuplicate.
	Identities []string
	// MessageIDs that belong to the case from now on.
	MessageIDs []string
	// Files are documents to keep with the case, sealed, beside it. The store keeps those that Case.FileIDs names
	// and destroys every other.
	Files []NewFile
	// Claim that this change finishes, or nil. ErrLeaseLost where it was lost.
	Claim *Claim
	// Entries for the audit trail; Seq, Prev and Hash are filled in by the store.
	Entries []Entry
}

// NewFile is a document to keep, under an ID of the case's own.
type NewFile struct {
	ID   string
	Data []byte
}

// Claim is a task in hand.
type Claim struct {
	Ref   Ref
	Task  int
	Token string // proves the claim to the store
	Tries int    // how often it was handed out, this time included
}

// Entry is one line of the audit trail. It holds no personal data: people are keyed
// hashes, mails are their Message-ID and digest.
type Entry struct {
	Seq    int64             `json:"seq"`
	At     time.Time         `json:"at"`
	Ref    Ref               `json:"ref"`
	Event  string            `json:"event"`
	Actor  string            `json:"actor,omitempty"` // "bot", or a handler's pseudonym
	Detail map[string]string `json:"detail,omitempty"`
	Prev   string            `json:"prev"`
	Hash   string            `json:"hash"`
}
