package letter

import (
	"strings"
	"unicode/utf8"
)

// width is that of the plain-text part, in characters: short enough to be quoted.
const width = 72

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
		title := reveal(bl.lines[0])
		b.WriteString(strings.ToUpper(title) + "\n")
	case list:
		for _, line := range bl.lines {
			wrap(b, reveal(line), "- ", "  ")
		}
	case table:
		bl.textTable(b)
	case quote:
		for _, line := range bl.lines {
			for _, l := range strings.Split(reveal(line), "\n") {
				wrap(b, l, "| ", "| ")
			}
		}
	case callout:
		for _, line := range bl.lines {
			wrap(b, reveal(line), "! ", "  ")
		}
	case spoken:
		for _, line := range bl.lines {
			b.WriteString("    " + oneLine(reveal(line)) + "\n")
		}
	case button:
		for _, line := range bl.lines {
			c := cells(line)
			what := ""
			if len(c) > 1 {
				what = " = " + c[1]
			}
			wrap(b, c[0]+what, "  ", "      ")
		}
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
	return strings.Split(reveal(run), "\n")
}

// textTable sets label and value side by side where the labels are short, with further
// lines of a value under its first.
func (bl block) textTable(b *strings.Builder) {
	rows := make([][]string, 0, len(bl.lines))
	wide := 0
	for _, line := range bl.lines {
		c := cells(line)
		rows = append(rows, c)
		wide = max(wide, utf8.RuneCountInString(c[0]))
	}
	wide = min(wide, 30)
	for _, c := range rows {
		label := c[0] + ":"
		pad := strings.Repeat(" ", max(0, wide+2-utf8.RuneCountInString(label)))
		value := strings.Split(strings.Join(c[1:], " | "), "\n")
		indent := strings.Repeat(" ", wide+2)
		wrap(b, value[0], label+pad, indent)
		for _, v := range value[1:] {
			wrap(b, v, indent, indent)
		}
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
