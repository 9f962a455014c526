package templates_test

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"dpobot/responders/templates"
)

var update = flag.Bool("update", false, "write the golden files anew")

// languages that every mail is written in.
var languages = []string{"en", "fi", "sv"}

func load(t *testing.T) *templates.Set {
	t.Helper()
	s, err := templates.Load(nil)
	if err != nil {
		t.Fatalf("load the embedded templates: %v", err)
	}
	return s
}

func (e example) file(lang string) string {
	name := e.name
	if name == "" {
		name = string(e.action)
	}
	return filepath.Join("testdata", lang, name+".txt")
}

// TestMails compares the text part of every mail in every language with its golden file.
func TestMails(t *testing.T) {
	s := load(t)
	for _, lang := range languages {
		for _, e := range examples(s, lang) {
			file := e.file(lang)
			t.Run(file, func(t *testing.T) {
				l, err := s.Letter(lang, string(e.action), e.view)
				if err != nil {
					t.Fatal(err)
				}
				got := "Subject: " + l.Subject + "\n\n" + l.Text()
				if *update {
					if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
						t.Fatal(err)
					}
					if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
						t.Fatal(err)
					}
				}
				want, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				if got != string(want) {
					t.Errorf("the mail has changed; if that is meant, run with -update\ngot:\n%s\nwant:\n%s", got, want)
				}
			})
		}
	}
}
