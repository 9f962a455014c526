package sorting

import (
	"iter"
	"unicode"
	"unicode/utf8"
)

const (
	maxRaw      = 256 << 10 // bytes of text that are looked at, markup and quotes included
	maxText     = 96 << 10  // bytes of visible text that are read
	maxSubject  = 2 << 10
	maxWord     = 48 // bytes of a folded word that are compared
	maxSentence = 45 // words; a longer one is cut
	shortLine   = 48 // bytes; a line shorter than this ends its sentence
	maxQuoted   = 160
	mostLetters = 64 // different rare letters; no language has so many
)

// word is one word of the mail.
type word struct {
	start, end int32 // in message.text
	hits, to   int32 // in message.hits
	sentence   int32
	number     int16 // its value where it is a number up to 999
	quoted     bool  // between quotation marks
	address    bool  // an e-mail address
	reach      int32 // the last word of the longest phrase that begins here
	marks      marks
}

// message is a mail cut into words and sentences; the subject is sentence 0.
type message struct {
	text    string
	words   []word
	hits    []int32
	letters []letterCount // rare letters seen, for the language
	langs   uint64        // languages whose words count
	lang    string
	steps   int
}

type letterCount struct {
	r rune
	n int
}

// read cuts subject and text into words and gives each its concepts.
func (s *Sorter) read(subject, text string) *message {
	subject, text = clip(subject, maxSubject), clip(text, maxText)
	m := &message{text: subject + "\n\n" + text}
	m.words = make([]word, 0, len(m.text)/6+8)
	m.hits = make([]int32, 0, len(m.text)/2+16)
	c := cutter{m: m, words: s.words}
	c.cut(0, len(subject))
	c.sentence = 1
	c.cut(len(subject), len(m.text))
	s.guess(m)
	s.heed(m)
	s.mend(m)
	s.mark(m)
	s.phrases(m)
	m.cite()
	m.unquote()
	return m
}

// sentences walks the sentences: the first word of each, and the one after its last.
func sentences(words []word) iter.Seq2[int, int] {
	return func(yield func(from, to int) bool) {
		for from := 0; from < len(words); {
			to := from + 1
			for to < len(words) && words[to].sentence == words[from].sentence {
				to++
			}
			if !yield(from, to) {
				return
			}
			from = to
		}
	}
}

func clip(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	for limit > 0 && !utf8.RuneStart(s[limit]) {
		limit--
	}
	return s[:limit]
}

// cutter walks the text once.
type cutter struct {
	m        *message
	words    *matcher
	folded   []byte
	sentence int32
	inside   int32 // words of the sentence so far
	line     int   // where the line began
	quote    int   // first word after an opening quotation mark, -1 for none
	quoteAt  int
}

