// Package config reads the one YAML file that tells dpobot whose mailbox it
// keeps, who answers, where personal data is held and what people are told.
//
// [Load] reports every fault of the file at once, each with its line and the
// way to mend it, and dials nothing. What it returns is ready to use: addresses
// are normalised, urls taken apart, times and time zones parsed, and paths
// resolved against the folder of the file. Secrets stay where they are: a
// [Secret] knows the file or the environment variable and reads it when asked.
package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"unicode/utf8"
)

// MaxSize bounds the configuration file, in bytes.
const MaxSize = 1 << 20

// Config is the whole configuration. Optional parts that are absent are nil or
// hold their documented defaults.
type Config struct {
	// File is the absolute path of the file it was read from.
	File string `yaml:"-"`

	// Controller is the company or body that answers for the personal data (Art. 4(7) GDPR).
	Controller Controller `yaml:"controller,required"`
	// Handlers are the data protection officer and the deputies, who get the case mails and whose replies count.
	Handlers []Handler `yaml:"handlers,required"`
	// Mailbox is the mailbox to which people write.
	Mailbox Mailbox `yaml:"mailbox,required"`
	// Redis is where the state is kept. Default: a private server, {managed: state}.
	Redis Redis `yaml:"redis"`
	// Keys says where the keys that seal personal data in Redis are kept.
	Keys Keys `yaml:"keys"`
	// Digest is the regular overview for the handlers.
	Digest Digest `yaml:"digest"`
	// Erasure is how an erasure is carried out.
	Erasure Erasure `yaml:"erasure"`
	// Retention is how long dpobot keeps what it knows of a case.
	Retention Retention `yaml:"retention"`
	// Registers are the places where the controller keeps personal data; at least one.
	Registers []Register `yaml:"registers,required"`
	// Notice is the information of Art. 13 and 15 GDPR that goes with an answer.
	Notice Notice `yaml:"notice"`
	// DNS names the resolver for DKIM and DMARC records. Default: the system's.
	DNS DNS `yaml:"dns"`
	// DKIM is how signatures of incoming mail are verified.
	DKIM DKIM `yaml:"dkim"`
	// Sign makes dpobot sign its own mail with DKIM. Default: the mail server signs.
	Sign *Sign `yaml:"sign"`
	// Limits bound what is sent.
	Limits Limits `yaml:"limits"`
	// Templates is a folder with the operator's own mails, <lang>/<mail>, each of which replaces the built-in one.
	Templates File `yaml:"templates,folder"`
	// Lexicon lists the operator's own lexicon files, which add to the built-in ones.
	Lexicon []File `yaml:"lexicon,exists"`
	// Holidays add to the public holidays of the controller's country.
	Holidays Holidays `yaml:"holidays"`
	// Canary is the mail that goes round every day to show that the mailbox lives.
	Canary Canary `yaml:"canary"`
	// Procedure holds what the documented procedure states beside the rest of this file.
	Procedure Procedure `yaml:"procedure"`

	lines map[string]position
}

// Load reads and checks the configuration at path. An error is always a
// [Faults] with everything that is wrong with the file. Nothing is dialled, and
// no secret is read: only that its file is there, has something in it and is
// closed to others.
func Load(path string) (*Config, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, Faults{{File: path, What: "the path cannot be resolved", Mend: "give the full path of the file"}}
	}
	src, fault := readFile(abs)
	if fault != nil {
		return nil, Faults{*fault}
	}
	return load(abs, src)
}

// load is Load for bytes already read; file gives the folder for relative paths.
func load(file string, src []byte) (*Config, error) {
	root, faults := parse(src)
	if root == nil || root.kind != mapping {
		return nil, faults.of(file)
	}
	c := standard()
	c.File = file
	d := &decoder{faults: faults, dir: filepath.Dir(file), lines: map[string]position{}, bad: map[string]bool{}}
	d.decode(root, c)
	c.complete()
	k := &checker{d}
	k.config(c)
	if len(d.faults) > 0 {
		return nil, d.faults.sorted().of(file)
	}
	c.lines = d.lines
	return c, nil
}

func readFile(path string) ([]byte, *Fault) {
	f, err := os.Open(path)
	if err != nil {
		return nil, &Fault{File: path, What: "cannot be read: " + cause(err), Mend: "name the file with -c FILE; dpobot init writes a new one"}
	}
	defer f.Close()
	src, err := io.ReadAll(io.LimitReader(f, MaxSize+1))
	switch {
	case err != nil:
		return nil, &Fault{File: path, What: "cannot be read: " + cause(err), Mend: "name a file, not a folder"}
	case len(src) > MaxSize:
		return nil, &Fault{File: path, What: "is larger than 1 MB", Mend: "this is hardly a configuration; name the right file"}
	case !utf8.Valid(src):
		return nil, &Fault{File: path, Line: invalidLine(src), What: "is not UTF-8 text", Mend: "save the file as UTF-8 in your editor"}
	}
	return bytes.TrimPrefix(src, []byte("\ufeff")), nil
}

// invalidLine is the line of the first byte that is not UTF-8.
func invalidLine(src []byte) int {
	line := 1
	for len(src) > 0 {
		r, n := utf8.DecodeRune(src)
		if r == utf8.RuneError && n <= 1 {
			return line
		}
		if r == '\n' {
			line++
		}
		src = src[n:]
	}
	return line
}

// cause is the plain reason of a file error, without the path that the fault names already.
func cause(err error) string {
	var pathErr *fs.PathError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "there is no such file"
	case errors.Is(err, fs.ErrPermission):
		return "permission denied"
	case errors.As(err, &pathErr):
		return fmt.Sprint(pathErr.Err)
	}
	return err.Error()
}
