package export

import (
	"bytes"
	"compress/zlib"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
	"unicode/utf16"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"
)

// noConfigDir keeps the PDF library from writing a folder into the user's home.
var noConfigDir = sync.OnceFunc(api.DisableConfigDir)

// sealing is what the finished file has beside its pages.
type sealing struct {
	language string
	title    string
	author   string
	day      time.Time
	tree     *tree
	files    []attachment
}

// attachment is a file inside the PDF.
type attachment struct {
	name, mime, about string
	data              []byte
	relation          string // Data or Supplement, as ISO 32000-2 table 43 names them
}

// seal takes plain pages and returns them tagged, titled, with the files attached
// and encrypted with AES-256, so that any reader asks for the passphrase.
func seal(pages []byte, s sealing, passphrase string) ([]byte, error) {
	noConfigDir()
	// Only a file that says PDF 2.0 gets revision 6 of the encryption, the one that
	// stretches the passphrase (ISO 32000-2, 7.6.4.3.4); revision 5 hashes it once.
	pages = append([]byte("%PDF-2.0"), pages[len("%PDF-2.0"):]...)

	conf := model.NewDefaultConfiguration()
	conf.Cmd = model.ENCRYPT
	conf.EncryptUsingAES, conf.EncryptKeyLength = true, 256
	conf.UserPW = passphrase
	conf.OwnerPW = rand.Text() // nobody needs it: it grants no more than the passphrase does
	conf.Permissions = model.PermissionsAll
	conf.Optimize, conf.OptimizeBeforeWriting = false, false
	conf.WriteObjectStream, conf.WriteXRefStream = true, true

	ctx, err := api.ReadAndValidate(bytes.NewReader(pages), conf)
	if err != nil {
		return nil, fmt.Errorf("read pages: %w", err)
	}
	if err := s.apply(ctx); err != nil {
		return nil, fmt.Errorf("tag and attach: %w", err)
	}
	// The library writes objects one by one, uncompressed, when it encrypts a file that
	// came so; the structure tree alone would be ten times as heavy.
	ctx.Read.UsingXRefStreams = true
	var out bytes.Buffer
	if err := api.WriteContext(ctx, &out); err != nil {
		return nil, fmt.Errorf("encrypt: %w", err)
	}
	return out.Bytes(), nil
}

func (s sealing) apply(ctx *model.Context) error {
	root, err := ctx.Catalog()
	if err != nil {
		return err
	}
	pages, err := pageRefs(ctx, root)
	if err != nil {
		return err
	}
	structure, err := s.tree.write(ctx, pages)
	if err != nil {
		return fmt.Errorf("structure tree: %w", err)
	}
	root["StructTreeRoot"] = *structure
	root["MarkInfo"] = types.Dict{"Marked": types.Boolean(true)}
	root["Lang"] = types.StringLiteral(s.language)
	root["ViewerPreferences"] = types.Dict{"DisplayDocTitle": types.Boolean(true)}
	// One column to scroll through, the table of contents closed: a telephone's way.
	root["PageLayout"] = types.Name("OneColumn")
	root["PageMode"] = types.Name("UseNone")
	nameFonts(ctx)
	if err := packPages(ctx, pages); err != nil {
		return fmt.Errorf("compress pages: %w", err)
	}
	if err := s.describe(ctx, root); err != nil {
		return fmt.Errorf("title: %w", err)
	}
	return s.attach(ctx, root)
}

// pageRefs lists the pages in order; our writer makes a flat page tree.
func pageRefs(ctx *model.Context, root types.Dict) ([]types.IndirectRef, error) {
	node, err := ctx.DereferenceDict(root["Pages"])
	if err != nil {
		return nil, fmt.Errorf("page tree: %w", err)
	}
	kids := node.ArrayEntry("Kids")
	refs := make([]types.IndirectRef, 0, len(kids))
	for _, k := range kids {
		ref, ok := k.(types.IndirectRef)
		if !ok {
			return nil, fmt.Errorf("page tree: a page is no reference")
		}
		refs = append(refs, ref)
	}
	return refs, nil
}

// packPages compresses what the pages show. Our writer could, but takes a new compressor
// of most of a megabyte for each of a thousand pages; this is one for all.
func packPages(ctx *model.Context, pages []types.IndirectRef) error {
	var buf bytes.Buffer
	zip := zlib.NewWriter(&buf)
	for i, ref := range pages {
		page, err := ctx.DereferenceDict(ref)
		if err != nil {
			return fmt.Errorf("page %d: %w", i+1, err)
		}
		entry, ok := ctx.FindTableEntryForIndRef(page.IndirectRefEntry("Contents"))
		if !ok {
			return fmt.Errorf("page %d has no content", i+1)
		}
		stream, ok := entry.Object.(types.StreamDict)
		if !ok || stream.FilterPipeline != nil {
			return fmt.Errorf("page %d: content is not as written", i+1)
		}
		buf.Reset()
		zip.Reset(&buf)
		_, err = zip.Write(stream.Raw)
		if err = errors.Join(err, zip.Close()); err != nil {
			return err
		}
		stream.Raw, stream.Content = bytes.Clone(buf.Bytes()), nil
		length := int64(len(stream.Raw))
		stream.StreamLength = &length
		stream.Update("Length", types.Integer(length))
		stream.InsertName("Filter", "FlateDecode")
		stream.FilterPipeline = []types.PDFFilter{{Name: "FlateDecode"}}
		entry.Object = stream
	}
	return nil
}

