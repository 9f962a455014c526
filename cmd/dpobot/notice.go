package main

import (
	"errors"
	"fmt"
)

type noticeCmd struct {
	Lint noticeLintCmd `cmd:"" help:"Say what the information of Art. 13 and 15 GDPR lacks, and what in it no longer holds."`
}

type noticeLintCmd struct{ configured }

// Help is shown below the flags.
func (noticeLintCmd) Help() string {
	return `Reads the configuration alone and dials nothing. Exit code 0 where nothing in it is wrong, though something may be missing; 2 where an
answer would say what no longer holds, such as a transfer on the Privacy Shield.

Example:
  dpobot notice lint -c dpobot.yaml`
}

// Run prints the findings.
func (c *noticeLintCmd) Run(e *env) error {
	cfg, err := c.load()
	if err != nil {
		return err
	}
	r, refused := &report{out: e.stdout}, 0
	for _, f := range cfg.Lint() {
		if where := fmt.Sprintf("%s:%d:%d: %s: %s", f.File, f.Line, f.Column, f.Path, f.What); f.Refused {
			refused++
			r.fault("notice", where, f.Mend)
		} else {
			r.warn("notice", where, f.Mend)
		}
	}
	if refused > 0 {
		return misuse{errors.New("the notice says what no longer holds")}
	}
	return nil
}
