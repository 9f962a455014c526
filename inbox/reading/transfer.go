package reading

import (
	"bytes"
	"encoding/base64"
)

// transfer undoes a Content-Transfer-Encoding piece by piece, so that a part of any size
// passes in constant memory. encoding/base64 and mime/quotedprintable stop at the first
// fault and lose the rest; what reaches a mailbox is often faulty.
type transfer interface {
	write(piece []byte, sink func([]byte))
	close(sink func([]byte))
}

// newTransfer returns the decoder and whether the encoding is a known one.
func newTransfer(encoding string) (transfer, bool) {
	switch encoding {
	case "base64", "base-64", "b":
		return &base64Transfer{}, true
	case "quoted-printable", "quotedprintable", "q":
		return &qpTransfer{}, true
	case "", "7bit", "8bit", "binary", "7-bit", "8-bit":
		return plainTransfer{}, true
	}
	return plainTransfer{}, false
}

type plainTransfer struct{}

func (plainTransfer) write(piece []byte, sink func([]byte)) { sink(piece) }
func (plainTransfer) close(func([]byte))                    {}

type base64Transfer struct {
	group  [4]byte
	n      int
	out    []byte
	padded bool // the line's data has ended; the next line may start anew
	begun  bool
	plain  bool // it is not base64 at all, whatever the header says
	odd    bool // there was something in it that other readers may take otherwise
}

func (t *base64Transfer) write(piece []byte, sink func([]byte)) {
	t.out = t.out[:0]
	if !t.begun {
		line := bytes.TrimSpace(piece)
		t.begun = len(line) > 0
		t.plain = isProse(line)
	}
	if t.plain {
		t.odd = true
		sink(piece)
		return
	}
	if t.n == 0 && t.fast(chomp(piece)) {
		sink(t.out)
		return
	}
	for _, c := range piece {
		switch {
		case c == '=':
			t.flush()
			t.padded = true
			continue
		case c == '\n':
			t.padded = false
			continue
		case t.padded || !isBase64(c):
			t.odd = t.odd || c > ' '
			continue
		}
		t.group[t.n] = c
		t.n++
		if t.n == 4 {
			t.flush()
		}
	}
	sink(t.out)
}

// isProse tells a line of words, which some programs send under the name of base64.
func isProse(line []byte) bool {
	blanks := bytes.Count(line, []byte(" "))
	return blanks >= 3 && len(line) > 10 && len(line)/blanks < 20
}

// fast decodes a line that is nothing but whole groups, as nearly all are.
func (t *base64Transfer) fast(line []byte) bool {
	if len(line)%4 != 0 {
		return false
	}
	need := base64.RawStdEncoding.DecodedLen(len(line))
	if cap(t.out) < need {
		t.out = make([]byte, 0, 2*need)
	}
	n, err := base64.RawStdEncoding.Decode(t.out[:need], line)
	if err != nil {
		return false
	}
	t.out = t.out[:n]
	return true
}

func (t *base64Transfer) flush() {
	var decoded [3]byte
	if t.n > 1 {
		n, _ := base64.RawStdEncoding.Decode(decoded[:], t.group[:t.n]) // only letters of the alphabet are in it
		t.out = append(t.out, decoded[:n]...)
	}
	t.n = 0
}

func (t *base64Transfer) close(sink func([]byte)) {
	t.out = t.out[:0]
	t.flush()
	sink(t.out)
}

type qpTransfer struct {
	held []byte // what cannot be decoded before more is there
	out  []byte
}

func (t *qpTransfer) write(piece []byte, sink func([]byte)) {
	data := piece
	if len(t.held) > 0 {
		data = append(t.held, piece...)
		t.held = nil
	}
	t.out = t.out[:0]
	for len(data) > 0 {
		equals := bytes.IndexByte(data, '=')
		if equals < 0 {
			t.out = append(t.out, data...)
			break
		}
		t.out = append(t.out, data[:equals]...)
		data = data[equals:]
		used := t.escape(data)
		if used == 0 {
			t.held = bytes.Clone(data)
			break
		}
		data = data[used:]
	}
	sink(t.out)
}

// escape decodes what starts with "=" and says how many bytes it took; 0 asks for more.
func (t *qpTransfer) escape(data []byte) int {
	if len(data) < 3 && !bytes.HasSuffix(data, []byte("\n")) {
		return 0
	}
	if len(data) >= 3 {
		if value, ok := hexByte(data[1], data[2]); ok {
			t.out = append(t.out, value)
			return 3
		}
	}
	end := 1
	for end < len(data) && (data[end] == ' ' || data[end] == '\t' || data[end] == '\r') {
		end++
	}
	if end < len(data) && data[end] == '\n' {
		return end + 1 // a soft line break
	}
	t.out = append(t.out, '=')
	return 1
}

func (t *qpTransfer) close(sink func([]byte)) {
	if rest := bytes.TrimRight(t.held, "=\r\n"); len(rest) > 0 {
		sink(t.held)
	}
	t.held = nil
}
