package reading

import (
	"path"
	"strconv"
	"strings"
)

// media is what a part says it is.
type media struct {
	kind        string            // "text/plain", lower case; text/plain when nothing readable is said (RFC 2045, 5.2)
	params      map[string]string // names in lower case, values decoded
	disposition string            // "attachment", "inline" or ""
	name        string            // file name, safe; "" when it has none
	encoding    string            // transfer encoding, lower case
	ambiguous   bool              // a parameter that decides what is read stands there twice
}

func (m media) is(prefix string) bool { return strings.HasPrefix(m.kind, prefix) }

// mediaOf reads Content-Type, -Disposition and -Transfer-Encoding. mime.ParseMediaType
// refuses a whole value for one odd parameter (a name with blanks, a doubled one, a
// missing quote) and knows RFC 2231 in UTF-8 only; mails have all of that.
func mediaOf(fields []Field, fallback string) media {
	m := media{kind: fallback, params: map[string]string{}}
	if value := first(fields, "Content-Type"); value != "" {
		kind, params, twice := parseParams(value)
		m.ambiguous = twice
		if top, sub, ok := strings.Cut(kind, "/"); ok && top != "" && sub != "" && !strings.ContainsAny(kind, " \t") {
			m.kind, m.params = kind, params
		} else if kind == "text" {
			m.params = params
		}
	}
	disposition, params, _ := parseParams(first(fields, "Content-Disposition"))
	m.disposition = disposition
	m.name = safeName(params["filename"])
	if m.name == "" {
		m.name = safeName(m.params["name"])
	}
	encoding := strings.ToLower(first(fields, "Content-Transfer-Encoding"))
	encoding, _, _ = strings.Cut(encoding, ";")
	encoding, _, _ = strings.Cut(encoding, "(")
	m.encoding = strings.Trim(encoding, " \t\"'.")
	return m
}

// parseParams splits `value; name=value; ...` as leniently as mailers write it.
func parseParams(raw string) (value string, params map[string]string, twice bool) {
	pieces := splitParams(raw)
	params = map[string]string{}
	if len(pieces) == 0 {
		return "", params, false
	}
	value = strings.ToLower(strings.TrimSpace(pieces[0]))
	if i := strings.IndexAny(value, " \t"); i > 0 && !strings.Contains(value[:i], "=") {
		value = value[:i]
	}
	continued := map[string]*extended{}
	for _, piece := range pieces[1:] {
		name, text, ok := strings.Cut(piece, "=")
		name = strings.ToLower(strings.TrimSpace(name))
		if !ok || name == "" {
			continue
		}
		text = strings.TrimSpace(text)
		if base, rest, ok := strings.Cut(name, "*"); ok {
			if continued[base] == nil {
				continued[base] = &extended{sections: map[int]string{}, encoded: map[int]bool{}}
			}
			continued[base].add(rest, unquote(text))
			continue
		}
		text = decodeWords(unquote(text))
		if old, there := params[name]; there {
			twice = twice || old != text
			continue
		}
		params[name] = text
	}
	for name, e := range continued {
		params[name] = e.decode()
	}
	return value, params, twice
}

// splitParams splits at semicolons outside quotes and leaves comments out.
func splitParams(raw string) (pieces []string) {
	var piece strings.Builder
	quoted, depth := false, 0
	for i := 0; i < len(raw); i++ {
		c := raw[i]
		switch {
		case c == '\\' && quoted && i+1 < len(raw):
			piece.WriteByte(c)
			i++
			piece.WriteByte(raw[i])
			continue
		case c == '"' && depth == 0:
			quoted = !quoted
		case quoted:
		case c == '(' && (depth > 0 || strings.IndexByte(raw[i:], ')') > 0 && !strings.Contains(piece.String(), "=")):
			depth++
			continue
		case c == ')' && depth > 0:
			depth--
			continue
		case c == ';' && depth == 0:
			pieces = append(pieces, piece.String())
			piece.Reset()
			continue
		}
		if depth == 0 {
			piece.WriteByte(c)
		}
	}
	return append(pieces, piece.String())
}

// unquote takes a quoted string apart; a missing closing quote is forgiven.
func unquote(text string) string {
	if !strings.HasPrefix(text, `"`) {
		return strings.Trim(text, "'")
	}
	var out strings.Builder
	for i := 1; i < len(text) && text[i] != '"'; i++ {
		if text[i] == '\\' && i+1 < len(text) && (text[i+1] == '"' || text[i+1] == '\\') {
			i++
		}
		out.WriteByte(text[i])
	}
	return out.String()
}

// extended is a parameter in sections or with a charset (RFC 2231).
type extended struct {
	sections map[int]string
	encoded  map[int]bool
}

const maxSections = 64

func (e *extended) add(mark, text string) {
	encoded := strings.HasSuffix(mark, "*") || mark == ""
	number, err := strconv.Atoi(strings.TrimSuffix(mark, "*"))
	if err != nil {
		number = 0
	}
	if number < 0 || number >= maxSections {
		return
	}
	e.sections[number], e.encoded[number] = text, encoded
}

func (e *extended) decode() string {
	charset := ""
	var raw []byte
	for i := 0; i < maxSections; i++ {
		text, ok := e.sections[i]
		if !ok {
			break
		}
		if i == 0 && e.encoded[0] {
			if parts := strings.SplitN(text, "'", 3); len(parts) == 3 {
				charset, text = parts[0], parts[2]
			}
		}
		if e.encoded[i] {
			raw = append(raw, percent(text)...)
		} else {
			raw = append(raw, text...)
		}
	}
	return oneLine(decodeText(raw, charset))
}

func percent(s string) []byte { return unhex(s, '%') }

// unhex puts back the bytes that stand as a mark and two hexadecimal digits.
func unhex(s string, mark byte) []byte {
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] == mark && i+2 < len(s) {
			if value, ok := hexByte(s[i+1], s[i+2]); ok {
				out = append(out, value)
				i += 2
				continue
			}
		}
		out = append(out, s[i])
	}
	return out
}

const maxNameLength = 150

// safeName makes a file name that can be shown and stored: its last path element,
// without characters that a shell, a file system or an eye could take for something else.
func safeName(name string) string {
	name = oneLine(name)
	name = strings.TrimPrefix(path.Base(strings.ReplaceAll("/"+name, `\`, "/")), "/")
	name = strings.Map(func(r rune) rune {
		if strings.ContainsRune(`<>:"|?*/`, r) || isInvisible(r) {
			return '_'
		}
		return r
	}, name)
	name = strings.Trim(name, " .")
	if runes := []rune(name); len(runes) > maxNameLength {
		name = string(runes[:maxNameLength/2]) + "…" + string(runes[len(runes)-maxNameLength/2:])
	}
	return name
}

// isInvisible reports characters that take no room on a screen, blanks aside.
func isInvisible(r rune) bool {
	switch {
	case isBidi(r), r == '\u00ad', r == '\u034f', r == '\u180e', r == '\ufeff', r == '\u115f', r == '\u1160', r == '\u3164', r == '\uffa0':
		return true
	case r >= '\u200b' && r <= '\u200d', r >= '\u2060' && r <= '\u206f', r >= '\ufff9' && r <= '\ufffb':
		return true
	case r >= 0xe0000 && r <= 0xe0fff, r >= '\ufe00' && r <= '\ufe0f':
		return true
	}
	return false
}
