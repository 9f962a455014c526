package keyword

import (
	"errors"
	"slices"
	"strings"

	"dpobot/workflow"
)

// nothings are the ways in which the keeper of a register says that it holds nothing on the person.
var nothings = [...]string{
	"no data", "nothing", "nothing held", "none", "ei tietoja", "ei mitään", "ei mitään tietoja", "inga uppgifter", "inget", "ingenting",
}

// ErrHandlers: a keeper used a word that only a handler may use.
var ErrHandlers = errors.New("the word is one for handlers alone")

// ReadKeeper reads the reply of a register's keeper: DONE alone on the first line, with what stands directly below it;
// or NO DATA, alone, with nothing directly below. Everything else is text for the handlers to read and never a command,
// "DONE tomorrow" too: ErrNoKeyword. The only other error is ErrHandlers.
func ReadKeeper(firstLine string, after []string) (workflow.Says, workflow.Text, error) {
	line := strings.TrimRight(withoutMark(tidy(firstLine)), " ")
	word, argument, ok := cutWord(line)
	alone := len(after) == 0 || endsText(after[0])
	switch {
	case slices.Contains(nothings[:], fold(line)) && alone:
		return workflow.SaysNothing, "", nil
	case ok && word == workflow.WordDone && argument == "":
		return workflow.SaysDone, directlyBelow(after), nil
	case ok && word != workflow.WordDone && IsBareKeyword(firstLine):
		return "", "", ErrHandlers
	}
	return "", "", ErrNoKeyword
}

// directlyBelow is the text up to the first blank line: what people sign with stands behind one.
func directlyBelow(after []string) workflow.Text {
	end := slices.IndexFunc(after, endsText)
	if end < 0 {
		end = len(after)
	}
	return text("", after[:end])
}
