package inbox

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"dpobot/inbox/authentic"
	"dpobot/inbox/keyword"
	"dpobot/inbox/reading"
	"dpobot/inbox/sorting"
	"dpobot/workflow"
)

// Role is who a mail is from, as far as it matters here.
type Role string

const (
	RoleOwn       Role = "own"       // a mail of the program's own
	RoleBounce    Role = "bounce"    // a report about a mail that was not delivered
	RoleAutomatic Role = "automatic" // a machine's: never answered
	RoleList      Role = "list"      // came through a list, or is bulk mail
	RoleHandler   Role = "handler"   // a handler's word, or an attempt at one
	RoleKeeper    Role = "keeper"    // the answer of a register's keeper
	RolePerson    Role = "person"    // anybody else's
)

// Would is what the program does with a mail.
type Would string

const (
	WouldAcknowledge Would = "acknowledge" // a request: a case, and an acknowledgement
	WouldTriage      Would = "triage"      // perhaps a request: a handler sorts it
	WouldLeave       Would = "leave"       // not for the program, unless it belongs to a case
	WouldAct         Would = "act"         // a handler's word that counts
	WouldRefuse      Would = "refuse"      // a handler's word that does not count
	WouldAttention   Would = "attention"   // a mail of ours was not delivered
	WouldWait        Would = "later"       // nobody can tell for now
)

// Judgement is what a mail is, and what follows.
type Judgement struct {
	Role      Role
	Would     Would
	Stamp     workflow.Stamp // the mail of ours that it answers or is about
	Delayed   bool           // of a bounce: the server goes on trying
	Refused   string         // the reason, a code for the notice
	Authentic authentic.Result
	Decisions []workflow.Decision
	Reply     *workflow.KeeperReply
	Arrival   workflow.Arrival
	Sorted    sorting.Result
}

// Judge decides what mails are. It looks nothing up but what Read has found out, and
// changes nothing.
type Judge struct {
	mailbox    workflow.Address
	handlers   []Handler
	keepers    []Keeper
	stamps     workflow.Stamps
	sorter     Sorter
	authservID string
	lookup     authentic.LookupTXT
	languages  []string // of the mails to persons; the first where a mail's own is not among them
}

// NewJudge puts a judge together. lookup answers DNS questions.
func NewJudge(mailbox workflow.Address, handlers []Handler, stamps workflow.Stamps, sorter Sorter, authservID string, lookup authentic.LookupTXT, languages []string) *Judge {
	return &Judge{mailbox: mailbox, handlers: handlers, stamps: stamps, sorter: sorter, authservID: authservID, lookup: lookup, languages: languages}
}

// WithKeepers is the judge who knows these keepers of registers too.
func (j *Judge) WithKeepers(keepers []Keeper) *Judge {
	with := *j
	with.keepers = keepers
	return &with
}

// Judge says what the mail is. What is automatic is told first: a handler's own
// out-of-office notice proves its sender perfectly.
func (j *Judge) Judge(mail reading.Mail, proof Proof) Judgement {
	if st, own := j.stamps.Own(mail.MessageID); own && mail.From.Address == j.mailbox.Reveal() {
		return Judgement{Role: RoleOwn, Would: WouldLeave, Stamp: st}
	}
	if mail.Bounce != nil {
		return j.bounce(mail)
	}
	switch {
	case mail.Automatic, mail.MDN, mail.FeedbackReport:
		return Judgement{Role: RoleAutomatic, Would: WouldLeave}
	case mail.List:
		return Judgement{Role: RoleList, Would: WouldLeave}
	}
	if verdict, ok := j.keepersMail(mail, proof); ok {
		return verdict
	}
	if verdict, ok := j.handlersMail(mail, proof); ok {
		return verdict
	}
	if mail.From.Address == j.mailbox.Reveal() {
		return Judgement{Role: RoleOwn, Would: WouldLeave}
	}
	return j.person(mail)
}

func (j *Judge) bounce(mail reading.Mail) Judgement {
	out := Judgement{Role: RoleBounce, Would: WouldLeave}
	stamps := j.stamps.Find(mail.Bounce.Of)
	if len(stamps) != 1 || !strings.HasSuffix(mail.Bounce.Of, "@"+domainOf(j.mailbox.Reveal())) {
		return out
	}
	out.Stamp = stamps[0]
	switch mail.Bounce.Action {
	case "delivered", "relayed", "expanded":
		return out
	case "delayed":
		out.Delayed = true
	}
	out.Would = WouldAttention
	return out
}

