package templates_test

import (
	"fmt"
	"time"

	"dpobot/responders"
	"dpobot/responders/letter"
	"dpobot/responders/templates"
	"dpobot/workflow"
)

// helsinki without tzdata: the examples are of March, before daylight saving.
var helsinki = time.FixedZone("EET", 2*60*60)

func at(day, hour, minute int) time.Time {
	return time.Date(2026, 3, day, hour, minute, 0, 0, helsinki)
}

func on(month time.Month, day int) workflow.Date {
	return workflow.Date{Year: 2026, Month: month, Day: day}
}

// pick chooses by language.
func pick(lang, en, fi, sv string) string {
	return map[string]string{"en": en, "fi": fi, "sv": sv}[lang]
}

// example is one mail as a controller would send it.
type example struct {
	name   string // of the golden file; "" for the action's own
	action workflow.Action
	view   responders.View
}

// examples are realistic mails of every action, and of their most different forms.
func examples(s *templates.Set, lang string) []example {
	base := baseView(lang)
	var all []example
	add := func(name string, action workflow.Action, change func(*responders.View)) {
		v := base
		change(&v)
		if action.Audience() == workflow.ToHandler {
			v.Buttons = buttonsFor(s, lang, v)
		}
		all = append(all, example{name, action, v})
	}
	toPerson(lang, add)
	toHandlers(s, lang, add)
	toOthers(lang, add)
	return all
}

func baseView(lang string) responders.View {
	return responders.View{
		Lang: lang, Ref: "DPO-2026-0042",
		Controller: responders.Controller{
			Name: "Power Competence Oy", BusinessID: "2356859-8", Address: "PL 102, 33101 Tampere", Mailbox: "tietosuoja@powercompetence.example",
			Phone: "+358 3 123 4567", Web: "https://www.powercompetence.example/tietosuoja",
		},
		Officer: "Pauli Vuorio",
		Authority: responders.Authority{
			Name:    pick(lang, "Office of the Data Protection Ombudsman", "Tietosuojavaltuutetun toimisto", "Dataombudsmannens byrå"),
			Address: pick(lang, "PO Box 800, 00531 Helsinki, Finland", "PL 800, 00531 Helsinki", "PB 800, 00531 Helsingfors"),
			Phone:   "+358 29 566 6700", Mail: "tietosuoja@om.fi", Web: pick(lang, "tietosuoja.fi/en", "tietosuoja.fi", "tietosuoja.fi/sv"),
		},
		Greeting: "Matti Meikäläinen",
		Today:    on(3, 10), Received: on(3, 5), Due: on(4, 7), FirstDue: on(4, 7), DaysLeft: 28,
		State: workflow.Verifying,
		Items: []responders.ItemView{{Kind: workflow.Access, State: workflow.Verifying}},
		Kinds: []workflow.Kind{workflow.Access},
	}
}

type adder func(name string, action workflow.Action, change func(*responders.View))

