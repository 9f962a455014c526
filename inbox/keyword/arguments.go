package keyword

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"dpobot/workflow"
)

// readArgument fills in what stands behind the word; all of it has to be understood.
func readArgument(cmd *workflow.Command, argument string, after []string) error {
	switch cmd.Word {
	case workflow.WordVerified:
		return readVerified(cmd, split(withoutMark(argument)))
	case workflow.WordKind:
		return readKind(cmd, split(withoutMark(argument)))
	case workflow.WordNew:
		return readNew(cmd, split(withoutMark(argument)))
	case workflow.WordJoin:
		return readJoin(cmd, split(withoutMark(argument)))
	case workflow.WordSet:
		return readSet(cmd, argument, after)
	case workflow.WordRefuse:
		return readRefuse(cmd, argument, after)
	case workflow.WordDone:
		if strings.HasPrefix(argument, "[") { // a line of the manual that came back
			return &ArgumentError{cmd.Word, NoText, workflow.Text(argument)}
		}
		if head, rest, ok := cutKinds(cmd, argument); ok {
			argument = rest
			cmd.Argument = workflow.Text(head)
		}
		cmd.Text = readDone(text(argument, after))
		if cmd.Text == "told" {
			_, rest, _ := strings.Cut(tidy(argument), " ")
			cmd.Recipient = strings.Trim(rest, ` .,:;!"'”“`)
		}
		return nil
	case workflow.WordTick:
		if strings.HasPrefix(argument, "[") { // a line of the manual that came back
			return &ArgumentError{cmd.Word, NoText, workflow.Text(argument)}
		}
		cmd.Text = text(argument, after)
		return nil
	case workflow.WordBreach:
		cmd.Text = workflow.Text(argument)
		return nil
	case workflow.WordExtend, workflow.WordAsk, workflow.WordNote:
		if cmd.Text = text(argument, after); cmd.Text == "" {
			return &ArgumentError{Word: cmd.Word, Argument: NoText}
		}
		return nil
	}
	if withoutMark(argument) == "" {
		return nil
	}
	if cmd.Word == workflow.WordIgnore && allKinds(cmd, withoutMark(argument)) {
		return nil
	}
	if closes(cmd.Word) {
		return &TrailingError{cmd.Word}
	}
	return &ArgumentError{cmd.Word, NotAlone, workflow.Text(argument)}
}

