package workflow

import "context"

// Away tells whether the store is out of reach just now: the error of a small write, nil where it is kept. A caller
// whose call failed asks it to tell trouble with the store, which passes, from trouble with the one case or mail, which
// another try meets again.
func (e *Engine) Away(ctx context.Context) error {
	return e.store.SetHealth(ctx, HealthAsked, e.now())
}

// HealthAsked is the fact that the store was last asked whether it is there.
const HealthAsked = "store-asked"
