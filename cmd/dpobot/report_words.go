package main

import (
	"fmt"
	"strconv"
	"strings"

	"dpobot/workflow"
)

// words are the report's words in one language.
type words struct{ lang string }

func wordsIn(lang string) words { return words{lang} }

// reportWords are in English, Finnish and Swedish. Codes of the program come after the
// name of what they are: "kind access", "reason legalduty".
var reportWords = map[string][3]string{
	"requests":              {"Requests received", "Saapuneita pyyntöjä", "Mottagna begäranden"},
	"on time share":         {"Answered on time", "Vastattu määräajassa", "Besvarade inom tidsfristen"},
	"median":                {"Days to answer, median", "Vastausaika päivinä, mediaani", "Svarstid i dagar, median"},
	"p90":                   {"Days to answer, nine of ten", "Vastausaika päivinä, yhdeksän kymmenestä", "Svarstid i dagar, nio av tio"},
	"longest":               {"Longest, days", "Pisin, päiviä", "Längst, dagar"},
	"answered":              {"Answered or refused", "Vastattu tai kieltäydytty", "Besvarade eller avslagna"},
	"late":                  {"Of these, late", "Näistä myöhässä", "Varav försenade"},
	"overdue":               {"Open and overdue", "Avoinna, määräaika ylitetty", "Öppna, tidsfristen överskriden"},
	"open at end":           {"Open at the end of the period", "Avoinna kauden lopussa", "Öppna vid periodens slut"},
	"extended":              {"Time limit extended", "Määräaikaa jatkettu", "Förlängd tidsfrist"},
	"no requests":           {"Mails found to be no request", "Viestejä, jotka eivät olleet pyyntöjä", "Meddelanden som inte var begäranden"},
	"breaches":              {"Personal data breaches noted", "Kirjattuja henkilötietojen tietoturvaloukkauksia", "Noterade personuppgiftsincidenter"},
	"none yet":              {"none", "ei vielä", "inga"},
	"rights":                {"Rights used", "Käytetyt oikeudet", "Utövade rättigheter"},
	"done":                  {"answered", "vastattu", "besvarade"},
	"refused":               {"refused", "kieltäydytty", "avslagna"},
	"withdrawn":             {"withdrawn", "peruttu", "återkallade"},
	"open":                  {"open", "avoinna", "öppna"},
	"kind access":           {"Access", "Tarkastus", "Tillgång"},
	"kind change":           {"Rectification", "Oikaisu", "Rättelse"},
	"kind erasure":          {"Erasure", "Poistaminen", "Radering"},
	"kind other":            {"Other rights", "Muut oikeudet", "Övriga rättigheter"},
	"kind none":             {"no request", "ei pyyntöä", "ingen begäran"},
	"kind ":                 {"unsure", "epävarma", "osäker"},
	"refusals":              {"Refusals by reason", "Kieltäytymiset perusteittain", "Avslag efter grund"},
	"reason unfounded":      {"manifestly unfounded, Art. 12(5)", "ilmeisen perusteeton, 12 artiklan 5 kohta", "uppenbart ogrundad, artikel 12.5"},
	"reason excessive":      {"excessive, Art. 12(5)", "kohtuuton, 12 artiklan 5 kohta", "orimlig, artikel 12.5"},
	"reason unidentifiable": {"person not identifiable, Art. 11(2) and 12(2)", "henkilöä ei voitu tunnistaa, 11 artiklan 2 kohta ja 12 artiklan 2 kohta", "personen kan inte identifieras, artiklarna 11.2 och 12.2"},
	"reason thirdparty":     {"rights of others, Art. 15(4)", "muiden oikeudet, 15 artiklan 4 kohta", "andras rättigheter, artikel 15.4"},
	"reason legalduty":      {"to be kept by law, Art. 17(3)(b)", "säilytettävä lain nojalla, 17 artiklan 3 kohdan b alakohta", "ska bevaras enligt lag, artikel 17.3 b"},
	"reason legalclaim":     {"needed for legal claims, Art. 17(3)(e)", "tarpeen oikeusvaateen vuoksi, 17 artiklan 3 kohdan e alakohta", "behövs för rättsliga anspråk, artikel 17.3 e"},
	"reason correct":        {"the data is right, Art. 16", "tiedot ovat oikein, 16 artikla", "uppgifterna är riktiga, artikel 16"},
	"reason notcontroller":  {"another controller's data", "toisen rekisterinpitäjän tietoja", "en annan personuppgiftsansvarigs uppgifter"},
	"reason exempt":         {"another exemption in law", "muu laissa säädetty poikkeus", "annat undantag i lag"},
	"reason ":               {"not stated", "ei ilmoitettu", "inte angiven"},
	"verified":              {"How persons were verified", "Miten henkilöllisyys varmistettiin", "Hur identiteten kontrollerades"},
	"how call":              {"by a call to the number on file", "soitto rekisterissä olevaan numeroon", "samtal till numret i registret"},
	"how visit":             {"in person", "henkilökohtainen käynti", "personligt besök"},
	"how letter":            {"by a signed letter", "allekirjoitettu kirje", "undertecknat brev"},
	"how video":             {"by a video call", "videopuhelu", "videosamtal"},
	"how eid":               {"by electronic identification", "vahva sähköinen tunnistaminen", "e-legitimation"},
	"how other":             {"otherwise", "muulla tavoin", "på annat sätt"},
	"how ":                  {"not stated", "ei ilmoitettu", "inte angivet"},
	"languages":             {"Languages", "Kielet", "Språk"},
	"language fi":           {"Finnish", "suomi", "finska"},
	"language sv":           {"Swedish", "ruotsi", "svenska"},
	"language en":           {"English", "englanti", "engelska"},
	"corrections":           {"Sorted otherwise by hand: program → person", "Käsin lajiteltu toisin: ohjelma → ihminen", "Sorterade annorlunda för hand: program → människa"},
	"months":                {"Requests by month", "Pyynnöt kuukausittain", "Begäranden per månad"},
	"received":              {"received", "saapuneet", "mottagna"},
	"closed":                {"closed", "päättyneet", "avslutade"},
	"spread":                {"Days to answer", "Vastausaika päivinä", "Svarstid i dagar"},
	"limit":                 {"Held against the time limit", "Määräajassa pysyminen", "Efterlevnad av tidsfristen"},
	"in time":               {"on time", "ajoissa", "i tid"},
	"too late":              {"late", "myöhässä", "försenade"},
	"due over":              {"open, overdue", "avoinna, yli määräajan", "öppna, försenade"},
	"further":               {"Further figures", "Muut luvut", "Övriga siffror"},
	"nothing":               {"No requests in this year.", "Ei pyyntöjä tänä vuonna.", "Inga begäranden detta år."},
}

