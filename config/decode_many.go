package config

import (
	"fmt"
	"reflect"
)

func (d *decoder) list(n *node, v reflect.Value, path string, tag tag) {
	items := n.items
	switch {
	case n.kind == scalar && tag.single:
		items = []*node{n}
	case n.kind == nothing:
		return
	case n.kind != list:
		d.fault(path, "is "+n.kind.String()+", where a list is wanted", "write [one, two], or a line - one for each")
		return
	}
	if !d.spend(len(items), path) {
		return
	}
	v.Set(reflect.MakeSlice(v.Type(), len(items), len(items)))
	for i, item := range items {
		d.value(item, v.Index(i), fmt.Sprintf("%s[%d]", path, i), tag)
	}
}

// keyed decodes name: value into a list of structs whose field Name is the name.
func (d *decoder) keyed(n *node, v reflect.Value, path string) {
	if n.kind == nothing {
		return
	}
	if n.kind != mapping {
		d.fault(path, "is "+n.kind.String()+", where named entries are wanted", "write a line name: {...} for each")
		return
	}
	if !d.spend(len(n.keys), path) {
		return
	}
	v.Set(reflect.MakeSlice(v.Type(), len(n.keys), len(n.keys)))
	for i, e := range n.keys {
		item := v.Index(i)
		item.FieldByName("Name").SetString(e.name)
		if e.value.kind != nothing {
			d.value(e.value, item, path+"."+e.name, tag{})
		}
		d.lines[path+"."+e.name] = e.at
	}
}

func (d *decoder) stringMap(n *node, v reflect.Value, path string) {
	if n.kind != mapping {
		d.fault(path, "is "+n.kind.String()+", where a group of keys is wanted", "write a line name: value for each")
		return
	}
	texts := map[string]string{}
	for _, e := range n.keys {
		d.lines[path+"."+e.name] = e.at
		if text, ok := d.text(e.value, path+"."+e.name); ok {
			texts[e.name] = text
		}
	}
	v.Set(reflect.ValueOf(texts))
}
