package inbox

import (
	"context"
	"fmt"
	"io"
	"time"

	"dpobot/inbox/authentic"
	"dpobot/inbox/keyword"
	"dpobot/inbox/reading"
	"dpobot/workflow"
)

// Explanation is how a mail is read, for an operator to look at. It holds personal data.
type Explanation struct {
	File           string            `json:"file"`
	From           string            `json:"from"`
	FromName       string            `json:"from_name,omitempty"`
	FromProblem    string            `json:"from_problem"`
	To             []string          `json:"to"`
	Subject        string            `json:"subject"`
	MessageID      string            `json:"message_id"`
	Date           string            `json:"date"`
	Language       string            `json:"language"`
	Automatic      bool              `json:"automatic"`
	AutomaticWhy   string            `json:"automatic_why"`
	List           bool              `json:"list"`
	ListWhy        string            `json:"list_why,omitempty"`
	MDN            bool              `json:"mdn"`
	FeedbackReport bool              `json:"feedback_report"`
	Bounce         *ExplainedBounce  `json:"bounce"`
	Text           string            `json:"text"`
	Attachments    []ExplainedFile   `json:"attachments"`
	FirstLine      string            `json:"first_line"`
	CommandProblem string            `json:"command_problem,omitempty"`
	Keyword        *ExplainedKeyword `json:"keyword"`
	Keeper         *ExplainedReply   `json:"keeper,omitempty"`
	Authentic      ExplainedProof    `json:"authentic"`
	Case           *workflow.Ref     `json:"case"`
	Kind           workflow.Kind     `json:"kind"`
	Kinds          []workflow.Kind   `json:"kinds"`
	Sure           bool              `json:"sure"`
	Why            []string          `json:"why"`
	Problem        *string           `json:"problem"`
	Would          Would             `json:"would"`
	Refused        string            `json:"refused,omitempty"`
}

// ExplainedBounce is a delivery report.
type ExplainedBounce struct {
	Of         string   `json:"of"`
	Action     string   `json:"action"`
	Status     string   `json:"status"`
	Recipients []string `json:"recipients"`
	Hard       bool     `json:"hard"`
	Temporary  bool     `json:"temporary"`
}

// ExplainedFile is an attachment that was listed, not opened.
type ExplainedFile struct {
	Name string `json:"name"`
	Type string `json:"type"`
	Size int64  `json:"size"`
}

// ExplainedKeyword is a keyword on the first line, whoever wrote it.
type ExplainedKeyword struct {
	Word     workflow.Word `json:"word"`
	Argument string        `json:"argument"`
}

// ExplainedReply is what a genuine reply of a register's keeper says.
type ExplainedReply struct {
	Says    workflow.Says `json:"says"`
	Note    string        `json:"note,omitempty"` // what stands directly below the word
	Files   int           `json:"files"`          // documents that would be taken
	Trouble string        `json:"trouble,omitempty"`
}

// ExplainedProof says whether the mail is of the domain that its From names.
type ExplainedProof struct {
	Verdict authentic.Verdict `json:"verdict"`
	Why     string            `json:"why"`
}

// Explain reads a mail and says how it is read. Nothing is kept or changed.
func (j *Judge) Explain(ctx context.Context, file string, raw io.Reader, limits reading.Limits) (Explanation, error) {
	mail, proof, err := j.Read(ctx, raw, limits)
	if err != nil {
		return Explanation{}, fmt.Errorf("read %s: %w", file, err)
	}
	verdict := j.Judge(mail, proof)
	x := Explanation{
		File: file, From: mail.From.Address, FromName: mail.From.Name, FromProblem: mail.FromProblem, To: addresses(mail.To),
		Subject: mail.Subject, MessageID: mail.MessageID,
		Automatic: mail.Automatic || mail.MDN || mail.FeedbackReport, AutomaticWhy: mail.AutomaticWhy, List: mail.List, ListWhy: mail.ListWhy,
		MDN: mail.MDN, FeedbackReport: mail.FeedbackReport, Bounce: bounceOf(mail.Bounce),
		Text: mail.Text, Attachments: []ExplainedFile{}, FirstLine: mail.FirstLine, CommandProblem: mail.CommandProblem,
		Keyword: keywordOf(mail), Authentic: j.proofOf(mail, verdict, proof), Kinds: []workflow.Kind{}, Why: []string{},
		Would: verdict.Would, Refused: verdict.Refused,
	}
	if !mail.Date.IsZero() {
		x.Date = mail.Date.Format(time.RFC3339)
	}
	for _, a := range mail.Attachments {
		x.Attachments = append(x.Attachments, ExplainedFile{a.Name, a.Type, a.Size})
	}
	if verdict.Stamp.Ref != "" {
		x.Case = &verdict.Stamp.Ref
	}
	if r := verdict.Reply; r != nil {
		x.Keeper = &ExplainedReply{r.Says, r.Note.Reveal(), len(r.Files), r.Trouble}
	}
	if mail.Problem != "" {
		x.Problem = &mail.Problem
	}
	j.explainKind(&x, mail)
	return x, nil
}

// explainKind sorts every mail, whoever wrote it: the reader asks what it says.
func (j *Judge) explainKind(x *Explanation, mail reading.Mail) {
	sorted, _, _ := j.sort(mail)
	x.Kind, x.Sure, x.Language = workflow.Kind(sorted.Kind), sorted.Sure, sorted.Lang
	for _, k := range sorted.Kinds {
		x.Kinds = append(x.Kinds, workflow.Kind(k))
	}
	if len(x.Kinds) == 0 {
		x.Kinds = append(x.Kinds, x.Kind)
	}
	x.Why = append(x.Why, sorted.Why...)
}

// proofOf is the authenticity that was asked for; where none was, as for a person, what
// the configured border says.
func (j *Judge) proofOf(mail reading.Mail, verdict Judgement, proof Proof) ExplainedProof {
	if verdict.Authentic.Verdict != "" {
		return ExplainedProof{verdict.Authentic.Verdict, verdict.Authentic.Why}
	}
	if proof.dkim != nil {
		return ExplainedProof{proof.dkim.Verdict, proof.dkim.Why}
	}
	if j.authservID == "" {
		return ExplainedProof{authentic.None, "no authserv_id is configured, and the sender is no handler trusted by DKIM"}
	}
	r := authentic.AuthenticationResults(fields(mail), j.authservID, domainOf(mail.From.Address))
	return ExplainedProof{r.Verdict, r.Why}
}

func keywordOf(mail reading.Mail) *ExplainedKeyword {
	cmd, err := keyword.Read(mail.FirstLine, mail.AfterFirst)
	if err != nil {
		return nil
	}
	return &ExplainedKeyword{cmd.Word, cmd.Argument.Reveal()}
}

func bounceOf(b *reading.Bounce) *ExplainedBounce {
	if b == nil {
		return nil
	}
	return &ExplainedBounce{b.Of, b.Action, b.Status, append([]string{}, b.Recipients...), b.Hard, b.Temporary}
}

func addresses(boxes []reading.Mailbox) []string {
	out := []string{}
	for _, b := range boxes {
		out = append(out, b.Address)
	}
	return out
}
