package redisstore

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"dpobot/workflow"
	"dpobot/workflow/redisstore/seal"
)

// errTooLarge: a case that could not be read back.
var errTooLarge = errors.New("the case is too large to be kept")

// caseFields are the fields of a case that a reader asks for, in this order.
var caseFields = [...]string{"v", "k", "b", "s", "x"}

// record is a case as it lies in Redis.
type record struct {
	version int
	box     seal.Box
	stub    []byte // in the clear; nil while the case lives
	marks   marks
}

// recordOf reads the values of caseFields. ok is false where there is nothing.
func recordOf(values []any) (r record, ok bool) {
	text := func(i int) string {
		s, _ := values[i].(string)
		return s
	}
	if len(values) != len(caseFields) || values[0] == nil {
		return record{}, false
	}
	version, err := strconv.Atoi(text(0))
	if err != nil {
		return record{}, false
	}
	r = record{version: version, box: seal.Box{Key: []byte(text(1)), Body: []byte(text(2))}, marks: marks(text(4))}
	if values[3] != nil {
		r.stub = []byte(text(3))
	}
	return r, true
}

// marks are a case's entries in the indexes: "a" or "m", then the keyed hash of an
// address or a Message-ID, one after the other.
type marks string

const markLength = 1 + 22

func (m marks) of(kind byte) []any {
	var hashes []any
	for len(m) >= markLength {
		if m[0] == kind {
			hashes = append(hashes, string(m[1:markLength]))
		}
		m = m[markLength:]
	}
	return hashes
}

// place is where the sealed body of a case's version belongs.
func (s *Store) place(ref workflow.Ref, version int) seal.Place {
	return seal.Place{Mailbox: s.mailbox, Ref: string(ref), Field: "case", Version: version}
}

// sealCase seals a case: whole, because almost every field of it is somebody's.
func (s *Store) sealCase(c workflow.Case) (seal.Box, error) {
	plain, err := json.Marshal(c)
	if err != nil {
		return seal.Box{}, fmt.Errorf("write as JSON: %w", err)
	}
	if len(plain) > maxBody {
		return seal.Box{}, errTooLarge
	}
	packed, err := s.pack.pack(plain)
	if err != nil {
		return seal.Box{}, err
	}
	return s.seal.Seal(s.place(c.Ref, c.Version), packed)
}

// openCase opens a living case or reads a stub.
func (s *Store) openCase(ref workflow.Ref, r record) (workflow.Case, error) {
	plain := r.stub
	if plain == nil {
		packed, err := s.seal.Open(s.place(ref, r.version), r.box)
		if err != nil {
			return workflow.Case{Ref: ref}, fmt.Errorf("open case %s: %w", ref, err)
		}
		if plain, err = s.pack.unpack(packed); err != nil {
			return workflow.Case{Ref: ref}, fmt.Errorf("open case %s: %w", ref, err)
		}
	}
	var c workflow.Case
	if err := json.Unmarshal(plain, &c); err != nil {
		// The decoder's own text may quote the case.
		return workflow.Case{Ref: ref}, fmt.Errorf("open case %s: %w", ref, errPacked)
	}
	return c, nil
}
