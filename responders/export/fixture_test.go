package export

import (
	"fmt"
	"strings"
	"time"
)

func day(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }

// matti is an answer with two registers that hold something and one that does not.
func matti(language string) Package {
	t := func(fi, sv, en string) string { return map[string]string{"fi": fi, "sv": sv, "en": en}[language] }
	return Package{
		Language: language, Reference: "DP-2026-0042",
		Received: day(2026, 3, 5), Answered: day(2026, 4, 1), KeptUntil: day(2028, 4, 1),
		Name: "Matti Meikäläinen",
		Controller: Controller{
			Name: "Power Competence Oy", BusinessID: "2356859-8", Address: "PL 102, 33101 Tampere",
			Contact: "tietosuoja@powercompetence.example", DPO: "Pauli Vuorio, pauli.vuorio@powercompetence.example",
		},
		Registers: []Register{
			{
				Name: "asiakasrekisteri", Title: t("Asiakasrekisteri", "Kundregister", "Customer register"),
				Source:      t("Sinulta itseltäsi tilauksen yhteydessä", "Från dig själv i samband med en beställning", "From yourself, when you placed an order"),
				Purpose:     t("Asiakassuhteen hoito ja laskutus", "Skötsel av kundförhållandet och fakturering", "Managing the customer relationship and invoicing"),
				LegalBasis:  t("Sopimus (6 artiklan 1 kohdan b alakohta); kirjanpitolaki", "Avtal (artikel 6.1 b); bokföringslagen", "Contract (Article 6(1)(b)); Accounting Act"),
				Retention:   t("Kirjanpitoaineisto kuusi vuotta tilikauden päättymisestä, muu kaksi vuotta viimeisestä tilauksesta.", "Bokföringsmaterial sex år från räkenskapsperiodens slut, övrigt två år från den senaste beställningen.", "Accounting records six years from the end of the financial year, the rest two years from the last order."),
				RetainUntil: day(2032, 12, 31),
				Recipients:  []string{"Tili Minetti Oy, Tampere"},
				Records: []Record{{
					Values: []Value{
						{Field: "name", Title: t("Nimi", "Namn", "Name"), Raw: "Matti Meikäläinen"},
						{Field: "email", Title: t("Sähköpostiosoite", "E-postadress", "E-mail address"), Raw: "matti.meikalainen@esimerkki.example"},
						{Field: "phone", Title: t("Puhelinnumero", "Telefonnummer", "Telephone"), Raw: "+358 40 123 4567"},
						{Field: "address", Title: t("Postiosoite", "Postadress", "Postal address"), Raw: "Uusikatu 1 A 3\n33100 Tampere"},
						{Field: "born", Title: t("Syntymäaika", "Födelsedatum", "Date of birth"), Null: true},
						{Field: "memo", Title: t("Muistiinpano", "Anteckning", "Note"), Raw: ""},
						{Field: "contact", Title: t("Yhteyshenkilö", "Kontaktperson", "Contact person"), Raw: "Liisa Salainen", Redacted: true},
					},
					Children: []Table{{
						Title: t("Tilaukset", "Beställningar", "Orders"), Fields: []string{"id", "day", "sum", "what"},
						Columns: []string{t("Numero", "Nummer", "Number"), t("Päivä", "Datum", "Date"), t("Summa", "Summa", "Total"), t("Tuote", "Produkt", "Product")},
						Rows: [][]string{
							{"1001", "2024-02-11", "124,00", "Verkkokurssi: sähkötyöturvallisuus SFS 6002"},
							{"1002", "2025-06-30", "-12,50", "=HYPERLINK(\"http://evil.example\";\"hyvitys\")"},
							{"1003", "2026-01-02", "0,00", "<b>Näyte</b>"},
						},
					}},
				}},
			},
			{
				Name: "uutiskirje", Title: t("Uutiskirje", "Nyhetsbrev", "Newsletter"),
				Source:     t("Lomakkeelta verkkosivuillamme", "Från formuläret på vår webbplats", "From the form on our website"),
				Purpose:    t("Uutiskirjeen lähettäminen", "Utskick av nyhetsbrev", "Sending the newsletter"),
				LegalBasis: t("Suostumus (6 artiklan 1 kohdan a alakohta)", "Samtycke (artikel 6.1 a)", "Consent (Article 6(1)(a))"),
				Retention:  t("Kunnes perut tilauksen.", "Tills du avbeställer brevet.", "Until you unsubscribe."),
				Recipients: []string{"The Rocket Science Group LLC (Mailchimp), Atlanta, USA"},
				Transfers:  t("Yhdysvallat; EU:n ja Yhdysvaltojen tietosuojakehys (komission päätös (EU) 2023/1795)", "USA; ramen för dataskydd mellan EU och USA (kommissionens beslut (EU) 2023/1795)", "United States; EU–US Data Privacy Framework (Commission Decision (EU) 2023/1795)"),
				Records: []Record{
					{Values: []Value{
						{Field: "EMAIL", Title: t("Sähköpostiosoite", "E-postadress", "E-mail address"), Raw: "matti.meikalainen@esimerkki.example"},
						{Field: "STATUS", Title: t("Tila", "Status", "Status"), Raw: "subscribed"},
					}},
					{Values: []Value{
						{Field: "EMAIL", Title: t("Sähköpostiosoite", "E-postadress", "E-mail address"), Raw: "matti@vanha.example"},
						{Field: "STATUS", Title: t("Tila", "Status", "Status"), Raw: "unsubscribed"},
					}},
				},
			},
			{Name: "rekrytointi", Title: t("Työnhakijat", "Arbetssökande", "Job applicants")},
		},
		Notice: Notice{Authority: Authority{
			Name:    t("Tietosuojavaltuutetun toimisto", "Dataombudsmannens byrå", "Office of the Data Protection Ombudsman"),
			Address: t("PL 800, 00531 Helsinki", "PB 800, 00531 Helsingfors", "P.O. Box 800, FI-00531 Helsinki, Finland"),
			Phone:   "+358 29 566 6700", Email: "tietosuoja@om.fi", Web: t("tietosuoja.fi", "tietosuoja.fi/sv", "tietosuoja.fi/en"),
		}},
	}
}

