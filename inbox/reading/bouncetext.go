package reading

import (
	"strings"
)

// bounceSubjects are what servers write into the subject of a report, in lower case. The
// last weakSubjects of them stand in other subjects, too.
var bounceSubjects = []string{
	"undeliver", "undelivered", "delivery status notification", "delivery notification", "delivery failure", "delivery failed", "delivery has failed", "delivery error", "delivery problem", "delivery report", "delivery incomplete", "failure notice", "failure delivery", "failed delivery", "failed mail", "failed to deliver", "returned mail", "returned message", "returned to sender", "returning message", "mail delivery", "mail system error", "mail failure", "mail error", "message delivery", "non delivery", "non-delivery", "nondeliverable", "non-deliverable", "not delivered", "could not be delivered", "couldn't be delivered", "could not send", "warning: message", "warning: could not send", "delayed mail", "message delayed", "mail delayed", "delayed delivery", "bounce", "unable to deliver", "unknown user", "user unknown", "error in message", "message status", "rejected", "notification d'état", "non remis", "unzustellbar", "nicht zustellbar", "nicht zugestellt", "zustellung", "zurückgeleitet", "fehlgeschlagen", "onbestelbaar", "niet afgeleverd", "nie można dostarczyć", "niedostarczon", "не доставлено", "недоставлен", "no se puede entregar", "no entregado", "no se ha podido", "impossibile recapitare", "mancato recapito", "não entregue", "falha na entrega", "ei voitu toimittaa", "ei toimitettu", "toimitus epäonnistui", "toimittaminen epäonnistui", "toimitusvirhe", "viestin toimitus", "kan inte levereras", "kunde inte levereras", "gick inte att leverera", "inte levererats", "ej levererat", "leveransfel", "leveransmeddelande", "leveransen", "kunne ikke leveres", "ikke leveret", "postmaster", "配信", "エラー", "退信", "系统退信", "メール", "undelivery", "mailsystem", "permanent error", "considered unsolicited", "自動", "echec", "échec",
	"delivery", "deliver", "failure", "failed", "error", "problem",
}

const weakSubjects = 6

// bounceWords are what servers write into a report, in lower case.
var bounceWords = []string{
	"could not be delivered", "couldn't be delivered", "cannot be delivered", "can't be delivered", "was not delivered", "not been delivered", "wasn't delivered", "undeliverable", "undelivered", "delivery failed", "delivery has failed", "delivery to the following", "delivery of the following", "failed to deliver", "unable to deliver", "wasn't able to deliver", "not able to deliver", "unable to be delivered", "returned to you", "returned to sender", "returning", "permanent error", "permanent failure", "permanent fatal error", "fatal error", "delivery error", "delivery attempt", "delivery status", "has been delayed", "is delayed", "still being retried", "will be retried", "user unknown", "unknown user", "no such user", "mailbox full", "mailbox is full", "mailbox unavailable", "recipient rejected", "address rejected", "did not reach", "has not reached", "address not found", "host unknown", "message blocked", "mail system", "transcript of session", "failed recipient", "rejected your message", "message was rejected", "did not like our", "was rejected", "delivery problem", "delivery to", "rejected", "error while trying to deliver", "error delivering", "not exist", "unknown address", "unknown recipient", "problem appears to be", "delivery errors", "recipient address", "no mailbox", "over quota", "quota", "could not deliver", "couldn't deliver", "bounced", "host or domain name not found", "message not delivered",
	"ei voitu toimittaa", "toimitus epäonnistui", "ei ole toimitettu", "kunde inte levereras", "kan inte levereras", "inte levererats", "nicht zugestellt", "nicht zustellbar", "konnte nicht", "n'a pas pu", "n'a pas été", "no se pudo", "no se ha podido", "non è stato possibile", "não pôde ser", "не может быть доставлено", "не было доставлено", "не удалось", "entregar", "存在しない", "配信", "送信", "無法", "无法", "zostać dostarczon",
}

// soundsLikeBounce weighs who sent the mail, its subject and its words. None of them is
// enough alone: people write about bounces, and servers about other things.
func soundsLikeBounce(root *entity, b body, m Mail) bool {
	if has(m.Fields, "X-Failed-Recipients") {
		return true
	}
	subject := isBounceSubject(m.Subject)
	signs, machine := 0, false
	switch {
	case strings.HasPrefix(m.From.Address, "mailer-daemon"):
		signs, machine = 3, true
	case isDaemon(m.From.Address) || isDaemonName(first(m.Fields, "From")):
		signs, machine = 2, true
	}
	if nullPath(m.Fields) {
		signs, machine = signs+1, true
	}
	if root.kind == "multipart/report" && !has(m.Fields, "In-Reply-To") {
		signs++
	}
	if !machine && !subject && b.forwarded == nil && len(b.reports) == 0 {
		return false
	}
	switch {
	case subject:
		signs += 2
	case isWeakBounceSubject(m.Subject):
		signs++
	}
	words, original := splitNotice(m.Whole)
	if original == "" {
		original = idInText(m.Whole)
	}
	lower := strings.ToLower(clip(words, 8<<10))
	spoken := containsAny(lower, bounceWords)
	refused := findStatus(lower) != "" && findStatus(lower)[0] != '2' || findReply(lower) != ""
	if spoken {
		signs++
	}
	if refused {
		signs++
	}
	if b.forwarded != nil || len(b.reports) > 0 || original != "" {
		signs, machine = signs+1, true
	}
	if !machine {
		return false // a person may write about a bounce in a bounce's words
	}
	return signs >= 3 && (spoken || refused || b.forwarded != nil || len(b.reports) > 0) || signs >= 4
}

