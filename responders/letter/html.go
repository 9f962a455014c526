package letter

import (
	_ "embed"
	"html/template"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

//go:embed layout.html
var layoutSource string

var layout = template.Must(template.New("layout").Parse(layoutSource))

// part is a block for the layout; html/template escapes every word of it.
type part struct {
	Form  string
	Lines [][]string // lines of the block, each as the lines that it is broken into
	Rows  []row      // of a table, a gauge and buttons
	Small bool
	Wide  bool // of a table: on a telephone the labels stand above the values
}

// row is a table row or a button.
type row struct {
	Label string
	Value []string // its lines
	Link  string
	Full  int // of a gauge: percent
	Left  int
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
	case table, gauge, button:
		for _, line := range bl.lines {
			r := bl.row(cells(line))
			p.Wide = p.Wide || isWide(r.Label)
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

// isWide tells whether a label is too long to stand beside its value on a telephone,
// where a third of the line holds some twelve characters.
func isWide(label string) bool {
	return utf8.RuneCountInString(label) > widest ||
		slices.ContainsFunc(strings.Fields(label), func(word string) bool { return utf8.RuneCountInString(word) > widest/2 })
}

func (bl block) row(c []string) row {
	r := row{Label: cell(c, 0)}
	value := cell(c, 1)
	switch bl.form {
	case button:
		r.Label = press + r.Label
		r.Link = cell(c, 2)
	case gauge:
		percent, _ := strconv.Atoi(cell(c, 2)) // what is no number is an empty bar
		r.Full = min(max(percent, 0), 100)
		r.Left = 100 - r.Full
	default:
		value = strings.TrimSpace(reveal(strings.Join(c[1:], " | ")))
	}
	r.Value = strings.Split(value, "\n")
	return r
}
