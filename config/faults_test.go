package config

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// faultsOf loads the text in the folder and gives every fault.
func faultsOf(t testing.TB, dir, text string) Faults {
	t.Helper()
	_, err := load(filepath.Join(dir, "dpobot.yaml"), []byte(text))
	var faults Faults
	if err != nil && !errors.As(err, &faults) {
		t.Fatalf("got a %T, want Faults", err)
	}
	return faults
}

// TestEveryFaultAtOnce reads a configuration in which nearly everything is
// wrong. Read the golden file as an operator would.
func TestEveryFaultAtOnce(t *testing.T) {
	src, err := os.ReadFile(filepath.Join("testdata", "faults.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	got := strings.ReplaceAll(faultsOf(t, dir, string(src)).Error()+"\n", dir+string(filepath.Separator), "")
	if strings.Contains(got, "hunter2") {
		t.Error("a fault repeats a password")
	}
	golden := filepath.Join("testdata", "faults.golden")
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// with is the worked example with one text put in the place of another.
func with(t testing.TB, old, text string) string {
	t.Helper()
	if strings.Count(worked, old) != 1 {
		t.Fatalf("%q stands %d times in the example, want once", old, strings.Count(worked, old))
	}
	return strings.Replace(worked, old, text, 1)
}

const (
	imapLine = `imap: {url: imaps://tietosuoja@mail.powercompetence.example/INBOX, password_file: imap.password, sent: Sent, poll: 60s}`
	smtpLine = `smtp: {url: smtps://tietosuoja@mail.powercompetence.example, password_file: smtp.password}`
	sqlLine  = `sql: {dsn: "sqlite:customers.db", table: customers, key: id}`
	redis    = `redis: {managed: state}`
)

// TestOneFault changes one thing in the worked example and wants one fault, at its key.
func TestOneFault(t *testing.T) {
	for _, row := range []struct {
		name, old, text string
		path, says      string
	}{
		{"unknown key", "closed_cases: 730d", "closed_cases: 730d, open_cases: 1d", "retention.open_cases", "unknown key"},
		{"misspelled key", "country: FI", "county: FI", "controller.county", "did you mean country?"},
		{"key of another part", "authserv_id: mail", "move_to: Done\n  authserv_id: mail", "mailbox.move_to", "it belongs under mailbox.imap"},
		{"missing key", "name: Pauli Vuorio, ", "", "handlers[0].name", "is missing"},
		{"empty value", "name: Pauli Vuorio", "name: ", "handlers[0].name", "is empty"},
		{"key twice", "country: FI,", "country: FI, country: SE,", "", "stands twice"},
		{"unknown country", "country: FI", "country: US", "controller.country", "not a country"},
		{"unknown time zone", "Europe/Helsinki", "Helsinki", "controller.timezone", "is no time zone"},
		{"language without mails", "languages: [fi, sv, en]", "languages: [fi, de]", "controller.languages[1]", "no mails in"},
		{"language twice", "languages: [fi, sv, en]", "languages: [fi, fi]", "controller.languages[1]", "stands twice"},
		{"no language", "languages: [fi, sv, en]", "languages: [suomi]", "controller.languages[0]", "not the code of a language"},
		{"address with a name", "address: pauli.vuorio@powercompetence.example", "address: Pauli <p@example.org>", "handlers[0].address", "is no mail address"},
		{"trust", "trust: dkim", "trust: dkimm", "handlers[0].trust", "did you mean dkim?"},
		{"only deputies", "trust: dkim", "trust: dkim, deputy: 1", "handlers", "deputies alone"},
		{"no handlers", `- {name: Pauli Vuorio, address: pauli.vuorio@powercompetence.example, language: fi, trust: dkim}`, "[]", "handlers", "names nobody"},
		{"password in the url", "imaps://tietosuoja@mail", "imaps://tietosuoja:hunter2@mail", "mailbox.imap.url", "holds a password"},
		{"scheme", "imaps://", "pop3s://", "mailbox.imap.url", "does not begin with"},
		{"no user", "imaps://tietosuoja@", "imaps://", "mailbox.imap.url", "names no user"},
		{"bad port", "mail.powercompetence.example/INBOX", "mail.powercompetence.example:99999/INBOX", "mailbox.imap.url", "port"},
		{"no url", "imaps://tietosuoja@mail.powercompetence.example/INBOX", `"imaps://tieto suoja@mail"`, "mailbox.imap.url", "is not a url"},
		{"starttls over TLS", "sent: Sent", "sent: Sent, starttls: required", "mailbox.imap.starttls", "has no use for it"},
		{"plain text elsewhere", imapLine, `imap: {url: imap://tietosuoja@mail.example/INBOX, starttls: off, password_file: imap.password}`, "mailbox.imap.starttls", "plain text"},
		{"plain mail elsewhere", smtpLine, `smtp: {url: "smtp://192.0.2.1:25", starttls: off}`, "mailbox.smtp.starttls", "plain text"},
		{"no password", imapLine, `imap: {url: imaps://tietosuoja@mail.example}`, "mailbox.imap.password_file", "is missing"},
		{"no file", "password_file: smtp.password", "password_file: nowhere", "mailbox.smtp.password_file", "no such file"},
		{"secret in the file", "password_file: smtp.password", "password: hunter2", "mailbox.smtp.password", "plain sight"},
		{"both ways", "password_file: smtp.password", "password_file: smtp.password, password: '${X}'", "mailbox.smtp.password", "stands here and in"},
		{"password without a user", smtpLine, `smtp: {url: smtps://mail.example, password_file: smtp.password}`, "mailbox.smtp.url", "names no user"},
		{"token without an address", imapLine, `imap: {url: imaps://t@mail.example, oauth2: {client_id: x}}`, "mailbox.imap.oauth2.token_url", "is missing"},
		{"token beside a password", "sent: Sent", "sent: Sent, oauth2: {}", "mailbox.imap.oauth2", "beside a password"},
		{"number without a unit", "poll: 60s", "poll: 60", "mailbox.imap.poll", "without a unit"},
		{"too short", "poll: 60s", "poll: 10ms", "mailbox.imap.poll", "shorter than a second"},
		{"sent is read", "sent: Sent", "sent: INBOX", "mailbox.imap.sent", "folder that is read"},
		{"no certificate", "ca_file: ca.pem", "ca_file: imap.password", "mailbox.ca_file", "no certificate"},
		{"ca missing", "ca_file: ca.pem", "ca_file: other.pem", "mailbox.ca_file", "no such file"},
		{"redis in plain text", redis, "redis: {url: redis://redis.example:6379}", "redis.url", "plain text"},
		{"redis twice", redis, "redis: {managed: state, url: redis://localhost}", "redis", "more than one server"},
		{"redis database", redis, "redis: {url: redis://localhost/abc}", "redis.url", "number of a database"},
		{"empty cluster", redis, "redis: {urls: []}", "redis.urls", "names no server"},
		{"time", `at: "08:00"`, `at: "8 o'clock"`, "digest.at", "no time of day"},
		{"day of the week", "days: workdays", "days: [mon, mon]", "digest.days[1]", "no further day"},
		{"days", "14d", "14x", "digest.remind[0]", "is no period"},
		{"no period", "730d", "2.5y", "retention.closed_cases", "is no period"},
		{"register's name", "name: asiakasrekisteri", "name: asiakas rekisteri", "registers[0].name", "no plain name"},
		{"no kind", sqlLine, "", "registers[0]", "kind of register"},
		{"two kinds", sqlLine, sqlLine + "\n    person: {name: A, address: a@example.org}", "registers[0]", "more than one kind"},
		{"no database", "sqlite:customers.db", "sqlite:nowhere.db", "registers[0].sql.dsn", "cannot be found"},
		{"unknown database", "sqlite:customers.db", "oracle:x", "registers[0].sql.dsn", "no address of a database"},
		{"password in a dsn", "sqlite:customers.db", "postgres://u:hunter2@db/x", "registers[0].sql.dsn", "holds a password"},
		{"password in a mysql dsn", "sqlite:customers.db", "u:hunter2@tcp(db)/x", "registers[0].sql.dsn", "holds a password"},
		{"password as a word", "sqlite:customers.db", "postgres://db/x?user=u&password=hunter2", "registers[0].sql.dsn", "holds a password"},
		{"no key", ", key: id", "", "registers[0].sql.key", "is missing"},
		{"no table", "table: customers, ", "", "registers[0].sql.table", "is missing"},
		{"token twice", imapLine, `imap: {url: imaps://t@mail.example, oauth2: {token_url: https://x.example, access_token_file: imap.password}}`, "mailbox.imap.oauth2", "token_url and an access_token_file"},
		{"token without a client", imapLine, `imap: {url: imaps://t@mail.example, oauth2: {token_url: https://x.example}}`, "mailbox.imap.oauth2.client_id", "is missing"},
		{"token without a secret", imapLine, `imap: {url: imaps://t@mail.example, oauth2: {token_url: https://x.example, client_id: x}}`, "mailbox.imap.oauth2", "neither client_secret_file nor"},
		{"token in plain text", imapLine, `imap: {url: imaps://t@mail.example, oauth2: {token_url: http://x.example, client_id: x, client_secret_file: imap.password}}`, "mailbox.imap.oauth2.token_url", "is http"},
		{"no sheet", sqlLine, "sheet: {file: ca.pem}", "registers[0].sheet.file", "no sheet"},
		{"delimiter", sqlLine, `sheet: {file: list.csv, delimiter: ";;"}`, "registers[0].sheet.delimiter", "not one character"},
		{"sheet of a text", sqlLine, `sheet: {file: list.csv, sheet: One}`, "registers[0].sheet.sheet", "means nothing"},
		{"encoding of a workbook", sqlLine, `sheet: {file: list.xlsx, encoding: utf-8}`, "registers[0].sheet.encoding", "means nothing"},
		{"unknown encoding", sqlLine, `sheet: {file: list.csv, encoding: latin1}`, "registers[0].sheet.encoding", "utf-8 or windows-1252"},
		{"no audience", sqlLine, `mailchimp: {key_file: imap.password}`, "registers[0].mailchimp.list", "is missing"},
		{"hook without a secret", sqlLine, `webhook: {url: https://x.example}`, "registers[0].webhook.secret_file", "is missing"},
		{"hook with a user", sqlLine, `webhook: {url: https://u@x.example, secret_file: imap.password}`, "registers[0].webhook.url", "names a user"},
		{"children of no table", sqlLine, `sql: {dsn: "sqlite:customers.db", statements: {find: x}, children: [{table: t, foreign_key: k}]}`, "registers[0].sql.children", "need the table"},
		{"anonymise what is deleted", "default: delete, ", "default: delete, anonymise: [name], ", "registers[0].erase.anonymise", "default: anonymise"},
		{"two registers of a name", "registers:\n", "registers:\n  - {name: asiakasrekisteri, person: {name: A, address: a@example.org}}\n", "registers[1].name", "another register's name"},
		{"folder for a file", "ca_file: ca.pem", "ca_file: .", "mailbox.ca_file", "is a folder"},
		{"device for a secret", "password_file: smtp.password", "password_file: /dev/zero", "mailbox.smtp.password_file", "a device"},
		{"device for a certificate", "ca_file: ca.pem", "ca_file: /dev/zero", "mailbox.ca_file", "a device"},
		{"file for a folder", redis, "templates: ca.pem", "templates", "is a file"},
		{"canary's server", redis, "canary: {smtp: {url: smtps://u@h.example}}", "canary.smtp.password_file", "is missing"},
		{"holiday twice", redis, "holidays: {extra: [{date: 2026-12-24, name: A}, {date: 2026-12-24, name: B}]}", "holidays.extra[1].date", "stands twice"},
		{"review before approval", redis, "procedure: {approved: 2026-02-01, review: 2026-01-01}", "procedure.review", "before the approval"},
		{"own alias", "authserv_id: mail", "aliases: [TIETOSUOJA@powercompetence.example]\n  authserv_id: mail", "mailbox.aliases", "own address"},
		{"no language of a text", "en: Name}, change", "en: }, change", "registers[0].fields.name.title.en", "is empty"},
		{"list of fields", "sql: {dsn", "fields_: [a]\n    sql: {dsn", "registers[0].fields_", "did you mean fields?"},
		{"sentinel in plain text", redis, "redis: {sentinel: {master: m, urls: ['redis://s.example:26379']}}", "redis.sentinel.urls[0]", "plain text"},
		{"cluster's database", redis, "redis: {urls: [redis://localhost/1]}", "redis.urls[0]", "names a database"},
		{"password of the private server", redis, "redis: {managed: state, password_file: imap.password}", "redis", "needs none"},
		{"unknown statement", "key: id}", "key: id, statements: {finnd: x}}", "registers[0].sql.statements.finnd", "ever used"},
		{"no address to find by", "identify: {email: email, name: name}", "identify: {name: name}", "registers[0].identify.email", "is missing"},
		{"control of a redacted field", "en: Name}, change: true", "en: Name}, redact: true, control: true", "registers[0].fields.name.control", "redact"},
		{"role of two fields", "en: Name}, change: true", "en: Name}, role: address}\n      other: {role: address", "registers[0].fields.other.role", "the role of"},
		{"role that identify denies", "en: Name}, change: true", "en: Name}, role: email", "registers[0].fields.name.role", "identify.email names"},
		{"whole address and its street", "en: Name}, change: true", "en: Name}, role: address}\n      other: {role: street", "registers[0].fields.other.role", "a part of"},
		{"unknown role", "en: Name}, change: true", "en: Name}, role: adress", "registers[0].fields.name.role", "address"},
		{"role in a child table", "key: id}", "key: id, children: [{table: o, foreign_key: c, fields: {where: {role: address}}}]}", "registers[0].sql.children[0].fields.where.role", "own fields"},
		{"no truth", "en: Name}, change: true", "en: Name}, change: yes", "registers[0].fields.name.change", "neither true nor false"},
		{"retention's end", "until: ledger", "until: ledgers", "registers[0].erase.retain[0].until", "no end of a retention"},
		{"retention of nothing", "fields: [name, address]", "fields: []", "registers[0].erase.retain[0].fields", "names no fields"},
		{"list for a text", "purposes: {fi: Asiakassuhteen hoitaminen, en: Customer relations}", "automated_decisions: [a, b]", "notice.automated_decisions", "is a list"},
		{"recipient twice", "recipients: [{name", "recipients: [Tili Minetti Oy, {name", "notice.recipients[1]", "named twice"},
		{"variable", "name: Power Competence Oy", "name: '${DPOBOT_NOT_SET}'", "controller.name", "DPOBOT_NOT_SET is not set"},
		{"no variable", "name: Power Competence Oy", "name: '${not a name}'", "controller.name", "name of an environment variable"},
		{"unknown alias", "name: Power Competence Oy", "name: *nobody", "", "not written above"},
		{"a group for a value", "poll: 60s", "poll: {a: 1}", "mailbox.imap.poll", "a single value is wanted"},
		{"a value for a group", redis, "redis: state", "redis", "a group of keys is wanted"},
		{"a value for a list", "languages: [fi, sv, en]", "languages: fi", "controller.languages", "a list is wanted"},
	} {
		t.Run(row.name, func(t *testing.T) {
			faults := faultsOf(t, folder(t), with(t, row.old, row.text))
			if len(faults) != 1 {
				t.Fatalf("got %d faults, want 1:\n%v", len(faults), faults)
			}
			f := faults[0]
			if f.Path != row.path || !strings.Contains(f.What+"; "+f.Mend, row.says) {
				t.Errorf("got %s, want %q at %s", f, row.says, row.path)
			}
			if f.Line == 0 || f.Column == 0 || f.Mend == "" {
				t.Errorf("got %d:%d and mend %q, want a place and a way to mend it", f.Line, f.Column, f.Mend)
			}
			if strings.Contains(f.String(), "hunter2") {
				t.Errorf("the fault repeats a password: %s", f)
			}
		})
	}
}

// TestWholeFile holds what is wrong with a file as such.
func TestWholeFile(t *testing.T) {
	// n registers with n children with n fields each, in 3n lines.
	many := func(n int) string {
		s := "a: &f {" + strings.Repeat("x, ", 1)
		for i := range n {
			s += fmt.Sprintf("f%d: {title: t}, ", i)
		}
		s += "}\nb: &c [" + strings.Repeat("{table: t, foreign_key: k, fields: *f}, ", n) + "]\n"
		return s + "registers: [" + strings.Repeat("{name: r, sql: {table: t, children: *c}}, ", n) + "]\n"
	}
	deep := strings.Repeat("[", 100_000)
	bomb := "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
	for c := 'b'; c <= 'k'; c++ {
		bomb += string(c) + ": &" + string(c) + " [" + strings.Repeat("*"+string(c-1)+", ", 10) + "]\n"
	}
	for _, row := range []struct{ name, text, says string }{
		{"empty", "", "is empty"},
		{"comments alone", "# nothing\n", "is empty"},
		{"a list", "- a\n- b\n", "not a list of keys"},
		{"two documents", worked + "---\ncontroller: {}\n", "a second document"},
		{"tabs", "controller:\n\tname: x\n", "is not YAML"},
		{"open bracket", "controller: {name: x\n", "is not YAML"},
		{"open quote", "mailbox: {password: \"hunter2\n", "is not YAML"},
		{"deep in brackets", "a: " + deep, "nested too deeply"},
		{"deep in dashes", strings.Repeat("- ", 100_000) + "a", "nested too deeply"},
		{"aliases of aliases", bomb + "registers: *k\n", "unknown key"},
		{"alias bomb", many(300), "repeats more than"},
	} {
		t.Run(row.name, func(t *testing.T) {
			faults := faultsOf(t, folder(t), row.text)
			if !strings.Contains(faults.Error(), row.says) {
				t.Errorf("got %.500s, want %q", faults.Error(), row.says)
			}
			if strings.Contains(faults.Error(), "hunter2") {
				t.Error("a fault repeats a password")
			}
		})
	}
}

func TestFileFaults(t *testing.T) {
	dir := t.TempDir()
	write := func(name string, content []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for _, row := range []struct {
		name, path, says string
		line             int
	}{
		{"missing", filepath.Join(dir, "nowhere.yaml"), "no such file", 0},
		{"a folder", dir, "cannot be read", 0},
		{"too large", write("large.yaml", make([]byte, MaxSize+1)), "larger than 1 MB", 0},
		{"not UTF-8", write("latin.yaml", []byte("a: b\nc: \xe4\n")), "not UTF-8", 2},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, err := Load(row.path)
			var faults Faults
			if !errors.As(err, &faults) || len(faults) != 1 {
				t.Fatalf("got %v, want one fault", err)
			}
			if f := faults[0]; !strings.Contains(f.What, row.says) || f.Line != row.line || f.File != row.path {
				t.Errorf("got %s, want %q at line %d", f, row.says, row.line)
			}
		})
	}
}
