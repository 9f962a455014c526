package config

import (
	"fmt"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

type position struct{ line, column int }

type kind int

const (
	nothing kind = iota // null or absent
	scalar
	list
	mapping
	broken // reported already
)

func (k kind) String() string {
	return [...]string{"nothing", "a single value", "a list", "a group of keys", "broken"}[k]
}

// node is the document without what YAML adds to it: aliases are resolved,
// merges done, tags dropped, and a scalar is the text that was written, so that
// 0401234567 and NO stay what they are.
type node struct {
	kind   kind
	at     position
	text   string
	quoted bool
	items  []*node
	keys   []entry
	index  map[string]int // of keys, by name
}

type entry struct {
	name  string
	at    position
	value *node
}

func (n *node) get(name string) *node {
	if i, ok := n.index[name]; ok {
		return n.keys[i].value
	}
	return nil
}

func (n *node) add(e entry) {
	if n.index == nil {
		n.index = map[string]int{}
	}
	n.index[e.name] = len(n.keys)
	n.keys = append(n.keys, e)
}

// tree turns goccy's syntax tree into nodes. A node that several aliases name
// is made once and shared, so aliases of aliases cost nothing here.
type tree struct {
	anchors map[string]*node
	merged  int // keys that << was asked to copy
	faults  Faults
}

func (t *tree) fault(at position, path, what, mend string) {
	t.faults = append(t.faults, Fault{Line: at.line, Column: at.column, Path: path, What: what, Mend: mend})
}

func place(n ast.Node) position {
	if tk := n.GetToken(); tk != nil && tk.Position != nil {
		return position{tk.Position.Line, tk.Position.Column}
	}
	return position{}
}

func (t *tree) node(in ast.Node, depth int) *node {
	if in == nil {
		return &node{}
	}
	n := &node{at: place(in)}
	if depth > maxDepth {
		t.fault(n.at, "", "is nested too deeply", "see the output of dpobot init for the shape of a configuration")
		return n
	}
	switch in := in.(type) {
	case *ast.NullNode:
	case *ast.TagNode:
		return t.node(in.Value, depth+1)
	case *ast.AnchorNode:
		value := t.node(in.Value, depth+1)
		t.anchors[in.Name.GetToken().Value] = value
		return value
	case *ast.AliasNode:
		return t.alias(in)
	case *ast.MappingNode:
		t.mapping(n, in.Values, depth)
	case *ast.MappingValueNode:
		t.mapping(n, []*ast.MappingValueNode{in}, depth)
	case *ast.SequenceNode:
		n.kind = list
		for _, item := range in.Values {
			n.items = append(n.items, t.node(item, depth+1))
		}
	case *ast.LiteralNode:
		n.kind, n.text, n.quoted = scalar, in.Value.Value, true
	case *ast.StringNode:
		n.kind, n.text = scalar, in.Value
		n.quoted = in.Token.Type == token.DoubleQuoteType || in.Token.Type == token.SingleQuoteType
	case ast.ScalarNode:
		n.kind, n.text = scalar, in.GetToken().Value
	default:
		t.fault(n.at, "", "is something a configuration has no use for", "write a plain value")
	}
	return n
}

func (t *tree) alias(in *ast.AliasNode) *node {
	at := place(in)
	if target, ok := t.anchors[in.Value.GetToken().Value]; ok {
		return target
	}
	t.fault(at, "", "refers to a part that is not written above", "write &name at that part first, or write the value here")
	return &node{kind: broken, at: at}
}

func (t *tree) mapping(n *node, values []*ast.MappingValueNode, depth int) {
	n.kind = mapping
	if len(values) > 0 {
		n.at = place(values[0].Key)
	}
	var merged []*node
	for _, v := range values {
		if v.Key.IsMergeKey() {
			merged = append(merged, t.node(v.Value, depth+1))
			continue
		}
		key := t.node(keyNode(v.Key), depth+1)
		if key.kind != scalar {
			t.fault(place(v.Key), "", "is no name of a key", "write name: value")
			continue
		}
		if n.get(key.text) != nil {
			t.fault(key.at, "", fmt.Sprintf("the key %s stands twice", shown(key.text)), "keep one of the two")
			continue
		}
		n.add(entry{key.text, key.at, t.node(v.Value, depth+1)})
	}
	for _, m := range merged {
		t.merge(n, m)
	}
}

func keyNode(k ast.MapKeyNode) ast.Node {
	if explicit, ok := k.(*ast.MappingKeyNode); ok {
		return explicit.Value
	}
	return k
}

// merge adds what << names and the mapping does not say itself.
func (t *tree) merge(n, from *node) {
	switch from.kind {
	case mapping:
		if t.merged += len(from.keys); t.merged > maxTokens {
			return
		}
		for _, e := range from.keys {
			if n.get(e.name) == nil {
				n.add(e)
			}
		}
	case list:
		for _, item := range from.items {
			if item.kind == mapping {
				t.merge(n, item)
			}
		}
	default:
		t.fault(from.at, "", "<< does not name a group of keys", "write <<: *name of a group that has &name")
	}
}

// shown is a key or a word of the file as it may be repeated in a fault: short, on one line.
func shown(text string) string {
	if r := []rune(text); len(r) > 32 {
		text = string(r[:32]) + "..."
	}
	return fmt.Sprintf("%q", text)
}