// nobody is an answer to somebody of whom nothing is held.
func nobody(language string) Package {
	p := matti(language)
	for i := range p.Registers {
		p.Registers[i].Records = nil
	}
	return p
}

// odd holds what a register should not hold and does.
func odd(language string) Package {
	p := matti(language)
	long := strings.Repeat("Lorem ipsum dolor sit amet, consectetur adipiscing elit. ", 90)
	p.Name = "<script>alert(1)</script> {{.Name}} \u202eneltak\u202c"
	p.Registers = []Register{{
		Name: "../etc/Päiväkirja: <x>", Title: "Päiväkirja <b>{{printf \"%s\"}}</b> %s %d",
		Records: []Record{{Title: "A\u0000B", Values: []Value{
			{Field: "control", Title: "Control characters", Raw: "bell\a null\x00 escape\x1b[31m del\x7f tab\tend"},
			{Field: "bidi", Title: "Right-to-left override", Raw: "invoice\u202efdp.exe\u202c end"},
			{Field: "emoji", Title: "Emoji", Raw: "👍🏽 ok 👨‍👩‍👧 ❤️"},
			{Field: "html", Title: "HTML", Raw: `<script>alert("x")</script><img src=x onerror=alert(1)>`},
			{Field: "hebrew", Title: "Hebrew", Raw: "שלום עולם 2026"},
			{Field: "arabic", Title: "Arabic", Raw: "محمد بن سلمان"},
			{Field: "greek", Title: "Greek, Cyrillic", Raw: "Γιώργος, Юрий, Žofia Šťastná, Łódź, Þórður, İstanbul"},
			{Field: "cjk", Title: "Chinese", Raw: "北京 Beijing"},
			{Field: "decomposed", Title: "Decomposed", Raw: "Ma\u0308kinen e\u0301"},
			{Field: "latin1", Title: "Not UTF-8", Raw: "M\xe4kinen"},
			{Field: "spaces", Title: "Only spaces", Raw: "   "},
			{Field: "lines", Title: "Many lines", Raw: "one\r\ntwo\n\nfour"},
			{Field: "link", Title: "A very-long-label/with_marks and Rekisterinpitäjänyhteystietolomake", Raw: "https://www.example.com/a/very/long/path/that/never/ends?with=parameters&and=more&token=" + strings.Repeat("x9", 80)},
			{Field: "template", Title: "Template", Raw: `{{.Passphrase}} %s %!d(MISSING) ${HOME} \\ ) ( {nb}`},
			{Field: "long", Title: "Long", Raw: long},
			{Field: "same", Title: "Same", Raw: "first"},
			{Field: "same", Title: "Same", Raw: "second"},
		}, Children: []Table{{
			Title: "Log", Columns: []string{"When", "From address", "Agent", "Event", "Result", "Secret"}, Redacted: []bool{false, false, false, false, false, true},
			Rows: [][]string{
				{"2026-01-01T12:00:00Z", "192.0.2.1", "Mozilla/5.0 (X11; Linux x86_64)", "login", "ok", "hunter2"},
				{"2026-01-02T12:00:00Z", "2001:db8::1", "curl/8", "login", "=1+1", "hunter3"},
			},
		}, {
			Title: "Events", Columns: []string{"Day", "What"},
			Rows: manyRows(60),
		}}}},
		Files: []File{{Name: "../../etc/passwd", Data: []byte("document")}, {Name: "selvitys \u202efdp.exe", Type: "application/pdf", Data: []byte("%PDF-1.4")}},
	}}
	return p
}

func manyRows(n int) [][]string {
	var rows [][]string
	for i := range n {
		rows = append(rows, []string{day(2026, 1, 1).AddDate(0, 0, i).Format("2006-01-02"), fmt.Sprintf("event number %d", i+1)})
	}
	return rows
}
