package main

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"strings"
	"time"
)

// domain of everybody here.
const domain = "bench.example"

// asks are requests for access in the three languages.
var asks = []struct{ subject, text string }{
	{"Omat tietoni", "Hei,\r\n\r\nhaluaisin tietää, mitä tietoja teillä on minusta. Lähettäkää minulle niistä kopio.\r\n\r\nTerveisin\r\n"},
	{"Registerutdrag", "Hej!\r\n\r\nJag vill veta vilka personuppgifter ni har om mig. Skicka ett registerutdrag, tack.\r\n\r\nHälsningar\r\n"},
	{"My data", "Hello,\r\n\r\nI would like to know what personal data you hold about me. Please send me a copy of it.\r\n\r\nRegards,\r\n"},
}

// person begins every sender's address.
const person = "person"

// personAt is the address of the nth sender.
func personAt(n int) string { return fmt.Sprintf("%s%06d@%s", person, n, domain) }

// makeMails makes n requests of n people and tells their size: six of ten are plain text,
// three have an HTML part of 20 KB, one has a file of 80 KB.
func makeMails(n int) (mails [][]byte, size int) {
	began := time.Now().Add(-time.Hour)
	for i := range n {
		m := makeMail(i, began.Add(time.Duration(i)*time.Millisecond))
		mails, size = append(mails, m), size+len(m)
	}
	return mails, size
}

func makeMail(i int, at time.Time) []byte {
	ask := asks[i%len(asks)]
	text := ask.text + fmt.Sprintf("Person %d\r\n", i)
	var b bytes.Buffer
	fmt.Fprintf(&b, "Return-Path: <%[1]s>\r\nReceived: from mx.%[2]s ([127.0.0.1]) by mail.%[2]s with ESMTPS;\r\n\t%[3]s\r\n"+
		"From: Person %[4]d <%[1]s>\r\nTo: privacy@%[2]s\r\nSubject: %[5]s\r\nDate: %[3]s\r\nMessage-ID: <bench-%[4]d@%[2]s>\r\nMIME-Version: 1.0\r\n",
		personAt(i), domain, at.Format(time.RFC1123Z), i, ask.subject)
	switch {
	case i%10 < 6:
		fmt.Fprintf(&b, "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n%s%s", text, signature)
	case i%10 < 9:
		fmt.Fprintf(&b, "Content-Type: multipart/alternative; boundary=\"edge\"\r\n\r\n%s%s--edge--\r\n",
			part("text/plain; charset=utf-8", text), part("text/html; charset=utf-8", page(text)))
	default:
		fmt.Fprintf(&b, "Content-Type: multipart/mixed; boundary=\"edge\"\r\n\r\n%s%s--edge--\r\n",
			part("text/plain; charset=utf-8", text), filePart())
	}
	return b.Bytes()
}

func part(kind, body string) string {
	return "--edge\r\nContent-Type: " + kind + "\r\nContent-Transfer-Encoding: 8bit\r\n\r\n" + body + "\r\n"
}

// filePart is a file of 80 KB, of which nobody looks at the content.
func filePart() string {
	encoded := base64.StdEncoding.EncodeToString(bytes.Repeat([]byte("0123456789"), 6000))
	var b strings.Builder
	b.WriteString("--edge\r\nContent-Type: application/pdf; name=\"letter.pdf\"\r\nContent-Disposition: attachment; filename=\"letter.pdf\"\r\nContent-Transfer-Encoding: base64\r\n\r\n")
	for len(encoded) > 76 {
		b.WriteString(encoded[:76] + "\r\n")
		encoded = encoded[76:]
	}
	b.WriteString(encoded + "\r\n")
	return b.String()
}

// signature brings a plain mail to the usual two kilobytes.
var signature = "-- \r\n" + strings.Repeat("Bench Street 1, 00100 Helsinki, Finland, telephone +358 9 000 000\r\n", 16)

// page is what a mail program makes of a text.
func page(text string) string {
	style := strings.Repeat("<style>p.MsoNormal, li.MsoNormal {margin:0cm; font-size:11.0pt; font-family:\"Calibri\",sans-serif;}</style>\r\n", 180)
	return "<html><head>" + style + "</head><body><p class=MsoNormal>" + strings.ReplaceAll(text, "\r\n", "<br>\r\n") + "</p></body></html>"
}
