package sql

import (
	"context"
	database "database/sql"
	"fmt"
	"slices"
	"strings"

	"dpobot/responders/registers"
)

// Check logs in, looks for every declared table and column, and asks whether the login may change and delete.
func (r *Register) Check(ctx context.Context) []registers.Finding {
	out := r.spec.Faults()
	err := r.db.reading(ctx, r.src.Timeout, func(ctx context.Context, tx *database.Tx) error {
		found, err := r.checkTables(ctx, tx)
		out = append(out, found...)
		return err
	})
	if err != nil {
		return append(out, registers.Finding{What: r.db.name + ": " + err.Error(), Mend: "see that the server runs, and that dsn and password are right"})
	}
	if slices.ContainsFunc(out, func(f registers.Finding) bool { return !f.Warn }) {
		return out
	}
	if err := r.tryWriting(ctx); err != nil {
		out = append(out, registers.Finding{What: "changing and deleting: " + err.Error(), Mend: "grant SELECT, UPDATE and DELETE on the tables, and see that the file may be written"})
	}
	return out
}

func (r *Register) checkTables(ctx context.Context, tx *database.Tx) ([]registers.Finding, error) {
	have, err := r.db.columns(ctx, tx, r.src.Table)
	if err != nil {
		return nil, err
	}
	need := []string{r.src.Key}
	if r.src.Marker != "" {
		need = append(need, r.src.Marker)
	}
	out := checkColumns(r.src.Table, have, need, r.spec.Fields)
	out = append(out, r.checkEmptying(have)...)
	for _, c := range r.children {
		have, err := r.db.columns(ctx, tx, c.table)
		if err != nil {
			return out, err
		}
		out = append(out, checkColumns(c.table, have, []string{c.foreign}, c.Fields)...)
	}
	if _, ok := have[r.src.Key]; !ok {
		return out, nil
	}
	q := &query{d: r.db.dialect}
	q.WriteString("SELECT COUNT(*) FROM (SELECT 1 FROM " + q.d.ident(r.src.Table) + " GROUP BY " + q.d.column(r.src.Key) + " HAVING COUNT(*) > 1) d")
	var twice int
	if err := tx.QueryRowContext(ctx, q.String()).Scan(&twice); err != nil {
		return out, explain(err)
	}
	if twice > 0 {
		out = append(out, registers.Finding{What: fmt.Sprintf("the key column %s of %s holds %d values more than once", r.src.Key, r.src.Table, twice), Mend: "name the primary key as key"})
	}
	return out, nil
}

// checkColumns names what is missing, and what is there and not declared: an answer would not show it, an erasure not touch it.
func checkColumns(table string, have map[string]column, need []string, of []registers.Field) []registers.Finding {
	if len(have) == 0 {
		return []registers.Finding{{What: "there is no table " + table, Mend: "correct the name, or grant the login the right to see it"}}
	}
	var out []registers.Finding
	columns, _ := fields(of)
	for _, name := range append(need, columns...) {
		if _, ok := have[name]; !ok {
			out = append(out, registers.Finding{What: fmt.Sprintf("the table %s has no column %s", table, name), Mend: "correct the name, or take the field out of the configuration"})
		}
	}
	var extra []string
	for name := range have {
		if !slices.Contains(need, name) && !slices.Contains(columns, name) {
			extra = append(extra, name)
		}
	}
	if slices.Sort(extra); len(extra) > 0 {
		out = append(out, registers.Finding{Warn: true,
			What: fmt.Sprintf("the table %s has columns that are not declared: %s", table, strings.Join(extra, ", ")),
			Mend: "declare those that hold personal data: they are not in the copy, and stay where an erasure keeps the row"})
	}
	return out
}

// checkEmptying tries the plan on the columns before there is a case.
func (r *Register) checkEmptying(have map[string]column) []registers.Finding {
	if len(r.spec.Erase.Retain) == 0 && r.spec.Erase.Default != registers.Anonymise {
		return nil
	}
	var out []registers.Finding
	for _, f := range r.spec.Fields {
		c, ok := have[f.In()]
		if !ok || f.In() == r.src.Key {
			continue
		}
		if _, ok := c.empty("1"); !ok {
			out = append(out, registers.Finding{Warn: true,
				What: fmt.Sprintf("the column %s of %s may not be empty, and its type %s has no empty value", f.In(), r.src.Table, c.kind),
				Mend: "allow NULL in it, or retain it"})
		}
	}
	return out
}

// tryWriting asks for the rights with statements that touch no row.
func (r *Register) tryWriting(ctx context.Context) error {
	return r.db.writing(ctx, r.src.Timeout, func(ctx context.Context, tx *database.Tx) error {
		tables := []string{r.src.Table}
		for _, c := range r.children {
			tables = append(tables, c.table)
		}
		for i, table := range tables {
			column := r.src.Key
			if i > 0 {
				column = r.children[i-1].foreign
			}
			d := r.db.dialect
			for _, statement := range []string{
				"UPDATE " + d.ident(table) + " SET " + d.column(column) + " = " + d.column(column) + " WHERE 1 = 0",
				"DELETE FROM " + d.ident(table) + " WHERE 1 = 0",
			} {
				if _, err := tx.ExecContext(ctx, statement); err != nil {
					return fmt.Errorf("table %s: %w", table, explain(err))
				}
			}
		}
		return nil
	})
}
