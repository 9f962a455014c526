package main

import (
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"strings"
	"text/tabwriter"
	"time"

	"dpobot/workflow"
)

type reportCmd struct {
	configured
	Year int    `placeholder:"YEAR" help:"The year in which the requests were received (default: this year)."`
	JSON bool   `help:"Print JSON."`
	HTML bool   `name:"html" help:"Print one HTML page with charts; it loads nothing."`
	Lang string `enum:"en,fi,sv" default:"en" placeholder:"LANG" help:"Language of the text and of the page: en, fi or sv."`
}

// Help is shown below the flags.
func (reportCmd) Help() string {
	return `Counts the requests of a year: how many, of which kind, how many were answered on time, how long it took, why any were refused.
It holds no personal data, and purged cases count too.

Example:
  dpobot report -c dpobot.yaml --year 2026
  dpobot report -c dpobot.yaml --year 2026 --html > report-2026.html`
}

// Run prints the report.
func (c *reportCmd) Run(e *env) error {
	if c.JSON && c.HTML {
		return misuse{fmt.Errorf("--json and --html exclude each other")}
	}
	o, err := c.office(e)
	if err != nil {
		return err
	}
	defer o.Close()
	today := workflow.DateOf(time.Now(), o.cfg.Controller.Timezone)
	if c.Year == 0 {
		c.Year = today.Year
	}
	if c.Year < 2018 || c.Year > today.Year {
		return misuse{fmt.Errorf("--year %d: the law has applied since 2018, and this year is %d", c.Year, today.Year)}
	}
	var trouble walking
	r := workflow.ReportOf(c.Year, today, calendarOf(o.cfg), trouble.cases(o.store.All(e.ctx)), trouble.corrections(o.store.Corrections(e.ctx)))
	if trouble.err != nil {
		return fmt.Errorf("read the cases: %w", trouble.err)
	}
	if err := c.print(e.stdout, o.cfg.Controller.Name, r); err != nil {
		return err
	}
	if trouble.sealed > 0 {
		fmt.Fprintf(e.stderr, "dpobot: %d cases cannot be opened with the keyset and are not counted\n", trouble.sealed)
		return errFailed
	}
	return nil
}

func (c *reportCmd) print(out io.Writer, controller string, r workflow.Report) error {
	w := wordsIn(c.Lang)
	switch {
	case c.JSON:
		return json.NewEncoder(out).Encode(r)
	case c.HTML:
		return writeReportPage(out, controller, r, w)
	}
	return writeReport(out, controller, r, w)
}

// walking keeps the first error of a walk, so that what only counts need not know of any.
type walking struct {
	err    error
	sealed int // cases that could not be opened: the walk goes on after them
}

func (t *walking) cases(walk iter.Seq2[workflow.Case, error]) iter.Seq[workflow.Case] {
	return func(yield func(workflow.Case) bool) {
		for c, err := range walk {
			if err != nil && c.Ref != "" {
				t.sealed++
				continue
			}
			if err != nil {
				t.err = err
				return
			}
			if !yield(c) {
				return
			}
		}
	}
}

func (t *walking) corrections(walk iter.Seq2[map[string]string, error]) iter.Seq[workflow.Correction] {
	return func(yield func(workflow.Correction) bool) {
		for fields, err := range walk {
			if err != nil {
				t.err = err
				return
			}
			on, err := workflow.ParseDate(fields["at"])
			if err != nil {
				continue // without a day it belongs to no year
			}
			if !yield(workflow.Correction{On: on, Said: fields["said"], Is: fields["is"]}) {
				return
			}
		}
	}
}

// figure is one line of the report: what was counted, and the count as people read it.
type figure struct{ Label, Value string }

