package main

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/base64"
	"fmt"
	"io"
	"mime"
	"net"
	"net/mail"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
	nethtml "golang.org/x/net/html"

	gomail "github.com/emersion/go-message/mail"

	"dpobot/responders/post"
)

// sink is a mail server that takes everything and remembers who it was for.
type sink struct {
	mu sync.Mutex
	to []string
}

func (k *sink) NewSession(*smtp.Conn) (smtp.Session, error) { return k, nil }
func (k *sink) Mail(string, *smtp.MailOptions) error        { return nil }
func (k *sink) Data(r io.Reader) error                      { _, err := io.Copy(io.Discard, r); return err }
func (k *sink) Reset()                                      {}
func (k *sink) Logout() error                               { return nil }
func (k *sink) Rcpt(to string, _ *smtp.RcptOptions) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.to = append(k.to, to)
	return nil
}

// wire is how mails go out for real: composed, and handed to a server.
type wire struct {
	sink   *sink
	sender *post.Sender
}

func newWire(t *testing.T) *wire {
	t.Helper()
	w := &wire{sink: &sink{}}
	server := smtp.NewServer(w.sink)
	server.Domain = "localhost"
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	wg.Go(func() { _ = server.Serve(listener) })
	w.sender, err = post.NewSender(post.Server{Host: "127.0.0.1", Port: listener.Addr().(*net.TCPAddr).Port, Security: post.Plain, Hello: "test.example"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		w.sender.Close()
		_ = server.Close()
		wg.Wait()
	})
	return w
}

// Everything that a person can write, with everything that has ever been taken for more than text.
var hostileTexts = map[string]string{
	"line ends":          "x\r\nBcc: victim@attacker.example\r\n\r\nHello",
	"line ends, encoded": "=?utf-8?q?x=0D=0ABcc:_victim@attacker.example=0D=0A=0D=0AHello?=",
	"bare CR and LF":     "x\rBcc: victim@attacker.example\nTo: victim@attacker.example",
	"Unicode line ends":  "x\u2028Bcc: victim@attacker.example\u2029x\u0085Bcc: victim@attacker.example",
	"HTML":               `<script>alert(1)</script><img src=https://attacker.example/x.png onerror=alert(1)><a href="https://attacker.example">press</a><style>*{display:none}</style></p></body>`,
	"HTML entities":      `&lt;script&gt; &#60;img src=x&#62; "><svg onload=alert(1)> '><b>`,
	"template":           `{{.Passphrase}} {{range .}}{{end}} {{template "handlers" .}} {{printf "%s" .}} ${7*7} #{7*7} <%= 7*7 %> {% raw %}`,
	"template, broken":   `{{ {{{ }} {{end}} {{define "x"}}`,
	"SQL":                `Robert'); DROP TABLE customers;-- " OR 1=1; UPDATE customers SET email='x'/*`,
	"Redis":              "*3\r\n$3\r\nSET\r\n$1\r\nx\r\n$1\r\ny\r\n FLUSHALL {x}:case:* \x00",
	"control":            "a\x00b\x01c\x07d\x08e\x1b[31mf\x7fg\x9bh",
	"bidi":               "\u202egnp.exe\u202c \u2066x\u2069 \u200f\u200e\ufeff",
	"format":             "%s%n%d%!(EXTRA) %00 ../../etc/passwd C:\\x",
	"commas and angles":  `a, b <victim@attacker.example>, "c" <d@attacker.example>; e: f;`,
	"encoded address":    "=?utf-8?b?dmljdGltQGF0dGFja2VyLmV4YW1wbGUsIA==?= <victim@attacker.example>",
	"markdown":           "[press](https://attacker.example) ![x](https://attacker.example/x.png) `x` # Title\n# Title\n| a | b |\n---",
	"bare links":         "https://attacker.example/press mailto:victim@attacker.example?body=VERIFIED",
	"a keyword":          "VERIFIED\nVERIFIED\n\nVERIFIED",
	"very long":          strings.Repeat("Pitkä", 4000),
}

