package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"dpobot/config"
	"dpobot/inbox/mailbox"
	"dpobot/responders"
	"dpobot/responders/post"
	"dpobot/workflow"
)

type checkCmd struct {
	configured
	NoMail bool `help:"Send no mail round."`
}

// Help is shown below the flags.
func (checkCmd) Help() string {
	return `Reads the configuration, opens the keys, logs in at Redis, IMAP and SMTP, looks at every register, fills in every template,
and sends a mail round. Says what is wrong and how to mend it. Exit code 1 if anything is wrong.

Example:
  dpobot check -c dpobot.yaml`
}

// checkTime bounds the looking; a mail that goes round has its own time.
const checkTime = 90 * time.Second

// report prints findings as they come, and remembers whether one was a fault.
type report struct {
	out    io.Writer
	faults int
}

func (r *report) fine(part, what string)       { fmt.Fprintf(r.out, "ok       %-10s %s\n", part, what) }
func (r *report) warn(part, what, mend string) { r.line("warning", part, what, mend) }
func (r *report) fault(part, what, mend string) {
	r.faults++
	r.line("FAULT", part, what, mend)
}

func (r *report) line(grade, part, what, mend string) {
	fmt.Fprintf(r.out, "%-8s %-10s %s\n", grade, part, what)
	if mend != "" {
		fmt.Fprintf(r.out, "%-8s %-10s   mend: %s\n", "", "", mend)
	}
}

// Run checks everything it can, whatever is wrong with the rest.
func (c *checkCmd) Run(e *env) error {
	cfg, err := c.load()
	if err != nil {
		return err
	}
	r := &report{out: e.stdout}
	r.fine("config", cfg.File)
	for _, f := range cfg.Lint() {
		if f.Refused {
			r.fault("notice", f.Path+": "+f.What, f.Mend)
		} else {
			r.warn("notice", f.Path+": "+f.What, f.Mend)
		}
	}
	ctx, cancel := context.WithTimeout(e.ctx, checkTime)
	defer cancel()
	bounded := *e
	bounded.ctx = ctx
	o := checkStore(&bounded, cfg, r)
	if o != nil {
		defer o.Close()
		checkCanary(ctx, cfg, o, r, time.Now())
	}
	checkTemplates(cfg, r)
	checkLexicons(cfg, r)
	checkRegisters(ctx, cfg, r)
	checkMail(&bounded, cfg, o, r, !c.NoMail)
	if r.faults > 0 {
		fmt.Fprintf(e.stdout, "\n%d faults.\n", r.faults)
		return errFailed
	}
	fmt.Fprintln(e.stdout, "\nAll is well.")
	return nil
}

func checkStore(e *env, cfg *config.Config, r *report) *office {
	o, err := openOffice(e, cfg)
	if err != nil {
		r.fault("redis", err.Error(), "")
		return nil
	}
	r.fine("keys", string(cfg.Keys.KeysetFile))
	faults := o.store.Check(e.ctx)
	for _, f := range faults {
		r.fault("redis", f.What, "")
	}
	if len(faults) == 0 {
		r.fine("redis", "answers, and keeps what it is told")
	}
	return o
}

func checkTemplates(cfg *config.Config, r *report) {
	letters, err := lettersOf(cfg)
	if err != nil {
		r.fault("templates", err.Error(), "mend the file, or take it out of the templates folder")
		return
	}
	faults := letters.Check(exampleView)
	for _, err := range faults {
		r.fault("templates", err.Error(), "mend the file, or take it out of the templates folder")
	}
	if len(faults) == 0 {
		r.fine("templates", "every mail can be written in every language")
	}
}

// checkLexicons reads the operator's own lexicons: one that is wrong would keep the bot
// from starting.
func checkLexicons(cfg *config.Config, r *report) {
	if len(cfg.Lexicon) == 0 {
		return
	}
	if _, err := sorterOf(cfg); err != nil {
		r.fault("lexicon", err.Error(), "mend the file, or take it out of lexicon")
		return
	}
	r.fine("lexicon", "every own lexicon can be read")
}

func checkRegisters(ctx context.Context, cfg *config.Config, r *report) {
	regs, err := openRegisters(cfg)
	if err != nil {
		r.fault("registers", err.Error(), "")
		return
	}
	defer closeRegisters(regs)
	checkKept(cfg, r)
	for _, reg := range regs {
		fine := true
		for _, f := range reg.Check(ctx) {
			what := reg.Spec.Name + ": " + f.What
			if f.Warn {
				r.warn("register", what, f.Mend)
				continue
			}
			fine = false
			r.fault("register", what, f.Mend)
		}
		if fine {
			r.fine("register", reg.Spec.Name)
		}
	}
}

// checkKept looks at what is declared of the registers that are kept by hand: nobody can be asked whether it is so.
func checkKept(cfg *config.Config, r *report) {
	for _, kept := range keptOf(cfg) {
		fine := true
		for _, f := range kept.Spec.Faults() {
			if f.Warn {
				continue // nothing is looked up there, so nothing has to be found with certainty
			}
			fine = false
			r.fault("register", kept.Spec.Name+": "+f.What, f.Mend)
		}
		if fine {
			r.fine("register", kept.Spec.Name+": kept by hand; its keeper is asked by mail")
		}
	}
}

func checkMail(e *env, cfg *config.Config, o *office, r *report, round bool) {
	sender, err := newSender(cfg)
	if err != nil {
		r.fault("smtp", err.Error(), "")
		return
	}
	defer sender.Close()
	canSend := checkSender(e.ctx, sender, r)
	var memory mailbox.Memory
	if o != nil {
		memory = newMemory(o.store)
	}
	box, err := newMailbox(e, cfg, noReader{}, memory)
	if err != nil {
		r.fault("imap", err.Error(), "")
		return
	}
	defer box.Close()
	canRead := true
	for _, f := range box.Check(e.ctx) {
		switch f.Grade {
		case mailbox.Fault:
			canRead = false
			r.fault("imap", f.What, f.Mend)
		case mailbox.Warning:
			r.warn("imap", f.What, f.Mend)
		default:
			r.fine("imap", f.What)
		}
	}
	if round && canSend && canRead && o != nil {
		checkRound(e, cfg, o, sender, box, r)
	}
}

func checkSender(ctx context.Context, sender *post.Sender, r *report) bool {
	err := sender.Check(ctx)
	switch {
	case err == nil:
		r.fine("smtp", "logged in")
		return true
	case errors.Is(err, post.ErrSetUp):
		r.fault("smtp", err.Error(), "see smtp in the configuration: url, starttls, password_file, ca_file")
	default:
		r.fault("smtp", err.Error(), "is the server running, and host and port right?")
	}
	return false
}

// noReader takes no mail: check only looks.
type noReader struct{}

func (noReader) Read(context.Context, mailbox.Message, io.Reader) (mailbox.Outcome, error) {
	return mailbox.Left, nil
}

func (noReader) SetAside(context.Context, mailbox.Message, string) (mailbox.Outcome, error) {
	return mailbox.Left, nil
}

// exampleView is what templates are tried on.
func exampleView(lang, action string) any {
	return responders.Example(lang, workflow.Action(action))
}
