package responders

import (
	"context"
	"fmt"

	"dpobot/responders/registers"
	"dpobot/workflow"
)

// eraseData erases the person by each register's plan. A register that fails holds up
// the confirmation; those that are done already report the same again.
func (r *Responder) eraseData(ctx context.Context, w workflow.Work) (workflow.Result, error) {
	var result workflow.Result
	for _, reg := range r.registers {
		own, err := r.recordsToAct(ctx, w, reg)
		keys := keysOf(own)
		if err != nil {
			return result, fmt.Errorf("find the person in %s: %w", reg.Spec.Name, err)
		}
		if len(keys) == 0 {
			continue
		}
		report, err := reg.Erase(ctx, keys, reg.Spec.Erase, r.queue.Now())
		if err != nil {
			return result, fmt.Errorf("erase in %s: %w", reg.Spec.Name, err)
		}
		if len(report.Failed) > 0 {
			return result, fmt.Errorf("erase in %s: %s: %w", reg.Spec.Name, failures(report), registers.ErrPermanent)
		}
		result.Reports = append(result.Reports, r.reported(reg.Spec, report, nil))
		result.Tell = append(result.Tell, reg.Tell...)
	}
	return result, nil
}

// plan is what an erasure would do in one register, for the case mail.
func (r *Responder) plan(ctx context.Context, c workflow.Case, reg Register, lang string) (*ReportView, error) {
	keys, err := r.keys(ctx, c, reg)
	if err != nil || len(keys) == 0 {
		return nil, err
	}
	report, err := reg.Preview(ctx, keys, reg.Spec.Erase, r.queue.Now())
	if err != nil {
		return nil, err
	}
	view := r.reportView(r.reported(reg.Spec, report, nil), lang)
	return &view, nil
}
