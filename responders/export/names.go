package export

import (
	"fmt"
	"path"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// fileSlug makes a file name of ASCII letters, digits and hyphens, which every
// system takes: "Asiakasrekisteri (vanha)" is "asiakasrekisteri-vanha".
func fileSlug(text, otherwise string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(text) {
		switch {
		case r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r)):
			b.WriteRune(unicode.ToLower(r))
		case unicode.Is(unicode.Mn, r): // the dots of an ä
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
		if b.Len() >= 60 {
			break
		}
	}
	if slug := strings.Trim(b.String(), "-"); slug != "" {
		return slug
	}
	return otherwise
}

// fileName makes the name of a document harmless: no folders, nothing that hides its end.
func fileName(name string) string {
	name = path.Base(strings.ReplaceAll(name, `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if r == '\n' || !drawable(r) || strings.ContainsRune(`/:*?"<>|`, r) {
			return '_'
		}
		return r
	}, strings.ToValidUTF8(name, "_"))
	if strings.Trim(name, "._ ") == "" {
		return "document"
	}
	if runes := []rune(name); len(runes) > 80 { // keep the end, which says what it is
		name = string(runes[:60]) + "_" + string(runes[len(runes)-16:])
	}
	return name
}

// partName is the name of a finished file: the reference and the number, nothing of the person.
func partName(reference string, number, of int) string {
	base := strings.ToUpper(fileSlug(reference, "answer"))
	if of == 1 {
		return base + ".pdf"
	}
	return fmt.Sprintf("%s-%d-%d.pdf", base, number, of)
}
