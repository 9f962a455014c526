package sql

import (
	"context"
	database "database/sql"
	"fmt"
	"strings"

	"dpobot/responders/registers"
)

// column is what an erasure must know of a column in order to empty it.
type column struct {
	kind     string // the engine's name of the type, lower case
	nullable bool
	unique   bool // part of a unique index: two emptied rows must not collide
}

// columns lists the columns of a table; none if there is no such table.
func (p pools) columns(ctx context.Context, tx *database.Tx, table string) (map[string]column, error) {
	args := []any{table}
	switch schema, name, split := strings.Cut(table, "."); {
	case p.driver == "pgx":
		args[0] = p.ident(table)
	case p.driver == "mysql" && split:
		args = []any{table, schema}
	case p.driver == "mysql":
		args = []any{table, nil}
	case split: // SQLite: an attached database has the same pragmas under its name; the table decides
		args[0] = name
	}
	result, err := tx.QueryContext(ctx, p.dialect.columns, args...)
	if err != nil {
		return nil, fmt.Errorf("columns of %s: %w", table, explain(err))
	}
	defer result.Close()
	out := map[string]column{}
	for result.Next() {
		var name string
		var c column
		if err := result.Scan(&name, &c.kind, &c.nullable, &c.unique); err != nil {
			return nil, explain(err)
		}
		out[name] = c
	}
	return out, explain(result.Err())
}

// empty returns the value that an emptied column takes: NULL where it may, else the nearest thing to nothing.
func (c column) empty(key string) (any, bool) {
	has := func(kinds ...string) bool {
		for _, k := range kinds {
			if strings.Contains(c.kind, k) {
				return true
			}
		}
		return false
	}
	switch {
	case c.nullable:
		return nil, true
	case has("char", "text", "clob") || c.kind == "":
		if c.unique {
			return "erased-" + key, true
		}
		return "", true
	case c.unique:
		return nil, false
	case has("bool"):
		return false, true
	case has("date", "timestamp"):
		return "1970-01-02", true
	case has("int", "numeric", "decimal", "real", "float", "double", "serial"):
		return "0", true
	case has("json"):
		return "{}", true
	case has("blob", "bytea", "binary"):
		return []byte{}, true
	}
	return nil, false
}

func (c column) isText() bool {
	return strings.Contains(c.kind, "char") || strings.Contains(c.kind, "text") || strings.Contains(c.kind, "clob") || c.kind == "" || c.kind == "citext"
}

// setEmpty writes the assignments that empty the fields, and names those that cannot be.
func (q *query) setEmpty(have map[string]column, of []registers.Field, names []string, key string) (set []string, failed []registers.Failure) {
	for _, name := range names {
		for _, f := range of {
			if f.Name != name {
				continue
			}
			value, ok := have[f.In()].empty(key)
			if !ok {
				failed = append(failed, registers.Failure{Field: name, Why: "the column may not be empty, and its type has no empty value"})
				continue
			}
			set = append(set, q.d.column(f.In())+" = "+q.arg(value))
		}
	}
	return set, failed
}
