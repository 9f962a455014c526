package sheet

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"dpobot/responders/registers"
)

// layout says in which column of the file each declared field stands.
type layout struct {
	spec    registers.Spec
	columns map[string]int // by field
	key     int            // -1: none
	marker  int            // -1: none
}

// place is a row that a key names.
type place struct {
	row   int
	cells []registers.Value
}

func (r *Register) layout(b book) (layout, error) {
	l := layout{spec: r.spec, columns: map[string]int{}, key: -1, marker: -1}
	titles := b.header()
	var missing []string
	look := func(title string) int {
		at := slices.IndexFunc(titles, func(t string) bool { return sameTitle(t, title) })
		if at < 0 {
			missing = append(missing, title)
		}
		return at
	}
	for _, f := range r.spec.Fields {
		l.columns[f.Name] = look(f.In())
	}
	if r.src.Key != "" {
		l.key = look(r.src.Key)
	}
	if r.src.Marker != "" {
		l.marker = look(r.src.Marker)
	}
	if len(missing) > 0 {
		return l, fmt.Errorf("%s has no column titled %s: %w", r.name(), strings.Join(missing, ", "), registers.ErrPermanent)
	}
	return l, nil
}

func sameTitle(a, b string) bool {
	return registers.Fold(strings.TrimSpace(a)) == registers.Fold(strings.TrimSpace(b))
}

func cell(cells []registers.Value, column int) registers.Value {
	if column < 0 || column >= len(cells) {
		return registers.Value{Null: true}
	}
	return cells[column]
}

func (l layout) values(cells []registers.Value) []registers.Value {
	out := make([]registers.Value, len(l.spec.Fields))
	for i, f := range l.spec.Fields {
		out[i] = cell(cells, l.columns[f.Name])
		out[i].Field = f.Name
	}
	return out
}

func (l layout) erased(cells []registers.Value) string {
	return strings.TrimSpace(cell(cells, l.marker).Raw)
}

// A row is named by its key cell. Where that is empty, or several rows have the same, a digest of the identifying fields is
// added, so that nobody is changed or erased for having another's number.

func (l layout) plain(cells []registers.Value) string {
	return strings.TrimSpace(cell(cells, l.key).Raw)
}

func (l layout) full(cells []registers.Value) string {
	h := sha256.New()
	for _, role := range []registers.Role{registers.Email, registers.Name, registers.Telephone, registers.CustomerNumber, registers.BirthDate} {
		if field, ok := l.spec.Identify[role]; ok {
			fmt.Fprintf(h, "%s=%q\n", role, cell(cells, l.columns[field]).Raw)
		}
	}
	return l.plain(cells) + "~" + hex.EncodeToString(h.Sum(nil)[:12])
}

// name returns the key of a row, where seen tells how many rows have each plain key.
func (l layout) name(cells []registers.Value, seen map[string]int) string {
	if plain := l.plain(cells); plain != "" && seen[plain] == 1 {
		return plain
	}
	return l.full(cells)
}

// find returns the rows that the keys name, in order. A key that named one row and now names several is an error.
func (l layout) find(b book, keys []string) ([]place, error) {
	var out []place
	seen := map[string]int{}
	for row, cells := range b.rows() {
		plain, full := l.plain(cells), l.full(cells)
		byPlain := plain != "" && slices.Contains(keys, plain)
		if byPlain {
			if seen[plain]++; seen[plain] > 1 {
				return nil, fmt.Errorf("the key column holds one key in several rows: %w", registers.ErrPermanent)
			}
		}
		if byPlain || slices.Contains(keys, full) {
			out = append(out, place{row, cells})
		}
	}
	return out, b.trouble()
}
