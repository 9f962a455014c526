package sheet_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/charmap"

	"dpobot/responders/registers"
	"dpobot/responders/registers/sheet"
)

var (
	ctx = context.Background()
	day = time.Date(2026, 3, 5, 12, 0, 0, 0, time.UTC)
)

func newsletter() registers.Spec {
	return registers.Spec{
		Name:     "newsletter",
		Identify: map[registers.Role]string{registers.Email: "email", registers.Name: "name"},
		Fields: []registers.Field{
			{Name: "name", Column: "Nimi", Change: true}, {Name: "email", Column: "Sähköposti", Change: true}, {Name: "note", Column: "Note", Change: true},
		},
	}
}

const list = "Nro;Nimi;Sähköposti;Note\r\n" +
	"1;Matti Mäkinen;\"Matti@Example.fi\";\"a \"\"quoted\"\"; note\r\nin two lines\"\r\n" +
	"2;Matti Mäkinen;matti2@example.fi;\r\n" +
	"3 ;  Maija ;xmatti@example.fi;x\r\n" +
	"\r\n" +
	"4;Short;short@example.fi\r\n" +
	"5;Anna;\"anna@example.fi\";end"

func write(t *testing.T, name, content string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(content), 0o640); err != nil {
		t.Fatal(err)
	}
	return file
}

