package reading

import "strings"

// body is the text of a mail as its reader sees it, and what hangs on to it.
type body struct {
	lines       []line // the text that counts
	other       []line // the other version of it, in a multipart/alternative
	both        bool   // there are two versions
	html        bool   // lines come from HTML
	hidden      bool   // the HTML holds text that its reader does not see
	flowed      bool   // format=flowed (RFC 3676)
	cut         bool   // some text was longer than the limit
	utf7        bool   // some text is in a charset in which letters hide
	unknown     bool   // some text has a transfer encoding nobody knows
	lateStart   bool   // the first text part is empty, a later one is not
	texts       int    // text parts that are read
	mixed       bool   // plain text and HTML after one another, not as versions of one text
	named       bool   // the text stands in a part with a file name
	control     bool   // there were control characters at its start
	duplicate   bool   // a text part has a header field twice
	attachments []Attachment
	forwarded   *entity   // the first mail within the mail
	reports     []*entity // parts that tell about another mail
}

// commandBytes is how much of a text's start a command can stand in.
const commandBytes = 2 << 10

// readBody gathers the text of a mail, and lists what is not read.
func readBody(root *entity, lim Limits) body {
	var b body
	b.gather(root, lim)
	return b
}

func (b *body) gather(e *entity, lim Limits) {
	switch {
	case e.isReport():
		b.reports = append(b.reports, e)
	case e.kind == "multipart/alternative" && len(e.children) > 0:
		b.duplicate = b.duplicate || e.ambiguous
		b.unknown = b.unknown || e.unknown
		b.alternative(e, lim)
	case e.is("multipart/") && len(e.children) > 0:
		b.duplicate = b.duplicate || e.ambiguous
		b.unknown = b.unknown || e.unknown
		for _, child := range e.children {
			b.gather(child, lim)
		}
	case e.isMail():
		b.passOn(e)
	case e.isBody() || e.is("multipart/"):
		b.add(readPart(e, lim))
		if e.name != "" {
			b.list(e)
		}
	default:
		b.list(e)
	}
}

func (b *body) list(e *entity) {
	b.attachments = append(b.attachments, Attachment{Name: e.name, Type: clip(oneLine(e.kind), maxNameLength), Size: e.size})
}

// passOn takes note of a mail within the mail. Its text is never the sender's own.
func (b *body) passOn(e *entity) {
	b.list(e)
	if b.forwarded == nil && len(e.children) > 0 {
		b.forwarded = e.children[0]
	}
}

// version is the text of one part or of one side of a multipart/alternative.
type version struct {
	named     bool
	control   bool
	duplicate bool
	lines     []line
	html      bool
	hidden    bool
	flowed    bool
	cut       bool
	utf7      bool
	unknown   bool
}

func readPart(e *entity, lim Limits) version {
	v := version{html: e.html, cut: e.cut, utf7: isSlippery(e.params["charset"]), unknown: e.unknown, named: e.name != ""}
	v.duplicate = count(e.fields, "Content-Type") > 1 || count(e.fields, "Content-Transfer-Encoding") > 1 || count(e.fields, "Content-Disposition") > 1 || e.ambiguous
	v.control = strings.ContainsFunc(clip(e.text, commandBytes), func(r rune) bool { return isUnwanted(r) && r != '\n' && r != '\r' && r != '\f' })
	if e.html {
		page := readHTML(e.text, lim)
		v.lines, v.hidden, v.cut = page.lines, page.hidden, v.cut || page.cut
		return v
	}
	v.flowed = strings.EqualFold(e.params["format"], "flowed")
	for rest, more := e.text, true; more; {
		if len(v.lines) == lim.Lines {
			v.cut = true
			break
		}
		var text string
		text, rest, more = strings.Cut(rest, "\n")
		v.lines = append(v.lines, line{text: cleanLine(text)})
	}
	return v
}

// cleanLine keeps what can be shown in one line of text.
func cleanLine(text string) string {
	text = strings.TrimRight(text, "\r")
	if !strings.ContainsFunc(text, isUnwanted) {
		return text
	}
	return strings.Map(func(r rune) rune {
		if isUnwanted(r) {
			return -1
		}
		return r
	}, text)
}

func isUnwanted(r rune) bool { return r != '\t' && (r < ' ' || r >= 0x7f && r < 0xa0) }

func (v version) empty() bool {
	for _, l := range v.lines {
		if strings.TrimFunc(l.text, isBlankOrInvisible) != "" {
			return false
		}
	}
	return true
}

func (b *body) add(v version) {
	empty := v.empty()
	b.texts++
	if b.texts > 1 && !empty && b.blankSoFar() {
		b.lateStart = true
	}
	b.hidden = b.hidden || v.hidden
	b.cut = b.cut || v.cut
	b.utf7 = b.utf7 || v.utf7
	b.unknown = b.unknown || v.unknown
	b.control = b.control || v.control
	b.duplicate = b.duplicate || v.duplicate
	if empty {
		b.html = v.html && b.blankSoFar() || b.html
		return
	}
	if len(b.lines) > 0 {
		b.mixed = b.mixed || b.html != v.html
		b.lines = append(b.lines, line{})
	} else {
		b.html, b.flowed, b.named = v.html, v.flowed, v.named
	}
	b.lines = append(b.lines, v.lines...)
}

func (b *body) blankSoFar() bool { return version{lines: b.lines}.empty() }

// alternative reads the versions of one text: plain text and HTML.
func (b *body) alternative(e *entity, lim Limits) {
	var plain, rich body
	for _, child := range e.children {
		var side body
		side.gather(child, lim)
		b.attachments = append(b.attachments, side.attachments...)
		b.reports = append(b.reports, side.reports...)
		if b.forwarded == nil {
			b.forwarded = side.forwarded
		}
		switch {
		case side.texts == 0:
		case side.html:
			rich = side
		case plain.blankSoFar():
			plain = side
		default:
			plain.lateStart = true // two plain versions: nobody knows which one is shown
		}
	}
	chosen := plain
	if plain.blankSoFar() || isPlaceholder(plain.lines, rich.lines) {
		chosen = rich
	}
	first := b.blankSoFar()
	b.add(version{lines: chosen.lines, html: chosen.html, hidden: chosen.hidden, flowed: chosen.flowed, named: chosen.named,
		cut: plain.cut || rich.cut, utf7: plain.utf7 || rich.utf7, unknown: plain.unknown || rich.unknown, control: plain.control || rich.control, duplicate: plain.duplicate || rich.duplicate})
	b.lateStart = b.lateStart || plain.lateStart || rich.lateStart
	if first && rich.texts > 0 && !plain.blankSoFar() {
		b.both = true // an empty HTML version is one, too: it is what people are shown
		b.other = rich.lines
		if chosen.html {
			b.other = plain.lines
		}
	}
}

// isPlaceholder tells a plain version that only says that there is an HTML one.
func isPlaceholder(plain, rich []line) bool {
	return 5*letters(plain)+200 < letters(rich)
}

func letters(lines []line) (n int) {
	for _, l := range lines {
		n += len(l.text)
	}
	return n
}
