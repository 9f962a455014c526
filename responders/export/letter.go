package export

import (
	"fmt"
	"strings"
)

// letter is the first page: who writes to whom about what, what was searched, and
// what to do if something is wrong.
func (d *draft) letter() {
	w, p := d.w, d.p
	d.begin(node{tag: tagSection})
	defer d.end()
	d.sender()
	d.heading(tagH1, styleH1, 0, d.title(), 12, 60)
	d.gap(4)
	if p.Name == "" {
		d.block(tagPara, styleText, w.dearNobody)
	} else {
		d.block(tagPara, styleText, fmt.Sprintf(w.dear, oneLine(p.Name)))
	}
	nothing := d.s.nothing(p)
	if nothing {
		d.para(fmt.Sprintf(w.askedNothing, w.day(p.Received)))
	} else {
		d.para(fmt.Sprintf(w.asked, w.day(p.Received)))
		d.para(w.exact)
	}
	if d.of > 1 {
		d.para(fmt.Sprintf(w.partsFirst, d.of))
	}
	d.searched()
	if nothing {
		d.para(w.wrongNothing)
	} else {
		d.para(w.wrong)
	}
	d.closing(d.keeping(nothing))
}

// closing sets the last paragraph and the name, which do not part.
func (d *draft) closing(last string) {
	const gap = 7.0
	lines := len(wrap(bind(last), textWidth, d.measure(styleText)))
	d.room(float64(lines+2)*styleText.leading + 2*gap)
	if last != "" {
		d.para(last)
	}
	d.gap(gap)
	d.block(tagPara, styleText, d.w.regards)
	d.block(tagPara, styleText, oneLine(d.p.Controller.Name))
}

// sender is the letter head.
func (d *draft) sender() {
	c := d.p.Controller
	d.block(tagPara, styleH3, oneLine(c.Name))
	if c.Address != "" {
		d.block(tagPara, styleQuiet, d.show(c.Address))
	}
	d.block(tagPara, styleQuiet, fmt.Sprintf("%s %s · %s %s",
		d.w.date, d.w.day(d.p.Answered), d.w.reference, oneLine(d.p.Reference)))
}

func (d *draft) searched() {
	if len(d.p.Registers) == 0 {
		return
	}
	d.para(d.w.searched)
	var rows []row
	for i, reg := range d.p.Registers {
		found := d.w.count(d.s.records[i])
		switch {
		case d.s.records[i] == 0 && len(reg.Files) > 0:
			found = d.w.documents
		case len(reg.Files) > 0:
			found += ", " + strings.ToLower(d.w.documents)
		}
		rows = append(rows, row{label: titleOf(reg), value: found})
	}
	d.drawAll(d.newTable(rows...))
	d.gap(3)
}

// keeping says how long the request itself is kept.
func (d *draft) keeping(nothing bool) string {
	w, until := d.w, d.p.KeptUntil
	switch {
	case nothing && until.IsZero():
		return w.onlyRequest
	case nothing:
		return fmt.Sprintf(w.keptNothing, w.day(until))
	case !until.IsZero():
		return fmt.Sprintf(w.kept, w.day(until))
	}
	return ""
}

// cover begins every part but the first.
func (d *draft) cover() {
	w := d.w
	d.begin(node{tag: tagSection})
	defer d.end()
	d.sender()
	d.heading(tagH1, styleH1, 0, d.title(), 12, 60)
	d.para(fmt.Sprintf(w.partsNext, d.number, d.of, w.day(d.p.Answered)))
}

// para sets a paragraph of running text with space above.
func (d *draft) para(text string) {
	d.gap(7)
	d.block(tagPara, styleText, bind(text))
}

// bullets sets a list.
func (d *draft) bullets(list []string) {
	const indent = 14.0
	d.within(node{tag: tagList}, func() {
		for _, text := range list {
			d.gap(3)
			d.room(2 * styleText.leading)
			d.within(node{tag: tagItem}, func() {
				d.within(node{tag: tagLabel}, func() {
					d.piece(func() { d.lines(marginSide+2, d.y, styleText, []string{"•"}) })
				})
				d.within(node{tag: tagBody}, func() {
					d.flow(marginSide+indent, textWidth-indent, styleText, bind(text))
				})
			})
		}
	})
}

// joined shows a list of names, one a line.
func (d *draft) joined(list []string) string {
	shown := make([]string, len(list))
	for i, name := range list {
		shown[i] = oneLine(name)
	}
	return strings.Join(shown, "\n")
}
