package config

import _ "embed"

//go:embed example.yaml
var example []byte

//go:embed schema.json
var schema []byte

// Example is a commented configuration that shows every key: the worked example
// of a company in Finland. It loads once the files that it names are there.
func Example() []byte { return append([]byte(nil), example...) }

// Schema is the JSON Schema of the configuration, for editors. It is generated
// from the types by go test ./config -run Schema -update.
func Schema() []byte { return append([]byte(nil), schema...) }
