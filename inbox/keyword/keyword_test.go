package keyword

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"dpobot/workflow"
)

// lines splits what stands below the first line; "" is nothing at all.
func lines(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Split(s, "\n")
}

func TestReadWord(t *testing.T) {
	rows := []struct {
		line string
		want workflow.Word
	}{
		{"VERIFIED", workflow.WordVerified}, {"VAHVISTETTU", workflow.WordVerified}, {"VERIFIERAD", workflow.WordVerified},
		{"UNVERIFIED", workflow.WordUnverified}, {"EI VAHVISTETTU", workflow.WordUnverified}, {"EJ VERIFIERAD", workflow.WordUnverified},
		{"STOP", workflow.WordStop}, {"SEIS", workflow.WordStop}, {"STOPP", workflow.WordStop},
		{"RETRY", workflow.WordRetry}, {"UUDESTAAN", workflow.WordRetry}, {"FÖRSÖK IGEN", workflow.WordRetry},
		{"IGNORE", workflow.WordIgnore}, {"OHITA", workflow.WordIgnore}, {"EJ BEGÄRAN", workflow.WordIgnore},
		{"DONE", workflow.WordDone}, {"VALMIS", workflow.WordDone}, {"KLAR", workflow.WordDone},
		{"BREACH", workflow.WordBreach}, {"LOUKKAUS", workflow.WordBreach}, {"INCIDENT", workflow.WordBreach},
		{"STATUS", workflow.WordStatus}, {"TILA", workflow.WordStatus}, {"LÄGE", workflow.WordStatus},
		{"HELP", workflow.WordHelp}, {"OHJE", workflow.WordHelp}, {"HJÄLP", workflow.WordHelp},
		{"verified", workflow.WordVerified}, {"Verified", workflow.WordVerified}, {"vERIFIED", workflow.WordVerified},
		{"försök igen", workflow.WordRetry}, {"fÖrsÖk  IGEN", workflow.WordRetry}, {"Ei\u00a0vahvistettu", workflow.WordUnverified},
		{"fo\u0308rso\u0308k igen", workflow.WordRetry}, {"LA\u0308GE", workflow.WordStatus},
		{"  VERIFIED \t", workflow.WordVerified}, {"VERIFIED.", workflow.WordVerified}, {"Verified!", workflow.WordVerified},
		{"VERIFIED!!!", workflow.WordVerified}, {"VERIFIED .", workflow.WordVerified}, {"VERIFIED,", workflow.WordVerified}, {"VERIFIED:", workflow.WordVerified},
		{"VERIFIED\r", workflow.WordVerified},
	}
	for _, row := range rows {
		t.Run(row.line, func(t *testing.T) {
			got, err := Read(row.line, nil)
			if err != nil || got.Word != row.want {
				t.Errorf("got %q, %v; want %q", got.Word, err, row.want)
			}
			if !IsBareKeyword(row.line) {
				t.Error("got no bare keyword; want one")
			}
		})
	}
}

func TestReadNoKeyword(t *testing.T) {
	rows := map[string]string{
		"empty":                      "",
		"blank":                      "   ",
		"prose":                      "Hello, I rang him.",
		"keyword later on the line":  "He is VERIFIED",
		"negated":                    "NOT VERIFIED",
		"negated in Finnish":         "en vahvista",
		"longer word":                "VERIFIEDX",
		"longer word, with a hyphen": "VERIFIED-ish",
		"longer word, Finnish":       "VAHVISTETTUNA",
		"half of a phrase":           "FÖRSÖK",
		"phrase grown together":      "EIVAHVISTETTU",
		"question":                   "VERIFIED?",
		"question after a blank":     "VERIFIED ?",
		"doubt":                      "VERIFIED...",
		"doubt and wonder":           "VERIFIED?!",
		"full stop and more":         "VERIFIED.X",
		"quoted":                     "> VERIFIED",
		"quoted with a no-break":     "\u00a0> VERIFIED",
		"in quotation marks":         `"VERIFIED"`,
		"in stars":                   "*VERIFIED*",
		"list mark":                  "- VERIFIED",
		"full width":                 "ＶＥＲＩＦＩＥＤ",
		"Cyrillic letter":            "V\u0415RIFIED",
		"Greek letter":               "\u039dOTE text",
		"dotless i":                  "VER\u0131FIED",
		"dotted capital I":           "VER\u0130FIED",
		"Kelvin sign":                "\u212aLAR",
		"Kelvin sign in a word":      "AS\u212a",
		"Angstrom sign":              "FR\u212bGA",
		"long s":                     "\u017ftop",
		"combining accent":           "VERIFIE\u0301D",
		"other dots":                 "HYLKA\u0307A",
		"a for ä":                    "HYLKAA",
		"right to left":              "\u202eDEIFIREV\u202c",
		"zero width within":          "VERI\u200bFIED",
		"zero width behind":          "VERIFIED\u200b",
		"zero width in front":        "\u200bVERIFIED",
		"soft hyphen":                "VERI\u00adFIED",
		"UTF-7":                      "+AFYARQBSAEkARgBJAEUARA-",
		"mathematical letters":       "\U0001d415\U0001d404RIFIED",
		"no UTF-8":                   "VERIFIED\xff",
		"letter apart":               "V E R I F I E D",
	}
	for name, line := range rows {
		t.Run(name, func(t *testing.T) {
			if got, err := Read(line, nil); err != ErrNoKeyword || !reflect.DeepEqual(got, workflow.Command{}) {
				t.Errorf("got %+v, %v; want %v", got, err, ErrNoKeyword)
			}
			if IsBareKeyword(line) {
				t.Error("got a bare keyword; want none")
			}
		})
	}
}

