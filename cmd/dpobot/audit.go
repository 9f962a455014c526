package main

import (
	"encoding/json"
	"errors"
	"fmt"

	"dpobot/workflow"
	"dpobot/workflow/redisstore"
)

type auditCmd struct {
	Verify auditVerifyCmd `cmd:"" help:"Check the hash chain over every entry."`
	Export auditExportCmd `cmd:"" help:"Print the entries as JSON lines: of one case, or all."`
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
	Ref string `arg:"" optional:"" help:"The reference of a case; all entries without one."`
}

// Run prints the entries.
func (c *auditExportCmd) Run(e *env) error {
	o, err := c.office(e)
	if err != nil {
		return err
	}
	defer o.Close()
	out := json.NewEncoder(e.stdout)
	for en, err := range o.store.Trail(e.ctx, workflow.Ref(c.Ref)) {
		if err != nil {
			return fmt.Errorf("read the trail: %w", err)
		}
		if err := out.Encode(en); err != nil {
			return err
		}
	}
	return nil
}
