package main

import (
	"slices"
	"strings"
	"testing"

	"dpobot/responders/post"
	"dpobot/workflow"
)

// forgery is a mail that must not count as the officer's word.
type forgery struct {
	name  string
	edits []edit
}

func of(name string, edits ...edit) forgery { return forgery{name, edits} }

// Who sends: the author is not the officer, whatever the mail shows. All of these can prove their own domain, most
// know the secret.
var forgedAuthors = []forgery{
	of("address as display name", mallory(`"{officer}" <x@attacker.example>`)),
	of("address as display name, encoded", mallory("=?utf-8?q?pauli=2Evuorio=40powercompetence=2Eexample?= <x@attacker.example>")),
	of("whole mailbox as display name, encoded", mallory("=?utf-8?b?UGF1bGkgVnVvcmlvIDxwYXVsaS52dW9yaW9AcG93ZXJjb21wZXRlbmNlLmV4YW1wbGU+?= <x@attacker.example>")),
	of("display name that ends early", mallory(`"Pauli Vuorio <{officer}>\"" <x@attacker.example>`)),
	of("display name with a line end, encoded", mallory("=?utf-8?q?Pauli=0D=0AFrom:_pauli.vuorio=40powercompetence.example?= <x@attacker.example>")),
	of("display name turned right to left", mallory("\"\u202e<elpmaxe.ecnetepmocrewop@oiroy.iluap>\u202c\" <x@attacker.example>")),
	of("two addresses in brackets", mallory("<{officer}> <x@attacker.example>")),
	of("two addresses in brackets, the other order", mallory("<x@attacker.example> <{officer}>")),
	of("two addresses, officer first", mallory("{officer}, x@attacker.example")),
	of("two addresses, officer last", mallory("x@attacker.example, {officer}")),
	of("two addresses with a semicolon", mallory("{officer}; x@attacker.example")),
	of("two fields, officer first", mallory("x@attacker.example"), first("From: Pauli Vuorio <{officer}>")),
	of("two fields, officer last", mallory("x@attacker.example"), add("From: Pauli Vuorio <{officer}>")),
	of("two fields, both the officer's, one signed", add("from: Pauli Vuorio <{officer}>")),
	of("two fields, one with a blank before its colon", mallory("x@attacker.example"), first("From : Pauli Vuorio <{officer}>")),
	of("group of the officer", mallory("Handlers: {officer};")),
	of("group named like the officer", mallory(`"{officer}": x@attacker.example;`)),
	of("group and address", mallory("{officer}:; x@attacker.example")),
	of("route", mallory("<@attacker.example:{officer}>")),
	of("percent sign", mallory("<pauli.vuorio%powercompetence.example@attacker.example>")),
	of("bang path", mallory("<powercompetence.example!pauli.vuorio@attacker.example>")),
	of("quoted local part", mallory(`<"{officer}"@attacker.example>`)),
	of("quoted local part of the officer's own", mallory(`<"pauli.vuorio"@attacker.example>`)),
	of("comment with the officer", mallory("x@attacker.example ({officer})")),
	of("comment first", mallory("(<{officer}>) x@attacker.example")),
	of("comment within the address", mallory("<pauli.vuorio(@attacker.example)@powercompetence.example>")),
	of("NUL in the address", mallory("<{officer}\x00@attacker.example>")),
	of("bare CR in the address", mallory("<{officer}\r@attacker.example>")),
	of("encoded word within the brackets", mallory("<=?utf-8?q?pauli.vuorio?=@powercompetence.example>")),
	of("encoded address without brackets", mallory("=?utf-8?q?pauli.vuorio@powercompetence.example?=")),
	of("folded in the middle of the address", mallory("x@attacker.example\n\t,{officer}")),
	of("no sender, Sender is the officer", mallory(""), add("Sender: {officer}")),
	of("empty sender", mallory(" "), add("Sender: {officer}")),
	of("Sender is the officer", mallory("x@attacker.example"), add("Sender: Pauli Vuorio <{officer}>")),
	of("Reply-To is the officer", mallory("x@attacker.example"), add("Reply-To: Pauli Vuorio <{officer}>")),
	of("Resent-From is the officer", mallory("x@attacker.example"), first("Resent-From: {officer}")),
	of("Return-Path is the officer", mallory("x@attacker.example"), first("Return-Path: <{officer}>")),
	of("X-Original-From is the officer", mallory("x@attacker.example"), add("X-Original-From: {officer}")),
	of("look-alike domain below another", by("Pauli Vuorio <{officer}.attacker.example>", "powercompetence.example.attacker.example")),
	of("domain that ends like the officer's", by("Pauli Vuorio <pauli.vuorio@evilpowercompetence.example>", "evilpowercompetence.example")),
	of("look-alike domain in letters", by("Pauli Vuorio <pauli.vuorio@p\u043ewercompetence.example>", "xn--pwercompetence-dxk.example")),
	of("look-alike domain in its ASCII form", by("Pauli Vuorio <pauli.vuorio@xn--pwercompetence-dxk.example>", "xn--pwercompetence-dxk.example")),
	of("subdomain of the officer's", by("Pauli Vuorio <pauli.vuorio@mail.powercompetence.example>", "mail.powercompetence.example")),
	of("colleague", colleague("Muu Henkilö <muu.henkilo@powercompetence.example>")),
	of("colleague with the officer's name", colleague("Pauli Vuorio <p.vuorio@powercompetence.example>")),
	of("plus address of the officer", colleague("Pauli Vuorio <pauli.vuorio+x@powercompetence.example>")),
	of("officer's address without its dot", colleague("Pauli Vuorio <paulivuorio@powercompetence.example>")),
	of("Cyrillic o in the local part", colleague("Pauli Vuorio <pauli.vuori\u043e@powercompetence.example>")),
	of("dotless i in the local part", colleague("Pauli Vuorio <paul\u0131.vuorio@powercompetence.example>")),
	of("full-width p in the local part", colleague("Pauli Vuorio <\uff50auli.vuorio@powercompetence.example>")),
	of("zero-width space in the local part", colleague("Pauli Vuorio <pauli.\u200bvuorio@powercompetence.example>")),
	of("soft hyphen in the domain", mallory("Pauli Vuorio <pauli.vuorio@power\u00adcompetence.example>")),
	of("the person, who knows the secret", by("Matti Meikäläinen <"+personAddress+">", "example.net")),
	of("the person, to the plus address", by("Matti Meikäläinen <"+personAddress+">", "example.net"), set("To", "{plus}")),
	of("the person, who was sent the case mail", by("Matti Meikäläinen <"+personAddress+">", "example.net"), body("VERIFIED\n\n---------- Forwarded message ---------\nFrom: Power Competence Oy <{bot}>\n\n{question}")),
	of("stranger, to the plus address", mallory("x@attacker.example"), set("To", "{plus}"), set("In-Reply-To", ""), set("References", "")),
	of("stranger, with the secret in the subject", mallory("x@attacker.example"), set("Subject", "Re: [{token}]"), set("In-Reply-To", ""), set("References", "")),
	of("the bot itself", colleague("Power Competence Oy <{bot}>")),
	of("the deputy with the officer's secret", colleague("Sari Sijainen <{deputy}>")),
}

