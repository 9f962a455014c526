package sorting

import (
	"bytes"
	"strings"
	"testing"

	gomessage "github.com/emersion/go-message"
)

// hostile are texts made to be slow, by name; each is repeated to the length asked for.
var hostile = map[string]string{
	"one word":              "x",
	"words of requests":     "delete my data poistakaa tietoni radera mina uppgifter ",
	"no end of a sentence":  "poistakaa tietoni ",
	"many sentences":        "Delete my data. ",
	"open tags":             "<",
	"tags without an end":   "<a ",
	"styles without an end": "<style>",
	"quotes":                "> delete my data\n",
	"wrote lines":           "On 3 March 2025 Anna wrote:\n\n",
	"from lines":            "From: a\n",
	"quotation marks":       "\"",
	"dots and spaces":       ".    ",
	"entities":              "&amp;",
	"half of a phrase":      "what do you have have on what do you ",
	"long compound":         "henkilötietohenkilötieto",
	"apostrophes":           "d'l'd'l'",
	"addresses":             "a@b ",
	"combining marks":       "a\u0301\u0301\u0301",
	"articles":              "Article 17 ",
	"no UTF-8":              "\xff\xfe\xc3",
	"slips":                 "tietohenkilo poistakaaa deleete ",
	"signature dashes":      "-- \n",
}

func repeated(unit string, n int) string { return strings.Repeat(unit, n/len(unit)+1)[:n] }

// TestWorkIsLinear counts steps, which no machine makes faster or slower.
func TestWorkIsLinear(t *testing.T) {
	s := sorter(t)
	const perByte = 90 // at most, whatever the text: a word of two bytes may begin many phrases
	for name, unit := range hostile {
		var before int
		for _, n := range []int{2 << 10, 20 << 10, 60 << 10} {
			_, steps := s.sort("", repeated(unit, n))
			if steps > perByte*n {
				t.Errorf("%s: %d steps for %d bytes, want at most %d a byte", name, steps, n, perByte)
			}
			if before > 0 && steps > 12*before {
				t.Errorf("%s: %d steps for %d bytes, %d for a shorter text: not linear", name, steps, n, before)
			}
			before = max(steps, 200)
		}
	}
}

// TestWorkIsBounded holds that what lies behind the bound costs nothing.
func TestWorkIsBounded(t *testing.T) {
	s := sorter(t)
	for name, unit := range hostile {
		_, at := s.sort("", repeated(unit, maxRaw))
		_, beyond := s.sort("", repeated(unit, 4*maxRaw))
		if beyond > at+at/10+200 {
			t.Errorf("%s: %d steps for %d bytes, %d at the bound", name, beyond, 4*maxRaw, at)
		}
	}
}

func benchMails(b *testing.B) (mails []mail, size int) {
	mails = loadMails(b, "testdata/first.jsonl")
	mails = append(mails, loadMails(b, "testdata/second.jsonl")...)
	for _, m := range mails {
		size += len(m.Subject) + len(m.Body)
	}
	return mails, size
}

// BenchmarkSort is the cost of one mail; the mails are short, as most are.
func BenchmarkSort(b *testing.B) {
	mails, size := benchMails(b)
	s := sorter(b)
	b.ReportAllocs()
	b.SetBytes(int64(size / len(mails)))
	b.ResetTimer() // reading the lexicons is no part of it
	for i := range b.N {
		m := &mails[i%len(mails)]
		s.Sort(m.Subject, m.Body)
	}
}

// BenchmarkSortLong is the cost of 16 KB of letters.
func BenchmarkSortLong(b *testing.B) {
	text := longText(b)
	s := sorter(b)
	b.ReportAllocs()
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		s.Sort("request", text)
	}
}

func longText(b *testing.B) string {
	mails, _ := benchMails(b)
	var text strings.Builder
	for i := 0; text.Len() < 16<<10; i++ {
		if m := mails[i%len(mails)]; m.Lang == "en" {
			text.WriteString(m.Body + "\n\n")
		}
	}
	return text.String()
}

// BenchmarkPlainPass is one look-up a byte over the same mails: the least any
// sorter could do.
func BenchmarkPlainPass(b *testing.B) {
	mails, size := benchMails(b)
	var table [256]byte
	for i := range table {
		table[i] = byte(i % 7)
	}
	var sum int
	b.SetBytes(int64(size / len(mails)))
	for i := range b.N {
		m := &mails[i%len(mails)]
		for k := range len(m.Body) {
			sum += int(table[m.Body[k]])
		}
	}
	if sum < 0 {
		b.Fatal("sum")
	}
}

// BenchmarkParse is go-message on the same mails, each as text and HTML with
// the headers a mail has.
func BenchmarkParse(b *testing.B) {
	mails, size := benchMails(b)
	raw := make([][]byte, len(mails))
	for i, m := range mails {
		raw[i] = asMail(m)
	}
	b.ReportAllocs()
	b.SetBytes(int64(size / len(mails)))
	for i := range b.N {
		parse(b, raw[i%len(raw)])
	}
}

func parse(b *testing.B, raw []byte) {
	entity, err := gomessage.Read(bytes.NewReader(raw))
	if err != nil {
		b.Fatal(err)
	}
	err = entity.Walk(func(_ []int, part *gomessage.Entity, err error) error {
		if err != nil || part.MultipartReader() != nil {
			return err
		}
		var body bytes.Buffer
		_, err = body.ReadFrom(part.Body)
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
}

func asMail(m mail) []byte {
	var b strings.Builder
	for _, h := range []string{
		"Return-Path: <anna@example.org>", "Received: from mx.example.org (mx.example.org [192.0.2.7]) by mail.example.com with ESMTPS id 4f for <privacy@example.com>; Mon, 3 Mar 2025 10:00:00 +0200",
		"DKIM-Signature: v=1; a=rsa-sha256; d=example.org; s=s1; h=from:to:subject:date; bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; b=abcdef",
		"From: Anna <anna@example.org>", "To: privacy@example.com", "Subject: =?utf-8?q?" + strings.ReplaceAll(m.Subject, " ", "_") + "?=",
		"Date: Mon, 3 Mar 2025 10:00:00 +0200", "Message-ID: <1@example.org>", "MIME-Version: 1.0", `Content-Type: multipart/alternative; boundary="b1"`,
	} {
		b.WriteString(h + "\r\n")
	}
	for _, part := range [][2]string{{"text/plain", m.Body}, {"text/html", "<html><body><p>" + m.Body + "</p></body></html>"}} {
		b.WriteString("\r\n--b1\r\nContent-Type: " + part[0] + "; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" + strings.ReplaceAll(part[1], "\n", "\r\n"))
	}
	b.WriteString("\r\n--b1--\r\n")
	return []byte(b.String())
}

// BenchmarkHostile is 1 MB of each hostile text in turn.
func BenchmarkHostile(b *testing.B) {
	s := sorter(b)
	for name, unit := range hostile {
		text := repeated(unit, 1<<20)
		b.Run(strings.ReplaceAll(name, " ", "-"), func(b *testing.B) {
			for b.Loop() {
				s.Sort("", text)
			}
		})
	}
}
