// Package inbox takes in mail: it reads each mail, judges what it is and who it is
// from, and pushes what a case needs to the desk. Subfolders answer one question each:
// what stands in the mail (reading), whose it is (authentic), what a handler says
// (keyword), what a person asks for (sorting), and how mails get here (mailbox).
package inbox

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"

	"dpobot/inbox/authentic"
	"dpobot/inbox/mailbox"
	"dpobot/inbox/reading"
	"dpobot/inbox/sorting"
	"dpobot/workflow"
)

// Desk is where mails go once they are understood. *workflow.Engine is one. Where a call
// fails, Away tells whose trouble it is: the desk's, and all mails wait for it, or the
// one mail's, which is tried a few times and then shown to a human.
type Desk interface {
	// File takes a mail of a person.
	File(ctx context.Context, a workflow.Arrival) (workflow.Ref, workflow.Filed, error)
	// Decide takes a handler's word. A *workflow.Impossible is not an error here: the
	// handler has been told.
	Decide(ctx context.Context, d workflow.Decision) (workflow.Decided, error)
	// TakeReply takes the answer of a register's keeper.
	TakeReply(ctx context.Context, r workflow.KeeperReply) (workflow.Decided, error)
	// Bounce takes a report that a mail of ours was not delivered.
	Bounce(ctx context.Context, b workflow.Bounced) error
	// Refuse takes a mail that looked like a handler's word and does not count.
	Refuse(ctx context.Context, id workflow.Identity, r workflow.Refusal) error
	// Away is an error while the desk can take no mail at all.
	Away(ctx context.Context) error
}

// Intake reads mails for one mailbox. It is the mailbox.Reader.
type Intake struct {
	desk   Desk
	judge  *Judge
	log    *slog.Logger
	limits reading.Limits
}

// NewIntake puts an intake together.
func NewIntake(desk Desk, judge *Judge, limits reading.Limits, log *slog.Logger) *Intake {
	return &Intake{desk: desk, judge: judge, limits: limits, log: log}
}

var _ mailbox.Reader = (*Intake)(nil)

// Read reads one mail and hands it on. It streams: a mail is never held whole.
func (in *Intake) Read(ctx context.Context, m mailbox.Message, raw io.Reader) (mailbox.Outcome, error) {
	mail, proof, err := in.judge.Read(ctx, raw, in.limits)
	if err != nil {
		return "", fmt.Errorf("read the mail: %w", err)
	}
	if m.Oversize {
		mail.Problem = reading.ProblemTooLarge
	}
	j := in.judge.Judge(mail, proof)
	outcome, err := in.act(ctx, m, mail, j)
	if err != nil {
		return "", fmt.Errorf("hand the mail on: %w", in.whose(ctx, err))
	}
	in.log.Info("mail read", "mail", m, "is", j.Role, "would", j.Would, "outcome", outcome)
	return outcome, nil
}

// whose marks the desk's error with mailbox.ErrUnavailable if the trouble is not this
// mail's. A case that others change all the time is no fault of the mail either.
func (in *Intake) whose(ctx context.Context, err error) error {
	if errors.Is(err, workflow.ErrConflict) || in.desk.Away(ctx) != nil {
		return fmt.Errorf("%w (%w)", err, mailbox.ErrUnavailable)
	}
	return err
}

// act turns a judgement into one call of the desk.
func (in *Intake) act(ctx context.Context, m mailbox.Message, mail reading.Mail, j Judgement) (mailbox.Outcome, error) {
	id := identity(m, mail)
	switch j.Would {
	case WouldWait:
		return mailbox.Later, nil
	case WouldRefuse:
		return mailbox.Handled, in.desk.Refuse(ctx, id, workflow.Refusal{At: m.InternalDate, Ref: j.Stamp.Ref, Reason: j.Refused, Digest: id.Digest})
	case WouldAct:
		if j.Reply != nil {
			return mailbox.Handled, in.takeReply(ctx, id, *j.Reply)
		}
		return mailbox.Handled, in.decide(ctx, m, id, mail, j)
	case WouldAttention:
		status := mail.Bounce.Status
		return mailbox.Handled, in.desk.Bounce(ctx, workflow.Bounced{Identity: id, Of: j.Stamp, Status: status, Delayed: j.Delayed})
	case WouldLeave:
		if j.Role != RolePerson {
			return mailbox.Left, nil
		}
	}
	a := j.Arrival
	a.Identity, a.Received = id, m.InternalDate
	_, filed, err := in.desk.File(ctx, a)
	if err != nil {
		return "", err
	}
	if filed == workflow.LeftAlone {
		return mailbox.Left, nil
	}
	return mailbox.Handled, nil
}

func (in *Intake) decide(ctx context.Context, m mailbox.Message, id workflow.Identity, mail reading.Mail, j Judgement) error {
	for n, d := range j.Decisions {
		d.Identity, d.Received, d.MessageID = id, m.InternalDate, mail.MessageID
		if n > 0 {
			d.Identity.UID = 0
			d.Identity.Digest = fmt.Sprintf("%s-%d", id.Digest, n)
		}
		decided, err := in.desk.Decide(ctx, d)
		var impossible *workflow.Impossible
		if err != nil && !errors.As(err, &impossible) {
			return err
		}
		in.log.Info("word read", "case", d.Ref, "word", d.Command.Word, "outcome", decided)
	}
	return nil
}

func (in *Intake) takeReply(ctx context.Context, id workflow.Identity, r workflow.KeeperReply) error {
	r.Identity = id
	decided, err := in.desk.TakeReply(ctx, r)
	if err != nil {
		return err
	}
	in.log.Info("keeper's answer read", "case", r.Stamp.Ref, "says", r.Says, "files", len(r.Files), "outcome", decided)
	return nil
}

// SetAside shows the handlers a mail that could not be read: a person may be asking.
func (in *Intake) SetAside(ctx context.Context, m mailbox.Message, why string) (mailbox.Outcome, error) {
	a := workflow.Arrival{
		Identity: workflow.Identity{UIDValidity: m.UIDValidity, UID: m.UID, Digest: fmt.Sprintf("set-aside-%d-%d", m.UIDValidity, m.UID)},
		Received: m.InternalDate, Problem: "set aside", Language: in.judge.languages[0],
	}
	if _, _, err := in.desk.File(ctx, a); err != nil {
		return "", fmt.Errorf("show a mail that cannot be read: %w", in.whose(ctx, err))
	}
	in.log.Warn("mail set aside", "mail", m, "why", why)
	return mailbox.Handled, nil
}

func identity(m mailbox.Message, mail reading.Mail) workflow.Identity {
	return workflow.Identity{UIDValidity: m.UIDValidity, UID: m.UID, Digest: hex.EncodeToString(mail.Digest[:])}
}

// Handler is somebody whose word counts.
type Handler struct {
	Address  workflow.Address
	Language string
	Trust    Trust
}

// Trust is how a handler's mail is known to be theirs.
type Trust string

const (
	// TrustDKIM: the mail's own signature, verified here.
	TrustDKIM Trust = "dkim"
	// TrustServer: what the configured border server wrote on top of the mail.
	TrustServer Trust = "server"
	// TrustSecret: the case secret alone, for mail that never leaves the server.
	TrustSecret Trust = "secret"
)

// Sorter says what a person asks for.
type Sorter interface {
	Sort(subject, text string) sorting.Result
}

// Proof is what could be found out about a mail's authenticity while it was read.
type Proof struct {
	dkim *authentic.Result // nil: the mail names no handler who is trusted by DKIM
}
