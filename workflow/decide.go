package workflow

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Decision is a handler's word that inbox found to be genuine: the handler's address,
// authentic, from the first visible line of a mail that is no automatic one.
type Decision struct {
	Identity  Identity
	Received  time.Time
	Written   time.Time // by its Date, which every signature covers; zero without one
	MessageID string
	Ref       Ref // the case that it is about
	Stamp     Stamp
	By        Address
	Command   Command
	Trouble   string // why the first line is no word, in a code that the help mail explains; "" with a Command
	Replay    string // digest of what the mail's author signed: the same word sent again under another Message-ID
	Local     bool   // typed on the server: no secret is asked for
}

// Decided is what came of a decision.
type Decided string

const (
	Obeyed     Decided = "obeyed"    // it counts
	Explained  Decided = "explained" // it cannot be followed now; the handler gets a mail that says why
	Turned     Decided = "refused"   // it does not count; the handlers get a notice
	WasDecided Decided = "duplicate" // the same mail again; nothing happened
)

// Decide lets a handler's word count, if it carries a secret that is this case's, this
// handler's and unspent. The error is *Impossible where the case cannot take it, which
// the handler is told by mail unless it was typed on the server.
func (e *Engine) Decide(ctx context.Context, d Decision) (Decided, error) {
	if seen, err := e.store.Seen(ctx, d.Identity.keys()...); err != nil || seen {
		return WasDecided, err
	}
	if d.Command.Word == WordNew {
		return e.decideNew(ctx, d)
	}
	if d.Command.Word == WordJoin {
		var err error
		if d.Command, err = e.joined(ctx, d.Command); err != nil {
			return "", err
		}
	}
	outcome := Obeyed
	var impossible *Impossible
	var before Case
	_, err := e.change(ctx, d.Ref, func(c Case) (Step, error) {
		outcome, impossible, before = Obeyed, nil, c
		upto, refused, err := e.secret(ctx, c, d)
		if err != nil {
			return Step{}, err
		}
		if refused != "" {
			return Step{}, refusal(refused)
		}
		next, event := e.obey(c, d, upto, &impossible)
		if d.Command.Word == WordJoin && impossible == nil && d.Trouble == "" {
			err := e.carry(ctx, c, d.Command.To)
			if errors.As(err, &impossible) {
				next, event = e.cannot(c, d, impossible)
			} else if err != nil {
				return Step{}, err
			}
		}
		if d.Replay != "" {
			next.Used = append(slices.Clone(next.Used), d.Replay)
		}
		return Step{Case: next, Identities: d.Identity.keys(), Entries: []Entry{event}}, nil
	})
	var turned refusal
	switch {
	case errors.As(err, &turned):
		return Turned, e.Refuse(ctx, d.Identity, Refusal{At: e.now(), Ref: d.Ref, Reason: string(turned), Digest: d.Identity.Digest})
	case errors.Is(err, ErrDuplicate):
		return WasDecided, nil
	case errors.Is(err, ErrNoCase):
		return Turned, e.Refuse(ctx, d.Identity, Refusal{At: e.now(), Ref: d.Ref, Reason: ReasonGone, Digest: d.Identity.Digest})
	case err != nil:
		return "", err
	case impossible != nil:
		outcome = Explained
		if d.Local {
			return outcome, impossible
		}
	case d.Trouble != "":
		outcome = Explained
	default:
		e.learn(ctx, before, d.Command)
	}
	return outcome, nil
}

// learn remembers, without the mail's text, that the sorter was corrected. It is a help
// for whoever mends a lexicon; nothing depends on it.
func (e *Engine) learn(ctx context.Context, before Case, cmd Command) {
	if cmd.Word != WordKind && cmd.Word != WordIgnore {
		return
	}
	is := kindList(cmd.Kinds)
	if cmd.Word == WordIgnore {
		is = string(None)
	}
	err := e.store.AddCorrection(ctx, map[string]string{
		"at": DateOf(e.now(), e.rules.Calendar.Zone).String(), "lang": before.Heard,
		"said": kindList(before.Kinds()), "is": is, "state": string(before.State()),
	})
	if err != nil {
		e.log.Warn("remember a correction of the sorter", "error", err)
	}
}

