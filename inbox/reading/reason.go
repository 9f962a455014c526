package reading

import "strings"

// Reason is why a mail did not arrive, as far as it matters for what to do next.
type Reason string

const (
	ReasonUnknown     Reason = "unknown"      // it does not say
	ReasonNoMailbox   Reason = "no mailbox"   // the address does not exist
	ReasonNoDomain    Reason = "no domain"    // the domain does not exist or takes no mail
	ReasonMoved       Reason = "moved"        // the person has another address now; never follow it unasked
	ReasonFull        Reason = "mailbox full" // the mailbox takes nothing more for now
	ReasonTooBig      Reason = "too big"      // this mail is too large
	ReasonRefused     Reason = "refused"      // policy, blocklist, spam or virus filter, missing authentication
	ReasonSuspended   Reason = "suspended"    // the mailbox is closed for now
	ReasonUnreachable Reason = "unreachable"  // time ran out, network trouble
	ReasonTrouble     Reason = "trouble"      // the other server is out of order
)

// reasonWords are the words of mail servers for each reason, in lower case. The first
// reason of which a word occurs is the one.
var reasonWords = []struct {
	reason Reason
	words  []string
}{
	{ReasonMoved, []string{"has moved", "user has moved", "address changed", "no longer at this address", "has been replaced by", "new address", "please try <", "user not local; please try", "5.1.6"}},
	{ReasonTooBig, []string{"message size exceeds", "size limit", "message too large", "message too big", "maximum size", "message file too big", "exceeded maximum inbound message size", "size exceeds", "too large", "message length exceeds", "5.3.4", "5.2.3"}},
	{ReasonFull, []string{"mailbox full", "mailbox is full", "quota exceeded", "over quota", "quota", "exceeded storage", "insufficient disk space", "insufficient system storage", "not enough storage", "mailbox size limit", "too much mail data", "disk full", "mailbox for user is full", "5.2.2", "4.2.2", "boîte pleine", "postfach voll"}},
	{ReasonSuspended, []string{"suspended", "account is disabled", "disabled", "inactive", "deactivated", "temporarily locked", "account expired", "not active", "has been blocked temporarily", "5.7.13", "mailbox currently suspended", "is not accepting any mail", "account has been closed"}},
	{ReasonRefused, []string{"spam", "blacklist", "blocklist", "block list", "blocked", "spamhaus", "rbl", "reputation", "policy", "denied", "not allowed", "relay", "dmarc", "spf ", "dkim", "authentication", "unauthenticated", "virus", "malware", "infected", "prohibited", "content reject", "rejected for", "client host rejected", "sender address rejected", "sender rejected", "reverse dns", "ptr", "junk", "banned", "not permitted", "5.7."}},
	{ReasonNoMailbox, []string{"user unknown", "unknown user", "no such user", "no mailbox", "mailbox unavailable", "mailbox not found", "does not exist", "doesn't exist", "not exist", "no such recipient", "recipient unknown", "unknown recipient", "invalid recipient", "invalid mailbox", "no such person", "no such address", "recipient address rejected", "address rejected", "not a known user", "unknown address", "unknown local", "no account", "user not found", "wasn't found", "couldn't be found", "not found", "address not found", "bad destination", "no such mailbox", "recipient not found", "not listed in", "invalid user", "user invalid", "unrouteable", "unknown or illegal alias", "not our customer", "delivery not authorized", "undeliverable address", "does not have an account", "doesn't have a", "5.1.1", "5.1.10", "5.1.0", "5.1.3", "5.2.1"}},
	{ReasonNoDomain, []string{"host unknown", "unknown host", "host not found", "domain not found", "no such domain", "unknown domain", "domain does not exist", "domain of sender address", "name or service not known", "nxdomain", "no mx", "null mx", "nullmx", "does not accept mail", "5.1.2", "5.1.10 ", "unrouteable mail domain", "domain is not reachable", "5.4.4", "4.4.4", "not accept email"}},
	{ReasonUnreachable, []string{"timed out", "timeout", "time out", "could not be contacted", "connection refused", "connection reset", "network", "no route", "retry time", "retry timeout", "too long", "delayed", "expired", "unable to connect", "couldn't connect", "could not connect", "socket error", "still being retried", "has not been delivered", "4.4.1", "4.4.7", "5.4.1", "4.4.2"}},
	{ReasonTrouble, []string{"system error", "local error", "internal error", "unexpected", "mail system problem", "loop", "too many hops", "pipe to", "command died", "command failed", "i/o error", "configuration", "resources"}},
}

// reasonOf reads a reason out of a server's words.
func reasonOf(text string) Reason {
	lower := strings.ToLower(text)
	for _, row := range reasonWords {
		for _, words := range row.words {
			if strings.Contains(lower, words) {
				return row.reason
			}
		}
	}
	return ReasonUnknown
}

// final reports whether no other try to the same address can help.
func (r Reason) final() bool {
	return r == ReasonNoMailbox || r == ReasonNoDomain || r == ReasonMoved
}
