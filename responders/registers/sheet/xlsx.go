package sheet

import (
	"bytes"
	"fmt"
	"iter"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/xuri/excelize/v2"

	"dpobot/responders/registers"
)

// xlsxBook is one sheet of a workbook. Rows are numbered as in the workbook, from 1.
type xlsxBook struct {
	file     *excelize.File
	sheet    string
	top      int // row of the titles
	titles   []string
	erased   bool // something was emptied: caches must go too
	bad      error
	formulas bool // some sheet of the file, as it was read, has a formula
}

func openXLSX(data []byte, src Source) (book, error) {
	// Both limits alike: beyond the second, excelize would put the rows into a file in the folder for temporary files.
	limit := 8 * src.MaxBytes
	f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{UnzipSizeLimit: limit, UnzipXMLSizeLimit: limit,
		ShortDatePattern: "yyyy-mm-dd", LongDatePattern: "yyyy-mm-dd", LongTimePattern: "hh:mm:ss"})
	if err != nil {
		return nil, fmt.Errorf("the file cannot be read as a workbook without a password: %w", registers.ErrPermanent)
	}
	b := &xlsxBook{file: f, sheet: src.Sheet}
	if b.part("xl/worksheets/sheet", unfinished) {
		_ = f.Close()
		return nil, fmt.Errorf("the workbook breaks off in the middle of a sheet: %w", registers.ErrPermanent)
	}
	b.formulas = b.part("xl/worksheets/", func(data []byte) bool {
		return bytes.Contains(data, []byte("<f>")) || bytes.Contains(data, []byte("<f "))
	})
	if b.sheet == "" {
		b.sheet = f.GetSheetName(0)
	}
	if at, err := f.GetSheetIndex(b.sheet); err != nil || at < 0 {
		return nil, fmt.Errorf("the workbook has no sheet named %q: %w", b.sheet, registers.ErrPermanent)
	}
	for row, cells := range b.all() {
		b.top = row
		for _, c := range cells {
			b.titles = append(b.titles, c.Raw)
		}
		return b, nil
	}
	return nil, fmt.Errorf("the sheet %q is empty: %w", b.sheet, registers.ErrPermanent)
}

func (b *xlsxBook) close() { _ = b.file.Close() }

func (b *xlsxBook) header() []string { return b.titles }

// all yields the rows that hold anything, with their values as stored.
func (b *xlsxBook) all(options ...excelize.Options) iter.Seq2[int, []registers.Value] {
	options = append(options, excelize.Options{RawCellValue: true})
	return func(yield func(int, []registers.Value) bool) {
		rows, err := b.file.Rows(b.sheet)
		if err != nil {
			b.bad = unreadable(err)
			return
		}
		defer rows.Close()
		for row := 1; rows.Next(); row++ {
			texts, err := rows.Columns(options[0])
			if err != nil {
				b.bad = unreadable(err)
				return
			}
			cells := make([]registers.Value, len(texts))
			for i, text := range texts {
				cells[i].Raw = text
			}
			if slices.ContainsFunc(texts, func(s string) bool { return s != "" }) && !yield(row, cells) {
				return
			}
		}
		if err := rows.Error(); err != nil {
			b.bad = unreadable(err)
		}
	}
}

func (b *xlsxBook) trouble() error { return b.bad }

func (b *xlsxBook) rows() iter.Seq2[int, []registers.Value] {
	return func(yield func(int, []registers.Value) bool) {
		for row, cells := range b.all() {
			if row > b.top && !yield(row, cells) {
				return
			}
		}
	}
}

// shown reads the found rows again as the sheet shows them, and takes the dates: a workbook stores a day as a number. All
// other numbers stay as stored, since what is shown of them may be rounded.
func (b *xlsxBook) shown(found map[int][]registers.Value) error {
	left := 0
	for _, cells := range found {
		if slices.ContainsFunc(cells, isNumber) {
			left = len(found)
		}
	}
	for row, cells := range b.all(excelize.Options{}) {
		if left == 0 {
			break
		}
		stored, ok := found[row]
		if !ok {
			continue
		}
		for i := range min(len(cells), len(stored)) {
			if _, date := registers.ParseDate(cells[i].Raw); date && cells[i].Raw != stored[i].Raw {
				stored[i].Raw = cells[i].Raw
			}
		}
		left--
	}
	if b.formulas {
		b.compute(found)
	}
	return nil
}

func isNumber(v registers.Value) bool {
	_, err := strconv.ParseFloat(v.Raw, 64)
	return err == nil
}

// compute fills in what formulas come to where the file does not say: Excel computes when it opens a file that we have written.
func (b *xlsxBook) compute(found map[int][]registers.Value) {
	for row, cells := range found {
		for len(cells) < len(b.titles) {
			cells = append(cells, registers.Value{})
		}
		for column := range cells {
			if cells[column].Raw != "" {
				continue
			}
			if formula, err := b.file.GetCellFormula(b.sheet, name(row, column)); err != nil || formula == "" {
				continue
			}
			if result, err := b.file.CalcCellValue(b.sheet, name(row, column), excelize.Options{RawCellValue: true}); err == nil {
				cells[column].Raw = result
			}
		}
		found[row] = cells
	}
}

func (b *xlsxBook) refuses(row, column int, text string) string {
	if strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }) {
		return "a workbook cannot hold a control character of the new value"
	}
	if len([]rune(text)) > excelize.TotalCellChars {
		return "the new value is too long for a cell"
	}
	if formula, err := b.file.GetCellFormula(b.sheet, name(row, column)); err != nil || formula != "" {
		return "the cell is a formula"
	}
	return ""
}

