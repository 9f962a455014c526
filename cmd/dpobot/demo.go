package main

import (
	"context"
	"errors"
	"log/slog"

	"dpobot/cmd/dpobot/demo"
	"dpobot/config"
)

type demoCmd struct {
	Serve   bool   `help:"Keep the servers up afterwards, so that you can join with a mail program."`
	Out     string `placeholder:"DIR" help:"Folder for every mail as .eml and every package as .pdf."`
	Mailbox string `enum:"own,dpo" default:"own" help:"own: the bot has a mailbox of its own; dpo: it reads the officer's."`
	Log     bool   `help:"Show the bot's log too."`
}

// Help is shown below the flags.
func (demoCmd) Help() string {
	return `Everything in one process: mail servers, Redis and two registers in memory or a temporary folder, several people who write in
three languages, and an officer who rings and replies. Exit code 0 only if each outcome was as told.

Example:
  dpobot demo --out /tmp/demo
  dpobot demo --mailbox dpo --serve`
}

// Run tells the story.
func (c *demoCmd) Run(e *env) error {
	err := demo.Run(e.ctx, demo.Options{
		Out: c.Out, Serve: c.Serve, OneMailbox: c.Mailbox == "dpo", Stdout: e.stdout,
		Bot: func(ctx context.Context, file string) error {
			quiet := *e
			quiet.ctx = ctx
			if !c.Log {
				quiet.log = slog.New(slog.DiscardHandler)
			}
			cfg, err := config.Load(file)
			if err != nil {
				return err
			}
			o, err := openOffice(&quiet, cfg)
			if err != nil {
				return err
			}
			defer o.Close()
			return o.run(&quiet)
		},
	})
	if errors.Is(err, demo.ErrNotAsTold) {
		return errFailed
	}
	return err
}
