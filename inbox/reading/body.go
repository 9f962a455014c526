package reading

import "strings"

// flaws are what is odd about a text: none of it keeps it from being read by a person,
// each of it from being obeyed as a command.
type flaws struct {
	hidden    bool // HTML that holds text which its reader does not see
	cut       bool // the text was longer than the limit
	slippery  bool // a charset in which letters can be written as other letters
	encoding  bool // a transfer encoding nobody knows, or broken
	control   bool // control characters at the start
	duplicate bool // a header field or parameter twice, which readers take differently
	scattered bool // in several parts, of which readers show different ones first
}

// add takes over the flaws of another part of the same text.
func (f *flaws) add(g flaws) {
	f.hidden = f.hidden || g.hidden
	f.cut = f.cut || g.cut
	f.slippery = f.slippery || g.slippery
	f.encoding = f.encoding || g.encoding
	f.control = f.control || g.control
	f.duplicate = f.duplicate || g.duplicate
	f.scattered = f.scattered || g.scattered
}

// version is the text of one part.
type version struct {
	flaws
	lines  []line
	html   bool // lines come from HTML
	flowed bool // format=flowed (RFC 3676)
	named  bool // the part has a file name
}

// body is the text of a mail as its reader sees it, and what hangs on to it.
type body struct {
	version            // the text that counts, all parts together
	other       []line // the other version of it, in a multipart/alternative
	both        bool   // there are two versions
	texts       int    // text parts that are read
	limit       int    // lines that are kept of all parts together
	attachments []Attachment
	forwarded   *entity   // the first mail within the mail
	reports     []*entity // parts that tell about another mail
}

// readBody gathers the text of a mail, and lists what is not read.
func readBody(root *entity, lim Limits) body {
	b := body{limit: lim.Lines}
	b.gather(root, lim)
	return b
}

func (b *body) gather(e *entity, lim Limits) {
	switch {
	case e.isReport():
		b.reports = append(b.reports, e)
	case e.is("multipart/") && len(e.children) > 0:
		b.add(version{flaws: flaws{duplicate: e.ambiguous, encoding: e.garbled}})
		if e.kind == "multipart/alternative" {
			b.alternative(e, lim)
			return
		}
		for _, child := range e.children {
			b.gather(child, lim)
		}
	case e.isMail():
		b.list(e)
		if b.forwarded == nil && len(e.children) > 0 {
			b.forwarded = e.children[0] // its text is never the sender's own
		}
	case e.isBody() || e.is("multipart/"):
		b.texts++
		b.add(readPart(e, lim))
		if e.name != "" {
			b.list(e)
		}
	default:
		b.list(e)
	}
}

func (b *body) list(e *entity) {
	b.attachments = append(b.attachments, Attachment{
		Name: e.name, Type: clip(oneLine(e.kind), maxNameLength), Size: e.size,
		Data: e.data, Cut: e.cut || e.garbled, Shown: e.shown(),
	})
}

// shown tells a picture that an HTML part shows: it belongs to one, and has the name by which HTML calls it (RFC 2392).
func (e *entity) shown() bool {
	return e.is("image/") && e.related && count(e.fields, "Content-ID") > 0
}

// commandBytes is how much of a text's start a command can stand in.
const commandBytes = 2 << 10

func readPart(e *entity, lim Limits) version {
	v := version{html: e.html, named: e.name != ""}
	v.flaws = flaws{
		cut:       e.cut,
		slippery:  isSlippery(e.params["charset"]),
		encoding:  e.garbled || e.kind != "text/plain" && e.kind != "text/html",
		control:   hasControls(clip(e.text, commandBytes)),
		duplicate: e.ambiguous || count(e.fields, "Content-Type") > 1 || count(e.fields, "Content-Transfer-Encoding") > 1 || count(e.fields, "Content-Disposition") > 1,
	}
	if e.html {
		page := readHTML(e.text, lim)
		v.lines, v.hidden, v.cut = page.lines, page.hidden, v.cut || page.cut
		return v
	}
	v.flowed = strings.EqualFold(e.params["format"], "flowed")
	v.lines = plainLines(e.text, lim)
	v.cut = v.cut || len(v.lines) == lim.Lines
	return v
}

// hasControls reports characters that no keyboard writes, line ends within a line included.
func hasControls(text string) bool {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	return strings.ContainsFunc(strings.TrimSuffix(text, "\r"), func(r rune) bool { return isUnwanted(r) && r != '\n' && r != '\f' })
}

// plainLines takes the lines of plain text, within the limit.
func plainLines(text string, lim Limits) (lines []line) {
	for more := true; more && len(lines) < lim.Lines; {
		var one string
		one, text, more = strings.Cut(text, "\n")
		lines = append(lines, line{text: cleanLine(one)})
	}
	return lines
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

// blank reports that there is nothing to read.
func (v version) blank() bool {
	for _, l := range v.lines {
		if !isBlankText(l.text) {
			return false
		}
	}
	return true
}

// add appends a text that the reader sees after the ones before.
func (b *body) add(v version) {
	nothingYet := b.blank()
	if room := max(0, b.limit-len(b.lines)); len(v.lines) > room {
		v.lines, v.cut = v.lines[:room], true
	}
	b.flaws.add(v.flaws)
	if nothingYet {
		b.html, b.flowed, b.named = v.html || b.html && v.lines == nil, v.flowed, v.named
	}
	if v.blank() {
		return
	}
	if nothingYet {
		b.scattered = b.scattered || b.texts > 1
		b.lines = v.lines
		return
	}
	b.scattered = b.scattered || b.html != v.html
	b.lines = append(append(b.lines, line{}), v.lines...)
}

// alternative reads the versions of one text: plain text and HTML.
func (b *body) alternative(e *entity, lim Limits) {
	var plain, rich body
	for _, child := range e.children {
		side := body{limit: b.limit}
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
		case plain.texts == 0 || plain.blank():
			plain = side
		default:
			plain.scattered = true // two plain versions: nobody knows which one is shown
		}
	}
	chosen, other := plain, rich
	if plain.blank() || isPlaceholder(plain.lines, rich.lines) {
		chosen, other = rich, plain
	}
	if b.blank() && rich.texts > 0 && !plain.blank() {
		b.both, b.other = true, other.lines // empty HTML is a version, too: it is what people are shown
	}
	chosen.flaws.add(flaws{cut: other.cut, slippery: other.slippery, encoding: other.encoding, control: other.control, duplicate: other.duplicate, scattered: other.scattered})
	b.texts++
	b.add(chosen.version)
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
