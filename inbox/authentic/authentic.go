// Package authentic answers one question about a mail: is it really of the domain in its From field?
//
// There are two ways to know, and the operator chooses one for each handler. DKIM verifies the mail's
// own signature here, with nobody to trust but the DNS. AuthenticationResults believes what the
// configured border server wrote on top of the mail, and nothing else in the mail that looks like it.
//
// Both prove a domain, never a person: a colleague, a subdomain and a plus-tag all pass (RFC 7489, 2.4).
// The caller compares the whole address, and the secret of the case, before anything happens.
package authentic

import (
	"context"
	"strings"
)

// Verdict says whether a mail is of the domain that it names.
type Verdict string

const (
	// Pass means that it is. Only this verdict lets a keyword count.
	Pass Verdict = "pass"
	// Fail means that something speaks against it, or that the evidence cannot be read.
	Fail Verdict = "fail"
	// None means that nothing speaks for or against it: no signature, no result.
	None Verdict = "none"
	// Later means that the question could not be asked, as with DNS trouble. It is never a pass; ask again.
	Later Verdict = "later"
)

// Reason is the same as Result.Why for a program: a template in another language is chosen by it.
type Reason string

const (
	// Proved goes with Pass.
	Proved Reason = "proved"
	// BadDomain: the From domain is no name that anybody could sign for, such as a public suffix.
	BadDomain Reason = "bad-domain"
	// BadHeader: the header is broken, too long, or has a field twice that may stand once.
	BadHeader Reason = "bad-header"
	// TooLarge: the mail is longer than what is checked.
	TooLarge Reason = "too-large"
	// Unread: the mail could not be read to its end this time.
	Unread Reason = "unread"

	// Unsigned: the mail has no DKIM signature.
	Unsigned Reason = "unsigned"
	// OtherDomain: it is signed, or reported on, for another domain only.
	OtherDomain Reason = "other-domain"
	// WeakSignature: a signature of the domain that proves too little: l=, SHA-1, a field not covered.
	WeakSignature Reason = "weak-signature"
	// Expired: the signature says itself that it counts no more.
	Expired Reason = "expired"
	// NoKey: the domain publishes no key under the name that the signature gives.
	NoKey Reason = "no-key"
	// BadKey: the key is revoked, too short, for testing, for other services, or unreadable.
	BadKey Reason = "bad-key"
	// Altered: the signature does not match; the mail was changed under way, or the signature is made up.
	Altered Reason = "altered"
	// DNSTrouble: the key or policy could not be looked up now.
	DNSTrouble Reason = "dns-trouble"

	// NoServer: no authserv_id is configured, so no field can be told from a forged one.
	NoServer Reason = "no-server"
	// NotThroughBorder: the topmost Received is not of the configured server.
	NotThroughBorder Reason = "not-through-border"
	// NotStamped: the configured server left no result above its Received.
	NotStamped Reason = "not-stamped"
	// Unreadable: a result that may be the server's cannot be read by its grammar.
	Unreadable Reason = "unreadable"
	// Disagree: the server's results contradict each other.
	Disagree Reason = "disagree"
	// Failed: the server reports a failure, if only of one method.
	Failed Reason = "failed"
	// NotPassed: the server reports no failure, and no dmarc=pass either.
	NotPassed Reason = "not-passed"
)

// Result is a verdict and what led to it.
type Result struct {
	Verdict Verdict
	Reason  Reason
	// Why says the reason in plain English words for a handler. It holds nothing that the mail's author
	// wrote but domain names and keywords, and those only in printable ASCII.
	Why string
}

// LookupTXT returns the TXT records of a DNS name, each with its strings joined. That there is no such
// name or record is no records and no error, or a *net.DNSError with IsNotFound. Any other error
// means that nobody knows at the moment.
type LookupTXT func(ctx context.Context, name string) ([]string, error)

// Field is one field of a mail's header as it stands there: Name without the colon, Value with all its folds.
type Field struct {
	Name, Value string
}

// plain makes words out of a mail fit to be shown: printable ASCII, at most 80 characters.
func plain(s string) string {
	const most = 80
	shown := strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return '?'
		}
		return r
	}, s)
	if len(shown) > most {
		return shown[:most] + "..."
	}
	return shown
}

// lower folds the letters A to Z and no others: strings.ToLower takes the Kelvin sign for a k.
func lower(s string) string {
	return strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r + ('a' - 'A')
		}
		return r
	}, s)
}
