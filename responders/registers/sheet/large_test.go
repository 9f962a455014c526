package sheet_test

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"dpobot/responders/registers"
	"dpobot/responders/registers/sheet"
)

const rows = 200_000

// largeCSV writes a list of two hundred thousand.
func largeCSV(t testing.TB) string {
	var b bytes.Buffer
	b.WriteString("Nro;Nimi;Sähköposti;Note\r\n")
	for i := range rows {
		fmt.Fprintf(&b, "%d;Person Number%d;person%d@example.fi;\"some text; of row %d\"\r\n", i, i, i, i)
	}
	return b.String()
}

func TestLargeCSV(t *testing.T) {
	content := largeCSV(t)
	file := write(t, "large.csv", content)
	r := open(t, sheet.Source{File: file, Key: "Nro"})
	rec := findOne(t, r, "person123456@example.fi")
	if _, err := r.Erase(ctx, []string{rec.Key}, registers.Plan{}, day); err != nil {
		t.Fatal(err)
	}
	i := strings.Index(content, "123456;")
	line := content[i : i+strings.IndexByte(content[i:], '\n')+1]
	if read(t, file) != strings.Replace(content, line, "", 1) {
		t.Error("more than the one row has changed")
	}
}

// BenchmarkLarge measures one find and one erasure in two hundred thousand rows, and the memory that they take.
func BenchmarkLarge(b *testing.B) {
	folder := b.TempDir()
	book := filepath.Join(folder, "large.xlsx")
	f := excelize.NewFile()
	w, err := f.NewStreamWriter("Sheet1")
	if err != nil {
		b.Fatal(err)
	}
	_ = w.SetRow("A1", []any{"Nro", "Nimi", "Sähköposti", "Note"})
	for i := range rows {
		at, _ := excelize.CoordinatesToCellName(1, i+2)
		_ = w.SetRow(at, []any{i, fmt.Sprintf("Person Number%d", i), fmt.Sprintf("person%d@example.fi", i), "some text"})
	}
	if err := w.Flush(); err != nil {
		b.Fatal(err)
	}
	if err := f.SaveAs(book); err != nil {
		b.Fatal(err)
	}
	f.Close()
	r, err := sheet.Open(newsletter(), sheet.Source{File: book, Key: "Nro"})
	if err != nil {
		b.Fatal(err)
	}
	b.Run("xlsx find", func(b *testing.B) {
		b.ReportAllocs()
		for range b.N {
			if m, err := r.Find(ctx, by("person123456@example.fi")); err != nil || len(m) != 1 {
				b.Fatal(len(m), err)
			}
		}
	})
	b.Run("xlsx erase", func(b *testing.B) {
		b.ReportAllocs()
		for i := range b.N {
			if report, err := r.Erase(ctx, []string{fmt.Sprint(100_000 + i)}, registers.Plan{}, day); err != nil || report.Records != 1 {
				b.Fatal(report.Records, err)
			}
		}
	})
}
