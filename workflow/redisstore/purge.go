package redisstore

import (
	"context"
	"encoding/json"
	"fmt"

	"dpobot/workflow"
)

// Purge replaces a closed case by its stub and destroys its data key, its body and all
// look-ups. version is that of the loaded case. workflow.ErrConflict, workflow.ErrNoCase.
// Call Compact after a round of purges: the log still holds what was destroyed.
func (s *Store) Purge(ctx context.Context, ref workflow.Ref, version int, entries ...workflow.Entry) error {
	r, err := s.read(ctx, ref)
	if err != nil {
		return fmt.Errorf("purge: %w", err)
	}
	if r.version != version {
		return fmt.Errorf("purge %s: %w", ref, workflow.ErrConflict)
	}
	c, err := s.openCase(ref, r)
	if err != nil {
		return fmt.Errorf("purge: %w", err)
	}
	if ref == workflow.Desk || !c.Closed() {
		return fmt.Errorf("purge %s: only a closed case is forgotten", ref)
	}
	c.Version++
	stub, err := json.Marshal(StubOf(c))
	if err != nil {
		return fmt.Errorf("purge %s: write the stub: %w", ref, err)
	}
	word, err := s.run(ctx, s.purgeChange(c, r.marks, stub, entries))
	if err == nil && word != "ok" {
		err = unexpected(word)
	}
	if word == "conflict" {
		err = workflow.ErrConflict
	}
	if err != nil {
		return fmt.Errorf("purge %s: %w", ref, err)
	}
	return nil
}

// purgeChange is the call of purge.lua.
func (s *Store) purgeChange(c workflow.Case, marks marks, stub []byte, entries []workflow.Entry) *change {
	k := s.keys
	keys := []string{k.sealed(c.Ref), k.open(), k.purge(), k.due(), k.tokens(), k.tries(), k.sent(), k.messages(), k.files(c.Ref)}
	addresses := marks.of('a')
	for _, hash := range addresses {
		keys = append(keys, k.address(hash.(string)))
	}
	var tasks []any
	for _, t := range c.Tasks {
		tasks = append(tasks, t.N)
	}
	args := arguments{string(c.Ref), c.Version, stub}
	args.list(1, marks.of('m'))
	args.list(1, addresses)
	args.list(1, tasks)
	return &change{script: purgeScript, keys: keys, args: args, ref: c.Ref, entries: entries}
}
