package workflow

import (
	"context"
	"errors"
	"time"
)

// moveAway closes a case of which the mails belong to another one. Nothing of them stays
// here: carry has handed them on.
func (r Rules) moveAway(c Case, ev Event, now time.Time) (Case, error) {
	if to := ev.Command.To; to == "" || to == c.Ref || to == Desk || to.Retained() {
		return c, &Impossible{c.State(), NoSuchCase}
	}
	for _, it := range c.Items {
		if it.State != Triage && !it.State.Closed() {
			return c, &Impossible{c.State(), NotNow} // sorted: its person was told of a case of their own
		}
	}
	c, err := r.spend(c, ev, Ignored, now)
	if err != nil {
		return c, err
	}
	c.Joined = ev.Command.To
	c.forgetContent()
	return c, nil
}

// carry hands the mails of a case that nobody could place on to the one that a handler
// names: once, however often the word is tried. Like every mail there they prove nothing:
// they open, close, change and redirect nothing. However many that case has, all are kept:
// here they are forgotten.
func (e *Engine) carry(ctx context.Context, from Case, to Ref) error {
	_, err := e.change(ctx, to, func(c Case) (Step, error) {
		c = c.clone()
		for _, m := range from.Messages {
			c.Messages = append(c.Messages, m)
			if m.From != c.Person.Address {
				c.Warn(OtherSender)
			}
		}
		c.More += from.More
		for _, w := range from.Warnings {
			if w != Stray && w != NoMatch {
				c.Warn(w)
			}
		}
		c.Urgent = c.Urgent || from.Urgent
		c, err := e.rules.answered(c, e.now())
		if err != nil {
			return Step{}, err
		}
		c.tell(FollowUpMail, e.rules.Handlers, e.limits.NoticeEvery, e.now())
		return Step{
			Case:       c,
			Identities: []string{"joined:" + string(from.Ref)},
			Entries:    []Entry{entry("joined", "from", string(from.Ref))},
		}, nil
	})
	if errors.Is(err, ErrDuplicate) {
		return nil
	}
	if errors.Is(err, ErrNoCase) {
		return &Impossible{from.State(), NoSuchCase}
	}
	return err
}

// joined is the word JOIN with the case that its mails come to: where the one that it names was joined to another itself,
// that other one. A ring leads to no case.
func (e *Engine) joined(ctx context.Context, cmd Command) (Command, error) {
	if cmd.To == "" || cmd.To == Desk || cmd.To.Retained() {
		return cmd, nil
	}
	var err error
	cmd.To, err = e.follow(ctx, cmd.To)
	return cmd, err
}

// follow is the case that the mails of ref belong to now, "" if there is none.
func (e *Engine) follow(ctx context.Context, ref Ref) (Ref, error) {
	for range joinsFollowed {
		c, err := e.store.Load(ctx, ref)
		if errors.Is(err, ErrNoCase) || err == nil && len(c.Messages) == 0 {
			return "", nil
		}
		if err != nil || c.Joined == "" {
			return ref, err
		}
		ref = c.Joined
	}
	return "", nil
}

// joinsFollowed bounds a chain of cases that were joined one to the next.
const joinsFollowed = 5
