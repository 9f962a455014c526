package authentic

import "fmt"

// AuthenticationResults believes the configured border server: fields is the raw header, top down;
// authservID the configured id; fromDomain the domain of the one From address.
//
// Pass takes dmarc=pass for exactly fromDomain (header.from) in a field that counts (see ReadBorder), and
// nothing of that server that speaks against the mail:
//
//   - every method counts against it, not only dmarc: fail, softfail, permerror, policy and every result that
//     is not known here. Only pass, none, neutral, temperror and a few words of newer methods do no harm.
//   - a field of the server that cannot be read, or that cannot be told to be another's.
//   - two dmarc results that are not equal, be it in one field or in two.
//
// dmarc=temperror alone is Fail with DNSTrouble, never Later: the server had DNS trouble when the mail came, and what it
// wrote then will not change. "bestguesspass" is no pass, nor is arc=pass, nor pass in comments.
func AuthenticationResults(fields []Field, authservID, fromDomain string) Result {
	if authservID == "" {
		return Result{Fail, NoServer, "no authserv_id is configured, so no server's word counts"}
	}
	border := ReadBorder(fields, authservID)
	if !border.Through {
		return Result{Fail, NotThroughBorder, "the topmost Received is not of the server " + plain(authservID)}
	}
	counted, unread := border.counted()
	if unread != nil {
		return Result{Fail, Unreadable, "an Authentication-Results on top of the mail cannot be read: " + unread.Error()}
	}
	if len(counted) == 0 {
		return Result{None, NotStamped, "the server " + plain(authservID) + " left no result on top of the mail"}
	}
	for _, r := range counted {
		if !harmless(r.Result) {
			return Result{Fail, Failed, fmt.Sprintf("the server reports %s=%s", plain(r.Method), plain(r.Result))}
		}
	}
	return judge(counted, fromDomain)
}

// counted returns every result of the fields that count, and why one of the border's cannot be read.
func (b Border) counted() ([]MethodResult, error) {
	var all []MethodResult
	for _, f := range b.Fields {
		switch f.Standing {
		case Broken:
			return nil, f.Err
		case Counts:
			all = append(all, f.Statement.Results...)
		}
	}
	return all, nil
}

// harmless lists the results that do not speak against a mail (RFC 8601, 2.7; the last three are of BIMI and
// of a policy that was not looked at). Whatever is not listed does.
func harmless(result string) bool {
	switch result {
	case "pass", "none", "neutral", "temperror", "bestguesspass", "skipped", "declined":
		return true
	}
	return false
}

// judge decides by the dmarc results, none of which is a failure.
func judge(results []MethodResult, fromDomain string) Result {
	verdict, from := "", ""
	for _, r := range results {
		if r.Method != "dmarc" {
			continue
		}
		domain, _ := r.Property("header", "from")
		if verdict != "" && (r.Result != verdict || !sameDomain(domain, from)) {
			return Result{Fail, Disagree, "the server's results contradict each other"}
		}
		verdict, from = r.Result, domain
	}
	switch verdict {
	case "pass":
	case "temperror":
		return Result{Fail, DNSTrouble, "the server could not look up the domain's policy when the mail came (dmarc=temperror): send it again"}
	case "":
		return Result{Fail, NotPassed, "the server says nothing about dmarc"}
	default:
		return Result{Fail, NotPassed, "the server says dmarc=" + plain(verdict) + ", which is no pass"}
	}
	if !sameDomain(from, fromDomain) {
		return Result{Fail, OtherDomain, "the server's dmarc=pass is not for the domain in From"}
	}
	return Result{Pass, Proved, "the server says dmarc=pass for " + plain(from)}
}

// Warning says in plain words that a mail of the data subject may not be of its sender, by what the border says about
// dmarc, or "" if nothing is known against it. Most mail of honest people has no proof at all, so the
// lack of one is no warning, and other methods fail for honest forwarded mail.
func Warning(fields []Field, authservID, fromDomain string) string {
	for _, f := range ReadBorder(fields, authservID).Fields {
		if f.Standing != Counts {
			continue
		}
		for _, r := range f.Statement.Results {
			if r.Method != "dmarc" {
				continue
			}
			switch domain, named := r.Property("header", "from"); {
			case !harmless(r.Result):
				return fmt.Sprintf("the mail server reports dmarc=%s: it may not come from the address that it names", plain(r.Result))
			case r.Result == "pass" && named && !sameDomain(domain, fromDomain):
				return "the mail server checked another domain than that of the sender's address"
			}
		}
	}
	return ""
}
