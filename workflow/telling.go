package workflow

import (
	"slices"
	"strings"
	"time"
)

// Telling is a recipient of the data who has to be told of a change or an erasure (Art. 19 GDPR) and has no mail address: a
// handler does it by hand and ticks it off. Those with an address have a task of their own.
type Telling struct {
	Item     int       `json:"item"`
	Name     string    `json:"name"`
	Register string    `json:"register"`
	Since    time.Time `json:"since"`
	Told     time.Time `json:"told,omitzero"`
	By       Address   `json:"by,omitempty"` // the handler
}

// Untold lists who still has to be told by hand.
func (c Case) Untold() []Telling {
	return slices.DeleteFunc(slices.Clone(c.Tellings), func(t Telling) bool { return !t.Told.IsZero() })
}

// tellOthers books a mail to each recipient of the data; those without an address are told by hand.
func (c *Case) tellOthers(item int, recipients []Recipient, now time.Time) {
	for _, to := range recipients {
		if to.Address == "" {
			c.tellByHand(item, to, now)
			continue
		}
		c.Book(Task{Action: TellRecipient, Item: item, To: to.Address, Name: to.Name, Text: Text(to.Register), Due: now})
	}
}

// tellByHand adds a recipient, once for an item and a register.
func (c *Case) tellByHand(item int, to Recipient, now time.Time) {
	known := slices.ContainsFunc(c.Tellings, func(t Telling) bool { return t.Item == item && t.Name == to.Name && t.Register == to.Register })
	if !known {
		c.Tellings = append(c.Tellings, Telling{Item: item, Name: to.Name, Register: to.Register, Since: now})
	}
}

// told ticks off the recipient of that name, for all that they were to be told; without a name the only one there is.
func (r Rules) told(c Case, ev Event, now time.Time) (Case, error) {
	name := strings.TrimSpace(ev.Command.Recipient)
	var names []string
	for _, t := range c.Untold() {
		if !slices.Contains(names, t.Name) {
			names = append(names, t.Name)
		}
	}
	if name == "" && len(names) == 1 {
		name = names[0]
	}
	c = c.clone()
	ticked := false
	for i := range c.Tellings {
		if t := &c.Tellings[i]; t.Told.IsZero() && strings.EqualFold(t.Name, name) {
			t.Told, t.By, ticked = now, ev.By, true
		}
	}
	if !ticked {
		return c, &Impossible{c.State(), NoSuchRecipient}
	}
	r.rest(&c, now)
	return c, nil
}
