package main

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"dpobot/config"
)

type initCmd struct {
	Config string `short:"c" placeholder:"FILE" default:"dpobot.yaml" help:"The file to write (default: dpobot.yaml)."`
}

// Help is shown below the flags.
func (initCmd) Help() string {
	return `Writes a commented configuration; never overwrites one.

Example:
  dpobot init -c dpobot.yaml`
}

// Run asks, and writes the file.
func (c *initCmd) Run(e *env) error {
	if _, err := os.Stat(c.Config); !errors.Is(err, fs.ErrNotExist) {
		return misuse{fmt.Errorf("%s exists; it is left as it is", c.Config)}
	}
	a, err := askAll(e, bufio.NewScanner(e.stdin))
	if err != nil {
		return err
	}
	if err := os.WriteFile(c.Config, config.Init(a), 0o600); err != nil {
		return fmt.Errorf("write the configuration: %w", err)
	}
	fmt.Fprintf(e.stdout, "\nWrote %s. Next:\n  write the mailbox's passwords into imap.password and smtp.password beside it (chmod 600)\n"+
		"  describe your registers in it\n  dpobot check -c %s\n  dpobot run -c %s\n", c.Config, c.Config, c.Config)
	return nil
}

// question is one answer to ask for.
type question struct {
	field string // of config.Answers, as its Check names it
	text  string
	into  *string
	first string // what stands there unless something else is typed
}

func askAll(e *env, in *bufio.Scanner) (config.Answers, error) {
	a := config.Answers{}
	for _, q := range []question{
		{"Controller", "Name of the company or body", &a.Controller, ""},
		{"Country", "Country, two letters", &a.Country, "FI"},
		{"Mailbox", "Address to which people write", &a.Mailbox, ""},
		{"IMAPHost", "IMAP server (host, or host:port)", &a.IMAPHost, ""},
		{"SMTPHost", "SMTP server (host, or host:port)", &a.SMTPHost, ""},
		{"OfficerName", "Name of the data protection officer", &a.OfficerName, ""},
		{"OfficerAddress", "Officer's own address (may be the one above)", &a.OfficerAddress, ""},
		{"Language", "Language of the officer: fi, sv or en", &a.Language, "fi"},
	} {
		if err := askOne(e, in, &a, q); err != nil {
			return a, err
		}
	}
	return a, nil
}

func askOne(e *env, in *bufio.Scanner, a *config.Answers, q question) error {
	for {
		fmt.Fprint(e.stdout, q.text)
		if q.first != "" {
			fmt.Fprintf(e.stdout, " [%s]", q.first)
		}
		fmt.Fprint(e.stdout, ": ")
		if !in.Scan() {
			return misuse{errors.New("the answers ended early; nothing was written")}
		}
		*q.into = strings.TrimSpace(in.Text())
		if *q.into == "" {
			*q.into = q.first
		}
		wrong := a.Check()[q.field]
		if wrong == "" {
			return nil
		}
		fmt.Fprintf(e.stdout, "  That %s.\n", wrong)
	}
}
