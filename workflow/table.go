package workflow

import "slices"

// Transition is a row of the life of an item, for whoever shows it.
type Transition struct {
	From State // "": a new item
	On   Trigger
	Kind Kind // "": any
	To   State
	Do   []Action
}

// Before is what the table says in place of the state that an item had when something
// failed: RETRY leads back there.
const Before = back

// Transitions is the whole life of an item, in the order of the table: what is not in it
// cannot happen. The rows are the caller's.
func Transitions() []Transition {
	rows := make([]Transition, len(transitions))
	for i, row := range transitions {
		rows[i] = Transition(row)
		rows[i].Do = slices.Clone(row.Do)
	}
	return rows
}
