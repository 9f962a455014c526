package config

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// maxValues bounds how many values are decoded: aliases of aliases would
// otherwise grow without end.
const maxValues = 100_000

// maxFaults is the most that are reported; an operator reads no more.
const maxFaults = 1000

// decoder fills the types of this package from a document by their yaml tags:
//
//	yaml:"name,option..."
//	required  the key must be there and not empty
//	secret    name_file names a file; name holds ${NAME} of an environment variable
//	open      the text of a secret may stand in the file, without a password in it
//	exists    the file that is named is there; folder: it is a folder
//	credential  a relative name is looked up among systemd's credentials too
//	keyed     a list whose entries are written as name: value and keep their order
//	single    a list that may be written as its one value
//
// It goes on after a fault, and remembers where each key stands.
type decoder struct {
	dir    string // for relative paths
	faults Faults
	lines  map[string]position
	bad    map[string]bool // keys that have a fault already
	values int
}

// valuer is a type of named words.
type valuer interface{ values() []string }

// textParser is a type written as one value.
type textParser interface{ parse(text string) *problem }

// urlParser is a type written as a url, which gets it before ${NAME} is
// replaced, so that it can tell a password in the file from one out of it.
type urlParser interface{ parseURL(raw string) *problem }

// nodeParser is a type that may be written in more than one shape.
type nodeParser interface {
	parseNode(d *decoder, n *node, path string)
}

func (d *decoder) decode(root *node, c *Config) {
	d.structure(root, reflect.ValueOf(c).Elem(), "")
}

// fault notes what is wrong at path, at the place of the nearest key above it.
func (d *decoder) fault(path, what, mend string) {
	d.faultAt(d.position(path), path, what, mend)
}

func (d *decoder) faultAt(at position, path, what, mend string) {
	d.bad[path] = true
	if len(d.faults) >= maxFaults {
		return
	}
	d.faults = append(d.faults, Fault{Line: at.line, Column: at.column, Path: path, What: what, Mend: mend})
}

func (d *decoder) position(path string) position {
	for {
		if at, ok := d.lines[path]; ok || path == "" {
			return at
		}
		path = path[:max(strings.LastIndexAny(path, ".["), 0)]
	}
}

func (d *decoder) value(n *node, v reflect.Value, path string, tag tag) {
	d.lines[path] = n.at
	if !d.spend(1, path) {
		return
	}
	if n.kind == broken {
		d.bad[path] = true
		return
	}
	if v.Kind() == reflect.Pointer && v.Type() != reflect.TypeFor[*time.Location]() {
		if v.IsNil() {
			v.Set(reflect.New(v.Type().Elem()))
		}
		d.value(n, v.Elem(), path, tag)
		return
	}
	switch p := v.Addr().Interface().(type) {
	case nodeParser:
		p.parseNode(d, n, path)
		return
	case urlParser:
		if text, ok := d.rawText(n, path); ok {
			d.note(path, p.parseURL(text))
		}
		return
	case *File:
		d.file(n, p, path, tag)
		return
	}
	switch {
	case isScalar(v):
		if text, ok := d.text(n, path); ok {
			d.note(path, setScalar(v, text))
		}
	case v.Kind() == reflect.Struct:
		d.structure(n, v, path)
	case v.Kind() == reflect.Slice && tag.keyed:
		d.keyed(n, v, path)
	case v.Kind() == reflect.Slice:
		d.list(n, v, path, tag)
	case v.Kind() == reflect.Map:
		d.stringMap(n, v, path)
	default:
		panic("config: no way to decode " + v.Type().String())
	}
}

// spend takes n values from what may be decoded, and says whether there were as many.
func (d *decoder) spend(n int, path string) bool {
	before := d.values
	d.values += n
	if d.values > maxValues && before <= maxValues {
		d.fault(path, "repeats more than a configuration can need", "use fewer aliases")
	}
	return d.values <= maxValues
}

func (d *decoder) note(path string, p *problem) {
	if p != nil {
		d.fault(path, p.what, p.mend)
	}
}

func isScalar(v reflect.Value) bool {
	switch v.Addr().Interface().(type) {
	case textParser, valuer, *time.Duration, **time.Location:
		return true
	}
	return v.Kind() == reflect.String || v.Kind() == reflect.Bool || v.Kind() == reflect.Int
}

// setScalar parses text into v; its problems do not repeat the text unless it is one of a few words.
func setScalar(v reflect.Value, text string) *problem {
	switch p := v.Addr().Interface().(type) {
	case textParser:
		return p.parse(text)
	case valuer:
		return setWord(v, text, p.values())
	case *time.Duration:
		return parseDuration(text, p)
	case **time.Location:
		return parseZone(text, p)
	}
	switch v.Kind() {
	case reflect.Bool:
		if text != "true" && text != "false" {
			return &problem{"is neither true nor false", "write true or false"}
		}
		v.SetBool(text == "true")
	case reflect.Int:
		number, err := strconv.Atoi(text)
		if err != nil || number < 0 {
			return &problem{"is no whole number", "write a number such as 3"}
		}
		v.SetInt(int64(number))
	default:
		v.SetString(text)
	}
	return nil
}

func setWord(v reflect.Value, text string, words []string) *problem {
	for _, w := range words {
		if text == w {
			v.SetString(text)
			return nil
		}
	}
	mend := "write " + orList(words)
	if near := nearest(text, words); near != "" {
		mend = fmt.Sprintf("did you mean %s? It is %s", near, orList(words))
	}
	return &problem{fmt.Sprintf("%s is not one of the words that count here", shown(text)), mend}
}

// rawText is the text of a single value.
func (d *decoder) rawText(n *node, path string) (string, bool) {
	switch n.kind {
	case scalar:
		return strings.TrimSpace(n.text), true
	case nothing:
		d.fault(path, "is empty", "write a value, or remove the key")
	case broken:
		d.bad[path] = true
	default:
		d.fault(path, "is "+n.kind.String()+", where a single value is wanted", "write the key and one value")
	}
	return "", false
}

// text is the text of a single value with ${NAME} replaced.
func (d *decoder) text(n *node, path string) (string, bool) {
	raw, ok := d.rawText(n, path)
	if !ok {
		return "", false
	}
	text, p := expand(raw)
	d.note(path, p)
	return text, p == nil
}