// refusal carries the reason out of a change that is not made.
type refusal string

func (r refusal) Error() string { return "the word does not count: " + string(r) }

// Reasons for which a word does not count. The notice to the handlers explains them.
const (
	ReasonSpent    = "secret-spent"   // a later decision spent it
	ReasonForeign  = "secret-foreign" // of another case, or handed to another handler
	ReasonReplay   = "replay"         // the same word once more
	ReasonGone     = "case-gone"      // purged, or never there
	ReasonNoSecret = "secret-missing" // none at all
	ReasonMixed    = "secrets-mixed"  // of several cases
	ReasonEarly    = "written-before" // before the mail that it answers
)

// clockSkew is how far a handler's clock may be behind ours.
const clockSkew = 10 * time.Minute

// before tells whether the word was written before the task's mail went out: then it is an old mail of the handler's
// to which somebody who knows the secret gave a new thread, as no signature has to cover In-Reply-To.
func (d Decision) before(t Task) bool {
	sent := t.Done
	if sent.IsZero() {
		sent = t.Due
	}
	return !d.Written.IsZero() && d.Written.Before(sent.Add(-clockSkew))
}

// secret settles what the stamp of the answered mail lets its sender decide: the number
// of items that the mail had told of, or why it counts for nothing.
func (e *Engine) secret(ctx context.Context, c Case, d Decision) (upto int, refused string, err error) {
	if d.Local {
		return c.lastItem(), "", nil
	}
	if d.Replay != "" && slices.Contains(c.Used, d.Replay) {
		return 0, ReasonReplay, nil
	}
	if d.Stamp.Ref == Desk && c.Ref != Desk {
		return e.deskSecret(ctx, c, d)
	}
	t := c.Task(d.Stamp.Task)
	switch {
	case d.Stamp.Ref != c.Ref || t == nil || t.To != d.By || t.Action.Audience() != ToHandler:
		return 0, ReasonForeign, nil
	case t.Epoch != c.Epoch:
		return 0, ReasonSpent, nil
	case d.before(*t):
		return 0, ReasonEarly, nil
	}
	return t.Upto, "", nil
}

// deskSecret is that of a digest: it counts for the cases that were open when it was
// booked and in which nothing was decided since.
func (e *Engine) deskSecret(ctx context.Context, c Case, d Decision) (upto int, refused string, err error) {
	desk, err := e.store.Load(ctx, Desk)
	if err != nil {
		return 0, "", fmt.Errorf("load the desk: %w", err)
	}
	t := desk.Task(d.Stamp.Task)
	switch {
	case t == nil || t.To != d.By || t.Action != DigestMail:
		return 0, ReasonForeign, nil
	case c.Ref.Retained() && c.Retained != nil && DateOf(t.Due, e.rules.Calendar.Zone).Before(c.Retained.next()):
		return 0, ReasonSpent, nil // it told of an earlier erasure of the record, or of nothing
	case c.Ref.Retained() && !d.before(*t):
		return 0, "", nil // there is one decision to make about it
	case c.Ref.Retained():
		return 0, ReasonEarly, nil
	case c.Spent.After(t.Due) || !c.Received.Before(t.Due) && !c.opened().Before(t.Due):
		return 0, ReasonSpent, nil
	case d.before(*t):
		return 0, ReasonEarly, nil
	}
	for _, it := range c.Items {
		if it.Opened.Before(t.Due) {
			upto = it.N
		}
	}
	if upto == 0 {
		return 0, ReasonSpent, nil
	}
	return upto, "", nil
}

func (c Case) opened() time.Time {
	if len(c.Items) == 0 {
		return time.Time{}
	}
	return c.Items[0].Opened
}

