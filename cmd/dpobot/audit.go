package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"dpobot/workflow"
	"dpobot/workflow/redisstore"
)

type auditCmd struct {
	Verify auditVerifyCmd `cmd:"" help:"Check the hash chain over every entry."`
	Export auditExportCmd `cmd:"" help:"Print the entries as JSON lines, of one case or all; or write the evidence of a case into one archive."`
}

type auditVerifyCmd struct{ configured }

// Run checks the chain and names the entry that breaks it.
func (c *auditVerifyCmd) Run(e *env) error {
	o, err := c.office(e)
	if err != nil {
		return err
	}
	defer o.Close()
	n, err := o.store.Verify(e.ctx)
	var broken *redisstore.Broken
	if errors.As(err, &broken) {
		fmt.Fprintf(e.stdout, "The audit trail is broken at entry %d: %s\n", broken.Seq, broken.What)
		return errFailed
	}
	if err != nil {
		return err
	}
	head, err := o.store.Head(e.ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(e.stdout, "%d entries, unbroken; the last is %s\n", n, head)
	return nil
}

type auditExportCmd struct {
	configured
	Ref       string `arg:"" optional:"" help:"The reference of a case; all entries without one."`
	Archive   string `placeholder:"FILE.zip" help:"Write the case's evidence into this new file: trail, dates, decisions, hashes."`
	WithMails bool   `help:"With --archive: the person's name and address and the texts of the mails too."`
}

// Help is shown below the flags.
func (auditExportCmd) Help() string {
	return `Example:
  dpobot audit export -c dpobot.yaml DPO-2026-0001
  dpobot audit export -c dpobot.yaml DPO-2026-0001 --archive DPO-2026-0001.zip`
}

// Run prints the entries, or writes the archive.
func (c *auditExportCmd) Run(e *env) error {
	switch {
	case c.Archive != "" && c.Ref == "":
		return misuse{errors.New("--archive wants the reference of a case")}
	case c.WithMails && c.Archive == "":
		return misuse{errors.New("--with-mails goes with --archive")}
	}
	o, err := c.office(e)
	if err != nil {
		return err
	}
	defer o.Close()
	if c.Archive != "" {
		return c.archive(e, o)
	}
	out := json.NewEncoder(e.stdout)
	for en, err := range o.store.Trail(e.ctx, workflow.Ref(strings.ToUpper(c.Ref))) {
		if err != nil {
			return fmt.Errorf("read the trail: %w", err)
		}
		if err := out.Encode(en); err != nil {
			return err
		}
	}
	return nil
}
