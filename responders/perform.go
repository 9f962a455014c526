package responders

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"

	"dpobot/responders/post"
	"dpobot/responders/registers"
	"dpobot/workflow"
)

// perform does the task and says what came of it. Whatever goes wrong is a fault of the
// result: nothing that a task does can stop the worker.
func (r *Responder) perform(ctx context.Context, w workflow.Work) (result workflow.Result) {
	defer func() {
		if what := recover(); what != nil {
			// What it says may quote the person's data; where it happened does not.
			r.log.Error("a mistake of the program", "case", w.Case.Ref, "action", w.Task.Action, "stack", string(debug.Stack()))
			result = fault(errMistake)
		}
	}()
	var err error
	switch w.Task.Action {
	case workflow.LookUp:
		result, err = r.lookUp(ctx, w)
	case workflow.ChangeData:
		result, err = r.changeData(ctx, w)
	case workflow.EraseData:
		result, err = r.eraseData(ctx, w)
	case workflow.EraseRetained:
		result, err = r.eraseRetained(ctx, w)
	case workflow.Object:
		result, err = r.object(ctx, w)
	case workflow.Answer:
		result, err = r.answer(ctx, w)
	case workflow.KeeperMail:
		result, err = r.askKeeper(ctx, w)
	case workflow.ConfirmChange:
		result, err = r.confirmChange(ctx, w)
	default:
		result, err = r.mail(ctx, w, nil)
	}
	if err != nil {
		f := fault(err)
		f.Reports, f.Retained = result.Reports, result.Retained // what was done before the fault
		return f
	}
	return result
}

// fault is what an error means for the task. Its text is ours: neither the server's
// words nor the register's are in it.
func fault(err error) workflow.Result {
	f := workflow.Result{Fault: workflow.Temporary, Why: err.Error(), Perhaps: errors.Is(err, post.ErrUnknown)}
	switch {
	case errors.Is(err, post.ErrPermanent), errors.Is(err, errNothingToDo), errors.Is(err, errGone), errors.Is(err, errNoRegister),
		errors.Is(err, errNotAsked), errors.Is(err, errShredded):
		f.Fault = workflow.Permanent
	case errors.Is(err, registers.ErrTemporary), errors.Is(err, registers.ErrPermanent), errors.Is(err, errMistake):
		f.Fault = workflow.Broken
	}
	return f
}

// errNothingToDo: no register can do what the task asks; a human has to.
var errNothingToDo = errors.New("no register can do this; do it by hand, then answer DONE")

// errMistake: the program or a template of the operator's cannot do it. Its cause stays
// out of the text: it may quote what was to be shown.
var errMistake = errors.New("a mistake of the program or of a template; dpobot check may say more")

// mail renders and sends the task's one mail.
func (r *Responder) mail(ctx context.Context, w workflow.Work, files []post.File) (workflow.Result, error) {
	id := r.stamps.MessageID(w.Case.Ref, w.Task)
	result := workflow.Result{MessageID: id, Shown: w.Case.Refused, Lapses: len(w.Case.Lapses)}
	gone, err := r.went(ctx, w, id)
	if err != nil || gone {
		return result, err
	}
	m, err := r.compose(ctx, w)
	if err != nil {
		return workflow.Result{}, err
	}
	m.Files = append(m.Files, files...)
	return result, r.sendFiling(ctx, w, m, func() ([]byte, error) { return r.discreet(ctx, w) })
}

// leftOut stands in the copy of a case mail for the passphrase.
const leftOut = "[...]"

// discreet is the copy for the Sent folder where the mail itself says the passphrase: the
// package lies in the same folder, and whoever reads it must not find the key beside it.
// nil for every other mail: then the mail is filed as it went.
func (r *Responder) discreet(ctx context.Context, w workflow.Work) ([]byte, error) {
	if w.Case.Passphrase == "" || w.Task.Action.Audience() != workflow.ToHandler {
		return nil, nil
	}
	m, err := r.composeWith(ctx, w, func(v *View) { v.Passphrase = leftOut })
	if err != nil {
		return nil, err
	}
	return m.Bytes()
}

// went tells whether an earlier try has sent the mail: as noted at once after the
// server took it, or as the Sent folder shows. What releases data asks both.
func (r *Responder) went(ctx context.Context, w workflow.Work, id string) (bool, error) {
	if w.Claim.Tries <= 1 && w.Task.Tries == 0 {
		return false, nil
	}
	noted, err := r.queue.Store().WasSent(ctx, w.Case.Ref, w.Task.N)
	if err != nil || noted {
		return noted, err
	}
	if r.sent == nil || w.Task.Action != workflow.Answer {
		return false, nil
	}
	found, err := r.sent.FindInSent(ctx, id)
	if err != nil {
		return false, fmt.Errorf("ask the Sent folder: %w", err)
	}
	return found, nil
}

// send hands the mail in, notes that at once, and files the copy. A copy that cannot be
// filed is a pity, not a reason to send again.
func (r *Responder) send(ctx context.Context, w workflow.Work, m post.Mail) error {
	return r.sendFiling(ctx, w, m, func() ([]byte, error) { return nil, nil })
}

// sendFiling is send with another copy than the mail itself, unless copy gives nil.
func (r *Responder) sendFiling(ctx context.Context, w workflow.Work, m post.Mail, copy func() ([]byte, error)) error {
	raw, err := r.poster.Send(ctx, m)
	if fault := r.server.note(ctx, r.queue, err); fault != nil {
		r.log.Warn("remember that the mail server was away", "error", fault)
	}
	if err != nil {
		return err
	}
	if err := r.queue.Store().MarkSent(ctx, w.Case.Ref, w.Task.N); err != nil {
		r.log.Warn("note that a mail was sent", "case", w.Case.Ref, "task", w.Task.N, "error", err)
	}
	if r.sent == nil {
		return nil
	}
	other, err := copy()
	if other != nil {
		raw = other
	}
	if err == nil {
		err = r.sent.AppendSent(ctx, raw, m.Date)
	}
	if err != nil {
		r.log.Warn("file a copy in the Sent folder", "case", w.Case.Ref, "task", w.Task.N, "error", err)
	}
	return nil
}
