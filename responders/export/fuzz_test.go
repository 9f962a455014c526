package export

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
)

// Whatever stands in a register: the answer is made, opens, is tagged throughout and
// has the value exactly.
func FuzzBuild(f *testing.F) {
	for _, s := range []string{
		"", "Matti", "\x00\xff", "\u202e", "()\\", "Ŝ\r\n", strings.Repeat("å ", 400), "= {{.}} %s", "👍", "שלום 1 (a)", "\n\n\n", "ﷺ", "e\u0301\u0300",
	} {
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, raw, label string) {
		p := Package{
			Language: "sv", Reference: label, Name: label,
			Received: day(2026, 3, 5), Answered: day(2026, 4, 1),
			Controller: Controller{Name: label, Address: raw, Contact: label},
			Registers: []Register{{
				Name: label, Title: label, Source: raw, Purpose: raw, Recipients: []string{raw},
				Records: []Record{{Title: label, Values: []Value{{Field: label, Title: label, Raw: raw}},
					Children: []Table{{Title: label, Columns: []string{label, raw}, Rows: [][]string{{raw, label}, {label, raw}}}}}},
				Files: []File{{Name: label, Data: []byte(raw)}},
			}},
			Notice: Notice{Authority: Authority{Name: label, Address: raw}, AutomatedDecisions: raw, Court: raw},
		}
		r := read(t, build(t, p, Limits{})[0].Data)
		r.outline()
		for _, marks := range r.marks {
			for _, text := range marks {
				t.Errorf("%q is in no element", text)
			}
		}
		if len(r.loose) > 0 {
			t.Errorf("text outside of any mark: %q", r.loose)
		}
		var doc struct {
			Registers []struct {
				Records []struct{ Values []struct{ Value any } }
			}
		}
		if err := json.Unmarshal(r.attachments()[fileSlug(label, "data")+".json"], &doc); err != nil {
			t.Fatal(err)
		}
		if got := exact(t, doc.Registers[0].Records[0].Values[0].Value); got != raw {
			t.Errorf("got %q, want %q", got, raw)
		}
	})
}

// The outline that readers show beside the pages has the headings as they are.
func TestBookmarks(t *testing.T) {
	p := matti("fi")
	p.Registers[0].Title = `Rekisteri (vanha) \ Ŝ Č ćå`
	conf := model.NewDefaultConfiguration()
	conf.UserPW = phrase
	marks, err := api.Bookmarks(bytes.NewReader(build(t, p, Limits{})[0].Data), conf)
	if err != nil {
		t.Fatal(err)
	}
	var titles []string
	for _, m := range marks {
		titles = append(titles, m.Title)
		for _, k := range m.Kids {
			titles = append(titles, "  "+k.Title)
		}
	}
	want := []string{"Henkilötietonne", "Mitä tietoja meillä on teistä", "  " + p.Registers[0].Title, "  Uutiskirje",
		"Miten tietojanne käytetään ja mitä oikeuksia teillä on", "  " + p.Registers[0].Title, "  Uutiskirje",
		"  Automaattiset päätökset", "  Oikeutenne", "  Jos olette tyytymätön", "  Kuka vastaa tiedoistanne", "  Tietoja tästä tiedostosta"}
	if got := strings.Join(titles, "\n"); got != strings.Join(want, "\n") || !utf8.ValidString(got) {
		t.Errorf("got\n%s\nwant\n%s", got, strings.Join(want, "\n"))
	}
}
