package config

import (
	"bytes"
	"errors"
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// Bounds on a document, looked at before each step of the reader: its parser
// calls itself for each level and takes the square of the keys of one mapping,
// its lexer the square of the empty lines in a row and of the tabs in a text.
const (
	maxDepth  = 64
	maxTokens = 200_000
	maxKeys   = 10_000
	maxBlank  = 200
	maxTabs   = 1000
)

// parse reads one YAML document. The reader is goccy's, for its positions; its
// own decoder stops at the first fault and its messages quote the line, so
// neither is used.
func parse(src []byte) (*node, Faults) {
	src = bytes.ReplaceAll(bytes.ReplaceAll(src, []byte("\r\n"), []byte("\n")), []byte("\r"), []byte("\n"))
	if line := blankLines(src); line > 0 {
		return nil, Faults{{Line: line, What: fmt.Sprintf("more than %d empty lines in a row begin", maxBlank), Mend: "remove them"}}
	}
	if bytes.Count(src, []byte("\t")) > maxTabs {
		return nil, Faults{{What: fmt.Sprintf("has more than %d tabs", maxTabs), Mend: "write blanks in their place"}}
	}
	tokens := lexer.Tokenize(string(src))
	if fault := bounds(tokens); fault != nil {
		return nil, Faults{*fault}
	}
	file, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		return nil, Faults{syntaxFault(err)}
	}
	t := &tree{anchors: map[string]*node{}}
	var docs []ast.Node
	for _, doc := range file.Docs {
		if doc.Body != nil && doc.Body.Type() != ast.DirectiveType {
			docs = append(docs, doc.Body)
		}
	}
	if len(docs) == 0 {
		return nil, Faults{{Line: 1, What: "is empty", Mend: "dpobot init writes a configuration to start from"}}
	}
	root := t.node(docs[0], 0)
	if len(docs) > 1 {
		t.fault(place(docs[1]), "", "a second document begins", "keep everything in one document: remove the line ---")
	}
	if root.kind != mapping && len(t.faults) == 0 {
		t.fault(root.at, "", "is not a list of keys", "begin with controller:, as the output of dpobot init does")
	}
	return root, t.faults
}

// blankLines is the first line of a long run of lines without a character, or 0.
func blankLines(src []byte) int {
	line, run := 0, 0
	for text := range bytes.Lines(src) {
		line++
		if run++; len(bytes.TrimSpace(text)) > 0 {
			run = 0
		}
		if run > maxBlank {
			return line - maxBlank
		}
	}
	return 0
}

// bounds refuses what would make the parser recurse too deeply.
func bounds(tokens token.Tokens) *Fault {
	flow, line, onLine, indents, keys := 0, 0, 0, 0, 0
	for _, t := range tokens {
		if t.Position.Line != line {
			line, onLine = t.Position.Line, 0
		}
		switch t.Type {
		case token.SequenceStartType, token.MappingStartType:
			flow++
		case token.SequenceEndType, token.MappingEndType:
			flow--
		case token.SequenceEntryType, token.MappingKeyType, token.AnchorType, token.TagType:
			onLine++
		case token.MappingValueType:
			keys++
		}
		if keys > maxKeys || len(tokens) > maxTokens {
			return &Fault{What: "has more parts than a configuration can need", Mend: "name the right file"}
		}
		indents = max(indents, t.Position.IndentLevel)
		if flow > maxDepth || indents > maxDepth || flow == 0 && onLine > maxDepth {
			return &Fault{Line: t.Position.Line, Column: t.Position.Column, What: "is nested too deeply", Mend: "see the output of dpobot init for the shape of a configuration"}
		}
	}
	return nil
}

// syntaxFault gives the place and the parser's reason, but not the line that it quotes.
func syntaxFault(err error) Fault {
	f := Fault{What: "is not YAML", Mend: "look at the colons, the quotes and the indentation (blanks, no tabs) there and just above"}
	var syntax *yaml.SyntaxError
	if !errors.As(err, &syntax) {
		return f
	}
	if t := syntax.GetToken(); t != nil && t.Position != nil {
		f.Line, f.Column = t.Position.Line, t.Position.Column
	}
	reason := syntax.GetMessage()
	if !strings.ContainsAny(reason, "\"`\n") {
		f.What = "is not YAML: " + reason
	}
	if strings.ContainsAny(reason, "}]") {
		f.Mend = "look at the brackets there; between { } and [ ] a text that holds , { } [ ] or ${NAME} stands in quotes"
	}
	return f
}
