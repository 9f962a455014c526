package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"dpobot/responders/post"
	"dpobot/workflow"
)

// stageIn is a stage in a country, whose clock stands at a time.
func stageIn(t *testing.T, country, zone string, now time.Time) *stage {
	t.Helper()
	dir := t.TempDir()
	if err := furnish(dir); err != nil {
		t.Fatal(err)
	}
	file := dir + "/dpobot.yaml"
	text := strings.Replace(readFile(t, file), "country: FI, timezone: Europe/Helsinki", "country: "+country+", timezone: "+zone, 1)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	s, err := newStage(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.store.Close() })
	s.now = now
	return s
}

func plea(from string, n int) []byte {
	return crlf(fmt.Sprintf("From: <%s>\nTo: <%s>\nSubject: My data\nMessage-ID: <plea.%d@home.example>\nContent-Type: text/plain; charset=utf-8\n\n"+
		"Hello,\n\nplease tell me what personal data you hold about me.\n", from, botAddress, n))
}

// shows tells whether the first mail to the address since the last poll with the reference says so.
func shows(s *stage, to, what string) bool {
	return slices.ContainsFunc(s.mails[s.seen:], func(m post.Mail) bool {
		return m.To.Reveal() == to && strings.Contains(strings.Join(strings.Fields(m.Text), " "), what)
	})
}

// The due dates that lie beside the repository stand in every mail and in the JSON alike.
func TestDueDatesEverywhere(t *testing.T) {
	f, err := os.Open("../../../shared/deadlines.csv")
	if err != nil {
		t.Skip("../shared/deadlines.csv is not there: the shared vectors are skipped")
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows[1:] {
		t.Run(row[5], func(t *testing.T) {
			zone, err := time.LoadLocation(row[2])
			if err != nil {
				t.Fatal(err)
			}
			at, err := time.Parse(time.RFC3339, row[0])
			if err != nil {
				at, err = time.ParseInLocation(time.DateOnly+" 15", row[0]+" 13", zone)
			}
			if err != nil {
				t.Fatal(err)
			}
			s := stageIn(t, row[1], row[2], at)
			s.queue = append(s.queue, plea("matti@posti.example", 1))
			if err := s.poll(); err != nil {
				t.Fatal(err)
			}
			due, err := time.Parse(time.DateOnly, row[3])
			if err != nil {
				t.Fatal(err)
			}
			words := due.Format("2 January 2006")
			if !shows(s, "matti@posti.example", words) {
				t.Errorf("the acknowledgement does not say %s:\n%s", words, outgoing(s.mails[s.seen:]))
			}
			if !shows(s, officerAddress, "Answer due: "+due.Format("Monday 2 January 2006")) {
				t.Errorf("the case mail does not say %s:\n%s", words, outgoing(s.mails[s.seen:]))
			}
			s.seen = len(s.mails)
			if err := s.engine.SendDigest(t.Context()); err != nil {
				t.Fatal(err)
			}
			if err := s.work(); err != nil {
				t.Fatal(err)
			}
			if !shows(s, officerAddress, "DPO-"+at.In(zone).Format("2006")+"-0001: "+words) {
				t.Errorf("the digest does not say %s:\n%s", words, outgoing(s.mails[s.seen:]))
			}
			c, err := s.last()
			if err != nil {
				t.Fatal(err)
			}
			line, err := json.Marshal(lineOf(c, workflow.DateOf(at, zone)))
			if err != nil || !strings.Contains(string(line), `"due":"`+row[3]+`"`) {
				t.Errorf("cases --json: got %s, %v; want due %s", line, err, row[3])
			}
		})
	}
}

// A holiday that is added later moves many cases: one digest names them, with one file of
// calendar entries, and no mail a case.
func TestAHolidayMovesManyCases(t *testing.T) {
	const many = 30
	s := stageIn(t, "FI", "Europe/Helsinki", time.Date(2026, time.March, 5, 10, 0, 0, 0, time.UTC))
	for n := range many {
		s.queue = append(s.queue, plea(fmt.Sprintf("person%d@home.example", n), n))
	}
	if err := s.poll(); err != nil {
		t.Fatal(err)
	}
	rules := rulesOf(s.cfg)
	rules.Calendar.Extra[workflow.Date{Year: 2026, Month: time.April, Day: 7}] = "Founder's Day"
	s.engine = workflow.NewEngine(s.store, rules, workflow.NewStamps([]byte(strings.Repeat("\x07", 32)), workflow.Address(s.cfg.Mailbox.Address)), limitsOf(s.cfg), s.clock, s.engineLog())
	s.rewire(t)
	s.seen = len(s.mails)
	s.pass(24 * time.Hour)
	if err := s.work(); err != nil {
		t.Fatal(err)
	}
	went := s.mails[s.seen:]
	if len(went) != 1 || !strings.Contains(went[0].Text, "Founder's Day") || !strings.Contains(went[0].Text, "And 10 cases more") {
		t.Fatalf("mails: got %d, want one digest that names 20 cases and counts 10:\n%s", len(went), outgoing(went))
	}
	if len(went[0].Files) != 1 {
		t.Fatalf("files: got %d, want the calendar", len(went[0].Files))
	}
	ics := string(went[0].Files[0].Data)
	for _, want := range []string{"BEGIN:VEVENT", "DTSTART;VALUE=DATE:20260408", "SEQUENCE:1"} {
		if got := strings.Count(ics, want); got != many {
			t.Errorf("%s: got %d, want %d", want, got, many)
		}
	}
	s.seen = len(s.mails)
	s.pass(72 * time.Hour)
	if err := s.work(); err != nil {
		t.Fatal(err)
	}
	if got := s.mails[s.seen:]; len(got) != 1 || strings.Contains(got[0].Text, "Founder's Day") || len(got[0].Files) != 0 {
		t.Errorf("the next digest tells of the moved dates once more:\n%s", outgoing(got))
	}
}

// Hundreds of mails of which nobody knows what they are make some mails, and one digest.
func TestAFloodOfMailsToSort(t *testing.T) {
	const flood = 60
	s := stageIn(t, "FI", "Europe/Helsinki", time.Date(2026, time.March, 5, 10, 0, 0, 0, time.UTC))
	for n := range flood {
		s.queue = append(s.queue, crlf(fmt.Sprintf("From: <stray%d@home.example>\nTo: <%s>\nSubject: Re: [DPO-2026-0999]\nMessage-ID: <stray.%d@home.example>\n\nThank you.\n", n, botAddress, n)))
	}
	if err := s.poll(); err != nil {
		t.Fatal(err)
	}
	if got := len(s.mails) - s.seen; got != triageMails {
		t.Errorf("mails to the officer: got %d, want %d", got, triageMails)
	}
	s.seen = len(s.mails)
	s.pass(24 * time.Hour)
	if err := s.work(); err != nil {
		t.Fatal(err)
	}
	went := s.mails[s.seen:]
	if len(went) != 1 || !strings.Contains(went[0].Text, "Not listed here: 50 mails") || len(went[0].HTML) > 100<<10 {
		t.Errorf("digest: got %d mails, want one that counts 50 more:\n%s", len(went), outgoing(went))
	}
}
