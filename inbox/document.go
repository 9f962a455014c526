package inbox

import (
	"bytes"
	"net/http"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"dpobot/inbox/reading"
	"dpobot/workflow"
)

// Why documents are not taken. The mail to the keeper explains it.
const (
	UntakenType  = "file-type"  // of a kind that is not passed on
	UntakenLarge = "file-large" // larger than is kept
)

// documentBytes bounds what is kept of the documents of one mail.
const documentBytes = 20 << 20

// kind is a kind of document that is passed on, and the endings of its names, the usual one first.
type documentKind struct {
	media   string
	endings []string
}

// documentKinds are what people keep records in and what every reader opens as data, not as a program: no archives,
// no web pages, nothing with macros.
var documentKinds = [...]documentKind{
	{"application/pdf", []string{".pdf"}},
	{"image/png", []string{".png"}},
	{"image/jpeg", []string{".jpg", ".jpeg"}},
	{"image/tiff", []string{".tif", ".tiff"}},
	{"image/heic", []string{".heic", ".heif"}},
	{"text/plain", []string{".txt", ".csv"}},
	{"application/vnd.openxmlformats-officedocument.wordprocessingml.document", []string{".docx"}},
	{"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", []string{".xlsx"}},
	{"application/vnd.oasis.opendocument.text", []string{".odt"}},
	{"application/vnd.oasis.opendocument.spreadsheet", []string{".ods"}},
}

// documents are the files of a mail that a person is meant to get, and why one of them cannot be taken: then none is.
// Logos that the text shows, business cards and signatures are no documents.
func documents(mail reading.Mail) (files []workflow.Document, trouble string) {
	for _, a := range mail.Attachments {
		if a.Shown || besideTheMatter(a.Type) {
			continue
		}
		kind, known := kindOf(a.Data)
		switch {
		case a.Cut || int64(len(a.Data)) != a.Size || mail.Problem != "": // what was not read whole may be half a document
			return nil, UntakenLarge
		case !known:
			return nil, UntakenType
		}
		files = append(files, workflow.Document{Name: kind.name(a.Name), Type: kind.media, Data: a.Data})
	}
	return files, ""
}

// besideTheMatter lists what mail programs hang on by themselves.
func besideTheMatter(claimed string) bool {
	switch claimed {
	case "text/vcard", "text/x-vcard", "application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature", "application/pgp-keys", "text/calendar":
		return true
	}
	return false
}

// kindOf tells the kind of a document by its content alone: what the mail says of it is whoever's word. Nothing is
// unpacked, so nothing can swell.
func kindOf(data []byte) (documentKind, bool) {
	media := ""
	switch {
	case bytes.HasPrefix(data, []byte("II*\x00")), bytes.HasPrefix(data, []byte("MM\x00*")):
		media = "image/tiff"
	case len(data) > 12 && string(data[4:8]) == "ftyp" && slices.Contains([]string{"heic", "heix", "mif1", "msf1"}, string(data[8:12])):
		media = "image/heic"
	case bytes.HasPrefix(data, []byte("PK\x03\x04")):
		media = officeKind(data)
	default:
		media, _, _ = strings.Cut(http.DetectContentType(data), ";") // takes a byte that no text holds for binary
		if media == "text/plain" && !isPlainText(data) {
			media = ""
		}
	}
	for _, k := range documentKinds {
		if k.media == media && len(data) > 0 {
			return k, true
		}
	}
	return documentKind{}, false
}

// officeKind tells office documents from other archives, by the names of the parts as they stand in the archive.
func officeKind(data []byte) string {
	has := func(name string) bool { return bytes.Contains(data, []byte(name)) }
	switch {
	case has("vbaProject.bin"), has("Basic/script-lc.xml"), has("Scripts/"), has("EncryptedPackage"):
		return "" // macros
	case bytes.HasPrefix(data[min(len(data), 30):], []byte("mimetypeapplication/vnd.oasis.opendocument.text")):
		return "application/vnd.oasis.opendocument.text"
	case bytes.HasPrefix(data[min(len(data), 30):], []byte("mimetypeapplication/vnd.oasis.opendocument.spreadsheet")):
		return "application/vnd.oasis.opendocument.spreadsheet"
	case !has("[Content_Types].xml"):
		return ""
	case has("word/document.xml"):
		return "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	case has("xl/workbook.xml"):
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	}
	return ""
}

// isPlainText tells text from markup and scripts that a double click would run. Older programs write Windows-1252.
func isPlainText(data []byte) bool {
	start := bytes.ToLower(bytes.TrimSpace(data[:min(len(data), 512)]))
	for _, mark := range []string{"<", "#!", "{\\rtf", "mz"} {
		if bytes.HasPrefix(start, []byte(mark)) {
			return false
		}
	}
	return !bytes.ContainsRune(data, 0)
}

// name is the document's own if its ending fits what it is, else with one that does.
func (k documentKind) name(given string) string {
	ending := strings.ToLower(path.Ext(given))
	if !utf8.ValidString(given) || strings.Trim(given, ". ") == "" {
		return "document" + k.endings[0]
	}
	if slices.Contains(k.endings, ending) {
		return given
	}
	return given + k.endings[0]
}
