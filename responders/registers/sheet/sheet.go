// Package sheet keeps registers that are a CSV file or a sheet of an XLSX workbook. A row is a record. What is not
// changed stays as it was, in CSV byte by byte.
package sheet

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"dpobot/responders/registers"
)

// Source says where the register is, and how it is written where that cannot be seen from the file.
type Source struct {
	File      string
	Sheet     string // of a workbook; empty: the first
	Key       string // title of the column that names a row, unique; empty: rows are known by their identifying fields
	Marker    string // title of a column that takes the day of the erasure where the row stays; may be empty
	Delimiter string // of CSV; empty: seen from the first line
	Encoding  string // of CSV, "utf-8" or "windows-1252"; empty: seen from the bytes
	MaxBytes  int64  // a larger file is refused; 0 is 256 MiB
}

// Register is one file.
type Register struct {
	spec registers.Spec
	src  Source
}

// book is a file in memory. Rows are numbered from 0, without the header.
type book interface {
	header() []string
	rows() iter.Seq2[int, []registers.Value] // cells by column; the Field is not set
	// trouble says whether the rows ended because the rest could not be read.
	trouble() error
	// refuses says why a text may not be written into a cell, or "".
	refuses(row, column int, text string) string
	set(row, column int, text string) error
	remove(rows []int) error
	bytes() ([]byte, error)
	faults() []registers.Finding
	// shown turns cells into what the owner of the file sees: a date instead of a count of days.
	shown(rows map[int][]registers.Value) error
	close()
}

// Open prepares a register; it does not read the file.
func Open(spec registers.Spec, src Source) (*Register, error) {
	if src.File == "" {
		return nil, errors.New("sheet: file must be named")
	}
	switch strings.ToLower(filepath.Ext(src.File)) {
	case ".csv", ".tsv", ".txt", ".xlsx", ".xlsm":
	default:
		return nil, errors.New("sheet: the file must end in .csv, .tsv, .txt, .xlsx or .xlsm")
	}
	if len(spec.Children) > 0 {
		return nil, errors.New("sheet: a sheet has no child tables; declare the other sheet as a register of its own")
	}
	if src.MaxBytes == 0 {
		src.MaxBytes = 256 << 20
	}
	return &Register{spec: spec, src: src}, nil
}

// Close has nothing to close: the file is open only while it is read or written.
func (r *Register) Close() error { return nil }

func (r *Register) parse(data []byte) (book, error) {
	if ext := strings.ToLower(filepath.Ext(r.src.File)); ext == ".xlsx" || ext == ".xlsm" {
		return openXLSX(data, r.src)
	}
	return openCSV(data, r.src)
}

// Find reads the whole file and lets registers.Match decide over each row.
func (r *Register) Find(ctx context.Context, p registers.Person) ([]registers.Match, error) {
	b, err := r.load()
	if err != nil {
		return nil, fmt.Errorf("find: %w", err)
	}
	defer b.close()
	l, err := r.layout(b)
	if err != nil {
		return nil, fmt.Errorf("find: %w", err)
	}
	found := map[int][]registers.Value{}
	seen := map[string]int{} // how many rows have a key
	for row, cells := range b.rows() {
		if ctx.Err() != nil {
			return nil, fmt.Errorf("find: interrupted: %w", registers.ErrTemporary)
		}
		seen[l.plain(cells)]++
		if _, by := r.spec.Match(p, l.values(cells)); len(by) > 0 {
			found[row] = cells
		}
		if len(found) > registers.MaxMatches {
			return nil, fmt.Errorf("find: more than %d records answer to one person: %w", registers.MaxMatches, registers.ErrPermanent)
		}
	}
	if err := b.trouble(); err != nil {
		return nil, fmt.Errorf("find: %w", err)
	}
	keys := map[int]string{} // before dates are made readable: they are part of a key
	for row, cells := range found {
		keys[row] = l.name(cells, seen)
	}
	if err := b.shown(found); err != nil {
		return nil, fmt.Errorf("find: %w", err)
	}
	var out []registers.Match
	for _, row := range slices.Sorted(maps.Keys(found)) {
		values := l.values(found[row])
		certain, by := r.spec.Match(p, values)
		rec := registers.Record{Key: keys[row], Values: values, Erased: l.erased(found[row]) != ""}
		out = append(out, registers.Match{Certain: certain, By: by, Record: rec})
	}
	return registers.Settle(out), nil
}

