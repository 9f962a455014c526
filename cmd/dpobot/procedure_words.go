package main

import (
	"fmt"
	"strings"
	"time"

	"dpobot/config"
)

// list joins words as one says them: a, b and c.
func (w words) list(all []string) string {
	if len(all) < 2 {
		return strings.Join(all, "")
	}
	last := len(all) - 1
	return strings.Join(all[:last], ", ") + w.pick(" and ", " ja ", " och ") + all[last]
}

func (w words) dateOrNone(d config.Date) string {
	if d.IsZero() {
		return ""
	}
	return w.date(dateOf(d))
}

// idName is what a registration number is called; Finland has words of its own for it.
func (w words) idName(c config.Country) string {
	if c == "FI" {
		return w.pick("business ID", "Y-tunnus", "FO-nummer")
	}
	return w.pick("registration number", "rekisterinumero", "organisationsnummer")
}

func (w words) remind(days []config.Days) string {
	var all []string
	for _, d := range days {
		all = append(all, fmt.Sprint(int(d)))
	}
	return w.list(all)
}

func (w words) reminders(n int) string {
	return counting(n, w.pick("reminder", "muistutus", "påminnelse"), w.pick("reminders", "muistutusta", "påminnelser"))
}

func counting(n int, one, more string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, more)
}

// hours says how long something is waited for: in Finnish in the case that "odotetaan"
// takes.
func (w words) hours(d time.Duration) string {
	if d%time.Hour != 0 {
		return counting(int(d.Minutes()), w.pick("minute", "minuutin", "minut"), w.pick("minutes", "minuuttia", "minuter"))
	}
	return counting(int(d.Hours()), w.pick("hour", "tunnin", "timme"), w.pick("hours", "tuntia", "timmar"))
}

// within is hours for what has to happen in that time.
func (w words) within(d time.Duration) string {
	return counting(int(d.Minutes()), w.pick("minute", "minuutin", "minut"), w.pick("minutes", "minuutin", "minuter"))
}

// period says how long something is kept.
func (w words) period(p config.Period) string {
	var all []string
	if p.Years > 0 {
		all = append(all, counting(p.Years, w.pick("year", "vuoden", "år"), w.pick("years", "vuotta", "år")))
	}
	if p.Months > 0 {
		all = append(all, counting(p.Months, w.pick("month", "kuukauden", "månad"), w.pick("months", "kuukautta", "månader")))
	}
	if p.Days > 0 || len(all) == 0 {
		all = append(all, counting(p.Days, w.pick("day", "päivän", "dag"), w.pick("days", "päivää", "dagar")))
	}
	return w.list(all)
}

// trust says what makes a handler's mail authentic, each way once.
func (w words) trust(handlers []config.Handler) string {
	var all []string
	for _, h := range handlers {
		switch h.Trust {
		case config.TrustServer:
			all = append(all, w.pick("check by the controller's mail server", "oman sähköpostipalvelimen tarkastus", "den egna e-postserverns kontroll"))
		case config.TrustSecret:
			all = append(all, w.pick("delivery within the controller's mail server", "välitys oman sähköpostipalvelimen sisällä", "leverans inom den egna e-postservern"))
		default:
			all = append(all, w.pick("DKIM signature", "DKIM-allekirjoitus", "DKIM-signatur"))
		}
	}
	return nonEmpty(each(all)...)
}

func (w words) registerKind(r config.Register) string {
	switch r.Kind() {
	case config.KindSQL:
		return w.pick("database", "tietokanta", "databas")
	case config.KindSheet:
		return w.pick("spreadsheet", "taulukkotiedosto", "kalkylblad")
	case config.KindMailchimp:
		return w.pick("newsletter service", "uutiskirjepalvelu", "nyhetsbrevstjänst")
	case config.KindWebhook:
		return w.pick("information system", "tietojärjestelmä", "informationssystem")
	}
	return w.pick("kept by hand by ", "käsin ylläpidettävä, ylläpitäjä ", "förs för hand av ") + r.Person.Name
}

func (w words) erase(e config.Erase) string {
	text := w.pick("the data is deleted", "tiedot poistetaan", "uppgifterna raderas")
	switch e.Default {
	case config.EraseAnonymise:
		text = w.pick("the data is anonymised", "tiedot anonymisoidaan", "uppgifterna anonymiseras")
	case config.EraseRetain:
		return w.pick("the data is kept", "tiedot säilytetään", "uppgifterna bevaras")
	}
	if len(e.Retain) > 0 {
		text += w.pick(", except for what follows", " lukuun ottamatta seuraavia", ", med följande undantag")
	}
	return text
}

// until says how long something is kept. from is the field that it counts from, or "".
func (w words) until(u config.Until, from string) string {
	switch u.Rule {
	case config.UntilLedger:
		return w.pick("for ten years from the end of the financial period", "kymmenen vuotta tilikauden päättymisestä", "i tio år från räkenskapsperiodens utgång")
	case config.UntilVoucher:
		return w.pick("for six years from the end of the year in which the financial period ended",
			"kuusi vuotta sen vuoden lopusta, jonka aikana tilikausi on päättynyt",
			"i sex år från utgången av det år under vilket räkenskapsperioden har gått ut")
	case config.UntilDate:
		return w.pick("until ", "", "till och med den ") + w.date(dateOf(u.Date)) + w.pick("", " saakka", "")
	}
	if from != "" {
		from = " (" + from + ")"
		return w.pick("for ", "", "i ") + w.period(u.Period) + w.pick(" from the date in the register", " rekisterissä olevasta päivämäärästä", " från datumet i registret") + from
	}
	return w.pick("for ", "", "i ") + w.period(u.Period) + w.pick(" from the erasure", " poistamisesta", " från raderingen")
}
