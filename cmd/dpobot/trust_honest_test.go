package main

import (
	"fmt"
	"strings"
	"testing"

	"dpobot/workflow"
)

// The blocks that mail programs put above what they quote.
const (
	outlookEnglish = "\n________________________________\nFrom: Power Competence Oy <{bot}>\nSent: Thursday, March 5, 2026 12:00 PM\nTo: Pauli Vuorio <{officer}>\nSubject: [{ref}] access to data\n\n{question}"
	outlookFinnish = "\nLähettäjä: Power Competence Oy <{bot}>\nLähetetty: torstai 5. maaliskuuta 2026 12.00\nVastaanottaja: Pauli Vuorio <{officer}>\nAihe: [{ref}] access to data\n\n{question}"
	outlookSwedish = "\nFrån: Power Competence Oy <{bot}>\nSkickat: den 5 mars 2026 12:00\nTill: Pauli Vuorio <{officer}>\nÄmne: [{ref}] access to data\n\n{question}"
	samsungFinnish = "\n\n-------- Alkuperäinen viesti --------\nLähettäjä: Power Competence Oy <{bot}> \nPäivämäärä: 5.3.2026  12.00  (GMT+02:00) \nSaaja: Pauli Vuorio <{officer}> \nAihe: [{ref}] access to data \n\n{question}"
	appleFinnish   = "\n> Power Competence Oy <{bot}> kirjoitti 5.3.2026 kello 12.00:\n> \n{quoted}"
)

// filledHTML is an HTML part as the program writes it around a quote of the question.
func outlookHTML(word string) string {
	return `<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8"><style><!-- p.MsoNormal {margin:0cm;font-size:11.0pt;} --></style></head><body lang="FI"><div class="WordSection1"><p class="MsoNormal"><span>` + word + `<o:p></o:p></span></p><p class="MsoNormal"><o:p>&nbsp;</o:p></p><p class="MsoNormal">Pauli Vuorio<o:p></o:p></p><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class="MsoNormal"><b>Lähettäjä:</b> Power Competence Oy &lt;{bot}&gt;<br><b>Lähetetty:</b> torstai 5. maaliskuuta 2026 12.00<br><b>Vastaanottaja:</b> Pauli Vuorio<br><b>Aihe:</b> [{ref}] access to data<o:p></o:p></p></div><p class="MsoNormal">WHAT TO DO</p></div></body></html>`
}

func gmailHTML(word string) string {
	return `<div dir="ltr">` + word + `</div><br><div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">to 5.3.2026 klo 12.00 Power Competence Oy &lt;<a href="mailto:{bot}">{bot}</a>&gt; kirjoitti:<br></div><blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);padding-left:1ex">WHAT TO DO<br></blockquote></div>`
}

// button is a reply that a pressed word begins: a new mail, which answers none.
func button(d *draft) {
	set("In-Reply-To", "")(d)
	set("References", "")(d)
}

