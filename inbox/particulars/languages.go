package particulars

// languages in the order in which one is guessed, and their lexicons.
var (
	languages = []string{"fi", "sv", "en", "de", "fr", "es", "it", "nl", "pt", "pl", "da", "no", "et"}
	lexicons  = map[string]*lexicon{
		"fi": newLexicon("fi", "Sukunimi", "Etunimi", finnish),
		"sv": newLexicon("sv", "Efternamn", "Förnamn", swedish),
		"en": newLexicon("en", "Surname", "First name", english),
		"de": newLexicon("de", "Nachname", "Vorname", german),
		"fr": newLexicon("fr", "Nom de famille", "Prénom", french),
		"es": newLexicon("es", "Apellidos", "Nombre", spanish),
		"it": newLexicon("it", "Cognome", "Nome", italian),
		"nl": newLexicon("nl", "Achternaam", "Voornaam", dutch),
		"pt": newLexicon("pt", "Apelido", "Nome próprio", portuguese),
		"pl": newLexicon("pl", "Nazwisko", "Imię", polish),
		"da": newLexicon("da", "Efternavn", "Fornavn", danish),
		"no": newLexicon("no", "Etternavn", "Fornavn", norwegian),
		"nb": newLexicon("no", "Etternavn", "Fornavn", norwegian),
		"et": newLexicon("et", "Perekonnanimi", "Eesnimi", estonian),
	}
)
