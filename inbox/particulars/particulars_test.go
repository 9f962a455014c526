package particulars

import (
	"bufio"
	"flag"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"dpobot/workflow"
)

// sample is a mail with what is to be read out of it.
type sample struct {
	line          int
	lang          string
	subject, text string
	fields        []workflow.FieldChange
	also          map[string]workflow.Text
	elsewhere     bool
}

// samples reads rows of "language ## [subject] text ## field=new<old; ... ## role=value; ... ## S".
func samples(t testing.TB, path string) []sample {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var all []sample
	scan := bufio.NewScanner(f)
	for line := 1; scan.Scan(); line++ {
		if strings.HasPrefix(scan.Text(), "#") || strings.TrimSpace(scan.Text()) == "" {
			continue
		}
		cols := strings.Split(scan.Text(), "##")
		for i := range cols {
			cols[i] = strings.TrimSpace(cols[i])
		}
		cols = append(cols, "", "", "")
		s := sample{line: line, lang: cols[0], text: strings.NewReplacer(`\n`, "\n", `\t`, "\t").Replace(cols[1]), elsewhere: cols[4] == "S"}
		if rest, ok := strings.CutPrefix(s.text, "["); ok {
			s.subject, s.text, _ = strings.Cut(rest, "] ")
		}
		for _, part := range parts(cols[2]) {
			field, value, _ := strings.Cut(part, "=")
			fresh, old, _ := strings.Cut(value, "<")
			s.fields = append(s.fields, workflow.FieldChange{Field: field, New: workflow.Text(fresh), Old: workflow.Text(old)})
		}
		for _, part := range parts(cols[3]) {
			role, value, _ := strings.Cut(part, "=")
			if s.also == nil {
				s.also = map[string]workflow.Text{}
			}
			s.also[role] = workflow.Text(value)
		}
		all = append(all, s)
	}
	if len(all) == 0 {
		t.Fatalf("%s holds no rows", path)
	}
	return all
}

func parts(s string) []string {
	var out []string
	for _, p := range strings.Split(s, ";") {
		if p = strings.TrimSpace(p); p != "" {
			out = append(out, p)
		}
	}
	return out
}

// score counts how the rows of a file come out.
type score struct {
	rows, exact, clean     int // rows read whole; rows without a wrong proposal
	proposed, wrong, asked int
	also, alsoWrong        int
	elsewhere              int // rows whose SendElsewhere is wrong
}

var show = flag.Bool("show", false, "print the rows that come out otherwise; they are invented")

func measure(t *testing.T, path string) score {
	var sc score
	for _, s := range samples(t, path) {
		got := Read(s.lang, s.subject, s.text)
		sc.rows++
		sc.asked += len(s.fields)
		wrong := 0
		for _, f := range got.Fields {
			sc.proposed++
			if !slices.ContainsFunc(s.fields, func(w workflow.FieldChange) bool {
				return w.Field == f.Field && w.New == f.New && (f.Old == "" || f.Old == w.Old)
			}) {
				wrong++
			}
		}
		sc.wrong += wrong
		exact := wrong == 0 && sameFields(got.Fields, s.fields)
		if exact {
			sc.exact++
		}
		if wrong == 0 {
			sc.clean++
		}
		for role, v := range got.Also {
			sc.also++
			if s.also[role] != v {
				sc.alsoWrong++
			}
		}
		if got.SendElsewhere != s.elsewhere {
			sc.elsewhere++
		}
		if *show && (!exact || got.SendElsewhere != s.elsewhere || !maps.Equal(got.Also, s.also)) {
			t.Logf("%s:%d: %s %q\n got %s\nwant %s", path, s.line, s.lang, s.text, spell(got.Fields, got.Also, got.SendElsewhere), spell(s.fields, s.also, s.elsewhere))
		}
	}
	return sc
}

func sameFields(a, b []workflow.FieldChange) bool {
	if len(a) != len(b) {
		return false
	}
	for _, f := range a {
		if !slices.Contains(b, f) {
			return false
		}
	}
	return true
}

func spell(fields []workflow.FieldChange, also map[string]workflow.Text, elsewhere bool) string {
	var out []string
	for _, f := range fields {
		out = append(out, f.Field+"="+f.New.Reveal()+"<"+f.Old.Reveal())
	}
	for _, role := range slices.Sorted(maps.Keys(also)) {
		out = append(out, "also "+role+"="+also[role].Reveal())
	}
	if elsewhere {
		out = append(out, "S")
	}
	return strings.Join(out, "; ")
}

// TestRows holds what the reader has learnt: no proposal of these rows is wrong, and few
// are missing.
func TestRows(t *testing.T) {
	for _, row := range []struct {
		file    string
		missing int // rows that are not read whole
	}{
		{"dev.txt", 0},
		{"blind.txt", 1},
		{"blind2.txt", 2},
		{"blind3.txt", 1},
		{"blind4.txt", 3},
		{"blind5.txt", 1},
		{"blind6.txt", 1},
	} {
		t.Run(row.file, func(t *testing.T) {
			sc := measure(t, "testdata/"+row.file)
			t.Logf("%+v", sc)
			if sc.wrong > 0 || sc.alsoWrong > 0 || sc.elsewhere > 0 {
				t.Errorf("wrong: got %d proposals, %d of also, %d of elsewhere; want none (run with -show)", sc.wrong, sc.alsoWrong, sc.elsewhere)
			}
			if got := sc.rows - sc.exact; got > row.missing {
				t.Errorf("rows not read whole: got %d, want at most %d (run with -show)", got, row.missing)
			}
		})
	}
}

