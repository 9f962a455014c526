package authentic

import (
	"bufio"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"
)

const domain = "firma.example"

const reply = `From: Pauli Vuorio <pauli@firma.example>
To: Tietosuoja <tietosuoja@firma.example>
Subject: Re: =?utf-8?q?Vahvista_pyynt=C3=B6?=
Date: Thu, 05 Mar 2026 09:15:00 +0200
Message-ID: <reply@firma.example>
In-Reply-To: <question@firma.example>
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

VERIFIED

On Thu, 5 Mar 2026 dpobot  wrote:
> Please ring

`

func TestDKIM(t *testing.T) {
	strong, short, floor, other := rsaKey(t, 2048), rsaKey(t, 512), rsaKey(t, 1024), rsaKey(t, 2048)
	_, ed, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	keys := map[string][]string{
		"s._domainkey.firma.example":         {record(t, strong)},
		"ed._domainkey.firma.example":        {record(t, ed)},
		"floor._domainkey.firma.example":     {record(t, floor)},
		"short._domainkey.firma.example":     {record(t, short)},
		"other._domainkey.firma.example":     {record(t, other)},
		"revoked._domainkey.firma.example":   {"v=DKIM1; k=rsa; p="},
		"testing._domainkey.firma.example":   {record(t, strong) + "; t=y:s"},
		"exact._domainkey.firma.example":     {record(t, strong) + "; t=s"},
		"twice._domainkey.firma.example":     {record(t, strong), record(t, strong)},
		"garbage._domainkey.firma.example":   {"v=DKIM1; p=%%%"},
		"spf._domainkey.firma.example":       {"v=spf1 -all"},
		"web._domainkey.firma.example":       {record(t, strong) + "; s=web"},
		"sha1._domainkey.firma.example":      {record(t, strong) + "; h=sha1"},
		"s._domainkey.attacker.example":      {record(t, strong)},
		"s._domainkey.mail.firma.example":    {record(t, strong)},
		"s._domainkey.example":               {record(t, strong)},
		"s._domainkey.co.uk":                 {record(t, strong)},
		"s._domainkey.xn--yritys-9ta.fi":     {record(t, strong)},
		"s._domainkey.konserni.example":      {record(t, strong)},
		"s._domainkey.tiukka.example":        {record(t, strong)},
		"_dmarc.tiukka.example":              {"v=spf1", "v=DMARC1; p=none; adkim=s"},
		"_dmarc.rikki.example":               {"v=DMARC1; p=what; adkim=r"},
		"s._domainkey.rikki.example":         {record(t, strong)},
		"s._domainkey.github.io":             {record(t, strong)},
		"deep.name._domainkey.firma.example": {record(t, strong)},
	}
	usual := signing{key: strong, domain: domain, selector: "s", cover: usualCover}
	with := func(change func(*signing)) signing {
		s := usual
		change(&s)
		return s
	}
	mail := crlf(reply)
	without := func(name string) []string {
		var rest []string
		for _, n := range usualCover {
			if n != name {
				rest = append(rest, n)
			}
		}
		return rest
	}
	at := func(seconds time.Duration) string { return fmt.Sprintf("x=%d; ", time.Now().Add(seconds).Unix()) }
	flip := func(s, old, new string) string {
		if !strings.Contains(s, old) {
			t.Fatalf("the mail has no %q to change", old)
		}
		return strings.Replace(s, old, new, 1)
	}
	good := sign(t, mail, usual)
	stranger := sign(t, mail, with(func(s *signing) { s.domain = "attacker.example" }))

	rows := []struct {
		name, mail, from string
		want             Verdict
		reason           Reason
	}{
		{"rsa relaxed", good, domain, Pass, Proved},
		{"rsa simple", sign(t, mail, with(func(s *signing) { s.simple = true })), domain, Pass, Proved},
		{"ed25519", sign(t, mail, with(func(s *signing) { s.key, s.selector = ed, "ed" })), domain, Pass, Proved},
		{"rsa of 1024 bits", sign(t, mail, with(func(s *signing) { s.key, s.selector = floor, "floor" })), domain, Pass, Proved},
		{"selector with a dot", sign(t, mail, with(func(s *signing) { s.selector = "deep.name" })), domain, Pass, Proved},
		{"not expired yet", sign(t, mail, with(func(s *signing) { s.tags = at(time.Hour) })), domain, Pass, Proved},
		{"case of the From domain", good, "Firma.EXAMPLE.", Pass, Proved},
		{"case of d=", sign(t, mail, with(func(s *signing) { s.domain = "FIRMA.example" })), domain, Pass, Proved},
		{"fields covered once too often", sign(t, mail, with(func(s *signing) { s.cover = append(usualCover, "From", "Subject") })), domain, Pass, Proved},
		{"folds and blanks changed, relaxed", flip(good, "Subject: Re: ", "Subject:  Re:\r\n "), domain, Pass, Proved},
		{"line ends of a file", strings.ReplaceAll(good, "\r\n", "\n"), domain, Pass, Proved},
		{"a trace field on top", "Received: from a by b; now\r\n" + good, domain, Pass, Proved},
		{"a stranger's signature beside", strings.SplitAfterN(stranger, "From: ", 2)[0][:strings.Index(stranger, "From: ")] + good, domain, Pass, Proved},
		{"rsa and ed25519", sign(t, sign(t, mail, usual), with(func(s *signing) { s.key, s.selector = ed, "ed" })), domain, Pass, Proved},
		{"broken one beside a valid one", sign(t, good, with(func(s *signing) { s.key = other })), domain, Pass, Proved},
		{"revoked key beside a valid one", sign(t, good, with(func(s *signing) { s.selector = "revoked" })), domain, Pass, Proved},
		{"key that bars subdomains, i= of the domain", sign(t, mail, with(func(s *signing) { s.selector, s.tags = "exact", "i=@firma.example; " })), domain, Pass, Proved},

		{"no signature", mail, domain, None, Unsigned},
		{"body changed", flip(good, "VERIFIED", "VERIFIEd"), domain, Fail, Altered},
		{"body begun anew", flip(good, "\r\n\r\n", "\r\n\r\nVERIFIED\r\n\r\n"), domain, Fail, Altered},
		{"body continued", good + "VERIFIED\r\n", domain, Fail, Altered},
		{"simple, a blank added", flip(sign(t, mail, with(func(s *signing) { s.simple = true })), "VERIFIED\r\n", "VERIFIED \r\n"), domain, Fail, Altered},
		{"simple, name's case changed", flip(sign(t, mail, with(func(s *signing) { s.simple = true })), "\r\nSubject:", "\r\nSUBJECT:"), domain, Fail, Altered},
		{"From changed", flip(good, "pauli@firma", "paula@firma"), domain, Fail, Altered},
		{"Subject changed", flip(good, "Subject: Re:", "Subject: Vs:"), domain, Fail, Altered},
		{"Date changed", flip(good, "05 Mar", "06 Mar"), domain, Fail, Altered},
		{"To changed", flip(good, "To: Tieto", "To: Tiede"), domain, Fail, Altered},
		{"In-Reply-To changed", flip(good, "question@", "another@"), domain, Fail, Altered},
		{"Content-Type changed", flip(good, "text/plain", "text/html"), domain, Fail, Altered},
		{"signature changed", flip(good, "; b=", "; b=AAAA"), domain, Fail, Altered},
		{"signature of another key", sign(t, mail, with(func(s *signing) { s.key = other })), domain, Fail, Altered},

		{"l= and all of the body", sign(t, mail, with(func(s *signing) { s.limit = 20 })), domain, Fail, WeakSignature},
		{"l= and text added", sign(t, mail, with(func(s *signing) { s.limit = 20 })) + "more\r\n", domain, Fail, WeakSignature},
		{"sha1", sign(t, mail, with(func(s *signing) { s.sha1 = true })), domain, Fail, WeakSignature},
		{"unknown algorithm", flip(good, "a=rsa-sha256", "a=rsa-md5"), domain, Fail, WeakSignature},
		{"unknown canonical form", flip(good, "c=relaxed/relaxed", "c=nofws/relaxed"), domain, Fail, WeakSignature},
		{"unknown version", flip(good, "v=1;", "v=2;"), domain, Fail, WeakSignature},
		{"i= of another domain", sign(t, mail, with(func(s *signing) { s.tags = "i=@attacker.example; " })), domain, Fail, WeakSignature},
		{"expired", sign(t, mail, with(func(s *signing) { s.tags = at(-time.Second) })), domain, Fail, Expired},
		{"expiry no number", sign(t, mail, with(func(s *signing) { s.tags = "x=soon; " })), domain, Fail, WeakSignature},
		{"From not covered", sign(t, mail, with(func(s *signing) { s.cover = without("From") })), domain, Fail, WeakSignature},
		{"Subject not covered", sign(t, mail, with(func(s *signing) { s.cover = without("Subject") })), domain, Fail, WeakSignature},
		{"Subject not covered, changed", flip(sign(t, mail, with(func(s *signing) { s.cover = without("Subject") })), "Subject: Re:", "Subject: Vs:"), domain, Fail, WeakSignature},
		{"Date not covered", sign(t, mail, with(func(s *signing) { s.cover = without("Date") })), domain, Fail, WeakSignature},
		{"To not covered", sign(t, mail, with(func(s *signing) { s.cover = without("To") })), domain, Fail, WeakSignature},
		{"Content-Type not covered", sign(t, mail, with(func(s *signing) { s.cover = without("Content-Type") })), domain, Fail, WeakSignature},
		{"Content-Type taken away", flip(sign(t, mail, with(func(s *signing) { s.cover = without("Content-Type") })), "Content-Type: text/plain; charset=utf-8\r\n", ""), domain, Fail, WeakSignature},

		{"second From on top", "From: Pauli <pauli@firma.example>\r\n" + good, domain, Fail, BadHeader},
		{"second From at the bottom", flip(good, "\r\n\r\n", "\r\nFrom: <eve@attacker.example>\r\n\r\n"), domain, Fail, BadHeader},
		{"second From in other case", "FROM: Pauli <pauli@firma.example>\r\n" + good, domain, Fail, BadHeader},
		{"second From with a blank", "From : Pauli <pauli@firma.example>\r\n" + good, domain, Fail, BadHeader},
		{"second From indented on the first line", " From: Pauli <pauli@firma.example>\r\n" + good, domain, Fail, BadHeader},
		{"second From behind a bare CR", "X: y\rFrom: Pauli <pauli@firma.example>\r\n" + good, domain, Fail, BadHeader},
		{"second From behind a NUL", "\x00From: Pauli <pauli@firma.example>\r\n" + good, domain, Fail, BadHeader},
		{"second Subject", "Subject: x\r\n" + good, domain, Fail, BadHeader},
		{"second In-Reply-To", "In-Reply-To: <other@firma.example>\r\n" + good, domain, Fail, BadHeader},
		{"second Content-Type", "Content-Type: text/html\r\n" + good, domain, Fail, BadHeader},
		{"second Content-Transfer-Encoding", "Content-Transfer-Encoding: 7bit\r\nContent-Transfer-Encoding: base64\r\n" + good, domain, Fail, BadHeader},
		{"a line that is no field", "From pauli Thu Mar  5\r\n" + good, domain, Fail, BadHeader},
		{"no end of the header", "From: a@firma.example\r\n", domain, Fail, BadHeader},
		{"empty", "", domain, Fail, BadHeader},
		{"too many fields", strings.Repeat("a:\r\n", mostLines) + good, domain, Fail, BadHeader},
		{"too long a field", "a: " + strings.Repeat("x", mostHeaderBytes) + "\r\n" + good, domain, Fail, BadHeader},
		{"a field of many lines", "a:" + strings.Repeat("\r\n "+strings.Repeat("b", 100), mostLines-100) + "\r\n" + good, domain, Pass, Proved},
		{"a field of too many lines", "a:" + strings.Repeat("\r\n b", mostLines) + "\r\n" + good, domain, Fail, BadHeader},
		{"too many empty lines", good + strings.Repeat("\r\n", mostBlank), domain, Fail, TooLarge},

		{"other domain", stranger, domain, None, OtherDomain},
		{"subdomain", sign(t, mail, with(func(s *signing) { s.domain = "mail.firma.example" })), domain, None, OtherDomain},
		{"public suffix", sign(t, mail, with(func(s *signing) { s.domain = "example" })), domain, None, OtherDomain},
		{"public suffix of two labels", sign(t, mail, with(func(s *signing) { s.domain = "co.uk" })), "firma.co.uk", None, OtherDomain},
		{"public suffix, From is it too", sign(t, mail, with(func(s *signing) { s.domain = "co.uk" })), "co.uk", Fail, BadDomain},
		{"host that gives out subdomains", sign(t, mail, with(func(s *signing) { s.domain = "github.io" })), "firma.github.io", None, OtherDomain},
		{"domain that ends alike", sign(t, mail, with(func(s *signing) { s.domain = domain })), "myfirma.example", None, OtherDomain},
		{"parent", sign(t, mail, with(func(s *signing) { s.domain = "konserni.example" })), "fi.konserni.example", Pass, Proved},
		{"parent, adkim=s", sign(t, mail, with(func(s *signing) { s.domain = "tiukka.example" })), "fi.tiukka.example", Fail, OtherDomain},
		{"same, adkim=s", sign(t, mail, with(func(s *signing) { s.domain = "tiukka.example" })), "tiukka.example", Pass, Proved},
		{"parent, broken policy", sign(t, mail, with(func(s *signing) { s.domain = "rikki.example" })), "fi.rikki.example", Fail, OtherDomain},
		{"international domain", sign(t, mail, with(func(s *signing) { s.domain = "xn--yritys-9ta.fi" })), "xn--yritys-9ta.fi", Pass, Proved},
		{"no From domain", good, "", Fail, BadDomain},
		{"From domain is none", good, "firma .example", Fail, BadDomain},
		{"Kelvin sign for k", stranger, "attac\u212aer.exam\u00adple", Pass, Proved}, // IDNA: the very same domain
		{"d= is none", sign(t, mail, with(func(s *signing) { s.domain = "firma..example" })), domain, None, OtherDomain},
		{"d= twice", flip(good, "d=firma.example;", "d=attacker.example; d=firma.example;"), domain, None, OtherDomain},

		{"no key", sign(t, mail, with(func(s *signing) { s.selector = "nowhere" })), domain, Fail, NoKey},
		{"key of 512 bits", sign(t, mail, with(func(s *signing) { s.key, s.selector = short, "short" })), domain, Fail, BadKey},
		{"key revoked", sign(t, mail, with(func(s *signing) { s.selector = "revoked" })), domain, Fail, BadKey},
		{"key for testing", sign(t, mail, with(func(s *signing) { s.selector = "testing" })), domain, Fail, BadKey},
		{"key that bars subdomains, i= of one", sign(t, mail, with(func(s *signing) { s.selector, s.tags = "exact", "i=x@a.firma.example; " })), domain, Fail, BadKey},
		{"two keys", sign(t, mail, with(func(s *signing) { s.selector = "twice" })), domain, Fail, BadKey},
		{"key of another kind", sign(t, mail, with(func(s *signing) { s.selector = "ed" })), domain, Fail, BadKey},
		{"key is garbage", sign(t, mail, with(func(s *signing) { s.selector = "garbage" })), domain, Fail, BadKey},
		{"record is another", sign(t, mail, with(func(s *signing) { s.selector = "spf" })), domain, Fail, BadKey},
		{"key for the web", sign(t, mail, with(func(s *signing) { s.selector = "web" })), domain, Fail, BadKey},
		{"key for sha1", sign(t, mail, with(func(s *signing) { s.selector = "sha1" })), domain, Fail, BadKey},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			got := DKIM(t.Context(), strings.NewReader(row.mail), row.from, Keys(keys))
			if got.Verdict != row.want || got.Reason != row.reason {
				t.Errorf("got %s, %s (%s); want %s, %s", got.Verdict, got.Reason, got.Why, row.want, row.reason)
			}
			if !fit(got.Why) {
				t.Errorf("got the words %q; want some, plain", got.Why)
			}
			chunked := DKIM(t.Context(), iotest.OneByteReader(strings.NewReader(row.mail)), row.from, Keys(keys))
			if len(row.mail) < 1<<16 && chunked != got {
				t.Errorf("read byte by byte: got %+v; want %+v", chunked, got)
			}
		})
	}
}