func toPerson(lang string, add adder) {
	add("", workflow.Acknowledge, func(v *responders.View) {})
	add("acknowledge-three", workflow.Acknowledge, func(v *responders.View) {
		v.Greeting = ""
		v.Items = []responders.ItemView{
			{Kind: workflow.Access, State: workflow.Answered}, {Kind: workflow.Change, State: workflow.Verifying},
			{Kind: workflow.Erasure, State: workflow.Verifying}, {Kind: workflow.Other, Right: workflow.Objection, State: workflow.Verifying},
		}
	})
	add("acknowledge-unread", workflow.Acknowledge, func(v *responders.View) {
		v.Items = []responders.ItemView{{Kind: workflow.Change, State: workflow.Verifying, Ask: true}}
	})
	add("", workflow.AskPerson, func(v *responders.View) {
		v.Question = letter.Outside(pick(lang,
			"Which of these addresses is yours?\n\nHämeenkatu 1, Tampere, or Uusikatu 2, Turku?",
			"Kumpi näistä osoitteista on teidän?\n\nHämeenkatu 1, Tampere, vai Uusikatu 2, Turku?",
			"Vilken av dessa adresser är din?\n\nTavastgatan 1, Tammerfors, eller Nygatan 2, Åbo?"))
	})
	add("", workflow.OtherWays, func(v *responders.View) {})
	add("", workflow.Answer, func(v *responders.View) { v.Parts = []string{"dpo-2026-0042.pdf"} })
	add("answer-parts", workflow.Answer, func(v *responders.View) {
		v.Parts = []string{"dpo-2026-0042-1-of-2.pdf", "dpo-2026-0042-2-of-2.pdf"}
	})
	add("answer-nothing", workflow.Answer, func(v *responders.View) { v.Parts, v.Nothing = []string{"dpo-2026-0042.pdf"}, true })
	add("", workflow.ConfirmChange, func(v *responders.View) { v.Items = []responders.ItemView{changed(lang)} })
	add("", workflow.ConfirmErasure, func(v *responders.View) { v.Items = []responders.ItemView{erased(lang)} })
	add("confirm-erasure-nothing", workflow.ConfirmErasure, func(v *responders.View) {
		v.Items = []responders.ItemView{{Kind: workflow.Erasure, State: workflow.Fulfilling}}
	})
	for _, right := range []workflow.Right{workflow.Marketing, workflow.Consent} {
		add("confirm-"+string(right), workflow.ConfirmOther, func(v *responders.View) {
			v.Items = []responders.ItemView{{Kind: workflow.Other, Right: right, State: workflow.Fulfilling}}
		})
	}
	add("", workflow.Refusing, func(v *responders.View) {
		v.Reason = workflow.Excessive
		v.Items = []responders.ItemView{{Kind: workflow.Access, State: workflow.Refused, Reason: workflow.Excessive}}
		v.Question = letter.Outside(pick(lang,
			"You received the same copy on 2 February 2026, and nothing has changed since.",
			"Saitte saman jäljennöksen 2.2.2026, eivätkä tiedot ole sen jälkeen muuttuneet.",
			"Du fick samma kopia den 2 februari 2026, och inget har ändrats sedan dess."))
	})
	add("", workflow.Extension, func(v *responders.View) {
		v.Extended, v.Due, v.DaysLeft = true, on(6, 5), 87
		v.Question = letter.Outside(pick(lang,
			"Your request concerns several paper archives, which we have to go through by hand.",
			"Pyyntönne koskee useita paperiarkistoja, jotka joudumme käymään läpi käsin.",
			"Din begäran gäller flera pappersarkiv som vi måste gå igenom för hand."))
	})
	add("", workflow.Closing, func(v *responders.View) {
		v.State, v.Question = workflow.Withdrawn, "withdrawn"
		v.Items = []responders.ItemView{{Kind: workflow.Access, State: workflow.Withdrawn}}
	})
}

func changed(lang string) responders.ItemView {
	street, mail := pick(lang, "Street address", "Katuosoite", "Gatuadress"), pick(lang, "E-mail address", "Sähköpostiosoite", "E-postadress")
	return responders.ItemView{
		Kind: workflow.Change, State: workflow.Fulfilling,
		Fields: []responders.FieldView{
			{Title: street, Old: "Hämeenkatu 1, 33100 Tampere", New: "Uusikatu 1 A 3, 20100 Turku", InRegister: "Hämeenkatu 1, 33100 Tampere"},
			{Title: mail, New: "matti.uusi@posti.example"},
		},
		Reports: []responders.ReportView{
			{Title: customers(lang), Records: 1, Changed: []responders.FieldView{
				{Title: street, Old: "Hämeenkatu 1, 33100 Tampere", New: "Uusikatu 1 A 3, 20100 Turku"}, {Title: mail, New: "matti.uusi@posti.example"},
			}},
			{Title: newsletter(lang), Records: 1, Changed: []responders.FieldView{{Title: mail, Old: "matti@posti.example", New: "matti.uusi@posti.example"}}},
		},
	}
}

func erased(lang string) responders.ItemView {
	return responders.ItemView{Kind: workflow.Erasure, State: workflow.Fulfilling, Reports: []responders.ReportView{
		erasure(lang),
		{Title: newsletter(lang), Records: 1, Deleted: []string{pick(lang, "E-mail address", "Sähköpostiosoite", "E-postadress")}},
	}}
}

