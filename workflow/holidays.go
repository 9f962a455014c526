package workflow

import (
	"maps"
	"slices"
	"time"
)

// rule finds a holiday's day in a year. A table of our own, since the calendar library
// at hand lacks Finland and Estonia.
type rule struct {
	name string
	on   func(year int) Date
	eve  bool // shifts only where the operator says that eves do
}

func fixed(name string, month time.Month, day int) rule {
	return rule{name: name, on: func(year int) Date { return Date{year, month, day} }}
}

// easter is the day so many days after Easter Sunday.
func easter(name string, offset int) rule {
	return rule{name: name, on: func(year int) Date { return easterSunday(year).AddDays(offset) }}
}

// saturday is the Saturday on or after a day.
func saturday(name string, month time.Month, day int) rule {
	return weekday(name, time.Saturday, month, day)
}

func weekday(name string, want time.Weekday, month time.Month, day int) rule {
	return rule{name: name, on: func(year int) Date {
		d := Date{year, month, day}
		return d.AddDays((int(want-d.Weekday()) + 7) % 7)
	}}
}

func eve(r rule) rule { r.eve = true; return r }

// until ends a holiday that was abolished: the last year it was kept.
func until(last int, r rule) rule {
	on := r.on
	r.on = func(year int) Date {
		if year > last {
			return Date{}
		}
		return on(year)
	}
	return r
}

// since begins a holiday that is new: the first year it is kept.
func since(first int, r rule) rule {
	on := r.on
	r.on = func(year int) Date {
		if year < first {
			return Date{}
		}
		return on(year)
	}
	return r
}

// easterSunday is Easter by the Gregorian computus (Meeus, Jones, Butcher).
func easterSunday(year int) Date {
	a, b, c := year%19, year/100, year%100
	d, e := b/4, b%4
	g := (8*b + 13) / 25
	h := (19*a + b - d - g + 15) % 30
	i, k := c/4, c%4
	l := (32 + 2*e + 2*i - h - k) % 7
	m := (a + 11*h + 22*l) / 451
	n := h + l - 7*m + 114
	return Date{year, time.Month(n / 31), n%31 + 1}
}

var (
	newYear      = fixed("New Year's Day", time.January, 1)
	epiphany     = fixed("Epiphany", time.January, 6)
	maundy       = easter("Maundy Thursday", -3)
	goodFriday   = easter("Good Friday", -2)
	easterDay    = easter("Easter Sunday", 0)
	easterMonday = easter("Easter Monday", 1)
	ascension    = easter("Ascension Day", 39)
	whitSunday   = easter("Whit Sunday", 49)
	whitMonday   = easter("Whit Monday", 50)
	corpus       = easter("Corpus Christi", 60)
	mayDay       = fixed("1 May", time.May, 1)
	assumption   = fixed("Assumption Day", time.August, 15)
	allSaints    = fixed("All Saints' Day", time.November, 1)
	christmasEve = fixed("Christmas Eve", time.December, 24)
	christmas    = fixed("Christmas Day", time.December, 25)
	boxingDay    = fixed("Second Day of Christmas", time.December, 26)
	newYearEve   = fixed("New Year's Eve", time.December, 31)
)

