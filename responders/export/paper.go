package export

import (
	"bytes"
	"fmt"

	"codeberg.org/go-pdf/fpdf"
)

// The page is A5, in points: on a telephone its text comes out near the size of
// the telephone's own, on A4 two pages print side by side.
const (
	pageWidth    = 419.53
	pageHeight   = 595.28
	marginSide   = 26.0
	marginTop    = 28.0
	marginBottom = 46.0
	textWidth    = pageWidth - 2*marginSide
	textBottom   = pageHeight - marginBottom
)

// style is a way to set text.
type style struct {
	face    weight
	size    float64 // points
	leading float64 // points from line to line
	ink     [3]int
}

var (
	inkText  = [3]int{0x1A, 0x1A, 0x1A}
	inkQuiet = [3]int{0x4A, 0x4A, 0x4A} // still 8:1 on white
	inkHead  = [3]int{0x12, 0x3A, 0x5C}
	inkRule  = [3]int{0xC8, 0xCE, 0xD4}
	inkBand  = [3]int{0xEA, 0xEF, 0xF4}

	styleH1       = style{bold, 20, 25, inkHead}
	styleH2       = style{bold, 15.5, 20, inkHead}
	styleH3       = style{bold, 13, 17, inkText}
	styleText     = style{regular, 12, 16.5, inkText}
	styleQuiet    = style{regular, 10.5, 14.5, inkQuiet}
	styleLabel    = style{bold, 10.5, 15, inkQuiet}
	styleValue    = style{regular, 12, 16.5, inkText}
	styleRemark   = style{regular, 11.5, 16.5, inkQuiet} // our word in the place of a value
	styleBand     = style{bold, 11.5, 16, inkText}
	styleHeadCell = style{bold, 10.5, 14, inkText}
	styleCell     = style{regular, 10.5, 14, inkText}
)

// base is how far below the top of its line a text stands, so that the middle of
// its letters is on the middle of the line.
func (s style) base() float64 { return s.leading/2 + s.size*0.36 }

// paper is the document while it is drawn: pages, the place on the page, and the
// structure tree that grows along.
type paper struct {
	*tree
	pdf *fpdf.Fpdf
	y   float64 // points from the top: where the next thing goes
	// onPage, if set, draws what repeats at the top of each new page.
	onPage func()
	// ink and face in use, to write a change only when there is one.
	set style
}

func newPaper() *paper {
	pdf := fpdf.NewCustom(&fpdf.InitType{UnitStr: "pt", Size: fpdf.SizeType{Wd: pageWidth, Ht: pageHeight}})
	pdf.SetAutoPageBreak(false, 0)
	pdf.SetCompression(false) // see packPages
	pdf.SetCatalogSort(true)
	pdf.AddUTF8FontFromBytes("body", string(regular), fontFile(regular))
	pdf.AddUTF8FontFromBytes("body", string(bold), fontFile(bold))
	p := &paper{tree: newTree(), pdf: pdf}
	p.newPage()
	return p
}

func (p *paper) newPage() {
	p.pdf.AddPage()
	p.set = style{}
	p.y = marginTop
	if p.onPage != nil {
		p.onPage()
	}
}

// room makes sure that height points are left, on a new page if need be.
func (p *paper) room(height float64) {
	if p.y+height > textBottom && p.y > marginTop {
		p.newPage()
	}
}

// left is how many points of the page are left.
func (p *paper) left() float64 { return textBottom - p.y }

func (p *paper) use(s style) {
	if p.set == s {
		return
	}
	p.pdf.SetFont("body", string(s.face), s.size)
	p.pdf.SetTextColor(s.ink[0], s.ink[1], s.ink[2])
	p.set = s
}

// measure returns how wide text is in this style.
func (p *paper) measure(s style) measure {
	return func(text string) float64 {
		p.use(s)
		return p.pdf.GetStringWidth(text)
	}
}

// piece marks what draw draws as a piece of the open element.
func (p *paper) piece(draw func()) {
	page := p.pdf.PageNo()
	p.pdf.RawWriteStr(fmt.Sprintf("/%s <</MCID %d>> BDC\n", p.nodes[p.open].tag, p.tree.piece(page)))
	draw()
	p.pdf.RawWriteStr("EMC\n")
}

