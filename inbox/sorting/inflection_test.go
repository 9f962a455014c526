package sorting

import (
	"strings"
	"testing"
)

// TestInflection crosses the forms of words: what is asked must be seen in
// every one of them.
func TestInflection(t *testing.T) {
	s := sorter(t)
	rows := []struct {
		name, verbs, objects string // apart by commas; %s of a verb is the object
		want                 Kind
	}{
		{"fi erase", "poistakaa %s, poistaisitteko %s, pyydän poistamaan %s, haluan että poistatte %s, voitteko hävittää %s, %s on poistettava, vaadin että %s poistetaan, pyyhkikää %s",
			"tietoni, kaikki tietoni, henkilötietoni, asiakastietoni, yhteystietoni, käyttäjätilini, tilini", Erasure},
		{"fi access", "pyydän kopion kaikista %s, saisinko jäljennöksen %s, lähettäkää minulle kopio %s",
			"tiedoistani, henkilötiedoistani, asiakastiedoistani, minua koskevista tiedoista", Access},
		{"fi access to see", "haluan nähdä %s, saisinko nähdä %s, haluaisin tarkastaa %s", "tietoni, omat tietoni, henkilötietoni, minua koskevat tiedot", Access},
		{"fi change", "korjatkaa %s, oikaiskaa %s, päivittäkää %s, voisitteko muuttaa %s, %s on väärin", "osoitteeni, nimeni, sukunimeni, puhelinnumeroni, syntymäaikani", Change},
		{"fi object", "kiellän %s, vastustan %s", "suoramarkkinoinnin, tietojeni käytön markkinointiin, profiloinnin", Other},
		{"fi typed without dots", "poistakaa %s, havittakaa %s", "tietoni, henkilotietoni, kayttajatilini", Erasure},
		{"sv erase", "radera %s, ta bort %s, jag vill att ni tar bort %s, vänligen stryk %s, jag begär att %s raderas, kan ni plocka bort %s", "mina uppgifter, mina personuppgifter, mitt konto, alla mina uppgifter", Erasure},
		{"sv access", "jag vill se %s, jag begär en kopia av %s, kan ni skicka mig %s, jag vill ha ut %s", "mina uppgifter, mina personuppgifter, alla uppgifter ni har om mig", Access},
		{"sv change", "rätta %s, ändra %s, kan ni uppdatera %s, %s är fel", "mitt namn, min adress, mitt telefonnummer", Change},
		{"en erase", "delete %s, please remove %s, I want %s erased, could you wipe %s, I request the deletion of %s, get rid of %s", "my data, my account, my personal information, all my details, everything you have about me", Erasure},
		{"en access", "send me %s, I want a copy of %s, I'd like to see %s, can I get access to %s", "my data, my personal data, the data you hold about me, all information about me", Access},
		{"en change", "correct %s, please update %s, could you change %s, %s is wrong", "my name, my address, my phone number, my date of birth", Change},
		{"de erase", "löschen Sie %s, bitte entfernen Sie %s, ich bitte um Löschung %s, loeschen Sie %s", "meine Daten, meine personenbezogenen Daten, mein Konto", Erasure},
		{"et erase", "kustutage %s, palun kustutada %s, eemaldage %s", "minu andmed, minu isikuandmed, minu konto", Erasure},
		{"ru erase", "удалите %s, прошу удалить %s, уничтожьте %s", "мои данные, мои персональные данные, мой аккаунт", Erasure},
		{"pl erase", "usuńcie %s, proszę usunąć %s, proszę skasować %s", "moje dane, moje konto, moje dane osobowe", Erasure},
		{"hu erase", "töröljék %s, kérem törölni %s", "az adataimat, a személyes adataimat, a fiókomat", Erasure},
	}
	for _, row := range rows {
		for verb := range strings.SplitSeq(row.verbs, ", ") {
			for object := range strings.SplitSeq(row.objects, ", ") {
				text := strings.ReplaceAll(verb, "%s", object)
				if got := s.Sort("", text); got.Kind != row.want || !got.Sure {
					t.Errorf("%s: %q is %s (sure %v), want %s; why %q", row.name, text, got.Kind, got.Sure, row.want, got.Why)
				}
			}
		}
	}
}