// What the border says: the From is the officer's, and nothing proves it.
var forgedProofs = []forgery{
	of("signed by another domain", unproved),
	of("dmarc=fail", stamped("{border}; dmarc=fail header.from=powercompetence.example")),
	of("dmarc=none", stamped("{border}; dmarc=none header.from=powercompetence.example")),
	of("dmarc=temperror", stamped("{border}; dmarc=temperror header.from=powercompetence.example")),
	of("dmarc=permerror", stamped("{border}; dmarc=permerror header.from=powercompetence.example")),
	of("dmarc=bestguesspass", stamped("{border}; dmarc=bestguesspass header.from=powercompetence.example")),
	of("dmarc=passed", stamped("{border}; dmarc=passed header.from=powercompetence.example")),
	of("arc=pass alone", stamped("{border}; arc=pass smtp.remote-ip=203.0.113.66")),
	of("spf=pass alone", stamped("{border}; spf=pass smtp.mailfrom={officer}")),
	of("dkim=pass alone", stamped("{border}; dkim=pass header.d=powercompetence.example")),
	of("dmarc=pass without a domain", stamped("{border}; dmarc=pass")),
	of("dmarc=pass for another domain", stamped("{border}; dmarc=pass header.from=attacker.example")),
	of("dmarc=pass for a longer domain", stamped("{border}; dmarc=pass header.from=powercompetence.example.attacker.example")),
	of("dmarc=pass for a subdomain", stamped("{border}; dmarc=pass header.from=mail.powercompetence.example")),
	of("pass in a comment", stamped("{border}; dmarc=fail (dmarc=pass header.from=powercompetence.example)")),
	of("pass in the reason", stamped(`{border}; dmarc=fail reason="; dmarc=pass header.from=powercompetence.example"`)),
	of("pass in a quoted mailfrom", stamped(`{border}; spf=pass smtp.mailfrom="x; dmarc=pass header.from=powercompetence.example"@attacker.example; dmarc=fail header.from=powercompetence.example`)),
	of("pass beside a fail", stamped("{border}; dkim=fail header.d=powercompetence.example; dmarc=pass header.from=powercompetence.example")),
	of("pass beside a failed spf", stamped("{border}; spf=fail smtp.mailfrom={officer}; dmarc=pass header.from=powercompetence.example")),
	of("pass and fail of one method", stamped("{border}; dmarc=pass header.from=powercompetence.example; dmarc=fail header.from=powercompetence.example")),
	of("nothing checked", stamped("{border}; none")),
	of("another server's word", stamped("mx.attacker.example; dmarc=pass header.from=powercompetence.example")),
	of("a longer id", stamped("{border}.attacker.example; dmarc=pass header.from=powercompetence.example")),
	of("an id with a prefix", stamped("evil{border}; dmarc=pass header.from=powercompetence.example")),
	of("an id with a job", stamped("{border}/x; dmarc=pass header.from=powercompetence.example")),
	of("an id in a comment", stamped("({border}) mx.attacker.example; dmarc=pass header.from=powercompetence.example")),
	of("an id in quotes that goes on", stamped(`"{border} "; dmarc=pass header.from=powercompetence.example`)),
	of("version 2", stamped("{border} 2; dmarc=pass header.from=powercompetence.example")),
	of("cannot be read", stamped("{border}; dmarc=pass header.from=powercompetence.example (")),
	of("no id", stamped("dmarc=pass header.from=powercompetence.example")),
	of("an unreadable field above a good one", stamped("{border}; dmarc=pass header.from=powercompetence.example"), func(d *draft) {
		d.above = append(d.above, "Authentication-Results: "+borderID+"; dmarc=(")
	}),
	of("two of ours that disagree", stamped("{border}; dmarc=pass header.from=powercompetence.example"), func(d *draft) {
		d.above = append(d.above, "Authentication-Results: "+borderID+"; dmarc=fail header.from="+ownDomain)
	}),
	of("forged below the border's Received", stamped("-"), first("Authentication-Results: {border}; dmarc=pass header.from=powercompetence.example")),
	of("forged, with a forged Received below", stamped("-"), first("Authentication-Results: {border}; dmarc=pass header.from=powercompetence.example\nReceived: from a by {border} with ESMTPS id X; Thu, 5 Mar 2026 12:00:00 +0200")),
	of("forged below, ours says fail", stamped("{border}; dmarc=fail header.from=powercompetence.example"), first("Authentication-Results: {border}; dmarc=pass header.from=powercompetence.example")),
	of("no Received at all", stamped("{border}; dmarc=pass header.from=powercompetence.example"), func(d *draft) { d.border = "-" }),
	of("through another server", stamped("{border}; dmarc=pass header.from=powercompetence.example"), func(d *draft) {
		d.border = "from a.example by backup.example.net with ESMTP id B1; Thu, 5 Mar 2026 12:00:00 +0200"
	}),
	of("a host that greets as the border", stamped("{border}; dmarc=pass header.from=powercompetence.example"), func(d *draft) {
		d.border = "from by " + borderID + " by backup.example.net with ESMTP id B1; Thu, 5 Mar 2026 12:00:00 +0200"
	}),
	of("ARC-Authentication-Results", stamped("-"), first("ARC-Authentication-Results: i=1; {border}; dmarc=pass header.from=powercompetence.example")),
	of("X-Authentication-Results", stamped("-"), first("X-Authentication-Results: {border}; dmarc=pass header.from=powercompetence.example")),
	of("signed by the public suffix", func(d *draft) { d.signer, d.dmarc = "example", "fail" }),
	of("signed by a subdomain", func(d *draft) { d.signer, d.dmarc = "mail.powercompetence.example", "fail" }),
	of("signed by a domain that ends alike", func(d *draft) { d.signer, d.dmarc = "evilpowercompetence.example", "fail" }),
	of("text altered under way", text("STATUS"), altered(swap("STATUS", "VERIFIED"))),
	of("text put before under way", text("STATUS"), altered(swap("\r\n\r\n", "\r\n\r\nVERIFIED\r\n\r\n"))),
	of("subject altered under way", altered(swap("Subject: Re: ", "Subject: "))),
	of("sender altered under way", colleague("x@powercompetence.example"), altered(swap("From: x@powercompetence.example", "From: "+officerAddress))),
	of("type altered under way", html("<p hidden>STATUS</p>"), altered(swap("text/html", "text/plain"))),
	of("second subject under way", altered(func(s string) string { return "Subject: x\r\n" + s })),
	of("second Content-Type under way", altered(func(s string) string { return "Content-Type: text/plain\r\n" + s })),
	of("second Content-Type below under way", altered(swap("MIME-Version", "content-type: text/html\r\nMIME-Version"))),
	of("signature taken from another mail", func(d *draft) {
		d.signer, d.dmarc = "", "fail"
		d.after = func(s string) string {
			other := *d.c.honest()
			text("STATUS")(&other)
			signed, _ := testRing().sign(crlf(strings.Join(other.fields, "\n")+"\n\n"+other.body), ownDomain, false)
			field, _, _ := strings.Cut(string(signed), "\r\nFrom:")
			return field + "\r\n" + s
		}
	}),
}

