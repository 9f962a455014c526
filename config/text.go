package config

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
)

// Text is a text for people, by language. A text that is the same in every
// language stands under "".
type Text map[Language]string

// In is the text in the language, else the one for every language, else the
// English one, else that of the first language there is. It is empty only for
// an empty Text.
func (t Text) In(language Language) string {
	for _, l := range []Language{language, "", "en"} {
		if text, ok := t[l]; ok {
			return text
		}
	}
	for _, l := range slices.Sorted(keysOf(t)) {
		return t[l]
	}
	return ""
}

// Has says whether the text can be told in the language without falling back on another.
func (t Text) Has(language Language) bool {
	_, all := t[""]
	_, own := t[language]
	return all || own
}

func keysOf(t Text) func(yield func(Language) bool) {
	return func(yield func(Language) bool) {
		for l := range t {
			if !yield(l) {
				return
			}
		}
	}
}

func (t *Text) parseNode(d *decoder, n *node, path string) {
	switch n.kind {
	case nothing:
		return
	case scalar:
		if text, ok := d.text(n, path); ok {
			*t = Text{"": text}
		}
		return
	case list:
		d.fault(path, "is a list, where a text is wanted", "write one text, or one for each language: {fi: ..., sv: ..., en: ...}")
		return
	}
	*t = Text{}
	for _, e := range n.keys {
		at := join(path, e.name)
		d.lines[at] = e.at
		var language Language
		if p := language.parse(e.name); p != nil {
			d.fault(at, p.what, p.mend)
			continue
		}
		if e.value.kind == nothing || e.value.kind == scalar && strings.TrimSpace(e.value.text) == "" {
			d.fault(at, "is empty", "write the text, or remove the language")
			continue
		}
		if text, ok := d.text(e.value, at); ok {
			(*t)[language] = text
		}
	}
}

// Texts are texts for people, one a paragraph or an item.
type Texts []Text

func (ts *Texts) parseNode(d *decoder, n *node, path string) {
	items := n.items
	if n.kind != list {
		items = []*node{n}
	}
	for i, item := range items {
		at := path
		if n.kind == list {
			at = fmt.Sprintf("%s[%d]", path, i)
			d.lines[at] = item.at
		}
		var t Text
		t.parseNode(d, item, at)
		if len(t) > 0 {
			*ts = append(*ts, t)
		}
	}
}

// In are the texts in the language, as Text.In finds them.
func (ts Texts) In(language Language) []string {
	texts := make([]string, len(ts))
	for i, t := range ts {
		texts[i] = t.In(language)
	}
	return texts
}

func (r *Recipient) parseNode(d *decoder, n *node, path string) {
	if n.kind == scalar {
		if name, ok := d.text(n, path); ok {
			r.Name = name
		}
		return
	}
	type plain Recipient // without this method
	d.value(n, reflect.ValueOf((*plain)(r)).Elem(), path, tag{})
}
