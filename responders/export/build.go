package export

import (
	"context"
	"errors"
	"fmt"
)

// ErrTooLarge says that one value or document alone is heavier than Limits.Bytes
// allows, or that the limit leaves no room for an answer at all. A higher limit
// helps; trying again does not.
var ErrTooLarge = errors.New("does not fit the size limit of a part")

// ErrPassphrase says that the passphrase is empty, too long or not plain ASCII.
// Readers encode other characters each in their own way, and then it opens in one and
// not in the next; what counts in a PDF is the first 127 bytes.
var ErrPassphrase = errors.New("passphrase must be 1 to 127 plain ASCII characters")

// itemsPerPart bounds the memory that a part takes while it is made.
const itemsPerPart = 20_000

// Build makes the whole answer: one PDF, or numbered ones where it is over the
// limits, each encrypted with the passphrase (AES-256, revision 6), each with its own share of
// the data as JSON and CSV attached inside. Streams are read once. The same input gives the same
// content; the bytes differ, as encryption is salted. Errors name a register at
// most, never a value.
func Build(ctx context.Context, p Package, passphrase string, lim Limits) ([]Part, error) {
	w, err := wordsOf(p.Language)
	if err != nil {
		return nil, err
	}
	if !goodPassphrase(passphrase) {
		return nil, ErrPassphrase
	}
	s, err := fill(ctx, p)
	if err != nil {
		return nil, err
	}
	b := builder{p: p, w: w, s: s, passphrase: passphrase, limit: lim.Bytes}
	return b.parts(ctx)
}

func goodPassphrase(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return s != "" && len(s) <= 127
}

type builder struct {
	p          Package
	w          *words
	s          *spool
	passphrase string
	limit      int64 // bytes; 0 is none
}

// frame is what a part weighs before it holds any data: fonts, letter, information.
const frame = 90_000

// parts draws the answer. How heavy a part gets shows only when it is finished, so the cuts
// are guessed from the weights and, where a part comes out too heavy, made again closer.
func (b builder) parts(ctx context.Context) ([]Part, error) {
	budget := int64(1) << 40
	if b.limit > 0 {
		budget = max(b.limit-frame, b.limit/4)
	}
	for {
		cuts := b.s.cut(budget)
		parts, heavy, err := b.draw(ctx, cuts)
		if err != nil || heavy == 0 {
			return parts, err
		}
		next := budget * b.limit / heavy * 9 / 10
		if len(cuts) == len(b.s.weights) || next < 100 {
			return nil, ErrTooLarge
		}
		budget = next
	}
}

// cut says at which items the parts after the first begin.
func (s *spool) cut(budget int64) []int {
	var cuts []int
	sum, items := int64(0), 0
	for i, w := range s.weights {
		if items > 0 && (sum+int64(w) > budget || items >= itemsPerPart) {
			cuts = append(cuts, i)
			sum, items = 0, 0
		}
		sum += int64(w)
		items++
	}
	return cuts
}

// draw makes the parts in one pass over the items. heavy is the size of the first
// part that is over the limit; the rest is not drawn then.
func (b builder) draw(ctx context.Context, cuts []int) (parts []Part, heavy int64, err error) {
	of := len(cuts) + 1
	d := newDraft(b.p, b.w, b.s, 1, of, place{register: -1})
	close := func() error {
		data, err := d.finish(b.passphrase)
		if err != nil {
			return fmt.Errorf("part %d: %w", d.number, err)
		}
		if b.limit > 0 && int64(len(data)) > b.limit {
			heavy = int64(len(data))
		}
		parts = append(parts, Part{Name: partName(b.p.Reference, d.number, of), Data: data, Number: d.number, Of: of})
		return nil
	}
	index := 0
	for it, err := range b.s.all() {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return nil, 0, err
		}
		if d.number <= len(cuts) && index == cuts[d.number-1] {
			if err := close(); err != nil || heavy > 0 {
				return nil, heavy, err
			}
			d = newDraft(b.p, b.w, b.s, d.number+1, of, d.at)
		}
		d.add(it)
		index++
	}
	if err := close(); err != nil || heavy > 0 {
		return nil, heavy, err
	}
	return parts, 0, nil
}
