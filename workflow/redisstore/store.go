package redisstore

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"dpobot/workflow"
	"dpobot/workflow/redisstore/seal"
)

var _ workflow.Store = (*Store)(nil)

// Store keeps the cases of one mailbox in Redis. It is safe for concurrent use, and any
// number of processes may share one mailbox. Beyond workflow.Store it remembers the
// mailbox's reading (Leased), tombstones of the erased and sorting corrections, verifies
// the audit trail, and wraps keys anew.
type Store struct {
	rdb     redis.UniversalClient
	mailbox string
	keys    keys
	seal    *seal.Keys
	pack    packer
	chain   *chain
	series  string
}

// Option changes how a Store works.
type Option func(*Store)

// WithSeries sets what references begin with; without it they read DPO-2026-0001.
func WithSeries(series string) Option { return func(s *Store) { s.series = series } }

// New is the store of a mailbox. rdb must not repeat commands by itself (MaxRetries -1,
// as Dial sets it): a commit whose reply is lost must come back as an error.
func New(rdb redis.UniversalClient, mailbox string, keys *seal.Keys, opts ...Option) *Store {
	s := &Store{rdb: rdb, mailbox: mailbox, keys: keysOf(mailbox), seal: keys, chain: newChain(), series: "DPO"}
	for _, opt := range opts {
		opt(s)
	}
	return s
}

// Client is the connection to Redis, for whoever closes it or looks at the raw keys.
func (s *Store) Client() redis.UniversalClient { return s.rdb }

// NewRef hands out the next reference of the year.
func (s *Store) NewRef(ctx context.Context, year int) (workflow.Ref, error) {
	n, err := s.rdb.Incr(ctx, s.keys.refs(year)).Result()
	if err != nil {
		return "", fmt.Errorf("hand out a reference: %w", err)
	}
	return workflow.Ref(fmt.Sprintf("%s-%d-%04d", s.series, year, n)), nil
}

// Seen tells whether one of the identities was filed before.
func (s *Store) Seen(ctx context.Context, identities ...string) (bool, error) {
	if len(identities) == 0 {
		return false, nil
	}
	members := make([]any, len(identities))
	for i, identity := range identities {
		members[i] = s.seal.Hash("identity", identity)
	}
	found, err := s.rdb.SMIsMember(ctx, s.keys.seen(), members...).Result()
	if err != nil {
		return false, fmt.Errorf("ask for a mail's identity: %w", err)
	}
	for _, yes := range found {
		if yes {
			return true, nil
		}
	}
	return false, nil
}

// ByAddress lists the cases of a person's address that are not purged, oldest first.
func (s *Store) ByAddress(ctx context.Context, address workflow.Address) ([]workflow.Ref, error) {
	members, err := s.rdb.ZRange(ctx, s.keys.address(s.AddressHash(address)), 0, -1).Result()
	if err != nil {
		return nil, fmt.Errorf("ask for the cases of an address: %w", err)
	}
	return refs(members), nil
}

// ByMessage finds the case that the first known one of the Message-IDs belongs to; ""
// where none is known. Where two cases lay claim to one Message-ID, the first has it: a
// later mail cannot take over a thread.
func (s *Store) ByMessage(ctx context.Context, messageIDs ...string) (workflow.Ref, error) {
	if len(messageIDs) == 0 {
		return "", nil
	}
	fields := make([]string, len(messageIDs))
	for i, id := range messageIDs {
		fields[i] = s.messageHash(id)
	}
	found, err := s.rdb.HMGet(ctx, s.keys.messages(), fields...).Result()
	if err != nil {
		return "", fmt.Errorf("ask for the case of a message: %w", err)
	}
	for _, ref := range found {
		if ref, ok := ref.(string); ok {
			return workflow.Ref(ref), nil
		}
	}
	return "", nil
}

// Ripe lists the closed cases whose purge day is on or before day.
func (s *Store) Ripe(ctx context.Context, day workflow.Date) ([]workflow.Ref, error) {
	members, err := s.rdb.ZRangeArgs(ctx, redis.ZRangeArgs{
		Key: s.keys.purge(), Start: "-inf", Stop: dayNumber(day), ByScore: true,
	}).Result()
	if err != nil {
		return nil, fmt.Errorf("ask for what is to be forgotten: %w", err)
	}
	return refs(members), nil
}

// Allow counts one more of what within per, and tells whether that is within limit: in
// no span of that length are more than limit allowed. What is refused is not counted.
func (s *Store) Allow(ctx context.Context, what string, limit int, per time.Duration, now time.Time) (bool, error) {
	if limit <= 0 || per < time.Millisecond {
		return false, nil
	}
	key := s.keys.allowance(s.seal.Hash("allowance", what))
	n, err := allowScript.Run(ctx, s.rdb, []string{key}, now.UnixMilli(), per.Milliseconds(), limit, rand.Text()).Int()
	if err != nil {
		return false, fmt.Errorf("ask for an allowance: %w", err)
	}
	return n == 1, nil
}

// SetHealth remembers when a fact about the program's life was last so.
func (s *Store) SetHealth(ctx context.Context, fact string, at time.Time) error {
	if err := s.rdb.HSet(ctx, s.keys.health(), fact, at.UnixMilli()).Err(); err != nil {
		return fmt.Errorf("remember %s: %w", fact, err)
	}
	return nil
}

// Health tells what SetHealth remembered.
func (s *Store) Health(ctx context.Context) (map[string]time.Time, error) {
	facts, err := s.rdb.HGetAll(ctx, s.keys.health()).Result()
	if err != nil {
		return nil, fmt.Errorf("ask for health: %w", err)
	}
	health := make(map[string]time.Time, len(facts))
	for fact, value := range facts {
		ms, err := strconv.ParseInt(value, 10, 64)
		if err != nil {
			return nil, errors.New("ask for health: a time that is no number")
		}
		health[fact] = time.UnixMilli(ms).UTC()
	}
	return health, nil
}

func (s *Store) messageHash(id string) string { return s.seal.Hash("message", id) }

// dayNumber counts days since 1970, for scores.
func dayNumber(day workflow.Date) int64 {
	return time.Date(day.Year, day.Month, day.Day, 0, 0, 0, 0, time.UTC).Unix() / 86400
}

func refs(members []string) []workflow.Ref {
	list := make([]workflow.Ref, len(members))
	for i, member := range members {
		list[i] = workflow.Ref(member)
	}
	return list
}
