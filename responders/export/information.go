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
				d.registerUse(i, reg)
			}
		}
		d.chapter(d.w.automated, 40)
		d.para(or(d.show(d.p.Notice.AutomatedDecisions), d.w.automatedNone))
		d.rights()
	}
	d.remedies()
	d.responsible()
	d.aboutFile()
}

// chapter begins a second-level heading, which stays with keep points of what follows.
func (d *draft) chapter(text string, keep float64) {
	d.heading(tagH2, styleH2, 1, text, 18, keep)
}

// registerUse is the information of Art. 15(1)(a)-(d), (g) and 15(2) for one register.
func (d *draft) registerUse(index int, reg Register) {
	w, n := d.w, d.p.Notice
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
		retention = strings.TrimSpace(retention + "\n" + bind(fmt.Sprintf(w.latest, w.day(reg.RetainUntil))))
	}
	t := d.newTable(
		row{label: w.purpose, value: d.show(or(reg.Purpose, n.Purpose))},
		row{label: w.basis, value: d.show(or(reg.LegalBasis, n.LegalBasis))},
		row{label: w.kinds, value: d.joined(kinds)},
		row{label: w.source, value: d.show(or(reg.Source, n.Source))},
		row{label: w.recipients, value: d.joined(recipients)},
		row{label: w.transfers, value: d.show(or(reg.Transfers, n.Transfers))},
		row{label: w.retention, value: retention},
	)
	d.chapter(titleOf(reg), t.height(3))
	d.drawAll(t)
}

func (d *draft) rights() {
	w := d.w
	d.chapter(w.rights, 80)
	d.para(w.rightsLead)
	d.bullets(w.rightsList)
	for _, more := range d.p.Notice.Rights {
		d.para(d.show(more))
	}
	if contact := oneLine(d.p.Controller.Contact); contact != "" {
		d.para(fmt.Sprintf(w.rightsHow, contact))
	}
}

// remedies is Art. 15(1)(f) and, beyond it, the way to court (Art. 79).
func (d *draft) remedies() {
	w, a := d.w, d.p.Notice.Authority
	t := d.newTable(
		row{label: oneLine(a.Name), band: true},
		row{label: w.address, value: d.show(a.Address)},
		row{label: w.phone, value: d.show(a.Phone)},
		row{label: w.email, value: d.show(a.Email)},
		row{label: w.web, value: d.show(a.Web)},
	)
	d.chapter(w.complaint, 4*styleText.leading+t.height(len(t)))
	d.para(w.complaintLead)
	d.drawAll(t)
	d.para(w.complaintWhere)
	d.para(or(d.show(d.p.Notice.Court), w.court))
	if !d.s.nothing(d.p) {
		d.para(w.complaintFirst)
	}
}

func (d *draft) responsible() {
	w, c := d.w, d.p.Controller
	t := d.newTable(
		row{label: w.name, value: d.show(c.Name)},
		row{label: w.businessID, value: d.show(c.BusinessID)},
		row{label: w.address, value: d.show(c.Address)},
		row{label: w.contact, value: d.show(c.Contact)},
		row{label: w.dpo, value: d.show(c.DPO)},
	)
	d.chapter(w.who, t.height(len(t)))
	d.drawAll(t)
}

func (d *draft) aboutFile() {
	w := d.w
	d.chapter(w.file, 60)
	if d.s.nothing(d.p) {
		d.para(fmt.Sprintf(w.fileNothing, d.jsonName()))
		return
	}
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
