package call

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"

	"dpobot/responders/registers"
)

// Parse reads a JSON answer, with numbers as they are written. Errors hold nothing of the answer.
func Parse(body []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if err := d.Decode(into); err != nil {
		return errors.New("the answer is not the JSON that is expected")
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("the answer goes on after its JSON")
	}
	return nil
}

// Raw writes a JSON value as it stands: a text without its quotes, anything else as JSON.
func Raw(v any) registers.Value {
	switch v := v.(type) {
	case nil:
		return registers.Value{Null: true}
	case string:
		return registers.Value{Raw: v}
	case json.Number:
		return registers.Value{Raw: v.String()}
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(v)
	return registers.Value{Raw: strings.TrimSuffix(b.String(), "\n")}
}
