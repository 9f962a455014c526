package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"
	"time"

	"dpobot/responders"
	"dpobot/workflow"
)

type replayCmd struct {
	configured
	Restored string   `required:"" placeholder:"DATE" help:"When the backup was made: 2026-11-05, or 2026-11-05T03:00. Erasures from then on are repeated."`
	Register []string `placeholder:"NAME" help:"A register that was restored; may be repeated. Without it: all of them."`
	DryRun   bool     `help:"List what would be erased, and erase nothing."`
	Yes      bool     `help:"Do not ask."`
}

// Help is shown below the flags.
func (replayCmd) Help() string {
	return `After a register was restored from a backup, the people who were erased since the backup was made are in it again. This command
finds them by keyed hashes of their addresses, and erases them once more, by the plan and the dates of their first erasure. Who was
erased before the backup was made, and became a customer again, is left alone. Name only the registers that were restored: in the
others an erased person may be a customer again by now.

A register of own SQL statements needs the statement scan, a webhook the action scan. Records that are found in no other way than by
the address are all that is found: what held no address is to be looked for by hand.

Example:
  dpobot replay-erasures -c dpobot.yaml --restored 2026-11-05T03:00 --register customers --dry-run
  dpobot replay-erasures -c dpobot.yaml --restored 2026-11-05T03:00 --register customers`
}

// Run opens what it takes.
func (c *replayCmd) Run(e *env) error {
	o, err := c.office(e)
	if err != nil {
		return err
	}
	defer o.Close()
	return c.replay(e, o)
}

// replay finds, asks, and erases.
func (c *replayCmd) replay(e *env, o *office) error {
	since, err := momentOf(c.Restored, o.cfg.Controller.Timezone)
	if err != nil {
		return misuse{err}
	}
	if since.After(o.engine.Now()) {
		return misuse{errors.New("--restored: the backup cannot have been made in the future")}
	}
	regs, err := openRegisters(o.cfg)
	if err != nil {
		return err
	}
	defer closeRegisters(regs)
	names, err := c.chosen(regs)
	if err != nil {
		return misuse{err}
	}
	stones, err := o.store.Tombstones(e.ctx)
	if err != nil {
		return err
	}
	erased := func(address workflow.Address, register string) (time.Time, bool) {
		at, ok := stones[o.store.AddressHash(address)][register]
		return at, ok
	}
	letters, err := lettersOf(o.cfg)
	if err != nil {
		return err
	}
	r := replay{e: e, o: o, since: since, responder: newResponder(e, o, letters, noPost{}, nil, regs)}
	for _, name := range names {
		r.found = append(r.found, r.responder.Restored(e.ctx, name, since, erased))
	}
	r.list()
	switch {
	case c.DryRun || r.records() == 0:
		return r.outcome()
	case !c.Yes && !isTerminal(e.stdin):
		return misuse{errors.New("nobody can be asked here: look with --dry-run first, then add --yes")}
	case !c.Yes && !confirmed(e.stdin, e.stdout, fmt.Sprintf("Erase these %d records? They do not come back. Type yes: ", r.records())):
		fmt.Fprintln(e.stdout, "Nothing was erased.")
		return r.outcome()
	}
	r.erase()
	return r.outcome()
}

// chosen are the names of the registers to walk.
func (c *replayCmd) chosen(regs []responders.Register) ([]string, error) {
	var all []string
	for _, reg := range regs {
		all = append(all, reg.Spec.Name)
	}
	if len(c.Register) == 0 {
		return all, nil
	}
	for _, name := range c.Register {
		if !slices.Contains(all, name) {
			return nil, fmt.Errorf("--register: there is no register %s; there are %s", name, strings.Join(all, ", "))
		}
	}
	return c.Register, nil
}

// momentOf reads a day, or a day and a time of it, in the controller's time zone.
func momentOf(text string, zone *time.Location) (time.Time, error) {
	for _, form := range []string{time.DateOnly, "2006-01-02T15:04", "2006-01-02 15:04", time.RFC3339} {
		if t, err := time.ParseInLocation(form, text, zone); err == nil {
			return t, nil
		}
	}
	return time.Time{}, errors.New("--restored: write 2026-11-05, or 2026-11-05T03:00")
}

// replay is one run of the command.
type replay struct {
	e         *env
	o         *office
	responder *responders.Responder
	since     time.Time
	found     []responders.Restored
	failed    bool
}

func (r *replay) records() int {
	n := 0
	for _, f := range r.found {
		n += len(f.Records)
	}
	return n
}

// plainKey is a key that says nothing about anybody: a number, or a random one.
var plainKey = regexp.MustCompile(`^([0-9]{1,18}|[0-9a-f-]{32,36})$`)

// list says what was found, without anybody's data.
func (r *replay) list() {
	for _, f := range r.found {
		fmt.Fprintf(r.e.stdout, "%s: %d records looked at, %d of people erased since %s\n", f.Register, f.Walked, len(f.Records), r.since.Format("2006-01-02 15:04"))
		for _, record := range f.Records {
			key := record.Key
			if !plainKey.MatchString(key) {
				key = string(r.o.store.RetainedRef(f.Register, workflow.Text(key)))
			}
			fmt.Fprintf(r.e.stdout, "  %-24s erased %s\n", key, record.Erased.In(r.o.cfg.Controller.Timezone).Format("2006-01-02 15:04"))
		}
		if f.Err != nil {
			r.fail("%s: not walked to its end: %v", f.Register, f.Err)
		}
	}
}

func (r *replay) fail(format string, args ...any) {
	r.failed = true
	fmt.Fprintf(r.e.stdout, "FAULT "+format+"\n", args...)
}

// erase erases record by record; one that fails keeps no other.
func (r *replay) erase() {
	for _, f := range r.found {
		done := 0
		var left []workflow.Retained
		for _, record := range f.Records {
			kept, did, err := r.responder.EraseAgain(r.e.ctx, f.Register, record)
			if err != nil {
				r.fail("%s: %v", f.Register, err)
				continue
			}
			left = append(left, kept...)
			if did {
				done++
			}
		}
		if err := r.o.engine.Replayed(r.e.ctx, f.Register, workflow.DateOf(r.since, r.o.cfg.Controller.Timezone), done, left); err != nil {
			r.fail("%s: the trail: %v", f.Register, err)
		}
		fmt.Fprintf(r.e.stdout, "%s: %d records erased again\n", f.Register, done)
	}
}

func (r *replay) outcome() error {
	if r.failed {
		return errFailed
	}
	return nil
}

// isTerminal tells whether somebody may be there to answer.
func isTerminal(in io.Reader) bool {
	f, ok := in.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// confirmed asks, and takes nothing but yes for yes.
func confirmed(in io.Reader, out io.Writer, question string) bool {
	fmt.Fprint(out, question)
	answer, _ := bufio.NewReader(in).ReadString('\n')
	return strings.TrimSpace(answer) == "yes"
}