// Change writes the fields of the rows.
func (r *Register) Change(ctx context.Context, keys []string, changes []registers.Change) (registers.Report, error) {
	report := registers.Report{Register: r.spec.Name, Failed: r.spec.Refused(changes)}
	if len(report.Failed) > 0 {
		return report, registers.Refusal(report.Failed)
	}
	err := r.update(ctx, func(b book, l layout) (bool, error) {
		report = registers.Report{Register: r.spec.Name}
		rows, err := l.find(b, keys)
		if err != nil {
			return false, err
		}
		touched := false
		for _, at := range rows {
			report.Records++
			did, err := r.changeRow(b, l, at, changes, &report)
			if err != nil {
				return false, err
			}
			touched = touched || did
		}
		return touched, nil
	})
	if err != nil {
		return registers.Report{Register: r.spec.Name, Failed: report.Failed}, fmt.Errorf("change: %w", err)
	}
	return report, nil
}

func (r *Register) changeRow(b book, l layout, at place, changes []registers.Change, report *registers.Report) (bool, error) {
	touched := false
	for _, c := range changes {
		column := l.columns[c.Field]
		old := cell(at.cells, column)
		report.Changed = append(report.Changed, registers.Changed{Field: c.Field, Old: old.Raw, New: c.New})
		why := b.refuses(at.row, column, c.New)
		if l.erased(at.cells) != "" {
			why = "the record is erased, and what is left of it is locked"
		}
		if old.Raw == c.New && !old.Null {
			continue
		}
		if why != "" {
			report.Failed = append(report.Failed, registers.Failure{Field: c.Field, Why: why})
			return false, registers.Refusal(report.Failed)
		}
		if err := b.set(at.row, column, c.New); err != nil {
			return false, err
		}
		touched = true
	}
	return touched, nil
}

// Erase carries out the plan.
func (r *Register) Erase(ctx context.Context, keys []string, plan registers.Plan, now time.Time) (registers.Report, error) {
	var report registers.Report
	err := r.update(ctx, func(b book, l layout) (touched bool, err error) {
		report, touched, err = r.erase(b, l, keys, plan, now, true)
		return touched, err
	})
	if err != nil {
		return registers.Report{Register: r.spec.Name, Failed: report.Failed}, fmt.Errorf("erase: %w", err)
	}
	return report, nil
}

// Preview makes the same decisions and writes nothing.
func (r *Register) Preview(_ context.Context, keys []string, plan registers.Plan, now time.Time) (registers.Report, error) {
	b, err := r.load()
	if err != nil {
		return registers.Report{}, fmt.Errorf("preview: %w", err)
	}
	defer b.close()
	l, err := r.layout(b)
	if err != nil {
		return registers.Report{}, fmt.Errorf("preview: %w", err)
	}
	report, _, err := r.erase(b, l, keys, plan, now, false)
	if err != nil {
		return registers.Report{Register: r.spec.Name, Failed: report.Failed}, fmt.Errorf("preview: %w", err)
	}
	return report, nil
}

func (r *Register) erase(b book, l layout, keys []string, plan registers.Plan, now time.Time, write bool) (report registers.Report, touched bool, err error) {
	report = registers.Report{Register: r.spec.Name}
	if unknown := r.spec.Unknown(plan); len(unknown) > 0 {
		return report, false, fmt.Errorf("the plan names %s, which the register does not have: %w", strings.Join(unknown, ", "), registers.ErrPermanent)
	}
	rows, err := l.find(b, keys)
	if err != nil {
		return report, false, err
	}
	var whole []int
	for _, at := range rows {
		report.Records++
		erased, _ := registers.ParseDate(l.erased(at.cells))
		fate := r.spec.Fate(plan, l.values(at.cells), erased, now)
		report.Add(fate)
		if fate.Whole {
			whole = append(whole, at.row)
			continue
		}
		if !write {
			continue
		}
		did, err := blank(b, l, at, fate, now)
		if err != nil {
			return report, false, err
		}
		touched = touched || did
		if was := l.full(at.cells); slices.Contains(keys, was) {
			if report.Moved == nil {
				report.Moved = map[string]string{}
			}
			report.Moved[was] = l.full(l.blanked(at.cells, fate))
		}
	}
	if write && len(whole) > 0 {
		return report, true, b.remove(whole)
	}
	return report, touched, nil
}

func blank(b book, l layout, at place, fate registers.Fate, now time.Time) (touched bool, err error) {
	for _, field := range fate.Blank {
		column := l.columns[field]
		if column == l.key || cell(at.cells, column).Raw == "" {
			continue
		}
		touched = true
		if err := b.set(at.row, column, ""); err != nil {
			return touched, err
		}
	}
	if l.marker >= 0 && l.erased(at.cells) == "" {
		return true, b.set(at.row, l.marker, string(registers.DateOf(now)))
	}
	return touched, nil
}

// blanked is the row as blank leaves it.
func (l layout) blanked(cells []registers.Value, fate registers.Fate) []registers.Value {
	out := slices.Clone(cells)
	for _, field := range fate.Blank {
		if column := l.columns[field]; column != l.key && column < len(out) {
			out[column] = registers.Value{}
		}
	}
	return out
}
