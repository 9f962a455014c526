package redisstore

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"dpobot/workflow"
)

// HashOf is the hash that an entry must have: SHA-256, in hex, of its JSON without
// "hash". Of an exported entry, `jq -cj 'del(.hash)' | sha256sum` tells the same.
func HashOf(e workflow.Entry) (string, error) {
	body, err := entryJSON(e)
	if err != nil {
		return "", err
	}
	return hashOf(body, e.Prev), nil
}

// entryJSON is the entry without its two hashes: what is stored. Fields stand in the
// order of the type, the keys of Detail in that of the alphabet.
func entryJSON(e workflow.Entry) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(struct {
		Seq    int64             `json:"seq"`
		At     time.Time         `json:"at"`
		Ref    workflow.Ref      `json:"ref"`
		Event  string            `json:"event"`
		Actor  string            `json:"actor,omitempty"`
		Detail map[string]string `json:"detail,omitempty"`
	}{e.Seq, e.At, e.Ref, e.Event, e.Actor, e.Detail})
	if err != nil {
		return nil, fmt.Errorf("write an audit entry: %w", err)
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// hashOf hashes the stored entry with the hash before it as its last field.
func hashOf(body []byte, prev string) string {
	sum := sha256.New()
	sum.Write(bytes.TrimSuffix(body, []byte("}")))
	sum.Write([]byte(`,"prev":"` + prev + `"}`))
	return hex.EncodeToString(sum.Sum(nil))
}

// raw is a hash as it is stored: half as long.
func raw(hash string) []byte {
	b, err := hex.DecodeString(hash)
	if err != nil {
		return []byte(hash) // a damaged head: Verify will tell
	}
	return b
}

// links are entries as a script appends them.
type links struct {
	before, after Head  // the head that they continue, and the one after them
	rows          []any // number, entry, hash before it, its hash
	refs          []workflow.Ref
}

// link chains entries onto head. Entries without a case are those of ref.
func link(head Head, ref workflow.Ref, entries []workflow.Entry) (links, error) {
	l := links{before: head}
	for _, e := range entries {
		if e.Ref == "" {
			e.Ref = ref
		}
		e.Seq = head.Seq + 1
		e.At = e.At.UTC().Truncate(time.Millisecond)
		body, err := entryJSON(e)
		if err != nil {
			return links{}, err
		}
		hash := hashOf(body, head.Hash)
		l.rows = append(l.rows, e.Seq, body, raw(head.Hash), raw(hash))
		l.refs = append(l.refs, e.Ref)
		head = Head{Seq: e.Seq, Hash: hash}
	}
	l.after = head
	return l, nil
}
