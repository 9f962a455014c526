package keyword

import (
	"strings"

	"golang.org/x/net/idna"

	"dpobot/workflow"
)

// takeAddress takes one mail address off the front. Mail programs that turn it into a link write it twice,
// "a@b.example <mailto:a@b.example>"; the second is taken too if it is the same.
func takeAddress(t *tokens) (workflow.Address, bool) {
	if len(*t) == 0 {
		return "", false
	}
	address, ok := readAddress((*t)[0])
	if !ok {
		return "", false
	}
	if len(*t) > 1 && strings.HasPrefix((*t)[1], "<") {
		if twin, ok := readAddress((*t)[1]); !ok || twin != address {
			return "", false
		}
		*t = (*t)[1:]
	}
	*t = (*t)[1:]
	return address, true
}

// readAddress reads a plain address and folds it: lower case, the domain in A-labels. Data is sent there, so what
// RFC 5321 allows and nobody has (quotes, comments, letters outside ASCII before the @) is refused.
func readAddress(word string) (workflow.Address, bool) {
	if strings.HasPrefix(word, "<") && strings.HasSuffix(word, ">") {
		word = strings.TrimSuffix(strings.TrimPrefix(word, "<"), ">")
	}
	if rest, ok := cutPhrase(word, "mailto:"); ok {
		word = rest
	}
	local, domain, _ := strings.Cut(word, "@")
	if local == "" || len(local) > 64 || strings.Trim(local, ".") != local || strings.Contains(local, "..") ||
		strings.ContainsFunc(local, notInLocal) {
		return "", false
	}
	if strings.ContainsFunc(domain, func(r rune) bool { return r > '~' }) {
		ascii, err := idna.Lookup.ToASCII(domain)
		if err != nil {
			return "", false
		}
		domain = ascii
	}
	if len(domain) > 253 || !strings.Contains(domain, ".") {
		return "", false
	}
	for label := range strings.SplitSeq(domain, ".") {
		if label == "" || len(label) > 63 || strings.Trim(label, "-") != label || strings.ContainsFunc(label, notInLabel) {
			return "", false
		}
	}
	return workflow.Address(fold(local + "@" + domain)), true
}

// notInLocal: what stands before the @ without quotes (RFC 5322, 3.2.3), but for the marks that only sources of
// routes and scripts use.
func notInLocal(r rune) bool {
	return !letterOrDigit(r) && !strings.ContainsRune(".+-_=&'#~$*", r)
}

func notInLabel(r rune) bool { return !letterOrDigit(r) && r != '-' }

func letterOrDigit(r rune) bool {
	return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
}
