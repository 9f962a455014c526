package authentic

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// mustCover are the fields without which a signature does not tell what the mail says. Content-Type is
// one of them as the same bytes are another text under another type (RFC 6376, 8.15).
var mustCover = []string{"from", "subject", "date", "to", "content-type"}

// mostCovered bounds the names in h=: each costs a walk over the header.
const mostCovered = 200

// signature is what a DKIM-Signature field says of itself (RFC 6376, 3.5), nothing of it checked yet.
type signature struct {
	tags     map[string]string // values without blanks
	domain   string            // d=, as asciiDomain gives it
	selector string            // s=
	covered  []string          // h=, in lower case
}

// parseSignature reads the field's value; false means that it is no list of tags, or lacks d= or s=.
func parseSignature(value string) (signature, bool) {
	tags, ok := parseTags(value)
	if !ok || tags["d"] == "" || tags["s"] == "" {
		return signature{}, false
	}
	domain, err := asciiDomain(tags["d"])
	if err != nil {
		return signature{}, false
	}
	selector, err := asciiDomain(tags["s"])
	if err != nil {
		return signature{}, false
	}
	return signature{tags, domain, selector, strings.Split(lower(tags["h"]), ":")}, true
}

// parseTags reads "a=1; b=2" (RFC 6376, 3.2). A tag that stands twice makes the list unreadable.
func parseTags(s string) (map[string]string, bool) {
	tags := map[string]string{}
	for part := range strings.SplitSeq(s, ";") {
		name, value, found := strings.Cut(part, "=")
		name = strings.TrimSpace(name)
		if !found {
			if name != "" {
				return nil, false
			}
			continue
		}
		if _, again := tags[name]; again {
			return nil, false
		}
		tags[name] = withoutBlanks(value)
	}
	return tags, true
}

func withoutBlanks(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}

// weakness says why the signature proves too little, whatever its key says; "" if nothing is wrong.
func (s signature) weakness(now time.Time) (Reason, string) {
	if _, has := s.tags["l"]; has {
		return WeakSignature, "it covers only the beginning of the text (l=), so anybody may have added to it"
	}
	switch s.tags["a"] {
	case "rsa-sha256", "ed25519-sha256":
	case "rsa-sha1":
		return WeakSignature, "it is made with SHA-1, which counts no more (RFC 8301)"
	default:
		return WeakSignature, "it is made in a way that is not known here"
	}
	if len(s.covered) > mostCovered {
		return WeakSignature, "it lists too many fields"
	}
	for _, name := range mustCover {
		if !slices.Contains(s.covered, name) {
			return WeakSignature, fmt.Sprintf("it does not cover the field %s", name)
		}
	}
	if expires, has := s.tags["x"]; has {
		seconds, err := strconv.ParseInt(expires, 10, 64)
		if err != nil {
			return WeakSignature, "its expiry cannot be read"
		}
		if !now.Before(time.Unix(seconds, 0)) {
			return Expired, "it has expired"
		}
	}
	return "", ""
}

// keyName is where the domain publishes the key (RFC 6376, 3.6.2.1).
func (s signature) keyName() string { return s.selector + "._domainkey." + s.domain }

// keyWeakness says why a key record must not be used, in so far as go-msgauth does not look; "" if
// nothing is wrong.
func (s signature) keyWeakness(record string) string {
	tags, ok := parseTags(record)
	if !ok {
		return "its key cannot be read"
	}
	flags := strings.Split(lower(tags["t"]), ":")
	if slices.Contains(flags, "y") {
		return "its key is only for testing (t=y)" // RFC 6376, 3.6.1: to be treated as unsigned
	}
	if _, agent, has := strings.Cut(s.tags["i"], "@"); has && slices.Contains(flags, "s") && !sameDomain(agent, s.domain) {
		return "its key does not count for subdomains (t=s)"
	}
	return ""
}