func erasure(lang string) responders.ReportView {
	return responders.ReportView{
		Title: customers(lang), Records: 1,
		Deleted: []string{pick(lang, "E-mail address", "Sähköpostiosoite", "E-postadress"), pick(lang, "Telephone", "Puhelin", "Telefon"), pick(lang, "Notes", "Lisätiedot", "Anmärkningar")},
		Kept: []responders.KeptView{
			{Fields: []string{pick(lang, "Name", "Nimi", "Namn"), pick(lang, "Street address", "Katuosoite", "Gatuadress")},
				Ground: pick(lang, "Accounting Act, chapter 2, section 10", "kirjanpitolaki 2 luku 10 §", "bokföringslagen 2 kap. 10 §"), Until: workflow.Date{Year: 2036, Month: 12, Day: 31}},
			{Fields: []string{pick(lang, "Contract", "Sopimus", "Avtal")}, Ground: pick(lang, "a pending lawsuit", "vireillä oleva oikeudenkäynti", "en pågående rättegång")},
		},
	}
}

func customers(lang string) string {
	return pick(lang, "Customer register", "Asiakasrekisteri", "Kundregister")
}
func newsletter(lang string) string { return pick(lang, "Newsletter", "Uutiskirje", "Nyhetsbrev") }

// handlersView adds what every mail to a handler about a case shows.
func handlersView(lang string, v *responders.View) {
	v.Person = responders.PersonView{Name: "Matti Meikäläinen", Address: "matti@posti.example"}
	v.SendTo = "matti@posti.example"
	v.Mail = responders.MailView{
		At: at(5, 14, 5), From: "matti@posti.example",
		Subject: letter.Outside(pick(lang, "My data", "Omat tietoni", "Mina uppgifter")),
		Text: letter.Outside(pick(lang,
			"Hello,\n\nI would like to know what data you have about me.\n\nMatti, 040 123 4567",
			"Hei,\n\nhaluaisin tietää mitä tietoja teillä on minusta.\n\nMatti, 040 123 4567",
			"Hej,\n\njag skulle vilja veta vilka uppgifter ni har om mig.\n\nMatti, 040 123 4567")),
	}
	v.Why = []letter.Outside{letter.Outside(pick(lang, "“what data you have about me”", "”mitä tietoja teillä on minusta”", "”vilka uppgifter ni har om mig”"))}
	v.Registers = []responders.RegisterView{
		{Title: customers(lang), Records: 1, Telephone: "+358 50 987 6543", Name: "Matti Juhani Meikäläinen",
			Questions: []string{pick(lang, "Customer number", "Asiakasnumero", "Kundnummer"), pick(lang, "Street address", "Katuosoite", "Gatuadress")}},
		{Title: newsletter(lang), Records: 1},
	}
	v.Passphrase = "kivi-lumi-metro-joki-silta-vene"
}

