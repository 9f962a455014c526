package config

import (
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"math/big"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// worked is the example of the design, in its flow style.
const worked = `
controller: {name: Power Competence Oy, business_id: 2356859-8, address: "PL 102, 33101 Tampere", country: FI, timezone: Europe/Helsinki, languages: [fi, sv, en]}
handlers:
  - {name: Pauli Vuorio, address: pauli.vuorio@powercompetence.example, language: fi, trust: dkim}     # dkim | server | secret
mailbox:
  address: tietosuoja@powercompetence.example
  imap: {url: imaps://tietosuoja@mail.powercompetence.example/INBOX, password_file: imap.password, sent: Sent, poll: 60s}   # imap:// + starttls: required|off ; oauth2: {...}
  smtp: {url: smtps://tietosuoja@mail.powercompetence.example, password_file: smtp.password}      # smtp:// + starttls: required|off
  authserv_id: mail.powercompetence.example
  ca_file: ca.pem                        # only where the server's certificate is private
redis: {managed: state}                  # a private redis-server; or {url: redis://127.0.0.1:6379/0}, rediss://, several hosts, sentinel
keys: {keyset_file: dpobot.keys}
digest: {at: "08:00", days: workdays, remind: [14d, 7d, 3d, 1d]}
erasure: {grace: 24h}
retention: {closed_cases: 730d}
registers:
  - name: asiakasrekisteri
    title: {fi: Asiakasrekisteri, sv: Kundregister, en: Customer register}
    sql: {dsn: "sqlite:customers.db", table: customers, key: id}
    identify: {email: email, name: name}
    telephone: phone
    fields:
      name:  {title: {fi: Nimi, sv: Namn, en: Name}, change: true}
      email: {title: {fi: Sähköpostiosoite, en: E-mail address}, change: true}
    erase: {default: delete, retain: [{fields: [name, address], ground: {fi: Kirjanpitolaki 2:10, en: Accounting Act 2:10}, until: ledger}]}
notice:
  purposes: {fi: Asiakassuhteen hoitaminen, en: Customer relations}
  recipients: [{name: Tili Minetti Oy, purpose: {fi: Kirjanpito, en: Bookkeeping}, contact: tietosuoja@tiliminetti.example}]
  transfers: [{country: {fi: Yhdysvallat, en: United States}, safeguard: {fi: Vakiolausekkeet, en: Standard contractual clauses}}]
  authority: {name: {fi: Tietosuojavaltuutettu, en: Data Protection Ombudsman}, web: https://tietosuoja.fi}
`

// testCertificate is a certificate that signs itself.
func testCertificate(t testing.TB) string {
	t.Helper()
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, public, private)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
}

