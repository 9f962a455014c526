package sheet_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"dpobot/responders/registers"
	"dpobot/responders/registers/sheet"
)

func customers() registers.Spec {
	s := newsletter()
	s.Identify[registers.BirthDate] = "born"
	s.Fields = append(s.Fields, registers.Field{Name: "born", Column: "Born", Change: true}, registers.Field{Name: "paid", Column: "Paid"}, registers.Field{Name: "twice", Column: "Twice", Change: true})
	return s
}

// workbook has the register in its second sheet, below an empty line, and a formula elsewhere that shows a name of it.
func workbook(t *testing.T, more ...func(*excelize.File)) string {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	_, err := f.NewSheet("Asiakkaat")
	check(err)
	bold, err := f.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	check(err)
	day, err := f.NewStyle(&excelize.Style{NumFmt: 14})
	check(err)
	for i, row := range [][]any{
		{"Nro", "Nimi", "Sähköposti", "Note", "Born", "Paid", "Twice"},
		{1, "Matti Mäkinen", "Matti@Example.fi", "a secret note", time.Date(1970, 5, 1, 0, 0, 0, 0, time.UTC), 12.345},
		{2, "Matti Mäkinen", "matti2@example.fi", "neighbour", time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC), 1},
		{3, "Maija", "xmatti@example.fi", "=not a formula", time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC), 2},
	} {
		at, _ := excelize.CoordinatesToCellName(1, i+2)
		check(f.SetSheetRow("Asiakkaat", at, &row))
	}
	check(f.SetCellStyle("Asiakkaat", "A2", "G2", bold))
	check(f.SetCellStyle("Asiakkaat", "E3", "E5", day))
	for _, at := range []string{"3", "4", "5"} {
		check(f.SetCellFormula("Asiakkaat", "G"+at, "F"+at+"*2"))
		check(f.SetCellHyperLink("Asiakkaat", "C"+at, "mailto:link"+at+"@example.fi", "External"))
	}
	check(f.SetCellStr("Sheet1", "A1", "unrelated"))
	check(f.SetCellFormula("Sheet1", "B1", "SUM(Asiakkaat!F3:F5)"))
	for _, do := range more {
		do(f)
	}
	file := filepath.Join(t.TempDir(), "customers.xlsx")
	check(f.SaveAs(file))
	return file
}

