package redisstore

import (
	"context"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"iter"

	"dpobot/workflow"
)

// RetainedRef names the pseudo-case of a record by a keyed hash of the register and the key.
func (s *Store) RetainedRef(register string, key workflow.Text) workflow.Ref {
	sum, err := base64.RawURLEncoding.DecodeString(s.seal.Hash("retained", register+"\x00"+key.Reveal()))
	if err != nil {
		panic(err) // our own encoding
	}
	return workflow.RetainedRef(binary.BigEndian.Uint64(sum))
}

// Retained walks the pseudo-cases of what erasures have left, oldest first. Errors are as with Open.
func (s *Store) Retained(ctx context.Context) iter.Seq2[workflow.Case, error] {
	return s.walk(ctx, s.keys.retained(), false)
}

// Forget takes a pseudo-case away with its data key and its tasks. workflow.ErrConflict.
func (s *Store) Forget(ctx context.Context, ref workflow.Ref, version int, entries ...workflow.Entry) error {
	if !ref.Retained() {
		return fmt.Errorf("forget %s: only a pseudo-case is", ref)
	}
	r, err := s.read(ctx, ref)
	if errors.Is(err, workflow.ErrNoCase) {
		return fmt.Errorf("forget %s: %w", ref, workflow.ErrConflict)
	}
	if err != nil {
		return fmt.Errorf("forget: %w", err)
	}
	c, err := s.openCase(ref, r)
	if err != nil {
		return fmt.Errorf("forget: %w", err)
	}
	c.Version = version + 1
	change := s.purgeChange(c, r.marks, nil, entries)
	change.keys[2] = s.keys.retained()
	word, err := s.run(ctx, change)
	switch {
	case err != nil:
	case word == "conflict":
		err = workflow.ErrConflict
	case word != "ok":
		err = unexpected(word)
	}
	if err != nil {
		return fmt.Errorf("forget %s: %w", ref, err)
	}
	return nil
}