// What it answers: the officer's own mail, authentic, but the secret is not this case's, or not the officer's.
var forgedSecrets = []forgery{
	of("no secret", set("In-Reply-To", ""), set("References", ""), set("Subject", "VERIFIED"), body("VERIFIED\n")),
	of("the reference alone", set("In-Reply-To", ""), set("References", ""), body("VERIFIED\n")),
	of("another case's in the subject", set("Subject", "Re: [{other-token}]")),
	of("another case's in References", set("References", "{id} {other-id}")),
	of("another case's in In-Reply-To", set("In-Reply-To", "{other-id}")),
	of("another case's in the address", set("To", "{other-plus}")),
	of("another case's in Cc", add("Cc: {other-plus}")),
	of("the acknowledgement's", set("In-Reply-To", "{ack-id}"), set("References", "{ack-id}")),
	of("the acknowledgement's, called a handler's", set("References", ""), func(d *draft) {
		set("In-Reply-To", "<"+strings.Replace(d.c.one.ack.MessageID, "p.", "h.", 1)+">")(d)
	}),
	of("a letter changed", set("References", ""), func(d *draft) {
		id := d.c.one.question.MessageID
		at := strings.IndexByte(id, '@') - 1
		last := "a"
		if id[at] == 'a' {
			last = "q"
		}
		set("In-Reply-To", "<"+id[:at]+last+id[at+1:]+">")(d)
	}),
	of("cut short", set("References", ""), func(d *draft) {
		set("In-Reply-To", "<"+strings.Replace(d.c.one.question.MessageID, "@", "", 1)[:30]+"@"+ownDomain+">")(d)
	}),
	of("of another task", set("References", ""), func(d *draft) {
		set("In-Reply-To", "<"+strings.Replace(d.c.one.question.MessageID, "h.", "7h.", 1)+">")(d)
	}),
	of("the deputy's, by the officer", set("In-Reply-To", "{deputy-id}"), set("References", "{deputy-id}")),
	of("in the text alone", set("In-Reply-To", ""), set("References", ""), set("Subject", "Re: x"), body("VERIFIED\n\n-- \n{id} {token}\n")),
	of("in a field of no meaning", set("In-Reply-To", ""), set("References", ""), add("X-Case: {id}"), add("Thread-Topic: [{token}]"), body("VERIFIED\n")),
	of("as the mail's own Message-ID", set("In-Reply-To", ""), set("References", ""), set("Message-ID", "{id}"), body("VERIFIED\n")),
	of("In-Reply-To twice", add("In-Reply-To: {other-id}")),
	of("References twice", add("References: {other-id}")),
}

