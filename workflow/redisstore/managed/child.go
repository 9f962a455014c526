package managed

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"
)

// configuration is all that the server is told; it reads nothing else.
const configuration = `
# No network: only a socket in the server's own directory.
port 0
unixsocket ` + socketName + `
unixsocketperm 700
dir .
daemonize no
supervised no

# Every write is on disk before it is answered; no snapshots beside the log.
appendonly yes
appendfsync always
no-appendfsync-on-rewrite no
auto-aof-rewrite-percentage 100
auto-aof-rewrite-min-size 16mb
save ""

# Full memory refuses writes; it never drops a case.
maxmemory 0
maxmemory-policy noeviction

# A sealed case is a few long fields: packed, it takes half the memory.
hash-max-listpack-value 2048

databases 1
loglevel warning
logfile ""
`

// stopWithin is how long a child may take to write and end before it is killed.
const stopWithin = 10 * time.Second

// runChild starts the server and waits until it ended. The end of ctx stops it (SIGTERM:
// it writes what is open, and exits).
func (s *Server) runChild(ctx context.Context, lock *os.File) error {
	said := &tail{tell: func(line string) { s.log.Debug("redis-server says", "line", line) }}
	cmd := exec.CommandContext(ctx, s.binary, "-")
	cmd.Dir = s.dir
	cmd.Env = []string{"LC_ALL=C"}
	cmd.Stdin = strings.NewReader(configuration)
	cmd.Stdout, cmd.Stderr = said, said
	cmd.ExtraFiles = []*os.File{lock}
	cmd.SysProcAttr = childAttributes()
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = stopWithin
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("run %s: %w", s.binary, err)
	}
	s.started(cmd.Process.Pid)
	err := cmd.Wait()
	if err == nil {
		err = errors.New("somebody stopped it")
	}
	if last := said.last(); last != "" {
		return fmt.Errorf("%w: %s", err, last)
	}
	return err
}

// tail passes on the lines that the server says, and remembers the last one.
type tail struct {
	tell func(string)

	mu   sync.Mutex
	part string
	line string
}

// Write takes what the server says, in pieces of any size.
func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.part += string(b)
	for {
		line, rest, ok := strings.Cut(t.part, "\n")
		if !ok {
			break
		}
		t.part = rest
		if line = strings.TrimSpace(line); line != "" {
			t.line = line
			t.tell(line)
		}
	}
	return len(b), nil
}

func (t *tail) last() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.line
}
