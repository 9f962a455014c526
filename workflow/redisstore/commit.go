package redisstore

import (
	"context"
	"errors"
	"fmt"
	"time"

	"dpobot/workflow"
	"dpobot/workflow/redisstore/seal"
)

// Commit writes one change of one case: all of it or nothing. workflow.ErrConflict,
// workflow.ErrDuplicate, workflow.ErrLeaseLost. A waiting task is booked at its Due, also
// where that moved; one in another's hand keeps its return. After any other error the
// change may have been written or not: repeat it, or load the case.
func (s *Store) Commit(ctx context.Context, step workflow.Step) error {
	c := step.Case
	c.Version++
	if c.Ref == "" || c.Version < 1 {
		return errors.New("commit: a case without reference or with a negative version")
	}
	box, err := s.sealCase(c)
	if err != nil {
		return fmt.Errorf("commit %s: %w", c.Ref, err)
	}
	files, err := s.sealFiles(c.Ref, step.Files)
	if err != nil {
		return fmt.Errorf("commit %s: %w", c.Ref, err)
	}
	word, err := s.run(ctx, s.commitChange(c, step, box, files))
	if err == nil && word != "ok" {
		err = unexpected(word)
	}
	switch word {
	case "duplicate":
		err = workflow.ErrDuplicate
	case "conflict":
		err = workflow.ErrConflict
	case "lost":
		err = workflow.ErrLeaseLost
	}
	if err != nil {
		return fmt.Errorf("commit %s: %w", c.Ref, err)
	}
	return nil
}

// commitChange is the call of commit.lua for a sealed case and its new documents.
func (s *Store) commitChange(c workflow.Case, step workflow.Step, box seal.Box, files []any) *change {
	k := s.keys
	keys := []string{k.sealed(c.Ref), k.cases(), k.open(), k.purge(), k.due(), k.tokens(),
		k.tries(), k.sent(), k.seen(), k.messages(), k.files(c.Ref)}

	if c.Ref.Retained() {
		keys[1] = k.retained() // in place of the list of cases
	}
	listed, due, purge := "1", "", ""
	if c.Ref == workflow.Desk {
		listed = ""
	}
	if !c.Closed() {
		due = fmt.Sprint(dayNumber(c.Clock.Ends()))
	} else if !c.Purge.IsZero() {
		purge = fmt.Sprint(dayNumber(c.Purge))
	}
	task, token := "", ""
	if step.Claim != nil {
		task, token = fmt.Sprint(step.Claim.Task), step.Claim.Token
	}
	args := arguments{string(c.Ref), c.Version, box.Key, box.Body, listed, due, purge, task, token}

	var addresses []any
	for _, hash := range s.addressHashes(c) {
		keys = append(keys, k.address(hash))
		addresses = append(addresses, hash)
	}
	args.list(1, s.hashes("identity", step.Identities))
	args.list(1, s.hashes("message", step.MessageIDs))
	args.list(1, addresses)
	waiting, settled := bookings(c.Tasks)
	args.list(2, waiting)
	args.list(1, settled)
	args.list(3, files)
	args.list(1, s.fileNames(c.Ref, c.FileIDs()))
	return &change{script: commitScript, keys: keys, args: args, ref: c.Ref, entries: step.Entries}
}

// addressHashes are the addresses that the case is found by: the person's, and the one
// that a handler had the answers sent to. Nobody else's who wrote in the case.
func (s *Store) addressHashes(c workflow.Case) []string {
	var hashes []string
	for _, address := range []workflow.Address{c.Person.Address, c.Pinned()} {
		if address == "" {
			continue
		}
		hash := s.AddressHash(address)
		if len(hashes) == 0 || hashes[0] != hash {
			hashes = append(hashes, hash)
		}
	}
	return hashes
}

func (s *Store) hashes(label string, values []string) []any {
	hashes := make([]any, len(values))
	for i, value := range values {
		hashes[i] = s.seal.Hash(label, value)
	}
	return hashes
}

// bookings are the waiting tasks with their time, and the others, which leave the queue.
func bookings(tasks []workflow.Task) (waiting, settled []any) {
	for _, t := range tasks {
		if t.Waiting() {
			waiting = append(waiting, t.N, dueMilli(t.Due))
		} else {
			settled = append(settled, t.N)
		}
	}
	return waiting, settled
}

// dueMilli rounds up: a task is never handed out before its time.
func dueMilli(t time.Time) int64 {
	ms := t.UnixMilli()
	if t.After(time.UnixMilli(ms)) {
		ms++
	}
	return ms
}
