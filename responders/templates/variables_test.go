package templates

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"text/template/parse"

	"dpobot/responders"
)

// TestLanguagesShowTheSame: a mail shows the same fields, and looks up the same words,
// in every language.
func TestLanguagesShowTheSame(t *testing.T) {
	s := loaded(t)
	english := s.byLang["en"].mails
	for _, lang := range languages[1:] {
		for _, tmpl := range english.Templates() {
			name := strings.Replace(tmpl.Name(), "en/", lang+"/", 1)
			theirs := s.byLang[lang].mails.Lookup(name)
			if tmpl.Tree == nil || theirs == nil || theirs.Tree == nil {
				if tmpl.Tree != nil {
					t.Errorf("%s has no %s", lang, name)
				}
				continue
			}
			got, want := used(theirs.Tree), used(tmpl.Tree)
			if !slices.Equal(got, want) {
				t.Errorf("%s uses %q, English uses %q", name, got, want)
			}
		}
	}
}

// TestFieldsAreOnes: a template names nothing but fields of the view, in branches too
// that no example takes.
func TestFieldsAreOnes(t *testing.T) {
	known := map[string]bool{"IsZero": true}
	fieldsOf(reflect.TypeFor[responders.View](), known)
	s := loaded(t)
	for _, lang := range languages {
		for _, tmpl := range s.byLang[lang].mails.Templates() {
			if tmpl.Tree == nil {
				continue
			}
			for _, name := range used(tmpl.Tree) {
				if field, ok := strings.CutPrefix(name, "."); ok && !known[field] {
					t.Errorf("%s (%s) names %s, which no view has", tmpl.Name(), lang, name)
				}
			}
		}
	}
}

// fieldsOf adds the names of the fields of a type and of those in it.
func fieldsOf(typ reflect.Type, known map[string]bool) {
	switch typ.Kind() {
	case reflect.Pointer, reflect.Slice:
		fieldsOf(typ.Elem(), known)
	case reflect.Struct:
		for i := range typ.NumField() {
			if f := typ.Field(i); f.IsExported() && !known[typ.Name()+"/"+f.Name] {
				known[typ.Name()+"/"+f.Name], known[f.Name] = true, true
				fieldsOf(f.Type, known)
			}
		}
	}
}

// used lists the fields of a template with a dot before them, its functions with a
// slash, its literals in quotes and the templates that it calls, sorted.
func used(tree *parse.Tree) []string {
	found := map[string]bool{}
	var walk func(v reflect.Value)
	walk = func(v reflect.Value) {
		if v.Kind() == reflect.Interface || v.Kind() == reflect.Pointer {
			if v.IsNil() {
				return
			}
			switch n := v.Interface().(type) {
			case *parse.Tree:
				return
			case *parse.FieldNode:
				for _, name := range n.Ident {
					found["."+name] = true
				}
			case *parse.VariableNode:
				for _, name := range n.Ident[1:] {
					found["."+name] = true
				}
			case *parse.IdentifierNode:
				found["/"+n.Ident] = true
			case *parse.StringNode:
				found[n.Quoted] = true
			case *parse.TemplateNode:
				found[n.Name] = true
			}
			walk(v.Elem())
			return
		}
		switch v.Kind() {
		case reflect.Struct:
			for i := range v.NumField() {
				if v.Type().Field(i).IsExported() {
					walk(v.Field(i))
				}
			}
		case reflect.Slice:
			for i := range v.Len() {
				walk(v.Index(i))
			}
		}
	}
	walk(reflect.ValueOf(tree.Root))
	names := make([]string, 0, len(found))
	for name := range found {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}
