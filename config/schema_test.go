package config

import (
	"bytes"
	"encoding/json"
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "rewrite the generated and golden files")

// published is where editors find the schema.
var published = filepath.Join("..", "docs", "config.schema.json")

// TestSchemaIsCurrent compares the schema with the types and their comments.
func TestSchemaIsCurrent(t *testing.T) {
	want := generateSchema(t)
	if *update {
		for _, file := range []string{"schema.json", published} {
			if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, want, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		return
	}
	onDisk, err := os.ReadFile(published)
	if err != nil {
		t.Fatal(err)
	}
	for name, got := range map[string][]byte{"Schema()": Schema(), published: onDisk} {
		if !bytes.Equal(got, want) {
			t.Errorf("%s is not what the types say; run go test ./config -run Schema -update", name)
		}
	}
}

func TestEveryKeyHasADescription(t *testing.T) {
	g := newGenerator(t)
	g.object(reflect.TypeFor[Config]())
	for _, missing := range g.undocumented {
		t.Errorf("%s has no comment", missing)
	}
}

// generator makes the JSON Schema from the types, by the same tags that the
// decoder reads, so that the two cannot disagree; that is why no library does it.
type generator struct {
	comments     map[string]string // by Type.Field and by Type
	defs         map[string]any
	undocumented []string
}

type object = map[string]any

func newGenerator(t *testing.T) *generator {
	return &generator{comments: readComments(t), defs: map[string]any{}}
}

func generateSchema(t *testing.T) []byte {
	g := newGenerator(t)
	root := g.object(reflect.TypeFor[Config]())
	root["$schema"] = "https://json-schema.org/draft/2020-12/schema"
	root["title"] = "dpobot configuration"
	root["$defs"] = g.defs
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(root); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// readComments reads the comments of types and fields from this package's source.
func readComments(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	comments := map[string]string{}
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.TypeSpec)
			if !ok {
				return true
			}
			if s, ok := spec.Type.(*ast.StructType); ok {
				for _, f := range s.Fields.List {
					for _, id := range f.Names {
						comments[spec.Name.Name+"."+id.Name] = strings.Join(strings.Fields(f.Doc.Text()), " ")
					}
				}
			}
			return true
		})
	}
	return comments
}

func (g *generator) object(t reflect.Type) object {
	properties, required := object{}, []string{}
	for i, tag := range tagsOf(t) {
		if tag.name == "" || tag.name == "-" {
			continue
		}
		field := t.Field(i)
		about := g.comments[t.Name()+"."+field.Name]
		if about == "" {
			g.undocumented = append(g.undocumented, t.Name()+"."+field.Name)
		}
		for _, key := range tag.keys() {
			property := g.property(field.Type, tag, key)
			property["description"] = about
			properties[key] = property
		}
		if tag.required && !tag.secret {
			required = append(required, tag.name)
		}
	}
	o := object{"type": "object", "additionalProperties": false, "properties": properties}
	if len(required) > 0 {
		o["required"] = required
	}
	if t == reflect.TypeFor[Register]() {
		o["oneOf"] = exactlyOne("sql", "sheet", "mailchimp", "webhook", "person")
	}
	return o
}

func exactlyOne(keys ...string) []object {
	var ways []object
	for _, key := range keys {
		ways = append(ways, object{"required": []string{key}})
	}
	return ways
}

func (g *generator) property(t reflect.Type, tag tag, key string) object {
	switch {
	case tag.secret && key != tag.name:
		return object{"type": "string"}
	case tag.secret && !tag.open:
		return object{"type": "string", "pattern": `^\$\{[A-Za-z_][A-Za-z0-9_]*\}$`}
	case tag.secret:
		return object{"type": "string"}
	case tag.keyed:
		return object{"type": "object", "additionalProperties": object{"anyOf": []object{g.typed(t.Elem()), {"type": "null"}}}}
	case tag.single:
		one := g.typed(t.Elem())
		return object{"anyOf": []object{one, {"type": "array", "items": one}}}
	}
	return g.typed(t)
}

// typed is the schema of a value of the type.
func (g *generator) typed(t reflect.Type) object {
	if o := special(t); o != nil && t.PkgPath() == reflect.TypeFor[Config]().PkgPath() {
		g.defs[t.Name()] = o
		return object{"$ref": "#/$defs/" + t.Name()}
	} else if o != nil {
		return o
	}
	if t.Kind() == reflect.Pointer {
		return g.typed(t.Elem())
	}
	if words, ok := reflect.Zero(t).Interface().(valuer); ok {
		return object{"enum": words.values()}
	}
	if _, ok := reflect.New(t).Interface().(urlParser); ok {
		return object{"type": "string"}
	}
	switch t.Kind() {
	case reflect.Bool:
		return object{"type": "boolean"}
	case reflect.Int:
		return object{"type": "integer", "minimum": 0}
	case reflect.Slice:
		return object{"type": "array", "items": g.typed(t.Elem())}
	case reflect.Map:
		return object{"type": "object", "additionalProperties": object{"type": "string"}}
	case reflect.Struct:
		return g.reference(t)
	}
	return object{"type": []string{"string", "number"}}
}

func (g *generator) reference(t reflect.Type) object {
	if _, done := g.defs[t.Name()]; !done {
		g.defs[t.Name()] = nil
		def := g.object(t)
		if t == reflect.TypeFor[Recipient]() {
			def = object{"anyOf": []object{{"type": "string"}, def}}
		}
		g.defs[t.Name()] = def
	}
	return object{"$ref": "#/$defs/" + t.Name()}
}

