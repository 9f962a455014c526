package reading

import (
	"strings"
	"testing"
)

// TestAttributions tells the lines that mail programs put above a quote from sentences.
func TestAttributions(t *testing.T) {
	const quote = "\n> hei"
	tests := []struct {
		name string
		text string
		want int // lines that belong to it
	}{
		{"Gmail en", "On Mon, Mar 3, 2025 at 9:15 AM Bot <a@b.example> wrote:", 1},
		{"Gmail fi", "ma 3. maalisk. 2025 klo 9.15 Bot (a@b.example) kirjoitti:", 1},
		{"Gmail sv", "Den mån 3 mars 2025 kl 09:15 skrev Bot <a@b.example>:", 1},
		{"Gmail da", "Den man. 3. mar. 2025 kl. 09.15 skrev Bot <a@b.example>:", 1},
		{"Gmail no", "man. 3. mars 2025 kl. 09:15 skrev Bot <a@b.example>:", 1},
		{"Gmail de", "Am Mo., 3. März 2025 um 09:15 Uhr schrieb Bot <a@b.example>:", 1},
		{"Gmail fr", "Le lun. 3 mars 2025 à 09:15, Bot <a@b.example> a écrit :", 1},
		{"Gmail es", "El lun, 3 mar 2025 a las 9:15, Bot (<a@b.example>) escribió:", 1},
		{"Gmail pt", "Em seg., 3 de mar. de 2025 às 09:15, Bot <a@b.example> escreveu:", 1},
		{"Gmail it", "Il giorno lun 3 mar 2025 alle ore 09:15 Bot <a@b.example> ha scritto:", 1},
		{"Gmail nl", "Op ma 3 mrt 2025 om 09:15 schreef Bot <a@b.example>:", 1},
		{"Gmail pl", "pon., 3 mar 2025 o 09:15 Bot <a@b.example> napisał(a):", 1},
		{"Gmail ru", "пн, 3 мар. 2025 г. в 09:15, Bot <a@b.example>:", 1},
		{"Gmail uk", "пн, 3 бер. 2025 р. о 09:15 Bot <a@b.example> пише:", 1},
		{"Gmail et", "Bot (<a@b.example>) kirjutas kuupäeval E, 3. märts 2025 kell 09:15:", 1},
		{"Gmail lv", "pirmd., 2025. g. 3. marts, plkst. 09:15 — lietotājs Bot (<a@b.example>) rakstīja:", 1},
		{"Gmail lt", "2025-03-03, pr, 09:15 Bot <a@b.example> rašė:", 1},
		{"Gmail cs", "po 3. 3. 2025 v 9:15 odesílatel Bot <a@b.example> napsal:", 1},
		{"Gmail hu", "Bot <a@b.example> ezt írta (időpont: 2025. márc. 3., H, 9:15):", 1},
		{"Gmail ro", "În lun., 3 mar. 2025 la 09:15, Bot <a@b.example> a scris:", 1},
		{"Gmail el", "Στις Δευ 3 Μαρ 2025 στις 9:15 π.μ., ο χρήστης Bot <a@b.example> έγραψε:", 1},
		{"Gmail tr", "Bot <a@b.example>, 3 Mar 2025 Pzt, 09:15 tarihinde şunu yazdı:", 1},
		{"Gmail zh", "Bot <a@b.example> 于2025年3月3日周一 09:15写道：", 1},
		{"Gmail ja", "2025年3月3日(月) 9:15 Bot <a@b.example>:", 1},
		{"Gmail ko", "2025년 3월 3일 (월) 오전 9:15, Bot <a@b.example>님이 작성:", 1},
		{"Thunderbird en", "On 3/3/2025 9:15 AM, Bot wrote:", 1},
		{"Thunderbird fi", "Bot kirjoitti 3.3.2025 klo 9.15:", 1},
		{"Thunderbird sv", "Den 2025-03-03 kl. 09:15, skrev Bot:", 1},
		{"Thunderbird de", "Am 03.03.25 um 09:15 schrieb Bot:", 1},
		{"Apple en", "On 3 Mar 2025, at 9.15, Bot <a@b.example> wrote:", 1},
		{"Apple fi", "Bot <a@b.example> kirjoitti 3.3.2025 kello 9.15:", 1},
		{"Apple sv", "3 mars 2025 kl. 09:15 skrev Bot <a@b.example>:", 1},
		{"Yahoo fi", "maanantai 3. maaliskuuta 2025 klo 9.15.00 UTC+2 Bot <a@b.example> kirjoitti:", 1},
		{"Yahoo sv", "Den måndag 3 mars 2025 09:15:00 CET skrev Bot <a@b.example>:", 1},
		{"Evolution fi", "ke, 2025-03-05 kello 23:46 +0200, Bot kirjoitti:", 1},
		{"Zoho", "---- On Mon, 03 Mar 2025 09:15:00 +0200 Bot <a@b.example> wrote ----", 1},
		{"no verb", "2025-03-03 9:15 GMT+02:00 Bot <a@b.example>", 1},
		{"Horde", "Quoting Bot <a@b.example>:", 1},
		{"two lines", "ma 3. maalisk. 2025 klo 9.15 Powercompetence Oy Tietosuoja (\na@b.example) kirjoitti:", 2},
		{"three lines", "On Mon, Mar 3, 2025 at 9:15 AM\nBot\n<a@b.example> wrote:", 3},
		{"verb alone above a quote", "Bot kirjoitti:" + quote, 1},
		{"old style above a quote", "In article <1@b.example>, Bot writes:" + quote, 1},

		{"verb alone above text", "Liisa kirjoitti:\nhei", 0},
		{"sentence with a day", "Liisa kirjoitti minulle 3.3.2025 seuraavasti:\nemme anna tietoja", 0},
		{"sentence with a list", "Pyydän korjaamaan 3.3.2025 alkaen:\n- osoite", 0},
		{"name and verb within", "Jag skrev fel när jag blev medlem. Adressen ska vara a@b.example", 0},
		{"own words before", "Soita 040 123 4567\nOn Mon, 3 Mar 2025 at 9:15, Bot <a@b.example> wrote:", 0},
		{"address and colon", "Osoitteeni matti@example.net on käytössä:", 0},
		{"plain", "Hei, pyydän tietoni.", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var lines []line
			for _, text := range strings.Split(tt.text, "\n") {
				lines = append(lines, line{text: text})
			}
			if got := attributionLength(lines); got != tt.want {
				t.Errorf("got %d lines, want %d", got, tt.want)
			}
		})
	}
}

