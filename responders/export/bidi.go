package export

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/bidi"
)

// visualOrder returns a line in the order in which its glyphs stand from left to
// right: Hebrew and Arabic are stored in reading order, a page wants the other.
func visualOrder(line string) string {
	if !strings.ContainsFunc(line, rightToLeft) {
		return line
	}
	var p bidi.Paragraph
	if _, err := p.SetString(line, bidi.DefaultDirection(bidi.LeftToRight)); err != nil {
		return line
	}
	order, err := p.Order()
	if err != nil {
		return line
	}
	var b strings.Builder
	for i := 0; i < order.NumRuns(); {
		n := groupLength(&order, i)
		// The library tells runs but not their order on the page: a group is written from its end.
		for j := i + n - 1; j >= i; j-- {
			run := order.Run(j)
			if run.Direction() == bidi.RightToLeft {
				b.WriteString(bidi.ReverseString(run.String()))
			} else {
				b.WriteString(run.String())
			}
		}
		i += n
	}
	return b.String()
}

// groupLength counts the runs from first on that are read from right to left
// together: such text, and the numbers within or after it.
func groupLength(order *bidi.Ordering, first int) int {
	run := order.Run(first)
	if run.Direction() != bidi.RightToLeft {
		return 1
	}
	n := 1
	for first+n < order.NumRuns() {
		run := order.Run(first + n)
		if run.Direction() != bidi.RightToLeft && strings.ContainsFunc(run.String(), unicode.IsLetter) {
			break
		}
		n++
	}
	return n
}

func rightToLeft(r rune) bool {
	return r >= 0x0590 && r <= 0x08FF || r >= 0xFB1D && r <= 0xFDFF || r >= 0xFE70 && r <= 0xFEFF
}
