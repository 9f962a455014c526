package letter

import (
	_ "embed"
	"html/template"
	"strings"
)

//go:embed layout.html
var layoutSource string

var layout = template.Must(template.New("layout").Parse(layoutSource))

// row is a table row or a button for the layout.
type row struct{ Label, Value, Link string }

// part is a block for the layout; html/template escapes every word of it.
type part struct {
	Form  string
	Lines [][]string // of a paragraph or quote: lines of a paragraph; else one line each
	Rows  []row
	Small bool
}

// HTML is the HTML part: no pictures, no links but the buttons', nothing to load, and
// legible in a telephone and in the dark.
func (l Letter) HTML(lang string) (string, error) {
	var parts []part
	isSmall := false
	for _, bl := range l.blocks {
		if bl.form == small {
			isSmall = true
			continue
		}
		p := bl.part()
		p.Small = isSmall
		parts = append(parts, p)
	}
	var b strings.Builder
	err := layout.Execute(&b, struct {
		Lang, Subject string
		Parts         []part
	}{lang, l.Subject, parts})
	return b.String(), err
}

func (bl block) part() part {
	p := part{Form: string(bl.form)}
	switch bl.form {
	case table, button:
		for _, line := range bl.lines {
			c := append(cells(line), "", "")
			r := row{Label: c[0], Value: c[1]}
			if bl.form == button {
				r.Link = c[2]
			} else {
				r.Value = strings.Join(cells(line)[1:], " | ")
			}
			p.Rows = append(p.Rows, r)
		}
	case paragraph:
		p.Lines = append(p.Lines, bl.flow())
	default:
		for _, line := range bl.lines {
			p.Lines = append(p.Lines, strings.Split(reveal(line), "\n"))
		}
	}
	return p
}
