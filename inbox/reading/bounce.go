package reading

import (
	"strings"
)

// notice is what a machine's report about a mail says.
type notice struct {
	bounce    *Bounce // nil unless a mail did not arrive, or not yet
	complaint bool    // somebody called our mail unwanted
	machine   bool    // it is a report at all
}

// readNotice reads a report about another mail: the standard form first (RFC 3464), then
// the many ways in which servers say it in words.
func readNotice(root *entity, b body, m Mail) notice {
	if cloud, ok := readCloudNotice(m.Whole); ok {
		return cloud
	}
	of := originalID(b)
	status := findReport(b, m)
	if of == "" {
		of = status.of
	}
	if of == "" && len(m.InReplyTo) > 0 {
		of = m.InReplyTo[0]
	}
	if len(status.results) > 0 && !m.MDN && !m.FeedbackReport {
		if of == "" {
			of = idInText(m.Whole)
		}
		return notice{bounce: summarise(of, status.results, m), machine: true}
	}
	if m.MDN || m.FeedbackReport || !soundsLikeBounce(root, b, m) {
		return notice{}
	}
	words, original := splitNotice(m.Whole)
	if of == "" {
		of = idInText(original)
	}
	return notice{bounce: summarise(of, freeResults(words, m), m), machine: true}
}

// findReport finds the delivery status, in a part of its own or in the text.
func findReport(b body, m Mail) statusReport {
	var all statusReport
	reports := b.reports
	if b.forwarded != nil && len(reports) == 0 && isDaemon(m.From.Address) {
		reports = reportsWithin(b.forwarded) // a report about a report
	}
	for _, part := range reports {
		if strings.HasSuffix(part.kind, "delivery-status") || part.kind == "message/x-mailsystem-status" {
			report := readStatus(part.text)
			all.results = append(all.results, report.results...)
			if all.of == "" {
				all.of = report.of
			}
		}
	}
	if len(all.results) > 0 {
		return all
	}
	if !isDaemon(m.From.Address) && !isBounceSubject(m.Subject) && automaticMark(m.Fields) == "" {
		return all
	}
	lower := lowerASCII(m.Whole)
	at := strings.Index(lower, "final-recipient:")
	if at < 0 {
		return all
	}
	start := strings.LastIndex(lower[:at], "\n\n")
	words, _ := splitNotice(m.Whole[max(start, 0):])
	report := readStatus(words)
	results := report.results[:0]
	for _, r := range report.results {
		if r.Recipient != "" {
			results = append(results, r)
		}
	}
	report.results = results
	return report
}

// reportsWithin gathers the reports of a mail within the mail.
func reportsWithin(e *entity) (reports []*entity) {
	if e.isReport() {
		return []*entity{e}
	}
	for _, child := range e.children {
		reports = append(reports, reportsWithin(child)...)
	}
	return reports
}

// originalID is the Message-ID of the mail that hangs on to the report.
func originalID(b body) string {
	if b.forwarded != nil {
		if id := messageID(first(b.forwarded.fields, "Message-ID")); id != "" {
			return id
		}
	}
	for _, part := range b.reports {
		if strings.Contains(part.kind, "headers") || strings.Contains(part.kind, "header") {
			if id := idInText(part.text); id != "" {
				return id
			}
		}
	}
	return ""
}

// idInText finds a Message-ID line in a text that returns a mail.
func idInText(text string) string {
	lower := lowerASCII(text)
	for from := 0; ; {
		at := strings.Index(lower[from:], "message-id:")
		if at < 0 {
			return ""
		}
		at += from
		from = at + len("message-id:")
		before := strings.TrimRight(text[:at], " \t>|*")
		if before != "" && !strings.HasSuffix(before, "\n") {
			continue
		}
		value := text[from:]
		if end := strings.IndexByte(value, '\n'); end >= 0 && strings.TrimSpace(value[:end]) != "" {
			value = value[:end]
		} else if end >= 0 {
			value, _, _ = strings.Cut(value[end+1:], "\n") // folded after the colon
		}
		if id := messageID(strings.TrimSpace(value)); id != "" {
			return id
		}
	}
}

// summarise makes one verdict of the results. What was delivered, relayed or expanded is
// no bounce (RFC 3464, 2.3.3).
func summarise(of string, results []BounceResult, m Mail) *Bounce {
	b := &Bounce{Of: of, Results: results}
	worst := -1
	rank := 0
	for i := range results {
		r := &results[i]
		if r.Status == "" {
			r.Status = findStatus(r.Diagnostic)
		}
		if r.Action == "" {
			r.Action = actionOf(r.Status)
		}
		words := r.Diagnostic + " " + r.Status
		if r.Reason = reasonOf(words); r.Reason == ReasonUnknown && len(results) == 1 {
			notice, _ := splitNotice(m.Whole)
			r.Reason = reasonOf(notice)
		}
		r.Hard = r.Action != "delayed" && !strings.HasPrefix(r.Status, "4") && r.Reason.final()
		if r.Recipient != "" {
			b.Recipients = append(b.Recipients, r.Recipient)
		}
		if n := r.rank(); n > rank {
			worst, rank = i, n
		}
	}
	if worst < 0 {
		return nil
	}
	b.Action, b.Status, b.Reason = results[worst].Action, results[worst].Status, results[worst].Reason
	b.Hard = results[worst].Hard
	b.Temporary = b.Action == "delayed" || strings.HasPrefix(b.Status, "4") && !b.Hard
	return b
}

// rank orders results by how bad they are; 0 is no failure.
func (r BounceResult) rank() int {
	switch {
	case r.Action == "delivered", r.Action == "relayed", r.Action == "expanded", r.Action == "deliverable", strings.HasPrefix(r.Status, "2") && r.Action != "failed":
		return 0
	case r.Action == "delayed":
		return 1
	case !r.Hard:
		return 2
	}
	return 3
}

func actionOf(status string) string {
	switch {
	case strings.HasPrefix(status, "2"):
		return "delivered"
	case strings.HasPrefix(status, "4"):
		return "delayed"
	}
	return "failed"
}
