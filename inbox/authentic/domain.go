package authentic

import (
	"context"
	"errors"
	"net"
	"strings"

	"github.com/emersion/go-msgauth/dmarc"
	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"
)

var errNoDomain = errors.New("no domain name")

// asciiDomain brings a domain to the one form in which domains are compared: A-labels, lower case, no dot at the end.
func asciiDomain(s string) (string, error) {
	s = strings.TrimSuffix(s, ".")
	for _, r := range s {
		if r < 0x80 {
			continue
		}
		a, err := idna.Lookup.ToASCII(s)
		if err != nil {
			return "", errNoDomain // idna's own text names the domain
		}
		s = a
		break
	}
	s = lower(s)
	if s == "" || len(s) > 253 {
		return "", errNoDomain
	}
	for label := range strings.SplitSeq(s, ".") {
		if label == "" || len(label) > 63 || strings.ContainsFunc(label, notInLabel) {
			return "", errNoDomain
		}
	}
	return s, nil
}

// notInLabel: letters, digits and the hyphen make names; the underscore occurs in those of services.
func notInLabel(r rune) bool {
	return !('a' <= r && r <= 'z' || '0' <= r && r <= '9' || r == '-' || r == '_')
}

// sameDomain tells whether both name the same domain; what is no domain is the same as nothing.
func sameDomain(a, b string) bool {
	x, errX := asciiDomain(a)
	y, errY := asciiDomain(b)
	return errX == nil && errY == nil && x == y
}

// alignment is how a signing domain stands to the From domain.
type alignment int

const (
	unrelated alignment = iota
	// parent: the From domain lies below the signer's, within the same organisation.
	parent
	// same: they are equal.
	same
)

// align compares a signing domain with the From domain, both as asciiDomain gives them.
//
// RFC 7489, 3.1.1 lets any two domains of one organisation align ("relaxed"). We take less of that: a
// parent may speak for its child, as it owns the child's DNS, but a child not for its parent and
// a sibling not for its sibling, as subdomains are what firms hand over to newsletter and ticket services. A
// public suffix is nobody's organisation and aligns with nothing, not even with itself.
func align(signer, from string) alignment {
	org, err := publicsuffix.EffectiveTLDPlusOne(from)
	if err != nil {
		return unrelated
	}
	switch {
	case signer == from:
		return same
	case strings.HasSuffix(from, "."+signer) && (signer == org || strings.HasSuffix(signer, "."+org)):
		return parent
	}
	return unrelated
}

// strictly tells whether the From domain's DMARC record asks for equal domains (adkim=s, RFC 7489,
// 6.3). The record is that of the domain, else of its organisation (6.6.3). A broken record counts as strict.
func strictly(ctx context.Context, from string, lookup LookupTXT) (bool, error) {
	org, err := publicsuffix.EffectiveTLDPlusOne(from)
	if err != nil {
		return true, nil
	}
	for _, name := range []string{from, org} {
		record, err := dmarc.LookupWithOptions(name, &dmarc.LookupOptions{
			LookupTXT: func(name string) ([]string, error) { return ask(ctx, lookup, name) },
		})
		switch {
		case errors.Is(err, dmarc.ErrNoPolicy):
			continue
		case dmarc.IsTempFail(err):
			return false, errTrouble
		case err != nil:
			return true, nil
		}
		return record.DKIMAlignment == dmarc.AlignmentStrict, nil
	}
	return false, nil
}

// errTrouble stands for every answer of the DNS that is neither records nor a clear "there is none". It
// is a temporary net.Error, which is how go-msgauth tells trouble from absence.
var errTrouble net.Error = &net.DNSError{Err: "DNS trouble", IsTemporary: true}

// ask looks a name up and sorts every outcome into records, none (no error), or errTrouble.
func ask(ctx context.Context, lookup LookupTXT, name string) ([]string, error) {
	ctx, cancel := context.WithTimeout(ctx, lookupTime)
	defer cancel()
	records, err := lookup(ctx, name)
	if err == nil {
		return records, nil
	}
	if no, ok := errors.AsType[*net.DNSError](err); ok && no.IsNotFound {
		return nil, nil
	}
	return nil, errTrouble
}
