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
	_, domain, _ := strings.Cut(mailbox.Reveal(), "@")
	sequence := 0
	if !c.Clock.Extended.IsZero() {
		sequence = 1
	}
	due := c.Clock.Ends()
	lines := []string{
		"BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//dpobot//EN", "METHOD:PUBLISH",
		"BEGIN:VEVENT",
		fmt.Sprintf("UID:%s@%s", strings.ToLower(string(c.Ref)), domain),
		"DTSTAMP:" + now.UTC().Format("20060102T150405Z"),
		fmt.Sprintf("SEQUENCE:%d", sequence),
		"DTSTART;VALUE=DATE:" + strings.ReplaceAll(due.String(), "-", ""),
		"DTEND;VALUE=DATE:" + strings.ReplaceAll(due.AddDays(1).String(), "-", ""),
		"SUMMARY:" + string(c.Ref) + " " + title,
		"TRANSP:TRANSPARENT",
		"END:VEVENT", "END:VCALENDAR", "",
	}
	return post.File{Name: strings.ToLower(string(c.Ref)) + ".ics", Type: "text/calendar", Data: []byte(strings.Join(lines, "\r\n"))}
}
