package sheet

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"dpobot/responders/registers"
)

// Check reads the file and asks whether it could be replaced.
func (r *Register) Check(context.Context) []registers.Finding {
	out := r.spec.Faults()
	b, err := r.load()
	if err != nil {
		return append(out, registers.Finding{What: err.Error(), Mend: "correct the name of the file, or let the bot's user read it"})
	}
	defer b.close()
	out = append(out, b.faults()...)
	l, err := r.layout(b)
	if err != nil {
		return append(out, registers.Finding{What: err.Error(), Mend: "correct the title, or take the field out of the configuration"})
	}
	out = append(out, r.checkColumns(b, l)...)
	return append(out, r.checkFile()...)
}

func (r *Register) checkColumns(b book, l layout) []registers.Finding {
	var out []registers.Finding
	var extra []string
	for i, title := range b.header() {
		declared := i == l.key || i == l.marker
		for _, at := range l.columns {
			declared = declared || at == i
		}
		if !declared && strings.TrimSpace(title) != "" {
			extra = append(extra, strings.TrimSpace(title))
		}
	}
	if len(extra) > 0 {
		out = append(out, registers.Finding{Warn: true, What: fmt.Sprintf("%s has columns that are not declared: %s", r.name(), strings.Join(extra, ", ")),
			Mend: "declare those that hold personal data: they are not in the copy, and stay where an erasure keeps the row"})
	}
	if l.key < 0 {
		return append(out, registers.Finding{Warn: true, What: r.name() + " has no key column", Mend: "name a column with a number of its own in each row as key: a retry finds a changed row by it"})
	}
	seen, double := map[string]bool{}, 0
	for _, cells := range b.rows() {
		k := l.plain(cells)
		if k == "" || seen[k] {
			double++
		}
		seen[k] = true
	}
	if double > 0 {
		out = append(out, registers.Finding{Warn: true, What: fmt.Sprintf("%d rows of %s have no key, or another row's", double, r.name()), Mend: "give each row a key of its own"})
	}
	return out
}

func (r *Register) checkFile() []registers.Finding {
	file, err := filepath.EvalSymlinks(r.src.File)
	if err != nil {
		return []registers.Finding{{What: r.explain("open", err).Error(), Mend: "correct the name of the file"}}
	}
	var out []registers.Finding
	folder := filepath.Dir(file)
	temp, err := os.CreateTemp(folder, tempPrefix(file)+"*")
	if err != nil {
		return append(out, registers.Finding{What: r.explain("write beside", err).Error(), Mend: "let the bot's user write to the folder: a change is a new file beside the old one"})
	}
	defer os.Remove(temp.Name())
	defer temp.Close()
	info, err := os.Stat(file)
	if err != nil {
		return append(out, registers.Finding{What: r.explain("look at", err).Error(), Mend: "correct the name of the file"})
	}
	if err := sameOwner(temp, info); err != nil {
		out = append(out, registers.Finding{What: r.explain("keep the owner and mode of", err).Error(), Mend: "let the bot run as the owner of the file"})
	}
	if stat, ok := info.Sys().(*syscall.Stat_t); ok && stat.Nlink > 1 {
		out = append(out, registers.Finding{What: r.name() + " has another hard link, which would keep what is erased", Mend: "remove the other name of the file"})
	}
	if by := openElsewhere(file); by != "" {
		out = append(out, registers.Finding{Warn: true, What: r.name() + " is open in " + by + " just now", Mend: "close it there: nothing is written while it is open"})
	}
	return append(out, backups(folder, filepath.Base(file))...)
}

// backups warns of copies that programs leave beside a file: an erasure does not reach them.
func backups(folder, name string) []registers.Finding {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil
	}
	stem := strings.TrimSuffix(name, filepath.Ext(name))
	known := []string{name + "~", name + ".bak", stem + ".bak", "Backup of " + stem + ".xlk", name + ".old", name + ".orig"}
	var out []registers.Finding
	for _, e := range entries {
		if slices.Contains(known, e.Name()) {
			out = append(out, registers.Finding{Warn: true, What: e.Name() + " looks like a copy of " + name, Mend: "delete it: an erasure does not reach it"})
		}
	}
	return out
}
