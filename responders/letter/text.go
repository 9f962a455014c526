package letter

import (
	"strings"
	"unicode/utf8"
)

// width is that of the plain-text part, in characters: short enough to be quoted.
const width = 72

// widest is how far a table's labels may push its values to the right. Behind a longer
// label the value runs on.
const widest = 24

// Text is the plain-text part.
func (l Letter) Text() string {
	var b strings.Builder
	for i, bl := range l.blocks {
		if i > 0 {
			b.WriteString("\n")
		}
		bl.text(&b)
	}
	return b.String()
}

func (bl block) text(b *strings.Builder) {
	switch bl.form {
	case small:
		b.WriteString("----------\n")
	case heading:
		wrap(b, strings.ToUpper(reveal(bl.lines[0])), "", "")
	case list:
		for _, line := range bl.lines {
			wrap(b, reveal(line), "- ", "  ")
		}
	case table, gauge:
		bl.textTable(b)
	case quote:
		for _, line := range bl.lines {
			for _, l := range strings.Split(reveal(line), "\n") {
				wrap(b, l, "| ", "| ")
			}
		}
	case callout:
		for _, line := range bl.lines {
			wrap(b, reveal(line), "! ", "! ")
		}
	case spoken:
		for _, line := range bl.lines {
			b.WriteString("    " + oneLine(reveal(line)) + "\n")
		}
	case button:
		bl.textButtons(b)
	default:
		for _, line := range bl.flow() {
			wrap(b, line, "", "")
		}
	}
}

// flow is a paragraph as lines: those of the template run on, unless one ends with a
// backslash; those from outside stay as they are.
func (bl block) flow() []string {
	run := strings.ReplaceAll(strings.Join(bl.lines, " "), "\\ ", "\n")
	return strings.Split(reveal(strings.TrimSuffix(run, "\\")), "\n")
}

// textButtons sets each word on a line with a mark before it: a word alone on its line
// would count if an automatic reply sent it back.
func (bl block) textButtons(b *strings.Builder) {
	for _, line := range bl.lines {
		c := cells(line)
		wrap(b, cell(c, 0), press, "  ")
		if what := cell(c, 1); what != "" {
			wrap(b, what, "      ", "      ")
		}
	}
}

// press is the mark before a word to answer with, in both parts.
const press = "› "

// textTable sets label and value side by side where the labels are short, with further
// lines of a value under its first.
func (bl block) textTable(b *strings.Builder) {
	rows := make([][]string, 0, len(bl.lines))
	wide := 0
	for _, line := range bl.lines {
		c := cells(line)
		rows = append(rows, c)
		if n := utf8.RuneCountInString(cell(c, 0)); n <= widest {
			wide = max(wide, n)
		}
	}
	if wide == 0 {
		wide = 2 // no label is short: every value runs on behind its label
	}
	for _, c := range rows {
		textRow(b, cell(c, 0)+":", c[1:], wide+2, bl.form)
	}
}

// textRow writes a row whose value begins at the column. Where a value from outside goes
// on, a mark stands before it, so that none of its lines can be taken for ours.
func textRow(b *strings.Builder, label string, values []string, column int, f form) {
	if f == gauge && len(values) > 1 {
		values = values[:1]
	}
	indent := strings.Repeat(" ", column)
	rest := indent
	value := strings.Join(values, " | ")
	if fromOutside(value) {
		rest = indent + "| "
	}
	first := label + strings.Repeat(" ", max(1, column-utf8.RuneCountInString(label)))
	for _, line := range strings.Split(reveal(value), "\n") {
		wrap(b, line, first, rest)
		first = rest
	}
}

// wrap writes s in lines of at most width characters, breaking at spaces; a longer
// word, such as a link, stays whole.
func wrap(b *strings.Builder, s, first, rest string) {
	line, n := first, utf8.RuneCountInString(first)
	empty := true
	for _, word := range strings.Fields(s) {
		w := utf8.RuneCountInString(word)
		if !empty && n+1+w > width {
			b.WriteString(strings.TrimRight(line, " ") + "\n")
			line, n, empty = rest, utf8.RuneCountInString(rest), true
		}
		if !empty {
			line, n = line+" ", n+1
		}
		line, n, empty = line+word, n+w, false
	}
	b.WriteString(strings.TrimRight(line, " ") + "\n")
}
