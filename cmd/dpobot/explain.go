package main

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"dpobot/inbox"
	"dpobot/inbox/authentic"
	"dpobot/inbox/reading"
	"dpobot/inbox/sorting"
	"dpobot/workflow"
	"dpobot/workflow/redisstore/seal"
)

type explainCmd struct {
	Config string   `short:"c" placeholder:"FILE" help:"A configuration: who the handlers are, and what makes their mail authentic."`
	JSON   bool     `help:"Print one JSON object a line, one for each mail."`
	Mail   []string `arg:"" name:"mail.eml" help:"Mails as files; a folder stands for the files in it."`
}

// Help is shown below the flags.
func (explainCmd) Help() string {
	return `Says how the bot reads a mail: sender, authenticity, automatic or not, visible text, keyword, kind and why. Changes nothing.
The output holds personal data.

Example:
  dpobot explain -c dpobot.yaml mail.eml
  dpobot explain --json folder/`
}

// Run explains each mail. One that cannot be opened fails the command after the others.
func (c *explainCmd) Run(e *env) error {
	judge, limits, err := c.judge()
	if err != nil {
		return err
	}
	files, err := mailFiles(c.Mail)
	if err != nil {
		return misuse{err}
	}
	out := json.NewEncoder(e.stdout)
	failed := false
	for _, name := range files {
		x, err := explainFile(e, judge, limits, name)
		if err != nil {
			fmt.Fprintf(e.stderr, "dpobot: %v\n", err)
			failed = true
			continue
		}
		if c.JSON {
			err = out.Encode(x)
		} else {
			err = printExplanation(e, x)
		}
		if err != nil {
			return err
		}
	}
	if failed {
		return errFailed
	}
	return nil
}

func explainFile(e *env, judge *inbox.Judge, limits reading.Limits, name string) (inbox.Explanation, error) {
	f, err := os.Open(name)
	if err != nil {
		return inbox.Explanation{}, err
	}
	defer f.Close()
	return judge.Explain(e.ctx, name, f, limits)
}

// mailFiles lists the files that the arguments name.
func mailFiles(args []string) ([]string, error) {
	var files []string
	for _, arg := range args {
		info, err := os.Stat(arg)
		if err != nil {
			return nil, err
		}
		if !info.IsDir() {
			files = append(files, arg)
			continue
		}
		entries, err := os.ReadDir(arg)
		if err != nil {
			return nil, err
		}
		for _, entry := range entries {
			if entry.Type().IsRegular() {
				files = append(files, filepath.Join(arg, entry.Name()))
			}
		}
	}
	return files, nil
}

// judge is that of the configuration, or without one a judge who knows no handler. The
// keys tell own mails from others; they are read where they exist, never made here.
func (c *explainCmd) judge() (*inbox.Judge, reading.Limits, error) {
	if c.Config == "" {
		sorter, err := sorting.New()
		if err != nil {
			return nil, reading.Limits{}, err
		}
		stamps, err := strangeStamps("mailbox@dpobot.invalid")
		if err != nil {
			return nil, reading.Limits{}, err
		}
		nowhere := authentic.Keys(nil)
		return inbox.NewJudge("mailbox@dpobot.invalid", nil, stamps, sorter, "", nowhere, []string{"en"}), reading.DefaultLimits(), nil
	}
	cfg, err := configured{c.Config}.load()
	if err != nil {
		return nil, reading.Limits{}, err
	}
	address := workflow.Address(cfg.Mailbox.Address)
	keys, err := seal.Open(string(cfg.Keys.KeysetFile))
	if errors.Is(err, seal.ErrMissing) {
		stamps, err := strangeStamps(address)
		if err != nil {
			return nil, reading.Limits{}, err
		}
		judge, err := newJudge(cfg, stamps)
		return judge, readingLimits(cfg), err
	}
	if err != nil {
		return nil, reading.Limits{}, err
	}
	judge, err := newJudge(cfg, workflow.NewStamps(keys.Stamp(), address))
	return judge, readingLimits(cfg), err
}

// strangeStamps know no mail as their own.
func strangeStamps(address workflow.Address) (workflow.Stamps, error) {
	key := make([]byte, 32)
	if _, err := rand.Read(key); err != nil {
		return workflow.Stamps{}, err
	}
	return workflow.NewStamps(key, address), nil
}

func printExplanation(e *env, x inbox.Explanation) error {
	row := func(label, value string) {
		if value != "" {
			fmt.Fprintf(e.stdout, "  %-12s %s\n", label, value)
		}
	}
	fmt.Fprintln(e.stdout, x.File)
	row("from", x.From)
	row("from problem", x.FromProblem)
	row("subject", x.Subject)
	row("date", x.Date)
	row("language", x.Language)
	if x.Automatic {
		row("automatic", x.AutomaticWhy)
	}
	if x.List {
		row("list", x.ListWhy)
	}
	if x.Bounce != nil {
		row("bounce", x.Bounce.Action+" "+x.Bounce.Status)
	}
	row("first line", x.FirstLine)
	row("no command", x.CommandProblem)
	if x.Keyword != nil {
		row("keyword", string(x.Keyword.Word)+" "+x.Keyword.Argument)
	}
	if k := x.Keeper; k != nil {
		row("keeper", fmt.Sprintf("%s, %d documents %s", k.Says, k.Files, k.Trouble))
	}
	row("authentic", string(x.Authentic.Verdict)+": "+x.Authentic.Why)
	for _, a := range x.Attachments {
		row("attachment", fmt.Sprintf("%s (%s, %d bytes)", a.Name, a.Type, a.Size))
	}
	sure := "sure"
	if !x.Sure {
		sure = "unsure"
	}
	row("kind", fmt.Sprintf("%s (%s) %v", x.Kind, sure, x.Kinds))
	for _, why := range x.Why {
		row("because", why)
	}
	if x.Problem != nil {
		row("problem", *x.Problem)
	}
	row("would", string(x.Would)+" "+x.Refused)
	_, err := fmt.Fprintln(e.stdout)
	return err
}
