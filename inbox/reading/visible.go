package reading

import "strings"

// visible is a text taken apart by whose words it holds.
type visible struct {
	own           []string // the sender's new words; lines starting with ">" are quotes between them
	first         string   // the first line as it stands, when it is the sender's own
	after         []string // the lines of own after first
	quoteAbove    bool     // somebody else's words stand above the sender's
	forwarded     []string // a mail that is passed on
	forwardedFrom string   // who that mail says it is from
	embedded      []line   // a whole mail below the sender's words: quoted, or passed on without saying so
}

// passage is what a line of text is.
type passage byte

const (
	blankLine       passage = 'e'
	ownLine         passage = 't' // nothing says that it is anything else
	quoteLine       passage = 'q'
	attributionLine passage = 'b' // "On 3 March, Somebody wrote:"
	signatureStart  passage = 'd' // "-- "
	ruler           passage = 'r' // "_____", "*****"
	phoneSignature  passage = 's' // "Sent from my telephone"
	replyMarker     passage = 'o' // "-----Original Message-----", Outlook's header block
	forwardMarker   passage = 'f' // "----- Forwarded message -----"
)

// maxTail is how many lines under a quote at the end of a text still are a signature or
// footer, where the sender's words stand above the quote.
const maxTail = 6

// readVisible finds the new words in a text. Mail programs quote in dozens of ways, so
// each line is first told for itself; what is the sender's own follows from the order.
// When in doubt a line is not the sender's own: a command must never be read out of a quote.
func readVisible(lines []line) visible {
	kinds := classify(lines)
	words := countWords(lines, kinds)
	var v visible
	end := cutPoint(lines, kinds, words, &v)
	start, end := cutAttributions(kinds, end)
	for end > start && (kinds[end-1] == quoteLine || kinds[end-1] == blankLine || kinds[end-1] == ruler) {
		end--
	}
	left := words[end] - words[start]
	if left == 0 || kinds[firstFilled(kinds)] == quoteLine && left <= looseWords {
		end = start
	}
	v.take(lines, kinds, start, end)
	return v
}

// looseWords is how many words under or between quotes are as likely a piece of the
// quote that lost its mark when the line was wrapped.
const looseWords = 3

// classify tells each line for itself, and those that only make sense together.
func classify(lines []line) []passage {
	kinds := make([]passage, len(lines))
	ends := make([]int, len(lines)+1) // the next line that may end an attribution
	ends[len(lines)] = len(lines) + 2*maxAttributionLines
	for i := len(lines) - 1; i >= 0; i-- {
		ends[i] = ends[i+1]
		if endsAttribution(lines[i].text) {
			ends[i] = i
		}
	}
	fenced := false
	for i := 0; i < len(lines); i++ {
		l := lines[i]
		text := strings.TrimFunc(l.text, isBlankOrInvisible)
		if strings.HasPrefix(text, "```") && l.kind == lineOwn {
			fenced = !fenced
		}
		if text == "" || text == "ᐧ" { // the second is how Gmail's mail trackers mark a mail
			kinds[i] = blankLine
			continue
		}
		if fenced && l.kind == lineOwn {
			kinds[i] = ownLine
			continue
		}
		kind, count := classifyAt(lines, i, text, ends[i] < i+2*maxAttributionLines)
		for n := 0; n < count; n++ {
			kinds[i+n] = kind
		}
		i += count - 1
	}
	return kinds
}

// classifyAt tells the line at i and how many lines belong together; ends is whether an
// attribution may end close by.
func classifyAt(lines []line, i int, text string, ends bool) (passage, int) {
	switch {
	case isForwardMarker(text):
		return forwardMarker, 1
	case lines[i].kind == lineQuoted:
		return quoteLine, 1
	case lines[i].kind == lineSignature:
		return phoneSignature, 1
	case lines[i].kind == lineAttribution:
		return attributionLine, 1
	case lines[i].kind == lineCut:
		return replyMarker, 1
	}
	if ends || startsWithDate(text) {
		if n := attributionLength(lines[i:]); n > 0 {
			return attributionLine, n
		}
	}
	switch {
	case isQuoteLine(text):
		return quoteLine, 1
	case isReplyMarker(text), startsHeaderBlock(lines[i:]):
		return replyMarker, 1
	case isSignatureStart(text):
		return signatureStart, 1
	case isRuler(text):
		return ruler, 1
	case isPhoneSignature(text):
		return phoneSignature, 1
	}
	return ownLine, 1
}

