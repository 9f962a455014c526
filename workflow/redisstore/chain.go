package redisstore

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"dpobot/workflow"
)

// Head is the end of the audit trail. Written down elsewhere (in a mail that the
// handlers keep), it proves later that nothing before it was changed.
type Head struct {
	Seq  int64  // of the last entry, 0 before the first
	Hash string // of the last entry, in hex; "" before the first
}

// String writes the head as it is kept in Redis.
func (h Head) String() string {
	if h.Seq == 0 {
		return ""
	}
	return strconv.FormatInt(h.Seq, 10) + ":" + h.Hash
}

// ParseHead reads what String wrote.
func ParseHead(text string) (Head, error) {
	if text == "" {
		return Head{}, nil
	}
	seq, hash, ok := strings.Cut(text, ":")
	n, err := strconv.ParseInt(seq, 10, 64)
	if !ok || err != nil || n < 1 {
		return Head{}, errors.New("the head of the audit trail is damaged; `audit verify` tells more")
	}
	return Head{Seq: n, Hash: hash}, nil
}

// Head reads the end of the audit trail.
func (s *Store) Head(ctx context.Context) (Head, error) {
	text, err := s.rdb.Get(ctx, s.keys.head()).Result()
	if err != nil && !errors.Is(err, redis.Nil) {
		return Head{}, fmt.Errorf("read the head of the audit trail: %w", err)
	}
	return ParseHead(text)
}

// Contains tells whether the trail still holds the entry that was its head once.
func (s *Store) Contains(ctx context.Context, head Head) (bool, error) {
	if head.Seq == 0 {
		return true, nil
	}
	id := strconv.FormatInt(head.Seq, 10) + "-0"
	found, err := s.rdb.XRange(ctx, s.keys.audit(), id, id).Result()
	if err != nil {
		return false, fmt.Errorf("look for an audit entry: %w", err)
	}
	return len(found) == 1 && storedOf(found[0]).hash == head.Hash, nil
}

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
	before, after string // the head that they continue, and the one after them
	rows          []any  // number, entry, hash before it, its hash
	refs          []workflow.Ref
}

// link chains entries onto head. Entries without a case are those of ref.
func link(head Head, ref workflow.Ref, entries []workflow.Entry) (links, Head, error) {
	l := links{before: head.String()}
	for _, e := range entries {
		if e.Ref == "" {
			e.Ref = ref
		}
		e.Seq = head.Seq + 1
		e.At = e.At.UTC().Truncate(time.Millisecond)
		body, err := entryJSON(e)
		if err != nil {
			return links{}, Head{}, err
		}
		hash := hashOf(body, head.Hash)
		l.rows = append(l.rows, e.Seq, body, raw(head.Hash), raw(hash))
		l.refs = append(l.refs, e.Ref)
		head = Head{Seq: e.Seq, Hash: hash}
	}
	l.after = head.String()
	return l, head, nil
}

// errHeadBehind: somebody removed or changed the head of the trail. Nothing is written
// until it is right again.
var errHeadBehind = errors.New("the audit trail goes on behind its head, so somebody tampered with it; `audit verify` tells more")

// chain remembers the head of the trail, so that a commit need not ask for it, and keeps
// the commits of this process in line, so that they rarely find it moved.
type chain struct {
	turn  chan struct{} // holds one token while nobody appends
	known bool
	head  Head
}

func newChain() chain {
	c := chain{turn: make(chan struct{}, 1)}
	c.turn <- struct{}{}
	return c
}

// run calls a script that appends entries. Where another process moved the head, it
// links them anew and calls again; the script's own verdict comes back.
func (c *chain) run(ctx context.Context, s *Store, ref workflow.Ref, entries []workflow.Entry, script func(links) (any, error)) (string, error) {
	if len(entries) == 0 {
		word, _, err := verdict(script(links{}))
		return word, err
	}
	select {
	case <-c.turn:
		defer func() { c.turn <- struct{}{} }()
	case <-ctx.Done():
		return "", ctx.Err()
	}
	if !c.known {
		head, err := s.Head(ctx)
		if err != nil {
			return "", err
		}
		c.head, c.known = head, true
	}
	for {
		l, after, err := link(c.head, ref, entries)
		if err != nil {
			return "", err
		}
		word, rest, err := verdict(script(l))
		if err != nil {
			c.known = false                                        // it may have been written
			if strings.Contains(err.Error(), "equal or smaller") { // Redis's words for XADD
				err = errHeadBehind
			}
			return "", err
		}
		if word == "ok" {
			c.head = after
		}
		if word != "stale-head" || len(rest) == 0 {
			return word, nil
		}
		text, _ := rest[0].(string)
		if c.head, err = ParseHead(text); err != nil {
			c.known = false
			return "", err
		}
		if err := ctx.Err(); err != nil {
			return "", err
		}
	}
}
