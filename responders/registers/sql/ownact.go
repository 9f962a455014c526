package sql

import (
	"context"
	database "database/sql"
	"fmt"
	"strings"
	"time"

	"dpobot/responders/registers"
)

// Change runs the statements of each field, in one transaction.
func (o *Own) Change(ctx context.Context, keys []string, changes []registers.Change) (registers.Report, error) {
	report := registers.Report{Register: o.spec.Name, Failed: o.spec.Refused(changes)}
	if len(report.Failed) > 0 {
		return report, registers.Refusal(report.Failed)
	}
	err := o.db.writing(ctx, o.src.Timeout, func(ctx context.Context, tx *database.Tx) error {
		for _, key := range unique(keys) {
			rec, found, err := o.one(ctx, tx, key)
			if err != nil {
				return err
			}
			if !found {
				continue
			}
			report.Records++
			for _, c := range changes {
				if err := o.changeOne(ctx, tx, rec, c, &report); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		return registers.Report{Register: o.spec.Name, Failed: report.Failed}, fmt.Errorf("change: %w", err)
	}
	return report, nil
}

func (o *Own) changeOne(ctx context.Context, tx *database.Tx, rec registers.Record, c registers.Change, report *registers.Report) error {
	if rec.Erased {
		report.Failed = append(report.Failed, registers.Failure{Field: c.Field, Why: "the record is erased, and what is left of it is locked"})
		return registers.Refusal(report.Failed)
	}
	old, _ := rec.Value(c.Field)
	report.Changed = append(report.Changed, registers.Changed{Field: c.Field, Old: old.Raw, New: c.New})
	if old.Raw == c.New && !old.Null {
		return nil
	}
	statements := o.src.Statements.change(c.Field)
	if len(statements) == 0 {
		report.Failed = append(report.Failed, registers.Failure{Field: c.Field, Why: "there is no statement to change it"})
		return registers.Refusal(report.Failed)
	}
	return o.run(ctx, tx, statements, map[string]any{"key": rec.Key, "field": c.Field, "new": c.New, "now": stamp(time.Now())})
}

// stamp is the day, as all engines read it.
func stamp(t time.Time) string { return string(registers.DateOf(t)) }

// Erase runs the statements for a whole record, or those for one of which something stays.
func (o *Own) Erase(ctx context.Context, keys []string, plan registers.Plan, now time.Time) (registers.Report, error) {
	var report registers.Report
	err := o.db.writing(ctx, o.src.Timeout, func(ctx context.Context, tx *database.Tx) (err error) {
		report, err = o.erase(ctx, tx, keys, plan, now, true)
		return err
	})
	if err != nil {
		return registers.Report{Register: o.spec.Name, Failed: report.Failed}, fmt.Errorf("erase: %w", err)
	}
	if o.db.driver == "sqlite" {
		_, _ = o.db.write.ExecContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)") // as Register.Erase
	}
	return report, nil
}

// Preview makes the same decisions in a read-only transaction.
func (o *Own) Preview(ctx context.Context, keys []string, plan registers.Plan, now time.Time) (registers.Report, error) {
	var report registers.Report
	err := o.db.reading(ctx, o.src.Timeout, func(ctx context.Context, tx *database.Tx) (err error) {
		report, err = o.erase(ctx, tx, keys, plan, now, false)
		return err
	})
	if err != nil {
		return registers.Report{Register: o.spec.Name, Failed: report.Failed}, fmt.Errorf("preview: %w", err)
	}
	return report, nil
}

func (o *Own) erase(ctx context.Context, tx *database.Tx, keys []string, plan registers.Plan, now time.Time, write bool) (registers.Report, error) {
	report := registers.Report{Register: o.spec.Name}
	if unknown := o.spec.Unknown(plan); len(unknown) > 0 {
		return report, fmt.Errorf("the plan names %s, which the register does not have: %w", strings.Join(unknown, ", "), registers.ErrPermanent)
	}
	for _, key := range unique(keys) {
		rec, found, err := o.one(ctx, tx, key)
		if err != nil {
			return report, err
		}
		if !found {
			continue
		}
		report.Records++
		whole, err := o.fate(ctx, tx, rec, plan, now, &report)
		if err != nil {
			return report, err
		}
		statements, what := o.src.Statements.Erase, "erase"
		if !whole {
			statements, what = o.src.Statements.Retain, "retain"
		}
		if len(statements) == 0 {
			report.Failed = append(report.Failed, registers.Failure{Field: "statements", Why: "there is none for " + what})
			return report, registers.Refusal(report.Failed)
		}
		if !write {
			continue
		}
		if err := o.run(ctx, tx, statements, map[string]any{"key": key, "now": stamp(now)}); err != nil {
			return report, err
		}
	}
	return report, nil
}

// fate reports what the plan means for a record, row by row, and whether all of it goes.
func (o *Own) fate(ctx context.Context, tx *database.Tx, rec registers.Record, plan registers.Plan, now time.Time, report *registers.Report) (whole bool, err error) {
	fate := o.spec.Fate(plan, rec.Values, "", now)
	whole = fate.Whole
	for _, c := range o.spec.Children {
		q, err := o.bind(o.src.Statements.Children[c.Name], map[string]any{"key": rec.Key})
		if err != nil {
			return false, err
		}
		for values, err := range rows(ctx, tx, q) {
			if err != nil {
				return false, err
			}
			child := o.spec.ChildFate(plan, c, picked(values, c.Fields), "", now)
			report.Add(child)
			if child.Whole {
				report.Rows++
			}
			whole = whole && child.Whole
		}
	}
	report.Add(fate)
	return whole, nil
}

func (o *Own) run(ctx context.Context, tx *database.Tx, statements []string, params map[string]any) error {
	for i, s := range statements {
		q, err := o.bind(s, params)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, q.String(), q.args...); err != nil {
			return fmt.Errorf("statement %d: %w", i+1, explain(err))
		}
	}
	return nil
}

// Check runs the reading statements for nobody, and has the database look at the others.
func (o *Own) Check(ctx context.Context) []registers.Finding {
	out := o.spec.Faults()
	nobody := parameters(registers.Person{Addresses: []string{"nobody@invalid.example"}})[0]
	nobody["key"] = "0"
	s := o.src.Statements
	err := o.db.reading(ctx, o.src.Timeout, func(ctx context.Context, tx *database.Tx) error {
		read, _ := o.read("0")
		for what, statement := range map[string]string{"find": s.Find, "read": read} {
			out = append(out, o.checkColumns(ctx, tx, what, statement, nobody, append(o.spec.Fields, registers.Field{Name: "key"}))...)
		}
		if f, ok := o.spec.Field(o.spec.Identify[registers.Email]); ok && s.Scan != "" {
			out = append(out, o.checkColumns(ctx, tx, "scan", s.Scan, nil, []registers.Field{{Name: "key"}, f})...)
		}
		for _, c := range o.spec.Children {
			out = append(out, o.checkColumns(ctx, tx, "children: "+c.Name, s.Children[c.Name], nobody, c.Fields)...)
		}
		return nil
	})
	if err != nil {
		out = append(out, registers.Finding{What: o.db.name + ": " + err.Error(), Mend: "see that the server runs, and that dsn and password are right"})
	}
	if len(o.spec.Erase.Retain) > 0 && len(s.Retain) == 0 || len(s.Erase) == 0 {
		out = append(out, registers.Finding{What: "the plan of erasure has no statements for all that it may have to do", Mend: "give statements for erase, and for retain if the plan retains"})
	}
	return out
}

func (o *Own) checkColumns(ctx context.Context, tx *database.Tx, what, statement string, params map[string]any, of []registers.Field) []registers.Finding {
	q, err := o.bind(statement, params)
	if err != nil {
		return []registers.Finding{{What: what + ": " + err.Error(), Mend: "correct the statement"}}
	}
	result, err := tx.QueryContext(ctx, q.String(), q.args...)
	if err != nil {
		return []registers.Finding{{What: what + ": " + explain(err).Error(), Mend: "correct the statement, or grant the login the right to it"}}
	}
	defer result.Close()
	have, err := result.Columns()
	if err != nil {
		return []registers.Finding{{What: what + ": " + explain(err).Error(), Mend: "correct the statement"}}
	}
	var out []registers.Finding
	for _, f := range of {
		found := false
		for _, name := range have {
			found = found || strings.EqualFold(name, f.In())
		}
		if !found {
			out = append(out, registers.Finding{What: fmt.Sprintf("the statement %s gives no column %s", what, f.In()), Mend: "name the column with AS, or take the field out of the configuration"})
		}
	}
	return out
}