// figures are the report's single numbers, in the order in which they matter.
func figures(r workflow.Report, w words) []figure {
	none := w.of("none yet")
	share, median, p90, longest := none, none, none, none
	if r.OnTimeShare != nil {
		share = w.number(100*(*r.OnTimeShare), 1) + " %"
	}
	if r.Days.Median != nil {
		median, p90, longest = w.number(*r.Days.Median, 1), fmt.Sprint(*r.Days.P90), fmt.Sprint(*r.Days.Longest)
	}
	count := func(n int) string { return fmt.Sprint(n) }
	return []figure{
		{w.of("requests"), count(r.Requests)},
		{w.of("on time share"), share},
		{w.of("median"), median},
		{w.of("p90"), p90},
		{w.of("longest"), longest},
		{w.of("answered"), count(r.Answered)},
		{w.of("late"), count(r.Late)},
		{w.of("overdue"), count(r.OverdueNow)},
		{w.of("open at end"), count(r.OpenAtEnd)},
		{w.of("extended"), count(r.Extended)},
		{w.of("no requests"), count(r.NoRequests)},
		{w.of("breaches"), count(r.Breaches)},
	}
}

// table is a list of counts with a title, left out where it is empty.
type table struct {
	Title string
	Rows  []figure
}

// tables are the report's lists.
func tables(r workflow.Report, w words) []table {
	var all []table
	add := func(title, prefix string, list []workflow.Counted) {
		t := table{Title: w.of(title)}
		for _, c := range list {
			t.Rows = append(t.Rows, figure{w.of(prefix + c.What), fmt.Sprint(c.Count)})
		}
		if len(t.Rows) > 0 {
			all = append(all, t)
		}
	}
	add("refusals", "reason ", r.Refusals)
	add("verified", "how ", r.Verified)
	add("languages", "language ", r.Languages)
	t := table{Title: w.of("corrections")}
	for _, c := range r.Corrections {
		t.Rows = append(t.Rows, figure{w.kinds(c.Said) + " → " + w.kinds(c.Is), fmt.Sprint(c.Count)})
	}
	if len(t.Rows) > 0 {
		all = append(all, t)
	}
	return all
}

// outcome is what became of the uses of a right, for people: the open states are one.
type outcome struct {
	Name string // of the word, and of the colour
	In   func(workflow.RightRow) int
}

var outcomes = []outcome{
	{"done", func(r workflow.RightRow) int { return r.States[workflow.Answered] }},
	{"refused", func(r workflow.RightRow) int { return r.States[workflow.Refused] }},
	{"withdrawn", func(r workflow.RightRow) int { return r.States[workflow.Withdrawn] + r.States[workflow.NotARequest] }},
	{"open", workflow.RightRow.Open},
}

// writeReport prints the report as text.
func writeReport(out io.Writer, controller string, r workflow.Report, w words) error {
	fmt.Fprintf(out, "%s\n%s\n\n", w.title(controller, r.Year), w.asOf(r.AsOf))
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, f := range figures(r, w) {
		fmt.Fprintf(t, "%s\t%s\n", f.Label, f.Value)
	}
	if len(r.Rights) > 0 {
		fmt.Fprintf(t, "\n%s", w.of("rights"))
		for _, o := range outcomes {
			fmt.Fprintf(t, "\t%s", w.of(o.Name))
		}
		fmt.Fprintln(t)
		for _, row := range r.Rights {
			fmt.Fprintf(t, "  %s", w.of("kind "+string(row.Kind)))
			for _, o := range outcomes {
				fmt.Fprintf(t, "\t%d", o.In(row))
			}
			fmt.Fprintln(t)
		}
	}
	if err := t.Flush(); err != nil {
		return err
	}
	for _, list := range tables(r, w) {
		fmt.Fprintf(out, "\n%s\n", list.Title)
		t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
		for _, row := range list.Rows {
			fmt.Fprintf(t, "  %s\t%s\n", row.Label, row.Value)
		}
		if err := t.Flush(); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(out, "\n%s\n", strings.Join(w.notes(), "\n"))
	return err
}
