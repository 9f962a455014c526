package reading

import (
	"strings"
	"unicode"
)

// role is which line of a mail's header a label names.
type role int

const (
	noHeader role = iota
	fromHeader
	dateHeader
	toHeader
	subjectHeader
	otherHeader
)

// headerLabels are what Outlook and others write before the header lines of a mail that
// they quote or pass on, in lower case.
var headerLabels = labelSet(map[role]string{
	fromHeader:    "from|lähettäjä|mistä|keneltä|från|avsändare|von|absender|de|expéditeur|remitente|da|mittente|van|afzender|fra|avsender|afsender|od|nadawca|saatja|kellelt|от|от кого|від|nuo|siuntėjas|no|sūtītājs|odesílatel|odosielateľ|feladó|de la|από|kimden|发件人|寄件者|寄件人|差出人|보낸 사람|من|pošiljatelj|frá|oorspronkelijk van",
	dateHeader:    "sent|date|lähetetty|päivä|päiväys|päivämäärä|pvm|aika|skickat|datum|gesendet|envoyé|date d'envoi|enviado|enviado el|enviada|enviada em|fecha|data|inviato|verzonden|sendt|dato|wysłano|data wysłania|saadetud|kuupäev|отправлено|дата|надіслано|išsiųsta|nosūtīts|odesláno|odoslané|küldve|elküldve|dátum|trimis|ημερομηνία|gönderme tarihi|tarih|发送时间|日期|寄件日期|日時|送信日時|보낸 날짜|poslano|sent at|dags|fecha de envío",
	toHeader:      "to|vastaanottaja|vastaanottajat|kenelle|till|mottagare|an|à|a|para|per|aan|til|mottaker|do|kellele|saaja|кому|komu|címzett|către|προς|kime|收件人|宛先|받는 사람|kam|kom|za|prejemnik",
	subjectHeader: "subject|aihe|otsikko|ämne|betreff|objet|asunto|assunto|oggetto|onderwerp|emne|temat|teema|тема|předmět|predmet|tárgy|subiect|θέμα|konu|主题|主旨|件名|제목|zadeva|efni|tema",
	otherHeader:   "cc|kopio|kopia|kopie|copie|copia|kopi|dw|koopia|копия|копія|másolat|抄送|副本|bcc|reply-to|svara till|svar till|vastaus|vastausosoite|vastaa|antwort an|risposta|rispondi a|répondre à|responder a|odpowiedz do|importance|tärkeys|prioritet|priority|attachments|liitteet|bilagor|organization|résumé",
})

func labelSet(labels map[role]string) map[string]role {
	set := map[string]role{}
	for role, names := range labels {
		for _, name := range strings.Split(names, "|") {
			set[name] = role
		}
	}
	return set
}

// headerRole tells what a label like "*Från" names.
func headerRole(label string) role {
	if len(label) > 60 {
		return noHeader
	}
	return headerLabels[strings.ToLower(strings.Trim(label, " *_\u00a0\t>"))]
}

// blockLines is within how many lines a header block has to show itself.
const blockLines = 8

// startsHeaderBlock tells the lines "From: ... Sent: ... To: ..." that Outlook puts above
// what it quotes, without any other mark.
func startsHeaderBlock(lines []line) bool {
	var seen [otherHeader + 1]bool
	found := 0
	strange := 0
	for n, l := range lines {
		if n == blockLines || strange > 2 {
			break
		}
		text := strings.TrimFunc(l.text, isBlankOrInvisible)
		if text == "" {
			if found > 0 && n > 0 {
				strange++
			}
			continue
		}
		label, _, ok := cutLabel(text)
		role := noHeader
		if ok {
			role = headerRole(label)
		}
		if role == noHeader {
			if n == 0 {
				return false
			}
			strange++
			continue
		}
		if !seen[role] {
			seen[role] = true
			found++
		}
	}
	return seen[fromHeader] && found >= 2 && (seen[dateHeader] || seen[toHeader] || seen[subjectHeader])
}

func cutLabel(text string) (label, value string, ok bool) {
	label, value, ok = strings.Cut(text, ":")
	if !ok {
		label, value, ok = strings.Cut(text, "：")
	}
	return label, value, ok
}

