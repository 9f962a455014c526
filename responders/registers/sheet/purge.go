package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"dpobot/responders/registers"
)

const textTable = "xl/sharedStrings.xml"

// purge empties the entries of a workbook's table of texts that no cell refers to. excelize never does, so that an erased name
// would stay in the file for whoever unzips it. (ECMA-376 Part 1, 18.4)
func purge(book []byte) ([]byte, error) {
	in, err := zip.NewReader(bytes.NewReader(book), int64(len(book)))
	if err != nil {
		return nil, broken("its archive")
	}
	used := map[int]bool{}
	for _, part := range in.File {
		if !strings.HasPrefix(part.Name, "xl/worksheets/") || !strings.HasSuffix(part.Name, ".xml") {
			continue
		}
		if err := texts(part, used); err != nil {
			return nil, err
		}
	}
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, part := range in.File {
		if part.Name != textTable {
			if err := w.Copy(part); err != nil {
				return nil, broken(part.Name)
			}
			continue
		}
		if err := rewriteTexts(w, part, used); err != nil {
			return nil, err
		}
	}
	if err := w.Close(); err != nil {
		return nil, broken("its archive")
	}
	return out.Bytes(), nil
}

func broken(part string) error {
	return fmt.Errorf("the workbook is broken in %s: %w", part, registers.ErrPermanent)
}

// texts notes which texts the cells of a sheet refer to: <c t="s"><v>12</v></c>.
func texts(part *zip.File, used map[int]bool) error {
	r, err := part.Open()
	if err != nil {
		return broken(part.Name)
	}
	defer r.Close()
	d := xml.NewDecoder(r)
	refers, value := false, false
	for {
		token, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return broken(part.Name)
		}
		switch t := token.(type) {
		case xml.StartElement:
			value = t.Name.Local == "v"
			if t.Name.Local == "c" {
				refers = attribute(t, "t") == "s"
			}
		case xml.CharData:
			if n, err := strconv.Atoi(strings.TrimSpace(string(t))); value && refers && err == nil {
				used[n] = true
			}
		case xml.EndElement:
			value = false
		}
	}
}

func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// rewriteTexts copies the table byte by byte, with an empty text in the place of each that is not used: the others keep their number.
func rewriteTexts(w *zip.Writer, part *zip.File, used map[int]bool) error {
	r, err := part.Open()
	if err != nil {
		return broken(part.Name)
	}
	defer r.Close()
	data, err := io.ReadAll(r)
	if err != nil {
		return broken(part.Name)
	}
	out, err := w.Create(part.Name)
	if err != nil {
		return broken(part.Name)
	}
	d := xml.NewDecoder(bytes.NewReader(data))
	done, begin, n := int64(0), int64(0), 0
	for {
		before := d.InputOffset()
		token, err := d.RawToken()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return broken(part.Name)
		}
		switch t := token.(type) {
		case xml.StartElement:
			if t.Name.Local == "si" {
				begin = before
			}
		case xml.EndElement:
			if t.Name.Local != "si" {
				continue
			}
			if !used[n] {
				if _, err := out.Write(append(data[done:begin:begin], "<si><t></t></si>"...)); err != nil {
					return broken(part.Name)
				}
				done = d.InputOffset()
			}
			n++
		}
	}
	_, err = out.Write(data[done:])
	return err
}
