package responders

import (
	"slices"
	"strings"

	"dpobot/responders/registers"
)

// heldWords are, by what a field holds, the titles that leave no doubt of it, in the languages that registers are
// titled in and in those that a mail's field may be named in. A word that can mean something else stands in none:
// "nom", "contact", "account number" (a customer's too), "kunta" (no part of an address).
var heldWords = []struct {
	holds registers.Holds
	words []string
}{
	{registers.HoldsName, []string{"name", "full name", "nimi", "koko nimi", "namn", "fullständigt namn"}},
	{registers.HoldsSurname, []string{"surname", "last name", "family name", "sukunimi", "efternamn", "nachname", "familienname", "achternaam",
		"familienaam", "nom de famille", "apellido", "apellidos", "cognome", "apelido", "sobrenome", "nazwisko", "efternavn", "etternavn", "perekonnanimi"}},
	{registers.HoldsGivenName, []string{"given_name", "given name", "first name", "etunimi", "förnamn", "vorname", "voornaam", "prénom",
		"nombre de pila", "nome próprio", "imię", "fornavn", "eesnimi"}},
	{registers.HoldsEmail, []string{"email", "e-mail", "email address", "e-mail address", "sähköposti", "sähköpostiosoite", "e-post", "epost", "e-postadress"}},
	{registers.HoldsTelephone, []string{"telephone", "telephone number", "phone", "phone number", "mobile", "mobile phone", "mobile number", "puhelin",
		"puhelinnumero", "matkapuhelin", "matkapuhelinnumero", "telefon", "telefonnummer", "mobil", "mobiltelefon", "mobilnummer"}},
	{registers.HoldsAddress, []string{"address", "postal address", "home address", "osoite", "postiosoite", "kotiosoite", "adress", "postadress", "hemadress"}},
	{registers.HoldsStreet, []string{"street", "street address", "katuosoite", "lähiosoite", "gatuadress"}},
	{registers.HoldsPostcode, []string{"postcode", "post code", "postal code", "zip", "zip code", "postinumero", "postnummer", "postleitzahl", "plz",
		"code postal", "código postal", "kod pocztowy", "postiindeks"}},
	{registers.HoldsCity, []string{"city", "town", "kaupunki", "postitoimipaikka", "paikkakunta", "ort", "postort", "stad"}},
	{registers.HoldsBirthDate, []string{"birth_date", "birth date", "date of birth", "syntymäaika", "födelsedatum", "geburtsdatum", "geboortedatum",
		"date de naissance", "fecha de nacimiento", "data di nascita", "data de nascimento", "data urodzenia", "fødselsdato", "sünniaeg"}},
	{registers.HoldsAccount, []string{"account", "iban", "bank account", "bank account number", "tilinumero", "pankkitili", "pankkitilin numero",
		"kontonummer", "bankkonto", "bankkontonummer", "numer konta", "kontonumber"}},
}

// holdsOf is what a word says that a field holds, "" where it leaves doubt. The word is folded.
func holdsOf(word string) registers.Holds {
	for _, h := range heldWords {
		if slices.Contains(h.words, word) {
			return h.holds
		}
	}
	return ""
}

// otherwise are beginnings of words by which a title says that a field is not simply the person's own: where goods
// or bills go, an employer, whom to contact. A field with one is never found by what it holds, but by role alone.
var otherwise = []string{
	"deliver", "shipping", "billing", "invoic", "company", "organi", "employ", "contact", "work", "office", "visiting", "former", "old", "temporary", "guardian", "relative", "child",
	"toimitus", "laskutus", "yritys", "yrityks", "työ", "yhteyshenk", "käynti", "entinen", "vanha", "väliaik", "huoltaj", "lapsen", "lähiomai", "edustaj",
	"leverans", "faktur", "företag", "arbet", "kontakt", "besöks", "tidigare", "gammal", "tillfällig", "vårdnad", "barn", "anhörig",
}

// qualified tells that a field's name or title says that it is not simply the person's own.
func qualified(f registers.Field) bool {
	names := []string{f.Name}
	for _, title := range f.Title {
		names = append(names, title)
	}
	for _, name := range names {
		words := strings.FieldsFunc(registers.Fold(name), func(r rune) bool { return strings.ContainsRune(" _-./,()", r) })
		for _, w := range words {
			if slices.ContainsFunc(otherwise, func(begins string) bool { return strings.HasPrefix(w, begins) }) {
				return true
			}
		}
	}
	return false
}

// nameParts are further words for a part of a name, which can mean the whole or something else too: they find the
// field of the whole name, where a part is written only in the place of the old one.
var nameParts = []string{"nom", "nombre", "nome"}

// saysNamePart tells that a folded word means a part of a name.
func saysNamePart(word string) bool {
	holds := holdsOf(word)
	return holds == registers.HoldsSurname || holds == registers.HoldsGivenName || slices.Contains(nameParts, word)
}
