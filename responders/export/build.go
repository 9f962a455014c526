package export

import (
	"context"
	"errors"
	"fmt"
	"runtime"
)

// ErrTooLarge says that one value or document alone is heavier than Limits.Bytes
// allows, or that the limit leaves no room for an answer at all. A higher limit
// helps; trying again does not.
var ErrTooLarge = errors.New("does not fit the size limit of a part")

// ErrPassphrase says that the passphrase is empty, too long, or has a space or another
// character than those of ASCII. Readers prepare such a password each in their own way
// (pdfcpu 0.15 refuses a space), so it would open in one and not in the next; what
// counts in a PDF is the first 127 bytes.
var ErrPassphrase = errors.New("passphrase must be 1 to 127 ASCII characters without spaces")

// elementsPerPart bounds the memory that a part takes while it is made: 10,000 fields.
const elementsPerPart = 30_000

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
		if s[i] <= ' ' || s[i] > '~' {
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
// are guessed from the loads and, where a part comes out too heavy, made again closer.
func (b builder) parts(ctx context.Context) ([]Part, error) {
	budget := int64(1) << 40
	if b.limit > 0 {
		budget = max(b.limit-frame, b.limit/4)
	}
	for {
		parts, heavy, err := b.draw(ctx, b.s.cut(budget))
		if err != nil || heavy == 0 {
			return parts, err
		}
		budget = max(1, int64(float64(budget)*float64(b.limit)/float64(heavy)*0.9))
	}
}

// cut says at which items the parts after the first begin: where a record, a row or a
// document begins, and within a record only if it is too heavy alone.
func (s *spool) cut(budget int64) []int {
	var cuts []int
	start, whole := 0, 0 // of this part; where the last thing began
	bytes, elements := int64(0), 0
	for i := 0; i < len(s.loads); i++ {
		l := s.loads[i]
		if l.begins {
			whole = i
		}
		if i > start && (bytes+int64(l.bytes) > budget || elements >= elementsPerPart) {
			if whole > start {
				i = whole
			}
			cuts = append(cuts, i)
			start, bytes, elements = i, 0, 0
			l = s.loads[i]
		}
		bytes += int64(l.bytes)
		elements += int(l.elements)
	}
	return cuts
}

// draw makes the parts in one pass over the items. heavy is the size of the first
// part that is over the limit, where smaller parts can help; the rest is not drawn then.
func (b builder) draw(ctx context.Context, cuts []int) (parts []Part, heavy int64, err error) {
	of := len(cuts) + 1
	d := newDraft(b.p, b.w, b.s, 1, of, place{register: -1})
	first, index := 0, 0 // item of this part, item now
	for it, err := range b.s.all() {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return nil, 0, err
		}
		if d.number < of && index == cuts[d.number-1] {
			part, heavy, err := b.close(d, index-first)
			if err != nil || heavy > 0 {
				return nil, heavy, err
			}
			at := d.at
			parts = append(parts, part)
			d = nil
			runtime.GC() // a part leaves ten times its own memory behind; do not pile them up
			d, first = newDraft(b.p, b.w, b.s, part.Number+1, of, at), index
		}
		d.add(it)
		index++
	}
	part, heavy, err := b.close(d, index-first)
	if err != nil || heavy > 0 {
		return nil, heavy, err
	}
	return append(parts, part), 0, nil
}

// close finishes a part of so many items. A part of one item that is too heavy stays so.
func (b builder) close(d *draft, items int) (part Part, heavy int64, err error) {
	data, err := d.finish(b.passphrase)
	if err != nil {
		return Part{}, 0, fmt.Errorf("part %d: %w", d.number, err)
	}
	if size := int64(len(data)); b.limit > 0 && size > b.limit {
		if items <= 1 {
			return Part{}, 0, fmt.Errorf("part %d of %d bytes: %w", d.number, size, ErrTooLarge)
		}
		return Part{}, size, nil
	}
	return Part{
		Name: partName(b.p.Reference, d.number, d.of), Data: data,
		Number: d.number, Of: d.of, NothingHeld: b.s.nothing(b.p),
	}, 0, nil
}
