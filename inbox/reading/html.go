package reading

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// lineKind is what is known about a line of text before its words are looked at.
type lineKind int

const (
	lineOwn         lineKind = iota // nothing says otherwise
	lineQuoted                      // marked as somebody else's words
	lineAttribution                 // introduces somebody else's words
	lineSignature                   // marked as a signature
	lineCut                         // everything from here on is somebody else's
)

// line is one line of readable text.
type line struct {
	text string
	kind lineKind
}

// page is what the reader of an HTML part sees.
type page struct {
	cut    bool // there was more than the limits allow
	lines  []line
	hidden bool // there was text that the reader does not see
}

// readHTML turns HTML into the lines that a person sees. html2text (both libraries tried)
// prints hidden text and fails beyond 512 nested elements; this loop leaves hidden text
// out, tells quotes by the marks of the mail programs, and takes any nesting.
func readHTML(source string, lim Limits) page {
	r := &htmlReader{lim: lim, open: map[string]int{}}
	tokens := html.NewTokenizer(strings.NewReader(source))
	for r.room() {
		switch tokens.Next() {
		case html.ErrorToken:
			r.end()
			return page{lines: r.out, hidden: r.hiddenText}
		case html.TextToken:
			r.text(string(tokens.Text()))
		case html.StartTagToken, html.SelfClosingTagToken:
			r.start(tokens.Token())
		case html.EndTagToken:
			name, _ := tokens.TagName()
			r.close(string(name))
		}
	}
	r.end()
	return page{lines: r.out, hidden: r.hiddenText, cut: true}
}

// element is an open element with what it passes on to what it holds.
type element struct {
	look
	tag     string
	skipped bool // its text is no text of the page
	kind    lineKind
	pre     bool
}

// struck stands on both sides of text that was struck out.
const struck = "~~"

// maxOpen bounds the open elements that are remembered. Deeper ones take after the last.
const maxOpen = 256

type htmlReader struct {
	lim        Limits
	stack      []element
	open       map[string]int // how many of each tag are on the stack
	sheet      stylesheet
	inStyle    bool
	out        []line
	bytes      int
	current    strings.Builder
	kind       lineKind
	cut        bool // a separator was passed: all that follows is quoted
	blank      bool // the line before is to be followed by an empty one
	hiddenText bool
}

func (r *htmlReader) room() bool {
	return len(r.out) < r.lim.Lines && r.bytes+r.current.Len() < r.lim.TextBytes
}

func (r *htmlReader) top() element {
	if len(r.stack) == 0 {
		return element{}
	}
	return r.stack[len(r.stack)-1]
}

func (r *htmlReader) start(token html.Token) {
	tag := token.Data
	switch token.DataAtom {
	case atom.Br:
		r.breakLine()
		return
	case atom.Hr:
		r.rule(token)
		return
	case atom.Style:
		r.inStyle = true
	case atom.Body:
		r.dropHead()
	}
	r.autoClose(tag)
	if isBlock(tag) {
		r.endBlock(isSpaced(tag) && !isTight(token))
	}
	e := r.element(token)
	if token.Type != html.SelfClosingTagToken && !isVoid(tag) && len(r.stack) < maxOpen {
		r.stack = append(r.stack, e)
		r.open[tag]++
	}
	switch tag {
	case "li":
		r.text("- ")
	case "s", "strike", "del":
		r.text(struck) // what was struck out must not read like what stands
	case "td", "th":
		if r.current.Len() > 0 {
			r.current.WriteByte(' ')
		}
	}
}

// dropHead forgets an unclosed head: what stands in the body is shown.
func (r *htmlReader) dropHead() {
	if r.open["head"] > 0 {
		r.close("head")
	}
}

// element works out what an element does to the text within it.
func (r *htmlReader) element(token html.Token) element {
	parent := r.top()
	e := parent
	e.tag = token.Data
	attributes := attributesOf(token)
	switch token.DataAtom {
	case atom.Script, atom.Style, atom.Head, atom.Title, atom.Template, atom.Object, atom.Iframe, atom.Svg, atom.Select, atom.Textarea, atom.Noframes, atom.Audio, atom.Video, atom.Canvas, atom.Map:
		e.skipped = true
	case atom.Pre:
		e.pre = true
	case atom.Bdo:
		e.gone = true // it shows its letters in another order than they stand
	case atom.Details:
		_, shown := attributes["open"]
		e.gone = e.gone || !shown
	}
	e.apply(attributes, r.sheet.style(token.Data, attributes))
	if kind := quoteMark(token.Data, attributes); kind != lineOwn {
		if kind == lineCut {
			r.endBlock(false)
			r.cut = true
		} else {
			e.kind = kind
		}
	}
	return e
}

// attributesOf takes the first of each attribute, as browsers do; nil when there are none.
func attributesOf(token html.Token) map[string]string {
	if len(token.Attr) == 0 {
		return nil
	}
	attributes := make(map[string]string, len(token.Attr))
	for _, a := range token.Attr {
		if _, twice := attributes[a.Key]; !twice {
			attributes[a.Key] = a.Val
		}
	}
	return attributes
}

// rule is a horizontal line: Outlook puts one of its own above what it quotes.
func (r *htmlReader) rule(token html.Token) {
	r.endBlock(false)
	for _, a := range token.Attr {
		if a.Key == "id" && strings.Contains(strings.ToLower(a.Val), "stopspelling") || a.Key == "style" && strings.Contains(strings.ReplaceAll(a.Val, " ", ""), "width:98%") {
			r.cut = true
		}
	}
	r.text("---")
	r.endBlock(false)
}