// obey follows the word, or books the mail that says why it cannot be followed.
func (e *Engine) obey(c Case, d Decision, upto int, impossible **Impossible) (Case, Entry) {
	now := e.now()
	if d.Trouble != "" {
		c = c.clone()
		c.Book(Task{Action: HelpMail, To: d.By, Name: d.Trouble, Text: d.Command.Argument, Reply: d.MessageID, Due: now})
		return c, e.by(d, entry("not-understood", "trouble", d.Trouble, "digest", d.Identity.Digest))
	}
	d.Command.At = d.Received
	next, err := e.rules.Obey(c, d.Command, d.By, upto, now)
	if errors.As(err, impossible) {
		return e.cannot(c, d, *impossible)
	}
	return next, e.by(d, entry("decided",
		"word", string(d.Command.Word), "how", string(d.Command.How), "reason", string(d.Command.Reason),
		"kinds", kindList(d.Command.Kinds), "to", string(d.Command.To), "state", string(next.State()), "digest", d.Identity.Digest))
}

// cannot books the mail that says why the word cannot be followed.
func (e *Engine) cannot(c Case, d Decision, impossible *Impossible) (Case, Entry) {
	c = c.clone()
	if !d.Local {
		c.Book(Task{Action: HelpMail, To: d.By, Name: string(impossible.Why), Text: Text(d.Command.Word), Reply: d.MessageID, Due: e.now()})
	}
	return c, e.by(d, entry("not-possible", "word", string(d.Command.Word), "why", string(impossible.Why), "digest", d.Identity.Digest))
}

func (e *Engine) by(d Decision, en Entry) Entry {
	en.Actor = e.actor(d.By)
	return en
}

// decideNew opens a case for a request that came by phone, letter or counter; the clock
// runs from the day that the handler names.
func (e *Engine) decideNew(ctx context.Context, d Decision) (Decided, error) {
	if !d.Local {
		refused, err := e.anySecret(ctx, d)
		if err != nil {
			return "", err
		}
		if refused != "" {
			return Turned, e.Refuse(ctx, d.Identity, Refusal{At: e.now(), Ref: d.Ref, Reason: refused, Digest: d.Identity.Digest})
		}
	}
	d.Identity.Replay = d.Replay // there is no case yet that could remember it
	now := e.now()
	received := now
	if !d.Command.Received.IsZero() {
		received = d.Command.Received.At(12, 0, e.rules.Calendar.Zone)
	}
	ref, filed, err := e.open(ctx, Arrival{
		Identity: d.Identity, Received: received, From: d.Command.Address, Name: d.Command.Name,
		Kinds: d.Command.Kinds, Right: d.Command.Right, Sure: true, Text: d.Command.Text,
	})
	switch {
	case errors.Is(err, ErrDuplicate), filed == Duplicate:
		return WasDecided, nil
	case err != nil:
		return "", err
	}
	e.log.Info("case opened by a handler", "case", ref)
	return Obeyed, nil
}

// anySecret accepts any secret of the handler's own: NEW is about no case yet.
func (e *Engine) anySecret(ctx context.Context, d Decision) (refused string, err error) {
	c, err := e.store.Load(ctx, d.Stamp.Ref)
	if errors.Is(err, ErrNoCase) {
		return ReasonGone, nil
	}
	if err != nil {
		return "", fmt.Errorf("load case %s: %w", d.Stamp.Ref, err)
	}
	switch t := c.Task(d.Stamp.Task); {
	case t == nil || t.To != d.By:
		return ReasonForeign, nil
	case d.before(*t):
		return ReasonEarly, nil
	}
	return "", nil
}

// Refuse tells the handlers, once, of a mail that looked like a command and did not
// count. A flood makes one notice that counts them.
func (e *Engine) Refuse(ctx context.Context, id Identity, r Refusal) error {
	_, err := e.change(ctx, Desk, func(c Case) (Step, error) {
		c = c.clone()
		c.Refused++
		if len(c.Refusals) < refusalsShown {
			c.Refusals = append(c.Refusals, r)
		}
		c.tell(RefusedNotice, e.rules.Handlers, e.limits.NoticeEvery, e.now())
		event := entry("refused", "case", string(r.Ref), "reason", r.Reason, "digest", r.Digest)
		return Step{Case: c, Identities: id.keys(), Entries: []Entry{event}}, nil
	})
	if errors.Is(err, ErrDuplicate) {
		return nil
	}
	return err
}

// refusalsShown bounds how many refusals a notice spells out; the rest are counted.
const refusalsShown = 20
