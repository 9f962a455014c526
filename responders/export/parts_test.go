package export

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// many is an answer with n records that come as a stream, and a record with n rows.
func many(n int) Package {
	p := matti("en")
	p.Registers = p.Registers[:2]
	p.Registers[0].Records[0].Children[0].Rows = nil
	p.Registers[0].Records[0].Children[0].Stream = func(yield func([]string, error) bool) {
		for i := range n {
			if !yield([]string{fmt.Sprint(i + 1), "2026-01-01", fmt.Sprintf("%d,00", i%900), fmt.Sprintf("course %x", i*7919)}, nil) {
				return
			}
		}
	}
	p.Registers[1].Records = nil
	p.Registers[1].Stream = func(yield func(Record, error) bool) {
		for i := range n {
			if !yield(Record{Values: []Value{
				{Field: "id", Title: "Number", Raw: fmt.Sprint(i + 1)},
				{Field: "what", Title: "Event", Raw: fmt.Sprintf("event %x", i*104729)},
			}}, nil) {
				return
			}
		}
	}
	return p
}

// content is what the JSON documents of the parts hold, put together again.
type content struct {
	rows    []string
	records map[int][]string
}

func together(t *testing.T, parts []Part) content {
	t.Helper()
	c := content{records: map[int][]string{}}
	for _, part := range parts {
		var doc struct {
			Part      docPart
			Registers []struct {
				Name    string
				Records []struct {
					Number int
					Values []struct{ Value *string }
					Tables []struct{ Rows [][]string }
				}
			}
		}
		if err := json.Unmarshal(read(t, part.Data).attachments()["dp-2026-0042.json"], &doc); err != nil {
			t.Fatal(err)
		}
		if doc.Part != (docPart{part.Number, part.Of}) {
			t.Errorf("part %d of %d says it is %v", part.Number, part.Of, doc.Part)
		}
		for _, reg := range doc.Registers {
			for _, rec := range reg.Records {
				for _, table := range rec.Tables {
					for _, cells := range table.Rows {
						c.rows = append(c.rows, cells[0])
					}
				}
				if reg.Name == "uutiskirje" {
					for _, v := range rec.Values {
						c.records[rec.Number] = append(c.records[rec.Number], *v.Value)
					}
				}
			}
		}
	}
	return c
}

// Over the limit the answer goes as numbered parts, with everything in them once.
func TestParts(t *testing.T) {
	const n, limit = 900, 130_000
	parts := build(t, many(n), Limits{Bytes: limit})
	if len(parts) < 3 {
		t.Fatalf("got %d parts, want several", len(parts))
	}
	for i, part := range parts {
		if part.Number != i+1 || part.Of != len(parts) {
			t.Errorf("part %d is numbered %d of %d", i+1, part.Number, part.Of)
		}
		if len(part.Data) > limit {
			t.Errorf("part %d weighs %d bytes, more than %d", i+1, len(part.Data), limit)
		}
		if want := fmt.Sprintf("DP-2026-0042-%d-%d.pdf", i+1, len(parts)); part.Name != want {
			t.Errorf("part %d: name %q, want %q", i+1, part.Name, want)
		}
		outline := read(t, part.Data).outline()
		for text, want := range map[string]bool{
			"Dear Matti": i == 0, fmt.Sprintf("This is file %d\u00a0of", i+1): i > 0,
			"H2 Your rights": i == len(parts)-1, "Because the answer is long": i == 0,
		} {
			if got := strings.Contains(outline, text); got != want {
				t.Errorf("part %d: %q there: %v, want %v", i+1, text, got, want)
			}
		}
	}
	got := together(t, parts)
	if len(got.rows) != n || len(got.records) != n {
		t.Fatalf("got %d rows and %d records, want %d of each", len(got.rows), len(got.records), n)
	}
	for i := range n {
		if got.rows[i] != fmt.Sprint(i+1) {
			t.Fatalf("row %d: got %s", i+1, got.rows[i])
		}
		if want := fmt.Sprintf("[%d event %x]", i+1, i*104729); fmt.Sprint(got.records[i+1]) != want {
			t.Fatalf("record %d: got %v, want %s", i+1, got.records[i+1], want)
		}
	}
}

func TestCut(t *testing.T) {
	loads := func(n int, l load) []load {
		list := make([]load, n)
		for i := range list {
			list[i] = l
		}
		return list
	}
	for _, c := range []struct {
		name   string
		loads  []load
		budget int64
		want   []int
	}{
		{"nothing", nil, 100, nil},
		{"one part", loads(10, load{10, 3, true}), 100, nil},
		{"by weight", loads(10, load{10, 3, true}), 40, []int{4, 8}},
		{"heavier than the budget", loads(3, load{500, 3, true}), 100, []int{1, 2}},
		{"at the beginning of a record", []load{{10, 3, true}, {10, 3, false}, {10, 3, true}, {10, 3, false}, {10, 3, false}}, 35, []int{2}},
		{"within a record too heavy", []load{{10, 3, true}, {30, 3, false}, {30, 3, false}}, 40, []int{2}},
		{"by what it takes to make", loads(40_000, load{1, 3, true}), 1 << 40, []int{10_000, 20_000, 30_000}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := spool{loads: c.loads}
			if got := s.cut(c.budget); !slices.Equal(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

func TestOneHeavyValue(t *testing.T) {
	p := matti("en")
	var noise strings.Builder
	for i := range 40_000 {
		fmt.Fprintf(&noise, "%x", i*7919*i)
	}
	p.Registers[0].Records[0].Values[0].Raw = noise.String()
	if _, err := Build(t.Context(), p, phrase, Limits{Bytes: 150_000}); !errors.Is(err, ErrTooLarge) {
		t.Errorf("got %v, want %v", err, ErrTooLarge)
	}
}

// A page says its number, a part says its own.
func TestNumbers(t *testing.T) {
	parts := build(t, many(400), Limits{Bytes: 110_000})
	r := read(t, parts[1].Data)
	content, err := r.ctx.PageContent(r.dict(r.pages[0]), 1)
	if err != nil {
		t.Fatal(err)
	}
	var shown []string
	for _, m := range regexp.MustCompile(`(?s)\(((?:\\.|[^\\)])*)\) Tj`).FindAllSubmatch(content, -1) {
		shown = append(shown, shownText(m[1]))
	}
	all := strings.Join(shown, "\n")
	for _, want := range []string{fmt.Sprintf("Page 1 / %d", len(r.pages)), fmt.Sprintf("Power Competence Oy · DP-2026-0042 · file 2 of %d", len(parts))} {
		if !strings.Contains(all, want) {
			t.Errorf("page 1 of part 2 does not say %q", want)
		}
	}
}
