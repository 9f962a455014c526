// Package demo is the whole program in one process, with nothing to install: mail
// servers, a Redis and two registers in memory or in a temporary folder, and several
// people who write. It tells what happens as it happens, and checks that it did.
package demo

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Options of a demo.
type Options struct {
	Out        string // folder for every mail and package; "" makes a temporary one
	Serve      bool   // keep the servers up afterwards, until the context ends
	OneMailbox bool   // the bot reads the officer's own mailbox
	Stdout     io.Writer
	// Bot runs the program with a configuration file until the context ends. It is the
	// same as dpobot run.
	Bot func(ctx context.Context, configuration string) error
}

// ErrNotAsTold is what Run returns where an outcome was not the one that was told.
var ErrNotAsTold = errors.New("something did not happen as told")

// Run tells the story. The error is ErrNotAsTold, or what kept it from beginning.
func Run(ctx context.Context, o Options) error {
	dir, err := os.MkdirTemp("", "dpobot-demo-")
	if err != nil {
		return fmt.Errorf("make a temporary folder: %w", err)
	}
	defer os.RemoveAll(dir)
	if o.Out == "" {
		o.Out = filepath.Join(os.TempDir(), fmt.Sprintf("dpobot-demo-out-%d", os.Getpid()))
	}
	if err := os.MkdirAll(o.Out, 0o700); err != nil {
		return fmt.Errorf("make the folder for the mails: %w", err)
	}
	w, err := newWorld(dir, o.Out, o.OneMailbox)
	if err != nil {
		return err
	}
	defer w.close()
	return w.play(ctx, o)
}

// play tells the story in this world.
func (w *world) play(ctx context.Context, o Options) error {
	s := &story{world: w, out: o.Stdout, began: time.Now()}
	running, stop := context.WithCancelCause(ctx)
	ended := make(chan error, 1)
	go func() {
		err := o.Bot(running, w.file("dpobot.yaml"))
		stop(err) // without the bot the story cannot go on
		ended <- err
	}()
	s.tell(running)
	if o.Serve && running.Err() == nil {
		s.join()
		<-running.Done()
	}
	stop(nil)
	if err := <-ended; err != nil {
		s.fail("the bot ended with an error: %v", err)
	}
	return s.end()
}

// story tells what happens, a line at a time.
type story struct {
	world *world
	out   io.Writer
	began time.Time
	done  []string
	wrong []string
}

func (s *story) chapter(format string, args ...any) {
	fmt.Fprintf(s.out, "\n== %s\n", fmt.Sprintf(format, args...))
}

func (s *story) say(format string, args ...any) {
	fmt.Fprintf(s.out, "   %s\n", fmt.Sprintf(format, args...))
}

// show prints the beginning of a mail.
func (s *story) show(who string, m received, lines int) {
	fmt.Fprintf(s.out, "   -> %s gets: %s\n", who, m.subject)
	n := 0
	for _, line := range strings.Split(m.text, "\n") {
		if strings.TrimSpace(line) == "" {
			continue
		}
		if n++; n > lines {
			fmt.Fprintf(s.out, "      | ...\n")
			break
		}
		fmt.Fprintf(s.out, "      | %s\n", line)
	}
	for name, data := range m.files {
		fmt.Fprintf(s.out, "      + %s, %d bytes\n", name, len(data))
	}
}

// outcome notes whether something came out as told.
func (s *story) outcome(ok bool, format string, args ...any) bool {
	what := fmt.Sprintf(format, args...)
	if !ok {
		s.fail("%s", what)
		return false
	}
	s.done = append(s.done, what)
	fmt.Fprintf(s.out, "   ok: %s\n", what)
	return true
}

func (s *story) fail(format string, args ...any) {
	what := fmt.Sprintf(format, args...)
	s.wrong = append(s.wrong, what)
	fmt.Fprintf(s.out, "   NOT AS TOLD: %s\n", what)
}

func (s *story) end() error {
	s.chapter("Summary, after %.1f s", time.Since(s.began).Seconds())
	for _, what := range s.done {
		s.say("ok  %s", what)
	}
	for _, what := range s.wrong {
		s.say("NOT %s", what)
	}
	s.say("Every mail lies in %s as .eml, the answers as .pdf.", s.world.out)
	if len(s.wrong) > 0 {
		return ErrNotAsTold
	}
	return nil
}

// join tells how to take part with a mail program.
func (s *story) join() {
	s.chapter("The servers stay up: join with a mail program. End with Ctrl-C.")
	s.say("IMAP %s (no TLS), SMTP %s (no TLS; log in as who you are), password %q for each of:", s.world.imap.Addr, s.world.smtpAt, password)
	s.say("  %s  the bot's mailbox", s.world.mailbox)
	if s.world.officer != s.world.mailbox {
		s.say("  %s  the data protection officer", s.world.officer)
	}
	for _, p := range people {
		s.say("  %s  %s", p.address, p.name)
	}
	s.say("Write to %s as one of them: \"mitä tietoja teillä on minusta?\"", s.world.mailbox)
	s.say("As the officer, answer the case mail with one word. Log in to SMTP as the officer: the server signs what its own")
	s.say("users hand in, and an answer that nobody signed does not count. Or: dpobot case -c %s REF VERIFIED", s.world.file("dpobot.yaml"))
}
