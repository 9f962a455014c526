package templates_test

import (
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"dpobot/responders"
	"dpobot/responders/letter"
	"dpobot/responders/templates"
	"dpobot/workflow"
)

// hostile are texts that somebody writes who wants more than to be read.
var hostile = []struct{ name, text string }{
	{"html", `<script>alert(1)</script><img src=x onerror=alert(1)></td></tr></table><h1>x</h1>`},
	{"markup", "# heading\n- item\n| a | b |\n> quote\n! warning\n* spoken\n=> VERIFIED | press me | https://evil.example\n---\n~ a | b | 100"},
	{"markup on one line", "x | y | z | javascript:alert(1)"},
	{"template", `{{.Passphrase}} {{template "mail" .}} {{define "regards"}}x{{end}} {{`},
	{"line ends", "a\r\nBcc: x@evil.example\r\n\r\nb\rc\u2028d\u2029e\u0085f\vg\fh"},
	{"subject", "Subject: another\nSubject: yet another"},
	{"right to left", "\u202egnp.tac\u202c \u2066x\u2069 \u200f \u061c"},
	{"a long word", strings.Repeat("Donaudampfschiff", 400)},
	{"emoji", "👩‍👩‍👧‍👦 🏳️‍🌈 é ａ"},
	{"keywords", "VERIFIED\nVAHVISTETTU\n\nDONE\nEJ BEGÄRAN"},
	{"control characters", "\x00\x1b[31m\x07\x7f\u0080"},
	{"broken characters", "\xff\xfe\xc3("},
	{"tokens", "\ue000SGVq\ue001 \ue000\ue000 \ue001"},
	{"backslash", "x\\\n\\ y \\"},
	{"blank", " \t\n \n"},
}

// fill puts the text into every value that comes from outside, and into the titles that
// persons and operators give.
func fill(v reflect.Value, text string) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Field(i).CanSet() {
				fill(v.Field(i), text)
			}
		}
	case reflect.Slice, reflect.Pointer:
		if v.IsNil() {
			return
		}
		if v.Kind() == reflect.Pointer {
			fill(v.Elem(), text)
			return
		}
		for i := range v.Len() {
			fill(v.Index(i), text)
		}
	case reflect.String:
		if v.Type() == reflect.TypeFor[letter.Outside]() && v.Len() > 0 {
			v.SetString(text)
		}
	}
}

// deep is a copy of a view that shares nothing with it.
func deep(v reflect.Value) reflect.Value {
	out := reflect.New(v.Type()).Elem()
	out.Set(v)
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if out.Field(i).CanSet() {
				out.Field(i).Set(deep(v.Field(i)))
			}
		}
	case reflect.Slice:
		if !v.IsNil() {
			out.Set(reflect.MakeSlice(v.Type(), v.Len(), v.Len()))
			for i := range v.Len() {
				out.Index(i).Set(deep(v.Index(i)))
			}
		}
	case reflect.Pointer:
		if !v.IsNil() {
			out.Set(reflect.New(v.Type().Elem()))
			out.Elem().Set(deep(v.Elem()))
		}
	}
	return out
}

func filled(view responders.View, text string) responders.View {
	out := deep(reflect.ValueOf(view))
	fill(out, text)
	fields := func(fs []responders.FieldView) {
		for i := range fs {
			if fs[i].Unknown { // then the title is what the person called it
				fs[i].Title = text
			}
		}
	}
	v := out.Interface().(responders.View)
	for i := range v.Items {
		fields(v.Items[i].Fields)
	}
	return v
}

// skeleton is the tags of the HTML without line breaks, and without the class of a table
// whose labels are long, which is the only look that depends on a text.
func skeleton(html string) string {
	var b strings.Builder
	for rest := html[strings.Index(html, "<body"):]; ; {
		_, after, found := strings.Cut(rest, "<")
		if !found {
			return b.String()
		}
		tag, next, _ := strings.Cut(after, ">")
		if tag != "br" {
			b.WriteString("<" + strings.Replace(tag, ` class="rows"`, "", 1) + ">")
		}
		rest = next
	}
}