// handlersMail judges a mail that is a handler's, or would be taken for one. ok is false
// for every other mail.
func (j *Judge) handlersMail(mail reading.Mail, proof Proof) (Judgement, bool) {
	handler, is := j.handler(mail)
	stamps := j.secrets(mail)
	_, readErr := keyword.Read(mail.FirstLine, mail.AfterFirst)
	says := !errors.Is(readErr, keyword.ErrNoKeyword)
	switch {
	case !is && len(stamps) == 0:
		if says && j.looksLikeHandler(mail) {
			return refuse(workflow.Stamp{}, ReasonSender), true
		}
		return Judgement{}, false
	case !is:
		if says || mail.FirstLine == "" || mail.FromProblem != "" {
			return refuse(stamps[0], ReasonSender), true
		}
		return Judgement{}, false // a person to whom a handler passed the case mail on
	case len(stamps) == 0:
		// Without a secret a handler is a person like any other, but for a keyword, which
		// would get nowhere in silence. Their private mail in their own mailbox is left.
		if handler.Address == j.mailbox {
			return Judgement{Role: RoleHandler, Would: WouldLeave}, true
		}
		if says && mail.FirstLine != "" {
			return refuse(workflow.Stamp{}, workflow.ReasonNoSecret), true
		}
		return Judgement{}, false
	}
	return j.word(mail, handler, stamps, proof), true
}

// readDifferently are fields of which mail programs believe different ones where they stand twice.
var readDifferently = []string{"Subject", "In-Reply-To", "References", "Content-Type", "Content-Transfer-Encoding"}

// word judges a handler's reply to one of our mails.
func (j *Judge) word(mail reading.Mail, handler Handler, stamps []workflow.Stamp, proof Proof) Judgement {
	stamp, reason := newest(stamps)
	if reason != "" {
		return refuse(stamp, reason)
	}
	if twice := mail.DuplicateFields(readDifferently...); len(twice) > 0 {
		return refuse(stamp, ReasonText+": "+reading.CommandDuplicate)
	}
	auth := j.authentic(mail, handler, proof)
	switch auth.Verdict {
	case authentic.Later:
		return Judgement{Role: RoleHandler, Would: WouldWait, Stamp: stamp, Authentic: auth}
	case authentic.Pass:
	default:
		out := refuse(stamp, ReasonProof+": "+string(auth.Reason))
		out.Authentic = auth
		return out
	}
	if mail.CommandProblem != "" {
		out := refuse(stamp, ReasonText+": "+mail.CommandProblem)
		out.Authentic = auth
		return out
	}
	out := Judgement{Role: RoleHandler, Would: WouldAct, Stamp: stamp, Authentic: auth}
	out.Decisions = j.decisions(mail, handler, stamp)
	return out
}

// decisions are the words of the mail: one, or in the answer to a digest one a line.
func (j *Judge) decisions(mail reading.Mail, handler Handler, stamp workflow.Stamp) []workflow.Decision {
	base := workflow.Decision{Ref: stamp.Ref, Stamp: stamp, By: handler.Address, Replay: replay(mail), Written: mail.Date}
	cmd, err := keyword.Read(mail.FirstLine, mail.AfterFirst)
	if stamp.Ref == workflow.Desk && !(err == nil && ofNoCase(cmd.Word)) {
		return digestDecisions(base, keyword.ReadDigest(append([]string{mail.FirstLine}, mail.AfterFirst...)))
	}
	base.Command, base.Trouble = cmd, trouble(err)
	if err != nil {
		base.Command.Argument = workflow.Text(mail.FirstLine)
	}
	return []workflow.Decision{base}
}

// ofNoCase lists the words that name no case when they answer a digest.
func ofNoCase(w workflow.Word) bool { return w == workflow.WordNew || w == workflow.WordHelp }

func digestDecisions(base workflow.Decision, lines []keyword.DigestLine) []workflow.Decision {
	if len(lines) == 0 {
		base.Trouble = TroubleNoWord
		return []workflow.Decision{base}
	}
	var all []workflow.Decision
	for n, line := range lines {
		d := base
		d.Command, d.Trouble = line.Command, trouble(line.Err)
		if line.Ref != "" {
			d.Ref = line.Ref
		}
		if line.Err != nil {
			d.Command.Argument = line.Line
		}
		d.Replay = fmt.Sprintf("%s-%d", base.Replay, n)
		all = append(all, d)
	}
	return all
}

// Troubles: why a first line is no word. The help mail explains them.
const (
	TroubleNoWord   = "no-keyword"
	TroubleNoRef    = "no-reference"
	TroubleTrailing = "trailing"
	TroubleArgument = "argument"
)

