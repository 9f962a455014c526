package responders

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"dpobot/responders/letter"
	"dpobot/responders/post"
	"dpobot/workflow"
)

// compose writes the task's mail.
func (r *Responder) compose(ctx context.Context, w workflow.Work) (post.Mail, error) {
	return r.composeWith(ctx, w, func(*View) {})
}

func (r *Responder) composeWith(ctx context.Context, w workflow.Work, add func(*View)) (post.Mail, error) {
	view, err := r.view(ctx, w)
	if err != nil {
		return post.Mail{}, err
	}
	add(&view)
	l, err := r.letters.Letter(view.Lang, string(w.Task.Action), view)
	if err != nil {
		return post.Mail{}, fmt.Errorf("fill in the template %s/%s: %w", view.Lang, w.Task.Action, errMistake)
	}
	m, err := r.addressed(w, l, view.Lang)
	if err != nil {
		return post.Mail{}, err
	}
	if w.Task.Action == workflow.CaseMail || w.Task.Action == workflow.ReminderMail {
		m.Files = append(m.Files, calendarFile(w.Case, r.letters.Word(view.Lang, "calendar", "due"), r.company.Mailbox, m.Date))
	}
	if moved := view.Digest.Entries; len(moved) > 0 {
		m.Files = append(m.Files, calendarOf("moved.ics", moved, r.letters.Word(view.Lang, "calendar", "due"), r.company.Mailbox, m.Date))
	}
	return m, nil
}

// addressed puts the letter into an envelope and a thread.
func (r *Responder) addressed(w workflow.Work, l letter.Letter, lang string) (post.Mail, error) {
	html, err := l.HTML(lang)
	if err != nil {
		return post.Mail{}, fmt.Errorf("lay out the HTML part: %w", err)
	}
	m := post.Mail{
		FromName: r.company.MailName, From: r.company.Mailbox,
		To: w.Task.To, Subject: l.Subject, Text: l.Text(), HTML: html,
		MessageID: r.stamps.MessageID(w.Case.Ref, w.Task),
		Submitted: submitted(w.Task.Action), Date: r.queue.Now().In(r.company.Zone),
	}
	m.InReplyTo, m.References = r.thread(w)
	switch w.Task.Action.Audience() {
	case workflow.ToPerson:
		if w.Task.To == w.Case.Person.Address {
			m.ToName = w.Case.Person.Name.Reveal()
		}
	case workflow.ToHandler:
		m.ToName = r.handler(w.Task.To).Name
		if r.company.PlusAddress {
			m.ReplyTo = r.plus(w)
		}
	case workflow.ToRecipient:
		m.ToName = w.Task.Name
	case workflow.ToKeeper:
		if _, q := w.Case.Inquiry(w.Task.Inquiry); q != nil {
			kept, _ := r.kept(q.Register)
			m.ToName = kept.Keeper
		}
		if r.company.PlusAddress {
			m.ReplyTo = r.plus(w)
		}
	}
	return m, nil
}

func submitted(a workflow.Action) post.Submitted {
	switch a {
	case workflow.DigestMail, workflow.ReminderMail, workflow.TellRecipient, workflow.KeeperMail, workflow.KeeperStop:
		return post.Generated
	}
	return post.Replied
}

// thread finds what the mail answers. A person's mails hang on their own request; a
// handler's on the first mail that they had of the case; a keeper's on the question. The
// Message-ID of a mail to a handler or keeper is a secret, so it is never in a mail to
// anybody else.
func (r *Responder) thread(w workflow.Work) (inReplyTo string, references []string) {
	switch w.Task.Action.Audience() {
	case workflow.ToPerson:
		first := w.Case.First()
		if first == nil {
			return "", nil
		}
		references = append(slices.Clone(first.References), first.ID)
		inReplyTo = first.ID
		if own := w.Task.Reply; own != "" && own != first.ID {
			inReplyTo, references = own, append(references, own)
		}
		// Somebody to whom a handler passed a mail on may have answered with its secret.
		references = slices.DeleteFunc(references, r.secret)
		if r.secret(inReplyTo) {
			inReplyTo = ""
		}
	case workflow.ToKeeper:
		if first, ok := r.firstAsked(w); ok {
			inReplyTo, references = first, []string{first}
		}
	case workflow.ToHandler:
		if first, ok := r.firstTo(w); ok {
			inReplyTo, references = first, []string{first}
		}
		if w.Task.Reply != "" {
			inReplyTo, references = w.Task.Reply, append(references, w.Task.Reply)
		}
	}
	return inReplyTo, references
}

// secret tells whether a Message-ID is that of a mail to a handler or keeper.
func (r *Responder) secret(messageID string) bool {
	st, own := r.stamps.Own(messageID)
	return own && (st.To == workflow.ToHandler || st.To == workflow.ToKeeper)
}

// firstTo is the Message-ID of the first mail about the case to the same handler.
func (r *Responder) firstTo(w workflow.Work) (string, bool) {
	if w.Case.Ref == workflow.Desk {
		return "", false
	}
	for _, t := range w.Case.Tasks {
		if t.N < w.Task.N && t.To == w.Task.To && t.Action.Audience() == workflow.ToHandler && t.State == workflow.TaskDone {
			return r.stamps.MessageID(w.Case.Ref, t), true
		}
	}
	return "", false
}

// firstAsked is the Message-ID of the mail that put the question first.
func (r *Responder) firstAsked(w workflow.Work) (string, bool) {
	for _, t := range w.Case.Tasks {
		if t.N < w.Task.N && t.To == w.Task.To && t.Inquiry == w.Task.Inquiry && t.Action == workflow.KeeperMail && t.State == workflow.TaskDone {
			return r.stamps.MessageID(w.Case.Ref, t), true
		}
	}
	return "", false
}

// plus is the mailbox's address with the task's secret in it.
func (r *Responder) plus(w workflow.Work) workflow.Address {
	local, domain, _ := strings.Cut(r.company.Mailbox.Reveal(), "@")
	return workflow.Address(local + "+" + r.stamps.Token(w.Case.Ref, w.Task) + "@" + domain)
}

// button makes the one-press answer. A press starts a new mail, which carries no
// References: the secret goes into the address or, without plus-addresses, the subject.
func (r *Responder) button(w workflow.Work, word, what string) Button {
	to, subject := r.company.Mailbox, fmt.Sprintf("Re: [%s]", r.stamps.Token(w.Case.Ref, w.Task))
	if r.company.PlusAddress {
		to, subject = r.plus(w), fmt.Sprintf("Re: [%s]", w.Case.Ref)
	}
	q := "subject=" + url.PathEscape(subject) + "&body=" + url.PathEscape(word+"\r\n")
	return Button{Word: word, What: what, Link: "mailto:" + to.Reveal() + "?" + q}
}

// handlerName is how a handler is called; the server's own where nobody mailed.
func (r *Responder) handlerName(a workflow.Address) string {
	if name := r.handler(a).Name; name != "" {
		return name
	}
	if a == "" {
		return "dpobot case"
	}
	return a.Reveal()
}

func (r *Responder) handler(a workflow.Address) Handler {
	for _, h := range r.company.Handlers {
		if h.Address == a {
			return h
		}
	}
	return Handler{Address: a, Language: r.company.Handlers[0].Language}
}
