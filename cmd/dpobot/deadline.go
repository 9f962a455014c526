package main

import (
	"encoding/json"
	"fmt"
	"time"

	"dpobot/config"
	"dpobot/workflow"
)

type deadlineCmd struct {
	Date     string `arg:"" help:"The day of receipt, 2026-03-05, or an instant, 2026-03-31T22:30:00Z."`
	Config   string `short:"c" placeholder:"FILE" help:"Take country, time zone and own holidays from a configuration."`
	Country  string `default:"FI" help:"Country of the controller, where no configuration is given."`
	Timezone string `default:"Europe/Helsinki" help:"Time zone of the controller, where no configuration is given."`
	JSON     bool   `help:"Print JSON."`
}

// Help is shown below the flags.
func (deadlineCmd) Help() string {
	return `One month from the receipt (Art. 12(3) GDPR), counted by Regulation 1182/71.

Example:
  dpobot deadline 2026-03-05
  dpobot deadline --country SE --timezone Europe/Stockholm 2026-05-19`
}

// Run explains the due date.
func (c *deadlineCmd) Run(e *env) error {
	calendar, err := c.calendar()
	if err != nil {
		return err
	}
	received, err := c.received(calendar.Zone)
	if err != nil {
		return err
	}
	d := calendar.Explain(received)
	if c.JSON {
		return json.NewEncoder(e.stdout).Encode(map[string]any{
			"received": received, "due": d.Clock.Due, "extended_due": d.ExtendedDue,
			"steps": d.Steps, "extended_steps": d.ExtendedSteps,
		})
	}
	fmt.Fprintf(e.stdout, "received      %s\n", dayOf(received))
	fmt.Fprintf(e.stdout, "due           %s\n", dayOf(d.Clock.Due))
	fmt.Fprintf(e.stdout, "if extended   %s\n\nStep by step:\n", dayOf(d.ExtendedDue))
	for _, s := range d.Steps {
		fmt.Fprintf(e.stdout, "  %s  %s\n", dayOf(s.Date), s.What)
	}
	fmt.Fprintf(e.stdout, "\nIf extended by two months, for complex or many requests, told within the first month:\n")
	for _, s := range d.ExtendedSteps[1:] {
		fmt.Fprintf(e.stdout, "  %s  %s\n", dayOf(s.Date), s.What)
	}
	return nil
}

func dayOf(d workflow.Date) string { return d.String() + " " + d.Weekday().String()[:3] }

func (c *deadlineCmd) calendar() (workflow.Calendar, error) {
	if c.Config != "" {
		cfg, err := config.Load(c.Config)
		if err != nil {
			return workflow.Calendar{}, misuse{err}
		}
		return calendarOf(cfg), nil
	}
	zone, err := time.LoadLocation(c.Timezone)
	if err != nil {
		return workflow.Calendar{}, misuse{fmt.Errorf("no such time zone: %s", c.Timezone)}
	}
	for _, known := range workflow.Countries() {
		if known == c.Country {
			return workflow.Calendar{Zone: zone, Country: c.Country}, nil
		}
	}
	return workflow.Calendar{}, misuse{fmt.Errorf("the holidays of %q are not known; known are %v", c.Country, workflow.Countries())}
}

func (c *deadlineCmd) received(zone *time.Location) (workflow.Date, error) {
	if at, err := time.Parse(time.RFC3339, c.Date); err == nil {
		return workflow.DateOf(at, zone), nil
	}
	d, err := workflow.ParseDate(c.Date)
	if err != nil {
		return d, misuse{fmt.Errorf("%q is no date: %w", c.Date, err)}
	}
	return d, nil
}