// What it says: the officer's own mail with the secret, but the word is not on a first line of their own.
var forgedWords = []forgery{
	of("only quoted", body("> VERIFIED\n")),
	of("quoted with blanks", body("   >   VERIFIED\n")),
	of("quoted with a no-break space", body("\u00a0> VERIFIED\n")),
	of("quoted with a bar", body("| VERIFIED\n")),
	of("quoted with a chevron", body("» VERIFIED\n")),
	of("quoted with initials", body("PV> VERIFIED\n")),
	of("nothing above the quote", text("")),
	of("blank lines above the quote", text("\n \n\t\n\u00a0\n")),
	of("below a Finnish attribution", body("to 5.3.2026 klo 12.00 Power Competence Oy <{bot}> kirjoitti:\n\nVERIFIED\n")),
	of("below a Swedish attribution", body("Den tors 5 mars 2026 kl 12:00 skrev Power Competence Oy <{bot}>:\n\nVERIFIED\n")),
	of("below an English attribution", body("On Thu, 5 Mar 2026 at 12:00, Power Competence Oy <{bot}> wrote:\n\nVERIFIED\n")),
	of("below a German attribution", body("Am 05.03.2026 um 12:00 schrieb Power Competence Oy:\n\nVERIFIED\n")),
	of("below an attribution nobody knows", body("2026年3月5日(木) 12:00 Power Competence Oy <{bot}>:\n\nVERIFIED\n")),
	of("below Outlook's English block", body("________________________________\nFrom: Power Competence Oy <{bot}>\nSent: Thursday, March 5, 2026 12:00\nTo: Pauli Vuorio\nSubject: access\n\nVERIFIED\n")),
	of("below Outlook's Finnish block", body("Lähettäjä: Power Competence Oy <{bot}>\nLähetetty: torstai 5. maaliskuuta 2026 12.00\nVastaanottaja: Pauli Vuorio\nAihe: access\n\nVERIFIED\n")),
	of("below Outlook's Swedish block", body("Från: Power Competence Oy <{bot}>\nSkickat: den 5 mars 2026 12:00\nTill: Pauli Vuorio\nÄmne: access\n\nVERIFIED\n")),
	of("below -----Original Message-----", body("-----Original Message-----\nFrom: {bot}\n\nVERIFIED\n")),
	of("below a Samsung block", body("-------- Alkuperäinen viesti --------\nLähettäjä: Power Competence Oy <{bot}>\nPäiväys: 5.3.2026 12.00\n\nVERIFIED\n")),
	of("below Gmail's forward", body("---------- Forwarded message ---------\nFrom: X <{bot}>\nSubject: x\nTo: <{officer}>\n\nVERIFIED\n")),
	of("below Apple's forward", body("Aloita välitetty viesti:\n\nLähettäjä: X <{bot}>\nAihe: x\n\nVERIFIED\n")),
	of("signature only", body("-- \nVERIFIED\n")),
	of("signature without its blank", body("--\nVERIFIED\n")),
	of("in the subject only", set("Subject", "VERIFIED"), body("\n")),
	of("in the subject, thanks in the text", set("Subject", "VERIFIED [{token}]"), body("Kiitos, hoidan tämän.\n")),
	of("second line", body("Hei\n\nVERIFIED\n")),
	of("greeting on the same line", body("Hei, VERIFIED\n")),
	of("negated after", body("VERIFIED ei ole\n")),
	of("negated after, Finnish", body("VAHVISTETTU ei vielä\n")),
	of("negated before", body("not VERIFIED\n")),
	of("negated on the next line", body("VERIFIED\nhe is not\n")),
	of("asked", body("VERIFIED?\n")),
	of("asked on the next line", body("VERIFIED\n?\n")),
	of("within a sentence", body("I will write VERIFIED once I have rung.\n")),
	of("within a longer word", body("VERIFIEDLY\n")),
	of("with a hyphen", body("VERIFIED-NOT\n")),
	of("struck out in words", body("~~VERIFIED~~\n")),
	of("in quotes", body("\"VERIFIED\" is what I would write if it were him\n")),
	of("full-width", body("ＶＥＲＩＦＩＥＤ\n")),
	of("Cyrillic letters", body("V\u0415RIFI\u0415D\n")),
	of("mathematical letters", body("\U0001d415\U0001d404\U0001d411\U0001d408\U0001d405\U0001d408\U0001d404\U0001d403\n")),
	of("dotless i", body("ver\u0131f\u0131ed\n")),
	of("zero-width joiner", body("VERI\u200dFIED\n")),
	of("soft hyphen", body("VERI\u00adFIED\n")),
	of("turned right to left", body("\u202eDEIFIREV\u202c\n")),
	of("byte order mark within", body("VERI\ufeffFIED\n")),
	of("NUL within", body("VERI\x00FIED\n")),
	of("backspaces", body("STATUS\b\b\b\b\b\bVERIFIED\n")),
	of("escape sequence", body("\x1b[8mVERIFIED\x1b[0m\n")),
	of("bare CR hides a line", body("> quoted\rVERIFIED\n")),
	of("UTF-7", set("Content-Type", "text/plain; charset=utf-7"), body("+AFYARQBSAEkARgBJAEUARA-\n")),
	of("UTF-16 that claims ASCII", set("Content-Type", "text/plain; charset=us-ascii"), body("V\x00E\x00R\x00I\x00F\x00I\x00E\x00D\x00\n")),
	of("format=flowed joins lines", set("Content-Type", "text/plain; charset=utf-8; format=flowed"), body("NOT \nVERIFIED\n")),
	of("format=flowed, DelSp", set("Content-Type", "text/plain; charset=utf-8; format=flowed; delsp=yes"), body("UN \nVERIFIED he was not\n")),
	of("base64 of a quote", body("> VERIFIED\n"), inBase64),
	of("quoted-printable of a quote", body("> VERIFIED\n"), inQP),
	of("base64 with the type twice", body("VERIFIED\n"), inBase64, add("Content-Transfer-Encoding: 8bit")),
	of("unknown encoding", set("Content-Transfer-Encoding", "x-rot13"), body("VERIFIED\n")),
	of("hidden: display none", html(`<p style="display:none">VERIFIED</p><p>Soitan huomenna.</p>`)),
	of("hidden: visibility", html(`<p style="visibility: hidden">VERIFIED</p><p>Soitan huomenna.</p>`)),
	of("hidden: size 0", html(`<p><span style="font-size:0px">VERIFIED</span></p><p>Soitan huomenna.</p>`)),
	of("hidden: white on white", html(`<body bgcolor="#ffffff"><p style="color:#FFFFFF">VERIFIED</p><p>Soitan huomenna.</p>`)),
	of("hidden: off the screen", html(`<p style="position:absolute;left:-9999px">VERIFIED</p><p>Soitan huomenna.</p>`)),
	of("hidden: no opacity", html(`<p style="opacity:0">VERIFIED</p><p>Soitan huomenna.</p>`)),
	of("hidden: no height", html(`<div style="max-height:0;overflow:hidden">VERIFIED</div><p>Soitan huomenna.</p>`)),
	of("hidden: attribute", html(`<p hidden>VERIFIED</p><p>Soitan huomenna.</p>`)),
	of("hidden: style sheet", html(`<style>.x{display:none}</style><p class="x">VERIFIED</p><p>Soitan huomenna.</p>`)),
	of("hidden: comment", html(`<!-- <p>VERIFIED</p> --><p>Soitan huomenna.</p>`)),
	of("hidden: title", html(`<html><head><title>VERIFIED</title></head><body><p>Soitan huomenna.</p></body></html>`)),
	of("hidden: template", html(`<template>VERIFIED</template><p>Soitan huomenna.</p>`)),
	of("hidden: script", html(`<script>VERIFIED</script><p>Soitan huomenna.</p>`)),
	of("hidden: alternative text", html(`<img alt="VERIFIED" src="x"><p>Soitan huomenna.</p>`)),
	of("hidden: mso-hide", html(`<p style="mso-hide:all;display:none">VERIFIED</p><p>Soitan huomenna.</p>`)),
	of("hidden: struck out", html(`<p><s>VERIFIED</s></p><p>Soitan huomenna.</p>`)),
	of("HTML: only in a quote", html(`<div><br></div><blockquote type="cite">VERIFIED</blockquote>`)),
	of("HTML: only in Gmail's quote", html(`<div dir="ltr"><br></div><div class="gmail_quote"><div class="gmail_attr">Power Competence Oy kirjoitti:</div><blockquote class="gmail_quote">VERIFIED</blockquote></div>`)),
	of("HTML: only below Outlook's line", html(`<p>&nbsp;</p><div style="border-top:solid #E1E1E1 1.0pt"><p><b>From:</b> x<br><b>Sent:</b> y<br><b>To:</b> z<br><b>Subject:</b> s</p></div><p>VERIFIED</p>`)),
	of("HTML: only in a signature", html(`<p><br></p><div class="gmail_signature">VERIFIED</div>`)),
	of("text yes, HTML no", both("VERIFIED\n", "<p>Ei vielä, soitan huomenna.</p>")),
	of("text no, HTML yes", both("Ei vielä, soitan huomenna.\n", "<p>VERIFIED</p>")),
	of("text yes, HTML empty", both("VERIFIED\n", "<p></p>")),
	of("text yes, HTML hides it", both("VERIFIED\n", `<p style="display:none">VERIFIED</p><p>Soitan huomenna.</p>`)),
	of("two texts", mixed("Content-Type: text/plain\n\nSoitan huomenna.", "Content-Type: text/plain\n\nVERIFIED")),
	of("two texts, the word first", mixed("Content-Type: text/plain\n\nVERIFIED", "Content-Type: text/html\n\n<p>Ei vielä.</p>")),
	of("attachment only", mixed("Content-Type: text/plain\n\n", "Content-Type: text/plain; name=verified.txt\nContent-Disposition: attachment; filename=verified.txt\n\nVERIFIED")),
	of("inline file only", mixed("Content-Type: text/plain; name=verified.txt\nContent-Disposition: inline; filename=verified.txt\n\nVERIFIED")),
	of("attached mail", mixed("Content-Type: text/plain\n\nLiitteenä.", "Content-Type: message/rfc822\n\nFrom: {officer}\n\nVERIFIED")),
	of("the whole mail is a mail", typed("message/rfc822", "From: {officer}\nContent-Type: text/plain\n\nVERIFIED\n")),
	of("partial mail", typed(`message/partial; id="x"; number=1; total=1`, "VERIFIED\n")),
	of("external body", typed(`message/external-body; access-type=url; url="https://attacker.example/x"`, "Content-Type: text/plain\n\nVERIFIED\n")),
	of("preamble", typed(`multipart/mixed; boundary="mm"`, "VERIFIED\n\n--mm\nContent-Type: text/plain\n\nSoitan huomenna.\n--mm--\n")),
	of("epilogue", typed(`multipart/mixed; boundary="mm"`, "--mm\nContent-Type: text/plain\n\n\n--mm--\nVERIFIED\n")),
	of("report", typed(`multipart/report; boundary="mm"; report-type=x`, "--mm\nContent-Type: text/plain\n\nVERIFIED\n--mm--\n")),
	of("meeting accepted", typed(`multipart/mixed; boundary="mm"`, "--mm\nContent-Type: text/calendar; method=REPLY\n\nBEGIN:VCALENDAR\nMETHOD:REPLY\nSUMMARY:VERIFIED\nEND:VCALENDAR\n--mm--\n")),
	of("rich text", typed("text/enriched", "<bold>VERIFIED</bold>\n")),
	of("encrypted", typed(`multipart/encrypted; protocol="application/pgp-encrypted"; boundary="mm"`, "--mm\nContent-Type: application/pgp-encrypted\n\nVersion: 1\n--mm\nContent-Type: application/octet-stream\n\nVERIFIED\n--mm--\n")),
	of("header line that is none", add("VERIFIED"), body("Soitan huomenna.\n")),
	of("sent on by a third person", add("Resent-From: x@attacker.example"), add("Resent-To: {bot}")),
	of("whole question without quote marks", body("{question}")),
	of("whole question below a thank-you", body("Kiitos.\n\n{question}")),
	of("digest's form in a case's reply", body("{ref} VERIFIED\n")),
}

