package keyword

import "dpobot/workflow"

// spelling is one way to write a keyword, folded.
type spelling struct {
	phrase string
	word   workflow.Word
}

// spellings are all that count. None begins with all the words of another, so their order does not matter.
var spellings = [...]spelling{
	{"verified", workflow.WordVerified}, {"vahvistettu", workflow.WordVerified}, {"verifierad", workflow.WordVerified},
	{"unverified", workflow.WordUnverified}, {"ei vahvistettu", workflow.WordUnverified}, {"ej verifierad", workflow.WordUnverified},
	{"kind", workflow.WordKind}, {"laji", workflow.WordKind}, {"typ", workflow.WordKind},
	{"set", workflow.WordSet}, {"aseta", workflow.WordSet}, {"ändra", workflow.WordSet},
	{"extend", workflow.WordExtend}, {"jatka", workflow.WordExtend}, {"förläng", workflow.WordExtend},
	{"refuse", workflow.WordRefuse}, {"hylkää", workflow.WordRefuse}, {"avslå", workflow.WordRefuse},
	{"ask", workflow.WordAsk}, {"kysy", workflow.WordAsk}, {"fråga", workflow.WordAsk},
	{"stop", workflow.WordStop}, {"seis", workflow.WordStop}, {"stopp", workflow.WordStop},
	{"retry", workflow.WordRetry}, {"uudestaan", workflow.WordRetry}, {"försök igen", workflow.WordRetry},
	{"ignore", workflow.WordIgnore}, {"ohita", workflow.WordIgnore}, {"ej begäran", workflow.WordIgnore},
	{"join", workflow.WordJoin}, {"liitä", workflow.WordJoin}, {"koppla", workflow.WordJoin},
	{"done", workflow.WordDone}, {"valmis", workflow.WordDone}, {"klar", workflow.WordDone},
	{"tick", workflow.WordTick}, {"kuittaa", workflow.WordTick}, {"bocka av", workflow.WordTick},
	{"new", workflow.WordNew}, {"uusi", workflow.WordNew}, {"ny", workflow.WordNew},
	{"breach", workflow.WordBreach}, {"loukkaus", workflow.WordBreach}, {"incident", workflow.WordBreach},
	{"tietoturvaloukkaus", workflow.WordBreach}, {"personuppgiftsincident", workflow.WordBreach},
	{"note", workflow.WordNote}, {"muistio", workflow.WordNote}, {"anteckning", workflow.WordNote},
	{"status", workflow.WordStatus}, {"tila", workflow.WordStatus}, {"läge", workflow.WordStatus},
	{"help", workflow.WordHelp}, {"ohje", workflow.WordHelp}, {"hjälp", workflow.WordHelp},
}

// between are the words and marks between arguments.
var between = map[string]bool{
	",": true, ";": true, "+": true, "&": true, "/": true,
	"and": true, "ja": true, "sekä": true, "och": true, "samt": true,
}

