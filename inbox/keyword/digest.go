package keyword

import (
	"errors"
	"slices"
	"strings"

	"dpobot/workflow"
)

// DigestLine is one order of a reply to the digest.
type DigestLine struct {
	// Ref is the reference that the line begins with, in capitals; "" with ErrNoReference.
	Ref workflow.Ref
	// Command is what is to be done with the case, if Err is nil.
	Command workflow.Command
	// Err is ErrNoReference or what Read returns.
	Err error
	// Line is the line as typed, for the reply that says which lines were not understood.
	Line workflow.Text
}

// ReadDigest reads "<reference> <keyword ...>" a line. Each is read as Read does, with the lines below it down to the
// next reference or blank line. Quoted lines count as blank, so an older digest between the answers is none.
//
// A line without a reference comes back with ErrNoReference, but not a paragraph of its own that orders nothing, such as
// a greeting or a name, unless it is all there is.
func ReadDigest(lines []string) []DigestLine {
	paragraphs := paragraphsOf(lines)
	ordered := slices.ContainsFunc(paragraphs, func(p []string) bool { return nextReference(p, 0) < len(p) })
	var all []DigestLine
	for i, p := range paragraphs {
		if nextReference(p, 0) < len(p) || !ordered && i == 0 || slices.ContainsFunc(p, mentionsOrder) {
			all = append(all, readParagraph(p)...)
		}
	}
	return all
}

func readParagraph(lines []string) []DigestLine {
	var all []DigestLine
	for at := 0; at < len(lines); {
		ref, rest, ok := cutReference(tidy(lines[at]))
		if !ok {
			all = append(all, DigestLine{Err: ErrNoReference, Line: workflow.Text(tidy(lines[at]))})
			at++
			continue
		}
		end := nextReference(lines, at+1)
		cmd, err := Read(rest, lines[at+1:end])
		all = append(all, DigestLine{ref, cmd, err, workflow.Text(tidy(lines[at]))})
		if takesText(cmd.Word) || errors.Is(err, ErrTrailing) {
			at = end // the lines between were its text, or are told of already
		} else {
			at++
		}
	}
	return all
}

// paragraphsOf splits into paragraphs, up to the mark of a signature.
func paragraphsOf(lines []string) [][]string {
	var all [][]string
	open := false
	for _, line := range lines {
		tidied := tidy(line)
		if tidied == "--" {
			break
		}
		if tidied == "" || strings.HasPrefix(tidied, ">") {
			open = false
			continue
		}
		if !open {
			all = append(all, nil)
			open = true
		}
		all[len(all)-1] = append(all[len(all)-1], line)
	}
	return all
}

// nextReference is the index of the first line from there on that begins with a reference, or their number.
func nextReference(lines []string, from int) int {
	for i := from; i < len(lines); i++ {
		if _, _, ok := cutReference(tidy(lines[i])); ok {
			return i
		}
	}
	return len(lines)
}

// cutReference takes a reference such as DPO-2026-0001 off the front of a line: capitals or not, in square brackets
// or not, behind the mark of a list or not.
func cutReference(line string) (workflow.Ref, string, bool) {
	for _, mark := range []string{"- ", "* ", "• "} {
		line = strings.TrimLeft(strings.TrimPrefix(line, mark), " ")
	}
	word, rest, _ := strings.Cut(line, " ")
	word = strings.TrimRight(word, ":,")
	if inner, ok := strings.CutPrefix(word, "["); ok {
		word = strings.TrimSuffix(inner, "]")
	}
	parts := strings.Split(word, "-")
	if len(parts) < 3 || strings.ContainsFunc(word, func(r rune) bool { return !letterOrDigit(r) && r != '-' && r != '_' }) {
		return "", "", false
	}
	year, number := parts[len(parts)-2], parts[len(parts)-1]
	if parts[0] == "" || len(year) != 4 || len(number) < 4 || strings.Trim(year+number, "0123456789") != "" {
		return "", "", false
	}
	return workflow.Ref(strings.ToUpper(word)), strings.TrimSpace(rest), true
}

// mentionsOrder tells whether a line without a reference seems to order something all the same, as when the
// reference is misspelt. Words that occur in any text, such as "new", are left out.
func mentionsOrder(line string) bool {
	const searched = 6 // words from the line's beginning
	words := strings.Fields(tidy(line))
	for i := range min(searched, len(words)) {
		word, _, ok := cutWord(strings.Join(words[i:], " "))
		switch word {
		case workflow.WordVerified, workflow.WordUnverified, workflow.WordRefuse, workflow.WordIgnore, workflow.WordJoin, workflow.WordRetry, workflow.WordStop:
			return ok
		}
	}
	return false
}
