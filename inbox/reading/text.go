package reading

import "strings"

// readText fills in what the mail's text says.
func (m *Mail) readText(b body, lim Limits) visible {
	lines := b.lines
	if b.flowed && !b.html {
		lines = unflow(lines)
	}
	v := readVisible(lines)
	if len(v.forwarded) == 0 && m.passesOn(v) {
		v.forwarded, v.forwardedFrom = readForwarded(v.embedded)
	}
	if len(v.own) == 0 {
		v.own = v.forwarded // all that there is to say
	}
	m.Text = strings.Join(v.own, "\n")
	m.FirstLine, m.AfterFirst = strings.TrimFunc(v.first, isBlankOrInvisible), v.after
	m.Whole = wholeText(lines)
	if b.forwarded != nil && len(v.forwarded) == 0 {
		m.Forwarded, m.ForwardedFrom = readAttached(b.forwarded, lim)
		return v
	}
	m.Forwarded = strings.Join(v.forwarded, "\n")
	if list := parseAddresses(v.forwardedFrom, 1); len(list.boxes) > 0 {
		m.ForwardedFrom = list.boxes[0]
	} else {
		m.ForwardedFrom.Name = oneLine(v.forwardedFrom)
	}
	return v
}

// passesOn tells whether a mail below the sender's words is passed on rather than
// answered: Outlook quotes and forwards in one form, contact forms send no other.
func (m *Mail) passesOn(v visible) bool {
	subject := strings.ToLower(m.Subject)
	if isForwardPrefix(subject) || strings.HasPrefix(subject, "vs:") && isFromFra(v.embedded) {
		return true
	}
	return len(v.own) == 0 && !isReplyPrefix(subject) && len(m.InReplyTo)+len(m.References) == 0
}

// isFromFra tells the header block of a Norwegian or Danish Outlook. Its "VS:" stands above
// what it passes on; that of a Finnish one above what it answers.
func isFromFra(block []line) bool {
	for _, l := range block[:min(len(block), blockLines)] {
		if label, _, ok := strings.Cut(unquoteLine(l.text), ":"); ok && headerRole(label) == fromHeader {
			return strings.EqualFold(strings.Trim(label, " *"), "fra")
		}
	}
	return false
}

// readAttached reads a mail that hangs on to this one as a whole.
func readAttached(e *entity, lim Limits) (text string, from Mailbox) {
	inner := readBody(e, lim)
	v := readVisible(inner.lines)
	from, _ = sender(e.fields, lim.Addresses)
	if len(v.own) == 0 {
		return wholeText(inner.lines), from
	}
	return strings.Join(v.own, "\n"), from
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

// Trim finds the sender's own words in the plain text of a mail, and the text of a mail
// that they pass on, as Read does for a whole mail.
func Trim(text string, lim Limits) (own, forwarded string) {
	v := readVisible(plainLines(guessText([]byte(clip(text, lim.TextBytes))), lim))
	if len(v.own) == 0 && len(v.forwarded) == 0 {
		v.forwarded, _ = readForwarded(v.embedded)
	}
	return strings.Join(v.own, "\n"), strings.Join(v.forwarded, "\n")
}