func TestReadLinesBelow(t *testing.T) {
	rows := []struct {
		name, line, below string
		want              error
	}{
		{"nothing", "VERIFIED", "", nil},
		{"blank line", "VERIFIED", "\nPauli", nil},
		{"line of blanks", "VERIFIED", " \t\u00a0\nPauli", nil},
		{"signature mark", "VERIFIED", "-- \nPauli", nil},
		{"signature mark that lost its blank", "VERIFIED", "--\nPauli", nil},
		{"mobile signature after a blank line", "VERIFIED", "\nLähetetty iPhonesta", nil},
		{"second thought", "VERIFIED", "he is not", ErrTrailing},
		{"second thought, Finnish", "VAHVISTETTU ", "ei vielä, odotan passikopiota.", ErrTrailing},
		{"name without a blank line", "VERIFIED", "Pauli", ErrTrailing},
		{"the template quoted without marks", "VERIFIED", "jos henkilöllisyys on varmistettu.", ErrTrailing},
		{"another keyword", "VERIFIED", "STOP", ErrTrailing},
		{"quote mark", "VERIFIED", "> VERIFIED", ErrTrailing},
		{"three dashes", "VERIFIED", "---", ErrTrailing},
		{"with argument", "VERIFIED BY call", "not really", ErrTrailing},
		{"ignore", "IGNORE", "or maybe not", ErrTrailing},
		{"retry", "RETRY", "or maybe not", ErrTrailing},
		{"a brake works whatever follows", "STOP", "it is somebody else!", nil},
		{"unverified takes a remark", "UNVERIFIED", "no answer, three times", nil},
		{"status", "STATUS", "thanks", nil},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			got, err := Read(row.line, lines(row.below))
			if !errors.Is(err, row.want) || row.want == nil && err != nil {
				t.Errorf("got %v; want %v", err, row.want)
			}
			if err != nil && !reflect.DeepEqual(got, workflow.Command{Word: got.Word}) {
				t.Errorf("got %+v; want the word alone with an error", got)
			}
		})
	}
}

