package redisstore

import (
	"context"
	"errors"
	"fmt"

	"dpobot/workflow"
	"dpobot/workflow/redisstore/seal"
)

// Documents lie beside their case, each in a box of its own, so that a commit of the case does not carry them. Two
// fields a document: the keyed hash of its ID with keyField or bodyField before it. The ID itself is made of what stands in
// the document, and would let whoever reads Redis check a guess.
const (
	keyField  = "k"
	bodyField = "b"
)

// filePlace is where a document belongs. It never changes, so it has no version; its wrapped key has the same owner
// as the case's.
func (s *Store) filePlace(ref workflow.Ref, id string) seal.Place {
	return seal.Place{Mailbox: s.mailbox, Ref: string(ref), Field: "file " + id}
}

// fileName names a document in Redis.
func (s *Store) fileName(ref workflow.Ref, id string) string {
	return s.seal.Hash("file", string(ref)+"\x00"+id)
}

// fileNames are the names of documents as commit.lua takes them.
func (s *Store) fileNames(ref workflow.Ref, ids []string) []any {
	var names []any
	for _, id := range ids {
		names = append(names, s.fileName(ref, id))
	}
	return names
}

// sealFiles are the new documents as commit.lua takes them: name, wrapped key, body.
func (s *Store) sealFiles(ref workflow.Ref, files []workflow.NewFile) ([]any, error) {
	var sealed []any
	for _, f := range files {
		box, err := s.seal.Seal(s.filePlace(ref, f.ID), f.Data)
		if err != nil {
			return nil, fmt.Errorf("seal a document: %w", err)
		}
		sealed = append(sealed, s.fileName(ref, f.ID), box.Key, box.Body)
	}
	return sealed, nil
}

// File reads a document. workflow.ErrNoFile.
func (s *Store) File(ctx context.Context, ref workflow.Ref, id string) ([]byte, error) {
	name := s.fileName(ref, id)
	values, err := s.rdb.HMGet(ctx, s.keys.files(ref), keyField+name, bodyField+name).Result()
	if err != nil {
		return nil, fmt.Errorf("read a document of case %s: %w", ref, err)
	}
	key, ok := values[0].(string)
	body, whole := values[1].(string)
	if !ok || !whole {
		return nil, fmt.Errorf("read a document of case %s: %w", ref, workflow.ErrNoFile)
	}
	data, err := s.seal.Open(s.filePlace(ref, id), seal.Box{Key: []byte(key), Body: []byte(body)})
	if err != nil {
		return nil, fmt.Errorf("open a document of case %s: %w", ref, err)
	}
	return data, nil
}

// rewrapFiles wraps the keys of a case's documents anew.
func (s *Store) rewrapFiles(ctx context.Context, ref workflow.Ref) (done int, failed error) {
	fields, err := s.rdb.HKeys(ctx, s.keys.files(ref)).Result()
	if err != nil {
		return 0, fmt.Errorf("rewrap: %w", err)
	}
	for _, field := range fields {
		if field[:1] != keyField {
			continue
		}
		n, err := s.rewrapField(ctx, ref, s.keys.files(ref), field)
		if err != nil {
			failed = errors.Join(failed, fmt.Errorf("rewrap a document of %s: %w", ref, err))
		}
		done += n
	}
	return done, failed
}