// of is the word; a code that has none stands for itself.
func (w words) of(key string) string {
	all, known := reportWords[key]
	if !known {
		_, code, _ := strings.Cut(key, " ")
		return code
	}
	return w.pick(all[0], all[1], all[2])
}

func (w words) pick(en, fi, sv string) string {
	switch w.lang {
	case "fi":
		return fi
	case "sv":
		return sv
	}
	return en
}

// kinds are the words of a list of kinds, as a correction holds it.
func (w words) kinds(list string) string {
	var all []string
	for _, kind := range strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' || r == '+' }) {
		all = append(all, w.of("kind "+kind))
	}
	if len(all) == 0 {
		return w.of("kind ")
	}
	return strings.Join(all, " + ")
}

// number writes a number with at most so many decimals, none where it is whole.
func (w words) number(n float64, decimals int) string {
	text := strconv.FormatFloat(n, 'f', decimals, 64)
	text = strings.TrimSuffix(text, "."+strings.Repeat("0", decimals))
	return strings.Replace(text, ".", w.pick(".", ",", ","), 1)
}

// date writes a day as people of the language do.
func (w words) date(d workflow.Date) string {
	return w.pick(
		fmt.Sprintf("%d %s %d", d.Day, d.Month, d.Year),
		fmt.Sprintf("%d.%d.%d", d.Day, d.Month, d.Year),
		fmt.Sprintf("%d %s %d", d.Day, monthsInSwedish[d.Month-1], d.Year),
	)
}

var monthsInSwedish = [12]string{"januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober", "november", "december"}

// clock writes a time of day as people of the language do: 06:00, 06.00.
func (w words) clock(hhmm string) string {
	return strings.Replace(hhmm, ":", w.pick(":", ".", "."), 1)
}

func (w words) title(controller string, year int) string {
	return fmt.Sprintf(w.pick("%s: requests of data subjects, %d", "%s: rekisteröityjen pyynnöt %d", "%s: de registrerades begäranden %d"), controller, year)
}

func (w words) asOf(d workflow.Date) string {
	return fmt.Sprintf(w.pick("As of the end of %s.", "Tilanne %s päivän päättyessä.", "Läget vid slutet av den %s."), w.date(d))
}

// notes say how it was counted.
func (w words) notes() []string {
	return []string{
		w.pick("A request is all that one person asked for at a time, and belongs to the year of its receipt.",
			"Pyyntö on kaikki, mitä yksi henkilö on kerralla pyytänyt, ja se kuuluu saapumisvuoteensa.",
			"En begäran är allt som en person har begärt vid ett tillfälle, och den hör till det år då den mottogs."),
		w.pick("On time: of the requests that were answered or refused or are overdue, those answered by the end of the day on which they were due, extensions counted.",
			"Määräajassa: niistä pyynnöistä, joihin on vastattu, joista on kieltäydytty tai joiden määräaika on ylittynyt, ne joihin vastattiin viimeistään määräpäivänä, jatkettu määräaika huomioon ottaen.",
			"Inom tidsfristen: av de begäranden som har besvarats, avslagits eller är försenade, de som besvarades senast på förfallodagen, förlängningar inräknade."),
		w.pick("It holds no personal data.", "Raportissa ei ole henkilötietoja.", "Rapporten innehåller inga personuppgifter."),
	}
}
