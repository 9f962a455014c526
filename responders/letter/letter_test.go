package letter

import (
	"fmt"
	"html"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func parsed(t testing.TB, s string) Letter {
	t.Helper()
	l, err := Parse("Subject: x\n\n" + s)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestText(t *testing.T) {
	long := strings.Repeat("word ", 20)
	tests := []struct{ name, markup, want string }{
		{"nothing", "", ""},
		{"a paragraph runs on", "a\nb\n\nc", "a b\n\nc\n"},
		{"a broken line", "a\\\nb", "a\nb\n"},
		{"a last line that is broken", "a\\", "a\n"},
		{"blank lines", "a\n\n\n \n\nb\n\n", "a\n\nb\n"},
		{"carriage returns", "a\r\nb\r\n", "a b\n"},
		{"a wrapped paragraph", long, strings.TrimSpace(strings.Repeat("word ", 14)) + "\n" + strings.TrimSpace(strings.Repeat("word ", 6)) + "\n"},
		{"a heading", "# Für Ärger\ntext", "FÜR ÄRGER\n\ntext\n"},
		{"two headings", "# a\n# b", "A\n\nB\n"},
		{"a list goes on behind a blank line", "- a\n\n- b", "- a\n- b\n"},
		{"a wrapped item", "- " + long, "- " + strings.TrimSpace(strings.Repeat("word ", 14)) + "\n  " + strings.TrimSpace(strings.Repeat("word ", 6)) + "\n"},
		{"a table", "| a | 1 |\n| longer | 2", "a:      1\nlonger: 2\n"},
		{"a table with a long label", "| a | 1 |\n| a label that is too long to stand | 2 |", "a: 1\na label that is too long to stand: 2\n"},
		{"a cell that is missing", "| a |", "a:\n"},
		{"a third cell", "| a | b | c |", "a: b | c\n"},
		{"a gauge says nothing of its bar", "~ a | b | 50", "a: b\n"},
		{"a quote", "> a\n> b\n\n> c", "| a\n| b\n\n| c\n"},
		{"a warning", "! " + long, "! " + strings.TrimSpace(strings.Repeat("word ", 14)) + "\n! " + strings.TrimSpace(strings.Repeat("word ", 6)) + "\n"},
		{"spoken", "* one  two", "    one two\n"},
		{"a button", "=> DONE | closes it | mailto:x@y.example", "› DONE\n      closes it\n"},
		{"a word", "=> DONE", "› DONE\n"},
		{"small print", "a\n---\nb\n---\nc", "a\n\n----------\n\nb\n\nc\n"},
		{"a link stays whole", strings.Repeat("x", 100) + " y", strings.Repeat("x", 100) + "\ny\n"},
		{"a mark alone", "-\n>\n|", "-\n\n|\n\n:\n"},
		{"no mark", "-a\n#b\n>c", "-a #b >c\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := parsed(t, tt.markup).Text(); got != tt.want {
				t.Errorf("Text() = %q, want %q", got, tt.want)
			}
		})
	}
}