func TestReadArguments(t *testing.T) {
	access, change, erasure, other := workflow.Access, workflow.Change, workflow.Erasure, workflow.Other
	type command = workflow.Command
	rows := []struct {
		name, line, below string
		want              command
	}{
		{"verified by call", "VERIFIED BY call", "", command{How: workflow.ByCall}},
		{"verified by phone", "verified by phone.", "", command{How: workflow.ByCall}},
		{"verified in person", "VERIFIED in person", "", command{How: workflow.ByVisit}},
		{"verified with a dash", "VERIFIED - by letter", "", command{How: workflow.ByLetter}},
		{"verified: by video call", "Verified: by video call!", "", command{How: workflow.ByVideo}},
		{"Finnish, by call", "VAHVISTETTU TAPA puhelu", "", command{How: workflow.ByCall}},
		{"Finnish, colon", "VAHVISTETTU, tapa: käynti", "", command{How: workflow.ByVisit}},
		{"Finnish, adverb", "Vahvistettu puhelimitse", "", command{How: workflow.ByCall}},
		{"Finnish, two words", "VAHVISTETTU paikan päällä", "", command{How: workflow.ByVisit}},
		{"Finnish, identification", "VAHVISTETTU vahva tunnistautuminen", "", command{How: workflow.ByEID}},
		{"Finnish with the English argument", "VAHVISTETTU BY call", "", command{How: workflow.ByCall}},
		{"Swedish, by call", "VERIFIERAD GENOM samtal", "", command{How: workflow.ByCall}},
		{"Swedish, per telefon", "Verifierad per telefon", "", command{How: workflow.ByCall}},
		{"Swedish, on the spot", "VERIFIERAD på plats", "", command{How: workflow.ByVisit}},
		{"Swedish, otherwise", "VERIFIERAD på annat sätt", "", command{How: workflow.ByOther}},
		{"send to", "VERIFIED, send to matti@uusi.example", "", command{SendTo: "matti@uusi.example"}},
		{"send to, full stop", "VERIFIED. Send to matti@uusi.example.", "", command{SendTo: "matti@uusi.example"}},
		{"send to, angle brackets and capitals", "VERIFIED SEND TO <Matti+1@Uusi.EXAMPLE>", "", command{SendTo: "matti+1@uusi.example"}},
		{"send to, made a link", "VERIFIED, send to matti@uusi.example <mailto:matti@uusi.example>", "", command{SendTo: "matti@uusi.example"}},
		{"send to, international domain", "VERIFIED, send to matti@Öljy.example", "", command{SendTo: "matti@xn--ljy-rna.example"}},
		{"Finnish, send to", "VAHVISTETTU, lähetä osoitteeseen matti@uusi.example", "", command{SendTo: "matti@uusi.example"}},
		{"Swedish, send to", "VERIFIERAD, skicka till matti@uusi.example", "", command{SendTo: "matti@uusi.example"}},
		{"all at once", "VERIFIED BY visit, SEND TO matti@uusi.example, MATCH 2+1", "\n-- \nx", command{How: workflow.ByVisit, SendTo: "matti@uusi.example", Pick: []int{2, 1}}},
		{"all at once, other order, Finnish", "VAHVISTETTU OSUMA 1 ja 3, osoitteeseen matti@uusi.example; puhelulla", "", command{How: workflow.ByCall, SendTo: "matti@uusi.example", Pick: []int{1, 3}}},
		{"match with commas", "VERIFIED MATCH 1, 2, 2 by call", "", command{How: workflow.ByCall, Pick: []int{1, 2}}},
		{"match none", "VERIFIED MATCH none", "", command{Pick: []int{0}}},
		{"match 0", "VERIFIERAD TRÄFF 0", "", command{Pick: []int{0}}},

		{"kind", "KIND access", "", command{Kinds: []workflow.Kind{access}}},
		{"kind, colon and full stop", "KIND: Access.", "", command{Kinds: []workflow.Kind{access}}},
		{"kinds with plus", "KIND access+erasure", "", command{Kinds: []workflow.Kind{access, erasure}}},
		{"kinds with a spaced plus", "KIND access + change + access", "", command{Kinds: []workflow.Kind{access, change}}},
		{"kinds, Finnish", "LAJI tarkastus, muutos ja poisto", "", command{Kinds: []workflow.Kind{access, change, erasure}}},
		{"kinds, Swedish", "TYP utdrag och radering", "", command{Kinds: []workflow.Kind{access, erasure}}},
		{"kinds with a slash", "LAJI tarkastus/poisto", "", command{Kinds: []workflow.Kind{access, erasure}}},
		{"kind with a right", "KIND objection", "", command{Kinds: []workflow.Kind{other}, Right: workflow.Objection}},
		{"kind with a right beside", "LAJI markkinointikielto + poisto", "", command{Kinds: []workflow.Kind{other, erasure}, Right: workflow.Marketing}},
		{"kind of two words", "TYP automatiserat beslut", "", command{Kinds: []workflow.Kind{other}, Right: workflow.Automated}},
		{"kind other", "KIND other", "", command{Kinds: []workflow.Kind{other}}},

		{"set on the line", "SET phone: 040 123 4567", "", command{Fields: []workflow.FieldChange{{Field: "phone", New: "040 123 4567"}}}},
		{"set below", "ASETA", "Osoite: Uusikatu 1 A 3, 33100 Tampere\nweb : https://a.example/x:y\n\npuh: 09 12345", command{Fields: []workflow.FieldChange{
			{Field: "Osoite", New: "Uusikatu 1 A 3, 33100 Tampere"}, {Field: "web", New: "https://a.example/x:y"}}}},
		{"set on both, signature", "ÄNDRA namn: Åsa", "e-post: asa@ny.example\n-- \ntel: 1", command{Fields: []workflow.FieldChange{
			{Field: "namn", New: "Åsa"}, {Field: "e-post", New: "asa@ny.example"}}}},
		{"set down to a quote", "SET a: b", "> c: d", command{Fields: []workflow.FieldChange{{Field: "a", New: "b"}}}},

		{"extend", "EXTEND many registers", "to ask", command{Text: "many registers\nto ask"}},
		{"extend, text below", "JATKA", "Monta rekisteriä", command{Text: "Monta rekisteriä"}},
		{"refuse", "REFUSE unfounded", "", command{Reason: workflow.Unfounded}},
		{"refuse with a reason", "REFUSE excessive: five times this month", "\nSecond paragraph\n-- \nPauli", command{Reason: workflow.Excessive, Text: "five times this month\n\nSecond paragraph"}},
		{"refuse, Finnish", "HYLKÄÄ lakivelvoite Kirjanpitolaki 2:10", "", command{Reason: workflow.LegalDuty, Text: "Kirjanpitolaki 2:10"}},
		{"refuse, Swedish, two words", "AVSLÅ tredje man: uppgifter om andra", "", command{Reason: workflow.ThirdParty, Text: "uppgifter om andra"}},
		{"refuse, hyphen", "refuse third-party", "", command{Reason: workflow.ThirdParty}},
		{"refuse exempt", "REFUSE exempt Data Protection Act 34", "", command{Reason: workflow.ExemptLaw, Text: "Data Protection Act 34"}},
		{"refuse one kind", "REFUSE erasure legalduty: Accounting Act 2:10", "", command{Kinds: []workflow.Kind{erasure}, Reason: workflow.LegalDuty, Text: "Accounting Act 2:10"}},
		{"refuse two kinds, Finnish", "HYLKÄÄ muutos ja poisto kohtuuton", "", command{Kinds: []workflow.Kind{workflow.Change, erasure}, Reason: workflow.Excessive}},
		{"refuse, a kind in the reason", "REFUSE correct erasure unfounded too", "", command{Reason: workflow.Correct, Text: "erasure unfounded too"}},
		{"ignore one kind", "EJ BEGÄRAN ändring.", "", command{Kinds: []workflow.Kind{workflow.Change}}},
		{"ignore a right", "IGNORE marketing", "\nPauli", command{Kinds: []workflow.Kind{other}, Right: workflow.Marketing}},
		{"done with one kind", "DONE access", "sent by letter", command{Kinds: []workflow.Kind{access}, Text: "sent by letter"}},
		{"done with one kind, a note", "VALMIS poisto: tehty paperille", "", command{Kinds: []workflow.Kind{erasure}, Text: "tehty paperille"}},
		{"done with one kind, taken back", "DONE erasure: withdrawn", "", command{Kinds: []workflow.Kind{erasure}, Text: "withdrawn"}},
		{"done, a note that begins with a kind", "VALMIS tiedot lähetetty kirjeellä", "", command{Text: "tiedot lähetetty kirjeellä"}},
		{"join", "JOIN DPO-2026-0001", "", command{To: "DPO-2026-0001"}},
		{"join, Finnish, small letters", "liitä asiaan dpo-2026-0001.", "\nPauli", command{To: "DPO-2026-0001"}},
		{"join, Swedish, brackets", "KOPPLA till [DPO-2026-0001]", "", command{To: "DPO-2026-0001"}},
		{"ask", "ASK Which address is right?", "", command{Text: "Which address is right?"}},
		{"ask, with paragraphs, down to a quote", "KYSY Hei Matti,", "\nKumpi osoite on oikea?\n> vanha", command{Text: "Hei Matti,\n\nKumpi osoite on oikea?"}},
		{"ask, colon", "FRÅGA: Vilken?", "", command{Text: "Vilken?"}},
		{"done", "DONE", "", command{}},
		{"done with a note", "DONE. Handed over at the counter", "today", command{Text: "Handed over at the counter\ntoday"}},
		{"done with the breach", "VALMIS loukkaus", "\nPauli", command{Text: "breach"}},
		{"done with the breach, more said", "DONE breach, reported to the authority", "", command{Text: "breach"}},
		{"done, taken back", "KLAR återkallad.", "", command{Text: "withdrawn"}},
		{"done, a recipient told", "DONE TOLD Tili Minetti Oy.", "", command{Text: "told", Recipient: "Tili Minetti Oy"}},
		{"done, told, Finnish", "valmis ilmoitettu: Tili Minetti Oy", "\nPauli", command{Text: "told", Recipient: "Tili Minetti Oy"}},
		{"done, told, Swedish, nobody named", "KLAR UNDERRÄTTAD", "", command{Text: "told"}},
		{"note", "NOTE called twice", "no answer", command{Text: "called twice\nno answer"}},
		{"breach", "BREACH answer went to the wrong address", "", command{Text: "answer went to the wrong address"}},

		{"new", "NEW access matti@a.example", "", command{Kinds: []workflow.Kind{access}, Address: "matti@a.example"}},
		{"new with a date", "NEW erasure matti@a.example received 2026-03-05", "", command{Kinds: []workflow.Kind{erasure}, Address: "matti@a.example", Received: workflow.Date{Year: 2026, Month: 3, Day: 5}}},
		{"new with name and Finnish date", "UUSI tarkastus ja poisto Matti Meikäläinen <Matti@A.example> saapunut 5.3.2026.", "", command{Kinds: []workflow.Kind{access, erasure}, Name: "Matti Meikäläinen", Address: "matti@a.example", Received: workflow.Date{Year: 2026, Month: 3, Day: 5}}},
		{"new with commas, Swedish", "NY radering, Åsa Öst, asa@a.example, inkommen 05.03.2026", "", command{Kinds: []workflow.Kind{erasure}, Name: "Åsa Öst", Address: "asa@a.example", Received: workflow.Date{Year: 2026, Month: 3, Day: 5}}},
		{"new today", "UUSI markkinointi matti@a.example tänään", "", command{Kinds: []workflow.Kind{other}, Right: workflow.Marketing, Address: "matti@a.example"}},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			got, err := Read(row.line, lines(row.below))
			if err != nil {
				t.Fatalf("got %v", err)
			}
			got.Argument = "" // TestArgument
			row.want.Word = got.Word
			if !reflect.DeepEqual(got, row.want) {
				t.Errorf("got  %s\nwant %s", show(got), show(row.want))
			}
		})
	}
}

