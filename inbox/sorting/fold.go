package sorting

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// folds maps a rune below its length to the letters it is compared as:
// lower case, no diacritics. An empty string drops the rune, "\x00" marks a
// rune that is no part of a word.
var folds = buildFolds()

// special letters that do not come apart by NFD.
var special = map[rune]string{
	'ß': "ss", 'ẞ': "ss", 'æ': "ae", 'ø': "o", 'œ': "oe", 'þ': "th", 'ð': "d", 'đ': "d", 'ł': "l",
	'ı': "i", 'ħ': "h", 'ŋ': "n", 'ŧ': "t", 'ς': "σ", 'ё': "е", 'ґ': "г",
	'أ': "ا", 'إ': "ا", 'آ': "ا", 'ى': "ي", 'ة': "ه", 'ؤ': "و", 'ئ': "ي", 'ـ': "",
}

const separator = "\x00"

func buildFolds() [0x2000]string {
	var table [0x2000]string
	for r := range rune(len(table)) {
		table[r] = foldRune(r)
	}
	return table
}

func foldRune(r rune) string {
	low := unicode.ToLower(r)
	if to, ok := special[low]; ok {
		return to
	}
	if unicode.Is(unicode.Mn, r) || r == '\u00ad' {
		return "" // a combining mark of its own, or a soft hyphen
	}
	if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
		return separator
	}
	base, _ := utf8.DecodeRuneInString(norm.NFD.String(string(low)))
	return string(base)
}

// foldedRune is foldRune by table, and whole for runes beyond the table.
func foldedRune(r rune) string {
	if r < rune(len(folds)) {
		return folds[r]
	}
	if r >= 0x200b && r <= 0x200f || r == 0xfeff || r == 0x2060 {
		return "" // zero-width runes hide in words
	}
	if unicode.IsLetter(r) {
		return string(unicode.ToLower(r))
	}
	return separator
}

func isApostrophe(r rune) bool { return r == '\'' || r == '’' || r == 'ʼ' || r == '`' }

// fold returns the words of a lexicon entry the way the words of a mail come
// out of the reader. The marks * and - stay where they are.
func fold(s string) string {
	var b strings.Builder
	for _, r := range s {
		if r == '*' {
			b.WriteByte('*')
			continue
		}
		if f := foldedRune(r); f == separator {
			b.WriteByte(' ')
		} else {
			b.WriteString(f)
		}
	}
	return b.String()
}