func toHandlers(s *templates.Set, lang string, add adder) {
	add("", workflow.CaseMail, func(v *responders.View) { handlersView(lang, v) })
	add("case-mail-change", workflow.CaseMail, func(v *responders.View) {
		handlersView(lang, v)
		it := changed(lang)
		it.State, it.Reports = workflow.Verifying, nil
		it.Fields = append(it.Fields, responders.FieldView{Title: "shoe size", New: "43", Unknown: true})
		parts := []string{pick(lang, "Street", "Katu", "Gata"), pick(lang, "Postcode", "Postinumero", "Postnummer"), pick(lang, "City", "Kaupunki", "Ort")}
		it.Fields = append(it.Fields, responders.FieldView{Title: pick(lang, "postal address", "postiosoite", "postadress"), New: "12 High Street, Leeds",
			Unclear: []responders.UnclearView{{Register: newsletter(lang), Fields: parts}}})
		v.Items, v.Kinds = []responders.ItemView{it}, []workflow.Kind{workflow.Change}
		v.Warnings = []workflow.Warning{workflow.ReplyElsewhere, workflow.Urgency}
		v.Passphrase = ""
	})
	add("case-mail-change-unread", workflow.CaseMail, func(v *responders.View) {
		handlersView(lang, v)
		v.Items, v.Kinds = []responders.ItemView{{Kind: workflow.Change, State: workflow.Verifying, Asked: at(5, 12, 1)}}, []workflow.Kind{workflow.Change}
		v.Passphrase, v.Problem = "", "text too long"
	})
	add("case-mail-erasure", workflow.CaseMail, func(v *responders.View) {
		handlersView(lang, v)
		e := erasure(lang)
		v.ByHand = []responders.KeptRegisterView{{Title: bookkeeping(lang), Name: "bookkeeping", Keeper: "Aino Arkisto", Later: true}}
		v.KeptPlans = []responders.ReportView{{Title: bookkeeping(lang), Deleted: e.Deleted[:1], Kept: e.Kept[:1]}}
		v.Registers[0].Erase = &e
		v.Items = []responders.ItemView{{Kind: workflow.Erasure, State: workflow.Verifying}, {Kind: workflow.Other, Right: workflow.Objection, State: workflow.Verifying}}
		v.Kinds = []workflow.Kind{workflow.Erasure, workflow.Other}
		v.Passphrase, v.DaysLeft = "", -3
		v.Extended, v.FirstDue, v.Due, v.Today = true, on(4, 7), on(6, 5), on(6, 8)
		v.Unasked = []string{newsletter(lang)}
		v.SendTo = "matti.uusi@posti.example"
		v.Notes = []responders.NoteView{{At: at(9, 9, 30), By: "Pauli Vuorio", Text: letter.Outside(pick(lang, "Rang twice, no answer.", "Soitettu kahdesti, ei vastausta.", "Ringt två gånger, inget svar."))}}
		v.Later = []responders.MailView{{At: at(9, 16, 40), From: "matti@posti.example", Text: letter.Outside(pick(lang, "Any news?", "Onko uutisia?", "Något nytt?")), Attachments: []letter.Outside{"kuva.jpg"}}}
	})
	add("case-mail-stranger", workflow.CaseMail, func(v *responders.View) {
		handlersView(lang, v)
		v.Registers = nil
		v.Warnings = []workflow.Warning{workflow.NoMatch, workflow.DMARCFailed}
		v.Matches = []responders.RegisterView{
			{N: 1, Title: customers(lang), Records: 1, By: []string{"name", "telephone"}, Name: "Matti Meikäläinen", Address: "m.meikalainen@tyo.example", Telephone: "+358 50 987 6543"},
			{N: 2, Title: customers(lang), Records: 1, By: []string{"name"}, Name: "Matti Meikäläinen"},
		}
	})
	add("", workflow.TriageMail, func(v *responders.View) {
		handlersView(lang, v)
		v.State, v.Items = workflow.Triage, []responders.ItemView{{Kind: workflow.Access, State: workflow.Triage}}
		v.Passphrase = ""
	})
	add("", workflow.FollowUpMail, func(v *responders.View) {
		handlersView(lang, v)
		v.Warnings = []workflow.Warning{workflow.Withdrawal}
		v.Later = []responders.MailView{{At: at(9, 16, 40), From: "matti@posti.example", Subject: "Re: [DPO-2026-0042]", Text: letter.Outside(pick(lang, "I changed my mind, never mind.", "Muutin mieleni, antaa olla.", "Jag har ändrat mig, strunta i det."))}}
	})
	add("", workflow.Receipt, func(v *responders.View) {
		handlersView(lang, v)
		e := erased(lang)
		e.State = workflow.Answered
		v.State, v.Items, v.Kinds = workflow.Answered, []responders.ItemView{{Kind: workflow.Access, State: workflow.Answered}, e}, []workflow.Kind{workflow.Access, workflow.Erasure}
	})
	add("receipt-recipients", workflow.Receipt, func(v *responders.View) {
		handlersView(lang, v)
		it := changed(lang)
		it.State = workflow.Answered
		v.State, v.Items, v.Kinds = workflow.Answered, []responders.ItemView{it}, []workflow.Kind{workflow.Change}
		v.Told = toldViews(s, lang, "")
	})
	add("receipt-grace", workflow.Receipt, func(v *responders.View) {
		handlersView(lang, v)
		e := erasure(lang)
		v.Registers[0].Erase = &e
		v.State, v.Undo = workflow.Grace, at(11, 10, 15)
		v.Items, v.Kinds = []responders.ItemView{{Kind: workflow.Erasure, State: workflow.Grace}}, []workflow.Kind{workflow.Erasure}
	})
	add("receipt-by-hand", workflow.Receipt, func(v *responders.View) {
		handlersView(lang, v)
		v.Items, v.Kinds = []responders.ItemView{{Kind: workflow.Other, Right: workflow.Restriction, State: workflow.Verifying}}, []workflow.Kind{workflow.Other}
		v.Passphrase = ""
	})
	failed := []responders.FailedView{{Action: workflow.Answer, Why: "bounced 5.1.1"}}
	add("", workflow.AttentionMail, func(v *responders.View) {
		handlersView(lang, v)
		v.State, v.About, v.Failed = workflow.Attention, "bounced 5.1.1", failed
	})
	add("attention-breach", workflow.AttentionMail, func(v *responders.View) {
		handlersView(lang, v)
		v.About = "breach"
		v.Breach = &responders.BreachView{Ref: v.Ref, Known: at(9, 14, 20), Due: at(12, 14, 20), HoursLeft: 54, Gone: 25}
	})
	add("", workflow.ReminderMail, func(v *responders.View) {
		handlersView(lang, v)
		v.Today, v.DaysLeft, v.Extension, v.Doubted = on(4, 4), 3, on(6, 5), at(24, 9, 30)
	})
	add("reminder-overdue", workflow.ReminderMail, func(v *responders.View) {
		handlersView(lang, v)
		v.Today, v.DaysLeft, v.State = on(4, 8), -1, workflow.Asking
		v.Items = []responders.ItemView{{Kind: workflow.Access, State: workflow.Asking}}
	})
	add("", workflow.StatusMail, func(v *responders.View) {
		handlersView(lang, v)
		v.State, v.Failed = workflow.Attention, failed
		v.Items = []responders.ItemView{{Kind: workflow.Access, State: workflow.Attention}, {Kind: workflow.Erasure, State: workflow.Refused, Reason: workflow.LegalDuty}}
		v.Kinds = []workflow.Kind{workflow.Access, workflow.Erasure}
		v.Tasks = []responders.TaskView{
			{Action: workflow.Acknowledge, State: workflow.TaskDone}, {Action: workflow.Answer, State: workflow.TaskFailed, Tries: 1},
			{Action: workflow.TellRecipient, State: workflow.TaskWaiting, Tries: 2, Due: at(10, 15, 0)},
		}
	})
	add("", workflow.HelpMail, func(v *responders.View) {
		handlersView(lang, v)
		v.About, v.Said = "trailing", "VERIFIED he is not"
		v.Words = wordsOf(s, lang)
	})
	add("help-asked", workflow.HelpMail, func(v *responders.View) {
		handlersView(lang, v)
		v.Words = wordsOf(s, lang)
	})
	add("", workflow.RefusedNotice, func(v *responders.View) {
		v.Ref, v.Refused = "DESK", 5
		v.Refusals = []responders.RefusalView{
			{At: at(9, 23, 11), Ref: "DPO-2026-0042", Reason: "not-authentic: altered"}, {At: at(9, 23, 12), Reason: "not-a-handler"},
			{At: at(10, 6, 2), Ref: "DPO-2026-0042", Reason: "text-unclear: hidden text"},
		}
	})
	add("", workflow.DigestMail, func(v *responders.View) { v.Ref, v.Digest = "DESK", digestView(s, lang, failed) })
	add("digest-nothing", workflow.DigestMail, func(v *responders.View) {
		v.Ref, v.Digest = "DESK", responders.DigestView{LastRead: at(10, 7, 59)}
	})
	add("digest-untold", workflow.DigestMail, func(v *responders.View) {
		v.Ref, v.Digest = "DESK", responders.DigestView{LastRead: at(10, 7, 59), Untold: []responders.UntoldRow{{Ref: "DPO-2026-0042", Told: toldViews(s, lang, "DPO-2026-0042 ")[2:]}}}
	})
	add("digest-lapsed", workflow.DigestMail, func(v *responders.View) {
		lapse := responders.LapseView{Title: customers(lang), Case: "DPO-2020-0007", Record: "KEPT-0123-456789012345"}
		gone, stuck := lapse, lapse
		gone.Records, stuck.Why = 12, "the register is no longer in the configuration; erase there by hand what was kept"
		v.Ref, v.Digest = "DESK", responders.DigestView{LastRead: at(10, 7, 59),
			Lapsed: []responders.LapseView{gone}, InUse: []responders.LapseView{lapse}, Stuck: []responders.LapseView{stuck}}
	})
	add("digest-stale", workflow.DigestMail, func(v *responders.View) {
		v.Ref, v.Digest = "DESK", responders.DigestView{Stale: true, LastRead: at(8, 7, 59), Trouble: []responders.TroubleView{{Code: "store-log", Detail: "make room on its disk"}}}
	})
}

