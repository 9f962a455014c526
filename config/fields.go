package config

import (
	"fmt"
	"reflect"
	"strings"
)

// tag is the yaml tag of a field.
type tag struct {
	name                                                  string
	required, secret, open, exists, folder, keyed, single bool
}

func tagOf(f reflect.StructField) tag {
	name, rest, _ := strings.Cut(f.Tag.Get("yaml"), ",")
	t := tag{name: name}
	for option := range strings.SplitSeq(rest, ",") {
		switch option {
		case "":
		case "required":
			t.required = true
		case "secret":
			t.secret = true
		case "open":
			t.open = true
		case "exists":
			t.exists = true
		case "folder":
			t.folder = true
		case "keyed":
			t.keyed = true
		case "single":
			t.single = true
		default:
			panic("config: unknown option " + option + " at " + f.Name)
		}
	}
	return t
}

// keys are the keys under which the field stands in the file.
func (t tag) keys() []string {
	if t.secret {
		return []string{t.name + "_file", t.name}
	}
	return []string{t.name}
}

// structure fills a struct from a mapping.
func (d *decoder) structure(n *node, v reflect.Value, path string) {
	if n.kind != mapping {
		d.fault(path, "is "+n.kind.String()+", where a group of keys is wanted", "write its keys, indented, or {key: value}")
		return
	}
	known := map[string]bool{}
	for i := range v.NumField() {
		field := v.Type().Field(i)
		t := tagOf(field)
		if t.name == "" || t.name == "-" {
			continue
		}
		for _, k := range t.keys() {
			known[k] = true
		}
		if t.secret {
			d.secret(n, v.Field(i), path, t)
			continue
		}
		d.field(n, v.Field(i), path, t)
	}
	for _, e := range n.keys {
		if !known[e.name] {
			d.unknown(e, known, path, v.Type())
		}
	}
}

func (d *decoder) field(n *node, v reflect.Value, path string, t tag) {
	value := n.get(t.name)
	at := join(path, t.name)
	switch {
	case value == nil && t.required:
		d.faultAt(n.at, at, "is missing", "write "+t.name+": ...")
	case value == nil:
	case value.kind == nothing && t.required, value.kind == scalar && strings.TrimSpace(value.text) == "" && t.required:
		d.lines[at] = value.at
		d.fault(at, "is empty", "write a value")
	case value.kind == nothing && v.Kind() != reflect.Pointer:
		d.lines[at] = value.at
	default:
		d.value(value, v, at, t)
	}
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

// unknown reports a key that no field has, and what may have been meant.
func (d *decoder) unknown(e entry, known map[string]bool, path string, in reflect.Type) {
	names := make([]string, 0, len(known))
	for name := range known {
		names = append(names, name)
	}
	mend := "remove it; known here: " + orList(names)
	if near := nearest(e.name, names); near != "" {
		mend = "did you mean " + near + "?"
	} else if home := homeOf(e.name, in); home != "" {
		mend = "it belongs under " + home
	}
	where := join(path, e.name)
	if shown(e.name) != fmt.Sprintf("%q", e.name) || strings.ContainsAny(e.name, " \t\n") {
		where = path
	}
	d.faults = append(d.faults, Fault{Line: e.at.line, Column: e.at.column, Path: where, What: "unknown key " + shown(e.name), Mend: mend})
}

// homeOf is the one place of the configuration where the key is known, if there is just one.
func homeOf(name string, not reflect.Type) string {
	var homes []string
	var walk func(t reflect.Type, path string)
	walk = func(t reflect.Type, path string) {
		for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
			t = t.Elem()
		}
		if t.Kind() != reflect.Struct || t == not || t.PkgPath() != reflect.TypeFor[Config]().PkgPath() {
			return
		}
		for i := range t.NumField() {
			tag := tagOf(t.Field(i))
			if tag.name == "" || tag.name == "-" {
				continue
			}
			for _, k := range tag.keys() {
				if k == name {
					homes = append(homes, path)
				}
			}
			walk(t.Field(i).Type, join(path, tag.name))
		}
	}
	walk(reflect.TypeFor[Config](), "")
	if len(homes) != 1 {
		return ""
	}
	return homes[0]
}
