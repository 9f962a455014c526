// Package templates holds the words of every mail in Finnish, Swedish and English. A
// mail is one file, <language>/<action>.txt: a text/template that prints the markup of
// package letter. What several mails of a language say alike stands in its shared.txt,
// and the names of kinds, states and reasons in its words.yaml. A folder of the
// operator's may replace single files.
package templates

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"text/template"

	"dpobot/responders/letter"
	"dpobot/workflow"
)

//go:embed en fi sv
var embedded embed.FS

// languages that mails are written in. The first stands in for every other.
var languages = [...]string{"en", "fi", "sv"}

// mails are the actions that send one.
var mails = [...]workflow.Action{
	workflow.Acknowledge, workflow.AskPerson, workflow.OtherWays, workflow.Answer, workflow.ConfirmChange,
	workflow.ConfirmErasure, workflow.ConfirmOther, workflow.Refusing, workflow.Extension, workflow.Closing,
	workflow.CaseMail, workflow.TriageMail, workflow.FollowUpMail, workflow.Receipt, workflow.AttentionMail,
	workflow.ReminderMail, workflow.StatusMail, workflow.HelpMail, workflow.RefusedNotice, workflow.DigestMail,
	workflow.TellRecipient, workflow.KeeperMail, workflow.KeeperStop, workflow.KeeperSaid,
}

// Has tells whether mails are written in the language.
func Has(lang string) bool { return slices.Contains(languages[:], lang) }

// Set is every mail in every language, ready to be filled in. It is safe for use by
// several goroutines.
type Set struct {
	byLang map[string]*language
}

// language is the mails and words of one language.
type language struct {
	code  string
	mails *template.Template
	words words
}

// Load reads the mails. A file of override (nil: none) replaces the file of the same
// name, but for words.yaml, which replaces single words. The error lists every fault
// with file and line.
func Load(override fs.FS) (*Set, error) {
	s := &Set{byLang: map[string]*language{}}
	faults := strangers(override)
	for _, code := range languages {
		l, errs := load(code, override)
		s.byLang[code] = l
		faults = append(faults, errs...)
	}
	if len(faults) > 0 {
		return nil, errors.Join(faults...)
	}
	return s, nil
}

// Letter fills in the mail of an action with view, which is a responders.View. A
// language that there is none in gets English. The error names file and line, and
// nothing of the view.
func (s *Set) Letter(lang, action string, view any) (letter.Letter, error) {
	l := s.language(lang)
	var b bytes.Buffer
	if err := l.mails.ExecuteTemplate(&b, file(l.code, action), view); err != nil {
		return letter.Letter{}, err
	}
	out, err := letter.Parse(b.String())
	if err != nil {
		return letter.Letter{}, fmt.Errorf("%s: %w", file(l.code, action), err)
	}
	return out, nil
}

// Word is a word or sentence of a group, in words.yaml. A code such as
// "not-authentic: altered" that has none gets that of the part before the colon; a code
// without any is returned as it is.
func (s *Set) Word(lang, group, code string) string {
	l := s.language(lang)
	if w, ok := l.words.find(group, code); ok {
		return w
	}
	if w, ok := s.byLang["en"].words.find(group, code); ok {
		return w
	}
	return code
}

func (s *Set) language(code string) *language {
	if l := s.byLang[code]; l != nil {
		return l
	}
	return s.byLang[languages[0]]
}

// Check fills in every mail, with view(lang, action) for data, and returns what fails:
// a template that names what a view does not have, a letter without a subject, a line
// that is a keyword alone and would count if an automatic reply sent it back.
func (s *Set) Check(view func(lang, action string) any) []error {
	var faults []error
	for _, code := range languages {
		for _, action := range mails {
			if err := s.check(code, string(action), view(code, string(action))); err != nil {
				faults = append(faults, err)
			}
		}
	}
	return faults
}

func (s *Set) check(lang, action string, view any) error {
	l, err := s.Letter(lang, action, view)
	if err != nil {
		return err
	}
	if l.Subject == "" {
		return fmt.Errorf("%s:1: the subject is empty", file(lang, action))
	}
	if _, err := l.HTML(lang); err != nil {
		return fmt.Errorf("%s: %w", file(lang, action), err)
	}
	for n, line := range strings.Split(l.Text(), "\n") {
		if s.bareKeyword(line) {
			return fmt.Errorf("%s: line %d of the mail is a keyword alone, which an automatic reply could send back", file(lang, action), n+1)
		}
	}
	return nil
}

// bareKeyword tells whether a line is nothing but a keyword of any language.
func (s *Set) bareKeyword(line string) bool {
	line = strings.TrimRight(strings.TrimSpace(line), ".,:;!")
	for _, l := range s.byLang {
		for _, group := range []string{"keyword", "keeper-word"} {
			for _, word := range l.words[group] {
				if strings.EqualFold(line, word) {
					return true
				}
			}
		}
	}
	return false
}

func file(lang, name string) string { return lang + "/" + name + ".txt" }