// decoration marks what draw draws as no part of the text: rules, bands, page numbers.
func (p *paper) decoration(draw func()) {
	p.pdf.RawWriteStr("/Artifact BMC\n")
	draw()
	p.pdf.RawWriteStr("EMC\n")
}

// lines draws lines of text downwards from (x, y), y being the top of the first.
func (p *paper) lines(x, y float64, s style, lines []string) {
	p.use(s)
	for i, line := range lines {
		if line == "" {
			continue
		}
		p.pdf.Text(x, y+float64(i)*s.leading+s.base(), visualOrder(line))
	}
}

// block sets a paragraph over the width, broken over pages with at least two lines
// on either side, inside an element of its own.
func (p *paper) block(t tag, s style, text string) {
	p.within(node{tag: t}, func() {
		p.flow(marginSide, textWidth, s, text)
	})
}

// flow sets text into the open element.
func (p *paper) flow(x, width float64, s style, text string) {
	lines := wrap(text, width, p.measure(s))
	for len(lines) > 0 {
		n := splitLines(len(lines), int(p.left()/s.leading))
		if n == 0 {
			p.newPage()
			continue
		}
		p.piece(func() { p.lines(x, p.y, s, lines[:n]) })
		p.y += float64(n) * s.leading
		lines = lines[n:]
	}
}

// splitLines says how many of n lines to set where fit lines fit: all, or so many
// that neither page gets a single line of the paragraph, or none.
func splitLines(n, fit int) int {
	switch {
	case n <= fit:
		return n
	case n-fit == 1:
		fit--
	}
	if fit < 2 {
		return 0
	}
	return fit
}

// heading sets a heading and keeps it with the next lines; it goes into the outline.
func (p *paper) heading(t tag, s style, level int, text string, above, keep float64) {
	lines := wrap(text, textWidth, p.measure(s))
	height := float64(len(lines)) * s.leading
	if p.y > marginTop {
		p.y += above
	}
	p.room(height + keep)
	p.use(s)
	p.pdf.Bookmark(text, level, p.y)
	p.within(node{tag: t}, func() {
		p.piece(func() { p.lines(marginSide, p.y, s, lines) })
	})
	p.y += height + 3
}

// gap leaves space, unless at the top of a page.
func (p *paper) gap(height float64) {
	if p.y > marginTop {
		p.y += height
	}
}

// rule draws a thin line over the width.
func (p *paper) rule(x, width float64) {
	p.decoration(func() {
		p.pdf.SetDrawColor(inkRule[0], inkRule[1], inkRule[2])
		p.pdf.SetLineWidth(0.6)
		p.pdf.Line(x, p.y, x+width, p.y)
	})
}

// shade fills the background.
func (p *paper) shade(x, width, height float64) {
	p.decoration(func() {
		p.pdf.SetFillColor(inkBand[0], inkBand[1], inkBand[2])
		p.pdf.Rect(x, p.y, width, height, "F")
	})
}

// footers numbers the finished pages: left says whose answer it is, right has the
// page and their number for its two verbs. (A bare "2 / 7" loses its spaces when text is
// taken from the page: single characters look like spaced-out letters.)
func (p *paper) footers(left, right string) {
	total := p.pdf.PageCount()
	for n := 1; n <= total; n++ {
		p.pdf.SetPage(n)
		p.set = style{} // the page ends with whatever it was set in
		p.decoration(func() {
			p.use(styleQuiet)
			number := fmt.Sprintf(right, n, total)
			base := pageHeight - 20
			wide := p.measure(styleQuiet)
			x := pageWidth - marginSide - wide(number)
			p.pdf.Text(marginSide, base, shorten(left, x-marginSide-12, wide))
			p.pdf.Text(x, base, number)
		})
	}
}

// shorten cuts a text that is too wide for its place; only footers are cut.
func shorten(text string, width float64, wide measure) string {
	if wide(text) <= width {
		return text
	}
	return wrap(text, width-wide("…"), wide)[0] + "…"
}

// finish returns the pages as a plain PDF.
func (p *paper) finish() ([]byte, error) {
	var b bytes.Buffer
	if err := p.pdf.Output(&b); err != nil {
		return nil, fmt.Errorf("write pages: %w", err)
	}
	return b.Bytes(), nil
}