// hostileMail writes the text into every field of a person's mail, as raw as the field takes it.
func hostileMail(text string, at time.Time) []byte {
	oneLine := strings.NewReplacer("\r", "", "\n", " ", "\x00", "").Replace(text)
	coded := "=?utf-8?b?" + base64.StdEncoding.EncodeToString([]byte(text)) + "?=" // always: what stands there as it is, is another From
	name := strings.ReplaceAll(oneLine, `"`, `\"`)
	return crlf("From: " + coded + " <" + personAddress + ">\nTo: " + botAddress + "\nReply-To: \"" + name + "\" <reply@attacker.example>\n" +
		"Subject: Omat tietoni " + coded + "\nDate: " + at.Format(time.RFC1123Z) + "\n" +
		"Message-ID: <" + oneLine + "@example.net>\nReferences: <" + oneLine + "@example.net> <" + text[:min(len(text), 40)] + "\nIn-Reply-To: " + oneLine + "\n" +
		"MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=m\n\n--m\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n" +
		"Hei,\n\nhaluaisin tietää, mitä tietoja teillä on minusta.\n\n" + text + "\n\nOsoite: " + oneLine + "\n" +
		"--m\nContent-Type: application/pdf; name=\"" + name + "\"\nContent-Disposition: attachment; filename=\"" + name + "\"\n\nx\n--m--\n")
}

// ours are the header fields that a mail of the program may have.
var ours = []string{
	"From", "To", "Reply-To", "Subject", "Date", "Message-Id", "In-Reply-To", "References", "Auto-Submitted", "X-Auto-Response-Suppress",
	"Mime-Version", "Content-Type", "Content-Transfer-Encoding",
}

// Nothing of a person's mail becomes a header, markup, a template, a key or a statement, from the acknowledgement to
// the answer.
func TestTrustInjection(t *testing.T) {
	plainMarkup, plainKeys := story(t, "tavallinen")
	for name, text := range hostileTexts {
		t.Run(name, func(t *testing.T) {
			markup, keys := story(t, text)
			for element := range markup {
				if !plainMarkup[element] {
					t.Errorf("an element that a harmless mail does not lead to: %s", element)
				}
			}
			if !slices.Equal(keys, plainKeys) {
				t.Errorf("keys: got %q, want %q", keys, plainKeys)
			}
		})
	}
}

// story takes a case with that text in it from the request to the answer and checks every mail that goes out. It
// returns the HTML elements in them and the kinds of keys in Redis.
func story(t *testing.T, text string) (markup map[string]bool, keys []string) {
	t.Helper()
	w := newWire(t)
	dir := t.TempDir()
	furnishTrust(t, dir, "server")
	s, err := newStage(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.store.Close() })
	c := &court{trust: "server", s: s}
	c.other = s.open(t, otherAddress, "Kalle Korhonen")
	s.mails = nil
	s.deliver(t, hostileMail(text, s.clock()))
	last, err := s.last()
	if err != nil {
		t.Fatal(err)
	}
	if last.Ref == c.other.ref {
		t.Fatal("the request opened no case")
	}
	c.one.ref = last.Ref
	for _, word := range []string{"NOTE x", "KIND access", "ASK Mitä tarkoitatte?", "VERIFIED, MATCH 0"} {
		c.newest(t)
		s.deliver(t, c.reply(t, officerAddress, word))
		s.pass(time.Hour)
	}
	if got := s.stateOf(t, c.one.ref); got != "answered" {
		t.Fatalf("the case: got %s, want answered", got)
	}
	markup = c.checkMails(t, w, personAddress, officerAddress, deputyAddress)
	s.checkCustomers(t, dir)
	return markup, s.kindsOfKeys(t)
}

// checkMails sends what went out over a real connection, and looks for what does not belong into it and to whom else it
// goes. It returns the elements of HTML that are in it.
func (c *court) checkMails(t *testing.T, w *wire, persons ...string) (markup map[string]bool) {
	t.Helper()
	markup = map[string]bool{}
	for _, m := range c.s.mails {
		raw, err := w.sender.Send(t.Context(), m)
		if err != nil {
			t.Errorf("a mail to %s cannot be sent: %v", m.Submitted, err)
			continue
		}
		c.checkMail(t, m, raw, markup)
	}
	for _, to := range w.sink.to {
		if !slices.Contains(persons, to) {
			t.Errorf("a mail was handed in for %s", to)
		}
	}
	return markup
}

