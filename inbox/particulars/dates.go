package particulars

import (
	"strconv"
	"strings"
	"time"
)

// date reads the date at token i and how many tokens it takes; the zero time with
// tokens where the order of day and month cannot be known.
func (r *reader) date(i int) (time.Time, int) {
	t := r.tokens[i]
	if t.shape == number {
		if day, n, ok := r.numeric(t.text); ok {
			return day, n
		}
		if d, m, y, n := r.spelt(i); n > 0 {
			return civil(y, m, d), n
		}
		return time.Time{}, 0
	}
	m := months[t.fold]
	if m == 0 || i+2 >= len(r.tokens) { // "March 14, 1982"
		return time.Time{}, 0
	}
	j := i + 2
	if r.tokens[j].is(",") {
		j++
	}
	if j >= len(r.tokens) || r.tokens[i+1].shape != number || !r.tokens[j].pure() || len(r.tokens[j].text) != 4 {
		return time.Time{}, 0
	}
	return civil(atoi(r.tokens[j].text), m, ordinal(r.tokens[i+1].text)), j + 1 - i
}

// numeric reads 12.5.1980, 12/5/1980, 12-5-1980 and 1980-05-12. Where English may mean
// either order, it means none.
func (r *reader) numeric(s string) (time.Time, int, bool) {
	parts := strings.FieldsFunc(s, func(c rune) bool { return c == '.' || c == '/' || c == '-' })
	if len(parts) != 3 {
		return time.Time{}, 0, false
	}
	a, b, c := atoi(parts[0]), atoi(parts[1]), atoi(parts[2])
	switch {
	case len(parts[0]) == 4 && len(parts[2]) <= 2:
		return civil(a, time.Month(b), c), 1, true
	case len(parts[2]) != 4:
		return time.Time{}, 0, false
	case r.lex.lang == "en" && a <= 12 && b <= 12 && a != b:
		return time.Time{}, 1, true
	case r.lex.lang == "en" && b > 12:
		return civil(c, time.Month(a), b), 1, true
	}
	return civil(c, time.Month(b), a), 1, true
}

// spelt reads "14 March 1982", "12. kesäkuuta 1985", "14th of March 1982", "12. 5. 1980".
func (r *reader) spelt(i int) (day int, month time.Month, year, n int) {
	day = ordinal(r.tokens[i].text)
	j := i + 1
	skip := func(words ...string) {
		for _, w := range words {
			if j < len(r.tokens) && (r.tokens[j].is(w) || r.tokens[j].fold == w) {
				j++
			}
		}
	}
	skip(".", "of", "de")
	if j >= len(r.tokens) || r.tokens[j].lines > 0 {
		return 0, 0, 0, 0
	}
	month = months[r.tokens[j].fold]
	if r.tokens[j].pure() && r.tokens[j-1].is(".") {
		month = time.Month(atoi(r.tokens[j].text))
	}
	j++
	skip(".", "de", ",")
	if month < 1 || month > 12 || j >= len(r.tokens) || !r.tokens[j].pure() || len(r.tokens[j].text) != 4 {
		return 0, 0, 0, 0
	}
	return day, month, atoi(r.tokens[j].text), j + 1 - i
}

// civil is a day that exists, of somebody who may be alive; else the zero time.
func civil(year int, month time.Month, day int) time.Time {
	t := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	if t.Day() != day || t.Month() != month || year < 1890 || year > 2100 {
		return time.Time{}
	}
	return t
}

func atoi(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return -1
	}
	return n
}

// ordinal reads 14, 14th and 14de.
func ordinal(s string) int {
	return atoi(strings.TrimRight(s, "dehnrst"))
}

// months by their names, folded, in every language of the tables.
var months = monthNames(
	"january jan january tammikuuta tammikuu januari januar janvier enero gennaio janeiro stycznia jaanuar",
	"february feb february helmikuuta helmikuu februari februar fevrier febrero febbraio fevereiro lutego veebruar",
	"march mar march maaliskuuta maaliskuu mars marz marts mars marzo maart marco marca marts",
	"april apr april huhtikuuta huhtikuu avril abril aprile kwietnia aprill",
	"may may toukokuuta toukokuu maj mai mayo maggio mei maio maja",
	"june jun june kesakuuta kesakuu juni juin junio giugno junho czerwca juuni",
	"july jul july heinakuuta heinakuu juli juillet julio luglio julho lipca juuli",
	"august aug august elokuuta elokuu augusti aout agosto augustus sierpnia",
	"september sep sept syyskuuta syyskuu septembre septiembre settembre setembro wrzesnia",
	"october oct october lokakuuta lokakuu oktober octobre octubre ottobre outubro pazdziernika oktoober",
	"november nov november marraskuuta marraskuu novembre noviembre novembro listopada",
	"december dec december joulukuuta joulukuu dezember decembre diciembre dicembre dezembro grudnia detsember desember",
)

func monthNames(rows ...string) map[string]time.Month {
	m := map[string]time.Month{}
	for i, row := range rows {
		for _, w := range strings.Fields(row) {
			m[w] = time.Month(i + 1)
		}
	}
	return m
}