func TestOutsideInText(t *testing.T) {
	tests := []struct {
		name, markup string
		outside      Outside
		want         string
	}{
		{"markup in a paragraph", "%s", "# a\n- b", "# a\n- b\n"},
		{"a line of its own in a list", "- %s", "a\n- b", "- a - b\n"},
		{"the separator in a table", "| a | %s |", "x | y |", "a: x | y |\n"},
		{"the separator in a label", "| %s | 1 |", "x | y", "x | y: 1\n"},
		{"lines in a table", "| a | %s |", "VERIFIED\nDONE", "a: VERIFIED\n   | DONE\n"},
		{"lines in a quote", "> %s", "a\r\nb\u2028c", "| a\n| b\n| c\n"},
		{"lines in a warning", "! no %s", "a\nDONE", "! no a DONE\n"},
		{"lines that are spoken", "* %s", "a\nb", "    a b\n"},
		{"a backslash at the end", "%s\nb", `a\`, "a\\ b\n"},
		{"marks of direction", "%s", "a\u202eb\u2066c\u200ed\u061ce", "abcde\n"},
		{"control characters", "%s", "a\x00b\x1bc\u009bd\u0085e", "abcd\ne\n"},
		{"broken characters", "%s", "a\xffb", "a\ufffdb\n"},
		{"a forged token", "%s", "\ue000YQ\ue001", "\ufffdYQ\ufffd\n"},
		{"invisible tags", "%s", "a\U000e0041b\ufeffc", "abc\n"},
		{"emoji stay", "%s", "👩‍👩‍👧 🏳️‍🌈", "👩‍👩‍👧 🏳️‍🌈\n"},
		{"nothing", "a%sb", "", "ab\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := parsed(t, fmt.Sprintf(tt.markup, tt.outside)).Text(); got != tt.want {
				t.Errorf("Text() = %q, want %q", got, tt.want)
			}
		})
	}
}

func TestSubject(t *testing.T) {
	tests := []struct {
		name, letter, want string
		fails              bool
	}{
		{"plain", "Subject: a b", "a b", false},
		{"behind blank lines", "\n\n Subject: a\n\nb", "a", false},
		{"from outside", "Subject: a " + Outside("b\r\nBcc: c@d.example\n\ne").String() + " f", "a b Bcc: c@d.example e f", false},
		{"empty", "Subject: \n", "", false},
		{"none", "Hello\n", "", true},
		{"no letter", "", "", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l, err := Parse(tt.letter)
			if (err != nil) != tt.fails {
				t.Fatalf("error %v, want one: %v", err, tt.fails)
			}
			if l.Subject != tt.want {
				t.Errorf("subject = %q, want %q", l.Subject, tt.want)
			}
		})
	}
}

func TestHTML(t *testing.T) {
	tests := []struct{ name, markup, want string }{ // want: a part of it
		{"a paragraph", "a\\\nb", `>a<br>b</p>`},
		{"a heading", "# a & b", `>a &amp; b</h2>`},
		{"a list", "- a\n- b", `<li style="margin:0 0 6px;">a</li><li style="margin:0 0 6px;">b</li>`},
		{"a table cell of two lines", "| a | " + Outside("b\nc").String() + " |", `>b<br>c</td>`},
		{"a narrow table stands side by side", "| a | b |", `<table width="100%"`},
		{"a table of long labels is stacked on a telephone", "| Sähköpostiosoite | b |", `<table class="rows" width="100%"`},
		{"a link to a mail", "=> A | b | mailto:x@y.example?subject=Re%3A%20z&body=A", `href="mailto:x@y.example?subject=Re%3A%20z&amp;body=A"`},
		{"a link that is a program", "=> A | b | javascript:alert(1)", `href="#ZgotmplZ"`},
		{"a word without a link", "=> A | b", `<strong>› A</strong>`},
		{"a bar", "~ a | b | 40", `width="40%"`},
		{"the rest of a bar", "~ a | b | 40", `width="60%"`},
		{"a full bar has another colour", "~ a | b | 140", `class="over" width="100%"`},
		{"a bar of no number is empty", "~ a | b | x", `class="rest" width="100%"`},
		{"a quote", "> a\n> b", `>a<br>b</blockquote>`},
		{"small print", "---\na", `<p class="dim"`},
		{"a tag from outside", Outside("<b>&amp;").String(), `&lt;b&gt;&amp;amp;`},
		{"its language", "a", `<html lang="sv">`},
		{"its title", "a", `<title>x</title>`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := parsed(t, tt.markup).HTML("sv")
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(got, tt.want) {
				t.Errorf("HTML lacks %q:\n%s", tt.want, got[strings.Index(got, "<body"):])
			}
		})
	}
}

// TestHTMLLoadsNothing: a mail that is opened tells nobody.
func TestHTMLLoadsNothing(t *testing.T) {
	got, err := parsed(t, "# a\nb\n- c\n| d | e |\n~ f | g | 5\n> h\n! i\n* j\n=> K | l | mailto:m@n.example\n---\no").HTML("en")
	if err != nil {
		t.Fatal(err)
	}
	for _, loads := range []string{"http:", "https:", "url(", "src=", "<img", "<link", "@import", "<script"} {
		if strings.Contains(got, loads) {
			t.Errorf("HTML holds %q", loads)
		}
	}
}

var (
	tags   = regexp.MustCompile(`(?s)<[^>]*>`)
	head   = regexp.MustCompile(`(?s)<head>.*</head>`)
	breaks = strings.NewReplacer("<br>", "", ` class="rows"`, "")
)

// shape is the HTML without text and line breaks.
func shape(t testing.TB, l Letter) string {
	t.Helper()
	s, err := l.HTML("en")
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(tags.FindAllString(breaks.Replace(head.ReplaceAllString(s, "")), -1), "")
}

const everything = "Subject: a %[1]s\n\n# b\n%[1]s\n\nc %[1]s d\n\n- %[1]s\n- e %[1]s\n\n| f | %[1]s |\n| %[1]s | g |\n~ h | i %[1]s | 50\n> %[1]s\n! %[1]s\n* %[1]s\n=> J | %[1]s | mailto:k@l.example\n---\n%[1]s"

// FuzzOutside: no text from outside changes the shape of a letter, gets into its
// subject as a line, or brings characters that a mail client acts on.
func FuzzOutside(f *testing.F) {
	for _, seed := range []string{"x", "# a\n- b\n| c | d", "<b>x</b>", "{{.}}", "a\r\nSubject: b", "\u202ex\u2066", "\ue000YQ\ue001", "\xff", "a | b | javascript:x", "VERIFIED\n\nDONE", "\\\n", "---\n=> A | b | c"} {
		f.Add(seed)
	}
	benign, err := Parse(fmt.Sprintf(everything, Outside("x")))
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if text == "" {
			return // a paragraph of nothing is none
		}
		l, err := Parse(fmt.Sprintf(everything, Outside(text)))
		if err != nil {
			t.Fatal(err)
		}
		if got, want := shape(t, l), shape(t, benign); got != want {
			t.Errorf("shape %s\nwant  %s", got, want)
		}
		if strings.ContainsAny(l.Subject, "\r\n") {
			t.Errorf("subject of two lines: %q", l.Subject)
		}
		markup, err := l.HTML("en")
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range []string{l.Subject, l.Text(), html.UnescapeString(markup)} {
			if !utf8.ValidString(s) {
				t.Errorf("broken characters in %q", s)
			}
			if i := strings.IndexFunc(s, acted); i >= 0 {
				t.Errorf("a character that a mail client acts on at %d of %q", i, s)
			}
		}
	})
}

func acted(r rune) bool {
	return r == '\ue000' || r == '\ue001' || unicode.Is(unicode.Bidi_Control, r) || unicode.IsControl(r) && r != '\n' && r != '\t'
}

// FuzzParse: an operator's template may print anything; a letter comes of it or an
// error, and lines are short where words are.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{"Subject: x\n\n# a\nb", "Subject: \n| a |\n~ b | c | d\n=> e", "x", "Subject: a\n\n> \n! \n* \n---\n---", "Subject: a\n\n\ue000x\ue001 \ue000", "Subject: a\n" + strings.Repeat("ab ", 60)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, markup string) {
		l, err := Parse(markup)
		if err != nil {
			return
		}
		if _, err := l.HTML("en"); err != nil {
			t.Errorf("lay out %q: %v", markup, err)
		}
		for _, line := range strings.Split(l.Text(), "\n") {
			words := strings.Fields(line)
			if n := utf8.RuneCountInString(line); n > width && len(words) > 3 && !strings.HasPrefix(line, "    ") && longest(words) < 20 {
				t.Errorf("a line of %d characters: %q", n, line)
			}
		}
	})
}

func longest(words []string) int {
	n := 0
	for _, w := range words {
		n = max(n, utf8.RuneCountInString(w))
	}
	return n
}
