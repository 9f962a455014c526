package reading

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// wroteWords are how mail programs say "wrote" above a quote, in lower case.
var wroteWords = []string{
	"wrote", "writes", "has written", "kirjoitti", "kirjoittaa", "skrev", "skriver", "schrieb", "schreibt", "a écrit", "a ecrit", "escribió", "escribio", "escrigué", "va escriure",
	"escreveu", "ha scritto", "scrive", "schreef", "geschreven", "napisał", "napisała", "napisał(a)", "pisze", "написал", "написала", "написал(a)", "написал(а)", "пишет", "писал", "написав", "написала",
	"пише", "написа", "kirjutas", "rašė", "parašė", "rakstīja", "napsal", "napsal(a)", "napsala", "napísal", "napísal(a)", "írta", "ezt írta", "a scris", "έγραψε", "yazdı", "yazmış", "写道", "寫道", "写了", "書きました", "作成", "wrote", "đã viết",
	"menulis", "ditulis", "idatzi", "skrifaði", "je napisao", "je napisala", "napisao", "napisala", "је написао", "napisal", "napisala", "je napisal", "kirjoittanut", "kirjoittivat", "skreiv", "כתב", "كتب", "เขียน", "작성", "написао",
}

// quotingWords start the attribution of programs that do not say "wrote".
var quotingWords = []string{"quoting ", "lainaus ", "lainataan ", "citerar ", "citat från ", "zitat von ", "zitiere ", "citando ", "quotando ", "citat de ", "en réponse à ", "vastaus viestiin "}

// dateStarts are the first words of attributions that start with a date.
var dateStarts = wordSet(`on at le am um el il op den på em dnia w vào в от la a i dne dňa in pe 在 于 於 kuupäeval
	ma ti ke to la su maanantaina tiistaina keskiviikkona torstaina perjantaina lauantaina sunnuntaina maanantai tiistai keskiviikko torstai perjantai lauantai sunnuntai
	mån tis ons tors tor fre lör sön måndag tisdag onsdag torsdag fredag lördag söndag man tir lør mandag tirsdag
	mon tue tues wed thu thur thurs fri sat sun monday tuesday wednesday thursday friday saturday sunday
	mo di mi do fr sa so montag dienstag mittwoch donnerstag freitag samstag sonntag
	lun mar mer jeu ven sam dim lundi mardi mercredi jeudi vendredi samedi dimanche lunes martes miércoles jueves viernes sábado domingo
	lunedì martedì mercoledì giovedì venerdì sabato domenica gio sab dom segunda terça quarta quinta sexta seg ter qua qui sex mié jue vie
	maandag dinsdag woensdag donderdag vrijdag zaterdag zondag za zo wo vr pon wt śr czw pt sob niedz poniedziałek wtorek środa czwartek piątek sobota niedziela
	пн вт ср чт пт сб вс понедельник вторник среда четверг пятница суббота воскресенье понеділок вівторок середа четвер п'ятниця субота неділя
	e t k n r l p esmaspäev teisipäev kolmapäev neljapäev reede laupäev pühapäev po út st čt pá so ne út pirm antr treč ketv penkt šešt sekm`)

func wordSet(words string) map[string]bool {
	set := map[string]bool{}
	for _, word := range strings.Fields(words) {
		set[word] = true
	}
	return set
}

const (
	maxAttributionLines = 6
	maxAttribution      = 500 // bytes
)

// attributionLength says how many of the lines, from the first, are one attribution;
// programs break them anywhere. 0 is none.
func attributionLength(lines []line) int {
	lines = lines[:min(len(lines), 2*maxAttributionLines)]
	joined := ""
	quoteFollows := func(n int) bool {
		for _, l := range lines[n:] {
			if text := strings.TrimFunc(l.text, isBlankOrInvisible); text != "" {
				return isQuoteLine(text) || l.kind == lineQuoted
			}
		}
		return false
	}
	filled := 0
	for n := 0; n < len(lines) && filled < maxAttributionLines; n++ {
		text := strings.TrimFunc(lines[n].text, isBlankOrInvisible)
		if text == "" {
			if filled != 1 || !startsWithDate(joined) {
				return 0
			}
			continue
		}
		if n > 0 && startsWithDate(text) && !startsWithDate(joined) && !hasAddress(joined) && !hasWrote(joined) || n > 0 && isReplyMarker(text) || len(joined)+len(text) > maxAttribution {
			return 0
		}
		joined = strings.TrimSpace(joined + " " + text)
		filled++
		if filled == 1 && !opensAttribution(joined) {
			return 0
		}
		if isAttribution(joined, filled, func() bool { return quoteFollows(n + 1) }) {
			return n + 1
		}
	}
	return 0
}

// endsAttribution reports whether a line may be the last of an attribution. It rules most
// lines out at little cost.
func endsAttribution(text string) bool {
	text = strings.TrimRight(text, " *_\t\u00a0\r")
	return strings.HasSuffix(text, ":") || strings.HasSuffix(text, "：") || strings.HasSuffix(text, "----") || strings.HasSuffix(text, ">")
}

