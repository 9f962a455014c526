package redisstore_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/redis/go-redis/v9"

	"dpobot/workflow/redisstore"
	"dpobot/workflow/redisstore/storetest"
)

func TestDialRefuses(t *testing.T) {
	for _, row := range []struct {
		name   string
		server redisstore.Server
		want   string
	}{
		{"nothing", redisstore.Server{}, "no url"},
		{"another scheme", redisstore.Server{URLs: []string{"http://127.0.0.1"}}, "redis://host:port/db"},
		{"no url at all", redisstore.Server{URLs: []string{"::"}}, "cannot be read"},
		{"plain text to elsewhere", redisstore.Server{URLs: []string{"redis://redis.company.example"}}, "rediss://"},
		{"a name that looks like loopback", redisstore.Server{URLs: []string{"redis://127.0.0.1.company.example"}}, "rediss://"},
		{"a password in the url", redisstore.Server{URLs: []string{"redis://bot:hunter2@127.0.0.1"}}, "password_file"},
		{"half of it encrypted", redisstore.Server{URLs: []string{"rediss://a.example", "redis://127.0.0.1"}}, "some are not"},
		{"no password of the sentinels", redisstore.Server{URLs: []string{"redis://127.0.0.1"}, Master: "m",
			SentinelPassword: func() (string, error) { return "", errors.New("no such file") }}, "no such file"},
	} {
		_, err := redisstore.Dial(row.server)
		if err == nil || !strings.Contains(err.Error(), row.want) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: got %v, want something with %q", row.name, err, row.want)
		}
	}
}

func TestDialTakes(t *testing.T) {
	for _, row := range []struct {
		name   string
		server redisstore.Server
	}{
		{"a socket", redisstore.Server{URLs: []string{"unix:///run/redis.sock?db=2"}}},
		{"this machine", redisstore.Server{URLs: []string{"redis://localhost:6379/1"}}},
		{"this machine, by number", redisstore.Server{URLs: []string{"redis://[::1]:6379"}}},
		{"encrypted", redisstore.Server{URLs: []string{"rediss://bot@redis.company.example:6380/0"}}},
		{"a cluster", redisstore.Server{URLs: []string{"rediss://a.example", "rediss://b.example"}}},
		{"sentinels", redisstore.Server{URLs: []string{"redis://127.0.0.1:26379"}, Master: "m"}},
	} {
		rdb, err := redisstore.Dial(row.server)
		if err != nil {
			t.Errorf("%s: %v", row.name, err)
			continue
		}
		switch client := rdb.(type) {
		case *redis.Client:
			if o := client.Options(); o.MaxRetries != 0 || !o.ContextTimeoutEnabled {
				t.Errorf("%s: got %d retries and contexts that count %v", row.name, o.MaxRetries, o.ContextTimeoutEnabled)
			}
		case *redis.ClusterClient:
			if row.name != "a cluster" {
				t.Errorf("%s: got a cluster's client", row.name)
			}
		}
		rdb.Close()
	}
}

// A password file that changes counts with the next connection.
func TestDialAsksForThePassword(t *testing.T) {
	m := storetest.Mini(t)
	m.Server.RequireAuth("new")
	password, asked := "old", 0
	rdb, err := redisstore.Dial(redisstore.Server{
		URLs:     []string{"redis://" + m.Server.Addr()},
		Password: func() (string, error) { asked++; return password, nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	defer rdb.Close()
	s := redisstore.New(rdb, storetest.Mailbox, m.Keys)
	if faults := s.Check(t.Context()); len(faults) == 0 {
		t.Error("a wrong password was taken")
	}
	password = "new"
	if faults := s.Check(t.Context()); len(faults) != 0 || asked < 2 {
		t.Errorf("got %v after asking %d times, want the new password to count", faults, asked)
	}
}
