package responders

import (
	"fmt"
	"strings"
	"time"

	"dpobot/responders/post"
	"dpobot/workflow"
)

// calendarFile is the due date as an all-day entry (RFC 5545). Its UID is the case's,
// and its sequence grows when the date is moved, so that a calendar updates the entry.
// Written by hand: it is ten lines.
func calendarFile(c workflow.Case, title string, mailbox workflow.Address, now time.Time) post.File {
	row := MovedRow{Ref: string(c.Ref), To: c.Clock.Ends(), Sequence: c.Clock.Sequence()}
	return calendarOf(strings.ToLower(string(c.Ref))+".ics", []MovedRow{row}, title, mailbox, now)
}

// calendarOf holds the due dates of several cases.
func calendarOf(name string, rows []MovedRow, title string, mailbox workflow.Address, now time.Time) post.File {
	_, domain, _ := strings.Cut(mailbox.Reveal(), "@")
	lines := []string{"BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//dpobot//EN", "METHOD:PUBLISH"}
	for _, row := range rows {
		lines = append(lines,
			"BEGIN:VEVENT",
			fmt.Sprintf("UID:%s@%s", strings.ToLower(row.Ref), domain),
			"DTSTAMP:"+now.UTC().Format("20060102T150405Z"),
			fmt.Sprintf("SEQUENCE:%d", row.Sequence),
			"DTSTART;VALUE=DATE:"+strings.ReplaceAll(row.To.String(), "-", ""),
			"DTEND;VALUE=DATE:"+strings.ReplaceAll(row.To.AddDays(1).String(), "-", ""),
			"SUMMARY:"+row.Ref+" "+title,
			"TRANSP:TRANSPARENT",
			"END:VEVENT",
		)
	}
	lines = append(lines, "END:VCALENDAR", "")
	return post.File{Name: name, Type: "text/calendar", Data: []byte(strings.Join(lines, "\r\n"))}
}