// opensAttribution reports whether an attribution that is broken over lines may start so.
func opensAttribution(text string) bool {
	text = strings.TrimLeft(text, "-*_ ")
	return startsWithDate(text) || hasAddress(text) || hasWrote(text) || strings.HasSuffix(text, ":") || strings.HasSuffix(text, "<") || strings.HasSuffix(text, "(")
}

// startsWithDate tells "On Mon, 3 March", "ma 3. maalisk.", "2025-03-03" and the like.
func startsWithDate(text string) bool {
	text = strings.TrimLeft(text, "-*_ ")
	if text == "" || !looksLikeDate(text) {
		return false
	}
	if text[0] >= '0' && text[0] <= '9' {
		return true
	}
	word := text
	if end := strings.IndexAny(text, " ,.\u00a0"); end > 0 {
		word = text[:end]
	}
	if r, size := utf8.DecodeRuneInString(text); r >= 0x2e80 {
		word = text[:size]
	}
	return dateStarts[strings.ToLower(word)]
}

// looksLikeDate wants a day and a year, or a time.
func looksLikeDate(text string) bool {
	return hasYear(text) || hasTime(text)
}

func hasYear(text string) bool {
	for i := 0; i+4 <= len(text); i++ {
		if (text[i:i+2] == "19" || text[i:i+2] == "20") && isDigit(text[i+2]) && isDigit(text[i+3]) &&
			(i == 0 || !isDigit(text[i-1])) && (i+4 == len(text) || !isDigit(text[i+4])) {
			return true
		}
	}
	return false
}

// hasTime tells 9:15 and the Finnish 9.15.
func hasTime(text string) bool {
	for i := 1; i+2 < len(text); i++ {
		if (text[i] == ':' || text[i] == '.') && isDigit(text[i-1]) && isDigit(text[i+1]) && isDigit(text[i+2]) && (i+3 == len(text) || !isDigit(text[i+3])) {
			return true
		}
	}
	return false
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func hasAddress(text string) bool {
	at := strings.IndexByte(text, '@')
	return at > 0 && at+1 < len(text) && text[at-1] != ' ' && text[at+1] != ' '
}

// hasWrote reports whether a word for "wrote" stands in the text, as a word.
func hasWrote(text string) bool {
	text = strings.ToLower(strings.ReplaceAll(text, "\u00a0", " "))
	for _, wrote := range wroteWords {
		for from := 0; ; {
			at := strings.Index(text[from:], wrote)
			if at < 0 {
				break
			}
			start, end := from+at, from+at+len(wrote)
			if isWordEdge(text, start, true) && isWordEdge(text, end, false) {
				return true
			}
			from = end
		}
	}
	return false
}

func isWordEdge(text string, at int, before bool) bool {
	var r rune
	if before {
		r, _ = utf8.DecodeLastRuneInString(text[:at])
	} else {
		r, _ = utf8.DecodeRuneInString(text[at:])
	}
	return r == utf8.RuneError || !unicode.IsLetter(r) || r >= 0x2e80
}

// isAttribution tells whether text introduces somebody else's words. A line of the
// sender's own may end in a colon, so it takes a date, an address or a quote below.
func isAttribution(text string, lines int, quoteFollows func() bool) bool {
	text = strings.TrimRight(text, " *_")
	if strings.HasPrefix(text, "----") && strings.HasSuffix(text, "----") {
		text = strings.Trim(text, "- ") + ":" // Zoho
	}
	if text == "" {
		return false
	}
	if !strings.HasSuffix(text, ":") && !strings.HasSuffix(text, "：") {
		return isBareAttribution(text, quoteFollows)
	}
	lower := strings.ToLower(text)
	for _, quoting := range quotingWords {
		if strings.HasPrefix(lower, quoting) {
			return hasAddress(text) || quoteFollows()
		}
	}
	if lines > 1 && !startsWithDate(text) && !hasAddress(text) && !strings.ContainsFunc(text, unicode.IsDigit) {
		return false
	}
	if hasWrote(text) {
		return hasAddress(text) || hasTime(text) && (hasYear(text) || startsWithDate(text)) || quoteFollows()
	}
	// A language that we do not know: a date with a time, and somebody.
	return hasTime(text) && (hasYear(text) && hasAddress(text) || startsWithDate(text) && quoteFollows())
}

// isBareAttribution tells the form without a verb: "2016-03-03 17:21 GMT+01:00 Some One <a@b>".
func isBareAttribution(text string, quoteFollows func() bool) bool {
	if !isDigit(text[0]) || len(text) < 12 || !hasYear(text[:min(12, len(text))]) {
		return startsWithDate(text) && hasWrote(text) && quoteFollows()
	}
	return hasTime(text) && strings.Contains(text, "GMT") || strings.HasSuffix(text, ">") && hasAddress(text)
}
