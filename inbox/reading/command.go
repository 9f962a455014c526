package reading

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// commandFields are the header fields that decide what a command is and whose. Where one
// stands twice, readers believe different ones and a signature may cover only one.
var commandFields = []string{"From", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "Reply-To", "To", "Content-Type", "Content-Transfer-Encoding", "Content-Disposition"}

func isCommandField(name []byte) bool {
	for _, field := range commandFields {
		if strings.EqualFold(field, string(name)) {
			return true
		}
	}
	return false
}

// commandProblem says why the first line must not be read as a command. It errs towards
// a problem: the officer can write again, an answer that went out cannot be called back.
func commandProblem(root *entity, b body, text visible, m Mail) string {
	switch {
	case root.is("message/partial"), root.is("message/external-body"):
		return CommandPartial
	case root.is("message/"):
		return CommandForwarded
	case root.kind == "multipart/report":
		return CommandReport
	case len(m.DuplicateFields(commandFields...)) > 0, b.duplicate:
		return CommandDuplicate
	case root.broken, hasOddName(root.fields):
		return CommandHeaderSyntax
	case isRedirected(root.fields):
		return CommandRedirected
	case b.slippery:
		return CommandCharset
	case b.encoding:
		return CommandEncoding
	case b.control:
		return CommandControl
	case b.named, b.blank() && len(m.Attachments) > 0:
		return CommandAttachment
	case b.scattered:
		return CommandScattered
	case b.html && b.hidden:
		return CommandHiddenText
	case b.both && !agree(text, b):
		return CommandPartsDisagree
	case text.quoteAbove:
		return CommandQuoteFirst
	case hasTrickyLetters(text.first) || len(text.after) > 0 && hasTrickyLetters(text.after[0]):
		return CommandCharacters
	}
	return ""
}

func hasOddName(fields []Field) bool {
	for _, f := range fields {
		if f.oddName {
			return true
		}
	}
	return false
}

// isRedirected tells mail that somebody sent on (RFC 5322, 3.6.6): its author may have
// written to somebody else.
func isRedirected(fields []Field) bool {
	for _, f := range fields {
		if strings.HasPrefix(strings.ToLower(f.Name), "resent-") {
			return true
		}
	}
	return false
}

const (
	agreeWords = 40 // how many words two versions of one text have to share
	shortLine  = 60 // letters up to which no mail program breaks a line
)

// agree reports whether the plain text and the HTML of one mail say the same at their
// start, line end of the first line included.
func agree(text visible, b body) bool {
	other := readVisible(b.other)
	first, second := plainWords(text.first), plainWords(other.first)
	if strings.Join(first, " ") != strings.Join(second, " ") && (len(text.first) < shortLine || len(other.first) < shortLine) {
		return false
	}
	mine, theirs := plainWords(strings.Join(text.own, "\n")), plainWords(strings.Join(other.own, "\n"))
	for i := 0; i < agreeWords && (i < len(mine) || i < len(theirs)); i++ {
		if i >= len(mine) || i >= len(theirs) || mine[i] != theirs[i] {
			return false
		}
	}
	return true
}

// plainWords takes the words out of a text, without the links and images that one
// version spells out and the other does not.
func plainWords(text string) []string {
	var kept strings.Builder
	skip := rune(0)
	for _, r := range clip(text, commandBytes) {
		switch {
		case skip != 0:
			if r == skip {
				skip = 0
			}
		case r == '<':
			skip = '>'
		case r == '[':
			skip = ']'
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			kept.WriteRune(unicode.ToLower(r))
		default:
			kept.WriteByte(' ')
		}
	}
	words := strings.Fields(kept.String())
	return words[:min(len(words), agreeWords)]
}

// hasTrickyLetters tells characters that show as others or as nothing: a command in them
// is not what its reader saw.
func hasTrickyLetters(text string) bool {
	for _, r := range text {
		if r < 0x80 {
			continue
		}
		if isInvisible(r) || unicode.Is(unicode.Co, r) {
			return true
		}
		if unicode.IsLetter(r) && foldsToASCII(r) {
			return true
		}
	}
	return false
}

// foldsToASCII tells letters that some fold into A to Z: full-width and mathematical
// ones, the Kelvin sign, the dotless i, the long s.
func foldsToASCII(r rune) bool {
	if unicode.ToUpper(r) < 0x80 || unicode.ToLower(r) < 0x80 {
		return true
	}
	folded := norm.NFKC.String(string(r))
	return folded != string(r) && folded[0] < 0x80
}
