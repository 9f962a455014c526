package demo

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// tell is the story: each chapter is one person.
func (s *story) tell(ctx context.Context) {
	for _, chapter := range []func(context.Context){
		s.noise, s.access, s.nothingHeld, s.change, s.forgery, s.erasure, s.leftAlone, s.digest,
	} {
		if ctx.Err() != nil {
			s.fail("the demo was interrupted")
			return
		}
		chapter(ctx)
	}
}

// noise is what a bot must leave alone; it is looked at again at the end.
func (s *story) noise(context.Context) {
	s.chapter("Two mails that are none of its business")
	s.post(mail{from: newsletter, to: s.world.mailbox, subject: "Uutiskirje: GDPR ja henkilötietojen poistaminen",
		text:    "Hei!\n\nTässä numerossa: näin pyydät omat tietosi ja näin poistat henkilötietosi palveluista.\n\nTilaa koulutus: tarkastuspyynnöt 2026.\n\nPeru tilaus linkistä.",
		headers: []string{"List-Unsubscribe: <mailto:peru@kirjeet.example>", "Precedence: bulk"}})
	s.post(mail{from: absent, to: s.world.mailbox, subject: "Automaattinen vastaus: Kysely",
		text: "Olen lomalla 4.1. asti. Henkilötietoasioissa ottakaa yhteys tietosuojavastaavaan.", headers: []string{"Auto-Submitted: auto-replied"}})
	s.say("A newsletter about erasing personal data, and somebody's out-of-office reply.")
}

func (s *story) access(ctx context.Context) {
	s.chapter("Matti, a customer, asks in Finnish what is held about him")
	s.post(mail{from: matti, to: s.world.mailbox, subject: "Omat tietoni",
		text: "Hei,\n\nhaluaisin tietää, mitä tietoja teillä on minusta. Minut tavoittaa numerosta 040 123 4567.\n\nTerveisin\nMatti Meikäläinen"})
	ack, ok := s.get(ctx, matti.address, "the acknowledgement", subjectHas("DPO-"))
	if !ok {
		return
	}
	s.show("Matti", ack, 6)
	ref := refOf(ack.subject)
	caseMail, ok := s.get(ctx, s.world.officer, "the case mail", fromBotAbout(s, ref))
	if !ok {
		return
	}
	s.show("the DPO", caseMail, 14)
	phrase := passphraseOf(caseMail.text)
	s.outcome(phrase != "" && !strings.Contains(ack.text, phrase), "the passphrase stands in the case mail and nowhere else")
	s.say("The DPO rings the number on file, asks, reads the passphrase out, and answers with one word: VAHVISTETTU")
	s.post(s.world.reply(caseMail, "VAHVISTETTU"))
	answer, ok := s.get(ctx, matti.address, "the answer", hasFile)
	if !ok {
		return
	}
	s.show("Matti", answer, 6)
	s.checkPackage(answer, phrase, ref, []string{"Mannerheimintie 1 A 2", "Energiaselvitys", "uutiskirje"}, []string{"Aleksanterinkatu", "10022", "Maija"})
	s.receipt(ctx, ref, caseMail)
	s.sentFolder(ref, phrase)
}

// sentFolder holds a copy of what went out, but not the passphrase beside the package.
func (s *story) sentFolder(ref, phrase string) {
	all, err := s.world.folderOf(s.world.mailbox, "Sent")
	if err != nil {
		s.fail("the Sent folder cannot be looked at: %v", err)
		return
	}
	about, telling, packages := 0, 0, 0
	for _, m := range all {
		if !strings.Contains(m.subject, ref) {
			continue
		}
		about++
		if strings.Contains(m.text, phrase) {
			telling++
		}
		if hasFile(m) {
			packages++
		}
	}
	s.outcome(about >= 3 && packages == 1 && telling == 0, "copies lie in Sent, the package once, and the passphrase in none of them")
}

func (s *story) nothingHeld(ctx context.Context) {
	s.chapter("Sofia, a stranger, asks the same in Swedish")
	s.post(mail{from: stranger, to: s.world.mailbox, subject: "Registerutdrag",
		text: "Hej,\n\njag vill veta vilka personuppgifter ni har om mig enligt artikel 15 GDPR.\n\nMed vänlig hälsning\nSofia Lindqvist"})
	ack, ok := s.get(ctx, stranger.address, "the acknowledgement", subjectHas("DPO-"))
	if !ok {
		return
	}
	s.show("Sofia", ack, 4)
	ref := refOf(ack.subject)
	caseMail, ok := s.get(ctx, s.world.officer, "the case mail", fromBotAbout(s, ref))
	if !ok {
		return
	}
	s.show("the DPO", caseMail, 8)
	s.post(s.world.reply(caseMail, "VERIFIERAD"))
	answer, ok := s.get(ctx, stranger.address, "the answer", hasFile)
	if !ok {
		return
	}
	s.show("Sofia", answer, 6)
	s.checkPackage(answer, passphraseOf(caseMail.text), ref, nil, []string{"Meikäläinen", "Korhonen", "Carter"})
	s.receipt(ctx, ref, caseMail)
}

