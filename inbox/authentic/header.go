package authentic

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"
)

// Bounds of what is verified. A handler's reply is far below each of them; go-msgauth takes the square of the
// lines that a field is folded into.
const (
	mostHeaderBytes = 512 << 10
	mostLines       = 2000
)

var (
	errHeaderBroken = errors.New("a line of the header is no field")
	errHeaderLong   = errors.New("the header is too long")
	errHeaderCut    = errors.New("the mail ends within its header")
)

// onceOnly are the fields that stand at most once (RFC 5322, 3.6; RFC 2045, 3). DKIM signs the last
// of several and most readers take the first, so with two of them the signature proves nothing.
var onceOnly = []string{
	"from", "sender", "reply-to", "to", "subject", "date", "message-id", "in-reply-to", "references",
	"mime-version", "content-type", "content-transfer-encoding", "content-disposition",
}

// readHeader reads up to and including the empty line, within bounds. It is stricter than mail
// programs are: what two readers could take for different fields is an error.
func readHeader(r *bufio.Reader) ([]Field, error) {
	var fields []Field
	var lines []string // of the field that is being read
	left := mostHeaderBytes
	for range mostLines {
		line, err := readLine(r, left)
		if err != nil {
			return nil, err
		}
		left -= len(line)
		text := strings.TrimSuffix(strings.TrimSuffix(string(line), "\n"), "\r")
		if strings.ContainsAny(text, "\r\x00") {
			return nil, errHeaderBroken
		}
		if text != "" && (text[0] == ' ' || text[0] == '\t') {
			if lines == nil {
				return nil, errHeaderBroken
			}
			lines = append(lines, text)
			continue
		}
		if lines != nil {
			name, value, found := strings.Cut(strings.Join(lines, "\r\n"), ":")
			if !found || name == "" || strings.ContainsFunc(name, notInFieldName) {
				return nil, errHeaderBroken
			}
			fields = append(fields, Field{name, value})
		}
		if text == "" {
			return fields, nil
		}
		lines = []string{text}
	}
	return nil, errHeaderLong
}

// readLine returns the next line with its end, of at most so many bytes.
func readLine(r *bufio.Reader, most int) ([]byte, error) {
	var line []byte
	for {
		chunk, err := r.ReadSlice('\n')
		line = append(line, chunk...)
		switch {
		case len(line) > most:
			return nil, errHeaderLong
		case err == nil:
			return line, nil
		case errors.Is(err, io.EOF):
			return nil, errHeaderCut
		case !errors.Is(err, bufio.ErrBufferFull):
			return nil, err
		}
	}
}

// notInFieldName: RFC 5322, 2.2. The blanks that its section 4.5.2 allows before the colon are left out.
func notInFieldName(r rune) bool { return r <= ' ' || r > '~' }

// twice returns the first of the once-only fields that stands more than once, or "".
func twice(fields []Field) string {
	count := make(map[string]int, len(fields))
	for _, f := range fields {
		count[lower(f.Name)]++
	}
	for _, name := range onceOnly {
		if count[name] > 1 {
			return name
		}
	}
	return ""
}

// writeHeader writes the fields back as they were read, and the empty line.
func writeHeader(fields []Field) []byte {
	var b bytes.Buffer
	for _, f := range fields {
		b.WriteString(f.Name + ":" + f.Value + "\r\n")
	}
	b.WriteString("\r\n")
	return b.Bytes()
}
