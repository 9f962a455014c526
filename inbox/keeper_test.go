package inbox

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"dpobot/inbox/reading"
	"dpobot/inbox/sorting"
	"dpobot/workflow"
)

const (
	keepersMailbox = "tietosuoja@powercompetence.example"
	keepersAddress = "aino@arkisto.example"
	otherKeeper    = "olli@posti.example"
	theHandler     = "pauli@powercompetence.example"
)

type noSorter struct{}

func (noSorter) Sort(string, string) sorting.Result {
	return sorting.Result{Kind: sorting.None, Sure: true}
}

// keepersJudge knows two keepers and a handler, all trusted by the secret alone unless trust says otherwise.
func keepersJudge(trust Trust) (*Judge, workflow.Stamps) {
	stamps := workflow.NewStamps(bytes.Repeat([]byte{3}, 32), keepersMailbox)
	handlers := []Handler{{Address: theHandler, Trust: TrustSecret}}
	judge := NewJudge(keepersMailbox, handlers, stamps, noSorter{}, "mx.powercompetence.example", nil, []string{"en"})
	return judge.WithKeepers([]Keeper{{Address: keepersAddress, Trust: trust}, {Address: otherKeeper, Trust: trust}}), stamps
}

// question is the Message-ID of the mail that put a question.
func question(stamps workflow.Stamps, ref workflow.Ref, task int) string {
	return stamps.MessageID(ref, workflow.Task{N: task, Action: workflow.KeeperMail})
}

// reply is a mail of the keeper's, with fields and body as given.
func keeperReply(from, answers, body string, fields ...string) string {
	return fmt.Sprintf("From: %s\nTo: %s\nSubject: Re: question\nDate: Mon, 09 Mar 2026 14:00:00 +0200\nMessage-ID: <r@arkisto.example>\nIn-Reply-To: <%s>\nReferences: <%s>\n%s\n%s",
		from, keepersMailbox, answers, answers, strings.Join(append(fields, ""), "\n"), body)
}

func judged(t *testing.T, judge *Judge, mail string) Judgement {
	t.Helper()
	m, proof, err := judge.Read(t.Context(), strings.NewReader(strings.ReplaceAll(mail, "\n", "\r\n")), reading.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	return judge.Judge(m, proof)
}

// What must not count as a keeper's answer, and what is told of it.
func TestForgedKeepers(t *testing.T) {
	judge, stamps := keepersJudge(TrustSecret)
	server, _ := keepersJudge(TrustServer)
	signed, _ := keepersJudge(TrustDKIM)
	own, other := question(stamps, "DPO-2026-0001", 7), question(stamps, "DPO-2026-0002", 7)
	secret := stamps.MessageID("DPO-2026-0001", workflow.Task{N: 5, Action: workflow.CaseMail})
	aino := "Aino <" + keepersAddress + ">"
	pass := "Authentication-Results: mx.powercompetence.example; dmarc=pass header.from=arkisto.example"
	tests := []struct {
		name   string
		judge  *Judge
		mail   string
		reason string // "": not judged as a keeper's at all
	}{
		{"another address", judge, keeperReply("Aino <aino@attacker.example>", own, "DONE"), ReasonKeeper},
		{"another address, nothing but files", judge, keeperReply("x@attacker.example", own, ""), ReasonKeeper},
		{"the keeper's address as display name", judge, keeperReply(`"`+keepersAddress+`" <x@attacker.example>`, own, "DONE"), ReasonKeeper},
		{"two senders", judge, keeperReply(aino+", x@attacker.example", own, "DONE"), ReasonKeeper},
		{"two From fields", judge, keeperReply(aino, own, "DONE", "From: x@attacker.example"), ReasonKeeper},
		{"a comment in the sender", judge, keeperReply("x@attacker.example ("+keepersAddress+")", own, "DONE"), ReasonKeeper},
		{"a subdomain", judge, keeperReply("aino@mail.arkisto.example", own, "NO DATA"), ReasonKeeper},
		{"a handler, in the keeper's place", judge, keeperReply(theHandler, own, "DONE"), ReasonKeeper},
		{"no secret", judge, strings.ReplaceAll(keeperReply(aino, own, "DONE"), own, "x@arkisto.example"), workflow.ReasonNoSecret},
		{"an imitated secret", judge, strings.ReplaceAll(keeperReply(aino, own, "NO DATA"), own[:30], own[:28]+"aa"), workflow.ReasonNoSecret},
		{"questions of two cases", judge, keeperReply(aino, own, "DONE", "X-Mailer: x\nCc: "+strings.Split(other, "@")[0]+"@powercompetence.example"), workflow.ReasonMixed},
		{"a case mail's secret beside it", judge, keeperReply(aino, own, "DONE", "Cc: "+strings.Split(secret, "@")[0]+"@powercompetence.example"), ReasonBothRole},
		{"a handler's word", judge, keeperReply(aino, own, "VERIFIED"), ReasonHandlers},
		{"a handler's word in Finnish", judge, keeperReply(aino, own, "VAHVISTETTU\n\nAino"), ReasonHandlers},
		{"a handler's word that ticks off", judge, keeperReply(aino, own, "TICK"), ReasonHandlers},
		{"no verdict of the border", server, keeperReply(aino, own, "DONE"), ReasonProof + ": not-through-border"},
		{"a verdict of the sender's own", server, keeperReply(aino, own, "DONE", pass), ReasonProof + ": not-through-border"},
		{"no signature", signed, keeperReply(aino, own, "DONE"), ReasonProof + ": unsigned"},
		{"two subjects", judge, keeperReply(aino, own, "DONE", "Subject: another"), ReasonText + ": " + reading.CommandDuplicate},
		{"out of office", judge, keeperReply(aino, own, "DONE", "Auto-Submitted: auto-replied"), ""},
		{"out of office, by its subject", judge, strings.Replace(keeperReply(aino, own, "DONE"), "Re: question", "Automaattinen vastaus: question", 1), ""},
		{"a mailing list", judge, keeperReply(aino, own, "DONE", "List-Id: <x.example>\nPrecedence: list"), ""},
		{"a handler's secret at a keeper's address", judge, keeperReply(aino, secret, "VERIFIED"), ReasonSender},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := judged(t, tt.judge, tt.mail)
			switch {
			case got.Reply != nil || got.Would == WouldAct:
				t.Fatalf("it would count: %+v", got.Reply)
			case tt.reason == "" && got.Would != WouldLeave:
				t.Errorf("got %s (%s), want that it is left alone", got.Would, got.Refused)
			case tt.reason != "" && got.Refused != tt.reason:
				t.Errorf("got %s, %q; want a refusal because of %q", got.Would, got.Refused, tt.reason)
			}
		})
	}
}

