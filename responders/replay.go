package responders

import (
	"context"
	"errors"
	"fmt"
	"time"

	"dpobot/responders/registers"
	"dpobot/workflow"
)

// Erasures tells when the person of an address was last erased from a register; ok is false where they never were.
type Erasures func(address workflow.Address, register string) (at time.Time, ok bool)

// Restored are the records of one register that a restored backup has brought back.
type Restored struct {
	Register string
	Records  []Revived
	Walked   int   // records that were looked at
	Err      error // why the register could not be walked to its end; Records are those found until then
}

// Revived is a record of somebody who was erased.
type Revived struct {
	Key    string
	Erased time.Time
}

// ErrNoScan: a register of this kind cannot be walked.
var ErrNoScan = errors.New("a register of this kind cannot be walked; repeat its erasures by hand")

// Restored walks the register for people who were erased since a backup was made. Who was erased before, and became a customer
// again, is in the backup as such, and none of them. It keeps no more than the keys that it found.
func (r *Responder) Restored(ctx context.Context, register string, since time.Time, erased Erasures) Restored {
	out := Restored{Register: register}
	reg, ok := r.register(register)
	scanner, able := reg.Register.(registers.Scanner)
	if !ok || !able {
		out.Err = ErrNoScan
		return out
	}
	seen := map[string]bool{}
	for l, err := range scanner.Scan(ctx) {
		if err != nil {
			out.Err = err
			return out
		}
		out.Walked++
		address := registers.FoldAddress(l.Address)
		if address == "" || seen[l.Key] {
			continue
		}
		if at, ok := erased(workflow.Address(address), register); ok && !at.Before(since) {
			seen[l.Key] = true
			out.Records = append(out.Records, Revived{l.Key, at})
		}
	}
	return out
}

// EraseAgain erases one of these records by the register's plan, with the dates of its first erasure, and returns what is left
// of it. A record that is erased already, as far as the law lets it be, stays as it is; done is false then.
func (r *Responder) EraseAgain(ctx context.Context, register string, record Revived) (left []workflow.Retained, done bool, err error) {
	reg, ok := r.register(register)
	if !ok {
		return nil, false, errNoRegister
	}
	before, err := r.retainedOf(ctx, register, record.Key)
	if err != nil {
		return nil, false, err
	}
	if before != nil {
		if same, err := r.asLeft(ctx, reg, *before); same || err != nil {
			return nil, false, err
		}
	}
	was := workflow.Retained{Register: register, Key: workflow.Text(record.Key), Case: workflow.Desk, Erased: workflow.DateOf(record.Erased, r.company.Zone)}
	if before != nil {
		was = *before
	}
	plan := reg.Spec.Since(registers.Date(was.Erased.String()), keptOf(was))
	report, err := reg.Erase(ctx, []string{record.Key}, plan, r.queue.Now().In(r.company.Zone))
	if err == nil && len(report.Failed) > 0 {
		err = fmt.Errorf("%s: %w", failures(report), registers.ErrPermanent)
	}
	if err != nil {
		return nil, false, fmt.Errorf("erase in %s: %w", register, err)
	}
	left, err = r.left(ctx, reg, was, report)
	return left, report.Records > 0, err
}

// asLeft tells whether a record stands as its erasure had left it.
func (r *Responder) asLeft(ctx context.Context, reg Register, kept workflow.Retained) (bool, error) {
	reader, ok := reg.Register.(registers.Reader)
	if !ok || kept.Blank == "" {
		return false, nil
	}
	records, err := reader.Read(ctx, []string{kept.Key.Reveal()})
	return len(records) == 1 && !inUse(kept, records[0]), err
}
