package inbox

import (
	"slices"
	"strings"

	"dpobot/inbox/reading"
	"dpobot/workflow"
)

// saysWrongPerson are the words of somebody who got a mail that was not for them, in the
// languages of our mails, in small letters.
var saysWrongPerson = [...]string{
	"not meant for me", "not for me", "not intended for me", "wrong person", "wrong recipient", "not my data", "not mine",
	"somebody else's data", "someone else's data", "another person's data", "i did not request", "i didn't request", "i did not ask", "i didn't ask",
	"en ole pyytänyt", "en ole tehnyt pyyntöä", "väärä henkilö", "väärälle henkilölle", "väärään osoitteeseen", "ei kuulu minulle",
	"ei ole minun tietojani", "eivät ole minun", "toisen henkilön tie", "jonkun toisen tie", "jonkun muun tie",
	"fel person", "fel mottagare", "fel adress", "inte mina uppgifter", "inte mina", "någon annans uppgifter", "jag har inte begärt", "jag har inte bett", "inte avsett för mig",
}

// wrongPerson tells whether the mail answers one of ours and says that it was not for its
// reader. Whether data went astray is a handler's to find out: the words are a hint.
func (j *Judge) wrongPerson(mail reading.Mail) bool {
	answers := slices.ContainsFunc(slices.Concat(mail.InReplyTo, mail.References), func(id string) bool {
		st, own := j.stamps.Own(id)
		return own && st.To == workflow.ToPerson
	})
	if !answers {
		return false
	}
	text := strings.Join(strings.Fields(strings.ToLower(strings.ReplaceAll(mail.Text, "’", "'"))), " ")
	return slices.ContainsFunc(saysWrongPerson[:], func(words string) bool { return strings.Contains(text, words) })
}