// show spells a command out: %+v would hide what it holds.
func show(c workflow.Command) string {
	var b strings.Builder
	v := reflect.ValueOf(c)
	for i := range v.NumField() {
		if f := v.Field(i); !f.IsZero() {
			b.WriteString(" " + v.Type().Field(i).Name + "=")
			if f.Kind() == reflect.String {
				b.WriteString(f.String())
				continue
			}
			for j := range f.Len() {
				b.WriteString("[")
				if e := f.Index(j); e.Kind() == reflect.Struct {
					b.WriteString(e.Field(0).String() + "|" + e.Field(2).String())
				} else {
					b.WriteString(e.String())
				}
				b.WriteString("]")
			}
		}
	}
	return b.String()
}

func TestArgument(t *testing.T) {
	for line, want := range map[string]string{
		"VERIFIED":                             "",
		"VERIFIED, send to matti@uusi.example": "send to matti@uusi.example",
		"VERIFIED - by call.":                  "by call.",
		"ASK: Mikä?":                           "Mikä?",
	} {
		got, err := Read(line, nil)
		if err != nil || got.Argument.Reveal() != want {
			t.Errorf("%s: got %q, %v; want %q", line, got.Argument.Reveal(), err, want)
		}
	}
}

func TestReadArgumentFaults(t *testing.T) {
	rows := []struct {
		name, line, below string
		word              workflow.Word
		trailing          bool
		argument          Argument
	}{
		{"verified and more", "VERIFIED he is not", "", workflow.WordVerified, true, ""},
		{"verified and more behind a full stop", "VERIFIED. Not.", "", workflow.WordVerified, true, ""},
		{"verified by call and more", "VERIFIED by call but not sure", "", workflow.WordVerified, true, ""},
		{"verified, not", "VERIFIED NOT", "", workflow.WordVerified, true, ""},
		{"verified with the English sentence", "Verified caller said he is ill", "", workflow.WordVerified, true, ""},
		{"unknown method", "VERIFIED BY magic", "", workflow.WordVerified, false, BadMethod},
		{"a mail is no check", "VERIFIED BY e-mail", "", workflow.WordVerified, false, BadMethod},
		{"method missing", "VERIFIED BY", "", workflow.WordVerified, false, BadMethod},
		{"two methods", "VERIFIED BY call, BY visit", "", workflow.WordVerified, false, BadMethod},
		{"address missing", "VERIFIED, send to", "", workflow.WordVerified, false, BadAddress},
		{"address without a domain", "VERIFIED, send to matti", "", workflow.WordVerified, false, BadAddress},
		{"address without a dot", "VERIFIED, send to matti@localhost", "", workflow.WordVerified, false, BadAddress},
		{"two at signs", "VERIFIED, send to matti@a.example@b.example", "", workflow.WordVerified, false, BadAddress},
		{"two addresses", "VERIFIED, send to a@a.example, send to b@b.example", "", workflow.WordVerified, false, BadAddress},
		{"link that differs", "VERIFIED, send to a@a.example <mailto:b@b.example>", "", workflow.WordVerified, false, BadAddress},
		{"display name", "VERIFIED, send to Matti <a@a.example>", "", workflow.WordVerified, false, BadAddress},
		{"homoglyph before the at", "VERIFIED, send to m\u0430tti@a.example", "", workflow.WordVerified, false, BadAddress},
		{"quoted local part", `VERIFIED, send to "a"@a.example`, "", workflow.WordVerified, false, BadAddress},
		{"route", "VERIFIED, send to a%b@a.example", "", workflow.WordVerified, false, BadAddress},
		{"zero width in the address", "VERIFIED, send to a\u200b@a.example", "", workflow.WordVerified, false, BadAddress},
		{"match missing", "VERIFIED MATCH", "", workflow.WordVerified, false, BadMatch},
		{"match no number", "VERIFIED MATCH all", "", workflow.WordVerified, false, BadMatch},
		{"match negative", "VERIFIED MATCH -1", "", workflow.WordVerified, false, BadMatch},
		{"match signed", "VERIFIED MATCH ++1", "", workflow.WordVerified, false, BadMatch},
		{"match far off", "VERIFIED MATCH 99999999999999999999", "", workflow.WordVerified, false, BadMatch},
		{"match none and one", "VERIFIED MATCH 0, 1", "", workflow.WordVerified, false, BadMatch},
		{"match twice", "VERIFIED MATCH 1, MATCH 2", "", workflow.WordVerified, false, BadMatch},

		{"ignore and more", "IGNORE the last mail", "", workflow.WordIgnore, true, ""},
		{"retry and more", "RETRY tomorrow", "", workflow.WordRetry, true, ""},
		{"stop and more", "STOP sending", "", workflow.WordStop, false, NotAlone},
		{"help and more", "Help me", "", workflow.WordHelp, false, NotAlone},
		{"unverified and more", "UNVERIFIED is wrong", "", workflow.WordUnverified, false, NotAlone},
		{"kind missing", "KIND", "", workflow.WordKind, false, BadKind},
		{"kind unknown", "KIND regards, Pauli", "", workflow.WordKind, false, BadKind},
		{"kind and more", "KIND access please", "", workflow.WordKind, false, BadKind},
		{"kind known and unknown joined", "KIND access+x", "", workflow.WordKind, false, BadKind},
		{"kind none", "KIND none", "", workflow.WordKind, false, BadKind},
		{"two rights", "KIND marketing + consent", "", workflow.WordKind, false, BadKind},
		{"only plus signs", "KIND +++", "", workflow.WordKind, false, BadKind},
		{"set missing", "SET", "", workflow.WordSet, false, BadField},
		{"set after a blank line only", "SET", "\na: b", workflow.WordSet, false, BadField},
		{"set without a value", "SET phone:", "", workflow.WordSet, false, BadField},
		{"set without a field", "SET", ": x", workflow.WordSet, false, BadField},
		{"set with a line of prose", "SET phone: 1", "Sent from my iPhone", workflow.WordSet, false, BadField},
		{"set far too many", "SET", manyFields(), workflow.WordSet, false, BadField},
		{"set twice the same", "SET phone: 1", "Phone: 2", workflow.WordSet, false, BadField},
		{"extend without a reason", "EXTEND", "", workflow.WordExtend, false, NoText},
		{"extend with a signature only", "EXTEND", "-- \nPauli", workflow.WordExtend, false, NoText},
		{"ask nothing", "ASK", "\n> x", workflow.WordAsk, false, NoText},
		{"note nothing", "NOTE.", "", workflow.WordNote, false, NoText},
		{"refuse without a code", "REFUSE", "he is rude", workflow.WordRefuse, false, BadCode},
		{"refuse with prose", "REFUSE he is rude", "", workflow.WordRefuse, false, BadCode},
		{"refuse with a longer word", "REFUSE correctly", "", workflow.WordRefuse, false, BadCode},
		{"refuse exempt without the law", "REFUSE exempt", "", workflow.WordRefuse, false, NoText},
		{"refuse one kind without a code", "REFUSE erasure", "", workflow.WordRefuse, false, BadCode},
		{"ignore what is no kind", "IGNORE that", "", workflow.WordIgnore, true, ""},
		{"join without a reference", "JOIN", "", workflow.WordJoin, false, BadReference},
		{"join half a reference", "JOIN ABC-", "", workflow.WordJoin, false, BadReference},
		{"join and more", "JOIN ABC-2026-0001 perhaps", "", workflow.WordJoin, false, BadReference},
		{"join with a second thought", "JOIN DPO-2026-0001", "no, wait", workflow.WordJoin, true, ""},
		{"new, prose", "New address is Uusikatu 1", "", workflow.WordNew, false, BadKind},
		{"new without an address", "NEW access Matti", "", workflow.WordNew, false, BadAddress},
		{"new with a bad address", "NEW access matti@", "", workflow.WordNew, false, BadAddress},
		{"new with half a date", "NEW access a@a.example received 5.3.", "", workflow.WordNew, false, BadDay},
		{"new with a day that is two", "NEW access a@a.example 5/3/2026", "", workflow.WordNew, false, BadDay},
		{"new with no such day", "NEW access a@a.example 30.2.2026", "", workflow.WordNew, false, BadDay},
		{"new with a word and no date", "NEW access a@a.example received", "", workflow.WordNew, false, BadDay},
		{"new with more", "NEW access a@a.example 5.3.2026 by phone", "", workflow.WordNew, false, BadDay},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			got, err := Read(row.line, lines(row.below))
			if got.Word != row.word || !reflect.DeepEqual(got, workflow.Command{Word: row.word}) {
				t.Errorf("got %s; want %s alone", show(got), row.word)
			}
			if row.trailing {
				if !errors.Is(err, ErrTrailing) {
					t.Errorf("got %v; want %v", err, ErrTrailing)
				}
				return
			}
			fault, ok := errors.AsType[*ArgumentError](err)
			if !ok || fault.Argument != row.argument || !errors.Is(err, ErrArgument) {
				t.Fatalf("got %v; want the argument %s", err, row.argument)
			}
			if typed := fault.Typed.Reveal(); len(typed) > 3 && strings.Contains(err.Error(), typed) {
				t.Errorf("the error %q tells what was typed", err)
			}
			for _, lang := range []string{"fi", "sv", "en", "de"} {
				if fault.Explain(lang) == "" {
					t.Errorf("no words in %s", lang)
				}
			}
		})
	}
}