func nullPath(fields []Field) bool {
	for _, path := range all(fields, "Return-Path") {
		if isNullPath(strings.ToLower(path)) {
			return true
		}
	}
	return false
}

func isDaemonName(from string) bool {
	lower := strings.ToLower(from)
	return strings.Contains(lower, "mailer-daemon") || strings.Contains(lower, "mail delivery s") || strings.Contains(lower, "postmaster") || strings.Contains(lower, "mail administrator") || strings.Contains(lower, "mail deliver") || strings.Contains(lower, "email delivery") || strings.Contains(lower, "mailerdaemon") || strings.Contains(lower, "mail admin")
}

func isBounceSubject(subject string) bool {
	lower := strings.ToLower(subject)
	return !isPersonal(lower) && containsAny(lower, bounceSubjects[:len(bounceSubjects)-weakSubjects])
}

func isWeakBounceSubject(subject string) bool {
	lower := strings.ToLower(subject)
	return !isPersonal(lower) && containsAny(lower, bounceSubjects[len(bounceSubjects)-weakSubjects:])
}

// isPersonal tells the subject of a mail that a person passes on or answers.
func isPersonal(lower string) bool { return isForwardPrefix(lower) || isReplyPrefix(lower) }

func containsAny(text string, list []string) bool {
	for _, words := range list {
		if strings.Contains(text, words) {
			return true
		}
	}
	return false
}

// returnedMarks start the copy of the mail that a report returns, in lower case.
var returnedMarks = []string{
	"----- original message", "---- original message", "------ this is a copy of", "--- below this line is a copy", "--- the header of the original", "----- unsent message", "----- returned message", "----- message header", "------ original message", "------- returned message", "---- unsent message", "----- message headers", "message headers follow", "original message follows", "--- original message", "--- undelivered message", "included is a copy of", "---------- original message", "the following is a copy of", "your original message", "a copy of the original message", "your message is returned", "----- the returned message", "content of the message", "original message header", "--- enclosed are the original headers", "original message headers", "copy of the message", "-- message headers", "your original e-mail", "the text of your message", "unsent message below", "text of message", "message header:", "message text follows", "return-path:", "\nreceived: from ", "\nreceived: by ",
}

// splitNotice parts a report's own words from the mail that it returns.
func splitNotice(text string) (words, original string) {
	lower := lowerASCII(text)
	end := len(text)
	for _, mark := range returnedMarks {
		if at := strings.Index(lower, mark); at >= 0 && at < end {
			end = at
		}
	}
	return text[:end], text[end:]
}

// freeResults finds recipients and reasons in a report that is only words.
func freeResults(words string, m Mail) []BounceResult {
	var found []string
	for _, value := range all(m.Fields, "X-Failed-Recipients") {
		for _, box := range parseAddresses(value, maxResults).boxes {
			found = append(found, box.Address)
		}
	}
	if len(found) == 0 {
		found = addressesIn(words, m)
	}
	if len(found) == 0 {
		found = []string{""}
	}
	action := "failed"
	lower := strings.ToLower(words)
	if containsAny(lower, []string{"delayed", "will be retried", "still being retried", "warning message only", "do not need to resend", "will keep trying", "will continue to try", "temporary failure", "not yet been delivered", "delivery will be attempted"}) && !containsAny(lower, []string{"permanent", "giving up", "given up", "could not be delivered"}) {
		action = "delayed"
	}
	results := make([]BounceResult, 0, len(found))
	for _, recipient := range found {
		about := aboutRecipient(words, recipient, found)
		status := findStatus(about)
		if status == "" {
			status = findStatus(words)
		}
		if status == "" {
			if reply := findReply(words); reply != "" {
				status = reply[:1] + ".0.0"
			}
		}
		r := BounceResult{Recipient: recipient, Action: action, Status: status, Diagnostic: clip(oneLine(about), maxDiagnostic)}
		if action == "failed" && strings.HasPrefix(status, "2") {
			r.Status = ""
		}
		results = append(results, r)
	}
	return results
}

// aboutRecipient is what the report says from the recipient on to the next one.
func aboutRecipient(words, recipient string, all []string) string {
	lower := lowerASCII(words)
	at := strings.Index(lower, recipient)
	if recipient == "" || at < 0 {
		return clip(words, maxDiagnostic)
	}
	end := len(words)
	for _, other := range all {
		if next := strings.Index(lower[at:], other); other != recipient && next > 0 {
			end = min(end, at+next)
		}
	}
	return clip(words[at:end], maxDiagnostic)
}

// maxFound bounds the addresses that are taken out of words.
const maxFound = 10

// addressesIn finds the addresses that a report's words name, but for those of the
// report's sender and of us.
func addressesIn(words string, m Mail) (found []string) {
	own := map[string]bool{m.From.Address: true}
	for _, box := range m.To {
		own[box.Address] = true
	}
	rest := clip(words, 16<<10)
	for len(found) < maxFound {
		at := strings.IndexByte(rest, '@')
		if at < 0 {
			break
		}
		start, end := at, at+1
		for start > 0 && isAddressByte(rest[start-1]) {
			start--
		}
		for end < len(rest) && (isAddressByte(rest[end]) && rest[end] != '+' && rest[end] != '_') {
			end++
		}
		address, sure := normaliseAddress(strings.Trim(rest[start:end], "."))
		rest = rest[end:]
		if sure && !own[address] && !isDaemon(address) && strings.Contains(address[strings.IndexByte(address, '@'):], ".") {
			own[address] = true
			found = append(found, address)
		}
	}
	return found
}

func isAddressByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || isDigit(c) || strings.IndexByte(".-_+'=", c) >= 0 || c >= 0x80
}
