package sql

import (
	"context"
	database "database/sql"
	"encoding/hex"
	"fmt"
	"iter"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"dpobot/responders/registers"
)

// Find narrows in the database and decides in Go; see narrow.go.
func (r *Register) Find(ctx context.Context, p registers.Person) ([]registers.Match, error) {
	q := r.selectRecord()
	if !q.narrow(r.spec, p, r.src.Indexed) {
		return nil, nil
	}
	var out []registers.Match
	err := r.db.reading(ctx, r.src.Timeout, func(ctx context.Context, tx *database.Tx) error {
		for values, err := range rows(ctx, tx, q) {
			if err != nil {
				return err
			}
			rec := r.record(values)
			certain, by := r.spec.Match(p, rec.Values)
			if len(by) == 0 {
				continue
			}
			if len(out) == registers.MaxMatches {
				return fmt.Errorf("more than %d records answer to one person: %w", registers.MaxMatches, registers.ErrPermanent)
			}
			out = append(out, registers.Match{Certain: certain, By: by, Record: rec})
		}
		out = registers.Settle(out)
		for i := range out {
			if err := r.attach(ctx, tx, &out[i].Record); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("find: %w", err)
	}
	return out, nil
}

// selectRecord begins the query that record reads: key, marker, fields.
func (r *Register) selectRecord() *query {
	columns, _ := fields(r.spec.Fields)
	if r.src.Marker != "" {
		columns = append([]string{r.src.Marker}, columns...)
	}
	q := &query{d: r.db.dialect}
	q.selects(append([]string{r.src.Key}, columns...), r.src.Table)
	return q
}

func (q *query) selects(columns []string, table string) {
	texts := make([]string, len(columns))
	for i, c := range columns {
		texts[i] = q.d.text(q.d.column(c))
	}
	q.WriteString("SELECT " + strings.Join(texts, ", ") + " FROM " + q.d.ident(table) + " WHERE ")
}

func (r *Register) record(values []registers.Value) registers.Record {
	rec := registers.Record{Key: values[0].Raw}
	values = values[1:]
	if r.src.Marker != "" {
		rec.Erased = !values[0].Null && values[0].Raw != ""
		values = values[1:]
	}
	_, names := fields(r.spec.Fields)
	rec.Values = named(values, names)
	return rec
}

// attach counts the rows of each child table and leaves them to be read when asked for.
func (r *Register) attach(ctx context.Context, tx *database.Tx, rec *registers.Record) error {
	for _, c := range r.children {
		q := &query{d: r.db.dialect}
		q.WriteString("SELECT COUNT(*) FROM " + q.d.ident(c.table) + " WHERE " + q.is(c.foreign, rec.Key))
		rows := registers.ChildRows{Name: c.Name, Title: c.Title, Fields: c.Fields, Rows: r.childRows(c, rec.Key)}
		if err := tx.QueryRowContext(ctx, q.String(), q.args...).Scan(&rows.Count); err != nil {
			return fmt.Errorf("child table %s: %w", c.Name, explain(err))
		}
		rec.Children = append(rec.Children, rows)
	}
	return nil
}

func (r *Register) childRows(c child, key string) func(context.Context) iter.Seq2[[]registers.Value, error] {
	columns, names := fields(c.Fields)
	return func(ctx context.Context) iter.Seq2[[]registers.Value, error] {
		return func(yield func([]registers.Value, error) bool) {
			q := &query{d: r.db.dialect}
			q.selects(columns, c.table)
			q.WriteString(q.is(c.foreign, key))
			more := true
			// The caller works between the rows, and its time counts too.
			err := r.db.reading(ctx, 10*r.src.Timeout, func(ctx context.Context, tx *database.Tx) error {
				for values, err := range rows(ctx, tx, q) {
					if err != nil {
						return err
					}
					if more = yield(named(values, names), nil); !more {
						return nil
					}
				}
				return nil
			})
			if err != nil && more {
				yield(nil, fmt.Errorf("read %s: %w", c.Name, err))
			}
		}
	}
}

// one reads the record under a key, and holds its row where the transaction is for writing.
func (r *Register) one(ctx context.Context, tx *database.Tx, key string, hold bool) (rec registers.Record, marker registers.Value, found bool, err error) {
	q := r.selectRecord()
	q.WriteString(q.is(r.src.Key, key))
	if hold {
		q.WriteString(q.d.lock)
	}
	for values, err := range rows(ctx, tx, q) {
		if err != nil {
			return rec, marker, false, err
		}
		if found {
			return rec, marker, false, fmt.Errorf("the key column %s is not unique: %w", r.src.Key, registers.ErrPermanent)
		}
		rec, found = r.record(values), true
		if r.src.Marker != "" {
			marker = values[1]
		}
	}
	return rec, marker, found, nil
}

// rows runs a query and yields its rows, one at a time.
func rows(ctx context.Context, tx *database.Tx, q *query) iter.Seq2[[]registers.Value, error] {
	return func(yield func([]registers.Value, error) bool) {
		result, err := tx.QueryContext(ctx, q.String(), q.args...)
		if err != nil {
			yield(nil, explain(err))
			return
		}
		defer result.Close()
		columns, err := result.ColumnTypes()
		if err != nil {
			yield(nil, explain(err))
			return
		}
		into := make([]any, len(columns))
		for i := range into {
			into[i] = new(any)
		}
		for result.Next() {
			if err := result.Scan(into...); err != nil {
				yield(nil, explain(err))
				return
			}
			values := make([]registers.Value, len(into))
			for i := range into {
				values[i] = raw(*into[i].(*any), columns[i].DatabaseTypeName())
				values[i].Field = columns[i].Name()
			}
			if !yield(values, nil) {
				return
			}
		}
		if err := result.Err(); err != nil {
			yield(nil, explain(err))
		}
	}
}

func named(values []registers.Value, names []string) []registers.Value {
	for i := range values {
		values[i].Field = names[i]
	}
	return values
}

// raw writes a value as the database prints it; bytes that are no text as \x and hexadecimal, which is how PostgreSQL does. Only
// statements of the operator's own give times: the declared tables are read as text.
func raw(v any, kind string) registers.Value {
	switch v := v.(type) {
	case nil:
		return registers.Value{Null: true}
	case []byte:
		return registers.Value{Raw: text(string(v))}
	case string:
		return registers.Value{Raw: text(v)}
	case int64:
		return registers.Value{Raw: strconv.FormatInt(v, 10)}
	case float32:
		return registers.Value{Raw: strconv.FormatFloat(float64(v), 'f', -1, 32)}
	case float64:
		return registers.Value{Raw: strconv.FormatFloat(v, 'f', -1, 64)}
	case time.Time:
		if kind == "DATE" {
			return registers.Value{Raw: v.Format(time.DateOnly)}
		}
		return registers.Value{Raw: v.Format(time.RFC3339Nano)}
	default:
		return registers.Value{Raw: fmt.Sprint(v)}
	}
}

func text(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	return `\x` + hex.EncodeToString([]byte(s))
}