func manyFields() string {
	var b strings.Builder
	for i := range mostFields + 1 {
		fmt.Fprintf(&b, "f%d: x\n", i)
	}
	return b.String()
}

func TestIsBareKeyword(t *testing.T) {
	for line, want := range map[string]bool{
		"ASK": true, "Tila:": true, "  Valmis!": true, "VERIFIED BY call": true, "VERIFIED, send to a@a.example": true,
		"REFUSE unfounded": true, "Done by you": true,
		"VERIFIED  the person is verified": false, "Ask for the birth date": false, "Tila: avoin": false, "": false, "Hei!": false,
	} {
		if got := IsBareKeyword(line); got != want {
			t.Errorf("%q: got %t; want %t", line, got, want)
		}
	}
}

func TestWords(t *testing.T) {
	english := Words("en")
	for _, lang := range []string{"fi", "sv", "en", "de"} {
		words := Words(lang)
		if len(words) != len(english) {
			t.Fatalf("%s: got %d words; want %d", lang, len(words), len(english))
		}
		for i, help := range words {
			if help.Word != english[i].Word {
				t.Errorf("%s: got %s at %d; want %s", lang, help.Word, i, english[i].Word)
			}
			if word, _, ok := cutWord(help.Keyword); !ok || word != help.Word {
				t.Errorf("%s: %s is not read as %s", lang, help.Keyword, help.Word)
			}
			if help.Does == "" || (help.Arguments == "") != (english[i].Arguments == "") {
				t.Errorf("%s: %s lacks an explanation or arguments", lang, help.Keyword)
			}
			if Spell(help.Word, lang) != help.Keyword {
				t.Errorf("%s: got %s; want %s", lang, Spell(help.Word, lang), help.Keyword)
			}
			// A manual's line as mails print it must be no order.
			if IsBareKeyword(help.Keyword + " " + help.Arguments + " " + help.Does) {
				t.Errorf("%s: the manual's line for %s would be taken for an order", lang, help.Keyword)
			}
		}
	}
	for _, s := range spellings {
		if s.phrase != fold(tidy(s.phrase)) {
			t.Errorf("%q can never match", s.phrase)
		}
		for _, o := range spellings {
			if rest, ok := cutPhrase(s.phrase, o.phrase); ok && s != o && (rest == "" || rest[0] == ' ') {
				t.Errorf("%q begins with %q", s.phrase, o.phrase)
			}
		}
	}
}