// forwardWords and replyWords stand between dashes, or alone, above a mail that is
// passed on or quoted as a whole; lower case.
var forwardWords = []string{
	"forwarded message", "forwarded mail", "begin forwarded message", "original message forwarded", "forwarded by", "start of forwarded message", "forwarded email",
	"välitetty viesti", "edelleenlähetetty viesti", "edelleen lähetetty viesti", "aloita välitetty viesti", "alkaa välitetty viesti", "välitetyn viestin alku", "lähetetty edelleen", "välitetty sähköposti",
	"vidarebefordrat meddelande", "vidarebefordrat brev", "vidarebefordrat mejl", "vidarebefordrat mail", "vidarebefordrat e-postmeddelande", "påbörja vidarebefordrat meddelande", "vidarebefordrat mailmeddelande", "börja på vidarebefordrat brev",
	"videresendt besked", "videresendt meddelelse", "videresendt melding", "start på videresendt besked", "weitergeleitete nachricht", "anfang der weitergeleiteten nachricht", "weitergeleitete e-mail",
	"message transféré", "début du message transféré", "début du message réexpédié", "mensaje reenviado", "inicio del mensaje reenviado", "mensagem encaminhada", "início da mensagem encaminhada", "messaggio inoltrato", "inizio messaggio inoltrato",
	"doorgestuurd bericht", "begin doorgestuurd bericht", "wiadomość przekazana dalej", "treść przekazanej wiadomości", "początek przekazywanej wiadomości", "пересылаемое сообщение", "начало переадресованного сообщения", "переслане повідомлення", "пересланное сообщение",
	"edastatud kiri", "edastatud sõnum", "edastatud meil", "persiųstas laiškas", "pārsūtītais ziņojums", "přeposlaná zpráva", "preposlaná správa", "továbbított üzenet", "mesaj redirecționat", "proslijeđena poruka", "προωθημένο μήνυμα", "yönlendirilmiş ileti", "転送されたメッセージ", "转发的邮件", "已转发邮件", "轉寄郵件", "전달된 메시지",
}

var replyWords = []string{
	"original message", "reply message", "replied message", "original appointment", "original mail", "original email", "previous message",
	"alkuperäinen viesti", "alkuperäinen sähköposti", "alkup. viesti", "alkuperäinen tapaaminen", "ursprungligt meddelande", "originalmeddelande", "ursprungligt brev", "ursprunglig avtalad tid", "ursprungligt mejl",
	"oprindelig meddelelse", "oprindelig besked", "opprinnelig melding", "ursprüngliche nachricht", "originalnachricht", "original-nachricht", "message d'origine", "message original", "mensaje original", "mensagem original", "messaggio originale",
	"oorspronkelijk bericht", "originalbericht", "oryginalna wiadomość", "wiadomość oryginalna", "исходное сообщение", "оригинальное сообщение", "оригінальне повідомлення", "algne kiri", "algne sõnum", "algteade", "originalus pranešimas", "sākotnējais ziņojums", "původní zpráva", "pôvodná správa", "eredeti üzenet", "mesaj original", "originalna poruka", "izvorna poruka", "izvirno sporočilo", "αρχικό μήνυμα", "orijinal mesaj", "özgün ileti", "元のメッセージ", "原始邮件", "原始郵件", "원본 메시지",
}

// aboveLine are what ticket systems put between an answer and what it answers.
var aboveLine = []string{"please type your reply above this line", "reply above this line", "please reply above this line", "write above this line", "kirjoita vastauksesi tämän rivin yläpuolelle", "vastaa tämän rivin yläpuolelle", "skriv ditt svar ovanför denna rad", "svara ovanför den här raden"}

// isForwardMarker tells a line that starts a mail that is passed on.
func isForwardMarker(text string) bool { return isMarker(unquoteLine(text), forwardWords) }

// isReplyMarker tells a line that starts a mail that is quoted as a whole.
func isReplyMarker(text string) bool {
	if isMarker(text, replyWords) {
		return true
	}
	if len(text) > 160 || !strings.Contains(text, "##") && !strings.Contains(text, "--") && !strings.Contains(text, "==") && !strings.Contains(text, "line") && !strings.Contains(text, "rivin") && !strings.Contains(text, "rad") {
		return false
	}
	return containsAny(strings.ToLower(text), aboveLine)
}

