package config

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// loadWith loads the worked example with one text in the place of another.
func loadWith(t *testing.T, old, text string) *Config {
	t.Helper()
	c, err := load(filepath.Join(folder(t), "dpobot.yaml"), []byte(with(t, old, text)))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestValues reads one thing of the worked example written otherwise.
func TestValues(t *testing.T) {
	imap := func(c *Config) any {
		m := c.Mailbox.IMAP
		return fmt.Sprint(m.URL.User, " ", m.URL.Addr(), " ", m.URL.Folder, " ", m.Security)
	}
	smtp := func(c *Config) any {
		s := c.Mailbox.SMTP
		return fmt.Sprint(s.URL.User, " ", s.URL.Addr(), " ", s.Security)
	}
	handler := func(c *Config) any { return c.Handlers[0].Address.Reveal() }
	poll := func(c *Config) any { return c.Mailbox.IMAP.Poll }
	closed := func(c *Config) any { return c.Retention.ClosedCases }
	until := func(c *Config) any { return c.Registers[0].Erase.Retain[0].Until }
	for _, row := range []struct {
		name, old, text string
		got             func(*Config) any
		want            any
	}{
		{"port and folder", "imaps://tietosuoja@mail.powercompetence.example/INBOX", "imaps://tietosuoja@mail.example:1993/Tietosuoja/Saapuneet", imap, "tietosuoja mail.example:1993 Tietosuoja/Saapuneet tls"},
		{"user with an @", "imaps://tietosuoja@mail.powercompetence.example/INBOX", "imaps://ts@example.org@mail.example", imap, "ts@example.org mail.example:993 INBOX tls"},
		{"user with an escaped @", "imaps://tietosuoja@mail.powercompetence.example/INBOX", "imaps://ts%40example.org@mail.example/inbox", imap, "ts@example.org mail.example:993 INBOX tls"},
		{"STARTTLS by default", "imaps://tietosuoja@mail", "imap://tietosuoja@mail", imap, "tietosuoja mail.powercompetence.example:143 INBOX starttls"},
		{"folder in UTF-8", "example/INBOX", "example/Lähetetyt%20viestit", imap, "tietosuoja mail.powercompetence.example:993 Lähetetyt viestit tls"},
		{"IDNA host", "mail.powercompetence.example/INBOX", "Mäil.example/INBOX", imap, "tietosuoja xn--mil-qla.example:993 INBOX tls"},
		{"plain text to this machine", smtpLine, `smtp: {url: "smtp://127.0.0.1:2525", starttls: off}`, smtp, " 127.0.0.1:2525 plain"},
		{"plain text to localhost", smtpLine, `smtp: {url: "smtp://localhost", starttls: "off"}`, smtp, " localhost:587 plain"},
		{"plain text over IPv6", smtpLine, `smtp: {url: "smtp://[::1]:25", starttls: off}`, smtp, " [::1]:25 plain"},
		{"address folded", "pauli.vuorio@powercompetence.example", "Pauli.Vuorio@PowerCompetence.Example", handler, "pauli.vuorio@powercompetence.example"},
		{"address in IDNA", "pauli.vuorio@powercompetence.example", "pauli@sähkö.example", handler, "pauli@xn--shk-qla6g.example"},
		{"the officer's own mailbox", "pauli.vuorio@powercompetence.example", "tietosuoja@powercompetence.example", handler, "tietosuoja@powercompetence.example"},
		{"minutes", "poll: 60s", "poll: 5m", poll, 5 * time.Minute},
		{"days", "grace: 24h", "grace: 2d", func(c *Config) any { return c.Erasure.Grace }, 48 * time.Hour},
		{"clock without a nought", `at: "08:00"`, "at: 8:05", func(c *Config) any { return c.Digest.At }, ClockTime{8, 5}},
		{"weekdays", "days: workdays", "days: [mon, Thursday]", func(c *Config) any { return fmt.Sprint(c.Digest.Days) }, "{false [Monday Thursday]}"},
		{"daily", "days: workdays", "days: daily", func(c *Config) any { return len(c.Digest.Days.Weekdays) }, 7},
		{"silent", "days: workdays", "silent: [2026-12-24, 2026-07-06..2026-07-31]", func(c *Config) any { return c.Digest.Silent[1].Holds(Date{2026, time.July, 31}) }, true},
		{"years", "730d", "2y", closed, Period{Years: 2}},
		{"months", "730d", "18m", closed, Period{Months: 18}},
		{"ISO 8601", "730d", "P4W", closed, Period{Days: 28}},
		{"hours", "730d", "48h", closed, Period{Days: 2}},
		{"until a voucher's end", "until: ledger", "until: voucher", until, Until{Rule: UntilVoucher}},
		{"until a period's end", "until: ledger", "until: 6y", until, Until{Rule: UntilPeriod, Period: Period{Years: 6}}},
		{"until a date", "until: ledger", "until: 2030-12-31", until, Until{Rule: UntilDate, Date: Date{2030, time.December, 31}}},
		{"size", "poll: 60s", "max_size: 25 MB", func(c *Config) any { return c.Mailbox.IMAP.MaxSize }, Size(25 << 20)},
		{"since", "poll: 60s", "since: 2026-01-01", func(c *Config) any { return c.Mailbox.IMAP.Since.String() }, "2026-01-01"},
		{"Norway stays a country", "country: FI", "country: NO", func(c *Config) any { return c.Controller.Country }, Country("NO")},
		{"number as it is written", "business_id: 2356859-8", "business_id: 0123", func(c *Config) any { return c.Controller.BusinessID }, "0123"},
		{"zone of the country", "timezone: Europe/Helsinki, ", "", func(c *Config) any { return c.Controller.Timezone.String() }, "Europe/Helsinki"},
		{"languages of the country", ", languages: [fi, sv, en]", "", func(c *Config) any { return fmt.Sprint(c.Controller.Languages) }, "[fi sv en]"},
		{"trust by default", ", trust: dkim", "", func(c *Config) any { return c.Handlers[0].Trust }, TrustDKIM},
		{"text for all", "title: {fi: Asiakasrekisteri, sv: Kundregister, en: Customer register}", "title: Customers", func(c *Config) any { return c.Registers[0].Title.In("sv") }, "Customers"},
		{"Norwegian", "title: {fi: Asiakasrekisteri, sv: Kundregister, en: Customer register}", "title: {no: Kunder}", func(c *Config) any { return c.Registers[0].Title.In("no") }, "Kunder"},
		{"redis at a port", redis, "redis: {url: redis://127.0.0.1:6380/3}", func(c *Config) any { return fmt.Sprint(c.Redis.URL.Addr(), c.Redis.URL.DB, c.Redis.Managed) }, "127.0.0.1:63803"},
		{"redis over TLS", redis, "redis: {url: rediss://user@redis.example}", func(c *Config) any { return fmt.Sprint(c.Redis.URL.Addr(), c.Redis.URL.User, c.Redis.URL.TLS()) }, "redis.example:6379usertrue"},
		{"redis by socket", redis, "redis: {url: 'unix:///run/redis.sock?db=2'}", func(c *Config) any { return fmt.Sprint(c.Redis.URL.Socket, c.Redis.URL.DB) }, "/run/redis.sock2"},
		{"cluster", redis, "redis: {urls: ['rediss://a.example', 'rediss://b.example:7000']}", func(c *Config) any { return c.Redis.URLs[1].Addr() }, "b.example:7000"},
		{"sentinel", redis, "redis: {sentinel: {master: m, urls: ['redis://127.0.0.1:26379']}}", func(c *Config) any { return c.Redis.Sentinel.Master + c.Redis.Sentinel.URLs[0].Addr() }, "m127.0.0.1:26379"},
		{"redis by default", redis, "", func(c *Config) any { return filepath.Base(string(c.Redis.Managed)) }, "state"},
		{"resolver", redis, "dns: {server: '127.0.0.1:5353'}", func(c *Config) any { return c.DNS.Server }, HostPort("127.0.0.1:5353")},
		{"resolver's port", redis, "dns: {server: 192.0.2.1}", func(c *Config) any { return c.DNS.Server }, HostPort("192.0.2.1:53")},
		{"the mailbox signs", redis, "sign: {selector: s, key_file: imap.password}", func(c *Config) any { return c.Sign.Domain }, Domain("powercompetence.example")},
		{"escaped variable", "Power Competence Oy", "'Power $${x} Oy'", func(c *Config) any { return c.Controller.Name }, "Power ${x} Oy"},
		{"authority of the country", "  authority: {name: {fi: Tietosuojavaltuutettu, en: Data Protection Ombudsman}, web: https://tietosuoja.fi}\n", "", func(c *Config) any { return c.Notice.Authority.Web.In("fi") }, "https://tietosuoja.fi"},
		{"officer by default", "retention: {closed_cases: 730d}", "", func(c *Config) any { return c.Notice.Officer.Name }, "Pauli Vuorio"},
		{"purpose from the notice", "retention: {closed_cases: 730d}", "", func(c *Config) any { return c.Registers[0].Purpose[0].In("sv") }, "Customer relations"},
		{"implied fields", "retention: {closed_cases: 730d}", "", fieldNames, "name email phone address"},
		{"child tables imply nothing", "key: id}", "key: id, children: [{table: orders, foreign_key: c, fields: {sum: }}]}", fieldNames, "name email phone address"},
		{"recipient by name", "registers:\n", "registers:\n  - {name: more, recipients: [Tili Minetti Oy], person: {name: A, address: a@example.org}}\n", func(c *Config) any { return c.Registers[0].Recipients[0].Address.Reveal() }, "tietosuoja@tiliminetti.example"},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := row.got(loadWith(t, row.old, row.text)); got != row.want {
				t.Errorf("got %v, want %v", got, row.want)
			}
		})
	}
}

