package main

import (
	"encoding/base64"
	"fmt"
	"mime/quotedprintable"
	"strings"
	"testing"
	"time"

	"dpobot/responders/post"
)

// draft is a reply to a case mail before it is written down: an honest one, with whatever an edit changed.
type draft struct {
	c *court

	above  []string // fields above the border's own, as servers behind it write them
	stamp  string   // the border's Authentication-Results in place of what is true; "-" for none
	border string   // the border's Received in place of the usual one; "-" for none
	dmarc  string   // what an honest border finds
	spoken string   // the From domain that it finds it for
	signer string   // the domain that signs; "" for nobody
	openID bool     // the signature leaves out the Message-ID
	fields []string // the mail's own header
	body   string
	after  func(string) string // what befalls the mail under way, after it was signed
}

// edit changes a draft.
type edit func(*draft)

// honest is the officer's reply with VERIFIED, as a plain mail program writes it.
func (c *court) honest() *draft {
	id := "<" + c.one.question.MessageID + ">"
	d := &draft{c: c, dmarc: "pass", spoken: ownDomain, signer: ownDomain, fields: []string{
		"From: Pauli Vuorio <" + officerAddress + ">",
		"To: Tietosuoja <" + botAddress + ">",
		"Subject: Re: [" + string(c.one.ref) + "] access to data",
		"Date: " + c.s.clock().Format(time.RFC1123Z),
		"Message-ID: <reply@" + ownDomain + ">",
		"In-Reply-To: " + id,
		"References: " + id,
		"MIME-Version: 1.0",
		"Content-Type: text/plain; charset=utf-8",
		"Content-Transfer-Encoding: 8bit",
	}}
	text("VERIFIED")(d)
	return d
}

// build writes the mail as it lies in the mailbox.
func (d *draft) build(t testing.TB) []byte {
	t.Helper()
	raw := string(crlf(strings.Join(d.fields, "\n") + "\n\n" + d.body))
	if d.signer != "" {
		if signed, err := testRing().sign([]byte(raw), d.signer, d.openID); err == nil {
			raw = string(signed)
		}
	}
	if d.after != nil {
		raw = d.after(raw)
	}
	var top []string
	top = append(top, d.above...)
	switch d.stamp {
	case "":
		dkim := "dkim=none"
		if d.signer != "" {
			dkim = "dkim=pass header.d=" + d.signer
		}
		top = append(top, fmt.Sprintf("Authentication-Results: %s;\n\t%s;\n\tdmarc=%s header.from=%s", borderID, dkim, d.dmarc, d.spoken))
	case "-":
	default:
		top = append(top, "Authentication-Results: "+d.stamp)
	}
	switch d.border {
	case "":
		top = append(top, "Received: from out.example (out.example [203.0.113.66])\n\tby "+borderID+" with ESMTPS id T1\n\tfor <"+botAddress+">; "+d.c.s.clock().Format(time.RFC1123Z))
	case "-":
	default:
		top = append(top, "Received: "+d.border)
	}
	if len(top) == 0 {
		return []byte(raw)
	}
	return append(crlf(strings.Join(top, "\n")+"\n"), raw...)
}

// set writes a field, in place of the one of that name if there is one; "" drops it.
func set(name, value string) edit {
	return func(d *draft) {
		value := d.filled(value)
		for i, f := range d.fields {
			if !strings.HasPrefix(f, name+":") {
				continue
			}
			if value == "" {
				d.fields = append(d.fields[:i:i], d.fields[i+1:]...)
			} else {
				d.fields[i] = name + ": " + value
			}
			return
		}
		if value != "" {
			d.fields = append(d.fields, name+": "+value)
		}
	}
}

// add writes one more header line below the others.
func add(line string) edit {
	return func(d *draft) { d.fields = append(d.fields, d.filled(line)) }
}

// first writes one more header line above the others.
func first(line string) edit {
	return func(d *draft) { d.fields = append([]string{d.filled(line)}, d.fields...) }
}