func openBook(t *testing.T, file string) *sheet.Register {
	t.Helper()
	r, err := sheet.Open(customers(), sheet.Source{File: file, Sheet: "Asiakkaat", Key: "Nro"})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// contains says in which parts of a workbook a text stands.
func contains(t *testing.T, file, text string) []string {
	t.Helper()
	data := []byte(read(t, file))
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, part := range z.File {
		r, err := part.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(content, []byte(text)) {
			out = append(out, part.Name)
		}
	}
	return out
}

func cellOf(t *testing.T, file, sheet, at string) (value, formula string) {
	t.Helper()
	f, err := excelize.OpenFile(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	value, _ = f.GetCellValue(sheet, at)
	formula, _ = f.GetCellFormula(sheet, at)
	return value, formula
}

func TestXLSXFind(t *testing.T) {
	r := openBook(t, workbook(t))
	if got, want := values(findOne(t, r, "matti@example.fi")), "name=Matti Mäkinen|email=Matti@Example.fi|note=a secret note|born=1970-05-01|paid=12.345|twice=24.69|"; got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	m, err := r.Find(ctx, registers.Person{Identifiers: map[registers.Role]string{registers.Name: "Matti Mäkinen", registers.BirthDate: "1970-05-01"}})
	if err != nil || len(m) != 2 || !slices.Contains(m[0].By, registers.BirthDate) || slices.Contains(m[1].By, registers.BirthDate) {
		t.Errorf("by name and birth date: got %d, error %v, want two, the right one first", len(m), err)
	}
}

func TestXLSXChange(t *testing.T) {
	file := workbook(t)
	r := openBook(t, file)
	for range 2 {
		if _, err := r.Change(ctx, []string{"1"}, []registers.Change{{Field: "name", New: "=1+1 Virtanen \U0001F600"}, {Field: "note", New: ""}}); err != nil {
			t.Fatal(err)
		}
	}
	if value, formula := cellOf(t, file, "Asiakkaat", "B3"); value != "=1+1 Virtanen \U0001F600" || formula != "" {
		t.Errorf("got %q, formula %q, want text", value, formula)
	}
	if _, formula := cellOf(t, file, "Asiakkaat", "G3"); formula != "F3*2" {
		t.Errorf("formula: got %q, want it kept", formula)
	}
	if value, _ := cellOf(t, file, "Asiakkaat", "B4"); value != "Matti Mäkinen" {
		t.Errorf("neighbour of the same name: got %q", value)
	}
	if got := contains(t, file, "a secret note"); got != nil {
		t.Errorf("the old value is still in %v", got)
	}
	for _, c := range []registers.Change{{Field: "twice", New: "5"}, {Field: "note", New: "\x01"}, {Field: "note", New: strings.Repeat("x", 40000)}} {
		report, err := r.Change(ctx, []string{"1"}, []registers.Change{c})
		if !errors.Is(err, registers.ErrPermanent) || len(report.Failed) != 1 {
			t.Errorf("%s: got %v, want it refused", c.Field, err)
		}
	}
}

func TestXLSXErase(t *testing.T) {
	file := workbook(t)
	r := openBook(t, file)
	for i := range 2 {
		report, err := r.Erase(ctx, []string{"1"}, registers.Plan{}, day)
		if err != nil || report.Records != 1-i {
			t.Fatalf("got %d records, error %v, want %d", report.Records, err, 1-i)
		}
	}
	for _, gone := range []string{"Matti@Example.fi", "a secret note", "link3@example.fi"} {
		if got := contains(t, file, gone); got != nil {
			t.Errorf("what is erased is still in %v", got)
		}
	}
	// There are formulas, so the line stays, empty.
	for at, want := range map[string]string{"A3": "", "B3": "", "C3": "", "B4": "Matti Mäkinen", "C4": "matti2@example.fi", "C5": "xmatti@example.fi", "D5": "=not a formula"} {
		if got, _ := cellOf(t, file, "Asiakkaat", at); got != want {
			t.Errorf("%s: got %q, want %q", at, got, want)
		}
	}
	for at, want := range map[string]string{"G3": "", "G4": "F4*2"} {
		if _, got := cellOf(t, file, "Asiakkaat", at); got != want {
			t.Errorf("formula %s: got %q, want %q", at, got, want)
		}
	}
	if _, got := cellOf(t, file, "Sheet1", "B1"); got != "SUM(Asiakkaat!F3:F5)" {
		t.Errorf("formula of the other sheet: got %q, want it as it was", got)
	}
	if got := values(findOne(t, r, "xmatti@example.fi")); !strings.Contains(got, "twice=4|") {
		t.Errorf("computed afterwards: got %q, want twice=4", got)
	}
	f, err := excelize.OpenFile(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if style, _ := f.GetCellStyle("Asiakkaat", "B2"); style == 0 {
		t.Error("the style of the titles is lost")
	}
	if linked, link, _ := f.GetCellHyperLink("Asiakkaat", "C4"); !linked || link != "mailto:link4@example.fi" {
		t.Errorf("link of the neighbour: got %q", link)
	}
}

func TestXLSXKeepsAField(t *testing.T) {
	file := workbook(t)
	plan := registers.Plan{Retain: []registers.Retention{{Fields: []string{"name"}, Ground: registers.Text{"en": "x"}, Until: registers.Rule{Kind: registers.Ledger}}}}
	if _, err := openBook(t, file).Erase(ctx, []string{"1"}, plan, day); err != nil {
		t.Fatal(err)
	}
	for at, want := range map[string]string{"A3": "1", "B3": "Matti Mäkinen", "C3": "", "D3": "", "E3": "", "C4": "matti2@example.fi"} {
		if got, _ := cellOf(t, file, "Asiakkaat", at); got != want {
			t.Errorf("%s: got %q, want %q", at, got, want)
		}
	}
	for _, gone := range []string{"Matti@Example.fi", "a secret note", "link3@example.fi"} {
		if got := contains(t, file, gone); got != nil {
			t.Errorf("what is erased is still in %v", got)
		}
	}
}

// Without formulas and comments the row goes, and the others move up with their styles and links.
func TestXLSXRemovesTheRow(t *testing.T) {
	file := workbook(t, func(f *excelize.File) {
		for sheet, cells := range map[string][]string{"Asiakkaat": {"G3", "G4", "G5"}, "Sheet1": {"B1"}} {
			for _, at := range cells {
				if err := f.SetCellFormula(sheet, at, ""); err != nil {
					t.Fatal(err)
				}
			}
		}
	})
	r := openBook(t, file)
	if _, err := r.Erase(ctx, []string{"1"}, registers.Plan{}, day); err != nil {
		t.Fatal(err)
	}
	for at, want := range map[string]string{"B2": "Nimi", "B3": "Matti Mäkinen", "C3": "matti2@example.fi", "C4": "xmatti@example.fi", "B5": ""} {
		if got, _ := cellOf(t, file, "Asiakkaat", at); got != want {
			t.Errorf("%s: got %q, want %q", at, got, want)
		}
	}
	for _, gone := range []string{"Matti@Example.fi", "a secret note", "link3@example.fi"} {
		if got := contains(t, file, gone); got != nil {
			t.Errorf("what is erased is still in %v", got)
		}
	}
	f, err := excelize.OpenFile(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if linked, link, _ := f.GetCellHyperLink("Asiakkaat", "C3"); !linked || link != "mailto:link4@example.fi" {
		t.Errorf("link of the neighbour: got %q", link)
	}
}

// Comments do not move with their row, so the row stays as an empty line.
func TestXLSXWithComments(t *testing.T) {
	file := workbook(t, func(f *excelize.File) {
		for at, text := range map[string]string{"B3": "about Matti", "B4": "about the neighbour"} {
			if err := f.AddComment("Asiakkaat", excelize.Comment{Cell: at, Author: "Clerk", Text: text}); err != nil {
				t.Fatal(err)
			}
		}
	})
	r := openBook(t, file)
	if _, err := r.Erase(ctx, []string{"1"}, registers.Plan{}, day); err != nil {
		t.Fatal(err)
	}
	if got := contains(t, file, "about Matti"); got != nil {
		t.Errorf("the comment is still in %v", got)
	}
	if got, _ := cellOf(t, file, "Asiakkaat", "C4"); got != "matti2@example.fi" {
		t.Errorf("C4: got %q, want the neighbour where the comment on them is", got)
	}
	if got := contains(t, file, "about the neighbour"); got == nil {
		t.Error("the comment on the neighbour is lost")
	}
	findOne(t, r, "xmatti@example.fi")
}

func TestXLSXRefuses(t *testing.T) {
	for _, row := range []struct{ name, file, want string }{
		{"no workbook", write(t, "a.xlsx", "not a zip"), "cannot be read"},
		{"truncated", write(t, "b.xlsx", read(t, workbook(t))[:2000]), "cannot be read"},
	} {
		r := openBook(t, row.file)
		if _, err := r.Find(ctx, by("matti@example.fi")); !errors.Is(err, registers.ErrPermanent) || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s: got %v, want ErrPermanent with %q", row.name, err, row.want)
		}
	}
	r, err := sheet.Open(customers(), sheet.Source{File: workbook(t), Sheet: "Nowhere"})
	if err != nil {
		t.Fatal(err)
	}
	if got := r.Check(ctx); len(got) == 0 || !strings.Contains(got[len(got)-1].What, `no sheet named "Nowhere"`) {
		t.Errorf("check: got %v, want the sheet named", got)
	}
}

func TestXLSXPivotKeepsNothing(t *testing.T) {
	file := workbook(t)
	data := read(t, file)
	in, err := zip.NewReader(strings.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, part := range in.File {
		if err := w.Copy(part); err != nil {
			t.Fatal(err)
		}
	}
	p, _ := w.Create("xl/pivotCache/pivotCacheRecords1.xml")
	_, _ = p.Write([]byte("<pivotCacheRecords/>"))
	w.Close()
	if err := os.WriteFile(file, out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	r := openBook(t, file)
	if _, err := r.Erase(ctx, []string{"1"}, registers.Plan{}, day); !errors.Is(err, registers.ErrPermanent) || !strings.Contains(err.Error(), "pivot table") {
		t.Errorf("got %v, want ErrPermanent that names the pivot table", err)
	}
	if !bytes.Equal(out.Bytes(), []byte(read(t, file))) {
		t.Error("the file was changed")
	}
}

// The last result of a formula elsewhere is a copy too; Excel computes it again when it opens the file.
func TestXLSXForgetsResults(t *testing.T) {
	file := workbook(t)
	rewrite(t, file, "xl/worksheets/sheet1.xml", func(s string) string {
		return strings.Replace(s, "</row>", `<c r="C1" t="str"><f>Asiakkaat!B3</f><v>Matti of the cache</v></c></row>`, 1)
	})
	if contains(t, file, "Matti of the cache") == nil {
		t.Fatal("the formula's result is not there to begin with")
	}
	if _, err := openBook(t, file).Erase(ctx, []string{"1"}, registers.Plan{}, day); err != nil {
		t.Fatal(err)
	}
	if got := contains(t, file, "Matti of the cache"); got != nil {
		t.Errorf("the formula's result is still in %v", got)
	}
	if _, formula := cellOf(t, file, "Sheet1", "C1"); formula != "Asiakkaat!B3" {
		t.Errorf("formula: got %q, want it kept", formula)
	}
}

// rewrite changes one part of a workbook.
func rewrite(t *testing.T, file, name string, change func(string) string) {
	t.Helper()
	data := read(t, file)
	in, err := zip.NewReader(strings.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, part := range in.File {
		r, err := part.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if part.Name == name {
			content = []byte(change(string(content)))
		}
		p, err := w.Create(part.Name)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = p.Write(content)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}

// What cannot be read to its end is an error, and never "nothing is held".
func TestXLSXBrokenInTheMiddle(t *testing.T) {
	file := workbook(t)
	rewrite(t, file, "xl/worksheets/sheet2.xml", func(s string) string { return s[:strings.Index(s, `<row r="4"`)+5] })
	if m, err := openBook(t, file).Find(ctx, by("xmatti@example.fi")); !errors.Is(err, registers.ErrPermanent) {
		t.Errorf("got %d matches, error %v, want ErrPermanent", len(m), err)
	}
}