func (s *story) change(ctx context.Context) {
	s.chapter("Emily has moved, and says so in English")
	s.post(mail{from: emily, to: s.world.mailbox, subject: "Change of address",
		text: "Hello,\n\nI have moved. Please correct my address in your customer register: my new address is Uusikatu 7 B 4, 20500 Turku.\n\nKind regards\nEmily Carter"})
	ack, ok := s.get(ctx, emily.address, "the acknowledgement", subjectHas("DPO-"))
	if !ok {
		return
	}
	s.show("Emily", ack, 4)
	ref := refOf(ack.subject)
	caseMail, ok := s.get(ctx, s.world.officer, "the case mail", fromBotAbout(s, ref))
	if !ok {
		return
	}
	s.show("the DPO", caseMail, 10)
	s.say("The DPO rings, notes the postcode again, and sets the value: ASETA / Osoite: Uusikatu 7 B 4, 20500 Turku")
	s.post(s.world.reply(caseMail, "ASETA\nOsoite: Uusikatu 7 B 4, 20500 Turku"))
	again, ok := s.get(ctx, s.world.officer, "the case mail with the new value", func(m received) bool {
		return fromBotAbout(s, ref)(m) && m.id != caseMail.id && strings.Contains(m.text, "20500")
	})
	if !ok {
		return
	}
	s.post(s.world.reply(again, "VERIFIED by call"))
	confirm, ok := s.get(ctx, emily.address, "the confirmation", func(m received) bool { return m.id != ack.id && strings.Contains(m.text, "20500") })
	if !ok {
		return
	}
	s.show("Emily", confirm, 10)
	s.outcome(strings.Contains(confirm.text, "Old Street 1"), "the confirmation shows the old and the new address")
	s.outcome(s.customer(4, "address") == "Uusikatu 7 B 4, 20500 Turku", "the register holds the new address")
	s.receipt(ctx, ref, caseMail, again)
}

// forgery: Kalle asks for erasure, and somebody else tries to be the DPO.
func (s *story) forgery(ctx context.Context) {
	s.chapter("Kalle asks to be erased; somebody forges the DPO's VERIFIED")
	s.post(mail{from: kalle, to: s.world.mailbox, subject: "Tietojeni poistaminen",
		text: "Hei\n\nPoistakaa kaikki tietoni rekistereistänne.\n\nKalle Korhonen"})
	ack, ok := s.get(ctx, kalle.address, "the acknowledgement", subjectHas("DPO-"))
	if !ok {
		return
	}
	ref := refOf(ack.subject)
	caseMail, ok := s.get(ctx, s.world.officer, "the case mail", fromBotAbout(s, ref))
	if !ok {
		return
	}
	s.show("the DPO", caseMail, 12)
	s.say("A forger, who somehow saw the case mail, writes VERIFIED with the DPO's address in From. Nobody signed it.")
	forged := s.world.reply(caseMail, "VERIFIED")
	forged.from, forged.claims, forged.signed = forger, s.world.officer, false
	s.post(forged)
	notice, ok := s.get(ctx, s.world.officer, "the notice of the forgery", func(m received) bool {
		return m.from == s.world.mailbox && strings.Contains(m.text, ref) && m.id != caseMail.id && strings.Contains(m.id, "desk.")
	})
	if !ok {
		return
	}
	s.show("the DPO", notice, 8)
	s.outcome(s.customer(3, "name") == "Kalle Korhonen", "the forged word erased nothing")
}

