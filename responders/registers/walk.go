package registers

import (
	"context"
	"iter"
)

// Reader is a register whose records can be read by their keys. A kind may do without.
type Reader interface {
	// Read returns the records that are there under these keys. Whoever takes a key for somebody's owes it to the
	// register that it was theirs.
	Read(ctx context.Context, keys []string) ([]Record, error)
}

// Scanner is a register that can be walked from its first record to its last, in bounded memory. A kind may do without.
type Scanner interface {
	// Scan yields every record that is there, as far as it takes to know whose it is. An error ends the walk. Nothing may be
	// written to the register before the walk is over.
	Scan(ctx context.Context) iter.Seq2[Listed, error]
}

// Listed is a record as a walk shows it.
type Listed struct {
	Key     string
	Address string // the value of the field that holds the e-mail address, as it stands there; "" where it holds none
}

func (Listed) String() string { return "[listed]" }
