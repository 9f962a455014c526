package responders

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"dpobot/responders/registers"
	"dpobot/workflow"
)

// changeData writes the fields of a change into every register that has them and holds
// the person. Each register is one step of its own and safe to repeat, so a register
// that is down holds up the confirmation, and nothing is done twice.
func (r *Responder) changeData(ctx context.Context, w workflow.Work) (workflow.Result, error) {
	item := w.Case.Item(w.Task.Item)
	if item == nil {
		return workflow.Result{}, errNothingToDo
	}
	var result workflow.Result
	able := false
	for _, reg := range r.registers {
		done, err := r.changeIn(ctx, w, reg, *item)
		if err != nil {
			return result, fmt.Errorf("change %s: %w", reg.Spec.Name, err)
		}
		if done.Records == 0 {
			continue
		}
		result.Reports = append(result.Reports, done)
		if len(done.Changed) == 0 {
			continue
		}
		able = true
		result.Tell = append(result.Tell, reg.Tell...)
		result.Also = append(result.Also, mailboxes(reg.Spec, done)...)
	}
	if !able && !askedKeeper(*item) {
		return result, errNothingToDo
	}
	return result, nil
}

// askedKeeper tells whether a keeper was asked to do it too.
func askedKeeper(item workflow.Item) bool {
	return slices.ContainsFunc(item.Inquiries, func(q workflow.Inquiry) bool {
		return q.State != workflow.InquiryIdle && q.State != workflow.InquiryDropped
	})
}

// confirmChange tells the person what was changed. Where neither a register nor a keeper changed anything there is
// nothing to confirm, and a handler has to look.
func (r *Responder) confirmChange(ctx context.Context, w workflow.Work) (workflow.Result, error) {
	if item := w.Case.Item(w.Task.Item); item != nil {
		changed := slices.ContainsFunc(r.itemView(*item, w.Case.Language).Reports, func(rep ReportView) bool { return len(rep.Changed) > 0 })
		if !changed {
			return workflow.Result{}, errNothingToDo
		}
	}
	return r.mail(ctx, w, nil)
}

// changeIn writes the fields into the person's records of one register, each record in
// one step.
func (r *Responder) changeIn(ctx context.Context, w workflow.Work, reg Register, item workflow.Item) (workflow.RegisterReport, error) {
	out := workflow.RegisterReport{Register: reg.Spec.Name}
	own, err := r.recordsToAct(ctx, w, reg)
	if err != nil {
		return out, err
	}
	for _, record := range own {
		changes, left := changesFor(reg.Spec, item.Fields, record)
		if len(changes)+len(left) == 0 {
			continue
		}
		out.Records++
		out.Left = union(out.Left, left)
		if len(changes) == 0 {
			continue
		}
		shut, err := r.locked(ctx, reg.Spec.Name, record)
		if err != nil {
			return out, err
		}
		if shut { // Art. 17(3) GDPR keeps it for one purpose, and as it was
			for _, c := range changes {
				out.Locked = union(out.Locked, []string{c.Field})
			}
			continue
		}
		report, err := reg.Change(ctx, []string{record.Key}, changes)
		if err != nil {
			return out, err
		}
		if len(report.Failed) > 0 {
			return out, fmt.Errorf("%s: %w", failures(report), registers.ErrPermanent)
		}
		out.Changed = append(out.Changed, r.reported(reg.Spec, report, item.Reports).Changed...)
	}
	return out, nil
}

func union(have, more []string) []string {
	for _, name := range more {
		if !slices.Contains(have, name) {
			have = append(have, name)
		}
	}
	return have
}

// mailboxes are the old and the new address where the address itself was changed: both
// hear of it, so that nobody's mail is led away in silence.
func mailboxes(spec registers.Spec, done workflow.RegisterReport) []workflow.Address {
	var both []workflow.Address
	for _, f := range done.Changed {
		if f.Field != spec.Identify[registers.Email] {
			continue
		}
		for _, value := range []workflow.Text{f.Old, f.New} {
			if address := registers.FoldAddress(value.Reveal()); strings.Contains(address, "@") {
				both = append(both, workflow.Address(address))
			}
		}
	}
	return both
}

// changesFor are the changes that concern the record, and the fields that the register
// has and that are left to a human: it does not let mail change them, or nobody can tell
// which of them is meant or what the whole value would be.
func changesFor(spec registers.Spec, fields []workflow.FieldChange, record registers.Record) (changes []registers.Change, left []string) {
	w := writingOf(spec, fields, record)
	return w.changes(spec), w.stillLeft()
}