func (s *story) erasure(ctx context.Context) {
	s.chapter("The DPO rings Kalle, and answers VERIFIED")
	caseMail, ok := s.get(ctx, s.world.officer, "the case mail", func(m received) bool {
		return m.from == s.world.mailbox && strings.Contains(m.text, kalle.address) && strings.Contains(m.id, "h.")
	})
	if !ok {
		return
	}
	ref := refOf(caseMail.subject)
	s.post(s.world.reply(caseMail, "VERIFIED"))
	s.say("The undo window is %s here; a real one is a day.", grace)
	confirm, ok := s.get(ctx, kalle.address, "the confirmation", func(m received) bool {
		return strings.Contains(m.subject, ref) && (strings.Contains(m.text, "Kirjanpitolaki") || strings.Contains(m.text, "Accounting Act"))
	})
	if !ok {
		return
	}
	s.show("Kalle", confirm, 14)
	s.outcome(s.customer(3, "phone") == "" && s.customer(3, "email") == "", "telephone and mail address are gone")
	s.outcome(s.customer(3, "name") == "Kalle Korhonen", "what the Accounting Act keeps is kept")
	s.outcome(s.customer(2, "name") == "Matti Meikäläinen" && s.customer(1, "phone") != "", "nobody else lost anything")
	csv, err := os.ReadFile(s.world.file("newsletter.csv"))
	s.outcome(err == nil && !strings.Contains(string(csv), "Korhonen") && strings.Contains(string(csv), "Maija"), "the newsletter's list has forgotten Kalle alone")
	s.receipt(ctx, ref, caseMail)
}

func (s *story) leftAlone(context.Context) {
	s.chapter("What was left alone")
	all, err := s.world.inboxOf(s.world.mailbox)
	if err != nil {
		s.fail("the mailbox cannot be looked at: %v", err)
		return
	}
	for _, m := range all {
		if m.from == newsletter.address || m.from == absent.address {
			s.outcome(len(m.flags) == 0, "%q is unread, unflagged and unanswered", m.subject)
		}
	}
	for _, p := range []person{newsletter, absent, forger} {
		got, err := s.world.inboxOf(p.address)
		s.outcome(err == nil && len(got) == 0, "%s got no mail", p.address)
	}
}

func (s *story) digest(ctx context.Context) {
	s.chapter("The day's digest")
	digest, ok := s.get(ctx, s.world.officer, "the digest", func(m received) bool {
		return m.from == s.world.mailbox && strings.HasPrefix(m.id, "desk.") && refOf(m.subject) == "" && !strings.Contains(strings.ToLower(m.subject), "forg")
	})
	if ok {
		s.show("the DPO", digest, 8)
	}
}

// get waits for a mail; it tells what is missing.
func (s *story) get(ctx context.Context, user, what string, is func(received) bool) (received, bool) {
	m, err := s.world.await(ctx, user, what, is)
	if err != nil {
		s.fail("%v", err)
		return m, false
	}
	return m, true
}

func (s *story) post(m mail) {
	if _, err := s.world.send(m); err != nil {
		s.fail("a mail of %s could not be sent: %v", m.from.name, err)
	}
}

// receipt is a mail to the officer about the case that no reply was written to.
func (s *story) receipt(ctx context.Context, ref string, before ...received) {
	_, err := s.world.await(ctx, s.world.officer, "the receipt", func(m received) bool {
		known := slices.ContainsFunc(before, func(b received) bool { return b.id == m.id })
		return !known && fromBotAbout(s, ref)(m)
	})
	s.outcome(err == nil, "the DPO has the receipt for %s", ref)
}

// customer reads a field of the customers' register.
func (s *story) customer(id int, column string) string {
	db, err := sql.Open("sqlite", s.world.file("customers.db"))
	if err != nil {
		return err.Error()
	}
	defer db.Close()
	if !slices.Contains([]string{"name", "email", "phone", "address"}, column) {
		panic("demo: unknown column")
	}
	var value sql.NullString
	if err := db.QueryRow("SELECT "+column+" FROM customers WHERE id = ?", id).Scan(&value); err != nil {
		return err.Error()
	}
	return value.String
}

func subjectHas(part string) func(received) bool {
	return func(m received) bool { return strings.Contains(m.subject, part) }
}

// fromBotAbout is a mail of the bot to a handler about a case.
func fromBotAbout(s *story, ref string) func(received) bool {
	return func(m received) bool {
		return m.from == s.world.mailbox && strings.Contains(m.subject, ref) && strings.Contains(m.id, "h.")
	}
}

func hasFile(m received) bool {
	for name := range m.files {
		if filepath.Ext(name) == ".pdf" {
			return true
		}
	}
	return false
}

var refForm = regexp.MustCompile(`DPO-\d{4}-\d+`)

func refOf(subject string) string { return refForm.FindString(subject) }

var phraseForm = regexp.MustCompile(`(?m)^ {4}([a-z]+(?:[ -][a-z]+){5,})\s*$`)

func passphraseOf(text string) string {
	m := phraseForm.FindStringSubmatch(text)
	if m == nil {
		return ""
	}
	return m[1]
}
