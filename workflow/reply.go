package workflow

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"time"
)

// KeeperReply is a keeper's reply to a question that inbox found to be genuine: from the keeper's address, authentic,
// by a mail that is no automatic one.
type KeeperReply struct {
	Identity Identity
	Written  time.Time // by its Date; zero without one
	Stamp    Stamp
	By       Address
	Says     Says
	Note     Text       // directly below the word: of a copy, for the person
	Text     Text       // the whole visible text, for the handlers
	Files    []Document // that may be taken
	Names    []Text     // of everything that was attached
	Trouble  string     // why the reply cannot be taken, in a code that the mail to the keeper explains
	Replay   string     // see Decision
}

// Document is a file that a keeper attached.
type Document struct {
	Name string // safe to show and to store under
	Type string // by its content
	Data []byte
}

// String hides the document.
func (Document) String() string { return "[document]" }

// LogValue tells how large the document is, and nothing of it.
func (d Document) LogValue() slog.Value { return slog.IntValue(len(d.Data)) }

// Says is what a keeper's reply comes to.
type Says string

const (
	SaysDone    Says = "done"    // DONE
	SaysNothing Says = "nothing" // NO DATA
	SaysText    Says = "text"    // anything else: the handlers read it; of a copy, nothing but documents is an answer
)

// Why a keeper's reply is not taken, beside what inbox finds. The mail to the keeper explains it.
const (
	TroubleEmpty = "empty" // DONE for a copy, with neither a document nor a text
	TroubleBoth  = "both"  // NO DATA, and documents
	TroubleFull  = "full"  // too many or too large documents, together with those sent before
)

const (
	mostFiles     = 20       // documents of one question
	mostFileBytes = 20 << 20 // of one question, together
)

// TakeReply lets a keeper's reply count, if it carries the secret of a question that was put to that keeper and is
// open. A keeper answers their own question and can do nothing else.
func (e *Engine) TakeReply(ctx context.Context, rep KeeperReply) (Decided, error) {
	if seen, err := e.store.Seen(ctx, rep.Identity.keys()...); err != nil || seen {
		return WasDecided, err
	}
	rep.Text, rep.Note = clip(rep.Text), clip(rep.Note)
	outcome := Obeyed
	_, err := e.change(ctx, rep.Stamp.Ref, func(c Case) (Step, error) {
		c = c.clone()
		it, q, refused := c.asks(rep)
		if refused != "" {
			return Step{}, refusal(refused)
		}
		var step Step
		var err error
		step, outcome, err = e.rules.taken(c, it, q, rep, e.now())
		if rep.Replay != "" {
			step.Case.Used = append(step.Case.Used, rep.Replay)
		}
		step.Identities = rep.Identity.keys()
		for i := range step.Entries {
			step.Entries[i].Actor = e.stamps.KeeperPseudonym(rep.By)
		}
		return step, err
	})
	var turned refusal
	switch {
	case errors.As(err, &turned):
		return Turned, e.Refuse(ctx, rep.Identity, Refusal{At: e.now(), Ref: rep.Stamp.Ref, Reason: string(turned), Digest: rep.Identity.Digest})
	case errors.Is(err, ErrNoCase):
		return Turned, e.Refuse(ctx, rep.Identity, Refusal{At: e.now(), Ref: rep.Stamp.Ref, Reason: ReasonGone, Digest: rep.Identity.Digest})
	case errors.Is(err, ErrDuplicate):
		return WasDecided, nil
	case err != nil:
		return "", err
	}
	return outcome, nil
}

// shown is what the handlers read: the text, and what hung on to it by name.
func (rep KeeperReply) shown() Text {
	text := rep.Text.Reveal()
	for _, name := range rep.Names {
		text += "\n[" + name.Reveal() + "]"
	}
	return Text(strings.TrimSpace(text))
}

// asks finds the question that the reply answers, or says why it counts for nothing.
func (c *Case) asks(rep KeeperReply) (it *Item, q *Inquiry, refused string) {
	if rep.Replay != "" && slices.Contains(c.Used, rep.Replay) {
		return nil, nil, ReasonReplay
	}
	t := c.Task(rep.Stamp.Task)
	if rep.Stamp.Ref != c.Ref || t == nil || t.To != rep.By || t.Action.Audience() != ToKeeper {
		return nil, nil, ReasonForeign
	}
	it, q = c.Inquiry(t.Inquiry)
	early := Decision{Written: rep.Written}.before(*t)
	switch {
	case q == nil || !q.State.Open() && rep.Says != SaysText:
		return nil, nil, ReasonSpent
	case early:
		return nil, nil, ReasonEarly
	}
	return it, q, ""
}

