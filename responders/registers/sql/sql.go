// Package sql keeps registers that are tables of a PostgreSQL, MySQL, MariaDB or SQLite database: either a declared table
// with its child tables (Register), or the operator's own statements (Own).
package sql

import (
	"context"
	database "database/sql"
	"errors"
	"fmt"
	"time"

	"dpobot/responders/registers"
)

// Source says where the register is.
type Source struct {
	DSN      string // sqlite:FILE, postgres://USER@HOST/DB, mysql://USER@HOST/DB, or the Go MySQL driver's form
	Password string // in place of one in the DSN
	Table    string // "schema.table" where it needs the schema
	Key      string // its primary key; one column, unique
	Marker   string // a column that takes the day of the erasure, where the row stays; may be empty
	// Indexed says that the address column holds addresses trimmed and in lower case, and in ASCII form or as people write them: the
	// look-up is then by equality. Plus-addresses are not found by it.
	Indexed    bool
	Children   []Child
	Statements *Statements   // instead of Table, Key, Marker and Children: see OpenOwn
	Timeout    time.Duration // of one call; 0 is 30 s
}

// Child says where the rows of a declared child table are.
type Child struct {
	Name       string // as the specification names it
	Table      string // empty: Name
	ForeignKey string // its column that holds the record's key
}

// Register is a declared table.
type Register struct {
	spec     registers.Spec
	src      Source
	db       pools
	children []child
}

type child struct {
	registers.Child
	table, foreign string
}

// Open prepares a declared table; it dials nothing.
func Open(spec registers.Spec, src Source) (*Register, error) {
	if src.Table == "" || src.Key == "" {
		return nil, errors.New("sql: table and key must be named")
	}
	r := &Register{spec: spec, src: src}
	for _, c := range spec.Children {
		at, err := place(c, src.Children)
		if err != nil {
			return nil, err
		}
		r.children = append(r.children, at)
	}
	if r.src.Timeout == 0 {
		r.src.Timeout = 30 * time.Second
	}
	var err error
	r.db, err = open(src.DSN, src.Password, r.src.Timeout)
	if err != nil {
		return nil, fmt.Errorf("sql: %w", err)
	}
	return r, nil
}

func place(c registers.Child, places []Child) (child, error) {
	for _, at := range places {
		if at.Name != c.Name {
			continue
		}
		if at.Table == "" {
			at.Table = at.Name
		}
		if at.ForeignKey == "" {
			return child{}, fmt.Errorf("sql: child table %s: foreign_key must be named", c.Name)
		}
		return child{c, at.Table, at.ForeignKey}, nil
	}
	return child{}, fmt.Errorf("sql: child table %s: no table is named", c.Name)
}

// Close closes the connections.
func (r *Register) Close() error { return r.db.Close() }

// reading runs f in one read-only transaction that sees one state of the database.
func (p pools) reading(ctx context.Context, timeout time.Duration, f func(context.Context, *database.Tx) error) error {
	return p.within(ctx, timeout, true, f)
}

// writing runs f in one transaction: all of it, or nothing.
func (p pools) writing(ctx context.Context, timeout time.Duration, f func(context.Context, *database.Tx) error) error {
	return p.within(ctx, timeout, false, f)
}

func (p pools) within(ctx context.Context, timeout time.Duration, readOnly bool, f func(context.Context, *database.Tx) error) error {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	db, level := p.write, database.LevelDefault
	if readOnly {
		db, level = p.read, database.LevelRepeatableRead
	}
	if p.driver == "sqlite" {
		level = database.LevelDefault // a SQLite transaction always sees one state
	}
	tx, err := db.BeginTx(ctx, &database.TxOptions{ReadOnly: readOnly, Isolation: level})
	if err != nil {
		return explain(err)
	}
	defer tx.Rollback()
	if err := f(ctx, tx); err != nil {
		return explain(err)
	}
	if readOnly {
		return nil
	}
	return explain(tx.Commit())
}

// fields returns what the register calls the fields, and the fields' own names.
func fields(of []registers.Field) (columns, names []string) {
	for _, f := range of {
		columns, names = append(columns, f.In()), append(names, f.Name)
	}
	return columns, names
}
