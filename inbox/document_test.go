package inbox

import (
	"strings"
	"testing"

	"dpobot/inbox/reading"
)

// ooxml is as much of an office document as tells its kind.
func ooxml(parts ...string) string {
	return "PK\x03\x04\x14\x00\x06\x00[Content_Types].xml" + strings.Join(parts, "PK\x03\x04")
}

func TestDocumentKinds(t *testing.T) {
	tests := []struct{ name, data, media, called string }{
		{"report.pdf", "%PDF-1.7\n", "application/pdf", "report.pdf"},
		{"report", "%PDF-1.7\n", "application/pdf", "report.pdf"},
		{"report.exe", "%PDF-1.7\n", "application/pdf", "report.exe.pdf"},
		{"photo.JPG", "\xff\xd8\xff\xe0", "image/jpeg", "photo.JPG"},
		{"scan.tiff", "II*\x00rest", "image/tiff", "scan.tiff"},
		{"IMG_1.HEIC", "\x00\x00\x00\x18ftypheic\x00\x00", "image/heic", "IMG_1.HEIC"},
		{"list.csv", "Nimi;Osoite\nMatti;Katu 1\n", "text/plain", "list.csv"},
		{"vanha.txt", "K\xe4yt\xf6ss\xe4\r\n", "text/plain", "vanha.txt"},
		{"letter.docx", ooxml("word/document.xml"), "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "letter.docx"},
		{"sheet.xlsx", ooxml("xl/workbook.xml"), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "sheet.xlsx"},
		{"text.odt", "PK\x03\x04" + strings.Repeat("x", 26) + "mimetypeapplication/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.text", "text.odt"},
		{"", "%PDF-1.7\n", "application/pdf", "document.pdf"},

		{"report.pdf", "MZ\x90\x00\x03", "", ""},
		{"report.pdf", "<html><script>", "", ""},
		{"picture.svg", "<svg onload=x>", "", ""},
		{"run.sh", "#!/bin/sh\n", "", ""},
		{"all.zip", "PK\x03\x04stuff", "", ""},
		{"macros.xlsm", ooxml("xl/workbook.xml", "xl/vbaProject.bin"), "", ""},
		{"macros.docx", ooxml("word/document.xml", "word/vbaProject.bin"), "", ""},
		{"book.gz", "\x1f\x8b\x08\x00", "", ""},
		{"mail.msg", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "", ""},
		{"letter.rtf", "{\\rtf1 x}", "", ""},
		{"empty.pdf", "", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name+" "+tt.media, func(t *testing.T) {
			files, trouble := documents(reading.Mail{Attachments: []reading.Attachment{{Name: tt.name, Data: []byte(tt.data), Size: int64(len(tt.data))}}})
			if tt.media == "" {
				if trouble != UntakenType || files != nil {
					t.Errorf("got %v, %q; want %q", files, trouble, UntakenType)
				}
				return
			}
			if trouble != "" || len(files) != 1 || files[0].Type != tt.media || files[0].Name != tt.called {
				t.Fatalf("got %v, %q; want %s as %s", files, trouble, tt.called, tt.media)
			}
		})
	}
}

// A mail that was not read whole may end in the middle of a document.
func TestNoDocumentOfHalfAMail(t *testing.T) {
	pdf := reading.Attachment{Name: "a.pdf", Data: []byte("%PDF-1.7"), Size: 8}
	if files, trouble := documents(reading.Mail{Attachments: []reading.Attachment{pdf}, Problem: reading.ProblemTooLarge}); files != nil || trouble != UntakenLarge {
		t.Errorf("got %d files, %q; want none, %q", len(files), trouble, UntakenLarge)
	}
}

// One document that cannot be taken keeps out the others: half an answer would be a wrong one.
func TestDocumentsAllOrNone(t *testing.T) {
	pdf := reading.Attachment{Name: "a.pdf", Data: []byte("%PDF-1.7"), Size: 8}
	tests := []struct {
		name    string
		with    reading.Attachment
		trouble string
		files   int
	}{
		{"a cut one", reading.Attachment{Name: "b.pdf", Data: []byte("%PDF-1.7"), Size: 8, Cut: true}, UntakenLarge, 0},
		{"one that was not kept", reading.Attachment{Name: "b.pdf", Size: 1 << 30}, UntakenLarge, 0},
		{"a program", reading.Attachment{Name: "b.pdf", Data: []byte("MZ"), Size: 2}, UntakenType, 0},
		{"a logo", reading.Attachment{Name: "image001.png", Data: []byte("\x89PNG\r\n\x1a\n"), Size: 8, Shown: true}, "", 1},
		{"a business card", reading.Attachment{Name: "aino.vcf", Type: "text/vcard", Data: []byte("BEGIN:VCARD"), Size: 11}, "", 1},
		{"another", reading.Attachment{Name: "b.pdf", Data: []byte("%PDF-1.4"), Size: 8}, "", 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			files, trouble := documents(reading.Mail{Attachments: []reading.Attachment{pdf, tt.with}})
			if len(files) != tt.files || trouble != tt.trouble {
				t.Errorf("got %d files, %q; want %d, %q", len(files), trouble, tt.files, tt.trouble)
			}
		})
	}
}
