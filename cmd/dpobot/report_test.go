package main

import (
	"bytes"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"dpobot/workflow"
)

var updateGolden = flag.Bool("update-golden", false, "write the golden files of the report and the procedure anew")

// golden compares what was written with a file, which reads as a diff when it changes.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", "golden", name)
	if *updateGolden {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs; if it is meant, run with -update-golden and read the diff\ngot:\n%s", file, got)
	}
}

func fullReport() workflow.Report {
	share, median, p90, longest := 0.9285714, 17.5, 29, 87
	r := workflow.Report{
		Year: 2026, AsOf: workflow.Date{Year: 2026, Month: 12, Day: 31},
		Requests: 17, NoRequests: 3, Answered: 13, OnTime: 13, OverdueNow: 1, OnTimeShare: &share,
		Rights: []workflow.RightRow{
			{Kind: workflow.Access, States: map[workflow.State]int{workflow.Answered: 8, workflow.Verifying: 2}},
			{Kind: workflow.Change, States: map[workflow.State]int{workflow.Answered: 3, workflow.Withdrawn: 1}},
			{Kind: workflow.Erasure, States: map[workflow.State]int{workflow.Answered: 2, workflow.Refused: 2, workflow.Attention: 1}},
			{Kind: workflow.Other, States: map[workflow.State]int{workflow.Answered: 1}},
		},
		Days: workflow.Days{Median: &median, P90: &p90, Longest: &longest, Spread: []workflow.DaySpan{
			{From: 0, To: 7, Count: 3}, {From: 8, To: 14, Count: 2}, {From: 15, To: 21, Count: 4}, {From: 22, To: 31, Count: 3}, {From: 32, To: 92, Count: 1}, {From: 93, To: -1}}},
		Refusals:    []workflow.Counted{{What: "legalduty", Count: 1}, {What: "unidentifiable", Count: 1}},
		Verified:    []workflow.Counted{{What: "call", Count: 11}, {What: "visit", Count: 1}},
		Languages:   []workflow.Counted{{What: "fi", Count: 14}, {What: "sv", Count: 3}},
		Corrections: []workflow.Corrected{{Said: "other", Is: "none", Count: 2}, {Said: "access+erasure", Is: "erasure", Count: 1}},
		Extended:    1, OpenAtEnd: 4, Breaches: 1,
	}
	for i, n := range []int{1, 2, 0, 1, 3, 2, 0, 1, 2, 1, 1, 3} {
		r.Months[i] = workflow.Month{Received: n, Closed: (n + 1) / 2}
	}
	return r
}

func TestReportInEveryLanguage(t *testing.T) {
	for _, lang := range []string{"en", "fi", "sv"} {
		t.Run(lang, func(t *testing.T) {
			var text, html bytes.Buffer
			if err := writeReport(&text, "Power Competence Oy", fullReport(), wordsIn(lang)); err != nil {
				t.Fatal(err)
			}
			golden(t, "report."+lang+".txt", text.Bytes())
			if err := writeReportPage(&html, "Power Competence Oy", fullReport(), wordsIn(lang)); err != nil {
				t.Fatal(err)
			}
			golden(t, "report."+lang+".html", html.Bytes())
		})
	}
}

// Every code that can come has a word in every language.
func TestReportWords(t *testing.T) {
	var keys []string
	for _, k := range append([]workflow.Kind{workflow.None, ""}, workflow.Kinds[:]...) {
		keys = append(keys, "kind "+string(k))
	}
	for _, r := range append([]workflow.Reason{""}, workflow.Reasons[:]...) {
		keys = append(keys, "reason "+string(r))
	}
	for _, h := range []workflow.How{"", workflow.ByCall, workflow.ByVisit, workflow.ByLetter, workflow.ByVideo, workflow.ByEID, workflow.ByOther} {
		keys = append(keys, "how "+string(h))
	}
	for _, key := range keys {
		for i, word := range reportWords[key] {
			if word == "" {
				t.Errorf("%q has no word in language %d", key, i)
			}
		}
		if _, known := reportWords[key]; !known {
			t.Errorf("%q has no words", key)
		}
	}
	if got := wordsIn("sv").of("language de"); got != "de" {
		t.Errorf("a language without a word: got %q, want its code", got)
	}
}

