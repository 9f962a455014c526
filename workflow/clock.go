package workflow

import "time"

// Clock is the time limit of a case (Art. 12(3) GDPR).
type Clock struct {
	Received Date `json:"received"`
	Due      Date `json:"due"`
	Extended Date `json:"extended,omitzero"` // the due date after an extension; zero without one
	Reason   Text `json:"reason,omitempty"`  // why it was extended

	Changes  int       `json:"changes,omitempty"` // how often Ends has changed: the sequence of the calendar entry (RFC 5545, 3.8.7.4)
	Moved    time.Time `json:"moved,omitzero"`    // when the calendar last put Ends later
	From     Date      `json:"from,omitzero"`     // where Ends was before
	MovedWhy string    `json:"moved_why,omitempty"`
}

// changed counts a change of Ends.
func (c *Clock) changed() { c.Changes = c.Sequence() + 1 }

// Sequence is that of the calendar entry of the due date; it never shrinks.
func (c Clock) Sequence() int {
	if c.Changes == 0 && !c.Extended.IsZero() {
		return 1 // extended when the changes were not counted yet
	}
	return c.Changes
}

// Ends is the day by which the answer is owed: extended or not.
func (c Clock) Ends() Date {
	if !c.Extended.IsZero() {
		return c.Extended
	}
	return c.Due
}
