package main

import (
	"fmt"
	"os"
	"os/exec"
	"time"

	"github.com/alicebob/miniredis/v2"

	"dpobot/inbox/mailbox/imaptest"
)

// place is a set of servers.
type place struct {
	name  string
	addr  string // of IMAP
	dir   string // for the program's files
	redis string // the configuration's line
	put   func(mails [][]byte) error
	stop  []func()
}

func (p *place) close() {
	for i := len(p.stop) - 1; i >= 0; i-- {
		p.stop[i]()
	}
}

// missingError says what is not installed.
type missingError struct{ what string }

func (m *missingError) Error() string { return m.what }

func places(where string) []func(dir string) (*place, error) {
	switch where {
	case "memory":
		return []func(string) (*place, error){inMemory}
	case "dovecot":
		return []func(string) (*place, error){onDovecot}
	}
	return []func(string) (*place, error){inMemory, onDovecot}
}

// inMemory has IMAP and Redis in this process.
func inMemory(dir string) (*place, error) {
	server, err := imaptest.Start(imaptest.Options{Users: map[string]string{user: password}})
	if err != nil {
		return nil, fmt.Errorf("start the IMAP server: %w", err)
	}
	p := &place{name: "IMAP and Redis in memory", addr: server.Addr, stop: []func(){server.Close}}
	p.put = func(mails [][]byte) error {
		for _, m := range mails {
			if _, err := server.Append(user, "INBOX", m, time.Now()); err != nil {
				return err
			}
		}
		return nil
	}
	return p, p.furnish(dir, false)
}

// onDovecot has a real IMAP server, and a real Redis where there is one.
func onDovecot(dir string) (p *place, err error) {
	lent := &lender{}
	defer func() {
		if why, ok := recover().(unable); ok {
			lent.close()
			p, err = nil, &missingError{"Dovecot: " + string(why)}
		}
	}()
	server := imaptest.StartDovecot(lent, map[string]string{user: password})
	p = &place{name: "Dovecot", addr: server.Addr, stop: []func(){lent.close}}
	p.put = func(mails [][]byte) error { return server.AppendAll(user, "INBOX", mails, time.Now()) }
	return p, p.furnish(dir, true)
}

// furnish adds a Redis and a folder.
func (p *place) furnish(dir string, real bool) error {
	var err error
	if p.dir, err = os.MkdirTemp(dir, "place-"); err != nil {
		p.close()
		return err
	}
	program, missing := exec.LookPath("redis-server")
	if real && missing == nil {
		p.name += " and a redis-server of the program's own, every write on disk"
		p.redis = fmt.Sprintf("{managed: state, program: %q}", program)
		return nil
	}
	server, err := miniredis.Run()
	if err != nil {
		p.close()
		return fmt.Errorf("start the Redis in memory: %w", err)
	}
	if real {
		p.name += " and Redis in memory (no redis-server is installed)"
	}
	p.redis = fmt.Sprintf("{url: \"redis://%s/0\"}", server.Addr())
	p.stop = append(p.stop, server.Close)
	return nil
}

// unable is why a server cannot be started.
type unable string

// lender stands in for a test, of which StartDovecot borrows a few methods.
type lender struct{ cleanups []func() }

var _ imaptest.TB = (*lender)(nil)

func (*lender) Helper()                           {}
func (*lender) Skip(args ...any)                  { panic(unable(fmt.Sprint(args...))) }
func (*lender) Fatalf(format string, args ...any) { panic(unable(fmt.Sprintf(format, args...))) }
func (l *lender) Cleanup(f func())                { l.cleanups = append(l.cleanups, f) }

func (l *lender) close() {
	for i := len(l.cleanups) - 1; i >= 0; i-- {
		l.cleanups[i]()
	}
	l.cleanups = nil
}