// filled puts the live case's words into a text: what an attacker may have got hold of.
func (d *draft) filled(s string) string {
	return strings.NewReplacer(
		"{officer}", officerAddress, "{deputy}", deputyAddress, "{bot}", botAddress, "{border}", borderID,
		"{id}", "<"+d.c.one.question.MessageID+">", "{token}", d.c.one.token(), "{ref}", string(d.c.one.ref),
		"{other-id}", "<"+d.c.other.question.MessageID+">", "{other-token}", d.c.other.token(), "{other-ref}", string(d.c.other.ref),
		"{deputy-id}", "<"+d.c.one.deputys.MessageID+">", "{ack-id}", "<"+d.c.one.ack.MessageID+">", "{ack-token}", tokenOf(d.c.one.ack),
		"{plus}", strings.Replace(botAddress, "@", "+"+d.c.one.token()+"@", 1),
		"{other-plus}", strings.Replace(botAddress, "@", "+"+d.c.other.token()+"@", 1),
		"{quoted}", quoted(d.c.one.question), "{question}", d.c.one.question.Text,
	).Replace(s)
}

// quoted is the bot's question as mail programs quote it.
func quoted(m post.Mail) string {
	return "> " + strings.ReplaceAll(strings.TrimRight(m.Text, "\n"), "\n", "\n> ") + "\n"
}

// text is what the reply says above the quoted question.
func text(s string) edit {
	return func(d *draft) {
		d.body = d.filled(s + "\n\nto 5.3.2026 klo 12.00 Power Competence Oy <{bot}> kirjoitti:\n\n{quoted}")
	}
}

// body is all of the mail's text.
func body(s string) edit { return func(d *draft) { d.body = d.filled(s) } }

// typed is a body of another type, encoding and all.
func typed(kind, s string) edit {
	return func(d *draft) {
		set("Content-Type", kind)(d)
		d.body = d.filled(s)
	}
}

// html is a mail of HTML alone.
func html(s string) edit { return typed("text/html; charset=utf-8", s) }

// both is a mail with a text and an HTML part that are meant to say the same.
func both(plain, markup string) edit {
	return typed(`multipart/alternative; boundary="bb"`,
		"--bb\nContent-Type: text/plain; charset=utf-8\n\n"+plain+"\n--bb\nContent-Type: text/html; charset=utf-8\n\n"+markup+"\n--bb--\n")
}

// mixed is a mail of several parts, each with its header.
func mixed(parts ...string) edit {
	return typed(`multipart/mixed; boundary="mm"`, "--mm\n"+strings.Join(parts, "\n--mm\n")+"\n--mm--\n")
}

// by is an author at another domain, who can prove that.
func by(from, domain string) edit {
	return func(d *draft) {
		set("From", from)(d)
		d.signer, d.dmarc, d.spoken = domain, "pass", domain
	}
}

// mallory is an author with a domain of their own.
func mallory(from string) edit { return by(from, "attacker.example") }

// colleague is somebody else at the officer's domain, who can prove that.
func colleague(from string) edit { return by(from, ownDomain) }

// unproved is a mail in the officer's name that a stranger sent and signed as themselves.
func unproved(d *draft) { d.signer, d.dmarc = "attacker.example", "fail" }

// stamped is a mail in the officer's name that nobody signed, with such results of the border.
func stamped(results string) edit {
	return func(d *draft) {
		d.signer, d.dmarc = "", "none"
		d.stamp = d.filled(results)
	}
}

// altered is a mail of the officer's that was changed under way, as an honest border tells.
func altered(change func(string) string) edit {
	return func(d *draft) {
		d.after = change
		d.stamp = borderID + "; dkim=fail header.d=" + ownDomain + "; dmarc=fail header.from=" + ownDomain
	}
}

func swap(old, new string) func(string) string {
	return func(s string) string { return strings.Replace(s, old, new, 1) }
}

// inBase64 and inQP encode the body.
func inBase64(d *draft) {
	set("Content-Transfer-Encoding", "base64")(d)
	coded := base64.StdEncoding.EncodeToString(crlf(d.body))
	var b strings.Builder
	for len(coded) > 76 {
		b.WriteString(coded[:76] + "\n")
		coded = coded[76:]
	}
	d.body = b.String() + coded + "\n"
}

func inQP(d *draft) {
	set("Content-Transfer-Encoding", "quoted-printable")(d)
	var b strings.Builder
	w := quotedprintable.NewWriter(&b)
	_, _ = w.Write(crlf(d.body))
	_ = w.Close()
	d.body = b.String()
}