func digestView(s *templates.Set, lang string, failed []responders.FailedView) responders.DigestView {
	row := func(n int, kind workflow.Kind, state workflow.State, due workflow.Date, left int) responders.DigestRow {
		return responders.DigestRow{Ref: fmt.Sprintf("DPO-2026-%04d", n), Kinds: []workflow.Kind{kind}, State: state, Due: due, DaysLeft: left}
	}
	d := responders.DigestView{
		Overdue:  []responders.DigestRow{row(12, workflow.Access, workflow.Attention, on(3, 6), -4)},
		ThisWeek: []responders.DigestRow{row(17, workflow.Erasure, workflow.Verifying, on(3, 10), 0), row(18, workflow.Change, workflow.Asking, on(3, 16), 6)},
		Later:    []responders.DigestRow{row(42, workflow.Access, workflow.Verifying, on(4, 7), 28), row(43, workflow.Other, workflow.Triage, on(4, 9), 30)},
		Total:    5000, More: 4995, LastRead: at(10, 7, 59),
	}
	press := func(ref string, word workflow.Word, argument string) responders.Button {
		line := ref + " " + s.Word(lang, "keyword", string(word)) + argument
		return responders.Button{Word: line, What: s.Word(lang, "does", string(word)), Link: "mailto:tietosuoja@powercompetence.example?body=x"}
	}
	d.Overdue[0].Failed = failed
	d.Overdue[0].Buttons = []responders.Button{press("DPO-2026-0012", workflow.WordRetry, ""), press("DPO-2026-0012", workflow.WordStatus, "")}
	d.ThisWeek[0].Urgent = true
	d.ThisWeek[0].Buttons = []responders.Button{press("DPO-2026-0017", workflow.WordVerified, ""), press("DPO-2026-0017", workflow.WordStatus, "")}
	d.ThisWeek[1].Doubted = at(2, 9, 30)
	d.Later[0].Breach = true
	d.Breaches = []responders.BreachView{{
		Ref: "DPO-2026-0042", Known: at(9, 14, 20), Due: at(12, 14, 20), HoursLeft: 54, Gone: 25,
		Button: press("DPO-2026-0042", workflow.WordDone, " "+s.Word(lang, "argument", "DONE breach")),
	}}
	d.Breaches[0].Button.What = s.Word(lang, "does", "DONE breach")
	d.Pen = []responders.PenRow{
		{
			Ref: "DPO-2026-0050", At: at(9, 17, 5), From: "liisa@posti.example", Name: "Liisa Virtanen", Subject: "Vs: [DPO-2026-0042]",
			Warnings: []workflow.Warning{workflow.Stray}, Due: on(4, 9), DaysLeft: 30,
			Buttons: []responders.Button{press("DPO-2026-0050", workflow.WordJoin, " DPO-2026-0042"), press("DPO-2026-0050", workflow.WordIgnore, "")},
		},
		{Ref: "DPO-2026-0051", At: at(9, 18, 40), Problem: "too large", Due: on(4, 9), DaysLeft: 30, Buttons: []responders.Button{press("DPO-2026-0051", workflow.WordIgnore, "")}},
	}
	d.PenMore = 12
	d.Moved = []responders.MovedRow{{Ref: "DPO-2026-0042", From: on(4, 6), To: on(4, 7), Why: "Easter Monday", Sequence: 1}}
	d.LastCanary, d.Kept = at(10, 4, 2), true
	d.Outages = []workflow.Outage{{Part: workflow.PartMailbox, From: at(9, 22, 10), Until: at(9, 23, 30)}}
	d.Failed = d.Overdue
	return d
}

