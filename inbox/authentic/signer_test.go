//go:debug rsa1024min=0
package authentic

import (
	"bytes"
	"crypto"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"fmt"
	"regexp"
	"strings"
	"testing"
)

// signing is how a test mail is signed. It is written here and not taken from go-msgauth, which refuses
// to make most of the signatures that have to be refused.
type signing struct {
	key      crypto.Signer
	domain   string
	selector string
	cover    []string
	simple   bool   // c=simple/simple instead of relaxed/relaxed
	limit    int    // l=, 0 without
	sha1     bool   // a=rsa-sha1
	tags     string // more tags, such as "x=12; "
}

var usualCover = []string{"From", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "MIME-Version", "Content-Type"}

// sign puts a DKIM-Signature in front of a mail with CRLF line ends.
func sign(t *testing.T, mail string, s signing) string {
	t.Helper()
	head, body, _ := strings.Cut(mail, "\r\n\r\n")
	head += "\r\n"
	canonical := canonicalBody(body, s.simple)
	limit := ""
	if s.limit > 0 {
		canonical = canonical[:s.limit]
		limit = fmt.Sprintf("l=%d; ", s.limit)
	}
	algorithm, hash, bodyHash := "rsa-sha256", crypto.SHA256, base64.StdEncoding.EncodeToString(sum256(canonical))
	if _, ed := s.key.(ed25519.PrivateKey); ed {
		algorithm = "ed25519-sha256"
	}
	if s.sha1 {
		digest := sha1.Sum([]byte(canonical))
		algorithm, hash, bodyHash = "rsa-sha1", crypto.SHA1, base64.StdEncoding.EncodeToString(digest[:])
	}
	way := "relaxed/relaxed"
	if s.simple {
		way = "simple/simple"
	}
	field := fmt.Sprintf("DKIM-Signature: v=1; a=%s; c=%s; d=%s; s=%s; %s%s\r\n h=%s;\r\n bh=%s; b=",
		algorithm, way, s.domain, s.selector, limit, s.tags, strings.Join(s.cover, ":"), bodyHash)
	var data strings.Builder
	left := regexp.MustCompile(`(?m)^[^ \t](?:[^\r]|\r\n[ \t])*\r\n`).FindAllString(head, -1)
	for _, name := range s.cover {
		for i := len(left) - 1; i >= 0; i-- {
			if strings.EqualFold(strings.SplitN(left[i], ":", 2)[0], name) {
				data.WriteString(canonicalField(left[i], s.simple))
				left = append(left[:i:i], left[i+1:]...)
				break
			}
		}
	}
	data.WriteString(strings.TrimSuffix(canonicalField(field+"\r\n", s.simple), "\r\n"))
	return field + base64.StdEncoding.EncodeToString(signed(t, s.key, hash, data.String())) + "\r\n" + mail
}

func signed(t *testing.T, key crypto.Signer, hash crypto.Hash, data string) []byte {
	t.Helper()
	digest, by := sum256(data), crypto.SignerOpts(hash)
	if hash == crypto.SHA1 {
		d := sha1.Sum([]byte(data))
		digest = d[:]
	}
	if _, ed := key.(ed25519.PrivateKey); ed {
		by = crypto.Hash(0) // RFC 8463, 3: the hash itself is what is signed
	}
	signature, err := key.Sign(rand.Reader, digest, by)
	if err != nil {
		t.Fatal(err)
	}
	return signature
}

func sum256(s string) []byte {
	d := sha256.Sum256([]byte(s))
	return d[:]
}

var blanks = regexp.MustCompile(`[ \t]+`)

func canonicalField(f string, simple bool) string {
	if simple {
		return f
	}
	name, value, _ := strings.Cut(strings.ReplaceAll(f, "\r\n", ""), ":")
	return strings.ToLower(name) + ":" + strings.TrimSpace(blanks.ReplaceAllString(value, " ")) + "\r\n"
}

func canonicalBody(body string, simple bool) string {
	lines := strings.Split(strings.TrimSuffix(body, "\r\n"), "\r\n")
	if !simple {
		for i, line := range lines {
			lines[i] = strings.TrimRight(blanks.ReplaceAllString(line, " "), " ")
		}
	}
	for len(lines) > 0 && lines[len(lines)-1] == "" {
		lines = lines[:len(lines)-1]
	}
	if len(lines) == 0 && !simple {
		return ""
	}
	return strings.Join(lines, "\r\n") + "\r\n"
}

func rsaKey(t *testing.T, bits int) *rsa.PrivateKey {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// record is the TXT value for a key.
func record(t *testing.T, key crypto.Signer) string {
	t.Helper()
	if ed, ok := key.(ed25519.PrivateKey); ok {
		return "v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(ed.Public().(ed25519.PublicKey))
	}
	der, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		t.Fatal(err)
	}
	return "v=DKIM1; k=rsa; p=" + base64.StdEncoding.EncodeToString(der)
}

// crlf writes a mail of a test with the line ends of the wire.
func crlf(s string) string {
	return string(bytes.ReplaceAll([]byte(s), []byte("\n"), []byte("\r\n")))
}

// fit tells whether words can be shown: there are some, not many, and all printable ASCII.
func fit(words string) bool {
	return words != "" && len(words) < 300 && !strings.ContainsFunc(words, func(r rune) bool { return r < ' ' || r > '~' })
}
