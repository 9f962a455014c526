package sql

import (
	"context"
	database "database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"

	"dpobot/responders/registers"
)

// Change writes the fields in one transaction and reads back what the database made of them.
func (r *Register) Change(ctx context.Context, keys []string, changes []registers.Change) (registers.Report, error) {
	report := registers.Report{Register: r.spec.Name, Failed: r.spec.Refused(changes)}
	if len(report.Failed) > 0 {
		return report, registers.Refusal(report.Failed)
	}
	err := r.db.writing(ctx, r.src.Timeout, func(ctx context.Context, tx *database.Tx) error {
		have, err := r.db.columns(ctx, tx, r.src.Table)
		if err != nil {
			return err
		}
		for _, key := range unique(keys) {
			if err := r.changeOne(ctx, tx, have, key, changes, &report); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return registers.Report{Register: r.spec.Name, Failed: report.Failed}, fmt.Errorf("change: %w", err)
	}
	return report, nil
}

func (r *Register) changeOne(ctx context.Context, tx *database.Tx, have map[string]column, key string, changes []registers.Change, report *registers.Report) error {
	rec, _, found, err := r.one(ctx, tx, key, true)
	if err != nil || !found {
		return err
	}
	report.Records++
	fail := func(field, why string) error {
		report.Failed = append(report.Failed, registers.Failure{Field: field, Why: why})
		return registers.Refusal(report.Failed)
	}
	for _, c := range changes {
		if rec.Erased {
			return fail(c.Field, "the record is erased, and what is left of it is locked")
		}
		old, _ := rec.Value(c.Field)
		report.Changed = append(report.Changed, registers.Changed{Field: c.Field, Old: old.Raw, New: c.New})
		if old.Raw == c.New && !old.Null {
			continue
		}
		err := r.set(ctx, tx, have, key, c)
		if errors.Is(err, registers.ErrPermanent) {
			return fail(c.Field, strings.TrimSuffix(err.Error(), ": "+registers.ErrPermanent.Error()))
		}
		if err != nil {
			return err
		}
	}
	return r.readBack(ctx, tx, key, changes, fail)
}

func (r *Register) set(ctx context.Context, tx *database.Tx, have map[string]column, key string, c registers.Change) error {
	f, _ := r.spec.Field(c.Field)
	var value any = c.New
	// Nothing is no number and no date.
	if col := have[f.In()]; c.New == "" && !col.isText() && col.nullable {
		value = nil
	}
	q := &query{d: r.db.dialect}
	q.WriteString("UPDATE " + q.d.ident(r.src.Table) + " SET " + q.d.column(f.In()) + " = " + q.arg(value) + " WHERE ")
	q.WriteString(q.is(r.src.Key, key))
	_, err := tx.ExecContext(ctx, q.String(), q.args...)
	return explain(err)
}

// readBack catches a value that the database cut short, or a trigger put back.
func (r *Register) readBack(ctx context.Context, tx *database.Tx, key string, changes []registers.Change, fail func(field, why string) error) error {
	for _, c := range changes {
		if f, _ := r.spec.Field(c.Field); f.In() == r.src.Key {
			key = c.New
		}
	}
	rec, _, found, err := r.one(ctx, tx, key, false)
	if err != nil {
		return err
	}
	if !found {
		return fail("key", "the record is not under its key any more")
	}
	for _, c := range changes {
		now, _ := rec.Value(c.Field)
		if now.Raw != c.New && (strings.HasPrefix(c.New, now.Raw) && now.Raw != "" || now.Null && c.New != "") {
			return fail(c.Field, "the database did not keep the whole value")
		}
	}
	return nil
}

func unique(keys []string) []string {
	out := slices.Clone(keys)
	slices.Sort(out) // rows are always locked in the same order
	return slices.Compact(out)
}
