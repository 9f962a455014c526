// Package kinds opens a register of whatever kind: the one place that knows them all.
package kinds

import (
	"errors"

	"dpobot/responders/registers"
	"dpobot/responders/registers/sheet"
	"dpobot/responders/registers/sql"
)

// Source says where a register is: exactly one of its parts is set, and that is its kind.
type Source struct {
	SQL   *sql.Source
	Sheet *sheet.Source
}

// Open prepares a register; it dials nothing and reads no file.
func Open(spec registers.Spec, src Source) (registers.Register, error) {
	switch {
	case src.SQL != nil:
		return sql.Open(spec, *src.SQL)
	case src.Sheet != nil:
		return sheet.Open(spec, *src.Sheet)
	}
	return nil, errors.New("the register names no kind: sql, sheet")
}
