package redisstore_test

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/redis/go-redis/v9"

	"dpobot/workflow/redisstore"
	"dpobot/workflow/redisstore/seal"
)

// TestSuiteOnCluster runs on a cluster of one node: it refuses scripts and transactions
// whose keys lie in several slots, as a larger one does.
func TestSuiteOnCluster(t *testing.T) {
	node := startServer(t, "--cluster-enabled", "yes", "--cluster-port", freePort(t))
	admin := redis.NewClient(&redis.Options{Addr: node})
	defer admin.Close()
	waitFor(t, "the node", func() bool { return admin.Ping(t.Context()).Err() == nil })
	if err := admin.ClusterAddSlotsRange(t.Context(), 0, 16383).Err(); err != nil {
		t.Fatal(err)
	}
	waitFor(t, "the cluster", func() bool {
		info, err := admin.ClusterInfo(t.Context()).Result()
		return err == nil && len(info) > 0 && admin.Set(t.Context(), "probe", "1", 0).Err() == nil
	})
	t.Run("compact and check", func(t *testing.T) {
		rdb := redis.NewClusterClient(&redis.ClusterOptions{Addrs: []string{node}})
		defer rdb.Close()
		s := redisstore.New(rdb, "privacy@company.example", must(seal.Ephemeral()))
		if err := s.Compact(t.Context()); err != nil {
			t.Errorf("compact: got %v", err)
		}
		faults := s.Check(t.Context())
		if len(faults) != 1 || !strings.Contains(faults[0].What, "appendonly yes") {
			t.Errorf("check: got %q, want that the node keeps no log", faults)
		}
	})
	for i, part := range suite {
		t.Run(part.name, func(t *testing.T) {
			rdb, err := redisstore.Dial(redisstore.Server{URLs: []string{"redis://" + node, "redis://" + node}})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { rdb.Close() })
			mailbox := fmt.Sprintf("box-%d@company.example", i)
			keys := must(seal.Ephemeral())
			part.test(t, house{Store: redisstore.New(rdb, mailbox, keys), rdb: rdb, keys: keys, mailbox: mailbox})
		})
	}
}

// TestSentinel finds the server through a sentinel.
func TestSentinel(t *testing.T) {
	master := startServer(t)
	_, port, err := net.SplitHostPort(master)
	if err != nil {
		t.Fatal(err)
	}
	config := filepath.Join(t.TempDir(), "sentinel.conf") // which it rewrites
	if err := os.WriteFile(config, []byte("sentinel monitor dpobot 127.0.0.1 "+port+" 1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	sentinel := startServer(t, config, "--sentinel")
	rdb, err := redisstore.Dial(redisstore.Server{URLs: []string{"redis://" + sentinel}, Master: "dpobot"})
	if err != nil {
		t.Fatal(err)
	}
	defer rdb.Close()
	waitFor(t, "the group", func() bool { return rdb.Ping(t.Context()).Err() == nil })
	s := redisstore.New(rdb, "privacy@company.example", must(seal.Ephemeral()))
	if got := file(t, s).Version; got != 1 {
		t.Errorf("got version %d, want 1", got)
	}
}

// startServer runs a redis-server on a free port of this machine until the test ends. A
// first argument without dashes is a configuration file.
func startServer(t *testing.T, args ...string) (address string) {
	t.Helper()
	program, err := exec.LookPath("redis-server")
	if err != nil {
		t.Skip("no redis-server on this machine: apt-get install redis-server")
	}
	port := freePort(t)
	cmd := exec.Command(program, append(args, "--port", port, "--bind", "127.0.0.1", "--save", "", "--loglevel", "warning")...)
	cmd.Dir = t.TempDir()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
	return net.JoinHostPort("127.0.0.1", port)
}

func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}
