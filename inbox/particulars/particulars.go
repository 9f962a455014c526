// Package particulars reads out of a person's own words what they want changed in the
// data held on them, what else identifies them, and whether they ask to be answered at
// another address. It is a proposal that a handler sees before anything is done with
// it, so it is made to be right rather than complete: what cannot be read surely is
// left out.
//
// The words of each language stand in words_*.go; the rules know no language but for
// Finnish endings.
package particulars

import (
	"strings"
	"unicode/utf8"

	"dpobot/workflow"
)

// Particulars is what a mail says of its sender's data.
type Particulars struct {
	// Fields are the changes asked for. Field is one of the roles name, email,
	// telephone and address, or the title of a field in the language of the mail
	// ("Sukunimi", "Postcode"); which field of a register that is, its configuration says. New and Old are spelt as in the mail; an address over
	// several lines is joined by ", ". Old is empty where the mail does not say it. No
	// field comes twice: a mail that gives two new values for one has none.
	Fields []workflow.FieldChange
	// Also holds, by role, what else the mail says of its sender: telephone,
	// customer_number, birth_date (2006-01-02) and name (two words or more). It is nil
	// where there is nothing. Personal identity codes are never in it.
	Also map[string]workflow.Text
	// SendElsewhere: the mail asks to send the answer to another address than the one
	// it came from, or names a new mail address together with a wish to be answered.
	SendElsewhere bool
}

const (
	mostBytes  = 32 << 10 // of a text that is read
	mostFields = 20
	mostValue  = 200 // bytes of one value
)

// Read reads a mail's subject and the visible text of its sender's own. Lang is the
// language that the mail is written in, ISO 639-1; one that is not known is guessed
// from the words. Work grows with the length of the text up to a fixed bound; what
// lies behind it is not read.
func Read(lang, subject, text string) Particulars {
	subject, text = clip(subject, 500), clip(text, mostBytes)
	words := split(text)
	lex, ok := lexicons[lang]
	if !ok {
		lex = guess(split(subject), words)
	}
	words, tabled := tables(lex, text, words)
	r := newReader(lex, text, words)
	r.findings = tabled
	r.subject(subject)
	r.read()
	return r.conclude()
}

// guess picks the language most of whose cues stand in the text; English if none do.
func guess(texts ...[]token) *lexicon {
	best, most := lexicons["en"], 0
	for _, lang := range languages {
		lex, hits := lexicons[lang], 0
		for _, tokens := range texts {
			for i := 0; i < len(tokens) && i < 400; i++ {
				if _, n := lex.match(tokens, i); n > 0 {
					hits += n
				}
			}
		}
		if hits > most {
			best, most = lex, hits
		}
	}
	return best
}

// clip cuts at a whole character and mends what is not UTF-8.
func clip(s string, most int) string {
	if len(s) > most {
		for most > 0 && !utf8.RuneStart(s[most]) {
			most--
		}
		s = s[:most]
	}
	return strings.ToValidUTF8(s, "\ufffd")
}
