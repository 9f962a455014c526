package workflow

import "context"

// Recount is recount at the engine's own time, for the tests that need a real store: it
// lives in a package that imports this one.
func (e *Engine) Recount(ctx context.Context) error { return e.recount(ctx, e.now()) }
