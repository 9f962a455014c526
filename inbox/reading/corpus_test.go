package reading

import (
	"bufio"
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// corpus is the folder of public and hand-written mails beside the repository.
const corpus = "../../../shared/mail"

// sample is one mail of the corpus with what must come of it.
type sample struct {
	File     string         `json:"file"`
	Suite    string         `json:"suite"`
	Kind     string         `json:"kind"`
	Expect   map[string]any `json:"expect"`
	MboxFrom bool           `json:"mbox_from_line"`
}

func samples(t testing.TB) []sample {
	t.Helper()
	manifest, err := os.Open(filepath.Join(corpus, "manifest.jsonl"))
	if err != nil {
		t.Skipf("the mail corpus is not there (%s): %v", corpus, err)
	}
	defer manifest.Close()
	var list []sample
	lines := bufio.NewScanner(manifest)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var s sample
		if err := json.Unmarshal(lines.Bytes(), &s); err != nil {
			t.Fatalf("manifest: %v", err)
		}
		list = append(list, s)
	}
	return list
}

// placeholders are filled in as bytes: some samples are not UTF-8.
var placeholders = map[string]string{
	"{{TOKEN}}": "tok5f2e9c81aa", "{{CASE}}": "DP-2025-0007", "{{DPO}}": "pauli.vuorio@powercompetence.example",
	"{{BOT}}": "tietosuoja@powercompetence.example", "{{AUTHSERV}}": "mx.powercompetence.example",
	"{{DATE}}": "Mon, 03 Mar 2025 10:00:00 +0200", "{{OLD_DATE}}": "Sat, 01 Mar 2025 10:00:00 +0200",
	"{{REQ_MSGID}}": "<req-1.tok5f2e9c81aa@powercompetence.example>", "{{OTHER_TOKEN}}": "tok99c1b2d3e4", "{{OTHER_CASE}}": "DP-2025-0008",
}

func (s sample) bytes(t testing.TB) []byte {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(corpus, s.File))
	if err != nil {
		t.Fatal(err)
	}
	if s.MboxFrom {
		_, raw, _ = bytes.Cut(raw, []byte("\n"))
	}
	return fill(raw)
}

func fill(raw []byte) []byte {
	if !bytes.Contains(raw, []byte("{{")) {
		return raw
	}
	for name, value := range placeholders {
		raw = bytes.ReplaceAll(raw, []byte(name), []byte(value))
	}
	return raw
}

func read(t testing.TB, raw []byte) Mail {
	t.Helper()
	m, err := Read(bytes.NewReader(raw), DefaultLimits())
	if err != nil {
		t.Fatalf("Read: %v", err)
	}
	return m
}

func (s sample) str(key string) string {
	v, _ := s.Expect[key].(string)
	return string(fill([]byte(v)))
}

func (s sample) strs(key string) (out []string) {
	if v, ok := s.Expect[key].(string); ok {
		return []string{v}
	}
	list, _ := s.Expect[key].([]any)
	for _, v := range list {
		if text, ok := v.(string); ok {
			out = append(out, string(fill([]byte(text))))
		}
	}
	return out
}

func (s sample) is(key string) (value, known bool) {
	value, known = s.Expect[key].(bool)
	return value, known
}
