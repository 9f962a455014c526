package keyword

import "dpobot/workflow"

// The manual in three languages. Each table has every keyword once, in the same order.
var (
	english = []Help{
		{workflow.WordVerified, "VERIFIED", "[BY call|visit|letter|video|eid|other] [, SEND TO address] [, MATCH number]", "the person is who they say they are; answer them"},
		{workflow.WordUnverified, "UNVERIFIED", "", "tell the person the other ways to prove who they are"},
		{workflow.WordKind, "KIND", "access|change|erasure|marketing|consent|restriction|objection|automated|other [+ ...]", "sort the request otherwise"},
		{workflow.WordSet, "SET", "field: value (more lines below)", "say what a change is to write"},
		{workflow.WordExtend, "EXTEND", "reason", "take two months more, within the first month only; the person is told the reason"},
		{workflow.WordRefuse, "REFUSE", "unfounded|excessive|unidentifiable|thirdparty|legalduty|legalclaim|correct|notcontroller|exempt [reason]", "turn the request down; where to complain is added"},
		{workflow.WordAsk, "ASK", "question", "put a question to the person"},
		{workflow.WordStop, "STOP", "", "cancel what has not gone out yet"},
		{workflow.WordRetry, "RETRY", "", "try again what failed"},
		{workflow.WordIgnore, "IGNORE", "[kind]", "this is not a request; close it and answer nothing"},
		{workflow.WordJoin, "JOIN", "reference", "this mail belongs to the case with that reference; put it there"},
		{workflow.WordDone, "DONE", "[kind:] [note]", "close the case; it was answered outside this program (DONE breach ends the 72-hour entry, DONE TOLD recipient notes that a recipient of the data was told by hand)"},
		{workflow.WordTick, "TICK", "[register] [NOTHING] [text]", "go on without the keeper of a register: what they sent counts, and your text"},
		{workflow.WordNew, "NEW", "kind [name] address [received date]", "open a case for a request that came by phone, by letter or in person"},
		{workflow.WordBreach, "BREACH", "[note]", "start the 72-hour clock of a personal data breach"},
		{workflow.WordNote, "NOTE", "text", "add a note to the case"},
		{workflow.WordStatus, "STATUS", "", "send me the case as it stands"},
		{workflow.WordHelp, "HELP", "", "send me these words"},
	}
	finnish = []Help{
		{workflow.WordVerified, "VAHVISTETTU", "[TAPA puhelu|käynti|kirje|video|tunnistautuminen|muu] [, LÄHETÄ osoitteeseen osoite] [, OSUMA numero]", "henkilö on se, joka sanoo olevansa; vastaa hänelle"},
		{workflow.WordUnverified, "EI VAHVISTETTU", "", "kerro henkilölle muut tavat todistaa henkilöllisyytensä"},
		{workflow.WordKind, "LAJI", "tarkastus|muutos|poisto|markkinointi|suostumus|rajoitus|vastustus|automaattinen|muu [+ ...]", "lajittele pyyntö toisin"},
		{workflow.WordSet, "ASETA", "kenttä: arvo (lisää rivejä alle)", "kerro, mitä muutoksessa kirjoitetaan"},
		{workflow.WordExtend, "JATKA", "syy", "ota kaksi kuukautta lisää, vain ensimmäisen kuukauden aikana; syy kerrotaan henkilölle"},
		{workflow.WordRefuse, "HYLKÄÄ", "perusteeton|kohtuuton|tunnistamaton|sivullinen|lakivelvoite|oikeusvaade|oikein|ei rekisterinpitäjä|poikkeus [syy]", "kieltäydy pyynnöstä; ohjeet valittamiseen lisätään"},
		{workflow.WordAsk, "KYSY", "kysymys", "esitä kysymys henkilölle"},
		{workflow.WordStop, "SEIS", "", "peru se, mikä ei ole vielä lähtenyt"},
		{workflow.WordRetry, "UUDESTAAN", "", "yritä epäonnistunutta uudestaan"},
		{workflow.WordIgnore, "OHITA", "[laji]", "tämä ei ole pyyntö; sulje se vastaamatta"},
		{workflow.WordJoin, "LIITÄ", "viite", "tämä viesti kuuluu asiaan, jolla on tuo viite; siirrä se sinne"},
		{workflow.WordDone, "VALMIS", "[laji:] [muistiinpano]", "sulje asia; siihen vastattiin muualla (VALMIS loukkaus päättää 72 tunnin merkinnän, VALMIS ILMOITETTU vastaanottaja merkitsee, että tietojen vastaanottajalle on ilmoitettu käsin)"},
		{workflow.WordTick, "KUITTAA", "[rekisteri] [EI TIETOJA] [teksti]", "jatka ilman rekisterin hoitajaa: hänen lähettämänsä otetaan huomioon, samoin tekstisi"},
		{workflow.WordNew, "UUSI", "laji [nimi] osoite [saapunut päivä]", "avaa asia pyynnölle, joka tuli puhelimitse, kirjeellä tai paikan päällä"},
		{workflow.WordBreach, "LOUKKAUS", "[muistiinpano]", "käynnistä tietoturvaloukkauksen 72 tunnin kello"},
		{workflow.WordNote, "MUISTIO", "teksti", "lisää asiaan muistiinpano"},
		{workflow.WordStatus, "TILA", "", "lähetä minulle asian tilanne"},
		{workflow.WordHelp, "OHJE", "", "lähetä minulle nämä sanat"},
	}
	swedish = []Help{
		{workflow.WordVerified, "VERIFIERAD", "[GENOM samtal|besök|brev|video|e-legitimation|annat] [, SKICKA TILL adress] [, TRÄFF nummer]", "personen är den som hen säger sig vara; svara"},
		{workflow.WordUnverified, "EJ VERIFIERAD", "", "berätta för personen hur hen annars kan styrka sin identitet"},
		{workflow.WordKind, "TYP", "utdrag|rättelse|radering|marknadsföring|samtycke|begränsning|invändning|automatiserat|annat [+ ...]", "sortera begäran annorlunda"},
		{workflow.WordSet, "ÄNDRA", "fält: värde (fler rader nedanför)", "säg vad en ändring ska skriva"},
		{workflow.WordExtend, "FÖRLÄNG", "skäl", "ta två månader till, bara under den första månaden; personen får veta skälet"},
		{workflow.WordRefuse, "AVSLÅ", "ogrundad|orimlig|oidentifierad|tredje man|lagkrav|rättsanspråk|korrekt|ej ansvarig|undantag [skäl]", "avslå begäran; hur man klagar läggs till"},
		{workflow.WordAsk, "FRÅGA", "fråga", "ställ en fråga till personen"},
		{workflow.WordStop, "STOPP", "", "avbryt det som inte har gått ut än"},
		{workflow.WordRetry, "FÖRSÖK IGEN", "", "försök igen med det som misslyckades"},
		{workflow.WordIgnore, "EJ BEGÄRAN", "[typ]", "detta är ingen begäran; stäng utan svar"},
		{workflow.WordJoin, "KOPPLA", "referens", "detta meddelande hör till ärendet med den referensen; flytta det dit"},
		{workflow.WordDone, "KLAR", "[typ:] [anteckning]", "stäng ärendet; det besvarades på annat håll (KLAR incident avslutar 72-timmarsposten, KLAR UNDERRÄTTAD mottagare antecknar att en mottagare av uppgifterna har underrättats för hand)"},
		{workflow.WordTick, "BOCKA AV", "[register] [INGA UPPGIFTER] [text]", "gå vidare utan den som sköter registret: det som hen har skickat gäller, och din text"},
		{workflow.WordNew, "NY", "typ [namn] adress [inkommen datum]", "öppna ett ärende för en begäran per telefon, brev eller på plats"},
		{workflow.WordBreach, "INCIDENT", "[anteckning]", "starta 72-timmarsklockan för en personuppgiftsincident"},
		{workflow.WordNote, "ANTECKNING", "text", "lägg till en anteckning i ärendet"},
		{workflow.WordStatus, "LÄGE", "", "skicka mig ärendets läge"},
		{workflow.WordHelp, "HJÄLP", "", "skicka mig dessa ord"},
	}
)