// The phrases of VERIFIED, all languages in one table: nobody has to know which language a case is in.
var (
	by = set("by", "via", "through", "tapa", "tavalla", "genom", "per", "med", "på")

	methods = map[string]workflow.How{
		"call": workflow.ByCall, "phone": workflow.ByCall, "phone call": workflow.ByCall, "telephone": workflow.ByCall,
		"puhelu": workflow.ByCall, "puhelulla": workflow.ByCall, "puhelin": workflow.ByCall, "puhelimella": workflow.ByCall,
		"puhelimessa": workflow.ByCall, "puhelimitse": workflow.ByCall, "soitto": workflow.ByCall, "soitolla": workflow.ByCall, "soittamalla": workflow.ByCall,
		"samtal": workflow.ByCall, "telefon": workflow.ByCall, "telefonsamtal": workflow.ByCall,

		"visit": workflow.ByVisit, "in person": workflow.ByVisit,
		"käynti": workflow.ByVisit, "käynnillä": workflow.ByVisit, "paikalla": workflow.ByVisit, "paikan päällä": workflow.ByVisit, "henkilökohtaisesti": workflow.ByVisit,
		"besök": workflow.ByVisit, "personligen": workflow.ByVisit, "plats": workflow.ByVisit,

		"letter": workflow.ByLetter,
		"kirje":  workflow.ByLetter, "kirjeellä": workflow.ByLetter, "kirjeitse": workflow.ByLetter,
		"brev": workflow.ByLetter,

		"video": workflow.ByVideo, "video call": workflow.ByVideo,
		"videolla": workflow.ByVideo, "videopuhelu": workflow.ByVideo, "videopuhelulla": workflow.ByVideo,
		"videosamtal": workflow.ByVideo,

		"eid": workflow.ByEID, "e-id": workflow.ByEID, "electronic id": workflow.ByEID,
		"tunnistautuminen": workflow.ByEID, "tunnistautumalla": workflow.ByEID, "vahva tunnistautuminen": workflow.ByEID, "vahvalla tunnistautumisella": workflow.ByEID,
		"e-legitimation": workflow.ByEID, "bankid": workflow.ByEID,

		"other": workflow.ByOther, "muu": workflow.ByOther, "muuten": workflow.ByOther, "muulla tavalla": workflow.ByOther,
		"annat": workflow.ByOther, "annat sätt": workflow.ByOther,
	}

	sendTo = set("send to", "send it to", "lähetä", "lähetä osoitteeseen", "lähetä se osoitteeseen", "osoitteeseen", "skicka till", "skicka det till", "sänd till", "till")

	match   = set("match", "matches", "osuma", "osumat", "träff", "träffar")
	noMatch = set("none", "ei mikään", "ei kukaan", "ingen")
)

// kind is a kind of request, with the right for the kind "other".
type kind struct {
	kind  workflow.Kind
	right workflow.Right
}

var kinds = map[string]kind{
	"access": {workflow.Access, ""}, "copy": {workflow.Access, ""}, "export": {workflow.Access, ""},
	"tarkastus": {workflow.Access, ""}, "tiedot": {workflow.Access, ""}, "jäljennös": {workflow.Access, ""}, "kopio": {workflow.Access, ""},
	"utdrag": {workflow.Access, ""}, "registerutdrag": {workflow.Access, ""}, "tillgång": {workflow.Access, ""}, "kopia": {workflow.Access, ""},

	"change": {workflow.Change, ""}, "correction": {workflow.Change, ""}, "rectification": {workflow.Change, ""},
	"muutos": {workflow.Change, ""}, "oikaisu": {workflow.Change, ""}, "korjaus": {workflow.Change, ""},
	"rättelse": {workflow.Change, ""}, "ändring": {workflow.Change, ""},

	"erasure": {workflow.Erasure, ""}, "erase": {workflow.Erasure, ""}, "deletion": {workflow.Erasure, ""}, "delete": {workflow.Erasure, ""},
	"poisto": {workflow.Erasure, ""}, "poistaminen": {workflow.Erasure, ""},
	"radering": {workflow.Erasure, ""}, "borttagning": {workflow.Erasure, ""},

	"objection": {workflow.Other, workflow.Objection}, "vastustus": {workflow.Other, workflow.Objection},
	"vastustaminen": {workflow.Other, workflow.Objection}, "invändning": {workflow.Other, workflow.Objection},

	"marketing": {workflow.Other, workflow.Marketing}, "markkinointi": {workflow.Other, workflow.Marketing},
	"markkinointikielto": {workflow.Other, workflow.Marketing}, "suoramarkkinointi": {workflow.Other, workflow.Marketing},
	"marknadsföring": {workflow.Other, workflow.Marketing}, "direktmarknadsföring": {workflow.Other, workflow.Marketing},

	"consent": {workflow.Other, workflow.Consent}, "suostumus": {workflow.Other, workflow.Consent}, "samtycke": {workflow.Other, workflow.Consent},

	"restriction": {workflow.Other, workflow.Restriction}, "rajoitus": {workflow.Other, workflow.Restriction},
	"rajoittaminen": {workflow.Other, workflow.Restriction}, "begränsning": {workflow.Other, workflow.Restriction},

	"automated": {workflow.Other, workflow.Automated}, "automated decision": {workflow.Other, workflow.Automated},
	"automaattinen": {workflow.Other, workflow.Automated}, "automaattinen päätös": {workflow.Other, workflow.Automated},
	"automatiserat": {workflow.Other, workflow.Automated}, "automatiserat beslut": {workflow.Other, workflow.Automated},

	"other": {workflow.Other, ""}, "muu": {workflow.Other, ""}, "annat": {workflow.Other, ""},
}