// TestIdentityCodes: personal identity codes are nobody's to collect.
func TestIdentityCodes(t *testing.T) {
	for _, row := range []struct{ name, lang, text string }{
		{"finnish", "fi", "Hetuni on 010190-999X. Uusi puhelinnumeroni 010190-999X."},
		{"finnish, new sign", "fi", "Uusi asiakasnumero 010190A999X"},
		{"finnish in a form", "fi", "Muuttuneet tiedot:\nHenkilötunnus: 010190-999X\nSukunimi: 010190-999X"},
		{"finnish in a table", "fi", "| Tieto | Vanha | Uusi |\n| Puhelin | 010190-999X | 010190-999X |"},
		{"swedish", "sv", "Mitt nya telefonnummer är 010190-1234"},
		{"swedish, long", "sv", "Mitt kundnummer är 19850612-1234"},
		{"danish", "da", "Mit cpr-nr er 120685-1234, telefon 120685-1234"},
	} {
		t.Run(row.name, func(t *testing.T) {
			got := Read(row.lang, "", row.text)
			if s := spell(got.Fields, got.Also, got.SendElsewhere); strings.ContainsAny(s, "0123456789") {
				t.Errorf("got %q, want no digits", s)
			}
		})
	}
}

// TestBounds: work and answers stay small whatever is sent.
func TestBounds(t *testing.T) {
	for _, row := range []struct{ name, text string }{
		{"one word for ever", strings.Repeat("a", 1<<20)},
		{"signs", strings.Repeat("->|:(", 1<<18)},
		{"cues", strings.Repeat("uusi osoite ei vanha nimi ", 1<<15)},
		{"values", strings.Repeat("uusi osoite Uusikatu 1, 33100 Tampere ", 1<<15)},
		{"one sentence of mail addresses", strings.Repeat("uusi a@b.example ", 1<<16)},
		{"bars", strings.Repeat("| Vanha | Uusi |\n", 1<<16)},
		{"capitals", "Nimeni on nyt " + strings.Repeat("Aa ", 1<<18)},
		{"digits", "puh. " + strings.Repeat("0 ", 1<<18)},
		{"thanks", strings.Repeat("Kiitos, ", 1<<17)},
		{"care of", "uusi osoite " + strings.Repeat("c/o Aa, ", 1<<17)},
		{"streets", "uusi osoite " + strings.Repeat("Aa 1\nBb 2 ", 1<<16)},
		{"no blanks", "uusi osoite " + strings.Repeat("Aa.1,b:", 1<<16)},
		{"not UTF-8", "Nimeni on nyt \xff\xfe Aino\xc3 Ek"},
	} {
		t.Run(row.name, func(t *testing.T) { check(t, "fi", "", row.text) })
	}
}

// check holds what is true of every answer.
func check(t *testing.T, lang, subject, text string) {
	t.Helper()
	got := Read(lang, subject, text)
	if len(got.Fields) > mostFields {
		t.Errorf("got %d fields, want at most %d", len(got.Fields), mostFields)
	}
	seen := map[string]bool{}
	for _, f := range got.Fields {
		if f.Field == "" || f.New == "" || f.New == f.Old || seen[f.Field] {
			t.Errorf("got a field without a name, a value or anew: %q", f.Field)
		}
		seen[f.Field] = true
		sound(t, f.New.Reveal())
		sound(t, f.Old.Reveal())
	}
	for role, v := range got.Also {
		if v == "" || !slices.Contains([]string{"name", "telephone", "customer_number", "birth_date"}, role) {
			t.Errorf("got role %q, want one of four with a value", role)
		}
		sound(t, v.Reveal())
	}
}

func sound(t *testing.T, v string) {
	t.Helper()
	if len(v) > mostValue || strings.ContainsAny(v, "\r\n\x00") || !utf8.ValidString(v) || strings.TrimSpace(v) != v {
		t.Errorf("got a value of %d bytes that is too long, broken or not trimmed", len(v))
	}
	for _, w := range strings.Fields(v) {
		if identityCode(w) {
			t.Error("got an identity code")
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, file := range []string{"dev.txt", "blind.txt", "blind2.txt", "blind3.txt", "blind4.txt", "blind5.txt", "blind6.txt"} {
		for _, s := range samples(f, "testdata/"+file) {
			f.Add(s.lang, s.subject, s.text)
		}
	}
	f.Fuzz(func(t *testing.T, lang, subject, text string) { check(t, lang, subject, text) })
}

func BenchmarkRead(b *testing.B) {
	all := samples(b, "testdata/blind2.txt")
	for b.Loop() {
		for _, s := range all {
			Read(s.lang, s.subject, s.text)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*len(all)), "us/mail")
}