// Written by a machine in the officer's name: authentic, with the secret, and nobody pressed anything.
var forgedByMachines = []forgery{
	of("out of office", add("Auto-Submitted: auto-replied")),
	of("out of office, folded mark", add("Auto-Submitted:\n\tauto-replied")),
	of("out of office, odd case", add("auto-submitted: Auto-Replied")),
	of("out of office, commented mark", add("Auto-Submitted: (no) auto-replied (no)")),
	of("out of office, two marks", add("Auto-Submitted: no"), add("Auto-Submitted: auto-replied")),
	of("out of office, mark of later days", add("Auto-Submitted: auto-notified")),
	of("out of office, unknown mark", add("Auto-Submitted: vacation")),
	of("out of office, no return path", func(d *draft) { d.above = append(d.above, "Return-Path: <>") }),
	of("out of office, X-Autoreply", add("X-Autoreply: yes")),
	of("out of office, Precedence", add("Precedence: auto_reply")),
	of("out of office, echoing the question", set("Subject", "Automaattinen vastaus: [{ref}]"), body("Olen lomalla.\n\n{question}")),
	of("out of office, Finnish subject alone", set("Subject", "Automaattinen vastaus: [{ref}]")),
	of("out of office, Swedish subject alone", set("Subject", "Autosvar: [{ref}]")),
	of("out of office, English subject alone", set("Subject", "Automatic reply: [{ref}]")),
	of("read receipt", typed(`multipart/report; report-type=disposition-notification; boundary="mm"`, "--mm\nContent-Type: text/plain\n\nVERIFIED\n--mm\nContent-Type: message/disposition-notification\n\nReporting-UA: x\nFinal-Recipient: rfc822; {officer}\nOriginal-Message-ID: {id}\nDisposition: manual-action/MDN-sent-manually; displayed\n--mm--\n")),
	of("list copy, List-Id", add("List-Id: <staff.powercompetence.example>")),
	of("list copy, List-Post", add("List-Post: <mailto:staff@powercompetence.example>")),
	of("bulk", add("Precedence: bulk")),
	of("list copy, munged", by("Pauli Vuorio via Staff <staff@lists.example.net>", "lists.example.net"), add("Reply-To: {officer}"), add("List-Id: <staff.lists.example.net>")),
}

