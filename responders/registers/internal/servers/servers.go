// Package servers starts real database servers for tests, from Debian's packages postgresql and mariadb-server: each in a
// temporary folder, on a free loopback port, and never as root, which the servers refuse.
package servers

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"runtime"
	"strconv"
	"syscall"
	"time"
)

// ErrMissing says that the server is not installed; its text names the package.
var ErrMissing = errors.New("not installed")

// Server is one running database server.
type Server struct {
	Port   int
	driver string
	admin  string // DSN of its administrator, for the driver
	folder string
	start  *exec.Cmd
	args   []string
	owner  *syscall.Credential
	done   chan struct{} // closed when the process is gone
}

// errEnded: the server ended by itself.
var errEnded = errors.New("the server ended")

// Start starts the server again on the same data and port, and waits until it answers. After a kill PostgreSQL refuses to start
// until the last child of the killed one is gone, so that it is tried for a while.
func (s *Server) Start() error {
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for try := 1; ; try++ {
		err := s.once()
		if !errors.Is(err, errEnded) || try == 50 {
			return err
		}
		<-tick.C
	}
}

func (s *Server) once() error {
	log, err := os.OpenFile(filepath.Join(s.folder, "log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	s.start = command(s.owner, s.folder, s.args...)
	s.start.Stdout, s.start.Stderr = log, log
	// The server dies with us, even if we are killed. The kernel takes the thread that started it for its parent, so that
	// one stays until the end.
	s.start.SysProcAttr.Pdeathsig = syscall.SIGKILL
	started, done := make(chan error), make(chan struct{})
	s.done = done
	go func(process *exec.Cmd) {
		runtime.LockOSThread()
		defer close(done)
		err := process.Start()
		started <- err
		if err == nil {
			_ = process.Wait()
		}
	}(s.start)
	if err := <-started; err != nil {
		return err
	}
	return s.ready()
}

// Kill ends the server at once, as a power failure would.
func (s *Server) Kill() {
	_ = s.start.Process.Signal(syscall.SIGKILL)
	<-s.done
}

// Close ends the server and removes its data.
func (s *Server) Close() {
	if s == nil {
		return
	}
	s.Kill()
	_ = os.RemoveAll(s.folder)
}

// Exec runs a statement as the administrator.
func (s *Server) Exec(statement string) error {
	db, err := sql.Open(s.driver, s.admin)
	if err != nil {
		return err
	}
	defer db.Close()
	_, err = db.Exec(statement)
	return err
}

func (s *Server) ready() error {
	ctx, cancel := context.WithTimeout(context.Background(), 60*time.Second)
	defer cancel()
	db, err := sql.Open(s.driver, s.admin)
	if err != nil {
		return err
	}
	defer db.Close()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		err := db.PingContext(ctx)
		if err == nil {
			return nil
		}
		select {
		case <-tick.C:
		case <-s.done:
			text, _ := os.ReadFile(filepath.Join(s.folder, "log"))
			return fmt.Errorf("%w: %s", errEnded, text)
		case <-ctx.Done():
			return err
		}
	}
}

// prepare makes the folder, and finds whom the server is to run as.
func prepare(account string) (folder string, owner *syscall.Credential, err error) {
	folder, err = os.MkdirTemp("", "dpobot-"+account+"-")
	if err != nil || os.Geteuid() != 0 {
		return folder, nil, err
	}
	who, err := user.Lookup(account)
	if err != nil {
		who, err = user.Lookup("nobody")
	}
	if err != nil {
		return folder, nil, err
	}
	uid, _ := strconv.Atoi(who.Uid)
	gid, _ := strconv.Atoi(who.Gid)
	return folder, &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, os.Chown(folder, uid, gid)
}

func command(owner *syscall.Credential, folder string, args ...string) *exec.Cmd {
	c := exec.Command(args[0], args[1:]...)
	c.Dir = folder
	c.SysProcAttr = &syscall.SysProcAttr{Credential: owner}
	c.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + folder, "LC_ALL=C.UTF-8", "TMPDIR=" + folder}
	return c
}

// binary looks in the path and where Debian keeps a program.
func binary(name string, elsewhere ...string) string {
	for _, pattern := range elsewhere {
		if found, _ := filepath.Glob(filepath.Join(pattern, name)); len(found) > 0 {
			return found[len(found)-1]
		}
	}
	path, _ := exec.LookPath(name)
	return path
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

// Postgres starts a PostgreSQL server; its administrator is postgres, without a password.
func Postgres() (*Server, error) {
	at := "/usr/lib/postgresql/*/bin"
	postgres, initdb := binary("postgres", at), binary("initdb", at)
	if postgres == "" || initdb == "" {
		return nil, fmt.Errorf("PostgreSQL: %w: apt-get install postgresql", ErrMissing)
	}
	folder, owner, err := prepare("postgres")
	if err != nil {
		return nil, err
	}
	data := filepath.Join(folder, "data")
	if out, err := command(owner, folder, initdb, "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync").CombinedOutput(); err != nil {
		return nil, fmt.Errorf("initdb: %w: %s", err, out)
	}
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	s := &Server{Port: port, driver: "pgx", folder: folder, owner: owner,
		admin: fmt.Sprintf("postgres://postgres@127.0.0.1:%d/postgres", port),
		args:  []string{postgres, "-D", data, "-p", strconv.Itoa(port), "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=" + folder, "-c", "fsync=off"}}
	return s, s.Start()
}

// MariaDB starts a MariaDB server; its administrator is root, without a password.
func MariaDB() (*Server, error) {
	server, install := binary("mariadbd", "/usr/sbin"), binary("mariadb-install-db", "/usr/bin")
	if server == "" || install == "" {
		return nil, fmt.Errorf("MariaDB: %w: apt-get install mariadb-server", ErrMissing)
	}
	folder, owner, err := prepare("mysql")
	if err != nil {
		return nil, err
	}
	data := filepath.Join(folder, "data")
	if out, err := command(owner, folder, install, "--no-defaults", "--datadir="+data, "--auth-root-authentication-method=normal", "--skip-test-db").CombinedOutput(); err != nil {
		return nil, fmt.Errorf("mariadb-install-db: %w: %s", err, out)
	}
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	s := &Server{Port: port, driver: "mysql", folder: folder, owner: owner,
		admin: fmt.Sprintf("root@tcp(127.0.0.1:%d)/", port),
		args: []string{server, "--no-defaults", "--datadir=" + data, "--port=" + strconv.Itoa(port), "--bind-address=127.0.0.1",
			"--socket=" + filepath.Join(folder, "sock"), "--pid-file=" + filepath.Join(folder, "pid"), "--character-set-server=utf8mb4"}}
	return s, s.Start()
}
