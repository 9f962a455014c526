package export

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// tableLayout is how the open table is set: as a grid where the columns fit the page,
// else each row as labels and values.
type tableLayout struct {
	open   bool
	grid   bool
	whole  bool      // the records of the register are its rows
	widths []float64 // points, of a grid
	heads  [][]string
}

const (
	padCell   = 4.0
	gridChars = 58  // characters of styleCell that fit the width, padding included
	longest   = 120 // a cell of more characters reads badly in a narrow column
)

// openGrid begins a grid with a row for each record, if the records are several and
// alike and their fields fit; it says whether there is one.
func (d *draft) openGrid(index int) bool {
	const several = 4
	if d.layout.whole {
		return true
	}
	shape := d.s.shapes[index]
	if shape.uneven || d.s.records[index] < several {
		return false
	}
	columns := []column{{Title: d.w.numberColumn}}
	for i, c := range d.s.columns[index] {
		c.Redacted = shape.hidden[i]
		columns = append(columns, c)
	}
	widest := append([]int{len(strconv.Itoa(d.s.records[index]))}, shape.widest...)
	layout := d.layOut(columns, widest)
	if !layout.grid {
		return false
	}
	d.layout = layout
	d.layout.whole = true
	d.beginTable(columns)
	return true
}

// pend keeps a value until its record is whole.
func (d *draft) pend(v Value) {
	want := valueColumn(d.seen, v)
	for i, c := range d.s.columns[d.at.register] {
		if c == want {
			d.pending[i+1] = d.cell(v)
		}
	}
}

// closeRecord sets the row of the record, or ends its table.
func (d *draft) closeRecord() {
	if d.pending != nil {
		d.gridRow(d.pending)
		d.pending = nil
	}
	if !d.layout.whole {
		d.closeTable()
	}
}

// closeTable ends the open table and goes back to the register's list.
func (d *draft) closeTable() {
	if d.pending != nil {
		d.gridRow(d.pending)
		d.pending = nil
	}
	if !d.layout.open {
		return
	}
	d.layout = tableLayout{}
	d.end()
	d.gap(8)
}

// drawTable begins a table of a record, with its title and the heads of its columns.
func (d *draft) drawTable(it item, again bool) {
	d.closeList()
	title := oneLine(it.Title)
	if again {
		title = strings.TrimSpace(title + " " + d.w.continued)
	}
	if title != "" {
		d.heading(tagH3, styleH3, 2, title, 12, 60)
	}
	d.layout = d.layOut(it.Columns, d.s.tables[it.Table])
	d.beginTable(it.Columns)
}

func (d *draft) beginTable(columns []column) {
	if note := d.leftOut(columns); note != "" {
		d.block(tagPara, styleQuiet, note)
		d.gap(3)
	}
	d.layout.open = true
	d.begin(node{tag: tagTable})
	if d.layout.grid {
		d.drawHead(false)
	}
}

// leftOut says once which columns show nothing, and why.
func (d *draft) leftOut(columns []column) string {
	var titles []string
	for _, c := range columns {
		if c.Redacted {
			titles = append(titles, oneLine(or(c.Title, c.Field)))
		}
	}
	if len(titles) == 0 {
		return ""
	}
	return strings.Join(titles, ", ") + ": " + d.w.redacted
}

// layOut chooses grid or pairs from what the columns hold at most.
func (d *draft) layOut(columns []column, widest []int) tableLayout {
	n := len(columns)
	chars, sum := make([]int, n), 0
	for i, c := range columns {
		need := widest[i]
		if need > longest {
			return tableLayout{}
		}
		for word := range strings.FieldsSeq(or(c.Title, c.Field)) {
			need = max(need, utf8.RuneCountInString(word)+1)
		}
		chars[i] = min(max(need, 4), 26) + 2
		sum += chars[i]
	}
	if n == 0 || sum > gridChars {
		return tableLayout{}
	}
	l := tableLayout{grid: true, widths: make([]float64, n), heads: make([][]string, n)}
	for i, c := range columns {
		l.widths[i] = math.Floor(textWidth * float64(chars[i]) / float64(sum))
		l.heads[i] = wrap(oneLine(or(c.Title, c.Field)), l.widths[i]-2*padCell, d.measure(styleHeadCell))
	}
	return l
}

// drawHead sets the heads of the columns; repeated ones are no part of the text.
func (d *draft) drawHead(repeated bool) {
	lines := 0
	for _, h := range d.layout.heads {
		lines = max(lines, len(h))
	}
	height := float64(lines)*styleHeadCell.leading + 2*padRow
	if !repeated {
		d.room(height + 40)
	}
	d.shade(marginSide, textWidth, height)
	cells := func(draw func(x float64, head []string)) {
		x := marginSide
		for i, head := range d.layout.heads {
			draw(x, head)
			x += d.layout.widths[i]
		}
	}
	text := func(x float64, head []string) {
		d.lines(x+padCell, d.y+padRow, styleHeadCell, head)
	}
	if repeated {
		d.decoration(func() { cells(text) })
	} else {
		d.within(node{tag: tagRow}, func() {
			cells(func(x float64, head []string) {
				d.within(node{tag: tagHead, scope: scopeColumn}, func() {
					d.piece(func() { text(x, head) })
				})
			})
		})
	}
	d.y += height
}

// repeatHead brings the heads onto a new page.
func (d *draft) repeatHead() {
	if d.layout.open && d.layout.grid {
		d.drawHead(true)
	}
}

func (d *draft) drawRow(it item) {
	columns := d.at.table.Columns
	if d.layout.grid {
		cells := make([]string, len(it.Cells))
		for i, raw := range it.Cells {
			cells[i] = d.cell(Value{Raw: raw, Redacted: columns[i].Redacted})
		}
		d.gridRow(cells)
		return
	}
	d.room(60)
	d.draw(row{label: fmt.Sprintf(d.w.row, it.Number), band: true})
	for i, c := range columns {
		text, remark := d.shown(Value{Raw: it.Cells[i]})
		if c.Redacted {
			text, remark = leftOutCell, true
		}
		d.draw(row{label: oneLine(or(c.Title, c.Field)), value: text, remark: remark})
	}
}

// leftOutCell stands in a cell whose column says above why it is left out.
const leftOutCell = "—"

// cell is what stands in a cell of a grid; an empty one stays empty.
func (d *draft) cell(v Value) string {
	switch {
	case v.Redacted:
		return leftOutCell
	case v.Raw == "" && !v.Null:
		return ""
	}
	text, _ := d.shown(v)
	return text
}

// gridRow sets one row of a grid on one page.
func (d *draft) gridRow(texts []string) {
	cells, lines := make([][]string, len(texts)), 1
	for i, text := range texts {
		cells[i] = wrap(text, d.layout.widths[i]-2*padCell, d.measure(styleCell))
		lines = max(lines, len(cells[i]))
	}
	height := float64(lines)*styleCell.leading + 2*padRow
	if height > d.left() {
		d.newPage()
	}
	d.within(node{tag: tagRow}, func() {
		x := marginSide
		for i, cell := range cells {
			d.within(node{tag: tagCell}, func() {
				d.piece(func() { d.lines(x+padCell, d.y+padRow, styleCell, cell) })
			})
			x += d.layout.widths[i]
		}
	})
	d.y += height
	d.rule(marginSide, textWidth)
}
