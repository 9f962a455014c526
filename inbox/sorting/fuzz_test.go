package sorting

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzSort holds that no text whatever breaks the sorter or its promises.
func FuzzSort(f *testing.F) {
	f.Add("Tietopyyntö", "Mitä tietoja teillä on minusta?")
	f.Add("", "pls delet my acount")
	f.Add("WG: Anfrage", "<p>Bitte l&ouml;schen Sie meine Daten</p>\n> quoted\n-- \nsignature")
	f.Add("\xa8\u02bc", "pps`le") // an apostrophe that is a letter
	f.Add("\u02bc", "'\u2019\u02bc` \u02bc a")
	f.Add("Fwd: x", "From: a\nSent: b\nTo: c\n\nSupprimez mes données")
	for _, unit := range hostile {
		f.Add("", repeated(unit, 300))
	}
	s := sorter(f)
	f.Fuzz(func(t *testing.T, subject, text string) {
		r, steps := s.sort(subject, text)
		if most := 200 * (len(subject) + len(text) + 10); steps > most {
			t.Errorf("%d steps, want at most %d", steps, most)
		}
		checkResult(t, r)
		if again := s.Sort(subject, text); again.Kind != r.Kind || !slices.Equal(again.Why, r.Why) {
			t.Errorf("sorted twice: %v %q and %v %q", r.Kind, r.Why, again.Kind, again.Why)
		}
	})
}

func checkResult(t *testing.T, r Result) {
	t.Helper()
	if len(r.Why) == 0 {
		t.Errorf("%s without a reason", r.Kind)
	}
	for _, why := range r.Why {
		if strings.Contains(why, "\n") {
			t.Errorf("a reason of several lines: %q", why)
		}
	}
	if !slices.Contains([]Kind{Access, Change, Erasure, Other, None}, r.Kind) {
		t.Errorf("kind %q", r.Kind)
	}
	if r.Kind == None && len(r.Kinds) > 0 || r.Kind != None && (len(r.Kinds) == 0 || r.Kinds[0] != r.Kind) {
		t.Errorf("kind %s, kinds %v", r.Kind, r.Kinds)
	}
	if seen := slices.Compact(slices.Sorted(slices.Values(r.Kinds))); len(seen) != len(r.Kinds) {
		t.Errorf("a right twice: %v", r.Kinds)
	}
	if r.Kind != Other && r.Other != "" {
		t.Errorf("kind %s with other %q", r.Kind, r.Other)
	}
}

var placed = regexp.MustCompile(`^own\.yaml:[1-9][0-9]*: .`)

// FuzzLexicon holds that a lexicon is either told what is wrong with it, with
// the line, or can be used.
func FuzzLexicon(f *testing.F) {
	f.Add([]byte("language: fi\nask-erasure: |\n  piä tietos ominas, hävitä/tuhoa kaik*\n"))
	f.Add([]byte("language: xx\nletters: åä\ntyped: å=aa\nerase: [zap, -zapping]\n"))
	f.Add([]byte("language: sv\nerase: |\n  a*, *b, ..., a ... b, " + strings.Repeat("a/b ", 9) + "\n"))
	f.Add([]byte("erase: {a: b}\n"))
	f.Add([]byte("language: xx\nask-erasure: zap\n")) // one word alone: the smallest table
	f.Add([]byte("- a\n- b\n"))
	f.Add([]byte("language: &a fi\nerase: *a\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if err := CheckLexicon("own.yaml", data); err != nil {
			for line := range strings.SplitSeq(err.Error(), "\n") {
				if utf8.Valid(data) && !placed.MatchString(line) && !strings.Contains(err.Error(), "\n"+line) {
					t.Errorf("a fault without its place: %q", line)
				}
			}
			return
		}
		b, err := build([]file{{"own.yaml", data}})
		if err != nil {
			t.Fatalf("checked, and yet %v", err)
		}
		s := b.sorter()
		r := s.Sort("hei", "poistakaa tietoni, zap my data "+string(data[:min(len(data), 500)]))
		checkResult(t, r)
	})
}