func TestDKIMWithDNSTrouble(t *testing.T) {
	key := rsaKey(t, 2048)
	mail := sign(t, crlf(reply), signing{key: key, domain: domain, selector: "s", cover: usualCover})
	two := sign(t, mail, signing{key: key, domain: domain, selector: "slow", cover: usualCover})
	child := crlf(strings.ReplaceAll(reply, "@firma", "@fi.firma"))
	child = sign(t, child, signing{key: key, domain: domain, selector: "s", cover: usualCover})
	good := record(t, key)
	fails := func(name string, err error) LookupTXT {
		return func(_ context.Context, asked string) ([]string, error) {
			if strings.HasPrefix(asked, name) {
				return nil, err
			}
			if strings.HasPrefix(asked, "_dmarc") {
				return nil, &net.DNSError{IsNotFound: true}
			}
			return []string{good}, nil
		}
	}
	timeout := &net.DNSError{Err: "i/o timeout", IsTimeout: true, IsTemporary: true}
	rows := []struct {
		name, mail, from string
		lookup           LookupTXT
		want             Verdict
	}{
		{"timeout", mail, domain, fails("s.", timeout), Later},
		{"server failure", mail, domain, fails("s.", &net.DNSError{Err: "server misbehaving", IsTemporary: true}), Later},
		{"refused", mail, domain, fails("s.", &net.DNSError{Err: "server misbehaving"}), Later},
		{"any other error", mail, domain, fails("s.", errors.New("no route")), Later},
		{"no such name", mail, domain, fails("s.", &net.DNSError{IsNotFound: true}), Fail},
		{"wrapped no such name", mail, domain, fails("s.", fmt.Errorf("dns: %w", &net.DNSError{IsNotFound: true})), Fail},
		{"trouble with one of two", two, domain, fails("slow.", timeout), Pass},
		{"trouble beside an altered one", strings.Replace(two, "VERIFIED", "VERIFIEd", 1), domain, fails("slow.", timeout), Later},
		{"policy", child, "fi." + domain, fails("_dmarc.fi.", timeout), Later},
		{"policy of the organisation", child, "fi." + domain, fails("_dmarc.firma", timeout), Later},
		{"no policy", child, "fi." + domain, fails("nothing", nil), Pass},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			if got := DKIM(t.Context(), strings.NewReader(row.mail), row.from, row.lookup); got.Verdict != row.want {
				t.Errorf("got %+v; want %s", got, row.want)
			}
		})
	}
}

