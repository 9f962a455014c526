package export

// tag is a standard structure type of PDF (ISO 32000-2, 14.8.4), which tells a
// screen reader what a piece of the page is.
type tag string

const (
	tagDocument tag = "Document"
	tagSection  tag = "Sect"
	tagH1       tag = "H1"
	tagH2       tag = "H2"
	tagH3       tag = "H3"
	tagPara     tag = "P"
	tagList     tag = "L"
	tagItem     tag = "LI"
	tagLabel    tag = "Lbl"
	tagBody     tag = "LBody"
	tagTable    tag = "Table"
	tagRow      tag = "TR"
	tagHead     tag = "TH"
	tagCell     tag = "TD"
)

// scope says which cells a table's head cell is the head of.
type scope string

const (
	scopeNone   scope = ""
	scopeRow    scope = "Row"    // the label at the left
	scopeColumn scope = "Column" // the title above
)

// node is one element of the structure tree. Nodes are many (three for each value),
// so they are small and refer to each other by number.
type node struct {
	tag    tag
	scope  scope
	span   int8  // columns that the cell takes, if more than one
	parent int32 // index into tree.nodes; the root is its own parent
	kids   []kid
}

// kid is either a child element or a piece of a page.
type kid struct {
	child int32 // index into tree.nodes, or -1
	page  int32 // 1-based
	mark  int32 // marked content identifier on that page
}

// tree grows while the pages are drawn, in reading order.
type tree struct {
	nodes []node
	open  int32
	marks []int32 // pieces so far, by page - 1
}

func newTree() *tree {
	return &tree{nodes: []node{{tag: tagDocument}}}
}

// begin opens an element inside the open one.
func (t *tree) begin(n node) {
	n.parent = t.open
	id := int32(len(t.nodes))
	t.nodes = append(t.nodes, n)
	t.nodes[t.open].kids = append(t.nodes[t.open].kids, kid{child: id})
	t.open = id
}

// end closes the open element.
func (t *tree) end() { t.open = t.nodes[t.open].parent }

// within draws body inside an element of its own.
func (t *tree) within(n node, body func()) {
	t.begin(n)
	body()
	t.end()
}

// piece gives the open element the next piece of a page and returns its identifier.
func (t *tree) piece(page int) int {
	for len(t.marks) < page {
		t.marks = append(t.marks, 0)
	}
	mark := t.marks[page-1]
	t.marks[page-1]++
	t.nodes[t.open].kids = append(t.nodes[t.open].kids, kid{child: -1, page: int32(page), mark: mark})
	return int(mark)
}