// taken is what comes of a reply that counts. Documents are kept before anybody decides about them: the handler who
// ticks a register off takes them over.
func (r Rules) taken(c Case, it *Item, q *Inquiry, rep KeeperReply, now time.Time) (Step, Decided, error) {
	files := rep.Files
	if it.Kind != Access || !q.State.Open() {
		files = nil // shown to the handlers by name alone
	}
	trouble := rep.Trouble
	switch {
	case it.Kind == Access && rep.Says == SaysText && rep.Text == "" && len(files) > 0:
		rep.Says = SaysDone // nothing but documents
	case it.Kind != Access && rep.Says == SaysDone && rep.Note != "":
		rep.Says = SaysText // it may say what was not done
	}
	if trouble == "" {
		trouble = q.refuses(it.Kind, rep, files)
	}
	settles := q.State.Open() && trouble == "" && rep.Says != SaysText
	if !settles && c.repliesTo(*q, now) >= repliesADay {
		return Step{}, "", refusal(ReasonReplies)
	}
	step := Step{Entries: []Entry{entry("keeper-answered",
		"register", q.Register, "says", string(rep.Says), "files", count(len(files)), "trouble", trouble, "digest", rep.Identity.Digest)}}
	about := string(rep.Says)
	switch {
	case !q.State.Open():
		about = "late"
	case trouble != "":
		about = trouble
		c.Book(Task{Action: KeeperMail, Item: it.N, Inquiry: q.N, To: q.Keeper, Name: trouble, Due: now})
	default:
		step.Files = q.keep(files)
	}
	for _, h := range r.Handlers {
		c.Book(Task{Action: KeeperSaid, Inquiry: q.N, To: h, Name: about, Text: rep.shown(), Due: now})
	}
	if about != string(rep.Says) || rep.Says == SaysText {
		step.Case = c
		if trouble != "" {
			return step, Explained, nil
		}
		return step, Obeyed, nil
	}
	q.Text = rep.Note
	state := InquiryDone
	if rep.Says == SaysNothing {
		state, q.Text = InquiryNothing, ""
	}
	r.settle(&c, q, state, now)
	var err error
	step.Case, err = r.goOn(c, now)
	return step, Obeyed, err
}

// repliesADay bounds how many replies to a question are told to the handlers, and answered, in a day: a machine without
// the marks of one may be at the keeper's address (RFC 3834, 2). One that settles the question always counts.
const repliesADay = 8

// ReasonReplies: a keeper's address has sent too many replies to a question.
const ReasonReplies = "keeper-replies"

// repliesTo counts the replies to a question that the handlers were told of in the last day.
func (c Case) repliesTo(q Inquiry, now time.Time) int {
	told := map[Address]int{}
	most := 0
	for _, t := range c.Tasks {
		if t.Action == KeeperSaid && t.Inquiry == q.N && t.Due.After(now.Add(-24*time.Hour)) {
			told[t.To]++
			most = max(most, told[t.To])
		}
	}
	return most
}

// refuses says why the reply cannot be taken as it is, "" if it can.
func (q Inquiry) refuses(kind Kind, rep KeeperReply, files []Document) string {
	all, size := len(q.Files)+len(files), 0
	for _, f := range q.Files {
		size += f.Size
	}
	for _, f := range files {
		size += len(f.Data)
	}
	switch {
	case all > mostFiles || size > mostFileBytes:
		return TroubleFull
	case rep.Says == SaysNothing && all > 0:
		return TroubleBoth
	case rep.Says == SaysDone && kind == Access && all == 0 && rep.Note == "":
		return TroubleEmpty
	}
	return ""
}

// keep notes the documents on the question, each once, and returns what the store is to keep. The same document has
// the same ID, so that a mail read twice leaves nothing behind.
func (q *Inquiry) keep(files []Document) []NewFile {
	var kept []NewFile
	for _, f := range files {
		sum := sha256.Sum256(f.Data)
		id := fmt.Sprintf("%d-%s", q.N, hex.EncodeToString(sum[:12]))
		if slices.ContainsFunc(q.Files, func(have KeptFile) bool { return have.ID == id }) {
			continue
		}
		q.Files = append(slices.Clone(q.Files), KeptFile{ID: id, Name: Text(f.Name), Type: f.Type, Size: len(f.Data)})
		kept = append(kept, NewFile{ID: id, Data: f.Data})
	}
	return kept
}

func count(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}
