package sql

import (
	"context"
	database "database/sql"
	"errors"
	"fmt"
	"iter"
	"strings"
	"time"

	"dpobot/responders/registers"
)

// Statements are the operator's own, for data that no single table holds. Values stand in them as :name and are bound, never written
// into the text. Results are read by column name: each field under its column's name, and the record's key as "key".
type Statements struct {
	// Find gives the records that may be a person's: :address :name :telephone :customer_number :birth_date :key. It runs once for each address.
	Find string
	// Read gives the record under a :key. Empty: Find, which then must have a condition on :key.
	Read string
	// Change has the statements for a field, by the field's name; "" for all others: :key :field :new :now
	Change map[string][]string
	// Erase deletes a record with all that belongs to it: :key :now
	Erase []string
	// Retain does what the declared plan says where something stays: empties what goes, and leaves the rest. :key :now
	Retain []string
	// Scan gives the columns "key" and that of the e-mail address, of every record; it may be empty. Only replay-erasures runs it.
	Scan string
	// Children gives the rows of a declared child table, by its name: :key
	Children map[string]string
}

// ParseStatements reads statements by their names: find, read, scan, change, change.FIELD, erase, retain (or anonymise), children.NAME. Where several
// are wanted, a semicolon parts them.
func ParseStatements(named map[string]string) (*Statements, error) {
	s := &Statements{Change: map[string][]string{}, Children: map[string]string{}}
	for name, text := range named {
		what, of, _ := strings.Cut(name, ".")
		parts := split(text)
		if len(parts) == 0 {
			return nil, fmt.Errorf("sql: statements: %s is empty", name)
		}
		switch what {
		case "find":
			s.Find = parts[0]
		case "read":
			s.Read = parts[0]
		case "scan":
			s.Scan = parts[0]
		case "change":
			s.Change[of] = parts
		case "erase":
			s.Erase = parts
		case "retain", "anonymise":
			s.Retain = append(s.Retain, parts...)
		case "children":
			s.Children[of] = parts[0]
		default:
			return nil, fmt.Errorf("sql: statements: no statement is named %s", name)
		}
		if one := what == "find" || what == "read" || what == "scan" || what == "children"; one && len(parts) > 1 {
			return nil, fmt.Errorf("sql: statements: %s must be one statement", name)
		}
	}
	return s, nil
}

func (s *Statements) change(field string) []string {
	if own := s.Change[field]; len(own) > 0 {
		return own
	}
	return s.Change[""]
}

// Own is a register of the operator's own statements. Every decision but what the statements do is made as for a declared
// table; what a plan keeps of single rows by their dates must be what Retain does.
type Own struct {
	spec registers.Spec
	src  Source
	db   pools
}

// OpenOwn prepares a register of own statements; it dials nothing.
func OpenOwn(spec registers.Spec, src Source) (*Own, error) {
	s := src.Statements
	if s == nil || s.Find == "" || s.Read == "" && !strings.Contains(s.Find, ":key") {
		return nil, errors.New("sql: statements: find must be given, and read, or a condition on :key in find")
	}
	for _, c := range spec.Children {
		if s.Children[c.Name] == "" {
			return nil, fmt.Errorf("sql: statements: children: %s has none", c.Name)
		}
	}
	for _, f := range spec.Fields {
		if f.Change && len(s.change(f.Name)) == 0 {
			return nil, fmt.Errorf("sql: statements: change: %s may be changed, and has none", f.Name)
		}
	}
	if src.Timeout == 0 {
		src.Timeout = 30 * time.Second
	}
	db, err := open(src.DSN, src.Password, src.Timeout)
	if err != nil {
		return nil, fmt.Errorf("sql: %w", err)
	}
	return &Own{spec: spec, src: src, db: db}, nil
}

// Close closes the connections.
func (o *Own) Close() error { return o.db.Close() }

