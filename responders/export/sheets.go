package export

import (
	"bytes"
	"encoding/base64"
	"encoding/csv"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// sheets are the CSV files: one a register, one more for each kind of table that
// hangs from its records. They are for a spreadsheet, so they open there with a
// double click: UTF-8 with a byte order mark, the language's own separator,
// CR LF (RFC 4180), labels in the first line, the record's number in the first column.
type sheets struct {
	w     *words
	p     Package
	s     *spool
	list  []*sheet
	known map[string]*sheet
	names map[string]bool

	current *sheet // of the register of the record
	index   int
	number  int            // of the record
	cells   []string       // of the record so far
	seen    map[column]int // of the record so far
	rows    *sheet         // of the open table
}

// sheet is one CSV file.
type sheet struct {
	name, title string
	buf         bytes.Buffer
	csv         *csv.Writer
}

func newSheets(w *words, p Package, s *spool) *sheets {
	return &sheets{w: w, p: p, s: s, known: map[string]*sheet{}, names: map[string]bool{}}
}

// sheet returns the file of a key, made with its first line when first asked for.
func (x *sheets) sheet(key, name, title string, columns []column) *sheet {
	if s := x.known[key]; s != nil {
		return s
	}
	base := fileSlug(name, "table")
	for n := 2; x.names[base]; n++ {
		base = fmt.Sprintf("%s-%d", fileSlug(name, "table"), n)
	}
	x.names[base] = true
	s := &sheet{name: base + ".csv", title: title}
	s.buf.WriteString("\ufeff")
	s.csv = csv.NewWriter(&s.buf)
	s.csv.Comma, s.csv.UseCRLF = x.w.comma, true
	head := []string{x.w.numberColumn}
	for _, c := range columns {
		head = append(head, or(c.Title, c.Field))
	}
	s.write(head)
	x.known[key] = s
	x.list = append(x.list, s)
	return s
}

// record begins a line of the register's file; the one before is whole now.
func (x *sheets) record(it item) {
	x.flush()
	reg := x.p.Registers[it.Register]
	x.index, x.number = it.Register, it.Number
	x.current = x.sheet(fmt.Sprint(it.Register), reg.Name, titleOf(reg), x.s.columns[it.Register])
	x.cells = make([]string, len(x.s.columns[it.Register]))
	x.seen = map[column]int{}
	x.rows = nil
}

func (x *sheets) value(v Value) {
	want := valueColumn(x.seen, v)
	for i, c := range x.s.columns[x.index] {
		if c == want {
			x.cells[i] = v.Raw
		}
	}
}

func (x *sheets) flush() {
	if x.current == nil || x.cells == nil {
		return
	}
	x.current.write(append([]string{strconv.Itoa(x.number)}, x.cells...))
	x.cells = nil
}

func (x *sheets) table(it item) {
	x.flush()
	reg := x.p.Registers[it.Register]
	key := fmt.Sprint(it.Register, "\x00", it.Title, "\x00", it.Columns)
	x.rows = x.sheet(key, reg.Name+"-"+it.Title, titleOf(reg)+" – "+it.Title, it.Columns)
}

func (x *sheets) row(it item) {
	x.rows.write(append([]string{strconv.Itoa(x.number)}, it.Cells...))
}

func (x *sheets) finish() ([]attachment, error) {
	x.flush()
	var files []attachment
	for _, s := range x.list {
		s.csv.Flush()
		if err := s.csv.Error(); err != nil {
			return nil, fmt.Errorf("write CSV: %w", err)
		}
		files = append(files, attachment{
			name: s.name, mime: "text/csv", data: s.buf.Bytes(),
			about: fmt.Sprintf(x.w.aboutCSV, oneLine(s.title)), relation: "Data",
		})
	}
	return files, nil
}

// write puts a line; the writer keeps its error until finish.
func (s *sheet) write(cells []string) {
	safe := make([]string, len(cells))
	for i, c := range cells {
		safe[i] = spreadsheetSafe(c)
	}
	_ = s.csv.Write(safe) // see finish
}

// spreadsheetSafe keeps a value from being run as a formula when a spreadsheet opens
// the file: an apostrophe goes before it. What is a plain number or a telephone number stays as
// it is. A value that begins with an apostrophe already gets one more where it could be
// mistaken for ours, so taking one away gives every value back. The exact data is
// the JSON's task (Art. 20), safe opening is the CSV's. Bytes that are no text go as base64.
func spreadsheetSafe(v string) string {
	if !utf8.ValidString(v) {
		return "base64:" + base64.StdEncoding.EncodeToString([]byte(v))
	}
	rest := strings.TrimLeft(v, "'")
	if rest == "" {
		return v
	}
	switch rest[0] {
	case '=', '@', '\t', '\r', '\n':
		return "'" + v
	case '+', '-':
		if strings.Trim(rest[1:], "0123456789 .,()") != "" {
			return "'" + v
		}
	}
	return v
}
