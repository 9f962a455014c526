package sheet

import (
	"bytes"
	"fmt"
	"iter"
	"slices"
	"strings"

	"dpobot/responders/registers"
)

// csvBook is a CSV file. encoding/csv is not used, since it forgets what the bytes of a row were: quotes, line ends, and whether a
// field had any. Rows that are not touched are copied as they stand.
type csvBook struct {
	data      []byte
	code      encoding
	delimiter byte
	titles    []string
	top       int   // where the rows begin, titles first
	starts    []int // where each row begins, and the end of the file
	edits     map[int]map[int]string
	gone      map[int]bool
}

// field is a span of bytes, without the quotes around it.
type field struct {
	start, end int
	quoted     bool
}

func openCSV(data []byte, src Source) (book, error) {
	code, err := sniffEncoding(data, src.Encoding)
	if err != nil {
		return nil, err
	}
	b := &csvBook{data: data, code: code, edits: map[int]map[int]string{}, gone: map[int]bool{}}
	pos := code.bom
	if d, next, ok := sepLine(data, pos); ok {
		b.delimiter, pos = d, next
	} else {
		b.delimiter = sniffDelimiter(data[pos:])
	}
	if src.Delimiter != "" {
		b.delimiter = src.Delimiter[0]
	}
	b.top = pos
	return b, b.index(pos)
}

// index finds the header and where each row begins; blank lines belong to the row before them.
func (b *csvBook) index(pos int) error {
	line := 0
	for pos < len(b.data) {
		fields, next, closed := b.split(pos)
		if line++; !closed {
			return fmt.Errorf("row %d opens a quote and never closes it: %w", line, registers.ErrPermanent)
		}
		blank := len(fields) == 1 && !fields[0].quoted && fields[0].start == fields[0].end
		switch {
		case blank:
		case b.titles == nil:
			for _, f := range fields {
				b.titles = append(b.titles, b.text(f))
			}
		default:
			b.starts = append(b.starts, pos)
		}
		pos = next
	}
	if b.titles == nil {
		return fmt.Errorf("the file is empty: %w", registers.ErrPermanent)
	}
	b.starts = append(b.starts, len(b.data))
	return nil
}

// split reads one row from pos: its fields and where the next row begins.
func (b *csvBook) split(pos int) (fields []field, next int, closed bool) {
	for {
		f, end, ok := b.field(pos)
		fields = append(fields, f)
		switch {
		case !ok:
			return fields, len(b.data), false
		case end < len(b.data) && b.data[end] == b.delimiter:
			pos = end + 1
		default:
			return fields, lineEnd(b.data, end), true
		}
	}
}

// field reads one field from pos; end is at the delimiter, the line end, or the end of the file.
func (b *csvBook) field(pos int) (f field, end int, closed bool) {
	if pos < len(b.data) && b.data[pos] == '"' {
		f = field{start: pos + 1, quoted: true}
		end = pos + 1
		for {
			i := bytes.IndexByte(b.data[end:], '"')
			if i < 0 {
				return f, len(b.data), false
			}
			end += i + 1
			if end >= len(b.data) || b.data[end] != '"' {
				break
			}
			end++
		}
		f.end = end - 1
		if end == len(b.data) || b.data[end] == b.delimiter || b.data[end] == '\n' || b.data[end] == '\r' {
			return f, end, true
		}
		// Text after the closing quote: the quotes are part of the text.
		f = field{start: pos}
	} else {
		f, end = field{start: pos}, pos
	}
	for end < len(b.data) && b.data[end] != b.delimiter && b.data[end] != '\n' && (b.data[end] != '\r' || end+1 < len(b.data) && b.data[end+1] != '\n') {
		end++
	}
	f.end = end
	return f, end, true
}

func lineEnd(data []byte, at int) int {
	if at < len(data) && data[at] == '\r' {
		at++
	}
	if at < len(data) && data[at] == '\n' {
		at++
	}
	return at
}

func (b *csvBook) text(f field) string {
	raw := b.code.decode(b.data[f.start:f.end])
	if f.quoted {
		raw = strings.ReplaceAll(raw, `""`, `"`)
	}
	return raw
}

