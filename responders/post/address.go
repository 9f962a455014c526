package post

import (
	netmail "net/mail"
	"strings"

	"dpobot/workflow"
)

// named is one address with the name that is shown beside it, false where the address is not exactly one. The name is
// somebody else's text: go-mail's own FromFormat and AddToFormat set it between quotes as it is, so that a quote in it
// ends it and what follows are more addresses. *mail.Address escapes it.
func named(name string, address workflow.Address) (*netmail.Address, bool) {
	parsed, err := netmail.ParseAddress(address.Reveal())
	if err != nil || parsed.Name != "" || strings.ContainsAny(address.Reveal(), "<>,;:()") {
		return nil, false
	}
	parsed.Name = strings.ReplaceAll(oneLine(name), "=?", "= ?") // some programs decode words between quotes, line ends and all
	return parsed, true
}