// written is the value that a change writes. A name may be told in part ("my surname is
// now Smith, not Carter"): then the register's value with that part changed. known is
// false where a part is told and its place is not.
func written(spec registers.Spec, field registers.Field, f workflow.FieldChange, record registers.Record) (value string, known bool) {
	held, _ := record.Value(field.Name)
	old, now, current := strings.Fields(f.Old.Reveal()), strings.Fields(f.New.Reveal()), strings.Fields(held.Raw)
	if !isWholeName(spec, field) || len(record.Values) > 0 && len(now) >= len(current) && len(old) >= len(current) {
		return f.New.Reveal(), true
	}
	if at := wordsAt(current, old); at >= 0 {
		return strings.Join(slices.Concat(current[:at], now, current[at+len(old):]), " "), true
	}
	if wordsAt(current, now) >= 0 {
		return held.Raw, true // it is so already
	}
	unread := len(record.Values) == 0 // a repeated try: what the register holds is not known
	return f.New.Reveal(), len(now) >= len(current) && !(unread && len(now) == 1)
}

// wordsAt is where the words stand among others, -1 where they do not.
func wordsAt(all, words []string) int {
	for at := 0; len(words) > 0 && at+len(words) <= len(all); at++ {
		if slices.EqualFunc(all[at:at+len(words)], words, func(a, b string) bool { return registers.Fold(a) == registers.Fold(b) }) {
			return at
		}
	}
	return -1
}

func failures(report registers.Report) string {
	text := ""
	for i, f := range report.Failed {
		if i > 0 {
			text += "; "
		}
		text += f.Field + ": " + f.Why
	}
	return text
}

// reported keeps what was done, for the confirmation. When a try is repeated, the old
// value of a field is in the register no more: then that of the earlier report stays.
func (r *Responder) reported(spec registers.Spec, report registers.Report, before []workflow.RegisterReport) workflow.RegisterReport {
	out := workflow.RegisterReport{Register: spec.Name, Records: report.Records, Deleted: slices.Concat(report.Deleted, report.Anonymised)}
	for _, c := range report.Changed {
		old := c.Old
		if c.Old == c.New {
			old = oldValue(before, spec.Name, c)
		}
		out.Changed = append(out.Changed, workflow.FieldChange{Field: c.Field, Old: workflow.Text(old), New: workflow.Text(c.New)})
	}
	for _, k := range report.Kept {
		kept := workflow.Kept{Fields: k.Fields, Ground: k.Ground}
		if until, err := workflow.ParseDate(string(k.Until)); err == nil {
			kept.Until = until
		}
		if next, err := workflow.ParseDate(string(k.Next)); err == nil {
			kept.Next = next
		}
		out.Kept = append(out.Kept, kept)
	}
	return out
}

func oldValue(before []workflow.RegisterReport, register string, c registers.Changed) string {
	for _, b := range before {
		for _, f := range b.Changed {
			if b.Register == register && f.Field == c.Field && f.New.Reveal() == c.New {
				return f.Old.Reveal()
			}
		}
	}
	return c.Old
}

// object ends direct marketing, or what rested on consent, in every register that has a
// field for it (Art. 7(3), 21(3) GDPR). It takes nothing away and needs no call; only
// what is found by the address is touched.
func (r *Responder) object(ctx context.Context, w workflow.Work) (workflow.Result, error) {
	var result workflow.Result
	able := false
	for _, reg := range r.registers {
		if reg.Spec.Marketing == nil {
			continue
		}
		able = true
		own, err := r.theirs(ctx, w.Case, reg)
		if err != nil {
			return result, fmt.Errorf("find the person in %s: %w", reg.Spec.Name, err)
		}
		own = slices.DeleteFunc(own, func(record registers.Record) bool { return record.Erased }) // nobody mails those
		keys := keysOf(own)
		if len(keys) == 0 {
			continue
		}
		set := []registers.Change{{Field: reg.Spec.Marketing.Field, New: reg.Spec.Marketing.Value}}
		report, err := reg.Change(ctx, keys, set)
		if err != nil {
			return result, fmt.Errorf("change %s: %w", reg.Spec.Name, err)
		}
		if len(report.Failed) > 0 {
			return result, fmt.Errorf("change %s: %s: %w", reg.Spec.Name, failures(report), registers.ErrPermanent)
		}
		result.Reports = append(result.Reports, r.reported(reg.Spec, report, nil))
	}
	if item := w.Case.Item(w.Task.Item); !able && (item == nil || !askedKeeper(*item)) {
		return result, errNothingToDo
	}
	return result, nil
}
