package keyword

import "strings"

// composed puts the letters together that some programs take apart (Unicode's NFD). Only these three: what other
// signs do to letters is no part of a keyword.
var composed = strings.NewReplacer("a\u030a", "å", "a\u0308", "ä", "o\u0308", "ö", "A\u030a", "Å", "A\u0308", "Ä", "O\u0308", "Ö",
	"\u00a0", " ", "\t", " ")

// tidy makes a line comparable: letters composed, every blank a space, none at the ends.
func tidy(line string) string {
	return strings.Trim(composed.Replace(line), " \r\n")
}

// fold lowers A to Z and Å, Ä, Ö, and no other letter. The length in bytes stays.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case 'A' <= r && r <= 'Z':
			return r + ('a' - 'A')
		case r == 'Å':
			return 'å'
		case r == 'Ä':
			return 'ä'
		case r == 'Ö':
			return 'ö'
		}
		return r
	}, s)
}

// cutPhrase takes the words of a phrase off the front of a tidied line. What is left may go on in the middle of a word.
func cutPhrase(line, phrase string) (string, bool) {
	for i, word := range strings.Fields(phrase) {
		if i > 0 {
			trimmed := strings.TrimLeft(line, " ")
			if trimmed == line {
				return "", false
			}
			line = trimmed
		}
		if len(line) < len(word) || fold(line[:len(word)]) != word {
			return "", false
		}
		line = line[len(word):]
	}
	return line, true
}

// tokens are the words of an argument; a comma or semicolon is one of its own.
type tokens []string

func split(argument string) tokens {
	var all tokens
	for _, word := range strings.Fields(argument) {
		for word != "" {
			at := strings.IndexAny(word, ",;")
			switch {
			case at < 0:
				all, word = append(all, word), ""
			case at == 0:
				all, word = append(all, word[:1]), word[1:]
			default:
				all, word = append(all, word[:at]), word[at:]
			}
		}
	}
	return all
}

// phrase takes one of the table's phrases off the front, the longest that fits, and returns what it stands for. A
// colon may stand behind it.
func phrase[T any](t *tokens, table map[string]T) (T, bool) {
	const longest = 4 // words in a phrase
	for n := min(longest, len(*t)); n > 0; n-- {
		words := strings.TrimSuffix(fold(strings.Join((*t)[:n], " ")), ":")
		if meaning, ok := table[words]; ok {
			*t = (*t)[n:]
			return meaning, true
		}
	}
	var none T
	return none, false
}

// skip takes separators and the word "and" off the front.
func (t *tokens) skip() {
	for len(*t) > 0 && between[fold((*t)[0])] {
		*t = (*t)[1:]
	}
}

// withoutMark takes one full stop, or up to three exclamation marks, off the end.
func withoutMark(argument string) string {
	if rest := strings.TrimSuffix(argument, "."); rest != argument {
		return rest
	}
	for range 3 {
		argument = strings.TrimSuffix(argument, "!")
	}
	return argument
}
