package export

import (
	"fmt"
	"time"
)

func swedish() *words {
	return &words{
		titleHeld:    "Dina personuppgifter",
		titleNothing: "Vi har inga personuppgifter om dig",
		dear:         "Bästa %s",
		dearNobody:   "Bästa mottagare",
		asked: "Den %s frågade du vilka personuppgifter vi har om dig. Det här är vårt svar. Det innehåller en kopia av alla uppgifter om dig som vi har hittat. " +
			"Vi berättar också hur uppgifterna används och vilka rättigheter du har (artiklarna 12 och 15 i EU:s allmänna dataskyddsförordning). Svaret är avgiftsfritt.",
		askedNothing: "Den %s frågade du vilka personuppgifter vi har om dig. Vi har sökt i alla register som räknas upp här med de uppgifter " +
			"som du lämnade i samband med din begäran. Vi hittade inga personuppgifter om dig.",
		exact:        "Uppgifterna visas precis så som de står i våra register. Vi har inte rättat, förkortat eller formulerat om något.",
		searched:     "Vi har sökt i de här registren:",
		partsFirst:   "Eftersom svaret är långt består det av %d filer. Uppgifterna börjar i den här filen och fortsätter i de följande. Informationen om hur uppgifterna används och om dina rättigheter finns i slutet av den sista filen.",
		partsNext:    "Det här är fil %d av %d i vårt svar av den %s. Brevet finns i den första filen; här fortsätter uppgifterna.",
		wrong:        "Om någon uppgift är fel eller saknas ber vi dig berätta det för oss. Vi rättar till det utan onödigt dröjsmål och avgiftsfritt. Det räcker att du svarar på vårt e-postmeddelande.",
		wrongNothing: "Om du tror att vi borde ha uppgifter om dig, till exempel under ett tidigare namn, en annan e-postadress eller ett kundnummer, ber vi dig svara på vårt e-postmeddelande och berätta det. Vi söker gärna på nytt.",
		kept:         "Vi sparar din begäran och det här svaret till och med den %s för att kunna visa hur begäran har behandlats.",
		keptNothing:  "Det enda vi sparar är din begäran och brevväxlingen om den, till och med den %s, för att kunna visa hur begäran har behandlats.",
		onlyRequest:  "Det enda vi sparar är din begäran och brevväxlingen om den, för att kunna visa hur begäran har behandlats.",
		regards:      "Med vänlig hälsning",
		reference:    "Referens",
		date:         "Datum",

		held:          "Vilka uppgifter vi har om dig",
		register:      "Register",
		record:        "Post %d av %d",
		row:           "Rad %d",
		countNone:     "inga uppgifter om dig",
		countOne:      "1 post",
		countMany:     "%d poster",
		documents:     "Handlingar",
		documentsHere: "Bifogade i den här filen:",
		redacted:      "Utelämnad: uppgiften skulle röja någon annans uppgifter eller en hemlighet (artikel 15.4 i dataskyddsförordningen).",
		null:          "(inget värde)",
		empty:         "(tom)",
		continued:     "(fortsättning)",

		info:          "Hur dina uppgifter används och vilka rättigheter du har",
		infoLead:      "Du har rätt till den här informationen enligt artikel 15.1 och 15.2 i den allmänna dataskyddsförordningen.",
		purpose:       "Vad uppgifterna används till",
		basis:         "Rättslig grund",
		kinds:         "Kategorier av uppgifter",
		recipients:    "Vem som får uppgifterna",
		transfers:     "Överföring till länder utanför EU och EES",
		retention:     "Hur länge uppgifterna sparas",
		latest:        "Uppgifterna raderas senast den %s.",
		source:        "Varifrån uppgifterna kommer",
		automated:     "Automatiserade beslut",
		automatedNone: "Vi fattar inga beslut om dig som enbart grundar sig på automatiserad behandling, till exempel profilering.",
		rights:        "Dina rättigheter",
		rightsLead:    "Du har rätt att avgiftsfritt",
		rightsList: []string{
			"få felaktiga uppgifter rättade och ofullständiga uppgifter kompletterade (artikel 16)",
			"få dina uppgifter raderade när det inte längre finns någon grund för att spara dem (artikel 17)",
			"få behandlingen begränsad, till exempel medan det utreds om uppgifterna är korrekta (artikel 18)",
			"få ut de uppgifter som du själv har lämnat i maskinläsbar form och föra dem vidare (artikel 20); bilagorna i den här filen är i sådan form",
			"av skäl som hänför sig till din specifika situation invända mot behandling som grundar sig på ett berättigat eller allmänt intresse, och när som helst utan att ange skäl motsätta dig direktmarknadsföring (artikel 21)",
			"när som helst återkalla ett samtycke; återkallelsen påverkar inte det som redan har gjorts med stöd av samtycket (artikel 7).",
		},
		rightsHow:      "När du vill använda någon av dina rättigheter kan du svara på vårt e-postmeddelande eller kontakta oss: %s.",
		complaint:      "Om du inte är nöjd",
		complaintLead:  "Om du anser att dina uppgifter behandlas i strid med lagen har du rätt att lämna in ett klagomål till tillsynsmyndigheten (artikel 77):",
		complaintWhere: "Du kan också lämna in klagomålet i det EU- eller EES-land där du bor eller arbetar eller där överträdelsen skedde.",
		court:          "Du kan också föra saken till domstol (artikel 79).",
		complaintFirst: "Du behöver inte vända dig till oss först, men vi rättar gärna till det som har blivit fel.",
		who:            "Vem som ansvarar för dina uppgifter",
		name:           "Personuppgiftsansvarig",
		businessID:     "FO-nummer",
		address:        "Adress",
		contact:        "Kontakt",
		dpo:            "Dataskyddsombud",
		phone:          "Telefon",
		email:          "E-post",
		web:            "Webbplats",

		file: "Om den här filen",
		fileData: "Samma uppgifter är bifogade i filen i maskinläsbar form: allt i %s (JSON) och varje tabell som en CSV-fil för kalkylprogram. " +
			"Telefoner visar sällan bilagor. På en dator hittar du dem bakom symbolen med ett gem, till exempel i Adobe Acrobat Reader eller Firefox.",
		fileNothing:    "Samma svar är bifogat i filen i maskinläsbar form: %s (JSON).",
		fileApostrophe: "I CSV-filerna står det en apostrof (') framför text som ett kalkylprogram skulle kunna köra som en formel. I JSON-filen är varje värde exakt.",
		fileMarks:      "Ett tecken som inte kan skrivas ut, eller som skulle kunna dölja eller vända annan text, visas med sitt nummer, till exempel ⟨U+202E⟩.",
		fileLocked:     "Filen är krypterad. Om du skriver ut den eller sparar den utan lösenord, förvara den så att andra inte kan läsa den.",
		footerPage:     "Sida %d / %d",
		footerPart:     "fil %d av %d",
		aboutJSON:      "Alla uppgifter i maskinläsbar form",
		aboutCSV:       "Tabell: %s",
		aboutDocument:  "Handling: %s",
		numberColumn:   "Post",
		comma:          ';',

		day: swedishDay,
	}
}

func swedishDay(t time.Time) string {
	months := [...]string{"januari", "februari", "mars", "april", "maj", "juni",
		"juli", "augusti", "september", "oktober", "november", "december"}
	return fmt.Sprintf("%d %s %d", t.Day(), months[t.Month()-1], t.Year())
}
