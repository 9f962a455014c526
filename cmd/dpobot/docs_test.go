package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"dpobot/config"
)

// documents are the texts for people; what they say of the program is held against it.
func documents(t *testing.T) map[string]string {
	t.Helper()
	names, err := filepath.Glob(root + "/docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	more, err := filepath.Glob(root + "/*.md")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, name := range append(names, more...) {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all[name] = string(text)
	}
	return all
}

func readme(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(root + "/README.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// fence is a fenced block with the comment above it, if there is one.
var fence = regexp.MustCompile("(?m)^(?:<!-- (.+) -->\n)?```([a-z]*)\n((?s:.*?))^```$")

// ourCommand is what follows the program's name on a line that runs it, alone, as another
// user or at the end of a pipe.
var ourCommand = regexp.MustCompile(`(?m)^(?:runuser -u dpobot -- |echo .* \| )?dpobot ([a-z][^#<>\n]*)`)

// TestCommandLines parses every command line of the documents that runs dpobot.
func TestCommandLines(t *testing.T) {
	parsed := 0
	for name, text := range documents(t) {
		for _, block := range fence.FindAllStringSubmatch(text, -1) {
			if block[2] != "sh" {
				continue
			}
			for _, command := range ourCommand.FindAllStringSubmatch(block[3], -1) {
				parsed++
				if _, err := commandLine(t).Parse(strings.Fields(command[1])); err != nil {
					t.Errorf("%s: %s: %v", name, command[0], err)
				}
			}
		}
	}
	if parsed < 10 {
		t.Errorf("got %d command lines in the documents, want at least 10: the reading of them is broken", parsed)
	}
}

// TestMailExcerpts: the mails that the documents show are those that the program writes.
// A line of [...] stands for what was left out.
func TestMailExcerpts(t *testing.T) {
	shown := 0
	for name, text := range documents(t) {
		for _, block := range fence.FindAllStringSubmatch(text, -1) {
			file, is := strings.CutPrefix(block[1], "mail: ")
			if !is {
				continue
			}
			shown++
			golden, err := os.ReadFile(filepath.Join(root, "responders/templates/testdata", file))
			if err != nil {
				t.Errorf("%s shows a mail that is none of the program's: %v", name, err)
				continue
			}
			rest := string(golden)
			for _, part := range strings.Split(block[3], "[...]\n") {
				part = strings.Trim(part, "\n")
				_, after, found := strings.Cut(rest, part)
				if !found {
					t.Errorf("%s: %s has changed; what the document shows of it no longer stands there:\n%s", name, file, part)
					break
				}
				rest = after
			}
		}
	}
	if shown < 4 {
		t.Errorf("got %d mails in the documents, want at least 4: the reading of them is broken", shown)
	}
}

// TestConfigurationShown: the configuration of the README is a whole one.
func TestConfigurationShown(t *testing.T) {
	for _, block := range fence.FindAllStringSubmatch(readme(t), -1) {
		if block[1] != "configuration" {
			continue
		}
		dir := t.TempDir()
		for name, text := range map[string]string{
			"dpobot.yaml": block[3], "imap.password": "x\n", "smtp.password": "x\n", "newsletter.csv": "email\n", "customers.db": "x",
		} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := config.Load(filepath.Join(dir, "dpobot.yaml")); err != nil {
			t.Errorf("the README's configuration has faults:\n%v", err)
		}
		return
	}
	t.Error("the README shows no configuration")
}

var link = regexp.MustCompile(`\]\(([^)#:]+)(#[^)]*)?\)|<img[^>]* src="([^":]+)"`)

// TestLinks: what the documents point at within the repository is there.
func TestLinks(t *testing.T) {
	for name, text := range documents(t) {
		for _, m := range link.FindAllStringSubmatch(text, -1) {
			target := m[1] + m[3]
			if _, err := os.Stat(filepath.Join(filepath.Dir(name), target)); err != nil {
				t.Errorf("%s points at %s: %v", name, target, err)
			}
		}
	}
}