func name(row, column int) string {
	n, _ := excelize.CoordinatesToCellName(column+1, row)
	return n
}

// set writes text as text: it is never a formula. Emptying a cell also takes its link and comment.
func (b *xlsxBook) set(row, column int, text string) error {
	at := name(row, column)
	if text != "" {
		return unreadable(b.file.SetCellStr(b.sheet, at, text))
	}
	return unreadable(b.empty(at))
}

func (b *xlsxBook) empty(at string) error {
	b.erased = true
	if linked, _, err := b.file.GetCellHyperLink(b.sheet, at); err != nil || linked {
		if err := b.file.SetCellHyperLink(b.sheet, at, "", "None"); err != nil {
			return err
		}
	}
	if err := b.file.DeleteComment(b.sheet, at); err != nil {
		return err
	}
	if err := b.file.SetCellFormula(b.sheet, at, ""); err != nil {
		return err
	}
	return b.file.SetCellValue(b.sheet, at, nil)
}

// remove takes rows out, and the rows below move up. Where the workbook has formulas, or the sheet comments, the rows are emptied and
// stay as empty lines: excelize leaves comments where they were, and lets a formula on a removed row speak of its neighbour.
func (b *xlsxBook) remove(rows []int) error {
	b.erased = true
	comments, err := b.file.GetComments(b.sheet)
	if err != nil {
		return unreadable(err)
	}
	stay := len(comments) > 0 || b.formulas
	slices.Sort(rows)
	for _, row := range slices.Backward(rows) {
		for column := range b.width(row) {
			if err := b.empty(name(row, column)); err != nil {
				return unreadable(err)
			}
		}
		if stay {
			continue
		}
		if err := b.file.RemoveRow(b.sheet, row); err != nil {
			return unreadable(err)
		}
	}
	return nil
}

// part says whether the file as it was read has a part whose name begins so, and of which has holds.
func (b *xlsxBook) part(prefix string, has func(data []byte) bool) bool {
	found := false
	b.file.Pkg.Range(func(name, content any) bool {
		data, _ := content.([]byte)
		found = strings.HasPrefix(name.(string), prefix) && has(data)
		return !found
	})
	return found
}

// unfinished says whether a sheet lacks its end: excelize would take what there is for all there is.
func unfinished(data []byte) bool {
	return len(data) > 0 && !bytes.HasSuffix(bytes.TrimRight(data, " \r\n\t\x00"), []byte("worksheet>"))
}

// width is how many columns a row may use, titled or not.
func (b *xlsxBook) width(row int) int {
	n := len(b.titles)
	dimension, err := b.file.GetSheetDimension(b.sheet)
	if err != nil {
		return n
	}
	if _, last, ok := strings.Cut(dimension, ":"); ok {
		if column, _, err := excelize.CellNameToCoordinates(last); err == nil {
			n = max(n, min(column, 512))
		}
	}
	return n
}

func unreadable(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("the workbook library refuses the change (%T): %w", err, registers.ErrPermanent)
}

// bytes writes the workbook anew; after an erasure without what Excel keeps beside the cells.
func (b *xlsxBook) bytes() ([]byte, error) {
	if b.erased {
		if hidden := b.copies(); hidden != "" {
			return nil, fmt.Errorf("the workbook has %s, which would keep what is erased: %w", hidden, registers.ErrPermanent)
		}
		// A formula's last result may be a person's name; Excel computes it again when it opens the file.
		if err := b.forget(); err != nil {
			return nil, unreadable(err)
		}
	}
	out, err := b.file.WriteToBuffer()
	if err != nil {
		return nil, unreadable(err)
	}
	// Texts stand in a table of their own, and stay in it when no cell shows them any more. A change leaves the old one there too.
	return purge(out.Bytes())
}

func (b *xlsxBook) forget() error {
	if !b.formulas {
		return nil
	}
	return b.file.UpdateLinkedValue()
}

// copies names what in the workbook holds copies of rows out of sight.
func (b *xlsxBook) copies() string {
	for part, what := range map[string]string{
		"xl/pivotCache/pivotCacheRecords": "a pivot table that keeps its source data",
		"xl/revisions/":                   "a history of shared changes",
	} {
		if b.part(part, func([]byte) bool { return true }) {
			return what
		}
	}
	return ""
}

func (b *xlsxBook) faults() []registers.Finding {
	out := twice(b.titles)
	if need := b.cells() * bytesOfCell >> 20; need > muchMemory {
		out = append(out, registers.Finding{Warn: true, What: fmt.Sprintf("the workbook is large: a change or an erasure takes about %d MB of memory while it is written", need),
			Mend: "keep so long a list as CSV or in a database, or give the machine the memory"})
	}
	if hidden := b.copies(); hidden != "" {
		out = append(out, registers.Finding{What: "the workbook has " + hidden + ", so nothing can be erased from it",
			Mend: "switch off saving the source data with the file in the pivot table's options, or the shared mode, and save"})
	}
	return out
}

// What a change to a workbook takes: excelize holds every cell of the sheets that it changes.
const (
	bytesOfCell = 1300 // measured on 200,000 rows of four
	muchMemory  = 256  // MB
)

// cells is how many the workbook has.
func (b *xlsxBook) cells() (n int) {
	b.part("xl/worksheets/", func(data []byte) bool {
		n += bytes.Count(data, []byte("<c "))
		return false
	})
	return n
}
