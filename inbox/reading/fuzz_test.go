package reading

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// seed adds the mails of testdata.
func seed(f *testing.F) {
	f.Helper()
	paths, err := filepath.Glob("testdata/*.eml")
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range paths {
		raw, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
}

// smallLimits make the bounds easy to reach.
func smallLimits() Limits {
	return Limits{Size: 64 << 10, HeaderBytes: 4 << 10, Depth: 4, Parts: 20, TextBytes: 2 << 10, MarkupBytes: 4 << 10, Lines: 100, Addresses: 5}
}

// FuzzRead holds the reading of any mail to what its readers rely on.
func FuzzRead(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, raw []byte) {
		lim := smallLimits()
		m, err := Read(bytes.NewReader(raw), lim)
		if err != nil {
			t.Fatalf("Read: %v", err)
		}
		if m.Size != int64(len(raw)) {
			t.Errorf("Size: got %d, want %d", m.Size, len(raw))
		}
		again, _ := Read(oneByte{bytes.NewReader(raw)}, lim)
		if again.Digest != m.Digest || again.Text != m.Text || again.CommandProblem != m.CommandProblem {
			t.Error("the pieces in which a mail comes make a difference")
		}
		for _, text := range []string{m.Text, m.Whole, m.FirstLine, m.Forwarded} {
			checkText(t, text)
		}
		for _, one := range []string{m.Subject, m.From.Name, m.From.Address, m.MessageID, m.FirstLine} {
			checkOneLine(t, one)
		}
		for _, a := range m.Attachments {
			checkOneLine(t, a.Name)
			if strings.ContainsAny(a.Name, `/\`) || a.Name == ".." || a.Name == "." {
				t.Errorf("a file name with a path: %q", a.Name)
			}
		}
		if len(m.Text) > 8*lim.TextBytes {
			t.Errorf("Text has %d bytes", len(m.Text))
		}
		if m.FirstLine != "" && isQuoteLine(m.FirstLine) {
			t.Errorf("a quote as the first line: %q", m.FirstLine)
		}
		if m.FromProblem == "" && (m.From.Address == "" || count(m.Fields, "From") != 1) {
			t.Errorf("a sender without a problem, and no sender")
		}
		if m.Bounce != nil && !m.Automatic {
			t.Error("a bounce that is no machine's mail")
		}
	})
}

func checkText(t *testing.T, text string) {
	t.Helper()
	if !utf8.ValidString(text) {
		t.Errorf("not UTF-8: %q", text)
	}
	if i := strings.IndexFunc(text, func(r rune) bool { return r != '\n' && r != '\t' && unicode.IsControl(r) }); i >= 0 {
		t.Errorf("a control character: %q", text[i:])
	}
}

func checkOneLine(t *testing.T, text string) {
	t.Helper()
	checkText(t, text)
	if strings.ContainsAny(text, "\n") {
		t.Errorf("more than a line: %q", text)
	}
}

// FuzzHeader holds the header reader to never losing or inventing a field.
func FuzzHeader(f *testing.F) {
	seed(f)
	f.Add([]byte("From\n : a@b\nFrom: c@d\nno colon\n\nbody"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		in, _ := newLines(bytes.NewReader(raw))
		b := readHeader(in.next, 4<<10, true)
		total := len(b.stray)
		for _, field := range b.fields {
			if !isFieldName([]byte(field.Name)) {
				t.Errorf("a field name that is none: %q", field.Name)
			}
			if strings.Contains(field.Value, "\n") {
				t.Errorf("a field that is folded still: %q", field.Value)
			}
			total += len(field.Name) + len(field.Value)
		}
		if total > len(raw)+len(b.fields) {
			t.Errorf("%d bytes of fields out of %d", total, len(raw))
		}
	})
}

// FuzzAddresses holds the address reader to plain addresses.
func FuzzAddresses(f *testing.F) {
	for _, s := range []string{"Pauli <a@b.example>, c@d.example", `"x" <@r:a@b>`, "g: a@b, c@d;", "a(x)@(y)b(<c@d>)", "=?utf-8?q?a=0Ab?= <a@b>", `"\`, "<<a@b>>"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		list := parseAddresses(raw, 10)
		for _, box := range list.boxes {
			checkOneLine(t, box.Name)
			checkOneLine(t, box.Address)
			if !strings.Contains(box.Address, "@") || len(box.Address) > maxAddress {
				t.Errorf("no address: %q", box.Address)
			}
		}
	})
}

// FuzzVisible holds the trimmer to taking away, never adding, and to no command below
// somebody else's words.
func FuzzVisible(f *testing.F) {
	paths, _ := filepath.Glob(filepath.Join(corpus, "email_reply_trimmer/emails/*.txt"))
	for _, path := range paths {
		if raw, err := os.ReadFile(path); err == nil {
			f.Add(string(raw))
		}
	}
	f.Add("> a\nVERIFIED\n> b\n")
	f.Add("ma 3.3.2025 klo 9.15 X <a@b> kirjoitti:\n\nVERIFIED\n")
	f.Fuzz(func(t *testing.T, text string) {
		var lines []line
		for _, l := range strings.Split(text, "\n") {
			lines = append(lines, line{text: cleanLine(l)})
		}
		v := readVisible(lines)
		if len(v.own) > len(lines) {
			t.Errorf("%d lines out of %d", len(v.own), len(lines))
		}
		if v.first == "" {
			return
		}
		for _, l := range lines {
			if isBlankText(l.text) || l.text == "ᐧ" {
				continue
			}
			if l.text != v.first {
				t.Errorf("first line %q, but %q stands above", v.first, l.text)
			}
			return
		}
	})
}

// FuzzStatus holds the reading of delivery reports to bounds.
func FuzzStatus(f *testing.F) {
	f.Add("Reporting-MTA: dns; x\n\nFinal-Recipient: rfc822; <a@b>\nAction: failed\nStatus: 5.1.1 (x)\nDiagnostic-Code: smtp; 550\n 5.1.1 no\n")
	f.Add("Final-Recipient: rfc822;a@b\nFinal-Recipient: rfc822;c@d\nstatus:5.0.0")
	f.Fuzz(func(t *testing.T, text string) {
		report := readStatus(text)
		if len(report.results) > maxResults+1 {
			t.Errorf("%d results", len(report.results))
		}
		for _, r := range report.results {
			checkOneLine(t, r.Recipient)
			checkOneLine(t, r.Diagnostic)
			if r.Status != "" && findStatus(r.Status) != r.Status {
				t.Errorf("no status: %q", r.Status)
			}
		}
		summarise(report.of, report.results, Mail{})
		readCloudNotice(text)
	})
}

// FuzzHTML holds the HTML reader to bounds and to plain text.
func FuzzHTML(f *testing.F) {
	f.Add("<p>a<p style='display:none'>b<blockquote>c</blockquote>")
	f.Add("<style>.x{display:none} @media a{b{c:d}}</style><i class=x>a</i><table><tr><td>x<td>y")
	f.Fuzz(func(t *testing.T, source string) {
		lim := smallLimits()
		page := readHTML(source, lim)
		if len(page.lines) > lim.Lines+2 {
			t.Errorf("%d lines", len(page.lines))
		}
		for _, l := range page.lines {
			if utf8.ValidString(source) {
				checkOneLine(t, l.text)
			}
		}
	})
}