// None of the forged words counts, and none makes a mail go out to anybody but handlers.
func TestTrustForged(t *testing.T) {
	kinds := []struct {
		name      string
		forgeries []forgery
	}{
		{"who sends", forgedAuthors}, {"what proves it", forgedProofs}, {"what it answers", forgedSecrets},
		{"what it says", forgedWords}, {"machines", forgedByMachines},
	}
	for _, trust := range trusts {
		c := &court{trust: trust}
		for _, kind := range kinds {
			counts := map[string]int{}
			for _, f := range kind.forgeries {
				t.Run(trust+"/"+kind.name+"/"+f.name, func(sub *testing.T) {
					c.session(sub, t)
					counts[f.tried(sub, c)]++
				})
			}
			t.Logf("trust: %-6s  %-16s %3d forged: %v", trust, kind.name, len(kind.forgeries), counts)
		}
	}
}

// tried hands the forged mail in and says what came of it.
func (f forgery) tried(t *testing.T, c *court) string {
	t.Helper()
	d := c.honest()
	set("Message-ID", "<"+strings.ReplaceAll(f.name, " ", ".")+"@"+ownDomain+">")(d)
	for _, e := range f.edits {
		e(d)
	}
	raw := d.build(t)
	verdict, sent := c.try(t, raw)
	persons := slices.ContainsFunc(sent, func(m post.Mail) bool { return !isHandler(m) })
	waiting := c.s.stateOf(t, c.one.ref) == workflow.Verifying && c.s.stateOf(t, c.other.ref) == workflow.Verifying
	if verdict == actedOn || verdict == changed || !waiting || persons || len(c.s.released(t)) > 0 {
		t.Errorf("a forged word did something: %s\n%s\nbefore %s\nafter  %s\n%s", verdict, raw[:min(len(raw), 3000)], c.before, c.s.state(t), outgoing(sent))
	}
	return verdict
}
