package config

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// FuzzLoad wants either a configuration or faults with places in the file, and
// no panic. The password of the seeds is never repeated.
func FuzzLoad(f *testing.F) {
	faults, err := os.ReadFile(filepath.Join("testdata", "faults.yaml"))
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{
		worked, string(Example()), string(faults), "", "a: &a {<<: *a}", "a: &a [*a]", "? {a: b}\n: c", "- - -", "!!binary a: |\n  b",
		"mailbox: {imap: {url: imaps://u:hunter2@h}}", "registers: [{sql: {dsn: 'mysql:u:hunter2@tcp(h)/d'}}]", "a: .inf\nb: 0x1F\nc: ~\n",
	} {
		f.Add([]byte(seed))
	}
	dir := folder(f)
	file := filepath.Join(dir, "dpobot.yaml")
	f.Fuzz(func(t *testing.T, src []byte) {
		if len(src) > 16<<10 {
			return
		}
		c, err := load(file, src)
		if err == nil {
			if c.Controller.Timezone == nil || len(c.Handlers) == 0 || len(c.Registers) == 0 {
				t.Error("got a configuration without its required parts")
			}
			c.Lint()
			return
		}
		var found Faults
		if !errors.As(err, &found) || len(found) == 0 {
			t.Fatalf("got %v, want Faults", err)
		}
		lines := strings.Count(string(src), "\n") + strings.Count(string(src), "\r") + 2
		for _, fault := range found {
			if fault.Line < 0 || fault.Line > lines || fault.What == "" || fault.Mend == "" || fault.File != file {
				t.Errorf("got %+v in %d lines", fault, lines)
			}
		}
	})
}

// FuzzURL wants no password of a url in what is said about it.
func FuzzURL(f *testing.F) {
	for _, seed := range []string{"imaps://u@h/INBOX", "smtp://h:25", "redis://h/1", "unix:///s?db=2", "https://h/p?q", "imaps://u:hunter2@h", "imaps://u%40d@h", "//", "a:b@c"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		for _, u := range []urlParser{new(IMAPURL), new(SMTPURL), new(RedisURL), new(WebURL)} {
			if p := u.parseURL(raw); p != nil && (p.what == "" || p.mend == "") {
				t.Errorf("%T: got %+v, want what and mend", u, p)
			}
		}
	})
}
