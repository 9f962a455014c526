package export

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// What the pages say, in reading order, as the structure tree gives it.
func TestGolden(t *testing.T) {
	for name, make := range map[string]func(string) Package{
		"full": matti, "nothing": nobody, "odd": odd, "rows": func(string) Package { return many(6) },
	} {
		for _, lang := range []string{"fi", "sv", "en"} {
			if (name == "odd" || name == "rows") && lang != "en" {
				continue
			}
			t.Run(name+"-"+lang, func(t *testing.T) {
				got := read(t, build(t, make(lang), Limits{})[0].Data).outline()
				file := filepath.Join("testdata", name+"-"+lang+".txt")
				if *update {
					if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
						t.Fatal(err)
					}
				}
				want, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				if got != string(want) {
					t.Errorf("the answer reads differently; see the diff after go test -update\ngot:\n%s", got)
				}
			})
		}
	}
}

// Tagged, titled, in a language, with each piece of a page in exactly one element.
func TestTagged(t *testing.T) {
	for name, p := range map[string]Package{"full": matti("fi"), "odd": odd("fi"), "nothing": nobody("fi")} {
		t.Run(name, func(t *testing.T) {
			r := read(t, build(t, p, Limits{})[0].Data)
			r.outline()
			for i, marks := range r.marks {
				for mark, text := range marks {
					t.Errorf("page %d: piece %d is in no element: %s", i+1, mark, text)
				}
			}
			if len(r.loose) > 0 {
				t.Errorf("text outside of any mark: %q", r.loose)
			}
			if marked := r.dict(r.root["MarkInfo"])["Marked"]; marked != types.Boolean(true) {
				t.Errorf("MarkInfo: got %v, want marked", marked)
			}
			if lang, _ := r.ctx.DereferenceStringOrHexLiteral(r.root["Lang"], model.V10, nil); lang != "fi" {
				t.Errorf("language: got %q, want fi", lang)
			}
			if show := r.dict(r.root["ViewerPreferences"])["DisplayDocTitle"]; show != types.Boolean(true) {
				t.Errorf("the title is not shown: %v", show)
			}
			parents := r.array(r.dict(r.dict(r.root["StructTreeRoot"])["ParentTree"])["Nums"])
			if len(parents) != 2*len(r.pages) {
				t.Errorf("parent tree: got %d entries for %d pages", len(parents)/2, len(r.pages))
			}
		})
	}
}

// Nothing is drawn beyond the edges of a page, however long it is.
func TestWithinPage(t *testing.T) {
	long := matti("fi")
	long.Name = strings.Repeat("nimi ", 2_000)
	long.Registers[0].Title = strings.Repeat("x", 5_000)
	long.Registers[0].Purpose = strings.Repeat("tarkoitus ", 2_000)
	record := &long.Registers[0].Records[0]
	record.Title = strings.Repeat("otsikko ", 2_000)
	record.Values[0].Title = strings.Repeat("y", 3_000)
	record.Values[1].Raw = strings.Repeat("\n", 3_000)
	record.Children[0].Title = record.Title
	record.Children[0].Columns[0] = record.Title
	record.Children[0].Rows[0][0] = strings.Repeat("z\n", 100)
	place := regexp.MustCompile(`BT ([\d.-]+) ([\d.-]+) Td`)
	for name, p := range map[string]Package{"odd": odd("fi"), "long": long, "rows": many(50)} {
		r := read(t, build(t, p, Limits{})[0].Data)
		for n, ref := range r.pages {
			content, err := r.ctx.PageContent(r.dict(ref), n+1)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range place.FindAllStringSubmatch(string(content), -1) {
				x, _ := strconv.ParseFloat(m[1], 64)
				y, _ := strconv.ParseFloat(m[2], 64)
				if x < marginSide-1 || x > pageWidth-marginSide || y < 15 || y > pageHeight-marginTop {
					t.Errorf("%s, page %d: text at %v, %v", name, n+1, x, y)
				}
			}
		}
	}
}

func TestEncryption(t *testing.T) {
	data := build(t, matti("en"), Limits{})[0].Data
	if !bytes.HasPrefix(data, []byte("%PDF-2.0")) {
		t.Errorf("header: got %q", data[:8])
	}
	r := read(t, data)
	if r.ctx.E.R != 6 || r.ctx.E.V != 5 || r.ctx.E.L != 256 {
		t.Errorf("encryption: got R %d, V %d, %d bits; want 6, 5, 256", r.ctx.E.R, r.ctx.E.V, r.ctx.E.L)
	}
	for _, secret := range []string{"Matti", "Meik", "esimerkki", "DP-2026", "Power Competence"} {
		if bytes.Contains(data, []byte(secret)) {
			t.Errorf("%q stands in the file in clear", secret)
		}
	}
	for name, wrong := range map[string]string{"none": "", "wrong": "aalto-kala-metso-norsu-suo-tuul", "capital": "Aalto-kala-metso-norsu-suo-tuuli"} {
		conf := model.NewDefaultConfiguration()
		conf.UserPW = wrong
		if _, err := api.ReadContext(bytes.NewReader(data), conf); err == nil {
			t.Errorf("password %s: the file opens", name)
		}
	}
}

