package workflow

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Stamps makes and reads the Message-IDs of the program's own mails:
//
//	dpo-2026-0001.7h.<128 bits>@powercompetence.example
//
// case, task, audience, and a keyed hash of these. So a task's mail has the same
// Message-ID however often it is tried, nobody else can make one, and the one of a mail
// to a handler is the case secret: it stands in no mail to anyone else. Likewise the one
// of a mail to a keeper is the secret of that one question.
type Stamps struct {
	key     []byte
	mailbox Address
}

// NewStamps takes a secret key of at least 32 bytes and the mailbox's address, whose
// domain becomes that of the Message-IDs.
func NewStamps(key []byte, mailbox Address) Stamps {
	if len(key) < 32 {
		panic("workflow: stamp key shorter than 32 bytes")
	}
	return Stamps{key: key, mailbox: mailbox}
}

// Stamp is what an own Message-ID says.
type Stamp struct {
	Ref  Ref
	Task int
	To   Audience
}

var stampForm = regexp.MustCompile(`(?i)\b(dpo-\d{4}-\d{4,9}|desk)\.(\d{1,9})([phrk])\.([a-z2-7]{26})`)

var stampCoding = base32.StdEncoding.WithPadding(base32.NoPadding)

// MessageID is the Message-ID, without angle brackets, of the task's mail.
func (s Stamps) MessageID(ref Ref, t Task) string {
	return s.Token(ref, t) + "@" + s.domain()
}

// Token is the part of the Message-ID before the @: it stands in the plus-address and
// in the subject of one-click answers, which carry no References.
func (s Stamps) Token(ref Ref, t Task) string {
	st := Stamp{ref, t.N, t.Action.Audience()}
	return fmt.Sprintf("%s.%d%s.%s", strings.ToLower(string(ref)), st.Task, st.To, s.mac(st))
}

// Own reads a Message-ID of ours, with or without something after the stamp, as further
// parts of an answer have; ok is false for anybody else's, and for an imitation.
func (s Stamps) Own(messageID string) (Stamp, bool) {
	local, domain, _ := strings.Cut(strings.Trim(messageID, "<> \t"), "@")
	if !strings.EqualFold(domain, s.domain()) {
		return Stamp{}, false
	}
	at := stampForm.FindStringIndex(local)
	if at == nil || at[0] != 0 {
		return Stamp{}, false
	}
	found := s.Find(local)
	if len(found) != 1 {
		return Stamp{}, false
	}
	return found[0], true
}

// Find lists the genuine stamps that stand anywhere in text, such as a subject or an
// address, each once.
func (s Stamps) Find(text string) []Stamp {
	var found []Stamp
	seen := map[Stamp]bool{}
	for _, m := range stampForm.FindAllStringSubmatch(text, 20) {
		task, _ := strconv.Atoi(m[2])
		st := Stamp{Ref(strings.ToUpper(m[1])), task, Audience(strings.ToLower(m[3]))}
		if !hmac.Equal([]byte(s.mac(st)), []byte(strings.ToLower(m[4]))) || seen[st] {
			continue
		}
		seen[st] = true
		found = append(found, st)
	}
	return found
}

var refForm = regexp.MustCompile(`(?i)\bdpo-\d{4}-\d{4,9}\b`)

// FindRef is the first reference that stands in text, "" where none does. A reference
// proves nothing.
func FindRef(text string) Ref {
	return Ref(strings.ToUpper(refForm.FindString(text)))
}

func (s Stamps) mac(st Stamp) string {
	h := hmac.New(sha256.New, s.key)
	fmt.Fprintf(h, "stamp|%s|%s|%d|%s", s.mailbox.Reveal(), st.Ref, st.Task, st.To)
	return strings.ToLower(stampCoding.EncodeToString(h.Sum(nil)[:16]))
}

func (s Stamps) domain() string {
	_, domain, _ := strings.Cut(s.mailbox.Reveal(), "@")
	return domain
}

// Pseudonym stands for a handler in the audit trail: a keyed hash of the address.
func (s Stamps) Pseudonym(a Address) string { return s.pseudonym("handler", a) }

// KeeperPseudonym stands for the keeper of a register in the audit trail.
func (s Stamps) KeeperPseudonym(a Address) string { return s.pseudonym("keeper", a) }

func (s Stamps) pseudonym(role string, a Address) string {
	h := hmac.New(sha256.New, s.key)
	fmt.Fprintf(h, "%s|%s", role, a.Reveal())
	return role + "-" + strings.ToLower(stampCoding.EncodeToString(h.Sum(nil)[:5]))
}