func TestDKIMIsBounded(t *testing.T) {
	key := rsaKey(t, 2048)
	mail := sign(t, crlf(reply), signing{key: key, domain: domain, selector: "s", cover: usualCover})
	var asked []string
	count := func(_ context.Context, name string) ([]string, error) {
		asked = append(asked, name)
		return []string{record(t, key)}, nil
	}

	t.Run("looks up only a few keys of the domain and none of strangers", func(t *testing.T) {
		flood := strings.Repeat("DKIM-Signature: v=1; a=rsa-sha256; d=attacker.example; s=a; h=from; bh=; b=\r\n", 500)
		for i := range 50 {
			flood += fmt.Sprintf("DKIM-Signature: v=1; a=rsa-sha256; d=%s; s=s%d; h=from:to:subject:date:content-type; bh=AA==; b=AA==\r\n", domain, i)
		}
		if got := DKIM(t.Context(), strings.NewReader(flood+mail), domain, count); got.Verdict != Fail {
			t.Errorf("got %+v; want a fail", got)
		}
		if len(asked) != mostSignatures {
			t.Errorf("got %d look-ups; want %d", len(asked), mostSignatures)
		}
		for _, name := range asked {
			if !strings.HasSuffix(name, "._domainkey."+domain) {
				t.Errorf("looked up %q", name)
			}
		}
	})
	t.Run("a reader that fails is no verdict, and leaves nothing behind", func(t *testing.T) {
		two := sign(t, mail, signing{key: key, domain: domain, selector: "t", cover: usualCover})
		synctest.Test(t, func(t *testing.T) { // which fails if a goroutine is left waiting
			broken := io.MultiReader(strings.NewReader(two[:len(two)-10]), iotest.ErrReader(errors.New("gone")))
			if got := DKIM(t.Context(), broken, domain, count); got.Verdict != Later || got.Reason != Unread {
				t.Errorf("got %+v; want later", got)
			}
		})
	})
	t.Run("a reader that fails within the header", func(t *testing.T) {
		broken := io.MultiReader(strings.NewReader("From: a"), iotest.ErrReader(errors.New("gone")))
		if got := DKIM(t.Context(), broken, domain, count); got.Verdict != Later {
			t.Errorf("got %+v; want later", got)
		}
	})
	t.Run("cancelled", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if got := DKIM(ctx, strings.NewReader(mail), domain, count); got.Verdict != Later {
			t.Errorf("got %+v; want later", got)
		}
	})
	t.Run("a DNS that never answers", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			silent := func(ctx context.Context, _ string) ([]string, error) {
				<-ctx.Done()
				return nil, ctx.Err()
			}
			many := mail
			for i := range 10 {
				many = fmt.Sprintf("DKIM-Signature: v=1; a=rsa-sha256; d=%s; s=s%d; h=from:to:subject:date:content-type; bh=AA==; b=AA==\r\n", domain, i) + many
			}
			start := time.Now()
			if got := DKIM(t.Context(), strings.NewReader(many), domain, silent); got.Verdict != Later {
				t.Errorf("got %+v; want later", got)
			}
			if took := time.Since(start); took > dnsTime+lookupTime {
				t.Errorf("took %s; want at most %s", took, dnsTime)
			}
		})
	})
}

