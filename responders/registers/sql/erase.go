package sql

import (
	"context"
	database "database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"dpobot/responders/registers"
)

// Erase carries out the plan in one transaction.
func (r *Register) Erase(ctx context.Context, keys []string, plan registers.Plan, now time.Time) (registers.Report, error) {
	e := &erasure{Register: r, plan: plan, now: now, write: true}
	err := r.db.writing(ctx, r.src.Timeout, func(ctx context.Context, tx *database.Tx) error { return e.run(ctx, tx, keys) })
	if err != nil {
		return registers.Report{Register: r.spec.Name, Failed: e.report.Failed}, fmt.Errorf("erase: %w", err)
	}
	if r.db.driver == "sqlite" {
		// The write-ahead log still holds the pages as they were. Best effort: a reader may hold it up, and the next
		// checkpoint does it then.
		_, _ = r.db.write.ExecContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)")
	}
	return e.report, nil
}

// Preview makes the same decisions in a read-only transaction.
func (r *Register) Preview(ctx context.Context, keys []string, plan registers.Plan, now time.Time) (registers.Report, error) {
	e := &erasure{Register: r, plan: plan, now: now}
	err := r.db.reading(ctx, r.src.Timeout, func(ctx context.Context, tx *database.Tx) error { return e.run(ctx, tx, keys) })
	if err != nil {
		return registers.Report{Register: r.spec.Name, Failed: e.report.Failed}, fmt.Errorf("preview: %w", err)
	}
	return e.report, nil
}

// erasure is one run of a plan.
type erasure struct {
	*Register
	plan   registers.Plan
	now    time.Time
	write  bool
	report registers.Report
}

func (e *erasure) run(ctx context.Context, tx *database.Tx, keys []string) error {
	e.report.Register = e.spec.Name
	if unknown := e.spec.Unknown(e.plan); len(unknown) > 0 {
		return fmt.Errorf("the plan names %s, which the register does not have: %w", strings.Join(unknown, ", "), registers.ErrPermanent)
	}
	have, err := e.db.columns(ctx, tx, e.src.Table)
	if err != nil {
		return err
	}
	for _, key := range unique(keys) {
		if err := e.record(ctx, tx, have, key); err != nil {
			return err
		}
	}
	if len(e.report.Failed) > 0 {
		return registers.Refusal(e.report.Failed)
	}
	return nil
}

func (e *erasure) record(ctx context.Context, tx *database.Tx, have map[string]column, key string) error {
	rec, marker, found, err := e.one(ctx, tx, key, e.write)
	if err != nil || !found {
		return err
	}
	e.report.Records++
	erased, _ := registers.ParseDate(marker.Raw)
	fate := e.spec.Fate(e.plan, rec.Values, erased, e.now)
	stays := false
	for _, c := range e.children {
		left, err := e.childTable(ctx, tx, c, key, erased)
		if err != nil {
			return fmt.Errorf("child table %s: %w", c.Name, err)
		}
		stays = stays || left
	}
	if stays {
		// The rows that stay refer to it.
		fate.Whole = false
	}
	if !fate.Whole {
		e.keepKey(&fate)
	}
	e.report.Add(fate)
	if fate.Whole {
		return e.exec(ctx, tx, func(q *query) {
			q.WriteString("DELETE FROM " + q.d.ident(e.src.Table) + " WHERE " + q.is(e.src.Key, key))
		})
	}
	return e.blank(ctx, tx, have, key, fate)
}

// keepKey takes the key out of what is emptied: a number says nothing by itself, but a key that is the person's address or name refuses.
func (e *erasure) keepKey(fate *registers.Fate) {
	for _, f := range e.spec.Fields {
		if f.In() != e.src.Key || !slices.Contains(fate.Blank, f.Name) {
			continue
		}
		fate.Blank = without(fate.Blank, f.Name)
		fate.Gone = without(fate.Gone, f.Name)
		for role, field := range e.spec.Identify {
			if field == f.Name && role != registers.CustomerNumber {
				e.report.Failed = append(e.report.Failed, registers.Failure{Field: f.Name, Why: "it is the key of a row that must stay, and says whose it is"})
			}
		}
	}
}

func without(names []string, name string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(n string) bool { return n == name })
}

func (e *erasure) blank(ctx context.Context, tx *database.Tx, have map[string]column, key string, fate registers.Fate) error {
	q := &query{d: e.db.dialect}
	set, failed := q.setEmpty(have, e.spec.Fields, fate.Blank, key)
	e.report.Failed = append(e.report.Failed, failed...)
	if e.src.Marker != "" {
		m := q.d.column(e.src.Marker)
		set = append(set, m+" = COALESCE("+m+", "+q.arg(string(registers.DateOf(e.now)))+")")
	}
	if len(set) == 0 || !e.write {
		return nil
	}
	q2 := "UPDATE " + q.d.ident(e.src.Table) + " SET " + strings.Join(set, ", ") + " WHERE "
	q2 += q.is(e.src.Key, key)
	_, err := tx.ExecContext(ctx, q2, q.args...)
	return explain(err)
}

func (e *erasure) exec(ctx context.Context, tx *database.Tx, build func(*query)) error {
	if !e.write {
		return nil
	}
	q := &query{d: e.db.dialect}
	build(q)
	_, err := tx.ExecContext(ctx, q.String(), q.args...)
	return explain(err)
}
