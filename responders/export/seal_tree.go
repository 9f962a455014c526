package export

import (
	"encoding/xml"
	"fmt"
	"strings"

	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// write puts the structure tree into the file (ISO 32000-2, 14.7) and tells each
// page which elements its pieces belong to. Neither of our two libraries writes
// one; it is what makes the file readable to somebody who listens to it.
func (t *tree) write(ctx *model.Context, pages []types.IndirectRef) (*types.IndirectRef, error) {
	top := types.Dict{"Type": types.Name("StructTreeRoot")}
	root, err := ctx.IndRefForNewObject(top)
	if err != nil {
		return nil, err
	}
	w := treeWriter{ctx: ctx, shared: map[any]types.Object{}}
	// All elements first, as parents and children refer to each other.
	dicts := make([]types.Dict, len(t.nodes))
	refs := make([]types.Object, len(t.nodes))
	for i := range t.nodes {
		dicts[i] = types.Dict{}
		ref, err := ctx.IndRefForNewObject(dicts[i])
		if err != nil {
			return nil, err
		}
		refs[i] = *ref
	}
	for _, ref := range pages {
		w.pages = append(w.pages, ref)
	}
	owners := make([]types.Array, len(pages))
	for i, count := range t.marks {
		owners[i] = make(types.Array, count)
	}
	for i, n := range t.nodes {
		parent := refs[n.parent]
		if i == 0 {
			parent = *root
		}
		if err := w.element(dicts[i], n, parent, refs); err != nil {
			return nil, err
		}
		for _, k := range n.kids {
			if k.child < 0 {
				owners[k.page-1][k.mark] = refs[i]
			}
		}
	}
	numbers, err := markPages(ctx, pages, owners)
	if err != nil {
		return nil, err
	}
	top["K"] = types.Array{refs[0]}
	top["ParentTree"] = *numbers
	top["ParentTreeNextKey"] = types.Integer(len(pages))
	return root, nil
}

// treeWriter fills in elements. A large answer has a hundred thousand of them, so
// what many of them hold is one object.
type treeWriter struct {
	ctx    *model.Context
	pages  []types.Object
	shared map[any]types.Object
}

func (w *treeWriter) element(d types.Dict, n node, parent types.Object, refs []types.Object) error {
	if w.shared[n.tag] == nil {
		w.shared[n.tag] = types.Name(n.tag)
	}
	d["S"], d["P"] = w.shared[n.tag], parent
	w.kids(d, n, refs)
	if n.scope == scopeNone {
		return nil
	}
	key := [2]any{n.scope, n.span}
	if w.shared[key] == nil {
		ref, err := w.ctx.IndRefForNewObject(n.attributes())
		if err != nil {
			return err
		}
		w.shared[key] = *ref
	}
	d["A"] = w.shared[key]
	return nil
}

func (n node) attributes() types.Dict {
	a := types.Dict{"O": types.Name("Table"), "Scope": types.Name(n.scope)}
	if n.span > 1 {
		a["ColSpan"] = types.Integer(n.span)
	}
	return a
}

// kids lists children and pieces. The page of the first piece is the element's; a
// piece on another page names its own.
func (w *treeWriter) kids(d types.Dict, n node, refs []types.Object) {
	list, page := make(types.Array, 0, len(n.kids)), int32(0)
	for _, k := range n.kids {
		switch {
		case k.child >= 0:
			list = append(list, refs[k.child])
		case page == 0 || k.page == page:
			page = k.page
			list = append(list, types.Integer(k.mark))
		default:
			list = append(list, types.Dict{
				"Type": types.Name("MCR"), "Pg": w.pages[k.page-1], "MCID": types.Integer(k.mark),
			})
		}
	}
	if page > 0 {
		d["Pg"] = w.pages[page-1]
	}
	switch len(list) {
	case 0:
	case 1:
		d["K"] = list[0]
	default:
		d["K"] = list
	}
}

// markPages gives each page its key into the parent tree, which it returns.
func markPages(ctx *model.Context, pages []types.IndirectRef, owners []types.Array) (*types.IndirectRef, error) {
	numbers := types.Array{}
	for i, ref := range pages {
		page, err := ctx.DereferenceDict(ref)
		if err != nil {
			return nil, fmt.Errorf("page %d: %w", i+1, err)
		}
		page["StructParents"] = types.Integer(i)
		page["Tabs"] = types.Name("S")
		list, err := ctx.IndRefForNewObject(owners[i])
		if err != nil {
			return nil, err
		}
		numbers = append(numbers, types.Integer(i), *list)
	}
	return ctx.IndRefForNewObject(types.Dict{"Nums": numbers})
}

// xmp is the metadata packet. It holds no more than the cover of a letter would.
func (s sealing) xmp() []byte {
	esc := func(text string) string {
		var b strings.Builder
		_ = xml.EscapeText(&b, []byte(text)) // a Builder never fails
		return b.String()
	}
	day := s.day.Format("2006-01-02")
	return fmt.Appendf(nil, `<?xpacket begin="`+"\ufeff"+`" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">%s</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>%s</rdf:li></rdf:Seq></dc:creator>
<dc:language><rdf:Bag><rdf:li>%s</rdf:li></rdf:Bag></dc:language>
<xmp:CreateDate>%s</xmp:CreateDate><xmp:ModifyDate>%s</xmp:ModifyDate>
<pdf:Producer>dpobot</pdf:Producer>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>`, esc(s.title), esc(s.author), esc(s.language), day, day)
}
