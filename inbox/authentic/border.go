package authentic

import "strings"

// Border is what the configured border server says about a mail, and which fields were left aside and why.
type Border struct {
	// Server is the configured authserv-id.
	Server string
	// Through says that the border's own Received is on top of the mail, so that what stands above it
	// was written by the border or by servers behind it.
	Through bool
	// ReceivedBy is the server that the topmost Received names, "" without one. Take it as text of the mail.
	ReceivedBy string
	// Fields are all Authentication-Results of the mail, top down.
	Fields []BorderField
}

// BorderField is one Authentication-Results field.
type BorderField struct {
	Statement Statement
	// Err says that it cannot be read; Statement then holds the server's id at most.
	Err error
	// Standing says whether it counts.
	Standing Standing
}

// Standing says whether an Authentication-Results field counts.
type Standing string

const (
	// Counts: it is the border's, by its place and its id.
	Counts Standing = "counts"
	// Broken: it stands where only the border writes and cannot be read, so the mail is refused.
	Broken Standing = "broken"
	// ForeignServer: another server's id.
	ForeignServer Standing = "foreign-server"
	// Below: it stands below the border's Received, where whoever sent the mail can write what they like.
	Below Standing = "below"
)

// ReadBorder sorts the mail's Authentication-Results fields; fields is the raw header, top down.
//
// A field counts if its authserv-id is exactly the configured one (as a domain: case does not matter, all else
// does) and it stands above the border's own Received (RFC 8601, 7.1). That is the topmost Received, and it
// must say "by" the configured id. One exception: many mailboxes are filled by LMTP, which puts a Received of its
// own on top; if the topmost says "with LMTP" the one below is taken. Never more than one is skipped: the sender
// has no hand in the first Received of a mailbox that is filled by LMTP, nor in the one that the border gave it below.
func ReadBorder(fields []Field, authservID string) Border {
	b := Border{Server: authservID}
	border := borderReceived(fields)
	if border >= 0 {
		by, _ := receivedBy(fields[border].Value)
		b.ReceivedBy = by
		b.Through = sameServer(by, authservID)
	}
	for i, f := range fields {
		if lower(strings.TrimRight(f.Name, " \t")) != "authentication-results" {
			continue
		}
		statement, err := ParseStatement(f.Value)
		entry := BorderField{statement, err, Counts}
		switch {
		case !b.Through || i > border:
			entry.Standing = Below
		case err != nil && (statement.Server == "" || sameServer(statement.Server, authservID)):
			entry.Standing = Broken
		case !sameServer(statement.Server, authservID):
			entry.Standing = ForeignServer
		}
		b.Fields = append(b.Fields, entry)
	}
	return b
}

// sameServer compares authserv-ids; nothing is the same as no id.
func sameServer(id, configured string) bool {
	return configured != "" && lower(id) == lower(configured)
}

// borderReceived is the index of the Received that the border added, -1 without one.
func borderReceived(fields []Field) int {
	lmtp := false
	for i, f := range fields {
		if lower(strings.TrimRight(f.Name, " \t")) != "received" {
			continue
		}
		if _, with := receivedBy(f.Value); strings.HasPrefix(with, "lmtp") && !lmtp {
			lmtp = true
			continue
		}
		return i
	}
	return -1
}

// receivedBy reads "from X (...) by Y (...) with Z" (RFC 5321, 4.4) and returns Y, and Z in lower case;
// both are "" for a field of another form. Only the words' places count: a host may greet as "by".
func receivedBy(value string) (by, with string) {
	words := receivedWords(value)
	if len(words) > 1 && lower(words[0]) == "from" {
		words = words[2:]
	}
	if len(words) < 2 || lower(words[0]) != "by" {
		return "", ""
	}
	by = words[1]
	for words = words[2:]; len(words) > 1; words = words[2:] {
		if lower(words[0]) == "with" {
			return by, lower(words[1])
		}
	}
	return by, ""
}

// receivedWords splits up to the date, without comments; nil if the field cannot be read.
func receivedWords(value string) []string {
	s, err := newScanner(value)
	if err != nil {
		return nil
	}
	var words []string
	for {
		if _, err := s.blanks(); err != nil {
			return nil
		}
		if s.end() || s.peek() == ';' {
			return words
		}
		word, err := s.value()
		if err != nil {
			return nil
		}
		words = append(words, word)
	}
}
