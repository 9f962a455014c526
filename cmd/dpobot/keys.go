package main

import (
	"fmt"

	"dpobot/workflow/redisstore/seal"
)

type keysCmd struct {
	Create keysCreateCmd `cmd:"" help:"Make a new keyset file; refuses to overwrite one."`
	Rotate keysRotateCmd `cmd:"" help:"Add a new primary key; a running bot rewraps the living cases."`
	Retire keysRetireCmd `cmd:"" help:"Drop the older keys, once every case is rewrapped and backups have run out."`
}

type keysCreateCmd struct{ configured }

// Run makes the file.
func (c *keysCreateCmd) Run(e *env) error {
	cfg, err := c.load()
	if err != nil {
		return err
	}
	if err := seal.Create(string(cfg.Keys.KeysetFile)); err != nil {
		return err
	}
	fmt.Fprintf(e.stdout, "Made %s. Back it up apart from Redis: without it no case can be read.\n", cfg.Keys.KeysetFile)
	return nil
}

type keysRotateCmd struct{ configured }

// Run adds a key.
func (c *keysRotateCmd) Run(e *env) error {
	cfg, err := c.load()
	if err != nil {
		return err
	}
	if err := seal.Rotate(string(cfg.Keys.KeysetFile)); err != nil {
		return err
	}
	fmt.Fprintf(e.stdout, "%s has a new primary key. A running bot rewraps the living cases within ten minutes.\n", cfg.Keys.KeysetFile)
	return nil
}

type keysRetireCmd struct{ configured }

// Run drops the older keys, after it has made sure that no case needs them.
func (c *keysRetireCmd) Run(e *env) error {
	o, err := c.office(e)
	if err != nil {
		return err
	}
	defer o.Close()
	if _, err := o.store.Rewrap(e.ctx); err != nil {
		return err
	}
	n, err := seal.Retire(string(o.cfg.Keys.KeysetFile))
	if err != nil {
		return err
	}
	fmt.Fprintf(e.stdout, "%d older keys were dropped. Backups of Redis from before cannot be read any more.\n", n)
	return nil
}
