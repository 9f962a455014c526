package sql

import (
	"context"
	database "database/sql"
	"fmt"
	"iter"
	"time"

	"dpobot/responders/registers"
)

// walkTimes is how many times the timeout of one call a walk over a whole table may take.
const walkTimes = 20

// Read returns the records under the keys.
func (r *Register) Read(ctx context.Context, keys []string) ([]registers.Record, error) {
	return r.db.each(ctx, r.src.Timeout, keys, func(ctx context.Context, tx *database.Tx, key string) (registers.Record, bool, error) {
		rec, _, found, err := r.one(ctx, tx, key, false)
		return rec, found, err
	})
}

// Scan reads the key and the address of every row, one row at a time.
func (r *Register) Scan(ctx context.Context) iter.Seq2[registers.Listed, error] {
	f, ok := r.spec.Field(r.spec.Identify[registers.Email])
	if !ok {
		return failed(fmt.Errorf("scan: no field holds the e-mail address: %w", registers.ErrPermanent))
	}
	q := &query{d: r.db.dialect}
	q.WriteString("SELECT " + q.d.text(q.d.column(r.src.Key)) + ", " + q.d.text(q.d.column(f.In())) + " FROM " + q.d.ident(r.src.Table))
	return r.db.walk(ctx, walkTimes*r.src.Timeout, q, func(values []registers.Value) (registers.Listed, error) {
		return registers.Listed{Key: values[0].Raw, Address: values[1].Raw}, nil
	})
}

// Read runs the statement read, or find, for each key.
func (o *Own) Read(ctx context.Context, keys []string) ([]registers.Record, error) {
	return o.db.each(ctx, o.src.Timeout, keys, o.one)
}

// Scan runs the statement scan, which gives the columns "key" and that of the e-mail address.
func (o *Own) Scan(ctx context.Context) iter.Seq2[registers.Listed, error] {
	if o.src.Statements.Scan == "" {
		return failed(fmt.Errorf("scan: statements: scan is not written: %w", registers.ErrPermanent))
	}
	f, ok := o.spec.Field(o.spec.Identify[registers.Email])
	if !ok {
		return failed(fmt.Errorf("scan: no field holds the e-mail address: %w", registers.ErrPermanent))
	}
	q, err := o.bind(o.src.Statements.Scan, nil)
	if err != nil {
		return failed(err)
	}
	return o.db.walk(ctx, walkTimes*o.src.Timeout, q, func(values []registers.Value) (registers.Listed, error) {
		l := registers.Listed{Key: pick(values, "key").Raw, Address: pick(values, f.In()).Raw}
		if l.Key == "" {
			return l, fmt.Errorf("scan: the statement gives a record without a column \"key\": %w", registers.ErrPermanent)
		}
		return l, nil
	})
}

// each gathers what one finds under the keys, in one read-only transaction.
func (p pools) each(ctx context.Context, timeout time.Duration, keys []string, one func(context.Context, *database.Tx, string) (registers.Record, bool, error)) ([]registers.Record, error) {
	var out []registers.Record
	err := p.reading(ctx, timeout, func(ctx context.Context, tx *database.Tx) error {
		for _, key := range unique(keys) {
			rec, found, err := one(ctx, tx, key)
			if err != nil {
				return err
			}
			if found {
				out = append(out, rec)
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read: %w", err)
	}
	return out, nil
}

// walk runs a query in one read-only transaction and yields what each row is turned into.
func (p pools) walk(ctx context.Context, timeout time.Duration, q *query, turn func([]registers.Value) (registers.Listed, error)) iter.Seq2[registers.Listed, error] {
	return func(yield func(registers.Listed, error) bool) {
		more := true
		err := p.reading(ctx, timeout, func(ctx context.Context, tx *database.Tx) error {
			for values, err := range rows(ctx, tx, q) {
				if err != nil {
					return err
				}
				one, err := turn(values)
				if err != nil {
					return err
				}
				if more = yield(one, nil); !more {
					return nil
				}
			}
			return nil
		})
		if err != nil && more {
			yield(registers.Listed{}, fmt.Errorf("scan: %w", err))
		}
	}
}

// failed is a walk that does not begin.
func failed(err error) iter.Seq2[registers.Listed, error] {
	return func(yield func(registers.Listed, error) bool) { yield(registers.Listed{}, err) }
}