func (b *csvBook) header() []string { return b.titles }

func (b *csvBook) rows() iter.Seq2[int, []registers.Value] {
	return func(yield func(int, []registers.Value) bool) {
		for row := range len(b.starts) - 1 {
			fields, _, _ := b.split(b.starts[row])
			cells := make([]registers.Value, len(fields))
			for i, f := range fields {
				cells[i].Raw = b.text(f)
			}
			if !yield(row, cells) {
				return
			}
		}
	}
}

func (b *csvBook) refuses(_, _ int, text string) string {
	if _, ok := b.code.encode(text); !ok {
		return "the file's encoding, " + b.code.name + ", lacks a character of the new value"
	}
	return formula(text)
}

// formula stops what a spreadsheet program would take for a formula when somebody opens the file (CWE-1236). A telephone number
// may begin with a plus.
func formula(text string) string {
	const why = "a spreadsheet program would run the new value as a formula"
	if text == "" {
		return ""
	}
	switch text[0] {
	case '=', '@', '\t', '\r':
		return why
	case '+', '-':
		if strings.Trim(text[1:], "0123456789 .,()/-") != "" {
			return why
		}
	}
	return ""
}

func (b *csvBook) set(row, column int, text string) error {
	if b.edits[row] == nil {
		b.edits[row] = map[int]string{}
	}
	b.edits[row][column] = text
	return nil
}

func (b *csvBook) remove(rows []int) error {
	for _, row := range rows {
		b.gone[row] = true
	}
	return nil
}

// bytes writes the file anew.
func (b *csvBook) bytes() ([]byte, error) {
	out := make([]byte, 0, len(b.data)+256)
	out = append(out, b.data[:b.starts[0]]...)
	for row := range len(b.starts) - 1 {
		switch {
		case b.gone[row]:
		case b.edits[row] != nil:
			out = b.rewrite(out, row)
		default:
			out = append(out, b.data[b.starts[row]:b.starts[row+1]]...)
		}
	}
	return out, nil
}

// rewrite copies a row with other text in some fields.
func (b *csvBook) rewrite(out []byte, row int) []byte {
	fields, _, _ := b.split(b.starts[row])
	edits := b.edits[row]
	done := b.starts[row]
	for i, f := range fields {
		text, ok := edits[i]
		if !ok {
			continue
		}
		from, to := f.start, f.end
		if f.quoted {
			from, to = from-1, to+1
		}
		out = append(out, b.data[done:from]...)
		out = append(out, b.quote(text, f.quoted)...)
		done = to
	}
	end := fields[len(fields)-1].end
	if fields[len(fields)-1].quoted {
		end++
	}
	out = append(out, b.data[done:max(done, end)]...)
	for i := len(fields); i < len(b.titles) && i <= last(edits); i++ {
		out = append(append(out, b.delimiter), b.quote(edits[i], false)...)
	}
	return append(out, b.data[end:b.starts[row+1]]...)
}

func last(edits map[int]string) int {
	n := -1
	for i := range edits {
		n = max(n, i)
	}
	return n
}

func (b *csvBook) quote(text string, quoted bool) []byte {
	raw, _ := b.code.encode(text)
	if quoted || strings.ContainsAny(text, string(b.delimiter)+"\"\r\n") || strings.TrimSpace(text) != text {
		raw = slices.Concat([]byte(`"`), bytes.ReplaceAll(raw, []byte(`"`), []byte(`""`)), []byte(`"`))
	}
	return raw
}

func (b *csvBook) shown(map[int][]registers.Value) error { return nil }
func (b *csvBook) trouble() error                        { return nil }
func (b *csvBook) close()                                {}

// faults names titles that stand twice.
func (b *csvBook) faults() []registers.Finding { return twice(b.titles) }

func twice(titles []string) []registers.Finding {
	var out []registers.Finding
	for i, t := range titles {
		if strings.TrimSpace(t) != "" && slices.ContainsFunc(titles[:i], func(o string) bool { return sameTitle(o, t) }) {
			out = append(out, registers.Finding{What: fmt.Sprintf("two columns are titled %q", strings.TrimSpace(t)), Mend: "give each column a title of its own"})
		}
	}
	return out
}
