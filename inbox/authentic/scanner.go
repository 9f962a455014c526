package authentic

import (
	"errors"
	"strings"
	"unicode/utf8"
)

// Why a field cannot be read. None of them holds text of the mail, as a mail's author may have put it there.
var (
	errComment  = errors.New("a comment does not end")
	errQuote    = errors.New("a quoted word does not end")
	errControl  = errors.New("it holds control characters")
	errWord     = errors.New("a word is missing or is none")
	errTooLong  = errors.New("it is too long")
	errNoServer = errors.New("it does not say which server wrote it")
	errVersion  = errors.New("it is of a version that is not known")
	errTwice    = errors.New("it says one thing twice")
)

// mostResultBytes bounds one field; the longest seen from a real server has about 3,000.
const mostResultBytes = 32 << 10

// scanner reads the words of a structured field one by one: comments and quotes are found first, so what
// stands in them is never taken for anything else.
type scanner struct {
	s string
	i int
}

// newScanner refuses what no structured field can hold.
func newScanner(value string) (*scanner, error) {
	if len(value) > mostResultBytes {
		return nil, errTooLong
	}
	if !utf8.ValidString(value) {
		return nil, errControl
	}
	for _, r := range value {
		if r < ' ' && r != '\t' && r != '\r' && r != '\n' || r == 0x7f {
			return nil, errControl
		}
	}
	return &scanner{s: value}, nil
}

func (s *scanner) end() bool { return s.i >= len(s.s) }

// peek returns the next byte, 0 at the end.
func (s *scanner) peek() byte {
	if s.end() {
		return 0
	}
	return s.s[s.i]
}

// take skips the next byte if it is c.
func (s *scanner) take(c byte) bool {
	if s.end() || s.s[s.i] != c {
		return false
	}
	s.i++
	return true
}

// blanks skips folds, blanks and comments (CFWS: RFC 5322, 3.2.2). It tells whether there were any.
func (s *scanner) blanks() (bool, error) {
	start := s.i
	for !s.end() {
		switch s.peek() {
		case ' ', '\t', '\r', '\n':
			s.i++
		case '(':
			if err := s.comment(); err != nil {
				return false, err
			}
		default:
			return s.i > start, nil
		}
	}
	return s.i > start, nil
}

// comment skips one comment and all that are nested in it.
func (s *scanner) comment() error {
	for depth := 0; !s.end(); s.i++ {
		switch s.peek() {
		case '\\':
			s.i++
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				s.i++
				return nil
			}
		}
	}
	return errComment
}

// keyword reads letters, digits, hyphens and underscores, in lower case (RFC 5321, 4.1.2 "Keyword").
func (s *scanner) keyword() (string, error) {
	start := s.i
	for !s.end() && strings.IndexByte("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_", s.peek()) >= 0 {
		s.i++
	}
	if s.i == start {
		return "", errWord
	}
	return lower(s.s[start:s.i]), nil
}

// digits reads a number as it is written.
func (s *scanner) digits() (string, error) {
	start := s.i
	for !s.end() && '0' <= s.peek() && s.peek() <= '9' {
		s.i++
	}
	if s.i == start {
		return "", errWord
	}
	return s.s[start:s.i], nil
}

// value reads what follows an equals sign: quoted words and bare runs that touch each other, as in
// "a b"@example.org. A bare run may hold every visible character that does not begin something else, which
// is more than RFC 8601, 2.2 allows and what servers write ("header.b=a/b+c=").
func (s *scanner) value() (string, error) {
	var b strings.Builder
	start := s.i
	for !s.end() {
		switch c := s.peek(); c {
		case '"':
			word, err := s.quoted()
			if err != nil {
				return "", err
			}
			b.WriteString(word)
			continue
		case ' ', '\t', '\r', '\n', ';', '(':
		case '\\', ')':
			return "", errWord
		default:
			b.WriteByte(c)
			s.i++
			continue
		}
		break
	}
	if s.i == start {
		return "", errWord
	}
	return b.String(), nil
}

// quoted reads a quoted word and returns what it means (RFC 5322, 3.2.4): folds are gone.
func (s *scanner) quoted() (string, error) {
	var b strings.Builder
	for s.i++; !s.end(); s.i++ {
		switch c := s.peek(); c {
		case '"':
			s.i++
			return b.String(), nil
		case '\r', '\n':
		case '\\':
			if s.i++; s.end() {
				return "", errQuote
			}
			b.WriteByte(s.peek())
		default:
			b.WriteByte(c)
		}
	}
	return "", errQuote
}
