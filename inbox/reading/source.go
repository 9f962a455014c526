package reading

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"errors"
	"hash"
	"io"
)

// source is the mail as a stream: it counts every byte, hashes those of the body, hides
// what lies beyond the size limit, and remembers whether the reader itself failed.
type source struct {
	r       io.Reader
	left    int64 // bytes that may still be looked at
	size    int64
	cut     bool // the mail went on beyond the limit
	failure error
}

func (s *source) Read(p []byte) (int, error) {
	if s.failure != nil {
		return 0, io.EOF
	}
	if s.left <= 0 {
		return 0, io.EOF
	}
	if int64(len(p)) > s.left {
		p = p[:s.left]
	}
	n, err := s.r.Read(p)
	s.left -= int64(n)
	s.size += int64(n)
	if err != nil && !errors.Is(err, io.EOF) {
		s.failure = err
		err = io.EOF
	}
	return n, err
}

// drain reads what lies beyond the limit into w, so that size and digest cover the whole mail.
func (s *source) drain(w io.Writer) {
	if s.failure != nil {
		return
	}
	n, err := io.Copy(w, s.r)
	s.size += n
	s.cut = s.cut || n > 0
	s.failure = err
}

// digester hashes what makes a mail itself, wherever and however often it was delivered:
// the fields that its author wrote and the raw body, but no trace field (Received,
// Return-Path, Authentication-Results), which differ from delivery to delivery.
type digester struct{ hash.Hash }

func newDigester(fields []Field) digester {
	d := digester{sha256.New()}
	for _, name := range []string{"From", "To", "Subject", "Date", "Message-ID"} {
		for _, value := range all(fields, name) {
			io.WriteString(d, name+":"+value+"\n")
		}
	}
	io.WriteString(d, "\n")
	return d
}

func (d digester) sum() (digest [32]byte) {
	copy(digest[:], d.Sum(nil))
	return digest
}

// lines hands out a stream line by line in bounded memory: a line longer than the
// buffer comes in pieces.
type lines struct {
	r *bufio.Reader
}

const lineBuffer = 16 << 10

// newLines also takes the line ends of old Macintosh files: where the first stretch of a
// mail has carriage returns and not one line feed, they are its line ends.
func newLines(r io.Reader) (l *lines, odd bool) {
	buffered := bufio.NewReaderSize(r, lineBuffer)
	start, _ := buffered.Peek(lineBuffer / 4) // what there is; errors come back with the next read
	if bytes.IndexByte(start, '\r') < 0 || bytes.IndexByte(start, '\n') >= 0 {
		return &lines{buffered}, false
	}
	return &lines{bufio.NewReaderSize(returns{buffered}, lineBuffer)}, true
}

// returns reads carriage returns as line feeds.
type returns struct{ io.Reader }

func (r returns) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	for i := range p[:n] {
		if p[i] == '\r' {
			p[i] = '\n'
		}
	}
	return n, err
}

// next returns the next piece with its line end, and whether the line ends with it.
// The bytes are valid until the next call. An empty piece is the end of the stream.
func (l *lines) next() (piece []byte, ended bool) {
	piece, err := l.r.ReadSlice('\n')
	return piece, err == nil
}

func chomp(line []byte) []byte {
	line = bytes.TrimSuffix(line, []byte("\n"))
	return bytes.TrimSuffix(line, []byte("\r"))
}
