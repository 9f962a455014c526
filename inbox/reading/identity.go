package reading

import (
	"net/mail"
	"strings"
	"time"
	"unicode"
)

const (
	maxReferences = 200
	maxMessageID  = 998 // the longest line of RFC 5322, 2.1.1
)

// messageIDs reads the identifiers of Message-ID, In-Reply-To or References, without
// their angle brackets. Exchange joins them with commas, others fold within them.
func messageIDs(raw string, limit int) (ids []string) {
	for len(ids) < limit {
		_, rest, ok := strings.Cut(raw, "<")
		if !ok {
			break
		}
		id, rest, ok := strings.Cut(rest, ">")
		if !ok {
			break
		}
		if id = cleanID(id); id != "" {
			ids = append(ids, id)
		}
		raw = rest
	}
	return ids
}

// messageID reads one identifier, with or without brackets.
func messageID(raw string) string {
	if ids := messageIDs(raw, 1); len(ids) > 0 {
		return ids[0]
	}
	id, _, _ := strings.Cut(strings.Trim(raw, " \t<>"), " ")
	return cleanID(id)
}

func cleanID(id string) string {
	id = strings.Map(func(r rune) rune {
		if r <= ' ' || unicode.IsControl(r) || isInvisible(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(id, ""))
	return clip(id, maxMessageID)
}

// dateLayouts are what mailers write beside RFC 5322.
var dateLayouts = []string{
	"Mon, 2 Jan 2006 15:04:05 MST", "2 Jan 2006 15:04:05 MST", "Mon, 2 Jan 2006 15:04:05",
	"Mon Jan 2 15:04:05 2006", "Mon Jan 2 15:04:05 MST 2006", "2006-01-02T15:04:05Z07:00", "2006-01-02 15:04:05 -0700", "2006-01-02 15:04:05",
	"Mon, 2 Jan 06 15:04:05 -0700", "Mon, 2 Jan 2006 15:04 -0700",
}

// date reads the Date field; the zero time when it cannot be read. Deadlines do not run
// from it: its writer is the sender.
func date(raw string) time.Time {
	if when, err := mail.ParseDate(raw); err == nil {
		return when
	}
	if at := strings.IndexByte(raw, '('); at > 0 {
		raw = raw[:at]
	}
	raw = strings.Join(strings.Fields(raw), " ")
	for _, layout := range dateLayouts {
		if when, err := time.Parse(layout, raw); err == nil {
			return when
		}
	}
	return time.Time{}
}
