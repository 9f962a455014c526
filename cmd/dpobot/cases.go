package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	"dpobot/workflow"
)

type casesCmd struct {
	configured
	JSON bool `help:"Print one JSON array."`
	All  bool `help:"Closed cases too."`
}

// Help is shown below the flags.
func (casesCmd) Help() string {
	return `Example:
  dpobot cases -c dpobot.yaml
  dpobot cases -c dpobot.yaml --json`
}

// caseLine is a case in the output of cases and case.
type caseLine struct {
	Ref        workflow.Ref    `json:"ref"`
	Kinds      []workflow.Kind `json:"kinds"`
	State      workflow.State  `json:"state"`
	Items      []itemLine      `json:"items"`
	Person     string          `json:"person"`
	Language   string          `json:"language"`
	Received   workflow.Date   `json:"received"`
	Due        workflow.Date   `json:"due"`
	Extended   *workflow.Date  `json:"extended"`
	Overdue    bool            `json:"overdue"`
	WaitingFor string          `json:"waiting_for"`
	Urgent     bool            `json:"urgent,omitempty"`
	Problem    string          `json:"problem,omitempty"`
	Joined     workflow.Ref    `json:"joined,omitempty"` // the case that its mails were put into
	Breach     *breachLine     `json:"breach,omitempty"`
	Tasks      []taskLine      `json:"tasks"`
	Told       []toldLine      `json:"told,omitempty"`
}

// toldLine is a recipient of the data, and whether they were told of a change or an erasure.
type toldLine struct {
	Recipient string     `json:"recipient"`
	Register  string     `json:"register"`
	How       string     `json:"how"`          // mail or hand
	State     string     `json:"state"`        // of a mail that of its task; of one by hand waiting or done
	At        *time.Time `json:"at,omitempty"` // when they were told
}

func toldLines(c workflow.Case) []toldLine {
	var lines []toldLine
	for _, t := range c.Tasks {
		if t.Action != workflow.TellRecipient || t.State == workflow.TaskStopped {
			continue
		}
		l := toldLine{Recipient: t.Name, Register: t.Text.Reveal(), How: "mail", State: string(t.State)}
		if t.State == workflow.TaskDone {
			l.At = &t.Done
		}
		lines = append(lines, l)
	}
	for _, t := range c.Tellings {
		l := toldLine{Recipient: t.Name, Register: t.Register, How: "hand", State: string(workflow.TaskWaiting)}
		if !t.Told.IsZero() {
			l.State, l.At = string(workflow.TaskDone), &t.Told
		}
		lines = append(lines, l)
	}
	return lines
}

// breachLine is the 72-hour entry of a case.
type breachLine struct {
	Known time.Time  `json:"known"`
	Due   time.Time  `json:"due"`
	Done  *time.Time `json:"done"`
}

type itemLine struct {
	Kind  workflow.Kind  `json:"kind"`
	Right workflow.Right `json:"right,omitempty"`
	State workflow.State `json:"state"`
}

type taskLine struct {
	Action workflow.Action    `json:"action"`
	State  workflow.TaskState `json:"state"`
	Tries  int                `json:"tries"`
	Why    string             `json:"why,omitempty"`
}

func lineOf(c workflow.Case, today workflow.Date) caseLine {
	l := caseLine{
		Ref: c.Ref, Kinds: c.Kinds(), State: c.State(), Person: c.Person.Address.Reveal(), Language: c.Language,
		Received: c.Clock.Received, Due: c.Clock.Due, WaitingFor: waitingFor(c), Urgent: c.Urgent, Problem: c.Problem,
		Overdue: !c.State().Closed() && c.Clock.Ends().Before(today),
		Items:   []itemLine{}, Tasks: []taskLine{}, Told: toldLines(c),
	}
	l.Joined = c.Joined
	if c.Breach != nil {
		l.Breach = &breachLine{Known: c.Breach.Known, Due: c.Breach.Due}
		if !c.Breach.Done.IsZero() {
			l.Breach.Done = &c.Breach.Done
		}
	}
	if !c.Clock.Extended.IsZero() {
		l.Extended = &c.Clock.Extended
	}
	for _, it := range c.Items {
		l.Items = append(l.Items, itemLine{it.Kind, it.Right, it.State})
	}
	for _, t := range c.Tasks {
		l.Tasks = append(l.Tasks, taskLine{t.Action, t.State, t.Tries, t.Why})
	}
	return l
}

// waitingFor says who has to move next.
func waitingFor(c workflow.Case) string {
	if c.State().Closed() && len(c.Untold()) > 0 {
		return "a handler to tell the recipients by hand"
	}
	switch c.State() {
	case workflow.Triage:
		return "a handler to sort it"
	case workflow.Verifying:
		return "a handler to verify the person"
	case workflow.Asking:
		return "the person's answer"
	case workflow.Grace:
		return "the end of the undo window"
	case workflow.Fulfilling:
		if awaited := c.AwaitedRegisters(); len(awaited) > 0 {
			return strings.Join(awaited, ", ") + " (kept by hand)"
		}
		return "its tasks"
	case workflow.Attention:
		return "a handler to look at what failed"
	}
	return ""
}

// Run lists the cases.
func (c *casesCmd) Run(e *env) error {
	o, err := c.office(e)
	if err != nil {
		return err
	}
	defer o.Close()
	today := workflow.DateOf(time.Now(), o.cfg.Controller.Timezone)
	walk := o.store.Open(e.ctx)
	if c.All {
		walk = o.store.All(e.ctx)
	}
	lines := []caseLine{}
	for found, err := range walk {
		if err != nil {
			return fmt.Errorf("read the cases: %w", err)
		}
		lines = append(lines, lineOf(found, today))
	}
	if c.JSON {
		return json.NewEncoder(e.stdout).Encode(lines)
	}
	if len(lines) == 0 {
		fmt.Fprintln(e.stdout, "No case is open.")
		return nil
	}
	w := tabwriter.NewWriter(e.stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "REFERENCE\tDUE\tKIND\tSTATE\tPERSON\tWAITS FOR")
	for _, l := range lines {
		due := l.Due
		if l.Extended != nil {
			due = *l.Extended
		}
		mark := ""
		if l.Overdue {
			mark = " OVERDUE"
		}
		fmt.Fprintf(w, "%s\t%s%s\t%s\t%s\t%s\t%s\n", l.Ref, due, mark, kindWords(l.Kinds), l.State, l.Person, l.WaitingFor)
	}
	return w.Flush()
}

func kindWords(kinds []workflow.Kind) string {
	var words []string
	for _, k := range kinds {
		words = append(words, string(k))
	}
	return strings.Join(words, ", ")
}

// office opens store and engine for a command that acts on cases.
func (c configured) office(e *env) (*office, error) {
	cfg, err := c.load()
	if err != nil {
		return nil, err
	}
	return openOffice(e, cfg)
}
