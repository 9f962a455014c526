package reading

import (
	"encoding/base64"
	"strings"
	"unicode"
)

// decodeWords decodes the encoded words of RFC 2047 in a raw header value, and raw
// 8-bit letters beside them. mime.WordDecoder stops at what mailers really send: a
// letter cut in two by the end of a word, blanks within a word, padding left out,
// charsets it does not know.
func decodeWords(raw string) string {
	if !strings.Contains(raw, "=?") {
		return oneLine(guessText([]byte(raw)))
	}
	var text strings.Builder
	var pending word // words of one charset in a row are decoded together: a letter may be cut in two
	flush := func() {
		text.WriteString(decodeText(pending.bytes, pending.charset))
		pending = word{}
	}
	for raw != "" {
		start := strings.Index(raw, "=?")
		if start < 0 {
			break
		}
		w, length := parseWord(raw[start:])
		if length == 0 {
			flush()
			text.WriteString(guessText([]byte(raw[:start+2])))
			raw = raw[start+2:]
			continue
		}
		between := raw[:start]
		if strings.Trim(between, " \t") != "" || pending.charset == "" {
			flush()
			text.WriteString(guessText([]byte(between)))
		}
		if !strings.EqualFold(pending.charset, w.charset) {
			flush()
		}
		pending.charset = w.charset
		pending.bytes = append(pending.bytes, w.bytes...)
		raw = raw[start+length:]
	}
	flush()
	text.WriteString(guessText([]byte(raw)))
	return oneLine(text.String())
}

type word struct {
	charset string
	bytes   []byte
}

// parseWord reads one encoded word at the start of raw and says how long it is; 0 is none.
func parseWord(raw string) (word, int) {
	name, rest, ok := strings.Cut(raw[2:], "?")
	if !ok || len(name) == 0 || len(name) > 60 || strings.ContainsAny(name, " \t=<>") {
		return word{}, 0
	}
	method, rest, ok := strings.Cut(rest, "?")
	if !ok {
		return word{}, 0
	}
	end, closing := strings.Index(rest, "?="), len("?=")
	if end < 0 { // cut off
		end, closing = strings.IndexAny(rest+" ", " \t<,"), 0
	}
	name, _, _ = strings.Cut(name, "*") // RFC 2231, 5: a language may follow
	w := word{charset: strings.ToLower(name)}
	switch method {
	case "b", "B":
		w.bytes = decodeBase64([]byte(rest[:end]))
	case "q", "Q":
		w.bytes = decodeQ(rest[:end])
	default:
		return word{}, 0
	}
	return w, len(raw) - len(rest) + end + closing
}

func decodeQ(s string) []byte { return unhex(strings.ReplaceAll(s, "_", " "), '=') }

// decodeBase64 decodes what it can and skips the rest.
func decodeBase64(src []byte) []byte {
	clean := make([]byte, 0, len(src))
	for _, c := range src {
		if isBase64(c) {
			clean = append(clean, c)
		}
	}
	if len(clean)%4 == 1 {
		clean = clean[:len(clean)-1]
	}
	out := make([]byte, base64.RawStdEncoding.DecodedLen(len(clean)))
	n, _ := base64.RawStdEncoding.Decode(out, clean)
	return out[:n]
}

func hexByte(hi, lo byte) (byte, bool) {
	h, ok1 := hexDigit(hi)
	l, ok2 := hexDigit(lo)
	return h<<4 | l, ok1 && ok2
}

func hexDigit(c byte) (byte, bool) {
	switch {
	case c >= '0' && c <= '9':
		return c - '0', true
	case c >= 'A' && c <= 'F':
		return c - 'A' + 10, true
	case c >= 'a' && c <= 'f':
		return c - 'a' + 10, true
	}
	return 0, false
}

// oneLine makes text safe to stand in one line: no line ends, no control or
// bidirectional characters, blanks in a row become one.
func oneLine(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\r' || r == '\t':
			return ' '
		case unicode.IsControl(r) || isBidi(r):
			return -1
		}
		return r
	}, text)
	return strings.TrimSpace(collapse(text))
}

// collapse makes one blank of several in a row: a hundred of them push out of view what
// stands behind them.
func collapse(text string) string {
	for strings.Contains(text, "  ") {
		text = strings.ReplaceAll(text, "  ", " ")
	}
	return text
}

// isBidi reports the characters that change the direction of what follows (UAX 9).
func isBidi(r rune) bool {
	return r == '\u061c' || r == '\u200e' || r == '\u200f' || r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069'
}
