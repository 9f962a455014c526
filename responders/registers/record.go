package registers

import (
	"context"
	"iter"
	"log/slog"
)

// Person is what is known of somebody who asks: from the mail, or from the handler's reply.
type Person struct {
	Addresses   []string // e-mail addresses that are theirs
	Identifiers map[Role]string
}

// Value is one field of a record, exactly as the register holds it: never trimmed, never reformatted.
type Value struct {
	Field string
	Raw   string
	Null  bool // there is no value, which is not the same as an empty one
}

// Record is what a register holds on one person under one key.
type Record struct {
	Key      string // names the record to Change and Erase; opaque, and it may be personal data
	Values   []Value
	Children []ChildRows
	Erased   bool // an erasure has been here: what is left is retained, and locked
}

// ChildRows are the rows of one child table. They are read when asked for, one at a time, so that a person with
// fifty thousand of them costs no memory.
type ChildRows struct {
	Name   string
	Title  Text
	Fields []Field
	Count  int
	// Rows reads the rows; the register must still be open. A row that comes with an error is the last.
	Rows func(context.Context) iter.Seq2[[]Value, error]
}

// Match is a record that answers to a person.
type Match struct {
	Certain bool   // found by an address of theirs
	By      []Role // the roles that agree
	Record  Record
}

// Change is a new value for a field.
type Change struct{ Field, New string }

// Value returns the value of a field.
func (r Record) Value(field string) (Value, bool) {
	for _, v := range r.Values {
		if v.Field == field {
			return v, true
		}
	}
	return Value{}, false
}

// The types that hold personal data print as a placeholder, in text and in logs. A JSON log spells out a list of them nevertheless:
// log a number, or a register's name.

func (Person) String() string { return "[person]" }
func (Value) String() string  { return "[value]" }
func (Record) String() string { return "[record]" }
func (Match) String() string  { return "[match]" }
func (Change) String() string { return "[change]" }

func (Person) LogValue() slog.Value { return slog.StringValue("[person]") }
func (Value) LogValue() slog.Value  { return slog.StringValue("[value]") }
func (Record) LogValue() slog.Value { return slog.StringValue("[record]") }
func (Match) LogValue() slog.Value  { return slog.StringValue("[match]") }
func (Change) LogValue() slog.Value { return slog.StringValue("[change]") }