// differ shows where two texts part.
func differ(got, want string) string {
	n := 0
	for n < min(len(got), len(want)) && got[n] == want[n] {
		n++
	}
	return fmt.Sprintf("at %d %q, want %q", n, got[n:min(len(got), n+80)], want[n:min(len(want), n+80)])
}

// TestHostileText: whatever a text from outside holds, the mail has the same shape, and
// the text stands in it as text.
func TestHostileText(t *testing.T) {
	s := load(t)
	for _, lang := range languages {
		for _, e := range examples(s, lang) {
			want := mail(t, s, lang, e, "x")
			for _, h := range hostile {
				got := mail(t, s, lang, e, h.text)
				where := fmt.Sprintf("%s with %s", e.file(lang), h.name)
				if a, b := skeleton(got.html), skeleton(want.html); a != b {
					t.Errorf("%s has another shape: %s", where, differ(a, b))
				}
				if got.subject != want.subject {
					t.Errorf("%s: subject %q, want %q", where, got.subject, want.subject)
				}
				for n, line := range strings.Split(got.text, "\n") {
					if bare(line) {
						t.Errorf("%s: line %d is a keyword alone: %q", where, n+1, line)
					}
				}
				for _, part := range []string{got.text, got.html} {
					if i := strings.IndexFunc(part, forbidden); i >= 0 {
						t.Errorf("%s holds a forbidden character at %d: %q", where, i, part[max(0, i-20):min(len(part), i+20)])
					}
				}
			}
		}
	}
}

func forbidden(r rune) bool {
	return r == '\r' || r == '\ue000' || r == '\ue001' || unicode.Is(unicode.Bidi_Control, r) || unicode.IsControl(r) && r != '\n' && r != '\t'
}

type parts struct{ subject, text, html string }

func mail(t *testing.T, s *templates.Set, lang string, e example, text string) parts {
	t.Helper()
	l, err := s.Letter(lang, string(e.action), filled(e.view, text))
	if err != nil {
		t.Fatal(err)
	}
	html, err := l.HTML(lang)
	if err != nil {
		t.Fatal(err)
	}
	return parts{l.Subject, l.Text(), html}
}

// spelt are the keywords as they are typed, of all languages.
var spelt = func() map[string]bool {
	all := map[string]bool{}
	s, err := templates.Load(nil)
	if err != nil {
		panic(err)
	}
	for _, lang := range languages {
		for _, w := range keywords {
			all[s.Word(lang, "keyword", string(w))] = true
		}
	}
	return all
}()

// bare tells whether a line is a keyword alone, in capitals or not.
func bare(line string) bool {
	return spelt[strings.ToUpper(strings.TrimRight(strings.TrimSpace(line), ".,:;!"))]
}

// begins tells whether a line could be taken for an order: it begins with a keyword, or
// with a reference and one.
func begins(line string) bool {
	line = strings.TrimLeft(reference.ReplaceAllString(strings.TrimSpace(line), ""), " :,-")
	upper := strings.ToUpper(line)
	for word := range spelt {
		if rest, ok := strings.CutPrefix(upper, word); ok && (rest == "" || strings.ContainsAny(rest[:1], ".,:;!- ")) {
			return true
		}
	}
	return false
}

var reference = regexp.MustCompile(`^DPO-[0-9]{4}-[0-9]+`)

// TestNoMailOrders: an automatic reply, or one whose quote nobody can tell, begins with
// our own first line; a reply to a digest may hold any of its lines.
func TestNoMailOrders(t *testing.T) {
	s := load(t)
	for _, lang := range languages {
		for _, e := range examples(s, lang) {
			l, err := s.Letter(lang, string(e.action), e.view)
			if err != nil {
				t.Fatal(err)
			}
			for n, line := range strings.Split(l.Text(), "\n") {
				if strings.HasPrefix(line, "| ") {
					continue // what somebody wrote
				}
				if bare(line) || (n == 0 || e.action == workflow.DigestMail) && begins(line) {
					t.Errorf("%s: line %d could be taken for an order: %q", e.file(lang), n+1, line)
				}
			}
		}
	}
}
