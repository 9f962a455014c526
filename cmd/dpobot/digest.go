package main

import (
	"context"
	"fmt"

	"dpobot/responders"
	"dpobot/responders/post"
)

type digestCmd struct {
	configured
	Send bool `help:"Mail it to the handlers: the running bot sends it at once."`
}

// Help is shown below the flags.
func (digestCmd) Help() string {
	return `Prints what is open, by due date, overdue first.

Example:
  dpobot digest -c dpobot.yaml
  dpobot digest -c dpobot.yaml --send`
}

// Run prints the digest, or books it.
func (c *digestCmd) Run(e *env) error {
	o, err := c.office(e)
	if err != nil {
		return err
	}
	defer o.Close()
	letters, err := lettersOf(o.cfg)
	if err != nil {
		return err
	}
	if c.Send {
		if err := o.engine.SendDigest(e.ctx); err != nil {
			return err
		}
		fmt.Fprintln(e.stdout, "The digest is booked; the running bot sends it.")
		return nil
	}
	r := newResponder(e, o, letters, noPost{}, nil, nil)
	text, err := r.Digest(e.ctx)
	if err != nil {
		return err
	}
	fmt.Fprint(e.stdout, text)
	return nil
}

// noPost sends nothing: for commands that only show.
type noPost struct{}

func (noPost) Send(context.Context, post.Mail) ([]byte, error) {
	return nil, fmt.Errorf("this command sends no mail: %w", post.ErrPermanent)
}

var _ responders.Poster = noPost{}
