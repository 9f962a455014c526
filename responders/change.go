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
		changes, left := changesFor(reg.Spec, item.Fields)
		if len(changes)+len(left) == 0 {
			continue
		}
		keys, err := r.keysToAct(ctx, w, reg)
		if err != nil {
			return result, fmt.Errorf("find the person in %s: %w", reg.Spec.Name, err)
		}
		if len(keys) == 0 {
			continue
		}
		if len(changes) == 0 {
			result.Reports = append(result.Reports, workflow.RegisterReport{Register: reg.Spec.Name, Records: len(keys), Left: left})
			continue
		}
		report, err := reg.Change(ctx, keys, changes)
		if err != nil {
			return result, fmt.Errorf("change %s: %w", reg.Spec.Name, err)
		}
		if len(report.Failed) > 0 {
			return result, fmt.Errorf("change %s: %s: %w", reg.Spec.Name, failures(report), registers.ErrPermanent)
		}
		done := r.reported(reg.Spec, report, item.Reports)
		done.Left = left
		able = true
		result.Reports = append(result.Reports, done)
		result.Tell = append(result.Tell, reg.Tell...)
		result.Also = append(result.Also, mailboxes(reg.Spec, done)...)
	}
	if !able {
		return result, errNothingToDo
	}
	return result, nil
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

// changesFor are the changes that concern the register, and the fields that it has but
// does not let mail change.
func changesFor(spec registers.Spec, fields []workflow.FieldChange) (changes []registers.Change, left []string) {
	for _, f := range fields {
		field, ok := fieldOf(spec, f.Field)
		switch {
		case !ok:
		case !field.Change:
			left = append(left, field.Name)
		default:
			changes = append(changes, registers.Change{Field: field.Name, New: f.New.Reveal()})
		}
	}
	return changes, left
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
		keys, err := r.keys(ctx, w.Case, reg)
		if err != nil {
			return result, fmt.Errorf("find the person in %s: %w", reg.Spec.Name, err)
		}
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
	if !able {
		return result, errNothingToDo
	}
	return result, nil
}
