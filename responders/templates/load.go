package templates

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
	"text/template"
)

// Files of a language beside its mails.
const (
	sharedFile = "shared.txt"
	wordsFile  = "words.yaml"
)

// load reads one language, and says everything that is wrong with it.
func load(code string, override fs.FS) (*language, []error) {
	l := &language{code: code}
	var faults []error
	l.words, faults = loadWords(code, override)
	l.mails = template.New(code).Funcs(l.functions()).Option("missingkey=error")
	names := []string{code + "/" + sharedFile}
	for _, action := range mails {
		names = append(names, file(code, string(action)))
	}
	for _, name := range names {
		text, err := source(name, override)
		if err == nil {
			// A fault names the file by the template's name, and the line.
			_, err = l.mails.New(name).Parse(text)
		}
		if err != nil {
			faults = append(faults, err)
		}
	}
	return l, faults
}

// source is the text of a file: the operator's, or the embedded one.
func source(name string, override fs.FS) (string, error) {
	if override != nil {
		b, err := fs.ReadFile(override, name)
		if err == nil {
			return string(b), nil
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return "", fmt.Errorf("read the template %s: %w", name, err)
		}
	}
	b, err := fs.ReadFile(embedded, name)
	if err != nil {
		return "", fmt.Errorf("read the embedded template %s: %w", name, err)
	}
	return string(b), nil
}

// strangers are the files of the operator's folder that replace nothing: a name typed
// wrongly would otherwise go unnoticed until the wrong mail is sent.
func strangers(override fs.FS) []error {
	if override == nil {
		return nil
	}
	known := map[string]bool{}
	for _, lang := range languages {
		known[lang+"/"+sharedFile], known[lang+"/"+wordsFile] = true, true
		for _, action := range mails {
			known[file(lang, string(action))] = true
		}
	}
	var faults []error
	err := fs.WalkDir(override, ".", func(name string, d fs.DirEntry, err error) error {
		switch base := path.Base(name); {
		case err != nil:
			return err
		case name != "." && strings.HasPrefix(base, "."):
			if d.IsDir() {
				return fs.SkipDir
			}
		case d.IsDir() || known[name]:
		case path.Ext(name) == ".txt" || path.Ext(name) == ".yaml":
			faults = append(faults, fmt.Errorf("%s: replaces no mail; the names are those of <language>/acknowledge.txt and so on", name))
		}
		return nil
	})
	if err != nil {
		faults = append(faults, fmt.Errorf("read the folder of templates: %w", err))
	}
	return faults
}
