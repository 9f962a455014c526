package export

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"time"
	"unicode/utf8"
)

// document is the JSON that is attached: docs/export.schema.json describes it. It
// has every value exactly, also those that a page can only show by number.
type document struct {
	Schema     string         `json:"$schema"`
	Format     string         `json:"format"`
	Version    int            `json:"version"`
	Language   string         `json:"language"`
	Reference  string         `json:"reference"`
	Received   string         `json:"received"`
	Answered   string         `json:"answered"`
	Part       docPart        `json:"part"`
	Person     docPerson      `json:"person"`
	Controller docController  `json:"controller"`
	Nothing    bool           `json:"nothing_held"`
	Searched   []docSearched  `json:"searched"`
	Registers  []*docRegister `json:"registers"`
	Automated  string         `json:"automated_decisions"`
	Authority  docAuthority   `json:"authority"`

	p Package
	w *words
}

type docPart struct {
	Number int `json:"number"`
	Of     int `json:"of"`
}

type docPerson struct {
	Name string `json:"name"`
}

type docController struct {
	Name       string `json:"name"`
	BusinessID string `json:"business_id,omitempty"`
	Address    string `json:"address,omitempty"`
	Contact    string `json:"contact,omitempty"`
	DPO        string `json:"data_protection_officer,omitempty"`
}

type docAuthority struct {
	Name    string `json:"name"`
	Address string `json:"address,omitempty"`
	Phone   string `json:"phone,omitempty"`
	Email   string `json:"email,omitempty"`
	Web     string `json:"web,omitempty"`
}

type docSearched struct {
	Name    string `json:"name"`
	Title   string `json:"title"`
	Records int    `json:"records"` // in all parts together
}

type docRegister struct {
	Name        string       `json:"name"`
	Title       string       `json:"title"`
	Source      string       `json:"source,omitempty"`
	Purpose     string       `json:"purpose,omitempty"`
	LegalBasis  string       `json:"legal_basis,omitempty"`
	Categories  []string     `json:"categories,omitempty"`
	Recipients  []string     `json:"recipients,omitempty"`
	Transfers   string       `json:"transfers,omitempty"`
	Retention   string       `json:"retention,omitempty"`
	RetainUntil string       `json:"retain_until,omitempty"`
	Records     []*docRecord `json:"records"`
	Files       []docFile    `json:"files,omitempty"`
}

type docFile struct {
	Attachment string `json:"attachment"`
	Name       string `json:"name"`
	Type       string `json:"type"`
}

type docRecord struct {
	Number    int         `json:"number"`
	Title     string      `json:"title,omitempty"`
	Continued bool        `json:"continued,omitempty"` // it began in an earlier part
	Values    []docValue  `json:"values"`
	Tables    []*docTable `json:"tables,omitempty"`
}

type docValue struct {
	Field    string  `json:"field"`
	Title    string  `json:"title"`
	Value    docText `json:"value"`
	Redacted bool    `json:"redacted,omitempty"`
	Reason   string  `json:"reason,omitempty"`
}

type docTable struct {
	Title     string      `json:"title"`
	Continued bool        `json:"continued,omitempty"`
	Columns   []docColumn `json:"columns"`
	Rows      [][]docText `json:"rows"`
}

type docColumn struct {
	Field    string `json:"field"`
	Title    string `json:"title"`
	Redacted bool   `json:"redacted,omitempty"`
}

// docText is a value: a string, null where there is none or it is left out, or
// {"base64": ...} where the bytes are no text.
type docText struct {
	raw  string
	null bool
}

func (t docText) MarshalJSON() ([]byte, error) {
	switch {
	case t.null:
		return []byte("null"), nil
	case !utf8.ValidString(t.raw):
		return marshal(map[string]string{"base64": base64.StdEncoding.EncodeToString([]byte(t.raw))}, "")
	}
	return marshal(t.raw, "")
}

// marshal is json.Marshal without \u003c for a plain <: people read this too.
func marshal(v any, indent string) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", indent)
	if err := enc.Encode(v); err != nil {
		return nil, fmt.Errorf("write JSON: %w", err)
	}
	return b.Bytes(), nil
}

func newDocument(p Package, w *words, s *spool, number, of int) document {
	d := document{
		Schema: "urn:dpobot:export:1", Format: "dpobot-export", Version: 1,
		Language: p.Language, Reference: p.Reference,
		Received: isoDay(p.Received), Answered: isoDay(p.Answered),
		Part: docPart{number, of}, Person: docPerson{p.Name},
		Controller: docController(p.Controller), Authority: docAuthority(p.Notice.Authority),
		Nothing: s.nothing(p), Searched: []docSearched{}, Registers: []*docRegister{},
		Automated: or(p.Notice.AutomatedDecisions, w.automatedNone),
		p:         p, w: w,
	}
	for i, reg := range p.Registers {
		d.Searched = append(d.Searched, docSearched{reg.Name, reg.Title, s.records[i]})
	}
	return d
}

func (d *document) register(index int) {
	reg, n := d.p.Registers[index], d.p.Notice
	r := &docRegister{
		Name: reg.Name, Title: reg.Title,
		Source: or(reg.Source, n.Source), Purpose: or(reg.Purpose, n.Purpose), LegalBasis: or(reg.LegalBasis, n.LegalBasis),
		Categories: reg.Categories, Recipients: reg.Recipients,
		Transfers: or(reg.Transfers, n.Transfers), Retention: or(reg.Retention, n.Retention),
		Records: []*docRecord{},
	}
	if len(r.Categories) == 0 {
		r.Categories = n.Categories
	}
	if len(r.Recipients) == 0 {
		r.Recipients = n.Recipients
	}
	if !reg.RetainUntil.IsZero() {
		r.RetainUntil = isoDay(reg.RetainUntil)
	}
	d.Registers = append(d.Registers, r)
}

func (d *document) lastRegister() *docRegister { return d.Registers[len(d.Registers)-1] }

func (d *document) lastRecord() *docRecord {
	r := d.lastRegister().Records
	return r[len(r)-1]
}

func (d *document) record(it item, again bool) {
	r := d.lastRegister()
	r.Records = append(r.Records, &docRecord{Number: it.Number, Title: it.Title, Continued: again, Values: []docValue{}})
}

func (d *document) value(v Value) {
	r := d.lastRecord()
	value := docValue{Field: v.Field, Title: v.Title, Value: docText{v.Raw, v.Null || v.Redacted}, Redacted: v.Redacted}
	if v.Redacted {
		value.Reason = or(v.Reason, d.w.redacted)
	}
	r.Values = append(r.Values, value)
}

func (d *document) table(it item, again bool) {
	t := &docTable{Title: it.Title, Continued: again, Columns: []docColumn{}, Rows: [][]docText{}}
	for _, c := range it.Columns {
		t.Columns = append(t.Columns, docColumn(c))
	}
	r := d.lastRecord()
	r.Tables = append(r.Tables, t)
}

func (d *document) row(it item, columns []column) {
	row := make([]docText, len(it.Cells))
	for i, cell := range it.Cells {
		row[i] = docText{cell, columns[i].Redacted}
	}
	tables := d.lastRecord().Tables
	t := tables[len(tables)-1]
	t.Rows = append(t.Rows, row)
}

func (d *document) file(attachment string, f File) {
	r := d.lastRegister()
	r.Files = append(r.Files, docFile{attachment, f.Name, or(f.Type, "application/octet-stream")})
}

func (d *document) bytes() ([]byte, error) { return marshal(d, " ") }

func isoDay(t time.Time) string { return t.Format("2006-01-02") }