func read(t *testing.T, file string) string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func open(t *testing.T, src sheet.Source) *sheet.Register {
	t.Helper()
	r, err := sheet.Open(newsletter(), src)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func by(address string) registers.Person { return registers.Person{Addresses: []string{address}} }

func findOne(t *testing.T, r registers.Register, address string) registers.Record {
	t.Helper()
	m, err := r.Find(ctx, by(address))
	if err != nil || len(m) != 1 || !m[0].Certain {
		t.Fatalf("got %d matches, error %v, want one certain", len(m), err)
	}
	return m[0].Record
}

func values(r registers.Record) string {
	var b strings.Builder
	for _, v := range r.Values {
		raw := v.Raw
		if v.Null {
			raw = "NULL"
		}
		fmt.Fprintf(&b, "%s=%s|", v.Field, raw)
	}
	return b.String()
}

func TestCSVFind(t *testing.T) {
	r := open(t, sheet.Source{File: write(t, "list.csv", list), Key: "Nro"})
	if got, want := values(findOne(t, r, "MATTI@example.fi")), "name=Matti Mäkinen|email=Matti@Example.fi|note=a \"quoted\"; note\r\nin two lines|"; got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	if got, want := values(findOne(t, r, "short@example.fi")), "name=Short|email=short@example.fi|note=NULL|"; got != want {
		t.Errorf("short row: got %q, want %q", got, want)
	}
	m, err := r.Find(ctx, registers.Person{Identifiers: map[registers.Role]string{registers.Name: "matti mäkinen"}})
	if err != nil || len(m) != 2 || m[0].Certain {
		t.Errorf("by name: got %d, error %v, want two possible", len(m), err)
	}
	if m, err := r.Find(ctx, by("nobody@example.fi")); err != nil || len(m) != 0 {
		t.Errorf("stranger: got %d, error %v, want none", len(m), err)
	}
}

func TestCSVTouchesNothingElse(t *testing.T) {
	change := func(key string, changes ...registers.Change) func(*sheet.Register) error {
		return func(r *sheet.Register) error { _, err := r.Change(ctx, []string{key}, changes); return err }
	}
	erase := func(plan registers.Plan, keys ...string) func(*sheet.Register) error {
		return func(r *sheet.Register) error { _, err := r.Erase(ctx, keys, plan, day); return err }
	}
	keepName := registers.Plan{Retain: []registers.Retention{{Fields: []string{"name"}, Ground: registers.Text{"en": "x"}, Until: registers.Rule{Kind: registers.Ledger}}}}
	for _, row := range []struct {
		name string
		do   func(*sheet.Register) error
		old  string
		new  string
	}{
		{"a plain field", change("2", registers.Change{Field: "name", New: "Matti Virtanen"}), "2;Matti Mäkinen;", "2;Matti Virtanen;"},
		{"a quoted field stays quoted", change("1", registers.Change{Field: "email", New: "m@example.fi"}), "\"Matti@Example.fi\"", "\"m@example.fi\""},
		{"quotes where needed", change("2", registers.Change{Field: "name", New: "a;\"b\""}), "2;Matti Mäkinen;", "2;\"a;\"\"b\"\"\";"},
		{"a field that the row lacks", change("4", registers.Change{Field: "note", New: "new"}), "short@example.fi\r\n", "short@example.fi;new\r\n"},
		{"several, the last of the file", change("5", registers.Change{Field: "note", New: "x\ny"}, registers.Change{Field: "name", New: "Anne"}), "5;Anna;\"anna@example.fi\";end", "5;Anne;\"anna@example.fi\";\"x\ny\""},
		{"nothing new", change("5", registers.Change{Field: "note", New: "end"}), "end", "end"},
		{"nobody", change("99", registers.Change{Field: "note", New: "end"}), "end", "end"},
		{"erase a row of two lines", erase(registers.Plan{}, "1"), list[strings.Index(list, "1;M"):strings.Index(list, "2;M")], ""},
		{"erase the last", erase(registers.Plan{}, "5", "5"), "5;Anna;\"anna@example.fi\";end", ""},
		{"keep a field", erase(keepName, "1"), "\"Matti@Example.fi\";\"a \"\"quoted\"\"; note\r\nin two lines\"", "\"\";\"\""},
	} {
		for _, code := range []string{"utf-8", "utf-8 with BOM", "windows-1252"} {
			t.Run(row.name+", "+code, func(t *testing.T) {
				enc := func(s string) string { return s }
				bom := ""
				switch code {
				case "windows-1252":
					enc = func(s string) string { out, _ := charmap.Windows1252.NewEncoder().String(s); return out }
				case "utf-8 with BOM":
					bom = "\xef\xbb\xbf"
				}
				file := write(t, "list.csv", bom+enc(list))
				r := open(t, sheet.Source{File: file, Key: "nro"})
				for range 2 { // again is the same
					if err := row.do(r); err != nil {
						t.Fatal(err)
					}
					if got, want := read(t, file), bom+enc(strings.Replace(list, row.old, row.new, 1)); got != want {
						t.Fatalf("got  %q\nwant %q", got, want)
					}
				}
				info, err := os.Stat(file)
				if err != nil || info.Mode().Perm() != 0o640 {
					t.Errorf("mode: got %v, error %v, want 0640", info.Mode(), err)
				}
				entries, _ := os.ReadDir(filepath.Dir(file))
				for _, e := range entries {
					if e.Name() != "list.csv" && e.Name() != ".list.csv.lock" {
						t.Errorf("left behind: %s", e.Name())
					}
				}
			})
		}
	}
}

func TestCSVRefuses(t *testing.T) {
	for _, row := range []struct{ name, content, value string }{
		{"formula", list, "=HYPERLINK(\"http://x\")"},
		{"formula that begins with a plus", list, "+cmd|' /C calc'!A0"},
		{"at sign", list, "@SUM(A1)"},
		{"character that the encoding lacks", "Nro;Nimi;S\xe4hk\xf6posti;Note\n1;a;b@c.fi;\n", "\U0001F600"},
	} {
		t.Run(row.name, func(t *testing.T) {
			file := write(t, "list.csv", row.content)
			r := open(t, sheet.Source{File: file, Key: "Nro"})
			report, err := r.Change(ctx, []string{"1"}, []registers.Change{{Field: "note", New: row.value}})
			if !errors.Is(err, registers.ErrPermanent) || len(report.Failed) != 1 || report.Failed[0].Field != "note" {
				t.Errorf("got %+v, %v, want the field named and ErrPermanent", report.Failed, err)
			}
			if read(t, file) != row.content {
				t.Error("the file was changed")
			}
		})
	}
	file := write(t, "list.csv", list)
	if _, err := open(t, sheet.Source{File: file, Key: "Nro"}).Change(ctx, []string{"1"}, []registers.Change{{Field: "note", New: "+358 40 123"}}); err != nil {
		t.Errorf("telephone number: %v", err)
	}
}

func TestCSVShapes(t *testing.T) {
	for _, row := range []struct{ name, content, want string }{
		{"comma", "Nimi,Sähköposti,Note\nA,a@b.fi,\"x,y\"\n", "name=A|email=a@b.fi|note=x,y|"},
		{"tab", "Nimi\tSähköposti\tNote\nA\ta@b.fi\tx;y,z\n", "name=A|email=a@b.fi|note=x;y,z|"},
		{"delimiter inside a quoted title", "\"Note\";\"x,y,z,å\";Nimi;Sähköposti\nn;;A;a@b.fi\n", "name=A|email=a@b.fi|note=n|"},
		{"sep line", "sep=,\r\nNimi,Sähköposti,Note\r\nA;B,a@b.fi,n\r\n", "name=A;B|email=a@b.fi|note=n|"},
		{"titles in other case and with spaces", " NIMI ; SÄHKÖPOSTI;note\nA;a@b.fi;n\n", "name=A|email=a@b.fi|note=n|"},
		{"quote inside", "Nimi;Sähköposti;Note\nA \"x\" B;a@b.fi;5\"\n", "name=A \"x\" B|email=a@b.fi|note=5\"|"},
		{"text after a closing quote", "Nimi;Sähköposti;Note\n\"A\"x;a@b.fi;n\n", "name=\"A\"x|email=a@b.fi|note=n|"},
		{"NUL and controls", "Nimi;Sähköposti;Note\nA\x00\x1b;a@b.fi;\u202e<b>\n", "name=A\x00\x1b|email=a@b.fi|note=\u202e<b>|"},
		{"lone carriage return", "Nimi;Sähköposti;Note\nA\rB;a@b.fi;n\n", "name=A\rB|email=a@b.fi|note=n|"},
		{"blank lines first", "\n\nNimi;Sähköposti;Note\n\nA;a@b.fi;n", "name=A|email=a@b.fi|note=n|"},
	} {
		t.Run(row.name, func(t *testing.T) {
			r := open(t, sheet.Source{File: write(t, "list.csv", row.content)})
			if got := values(findOne(t, r, "a@b.fi")); got != row.want {
				t.Errorf("got %q, want %q", got, row.want)
			}
		})
	}
	for _, row := range []struct{ name, content, want string }{
		{"open quote", "Nimi;Sähköposti;Note\nA;\"a@b.fi;n\n", "never closes"},
		{"UTF-16", "\xff\xfeN\x00", "UTF-16"},
		{"empty", "", "is empty"},
		{"lost column", "Nimi;Note\nA;n\n", "no column titled Sähköposti"},
	} {
		t.Run(row.name, func(t *testing.T) {
			r := open(t, sheet.Source{File: write(t, "list.csv", row.content)})
			_, err := r.Find(ctx, by("a@b.fi"))
			if !errors.Is(err, registers.ErrPermanent) || !strings.Contains(err.Error(), row.want) {
				t.Errorf("got %v, want ErrPermanent with %q", err, row.want)
			}
			if found := r.Check(ctx); !slices.ContainsFunc(found, func(f registers.Finding) bool { return strings.Contains(f.What, row.want) }) {
				t.Errorf("check: got %v, want it to say %q", found, row.want)
			}
		})
	}
}

// Rows that share a key, or have none, are told apart by who stands in them.
func TestRowsWithoutAKeyOfTheirOwn(t *testing.T) {
	const doubtful = "Nro;Nimi;Sähköposti;Note\n7;A;a@b.fi;his\n7;B;b@b.fi;hers\n;C;c@b.fi;\n;D;d@b.fi;\n"
	for _, key := range []string{"Nro", ""} {
		for _, who := range []string{"a", "b", "c", "d"} {
			file := write(t, "list.csv", doubtful)
			r := open(t, sheet.Source{File: file, Key: key})
			rec := findOne(t, r, who+"@b.fi")
			report, err := r.Erase(ctx, []string{rec.Key}, registers.Plan{}, day)
			if err != nil || report.Records != 1 {
				t.Fatalf("got %d records, error %v, want 1", report.Records, err)
			}
			if got := strings.Count(read(t, file), "@"); got != 3 || strings.Contains(read(t, file), who+"@") {
				t.Errorf("key %q: %d rows are left, want the other three", key, got)
			}
		}
	}
}

func TestOpenElsewhere(t *testing.T) {
	for _, mark := range []string{"~$customers.csv", "~$stomers.csv", ".~lock.customers.csv#"} {
		file := write(t, "customers.csv", list)
		beside := filepath.Join(filepath.Dir(file), mark)
		if err := os.WriteFile(beside, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		r := open(t, sheet.Source{File: file, Key: "Nro"})
		if _, err := r.Erase(ctx, []string{"1"}, registers.Plan{}, day); !errors.Is(err, registers.ErrTemporary) {
			t.Errorf("%s: got %v, want ErrTemporary", mark, err)
		}
		if read(t, file) != list {
			t.Errorf("%s: the file was changed", mark)
		}
		if m, err := r.Find(ctx, by("matti@example.fi")); err != nil || len(m) != 1 {
			t.Errorf("%s: find: got %d, error %v, want 1", mark, len(m), err)
		}
		os.Remove(beside)
		if _, err := r.Erase(ctx, []string{"1"}, registers.Plan{}, day); err != nil {
			t.Errorf("closed again: %v", err)
		}
	}
}

func TestHardLinkKeepsNothing(t *testing.T) {
	file := write(t, "list.csv", list)
	if err := os.Link(file, file+".other"); err != nil {
		t.Skipf("no hard links here: %v", err)
	}
	r := open(t, sheet.Source{File: file, Key: "Nro"})
	if _, err := r.Erase(ctx, []string{"1"}, registers.Plan{}, day); !errors.Is(err, registers.ErrPermanent) {
		t.Errorf("got %v, want ErrPermanent", err)
	}
}

func TestSymbolicLinkStays(t *testing.T) {
	file := write(t, "list.csv", list)
	link := filepath.Join(t.TempDir(), "link.csv")
	if err := os.Symlink(file, link); err != nil {
		t.Fatal(err)
	}
	if _, err := open(t, sheet.Source{File: link, Key: "Nro"}).Erase(ctx, []string{"1"}, registers.Plan{}, day); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Error("the link became a file")
	}
	if strings.Contains(read(t, file), "Matti@Example.fi") {
		t.Error("the file that it points to still holds the erased")
	}
}

// Two hands at once: each change is there in the end.
func TestConcurrentChanges(t *testing.T) {
	var content bytes.Buffer
	content.WriteString("Nro;Nimi;Sähköposti;Note\n")
	for i := range 8 {
		fmt.Fprintf(&content, "%d;Name;a%d@b.fi;\n", i, i)
	}
	file := write(t, "list.csv", content.String())
	done := make(chan error)
	for i := range 8 {
		go func() {
			r, err := sheet.Open(newsletter(), sheet.Source{File: file, Key: "Nro"})
			if err == nil {
				_, err = r.Change(ctx, []string{fmt.Sprint(i)}, []registers.Change{{Field: "note", New: fmt.Sprint("note", i)}})
			}
			done <- err
		}()
	}
	for range 8 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	if got := strings.Count(read(t, file), "note"); got != 8 {
		t.Errorf("got %d changes in the file, want 8", got)
	}
}