func (c *cutter) cut(from, to int) {
	c.quote, c.line = -1, from
	text := c.m.text
	for i := from; i < to; {
		r, size := rune(text[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(text[i:])
		}
		// An apostrophe begins no word, though Unicode counts one of them among the letters.
		if f := foldedRune(r); f != separator && f != "" && !isApostrophe(r) {
			i = c.word(i, to)
			continue
		}
		c.between(r, i, size, to)
		i += size
	}
	c.endSentence()
}

// word takes the word that begins at i in and returns where it ends.
func (c *cutter) word(i, to int) int {
	text, start, letters := c.m.text, i, 0
	c.folded = c.folded[:0]
	number, digits := 0, true
	for i < to {
		r, size := rune(text[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(text[i:])
		}
		if isApostrophe(r) {
			if after := lettersFrom(text[i+size : to]); after == 0 || apart(letters, after) {
				break
			}
			i += size
			continue
		}
		if r == '@' && letters > 0 || r == ':' && letters >= 4 && hasScheme(text[i:to]) {
			return c.address(start, i, to, r == '@')
		}
		f := foldedRune(r)
		if f == separator {
			break
		}
		if r >= utf8.RuneSelf && r < 0x600 {
			c.rare(r)
		}
		if digits = digits && r >= '0' && r <= '9' && number < 1000; digits {
			number = number*10 + int(r-'0')
		}
		if len(c.folded) < maxWord {
			c.folded = append(c.folded, f...)
		}
		letters++
		i += size
	}
	w := word{start: int32(start), end: int32(i), sentence: c.sentence}
	if digits && number < 1000 {
		w.number = int16(number)
	}
	if first := text[start]; first >= '0' && first <= '9' && letters >= 3 {
		w.marks = of(cDigits)
	}
	c.add(w)
	return i
}

func lettersFrom(s string) int {
	n := 0
	for _, r := range s {
		if f := foldedRune(r); f == separator || n == 4 {
			break
		}
		n++
	}
	return n
}

func hasScheme(s string) bool { return len(s) > 3 && s[1] == '/' && s[2] == '/' }

// address skips an e-mail address or a link.
func (c *cutter) address(start, i, to int, mail bool) int {
	for i < to && c.m.text[i] > ' ' && c.m.text[i] != '<' && c.m.text[i] != '>' {
		i++
	}
	c.folded = c.folded[:0]
	c.add(word{start: int32(start), end: int32(i), sentence: c.sentence, address: mail, marks: of(cDigits)})
	return i
}

func (c *cutter) add(w word) {
	w.hits = int32(len(c.m.hits))
	if len(c.folded) > 0 {
		c.m.steps += len(c.folded)
		c.m.hits = c.words.find(c.folded, c.m.hits)
	}
	w.to = int32(len(c.m.hits))
	w.reach = int32(len(c.m.words))
	c.m.words = append(c.m.words, w)
	if c.inside++; c.inside >= maxSentence {
		c.endSentence()
	}
}

func (c *cutter) rare(r rune) {
	r = unicode.ToLower(r)
	for i := range c.m.letters {
		if l := &c.m.letters[i]; l.r == r {
			l.n++
			return
		}
	}
	if len(c.m.letters) < mostLetters {
		c.m.letters = append(c.m.letters, letterCount{r, 1})
	}
}

// between looks at what stands between words: does the sentence end, does a
// quotation begin or end.
func (c *cutter) between(r rune, i, size, to int) {
	switch r {
	case '?', '؟':
		c.question()
		c.endSentence()
	case '!', ';', '…', '•', '。', '|', '·':
		if r != ';' || c.m.text[i] == ';' {
			c.endSentence()
		}
	case '.':
		if c.fullStop(i+1, to) {
			c.endSentence()
		}
	case '\n':
		if i+1 < to && c.m.text[i+1] == '\n' || i-c.line < shortLine || c.item(i+1, to) {
			c.endSentence()
		}
		c.line = i + size
	case '"', '“', '”', '„', '«', '»', '‟':
		c.quotation(i)
	}
}

// question marks the last word of the sentence.
func (c *cutter) question() {
	if c.inside > 0 {
		w := &c.m.words[len(c.m.words)-1]
		w.marks = w.marks.or(of(cQuestion))
	}
}

// fullStop says whether the dot before i ends a sentence, and not a number or
// an abbreviation: a capital letter or the end of the line follows.
func (c *cutter) fullStop(i, to int) bool {
	spaces := 0
	for i < to && (c.m.text[i] == ' ' || c.m.text[i] == '\t') {
		i, spaces = i+1, spaces+1
	}
	if i >= to {
		return true
	}
	r, _ := utf8.DecodeRuneInString(c.m.text[i:])
	if unicode.IsLetter(r) && !unicode.IsLower(r) && spaces > 0 {
		return c.inside > 1 || !c.short()
	}
	return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsSpace(r)
}

// short says whether the last word may be an abbreviation.
func (c *cutter) short() bool {
	if len(c.m.words) == 0 {
		return true
	}
	w := c.m.words[len(c.m.words)-1]
	return w.end-w.start <= 3
}

// item says whether a line that begins at i is an item of a list.
func (c *cutter) item(i, to int) bool {
	for i < to && (c.m.text[i] == ' ' || c.m.text[i] == '\t') {
		i++
	}
	if i >= to {
		return true
	}
	b := c.m.text[i]
	return b == '-' || b == '*' || b >= '0' && b <= '9' && i+1 < to && (c.m.text[i+1] == '.' || c.m.text[i+1] == ')')
}

func (c *cutter) quotation(i int) {
	if c.quote < 0 || i-c.quoteAt > maxQuoted {
		c.quote, c.quoteAt = len(c.m.words), i
		return
	}
	for k := c.quote; k < len(c.m.words); k++ {
		c.m.words[k].quoted = true
	}
	c.quote = -1
}

func (c *cutter) endSentence() {
	if c.inside > 0 && c.sentence > 0 {
		c.sentence++
		c.inside = 0
	}
}
