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
		if err != nil {
			return result, fmt.Errorf("find the person in %s: %w", reg.Spec.Name, err)
		}
		if len(own) == 0 {
			continue
		}
		report, left, err := r.erase(ctx, w.Case.Ref, reg, own)
		result.Retained = append(result.Retained, left...)
		if err != nil {
			return result, fmt.Errorf("erase in %s: %w", reg.Spec.Name, err)
		}
		result.Reports = append(result.Reports, r.reported(reg.Spec, report, nil))
		result.Tell = append(result.Tell, reg.Tell...)
	}
	return result, nil
}

// plan is what an erasure would do in one register, for the case mail.
func (r *Responder) plan(ctx context.Context, c workflow.Case, reg Register, lang string) (*ReportView, error) {
	own, err := r.theirs(ctx, c, reg)
	if err != nil || len(own) == 0 {
		return nil, err
	}
	var report registers.Report
	for _, record := range own {
		one, err := r.preview(ctx, reg, record)
		if err != nil {
			return nil, err
		}
		report.Join(one)
	}
	view := r.reportView(r.reported(reg.Spec, report, nil), lang)
	return &view, nil
}

// preview is what an erasure would do with one record; of one that was erased before, by the dates of then.
func (r *Responder) preview(ctx context.Context, reg Register, record registers.Record) (registers.Report, error) {
	plan := reg.Spec.Erase
	before, err := r.retainedOf(ctx, reg.Spec.Name, record.Key)
	if err != nil {
		return registers.Report{}, err
	}
	if before != nil && !inUse(*before, record) {
		plan = reg.Spec.Since(registers.Date(before.Erased.String()), keptOf(*before))
	}
	return reg.Preview(ctx, []string{record.Key}, plan, r.queue.Now().In(r.company.Zone))
}