// What stands in a quote, in hidden HTML or in an attached mail is text to read at most, and ticks nothing off.
func TestNoWordOfAKeepers(t *testing.T) {
	judge, stamps := keepersJudge(TrustSecret)
	own := question(stamps, "DPO-2026-0001", 7)
	multi := "MIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=b"
	tests := []struct {
		name, body string
		fields     []string
	}{
		{"quoted", "> DONE\n> NO DATA", nil},
		{"below a greeting", "Hello,\n\nDONE", nil},
		{"later", "Done as soon as I can", nil},
		{"the question that came back", "› DONE\n      it is done", nil},
		{"hidden", "<p style='display:none'>DONE</p><p>Which Matti?</p>", []string{"Content-Type: text/html"}},
		{"in one version alone", "--b\nContent-Type: text/plain\n\nDONE\n--b\nContent-Type: text/html\n\n<p>Which Matti?</p>\n--b--", []string{multi}},
		{"a document that is none", "DONE\n--b\nContent-Type: x", []string{"MIME-Version: 1.0", "Content-Type: multipart/mixed; boundary=b"}},
		{"an attached mail", "--b\nContent-Type: message/rfc822\n\nSubject: x\n\nDONE\n--b--", []string{"MIME-Version: 1.0", "Content-Type: multipart/mixed; boundary=b"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := judged(t, judge, keeperReply(keepersAddress, own, tt.body, tt.fields...))
			if got.Reply == nil {
				return // refused or left alone: as good
			}
			if got.Reply.Says != workflow.SaysText || got.Reply.Text == "" && len(got.Reply.Files) > 0 {
				t.Errorf("got %q with the text %q, trouble %q; want text to read, or nothing", got.Reply.Says, got.Reply.Text.Reveal(), got.Reply.Trouble)
			}
		})
	}
}