// What is redacted is in no page and in no attachment.
func TestRedacted(t *testing.T) {
	for name, p := range map[string]Package{"value": matti("en"), "column": odd("en")} {
		r := read(t, build(t, p, Limits{})[0].Data)
		everything := r.outline()
		for _, data := range r.attachments() {
			everything += string(data)
		}
		for _, secret := range []string{"Liisa", "Salainen", "hunter2", "hunter3"} {
			if strings.Contains(everything, secret) {
				t.Errorf("%s: %q has come out", name, secret)
			}
		}
	}
}

// The same input reads the same: pages and attachments, if not the salted bytes.
func TestSameContent(t *testing.T) {
	a, b := read(t, build(t, odd("sv"), Limits{})[0].Data), read(t, build(t, odd("sv"), Limits{})[0].Data)
	if a.outline() != b.outline() {
		t.Error("the pages differ")
	}
	files := b.attachments()
	for name, data := range a.attachments() {
		if !bytes.Equal(data, files[name]) {
			t.Errorf("attachment %s differs", name)
		}
	}
}

func TestNothingHeld(t *testing.T) {
	filed := nobody("en")
	filed.Registers[1].Files = []File{{Name: "letter.pdf"}}
	streamed := nobody("en")
	streamed.Registers[2].Stream = func(yield func(Record, error) bool) { yield(Record{}, nil) }
	for _, c := range []struct {
		name string
		p    Package
		want bool
	}{
		{"nothing", nobody("en"), true},
		{"no registers", Package{Language: "en"}, true},
		{"a record", matti("en"), false},
		{"a record from a stream", streamed, false},
		{"a document only", filed, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := build(t, c.p, Limits{})[0].NothingHeld; got != c.want {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

// A document never takes the place of a file of ours, or of another document.
func TestNamesOfDocuments(t *testing.T) {
	p := matti("en")
	p.Registers[0].Files = []File{
		{Name: "dp-2026-0042.json", Data: []byte("1")}, {Name: "asiakasrekisteri.csv", Data: []byte("2")},
		{Name: "a.pdf", Data: []byte("3")}, {Name: "A.pdf", Data: []byte("4")}, {Name: `Äänite (1) .txt`, Data: []byte("5")}, {Name: "(x.txt", Data: []byte("6")},
	}
	files := read(t, build(t, p, Limits{})[0].Data).attachments()
	for name, want := range map[string]string{
		"document-dp-2026-0042.json": "1", "document-asiakasrekisteri.csv": "2", "a.pdf": "3", "2-A.pdf": "4",
		"Äänite (1) .txt": "5", "(x.txt": "6",
	} {
		if string(files[name]) != want {
			t.Errorf("%s: got %q, want %q", name, files[name], want)
		}
	}
	if !bytes.HasPrefix(files["dp-2026-0042.json"], []byte("{")) {
		t.Error("our own JSON is gone")
	}
}

func TestAttachedFiles(t *testing.T) {
	files := read(t, build(t, odd("en"), Limits{})[0].Data).attachments()
	for name, want := range map[string]string{"passwd": "document", "selvitys _fdp.exe": "%PDF-1.4"} {
		if got, ok := files[name]; !ok || string(got) != want {
			t.Errorf("document %s: got %q, want %q", name, got, want)
		}
	}
	for name := range files {
		if strings.ContainsAny(name, "/\\\u202e\x00") || strings.HasPrefix(name, ".") {
			t.Errorf("attachment name %q is not harmless", name)
		}
	}
}

func TestRefused(t *testing.T) {
	bad := errors.New("register is down")
	down := matti("fi")
	down.Registers[1].Stream = func(yield func(Record, error) bool) { yield(Record{}, bad) }
	ragged := matti("fi")
	ragged.Registers[0].Records[0].Children[0].Rows[1] = []string{"one"}
	german := matti("de")
	cancelled, cancel := context.WithCancel(context.Background())
	cancel()
	for _, c := range []struct {
		name   string
		ctx    context.Context
		p      Package
		phrase string
		lim    Limits
		want   error  // nil: any
		text   string // part of the error
	}{
		{"no passphrase", context.Background(), matti("fi"), "", Limits{}, ErrPassphrase, ""},
		{"a passphrase that readers encode in two ways", context.Background(), matti("fi"), "äiti", Limits{}, ErrPassphrase, ""},
		{"a passphrase with a space, which some readers refuse", context.Background(), matti("fi"), "aalto kirja", Limits{}, ErrPassphrase, ""},
		{"too long a passphrase", context.Background(), matti("fi"), strings.Repeat("a", 128), Limits{}, ErrPassphrase, ""},
		{"unknown language", context.Background(), german, phrase, Limits{}, nil, `"de"`},
		{"a register that fails", context.Background(), down, phrase, Limits{}, bad, "uutiskirje"},
		{"a row without its cells", context.Background(), ragged, phrase, Limits{}, nil, "1 cells for 4 columns"},
		{"cancelled", cancelled, matti("fi"), phrase, Limits{}, context.Canceled, ""},
		{"a limit below any answer", context.Background(), matti("fi"), phrase, Limits{Bytes: 10_000}, ErrTooLarge, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			parts, err := Build(c.ctx, c.p, c.phrase, c.lim)
			if err == nil || parts != nil {
				t.Fatalf("got %d parts, error %v; want none and an error", len(parts), err)
			}
			if c.want != nil && !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.text) {
				t.Errorf("got %v; want %v %s", err, c.want, c.text)
			}
			if strings.Contains(err.Error(), "Matti") {
				t.Errorf("the error names the person: %v", err)
			}
		})
	}
}
