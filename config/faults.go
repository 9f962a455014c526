package config

import (
	"fmt"
	"slices"
	"strings"
)

// Fault is one thing wrong with a configuration. Its text never holds a secret.
type Fault struct {
	File   string // absolute path of the configuration
	Line   int    // from 1; 0 where no line can be named
	Column int    // from 1; 0 where no column can be named
	Path   string // the key, as in mailbox.imap.url or registers[0].sql; empty for the whole file
	What   string // what is wrong
	Mend   string // what to do about it
}

// String is the fault on one line: file:line:column: path: what; mend.
func (f Fault) String() string {
	var b strings.Builder
	b.WriteString(f.File)
	if f.Line > 0 {
		fmt.Fprintf(&b, ":%d", f.Line)
		if f.Column > 0 {
			fmt.Fprintf(&b, ":%d", f.Column)
		}
	}
	for _, part := range []string{f.Path, f.What} {
		if part != "" {
			b.WriteString(": " + part)
		}
	}
	if f.Mend != "" {
		b.WriteString("; " + f.Mend)
	}
	return b.String()
}

// Faults is everything wrong with a configuration, by line.
type Faults []Fault

// Error lists the faults, one a line.
func (fs Faults) Error() string {
	lines := make([]string, len(fs))
	for i, f := range fs {
		lines[i] = f.String()
	}
	return strings.Join(lines, "\n")
}

func (fs Faults) of(file string) Faults {
	for i := range fs {
		fs[i].File = file
	}
	return fs
}

func (fs Faults) sorted() Faults {
	slices.SortStableFunc(fs, func(a, b Fault) int {
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		return a.Column - b.Column
	})
	return fs
}

// problem is a fault whose place is not known yet.
type problem struct{ what, mend string }

func (p *problem) Error() string { return p.what }