// Replies of the officer's own, as mail programs write them: all of them count.
var honestReplies = []forgery{
	of("plain reply"),
	of("Gmail, Finnish", both("VAHVISTETTU\n\nto 5.3.2026 klo 12.00 Power Competence Oy <{bot}> kirjoitti:\n\n{quoted}", gmailHTML("VAHVISTETTU"))),
	of("Gmail, English", both("VERIFIED\n\nOn Thu, 5 Mar 2026 at 12:00, Power Competence Oy <{bot}>\nwrote:\n\n{quoted}", gmailHTML("VERIFIED"))),
	of("Gmail, Swedish", both("VERIFIERAD\n\nDen tors 5 mars 2026 kl 12:00 skrev Power Competence Oy <{bot}>:\n\n{quoted}", gmailHTML("VERIFIERAD"))),
	of("Gmail on a telephone", both("Vahvistettu\n\nto 5. maalisk. 2026 klo 12.00 Power Competence Oy <{bot}> kirjoitti:\n\n{quoted}", `<div dir="auto">Vahvistettu</div><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">to 5. maalisk. 2026 klo 12.00 Power Competence Oy &lt;{bot}&gt; kirjoitti:<br></div><blockquote class="gmail_quote">WHAT TO DO</blockquote></div>`)),
	of("Outlook on a desktop", both("VAHVISTETTU\n\nPauli Vuorio\n"+outlookFinnish, outlookHTML("VAHVISTETTU"))),
	of("Outlook on a desktop, English", body("VERIFIED\n\nPauli Vuorio\n"+outlookEnglish)),
	of("Outlook on a desktop, Swedish", body("VERIFIERAD\n\nPauli Vuorio\n"+outlookSwedish)),
	of("Outlook on the web", both("VERIFIED\n"+outlookEnglish, `<html><body dir="ltr"><div class="elementToProof" style="font-family:Aptos,sans-serif;font-size:12pt;color:rgb(0,0,0)">VERIFIED</div><div id="appendonsend"></div><hr style="display:inline-block;width:98%" tabindex="-1"><div id="divRplyFwdMsg" dir="ltr"><font face="Calibri, sans-serif"><b>From:</b> Power Competence Oy &lt;{bot}&gt;<br><b>Sent:</b> Thursday, March 5, 2026 12:00 PM<br><b>To:</b> Pauli Vuorio<br><b>Subject:</b> x</font></div><div>WHAT TO DO</div></body></html>`)),
	of("Outlook on a telephone", body("VAHVISTETTU\n\nHae Outlook for Android<https://aka.ms/AAb9ysg>\n"+outlookFinnish)),
	of("Outlook, HTML alone", html(outlookHTML("VERIFIED"))),
	of("Apple Mail on a telephone", body("Vahvistettu\n\nLähetetty iPhonesta\n"+appleFinnish)),
	of("Apple Mail on a desktop", body("VERIFIED\n\n> On 5. Mar 2026, at 12.00, Power Competence Oy <{bot}> wrote:\n> \n{quoted}")),
	of("Apple Mail, both parts", both("VERIFIED\n\n> On 5. Mar 2026, at 12.00, Power Competence Oy <{bot}> wrote:\n> \n{quoted}", `<html><head></head><body style="overflow-wrap: break-word;">VERIFIED<br><div><br><blockquote type="cite"><div>On 5. Mar 2026, at 12.00, Power Competence Oy &lt;{bot}&gt; wrote:</div><br><div>WHAT TO DO</div></blockquote></div><br></body></html>`)),
	of("Thunderbird", set("Content-Type", "text/plain; charset=UTF-8; format=flowed"), body("VERIFIED\n\nPower Competence Oy kirjoitti 5.3.2026 klo 12.00:\n{quoted}")),
	of("Thunderbird, answer below nothing", body("VERIFIERAD\n\nDen 2026-03-05 kl. 12:00, skrev Power Competence Oy:\n{quoted}")),
	of("Samsung", body("VERIFIED"+samsungFinnish)),
	of("Samsung, with its signature", body("VAHVISTETTU\n\n\nLähetetty Galaxy-laitteestani"+samsungFinnish)),
	of("K-9", body("VERIFIED\n\nAm 5. März 2026 12:00:00 MEZ schrieb Power Competence Oy <{bot}>:\n{quoted}")),
	of("Evolution", body("VERIFIED\n\nto, 2026-03-05 kello 12:00 +0200, Power Competence Oy kirjoitti:\n{quoted}")),
	of("mutt", body("VERIFIED\n\nOn Thu, Mar 05, 2026 at 12:00:00PM +0200, Power Competence Oy wrote:\n{quoted}")),
	of("Proton", body("VERIFIED\n\nSent with Proton Mail secure email.\n\nOn Thursday, March 5th, 2026 at 12:00, Power Competence Oy <{bot}> wrote:\n\n{quoted}")),
	of("nothing quoted", body("VERIFIED\n")),
	of("no line end", body("VERIFIED")),
	of("lower case", text("verified")),
	of("Swedish", text("VERIFIERAD")),
	of("Finnish, lower case", text("vahvistettu")),
	of("full stop", text("VERIFIED.")),
	of("exclamation mark", text("VERIFIED!")),
	of("how, English", text("VERIFIED BY visit")),
	of("blank lines first", text("\n\nVERIFIED")),
	of("blanks around", text("  VERIFIED  ")),
	of("no-break space behind", text("VERIFIED\u00a0")),
	of("signature", text("VERIFIED\n\n-- \nPauli Vuorio\nPower Competence Oy\n+358 40 000 0000")),
	of("signature without a mark", text("VERIFIED\n\nTerveisin\nPauli Vuorio")),
	of("company's footer", text("VERIFIED\n\nPauli Vuorio\n\nThis message is confidential. If you are not its recipient, please delete it.")),
	of("base64", text("VERIFIED"), inBase64),
	of("quoted-printable", text("VAHVISTETTU"), inQP),
	of("Latin-1", set("Content-Type", "text/plain; charset=iso-8859-1"), body("VERIFIED\n\nP\xe4iv\xe4\xe4\n")),
	of("Windows-1252", set("Content-Type", "text/plain; charset=windows-1252"), body("VERIFIED\n\nPauli \x96 Vuorio\n")),
	of("no charset", set("Content-Type", "text/plain"), body("VERIFIED\n")),
	of("logo in the signature", typed(`multipart/related; boundary="rr"`, "--rr\nContent-Type: text/html; charset=utf-8\n\n<p>VERIFIED</p><p>&nbsp;</p><p>Pauli Vuorio<br><img src=\"cid:logo\" alt=\"logo\"></p>\n--rr\nContent-Type: image/png; name=image001.png\nContent-ID: <logo>\nContent-Disposition: inline; filename=image001.png\nContent-Transfer-Encoding: base64\n\niVBORw0KGgo=\n--rr--\n")),
	of("signed with S/MIME", typed(`multipart/signed; protocol="application/pkcs7-signature"; micalg=sha-256; boundary="ss"`, "--ss\nContent-Type: text/plain; charset=utf-8\n\nVERIFIED\n\nPauli\n--ss\nContent-Type: application/pkcs7-signature; name=smime.p7s\nContent-Disposition: attachment; filename=smime.p7s\nContent-Transfer-Encoding: base64\n\nMIAGCSqGSIb3DQEHAqCAMIA=\n--ss--\n")),
	of("HTML alone", html("<div>VERIFIED</div><div><br></div><div>Pauli</div>")),
	of("pressed word, secret in the subject", button, set("Subject", "Re: [{token}]"), body("VERIFIED\n")),
	of("pressed word, secret in the address", button, set("To", "{plus}"), set("Subject", "Re: [{ref}]"), body("VERIFIED\n")),
	of("pressed word, telephone's signature", button, set("Subject", "Re: [{token}]"), body("VAHVISTETTU\n\nLähetetty iPhonesta\n")),
	of("pressed word, signature at once", button, set("Subject", "Re: [{token}]"), body("VERIFIED\n\n-- \nPauli\n")),
	of("pressed word, address in capitals", button, func(d *draft) { set("To", strings.ToUpper(d.filled("{plus}")))(d) }, body("VERIFIED\n")),
	of("pressed word, HTML of Outlook", button, set("Subject", "Re: [{token}]"), html(`<div class="WordSection1"><p class="MsoNormal">VERIFIED<o:p></o:p></p><p class="MsoNormal"><o:p>&nbsp;</o:p></p></div>`)),
	of("address in capitals", set("From", "Pauli Vuorio <Pauli.Vuorio@PowerCompetence.Example>")),
	of("address alone", set("From", "{officer}")),
	of("name in encoded words", set("From", "=?utf-8?q?Pauli_Vuorio?= <{officer}>")),
	of("name with a comma in quotes", set("From", `"Vuorio, Pauli" <{officer}>`)),
	of("name folded", set("From", "Pauli\n Vuorio\n <{officer}>")),
	of("References alone", set("In-Reply-To", "")),
	of("In-Reply-To alone", set("References", "")),
	of("References with a comma", set("References", "{id},<extra@powercompetence.example>")),
	of("long References", set("References", strings.Repeat("<older@powercompetence.example> ", 30)+"{id}")),
	of("deputy in Cc", add("Cc: Sari <{deputy}>")),
	of("Reply-To of their own", add("Reply-To: Pauli Vuorio <{officer}>")),
	of("asks Exchange to be quiet", add("X-Auto-Response-Suppress: DR, OOF, AutoReply")),
	of("says that it is no automatic mail", add("Auto-Submitted: no")),
	of("asks for a receipt", add("Disposition-Notification-To: <{officer}>"), add("Importance: high")),
	of("another server's results below", first("Authentication-Results: other.example; dmarc=fail header.from=powercompetence.example")),
	of("filled by LMTP", func(d *draft) {
		d.above = append(d.above, "Return-Path: <"+officerAddress+">", "Received: from mx by store.powercompetence.example with LMTP id X; Thu, 5 Mar 2026 12:00:00 +0200")
	}),
	of("results with comments and more methods", func(d *draft) {
		d.stamp = borderID + " 1; arc=none; spf=pass (sender ok) smtp.mailfrom=" + officerAddress + "; dkim=pass (2048-bit key) header.d=" + ownDomain + " header.i=@" + ownDomain + " header.b=abcdef; dmarc=pass (p=reject dis=none) header.from=" + ownDomain
	}),
	of("signed by two domains", func(d *draft) {
		d.after = func(s string) string {
			signed, err := testRing().sign([]byte(s), "attacker.example", false)
			if err != nil {
				panic(err)
			}
			return string(signed)
		}
	}),
}