func fieldNames(c *Config) any {
	var names []string
	for _, f := range c.Registers[0].Fields {
		names = append(names, f.Name)
	}
	return strings.Join(names, " ")
}

// TestAliases writes one account for two servers with an anchor, an alias and a merge.
func TestAliases(t *testing.T) {
	text := with(t, "smtp: {", "smtp: &account {")
	text += "canary: {smtp: {<<: *account, url: smtps://t@other.example}, at: 07:15}\n"
	c, err := load(filepath.Join(folder(t), "dpobot.yaml"), []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	if got := c.Canary.SMTP.URL.Host; got != "other.example" {
		t.Errorf("host: got %s, want other.example", got)
	}
	if got, err := c.Canary.SMTP.Password.Read(); err != nil || got != "secret of smtp.password" {
		t.Errorf("password: got %q, %v", got, err)
	}
}

func TestLint(t *testing.T) {
	dir := folder(t)
	for _, row := range []struct {
		name, text, path, says string
		refused                bool
	}{
		{"no legal basis", worked, "registers[0].legal_basis", "Art. 13(1)(c)", false},
		{"no categories", worked, "notice.categories", "Art. 15(1)(b)", false},
		{"no word on automated decisions", worked, "notice.automated_decisions", "Art. 15(1)(h)", false},
		{"a language without a text", worked, "registers[0].fields.email.title", "no text in sv", false},
		{"no address for Art. 19", with(t, "contact: tietosuoja@tiliminetti.example", "contact: Tampere"), "notice.recipients[0].contact", "Art. 19", false},
		{"Privacy Shield", with(t, "Standard contractual clauses", "EU-US privacy  Shield"), "notice.transfers[0].safeguard", "C-311/18", true},
		{"Privacy Shield of a register", with(t, "telephone: phone", "telephone: phone\n    transfers: [{country: US, safeguard: Privacy Shield}]"), "registers[0].transfers[0].safeguard", "C-311/18", true},
		{"Privacy Shield with a hyphen", with(t, "Standard contractual clauses", "certified under the EU–U.S. Privacy-Shield framework"), "notice.transfers[0].safeguard", "C-311/18", true},
		{"Safe Harbor", with(t, "Standard contractual clauses", "Safe Harbour principles"), "notice.transfers[0].safeguard", "C-362/14", true},
		{"Safe Harbor in Finnish alone", with(t, "Vakiolausekkeet", "Safe Harbor -päätös"), "notice.transfers[0].safeguard", "C-362/14", true},
		{"a recipient of one register without an address", with(t, "telephone: phone", "telephone: phone\n    recipients: [{name: Arkisto Oy}]"), "registers[0].recipients[0].contact", "by hand", false},
		{"trust: secret from elsewhere", with(t, "pauli.vuorio@powercompetence.example, language: fi, trust: dkim", "p@example.org, language: fi, trust: secret"), "handlers[0].trust", "another domain", false},
		{"a field not described", worked, "registers[0].fields", `"address" is used but not described`, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			c, err := load(filepath.Join(dir, "dpobot.yaml"), []byte(row.text))
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range c.Lint() {
				if f.Path == row.path && strings.Contains(f.What, row.says) {
					if f.Refused != row.refused || f.Line == 0 || f.Mend == "" {
						t.Errorf("got %+v, want refused %v", f, row.refused)
					}
					return
				}
			}
			t.Errorf("got %v, want %q at %s", c.Lint(), row.says, row.path)
		})
	}
}

