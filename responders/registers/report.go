package registers

import (
	"errors"
	"log/slog"
	"slices"
)

// What callers tell apart: whether another try can help.
var (
	// ErrTemporary: the register does not answer just now, or somebody else holds it; try again later.
	ErrTemporary = errors.New("the register does not answer just now")
	// ErrPermanent: the register refuses until somebody mends it: schema, rights, configuration.
	ErrPermanent = errors.New("the register refuses")
)

// Report says what was done in one register, or in a preview what would be.
type Report struct {
	Register   string
	Records    int       // records that were found under the keys and acted upon
	Rows       int       // rows of child tables that were deleted
	Changed    []Changed // fields that were changed
	Deleted    []string  // fields whose values are gone; "orders" or "orders.amount" for a child table
	Anonymised []string  // fields that stay without anything that says whose they are
	Kept       []Kept    // what stays, why and until when
	// Moved has the new key of a record whose key an erasure changed: where a row is known by what says whose it is.
	Moved  map[string]string
	Failed []Failure // what could not be done, by name; nothing was done in this register then
}

// Changed is a field with its value before and after; equal where the value was in place already.
type Changed struct{ Field, Old, New string }

func (Changed) String() string       { return "[changed]" }
func (Changed) LogValue() slog.Value { return slog.StringValue("[changed]") }

// LogValue tells how much, and nothing of what.
func (r Report) LogValue() slog.Value {
	return slog.GroupValue(slog.String("register", r.Register), slog.Int("records", r.Records), slog.Int("rows", r.Rows),
		slog.Int("changed", len(r.Changed)), slog.Int("deleted", len(r.Deleted)), slog.Int("kept", len(r.Kept)), slog.Int("failed", len(r.Failed)))
}

// Kept says what an erasure leaves, on which ground, and until when.
type Kept struct {
	Fields []string
	Ground Text
	Until  Date // the last day on which any of it is kept; empty: no date can be computed
	Next   Date // the first day on which something of it falls due: run the erasure again after it
	Rows   int  // how many rows, of the register or of a child table
}

// Failure names a field, or another part of the register, that refused, and why.
type Failure struct{ Field, Why string }

// Add joins the outcome for one record into the report.
func (r *Report) Add(f Fate) {
	r.Deleted = union(r.Deleted, f.Gone)
	r.Anonymised = union(r.Anonymised, f.Anonymised)
	for _, k := range f.Kept {
		r.keep(k)
	}
}

// Join adds what was done with another record of the register.
func (r *Report) Join(o Report) {
	r.Register = o.Register
	r.Records += o.Records
	r.Rows += o.Rows
	r.Changed = append(r.Changed, o.Changed...)
	r.Deleted = union(r.Deleted, o.Deleted)
	r.Anonymised = union(r.Anonymised, o.Anonymised)
	for _, k := range o.Kept {
		r.keep(k)
	}
	r.Failed = append(r.Failed, o.Failed...)
}

// keep merges what stays on the same ground: one line a ground, with the earliest and the latest date.
func (r *Report) keep(k Kept) {
	for i := range r.Kept {
		have := &r.Kept[i]
		if !slices.Equal(have.Fields, k.Fields) || !sameText(have.Ground, k.Ground) || (have.Until == "") != (k.Until == "") {
			continue
		}
		have.Until = max(have.Until, k.Until)
		have.Next = min(have.Next, k.Next)
		have.Rows += k.Rows
		return
	}
	r.Kept = append(r.Kept, k)
}

func sameText(a, b Text) bool {
	if len(a) != len(b) {
		return false
	}
	for lang, words := range a {
		if b[lang] != words {
			return false
		}
	}
	return true
}

func union(have, more []string) []string {
	for _, name := range more {
		if !slices.Contains(have, name) {
			have = append(have, name)
		}
	}
	return have
}
