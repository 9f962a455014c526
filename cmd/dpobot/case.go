package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"dpobot/inbox/keyword"
	"dpobot/workflow"
)

type caseCmd struct {
	configured
	JSON    bool     `help:"Print JSON."`
	Ref     string   `arg:"" help:"The reference, such as DPO-2026-0001."`
	Keyword []string `arg:"" optional:"" passthrough:"" help:"A keyword with its argument, as on the first line of a handler's reply."`
}

// Help is shown below the flags.
func (caseCmd) Help() string {
	return `Without a keyword, shows the case and its audit trail. With one, acts as a handler's reply does; whoever may run this
command is trusted, and the trail names the operator. The running bot sends the mails that follow.

Example:
  dpobot case -c dpobot.yaml DPO-2026-0001
  dpobot case -c dpobot.yaml DPO-2026-0001 VERIFIED BY visit`
}

// Run shows the case, or acts on it.
func (c *caseCmd) Run(e *env) error {
	o, err := c.office(e)
	if err != nil {
		return err
	}
	defer o.Close()
	ref := workflow.Ref(strings.ToUpper(c.Ref))
	if len(c.Keyword) > 0 {
		if err := c.act(e, o, ref); err != nil {
			return err
		}
	}
	found, err := o.store.Load(e.ctx, ref)
	if errors.Is(err, workflow.ErrNoCase) {
		return fmt.Errorf("there is no case %s, or it was purged", ref)
	}
	if err != nil {
		return err
	}
	return c.show(e, o, found)
}

func (c *caseCmd) act(e *env, o *office, ref workflow.Ref) error {
	lines := strings.Split(strings.Join(c.Keyword, " "), "\n")
	cmd, err := keyword.Read(lines[0], lines[1:])
	if err != nil {
		return misuse{err}
	}
	decided, err := o.engine.Decide(e.ctx, workflow.Decision{Ref: ref, Command: cmd, Local: true, Received: time.Now()})
	var impossible *workflow.Impossible
	if errors.As(err, &impossible) {
		return fmt.Errorf("%s: %w", cmd.Word, impossible)
	}
	if err != nil {
		return err
	}
	if decided == workflow.Turned {
		return fmt.Errorf("there is no case %s, or it was purged", ref)
	}
	e.log.Info("word followed", "case", ref, "word", cmd.Word)
	return nil
}

func (c *caseCmd) show(e *env, o *office, found workflow.Case) error {
	line := lineOf(found, workflow.DateOf(time.Now(), o.cfg.Controller.Timezone))
	var trail []workflow.Entry
	for en, err := range o.store.Trail(e.ctx, found.Ref) {
		if err != nil {
			return fmt.Errorf("read the trail: %w", err)
		}
		trail = append(trail, en)
	}
	if c.JSON {
		return json.NewEncoder(e.stdout).Encode(struct {
			caseLine
			Trail []workflow.Entry `json:"trail"`
		}{line, trail})
	}
	fmt.Fprintf(e.stdout, "%s  %s  %s\n", line.Ref, kindWords(line.Kinds), line.State)
	fmt.Fprintf(e.stdout, "  person    %s\n  language  %s\n  received  %s\n  due       %s\n", line.Person, line.Language, line.Received, found.Clock.Ends())
	if line.WaitingFor != "" {
		fmt.Fprintf(e.stdout, "  waits for %s\n", line.WaitingFor)
	}
	for _, it := range line.Items {
		fmt.Fprintf(e.stdout, "  item      %s %s: %s\n", it.Kind, it.Right, it.State)
	}
	for _, t := range line.Told {
		at := ""
		if t.At != nil {
			at = t.At.In(o.cfg.Controller.Timezone).Format("2006-01-02 15:04")
		}
		fmt.Fprintf(e.stdout, "  told      %s (%s) by %s: %s %s\n", t.Recipient, t.Register, t.How, t.State, at)
	}
	fmt.Fprintln(e.stdout, "Tasks:")
	for _, t := range found.Tasks {
		fmt.Fprintf(e.stdout, "  %3d %-15s %-8s %s\n", t.N, t.Action, t.State, t.Why)
	}
	fmt.Fprintln(e.stdout, "Trail:")
	for _, en := range trail {
		fmt.Fprintf(e.stdout, "  %6d  %s  %-14s %s %s\n", en.Seq, en.At.In(o.cfg.Controller.Timezone).Format("2006-01-02 15:04"), en.Event, en.Actor, detailOf(en))
	}
	return nil
}

func detailOf(en workflow.Entry) string {
	var parts []string
	for _, key := range []string{"kinds", "action", "word", "register", "says", "files", "how", "reason", "why", "state", "days", "status", "trouble"} {
		if v := en.Detail[key]; v != "" {
			parts = append(parts, key+"="+v)
		}
	}
	return strings.Join(parts, " ")
}
