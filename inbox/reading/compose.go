package reading

import "strings"

// compose makes a Mail of the parts that the walk found.
func compose(root *entity, lim Limits) Mail {
	fields := root.fields
	m := Mail{
		Fields:     fields,
		ReplyTo:    parseAddresses(strings.Join(all(fields, "Reply-To"), ","), lim.Addresses).boxes,
		To:         parseAddresses(strings.Join(all(fields, "To"), ","), lim.Addresses).boxes,
		Cc:         parseAddresses(strings.Join(all(fields, "Cc"), ","), lim.Addresses).boxes,
		Subject:    clip(decodeWords(first(fields, "Subject")), maxSubject),
		MessageID:  messageID(first(fields, "Message-ID")),
		Date:       date(first(fields, "Date")),
		InReplyTo:  messageIDs(first(fields, "In-Reply-To"), maxReferences),
		References: messageIDs(strings.Join(all(fields, "References"), " "), maxReferences),
	}
	m.From, m.FromProblem = sender(fields, lim.Addresses)
	body := readBody(root, lim)
	m.Attachments = body.attachments
	text := m.readText(body, lim)
	if body.cut {
		m.Problem = ProblemTextTooBig
	}
	m.CommandProblem = commandProblem(root, body, text, m)
	m.readMarks(root, body)
	return m
}

const maxSubject = 2000
