package templates

import (
	"strings"
	"testing"
	"testing/fstest"

	"dpobot/workflow"
)

func folder(files map[string]string) fstest.MapFS {
	m := fstest.MapFS{}
	for name, text := range files {
		m[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return m
}

func TestLoadFaults(t *testing.T) {
	tests := []struct {
		name  string
		files map[string]string
		want  []string // each stands in the error
	}{
		{"a template that does not parse", map[string]string{"fi/ask.txt": "Subject: x\n\n{{if}}"}, []string{"fi/ask.txt:3"}},
		{"a function that is none", map[string]string{"en/ask.txt": "Subject: x\n{{shout .Ref}}"}, []string{"en/ask.txt:2", "shout"}},
		{"a file that replaces nothing", map[string]string{"fi/acknowlege.txt": "Subject: x"}, []string{"fi/acknowlege.txt", "replaces no mail"}},
		{"a language that is none", map[string]string{"de/ask.txt": "Subject: x"}, []string{"de/ask.txt"}},
		{"words that are no YAML", map[string]string{"sv/words.yaml": "kind:\n  access: [x\n"}, []string{"sv/words.yaml:"}},
		{"a word twice", map[string]string{"sv/words.yaml": "kind:\n  access: x\n  access: y\n"}, []string{"sv/words.yaml:", "3"}},
		{"a word that is none", map[string]string{"sv/words.yaml": "kind:\n  acess: x\n"}, []string{"sv/words.yaml", "acess"}},
		{"another keyword", map[string]string{"sv/words.yaml": "keyword:\n  VERIFIED: JO\n"}, []string{"sv/words.yaml", "VERIFIED"}},
		{"two faults at once", map[string]string{"fi/ask.txt": "{{", "sv/ask.txt": "{{end}}"}, []string{"fi/ask.txt:1", "sv/ask.txt:1"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Load(folder(tt.files))
			if err == nil {
				t.Fatal("Load returned no error")
			}
			for _, want := range tt.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("error %q does not say %q", err, want)
				}
			}
		})
	}
}

func TestOverride(t *testing.T) {
	s, err := Load(folder(map[string]string{
		"fi/ask.txt":    "Subject: Oma [{{.Ref}}]\n\n{{template \"hello\" .}}",
		"fi/words.yaml": "kind:\n  access: oma sana\n",
		"README.md":     "what this folder is for",
		".git/x.txt":    "not ours",
	}))
	if err != nil {
		t.Fatal(err)
	}
	view := map[string]any{"Ref": "DPO-2026-0001", "Greeting": ""}
	l, err := s.Letter("fi", string(workflow.AskPerson), view)
	if err != nil {
		t.Fatal(err)
	}
	if want := "Oma [DPO-2026-0001]"; l.Subject != want {
		t.Errorf("subject = %q, want %q", l.Subject, want)
	}
	if got, want := l.Text(), "Hei\n"; got != want {
		t.Errorf("text = %q, want %q", got, want)
	}
	if got, want := s.Word("fi", "kind", "access"), "oma sana"; got != want {
		t.Errorf("the word is %q, want %q", got, want)
	}
	if got, want := s.Word("fi", "kind", "change"), "tietojen oikaisu"; got != want {
		t.Errorf("another word is %q, want %q", got, want)
	}
}

func TestHas(t *testing.T) {
	for lang, want := range map[string]bool{"fi": true, "sv": true, "en": true, "de": false, "": false} {
		if got := Has(lang); got != want {
			t.Errorf("Has(%q) = %v, want %v", lang, got, want)
		}
	}
}
