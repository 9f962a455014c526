package config

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"text/template"
	"time"
)

//go:embed init.yaml.tmpl
var initTemplate string

// Answers are what dpobot init asks for. Everything else has a default that the
// file explains.
type Answers struct {
	Controller     string // name of the company
	Country        string // ISO 3166, as in FI
	Mailbox        string // the address to which people write
	IMAPHost       string // host or host:port; the port tells TLS (993) from STARTTLS (143)
	SMTPHost       string // host or host:port; the port tells TLS (465) from STARTTLS (587, 25)
	OfficerName    string // the data protection officer
	OfficerAddress string // where the officer reads mail; may be the mailbox
	Language       string // fi, sv or en: of the officer, and the first in which people are answered
}

// Check tells what is wrong with each answer, by the field's name; the map is
// empty when Init can write a configuration from them.
func (a Answers) Check() map[string]string {
	wrong := map[string]string{}
	note := func(field string, p *problem) {
		if p != nil {
			wrong[field] = p.what + "; " + p.mend
		}
	}
	var (
		country  Country
		address  Address
		language Language
		server   Server
	)
	if strings.TrimSpace(a.Controller) == "" {
		note("Controller", &problem{"is empty", "write the name of the company"})
	}
	if strings.TrimSpace(a.OfficerName) == "" {
		note("OfficerName", &problem{"is empty", "write the name of the data protection officer"})
	}
	note("Country", country.parse(a.Country))
	note("Mailbox", address.parse(a.Mailbox))
	note("OfficerAddress", address.parse(a.OfficerAddress))
	note("Language", language.parse(a.Language))
	if wrong["Language"] == "" && !slices.Contains(builtIn(), language) {
		note("Language", &problem{"is no language of dpobot's mails", "write fi, sv or en"})
	}
	_, p := parseServer("imaps://"+a.IMAPHost, imapPorts, "write a host, as in mail.example.org", &server)
	note("IMAPHost", p)
	_, p = parseServer("smtps://"+a.SMTPHost, smtpPorts, "write a host, as in mail.example.org", &server)
	note("SMTPHost", p)
	return wrong
}

// Init is a commented configuration made from a few answers. It loads once the
// files that it names are there: imap.password and smtp.password, and
// customers.csv in the place of which the operator describes the registers.
func Init(a Answers) []byte {
	languages := []string{strings.ToLower(a.Language)}
	for _, l := range builtIn() {
		if string(l) != languages[0] {
			languages = append(languages, string(l))
		}
	}
	var b bytes.Buffer
	t := template.Must(template.New("init").Funcs(template.FuncMap{"quote": quote}).Parse(initTemplate))
	err := t.Execute(&b, map[string]any{
		"Answers":   a,
		"Country":   strings.ToUpper(a.Country),
		"Language":  languages[0],
		"Languages": strings.Join(languages, ", "),
		"IMAP":      startURL("imap", a.Mailbox, a.IMAPHost, "143") + "/INBOX",
		"SMTP":      startURL("smtp", a.Mailbox, a.SMTPHost, "587", "25"),
		"Today":     time.Now().Format(time.DateOnly),
		"Own":       strings.EqualFold(a.Mailbox, a.OfficerAddress),
	})
	if err != nil {
		panic("config: init.yaml.tmpl: " + err.Error()) // the template is ours
	}
	return b.Bytes()
}

// startURL is the url of the account; a port that is known for STARTTLS gives
// the scheme without the s.
func startURL(scheme, user, host string, startTLS ...string) string {
	if strings.ContainsAny(user, "/?#%:[]") {
		user = url.User(user).String()
	}
	for _, port := range startTLS {
		if strings.HasSuffix(host, ":"+port) {
			return scheme + "://" + user + "@" + host
		}
	}
	return scheme + "s://" + user + "@" + host
}

// quote is the text as a YAML double-quoted scalar, of which JSON's strings are
// a part, with ${ kept from being taken for a variable.
func quote(text string) (string, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(strings.ReplaceAll(strings.TrimSpace(text), "${", "$${"))
	return strings.TrimRight(b.String(), "\n"), err
}
