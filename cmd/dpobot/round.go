package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"strings"
	"time"

	"dpobot/config"
	"dpobot/inbox/authentic"
	"dpobot/inbox/mailbox"
	"dpobot/inbox/reading"
	"dpobot/responders/post"
	"dpobot/workflow"
)

// roundTime is how long a mail may take to come back.
const roundTime = 60 * time.Second

// checkRound sends mails to the mailbox itself and looks at how they come back: that they
// do, and that the border server strips or marks a forged Authentication-Results and a
// forged handler's From. Where a handler is trusted by what that server says, a border
// that lets a forgery through is a fault.
func checkRound(e *env, cfg *config.Config, o *office, sender *post.Sender, box *mailbox.Mailbox, r *report) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(e.ctx), 2*roundTime)
	defer cancel()
	began := time.Now()
	plain := canary(cfg, o, 1)
	if _, err := sender.Send(ctx, plain); err != nil {
		r.fault("canary", "the mail was not taken: "+err.Error(), "may the mailbox's account send as its own address?")
		return
	}
	if _, ok := cameBack(ctx, box, plain.MessageID); !ok {
		r.fault("canary", fmt.Sprintf("the mail did not come back within %s", roundTime), "does mail to the address arrive in the folder that is read? Look for filters and full mailboxes")
		return
	}
	r.fine("canary", fmt.Sprintf("a mail went round in %.1f s", time.Since(began).Seconds()))
	checkBorder(ctx, cfg, o, sender, box, r)
}

// cameBack waits for the mail, looks at its header and takes it away again.
func cameBack(ctx context.Context, box *mailbox.Mailbox, messageID string) ([]byte, bool) {
	id := "<" + messageID + ">"
	until := time.Now().Add(roundTime)
	for wait := 50 * time.Millisecond; time.Now().Before(until); wait = min(2*wait, 2*time.Second) {
		header, found, err := box.Look(ctx, id)
		if err == nil && found {
			_ = box.Remove(ctx, id)
			return header, true
		}
		select {
		case <-ctx.Done():
			return nil, false
		case <-time.After(wait):
		}
	}
	return nil, false
}

// canary is a mail of our own to ourselves: the bot knows it by its Message-ID.
func canary(cfg *config.Config, o *office, n int) post.Mail {
	address := workflow.Address(cfg.Mailbox.Address)
	id := o.stamps.MessageID(workflow.Desk, workflow.Task{N: n, Action: workflow.Acknowledge})
	return post.Mail{
		FromName: "dpobot check", From: address, To: address, Subject: "dpobot check", Submitted: post.Generated,
		Text: "A mail that dpobot check sent to itself. It can be deleted.\n", Date: time.Now(),
		MessageID: unique(id),
	}
}

// unique makes a Message-ID that no earlier mail has and that still is our own.
func unique(id string) string {
	local, domain, _ := strings.Cut(id, "@")
	return fmt.Sprintf("%s.%s@%s", local, strings.ToLower(rand.Text()[:10]), domain)
}

// checkBorder proves what the border does with forgeries.
func checkBorder(ctx context.Context, cfg *config.Config, o *office, sender *post.Sender, box *mailbox.Mailbox, r *report) {
	if cfg.Mailbox.AuthservID == "" {
		r.warn("border", "no authserv_id is configured: what the mail server says about senders is not used", "")
		return
	}
	believed := ""
	for _, h := range cfg.Handlers {
		if h.Trust == config.TrustServer {
			believed = string(h.Address)
		}
	}
	victim := string(cfg.Handlers[0].Address)
	if believed != "" {
		victim = believed
	}
	forged := canary(cfg, o, 2)
	forged.Forge = &post.Forgery{From: victim, AuthservID: cfg.Mailbox.AuthservID}
	if _, err := sender.Send(ctx, forged); err != nil {
		r.fine("border", "the server refuses a mail with a handler's forged From")
		return
	}
	header, ok := cameBack(ctx, box, forged.MessageID)
	if !ok {
		r.fine("border", "a mail with a forged From and forged results did not arrive")
		return
	}
	_, domain := cutAddress(victim)
	verdict := authentic.AuthenticationResults(headerFields(header), cfg.Mailbox.AuthservID, domain)
	switch {
	case verdict.Verdict != authentic.Pass:
		r.fine("border", "a forged Authentication-Results is stripped, marked or below the border's own Received: "+verdict.Why)
	case believed != "":
		r.fault("border", "a mail with a forged From and a forged Authentication-Results would count as a handler's: the border lets both through",
			"let the server remove incoming Authentication-Results of its own name (RFC 8601, 5), or use trust: dkim")
	default:
		r.warn("border", "the border lets a forged Authentication-Results through; no handler is trusted by it", "keep trust: dkim")
	}
}

func headerFields(header []byte) []authentic.Field {
	m, err := reading.Read(bytes.NewReader(header), reading.DefaultLimits())
	if err != nil {
		return nil
	}
	fields := make([]authentic.Field, len(m.Fields))
	for i, f := range m.Fields {
		fields[i] = authentic.Field{Name: f.Name, Value: f.Value}
	}
	return fields
}

// cutAddress splits a mail address.
func cutAddress(address string) (local, domain string) {
	at := strings.LastIndexByte(address, '@')
	if at < 0 {
		return address, ""
	}
	return address[:at], address[at+1:]
}
