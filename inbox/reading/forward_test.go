package reading

import (
	"strings"
	"testing"
)

// The subject tells what Outlook does with the mail below: "VS:" forwards in Norway and in
// Denmark, and answers in Finland, where "VL:" forwards.
func TestForwardBySubject(t *testing.T) {
	nordic := []string{"Fra: Kari <kari@example.org>", "Sendt: mandag 3. mars 2025 09:12", "Til: Jon", "Emne: Bildet", "", "Slett bildet av meg."}
	finnish := []string{"Lähettäjä: Kari <kari@example.org>", "Lähetetty: maanantai 3. maaliskuuta 2025 9.12", "Vastaanottaja: Jon", "Aihe: Kuva", "", "Poistakaa kuvani."}
	icelandic := []string{"Frá: Kari <kari@example.org>", "Sent: mánudagur 3. mars 2025 09:12", "Til: Jon", "Efni: Mynd", "", "Eyðið myndinni af mér."}
	greek := []string{"Από: Kari <kari@example.org>", "Στάλθηκε: Δευτέρα, 3 Μαρτίου 2025 9:12", "Προς: Jon", "Θέμα: Φωτογραφία", "", "Διαγράψτε τη φωτογραφία μου."}
	rows := []struct {
		subject string
		below   []string
		forward bool
	}{
		{"VS: Bildet", nordic, true},
		{"Vs: Bildet", nordic, true},
		{"SV: Bildet", nordic, false},
		{"VS: Kuva", finnish, false},
		{"VL: Kuva", finnish, true},
		{"FS: Mynd", icelandic, true},
		{"SV: Mynd", icelandic, false},
		{"ΠΡΘ: Φωτογραφία", greek, true},
		{"ΑΠ: Φωτογραφία", greek, false},
	}
	for _, row := range rows {
		t.Run(row.subject, func(t *testing.T) {
			raw := "From: jon@company.example\r\nTo: privacy@company.example\r\nSubject: =?utf-8?q?" + quoted(row.subject) +
				"?=\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nHei!\r\n\r\n" + strings.Join(row.below, "\r\n") + "\r\n"
			m, err := Read(strings.NewReader(raw), DefaultLimits())
			if err != nil {
				t.Fatal(err)
			}
			want := ""
			if row.forward {
				want = row.below[5]
			}
			if m.Forwarded != want || m.Text != "Hei!" {
				t.Errorf("got forwarded %q and text %q, want %q and Hei!", m.Forwarded, m.Text, want)
			}
		})
	}
}

// quoted writes text for an encoded word (RFC 2047, 4.2).
func quoted(text string) string {
	const digits = "0123456789ABCDEF"
	var b strings.Builder
	for _, c := range []byte(text) {
		b.WriteString(string([]byte{'=', digits[c>>4], digits[c&15]}))
	}
	return b.String()
}
