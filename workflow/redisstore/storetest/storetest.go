// Package storetest gives tests a redisstore.Store that ends with the test.
package storetest

import (
	"testing"

	"dpobot/workflow/redisstore"
	"dpobot/workflow/redisstore/ministore"
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
