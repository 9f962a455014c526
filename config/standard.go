package config

import (
	"path/filepath"
	"slices"
	"time"
)

// standard is what holds where the file says nothing.
func standard() *Config {
	var c Config
	c.Controller.FinancialYearEnd = MonthDay{time.December, 31}
	c.Mailbox.IMAP.Poll = time.Minute
	c.Mailbox.IMAP.MaxSize = 40 << 20
	c.Digest = Digest{At: ClockTime{8, 0}, Days: DigestDays{Workdays: true}, Remind: []Days{14, 7, 3, 1}}
	c.Erasure.Grace = 24 * time.Hour
	c.Retention = Retention{ClosedCases: Period{Days: 730}, Unplaced: Period{Days: 90}, Tombstones: Period{Years: 2}}
	c.Limits = Limits{PerAddress: 3, PerCase: 10, Overall: 300, Package: 15 << 20}
	c.Holidays.Eves = EvesIgnore
	c.Canary = Canary{At: ClockTime{6, 0}, Within: time.Hour}
	return &c
}

// complete fills in what follows from other parts.
func (c *Config) complete() {
	dir := filepath.Dir(c.File)
	c.Controller.complete()
	first := c.firstLanguage()
	for i := range c.Handlers {
		h := &c.Handlers[i]
		setDefault(&h.Language, first)
		setDefault(&h.Trust, TrustDKIM)
	}
	c.Mailbox.complete(c.Controller.Name)
	if c.Canary.SMTP != nil {
		c.Canary.SMTP.complete(c.Mailbox.CAFile)
	}
	if r := &c.Redis; r.URL == nil && len(r.URLs) == 0 && r.Sentinel == nil {
		setDefault(&r.Managed, File(filepath.Join(dir, "state")))
	}
	setDefault(&c.Keys.KeysetFile, File(secretPath(dir, "dpobot.keys")))
	if c.Sign != nil {
		setDefault(&c.Sign.Domain, Domain(c.Mailbox.Address.Domain()))
	}
	for i := range c.Registers {
		c.Registers[i].complete(c, first)
	}
	c.Notice.complete(c, first)
}

func setDefault[T comparable](v *T, value T) {
	var zero T
	if *v == zero {
		*v = value
	}
}

func (c *Config) firstLanguage() Language {
	if len(c.Controller.Languages) == 0 {
		return "en"
	}
	return c.Controller.Languages[0]
}

func (c *Controller) complete() {
	home, ok := countryOf(c.Country)
	if !ok {
		return
	}
	if zone, err := time.LoadLocation(home.zone); err == nil {
		setDefault(&c.Timezone, zone)
	}
	if len(c.Languages) == 0 {
		c.Languages = home.languages
	}
}

func (m *Mailbox) complete(name string) {
	setDefault(&m.Name, name)
	m.IMAP.Security = security(m.IMAP.URL.Scheme == "imaps", m.IMAP.StartTLS)
	if m.IMAP.URL.secret.IsSet() && !m.IMAP.Password.IsSet() {
		m.IMAP.Password = m.IMAP.URL.secret
	}
	m.IMAP.OAuth2.complete()
	m.SMTP.complete(m.CAFile)
}

func (s *SMTP) complete(ca File) {
	s.Security = security(s.URL.Scheme == "smtps", s.StartTLS)
	if s.URL.secret.IsSet() && !s.Password.IsSet() {
		s.Password = s.URL.secret
	}
	setDefault(&s.CAFile, ca)
	s.OAuth2.complete()
}

func (o *OAuth2) complete() {
	if o != nil {
		setDefault(&o.Mechanism, XOAuth2)
	}
}

func security(implicit bool, start StartTLS) Security {
	switch {
	case implicit:
		return ImplicitTLS
	case start == StartTLSOff:
		return PlainText
	}
	return UpgradedTLS
}

func (r *Register) complete(c *Config, first Language) {
	if len(r.Title) == 0 {
		r.Title = Text{"": r.Name}
	}
	titled(r.Fields)
	if r.SQL != nil {
		setDefault(&r.SQL.Timeout, 30*time.Second)
		for i := range r.SQL.Children {
			child := &r.SQL.Children[i]
			setDefault(&child.Name, child.Table)
			if len(child.Title) == 0 {
				child.Title = Text{"": child.Name}
			}
			titled(child.Fields)
		}
	}
	r.Fields = append(r.Fields, r.implied()...)
	if m := r.Mailchimp; m != nil {
		setDefault(&m.List, m.Audience)
	}
	if w := r.Webhook; w != nil {
		setDefault(&w.Timeout, 30*time.Second)
	}
	if p := r.Person; p != nil {
		setDefault(&p.Language, first)
		setDefault(&p.Trust, TrustDKIM)
		if p.Remind == nil {
			p.Remind = []Days{3}
		}
	}
	setDefault(&r.Erase.Default, EraseDelete)
	r.inherit(c.Notice)
	completeRecipients(r.Recipients, first)
}

// inherit takes from the notice what the register does not say for itself.
func (r *Register) inherit(n Notice) {
	if len(r.Purpose) == 0 {
		r.Purpose = n.Purposes
	}
	if len(r.LegalBasis) == 0 {
		r.LegalBasis = n.LegalBasis
	}
	if len(r.Retention) == 0 {
		r.Retention = n.Retention
	}
	if len(r.Source) == 0 {
		r.Source = n.Source
	}
	if len(r.Categories) == 0 {
		r.Categories = n.Categories
	}
	if r.Transfers == nil {
		r.Transfers = n.Transfers
	}
	if r.Recipients == nil {
		r.Recipients = slices.Clone(n.Recipients)
	}
	for i := range r.Recipients {
		for _, known := range n.Recipients {
			if got := r.Recipients[i]; got.Name == known.Name && got.Contact == "" && len(got.Purpose) == 0 {
				r.Recipients[i] = known
			}
		}
	}
}

func titled(fields []Field) {
	for i := range fields {
		if len(fields[i].Title) == 0 {
			fields[i].Title = Text{"": fields[i].Name}
		}
	}
}

func completeRecipients(rs []Recipient, first Language) {
	for i := range rs {
		setDefault(&rs[i].Language, first)
		var a Address
		if a.parse(rs[i].Contact) == nil {
			rs[i].Address = a
		}
	}
}

func (n *Notice) complete(c *Config, first Language) {
	completeRecipients(n.Recipients, first)
	if len(n.Authority.Name) == 0 {
		n.Authority = authorityOf(c.Controller.Country)
	}
	if n.Officer == (Contact{}) && len(c.Handlers) > 0 {
		n.Officer = Contact{Name: c.Handlers[0].Name, Email: c.Mailbox.Address.Reveal(), Phone: c.Controller.Phone, Address: c.Controller.Address}
	}
}
