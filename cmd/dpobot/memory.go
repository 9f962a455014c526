package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"dpobot/inbox/mailbox"
	"dpobot/workflow"
	"dpobot/workflow/redisstore"
)

// memory keeps what is remembered of the mailbox in the store: how far it was read,
// which mails are to be read again, and whose turn it is to watch it.
type memory struct {
	record *redisstore.Leased
	store  *redisstore.Store
}

func newMemory(store *redisstore.Store) memory {
	return memory{record: store.Leased("mailbox"), store: store}
}

var _ mailbox.Memory = memory{}

// pendingPrefix begins the fields of mails that are to be read again.
const pendingPrefix = "pending:"

func (m memory) Load(ctx context.Context) (mailbox.State, error) {
	fields, err := m.record.Load(ctx)
	if err != nil {
		return mailbox.State{}, err
	}
	return stateOf(fields)
}

func stateOf(fields map[string]string) (mailbox.State, error) {
	s := mailbox.State{Pending: map[uint32]mailbox.Pending{}}
	for name, value := range fields {
		if uid, ok := strings.CutPrefix(name, pendingPrefix); ok {
			var p mailbox.Pending
			if err := json.Unmarshal([]byte(value), &p); err != nil {
				return s, fmt.Errorf("read what is remembered of mail %s: %w", uid, err)
			}
			s.Pending[p.UID] = p
			continue
		}
		n, err := strconv.ParseInt(value, 10, 64)
		if err != nil {
			return s, fmt.Errorf("read what is remembered of the mailbox: %s: %w", name, err)
		}
		switch name {
		case "uidvalidity":
			s.UIDValidity = uint32(n)
		case "done":
			s.Done = uint32(n)
		case "hand":
			s.Hand = uint32(n)
		case "polled":
			s.Polled = time.UnixMilli(n)
		}
	}
	return s, nil
}

func (m memory) Acquire(ctx context.Context, token string, ttl time.Duration) (mailbox.State, error) {
	switch err := m.record.Acquire(ctx, token, ttl); {
	case errors.Is(err, redisstore.ErrLeaseHeld):
		return mailbox.State{}, mailbox.ErrLeaseHeld
	case err != nil:
		return mailbox.State{}, err
	}
	return m.Load(ctx)
}

func (m memory) Renew(ctx context.Context, token string, ttl time.Duration) error {
	return lost(m.record.Renew(ctx, token, ttl))
}

func (m memory) Save(ctx context.Context, token string, c mailbox.Change) error {
	before, err := m.record.Load(ctx)
	if err != nil {
		return err
	}
	set := map[string]string{
		"uidvalidity": fmt.Sprint(c.UIDValidity), "done": fmt.Sprint(c.Done), "hand": fmt.Sprint(c.Hand),
	}
	afresh := before["uidvalidity"] != "" && before["uidvalidity"] != set["uidvalidity"]
	polled := before["polled"]
	if afresh && polled != "" {
		set["polled"] = polled
	}
	if !c.Polled.IsZero() {
		set["polled"] = fmt.Sprint(c.Polled.UnixMilli())
	}
	for _, p := range c.Put {
		value, err := json.Marshal(p)
		if err != nil {
			return fmt.Errorf("remember a mail: %w", err)
		}
		set[pendingPrefix+fmt.Sprint(p.UID)] = string(value)
	}
	var drop []string
	for _, uid := range c.Drop {
		drop = append(drop, pendingPrefix+fmt.Sprint(uid))
	}
	if err := lost(m.record.Save(ctx, token, afresh, set, drop)); err != nil {
		return err
	}
	if c.Polled.IsZero() {
		return nil
	}
	if ms, err := strconv.ParseInt(polled, 10, 64); err == nil {
		gap := workflow.Outage{Part: workflow.PartMailbox, From: time.UnixMilli(ms), Until: c.Polled}
		if err := workflow.NoteOutage(ctx, m.store, gap); err != nil {
			return err
		}
	}
	return m.store.SetHealth(ctx, workflow.HealthRead, c.Polled)
}

func (m memory) Release(ctx context.Context, token string) error {
	return m.record.Release(ctx, token)
}

func lost(err error) error {
	if errors.Is(err, workflow.ErrLeaseLost) {
		return mailbox.ErrLeaseLost
	}
	return err
}