func toOthers(lang string, add adder) {
	person := func(v *responders.View) {
		v.Recipient = "Tili Minetti Oy"
		v.Person = responders.PersonView{Name: "Matti Meikäläinen", Address: "matti@posti.example"}
	}
	add("", workflow.TellRecipient, func(v *responders.View) {
		person(v)
		v.Items = []responders.ItemView{changed(lang)}
	})
	add("tell-recipient-erasure", workflow.TellRecipient, func(v *responders.View) {
		person(v)
		v.Items = []responders.ItemView{erased(lang)}
	})
	toKeepers(lang, add)
}

func wordsOf(s *templates.Set, lang string) []responders.WordView {
	var words []responders.WordView
	for _, w := range keywords {
		words = append(words, responders.WordView{Word: s.Word(lang, "keyword", string(w)), What: s.Word(lang, "does", string(w))})
	}
	return words
}

// buttonsFor stands in for those that the dispatcher makes, in the same form.
func buttonsFor(s *templates.Set, lang string, v responders.View) []responders.Button {
	var buttons []responders.Button
	button := func(word, what string) {
		buttons = append(buttons, responders.Button{Word: word, What: what, Link: "mailto:tietosuoja@powercompetence.example?subject=Re%3A%20%5BDPO-2026-0042%5D&body=X%0D%0A"})
	}
	offered := map[workflow.State][]workflow.Word{
		workflow.Triage:    {workflow.WordKind, workflow.WordIgnore, workflow.WordDone},
		workflow.Verifying: {workflow.WordVerified, workflow.WordUnverified, workflow.WordAsk, workflow.WordExtend, workflow.WordRefuse, workflow.WordIgnore, workflow.WordDone},
		workflow.Asking:    {workflow.WordVerified, workflow.WordUnverified, workflow.WordRefuse, workflow.WordDone},
		workflow.Grace:     {workflow.WordStop, workflow.WordStatus},
		workflow.Attention: {workflow.WordRetry, workflow.WordDone, workflow.WordStatus},
	}
	for _, w := range offered[v.State] {
		typed := s.Word(lang, "keyword", string(w))
		switch w {
		case workflow.WordKind:
			for _, k := range workflow.Kinds[:3] {
				button(typed+" "+s.Word(lang, "kind-word", string(k)), s.Word(lang, "kind", string(k)))
			}
			continue
		case workflow.WordAsk, workflow.WordExtend, workflow.WordRefuse:
			typed += " " + s.Word(lang, "argument", string(w))
		}
		button(typed, s.Word(lang, "does", string(w)))
	}
	return buttons
}

var keywords = []workflow.Word{
	workflow.WordVerified, workflow.WordUnverified, workflow.WordKind, workflow.WordSet, workflow.WordExtend, workflow.WordRefuse,
	workflow.WordAsk, workflow.WordStop, workflow.WordRetry, workflow.WordIgnore, workflow.WordDone, workflow.WordTick, workflow.WordNew,
	workflow.WordBreach, workflow.WordNote, workflow.WordStatus, workflow.WordHelp,
}

// toldViews are recipients in every state. Before stands before the word: in the digest, the reference.
func toldViews(s *templates.Set, lang, before string) []responders.ToldView {
	word := before + s.Word(lang, "keyword", "DONE") + " " + s.Word(lang, "argument", "DONE told") + " Arkisto Oy"
	return []responders.ToldView{
		{Name: "Tili Minetti Oy", Title: customers(lang), State: "told-mail", At: at(9, 10, 15)},
		{Name: "MailChimp", Title: newsletter(lang), State: "told-failed"},
		{Name: "Arkisto Oy", Title: customers(lang), State: "told-open",
			Button: responders.Button{Word: word, What: s.Word(lang, "does", "DONE told"), Link: "mailto:tietosuoja@powercompetence.example?subject=Re"}},
	}
}
