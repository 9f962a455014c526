// Package letter turns one template into the two parts of a mail, plain text and HTML,
// so that they always say the same. A template is text with a little markup, a line at
// a time; what came from outside is put in with type Outside, and is never markup, a
// template or HTML, whatever it holds.
//
//	Subject: the first line
//
//	# heading
//	A paragraph, up to a blank line.
//	- an item of a list
//	| label | value of a table
//	> quoted
//	! a line that must not be missed
//	* words to read out, in large letters
//	~ label | value | percent     likewise, with a bar so many percent full
//	=> WORD | what it does | mailto:...     a button; without a link, a word in bold
//	--- the small print begins
//
// A blank line ends a paragraph, a quote and a warning; lists, tables and buttons go on
// behind it. A line of a paragraph that ends with a backslash is broken there.
//
// A markup of our own, since Markdown has no way to mark what came from outside.
package letter

import (
	"encoding/base64"
	"fmt"
	"strings"
	"unicode"
)

// Outside is text from outside: a name, a mail, a value of a register. It prints as a
// token that Parse puts back untouched, so that no part of it counts as markup.
type Outside string

const open, shut = "\ue000", "\ue001"

// String is the token.
func (o Outside) String() string {
	if o == "" {
		return ""
	}
	return open + base64.RawURLEncoding.EncodeToString([]byte(o)) + shut
}

// reveal puts back what tokens stand for. Control characters are made visible or
// dropped, and line ends are kept as they are.
func reveal(s string) string {
	if !strings.Contains(s, open) {
		return s
	}
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(s, open)
		b.WriteString(before)
		if !found {
			return b.String()
		}
		token, after, _ := strings.Cut(rest, shut)
		raw, _ := base64.RawURLEncoding.DecodeString(token)
		b.WriteString(clean(string(raw)))
		s = after
	}
}

// lineEnds are the ways to end a line that are not "\n".
var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u0085", "\n", "\u2028", "\n", "\u2029", "\n", "\v", "\n", "\f", "\n")

// clean drops what a mail client could act on and a reader cannot see: control
// characters, marks that turn the direction of the text around them, and tags.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r < ' ' || r >= 0x7f && r < 0xa0, unicode.Is(unicode.Bidi_Control, r):
			return -1
		case r == 0xfeff || r >= 0xe0000 && r <= 0xe007f:
			return -1
		case strings.ContainsRune(open+shut, r):
			return '\ufffd'
		}
		return r
	}, lineEnds.Replace(strings.ToValidUTF8(s, "\ufffd")))
}

// Form of a block.
type form string

const (
	paragraph form = "paragraph"
	heading   form = "heading"
	list      form = "list"
	table     form = "table"
	gauge     form = "gauge" // a table with a bar in each row
	quote     form = "quote"
	callout   form = "callout"
	spoken    form = "spoken"
	button    form = "button"
	small     form = "small" // no lines: what follows is small print
)

// runsOn tells whether a block of the form goes on behind a blank line: a template
// leaves one where it has nothing to say.
func (f form) runsOn() bool {
	return f == list || f == table || f == gauge || f == button
}

// block is a run of lines of one form, tokens still in place.
type block struct {
	form  form
	lines []string
}

// Letter is a mail's subject and body.
type Letter struct {
	Subject string
	blocks  []block
}

// marks are the line beginnings, the longest first.
var marks = []struct {
	mark string
	form form
}{
	{"=> ", button}, {"# ", heading}, {"- ", list}, {"| ", table}, {"~ ", gauge}, {"> ", quote}, {"! ", callout}, {"* ", spoken},
}

// Parse reads what a template printed.
func Parse(s string) (Letter, error) {
	head, body, _ := strings.Cut(strings.TrimLeft(s, "\n \t"), "\n")
	subject, ok := strings.CutPrefix(head, "Subject: ")
	if !ok {
		return Letter{}, fmt.Errorf("the first line of a letter is \"Subject: ...\"")
	}
	l := Letter{Subject: oneLine(reveal(subject))}
	fresh, isSmall := true, false // fresh: a blank line went before
	for _, line := range strings.Split(body, "\n") {
		switch line = strings.TrimRight(line, " \t\r"); {
		case line == "":
			fresh = true
		case line != "---":
			l.add(line, fresh)
			fresh = false
		default:
			if !isSmall {
				l.blocks = append(l.blocks, block{form: small})
			}
			fresh, isSmall = true, true
		}
	}
	return l, nil
}

// add puts a line to the last block, or begins a new one.
func (l *Letter) add(line string, fresh bool) {
	form, text := formOf(line)
	last := len(l.blocks) - 1
	if last >= 0 && l.blocks[last].form == form && form != heading && (!fresh || form.runsOn()) {
		l.blocks[last].lines = append(l.blocks[last].lines, text)
		return
	}
	l.blocks = append(l.blocks, block{form, []string{text}})
}

func formOf(line string) (form, string) {
	for _, m := range marks {
		// A mark with nothing behind it is one too: what would stand there may be blank.
		if text, ok := strings.CutPrefix(line+" ", m.mark); ok {
			return m.form, strings.TrimSuffix(text, " ")
		}
	}
	return paragraph, line
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// cells splits a table row or a button before anything from outside is put back, so
// that a cell may hold the separator.
func cells(line string) []string {
	parts := strings.Split(strings.TrimSuffix(line, " |"), " | ")
	for i := range parts {
		parts[i] = strings.TrimSpace(parts[i])
	}
	return parts
}

// cell is the ith cell with what came from outside, or "".
func cell(cells []string, i int) string {
	if i >= len(cells) {
		return ""
	}
	return strings.TrimSpace(reveal(cells[i]))
}

// fromOutside tells whether a part of s came from outside.
func fromOutside(s string) bool { return strings.Contains(s, open) }
