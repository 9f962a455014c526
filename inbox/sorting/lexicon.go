package sorting

import (
	"errors"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// language is what the guess of the language needs to know of one lexicon.
type language struct {
	code    string
	letters string // the letters that speak for it
}

// anywhere is the code of the lexicon that holds in every language.
const anywhere = "any"

const (
	maxLexicon   = 1 << 20 // bytes of one file
	maxWords     = 8       // words of one phrase
	maxVariants  = 64      // spellings one entry may stand for
	maxLanguages = 63      // a byte counts the forms of one spelling: four shapes in each
)

// entry is one line of a section: a word or a phrase that stands for a concept.
type entry struct {
	words []string // folded; see docs/lexicon.md
	to    concept
}

// parsed is one lexicon file as it reads.
type parsed struct {
	language language
	spell    [][2]string // a letter and how it is typed without it
	entries  []entry
	faults   []error
	name     string
}

func (p *parsed) fault(line int, format string, args ...any) {
	p.faults = append(p.faults, fmt.Errorf("%s:%d: %s", p.name, line, fmt.Sprintf(format, args...)))
}

// parseLexicon reads one file; its faults are all in the result.
func parseLexicon(name string, data []byte) *parsed {
	p := &parsed{name: name}
	if len(data) > maxLexicon {
		p.fault(1, "larger than %d bytes", maxLexicon)
		return p
	}
	file, err := parser.ParseBytes(data, 0)
	if err != nil {
		p.syntax(err)
		return p
	}
	if len(file.Docs) != 1 || file.Docs[0].Body == nil {
		p.fault(1, "want one YAML document of sections")
		return p
	}
	sections := pairs(file.Docs[0].Body)
	if sections == nil {
		p.fault(1, "want sections such as 'erase: |'")
		return p
	}
	p.headers(sections)
	for _, s := range sections {
		p.section(s)
	}
	if p.language.code == "" {
		p.fault(1, "no 'language', such as 'language: fi'")
	}
	return p
}

// syntax keeps the place of a YAML error and drops the excerpt.
func (p *parsed) syntax(err error) {
	var at yaml.Error
	if errors.As(err, &at) && at.GetToken() != nil {
		p.fault(at.GetToken().Position.Line, "%s", at.GetMessage())
		return
	}
	p.fault(1, "%s", yaml.FormatError(err, false, false))
}

func pairs(n ast.Node) []*ast.MappingValueNode {
	switch n := n.(type) {
	case *ast.MappingNode:
		return n.Values
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{n}
	}
	return nil
}

// headers reads what the entries depend on, wherever it stands in the file.
func (p *parsed) headers(sections []*ast.MappingValueNode) {
	for _, s := range sections {
		key, line := s.Key.String(), s.Key.GetToken().Position.Line
		switch key {
		case "language":
			p.language.code = strings.TrimSpace(value(s.Value))
			if n := len(p.language.code); n < 2 || n > 3 {
				p.fault(line, "language %q: want two letters of ISO 639-1", p.language.code)
			}
		case "letters":
			p.language.letters = strings.ReplaceAll(value(s.Value), " ", "")
		case "typed":
			for _, f := range strings.Fields(value(s.Value)) {
				from, to, ok := strings.Cut(f, "=")
				if !ok || from == "" {
					p.fault(line, "typed %q: want letter=letters, such as ö=oe", f)
					continue
				}
				p.spell = append(p.spell, [2]string{from, to})
			}
		}
	}
}

func (p *parsed) section(s *ast.MappingValueNode) {
	key, line := s.Key.String(), s.Key.GetToken().Position.Line
	if key == "language" || key == "letters" || key == "typed" || key == "name" {
		return
	}
	to, ok := conceptOf(key)
	if !ok {
		p.fault(line, "unknown section %q; docs/lexicon.md lists them", key)
		return
	}
	switch v := s.Value.(type) {
	case *ast.LiteralNode:
		for i, text := range strings.Split(v.Value.Value, "\n") {
			p.line(line+1+i, text, to)
		}
	case *ast.SequenceNode:
		for _, item := range v.Values {
			p.line(item.GetToken().Position.Line, value(item), to)
		}
	case *ast.StringNode:
		p.line(line, v.Value, to)
	case *ast.NullNode:
	default:
		p.fault(line, "section %q: want text, words apart by commas or lines", key)
	}
}

func value(n ast.Node) string {
	switch n := n.(type) {
	case *ast.StringNode:
		return n.Value
	case *ast.LiteralNode:
		return n.Value.Value
	}
	return n.GetToken().Value
}

func conceptOf(name string) (concept, bool) {
	for c, n := range conceptNames {
		if n == name && concept(c) < cDigits {
			return concept(c), true
		}
	}
	return 0, false
}

// line reads the entries of one line: apart by commas, a comment after #.
func (p *parsed) line(line int, text string, to concept) {
	text, _, _ = strings.Cut(text, "#")
	for item := range strings.SplitSeq(text, ",") {
		if item = strings.TrimSpace(item); item != "" {
			p.entry(line, item, to)
		}
	}
}

func (p *parsed) entry(line int, item string, to concept) {
	variants := spellings(alternatives(item), p.spell)
	if len(variants) > maxVariants {
		p.fault(line, "%q stands for %d phrases, at most %d", item, len(variants), maxVariants)
		return
	}
	for _, v := range variants {
		words := wordsOf(v)
		if err := faulty(words); err != nil {
			p.fault(line, "%q: %v", item, err)
			return
		}
		p.entries = append(p.entries, entry{words, to})
	}
}

var (
	errEmpty   = errors.New("no letters in it")
	errLong    = fmt.Errorf("more than %d words", maxWords)
	errStar    = errors.New("* belongs at the end of a word")
	errShort   = errors.New("a stem needs two letters before *")
	errCompond = errors.New("a compound's part needs three letters")
	errGap     = errors.New("... stands between words")
)

func faulty(words []string) error {
	if len(words) == 0 {
		return errEmpty
	}
	if len(words) > maxWords {
		return errLong
	}
	if words[0] == gap || words[len(words)-1] == gap {
		return errGap
	}
	for _, w := range words {
		if w == gap {
			continue
		}
		stem := strings.TrimSuffix(strings.TrimPrefix(w, "-"), "*")
		letters := len([]rune(stem))
		switch {
		case strings.ContainsRune(stem, '*'):
			return errStar
		case letters == 0:
			return errEmpty
		case strings.HasPrefix(w, "-") && letters < 3:
			return errCompond
		case strings.HasSuffix(w, "*") && letters < 2:
			return errShort
		}
	}
	return nil
}

// gap stands for up to three words of any kind.
const gap = "..."

// alternatives spells out "can/could you" as "can you" and "could you".
func alternatives(item string) []string {
	all := []string{""}
	for _, word := range strings.Fields(item) {
		options := strings.Split(word, "/")
		next := make([]string, 0, len(all)*len(options))
		for _, head := range all {
			for _, o := range options {
				next = append(next, strings.TrimSpace(head+" "+o))
			}
		}
		if all = next; len(all) > maxVariants {
			return all
		}
	}
	return all
}

// spellings adds what is typed where a letter is missing on the keyboard.
func spellings(items []string, spell [][2]string) []string {
	for _, s := range spell {
		for _, item := range items {
			if typed := strings.ReplaceAll(strings.ToLower(item), s[0], s[1]); typed != strings.ToLower(item) {
				items = append(items, typed)
			}
		}
	}
	return items
}

// wordsOf cuts an entry into words the way the reader cuts a mail.
func wordsOf(item string) []string {
	var words []string
	for _, f := range strings.Fields(item) {
		if f == gap || f == "…" {
			words = append(words, gap)
			continue
		}
		head := ""
		if strings.HasPrefix(f, "-") {
			head, f = "-", f[1:]
		}
		for i, w := range strings.Fields(fold(splitApostrophes(f))) {
			if i == 0 {
				w = head + w
			}
			words = append(words, w)
		}
	}
	return words
}

// splitApostrophes does to an entry what the reader does to a word.
func splitApostrophes(f string) string {
	runes := []rune(f)
	var b strings.Builder
	for i, r := range runes {
		switch {
		case !isApostrophe(r):
			b.WriteRune(r)
		case apart(i, len(runes)-i-1):
			b.WriteByte(' ')
		}
	}
	return b.String()
}

// apart says whether an apostrophe stands between two words ("l'adresse",
// "dell'utente") rather than within one ("don't").
func apart(before, after int) bool { return before <= 2 || after >= 3 }
