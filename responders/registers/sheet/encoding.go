package sheet

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"dpobot/responders/registers"
)

// encoding is how a CSV file writes its characters.
type encoding struct {
	name string
	bom  int // length of the mark at the beginning
}

// sniffEncoding takes what is valid UTF-8 for UTF-8, and everything else for Windows-1252, which is what Excel writes here.
func sniffEncoding(data []byte, declared string) (encoding, error) {
	switch {
	case bytes.HasPrefix(data, []byte("\xef\xbb\xbf")):
		return encoding{"utf-8", 3}, nil
	case bytes.HasPrefix(data, []byte("\xff\xfe")), bytes.HasPrefix(data, []byte("\xfe\xff")):
		return encoding{}, fmt.Errorf("the file is in UTF-16; save it as CSV UTF-8: %w", registers.ErrPermanent)
	case declared != "":
		return encoding{strings.ToLower(declared), 0}, nil
	case utf8.Valid(data):
		return encoding{"utf-8", 0}, nil
	}
	return encoding{"windows-1252", 0}, nil
}

func (e encoding) decode(raw []byte) string {
	if e.name == "utf-8" {
		return string(raw)
	}
	var b strings.Builder
	for _, c := range raw {
		b.WriteRune(charmap.Windows1252.DecodeByte(c))
	}
	return b.String()
}

func (e encoding) encode(text string) ([]byte, bool) {
	if e.name == "utf-8" {
		return []byte(text), true
	}
	out := make([]byte, 0, len(text))
	for _, r := range text {
		c, ok := charmap.Windows1252.EncodeRune(r)
		if !ok {
			return nil, false
		}
		out = append(out, c)
	}
	return out, true
}

// sepLine reads Excel's own first line, "sep=;".
func sepLine(data []byte, pos int) (delimiter byte, next int, ok bool) {
	if len(data) < pos+5 || !bytes.EqualFold(data[pos:pos+4], []byte("sep=")) {
		return 0, 0, false
	}
	next = lineEnd(data, pos+5)
	return data[pos+4], next, next > pos+5
}

// sniffDelimiter counts the candidates in the first line, outside quotes.
func sniffDelimiter(data []byte) byte {
	count := map[byte]int{}
	quoted := false
	for _, c := range data {
		if c == '"' {
			quoted = !quoted
		}
		if c == '\n' && !quoted && count[0] > 0 {
			break
		}
		if !quoted {
			count[c]++
		}
		if c != '\n' && c != '\r' {
			count[0]++ // the line is not blank
		}
	}
	best := byte(',')
	for _, c := range []byte{';', '\t'} {
		if count[c] > count[best] {
			best = c
		}
	}
	return best
}
