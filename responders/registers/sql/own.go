package sql

// Statements are the operator's own.
type Statements struct{}
