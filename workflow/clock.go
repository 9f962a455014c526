package workflow

// Clock is the time limit of a case (Art. 12(3) GDPR).
type Clock struct {
	Received Date `json:"received"`
	Due      Date `json:"due"`
	Extended Date `json:"extended,omitzero"` // the due date after an extension; zero without one
	Reason   Text `json:"reason,omitempty"`  // why it was extended
}

// Ends is the day by which the answer is owed: extended or not.
func (c Clock) Ends() Date {
	if !c.Extended.IsZero() {
		return c.Extended
	}
	return c.Due
}
