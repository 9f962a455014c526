package sheet

import (
	"bytes"
	"slices"
	"testing"
)

// FuzzCSV reads whatever there may be in a file, and writes it back: unchanged byte by byte, without a row, and with another
// text in a field that must read as it was written.
func FuzzCSV(f *testing.F) {
	for _, s := range []string{"a;b\r\n1;\"x\"\"y\"\r\n", "a,b\n\"1\nx\",2", "\xef\xbb\xbfa\tb\n1\t2\n\n", "sep=;\na;b\n;;\n", "\xe4;b\n\xf6;\"\n", "a\r\n\"x\"y,\"\"\r\n"} {
		f.Add([]byte(s), "new \"text\"; of\ntwo lines", uint8(0), uint8(1))
	}
	f.Fuzz(func(t *testing.T, data []byte, text string, row, column uint8) {
		opened, err := openCSV(data, Source{})
		if err != nil {
			return
		}
		b := opened.(*csvBook)
		if out, err := b.bytes(); err != nil || !bytes.Equal(out, data) {
			t.Fatalf("unchanged: got %q, error %v, want %q", out, err, data)
		}
		n := len(b.starts) - 1
		if n == 0 {
			return
		}
		at := int(row) % n
		if b.refuses(at, 0, text) == "" && len(b.titles) > 0 {
			changed(t, b, at, int(column)%len(b.titles), text)
		}
		b.edits = map[int]map[int]string{}
		_ = b.remove([]int{at})
		out, _ := b.bytes()
		if want := slices.Concat(data[:b.starts[at]], data[b.starts[at+1]:]); !bytes.Equal(out, want) {
			t.Fatalf("without row %d: got %q, want %q", at, out, want)
		}
	})
}

func changed(t *testing.T, b *csvBook, row, column int, text string) {
	_ = b.set(row, column, text)
	out, _ := b.bytes()
	// The text may make the file another one to the eye, so its shape is told, and its mark of encoding kept.
	again := &csvBook{data: out, code: b.code, delimiter: b.delimiter}
	if err := again.index(b.top); err != nil {
		t.Fatalf("written: %v in %q", err, out)
	}
	if len(again.starts) != len(b.starts) && text != "" {
		t.Fatalf("got %d rows, want %d, in %q", len(again.starts)-1, len(b.starts)-1, out)
	}
	for at, cells := range again.rows() {
		if at == row && len(again.starts) == len(b.starts) && cell(cells, column).Raw != text {
			t.Fatalf("got %q, want %q, in %q", cell(cells, column).Raw, text, out)
		}
	}
}