// TestMarkers tells what starts a quoted or a passed-on mail, and a signature.
func TestMarkers(t *testing.T) {
	tests := []struct {
		text string
		want passage
	}{
		{"-----Alkuperäinen viesti-----", replyMarker},
		{"-----Ursprungligt meddelande-----", replyMarker},
		{"-----Original Message-----", replyMarker},
		{"-------- Alkuperäinen viesti --------", replyMarker},
		{"*-------- Original Message --------*", replyMarker},
		{"---------- Forwarded message ---------", forwardMarker},
		{"---------- Välitetty viesti ---------", forwardMarker},
		{"Aloita välitetty viesti:", forwardMarker},
		{"Börjar vidarebefordrat meddelande:", forwardMarker},
		{"> Begin forwarded message:", forwardMarker},
		{"-- ", signatureStart},
		{"--", signatureStart},
		{"_______________", ruler},
		{"* * *", ruler},
		{"Lähetetty iPhonesta", phoneSignature},
		{"Lähetetty Outlook for Androidista", phoneSignature},
		{"Hae Outlook for iOS<https://aka.ms/o0ukef>", phoneSignature},
		{"Skickat från min iPhone", phoneSignature},
		{"Sent from my Galaxy", phoneSignature},
		{"> quoted", quoteLine},
		{"\u00a0> quoted", quoteLine},
		{"| quoted", quoteLine},
		{"Lähetetty viesti ei tullut perille", ownLine},
		{"Lähetin alkuperäisen viestin eilen", ownLine},
		{"Original message was lost", ownLine},
		{"- luetteloa", ownLine},
		{"*", ownLine},
		{"", blankLine},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			if got := classify([]line{{text: tt.text}})[0]; got != tt.want {
				t.Errorf("got %c, want %c", got, tt.want)
			}
		})
	}
}
