package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"dpobot/config"
)

// TestKeysWithoutEffect: this command reads every key of the configuration, or the README
// lists it, between two marks, as one without effect.
func TestKeysWithoutEffect(t *testing.T) {
	_, list, _ := strings.Cut(readme(t), "<!-- keys -->") // no list: every key has its effect
	list, _, _ = strings.Cut(list, "<!-- end -->")
	var told []string
	for _, m := range regexp.MustCompile("`([a-z0-9_.]+)`").FindAllStringSubmatch(list, -1) {
		told = append(told, m[1])
	}
	unread := unreadKeys(reflect.TypeFor[config.Config](), "", selectedNames(t))
	for _, key := range unread {
		if !slices.Contains(told, key) {
			t.Errorf("nothing reads %s, and the README does not say so", key)
		}
	}
	for _, key := range told {
		if !slices.Contains(unread, key) {
			t.Errorf("the README says that %s has no effect; it is read, or does not exist", key)
		}
	}
}

// selectedNames are the names x.Name that the sources of this command use.
func selectedNames(t *testing.T) map[string]bool {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	names := map[string]bool{
		"Contact": true, // config itself makes Address of it
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		source, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(source, func(n ast.Node) bool {
			if s, ok := n.(*ast.SelectorExpr); ok {
				names[s.Sel.Name] = true
			}
			return true
		})
	}
	return names
}

// unreadKeys are the keys below a type whose fields nobody selects.
func unreadKeys(in reflect.Type, path string, selected map[string]bool) []string {
	for in.Kind() == reflect.Pointer || in.Kind() == reflect.Slice {
		in = in.Elem()
	}
	if in.Kind() != reflect.Struct {
		return nil
	}
	var unread []string
	for i := range in.NumField() {
		key, _, _ := strings.Cut(in.Field(i).Tag.Get("yaml"), ",")
		if key == "" || key == "-" {
			continue
		}
		at := strings.TrimPrefix(path+"."+key, ".")
		if !selected[in.Field(i).Name] {
			unread = append(unread, at)
			continue
		}
		unread = append(unread, unreadKeys(in.Field(i).Type, at, selected)...)
	}
	return unread
}
