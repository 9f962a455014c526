package sheet

import (
	"context"
	"fmt"
	"iter"
	"slices"

	"dpobot/responders/registers"
)

// Read returns the rows that the keys name. Two rows that cannot be told apart are an error.
func (r *Register) Read(_ context.Context, keys []string) ([]registers.Record, error) {
	b, l, err := r.open()
	if err != nil {
		return nil, fmt.Errorf("read: %w", err)
	}
	defer b.close()
	rows, err := l.find(b, keys)
	if err != nil {
		return nil, fmt.Errorf("read: %w", err)
	}
	var out []registers.Record
	for _, at := range rows {
		key := l.full(at.cells)
		if plain := l.plain(at.cells); slices.Contains(keys, plain) {
			key = plain
		}
		if slices.ContainsFunc(out, func(o registers.Record) bool { return o.Key == key }) {
			return nil, fmt.Errorf("read: several rows cannot be told apart; name a key column: %w", registers.ErrPermanent)
		}
		out = append(out, registers.Record{Key: key, Values: l.values(at.cells), Erased: l.erased(at.cells) != ""})
	}
	return out, nil
}

func (r *Register) open() (book, layout, error) {
	b, err := r.load()
	if err != nil {
		return nil, layout{}, err
	}
	l, err := r.layout(b)
	if err != nil {
		b.close()
		return nil, layout{}, err
	}
	return b, l, nil
}

// Scan yields every row of the file. A first pass counts the keys, since one that stands in several rows names none of them.
func (r *Register) Scan(ctx context.Context) iter.Seq2[registers.Listed, error] {
	return func(yield func(registers.Listed, error) bool) {
		if err := r.scan(ctx, func(l registers.Listed) bool { return yield(l, nil) }); err != nil {
			yield(registers.Listed{}, fmt.Errorf("scan: %w", err))
		}
	}
}

func (r *Register) scan(ctx context.Context, yield func(registers.Listed) bool) error {
	f, ok := r.spec.Field(r.spec.Identify[registers.Email])
	if !ok {
		return fmt.Errorf("no field holds the e-mail address: %w", registers.ErrPermanent)
	}
	b, l, err := r.open()
	if err != nil {
		return err
	}
	defer b.close()
	seen := map[string]int{}
	for _, cells := range b.rows() {
		seen[l.plain(cells)]++
	}
	for _, cells := range b.rows() {
		if ctx.Err() != nil {
			return fmt.Errorf("interrupted: %w", registers.ErrTemporary)
		}
		if !yield(registers.Listed{Key: l.name(cells, seen), Address: cell(cells, l.columns[f.Name]).Raw}) {
			return nil
		}
	}
	return b.trouble()
}
