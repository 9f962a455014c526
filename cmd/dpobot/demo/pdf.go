package demo

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
)

// checkPackage opens the answer as its reader would, and looks at what is in it.
func (s *story) checkPackage(answer received, phrase, ref string, want, never []string) {
	for name, data := range answer.files {
		if filepath.Ext(name) != ".pdf" {
			continue
		}
		_ = os.WriteFile(filepath.Join(s.world.out, name), data, 0o600)
		locked := attached(data, "wrong words that open nothing here") == ""
		s.outcome(locked, "%s does not open without the passphrase", name)
		inside := attached(data, phrase)
		s.outcome(inside != "", "%s opens with the passphrase, and holds the data as JSON and CSV too", name)
		for _, part := range want {
			s.outcome(strings.Contains(inside, part), "%s is in it", part)
		}
		for _, part := range never {
			s.outcome(!strings.Contains(inside, part), "%s, of somebody else, is not in it", part)
		}
	}
	_ = ref
}

// attached is the text of every file attached inside a PDF; "" where it does not open.
func attached(pdf []byte, phrase string) string {
	api.DisableConfigDir()
	conf := model.NewDefaultConfiguration()
	conf.UserPW, conf.OwnerPW = phrase, phrase
	files, err := api.ExtractAttachmentsRaw(bytes.NewReader(pdf), "", nil, conf)
	if err != nil {
		return ""
	}
	var all strings.Builder
	for _, f := range files {
		data, err := io.ReadAll(f)
		if err != nil {
			return ""
		}
		all.Write(data)
	}
	return all.String()
}
