package particulars

import (
	"bufio"
	"flag"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

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
func samples(t *testing.T, path string) []sample {
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

func TestBlind(t *testing.T) {
	sc := measure(t, "testdata/blind.txt")
	t.Logf("%+v", sc)
}

func TestDev(t *testing.T) {
	sc := measure(t, "testdata/dev.txt")
	t.Logf("%+v", sc)
}
