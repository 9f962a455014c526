package config

import (
	"fmt"
	"os"
	"slices"
)

// checker finds what is wrong between the parts of a configuration that was
// decoded. A part that has a fault already is not judged again.
type checker struct{ *decoder }

// has says whether the file holds the key.
func (k *checker) has(path string) bool {
	_, ok := k.lines[path]
	return ok
}

// sound says whether the key is there and free of faults.
func (k *checker) sound(path string) bool { return k.has(path) && !k.bad[path] }

func (k *checker) config(c *Config) {
	k.controller(c)
	k.handlers(c)
	k.mailbox(&c.Mailbox)
	k.redis(&c.Redis)
	k.keys(&c.Keys)
	k.registers(c)
	k.notice(&c.Notice)
	k.limits(&c.Limits)
	k.holidays(c.Holidays.Extra)
	if c.Canary.SMTP != nil {
		k.smtp(c.Canary.SMTP, "canary.smtp")
	}
	if c.Procedure.Review.String() < c.Procedure.Approved.String() && k.sound("procedure.review") && k.sound("procedure.approved") {
		k.fault("procedure.review", "is before the approval", "write a later day")
	}
}

func (k *checker) controller(c *Config) {
	languages := c.Controller.Languages
	if c.Templates != "" {
		return
	}
	for i, l := range languages {
		at := fmt.Sprintf("controller.languages[%d]", i)
		if !k.has(at) || k.bad[at] {
			continue
		}
		if !slices.Contains(builtIn(), l) {
			k.fault(at, "dpobot has no mails in "+shown(string(l)), "write fi, sv or en, or name a folder with your own mails in templates")
		} else if slices.Index(languages, l) < i {
			k.fault(at, shown(string(l))+" stands twice", "keep one of the two")
		}
	}
}

// builtIn are the languages that the program's own mails are written in.
func builtIn() []Language { return []Language{"fi", "sv", "en"} }

func (k *checker) handlers(c *Config) {
	if k.sound("handlers") && len(c.Handlers) == 0 {
		k.fault("handlers", "names nobody", "write a line - {name: ..., address: ..., trust: dkim}")
		return
	}
	first := map[Address]int{}
	deputies := 0
	for i, h := range c.Handlers {
		at := fmt.Sprintf("handlers[%d]", i)
		k.trust(h.Trust, c.Mailbox.AuthservID, at)
		k.mailLanguage(h.Language, c, at+".language")
		if h.Deputy > 0 {
			deputies++
		}
		if h.Address == "" {
			continue
		}
		if _, twice := first[h.Address]; twice {
			k.fault(at+".address", "is another handler's address too", "give each handler an address of their own")
		}
		first[h.Address] = i
	}
	if len(c.Handlers) > 0 && deputies == len(c.Handlers) {
		k.fault("handlers", "names deputies alone, so nobody gets the first mail", "remove deputy from one of them")
	}
}

func (k *checker) trust(t Trust, authservID, at string) {
	if t == TrustServer && authservID == "" && !k.bad["mailbox.authserv_id"] {
		k.fault(at+".trust", "server needs mailbox.authserv_id, the name under which your mail server writes Authentication-Results", "write mailbox.authserv_id, or use trust: dkim")
	}
}

func (k *checker) mailLanguage(l Language, c *Config, at string) {
	if c.Templates == "" && k.sound(at) && !slices.Contains(builtIn(), l) {
		k.fault(at, "dpobot has no mails in "+shown(string(l)), "write fi, sv or en, or name a folder with your own mails in templates")
	}
}

func (k *checker) keys(c *Keys) {
	info, err := os.Stat(string(c.KeysetFile))
	if err != nil {
		return // dpobot keys create writes it
	}
	at := "keys.keyset_file"
	if p := guarded(string(c.KeysetFile), info); p != nil && !k.bad[at] {
		k.fault(at, p.what, p.mend)
	}
}

func (k *checker) limits(l *Limits) {
	for at, n := range map[string]int{"limits.per_address": l.PerAddress, "limits.per_case": l.PerCase, "limits.overall": l.Overall} {
		if n == 0 && k.sound(at) {
			k.fault(at, "would let no mail out", "write 1 or more")
		}
	}
}

func (k *checker) holidays(days []Holiday) {
	for i, h := range days {
		twice := slices.ContainsFunc(days[:i], func(other Holiday) bool { return other.Date == h.Date })
		if twice && !h.Date.IsZero() {
			k.fault(fmt.Sprintf("holidays.extra[%d].date", i), "stands twice", "keep one of the two")
		}
	}
}