func trouble(err error) string {
	switch {
	case err == nil:
		return ""
	case errors.Is(err, keyword.ErrNoKeyword):
		return TroubleNoWord
	case errors.Is(err, keyword.ErrNoReference):
		return TroubleNoRef
	case errors.Is(err, keyword.ErrTrailing):
		return TroubleTrailing
	}
	return TroubleArgument
}

// Reasons for which a mail does not count as a handler's word; those that the desk finds
// stand in workflow. What follows a colon is a code of reading or authentic.
const (
	ReasonSender = "not-a-handler"
	ReasonProof  = "not-authentic"
	ReasonText   = "text-unclear"
)

func refuse(stamp workflow.Stamp, reason string) Judgement {
	return Judgement{Role: RoleHandler, Would: WouldRefuse, Stamp: stamp, Refused: reason}
}

// handler is the handler whose address, the whole of it, is the mail's one sender.
func (j *Judge) handler(mail reading.Mail) (Handler, bool) {
	if mail.FromProblem != "" {
		return Handler{}, false
	}
	for _, h := range j.handlers {
		if h.Address.Reveal() == mail.From.Address {
			return h, true
		}
	}
	return Handler{}, false
}

// looksLikeHandler tells whether a mail with a keyword shows a handler's address
// somewhere in its sender, without being one's.
func (j *Judge) looksLikeHandler(mail reading.Mail) bool {
	for _, f := range mail.Fields {
		if !strings.EqualFold(f.Name, "From") {
			continue
		}
		for _, h := range j.handlers {
			if strings.Contains(strings.ToLower(f.Value), h.Address.Reveal()) {
				return true
			}
		}
	}
	return false
}

// secrets are the genuine stamps of mails to handlers that the mail carries: in what it
// answers, in the address that it was sent to, or in the subject of a one-press answer.
func (j *Judge) secrets(mail reading.Mail) []workflow.Stamp {
	return j.stampsFor(mail, workflow.ToHandler)
}

// stampsFor are the genuine stamps of mails to an audience, in the same places.
func (j *Judge) stampsFor(mail reading.Mail, audience workflow.Audience) []workflow.Stamp {
	places := slices.Concat(mail.InReplyTo, mail.References, []string{mail.Subject})
	for _, to := range slices.Concat(mail.To, mail.Cc) {
		places = append(places, to.Address)
	}
	var found []workflow.Stamp
	for _, place := range places {
		for _, st := range j.stamps.Find(place) {
			if st.To == audience && !slices.Contains(found, st) {
				found = append(found, st)
			}
		}
	}
	return found
}

// newest is the latest of the stamps, which must all be of one case.
func newest(stamps []workflow.Stamp) (workflow.Stamp, string) {
	last := stamps[0]
	for _, st := range stamps[1:] {
		if st.Ref != last.Ref {
			return last, workflow.ReasonMixed
		}
		if st.Task > last.Task {
			last = st
		}
	}
	return last, ""
}

// authentic asks in the way that the handler is trusted by.
func (j *Judge) authentic(mail reading.Mail, h Handler, proof Proof) authentic.Result {
	domain := domainOf(h.Address.Reveal())
	switch h.Trust {
	case TrustSecret:
		return authentic.Result{Verdict: authentic.Pass, Reason: authentic.Proved, Why: "the case secret alone is asked for"}
	case TrustServer:
		return authentic.AuthenticationResults(fields(mail), j.authservID, domain)
	}
	if proof.dkim == nil {
		return authentic.Result{Verdict: authentic.None, Reason: authentic.Unsigned, Why: "no signature was checked"}
	}
	return *proof.dkim
}

func fields(mail reading.Mail) []authentic.Field {
	out := make([]authentic.Field, len(mail.Fields))
	for i, f := range mail.Fields {
		out[i] = authentic.Field{Name: f.Name, Value: f.Value}
	}
	return out
}

// replay tells a word sent again from a new one, though its Message-ID, which not every
// signature covers, was changed: by date, subject and what it says. Blanks and escapes do
// not count: relaxed signatures let blanks be added, and some leave the encoding open.
func replay(mail reading.Mail) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{essence(mail.Get("Date")), essence(mail.Subject), essence(mail.Whole)}, "\x00")))
	return hex.EncodeToString(sum[:12])
}

var escapes = regexp.MustCompile("=[0-9A-Fa-f]{2}")

// essence is the letters A to Z and digits of a text, in capitals or not.
func essence(text string) string {
	return strings.Map(func(r rune) rune {
		if '0' <= r && r <= '9' || 'A' <= r && r <= 'Z' || 'a' <= r && r <= 'z' {
			return r
		}
		return -1
	}, escapes.ReplaceAllString(text, ""))
}

func domainOf(address string) string {
	return address[strings.LastIndexByte(address, '@')+1:]
}
