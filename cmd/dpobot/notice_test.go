package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A transfer on a ground that fell is misuse; what is only missing is told.
func TestNoticeLint(t *testing.T) {
	for _, row := range []struct {
		name, add string
		code      int
		says      string
	}{
		{"incomplete", "", exitFine, "warning  notice"},
		{"Privacy Shield", "  transfers: [{country: US, safeguard: EU-US Privacy Shield}]\n", exitMisuse, "C-311/18"},
		{"Safe Harbor", "  transfers: [{country: US, safeguard: Safe Harbor}]\n", exitMisuse, "C-362/14"},
	} {
		t.Run(row.name, func(t *testing.T) {
			dir := t.TempDir()
			if err := furnish(dir); err != nil {
				t.Fatal(err)
			}
			file := filepath.Join(dir, "dpobot.yaml")
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, append(data, row.add...), 0o600); err != nil {
				t.Fatal(err)
			}
			var out, errs bytes.Buffer
			if code := run(t.Context(), []string{"notice", "lint", "-c", file}, strings.NewReader(""), &out, &errs); code != row.code {
				t.Errorf("got exit code %d, want %d: %s", code, row.code, errs.String())
			}
			if !strings.Contains(out.String(), row.says) {
				t.Errorf("got %q, want %q in it", out.String(), row.says)
			}
		})
	}
}