// isQuoteLine tells a line that is quoted by its mark. Some programs quote with a bar,
// some with the initials of the writer.
func isQuoteLine(text string) bool {
	text = strings.TrimLeftFunc(text, isBlankOrInvisible)
	if strings.HasPrefix(text, ">") || strings.HasPrefix(text, "＞") || text == "|" || strings.HasPrefix(text, "| ") {
		return true
	}
	mark := strings.IndexByte(text, '>')
	return mark > 0 && mark <= 3 && isUpperWord(text[:mark])
}

func isUpperWord(s string) bool {
	for _, c := range s {
		if c < 'A' || c > 'Z' {
			return false
		}
	}
	return true
}

// cutPoint returns where the text ends that can be the sender's own: at a mail that is
// quoted or passed on as a whole, or at a signature.
func cutPoint(lines []line, kinds []passage, words []int, v *visible) int {
	seen := 0
	for i, kind := range kinds {
		switch kind {
		case ownLine:
			seen++
		case forwardMarker:
			v.forwarded, v.forwardedFrom = readForwarded(lines[i+1:])
			return i
		case replyMarker:
			v.embedded = lines[i:]
			return i
		case signatureStart:
			v.lookBelow(lines, kinds, i)
			return i
		case ruler:
			if seen > 0 && isFooter(kinds, words, i) {
				v.lookBelow(lines, kinds, i)
				return i
			}
		}
	}
	return len(lines)
}

// lookBelow finds the mail that hangs on below a signature.
func (v *visible) lookBelow(lines []line, kinds []passage, from int) {
	for i := from; i < len(kinds); i++ {
		switch kinds[i] {
		case forwardMarker:
			v.forwarded, v.forwardedFrom = readForwarded(lines[i+1:])
			return
		case replyMarker:
			v.embedded = lines[i:]
			return
		}
	}
}

// footerWords is the length of a signature that stands under the shortest of messages.
const footerWords = 12

// isFooter reports whether what a ruler at i parts off is a signature or footer, rather
// than the greater part of what somebody wrote.
func isFooter(kinds []passage, words []int, i int) bool {
	below := len(kinds)
	for n := i + 1; n < len(kinds); n++ {
		if kinds[n] == attributionLine || kinds[n] == replyMarker || kinds[n] == forwardMarker {
			below = n
			break
		}
	}
	return words[below]-words[i] <= max(footerWords, 4*words[i])
}

// cutAttributions finds the sender's words around quotes that are introduced by "... wrote:".
func cutAttributions(kinds []passage, end int) (start, newEnd int) {
	for i := 0; i < end; i++ {
		if kinds[i] != attributionLine {
			continue
		}
		above := contains(kinds[start:i], ownLine)
		next := i
		for next < end && (kinds[next] == attributionLine || kinds[next] == blankLine || kinds[next] == phoneSignature) {
			next++
		}
		if next == end || kinds[next] != quoteLine {
			return start, i // what follows is quoted without a mark
		}
		tail, mixed := tailAfterQuote(kinds[next:end])
		switch {
		case tail == 0 && !mixed:
			return start, i
		case above && !mixed && tail <= maxTail:
			return start, i
		case !above:
			for start = next; kinds[start] != ownLine; start++ {
			}
			i = start
		}
	}
	return start, end
}

// tailAfterQuote counts the own lines after the last quote, and tells whether there are
// own lines between quotes.
func tailAfterQuote(kinds []passage) (tail int, mixed bool) {
	for _, kind := range kinds {
		switch kind {
		case ownLine:
			tail++
		case quoteLine:
			mixed = mixed || tail > 0
			tail = 0
		}
	}
	return tail, mixed
}

