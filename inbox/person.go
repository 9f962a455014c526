package inbox

import (
	"slices"
	"strings"

	"dpobot/inbox/authentic"
	"dpobot/inbox/particulars"
	"dpobot/inbox/reading"
	"dpobot/inbox/sorting"
	"dpobot/workflow"
)

// person judges the mail of somebody who is no handler: what it asks for, and what a
// handler should know before they ring.
func (j *Judge) person(mail reading.Mail) Judgement {
	sorted, text, onBehalf := j.sort(mail)
	a := workflow.Arrival{
		MessageID:  mail.MessageID,
		References: append(slices.Clone(mail.References), mail.InReplyTo...),
		Subject:    workflow.Text(mail.Subject),
		From:       workflow.Address(mail.From.Address),
		Name:       workflow.Text(mail.From.Name),
		Text:       workflow.Text(text),
		Language:   j.language(sorted.Lang),
		Heard:      sorted.Lang,
		Right:      workflow.Right(sorted.Other),
		Sure:       sorted.Sure,
		Warnings:   j.warnings(mail, sorted, onBehalf),
	}
	for _, f := range mail.Attachments {
		a.Files = append(a.Files, f.Name)
	}
	for _, k := range sorted.Kinds {
		if k != sorting.None {
			a.Kinds = append(a.Kinds, workflow.Kind(k))
		}
	}
	if !sorted.Sure && len(a.Kinds) == 0 {
		a.Kinds = []workflow.Kind{workflow.Access} // a guess to start from: a handler sorts it
	}
	for _, why := range sorted.Why {
		a.Why = append(a.Why, workflow.Text(why))
	}
	said := particulars.Read(sorted.Lang, mail.Subject, text)
	a.Fields, a.Also = said.Fields, said.Also
	if len(a.Fields) == 0 && len(mail.InReplyTo) > 0 {
		a.Answers = particulars.Reply(sorted.Lang, text)
	}
	if said.SendElsewhere {
		a.Warnings = append(a.Warnings, workflow.SendElsewhere)
	}
	out := Judgement{Role: RolePerson, Sorted: sorted}
	switch {
	case mail.FromProblem != "" && (len(a.Kinds) > 0):
		a.Sure, a.Problem = false, "from "+mail.FromProblem
		out.Would = WouldTriage
	case unreadable(mail):
		a.Sure, a.Problem = false, mail.Problem
		out.Would = WouldTriage
	case len(a.Kinds) == 0:
		out.Would = WouldLeave
	case !a.Sure || onBehalf:
		a.Sure = false
		out.Would = WouldTriage
	default:
		out.Would = WouldAcknowledge
	}
	out.Arrival = a
	return out
}

// sort asks the sorter about the text of the sender's own; where that is a colleague who
// passes a request on, about the request.
func (j *Judge) sort(mail reading.Mail) (sorted sorting.Result, text string, onBehalf bool) {
	sorted = j.sorter.Sort(mail.Subject, mail.Text)
	if mail.Forwarded == "" {
		return sorted, mail.Text, false
	}
	passed := j.sorter.Sort(mail.Subject, mail.Forwarded)
	if passed.Kind == sorting.None && passed.Sure || sorted.Kind != sorting.None && sorted.Sure {
		return sorted, mail.Text, false
	}
	if mail.FirstLine == "" {
		return passed, mail.Forwarded, true // nothing of the colleague's own
	}
	return passed, strings.TrimSpace(mail.Text + "\n\n" + mail.Forwarded), true
}

// unreadable tells whether so little of the mail could be read that a person may be
// asking for something in the rest of it.
func unreadable(mail reading.Mail) bool {
	switch mail.Problem {
	case "", reading.ProblemTextTooBig:
		return false
	case reading.ProblemTooLarge, reading.ProblemNoHeader:
		return strings.TrimSpace(mail.Text) == ""
	}
	return strings.TrimSpace(mail.Text) == "" && strings.TrimSpace(mail.Subject) == ""
}

func (j *Judge) warnings(mail reading.Mail, sorted sorting.Result, onBehalf bool) []workflow.Warning {
	var ws []workflow.Warning
	warn := func(w workflow.Warning, when bool) {
		if when {
			ws = append(ws, w)
		}
	}
	warn(workflow.FromAmbiguous, mail.FromProblem != "")
	warn(workflow.ReplyElsewhere, slices.ContainsFunc(mail.ReplyTo, func(m reading.Mailbox) bool { return m.Address != mail.From.Address }))
	warn(workflow.DMARCFailed, j.authservID != "" && authentic.Warning(fields(mail), j.authservID, domainOf(mail.From.Address)) != "")
	warn(workflow.Urgency, sorted.Urgent)
	warn(workflow.Withdrawal, sorted.Withdraws)
	warn(workflow.Reminder, sorted.FollowUp)
	warn(workflow.OnBehalf, onBehalf)
	warn(workflow.WrongPerson, j.wrongPerson(mail))
	warn(workflow.Partial, mail.Problem != "")
	return ws
}

// language is the one to answer in: the person's where letters are kept in it.
func (j *Judge) language(heard string) string {
	if slices.Contains(j.languages, heard) {
		return heard
	}
	if heard != "" && slices.Contains(j.languages, "en") {
		return "en"
	}
	return j.languages[0]
}
