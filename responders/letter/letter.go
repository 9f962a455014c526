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
//	=> WORD | what it does | https://... or mailto:...     a button
//	--- the small print begins
//
// A markup of our own, since Markdown has no way to mark what came from outside.
package letter

import (
	"encoding/base64"
	"fmt"
	"strings"
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

// clean drops what a mail client could act on: control characters, and marks that turn
// the direction of the text around them.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case r < ' ' || r >= 0x7f && r < 0xa0:
			return -1
		case r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == 0x200e || r == 0x200f || r == 0xfeff:
			return -1
		case r == 0xe000 || r == 0xe001:
			return '\ufffd'
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
}

// Form of a block.
type form string

const (
	paragraph form = "paragraph"
	heading   form = "heading"
	list      form = "list"
	table     form = "table"
	quote     form = "quote"
	callout   form = "callout"
	spoken    form = "spoken"
	button    form = "button"
	small     form = "small" // no lines: what follows is small print
)

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
	{"=> ", button}, {"# ", heading}, {"- ", list}, {"| ", table}, {"> ", quote}, {"! ", callout}, {"* ", spoken},
}

// Parse reads what a template printed.
func Parse(s string) (Letter, error) {
	head, body, _ := strings.Cut(strings.TrimLeft(s, "\n \t"), "\n")
	subject, ok := strings.CutPrefix(head, "Subject: ")
	if !ok {
		return Letter{}, fmt.Errorf("the first line of a letter is \"Subject: ...\"")
	}
	l := Letter{Subject: oneLine(reveal(subject))}
	fresh := true // a blank line went before
	for _, line := range strings.Split(body, "\n") {
		line = strings.TrimRight(line, " \t\r")
		switch {
		case line == "":
			fresh = true
			continue
		case line == "---":
			l.blocks = append(l.blocks, block{form: small})
			fresh = true
			continue
		}
		form, text := formOf(line)
		if last := len(l.blocks) - 1; last >= 0 && l.blocks[last].form == form && (!fresh || form == table || form == button) {
			l.blocks[last].lines = append(l.blocks[last].lines, text)
		} else {
			l.blocks = append(l.blocks, block{form, []string{text}})
		}
		fresh = false
	}
	return l, nil
}

func formOf(line string) (form, string) {
	for _, m := range marks {
		if text, ok := strings.CutPrefix(line, m.mark); ok {
			return m.form, text
		}
	}
	return paragraph, line
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

// cells splits a table row or a button. A cell from outside may hold the separator.
func cells(line string) []string {
	parts := strings.Split(line, " | ")
	for i := range parts {
		parts[i] = strings.TrimSpace(reveal(strings.TrimSuffix(parts[i], " |")))
	}
	return parts
}