// TestTraits are the marks of a mail beside its kind.
func TestTraits(t *testing.T) {
	s := sorter(t)
	rows := []struct {
		name, subject, text         string
		followUp, withdraws, urgent bool
		other                       string
	}{
		{name: "plain", text: "Mitä tietoja teillä on minusta?"},
		{name: "fi reminder", text: "Pyysin jo helmikuussa kopion tiedoistani. Vastausta ei ole tullut.", followUp: true},
		{name: "sv reminder", text: "Påminnelse: jag har inte fått svar på min begäran om registerutdrag.", followUp: true},
		{name: "en reminder", text: "I still haven't received an answer to my access request.", followUp: true},
		{name: "de reminder", text: "Bis heute habe ich keine Antwort auf meinen Löschantrag erhalten.", followUp: true},
		{name: "fi withdrawal", text: "Perun pyyntöni, tietojani ei tarvitsekaan poistaa.", withdraws: true},
		{name: "sv withdrawal", text: "Jag drar tillbaka min begäran om radering.", withdraws: true},
		{name: "en withdrawal", text: "I withdraw my request, please keep my account after all.", withdraws: true},
		{name: "fi angry", text: "Poistakaa tietoni heti tai teen kantelun tietosuojavaltuutetulle!", urgent: true},
		{name: "en angry", text: "Delete my data or I will call my lawyer.", urgent: true},
		{name: "consent", text: "I withdraw my consent.", other: "consent"},
		{name: "marketing", text: "Kiellän suoramarkkinoinnin.", other: "marketing"},
		{name: "restriction", text: "Begränsa behandlingen av mina uppgifter.", other: "restriction"},
		{name: "automated", text: "Vaadin, että ihminen käsittelee hakemukseni eikä kone.", other: "automated"},
		{name: "objection", text: "I object to the processing of my data for profiling.", other: "objection"},
	}
	for _, row := range rows {
		r := s.Sort(row.subject, row.text)
		if r.FollowUp != row.followUp || r.Withdraws != row.withdraws {
			t.Errorf("%s: follow-up %v withdraws %v, want %v %v", row.name, r.FollowUp, r.Withdraws, row.followUp, row.withdraws)
		}
		if row.urgent && !r.Urgent {
			t.Errorf("%s: not urgent", row.name)
		}
		if r.Other != row.other {
			t.Errorf("%s: other %q of %s, want %q; why %q", row.name, r.Other, r.Kind, row.other, r.Why)
		}
	}
}

// TestWhatIsRead holds that quotes, signatures and markup speak for nothing,
// and that what a colleague passes on does.
func TestWhatIsRead(t *testing.T) {
	s := sorter(t)
	rows := []struct {
		name, subject, text string
		want                Kind
	}{
		{"quoted with marks", "", "Thanks, got it.\n\n> Please delete my data.\n> Anna", None},
		{"quoted without marks", "", "Kiitos!\n\n3.3.2025 Anna kirjoitti:\nPoistakaa tietoni.\n", None},
		{"Outlook's quote", "Sv: x", "Tack för senast.\n\nFrån: Anna\nSkickat: måndag\nTill: Bo\nÄmne: x\n\nRadera mina uppgifter.", None},
		{"signature", "", "What time do you open?\n\n-- \nAnna\nYou may ask us to delete your data: delete my data", None},
		{"markup", "", "<p>Bitte l&ouml;schen Sie <b>meine Daten</b></p>", Erasure},
		{"style and script", "", "<style>delete my data</style><p>When do you open?</p>", None},
		{"forwarded", "FW: customer", "Can you take this?\n\n> Please delete my data. Anna", Erasure},
		{"forwarded by header", "VL: asiakas", "Hoidatko?\n\nLähettäjä: Anna\nLähetetty: ma\nVastaanottaja: Bo\nAihe: x\n\nPoistakaa tietoni.", Erasure},
		{"soft hyphens and zero width", "", "Please de\u00adlete my da\u200bta", Erasure},
		{"decomposed letters", "", "Ha\u0308vitta\u0308ka\u0308a\u0308 tietoni", Erasure},
		{"full stop without a space", "", "Hei.Poistakaa tietoni.Kiitos.", Erasure},
	}
	for _, row := range rows {
		if got := s.Sort(row.subject, row.text); got.Kind != row.want {
			t.Errorf("%s: %s, want %s; why %q", row.name, got.Kind, row.want, got.Why)
		}
	}
}
