package reading

import (
	"bytes"
	"strings"
)

// block is one header block, the mail's or a part's, as far as it is one.
type block struct {
	fields  []Field
	tooLong bool
	broken  bool   // it held lines that are no header fields
	stray   []byte // such lines at its very end: text whose author forgot the blank line
}

// strayBytes is how much misplaced text at the end of a header is kept.
const strayBytes = 8 << 10

// readHeader reads up to the blank line that ends a header. Unlike a strict parser it
// gives up on nothing: one line without a colon must not hide a person's request.
// The pieces come from next, as [lines.next] returns them.
func readHeader(next func() ([]byte, bool), limit int, top bool) block {
	var b block
	var field []byte
	started, middle := false, false
	for {
		piece, ended := next()
		if len(piece) == 0 {
			break
		}
		whole := !middle
		middle = !ended
		if whole && len(chomp(piece)) == 0 {
			if top && !started {
				b.broken = true
				continue
			}
			break
		}
		if whole && !started && isEnvelopeLine(piece) {
			continue
		}
		started = true
		limit -= len(piece)
		if limit < 0 {
			b.tooLong = true
			continue
		}
		if whole && piece[0] != ' ' && piece[0] != '\t' {
			b.add(field)
			field = field[:0]
		}
		field = append(field, piece...)
	}
	b.add(field)
	return b
}

// isEnvelopeLine tells the "From " line of an mbox file, which is no header field.
func isEnvelopeLine(line []byte) bool {
	return bytes.HasPrefix(line, []byte("From ")) && !bytes.HasPrefix(bytes.TrimLeft(line[5:], " \t"), []byte(":")) ||
		bytes.HasPrefix(line, []byte(">From "))
}

// add takes one folded field, or notes that it is none.
func (b *block) add(raw []byte) {
	if len(raw) == 0 {
		return
	}
	colon := bytes.IndexByte(raw, ':')
	if colon < 0 || !isFieldName(bytes.TrimRight(raw[:colon], " \t\r\n")) {
		b.broken = true
		if b.continues(raw) {
			return
		}
		if len(b.stray)+len(raw) <= strayBytes {
			b.stray = append(b.stray, raw...)
		}
		return
	}
	b.stray = nil
	name := bytes.TrimRight(raw[:colon], " \t\r\n")
	value := unfold(raw[colon+1:])
	// A lone CR or a line of blanks ends a line or the header for some readers. Servers
	// fold their own long fields over blanks, so only what people write counts.
	b.broken = b.broken || strings.ContainsAny(strings.TrimSuffix(value, "\r"), "\r\x00") || isCommandField(name) && hasBlankFold(raw)
	b.fields = append(b.fields, Field{
		Name:    string(name),
		Value:   strings.Trim(value, " \t\r\n"),
		oddName: len(name) != colon,
	})
}

// continues takes a line that lost its indent: the field before it ends in a semicolon.
func (b *block) continues(raw []byte) bool {
	if len(b.fields) == 0 || len(b.stray) > 0 || !bytes.ContainsRune(raw, '=') {
		return false
	}
	last := &b.fields[len(b.fields)-1]
	if !strings.HasSuffix(last.Value, ";") {
		return false
	}
	last.Value += " " + strings.Trim(unfold(raw), " \t\r\n")
	return true
}

// isFieldName reports whether name is one by RFC 5322, 3.6.8.
func isFieldName(name []byte) bool {
	for _, c := range name {
		if c <= ' ' || c >= 0x7f {
			return false
		}
	}
	return len(name) > 0
}

// hasBlankFold tells a field that is folded over a line of nothing but blanks.
func hasBlankFold(raw []byte) bool {
	_, rest, folded := bytes.Cut(raw, []byte("\n"))
	for folded {
		var one []byte
		one, rest, folded = bytes.Cut(rest, []byte("\n"))
		if folded && len(bytes.TrimSpace(one)) == 0 {
			return true
		}
	}
	return false
}

// unfold joins the lines of a field. A CR that ends no line stays: it is a trick.
func unfold(raw []byte) string {
	value := strings.ReplaceAll(string(raw), "\r\n", "")
	return strings.ReplaceAll(value, "\n", "")
}

func first(fields []Field, name string) string {
	for i := range fields {
		if strings.EqualFold(fields[i].Name, name) {
			return fields[i].Value
		}
	}
	return ""
}

func has(fields []Field, name string) bool { return count(fields, name) > 0 }

func count(fields []Field, name string) (n int) {
	for i := range fields {
		if strings.EqualFold(fields[i].Name, name) {
			n++
		}
	}
	return n
}

func all(fields []Field, name string) (values []string) {
	for i := range fields {
		if strings.EqualFold(fields[i].Name, name) {
			values = append(values, fields[i].Value)
		}
	}
	return values
}