// TestForeignSignatures verifies mails signed by other programs. They lack a Content-Type, so
// DKIM refuses them; the verification below that rule has to agree with their signers.
func TestForeignSignatures(t *testing.T) {
	folder := filepath.Join("..", "..", "..", "shared", "mail")
	if _, err := os.Stat(folder); err != nil {
		t.Skip("needs the mail corpus beside the repository: ../shared/mail")
	}
	keys := Keys(map[string][]string{
		"brisbane._domainkey.football.example.com": {"v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="},
		"test._domainkey.football.example.com":     {"v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB"},
	})
	for _, name := range []string{"dkimpy/rfc6376.signed.msg", "mail_auth/dkim/001.txt"} {
		t.Run(name, func(t *testing.T) {
			raw, err := os.ReadFile(filepath.Join(folder, name))
			if err != nil {
				t.Fatal(err)
			}
			_, mail, found := strings.Cut(string(raw), "DKIM-Signature:") // a list of keys may stand in front
			if !found {
				t.Fatal("no signature in the file")
			}
			mail = "DKIM-Signature:" + mail
			if got := DKIM(t.Context(), strings.NewReader(mail), "football.example.com", keys); got.Reason != WeakSignature {
				t.Errorf("got %+v; want a refusal, as Content-Type is not covered", got)
			}
			if passed := verifyAll(t, mail, keys); passed != 2 {
				t.Errorf("got %d valid signatures; want 2", passed)
			}
			if passed := verifyAll(t, strings.Replace(mail, "hungry", "thirsty", 1), keys); passed != 0 {
				t.Errorf("changed: got %d valid signatures; want none", passed)
			}
		})
	}
}

