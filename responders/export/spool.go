package export

import (
	"bytes"
	"compress/flate"
	"context"
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
	"unicode/utf8"
)

// itemKind is what one entry of the spool is.
type itemKind uint8

const (
	itemRecord itemKind = iota // a record begins
	itemValue                  // a field of the record
	itemTable                  // a table of the record begins
	itemRow                    // a row of that table
	itemFile                   // a document of the register
)

// item is the smallest thing an answer is cut at. A value that is redacted has
// lost its content before it becomes an item, so no page and no file can show it.
type item struct {
	Kind     itemKind
	Register int // index into Package.Registers
	Number   int // of the record in its register, of the row in its table; from 1
	Title    string
	Value    Value
	Columns  []column
	Table    int // of a table: index into spool.tables
	Cells    []string
	File     int // index into Register.Files
}

// column is one column of a table, in a page, a CSV file or the JSON document.
type column struct {
	Field, Title string
	Redacted     bool
}

// load is about what an item adds to a finished part.
type load struct {
	bytes    int32
	elements int32 // of the structure tree, which sets the memory a part takes
	begins   bool  // something begins here, so that a part had better begin here than within
}

// spool holds the items of all registers in order, compressed, so that the sources
// are read once, however often pages are tried, and memory holds a tenth of the data.
type spool struct {
	buf   bytes.Buffer
	zip   *flate.Writer
	enc   *gob.Encoder
	loads []load // by item

	records []int      // by register
	columns [][]column // by register: the fields that occur, in order of appearance
	shapes  []shape    // by register
	tables  [][]int    // by table: how many characters the widest cell of each column has
}

// shape is what the records of a register have in common.
type shape struct {
	uneven bool   // they differ in their fields, or have more than fields
	widest []int  // by field: as spool.tables
	hidden []bool // by field: some value is left out
}

// fill reads everything that the package holds.
func fill(ctx context.Context, p Package) (*spool, error) {
	s := &spool{records: make([]int, len(p.Registers)), columns: make([][]column, len(p.Registers)), shapes: make([]shape, len(p.Registers))}
	s.zip, _ = flate.NewWriter(&s.buf, flate.BestSpeed) // errs only for an unknown level
	s.enc = gob.NewEncoder(s.zip)
	for i, reg := range p.Registers {
		if err := s.addRegister(ctx, i, reg); err != nil {
			return nil, fmt.Errorf("register %s: %w", reg.Name, err)
		}
	}
	if err := s.zip.Close(); err != nil {
		return nil, fmt.Errorf("spool: %w", err)
	}
	return s, nil
}

func (s *spool) addRegister(ctx context.Context, index int, reg Register) error {
	for record, err := range chain(reg.Records, reg.Stream) {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return fmt.Errorf("read records: %w", err)
		}
		if err := s.addRecord(ctx, index, record); err != nil {
			return err
		}
	}
	for n, file := range reg.Files {
		if err := s.add(item{Kind: itemFile, Register: index, File: n}, len(file.Data)); err != nil {
			return err
		}
	}
	return nil
}

func (s *spool) addRecord(ctx context.Context, index int, record Record) error {
	s.records[index]++
	number := s.records[index]
	if err := s.add(item{Kind: itemRecord, Register: index, Number: number, Title: record.Title}, len(record.Title)); err != nil {
		return err
	}
	seen, before := map[column]int{}, len(s.columns[index])
	shape := &s.shapes[index]
	shape.uneven = shape.uneven || record.Title != "" || len(record.Children) > 0 || number > 1 && len(record.Values) != before
	for i, v := range record.Values {
		if v.Redacted {
			v.Raw, v.Null = "", false
		}
		c := valueColumn(seen, v)
		s.addColumn(index, c)
		shape.note(i, v, c == s.columns[index][min(i, len(s.columns[index])-1)])
		if err := s.add(item{Kind: itemValue, Register: index, Value: v}, len(v.Raw)); err != nil {
			return err
		}
	}
	for _, table := range record.Children {
		if err := s.addTable(ctx, index, table); err != nil {
			return err
		}
	}
	return nil
}

// note takes the value at place i into account.
func (s *shape) note(i int, v Value, inPlace bool) {
	if !inPlace || v.Reason != "" {
		s.uneven = true
	}
	if s.uneven {
		return
	}
	if i == len(s.widest) {
		s.widest, s.hidden = append(s.widest, 0), append(s.hidden, false)
	}
	s.widest[i] = max(s.widest[i], roomOf(v.Raw))
	s.hidden[i] = s.hidden[i] || v.Redacted
}

