package export

import (
	"fmt"
	"strings"
)

const (
	labelWidth = 118.0 // points, of textWidth
	padSide    = 6.0
	padRow     = 3.5
)

// enterRegister begins the part of the page that shows one register.
func (d *draft) enterRegister(again bool) {
	reg := d.p.Registers[d.at.register]
	title := oneLine(reg.Title)
	d.onPage = nil
	if d.number == 1 && !again && d.firstHeld() == d.at.register {
		d.newPage()
		d.heading(tagH1, styleH1, 0, d.w.held, 0, 120)
	}
	d.begin(node{tag: tagSection})
	if again {
		d.heading(tagH2, styleH2, 1, title+" "+d.w.continued, 18, 90)
	} else {
		d.heading(tagH2, styleH2, 1, title, 18, 90)
	}
	if source := or(reg.Source, d.p.Notice.Source); source != "" && !again {
		d.block(tagPara, styleQuiet, d.w.source+": "+d.show(source))
		d.gap(4)
	}
	// A page that begins in the middle of a register says which one.
	d.onPage = func() {
		d.decoration(func() {
			d.lines(marginSide, d.y, styleQuiet, []string{
				shorten(title+" "+d.w.continued, textWidth, d.measure(styleQuiet)),
			})
		})
		d.y += styleQuiet.leading + 5
		d.repeatHead()
	}
	d.doc.register(d.at.register)
	d.begin(node{tag: tagTable})
}

func (d *draft) leaveRegister() {
	if d.at.register < 0 {
		return
	}
	d.closeTable()
	d.end() // table
	d.end() // section
	d.onPage = nil
}

// firstHeld is the first register that shows anything.
func (d *draft) firstHeld() int {
	for i := range d.p.Registers {
		if d.s.holds(d.p, i) {
			return i
		}
	}
	return -1
}

// drawRecord tells one record from the next, where there are several or it has a name.
func (d *draft) drawRecord(it item, again bool) {
	total := d.s.records[it.Register]
	var head []string
	if total > 1 {
		head = append(head, fmt.Sprintf(d.w.record, it.Number, total))
	}
	if it.Title != "" {
		head = append(head, oneLine(it.Title))
	}
	if len(head) == 0 {
		return
	}
	text := strings.Join(head, " · ")
	if again {
		text += " " + d.w.continued
	}
	d.room(70)
	d.bandRow(text)
}

func (d *draft) drawValue(v Value) {
	text, quiet := d.shown(v)
	d.pair(oneLine(or(v.Title, v.Field)), text, quiet)
}

// shown is what stands in the place of a value, and whether it is a remark of ours.
func (d *draft) shown(v Value) (text string, remark bool) {
	switch {
	case v.Redacted:
		return or(oneLine(v.Reason), d.w.redacted), true
	case v.Null:
		return d.w.null, true
	case v.Raw == "":
		return d.w.empty, true
	case strings.TrimSpace(v.Raw) == "":
		return strings.Repeat("␣", min(len(v.Raw), 40)), false
	}
	return d.show(v.Raw), false
}

// drawFile attaches a document and names it in the text.
func (d *draft) drawFile(it item) {
	reg := d.p.Registers[it.Register]
	file := reg.Files[it.File]
	name := d.uniqueName(fileName(file.Name))
	d.files = append(d.files, attachment{
		name: name, mime: or(file.Type, "application/octet-stream"), data: file.Data,
		about: fmt.Sprintf(d.w.aboutDocument, oneLine(reg.Title)), relation: "Supplement",
	})
	d.doc.file(name, file)
	d.pair(d.w.documents, d.w.documentsHere+" "+d.show(name), false)
}

func (d *draft) uniqueName(name string) string {
	for n := 2; ; n++ {
		taken := false
		for _, f := range d.files {
			taken = taken || strings.EqualFold(f.name, name)
		}
		if !taken {
			return name
		}
		name = fmt.Sprintf("%d-%s", n, name)
	}
}

// bandRow is a row that stands over both columns.
func (d *draft) bandRow(text string) {
	lines := wrap(text, textWidth-2*padSide, d.measure(styleLabelDark))
	height := float64(len(lines))*styleLabelDark.leading + 2*padRow
	d.room(height)
	d.band(marginSide, textWidth, height)
	d.within(node{tag: tagRow}, func() {
		d.within(node{tag: tagHead, scope: scopeColumn, span: 2}, func() {
			d.piece(func() { d.lines(marginSide+padSide, d.y+padRow, styleLabelDark, lines) })
		})
	})
	d.y += height
}

// pair is a row of label and value. It stays on one page unless it is longer than
// half of one; then the value flows on, and the label stands where it begins.
func (d *draft) pair(label, value string, remark bool) {
	set := styleValue
	if remark {
		set = styleRemark
	}
	const valueLeft = marginSide + labelWidth
	const valueWidth = textWidth - labelWidth - padSide
	labels := wrap(label, labelWidth-2*padSide, d.measure(styleLabel))
	values := wrap(value, valueWidth, d.measure(set))
	height := max(float64(len(labels))*styleLabel.leading, float64(len(values))*set.leading) + 2*padRow
	if height > d.left() && (height < (textBottom-marginTop)/2 || d.left() < 5*set.leading) {
		d.newPage()
	}
	d.within(node{tag: tagRow}, func() {
		lowest := d.y + float64(len(labels))*styleLabel.leading + padRow
		page := d.pdf.PageNo()
		d.within(node{tag: tagHead, scope: scopeRow}, func() {
			down := set.base() - styleLabel.base() // both stand on one line
			d.piece(func() { d.lines(marginSide+padSide, d.y+padRow+down, styleLabel, labels) })
		})
		d.within(node{tag: tagCell}, func() {
			d.y += padRow
			d.flowLines(valueLeft, set, values)
		})
		if d.pdf.PageNo() == page {
			d.y = max(d.y, lowest)
		}
	})
	d.y += padRow
	d.rule(marginSide, textWidth)
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
