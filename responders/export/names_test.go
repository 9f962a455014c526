package export

import (
	"strings"
	"testing"
)

func TestFileSlug(t *testing.T) {
	for in, want := range map[string]string{
		"Asiakasrekisteri (vanha)": "asiakasrekisteri-vanha",
		"Työnhakijat":              "tyonhakijat",
		"../../etc/passwd":         "etc-passwd",
		"DP-2026-0042":             "dp-2026-0042",
		"":                         "table",
		"北京":                       "table",
	} {
		if got := fileSlug(in, "table"); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
	if got := fileSlug(strings.Repeat("a", 500), ""); len(got) > 60 {
		t.Errorf("a long name becomes %d bytes", len(got))
	}
}

func TestFileName(t *testing.T) {
	for in, want := range map[string]string{
		"lasku.pdf":           "lasku.pdf",
		"Selvitys ä.docx":     "Selvitys ä.docx",
		"../../etc/passwd":    "passwd",
		`C:\windows\calc.exe`: "calc.exe",
		"a\u202efdp.exe":      "a_fdp.exe",
		"a\x00b\nc":           "a_b_c",
		"..":                  "document",
		"":                    "document",
		"why?.txt":            "why_.txt",
	} {
		if got := fileName(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
	if got := fileName(strings.Repeat("x", 300) + ".pdf"); len(got) > 80 || !strings.HasSuffix(got, ".pdf") {
		t.Errorf("a long name becomes %q", got)
	}
}
