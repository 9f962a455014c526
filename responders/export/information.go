package export

import (
	"fmt"
	"strings"
)

// information closes the answer: Art. 15(1)(a)-(h) and 15(2) for the registers that
// hold something, rights, remedies, who is responsible, and how to use the file.
func (d *draft) information() {
	d.onPage = nil
	d.begin(node{tag: tagSection})
	defer d.end()
	if !d.s.nothing(d.p) {
		d.newPage()
		d.heading(tagH1, styleH1, 0, d.w.info, 0, 60)
		d.para(d.w.infoLead)
		for i, reg := range d.p.Registers {
			if d.s.holds(d.p, i) {
				d.use15(i, reg)
			}
		}
		d.chapter(d.w.automated)
		d.para(or(d.show(d.p.Notice.AutomatedDecisions), d.w.automatedNone))
		d.rights()
	}
	d.remedies()
	d.responsible()
	d.aboutFile()
}

// chapter begins a second-level heading of the closing information.
func (d *draft) chapter(text string) {
	d.heading(tagH2, styleH2, 1, text, 16, 60)
}

// use15 is the information of Art. 15(1)(a)-(d), (g) and 15(2) for one register.
func (d *draft) use15(index int, reg Register) {
	w, n := d.w, d.p.Notice
	d.chapter(oneLine(reg.Title))
	d.gap(2)
	recipients, kinds := reg.Recipients, reg.Categories
	if len(recipients) == 0 {
		recipients = n.Recipients
	}
	if len(kinds) == 0 {
		kinds = n.Categories
	}
	if len(kinds) == 0 { // the table above names them all; said once more for the reader
		kinds = []string{strings.Join(d.s.titles(index), ", ")}
	}
	retention := d.show(or(reg.Retention, n.Retention))
	if !reg.RetainUntil.IsZero() {
		retention = strings.TrimSpace(retention + "\n" + fmt.Sprintf(w.latest, w.day(reg.RetainUntil)))
	}
	d.within(node{tag: tagTable}, func() {
		for _, row := range []struct{ label, value string }{
			{w.purpose, d.show(or(reg.Purpose, n.Purpose))},
			{w.basis, d.show(or(reg.LegalBasis, n.LegalBasis))},
			{w.kinds, d.joined(kinds)},
			{w.source, d.show(or(reg.Source, n.Source))},
			{w.recipients, d.joined(recipients)},
			{w.transfers, d.show(or(reg.Transfers, n.Transfers))},
			{w.retention, retention},
		} {
			if row.value != "" {
				d.pair(row.label, row.value, false)
			}
		}
	})
}

func (d *draft) rights() {
	w := d.w
	d.chapter(w.rights)
	d.para(w.rightsLead)
	d.bullets(w.rightsList)
	if contact := oneLine(d.p.Controller.Contact); contact != "" {
		d.para(fmt.Sprintf(w.rightsHow, contact))
	}
}

// remedies is Art. 15(1)(f) and, beyond it, the way to court (Art. 79).
func (d *draft) remedies() {
	w, a := d.w, d.p.Notice.Authority
	d.chapter(w.complaint)
	d.para(w.complaintLead)
	d.gap(2)
	d.pairs([][2]string{
		{"", a.Name}, {w.address, a.Address}, {w.phone, a.Phone}, {w.email, a.Email}, {w.web, a.Web},
	})
	d.para(w.complaintWhere)
	d.para(or(d.show(d.p.Notice.Court), w.court))
	d.para(w.complaintFirst)
}

func (d *draft) responsible() {
	w, c := d.w, d.p.Controller
	d.chapter(w.who)
	d.gap(2)
	d.pairs([][2]string{
		{w.name, c.Name}, {w.businessID, c.BusinessID}, {w.address, c.Address}, {w.contact, c.Contact}, {w.dpo, c.DPO},
	})
}

// pairs sets a table of what is known of label and value. A value without a label
// stands over the whole width.
func (d *draft) pairs(rows [][2]string) {
	d.within(node{tag: tagTable}, func() {
		for _, row := range rows {
			switch {
			case row[1] == "":
			case row[0] == "":
				d.bandRow(oneLine(row[1]))
			default:
				d.pair(row[0], d.show(row[1]), false)
			}
		}
	})
}

func (d *draft) aboutFile() {
	w := d.w
	d.chapter(w.file)
	d.para(fmt.Sprintf(w.fileData, d.jsonName()))
	d.para(w.fileApostrophe)
	if d.marked {
		d.para(w.fileMarks)
	}
	d.para(w.fileLocked)
}

// or returns the first text that is not empty.
func or(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}