// The page loads nothing, runs nothing, and takes a name for what it is.
func TestReportPageIsSelfContained(t *testing.T) {
	var html bytes.Buffer
	if err := writeReportPage(&html, `Firma <script>alert(1)</script> & Co`, fullReport(), wordsIn("en")); err != nil {
		t.Fatal(err)
	}
	for _, banned := range []string{"<script", "http://", "https://", "url(", "<img", "<link", "@import", "ZgotmplZ"} {
		if strings.Contains(stripText(html.String()), banned) {
			t.Errorf("the page holds %q", banned)
		}
	}
	if handler := regexp.MustCompile(` on[a-z]+=`).FindString(html.String()); handler != "" {
		t.Errorf("the page holds %q", handler)
	}
	if !strings.Contains(html.String(), "Firma &lt;script&gt;") {
		t.Error("the name is not shown as text")
	}
}

// stripText leaves the tags of a page and its style.
func stripText(page string) string {
	return regexp.MustCompile(`>[^<]*<`).ReplaceAllStringFunc(page, func(s string) string {
		if strings.Contains(s, "{") {
			return s
		}
		return "><"
	})
}

func TestReportOfAnEmptyYear(t *testing.T) {
	var html, text bytes.Buffer
	empty := workflow.Report{Year: 2020, AsOf: workflow.Date{Year: 2020, Month: 12, Day: 31}}
	for _, err := range []error{writeReportPage(&html, "Firma", empty, wordsIn("fi")), writeReport(&text, "Firma", empty, wordsIn("fi"))} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if !strings.Contains(html.String(), "Ei pyyntöjä tänä vuonna.") || strings.Contains(html.String(), "<rect") || strings.Contains(html.String(), "NaN") {
		t.Errorf("got %s", html.String())
	}
	if !strings.Contains(text.String(), "ei vielä") {
		t.Errorf("got %s", text.String())
	}
}

func TestReportCommandIsMisused(t *testing.T) {
	for name, args := range map[string][]string{
		"two forms":      {"report", "--json", "--html", "-c", "testdata/stage/dpobot.yaml"},
		"no such config": {"report", "-c", "testdata/nowhere.yaml"},
		"no such lang":   {"report", "--lang", "de"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := run(t.Context(), args, nil, io.Discard, io.Discard); got != exitMisuse {
				t.Errorf("exit code: got %d, want %d", got, exitMisuse)
			}
		})
	}
}

// A case that cannot be opened is passed over; trouble with the store ends the walk.
func TestReportWalk(t *testing.T) {
	trouble := errors.New("trouble")
	for name, c := range map[string]struct {
		broken  workflow.Case
		counted int
		sealed  int
		err     error
	}{
		"a sealed case": {workflow.Case{Ref: "DPO-2026-0002"}, 2, 1, nil},
		"no store":      {workflow.Case{}, 1, 0, trouble},
	} {
		t.Run(name, func(t *testing.T) {
			var w walking
			n := 0
			for range w.cases(func(yield func(workflow.Case, error) bool) {
				_ = yield(workflow.Case{Ref: "DPO-2026-0001"}, nil) && yield(c.broken, trouble) && yield(workflow.Case{Ref: "DPO-2026-0003"}, nil)
			}) {
				n++
			}
			if n != c.counted || w.sealed != c.sealed || !errors.Is(w.err, c.err) {
				t.Errorf("counted %d, sealed %d, %v; want %d, %d, %v", n, w.sealed, w.err, c.counted, c.sealed, c.err)
			}
		})
	}
}
