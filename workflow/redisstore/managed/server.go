package managed

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
)

// ErrNoServer: there is no redis-server to start.
var ErrNoServer = errors.New("no redis-server on this machine: install it (Debian, Ubuntu: apt-get install redis-server), or configure the url of another one")

// Options say where the server lives.
type Options struct {
	Dir    string       // of its socket and data; made with mode 0700
	Binary string       // "" looks for redis-server, then valkey-server
	Log    *slog.Logger // what the server says, and its restarts; nil for none
}

// Server is a private redis-server, our own child or that of another process on the same
// directory. It is restarted when it dies, until Close.
type Server struct {
	dir    string
	binary string
	log    *slog.Logger
	folder *os.File // keeps dir open for the short path of the socket

	cancel context.CancelFunc
	done   chan struct{} // closed when the keeper ended
	failed chan error    // how the first child ended

	mu     sync.Mutex
	status Status
}

// Status is how the server is just now.
type Status struct {
	Own      bool  // it is our child; else another process has it
	PID      int   // of our child, 0 where there is none
	Restarts int   // how often a child of ours was started again
	Down     error // why our last child ended, until the next one runs
}

// Start starts the server, or finds the running one, and waits until it answers. ctx
// bounds the wait alone. ErrNoServer.
func Start(ctx context.Context, o Options) (*Server, error) {
	binary, err := find(o.Binary)
	if err != nil {
		return nil, err
	}
	folder, err := openDir(o.Dir)
	if err != nil {
		return nil, err
	}
	log := o.Log
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	keep, cancel := context.WithCancel(context.Background())
	s := &Server{
		dir: folder.Name(), binary: binary, log: log, folder: folder, cancel: cancel,
		done: make(chan struct{}), failed: make(chan error, 1),
	}
	go s.keep(keep)
	if err := s.untilReady(ctx); err != nil {
		s.Close()
		return nil, fmt.Errorf("start redis-server: %w", err)
	}
	return s, nil
}

// RedisOptions connect to the server. Commands are not repeated, and contexts count.
func (s *Server) RedisOptions() *redis.Options {
	return &redis.Options{
		Network: "unix", Addr: s.socket(),
		MaxRetries: -1, ContextTimeoutEnabled: true, ReadTimeout: 7 * time.Second,
		MaintNotificationsConfig: &maintnotifications.Config{Mode: maintnotifications.ModeDisabled},
	}
}

// Status tells how the server is just now.
func (s *Server) Status() Status {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.status
}

// Close stops the server, if it is ours, and waits until it wrote all and ended.
func (s *Server) Close() error {
	s.cancel()
	<-s.done
	return s.folder.Close()
}

// untilReady asks until the server answers, or the first child ended.
func (s *Server) untilReady(ctx context.Context) error {
	rdb := redis.NewClient(s.RedisOptions())
	defer rdb.Close()
	for {
		err := rdb.Ping(ctx).Err()
		if err == nil {
			return nil
		}
		select {
		case err := <-s.failed:
			return err
		case <-ctx.Done():
			return fmt.Errorf("it does not answer: %w", err)
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// find is the path of the server's program. Debian keeps it in /usr/bin, others in an
// sbin that a user's PATH may lack.
func find(binary string) (string, error) {
	names := []string{binary}
	if binary == "" {
		names = []string{"redis-server", "valkey-server"}
	}
	folders := append(filepath.SplitList(os.Getenv("PATH")), "/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin")
	for _, name := range names {
		if strings.ContainsRune(name, filepath.Separator) {
			folders = []string{""}
		}
		for _, folder := range folders {
			path := filepath.Join(folder, name)
			if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0 {
				return filepath.Abs(path)
			}
		}
	}
	return "", ErrNoServer
}

// openDir makes the directory, ours alone, and opens it.
func openDir(dir string) (*os.File, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("redis directory: %w", err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the redis directory: %w", err)
	}
	info, err := os.Stat(dir)
	if err != nil {
		return nil, fmt.Errorf("look at the redis directory: %w", err)
	}
	// Root would leave files there that the bot cannot read afterwards.
	if owner, ok := info.Sys().(*syscall.Stat_t); ok && int(owner.Uid) != os.Geteuid() {
		return nil, fmt.Errorf("the redis directory %s belongs to user %d: run as that user", dir, owner.Uid)
	}
	if err := os.Chmod(dir, 0o700); err != nil {
		return nil, fmt.Errorf("close the redis directory to others: %w", err)
	}
	folder, err := os.Open(dir)
	if err != nil {
		return nil, fmt.Errorf("open the redis directory: %w", err)
	}
	return folder, nil
}
