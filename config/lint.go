package config

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unicode"
)

// Finding is something that Lint has to say.
type Finding struct {
	Fault
	Refused bool // an answer that says this would be wrong, not just incomplete
}

// Lint looks at what people would be told: what the law asks for and is not
// there, languages without a text, and what no longer holds. It also names what
// loads but is hardly meant. It is empty when nothing is to be said.
func (c *Config) Lint() []Finding {
	l := &linter{c: c}
	l.handlers()
	l.notice()
	l.registers()
	l.transfers()
	l.languages(reflect.ValueOf(c).Elem(), "")
	return l.findings
}

type linter struct {
	c        *Config
	findings []Finding
}

func (l *linter) say(refused bool, path, what, mend string) {
	d := decoder{lines: l.c.lines}
	at := d.position(path)
	l.findings = append(l.findings, Finding{Fault{File: l.c.File, Line: at.line, Column: at.column, Path: path, What: what, Mend: mend}, refused})
}

func (l *linter) handlers() {
	for i, h := range l.c.Handlers {
		if h.Trust == TrustSecret && h.Address.Domain() != l.c.Mailbox.Address.Domain() {
			l.say(false, fmt.Sprintf("handlers[%d].trust", i), "trust: secret is for mail that never leaves the server, and this address is of another domain than the mailbox", "use trust: dkim or server")
		}
	}
}

func (l *linter) notice() {
	n := l.c.Notice
	for _, part := range []struct {
		key     string
		missing bool
		what    string
	}{
		{"categories", len(n.Categories) == 0, "the categories of personal data (Art. 15(1)(b) GDPR)"},
		{"recipients", len(n.Recipients) == 0, "the recipients by name (Art. 15(1)(c) GDPR); where there are none, purposes may say so"},
		{"automated_decisions", len(n.AutomatedDecisions) == 0, "whether there are automated decisions (Art. 15(1)(h) GDPR)"},
		{"authority", len(n.Authority.Name) == 0, "the authority to complain to (Art. 15(1)(f) GDPR)"},
	} {
		if part.missing {
			l.say(false, "notice."+part.key, "the answer would not name "+part.what, "write notice."+part.key)
		}
	}
	l.tellable(n.Recipients, "notice.recipients")
	for i, r := range l.c.Registers {
		if at := fmt.Sprintf("registers[%d].recipients", i); l.written(at) {
			own := slices.DeleteFunc(slices.Clone(r.Recipients), func(to Recipient) bool { return l.named(to.Name) })
			l.tellable(own, at)
		}
	}
}

// tellable names recipients that have no mail address.
func (l *linter) tellable(recipients []Recipient, path string) {
	for i, r := range recipients {
		if r.Address == "" {
			l.say(false, fmt.Sprintf("%s[%d].contact", path, i), "this recipient has no e-mail address, so a handler has to tell them of each change and erasure by hand (Art. 19 GDPR)", "write the recipient's e-mail address")
		}
	}
}

// named tells whether the notice names the recipient.
func (l *linter) named(name string) bool {
	return slices.ContainsFunc(l.c.Notice.Recipients, func(r Recipient) bool { return r.Name == name })
}

func (l *linter) registers() {
	for i, r := range l.c.Registers {
		for _, f := range r.Fields {
			if f.Implied {
				l.say(false, fmt.Sprintf("registers[%d].fields", i), "the field "+shown(f.Name)+" is used but not described, so people would read "+shown(f.Title.In("en")), "write "+f.Name+": {title: ...} there")
			}
		}
		for _, part := range []struct {
			key, notice string
			missing     bool
			what        string
		}{
			{"purpose", "purposes", len(r.Purpose) == 0, "what the data is used for (Art. 15(1)(a) GDPR)"},
			{"legal_basis", "legal_basis", len(r.LegalBasis) == 0, "the legal basis (Art. 13(1)(c) GDPR)"},
			{"retention", "retention", len(r.Retention) == 0, "how long the data is kept (Art. 15(1)(d) GDPR)"},
			{"source", "source", len(r.Source) == 0, "where the data comes from (Art. 15(1)(g) GDPR)"},
		} {
			if part.missing {
				l.say(false, fmt.Sprintf("registers[%d].%s", i, part.key), "the answer would not say "+part.what, "write "+part.key+" here, or notice."+part.notice+" for every register")
			}
		}
	}
}

func (l *linter) transfers() {
	l.safeguards(l.c.Notice.Transfers, "notice.transfers")
	for i, r := range l.c.Registers {
		if at := fmt.Sprintf("registers[%d].transfers", i); l.written(at) {
			l.safeguards(r.Transfers, at)
		}
	}
}

// invalid are grounds for a transfer that the Court of Justice has declared invalid.
var invalid = []struct{ name, why string }{
	{"privacyshield", "the Privacy Shield is no ground for a transfer since 2020 (C-311/18)"},
	{"safeharbor", "Safe Harbor is no ground for a transfer since 2015 (C-362/14)"},
	{"safeharbour", "Safe Harbor is no ground for a transfer since 2015 (C-362/14)"},
}

// safeguards refuses what was declared invalid, however it is spelt: "EU-US Privacy-Shield".
func (l *linter) safeguards(transfers []Transfer, path string) {
	for i, t := range transfers {
		if why := noLonger(t.Safeguard); why != "" {
			l.say(true, fmt.Sprintf("%s[%d].safeguard", path, i), why, "name the ground of today: an adequacy decision (such as the Data Privacy Framework, if the recipient is on its list) or standard contractual clauses")
		}
	}
}

func noLonger(safeguard Text) string {
	for _, text := range safeguard {
		letters := strings.Map(func(r rune) rune {
			if !unicode.IsLetter(r) {
				return -1
			}
			return unicode.ToLower(r)
		}, text)
		for _, ground := range invalid {
			if strings.Contains(letters, ground.name) {
				return ground.why
			}
		}
	}
	return ""
}

// written says whether the key stands in the file, and is no default.
func (l *linter) written(path string) bool {
	_, ok := l.c.lines[path]
	return ok
}

// languages finds texts that people of one of the controller's languages would
// read in another.
func (l *linter) languages(v reflect.Value, path string) {
	if text, ok := v.Interface().(Text); ok {
		l.text(text, path)
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() && v.Elem().Kind() == reflect.Struct {
			l.languages(v.Elem(), path)
		}
	case reflect.Slice:
		for i := range v.Len() {
			at := fmt.Sprintf("%s[%d]", path, i)
			if field, ok := v.Index(i).Interface().(Field); ok {
				at = path + "." + field.Name
			}
			l.languages(v.Index(i), at)
		}
	case reflect.Struct:
		for i, t := range tagsOf(v.Type()) {
			if t.name != "" && t.name != "-" {
				l.languages(v.Field(i), join(path, t.name))
			}
		}
	}
}

func (l *linter) text(text Text, path string) {
	if !l.written(path) || len(text) == 0 {
		return
	}
	var lacking []string
	for _, language := range l.c.Controller.Languages {
		if !text.Has(language) {
			lacking = append(lacking, string(language))
		}
	}
	if len(lacking) > 0 {
		l.say(false, path, "has no text in "+strings.Join(lacking, ", "), "add it, or people will read it in another language")
	}
}
