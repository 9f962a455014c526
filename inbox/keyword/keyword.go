// Package keyword reads what a handler answers to a case mail or a digest: one keyword on the first line, in
// Finnish, Swedish or English, with its arguments.
//
// Personal data leaves on the strength of this one line, so it is read exactly and never searched for: the word is
// spelt as in the table, upper and lower case aside, it begins the line, and everything behind it is understood
// or nothing is done. Folding knows the letters A to Z and Å, Ä, Ö; a letter that only looks like one of them is another.
// Whoever calls has to make sure that the line is the handler's own and visible.
package keyword

import (
	"slices"
	"strings"

	"dpobot/workflow"
)

// Read reads the first line of a reply. after are the lines below it, without quotes and signatures as far as they could
// be told. The words of the three languages, also of arguments, can be mixed.
//
// What people type around a word counts as typing: blanks, a colon, comma or dash behind it, one full stop or up to
// three exclamation marks at the end. A question mark does not: "VERIFIED?" is no order.
//
// Errors are ErrNoKeyword, *TrailingError and *ArgumentError. In the latter two the command is returned too, with
// its Word alone. Nothing may be done on any of them but to ask back.
func Read(firstLine string, after []string) (workflow.Command, error) {
	word, argument, ok := cutWord(tidy(firstLine))
	if !ok {
		return workflow.Command{}, ErrNoKeyword
	}
	bare := workflow.Command{Word: word}
	if closes(word) && len(after) > 0 && !endsText(after[0]) {
		return bare, &TrailingError{word}
	}
	cmd := bare
	cmd.Argument = workflow.Text(argument)
	if err := readArgument(&cmd, argument, after); err != nil {
		return bare, err
	}
	return cmd, nil
}

// IsBareKeyword tells whether a line of text is a keyword alone, or one that releases, erases or closes with whatever
// argument. No mail of the program may hold one: an automatic reply, or an empty one with the question quoted
// badly, would send it back. A word that lacks its argument, as ASK, counts: it would take the next line for it.
func IsBareKeyword(line string) bool {
	word, argument, ok := cutWord(tidy(line))
	if !ok || argument == "" {
		return ok
	}
	_, err := Read(line, nil)
	return err == nil && (closes(word) || word.Irreversible())
}

// closes lists the words that release, erase or close and take no text: what follows on the next line would be a second
// thought ("VERIFIED / no, wait"), so nothing may follow. RETRY is one as it sends an answer again.
func closes(w workflow.Word) bool {
	return !takesText(w) && (w.Irreversible() || w == workflow.WordRetry)
}

// takesText lists the words whose argument goes on in the lines below.
func takesText(w workflow.Word) bool {
	switch w {
	case workflow.WordSet, workflow.WordAsk, workflow.WordRefuse, workflow.WordExtend, workflow.WordDone, workflow.WordTick, workflow.WordNote:
		return true
	}
	return false
}

// cutWord takes the keyword off a tidied line and returns the rest without what people put between.
func cutWord(line string) (workflow.Word, string, bool) {
	for _, spelling := range spellings {
		rest, ok := cutPhrase(line, spelling.phrase)
		if !ok {
			continue
		}
		if rest, ok = cutPunctuation(rest); ok {
			return spelling.word, rest, true
		}
	}
	return "", "", false
}

// cutPunctuation takes off what may stand between a word and its argument; false if it is more than that.
func cutPunctuation(rest string) (string, bool) {
	text := strings.TrimLeft(rest, " ")
	marks := len(text) - len(strings.TrimLeft(text, ".,:;!?"))
	switch text[:marks] {
	case "", ".", ",", ":", ";", "!", "!!", "!!!":
	default:
		return "", false
	}
	behind := text[marks:]
	if behind != "" && behind[0] != ' ' && rest == behind {
		return "", false // the word goes on
	}
	if behind != "" && behind[0] != ' ' && marks > 0 && text[:marks] != ":" && text[:marks] != "," {
		return "", false // "VERIFIED.X"
	}
	behind = strings.TrimLeft(behind, " ")
	for _, dash := range []string{"- ", "– ", "— "} {
		behind = strings.TrimPrefix(behind, dash)
	}
	return strings.TrimSpace(behind), true
}

// endsText tells whether a line ends what belongs to the keyword: blank, or the mark of a signature.
func endsText(line string) bool {
	line = strings.TrimSpace(tidy(line))
	return line == "" || line == "--"
}

// text is the argument and the lines below, up to a signature's mark or a quote. Blank lines stay: a question to
// the person may have paragraphs.
func text(argument string, after []string) workflow.Text {
	var lines []string
	if argument != "" {
		lines = append(lines, argument)
	}
	for _, line := range after {
		line = strings.TrimRight(line, " \t\r\n")
		if line == "--" || strings.HasPrefix(strings.TrimLeft(line, " \t"), ">") {
			break
		}
		lines = append(lines, line)
	}
	return workflow.Text(strings.TrimSpace(strings.Join(lines, "\n")))
}

// Help is one keyword as it is explained to handlers.
type Help struct {
	Word workflow.Word
	// Keyword is how it is written in the language, in capitals.
	Keyword string
	// Arguments shows what may follow, "" for nothing. Brackets mark what can be left out.
	Arguments string
	// Does says in one line what it does.
	Does string
}

// Words returns every keyword in the order of the manual, in "fi", "sv", or English for any other language.
func Words(lang string) []Help {
	switch lang {
	case "fi":
		return slices.Clone(finnish)
	case "sv":
		return slices.Clone(swedish)
	}
	return slices.Clone(english)
}

// Spell returns how a keyword is written in the language, in capitals.
func Spell(word workflow.Word, lang string) string {
	for _, help := range Words(lang) {
		if help.Word == word {
			return help.Keyword
		}
	}
	return string(word)
}