func (r *htmlReader) close(tag string) {
	if tag == "style" {
		r.inStyle = false
	}
	if tag == "br" || tag == "p" && r.open["p"] == 0 {
		r.breakLine()
	}
	if r.open[tag] == 0 {
		return
	}
	if isBlock(tag) {
		r.endBlock(isSpaced(tag))
	}
	if tag == "s" || tag == "strike" || tag == "del" {
		r.text(struck)
	}
	r.popTo(tag)
}

func (r *htmlReader) popTo(tag string) {
	for len(r.stack) > 0 {
		last := r.stack[len(r.stack)-1].tag
		r.stack = r.stack[:len(r.stack)-1]
		r.open[last]--
		if last == tag {
			return
		}
	}
}

// closing is which open elements an element ends, looking no further than the elements
// that may hold both.
type closing struct{ ends, within map[string]bool }

// closings are the rules of HTML by which an element ends another that was left open.
var closings = func() map[string]closing {
	rules := map[string]closing{
		"li": {wordSet("li"), wordSet("ul ol")},
		"tr": {wordSet("tr"), wordSet("table")},
		"td": {wordSet("td th"), wordSet("tr table")},
		"th": {wordSet("td th"), wordSet("tr table")},
	}
	for block := range wordSet("p div ul ol table blockquote h1 h2 h3 h4 h5 h6 pre hr") {
		rules[block] = closing{wordSet("p"), wordSet("td th li div body blockquote table button")}
	}
	return rules
}()

// autoClose ends the elements that a new one ends, so that a hidden paragraph left open
// does not hide the next.
func (r *htmlReader) autoClose(tag string) {
	rule, ok := closings[tag]
	if !ok {
		return
	}
	for i := len(r.stack) - 1; i >= 0; i-- {
		open := r.stack[i].tag
		if rule.within[open] {
			return
		}
		if rule.ends[open] {
			r.endBlock(false)
			r.popTo(open)
			return
		}
	}
}

func (r *htmlReader) text(s string) {
	e := r.top()
	if r.inStyle {
		r.sheet.read(s)
		return
	}
	if e.skipped {
		return
	}
	if e.hidden() {
		if e.kind == lineOwn && !r.cut { // what others hid in their mails is quoted with them
			r.hiddenText = r.hiddenText || strings.TrimFunc(s, isBlankOrInvisible) != ""
		}
		return
	}
	if e.pre {
		for i, part := range strings.Split(s, "\n") {
			if i > 0 {
				r.breakLine()
			}
			r.write(part)
		}
		return
	}
	r.write(s)
}

// write adds text to the line, with blanks in a row as one.
func (r *htmlReader) write(s string) {
	for _, c := range s {
		if c == '\u00a0' || c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' {
			if r.current.Len() > 0 && !r.endsBlank() {
				r.current.WriteByte(' ')
			}
			continue
		}
		if isUnwanted(c) {
			continue
		}
		if r.current.Len() == 0 || strings.TrimSpace(r.current.String()) == "" && r.current.Len() < 2 {
			r.kind = r.top().kind
		}
		r.current.WriteRune(c)
	}
}

func (r *htmlReader) endsBlank() bool {
	s := r.current.String()
	return s[len(s)-1] == ' '
}

// breakLine ends the line, also an empty one.
func (r *htmlReader) breakLine() {
	text := strings.TrimRight(r.current.String(), " ")
	r.current.Reset()
	kind := r.kind
	if text == "" {
		kind = r.top().kind
	}
	if r.cut {
		kind = lineCut
	}
	if r.blank && len(r.out) > 0 && r.out[len(r.out)-1].text != "" && text != "" {
		r.out = append(r.out, line{"", r.out[len(r.out)-1].kind})
	}
	r.blank = false
	r.out = append(r.out, line{text, kind})
	r.bytes += len(text) + 1
	r.kind = r.top().kind
}

// endBlock ends the line where there is one.
func (r *htmlReader) endBlock(spaced bool) {
	if strings.TrimSpace(r.current.String()) != "" {
		r.breakLine()
	} else {
		r.current.Reset()
	}
	r.blank = r.blank || spaced
}

func (r *htmlReader) end() { r.endBlock(false) }

func isBlankOrInvisible(c rune) bool {
	return c == ' ' || c == '\u00a0' || c >= '\t' && c <= '\r' || isInvisible(c)
}

func isBlock(tag string) bool {
	switch tag {
	case "p", "div", "tr", "li", "ul", "ol", "dl", "dt", "dd", "h1", "h2", "h3", "h4", "h5", "h6", "table", "blockquote", "pre",
		"section", "article", "header", "footer", "address", "center", "form", "fieldset", "body", "main", "nav", "aside", "figure", "tbody", "thead", "caption":
		return true
	}
	return false
}

// isSpaced tells the blocks that stand apart from their neighbours.
func isSpaced(tag string) bool {
	switch tag {
	case "p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "blockquote", "table":
		return true
	}
	return false
}

// isTight tells Outlook's paragraphs, which are its lines.
func isTight(token html.Token) bool {
	for _, a := range token.Attr {
		if a.Key == "class" && strings.Contains(a.Val, "MsoNormal") || a.Key == "style" && strings.Contains(strings.ReplaceAll(a.Val, " ", ""), "margin:0") {
			return true
		}
	}
	return false
}

func isVoid(tag string) bool {
	switch tag {
	case "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr":
		return true
	}
	return false
}
