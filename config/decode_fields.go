package config

import (
	"reflect"
	"slices"
	"strings"
)

// tag is the yaml tag of a field.
type tag struct {
	name                                                              string
	required, secret, open, exists, folder, keyed, single, credential bool
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
		case "credential":
			t.credential = true
		case "single":
			t.single = true
		default:
			panic("config: unknown option " + option + " at " + f.Name)
		}
	}
	return t
}

// tagsOf are the tags of a struct's fields, in their order.
func tagsOf(t reflect.Type) []tag {
	tags := make([]tag, t.NumField())
	for i := range tags {
		tags[i] = tagOf(t.Field(i))
	}
	return tags
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
	if !d.spend(len(n.keys), path) {
		return
	}
	meant := d.unknownKeys(n, v.Type(), path)
	for i, t := range tagsOf(v.Type()) {
		switch {
		case t.name == "" || t.name == "-":
		case t.secret:
			d.secret(n, v.Field(i), path, t, meant)
		default:
			d.field(n, v.Field(i), path, t, meant)
		}
	}
}

func (d *decoder) field(n *node, v reflect.Value, path string, t tag, meant map[string]bool) {
	value := n.get(t.name)
	at := join(path, t.name)
	switch {
	case value == nil && meant[t.name]:
		d.bad[at] = true
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

// unknownKeys reports the keys that no field has, and gives the known ones that
// were meant by them, so that those are not reported as missing too.
func (d *decoder) unknownKeys(n *node, in reflect.Type, path string) (meant map[string]bool) {
	var known []string
	for _, t := range tagsOf(in) {
		if t.name != "" && t.name != "-" {
			known = append(known, t.keys()...)
		}
	}
	meant = map[string]bool{}
	for _, e := range n.keys {
		if slices.Contains(known, e.name) {
			continue
		}
		mend := "remove it; known here: " + orList(known)
		if near := nearest(e.name, known); near != "" {
			meant[near] = n.get(near) == nil
			mend = "did you mean " + near + "?"
		} else if home := homeOf(e.name, in); home != "" {
			mend = "it belongs under " + home
		}
		if len(d.faults) >= maxFaults {
			return meant
		}
		where := path
		if plainName(e.name) == nil {
			where = join(path, e.name)
		}
		d.faults = append(d.faults, Fault{Line: e.at.line, Column: e.at.column, Path: where, What: "unknown key " + shown(e.name), Mend: mend})
	}
	return meant
}

// homeOf is the one place of the configuration where the key is known, if there is just one.
func homeOf(name string, not reflect.Type) string {
	var homes []string
	var walk func(t reflect.Type, path string)
	walk = func(t reflect.Type, path string) {
		for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
			t = t.Elem()
		}
		if t.Kind() != reflect.Struct || t.PkgPath() != not.PkgPath() {
			return
		}
		for i, tag := range tagsOf(t) {
			if tag.name == "" || tag.name == "-" {
				continue
			}
			if t != not && slices.Contains(tag.keys(), name) {
				homes = append(homes, path)
			}
			walk(t.Field(i).Type, join(path, tag.name))
		}
	}
	walk(reflect.TypeFor[Config](), "")
	switch {
	case len(homes) != 1:
		return ""
	case homes[0] == "":
		return "no other key: write it at the margin"
	}
	return homes[0]
}
