package reading

import (
	"bytes"
	"io"
	"strings"
)

// entity is the mail or one of its parts, with as much of its content as is read.
type entity struct {
	block
	media
	children []*entity // of a multipart; of a message/rfc822 the one mail inside
	text     string    // decoded, of parts that are read
	html     bool      // text is HTML source
	cut      bool      // text goes on beyond the limit
	size     int64     // bytes after decoding
	garbled  bool      // a transfer encoding nobody knows, or content that is not in it
	preamble bool      // a multipart without any part: text is what stood in their place
	data     []byte    // decoded, of a part that is listed, where it is kept
	related  bool      // a part that belongs to another one's HTML (RFC 2387)
}

// walker takes a mail apart in one pass over its lines. mime/multipart and go-message
// fail a whole mail at one bad part header and cost the square of the nesting (measured:
// 48 s for 690 kB nested 10,000 deep), so the splitting is ours.
type walker struct {
	in         *lines
	tap        io.Writer
	lim        Limits
	boundaries []string // of the open multiparts, outermost first
	parts      int
	headerLeft int // bytes that the headers of parts may still take together
	textLeft   int
	markupLeft int
	filesLeft  int
	problem    string
	guess      int // the multipart whose boundary may still be guessed, or noGuess
	inner      int // how many mails within mails are open
}

// boundary says at which open multipart a body ended: 0 is the outermost, -1 the end of the mail.
type boundary struct {
	level  int
	closed bool // it was the last one of its multipart
}

var endOfMail = boundary{level: -1}

func newWalker(in *lines, tap io.Writer, lim Limits) *walker {
	return &walker{in: in, tap: tap, lim: lim, guess: noGuess, headerLeft: 2 * lim.HeaderBytes, textLeft: 2 * lim.TextBytes, markupLeft: 2 * lim.MarkupBytes, filesLeft: lim.FileBytes}
}

// note keeps the first problem: later ones mostly follow from it.
func (w *walker) note(problem string) {
	if w.problem == "" {
		w.problem = problem
	}
}

func (w *walker) next() ([]byte, bool) {
	piece, ended := w.in.next()
	w.tap.Write(piece)
	return piece, ended
}

// body reads the content that follows e's header and returns where it stopped.
func (w *walker) body(e *entity, depth int) boundary {
	w.parts++
	if e.broken && w.inner == 0 {
		w.note(ProblemBroken)
	}
	if e.tooLong && w.inner == 0 {
		w.note(ProblemHeader)
	}
	if e.is("multipart/") {
		_, known := newTransfer(e.encoding)
		e.garbled = !known || e.encoding == "base64" || e.encoding == "quoted-printable" // RFC 2045, 6.4: not of a multipart
		if depth < w.lim.Depth {
			return w.multipart(e, depth)
		}
		w.note(ProblemTooDeep)
		return w.skip()
	}
	if e.isMail() && depth < w.lim.Depth {
		if e.encoding == "base64" || e.encoding == "quoted-printable" {
			return w.encodedMail(e, depth)
		}
		return w.embedded(e, depth)
	}
	return w.leaf(e)
}

// encodedMail reads a mail within the mail that was encoded, against RFC 2046, 5.2.1.
func (w *walker) encodedMail(e *entity, depth int) boundary {
	at := w.leaf(e)
	in, _ := newLines(strings.NewReader(e.text))
	sub := newWalker(in, io.Discard, w.lim)
	sub.parts, sub.headerLeft, sub.textLeft, sub.markupLeft, sub.inner = w.parts, w.headerLeft, w.textLeft, w.markupLeft, 1
	sub.embedded(e, depth)
	w.parts, w.headerLeft, w.textLeft, w.markupLeft = sub.parts, sub.headerLeft, sub.textLeft, sub.markupLeft
	e.text = ""
	return at
}

// embedded reads a mail within the mail.
func (w *walker) embedded(e *entity, depth int) boundary {
	w.inner++
	defer func() { w.inner-- }()
	inner, stop := w.header("text/plain", true)
	e.children = []*entity{inner}
	if stop != nil {
		return *stop
	}
	return w.body(inner, depth+1)
}

