package redisstore

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"dpobot/workflow"
)

// Tombstone says that a person was erased: a restored backup of a register may bring them
// back, and `replay-erasures` finds them by it. It outlives the case.
type Tombstone map[string]time.Time // register to when it erased them last

// AddTombstone remembers that the person of an address was erased from registers. The
// address is kept as a keyed hash, the registers by name.
func (s *Store) AddTombstone(ctx context.Context, address workflow.Address, registers []string, at time.Time) error {
	if len(registers) == 0 {
		return nil
	}
	var values []any
	for _, register := range registers {
		values = append(values, s.AddressHash(address)+":"+register, at.UnixMilli())
	}
	if err := s.rdb.HSet(ctx, s.keys.tombstones(), values...).Err(); err != nil {
		return fmt.Errorf("remember an erasure: %w", err)
	}
	return nil
}

// AddressHash is the name of an address, folded as a workflow.Address is, in Tombstones.
func (s *Store) AddressHash(address workflow.Address) string {
	return s.seal.Hash("address", address.Reveal())
}

// Tombstones lists what AddTombstone remembered, by AddressHash.
func (s *Store) Tombstones(ctx context.Context) (map[string]Tombstone, error) {
	values, err := s.rdb.HGetAll(ctx, s.keys.tombstones()).Result()
	if err != nil {
		return nil, fmt.Errorf("list the erasures: %w", err)
	}
	stones := map[string]Tombstone{}
	for field, value := range values {
		hash, register, ok := strings.Cut(field, ":")
		ms, err := strconv.ParseInt(value, 10, 64)
		if !ok || err != nil {
			return nil, errors.New("list the erasures: one is damaged")
		}
		if stones[hash] == nil {
			stones[hash] = Tombstone{}
		}
		stones[hash][register] = time.UnixMilli(ms).UTC()
	}
	return stones, nil
}

// DropTombstones forgets the erasures from before a time, and tells how many: backups from then have run out.
func (s *Store) DropTombstones(ctx context.Context, before time.Time) (int, error) {
	dropped := 0
	for cursor := uint64(0); ; {
		values, next, err := s.rdb.HScan(ctx, s.keys.tombstones(), cursor, "", page).Result()
		if err != nil {
			return dropped, fmt.Errorf("forget erasures: %w", err)
		}
		var old []string
		for i := 0; i+1 < len(values); i += 2 {
			if ms, err := strconv.ParseInt(values[i+1], 10, 64); err == nil && ms < before.UnixMilli() {
				old = append(old, values[i])
			}
		}
		if len(old) > 0 {
			n, err := s.rdb.HDel(ctx, s.keys.tombstones(), old...).Result()
			if err != nil {
				return dropped, fmt.Errorf("forget erasures: %w", err)
			}
			dropped += int(n)
		}
		if cursor = next; cursor == 0 {
			return dropped, nil
		}
	}
}