// Find runs the statement once for each address, and lets registers.Match decide over what it gives.
func (o *Own) Find(ctx context.Context, p registers.Person) ([]registers.Match, error) {
	var out []registers.Match
	seen := map[string]bool{}
	err := o.db.reading(ctx, o.src.Timeout, func(ctx context.Context, tx *database.Tx) error {
		for _, params := range parameters(p) {
			for rec, err := range o.records(ctx, tx, o.src.Statements.Find, params) {
				if err != nil {
					return err
				}
				certain, by := o.spec.Match(p, rec.Values)
				if len(by) == 0 || seen[rec.Key] {
					continue
				}
				if len(out) == registers.MaxMatches {
					return fmt.Errorf("more than %d records answer to one person: %w", registers.MaxMatches, registers.ErrPermanent)
				}
				seen[rec.Key] = true
				out = append(out, registers.Match{Certain: certain, By: by, Record: rec})
			}
		}
		out = registers.Settle(out)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("find: %w", err)
	}
	for i := range out {
		if err := o.attach(ctx, &out[i].Record); err != nil {
			return nil, fmt.Errorf("find: %w", err)
		}
	}
	return out, nil
}

// parameters are the values for one run of Find for each address, or one run without any.
func parameters(p registers.Person) []map[string]any {
	var addresses []any
	for _, a := range p.Addresses {
		if folded := registers.FoldAddress(a); folded != "" {
			addresses = append(addresses, folded)
		}
	}
	if len(addresses) == 0 {
		addresses = []any{nil}
	}
	var out []map[string]any
	for _, a := range addresses {
		values := map[string]any{"address": a, "key": nil}
		for _, role := range []registers.Role{registers.Name, registers.Telephone, registers.CustomerNumber, registers.BirthDate} {
			values[string(role)] = nil
			if v := strings.ReplaceAll(p.Identifiers[role], "\x00", ""); v != "" {
				values[string(role)] = v
			}
		}
		out = append(out, values)
	}
	return out
}

// records runs a statement that gives records, and reads their columns by name.
func (o *Own) records(ctx context.Context, tx *database.Tx, statement string, params map[string]any) iter.Seq2[registers.Record, error] {
	return func(yield func(registers.Record, error) bool) {
		q, err := o.bind(statement, params)
		if err != nil {
			yield(registers.Record{}, err)
			return
		}
		for values, err := range rows(ctx, tx, q) {
			if err != nil {
				yield(registers.Record{}, err)
				return
			}
			rec := registers.Record{Key: pick(values, "key").Raw, Values: picked(values, o.spec.Fields)}
			if o.src.Marker != "" {
				rec.Erased = pick(values, o.src.Marker).Raw != ""
			}
			if rec.Key == "" {
				yield(rec, fmt.Errorf("the statement gives a record without a column \"key\": %w", registers.ErrPermanent))
				return
			}
			if !yield(rec, nil) {
				return
			}
		}
	}
}

func picked(values []registers.Value, of []registers.Field) []registers.Value {
	out := make([]registers.Value, len(of))
	for i, f := range of {
		out[i] = pick(values, f.In())
		out[i].Field = f.Name
	}
	return out
}

// pick finds a column by its name; PostgreSQL lowers names that are not quoted.
func pick(values []registers.Value, column string) registers.Value {
	for _, v := range values {
		if strings.EqualFold(v.Field, column) {
			return v
		}
	}
	return registers.Value{Null: true}
}

func (o *Own) attach(ctx context.Context, rec *registers.Record) error {
	for _, c := range o.spec.Children {
		rows := registers.ChildRows{Name: c.Name, Title: c.Title, Fields: c.Fields, Rows: o.rows(c, rec.Key)}
		for _, err := range rows.Rows(ctx) {
			if err != nil {
				return err
			}
			rows.Count++
		}
		rec.Children = append(rec.Children, rows)
	}
	return nil
}

func (o *Own) rows(c registers.Child, key string) func(context.Context) iter.Seq2[[]registers.Value, error] {
	return func(ctx context.Context) iter.Seq2[[]registers.Value, error] {
		return func(yield func([]registers.Value, error) bool) {
			more := true
			err := o.db.reading(ctx, 10*o.src.Timeout, func(ctx context.Context, tx *database.Tx) error {
				q, err := o.bind(o.src.Statements.Children[c.Name], map[string]any{"key": key})
				if err != nil {
					return err
				}
				for values, err := range rows(ctx, tx, q) {
					if err != nil {
						return err
					}
					if more = yield(picked(values, c.Fields), nil); !more {
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

// read returns the statement for one record, and its parameters.
func (o *Own) read(key string) (string, map[string]any) {
	params := parameters(registers.Person{})[0]
	params["key"] = key
	if o.src.Statements.Read != "" {
		return o.src.Statements.Read, params
	}
	return o.src.Statements.Find, params
}

// one reads a record by its key.
func (o *Own) one(ctx context.Context, tx *database.Tx, key string) (rec registers.Record, found bool, err error) {
	statement, params := o.read(key)
	for r, err := range o.records(ctx, tx, statement, params) {
		if err != nil {
			return rec, false, err
		}
		if found || r.Key != key {
			return rec, false, fmt.Errorf("the statement read gives another record than the one under its key: %w", registers.ErrPermanent)
		}
		rec, found = r, true
	}
	return rec, found, nil
}
