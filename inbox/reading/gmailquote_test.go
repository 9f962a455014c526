package reading

import (
	"strings"
	"testing"
)

// Gmail's container of what is quoted counts as a quote even without its blockquote: a
// keyword in it is nobody's own.
func TestGmailsBareQuote(t *testing.T) {
	const mail = "From: a@b.example\r\nMIME-Version: 1.0\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" +
		`<div dir="ltr"><br></div><div class="gmail_quote"><div>VERIFIED</div></div>`
	m, err := Read(strings.NewReader(mail), DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	if m.FirstLine != "" && m.CommandProblem == "" {
		t.Errorf("got the first line %q as the sender's own", m.FirstLine)
	}
}
