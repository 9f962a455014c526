package export

import (
	"embed"
	"encoding/binary"
	"sync"
)

// DejaVu Sans Condensed covers Latin, Greek, Cyrillic, Hebrew, Arabic and much else, and
// its licence (fonts/LICENSE) lets us embed it. The PDF holds only the glyphs in use.
//
//go:embed fonts/DejaVuSansCondensed.ttf fonts/DejaVuSansCondensed-Bold.ttf
var fontFiles embed.FS

// weight is one of the two faces we print with.
type weight string

const (
	regular weight = ""  // running text and values
	bold    weight = "B" // headings and labels
)

// fontFile returns the TrueType file of the face.
func fontFile(w weight) []byte {
	name := "fonts/DejaVuSansCondensed.ttf"
	if w == bold {
		name = "fonts/DejaVuSansCondensed-Bold.ttf"
	}
	data, err := fontFiles.ReadFile(name)
	if err != nil {
		panic(err) // embedded: cannot be absent
	}
	return data
}

// coverage has a bit for each character of the basic plane that a face can draw.
type coverage [65536 / 64]uint64

func (c *coverage) has(r rune) bool {
	return r >= 0 && r < 65536 && c[r/64]&(1<<(r%64)) != 0
}

// covered is what both faces can draw.
var covered = sync.OnceValue(func() *coverage {
	a, b := readCoverage(fontFile(regular)), readCoverage(fontFile(bold))
	for i := range a {
		a[i] &= b[i]
	}
	return a
})

// readCoverage reads the Windows Unicode map (OpenType, cmap format 4). Our PDF
// writer reads the same one but does not tell what it found, and it would draw a
// missing character as an empty box that nobody can read back.
func readCoverage(ttf []byte) *coverage {
	u16 := func(at int) int { return int(binary.BigEndian.Uint16(ttf[at:])) }
	u32 := func(at int) int { return int(binary.BigEndian.Uint32(ttf[at:])) }
	cmap := 0
	for i := range u16(4) {
		if at := 12 + 16*i; string(ttf[at:at+4]) == "cmap" {
			cmap = u32(at + 8)
		}
	}
	sub := 0
	for i := range u16(cmap + 2) {
		if at := cmap + 4 + 8*i; u16(at) == 3 && u16(at+2) == 1 {
			sub = cmap + u32(at+4)
		}
	}
	var c coverage
	segments := u16(sub+6) / 2
	ends := sub + 14
	starts := ends + 2*segments + 2
	deltas := starts + 2*segments
	offsets := deltas + 2*segments
	for s := range segments {
		end, start, delta, offset := u16(ends+2*s), u16(starts+2*s), u16(deltas+2*s), u16(offsets+2*s)
		for r := start; r <= end && r != 0xFFFF; r++ {
			glyph := r
			if offset != 0 {
				glyph = u16(offsets + 2*s + offset + 2*(r-start))
			}
			if (offset != 0 && glyph == 0) || (glyph+delta)&0xFFFF == 0 {
				continue
			}
			c[r/64] |= 1 << (r % 64)
		}
	}
	return &c
}
