package workflow_test

import (
	"encoding/json"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"dpobot/workflow"
	"dpobot/workflow/redisstore"
)

func helsinki(t *testing.T) workflow.Calendar {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		t.Fatal(err)
	}
	return workflow.Calendar{Zone: zone, Country: "FI"}
}

// reported is a case for the report: received on a day, with its items.
func reported(calendar workflow.Calendar, received string, items ...workflow.Item) workflow.Case {
	d, err := workflow.ParseDate(received)
	if err != nil {
		panic(err)
	}
	at := d.At(9, 0, calendar.Zone)
	for i := range items {
		items[i].N = i + 1
		if items[i].Opened.IsZero() {
			items[i].Opened = at
		}
	}
	return workflow.Case{Ref: workflow.Ref("DPO-" + received), Language: "fi", Received: at, Clock: calendar.Clock(at), Items: items,
		Person: workflow.Person{Address: "matti@example.org", Name: "Matti Meikäläinen"}, Messages: []workflow.Message{{Text: "salaisuus"}}}
}

func shut(calendar workflow.Calendar, kind workflow.Kind, state workflow.State, on string) workflow.Item {
	d, err := workflow.ParseDate(on)
	if err != nil {
		panic(err)
	}
	return workflow.Item{Kind: kind, State: state, Closed: d.At(23, 30, calendar.Zone),
		Verified: &workflow.Verification{By: "dpo@firma.example", How: workflow.ByCall}}
}

func year(calendar workflow.Calendar) []workflow.Case {
	refused := shut(calendar, workflow.Erasure, workflow.Refused, "2026-05-04") // on the last day: 1 May is a holiday, a Friday
	refused.Reason, refused.Text = workflow.LegalDuty, "Matti owes us"
	extended := reported(calendar, "2026-02-02", shut(calendar, workflow.Access, workflow.Answered, "2026-04-30"))
	extended.Clock.Extended = calendar.Extended(extended.Clock.Received)
	breach := reported(calendar, "2026-06-01", shut(calendar, workflow.Change, workflow.Answered, "2026-06-01"))
	breach.Breach = &workflow.BreachClock{Known: breach.Received}
	again := reported(calendar, "2026-08-03", shut(calendar, workflow.Erasure, workflow.Answered, "2026-08-20"))
	first := shut(calendar, workflow.Access, workflow.Answered, "2026-03-03") // a day late: 1 March was a Sunday
	first.Opened = time.Date(2026, time.February, 1, 9, 0, 0, 0, calendar.Zone)
	again.Items = append([]workflow.Item{first}, again.Items...)
	return []workflow.Case{
		reported(calendar, "2025-12-30", shut(calendar, workflow.Access, workflow.Answered, "2026-01-12")), // last year's
		reported(calendar, "2026-01-05", shut(calendar, workflow.Access, workflow.Answered, "2026-01-08"), shut(calendar, workflow.Erasure, workflow.Answered, "2026-01-15")),
		extended,
		reported(calendar, "2026-04-01", refused),
		breach,
		reported(calendar, "2026-06-15", shut(calendar, workflow.Access, workflow.Withdrawn, "2026-06-16")),
		reported(calendar, "2026-07-01", shut(calendar, workflow.Other, workflow.NotARequest, "2026-07-02")),
		again,
		reported(calendar, "2026-09-01", workflow.Item{Kind: workflow.Access, State: workflow.Verifying}),
		reported(calendar, "2026-12-22", workflow.Item{Kind: workflow.Access, State: workflow.Triage}),
		reported(calendar, "2026-12-28", shut(calendar, workflow.Change, workflow.Answered, "2027-01-04")), // open at the year's end
		reported(calendar, "2027-01-02", workflow.Item{Kind: workflow.Access, State: workflow.Verifying}),  // next year's
	}
}

func corrected() iter.Seq[workflow.Correction] {
	on := func(y int) workflow.Date { return workflow.Date{Year: y, Month: time.May, Day: 5} }
	return slices.Values([]workflow.Correction{
		{On: on(2026), Said: "access", Is: "erasure"}, {On: on(2026), Said: "other", Is: "none"},
		{On: on(2026), Said: "other", Is: "none"}, {On: on(2025), Said: "access", Is: "none"},
	})
}

