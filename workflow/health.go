package workflow

import (
	"context"
	"errors"
	"time"
)

// Facts of the program's life that SetHealth remembers.
const (
	HealthRead   = "mailbox-read"    // the mailbox was last read with success
	HealthCanary = "canary-returned" // a mail of our own last went all the way round
	HealthTurned = "clock-looked-at" // some process last looked at the clock, and the store answered
)

// Part is a part of the program that may stand still for a while.
type Part string

const (
	// PartProgram: no process ran, or none could reach the store.
	PartProgram Part = "program"
	// PartMailbox: the mailbox could not be read.
	PartMailbox Part = "mailbox"
	// PartMail: the mail server took no mails.
	PartMail Part = "mail"
)

// Outage is the last time in which a part stood still.
type Outage struct {
	Part        Part
	From, Until time.Time
}

// outageLeast is how long a part may stand still unmentioned.
const outageLeast = 15 * time.Minute

// health facts of an outage are one of these with the part behind it.
const outageFrom, outageUntil = "out-from:", "out-until:"

// NoteOutage remembers that a part works again, for the next digest; what was short is
// not worth a word.
func NoteOutage(ctx context.Context, store Store, o Outage) error {
	if o.From.IsZero() || o.Until.Sub(o.From) < outageLeast {
		return nil
	}
	return errors.Join(
		store.SetHealth(ctx, outageFrom+string(o.Part), o.From),
		store.SetHealth(ctx, outageUntil+string(o.Part), o.Until),
	)
}

// Outages reads, from what Store.Health tells, the outages that ended after a time.
func Outages(health map[string]time.Time, after time.Time) []Outage {
	var outages []Outage
	for _, part := range []Part{PartProgram, PartMailbox, PartMail} {
		o := Outage{part, health[outageFrom+string(part)], health[outageUntil+string(part)]}
		if o.Until.After(after) && o.From.Before(o.Until) {
			outages = append(outages, o)
		}
	}
	return outages
}

// beat notes that the clock was looked at, and the time in which it was not.
func (e *Engine) beat(ctx context.Context, now time.Time) error {
	health, err := e.store.Health(ctx)
	if err != nil {
		return err
	}
	if last := health[HealthTurned]; !last.IsZero() && now.Sub(last) >= outageLeast {
		e.log.Warn("no process looked at the clock for a while: none ran, or Redis was away", "from", last, "until", now)
		if err := NoteOutage(ctx, e.store, Outage{PartProgram, last, now}); err != nil {
			return err
		}
	}
	return e.store.SetHealth(ctx, HealthTurned, now)
}
