package reading

import "strings"

// readText fills in what the mail's text says.
func (m *Mail) readText(b body) visible {
	lines := b.lines
	if b.flowed && !b.html {
		lines = unflow(lines)
	}
	v := readVisible(lines)
	m.Text = strings.Join(v.own, "\n")
	m.FirstLine, m.AfterFirst = strings.TrimFunc(v.first, isBlankOrInvisible), v.after
	m.Whole = wholeText(lines)
	m.Forwarded = strings.Join(v.forwarded, "\n")
	if list := parseAddresses(v.forwardedFrom, 1); len(list.boxes) > 0 {
		m.ForwardedFrom = list.boxes[0]
	} else {
		m.ForwardedFrom.Name = oneLine(v.forwardedFrom)
	}
	return v
}

// wholeText is all readable text, with quotes marked.
func wholeText(lines []line) string {
	var whole strings.Builder
	for _, l := range lines {
		if l.kind == lineQuoted {
			whole.WriteString("> ")
		}
		whole.WriteString(l.text)
		whole.WriteByte('\n')
	}
	return strings.Trim(whole.String(), "\n")
}