func TestTimes(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		t.Fatal(err)
	}
	day := time.Date(2026, time.March, 28, 12, 0, 0, 0, zone) // the clock goes forward in the night
	for _, row := range []struct {
		name      string
		got, want string
	}{
		{"a day over the change of the clock", Period{Days: 1}.After(day).Format(time.RFC3339), "2026-03-29T12:00:00+03:00"},
		{"a year", Period{Years: 1}.After(day).Format(time.DateOnly), "2027-03-28"},
		{"a time of day", ClockTime{8, 0}.On(day).Format(time.RFC3339), "2026-03-28T08:00:00+02:00"},
		{"a date", Date{2026, time.March, 29}.In(zone).Format(time.RFC3339), "2026-03-29T00:00:00+02:00"},
	} {
		if row.got != row.want {
			t.Errorf("%s: got %s, want %s", row.name, row.got, row.want)
		}
	}
}

func TestAddressPrintsAsPlaceholder(t *testing.T) {
	a := Address("matti@example.org")
	for _, format := range []string{"%v", "%s", "%+v", "%#v", "%d", "%x"} {
		if got := fmt.Sprintf(format, a); got != "[address]" {
			t.Errorf("%s: got %s, want [address]", format, got)
		}
	}
	if got := a.Domain(); got != "example.org" {
		t.Errorf("domain: got %s, want example.org", got)
	}
}
