package particulars

import "strings"

// meaning is what a cue says.
type meaning string

const (
	field     meaning = "field"     // names a field; with the field's own kind
	isNew     meaning = "new"       // "new", of a field or by itself
	isNow     meaning = "now"       // "now", "from now on": new where it says what is
	isRight   meaning = "right"     // "should be", "the correct one": what follows is new
	isOld     meaning = "old"       // "old", "formerly": what follows is old
	isHeld    meaning = "held"      // "you have me as": what follows is old
	isWrong   meaning = "wrong"     // "wrong", "misspelt"
	isGone    meaning = "gone"      // "no longer in use": what stands before is old
	remove    meaning = "remove"    // "delete", "don't use": what follows is old, else what stands before
	not       meaning = "not"       // "not", "instead of": what follows at once is old
	from      meaning = "from"      // of a change: what follows is old
	to        meaning = "to"        // of a change: what follows is new
	change    meaning = "change"    // changed, or please change
	moved     meaning = "moved"     // has moved house
	lives     meaning = "lives"     // "I live at"
	be        meaning = "be"        // "is", "are"
	glue      meaning = "glue"      // may stand between a cue and its value
	contact   meaning = "contact"   // "call me", "reach me at"
	send      meaning = "send"      // "send", "forward"
	reply     meaning = "reply"     // "reply to", "send the answer to"
	answer    meaning = "answer"    // "the answer", "the copy", "my data"
	elsewhere meaning = "elsewhere" // "to my other address"
	there     meaning = "there"     // "there", of an address just named
	other     meaning = "other"     // somebody else: "my wife's"
	yours     meaning = "yours"     // of the controller: "your address"
	same      meaning = "same"      // "stays the same"
	identity  meaning = "identity"  // "to identify me", "my contact details"
	greeting  meaning = "greeting"  // the words that close a mail
	maybe     meaning = "maybe"     // "if": nothing in the sentence is said to be so
	these     meaning = "these"     // "these", of a list above
	stop      meaning = "stop"      // no part of a name or an address
)

// kind is the shape that the values of a field have.
type kind string

const (
	email     kind = "email"
	telephone kind = "telephone"
	address   kind = "address"
	name      kind = "name"
	birth     kind = "birth_date"
	customer  kind = "customer_number"
	postcode  kind = "postcode"
	account   kind = "account"
	secret    kind = "secret" // an identity code: nothing near it is read
)

// role is the word for the values of a kind that are a field by themselves.
func (k kind) role() string { return string(k) }

// cue is one thing that a word or phrase says.
type cue struct {
	means meaning
	kind  kind   // of a field
	title string // of a field that no role stands for
}

// entry is a line of a language's table: words and phrases, separated by commas, and
// what they say. A word that ends in * stands for every word that begins so.
type entry struct {
	cues  []cue
	words string
}

func says(m meaning, words string) entry { return entry{[]cue{{means: m}}, words} }

// of is an entry for the words of a field whose values are of the kind. Title is empty
// for the field that the role itself names. More says what else the words say.
func of(k kind, title, words string, more ...meaning) entry {
	e := entry{[]cue{{field, k, title}}, words}
	for _, m := range more {
		e.cues = append(e.cues, cue{means: m})
	}
	return e
}

// phrase is one phrase as it is matched.
type phrase struct {
	words []string // folded; * at the end of a word as in the table
	cues  []cue
}

// open counts the words behind the first that stand for all that begin so.
func (p phrase) open() int {
	n := 0
	for _, w := range p.words[1:] {
		if strings.HasSuffix(w, "*") {
			n++
		}
	}
	return n
}

// lexicon finds the cues of one language.
type lexicon struct {
	lang    string
	surname string              // title of the field for the last part of a name
	given   string              // and for the first
	whole   map[string][]phrase // by first word
	begins  map[string][]phrase // by the part of the first word before *
	lengths []int               // of the keys of begins
}

func newLexicon(lang, surname, given string, tables ...[]entry) *lexicon {
	lex := &lexicon{lang: lang, surname: surname, given: given, whole: map[string][]phrase{}, begins: map[string][]phrase{}}
	seen := map[int]bool{}
	for _, table := range tables {
		for _, e := range table {
			for _, words := range strings.Split(e.words, ",") {
				if !strings.Contains(words, " .") {
					words = strings.ReplaceAll(words, ".", " ") // "o.s." is two words
				}
				p := phrase{strings.Fields(fold(words)), e.cues}
				if len(p.words) == 0 {
					continue
				}
				part, prefix := strings.CutSuffix(p.words[0], "*")
				if !prefix {
					lex.whole[part] = append(lex.whole[part], p)
					continue
				}
				lex.begins[part] = append(lex.begins[part], p)
				if !seen[len(part)] {
					seen[len(part)] = true
					lex.lengths = append(lex.lengths, len(part))
				}
			}
		}
	}
	return lex
}

// match finds the longest phrase at token i: the most words, then whole words before
// beginnings, then the longest beginning. It returns what it says and how many tokens
// it takes; 0 if there is none.
func (l *lexicon) match(tokens []token, i int) (cues []cue, n int) {
	first := tokens[i].fold
	weight := 0
	try := func(found []phrase, whole int) {
		for _, p := range found {
			size := spans(tokens[i:], p.words)
			if size > 1 && p.cues[0].means == isGone && tokens[i+size-1].capital() {
				continue // "on Vanha Turuntie 5" says of no value that it is old
			}
			if w := size*1000 + whole - 100*p.open(); size > 0 && w > weight {
				cues, n, weight = p.cues, size, w
			}
		}
	}
	try(l.whole[first], 999)
	if tokens[i].shape == word {
		for _, length := range l.lengths {
			if length <= len(first) {
				try(l.begins[first[:length]], length)
			}
		}
	}
	return cues, n
}

// spans is how many tokens the words take at the start; 0 if they do not stand there.
// A full stop within ("o.s.") may stand or be missing.
func spans(tokens []token, words []string) int {
	at := 0
	for i, w := range words {
		if i > 0 && w != "." && at < len(tokens) && tokens[at].is(".") && !tokens[at].spaced && at+1 < len(tokens) && tokens[at+1].lines == 0 {
			at++
		}
		if at >= len(tokens) || i > 0 && tokens[at].lines > 1 {
			return 0
		}
		part, prefix := strings.CutSuffix(w, "*")
		if prefix && !strings.HasPrefix(tokens[at].fold, part) || !prefix && tokens[at].fold != part {
			return 0
		}
		at++
	}
	return at
}
