package sheet

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"dpobot/responders/registers"
)

func TestScanSheets(t *testing.T) {
	folder := t.TempDir()
	rows := [][]string{{"Nro", "email"}, {"1", "Matti@Posti.example"}, {"2", ""}, {"", "a@b.fi"}, {"3", "c@d.fi"}, {"3", "e@f.fi"}}
	file := excelize.NewFile()
	text := ""
	for i, row := range rows {
		text += strings.Join(row, ";") + "\n"
		for j, cell := range row {
			if err := file.SetCellStr("Sheet1", name(i+1, j), cell); err != nil {
				t.Fatal(err)
			}
		}
	}
	csv, xlsx := filepath.Join(folder, "list.csv"), filepath.Join(folder, "list.xlsx")
	if err := os.WriteFile(csv, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := file.SaveAs(xlsx); err != nil {
		t.Fatal(err)
	}
	spec := registers.Spec{Name: "x", Identify: map[registers.Role]string{registers.Email: "email"}, Fields: []registers.Field{{Name: "email"}}}
	for _, path := range []string{csv, xlsx} {
		r, err := Open(spec, Source{File: path, Key: "Nro"})
		if err != nil {
			t.Fatal(err)
		}
		var keys []string
		for l, err := range r.Scan(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			keys = append(keys, l.Key)
			matches, err := r.Find(t.Context(), registers.Person{Addresses: []string{l.Address}})
			if l.Address != "" && (err != nil || len(matches) != 1 || matches[0].Record.Key != l.Key) {
				t.Errorf("%s: the key of a walk is not that of a search", filepath.Base(path))
			}
			records, err := r.Read(t.Context(), []string{l.Key})
			if err != nil || len(records) != 1 || records[0].Key != l.Key {
				t.Errorf("%s: the key of a walk reads %d records, error %v", filepath.Base(path), len(records), err)
			}
		}
		if len(keys) != 5 || keys[0] != "1" || keys[1] != "2" {
			t.Errorf("%s: got %d records", filepath.Base(path), len(keys))
		}
	}
}

// A row without a key is known by what says whose it is; an erasure changes that, and says to what.
func TestAnErasureMovesAKey(t *testing.T) {
	file := filepath.Join(t.TempDir(), "list.csv")
	if err := os.WriteFile(file, []byte("name;email;sum\nMatti Mäkinen;matti@posti.example;10\nMaija;maija@posti.example;20\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	spec := registers.Spec{Name: "x", Identify: map[registers.Role]string{registers.Email: "email", registers.Name: "name"},
		Fields: []registers.Field{{Name: "name"}, {Name: "email"}, {Name: "sum"}}}
	r, err := Open(spec, Source{File: file})
	if err != nil {
		t.Fatal(err)
	}
	plan := registers.Plan{Retain: []registers.Retention{{Fields: []string{"sum"}, Ground: registers.Text{"en": "law"}, Until: registers.Rule{Kind: registers.Fixed, Date: "2030-01-01"}}}}
	erase := func(address string) string {
		m, err := r.Find(t.Context(), registers.Person{Addresses: []string{address}})
		if err != nil || len(m) != 1 {
			t.Fatalf("got %d matches, error %v", len(m), err)
		}
		report, err := r.Erase(context.Background(), []string{m[0].Record.Key}, plan, time.Date(2026, 3, 5, 0, 0, 0, 0, time.UTC))
		if err != nil {
			t.Fatal(err)
		}
		return report.Moved[m[0].Record.Key]
	}
	key := erase("matti@posti.example")
	records, err := r.Read(t.Context(), []string{key})
	if err != nil || len(records) != 1 {
		t.Fatalf("got %d records under the new key, error %v", len(records), err)
	}
	if v, _ := records[0].Value("sum"); v.Raw != "10" {
		t.Error("the new key names another row")
	}
	// A second row that has lost what tells it apart cannot be taken for the first.
	if again := erase("maija@posti.example"); again != key {
		t.Fatal("the test wants two rows alike")
	}
	if _, err := r.Read(t.Context(), []string{key}); !errors.Is(err, registers.ErrPermanent) {
		t.Errorf("two rows alike: got %v, want ErrPermanent", err)
	}
	if text := fmt.Sprint(err); strings.Contains(text, "posti") {
		t.Error("the error tells too much")
	}
}