// Every honest reply counts: the answer goes to the person, once, and nothing to anybody else.
func TestTrustHonest(t *testing.T) {
	for _, trust := range trusts {
		c := &court{trust: trust}
		acted := 0
		for _, h := range honestReplies {
			t.Run(trust+"/"+h.name, func(sub *testing.T) {
				c.session(sub, t)
				d := c.honest()
				for _, e := range h.edits {
					e(d)
				}
				raw := d.build(sub)
				verdict, sent := c.try(sub, raw)
				answers := 0
				for _, m := range sent {
					if m.To == personAddress {
						answers++
					}
				}
				if verdict != actedOn || answers != 1 {
					sub.Errorf("an honest word did not count: %s, %d answers\n%s\n%s", verdict, answers, raw[:min(len(raw), 2500)], outgoing(sent))
					return
				}
				acted++
			})
		}
		t.Logf("trust: %-6s  %d honest replies, %d acted on", trust, len(honestReplies), acted)
	}
}

// The words of an answer to a digest count one a line, for the cases that were open when it was written.
func TestTrustDigest(t *testing.T) {
	for _, trust := range trusts {
		t.Run(trust, func(t *testing.T) {
			c := &court{trust: trust}
			c.session(t, t)
			c.digest(t)
			raw := c.reply(t, officerAddress, fmt.Sprintf("%s VERIFIED, MATCH 0\n%s VAHVISTETTU", c.one.ref, c.other.ref))
			c.s.deliver(t, raw)
			for _, ref := range []workflow.Ref{c.one.ref, c.other.ref} {
				if got := c.s.stateOf(t, ref); got != workflow.Answered {
					t.Errorf("case %s: got %s, want answered", ref, got)
				}
			}
		})
	}
}