func TestReport(t *testing.T) {
	calendar := helsinki(t)
	r := workflow.ReportOf(2026, workflow.Date{Year: 2027, Month: time.January, Day: 10}, calendar, slices.Values(year(calendar)), corrected())
	for name, c := range map[string]struct{ got, want any }{
		"as of":         {r.AsOf.String(), "2026-12-31"},
		"requests":      {r.Requests, 10},
		"none":          {r.NoRequests, 1},
		"answered":      {r.Answered, 7},
		"on time":       {r.OnTime, 6},
		"late":          {r.Late, 1},
		"overdue":       {r.OverdueNow, 1},
		"share":         {*r.OnTimeShare, 6.0 / 8},
		"median":        {*r.Days.Median, 17.0},
		"p90":           {*r.Days.P90, 87},
		"longest":       {*r.Days.Longest, 87},
		"extended":      {r.Extended, 1},
		"open at end":   {r.OpenAtEnd, 3},
		"breaches":      {r.Breaches, 1},
		"refusals":      {r.Refusals[0], workflow.Counted{What: "legalduty", Count: 1}},
		"verified":      {r.Verified, []workflow.Counted{{What: "call", Count: 8}}},
		"corrections":   {r.Corrections, []workflow.Corrected{{Said: "other", Is: "none", Count: 2}, {Said: "access", Is: "erasure", Count: 1}}},
		"kinds":         {len(r.Rights), 3},
		"access, all":   {r.Rights[0].All(), 6},
		"access, open":  {r.Rights[0].Open(), 2},
		"january in":    {r.Months[0], workflow.Month{Received: 1, Closed: 2}},
		"december in":   {r.Months[11], workflow.Month{Received: 2}},
		"first week":    {r.Days.Spread[0], workflow.DaySpan{From: 0, To: 7, Count: 2}},
		"after a month": {r.Days.Spread[4], workflow.DaySpan{From: 32, To: 92, Count: 2}},
	} {
		got, _ := json.Marshal(c.got)
		want, _ := json.Marshal(c.want)
		if string(got) != string(want) {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
	}
}

// What stays of a purged case counts as the case did.
func TestReportOfStubs(t *testing.T) {
	calendar := helsinki(t)
	today := workflow.Date{Year: 2027, Month: time.January, Day: 10}
	whole := workflow.ReportOf(2026, today, calendar, slices.Values(year(calendar)), corrected())
	stubs := func(yield func(workflow.Case) bool) {
		for _, c := range year(calendar) {
			if !yield(redisstore.StubOf(c)) {
				return
			}
		}
	}
	of, err := json.Marshal(whole)
	if err != nil {
		t.Fatal(err)
	}
	ofStubs, err := json.Marshal(workflow.ReportOf(2026, today, calendar, stubs, corrected()))
	if err != nil {
		t.Fatal(err)
	}
	if string(of) != string(ofStubs) {
		t.Errorf("of stubs:\n%s\nof cases:\n%s", ofStubs, of)
	}
	for _, personal := range []string{"matti", "Matti", "salaisuus", "dpo@", "owes"} {
		if strings.Contains(string(of), personal) {
			t.Errorf("the report holds %q", personal)
		}
	}
}

func TestReportOfTheRunningYear(t *testing.T) {
	calendar := helsinki(t)
	for name, c := range map[string]struct {
		today                             workflow.Date
		requests, open, overdue, answered int
	}{
		"on the due day":  {workflow.Date{Year: 2026, Month: time.October, Day: 1}, 1, 1, 0, 0},
		"the day after":   {workflow.Date{Year: 2026, Month: time.October, Day: 2}, 1, 1, 1, 0},
		"before any case": {workflow.Date{Year: 2026, Month: time.August, Day: 1}, 1, 0, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			cases := slices.Values([]workflow.Case{reported(calendar, "2026-09-01", workflow.Item{Kind: workflow.Access, State: workflow.Verifying})})
			r := workflow.ReportOf(2026, c.today, calendar, cases, slices.Values([]workflow.Correction(nil)))
			got := [4]int{r.Requests, r.OpenAtEnd, r.OverdueNow, r.Answered}
			if want := [4]int{c.requests, c.open, c.overdue, c.answered}; got != want {
				t.Errorf("requests, open, overdue, answered: got %v, want %v", got, want)
			}
			if r.AsOf != c.today || r.Days.Median != nil {
				t.Errorf("as of %s, median %v; want %s and none", r.AsOf, r.Days.Median, c.today)
			}
		})
	}
}

func TestReportOfNothing(t *testing.T) {
	calendar := helsinki(t)
	r := workflow.ReportOf(2020, workflow.Date{Year: 2027, Month: time.January, Day: 10}, calendar,
		slices.Values(year(calendar)), slices.Values([]workflow.Correction(nil)))
	if r.Requests != 0 || r.OnTimeShare != nil || r.OpenAtEnd != 0 {
		t.Errorf("a year without requests: got %+v", r)
	}
	if out, err := json.Marshal(r); err != nil || strings.Contains(string(out), `"refusals":null`) {
		t.Errorf("got %s, %v", out, err)
	}
}
