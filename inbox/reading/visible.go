package reading

import "strings"

// visible is a text taken apart by whose words it holds.
type visible struct {
	own        []string // the sender's new words; lines starting with ">" are quotes between them
	first      string   // the first line, when it is the sender's own
	after      []string // the lines of own after first
	quoteAbove bool     // somebody else's words stand above the sender's
	forwarded  []string // a mail that is passed on
}

// readVisible finds the new words in a text.
func readVisible(lines []line) visible {
	var v visible
	for _, l := range lines {
		if l.kind != lineOwn || isQuoteLine(l.text) || isAttribution(l.text) {
			break
		}
		v.own = append(v.own, l.text)
	}
	v.own = trimBlank(v.own)
	if len(v.own) > 0 {
		v.first, v.after = v.own[0], v.own[1:]
	}
	return v
}

func isQuoteLine(text string) bool {
	return strings.HasPrefix(strings.TrimLeftFunc(text, isBlankOrInvisible), ">")
}

func isAttribution(text string) bool {
	return strings.HasSuffix(text, ":") && strings.Contains(text, "kirjoitti")
}

func trimBlank(lines []string) []string {
	blank := func(s string) bool { return strings.TrimFunc(s, isBlankOrInvisible) == "" }
	for len(lines) > 0 && blank(lines[0]) {
		lines = lines[1:]
	}
	for len(lines) > 0 && blank(lines[len(lines)-1]) {
		lines = lines[:len(lines)-1]
	}
	return lines
}

func (m *Mail) readText(b body) {
	v := readVisible(b.lines)
	m.Text = strings.Join(v.own, "\n")
	m.FirstLine, m.AfterFirst = strings.TrimFunc(v.first, isBlankOrInvisible), v.after
	m.Forwarded = strings.Join(v.forwarded, "\n")
	var whole strings.Builder
	for _, l := range b.lines {
		if l.kind == lineQuoted {
			whole.WriteString("> ")
		}
		whole.WriteString(l.text)
		whole.WriteByte('\n')
	}
	m.Whole = strings.Trim(whole.String(), "\n")
}
