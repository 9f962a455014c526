package config

import (
	"slices"
	"strings"
)

// Country is a country of the EU or EEA by its ISO 3166 code in upper case.
type Country string

func (c *Country) parse(text string) *problem {
	code := strings.ToUpper(text)
	if _, ok := countryOf(Country(code)); !ok {
		return &problem{shown(text) + " is not a country that dpobot knows", "write the code of a country of the EU or EEA, as in FI, SE, EE, DE, NO, DK or NL"}
	}
	*c = Country(code)
	return nil
}

// country is what follows from the controller's country where nothing else is configured.
type country struct {
	code      Country
	zone      string
	languages []Language // in which people are answered
}

// countries are the members of the EU and the EEA: the GDPR's.
func countries() []country {
	en := []Language{"en"}
	return []country{
		{"AT", "Europe/Vienna", en}, {"BE", "Europe/Brussels", en}, {"BG", "Europe/Sofia", en},
		{"CY", "Asia/Nicosia", en}, {"CZ", "Europe/Prague", en}, {"DE", "Europe/Berlin", en},
		{"DK", "Europe/Copenhagen", en}, {"EE", "Europe/Tallinn", en}, {"ES", "Europe/Madrid", en},
		{"FI", "Europe/Helsinki", []Language{"fi", "sv", "en"}}, {"FR", "Europe/Paris", en},
		{"GR", "Europe/Athens", en}, {"HR", "Europe/Zagreb", en}, {"HU", "Europe/Budapest", en},
		{"IE", "Europe/Dublin", en}, {"IS", "Atlantic/Reykjavik", en}, {"IT", "Europe/Rome", en},
		{"LI", "Europe/Vaduz", en}, {"LT", "Europe/Vilnius", en}, {"LU", "Europe/Luxembourg", en},
		{"LV", "Europe/Riga", en}, {"MT", "Europe/Malta", en}, {"NL", "Europe/Amsterdam", en},
		{"NO", "Europe/Oslo", en}, {"PL", "Europe/Warsaw", en}, {"PT", "Europe/Lisbon", en},
		{"RO", "Europe/Bucharest", en}, {"SE", "Europe/Stockholm", []Language{"sv", "en"}},
		{"SI", "Europe/Ljubljana", en}, {"SK", "Europe/Bratislava", en},
	}
}

func countryOf(code Country) (country, bool) {
	all := countries()
	i := slices.IndexFunc(all, func(c country) bool { return c.code == code })
	if i < 0 {
		return country{}, false
	}
	return all[i], true
}

// authorityOf is the supervisory authority of a country where there is one for
// every controller of it. In Germany it depends on the Land.
func authorityOf(code Country) Authority {
	all := func(text string) Text { return Text{"": text} }
	switch code {
	case "FI":
		return Authority{
			Name:    Text{"fi": "Tietosuojavaltuutetun toimisto", "sv": "Dataombudsmannens byrå", "en": "Office of the Data Protection Ombudsman"},
			Address: Text{"fi": "PL 800, 00531 Helsinki", "sv": "PB 800, 00531 Helsingfors", "en": "P.O. Box 800, FI-00531 Helsinki, Finland"},
			Phone:   "+358 29 566 6700", Email: "tietosuoja@om.fi",
			Web: Text{"fi": "https://tietosuoja.fi", "sv": "https://tietosuoja.fi/sv", "en": "https://tietosuoja.fi/en"},
		}
	case "SE":
		return Authority{
			Name:    Text{"sv": "Integritetsskyddsmyndigheten", "en": "Swedish Authority for Privacy Protection (IMY)"},
			Address: all("Box 8114, 104 20 Stockholm"), Phone: "+46 8 657 61 00", Email: "imy@imy.se", Web: all("https://www.imy.se"),
		}
	case "EE":
		return Authority{
			Name:    Text{"et": "Andmekaitse Inspektsioon", "en": "Estonian Data Protection Inspectorate"},
			Address: all("Tatari 39, 10134 Tallinn"), Phone: "+372 627 4135", Email: "info@aki.ee", Web: all("https://www.aki.ee"),
		}
	case "NO":
		return Authority{
			Name:    Text{"no": "Datatilsynet", "en": "Norwegian Data Protection Authority (Datatilsynet)"},
			Address: all("Postboks 458 Sentrum, 0105 Oslo"), Phone: "+47 22 39 69 00", Email: "postkasse@datatilsynet.no", Web: all("https://www.datatilsynet.no"),
		}
	case "DK":
		return Authority{
			Name:    Text{"da": "Datatilsynet", "en": "Danish Data Protection Agency (Datatilsynet)"},
			Address: all("Carl Jacobsens Vej 35, 2500 Valby"), Phone: "+45 33 19 32 00", Email: "dt@datatilsynet.dk", Web: all("https://www.datatilsynet.dk"),
		}
	case "NL":
		return Authority{
			Name:    Text{"nl": "Autoriteit Persoonsgegevens", "en": "Dutch Data Protection Authority (Autoriteit Persoonsgegevens)"},
			Address: all("Postbus 93374, 2509 AJ Den Haag"), Phone: "+31 88 180 52 50", Web: all("https://autoriteitpersoonsgegevens.nl"),
		}
	}
	return Authority{}
}