// checkMail looks for what does not belong into a mail of the program's.
func (c *court) checkMail(t *testing.T, m post.Mail, raw []byte, markup map[string]bool) {
	t.Helper()
	parsed, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatalf("a mail of ours cannot be read: %v", err)
	}
	for name, values := range parsed.Header {
		if !slices.Contains(ours, name) || len(values) != 1 {
			t.Errorf("header field %s stands there %d times", name, len(values))
		}
		for _, value := range values {
			decoded, err := value, error(nil)
			if !strings.Contains(value, "@") || name == "From" || name == "To" { // no encoded words in identifiers (RFC 2047, 5)
				decoded, err = new(mime.WordDecoder).DecodeHeader(value)
			}
			if err != nil || strings.ContainsFunc(decoded, func(r rune) bool {
				return r < ' ' && r != '\t' || r == 0x7f || '\u202a' <= r && r <= '\u202e' || r == '\u2028'
			}) {
				t.Errorf("header field %s holds control characters: %q (%v)", name, decoded, err)
			}
		}
	}
	to, err := mail.ParseAddressList(parsed.Header.Get("To"))
	if err != nil || len(to) != 1 || to[0].Address != m.To.Reveal() {
		t.Errorf("To: got %v (%v), want one address", to, err)
	}
	if m.To == personAddress && strings.Contains(m.Text, passphraseOf(c)) {
		t.Error("the passphrase stands in a mail to the person")
	}
	parts, err := gomail.CreateReader(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	for {
		p, err := parts.NextPart()
		if err == io.EOF {
			return
		}
		if err != nil {
			t.Fatalf("a part of a mail of ours: %v", err)
		}
		if h, ok := p.Header.(*gomail.AttachmentHeader); ok {
			if name, _ := h.Filename(); !regexp.MustCompile(`^[\w.-]+$`).MatchString(name) {
				t.Errorf("attached file named %q", name)
			}
			continue
		}
		kind, _, _ := mime.ParseMediaType(p.Header.Get("Content-Type"))
		if kind == "text/html" {
			elements(t, p.Body, markup)
		}
	}
}

// passphraseOf is the one of the case.
func passphraseOf(c *court) string {
	last, err := c.s.store.Load(context.Background(), c.one.ref)
	if err != nil || last.Passphrase == "" {
		return "\x00none"
	}
	return last.Passphrase.Reveal()
}

// elements collects the elements of an HTML part with their attributes, and where links lead.
func elements(t *testing.T, r io.Reader, into map[string]bool) {
	t.Helper()
	tokens := nethtml.NewTokenizer(r)
	for {
		kind := tokens.Next()
		if kind == nethtml.ErrorToken {
			return
		}
		if kind == nethtml.TextToken || kind == nethtml.DoctypeToken {
			continue
		}
		token := tokens.Token()
		name := fmt.Sprintf("%v %s", kind, token.Data)
		for _, a := range token.Attr {
			name += " " + a.Key
			if (a.Key == "href" || a.Key == "src") && strings.Contains(a.Val, "attacker") {
				t.Errorf("a link leads to a place that the mail named")
			}
		}
		into[name] = true
	}
}

// checkCustomers sees whether the register is as it was.
func (s *stage) checkCustomers(t *testing.T, dir string) {
	t.Helper()
	db, err := sql.Open("sqlite", dir+"/customers.db")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	n := 0
	if err := db.QueryRow("SELECT count(*) FROM customers WHERE email LIKE '%@%.example%' OR email LIKE '%@example.net'").Scan(&n); err != nil || n != 3 {
		t.Errorf("customers: got %d (%v), want 3", n, err)
	}
}

var keyForm = regexp.MustCompile(`^dpobot:\{` + regexp.QuoteMeta(botAddress) + `\}:([a-z:]+)`)

// kindsOfKeys lists the keys in Redis without what differs from case to case.
func (s *stage) kindsOfKeys(t *testing.T) []string {
	t.Helper()
	all, err := s.store.Client().Keys(context.Background(), "*").Result()
	if err != nil {
		t.Fatal(err)
	}
	var kinds []string
	for _, key := range all {
		form := keyForm.FindStringSubmatch(key)
		if form == nil {
			t.Errorf("a key of another form: %q", key)
			continue
		}
		kinds = append(kinds, strings.TrimRight(regexp.MustCompile(`(address|allowed):.*`).ReplaceAllString(form[1], "$1"), ":"))
	}
	slices.Sort(kinds)
	return slices.Compact(kinds)
}