// nameFonts gives the fonts the names they have, with the mark of a subset (9.9.2);
// our writer names them after the family we chose.
func nameFonts(ctx *model.Context) {
	names := map[string]types.Name{
		"utf8body":  "DPOBOA+DejaVuSansCondensed",
		"utf8bodyB": "DPOBOB+DejaVuSansCondensed-Bold",
	}
	for _, entry := range ctx.Table {
		d, ok := entry.Object.(types.Dict)
		if !ok {
			continue
		}
		for _, key := range []string{"BaseFont", "FontName"} {
			if name := d.NameEntry(key); name != nil && names[*name] != "" {
				d[key] = names[*name]
			}
		}
	}
}

// describe writes title, author and language where readers look: the XMP metadata,
// which PDF 2.0 wants, and the older document information.
func (s sealing) describe(ctx *model.Context, root types.Dict) error {
	xmp, err := ctx.NewStreamDictForBuf(s.xmp())
	if err != nil {
		return err
	}
	xmp.InsertName("Type", "Metadata")
	xmp.InsertName("Subtype", "XML")
	if err := xmp.Encode(); err != nil {
		return err
	}
	ref, err := ctx.IndRefForNewObject(*xmp)
	if err != nil {
		return err
	}
	root["Metadata"] = *ref

	info := types.Dict{}
	date := types.StringLiteral(types.DateString(s.day))
	info["CreationDate"], info["ModDate"] = date, date
	for key, text := range map[string]string{"Title": s.title, "Author": s.author, "Producer": "dpobot"} {
		if info[key], err = pdfText(text); err != nil {
			return err
		}
	}
	ctx.Info, err = ctx.IndRefForNewObject(info)
	return err
}

// attach embeds the files and lists them for the reader's attachment panel, in a
// name tree, which is sorted by the bytes of its keys (7.9.6). The keys are the names, as
// some tools show those.
func (s sealing) attach(ctx *model.Context, root types.Dict) error {
	files := slices.Clone(s.files)
	slices.SortFunc(files, func(a, b attachment) int { return bytes.Compare(nameKey(a.name), nameKey(b.name)) })
	names := types.Array{}
	for n, f := range files {
		ref, err := f.write(ctx, s.day)
		if err != nil {
			return fmt.Errorf("attachment %d: %w", n+1, err)
		}
		key, err := types.Escape(string(nameKey(f.name)))
		if err != nil {
			return fmt.Errorf("attachment %d: %w", n+1, err)
		}
		names = append(names, types.StringLiteral(*key), *ref)
	}
	tree, err := ctx.IndRefForNewObject(types.Dict{"Names": names})
	if err != nil {
		return err
	}
	ctx.Names = nil // what was read from the pages, which have none
	root["Names"] = types.Dict{"EmbeddedFiles": *tree}
	return nil
}

// nameKey is a name as a text string (7.9.2.2): ASCII as it is, else UTF-16 with its mark.
func nameKey(name string) []byte {
	key := []byte{0xFE, 0xFF}
	ascii := true
	for _, unit := range utf16.Encode([]rune(name)) {
		key = binary.BigEndian.AppendUint16(key, unit)
		ascii = ascii && unit >= ' ' && unit <= '~'
	}
	if ascii {
		return []byte(name)
	}
	return key
}

func (f attachment) write(ctx *model.Context, day time.Time) (*types.IndirectRef, error) {
	stream, err := ctx.NewStreamDictForBuf(f.data)
	if err != nil {
		return nil, err
	}
	stream.InsertName("Type", "EmbeddedFile")
	stream.InsertName("Subtype", f.mime)
	stream.Insert("Params", types.Dict{
		"Size":    types.Integer(len(f.data)),
		"ModDate": types.StringLiteral(types.DateString(day)),
	})
	if err := stream.Encode(); err != nil {
		return nil, err
	}
	content, err := ctx.IndRefForNewObject(*stream)
	if err != nil {
		return nil, err
	}
	name, err := pdfText(f.name)
	if err != nil {
		return nil, err
	}
	about, err := pdfText(f.about)
	if err != nil {
		return nil, err
	}
	return ctx.IndRefForNewObject(types.Dict{
		"Type": types.Name("Filespec"), "F": name, "UF": name, "Desc": about,
		"AFRelationship": types.Name(f.relation),
		"EF":             types.Dict{"F": *content, "UF": *content},
	})
}

// pdfText encodes a text string (7.9.2.2).
func pdfText(text string) (types.StringLiteral, error) {
	s, err := types.EscapedUTF16String(text)
	if err != nil {
		return "", fmt.Errorf("encode a text: %w", err)
	}
	return types.StringLiteral(*s), nil
}