// isMarker tells one of words that stands between dashes, or alone with a colon.
func isMarker(text string, list []string) bool {
	if len(text) > 200 {
		return false
	}
	decorated := strings.ContainsAny(text[:min(1, len(text))], "-_=*+~#") || strings.HasPrefix(text, "—") || strings.HasPrefix(text, "–")
	colon := strings.HasSuffix(text, ":") || strings.HasSuffix(text, "：")
	if !decorated && !colon {
		return false
	}
	bare := strings.ToLower(strings.TrimFunc(text, func(r rune) bool { return strings.ContainsRune("-–—_=*+~#<>[] :：", r) || r == '\u00a0' }))
	decorated = decorated && len(bare)+4 <= len(text)
	for _, words := range list {
		at := strings.Index(bare, words)
		switch {
		case at < 0:
		case bare == words && (decorated || colon):
			return true
		case at == 0 && decorated && bare[len(words)] == ' ':
			return true // "Forwarded by Matti on 3.3.2025"
		case colon && at > 0 && at+len(words) == len(bare) && bare[at-1] == ' ' && len(strings.Fields(bare[:at])) <= 3:
			return true // "Start of the forwarded message:"
		}
	}
	return false
}

// isSignatureStart tells the mark of RFC 3676, 4.3, with or without its blank, and the
// long dash of ticket systems.
func isSignatureStart(text string) bool {
	return text == "--" || text == "—" || text == "– –" || text == "- -" || text == "––"
}

// isRuler tells a line that is only drawn.
func isRuler(text string) bool {
	marks := 0
	for _, r := range text {
		switch {
		case strings.ContainsRune("-–—_=*+~#•·.", r):
			marks++
		case r != ' ' && r != '\u00a0':
			return false
		}
	}
	return marks >= 3 || marks == 2 && text != ".." && text != "**"
}

// phonePrefixes start the lines that telephones add, in lower case.
var phonePrefixes = []string{
	"sent from", "sent via", "sent with", "sent using", "sent by galaxy", "sent by my", "get outlook for", "get [outlook", "from my iphone", "from my ipad", "from my mobile", "from my phone", "from my android", "sent on the go", "download outlook", "via outlook for",
	"hae outlook", "lataa outlook", "hanki outlook", "lähetetty iphon", "lähetetty ipad", "lähetetty android", "lähetetty samsung", "lähetetty huawei", "lähetetty puhelime", "lähetetty matkapuhelime", "lähetetty kännykä", "lähetetty minun", "lähetetty laittee", "lähetetty outlook", "lähetetty windows", "lähetetty yahoo", "lähetetty gmail", "lähetetty proton", "lähetetty käyttämällä", "lähetetty mobiili", "lähetetty galaxy", "lähetetty omasta", "lähetetty honor", "lähetetty oneplus", "lähetetty nokia", "lähetetty älypuhelime", "lähetetty tabletti", "lähetetty k-9", "lähetetty thunderbird", "lähetetty apple",
	"skickat från", "skickades från", "hämta outlook", "skaffa outlook", "skickad från", "sänt från", "skickat med", "skickat via", "sendt fra", "sendt med", "hent outlook", "få outlook",
	"gesendet von", "gesendet mit", "gesendet über", "von meinem", "diese nachricht wurde von meinem", "outlook für", "holen sie sich outlook", "envoyé de", "envoyé depuis", "envoyé à partir", "envoyé avec", "obtenir outlook", "télécharger outlook", "enviado desde", "enviado de ", "enviado do ", "enviado con", "enviado com", "obtener outlook", "obter outlook", "inviato da", "inviato con", "ottieni outlook", "scarica outlook",
	"verzonden met", "verzonden vanaf", "verzonden via", "verstuurd vanaf", "verstuurd met", "outlook voor", "wysłane z", "wysłano z", "pobierz outlook", "отправлено с", "отправлено из", "надіслано з", "saadetud minu", "saadetud iphon", "saadetud nutitelefoni", "hangi outlook", "išsiųsta iš", "odesláno z", "odoslané z", "küldve", "trimis de", "iphone'umdan gönderildi", "poslano s", "poslano z",
	"从我的", "從我的", "发自我的", "iphoneから送信", "나의 iphone",
}

// phoneByLetter is phonePrefixes by their first byte.
var phoneByLetter = func() map[byte][]string {
	index := map[byte][]string{}
	for _, prefix := range phonePrefixes {
		index[prefix[0]] = append(index[prefix[0]], prefix)
	}
	return index
}()

// isPhoneSignature tells "Sent from my telephone" and its kin.
func isPhoneSignature(text string) bool {
	if len(text) > 200 {
		return false
	}
	text = strings.TrimLeftFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	if text == "" {
		return false
	}
	lower := strings.ToLower(text)
	for _, prefix := range phoneByLetter[lower[0]] {
		if strings.HasPrefix(lower, prefix) {
			return !strings.HasPrefix(lower[len(prefix):], ":") && len(strings.Fields(lower)) <= 16
		}
	}
	return strings.HasSuffix(lower, " from mobile") && len(lower) < 60
}
