// Package storetest gives tests a redisstore.Store that ends with the test.
package storetest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"dpobot/workflow/redisstore"
	"dpobot/workflow/redisstore/managed"
	"dpobot/workflow/redisstore/ministore"
	"dpobot/workflow/redisstore/seal"
)

// Mailbox is the address whose cases the stores keep.
const Mailbox = "privacy@company.example"

// New is an empty store on miniredis.
func New(t testing.TB) *redisstore.Store { return Mini(t).Store }

// Mini is New with its server, for tests that look at the raw keys or move its time.
func Mini(t testing.TB) *ministore.Ministore {
	t.Helper()
	m, err := ministore.Open(Mailbox)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { m.Close() })
	return m
}

// Real is an empty store on a redis-server of its own. It skips the test where none is
// installed.
func Real(t testing.TB) *redisstore.Store {
	t.Helper()
	server := Server(t)
	keys, err := seal.Ephemeral()
	if err != nil {
		t.Fatal(err)
	}
	rdb := redis.NewClient(server.RedisOptions())
	t.Cleanup(func() { rdb.Close() })
	return redisstore.New(rdb, Mailbox, keys)
}

// Server is an empty redis-server, stopped with the test. It skips the test where none
// is installed.
func Server(t testing.TB) *managed.Server {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	server, err := managed.Start(ctx, managed.Options{Dir: t.TempDir()})
	if errors.Is(err, managed.ErrNoServer) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { server.Close() })
	return server
}
