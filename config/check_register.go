package config

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"
)

func (k *checker) registers(c *Config) {
	if k.sound("registers") && len(c.Registers) == 0 {
		k.fault("registers", "names none, so every answer would say that nothing is held", "describe one; kind person is for what is kept by hand")
	}
	names := map[string]bool{}
	for i := range c.Registers {
		r := &c.Registers[i]
		at := fmt.Sprintf("registers[%d]", i)
		if names[r.Name] && k.sound(at+".name") {
			k.fault(at+".name", "is another register's name too", "give each register a name of its own")
		}
		names[r.Name] = true
		if p := plainName(r.Name); p != nil && k.sound(at+".name") {
			k.fault(at+".name", p.what, p.mend)
		}
		k.kind(r, c, at)
		k.identify(r, at)
		k.erase(r, at+".erase")
		k.fields(r.Fields, at+".fields")
		k.roles(r, at)
	}
}

// plainName keeps names fit for a key of the store and the name of a file.
func plainName(name string) *problem {
	bad := func(r rune) bool {
		return r != '-' && r != '_' && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z')
	}
	if name == "" || len(name) > 64 || strings.ContainsFunc(name, bad) {
		return &problem{"is no plain name", "use letters a to z, digits, - and _, at most 64; title is what people read"}
	}
	return nil
}

func (k *checker) kind(r *Register, c *Config, at string) {
	var kinds []string
	for _, kind := range []RegisterKind{KindSQL, KindSheet, KindMailchimp, KindWebhook, KindPerson} {
		if k.has(at + "." + string(kind)) {
			kinds = append(kinds, string(kind))
		}
	}
	if len(kinds) != 1 {
		what := "does not say what kind of register it is"
		if len(kinds) > 1 {
			what = "is of more than one kind: " + strings.Join(kinds, ", ")
		}
		k.fault(at, what, "write exactly one of sql, sheet, mailchimp, webhook and person")
		return
	}
	switch {
	case r.SQL != nil:
		k.sql(r.SQL, at+".sql")
	case r.Sheet != nil:
		k.sheet(r.Sheet, at+".sheet")
	case r.Mailchimp != nil:
		k.mailchimp(r.Mailchimp, at+".mailchimp")
	case r.Webhook != nil:
		k.certificates(at+".webhook.ca_file", r.Webhook.CAFile)
	case r.Person != nil:
		k.trust(r.Person.Trust, c.Mailbox.AuthservID, at+".person")
		k.mailLanguage(r.Person.Language, c, at+".person.language")
	}
}

func (k *checker) sql(s *SQL, at string) {
	for name := range s.Statements {
		what, _, _ := strings.Cut(name, ".") // change.FIELD, children.NAME
		if known := []string{"find", "read", "scan", "change", "erase", "retain", "anonymise", "children"}; !slices.Contains(known, what) {
			k.fault(at+".statements."+name, "no statement of this name is ever used", "write find, read, scan, change, change.FIELD, erase, retain or children.NAME")
		}
	}
	_, own := s.Statements["find"]
	switch {
	case k.bad[at+".table"] || k.bad[at+".statements"]:
	case s.Table == "" && !own:
		k.fault(at+".table", "is missing", "name the table with one row a person, or write statements: {find: ...}")
	case s.Table != "" && s.Key == "":
		k.fault(at+".key", "is missing", "name the column that tells the rows apart")
	case s.Table == "" && len(s.Children) > 0:
		k.fault(at+".children", "need the table and key that they belong to", "write table and key")
	}
	for i, child := range s.Children {
		k.fields(child.Fields, fmt.Sprintf("%s.children[%d].fields", at, i))
	}
}

func (k *checker) sheet(s *Sheet, at string) {
	ending := strings.ToLower(filepath.Ext(string(s.File)))
	switch ending {
	case ".xlsx", ".xlsm":
		if s.Delimiter != "" {
			k.fault(at+".delimiter", "means nothing in a workbook", "remove it")
		}
		if s.Encoding != "" {
			k.fault(at+".encoding", "means nothing in a workbook", "remove it")
		}
	case ".csv", ".tsv", ".txt":
		if s.Sheet != "" {
			k.fault(at+".sheet", "means nothing in a CSV file", "remove it")
		}
	default:
		if k.sound(at + ".file") {
			k.fault(at+".file", "is no sheet that dpobot reads", "name a .csv or .xlsx file")
		}
	}
	if d := s.Delimiter; d != "" && d != `\t` && (utf8.RuneCountInString(d) != 1 || strings.ContainsAny(d, "\"\r\n")) {
		k.fault(at+".delimiter", "is not one character", `write ";" or "," or "\t"`)
	}
}

func (k *checker) mailchimp(m *Mailchimp, at string) {
	list, audience := k.has(at+".list"), k.has(at+".audience")
	switch {
	case list && audience:
		k.fault(at+".audience", "means the same as list", "keep one of the two")
	case m.List == "" && !k.bad[at+".list"] && !k.bad[at+".audience"]:
		k.fault(at+".list", "is missing", "write the audience id, from the audience's settings in Mailchimp")
	}
}

// identify wants the address: only it makes a match certain. Mailchimp knows
// the address by itself, and a keeper and a webhook are told what is known.
func (k *checker) identify(r *Register, at string) {
	if r.SQL == nil && r.Sheet == nil || r.SQL != nil && r.SQL.Table == "" {
		return
	}
	if r.Identify.Email == "" && !k.bad[at+".identify"] && !k.bad[at+".identify.email"] {
		k.fault(at+".identify.email", "is missing, so nobody would ever be found with certainty", "write identify: {email: ...} with the field that holds the address")
	}
}

func (k *checker) fields(fields []Field, at string) {
	for _, f := range fields {
		path := at + "." + f.Name
		if f.Redact && f.Control {
			k.fault(path+".control", "asks the person for what redact keeps from them", "remove control or redact")
		}
	}
}

func (k *checker) erase(r *Register, at string) {
	for i, keep := range r.Erase.Retain {
		path := fmt.Sprintf("%s.retain[%d].fields", at, i)
		if len(keep.Fields) == 0 && k.sound(path) {
			k.fault(path, "names no fields", "write fields: [one, two], by the names of fields, groups or child tables")
		}
	}
	if len(r.Erase.Anonymise) > 0 && r.Erase.Default != EraseAnonymise && k.sound(at+".anonymise") {
		k.fault(at+".anonymise", "counts only with default: anonymise", "write default: anonymise, or remove it")
	}
}

func (k *checker) notice(n *Notice) {
	names := map[string]bool{}
	for i, r := range n.Recipients {
		if at := fmt.Sprintf("notice.recipients[%d]", i); r.Name != "" && names[r.Name] {
			k.fault(at, "is named twice", "keep one of the two")
		}
		names[r.Name] = true
	}
}
