// Package sorting says which right of the GDPR a mail uses, in which language
// it is written, and why that was concluded, in words a data protection
// officer can check against the mail.
//
// All knowledge of languages stands in lexicon/<lang>.yaml. What the concepts of those
// files speak for, alone or beside each other, stands in fitted.go and knows no language.
package sorting

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"sync"
)

// Kind is what a mail asks for.
type Kind string

const (
	Access  Kind = "access"  // wants to know, to see or to take along: Art. 15 and 20 GDPR
	Change  Kind = "change"  // wants data corrected, completed or updated: Art. 16
	Erasure Kind = "erasure" // wants data, an account or a picture gone: Art. 17
	Other   Kind = "other"   // objects, withdraws consent, restricts: Art. 7(3), 18, 21, 22
	None    Kind = "none"    // anything else
)

// Result is what the sorter made of one mail.
type Result struct {
	// Kind is the main right; None where the mail uses none.
	Kind Kind
	// Kinds holds every right the mail uses, the main one first; empty for None.
	Kinds []Kind
	// Sure is false where a person has to decide; Kind is then the best guess.
	Sure bool
	// Lang is the language of the text, ISO 639-1; empty where nothing of it was recognised.
	Lang string
	// Why holds the reasons, the weightiest first, with words of the mail:
	// "'poistakaa tietoni' (fi), Art. 17". It is personal data: show it to
	// handlers, never log it.
	Why []string
	// Other narrows Kind Other: "marketing", "consent", "restriction",
	// "objection", "automated"; empty for the other kinds.
	Other string
	// FollowUp: the mail reminds of an earlier request or complains about its handling.
	FollowUp bool
	// Withdraws: the mail takes an earlier request back.
	Withdraws bool
	// Urgent: the mail threatens, is angry or sets a date.
	Urgent bool
}

// Sorter sorts mails. It never changes after New and serves any number of
// goroutines.
type Sorter struct {
	words *matcher
	langs []language
	// letters tells which languages a letter speaks for, a bit each.
	letters map[rune]uint64
	weights *table
}

//go:embed lexicon/*.yaml
var lexicons embed.FS

// New reads the built-in lexicons and then the operator's own; entries of a
// language that is there already are added to it. The error joins every fault
// of every file, each with file and line.
func New(extra ...[]byte) (*Sorter, error) {
	files, err := builtIn()
	if err != nil {
		return nil, err
	}
	for i, data := range extra {
		files = append(files, file{fmt.Sprintf("own lexicon %d", i+1), data})
	}
	b, err := build(files)
	if err != nil {
		return nil, fmt.Errorf("lexicon: %w", err)
	}
	return b.sorter(), nil
}

// CheckLexicon reports every fault of one lexicon file, each as
// "name:line: what is wrong"; nil where there is none.
func CheckLexicon(name string, data []byte) error {
	_, err := build([]file{{name, data}})
	return err
}

type file struct {
	name string
	data []byte
}

func builtIn() ([]file, error) {
	names, err := fs.Glob(lexicons, "lexicon/*.yaml")
	if err != nil {
		return nil, fmt.Errorf("list lexicons: %w", err)
	}
	var files []file
	for _, name := range names {
		data, err := lexicons.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("read lexicon: %w", err)
		}
		files = append(files, file{strings.TrimPrefix(name, "lexicon/"), data})
	}
	return files, nil
}

// build reads the files side by side, which is half of what a start takes, and takes them in
// one after the other. The error joins every fault.
func build(files []file) (*builder, error) {
	all := make([]*parsed, len(files))
	var wg sync.WaitGroup
	for i, f := range files {
		wg.Go(func() { all[i] = parseLexicon(f.name, f.data) })
	}
	wg.Wait()
	b := newBuilder()
	var faults []error
	for _, p := range all {
		faults = append(faults, b.add(p)...)
	}
	return b, errors.Join(faults...)
}

// Sort says what a mail asks for. Text is the visible new text; scraps of
// HTML, quoted mails, signatures and disclaimers left in it are taken off
// first. Work grows with the length of the text up to a fixed bound; what
// lies behind it is not read.
func (s *Sorter) Sort(subject, text string) Result {
	r, _ := s.sort(subject, text)
	return r
}

// sort also returns the steps taken, a measure of work that does not depend
// on the machine.
func (s *Sorter) sort(subject, text string) (Result, int) {
	m := s.read(subject, visible(subject, clip(text, maxRaw)))
	g := gather(m)
	return s.decide(m, g), m.steps + g.steps
}
