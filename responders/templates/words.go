package templates

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/goccy/go-yaml"
)

// words are the words of a language: group to code to word.
type words map[string]map[string]string

// loadWords reads the embedded words and lays the operator's over them.
func loadWords(code string, override fs.FS) (words, []error) {
	name := code + "/" + wordsFile
	b, err := fs.ReadFile(embedded, name)
	if err != nil {
		return words{}, []error{fmt.Errorf("read the embedded words: %w", err)}
	}
	own, err := parseWords(name, b)
	if err != nil {
		return words{}, []error{err}
	}
	if override == nil {
		return own, nil
	}
	b, err = fs.ReadFile(override, name)
	if errors.Is(err, fs.ErrNotExist) {
		return own, nil
	}
	if err != nil {
		return own, []error{fmt.Errorf("read the words %s: %w", name, err)}
	}
	theirs, err := parseWords(name, b)
	if err != nil {
		return own, []error{err}
	}
	return own, own.replace(name, theirs)
}

func parseWords(name string, b []byte) (words, error) {
	w := words{}
	if err := yaml.UnmarshalWithOptions(b, &w, yaml.Strict()); err != nil {
		return nil, fmt.Errorf("%s:%s", name, yaml.FormatError(err, false, false))
	}
	return w, nil
}

// replace takes over the operator's words, and names those that replace nothing. The
// keywords themselves are the grammar's and stay.
func (w words) replace(name string, theirs words) []error {
	var faults []error
	for group, codes := range theirs {
		for code, word := range codes {
			switch _, known := w[group][code]; {
			case group == "keyword":
				faults = append(faults, fmt.Errorf("%s: the keywords cannot be renamed: %s", name, code))
			case !known:
				faults = append(faults, fmt.Errorf("%s: no such word: %s: %s", name, group, code))
			default:
				w[group][code] = word
			}
		}
	}
	return faults
}

// find looks a word up by its code, or by the part of the code before a colon.
func (w words) find(group, code string) (string, bool) {
	if s, ok := w[group][code]; ok {
		return s, true
	}
	before, _, cut := strings.Cut(code, ":")
	s, ok := w[group][before]
	return s, ok && cut
}
