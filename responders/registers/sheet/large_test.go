package sheet_test

import (
	"bytes"
	"fmt"
	"path/filepath"
	"slices"
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

// largeXLSX writes a workbook of so many rows.
func largeXLSX(t testing.TB, rows int) string {
	book := filepath.Join(t.TempDir(), "large.xlsx")
	f := excelize.NewFile()
	defer f.Close()
	w, err := f.NewStreamWriter("Sheet1")
	if err != nil {
		t.Fatal(err)
	}
	_ = w.SetRow("A1", []any{"Nro", "Nimi", "Sähköposti", "Note"})
	for i := range rows {
		at, _ := excelize.CoordinatesToCellName(1, i+2)
		_ = w.SetRow(at, []any{i, fmt.Sprintf("Person Number%d", i), fmt.Sprintf("person%d@example.fi", i), "some text"})
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	if err := f.SaveAs(book); err != nil {
		t.Fatal(err)
	}
	return book
}

// The operator hears of the memory before the night in which it is missing.
func TestLargeXLSXIsToldOf(t *testing.T) {
	for _, row := range []struct {
		rows int
		told bool
	}{{100, false}, {60_000, true}} {
		r := open(t, sheet.Source{File: largeXLSX(t, row.rows), Key: "Nro"})
		told := slices.ContainsFunc(r.Check(ctx), func(f registers.Finding) bool { return f.Warn && strings.Contains(f.What, "memory") })
		if told != row.told {
			t.Errorf("%d rows: told of the memory is %v, want %v", row.rows, told, row.told)
		}
	}
}

// BenchmarkLarge measures one find and one erasure in two hundred thousand rows, and the memory that they take.
func BenchmarkLarge(b *testing.B) {
	r, err := sheet.Open(newsletter(), sheet.Source{File: largeXLSX(b, rows), Key: "Nro"})
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