// header reads the header of a part. A boundary within it ends the part.
func (w *walker) header(fallback string, top bool) (*entity, *boundary) {
	var stop *boundary
	middle, size := false, 0
	b := readHeader(func() ([]byte, bool) {
		if stop != nil {
			return nil, false
		}
		piece, ended := w.next()
		if !middle {
			if at, ok := w.match(piece); ok {
				stop = &at
				return nil, false
			}
		}
		middle = !ended
		size += len(piece)
		if len(piece) == 0 {
			stop = &boundary{level: -1}
		}
		return piece, ended
	}, min(w.lim.HeaderBytes, w.headerLeft), top)
	w.headerLeft = max(0, w.headerLeft-size)
	return &entity{block: b, media: mediaOf(b.fields, fallback)}, stop
}

// match tells whether a line is a boundary of an open multipart, the innermost first.
func (w *walker) match(line []byte) (boundary, bool) {
	if len(line) < 2 || line[0] != '-' || line[1] != '-' {
		return endOfMail, false
	}
	line = bytes.TrimRight(line[2:], " \t\r\n")
	for level := len(w.boundaries) - 1; level >= 0; level-- {
		rest, ok := bytes.CutPrefix(line, []byte(w.boundaries[level]))
		if ok && (len(rest) == 0 || string(rest) == "--") {
			return boundary{level, len(rest) > 0}, true
		}
	}
	return endOfMail, false
}

func (w *walker) multipart(e *entity, depth int) boundary {
	level := len(w.boundaries)
	mark := strings.TrimRight(e.params["boundary"], " \t")
	if mark == "" {
		w.note(ProblemBroken)
		mark = "\n" // no line is that one
	}
	w.boundaries = append(w.boundaries, mark)
	defer func() { w.boundaries = w.boundaries[:level] }()

	w.guess = level
	at := w.leaf(e) // the preamble: nobody is shown it, unless nothing else is there
	w.guess = noGuess
	fallback := "text/plain"
	if e.kind == "multipart/digest" {
		fallback = "message/rfc822" // RFC 2046, 5.1.5
	}
	for at.level == level && !at.closed {
		if w.parts >= w.lim.Parts {
			w.note(ProblemManyParts)
			return w.skipTo(level)
		}
		part, stop := w.header(fallback, false)
		part.related = e.kind == "multipart/related" && len(e.children) > 0
		e.children = append(e.children, part)
		if stop != nil {
			w.parts++
			at = *stop
			continue
		}
		at = w.body(part, depth+1)
	}
	e.preamble = len(e.children) == 0
	if e.preamble {
		w.note(ProblemBroken)
	} else {
		e.text = ""
	}
	if at.level == level {
		w.boundaries = w.boundaries[:level]
		return w.skip() // the epilogue
	}
	return at
}

const noGuess = -1

// adopt takes a line for the boundary of a multipart that names another one, or none,
// when a part's header follows: people are shown its parts by other programs too.
func (w *walker) adopt(line []byte) bool {
	mark := bytes.TrimRight(line, " \t\r\n")
	if len(mark) < 3 || bytes.ContainsAny(mark, " \t") {
		return false
	}
	if next, _ := w.in.r.Peek(len("content-")); !strings.EqualFold(string(next), "content-") {
		return false
	}
	w.note(ProblemBroken)
	w.boundaries[w.guess] = string(mark[2:])
	return true
}

// skip reads on to a boundary of an open multipart.
func (w *walker) skip() boundary { return w.read(func([]byte) {}) }

// skipTo reads on to a boundary below level.
func (w *walker) skipTo(level int) boundary {
	w.boundaries = w.boundaries[:level]
	return w.skip()
}

