package managed

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"time"
)

const (
	// follow is how often a process without the server looks whether it is free.
	follow = 200 * time.Millisecond
	// firstPause is the wait before the first restart; each one after a short life
	// doubles it, up to longestPause.
	firstPause   = 100 * time.Millisecond
	longestPause = 10 * time.Second
	// longLife is a run after which the next restart is again the first.
	longLife = time.Minute
)

// errHeld: another process has the server.
var errHeld = errors.New("another process runs the server")

// keep holds the server up until ctx ends. It owns its thread: the kernel ends the child
// with the thread that started it (PR_SET_PDEATHSIG, prctl(2)), and Go ends threads.
func (s *Server) keep(ctx context.Context) {
	runtime.LockOSThread()
	defer close(s.done)
	var lock *os.File
	for lock == nil {
		var err error
		lock, err = tryLock(s.dir)
		if err != nil && !errors.Is(err, errHeld) {
			s.ended(err)
		}
		if lock == nil && !sleep(ctx, follow) {
			return
		}
	}
	// The child has the lock too: while either lives, nobody starts another server on
	// the same data.
	defer lock.Close()
	pause := firstPause
	for ctx.Err() == nil {
		begun := time.Now()
		err := s.runChild(ctx, lock)
		if ctx.Err() != nil {
			return
		}
		s.ended(err)
		if time.Since(begun) > longLife {
			pause = firstPause
		}
		if !sleep(ctx, pause) {
			return
		}
		pause = min(2*pause, longestPause)
	}
}

// ended remembers why the child ended, and tells.
func (s *Server) ended(err error) {
	s.mu.Lock()
	s.status.PID, s.status.Down = 0, err
	s.mu.Unlock()
	select {
	case s.failed <- err:
	default:
	}
	s.log.Error("redis-server ended", "error", err)
}

// started remembers that a child runs.
func (s *Server) started(pid int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.status.Own {
		s.status.Restarts++
	}
	s.status = Status{Own: true, PID: pid, Restarts: s.status.Restarts}
}

// tryLock takes the directory. errHeld.
func tryLock(dir string) (*os.File, error) {
	lock, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("the redis directory is gone: %w", err)
	} else if err != nil {
		return nil, fmt.Errorf("lock the redis directory: %w", err)
	}
	err = syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if err == nil {
		return lock, nil
	}
	lock.Close()
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, errHeld
	}
	return nil, fmt.Errorf("lock the redis directory: %w", err)
}

// sleep waits; false where ctx ended first.
func sleep(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}
