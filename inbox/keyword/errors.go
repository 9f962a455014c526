package keyword

import (
	"errors"
	"fmt"

	"dpobot/workflow"
)

var (
	// ErrNoKeyword: the line does not begin with a keyword.
	ErrNoKeyword = errors.New("the first line is no keyword")
	// ErrTrailing: a keyword that releases, erases or closes is followed by something that is not understood. It
	// may take the keyword back, so nothing was done. Always a *TrailingError.
	ErrTrailing = errors.New("something follows the keyword")
	// ErrArgument: an argument is missing or not understood. Always an *ArgumentError.
	ErrArgument = errors.New("an argument is not understood")
	// ErrNoReference: a line of a reply to the digest does not begin with the reference of a case.
	ErrNoReference = errors.New("the line does not begin with a reference")
)

// TrailingError is an ErrTrailing; it does not hold what follows.
type TrailingError struct {
	Word workflow.Word
}

// Error says what is wrong without a word of the mail.
func (e *TrailingError) Error() string {
	return string(e.Word) + ": something follows on the line or on the next one"
}

// Is makes it an ErrTrailing.
func (e *TrailingError) Is(target error) bool { return target == ErrTrailing }

// Argument names what could not be understood.
type Argument string

const (
	BadMethod    Argument = "method"    // how the person was verified
	BadAddress   Argument = "address"   // a mail address
	BadMatch     Argument = "match"     // the number of a possible match
	BadKind      Argument = "kind"      // the kind of a request
	BadField     Argument = "field"     // "field: value"
	BadCode      Argument = "code"      // the ground of a refusal
	NoText       Argument = "text"      // a text that is missing
	BadDay       Argument = "day"       // a date
	BadReference Argument = "reference" // the reference of another case
	NotAlone     Argument = "nothing"   // the word takes no argument, and has one
)

// ArgumentError is an ErrArgument.
type ArgumentError struct {
	Word     workflow.Word
	Argument Argument
	// Typed is what stands there, "" if it is missing.
	Typed workflow.Text
}

// Error says what is wrong without a word of the mail.
func (e *ArgumentError) Error() string {
	return fmt.Sprintf("%s: %s", e.Word, e.Explain("en"))
}

// Is makes it an ErrArgument.
func (e *ArgumentError) Is(target error) bool { return target == ErrArgument }

// Explain says in plain words which argument was not understood, in "fi", "sv", or English for any other language.
func (e *ArgumentError) Explain(lang string) string {
	words := argumentWords[e.Argument]
	switch lang {
	case "fi":
		return words.fi
	case "sv":
		return words.sv
	}
	return words.en
}

var argumentWords = map[Argument]struct{ en, fi, sv string }{
	BadMethod:    {"the way in which the person was verified is not understood", "tapaa, jolla henkilö vahvistettiin, ei ymmärretä", "sättet som personen verifierades på förstås inte"},
	BadAddress:   {"the e-mail address is missing or not understood", "sähköpostiosoite puuttuu tai sitä ei ymmärretä", "e-postadressen saknas eller förstås inte"},
	BadMatch:     {"the number of the match is missing or not understood", "osuman numero puuttuu tai sitä ei ymmärretä", "träffens nummer saknas eller förstås inte"},
	BadKind:      {"the kind of request is missing or not understood", "pyynnön laji puuttuu tai sitä ei ymmärretä", "typen av begäran saknas eller förstås inte"},
	BadField:     {"a line is not of the form field: value, or names a field twice", "jokin rivi ei ole muotoa kenttä: arvo, tai sama kenttä on kahdesti", "någon rad har inte formen fält: värde, eller samma fält finns två gånger"},
	BadCode:      {"the ground of the refusal is missing or not understood", "kieltäytymisen peruste puuttuu tai sitä ei ymmärretä", "grunden för avslaget saknas eller förstås inte"},
	NoText:       {"the text is missing", "teksti puuttuu", "texten saknas"},
	BadDay:       {"the date is not understood; write it 2026-03-05 or 5.3.2026", "päivämäärää ei ymmärretä; kirjoita se 5.3.2026 tai 2026-03-05", "datumet förstås inte; skriv det 5.3.2026 eller 2026-03-05"},
	BadReference: {"the reference of the other case is missing or not understood; write it DPO-2026-0001", "toisen asian viite puuttuu tai sitä ei ymmärretä; kirjoita se DPO-2026-0001", "det andra ärendets referens saknas eller förstås inte; skriv den DPO-2026-0001"},
	NotAlone:     {"the keyword stands alone on its line", "avainsana kirjoitetaan riville yksin", "nyckelordet skrivs ensamt på raden"},
}
