package responders

import (
	"time"

	"dpobot/responders/letter"
	"dpobot/workflow"
)

// Example is a view with something in every field, in which nobody is real: templates are
// tried on it.
func Example(lang string, action workflow.Action) View {
	at := time.Date(2026, time.November, 23, 10, 5, 0, 0, time.UTC)
	day := workflow.DateOf(at, time.UTC)
	kept := KeptView{Fields: []string{"Nimi", "Osoite"}, Ground: "Kirjanpitolaki 2:10", Until: workflow.Date{Year: 2036, Month: time.December, Day: 31}}
	change := FieldView{Title: "Osoite", Old: "Vanhatie 1, 00100 Helsinki", New: "Uusikatu 7 B 4, 20500 Turku", InRegister: "Vanhatie 1, 00100 Helsinki",
		Unclear: []UnclearView{{"Asiakasrekisteri", []string{"Kotiosoite", "Postiosoite"}}}}
	report := ReportView{Title: "Asiakasrekisteri", Records: 1, Changed: []FieldView{change}, Deleted: []string{"Puhelin", "Sähköpostiosoite"}, Kept: []KeptView{kept}, Locked: []string{"Nimi"}}
	mail := MailView{At: at, From: "matti@posti.example", Subject: "Omat tietoni", Text: "Hei, mitä tietoja teillä on minusta?\nMatti", Attachments: []letter.Outside{"kuva.jpg"}}
	failed := FailedView{Action: workflow.Answer, Why: "the server answered 550 5.1.1: refused for good"}
	row := DigestRow{Ref: "DPO-2026-0042", Kinds: []workflow.Kind{workflow.Access}, State: workflow.Verifying, Due: day.AddDays(30), DaysLeft: 30, Failed: []FailedView{failed}}
	late := row
	late.Ref, late.Due, late.DaysLeft, late.Urgent, late.Breach = "DPO-2026-0007", day.AddDays(-2), -2, true, true
	button := Button{"VERIFIED", "the person was checked", "mailto:tietosuoja@powercompetence.example?subject=Re&body=x"}
	row.Buttons, row.Doubted = []Button{button}, at
	breach := BreachView{Ref: "DPO-2026-0007", Known: at, Due: at.Add(72 * time.Hour), HoursLeft: 70, Gone: 3, Button: button}
	pen := PenRow{Ref: "DPO-2026-0044", At: at, From: "liisa@posti.example", Name: "Liisa", Subject: "Vs: [DPO-2026-0042]", Problem: "too deep",
		Warnings: []workflow.Warning{workflow.Stray}, Due: day.AddDays(30), DaysLeft: 30, Buttons: []Button{button}}
	moved := MovedRow{Ref: "DPO-2026-0042", From: day.AddDays(30), To: day.AddDays(31), Why: "Itsenäisyyspäivä", Sequence: 1}
	verified := VerifiedView{By: "Pauli Vuorio", How: workflow.ByCall, At: at}
	told := ToldView{Name: "Tili Minetti Oy", Title: "Asiakasrekisteri", State: toldOpen, At: at, Button: button}
	lapse := LapseView{Title: "Asiakasrekisteri", Case: "DPO-2020-0007", Record: "KEPT-0123-456789012345", Why: "the register does not answer"}
	return View{
		Lang: lang, Ref: "DPO-2026-0042",
		Controller: Controller{Name: "Power Competence Oy", BusinessID: "2356859-8", Address: "PL 102, 33101 Tampere", Mailbox: "tietosuoja@powercompetence.example",
			Phone: "+358 3 123 4567", Web: "https://www.powercompetence.example"},
		Officer: "Pauli Vuorio", Greeting: "Matti Meikäläinen",
		Authority: Authority{"Tietosuojavaltuutetun toimisto", "PL 800, 00531 Helsinki", "029 566 6700", "tietosuoja@om.example", "https://tietosuoja.example"},
		Today:     day, Received: day, Due: day.AddDays(30), FirstDue: day.AddDays(30), DaysLeft: 30,
		State: workflow.Verifying, Kinds: []workflow.Kind{workflow.Access, workflow.Change, workflow.Erasure},
		Items: []ItemView{
			{Kind: workflow.Access, State: workflow.Verifying},
			{Kind: workflow.Change, State: workflow.Verifying, Ask: true, Asked: at, Fields: []FieldView{change}, Reports: []ReportView{report}},
			{Kind: workflow.Erasure, State: workflow.Grace, Reports: []ReportView{report}, Verified: verified},
		},
		Person: PersonView{"Matti Meikäläinen", "matti@posti.example"}, Mail: mail, Later: []MailView{mail},
		Why:      []letter.Outside{"'mitä tietoja teillä on minusta' (fi), Art. 15"},
		Warnings: []workflow.Warning{workflow.ReplyElsewhere, workflow.Urgency},
		Registers: []RegisterView{{Title: "Asiakasrekisteri", Records: 1, Telephone: "+358 40 123 4567", Name: "Matti Meikäläinen",
			Questions: []string{"Osoite", "Asiakasnumero"}, Erase: &report}},
		Unasked:    []string{"Uutiskirje"},
		Matches:    []RegisterView{{N: 1, Title: "Asiakasrekisteri", Records: 1, By: []string{"name"}, Name: "Matti Meikäläinen", Address: "matti@toinen.example"}},
		Passphrase: "sofa-lamp-river-stone-cloud-bike", SendTo: "matti@posti.example",
		Notes:   []NoteView{{At: at, By: "Pauli Vuorio", Text: "Soitettu, ei vastannut."}},
		Buttons: []Button{button},
		Undo:    at.Add(24 * time.Hour), Failed: []FailedView{failed},
		Tasks:    []TaskView{{Action: workflow.Acknowledge, State: workflow.TaskDone, Due: at}},
		Question: "Mikä on uusi postinumeronne?", Reason: workflow.LegalDuty, About: string(workflow.NotNow), Said: "VERIFED",
		Words:    []WordView{{"VERIFIED", "the person was checked; answer"}},
		Refusals: []RefusalView{{At: at, Ref: "DPO-2026-0042", Reason: "not-authentic: altered"}}, Refused: 3,
		More: 3, Heard: "fi", Extension: day.AddDays(91), Doubted: at, Breach: &breach,
		Digest: DigestView{Breaches: []BreachView{breach}, Pen: []PenRow{pen}, PenMore: 2, Moved: []MovedRow{moved}, MovedMore: 1, Entries: []MovedRow{moved},
			LastCanary: at, Trouble: []TroubleView{{"store-no-log", "Redis keeps no log of its writes"}}, Outages: []workflow.Outage{{Part: workflow.PartMailbox, From: at, Until: at.Add(time.Hour)}},
			Overdue: []DigestRow{late}, ThisWeek: []DigestRow{row}, Later: []DigestRow{row}, Total: 3, More: 1, Failed: []DigestRow{row}, LastRead: at,
			Lapsed: []LapseView{{Title: "Asiakasrekisteri", Records: 2}}, InUse: []LapseView{lapse}, Stuck: []LapseView{lapse},
			Untold: []UntoldRow{{Ref: "DPO-2026-0007", Told: []ToldView{told}}}},
		Parts: []string{"DPO-2026-0042.pdf"}, Recipient: "Tili Minetti Oy",
		Told: []ToldView{told},
		ByHand: []KeptRegisterView{
			{Title: "Paperiarkisto", Name: "paper", Keeper: "Aino Arkisto", Kind: workflow.Access, State: string(workflow.InquiryOpen), Until: day.AddDays(10), Text: "x", Files: []letter.Outside{"kuitti.pdf"}},
			{Title: "Kirjanpito", Name: "books", Keeper: "Tili Minetti Oy", Later: true},
		},
		KeptPlans: []ReportView{report}, Register: "Paperiarkisto", RegisterName: "paper", Until: day.AddDays(10), Asked: workflow.Change, Verified: true,
		KnownBy: []KnownView{{"name", "Matti Meikäläinen"}, {"email", "matti@posti.example"}}, Fields: []FieldView{change}, Plan: &report, Settled: true,
	}
}