// folder is a temporary folder with the files that the worked example names.
func folder(t testing.TB, names ...string) string {
	t.Helper()
	dir := t.TempDir()
	if len(names) == 0 {
		names = []string{"imap.password", "smtp.password", "ca.pem", "customers.db", "dpobot.keys", "list.csv", "list.xlsx"}
	}
	for _, name := range names {
		content := "secret of " + name + "\n"
		if filepath.Ext(name) == ".pem" {
			content = testCertificate(t)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestWorkedExample(t *testing.T) {
	dir := folder(t)
	file := filepath.Join(dir, "dpobot.yaml")
	if err := os.WriteFile(file, []byte(worked), 0o644); err != nil {
		t.Fatal(err)
	}
	c, err := Load(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		name      string
		got, want any
	}{
		{"handler", c.Handlers[0].Address.Reveal(), "pauli.vuorio@powercompetence.example"},
		{"user", c.Mailbox.IMAP.URL.User, "tietosuoja"},
		{"imap server", c.Mailbox.IMAP.URL.Addr(), "mail.powercompetence.example:993"},
		{"folder", c.Mailbox.IMAP.URL.Folder, "INBOX"},
		{"smtp server", c.Mailbox.SMTP.URL.Addr(), "mail.powercompetence.example:465"},
		{"security", c.Mailbox.SMTP.Security, ImplicitTLS},
		{"ca file", c.Mailbox.CAFile, File(filepath.Join(dir, "ca.pem"))},
		{"managed", c.Redis.Managed, File(filepath.Join(dir, "state"))},
		{"zone", c.Controller.Timezone.String(), "Europe/Helsinki"},
		{"at", c.Digest.At.String(), "08:00"},
		{"workdays", c.Digest.Days.Workdays, true},
		{"retention", c.Retention.ClosedCases, Period{Days: 730}},
		{"business id", c.Controller.BusinessID, "2356859-8"},
		{"field order", c.Registers[0].Fields[1].Name, "email"},
		{"until", c.Registers[0].Erase.Retain[0].Until.Rule, UntilLedger},
		{"kind", c.Registers[0].Kind(), KindSQL},
		{"notified", c.Notice.Recipients[0].Address.Reveal(), "tietosuoja@tiliminetti.example"},
	} {
		if row.got != row.want {
			t.Errorf("%s: got %v, want %v", row.name, row.got, row.want)
		}
	}
	if got, err := c.Mailbox.IMAP.Password.Read(); err != nil || got != "secret of imap.password" {
		t.Errorf("password: got %q, %v", got, err)
	}
	if got, err := c.Registers[0].SQL.DSN.Read(); err != nil || got != "sqlite:"+filepath.Join(dir, "customers.db") {
		t.Errorf("dsn: got %q, %v", got, err)
	}
}

// exampleFolder has every file that the commented example names anywhere.
func exampleFolder(t testing.TB) string {
	dir := folder(t, "imap.password", "smtp.password", "ca.pem", "customers.db", "dpobot.keys", "client.secret",
		"refresh.token", "access.token", "sentinel.password", "redis.password", "customers.dsn", "db.password", "list.csv", "list.xlsx",
		"mailchimp.key", "webhook.secret", "dkim.keys", "dkim.pem", "other.password")
	for _, name := range []string{"templates", "lexicon"} {
		if err := os.Mkdir(filepath.Join(dir, name), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "lexicon", "fi.yaml"), []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestExampleLoads(t *testing.T) {
	c, err := load(filepath.Join(folder(t), "dpobot.yaml"), Example())
	if err != nil {
		t.Fatal(err)
	}
	for _, finding := range c.Lint() {
		t.Errorf("lint: got %s, want nothing", finding.Fault)
	}
}

// TestExampleOptions takes the comment from each key that is commented out, one
// at a time: what the example shows has to work.
func TestExampleOptions(t *testing.T) {
	t.Setenv("IMAP_PASSWORD", "x")
	t.Setenv("MAILCHIMP_KEY", "x")
	dir := exampleFolder(t)
	option := regexp.MustCompile(`^( *)# ((- \{)?[a-z_]+: .*)$`)
	// Ways that exclude each other are shown side by side.
	excludes := regexp.MustCompile(`stands twice|stands here and in|more than one server|stands beside a password|private server needs none|has no use for it|only with default: anonymise`)
	lines := strings.Split(string(Example()), "\n")
	tried := 0
	for i, line := range lines {
		m := option.FindStringSubmatch(line)
		if m == nil || strings.HasPrefix(m[2], "yaml-language-server") {
			continue
		}
		tried++
		changed := slices.Clone(lines)
		changed[i] = m[1] + m[2]
		_, err := load(filepath.Join(dir, "dpobot.yaml"), []byte(strings.Join(changed, "\n")))
		var faults Faults
		errors.As(err, &faults)
		for _, f := range faults {
			if !excludes.MatchString(f.What) {
				t.Errorf("line %d (%s): got %s", i+1, m[2], f)
			}
		}
	}
	if tried < 40 {
		t.Errorf("got %d options, want the example's 40 and more", tried)
	}
}
