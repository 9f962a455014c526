package managed_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"dpobot/workflow/redisstore/managed"
)

func start(t *testing.T, dir string) (*managed.Server, *redis.Client) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	s, err := managed.Start(ctx, managed.Options{Dir: dir})
	if errors.Is(err, managed.ErrNoServer) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	rdb := redis.NewClient(s.RedisOptions())
	t.Cleanup(func() { rdb.Close(); s.Close() })
	return s, rdb
}

// until asks again and again: what it waits for is another process.
func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for !ok() {
		select {
		case <-ctx.Done():
			t.Fatalf("%s: never", what)
		case <-time.After(5 * time.Millisecond):
		}
	}
}

func TestServerIsPrivateAndDurable(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "state")
	_, rdb := start(t, dir)
	for name, want := range map[string]string{
		"port": "0", "appendonly": "yes", "appendfsync": "always", "save": "",
		"maxmemory-policy": "noeviction", "unixsocketperm": "700",
	} {
		got, err := rdb.ConfigGet(t.Context(), name).Result()
		if err != nil || got[name] != want {
			t.Errorf("%s: got %q (%v), want %q", name, got[name], err, want)
		}
	}
	info, err := os.Stat(dir)
	if err != nil {
		t.Fatal(err)
	}
	if got := info.Mode().Perm(); got != 0o700 {
		t.Errorf("directory: got mode %o, want 700", got)
	}
}

func TestDirectoryIsClosedToOthers(t *testing.T) {
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	start(t, dir)
	info, err := os.Stat(dir)
	if err != nil {
		t.Fatal(err)
	}
	if got := info.Mode().Perm(); got != 0o700 {
		t.Errorf("got mode %o, want 700", got)
	}
}

func TestLongPath(t *testing.T) {
	dir := filepath.Join(t.TempDir(), strings.Repeat("long/", 30))
	_, rdb := start(t, dir)
	if err := rdb.Set(t.Context(), "k", "v", 0).Err(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "redis.sock")); err != nil {
		t.Error(err)
	}
}

func TestKilledServerComesBackWithEveryAnsweredWrite(t *testing.T) {
	s, rdb := start(t, t.TempDir())
	first := s.Status()
	if !first.Own || first.PID == 0 {
		t.Fatalf("got %+v, want our own child", first)
	}
	answered := int64(0)
	for range 3 {
		pid := s.Status().PID
		for written := 0; ; written++ {
			if written == 50 {
				go syscall.Kill(pid, syscall.SIGKILL) // beside the writes that follow
			}
			n, err := rdb.Incr(t.Context(), "n").Result()
			if err != nil {
				break
			}
			answered = n
		}
		until(t, "the server comes back", func() bool {
			st := s.Status()
			return st.PID != 0 && st.PID != pid && rdb.Ping(t.Context()).Err() == nil
		})
		got, err := rdb.Get(t.Context(), "n").Int64()
		if err != nil || got < answered {
			t.Fatalf("got %d (%v), want at least the %d that were answered", got, err, answered)
		}
	}
	if got := s.Status().Restarts; got < 3 {
		t.Errorf("got %d restarts, want 3", got)
	}
}

func TestSecondProcessSharesAndTakesOver(t *testing.T) {
	dir := t.TempDir()
	owner, a := start(t, dir)
	follower, b := start(t, dir)
	if follower.Status().Own {
		t.Fatal("two servers on one directory")
	}
	if err := a.Set(t.Context(), "k", "v", 0).Err(); err != nil {
		t.Fatal(err)
	}
	if got, err := b.Get(t.Context(), "k").Result(); got != "v" {
		t.Fatalf("got %q (%v), want what the owner wrote", got, err)
	}
	if err := owner.Close(); err != nil {
		t.Fatal(err)
	}
	until(t, "the follower takes over", func() bool { return follower.Status().Own && b.Ping(t.Context()).Err() == nil })
	if got, err := b.Get(t.Context(), "k").Result(); got != "v" {
		t.Errorf("got %q (%v), want what was written before", got, err)
	}
}

// TestKilledOwner kills the process that has the server as its child: the kernel ends the
// child, and a process that shared it takes over.
func TestKilledOwner(t *testing.T) {
	if dir := os.Getenv("MANAGED_TEST_OWNER"); dir != "" {
		start(t, dir)
		fmt.Println("ready")
		select {}
	}
	dir := t.TempDir()
	owner := exec.Command(os.Args[0], "-test.run=^TestKilledOwner$", "-test.v")
	owner.Env = append(os.Environ(), "MANAGED_TEST_OWNER="+dir)
	out, err := owner.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := owner.Start(); err != nil {
		t.Fatal(err)
	}
	defer owner.Wait()
	defer owner.Process.Kill()
	lines := bufio.NewScanner(out)
	for lines.Scan() && lines.Text() != "ready" {
		if strings.Contains(lines.Text(), "SKIP") {
			t.Skip(managed.ErrNoServer)
		}
	}
	follower, rdb := start(t, dir)
	if follower.Status().Own {
		t.Fatal("two servers on one directory")
	}
	if err := rdb.Set(t.Context(), "k", "v", 0).Err(); err != nil {
		t.Fatal(err)
	}
	if err := owner.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	until(t, "the follower takes over", func() bool { return follower.Status().Own && rdb.Ping(t.Context()).Err() == nil })
	if got, err := rdb.Get(t.Context(), "k").Result(); got != "v" {
		t.Errorf("got %q (%v), want what was written before", got, err)
	}
}

func TestCloseStopsTheServer(t *testing.T) {
	s, _ := start(t, t.TempDir())
	pid := s.Status().PID
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(pid, 0); !errors.Is(err, syscall.ESRCH) {
		t.Errorf("the child still runs: %v", err)
	}
}

func TestStartTellsWhatIsWrong(t *testing.T) {
	t.Run("no program", func(t *testing.T) {
		_, err := managed.Start(t.Context(), managed.Options{Dir: t.TempDir(), Binary: "/nowhere/redis-server"})
		if !errors.Is(err, managed.ErrNoServer) || !strings.Contains(err.Error(), "apt-get install redis-server") {
			t.Errorf("got %v, want ErrNoServer with the package to install", err)
		}
	})
	t.Run("damaged data", func(t *testing.T) {
		dir := t.TempDir()
		folder := filepath.Join(dir, "appendonlydir")
		if err := os.Mkdir(folder, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(folder, "appendonly.aof.manifest"), []byte("nonsense\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		_, err := managed.Start(ctx, managed.Options{Dir: dir})
		if errors.Is(err, managed.ErrNoServer) {
			t.Skip(err)
		}
		if err == nil || ctx.Err() != nil {
			t.Errorf("got %v, want the server's own last words", err)
		}
	})
}
