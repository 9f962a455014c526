// Package ministore runs a redisstore.Store on miniredis, inside the process: for tests
// and the demo. It forgets everything when it is closed; nothing else may import it.
package ministore

import (
	"fmt"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"

	"dpobot/workflow/redisstore"
	"dpobot/workflow/redisstore/seal"
)

// Ministore is a store with its server and keys.
type Ministore struct {
	*redisstore.Store
	Keys   *seal.Keys
	Server *miniredis.Miniredis // its time stands still until FastForward, which ends leases
}

// Open starts a store for a mailbox on a free loopback port, with keys of its own.
func Open(mailbox string, opts ...redisstore.Option) (*Ministore, error) {
	keys, err := seal.Ephemeral()
	if err != nil {
		return nil, fmt.Errorf("start the store in memory: %w", err)
	}
	server, err := miniredis.Run()
	if err != nil {
		return nil, fmt.Errorf("start the store in memory: %w", err)
	}
	rdb := redis.NewClient(&redis.Options{Addr: server.Addr(), MaxRetries: -1, ContextTimeoutEnabled: true})
	return &Ministore{Store: redisstore.New(rdb, mailbox, keys, opts...), Keys: keys, Server: server}, nil
}

// Close stops the server and forgets all.
func (m *Ministore) Close() error {
	err := m.Client().Close()
	m.Server.Close()
	return err
}