// code is one way to write a ground of refusal.
type code struct {
	phrase string
	reason workflow.Reason
}

var codes = [...]code{
	{"unfounded", workflow.Unfounded}, {"perusteeton", workflow.Unfounded}, {"ogrundad", workflow.Unfounded},
	{"excessive", workflow.Excessive}, {"kohtuuton", workflow.Excessive}, {"orimlig", workflow.Excessive},
	{"unidentifiable", workflow.Unidentifiable}, {"tunnistamaton", workflow.Unidentifiable}, {"oidentifierad", workflow.Unidentifiable},
	{"thirdparty", workflow.ThirdParty}, {"third party", workflow.ThirdParty}, {"third-party", workflow.ThirdParty},
	{"sivullinen", workflow.ThirdParty}, {"tredje man", workflow.ThirdParty},
	{"legalduty", workflow.LegalDuty}, {"legal duty", workflow.LegalDuty}, {"legal-duty", workflow.LegalDuty},
	{"lakivelvoite", workflow.LegalDuty}, {"lagkrav", workflow.LegalDuty},
	{"legalclaim", workflow.LegalClaim}, {"legal claim", workflow.LegalClaim}, {"legal-claim", workflow.LegalClaim},
	{"oikeusvaade", workflow.LegalClaim}, {"rättsanspråk", workflow.LegalClaim},
	{"correct", workflow.Correct}, {"oikein", workflow.Correct}, {"korrekt", workflow.Correct},
	{"notcontroller", workflow.NotController}, {"not controller", workflow.NotController}, {"not-controller", workflow.NotController},
	{"ei rekisterinpitäjä", workflow.NotController}, {"ej ansvarig", workflow.NotController},
	{"exempt", workflow.ExemptLaw}, {"poikkeus", workflow.ExemptLaw}, {"undantag", workflow.ExemptLaw},
}

var (
	joinTo   = set("to", "with", "case", "asiaan", "tapaukseen", "till", "ärende", "ärendet", "till ärende", "till ärendet", "to case")
	received = set("received", "received on", "on", "saapunut", "saapui", "vastaanotettu", "saatu", "mottagen", "mottaget", "inkommen", "inkom", "den", "inkom den", "mottagen den")
	today    = set("today", "tänään", "i dag", "idag")
)

// doneNotes are the notes of DONE that workflow acts on, in the spelling that it knows.
var doneNotes = map[string]workflow.Text{
	"breach": "breach", "loukkaus": "breach", "tietoturvaloukkaus": "breach", "incident": "breach", "personuppgiftsincident": "breach",
	"told": "told", "ilmoitettu": "told", "kerrottu": "told", "underrättad": "told", "underrättat": "told", "meddelad": "told",
	"withdrawn": "withdrawn", "peruttu": "withdrawn", "peruutettu": "withdrawn", "återkallad": "withdrawn", "återtagen": "withdrawn",
}

func set(phrases ...string) map[string]bool {
	all := make(map[string]bool, len(phrases))
	for _, p := range phrases {
		all[p] = true
	}
	return all
}