// readVerified reads "[BY call] [, SEND TO address] [, MATCH 1+2]" in any order.
func readVerified(cmd *workflow.Command, t tokens) error {
	for t.skip(); len(t) > 0; t.skip() {
		var err error
		if _, ok := phrase(&t, sendTo); ok {
			err = readSendTo(cmd, &t)
		} else if _, ok := phrase(&t, match); ok {
			err = readMatch(cmd, &t)
		} else {
			err = readHow(cmd, &t)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func readSendTo(cmd *workflow.Command, t *tokens) error {
	address, ok := takeAddress(t)
	if !ok || cmd.SendTo != "" {
		return &ArgumentError{cmd.Word, BadAddress, first(*t)}
	}
	cmd.SendTo = address
	return nil
}

func readHow(cmd *workflow.Command, t *tokens) error {
	_, said := phrase(t, by)
	how, ok := phrase(t, methods)
	switch {
	case !ok && said:
		return &ArgumentError{cmd.Word, BadMethod, first(*t)}
	case !ok:
		return &TrailingError{cmd.Word}
	case cmd.How != "" && cmd.How != how:
		return &ArgumentError{Word: cmd.Word, Argument: BadMethod}
	}
	cmd.How = how
	return nil
}

// readMatch reads "1", "1+3", "1, 3 and 4", or "0" and "none": none of them.
func readMatch(cmd *workflow.Command, t *tokens) error {
	const most = 1000 // far above what a case mail lists
	if cmd.Pick != nil {
		return &ArgumentError{Word: cmd.Word, Argument: BadMatch}
	}
	if _, ok := phrase(t, noMatch); ok {
		cmd.Pick = []int{0}
		return nil
	}
	for left := *t; ; left.skip() {
		if len(left) == 0 {
			break
		}
		numbers, ok := readNumbers(left[0], most)
		if !ok {
			break
		}
		for _, n := range numbers {
			if !slices.Contains(cmd.Pick, n) {
				cmd.Pick = append(cmd.Pick, n)
			}
		}
		left = left[1:]
		*t = left
	}
	if len(cmd.Pick) == 0 || len(cmd.Pick) > 1 && slices.Contains(cmd.Pick, 0) {
		return &ArgumentError{cmd.Word, BadMatch, first(*t)}
	}
	return nil
}

func readNumbers(word string, most int) ([]int, bool) {
	var numbers []int
	for part := range strings.SplitSeq(word, "+") {
		n, err := strconv.Atoi(part)
		if err != nil || n < 0 || n > most || part[0] == '+' || part[0] == '-' {
			return nil, false
		}
		numbers = append(numbers, n)
	}
	return numbers, true
}

func readKind(cmd *workflow.Command, t tokens) error {
	if !takeKinds(cmd, &t) || len(t) > 0 {
		return &ArgumentError{cmd.Word, BadKind, first(t)}
	}
	return nil
}

// readJoin reads "[to] DPO-2026-0001".
func readJoin(cmd *workflow.Command, t tokens) error {
	phrase(&t, joinTo)
	if len(t) == 1 {
		if ref, rest, ok := cutReference(t[0]); ok && rest == "" {
			cmd.To = ref
			return nil
		}
	}
	return &ArgumentError{cmd.Word, BadReference, first(t)}
}

// takeKinds takes kinds off the front, apart by commas, plus signs or "and". It fails without any, and with two
// rights of the kind "other", of which a command can name one.
func takeKinds(cmd *workflow.Command, t *tokens) bool {
	for t.skip(); len(*t) > 0; t.skip() {
		kinds, ok := takeKind(t)
		if !ok {
			break
		}
		for _, k := range kinds {
			if k.right != "" && cmd.Right != "" && k.right != cmd.Right {
				return false
			}
			if k.right != "" {
				cmd.Right = k.right
			}
			if !slices.Contains(cmd.Kinds, k.kind) {
				cmd.Kinds = append(cmd.Kinds, k.kind)
			}
		}
	}
	return len(cmd.Kinds) > 0
}

// takeKind takes one phrase, or one word that joins several: "access+erasure".
func takeKind(t *tokens) ([]kind, bool) {
	if k, ok := phrase(t, kinds); ok {
		return []kind{k}, true
	}
	var all []kind
	for part := range strings.FieldsFuncSeq((*t)[0], func(r rune) bool { return r == '+' || r == '/' || r == '&' }) {
		k, ok := kinds[fold(part)]
		if !ok {
			return nil, false
		}
		all = append(all, k)
	}
	if len(all) == 0 {
		return nil, false
	}
	*t = (*t)[1:]
	return all, true
}

// readNew reads "kind [name] address [received date]".
func readNew(cmd *workflow.Command, t tokens) error {
	if !takeKinds(cmd, &t) {
		return &ArgumentError{cmd.Word, BadKind, first(t)}
	}
	at := slices.IndexFunc(t, func(word string) bool { return strings.Contains(word, "@") })
	if at < 0 {
		return &ArgumentError{cmd.Word, BadAddress, first(t)}
	}
	name := strings.ReplaceAll(strings.Join(t[:at], " "), " ,", ",")
	cmd.Name = workflow.Text(strings.Trim(name, `"', `))
	t = t[at:]
	address, ok := takeAddress(&t)
	if !ok {
		return &ArgumentError{cmd.Word, BadAddress, first(t)}
	}
	cmd.Address = address
	t.skip()
	if len(t) == 0 {
		return nil
	}
	phrase(&t, received)
	day, ok := takeDate(&t)
	if !ok || len(t) > 0 {
		return &ArgumentError{cmd.Word, BadDay, first(t)}
	}
	cmd.Received = day
	return nil
}

// takeDate reads 2026-03-05, 5.3.2026 or "today", which is the zero date. 5/3/2026 is two days, so it is none.
func takeDate(t *tokens) (workflow.Date, bool) {
	if _, ok := phrase(t, today); ok {
		return workflow.Date{}, true
	}
	if len(*t) == 0 {
		return workflow.Date{}, false
	}
	for _, form := range []string{time.DateOnly, "2.1.2006"} {
		if day, err := time.Parse(form, (*t)[0]); err == nil && day.Year() >= 2000 {
			*t = (*t)[1:]
			return workflow.DateOf(day, time.UTC), true
		}
	}
	return workflow.Date{}, false
}

// mostFields is far above what a register has.
const mostFields = 200

// readSet reads "field: value" on the first line, on those below it up to a blank one, or on both.
func readSet(cmd *workflow.Command, argument string, after []string) error {
	lines := after
	if argument != "" {
		lines = append([]string{argument}, after...)
	}
	for _, line := range lines {
		if endsText(line) || strings.HasPrefix(tidy(line), ">") {
			break
		}
		name, value, found := strings.Cut(tidy(line), ":")
		name, value = strings.TrimSpace(name), strings.TrimSpace(value)
		again := slices.ContainsFunc(cmd.Fields, func(f workflow.FieldChange) bool { return fold(f.Field) == fold(name) })
		if !found || name == "" || value == "" || again || len(cmd.Fields) == mostFields {
			return &ArgumentError{cmd.Word, BadField, workflow.Text(line)}
		}
		cmd.Fields = append(cmd.Fields, workflow.FieldChange{Field: name, New: workflow.Text(value)})
	}
	if len(cmd.Fields) == 0 {
		return &ArgumentError{Word: cmd.Word, Argument: BadField}
	}
	return nil
}

// readRefuse reads the code, which is one of the law's, and the reason in words, which only the code "exempt" demands.
func readRefuse(cmd *workflow.Command, argument string, after []string) error {
	argument = cutKindsBeforeCode(cmd, argument)
	for _, code := range codes {
		rest, ok := cutPhrase(argument, code.phrase)
		if !ok {
			continue
		}
		if rest, ok = cutPunctuation(rest); !ok {
			continue
		}
		cmd.Reason = code.reason
		cmd.Text = text(rest, after)
		if cmd.Text == "" && cmd.Reason == workflow.ExemptLaw {
			return &ArgumentError{Word: cmd.Word, Argument: NoText}
		}
		return nil
	}
	return &ArgumentError{cmd.Word, BadCode, workflow.Text(argument)}
}

// allKinds takes a text that is kinds and nothing else.
func allKinds(cmd *workflow.Command, s string) bool {
	trial := *cmd
	t := split(s)
	if !takeKinds(&trial, &t) || len(t) > 0 {
		return false
	}
	*cmd = trial
	return true
}

// cutKinds takes "access" or "access: note" off a note; a note that merely begins with such
// a word is a note.
func cutKinds(cmd *workflow.Command, note string) (head, rest string, ok bool) {
	head, rest, _ = strings.Cut(note, ":")
	if !allKinds(cmd, withoutMark(strings.TrimSpace(head))) {
		return "", note, false
	}
	return head, strings.TrimSpace(rest), true
}

// mostBefore is how many words of kinds may stand before the ground of a refusal.
const mostBefore = 8

// cutKindsBeforeCode takes the kinds that a refusal is about off its front, where a ground
// follows them.
func cutKindsBeforeCode(cmd *workflow.Command, argument string) string {
	words := strings.Fields(argument)
	for i := 1; i < min(len(words), mostBefore+1); i++ {
		rest := strings.Join(words[i:], " ")
		ground := slices.ContainsFunc(codes[:], func(c code) bool { _, ok := cutPhrase(rest, c.phrase); return ok })
		if ground && allKinds(cmd, strings.TrimSuffix(strings.Join(words[:i], " "), ":")) {
			_, rest, _ = strings.Cut(argument, words[i-1])
			return strings.TrimSpace(rest)
		}
	}
	return argument
}

// readDone gives notes that begin with a word on which workflow acts that word's one spelling; the rest of such a
// note stays in the command's Argument.
func readDone(note workflow.Text) workflow.Text {
	words := strings.Fields(note.Reveal())
	if len(words) == 0 {
		return note
	}
	if meaning, ok := doneNotes[strings.TrimRight(fold(words[0]), ".,:;!")]; ok {
		return meaning
	}
	return note
}

// first is the next word, for the reply that asks what it means.
func first(t tokens) workflow.Text {
	if len(t) == 0 {
		return ""
	}
	return workflow.Text(t[0])
}