// special are the types that are written as one value of a certain form.
func special(t reflect.Type) object {
	form := func(pattern string) object {
		return object{"type": "string", "pattern": `^(` + pattern + `|.*\$\{.*)$`}
	}
	days := []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}
	switch reflect.Zero(t).Interface().(type) {
	case Text:
		return object{"anyOf": []object{
			{"type": []string{"string", "number"}},
			{"type": "object", "propertyNames": object{"enum": languages()}, "additionalProperties": object{"type": []string{"string", "number"}}},
		}}
	case Texts:
		text := object{"$ref": "#/$defs/Text"}
		return object{"anyOf": []object{text, {"type": "array", "items": text}}}
	case DigestDays:
		return object{"anyOf": []object{{"enum": []string{"workdays", "daily"}}, {"type": "array", "items": object{"enum": days}}}}
	case time.Duration:
		return form(`[0-9][0-9a-zµ.]*`)
	case Days:
		return form(`[0-9]+[dwh]`)
	case Period:
		return form(`[0-9]+[hdwmy]`)
	case ClockTime:
		return form(`[0-9]{1,2}:[0-9]{2}`)
	case Date:
		return form(`[0-9]{4}-[0-9]{2}-[0-9]{2}`)
	case DateSpan:
		return form(`[0-9]{4}-[0-9]{2}-[0-9]{2}( *\.\. *[0-9]{4}-[0-9]{2}-[0-9]{2})?`)
	case MonthDay:
		return form(`[0-9]{2}-[0-9]{2}`)
	case Size:
		return object{"type": []string{"string", "integer"}}
	case Language:
		return object{"enum": languages()}
	case Country:
		var codes []string
		for _, c := range countries() {
			codes = append(codes, string(c.code))
		}
		return object{"enum": codes}
	case Address, Domain, HostPort, Until, File, *time.Location:
		return object{"type": "string"}
	}
	return nil
}

// TestSchemaKnowsTheExample walks the worked example by the schema: every key
// must be a property, and every required one there.
func TestSchemaKnowsTheExample(t *testing.T) {
	var schema object
	if err := json.Unmarshal(Schema(), &schema); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"worked": worked, "commented": string(Example()), "wrong": strings.Replace(worked, "poll:", "pull:", 1)} {
		root, faults := parse([]byte(text))
		if len(faults) > 0 {
			t.Fatal(faults)
		}
		problems := againstSchema(schema, schema, root, "")
		if wrong := name == "wrong"; wrong != (len(problems) > 0) {
			t.Errorf("%s: got %v", name, problems)
		}
	}
}

// againstSchema checks the keys of a document; it knows the few words of JSON
// Schema that the generator writes.
func againstSchema(schema, s object, n *node, path string) []string {
	if ref, ok := s["$ref"].(string); ok {
		return againstSchema(schema, schema["$defs"].(object)[strings.TrimPrefix(ref, "#/$defs/")].(object), n, path)
	}
	if ways, ok := s["anyOf"].([]any); ok {
		var all []string
		for _, way := range ways {
			problems := againstSchema(schema, way.(object), n, path)
			if len(problems) == 0 {
				return nil
			}
			all = append(all, problems...)
		}
		return all
	}
	if enum, ok := s["enum"].([]any); ok && n.kind == scalar && !slices.Contains(enum, any(n.text)) {
		return []string{path + ": " + n.text + " is not in the schema"}
	}
	var problems []string
	switch properties, _ := s["properties"].(object); {
	case n.kind == mapping && s["type"] != "object":
		problems = append(problems, path+": the schema wants no keys")
	case n.kind == mapping:
		more, _ := s["additionalProperties"].(object)
		for _, e := range n.keys {
			property, ok := properties[e.name].(object)
			if !ok {
				property = more
			}
			if property == nil {
				problems = append(problems, path+": the schema does not know "+e.name)
				continue
			}
			problems = append(problems, againstSchema(schema, property, e.value, join(path, e.name))...)
		}
		required, _ := s["required"].([]any)
		for _, name := range required {
			if n.get(name.(string)) == nil {
				problems = append(problems, path+": the schema requires "+name.(string))
			}
		}
	case n.kind == list && s["type"] != "array":
		problems = append(problems, path+": the schema wants no list")
	case n.kind == list:
		for _, item := range n.items {
			problems = append(problems, againstSchema(schema, s["items"].(object), item, path+"[]")...)
		}
	}
	return problems
}

// TestExampleShowsEveryKey makes the example the place where one finds a key.
func TestExampleShowsEveryKey(t *testing.T) {
	g := newGenerator(t)
	root := g.object(reflect.TypeFor[Config]())
	keys := map[string]bool{}
	collect := func(o object) {
		properties, _ := o["properties"].(object)
		for key := range properties {
			keys[key] = true
		}
	}
	collect(root)
	for _, def := range g.defs {
		collect(def.(object))
		if ways, ok := def.(object)["anyOf"].([]object); ok {
			collect(ways[1])
		}
	}
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		text := string(Example())
		if !strings.Contains(text, key+":") && !strings.Contains(text, key+"_file:") {
			t.Errorf("the example does not show the key %s", key)
		}
	}
}
