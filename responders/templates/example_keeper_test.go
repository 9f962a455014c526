package templates_test

import (
	"dpobot/responders"
	"dpobot/responders/letter"
	"dpobot/workflow"
)

func bookkeeping(lang string) string { return pick(lang, "Bookkeeping", "Kirjanpito", "Bokföring") }

// keeperView is what every mail to the keeper of a register shows.
func keeperView(lang string, v *responders.View) {
	v.Recipient, v.Register, v.Until, v.Verified = "Aino Arkisto", bookkeeping(lang), on(3, 20), true
	v.Greeting, v.Items, v.Kinds = "", nil, nil
	v.KnownBy = []responders.KnownView{{Role: "name", Value: "Matti Meikäläinen"}, {Role: "email", Value: "matti@posti.example"}, {Role: "customer_number", Value: "10021"}}
	v.Buttons = []responders.Button{
		{Word: pick(lang, "DONE", "VALMIS", "KLAR"), What: pick(lang, "copies of everything are attached", "jäljennökset kaikesta ovat liitteenä", "kopior av allt är bifogade"), Link: "mailto:tietosuoja@powercompetence.example?subject=x&body=x"},
		{Word: pick(lang, "NO DATA", "EI TIETOJA", "INGA UPPGIFTER"), What: pick(lang, "the register holds nothing on this person", "rekisterissä ei ole mitään tästä henkilöstä", "registret innehåller inget om denna person"), Link: "mailto:tietosuoja@powercompetence.example?subject=x&body=x"},
	}
}

func toKeepers(lang string, add adder) {
	add("keeper-access", workflow.KeeperMail, func(v *responders.View) {
		keeperView(lang, v)
		v.Asked = workflow.Access
	})
	add("keeper-change", workflow.KeeperMail, func(v *responders.View) {
		keeperView(lang, v)
		v.Buttons[0].What = pick(lang, "it is done", "pyydetty on tehty", "det är gjort")
		v.Asked, v.Fields = workflow.Change, changed(lang).Fields
	})
	add("keeper-erasure-reminder", workflow.KeeperMail, func(v *responders.View) {
		keeperView(lang, v)
		plan := erasure(lang)
		v.Buttons[0].What = pick(lang, "it is done", "pyydetty on tehty", "det är gjort")
		v.Asked, v.About, v.Plan = workflow.Erasure, workflow.KeeperReminder, &plan
	})
	add("keeper-marketing", workflow.KeeperMail, func(v *responders.View) {
		keeperView(lang, v)
		v.Buttons[0].What = pick(lang, "it is done", "pyydetty on tehty", "det är gjort")
		v.Asked, v.Right, v.Verified = workflow.Other, workflow.Marketing, false
	})
	add("keeper-trouble", workflow.KeeperMail, func(v *responders.View) {
		keeperView(lang, v)
		v.Asked, v.About = workflow.Access, "file-type"
	})
	add("", workflow.KeeperStop, func(v *responders.View) {
		keeperView(lang, v)
		v.Buttons = nil
	})
	said := func(about string, text letter.Outside, settled bool) func(*responders.View) {
		return func(v *responders.View) {
			handlersView(lang, v)
			v.State, v.Recipient, v.Register, v.RegisterName = workflow.Fulfilling, "Aino Arkisto", bookkeeping(lang), "bookkeeping"
			v.Items = []responders.ItemView{{Kind: workflow.Access, State: workflow.Fulfilling}}
			v.Asked, v.About, v.Said, v.Settled, v.Passphrase = workflow.Access, about, text, settled, ""
			kept := responders.KeptRegisterView{Title: bookkeeping(lang), Name: "bookkeeping", Keeper: "Aino Arkisto", Kind: workflow.Access, State: "open", Until: on(3, 20)}
			if settled {
				kept.State, kept.Files = about, []letter.Outside{letter.Outside(pick(lang, "invoices 2024.pdf", "laskut 2024.pdf", "fakturor 2024.pdf")), letter.Outside(pick(lang, "receipt.jpg", "kuitti.jpg", "kvitto.jpg"))}
			}
			v.ByHand = []responders.KeptRegisterView{kept, {Title: pick(lang, "Paper archive", "Paperiarkisto", "Pappersarkiv"), Name: "paper", Keeper: "Pauli Vuorio", State: "open", Until: on(3, 20)}}
		}
	}
	add("", workflow.KeeperSaid, said("done", letter.Outside(pick(lang, "DONE\n[invoices 2024.pdf]\n[receipt.jpg]", "VALMIS\n[laskut 2024.pdf]\n[kuitti.jpg]", "KLAR\n[fakturor 2024.pdf]\n[kvitto.jpg]")), true))
	add("keeper-said-text", workflow.KeeperSaid, said("text", letter.Outside(pick(lang, "Which Matti is meant? We have two.", "Kumpaa Mattia tarkoitatte? Meillä on kaksi.", "Vilken Matti menar ni? Vi har två.")), false))
}