// TestManualChoices reads every choice that the manual lists.
func TestManualChoices(t *testing.T) {
	for _, lang := range []string{"fi", "sv", "en"} {
		for _, help := range Words(lang) {
			list := strings.Split(strings.Trim(strings.SplitN(help.Arguments, "]", 2)[0], "["), " [")[0]
			switch help.Word {
			case workflow.WordVerified:
				for choice := range strings.SplitSeq(list[strings.Index(list, " ")+1:], "|") {
					line := help.Keyword + " " + list[:strings.Index(list, " ")] + " " + choice
					if got, err := Read(line, nil); err != nil || got.How == "" {
						t.Errorf("%s: got %q, %v", line, got.How, err)
					}
				}
			case workflow.WordKind:
				for choice := range strings.SplitSeq(list, "|") {
					if got, err := Read(help.Keyword+" "+choice, nil); err != nil || len(got.Kinds) != 1 {
						t.Errorf("%s %s: got %v, %v", help.Keyword, choice, got.Kinds, err)
					}
				}
			case workflow.WordRefuse:
				seen := map[workflow.Reason]bool{}
				for choice := range strings.SplitSeq(list, "|") {
					got, err := Read(help.Keyword+" "+choice+" because", nil)
					if err != nil || got.Text != "because" {
						t.Errorf("%s %s: got %v", help.Keyword, choice, err)
					}
					seen[got.Reason] = true
				}
				for _, reason := range workflow.Reasons {
					if !seen[reason] {
						t.Errorf("%s: the manual lacks the ground %s", lang, reason)
					}
				}
			}
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, seed := range []string{"VERIFIED BY call, SEND TO a@a.example, MATCH 1+2", "VAHVISTETTU", "EJ VERIFIERAD", "SET a: b", "REFUSE third party x",
		"NEW access Matti <a@a.example> received 5.3.2026", "KIND access + erasure", "DONE breach", "FO\u0308RLA\u0308NG x", "VERIFIED\u00a0."} {
		f.Add(seed, "")
		f.Add(seed, "x: y\n\n-- \nz")
	}
	f.Fuzz(func(t *testing.T, line, below string) {
		got, err := Read(line, lines(below))
		if err != nil {
			if !reflect.DeepEqual(got, workflow.Command{Word: got.Word}) {
				t.Errorf("got %s with an error", show(got))
			}
			if (err == ErrNoKeyword) != (got.Word == "") {
				t.Errorf("got %q with %v", got.Word, err)
			}
			return
		}
		known := false
		for _, s := range spellings {
			_, fits := cutPhrase(tidy(line), s.phrase)
			known = known || fits && s.word == got.Word
		}
		if !known {
			t.Errorf("got %s of a line that begins with no keyword: %q", got.Word, line)
		}
		if closes(got.Word) && below != "" && !endsText(lines(below)[0]) {
			t.Errorf("got %s although something follows: %q", got.Word, below)
		}
		for _, a := range []workflow.Address{got.SendTo, got.Address} {
			if a != "" && (strings.Count(a.Reveal(), "@") != 1 || strings.ContainsFunc(a.Reveal(), func(r rune) bool { return r <= ' ' || r > '~' })) {
				t.Errorf("got the address %q", a.Reveal())
			}
		}
		if again, err := Read(strings.ToUpper(fold(line)), lines(below)); fold(line) == strings.ToLower(line) && err == nil && again.Word != got.Word {
			t.Errorf("in capitals: got %s; want %s", again.Word, got.Word)
		}
	})
}

func FuzzReadDigest(f *testing.F) {
	f.Add("DPO-2026-0001 VERIFIED\nDPO-2026-0002 NOTE x\ny\n\nPauli\n-- \nz")
	f.Add("Hei\n\n[dpo-2026-0001]: STATUS\n> DPO-2026-0009 VERIFIED")
	f.Fuzz(func(t *testing.T, reply string) {
		for _, line := range ReadDigest(strings.Split(reply, "\n")) {
			if line.Err == nil && (line.Ref == "" || line.Command.Word == "") {
				t.Errorf("got an order without reference or word in %q", reply)
			}
			if errors.Is(line.Err, ErrNoReference) != (line.Ref == "") {
				t.Errorf("got the reference %q with %v", line.Ref, line.Err)
			}
		}
	})
}
