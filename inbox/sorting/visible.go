package sorting

import (
	"html"
	"strings"
)

// visible takes off what a raw body may still hold: markup, quoted mails,
// signatures, disclaimers. What a colleague forwards stays.
func visible(subject, text string) string {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	text = withoutTags(text)
	lines := strings.Split(text, "\n")
	kept := make([]string, 0, len(lines))
	forwarded := isForward(subject)
	for i, line := range lines {
		trimmed := strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(trimmed, ">"):
			if forwarded {
				kept = append(kept, strings.TrimLeft(trimmed, "> "))
			}
			continue
		case trimmed == "--" && len(lines)-i <= 20 && i > 0:
			return strings.Join(kept, "\n")
		case saysForwarded(trimmed):
			forwarded = true
			continue
		case !forwarded && quoteBegins(lines, i):
			return strings.Join(kept, "\n")
		case isWrote(trimmed) && i+1 < len(lines):
			continue
		case isDevice(trimmed):
			continue
		}
		kept = append(kept, line)
	}
	return strings.Join(kept, "\n")
}

// withoutTags drops markup; a tag that ends a block becomes a line break.
func withoutTags(s string) string {
	if !strings.Contains(s, "<") {
		return unescape(s)
	}
	var b strings.Builder
	b.Grow(len(s))
	closing, closed := -1, false // bytes from the end where the next '>' stands; no more "</"
	for {
		open := strings.IndexByte(s, '<')
		if open < 0 || open+1 >= len(s) {
			b.WriteString(s)
			break
		}
		b.WriteString(s[:open])
		s = s[open:]
		name := tagName(s)
		if closing < 0 || len(s) < closing {
			closing = len(s) - tagEnd(s)
		}
		end := len(s) - closing
		if name == "" || end > maxTag || end >= len(s) {
			b.WriteByte('<')
			s = s[1:]
			continue
		}
		s = s[end+1:]
		switch name {
		case "style", "script", "head", "title":
			if closed {
				break
			}
			to := strings.Index(s, "</")
			if closed = to < 0; !closed {
				s = s[to:]
			}
		case "br", "p", "div", "tr", "li", "h1", "h2", "h3", "table", "ul", "blockquote":
			b.WriteByte('\n')
		}
	}
	return unescape(b.String())
}

const maxTag = 2000 // bytes of one tag

// tagEnd is where the next '>' stands, or the length of s.
func tagEnd(s string) int {
	if i := strings.IndexByte(s, '>'); i >= 0 {
		return i
	}
	return len(s)
}

// tagName is the name of the tag s begins with, "" where it is none, as in
// "<anna@example.org>".
func tagName(s string) string {
	i := 1
	if i < len(s) && (s[i] == '/' || s[i] == '!') {
		i++
	}
	from := i
	for i < len(s) && i < 24 && (s[i]|0x20 >= 'a' && s[i]|0x20 <= 'z' || s[i] >= '0' && s[i] <= '9') {
		i++
	}
	if i == from || i >= len(s) {
		if strings.HasPrefix(s, "<!--") {
			return "!"
		}
		return ""
	}
	if c := s[i]; c != '>' && c != ' ' && c != '/' && c != '\n' && c != '\t' {
		return ""
	}
	return strings.ToLower(s[from:i])
}

func unescape(s string) string {
	if !strings.Contains(s, "&") {
		return s
	}
	return html.UnescapeString(s)
}

var forwardPrefixes = []string{"fw:", "fwd:", "vl:", "vb:", "wg:", "tr:", "rv:", "i:", "enc:", "pd:", "edastus:", "välitetty:", "doorst:", "továbbítás:", "videresendt:", "πρθ:", "пересл:"}

func isForward(subject string) bool {
	return hasPrefix(strings.TrimSpace(subject), forwardPrefixes)
}