// holidays are the days on which the law of a country moves the end of a time limit.
// Sundays are left to the weekday, but named where they are feasts. Regional holidays
// (German states, Swiss cantons) are the operator's to add.
var holidays = map[string][]rule{
	// Laki säädettyjen määräaikain laskemisesta 150/1930, 5 §, and the days kept as holy.
	"FI": {newYear, epiphany, goodFriday, easterDay, easterMonday, mayDay, ascension, whitSunday,
		eve(weekday("Midsummer Eve", time.Friday, time.June, 19)), saturday("Midsummer Day", time.June, 20),
		saturday("All Saints' Day", time.October, 31), fixed("Independence Day", time.December, 6),
		eve(christmasEve), christmas, boxingDay},
	// Lag (1989:253) om allmänna helgdagar; eves by lag (1930:173) are left to Eves.
	"SE": {newYear, epiphany, goodFriday, easterDay, easterMonday, mayDay, ascension, whitSunday,
		fixed("National Day", time.June, 6), eve(weekday("Midsummer Eve", time.Friday, time.June, 19)),
		saturday("Midsummer Day", time.June, 20), saturday("All Saints' Day", time.October, 31),
		eve(christmasEve), christmas, boxingDay, eve(newYearEve)},
	// Pühade ja tähtpäevade seadus, § 1 and 2.
	"EE": {newYear, fixed("Independence Day", time.February, 24), goodFriday, easterDay, mayDay, whitSunday,
		fixed("Victory Day", time.June, 23), fixed("Midsummer Day", time.June, 24),
		fixed("Restoration of Independence", time.August, 20), christmasEve, christmas, boxingDay},
	// Nation-wide only: § 193 BGB with the states' laws, and Art. 2 of the Unification Treaty.
	"DE": {newYear, goodFriday, easterDay, easterMonday, mayDay, ascension, whitSunday, whitMonday,
		fixed("German Unity Day", time.October, 3), eve(christmasEve), christmas, boxingDay, eve(newYearEve)},
	"NO": {newYear, maundy, goodFriday, easterDay, easterMonday, mayDay, fixed("Constitution Day", time.May, 17),
		ascension, whitSunday, whitMonday, eve(christmasEve), christmas, boxingDay, eve(newYearEve)},
	// Great Prayer Day was abolished from 2024 (lov nr. 214 of 2023).
	"DK": {newYear, maundy, goodFriday, easterDay, easterMonday, until(2023, easter("Great Prayer Day", 26)),
		ascension, whitSunday, whitMonday, eve(fixed("Constitution Day", time.June, 5)),
		eve(christmasEve), christmas, boxingDay, eve(newYearEve)},
	// Algemene termijnenwet, Art. 3: Good Friday counts as a holiday there.
	"NL": {newYear, goodFriday, easterDay, easterMonday, {name: "King's Day", on: kingsDay},
		fixed("Liberation Day", time.May, 5), ascension, whitSunday, whitMonday, christmas, boxingDay},
	"IS": {newYear, maundy, goodFriday, easterDay, easterMonday, weekday("First Day of Summer", time.Thursday, time.April, 19),
		mayDay, ascension, whitSunday, whitMonday, fixed("National Day", time.June, 17),
		weekday("Commerce Day", time.Monday, time.August, 1), eve(christmasEve), christmas, boxingDay, eve(newYearEve)},
	"LV": {newYear, goodFriday, easterDay, easterMonday, mayDay, fixed("Restoration of Independence", time.May, 4),
		whitSunday, fixed("Līgo Day", time.June, 23), fixed("Midsummer Day", time.June, 24),
		fixed("Proclamation Day", time.November, 18), christmasEve, christmas, boxingDay, newYearEve},
	"LT": {newYear, fixed("Restoration of the State", time.February, 16), fixed("Restoration of Independence", time.March, 11),
		easterDay, easterMonday, mayDay, fixed("Midsummer Day", time.June, 24), fixed("Statehood Day", time.July, 6),
		assumption, allSaints, fixed("All Souls' Day", time.November, 2), christmasEve, christmas, boxingDay},
	// Christmas Eve is free from 2025 (act of 27 November 2024).
	"PL": {newYear, epiphany, easterDay, easterMonday, mayDay, fixed("Constitution Day", time.May, 3), whitSunday, corpus,
		assumption, allSaints, fixed("Independence Day", time.November, 11),
		since(2025, christmasEve), christmas, boxingDay},
	"AT": {newYear, epiphany, easterDay, easterMonday, mayDay, ascension, whitSunday, whitMonday, corpus, assumption,
		fixed("National Day", time.October, 26), allSaints, fixed("Immaculate Conception", time.December, 8),
		eve(goodFriday), eve(christmasEve), christmas, boxingDay},
	"FR": {newYear, easterDay, easterMonday, mayDay, fixed("Victory Day", time.May, 8), ascension, whitSunday, whitMonday,
		fixed("National Day", time.July, 14), assumption, allSaints, fixed("Armistice Day", time.November, 11), christmas},
	"BE": {newYear, easterDay, easterMonday, mayDay, ascension, whitSunday, whitMonday, fixed("National Day", time.July, 21),
		assumption, allSaints, fixed("Armistice Day", time.November, 11), christmas},
	"IE": {newYear, {name: "Saint Brigid's Day", on: brigidsDay}, fixed("Saint Patrick's Day", time.March, 17), easterDay, easterMonday,
		weekday("May holiday", time.Monday, time.May, 1), weekday("June holiday", time.Monday, time.June, 1),
		weekday("August holiday", time.Monday, time.August, 1), weekday("October holiday", time.Monday, time.October, 25),
		eve(goodFriday), christmas, boxingDay},
}

// kingsDay is 27 April, or the 26th where that is a Sunday.
func kingsDay(year int) Date {
	d := Date{year, time.April, 27}
	if d.Weekday() == time.Sunday {
		return d.AddDays(-1)
	}
	return d
}

// brigidsDay is 1 February where that is a Friday, else the first Monday of the month;
// kept since 2023.
func brigidsDay(year int) Date {
	if year < 2023 {
		return Date{}
	}
	d := Date{year, time.February, 1}
	if d.Weekday() == time.Friday {
		return d
	}
	return weekday("", time.Monday, time.February, 1).on(year)
}

// Countries lists the countries whose public holidays are known, by ISO 3166 code.
func Countries() []string { return slices.Sorted(maps.Keys(holidays)) }

// Holiday names the public holiday on d; "" where there is none.
func (c Calendar) Holiday(d Date) string {
	if name, own := c.Extra[d]; own {
		return name
	}
	for _, r := range holidays[c.Country] {
		if (!r.eve || c.Eves) && r.on(d.Year) == d {
			return r.name
		}
	}
	return ""
}
