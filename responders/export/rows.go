package export

const (
	labelWidth = 124.0 // points, of textWidth
	padSide    = 6.0
	padRow     = 3.5
	valueLeft  = marginSide + labelWidth
	valueWidth = textWidth - labelWidth - padSide
)

// row is one row of a table of labels and values: as wide as a telephone, however
// many fields there are.
type row struct {
	label, value string
	remark       bool // value is a word of ours, not data
	band         bool // label stands over both columns and heads what follows
}

// setRow is a row with its lines broken.
type setRow struct {
	row
	labels, values []string
	valueStyle     style
	height         float64 // points
}

func (d *draft) breakRow(r row) setRow {
	if r.band {
		labels := wrap(r.label, textWidth-2*padSide, d.measure(styleBand))
		return setRow{row: r, labels: labels, height: float64(len(labels))*styleBand.leading + 2*padRow}
	}
	s := setRow{row: r, valueStyle: styleValue}
	if r.remark {
		s.valueStyle = styleRemark
	}
	s.labels = wrap(r.label, labelWidth-2*padSide, d.measure(styleLabel))
	s.values = wrap(r.value, valueWidth, d.measure(s.valueStyle))
	s.height = max(float64(len(s.labels))*styleLabel.leading, float64(len(s.values))*s.valueStyle.leading) + 2*padRow
	return s
}

// draw sets one row.
func (d *draft) draw(r row) { d.place(d.breakRow(r)) }

// place draws a row. It stays on one page unless it is longer than half of one;
// then the value flows on, and the label stands whole where it begins.
func (d *draft) place(r setRow) {
	const half = (textBottom - marginTop) / 2
	begins := max(5*styleValue.leading, float64(len(r.labels))*styleLabel.leading+2*padRow)
	if r.height > d.left() && (r.height < half || begins > d.left()) {
		d.newPage()
	}
	if r.band {
		d.placeBand(r)
		return
	}
	d.within(node{tag: tagRow}, func() {
		lowest := d.y + float64(len(r.labels))*styleLabel.leading + padRow
		page := d.pdf.PageNo()
		d.within(node{tag: tagHead, scope: scopeRow}, func() {
			down := r.valueStyle.base() - styleLabel.base() // both stand on one line
			d.piece(func() { d.lines(marginSide+padSide, d.y+padRow+down, styleLabel, r.labels) })
		})
		d.within(node{tag: tagCell}, func() {
			d.y += padRow
			d.flowLines(valueLeft, r.valueStyle, r.values)
		})
		if d.pdf.PageNo() == page {
			d.y = max(d.y, lowest)
		}
	})
	d.y += padRow
	d.rule(marginSide, textWidth)
}

func (d *draft) placeBand(r setRow) {
	d.shade(marginSide, textWidth, r.height)
	d.within(node{tag: tagRow}, func() {
		d.within(node{tag: tagHead, scope: scopeColumn, span: 2}, func() {
			d.piece(func() { d.lines(marginSide+padSide, d.y+padRow, styleBand, r.labels) })
		})
	})
	d.y += r.height
}

// table is a whole table of labels and values, known before it is drawn.
type table []setRow

// newTable breaks the lines of the rows that have a value or are a band.
func (d *draft) newTable(rows ...row) table {
	var t table
	for _, r := range rows {
		if r.value != "" || (r.band && r.label != "") {
			t = append(t, d.breakRow(r))
		}
	}
	return t
}

// height of the first n rows.
func (t table) height(n int) float64 {
	sum := 0.0
	for _, r := range t[:min(n, len(t))] {
		sum += r.height
	}
	return sum
}

// drawAll draws the rows; the last one does not go to a new page alone.
func (d *draft) drawAll(t table) {
	if len(t) == 0 {
		return
	}
	d.gap(2)
	d.within(node{tag: tagTable}, func() {
		for i, r := range t {
			if i == len(t)-2 {
				d.room(min(r.height+t[i+1].height, pageHeight/2))
			}
			d.place(r)
		}
	})
}

// flowLines sets lines that are broken already, over as many pages as they need.
func (d *draft) flowLines(x float64, s style, lines []string) {
	for len(lines) > 0 {
		n := splitLines(len(lines), int((d.left()-padRow)/s.leading))
		if n == 0 {
			d.newPage()
			continue
		}
		d.piece(func() { d.lines(x, d.y, s, lines[:n]) })
		d.y += float64(n) * s.leading
		lines = lines[n:]
		if len(lines) > 0 {
			d.newPage()
		}
	}
}
