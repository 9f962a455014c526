package export

import (
	"fmt"
	"path"
	"strconv"
	"strings"
)

// enterRegister begins the part of the page that shows one register.
func (d *draft) enterRegister(again bool) {
	reg := d.p.Registers[d.at.register]
	title := titleOf(reg)
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
}

// titleOf is what the person reads as the name of the register.
func titleOf(reg Register) string { return oneLine(or(reg.Title, reg.Name)) }

func (d *draft) leaveRegister() {
	if d.at.register < 0 {
		return
	}
	d.closeTable()
	d.closeList()
	d.end()
	d.onPage = nil
}

// openList begins the register's own table of labels and values, unless it is open.
func (d *draft) openList() {
	if !d.listOpen {
		d.listOpen = true
		d.begin(node{tag: tagTable})
	}
}

func (d *draft) closeList() {
	if d.listOpen {
		d.listOpen = false
		d.end()
	}
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
	if d.openGrid(it.Register) {
		d.pending = make([]string, 1+len(d.s.columns[it.Register]))
		d.pending[0] = strconv.Itoa(it.Number)
		d.seen = map[column]int{}
		return
	}
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
	d.openList()
	d.draw(row{label: text, band: true})
}

func (d *draft) drawValue(v Value) {
	if d.pending != nil {
		d.pend(v)
		return
	}
	text, remark := d.shown(v)
	d.openList()
	d.draw(row{label: oneLine(or(v.Title, v.Field)), value: text, remark: remark})
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
		about: fmt.Sprintf(d.w.aboutDocument, titleOf(reg)), relation: "Supplement",
	})
	d.doc.file(name, file)
	d.openList()
	d.draw(row{label: d.w.documents, value: d.w.documentsHere + " " + d.show(name)})
}

// uniqueName keeps documents apart from each other and from the files that we make.
func (d *draft) uniqueName(name string) string {
	if ext := strings.ToLower(path.Ext(name)); ext == ".json" || ext == ".csv" {
		name = "document-" + name
	}
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
