package workflow

import (
	"fmt"
	"time"
)

// Calendar says which days are working days for the controller.
type Calendar struct {
	Zone    *time.Location
	Country string          // ISO 3166: one of Countries
	Extra   map[Date]string // own holidays, with their names
	Eves    bool            // Christmas Eve, Midsummer Eve and the like shift too
}

// DeadlineStep is a day on the way to a due date, and what it is.
type DeadlineStep struct {
	Date Date   `json:"date"`
	What string `json:"what"`
}

// Deadline explains a due date by name.
type Deadline struct {
	Clock         Clock
	ExtendedDue   Date           // what the due date becomes if it is extended
	Steps         []DeadlineStep // from the receipt to the due date
	ExtendedSteps []DeadlineStep
}

// Clock starts the clock of a request received at t (IMAP's INTERNALDATE).
func (c Calendar) Clock(t time.Time) Clock {
	received := DateOf(t, c.Zone)
	return Clock{Received: received, Due: c.Due(received)}
}

// Due is the day by which a request received on the given day has to be answered: the
// same date of the next month (Art. 12(3) GDPR), or that month's last day, moved to the
// next working day (Regulation 1182/71, Art. 3(2)(c) and 3(4)).
func (c Calendar) Due(received Date) Date { return c.Workday(received.AddMonths(1)) }

// Extended is the due date after an extension by two months: three months from the
// original receipt, not two from the first due date (Art. 12(3) GDPR).
func (c Calendar) Extended(received Date) Date { return c.Workday(received.AddMonths(3)) }

// Workday is d, or the next working day after it.
func (c Calendar) Workday(d Date) Date {
	for c.Closed(d) != "" {
		d = d.AddDays(1)
	}
	return d
}

// Closed names why d is no working day; "" where it is one.
func (c Calendar) Closed(d Date) string {
	if name := c.Holiday(d); name != "" {
		return name
	}
	switch d.Weekday() {
	case time.Saturday:
		return "Saturday"
	case time.Sunday:
		return "Sunday"
	}
	return ""
}

// Explain goes from a day of receipt to the due date, step by step.
func (c Calendar) Explain(received Date) Deadline {
	due, steps := c.explain(received, 1, "one month")
	extended, more := c.explain(received, 3, "three months")
	return Deadline{
		Clock:         Clock{Received: received, Due: due},
		ExtendedDue:   extended,
		Steps:         steps,
		ExtendedSteps: more,
	}
}

func (c Calendar) explain(received Date, months int, period string) (Date, []DeadlineStep) {
	d := received.AddMonths(months)
	same := "same date"
	if d.Day != received.Day {
		same = fmt.Sprintf("%s %d has no day %d: its last day", d.Month, d.Year, received.Day)
	}
	steps := []DeadlineStep{
		{received, "received; this day is not counted (Regulation 1182/71, Art. 3(1))"},
		{d, period + " later, " + same + " (Art. 12(3) GDPR; Regulation 1182/71, Art. 3(2)(c))"},
	}
	for {
		why := c.Closed(d)
		if why == "" {
			return d, append(steps, DeadlineStep{d, "due: the end of this day"})
		}
		steps = append(steps, DeadlineStep{d, why + ": moves to the next day (Regulation 1182/71, Art. 3(4))"})
		d = d.AddDays(1)
	}
}
