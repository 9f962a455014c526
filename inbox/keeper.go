package inbox

import (
	"bytes"
	"errors"
	"slices"
	"strings"

	"dpobot/inbox/authentic"
	"dpobot/inbox/keyword"
	"dpobot/inbox/reading"
	"dpobot/workflow"
)

// Keeper is somebody who keeps a register by hand, and answers what they are asked about it.
type Keeper struct {
	Address workflow.Address
	Trust   Trust
}

// Reasons for which a mail does not count as a keeper's answer, beside those of a handler's word.
const (
	ReasonKeeper   = "not-a-keeper"  // from another address than the one that was asked
	ReasonHandlers = "keepers-word"  // a keeper used a word that only a handler may use
	ReasonBothRole = "secrets-mixed" // of a case mail and of a question to a keeper
)

// keepersMail judges a mail that answers a question to a keeper, or would be taken for one. It counts by the same four
// rules as a handler's word, and can do nothing but answer that question. ok is false for every other mail.
func (j *Judge) keepersMail(mail reading.Mail, proof Proof) (Judgement, bool) {
	stamps := j.stampsFor(mail, workflow.ToKeeper)
	keepers := j.keepersAt(mail)
	says, note, err := keyword.ReadKeeper(mail.FirstLine, mail.AfterFirst)
	switch {
	case len(stamps) == 0 && len(keepers) > 0 && err == nil && len(j.secrets(mail)) == 0 && !j.isHandler(mail):
		return refuse(workflow.Stamp{}, workflow.ReasonNoSecret), true // else it would get nowhere in silence
	case len(stamps) == 0:
		return Judgement{}, false
	case len(j.secrets(mail)) > 0:
		return refuse(stamps[0], ReasonBothRole), true
	case len(keepers) == 0:
		if err == nil || errors.Is(err, keyword.ErrHandlers) || mail.FirstLine == "" || mail.FromProblem != "" {
			return refuse(stamps[0], ReasonKeeper), true
		}
		return Judgement{}, false // somebody to whom the keeper passed the question on
	}
	stamp, reason := newest(stamps)
	if reason != "" {
		return refuse(stamp, reason), true
	}
	if twice := mail.DuplicateFields(readDifferently...); len(twice) > 0 {
		return refuse(stamp, ReasonText+": "+reading.CommandDuplicate), true
	}
	auth := j.strictest(mail, keepers, proof)
	switch auth.Verdict {
	case authentic.Later:
		return Judgement{Role: RoleKeeper, Would: WouldWait, Stamp: stamp, Authentic: auth}, true
	case authentic.Pass:
	default:
		reason = ReasonProof + ": " + string(auth.Reason)
	}
	if reason == "" && errors.Is(err, keyword.ErrHandlers) {
		reason = ReasonHandlers
	}
	if reason != "" {
		out := refuse(stamp, reason)
		out.Authentic = auth
		return out, true
	}
	reply := keepersReply(mail, says, note, err)
	reply.Stamp, reply.By = stamp, keepers[0].Address
	return Judgement{Role: RoleKeeper, Would: WouldAct, Stamp: stamp, Authentic: auth, Reply: &reply}, true
}

// strictest asks in each way that keepers at the address are trusted by: all of them have to pass.
func (j *Judge) strictest(mail reading.Mail, keepers []Keeper, proof Proof) (auth authentic.Result) {
	for _, k := range keepers {
		if auth = j.authentic(mail, Handler{Address: k.Address, Trust: k.Trust}, proof); auth.Verdict != authentic.Pass {
			return auth
		}
	}
	return auth
}

// keepersReply is what an authentic reply of a keeper says. Text that is unclear as a word may be clear to a reader, so
// it goes to the handlers; a reply that is nothing but files has no text that could be unclear.
func keepersReply(mail reading.Mail, says workflow.Says, note workflow.Text, err error) workflow.KeeperReply {
	if err != nil || mail.CommandProblem != "" {
		says, note = workflow.SaysText, ""
	}
	reply := workflow.KeeperReply{Written: mail.Date, Says: says, Note: note, Text: workflow.Text(mail.Text), Replay: replay(mail)}
	if mail.CommandProblem != "" && mail.Text == "" && mail.CommandProblem != reading.CommandAttachment {
		reply.Text = workflow.Text("(" + mail.CommandProblem + ")") // nobody may take it for an answer of documents alone
	}
	for _, a := range mail.Attachments {
		if !a.Shown && !besideTheMatter(a.Type) {
			reply.Names = append(reply.Names, workflow.Text(a.Name))
		}
	}
	reply.Files, reply.Trouble = documents(mail)
	return reply
}

// keepersAt are the keepers whose address, the whole of it, is the mail's one sender: one for each way of trust.
func (j *Judge) keepersAt(mail reading.Mail) []Keeper {
	var at []Keeper
	for _, k := range j.keepers {
		if mail.FromProblem == "" && k.Address.Reveal() == mail.From.Address && !slices.Contains(at, k) {
			at = append(at, k)
		}
	}
	return at
}

func (j *Judge) isHandler(mail reading.Mail) bool {
	_, is := j.handler(mail)
	return is
}

// keepsFiles tells by the header of a mail whether its attachments are worth keeping while it is read: it answers a
// question to a keeper, and names one as its sender. Whether it counts is judged later.
func (j *Judge) keepsFiles(head []byte) bool {
	if end := bytes.Index(head, []byte("\r\n\r\n")); end >= 0 {
		head = head[:end]
	}
	from := fromField(head)
	named := slices.ContainsFunc(j.keepers, func(k Keeper) bool { return strings.Contains(from, k.Address.Reveal()) })
	return named && slices.ContainsFunc(j.stamps.Find(string(head)), func(st workflow.Stamp) bool { return st.To == workflow.ToKeeper })
}