var (
	forwardWords  = []string{"forwarded message", "välitetty viesti", "välitetty", "vidarebefordrat", "videresendt", "weitergeleitet", "transféré", "reenviado", "inoltrato", "doorgestuurd", "przekazan", "edastatud", "encaminhada", "továbbított", "přeposlan", "preposlan", "proslijeđen", "posredovan", "redirecționat", "προωθημέν", "препратен", "пересланн", "переслан"}
	originalWords = []string{"original message", "alkuperäinen viesti", "ursprungligt meddelande", "ursprüngliche nachricht", "message d'origine", "message original", "mensaje original", "messaggio originale", "oorspronkelijk bericht", "mensagem original", "oprindelig meddelelse", "opprinnelig melding", "wiadomość oryginalna", "algne kiri", "eredeti üzenet", "původní zpráva"}
	wroteWords    = []string{"wrote", "kirjoitti", "skrev", "schrieb", "a écrit", "escribió", "ha scritto", "escreveu", "schreef", "napisał", "kirjutas", "írta", "napsal", "napísal", "napisao", "napisal", "scris", "написа", "έγραψε", "rašė", "rakstīja", "skrifaði", "كتب"}
	deviceWords   = []string{"sent from my", "sent from mail", "get outlook", "lähetetty iphone", "lähetetty puhelim", "lähetetty android", "lähetetty samsung", "hanki outlook", "skickat från min", "skickat från mail", "von meinem iphone", "gesendet von", "envoyé de mon", "enviado desde mi", "inviato da", "verzonden vanaf", "sendt fra min", "enviado do meu", "wysłane z", "saadetud minu", "отправлено с"}
	fromWords     = []string{"from:", "von:", "de:", "van:", "fra:", "från:", "lähettäjä:", "od:", "da:", "feladó:", "saatja:", "από:", "от:", "від:"}
	nextWords     = []string{"sent:", "date:", "to:", "subject:", "lähetetty:", "päivämäärä:", "vastaanottaja:", "aihe:", "skickat:", "datum:", "till:", "ämne:", "gesendet:", "an:", "betreff:", "envoyé:", "envoyé :", "objet:", "à:", "enviado:", "para:", "asunto:", "inviato:", "oggetto:", "verzonden:", "aan:", "onderwerp:", "sendt:", "til:", "emne:", "wysłano:", "do:", "temat:", "saadetud:", "teema:"}
)

func saysForwarded(line string) bool {
	marked := strings.HasPrefix(line, "--") || strings.HasPrefix(line, "==") || strings.HasPrefix(line, "__")
	return (marked || strings.HasSuffix(line, ":")) && len(line) < 120 && containsAny(strings.ToLower(line), forwardWords)
}

// quoteBegins says whether an earlier mail, quoted without marks, begins at line i.
func quoteBegins(lines []string, i int) bool {
	line := strings.Trim(lines[i], " *\t")
	if len(line) > 200 || line == "" {
		return false
	}
	if strings.HasPrefix(line, "--") && containsAny(strings.ToLower(line), originalWords) {
		return true
	}
	if isWrote(line) {
		return i+1 < len(lines) && !nextQuoted(lines[i+1:])
	}
	if !hasPrefix(line, fromWords) || i == 0 && len(lines) < 3 {
		return false
	}
	found := 0
	for _, l := range lines[i+1 : min(len(lines), i+5)] {
		if !hasPrefix(strings.Trim(l, " *\t"), nextWords) {
			break
		}
		found++
	}
	return found >= 2
}

func nextQuoted(lines []string) bool {
	for _, l := range lines {
		if l = strings.TrimSpace(l); l != "" {
			return strings.HasPrefix(l, ">")
		}
	}
	return false
}

// isWrote recognises "On 3 March 2025 Anna wrote:".
func isWrote(line string) bool {
	if !strings.HasSuffix(line, ":") || len(line) > 200 || !strings.ContainsAny(line, "0123456789@<") {
		return false
	}
	return containsAny(strings.ToLower(line), wroteWords)
}

func isDevice(line string) bool {
	return len(line) < 80 && hasPrefix(line, deviceWords)
}

func containsAny(s string, words []string) bool {
	for _, w := range words {
		if strings.Contains(s, w) {
			return true
		}
	}
	return false
}

// hasPrefix says whether s begins with one of the words, whatever its capitals.
func hasPrefix(s string, words []string) bool {
	for _, w := range words {
		if len(s) >= len(w) && strings.EqualFold(s[:len(w)], w) {
			return true
		}
	}
	return false
}