// read hands the lines up to the next boundary to sink, without the line end that
// belongs to the boundary (RFC 2046, 5.1.1).
func (w *walker) read(sink func([]byte)) boundary {
	middle := false
	var held []byte // the line end that may belong to a boundary
	for {
		piece, ended := w.next()
		if len(piece) == 0 {
			sink(held)
			return endOfMail
		}
		if !middle {
			if at, ok := w.match(piece); ok {
				return at
			}
			if w.guess >= 0 && bytes.HasPrefix(piece, []byte("--")) {
				piece = bytes.Clone(piece) // a look at what follows may move it in the buffer
				if w.adopt(piece) {
					return boundary{level: w.guess}
				}
			}
		}
		middle = !ended
		if len(held) > 0 {
			sink(held)
		}
		content := chomp(piece)
		if !ended {
			content = piece
		}
		held = append(held[:0], piece[len(content):]...)
		sink(content)
	}
}

// leaf reads the content of a part that has no parts, keeping what is to be read and
// counting the rest.
func (w *walker) leaf(e *entity) boundary {
	decoder, known := newTransfer(e.encoding)
	if e.is("multipart/") {
		decoder = plainTransfer{}
	} else {
		e.garbled = !known
	}
	budget := w.budget(e)
	if budget == nil && w.lim.FileBytes > 0 && w.inner == 0 {
		return w.file(e, decoder)
	}
	var kept bytes.Buffer
	if budget != nil && len(e.stray) > 0 {
		kept.Write(e.stray)
		kept.WriteByte('\n')
	}
	limit := 0
	if budget != nil {
		limit = min(*budget, w.limitOf(e))
	}
	sink := func(b []byte) {
		e.size += int64(len(b))
		room := limit - kept.Len()
		if room < len(b) {
			e.cut = true
			b = b[:max(room, 0)]
		}
		kept.Write(b)
	}
	at := w.read(func(piece []byte) { decoder.write(piece, sink) })
	decoder.close(sink)
	if letters, ok := decoder.(*base64Transfer); ok && letters.odd {
		e.garbled = true
	}
	if budget == nil {
		return at
	}
	*budget -= kept.Len()
	e.keep(kept.Bytes())
	return at
}

// file reads the content of an attached file, and keeps as much of it as there is room for.
func (w *walker) file(e *entity, decoder transfer) boundary {
	sink := func(b []byte) {
		e.size += int64(len(b))
		if len(b) > w.filesLeft {
			e.cut = true
			b = b[:w.filesLeft]
		}
		e.data = append(e.data, b...)
		w.filesLeft -= len(b)
	}
	at := w.read(func(piece []byte) { decoder.write(piece, sink) })
	decoder.close(sink)
	if letters, ok := decoder.(*base64Transfer); ok && letters.odd {
		e.garbled = true
	}
	return at
}

// budget is what the text of e may take from, or nil where e is only listed.
func (w *walker) budget(e *entity) *int {
	switch {
	case e.kind == "text/html" && e.isBody():
		return &w.markupLeft
	case e.isBody(), e.isReport(), e.is("multipart/"), e.isMail():
		return &w.textLeft
	}
	return nil
}

func (w *walker) limitOf(e *entity) int {
	if e.kind == "text/html" {
		return w.lim.MarkupBytes
	}
	return w.lim.TextBytes
}

// keep stores the content as text.
func (e *entity) keep(raw []byte) {
	e.html = e.kind == "text/html"
	e.text = decodeText(raw, e.params["charset"])
}

// isBody reports whether a part is text that the reader of the mail sees as such.
func (e *entity) isBody() bool {
	if e.disposition == "attachment" || e.name != "" && e.disposition != "inline" {
		return false
	}
	switch e.kind {
	case "text/plain", "text/html", "text/enriched", "text/richtext", "text/markdown", "text/x-amp-html":
		return true
	}
	return false
}

// isMail reports whether a part is a mail.
func (e *entity) isMail() bool { return e.kind == "message/rfc822" || e.kind == "message/global" }

// isReport reports whether a part tells about another mail.
func (e *entity) isReport() bool {
	switch e.kind {
	case "message/delivery-status", "message/global-delivery-status", "message/disposition-notification",
		"message/global-disposition-notification", "message/feedback-report", "text/rfc822-headers",
		"message/rfc822-headers", "text/rfc822-header", "message/global-headers", "message/x-mailsystem-status", "message/feedback":
		return true
	}
	return false
}
