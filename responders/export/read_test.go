package export

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// phrase opens all PDFs of the tests.
const phrase = "aalto-kala-metso-norsu-suo-tuuli"

// build makes the parts or ends the test.
func build(t testing.TB, p Package, lim Limits) []Part {
	t.Helper()
	parts, err := Build(context.Background(), p, phrase, lim)
	if err != nil {
		t.Fatalf("build: %v", err)
	}
	return parts
}

// reading is a finished file as a reader with the passphrase sees it, in pure Go.
type reading struct {
	t     testing.TB
	ctx   *model.Context
	root  types.Dict
	pages []types.IndirectRef
	marks []map[int]string // by page: the text of each marked piece
	loose []string         // text outside of any mark
}

func read(t testing.TB, data []byte) *reading {
	t.Helper()
	noConfigDir()
	conf := model.NewDefaultConfiguration()
	conf.Cmd = model.VALIDATE
	conf.UserPW = phrase
	ctx, err := api.ReadAndValidate(bytes.NewReader(data), conf)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	r := &reading{t: t, ctx: ctx}
	if r.root, err = ctx.Catalog(); err != nil {
		t.Fatalf("catalog: %v", err)
	}
	if r.pages, err = pageRefs(ctx, r.root); err != nil {
		t.Fatalf("pages: %v", err)
	}
	for _, ref := range r.pages {
		r.readPage(ref)
	}
	return r
}

func (r *reading) dict(o types.Object) types.Dict {
	r.t.Helper()
	d, err := r.ctx.DereferenceDict(o)
	if err != nil {
		r.t.Fatalf("read an object: %v", err)
	}
	return d
}

func (r *reading) array(o types.Object) types.Array {
	r.t.Helper()
	a, err := r.ctx.DereferenceArray(o)
	if err != nil {
		r.t.Fatalf("read a list: %v", err)
	}
	return a
}

var operator = regexp.MustCompile(`(?s)/\w+ <</MCID (\d+)>> BDC|/Artifact BMC|EMC|\(((?:\\.|[^\\)])*)\) Tj`)

// readPage collects what the page shows, by marked piece.
func (r *reading) readPage(ref types.IndirectRef) {
	r.t.Helper()
	content, err := r.ctx.PageContent(r.dict(ref), 1)
	if err != nil {
		r.t.Fatalf("page content: %v", err)
	}
	const none, artifact = -1, -2
	marks, mark := map[int]string{}, none
	for _, m := range operator.FindAllSubmatch(content, -1) {
		switch {
		case m[1] != nil:
			mark, _ = strconv.Atoi(string(m[1]))
			marks[mark] += ""
		case bytes.HasPrefix(m[0], []byte("/Artifact")):
			mark = artifact
		case string(m[0]) == "EMC":
			mark = none
		case mark == none:
			r.loose = append(r.loose, shownText(m[2]))
		case mark >= 0:
			if marks[mark] != "" {
				marks[mark] += "|"
			}
			marks[mark] += shownText(m[2])
		}
	}
	r.marks = append(r.marks, marks)
}

// shownText decodes a string of our page streams: UTF-16 with escapes.
func shownText(raw []byte) string {
	var b []byte
	for i := 0; i < len(raw); i++ {
		if raw[i] == '\\' && i+1 < len(raw) {
			i++
			if raw[i] == 'r' {
				b = append(b, '\r')
				continue
			}
		}
		b = append(b, raw[i])
	}
	units := make([]uint16, len(b)/2)
	for i := range units {
		units[i] = uint16(b[2*i])<<8 | uint16(b[2*i+1])
	}
	return string(utf16.Decode(units))
}

// outline is the document as a screen reader walks it: element by element, with the
// text that each one holds.
func (r *reading) outline() string {
	r.t.Helper()
	var b strings.Builder
	top := r.dict(r.root["StructTreeRoot"])
	for _, k := range r.kids(top["K"]) {
		r.walk(&b, k, 0)
	}
	return b.String()
}

func (r *reading) kids(o types.Object) []types.Object {
	o, err := r.ctx.Dereference(o)
	if err != nil {
		r.t.Fatalf("read an element: %v", err)
	}
	if list, ok := o.(types.Array); ok {
		return list
	}
	return []types.Object{o}
}

func (r *reading) walk(b *strings.Builder, o types.Object, depth int) {
	d := r.dict(o)
	var texts []string
	var children []types.Object
	if d["K"] != nil {
		for _, k := range r.kids(d["K"]) {
			page, k := d["Pg"], k
			if mcr, ok := k.(types.Dict); ok && mcr["MCID"] != nil {
				page, k = mcr["Pg"], mcr["MCID"]
			}
			if mark, ok := k.(types.Integer); ok {
				texts = append(texts, r.take(page, int(mark)))
				continue
			}
			children = append(children, k)
		}
	}
	scope := ""
	if d["A"] != nil {
		scope = ":" + r.dict(d["A"])["Scope"].(types.Name).Value()
	}
	fmt.Fprintf(b, "%s%s%s %s\n", strings.Repeat("  ", depth), d["S"].(types.Name).Value(), scope, strings.Join(texts, " // "))
	for _, k := range children {
		r.walk(b, k, depth+1)
	}
}

// take returns the text of a piece and strikes it off: each belongs to one element.
func (r *reading) take(page types.Object, mark int) string {
	r.t.Helper()
	for i, ref := range r.pages {
		if ref == page {
			text, ok := r.marks[i][mark]
			if !ok {
				r.t.Errorf("page %d: piece %d is missing, or two elements hold it", i+1, mark)
			}
			delete(r.marks[i], mark)
			return text
		}
	}
	r.t.Errorf("piece %d is on no page", mark)
	return ""
}

// attachments returns the files inside, by name.
func (r *reading) attachments() map[string][]byte {
	r.t.Helper()
	files := map[string][]byte{}
	names := r.array(r.dict(r.dict(r.root["Names"])["EmbeddedFiles"])["Names"])
	for i := 1; i < len(names); i += 2 {
		spec := r.dict(names[i])
		name, err := r.ctx.DereferenceStringOrHexLiteral(spec["UF"], model.V10, nil)
		if err != nil {
			r.t.Fatalf("attachment name: %v", err)
		}
		stream, _, err := r.ctx.DereferenceStreamDict(r.dict(spec["EF"])["F"])
		if err != nil || stream == nil {
			r.t.Fatalf("attachment: %v", err)
		}
		if err := stream.Decode(); err != nil {
			r.t.Fatalf("attachment: %v", err)
		}
		data, err := io.ReadAll(bytes.NewReader(stream.Content))
		if err != nil {
			r.t.Fatalf("attachment: %v", err)
		}
		files[name] = data
	}
	return files
}
