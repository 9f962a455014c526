package main

import (
	"fmt"
	"time"
)

// alarmIn is what a handler is told when the canary did not come back: in plain text and
// beside the templates, since it has to be sent when little else works.
func alarmIn(lang, mailbox string, sent bool, began time.Time, within time.Duration) (subject, text string) {
	minutes := int(within.Minutes())
	at := began.Format("15:04")
	switch lang {
	case "fi":
		what := fmt.Sprintf("dpobot lähetti klo %s postilaatikkoon %s viestin, joka ei saapunut perille %d minuutissa.", at, mailbox, minutes)
		if !sent {
			what = fmt.Sprintf("dpobot yritti klo %s alkaen lähettää viestin postilaatikkoon %s, mutta sähköpostipalvelin ei ottanut sitä vastaan.", at, mailbox)
		}
		return "Tietosuojapostilaatikko ei vastaa", what + `

Ihmisten lähettämät pyynnöt eivät ehkä saavu perille, vaikka niiden määräajat kuluvat.

Tarkista:
- lähetä postilaatikkoon viesti jostakin muusta osoitteesta: saapuuko se?
- onko postilaatikko täynnä, salasana vanhentunut tai suodatin siirtänyt viestit muualle?
- suorita palvelimella: dpobot check

Tästä kerrotaan kerran päivässä, kunnes viesti taas palaa. Tähän viestiin ei tarvitse vastata.
`
	case "sv":
		what := fmt.Sprintf("dpobot skickade kl. %s ett meddelande till brevlådan %s som inte kom fram inom %d minuter.", at, mailbox, minutes)
		if !sent {
			what = fmt.Sprintf("dpobot har sedan kl. %s försökt skicka ett meddelande till brevlådan %s, men e-postservern tog inte emot det.", at, mailbox)
		}
		return "Dataskyddsbrevlådan svarar inte", what + `

Begäranden som människor skickar kommer kanske inte fram, trots att tidsfristerna löper.

Kontrollera:
- skicka ett meddelande till brevlådan från en annan adress: kommer det fram?
- är brevlådan full, har lösenordet gått ut eller har ett filter flyttat meddelandena?
- kör på servern: dpobot check

Detta meddelas en gång om dagen tills meddelandet kommer tillbaka. Du behöver inte svara på detta meddelande.
`
	}
	what := fmt.Sprintf("At %s dpobot sent a mail to the mailbox %s, and it did not arrive within %d minutes.", at, mailbox, minutes)
	if !sent {
		what = fmt.Sprintf("Since %s dpobot has tried to send a mail to the mailbox %s, and the mail server has not taken it.", at, mailbox)
	}
	return "The privacy mailbox does not answer", what + `

Requests that people send may not arrive, while their time limits run.

Please check:
- send a mail to the mailbox from some other address: does it arrive?
- is the mailbox full, has its password expired, or does a filter move mails elsewhere?
- run on the server: dpobot check

You are told once a day until the mail comes back. This mail needs no answer.
`
}
