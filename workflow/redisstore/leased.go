package redisstore

import (
	"context"
	"errors"
	"fmt"
	"time"

	"dpobot/workflow"
)

// ErrLeaseHeld: another token has the lease.
var ErrLeaseHeld = errors.New("another process has the lease")

// Leased is a record of fields that only the holder of its lease writes, such as how far
// a mailbox was read. Its values are in the clear: they must hold no personal data. A
// lease lasts by the server's clock, and ends by itself.
type Leased struct {
	store *Store
	keys  []string // lease, record
	name  string
}

// Leased is the record of a name; it need not exist.
func (s *Store) Leased(name string) *Leased {
	return &Leased{store: s, name: name, keys: []string{s.keys.lease(name), s.keys.record(name)}}
}

// Load reads the fields; none where nothing was saved. It takes no lease.
func (l *Leased) Load(ctx context.Context) (map[string]string, error) {
	fields, err := l.store.rdb.HGetAll(ctx, l.keys[1]).Result()
	if err != nil {
		return nil, fmt.Errorf("load the record %s: %w", l.name, err)
	}
	return fields, nil
}

// Acquire takes the lease for token, to end after ttl; taking it twice with one token
// renews it. ErrLeaseHeld.
func (l *Leased) Acquire(ctx context.Context, token string, ttl time.Duration) error {
	return l.run(ctx, "acquire", token, ttl.Milliseconds())
}

// Renew lets the lease end ttl from now. workflow.ErrLeaseLost.
func (l *Leased) Renew(ctx context.Context, token string, ttl time.Duration) error {
	return l.run(ctx, "renew", token, ttl.Milliseconds())
}

// Release gives the lease back; nothing happens where token has not got it.
func (l *Leased) Release(ctx context.Context, token string) error {
	return l.run(ctx, "release", token)
}

// Save sets and drops fields, all or nothing; afresh drops all others first.
// workflow.ErrLeaseLost: nothing was written.
func (l *Leased) Save(ctx context.Context, token string, afresh bool, set map[string]string, drop []string) error {
	first := ""
	if afresh {
		first = "1"
	}
	args := []any{first, len(set)}
	for field, value := range set {
		args = append(args, field, value)
	}
	for _, field := range drop {
		args = append(args, field)
	}
	return l.run(ctx, "save", token, args...)
}

func (l *Leased) run(ctx context.Context, verb, token string, args ...any) error {
	word, err := leaseScript.Run(ctx, l.store.rdb, l.keys, append([]any{verb, token}, args...)...).Text()
	if err != nil {
		return fmt.Errorf("%s the record %s: %w", verb, l.name, err)
	}
	switch word {
	case "ok":
		return nil
	case "held":
		return fmt.Errorf("%s the record %s: %w", verb, l.name, ErrLeaseHeld)
	}
	return fmt.Errorf("%s the record %s: %w", verb, l.name, workflow.ErrLeaseLost)
}