// The replies of mail programs, each with a document and a logo or none.
func TestKeepersMailPrograms(t *testing.T) {
	judge, stamps := keepersJudge(TrustSecret)
	own := question(stamps, "DPO-2026-0001", 7)
	const pdf = "JVBERi0xLjQKc21hbGwK" // %PDF-1.4
	tests := []struct {
		name, body string
		fields     []string
		says       workflow.Says
		note       workflow.Text
		files      int
	}{
		{"Gmail", "--m\nContent-Type: multipart/alternative; boundary=a\n\n--a\nContent-Type: text/plain; charset=UTF-8\n\nVALMIS\n\nma 9.3.2026 klo 12.00 Power Competence Oy <tietosuoja@powercompetence.example>\nkirjoitti:\n\n> Hei Aino\n\n--a\nContent-Type: text/html; charset=UTF-8\n\n<div dir=\"ltr\">VALMIS</div><br><div class=\"gmail_quote\"><div dir=\"ltr\" class=\"gmail_attr\">ma 9.3.2026 klo 12.00 Power Competence Oy kirjoitti:<br></div><blockquote class=\"gmail_quote\">Hei Aino</blockquote></div>\n\n--a--\n--m\nContent-Type: application/pdf; name=\"laskut.pdf\"\nContent-Disposition: attachment; filename=\"laskut.pdf\"\nContent-Transfer-Encoding: base64\nX-Attachment-Id: f_1\nContent-ID: <f_1>\n\n" + pdf + "\n--m--",
			[]string{"MIME-Version: 1.0", "Content-Type: multipart/mixed; boundary=m"}, workflow.SaysDone, "", 1},
		{"Apple Mail, document inline", "--m\nContent-Type: text/plain; charset=us-ascii\n\nDONE\n\n--m\nContent-Type: application/pdf; name=laskut.pdf; x-unix-mode=0644\nContent-Disposition: inline; filename=laskut.pdf\nContent-Transfer-Encoding: base64\n\n" + pdf + "\n--m\nContent-Type: text/plain; charset=us-ascii\n\n\n> On 9 Mar 2026, at 12.00, Power Competence Oy <tietosuoja@powercompetence.example> wrote:\n> \n> Hello Aino\n\n--m--",
			[]string{"MIME-Version: 1.0 (Mac OS X Mail 16.0)", "Content-Type: multipart/mixed; boundary=m"}, workflow.SaysDone, "", 1},
		{"a telephone, nothing but a photograph", "--m\nContent-Type: image/jpeg; name=\"IMG_1.jpeg\"\nContent-Disposition: attachment; filename=\"IMG_1.jpeg\"\nContent-Transfer-Encoding: base64\n\n/9j/4AAQSkZJRg==\n--m--",
			[]string{"MIME-Version: 1.0", "Content-Type: multipart/mixed; boundary=m"}, workflow.SaysText, "", 1},
		{"plain text, with a note", "DONE\nOne letter of 2019, kept in binder 4.\n\n-- \nAino", nil, workflow.SaysDone, "One letter of 2019, kept in binder 4.", 0},
		{"nothing held", "EI TIETOJA\n\nTerveisin Aino", nil, workflow.SaysNothing, "", 0},
		{"in their own words", "Which Matti is it? We have two.", nil, workflow.SaysText, "", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := judged(t, judge, keeperReply("Aino <"+keepersAddress+">", own, tt.body, tt.fields...))
			if got.Reply == nil {
				t.Fatalf("got %s, %q", got.Would, got.Refused)
			}
			if r := got.Reply; r.Says != tt.says || r.Note != tt.note || len(r.Files) != tt.files || r.Trouble != "" || r.By != keepersAddress {
				t.Errorf("got %q, note %q, %d files, trouble %q; want %q, %q, %d", r.Says, r.Note.Reveal(), len(r.Files), r.Trouble, tt.says, tt.note.Reveal(), tt.files)
			}
		})
	}
}

// Attachments of everybody else's are never held in memory, and a keeper's only within the bound.
func TestWhoseFilesAreKept(t *testing.T) {
	judge, stamps := keepersJudge(TrustSecret)
	own := question(stamps, "DPO-2026-0001", 7)
	file := "DONE\n--m\nContent-Type: text/plain\n\nDONE\n--m\nContent-Type: application/pdf; name=a.pdf\nContent-Disposition: attachment\n\n%PDF-1.4 " + strings.Repeat(strings.Repeat("x", 1000)+"\n", 22_000) + "--m--"
	mixed := []string{"MIME-Version: 1.0", "Content-Type: multipart/mixed; boundary=m"}
	for _, tt := range []struct {
		name, from, answers string
		kept                bool
	}{
		{"the keeper's", keepersAddress, own, true},
		{"another's, who knows the secret", "x@attacker.example", own, false},
		{"the keeper's, without it", keepersAddress, "x@arkisto.example", false},
	} {
		m, proof, err := judge.Read(t.Context(), strings.NewReader(strings.ReplaceAll(keeperReply(tt.from, tt.answers, file, mixed...), "\n", "\r\n")), reading.DefaultLimits())
		if err != nil || len(m.Attachments) != 1 {
			t.Fatalf("%s: %d attachments, %v", tt.name, len(m.Attachments), err)
		}
		if held := len(m.Attachments[0].Data); (held > 0) != tt.kept || held > documentBytes {
			t.Errorf("%s: %d bytes are held, want (%v) at most %d", tt.name, held, tt.kept, documentBytes)
		}
		if reply := judge.Judge(m, proof).Reply; tt.kept && (reply == nil || reply.Trouble != UntakenLarge || len(reply.Files) != 0) {
			t.Errorf("%s: 22 MB were taken: %v", tt.name, reply)
		}
	}
}
