package particulars

import "strings"

// standing is what a mail says of a value.
type standing string

const (
	said   standing = ""     // nothing
	fresh  standing = "new"  // is to be written
	before standing = "old"  // is to go
	alien  standing = "else" // is another's, or the controller's
)

// event is a cue or a value, in the order of a sentence.
type event struct {
	cue
	value    string   // "" for a cue
	standing standing // of a value, as its ending says
	title    string   // of a value's field
	at, end  int      // tokens
}

// finding is a value with what the mail says of it.
type finding struct {
	kind     kind
	title    string
	text     string
	standing standing
	listed   bool // stood in a list of changes, unmarked
	form     bool // stood in a line "field: value"
	carried  bool // its field was named in a sentence before
}

// reader goes once through a mail, sentence by sentence.
type reader struct {
	lex    *lexicon
	text   string
	tokens []token
	signed int // token where the signature begins
	signer string

	intents  map[kind]bool // fields that the subject says are to change
	sentence []event
	form     bool // the sentence is a line "field: value"
	listing  bool // a heading announced changes, and only such lines stood since
	headed   bool // that heading ended in a colon
	listed   int  // findings before the last run of lines "field: value"
	carry    carried

	findings  []finding
	elsewhere bool
	answered  bool // the mail speaks of sending or answering
	previous  int  // findings before the last sentence
}

// carried is what a sentence without a value leaves to those after it.
type carried struct {
	kind     kind
	title    string
	intent   bool // it is to change
	standing standing
	left     int // sentences
}

func newReader(lex *lexicon, text string, tokens []token) *reader {
	r := &reader{lex: lex, text: text, tokens: tokens, intents: map[kind]bool{}}
	r.signed, r.signer = r.signature()
	return r
}

// subject keeps the fields that a subject line says are to change, and reads it as the
// first sentence of the mail.
func (r *reader) subject(subject string) {
	words := split(subject)
	var kinds []kind
	changes := false
	for i := 0; i < len(words); {
		cues, n := r.lex.match(words, i)
		for _, c := range cues {
			switch c.means {
			case field:
				kinds = append(kinds, c.kind)
			case change, isNew, isWrong, isRight:
				changes = true
			case yours:
				return
			}
		}
		i += max(n, 1)
	}
	for _, k := range kinds {
		if changes {
			r.intents[k] = true
			r.carry = carried{kind: k, intent: true, left: 3}
		}
	}
}

// mostEvents bounds the work on a sentence without an end.
const mostEvents = 120

// read walks over the tokens, gathers the cues and values of each sentence, and settles
// it where it ends.
func (r *reader) read() {
	for i := 0; i < len(r.tokens); {
		if i > 0 && r.breaks(i) || len(r.sentence) >= mostEvents {
			r.settle()
		}
		if len(r.sentence) == 0 && r.starts(i) {
			r.form = r.isForm(i) || r.listing && r.tokens[i].lines > 0 && r.item(i)
		}
		n := r.take(i)
		i += max(n, 1)
	}
	r.settle()
}

// take adds the value or cue at token i to the sentence, and tells how many tokens it
// took.
func (r *reader) take(i int) int {
	if v, n := r.value(i); n > 0 {
		r.sentence = append(r.sentence, v)
		return n
	}
	cues, n := r.lex.match(r.tokens, i)
	for _, c := range cues {
		r.sentence = append(r.sentence, event{cue: c, at: i, end: i + n})
	}
	if n == 0 && r.tokens[i].arrow() {
		r.sentence = append(r.sentence, event{cue: cue{means: "arrow"}, at: i, end: i + 1})
	}
	return n
}

// starts tells that a line or a sentence begins at token i, bullets aside.
func (r *reader) starts(i int) bool {
	for i > 0 && r.tokens[i].lines == 0 && r.bullet(i-1) {
		i--
	}
	return i == 0 || r.tokens[i].lines > 0 || r.tokens[i-1].is(".") || r.tokens[i-1].is("!") || r.tokens[i-1].is("?")
}

// bullet tells the signs that begin an item of a list.
func (r *reader) bullet(i int) bool {
	t := r.tokens[i]
	return t.shape == mark && strings.Contains("-–—*•·|‣▪#", t.text)
}

// mostLabel is the longest label of a line "field: value", in tokens.
const mostLabel = 6

// isForm tells that the line at i begins with a label and a colon, a tab or a bar.
func (r *reader) isForm(i int) bool {
	for i < len(r.tokens) && r.bullet(i) {
		i++
	}
	for n := 0; n < mostLabel && i+n < len(r.tokens); n++ {
		t := r.tokens[i+n]
		switch {
		case n > 0 && t.lines > 0:
			return false
		case t.is(":") || t.is("|") || t.is("=") && n > 0:
			return n > 0
		case t.shape != word && !t.is("(") && !t.is(")") && !t.is(".") && !t.is("/"):
			return false
		case n > 0 && strings.ContainsRune(r.text[r.tokens[i+n-1].end:t.start], '\t'):
			return true
		}
	}
	return false
}

// item tells that the line at i is short and begins with the word for a field: "Phone
// 040 123 4567" in a list.
func (r *reader) item(i int) bool {
	for i < len(r.tokens) && r.bullet(i) {
		i++
	}
	if i >= len(r.tokens) {
		return false
	}
	cues, _ := r.lex.match(r.tokens, i)
	return len(cues) > 0 && cues[0].means == field && endOfLine(r.text[r.tokens[i].start:]) < 2*wide
}

// wide is the length from which a line was probably broken by the program that sent it.
const wide = 48

// breaks tells whether a sentence ends between the tokens i-1 and i.
func (r *reader) breaks(i int) bool {
	last, t := r.tokens[i-1], r.tokens[i]
	if t.lines > 1 {
		return true
	}
	if t.lines == 1 {
		long := r.column(i-1) >= wide
		return !long || r.form || r.bullet(i) || r.isForm(i) || i == r.signed
	}
	if i == r.signed {
		return true
	}
	switch {
	case last.is("!") || last.is("?"):
		return true
	case !last.is(".") || !t.spaced && t.shape != word:
		return false
	}
	if i < 2 || last.spaced {
		return true
	}
	w := r.tokens[i-2]
	switch {
	case w.shape == number:
		return t.capital() && months[t.fold] == 0
	case w.shape == word && (abbreviations[w.fold] || len(w.text) == 1):
		return false
	}
	return t.spaced || t.capital()
}

// abbreviations end in a full stop that ends no sentence.
var abbreviations = map[string]bool{
	"puh": true, "tel": true, "nro": true, "ent": true, "st": true, "no": true, "nr": true, "ul": true, "as": true, "apt": true,
	"str": true, "dr": true, "synt": true, "esim": true, "os": true, "mr": true, "mrs": true, "ms": true, "m": true, "av": true, "al": true,
	"tfn": true, "mob": true, "krs": true, "lgh": true, "bst": true, "ca": true, "s": true, "aik": true, "num": true, "terv": true, "yst": true, "rd": true,
	"geb": true, "f.d": true, "o.s": true, "prof": true, "ave": true, "blvd": true, "p": true, "c": true, "kl": true, "skr": true,
}

// column is how wide the line is at the end of token i.
func (r *reader) column(i int) int {
	return r.tokens[i].end - 1 - strings.LastIndexByte(r.text[:r.tokens[i].start], '\n')
}