// verifyAll counts the valid signatures, whatever they cover.
func verifyAll(t *testing.T, mail string, keys LookupTXT) int {
	t.Helper()
	head, _, _ := strings.Cut(mail, "\n\n")
	fields, err := readHeader(bufio.NewReader(strings.NewReader(head + "\n\n")))
	if err != nil {
		t.Fatal(err)
	}
	passed := 0
	for i, field := range fields {
		s, ok := parseSignature(field.Value)
		if lower(field.Name) != "dkim-signature" || !ok {
			continue
		}
		key, err := keys(t.Context(), s.keyName())
		if err != nil {
			t.Fatal(err)
		}
		f := findings{usable: []candidate{{s, i, key}}}
		if err := f.verify(fields, strings.NewReader(mail[len(head)+2:])); err != nil {
			t.Fatal(err)
		}
		if f.passed != "" {
			passed++
		}
	}
	return passed
}

func FuzzDKIM(f *testing.F) {
	f.Add([]byte(crlf(reply)), domain)
	f.Add([]byte("DKIM-Signature: v=1; a=rsa-sha256; d=firma.example; s=s; h=from:to:subject:date:content-type; bh=AA==; b=AA==\r\n"+crlf(reply)), domain)
	f.Add([]byte("DKIM-Signature: d=a;;=;s=\r\n\r\n"), "a.example")
	keys := Keys(map[string][]string{"s._domainkey.firma.example": {"v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="}})
	f.Fuzz(func(t *testing.T, raw []byte, from string) {
		got := DKIM(t.Context(), strings.NewReader(string(raw)), from, keys)
		if got.Verdict == Pass {
			t.Errorf("passed without the key: %q", raw)
		}
		if !fit(got.Why) || got.Reason == "" {
			t.Errorf("got %+v; want a reason in plain words", got)
		}
	})
}

func BenchmarkDKIM25MB(b *testing.B) {
	mail := "DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed/relaxed; d=firma.example; s=s; h=from:to:subject:date:content-type; bh=AA==; b=AA==\r\n" +
		crlf(reply) + strings.Repeat(strings.Repeat("x", 76)+"\r\n", 25<<20/78)
	keys := Keys(map[string][]string{"s._domainkey.firma.example": {"v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="}})
	b.SetBytes(int64(len(mail)))
	b.ReportAllocs()
	for b.Loop() {
		DKIM(b.Context(), strings.NewReader(mail), domain, keys)
	}
}