func contains(kinds []passage, want passage) bool {
	for _, kind := range kinds {
		if kind == want {
			return true
		}
	}
	return false
}

// countWords counts the words of the sender's own lines above each line, and in all.
func countWords(lines []line, kinds []passage) []int {
	above := make([]int, len(lines)+1)
	for i, l := range lines {
		above[i+1] = above[i]
		if kinds[i] == ownLine {
			above[i+1] += len(strings.Fields(l.text))
		}
	}
	return above
}

// firstFilled is the first line that is not empty.
func firstFilled(kinds []passage) int {
	for i, kind := range kinds {
		if kind != blankLine {
			return i
		}
	}
	return 0
}

// take writes down the sender's own lines.
func (v *visible) take(lines []line, kinds []passage, start, end int) {
	firstAt := -1
	for i := start; i < end; i++ {
		text := strings.TrimRightFunc(lines[i].text, isBlankOrInvisible)
		switch kinds[i] {
		case attributionLine, phoneSignature:
			continue
		case quoteLine:
			if !strings.HasPrefix(strings.TrimLeftFunc(text, isBlankOrInvisible), ">") {
				text = "> " + text
			}
		case ownLine:
			if firstAt < 0 {
				firstAt = len(v.own)
				if i == firstFilled(kinds) {
					v.first = lines[i].text
				} else {
					v.quoteAbove = true
				}
			}
		}
		v.own = append(v.own, text)
	}
	if v.first != "" {
		v.after = trimEnd(v.own[firstAt+1:])
	}
	v.own = trimBlank(v.own)
}

// readForwarded takes the text of a mail that is passed on, below its marker.
func readForwarded(lines []line) (text []string, from string) {
	headers := true
	for _, l := range lines {
		plain := unquoteLine(l.text)
		if headers && len(text) == 0 && from == "" && (isRuler(plain) || isReplyMarker(plain)) {
			continue
		}
		label, value, ok := strings.Cut(plain, ":")
		if headers && plain == "" {
			headers = from == "" && len(text) == 0
			continue
		}
		if role := headerRole(label); headers && ok && role != noHeader {
			if role == fromHeader && from == "" {
				from = strings.Trim(value, " *\u00a0")
			}
			continue
		}
		if headers && from != "" && len(text) == 0 {
			continue // a header line that was wrapped
		}
		text = append(text, plain)
	}
	return trimBlank(text), from
}

func unquoteLine(text string) string {
	return strings.TrimFunc(strings.TrimLeft(strings.TrimFunc(text, isBlankOrInvisible), "> "), isBlankOrInvisible)
}

func isBlankText(s string) bool { return strings.TrimFunc(s, isBlankOrInvisible) == "" }

func trimBlank(lines []string) []string {
	for len(lines) > 0 && isBlankText(lines[0]) {
		lines = lines[1:]
	}
	return trimEnd(lines)
}

func trimEnd(lines []string) []string {
	for len(lines) > 0 && isBlankText(lines[len(lines)-1]) {
		lines = lines[:len(lines)-1]
	}
	return lines
}

// unflow joins the lines that format=flowed broke (RFC 3676, 4): a line that ends in a
// blank goes on in the next one, so "VERIFIED " over "not yet" is one sentence.
func unflow(lines []line) []line {
	out := lines[:0]
	joining := false
	for _, l := range lines {
		text := l.text
		quoted := strings.HasPrefix(text, ">")
		if !quoted {
			text = strings.TrimPrefix(text, " ") // space-stuffing
		}
		flows := !quoted && strings.HasSuffix(text, " ") && text != "-- " && strings.TrimSpace(text) != ""
		if joining && !quoted && text != "-- " && strings.TrimSpace(text) != "" {
			out[len(out)-1].text += text
		} else {
			out = append(out, line{text, l.kind})
		}
		joining = flows && len(out[len(out)-1].text) < maxFlowed
	}
	return out
}

const maxFlowed = 64 << 10
