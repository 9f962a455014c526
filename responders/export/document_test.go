package export

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

func schema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "docs", "export.schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("urn:dpobot:export:1", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("urn:dpobot:export:1")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Every document that is attached is as the published schema says.
func TestSchema(t *testing.T) {
	s := schema(t)
	for name, parts := range map[string][]Part{
		"full":    build(t, matti("fi"), Limits{}),
		"nothing": build(t, nobody("sv"), Limits{}),
		"odd":     build(t, odd("en"), Limits{}),
		"parts":   build(t, many(300), Limits{Bytes: 110_000}),
	} {
		for _, part := range parts {
			data := read(t, part.Data).attachments()["dp-2026-0042.json"]
			doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			if err := s.Validate(doc); err != nil {
				t.Errorf("%s, part %d: %v", name, part.Number, err)
			}
		}
	}
	if err := s.Validate(map[string]any{"format": "other"}); err == nil {
		t.Error("the schema takes anything")
	}
}

// The JSON has each value byte for byte, whatever the page shows.
func TestExactValues(t *testing.T) {
	p := odd("en")
	var doc struct {
		Registers []struct {
			Records []struct {
				Values []struct{ Value any }
				Tables []struct{ Rows [][]any }
			}
		}
	}
	data := read(t, build(t, p, Limits{})[0].Data).attachments()["dp-2026-0042.json"]
	if err := json.Unmarshal(data, &doc); err != nil {
		t.Fatal(err)
	}
	record := doc.Registers[0].Records[0]
	want := p.Registers[0].Records[0]
	for i, v := range want.Values {
		if got := exact(t, record.Values[i].Value); got != v.Raw {
			t.Errorf("%s: got %q, want %q", v.Field, got, v.Raw)
		}
	}
	for i, table := range want.Children {
		for j, cells := range table.Rows {
			for k, cell := range cells {
				got := record.Tables[i].Rows[j][k]
				if k < len(table.Redacted) && table.Redacted[k] {
					if got != nil {
						t.Errorf("table %d, row %d: a redacted cell holds %v", i, j, got)
					}
					continue
				}
				if exact(t, got) != cell {
					t.Errorf("table %d, row %d: got %q, want %q", i, j, got, cell)
				}
			}
		}
	}
}

func exact(t *testing.T, v any) string {
	t.Helper()
	if m, ok := v.(map[string]any); ok {
		b, err := base64.StdEncoding.DecodeString(m["base64"].(string))
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	s, ok := v.(string)
	if !ok {
		t.Fatalf("got %T, want a text", v)
	}
	return s
}