// valueColumn names the column of a value; seen counts within one record, so that
// a field that occurs twice has two columns and neither value is lost.
func valueColumn(seen map[column]int, v Value) column {
	c := column{Field: v.Field, Title: v.Title}
	seen[c]++
	if n := seen[c]; n > 1 {
		c.Title = fmt.Sprintf("%s (%d)", c.Title, n)
	}
	return c
}

func (s *spool) addColumn(index int, c column) {
	for _, known := range s.columns[index] {
		if known == c {
			return
		}
	}
	s.columns[index] = append(s.columns[index], c)
}

func (s *spool) addTable(ctx context.Context, index int, table Table) error {
	columns := make([]column, len(table.Columns))
	for i, title := range table.Columns {
		columns[i] = column{Title: title}
		if i < len(table.Fields) {
			columns[i].Field = table.Fields[i]
		}
		columns[i].Redacted = i < len(table.Redacted) && table.Redacted[i]
	}
	widest := make([]int, len(columns))
	head := item{Kind: itemTable, Register: index, Title: table.Title, Columns: columns, Table: len(s.tables)}
	s.tables = append(s.tables, widest)
	if err := s.add(head, 50*len(columns)); err != nil {
		return err
	}
	number := 0
	for cells, err := range chain(table.Rows, table.Stream) {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return fmt.Errorf("read rows of a table: %w", err)
		}
		if len(cells) != len(columns) {
			return fmt.Errorf("a row of a table has %d cells for %d columns", len(cells), len(columns))
		}
		number++
		size := 0
		kept := make([]string, len(cells))
		for i, cell := range cells {
			if !columns[i].Redacted {
				kept[i] = cell
			}
			size += 40 + len(kept[i])
			widest[i] = max(widest[i], roomOf(kept[i]))
		}
		if err := s.add(item{Kind: itemRow, Register: index, Number: number, Cells: kept}, size); err != nil {
			return err
		}
	}
	return nil
}

// roomOf is about how many characters of room a cell takes; a line break takes a line.
func roomOf(cell string) int {
	if !plain(cell) {
		cell = visible(cell)
	}
	return utf8.RuneCountInString(cell) + 25*strings.Count(cell, "\n")
}

func (s *spool) add(it item, size int) error {
	const overhead = 60 // bytes of structure and layout an item costs in the finished file
	elements := 3       // row, label, value
	if it.Kind == itemRow {
		elements = 1 + len(it.Cells)
	}
	s.loads = append(s.loads, load{int32(min(overhead+size, 1<<30)), int32(elements), it.Kind != itemValue})
	if err := s.enc.Encode(it); err != nil {
		return fmt.Errorf("spool: %w", err)
	}
	return nil
}

// all yields the items in order.
func (s *spool) all() iter.Seq2[item, error] {
	return func(yield func(item, error) bool) {
		dec := gob.NewDecoder(flate.NewReader(bytes.NewReader(s.buf.Bytes())))
		for {
			var it item
			err := dec.Decode(&it)
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				err = fmt.Errorf("spool: %w", err)
			}
			if !yield(it, err) || err != nil {
				return
			}
		}
	}
}

// chain yields what is in the slice, then what comes from the stream.
func chain[T any](list []T, stream iter.Seq2[T, error]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, v := range list {
			if !yield(v, nil) {
				return
			}
		}
		if stream != nil {
			stream(yield)
		}
	}
}

// holds says whether a register holds anything on the person.
func (s *spool) holds(p Package, index int) bool {
	return s.records[index] > 0 || len(p.Registers[index].Files) > 0
}

// nothing says whether no register holds anything: the answer is then a whole one too.
func (s *spool) nothing(p Package) bool {
	for i := range p.Registers {
		if s.holds(p, i) {
			return false
		}
	}
	return true
}

// titles lists the labels of the fields that a register holds, each once.
func (s *spool) titles(index int) []string {
	var titles []string
	seen := map[string]bool{}
	for _, c := range s.columns[index] {
		title := oneLine(or(c.Title, c.Field))
		if title != "" && !seen[title] {
			seen[title] = true
			titles = append(titles, title)
		}
	}
	return titles
}
