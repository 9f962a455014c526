package responders

import (
	"slices"
	"strings"

	"dpobot/workflow"
)

// freeMail are domains where anybody gets an address in a minute; the common ones in the
// countries that the program is made for.
var freeMail = []string{
	"gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "msn.com", "yahoo.com", "ymail.com", "icloud.com",
	"me.com", "proton.me", "protonmail.com", "pm.me", "tutanota.com", "tuta.com", "gmx.de", "gmx.net", "gmx.com", "web.de", "mail.com",
	"aol.com", "yandex.com", "yandex.ru", "mail.ru", "mail.ee", "hot.ee", "online.ee", "luukku.com", "suomi24.fi", "kolumbus.fi",
	"hotmail.fi", "outlook.se", "hotmail.se", "live.se", "hotmail.de", "yahoo.de", "yahoo.fr", "orange.fr", "laposte.net",
	"libero.it", "wp.pl", "o2.pl", "onet.pl", "interia.pl", "seznam.cz", "inbox.lv", "zoho.com", "fastmail.com", "hey.com",
}

// fromFreeMail tells whether the address is one that anybody can get.
func fromFreeMail(a workflow.Address) bool {
	_, domain, _ := strings.Cut(a.Reveal(), "@")
	return slices.Contains(freeMail, domain)
}
