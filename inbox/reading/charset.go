package reading

import (
	"encoding/base64"
	"encoding/binary"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/ianaindex"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
)

// decodeText turns bytes of a claimed charset into UTF-8 and never fails: the claim is
// often missing or wrong, and a letter lost is better than a request lost. What is
// unknown is UTF-8 when it is valid UTF-8, else Windows-1252.
func decodeText(raw []byte, label string) string {
	label = strings.ToLower(strings.Trim(label, " \t\r\n\"'<>;,"))
	switch label {
	case "utf-7", "utf7", "unicode-1-1-utf-7", "csutf7":
		return decodeUTF7(raw)
	case "utf-16", "utf16":
		return decodeWith(unicode.UTF16(unicode.BigEndian, unicode.UseBOM), raw)
	case "utf-32", "utf-32be":
		return decodeWith(utf32.UTF32(utf32.BigEndian, utf32.UseBOM), raw)
	case "utf-32le":
		return decodeWith(utf32.UTF32(utf32.LittleEndian, utf32.UseBOM), raw)
	case "", "us-ascii", "ascii", "ansi", "utf-8", "utf8", "unknown", "unknown-8bit", "x-unknown", "default", "x-user-defined":
		return guessText(raw)
	}
	if encoding := lookUpCharset(label); encoding != nil {
		return decodeWith(encoding, raw)
	}
	return guessText(raw)
}

// lookUpCharset knows the charsets of the WHATWG and, behind them, those of IANA.
func lookUpCharset(label string) encoding.Encoding {
	if encoding, name := charset.Lookup(label); encoding != nil && name != "replacement" {
		return encoding
	}
	for _, name := range []string{label, "cs" + label, strings.Replace(label, "cp", "ibm", 1), strings.Replace(label, "cp-", "cp", 1), strings.Replace(label, "iso", "iso-", 1)} {
		if encoding, err := ianaindex.MIME.Encoding(name); err == nil && encoding != nil {
			return encoding
		}
	}
	return nil
}

func decodeWith(encoding encoding.Encoding, raw []byte) string {
	text, err := encoding.NewDecoder().Bytes(raw)
	if err != nil {
		return guessText(raw)
	}
	return string(text)
}

// guessText reads raw as UTF-8 if most of what is not ASCII is UTF-8, else as Windows-1252.
func guessText(raw []byte) string {
	if utf8.Valid(raw) {
		return strings.TrimPrefix(string(raw), "\ufeff")
	}
	if bom := raw[:min(2, len(raw))]; string(bom) == "\xff\xfe" || string(bom) == "\xfe\xff" {
		return decodeWith(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), raw)
	}
	good, bad := 0, 0
	for rest := raw; len(rest) > 0; {
		r, size := utf8.DecodeRune(rest)
		switch {
		case r == utf8.RuneError && size == 1:
			bad++
		case size > 1:
			good++
		}
		rest = rest[size:]
	}
	if good > bad {
		return strings.ToValidUTF8(string(raw), "\ufffd")
	}
	return decodeWith(charmap.Windows1252, raw)
}

// plainLetters are read the same in every charset in which a command may be written.
const plainLetters = "VERIFIED Vahvistettu 0123456789,.@<>-"

// isSlippery tells the charsets in which plain letters can be written as something else,
// or something else as plain letters.
func isSlippery(label string) bool {
	label = strings.ToLower(strings.Trim(label, " \t\"'"))
	for _, shifting := range []string{"utf-7", "utf7", "unicode-1-1", "iso-2022", "csiso2022", "hz", "utf-16", "utf16", "utf-32", "ucs-", "unicodefffe"} {
		if strings.HasPrefix(label, shifting) || strings.HasPrefix(label, "x-"+shifting) {
			return true
		}
	}
	return decodeText([]byte(plainLetters), label) != plainLetters
}

// decodeUTF7 reads RFC 2152. Nothing decoded this way may be a command: it is here so
// that the officer sees what somebody wrote.
func decodeUTF7(raw []byte) string {
	var text strings.Builder
	for i := 0; i < len(raw); i++ {
		if raw[i] != '+' {
			text.WriteByte(raw[i] & 0x7f)
			continue
		}
		end := i + 1
		for end < len(raw) && isBase64(raw[end]) {
			end++
		}
		if end == i+1 {
			text.WriteByte('+')
		} else {
			text.WriteString(utf7Run(raw[i+1 : end]))
		}
		if end < len(raw) && raw[end] == '-' {
			end++
		}
		i = end - 1
	}
	return text.String()
}

func utf7Run(run []byte) string {
	decoded := make([]byte, base64.RawStdEncoding.DecodedLen(len(run)))
	n, _ := base64.RawStdEncoding.Decode(decoded, run) // what can be decoded
	units := make([]uint16, 0, n/2)
	for i := 0; i+1 < n; i += 2 {
		units = append(units, binary.BigEndian.Uint16(decoded[i:]))
	}
	return string(utf16.Decode(units))
}

func isBase64(c byte) bool {
	return c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '+' || c == '/'
}
