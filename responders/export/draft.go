package export

import (
	"fmt"
)

// place is where in the registers a part begins or stands: what an item says only once.
type place struct {
	register int // index into Package.Registers; -1 before the first
	record   item
	table    *item // the open table of the record, if any
}

// draft is one part while it is made: pages, JSON and CSV grow from the same items.
type draft struct {
	*paper
	p          Package
	w          *words
	s          *spool
	number, of int

	at       place
	resume   bool        // the place is where the part before ended; it opens again when needed
	layout   tableLayout // of the open table
	listOpen bool        // the register's own table of labels and values
	doc      document
	sheets   *sheets
	pending  []string       // cells of the record that becomes a row of a grid
	seen     map[column]int // fields of that record so far
	marked   bool           // a character was shown by its number
	files    []attachment
}

// newDraft begins part number of the whole, at a place in the registers.
func newDraft(p Package, w *words, s *spool, number, of int, at place) *draft {
	d := &draft{paper: newPaper(), p: p, w: w, s: s, number: number, of: of, at: at, resume: at.register >= 0}
	d.doc = newDocument(p, w, s, number, of)
	d.sheets = newSheets(w, p, s)
	if number == 1 {
		d.letter()
	} else {
		d.cover()
	}
	return d
}

// add puts the next item into the part.
func (d *draft) add(it item) {
	if d.resume {
		d.goOn(it)
	}
	if it.Register != d.at.register {
		d.leaveRegister()
		d.at = place{register: it.Register}
		d.enterRegister(false)
	}
	switch it.Kind {
	case itemRecord:
		d.closeRecord()
		d.at.record, d.at.table = it, nil
		d.doc.record(it, false)
		d.sheets.record(it)
		d.drawRecord(it, false)
	case itemValue:
		d.doc.value(it.Value)
		d.sheets.value(it.Value)
		d.drawValue(it.Value)
	case itemTable:
		d.closeTable()
		d.at.table = &it
		d.doc.table(it, false)
		d.sheets.table(it)
		d.drawTable(it, false)
	case itemRow:
		d.doc.row(it, d.at.table.Columns)
		d.sheets.row(it)
		d.drawRow(it)
	case itemFile:
		d.closeTable()
		d.at.table = nil
		d.drawFile(it)
	}
}

// goOn opens again what the first item of the part belongs to.
func (d *draft) goOn(it item) {
	d.resume = false
	at := d.at
	if it.Register != at.register {
		d.at = place{register: -1}
		return
	}
	d.enterRegister(true)
	if it.Kind == itemRecord || it.Kind == itemFile {
		return
	}
	d.doc.record(at.record, true)
	d.sheets.record(at.record)
	if it.Kind != itemRow {
		d.drawRecord(at.record, true)
		return
	}
	d.doc.table(*at.table, true)
	d.sheets.table(*at.table)
	d.drawTable(*at.table, true)
}

// finish closes the part and returns the finished file.
func (d *draft) finish(passphrase string) ([]byte, error) {
	if !d.resume {
		d.leaveRegister()
	}
	if d.number == d.of {
		d.information()
	}
	foot := oneLine(d.p.Controller.Name) + " · " + oneLine(d.p.Reference)
	if d.of > 1 {
		foot += " · " + fmt.Sprintf(d.w.footerPart, d.number, d.of)
	}
	d.footers(foot, d.w.footerPage)

	data, err := d.doc.bytes()
	if err != nil {
		return nil, err
	}
	attached := []attachment{{name: d.jsonName(), mime: "application/json", about: d.w.aboutJSON, data: data, relation: "Data"}}
	tables, err := d.sheets.finish()
	if err != nil {
		return nil, err
	}
	attached = append(append(attached, tables...), d.files...)

	pages, err := d.paper.finish()
	if err != nil {
		return nil, err
	}
	return seal(pages, sealing{
		language: d.p.Language,
		title:    fmt.Sprintf("%s – %s, %s", d.title(), oneLine(d.p.Controller.Name), oneLine(d.p.Reference)),
		author:   oneLine(d.p.Controller.Name),
		day:      d.p.Answered,
		tree:     d.tree,
		files:    attached,
	}, passphrase)
}

func (d *draft) title() string {
	if d.s.nothing(d.p) {
		return d.w.titleNothing
	}
	return d.w.titleHeld
}

func (d *draft) jsonName() string { return fileSlug(d.p.Reference, "data") + ".json" }

// show is visible, and remembers whether a character had to be shown by its number.
func (d *draft) show(raw string) string {
	text := visible(raw)
	if len(text) != len(raw) {
		d.marked = d.marked || hasNumbered(text)
	}
	return text
}
