package sorting

import (
	"io/fs"
	"slices"
	"strings"
	"testing"
)

func TestLexiconFaults(t *testing.T) {
	rows := []struct {
		name, file string
		want       []string // one a fault, in this order
	}{
		{"none", "language: fi\nerase: |\n  hävitä, tuhoa\n", nil},
		{"no language", "erase: |\n  zap\n", []string{"own.yaml:1: no 'language', such as 'language: fi'"}},
		{"language too long", "language: finnish\n", []string{`own.yaml:1: language "finnish": want two letters of ISO 639-1`}},
		{"unknown section", "language: fi\n\neraze: |\n  zap\n", []string{`own.yaml:3: unknown section "eraze"; docs/lexicon.md lists them`}},
		{"star within", "language: fi\nerase: |\n  zap\n  z*ap\n", []string{`own.yaml:4: "z*ap": * belongs at the end of a word`}},
		{"short stem", "language: fi\nerase: |\n  z*\n", []string{`own.yaml:3: "z*": a stem needs two letters before *`}},
		{"short part", "language: fi\nerase: |\n  -ab\n", []string{`own.yaml:3: "-ab": a compound's part needs three letters`}},
		{"gap at the end", "language: fi\nerase: |\n  zap ...\n", []string{`own.yaml:3: "zap ...": ... stands between words`}},
		{"no letters", "language: fi\nerase: |\n  zap, !!\n", []string{`own.yaml:3: "!!": no letters in it`}},
		{"too many words", "language: fi\nerase: |\n  a b c d e f g h i\n", []string{`own.yaml:3: "a b c d e f g h i": more than 8 words`}},
		{"too many spellings", "language: fi\nerase: |\n  a/b a/b a/b a/b a/b a/b a/b\n", []string{`own.yaml:3: "a/b a/b a/b a/b a/b a/b a/b" stands for 128 phrases, at most 64`}},
		{"typed", "language: fi\ntyped: ö\n", []string{`own.yaml:2: typed "ö": want letter=letters, such as ö=oe`}},
		{"a mapping for words", "language: fi\nerase:\n  a: b\n", []string{`own.yaml:2: section "erase": want text, words apart by commas or lines`}},
		{"several at once", "language: fi\neraze: |\n  a\nerase: |\n  z*\n  zap\n  -ab\n", []string{
			`own.yaml:2: unknown section "eraze"; docs/lexicon.md lists them`,
			`own.yaml:5: "z*": a stem needs two letters before *`,
			`own.yaml:7: "-ab": a compound's part needs three letters`}},
		{"no mapping", "- a\n- b\n", []string{"own.yaml:1: want sections such as 'erase: |'"}},
		{"empty", "", []string{"own.yaml:1: want one YAML document of sections"}},
	}
	for _, row := range rows {
		err := CheckLexicon("own.yaml", []byte(row.file))
		var got []string
		if err != nil {
			got = strings.Split(err.Error(), "\n")
		}
		if strings.Join(got, "|") != strings.Join(row.want, "|") {
			t.Errorf("%s:\n got %q\nwant %q", row.name, got, row.want)
		}
	}
}

func TestOwnLexicon(t *testing.T) {
	text := "Hei, kamat paalista poikki. Kiitos, Matti"
	plain := sorter(t)
	if got := plain.Sort("", text); got.Kind == Erasure {
		t.Fatalf("known before: %q", got.Why)
	}
	s, err := New([]byte("language: fi\nask-erasure: |\n  kamat paalista poikki\n"))
	if err != nil {
		t.Fatal(err)
	}
	if got := s.Sort("", text); got.Kind != Erasure || got.Lang != "fi" {
		t.Errorf("%s in %q, want erasure in fi; why %q", got.Kind, got.Lang, got.Why)
	}
	if _, err := New([]byte("language: fi\neraze: |\n  a\n")); err == nil || !strings.Contains(err.Error(), "own lexicon 1:2: ") {
		t.Errorf("got %v, want the fault of line 2 of own lexicon 1", err)
	}
}

func TestNewLanguage(t *testing.T) {
	s, err := New([]byte("language: sme\nletters: đŋŧ\ncommon: |\n  mun, lea, ja, dat\nmy-data: |\n  mu dieđuid\nerase: |\n  sihko, sihkot\nwant: |\n  háliidan\n"))
	if err != nil {
		t.Fatal(err)
	}
	if got := s.Sort("", "Mun háliidan ahte dat lea: sihko mu dieđuid."); got.Kind != Erasure || got.Lang != "sme" {
		t.Errorf("%s in %q, want erasure in sme; why %q", got.Kind, got.Lang, got.Why)
	}
}

// languages are those the program promises: the EU's, Norwegian, Icelandic,
// Ukrainian, Russian, Arabic, Somali.
const languages = "bg cs da de el en es et fi fr ga hr hu it lt lv mt nl pl pt ro sk sl sv no is uk ru ar so"

func TestEveryLanguage(t *testing.T) {
	for lang := range strings.FieldsSeq(languages) {
		name := "lexicon/" + lang + ".yaml"
		data, err := fs.ReadFile(lexicons, name)
		if err != nil {
			t.Errorf("%s: %v", lang, err)
			continue
		}
		if err := CheckLexicon(name, data); err != nil {
			t.Errorf("%v", err)
		}
		p := parseLexicon(name, data)
		if p.language.code != lang {
			t.Errorf("%s: language %q", name, p.language.code)
		}
		has := marks{}
		for _, e := range p.entries {
			has = has.or(of(e.to))
		}
		for _, c := range []concept{cErase, cCorrect, cUpdate, cShow, cHold, cCopy, cMyData, cAccount, cField, cConsent, cMarketing, cWant, cNot, cNew,
			cMoved, cWrong, cLaw, cAskAccess, cAskChange, cAskErasure, cAskConsent, cOrder, cStop_} {
			if !has.has(c) {
				t.Errorf("%s: nothing in section %q", name, conceptNames[c])
			}
		}
	}
}

// Every word of every lexicon is found in itself, stems also with an ending, and parts at the
// end of a compound.
func TestEveryWordIsFound(t *testing.T) {
	files, err := builtIn()
	if err != nil {
		t.Fatal(err)
	}
	b, err := build(files)
	if err != nil {
		t.Fatal(err)
	}
	forms := b.forms()
	m := b.matcher(forms)
	for id, w := range forms {
		words := []string{w.letters()}
		if strings.HasSuffix(w.text, "*") {
			words = append(words, w.letters()+"xyz")
		}
		if strings.HasPrefix(w.text, "-") {
			words = append(words, "xyz"+w.letters())
		}
		for _, word := range words {
			if !slices.Contains(m.find([]byte(word), nil), int32(id)) {
				t.Errorf("%s %q is not found in %q", b.langs[w.lang].code, w.text, word)
			}
		}
	}
}
