package export

import (
	"bytes"
	"encoding/csv"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestSpreadsheetSafe(t *testing.T) {
	for _, c := range []struct{ name, value, want string }{
		{"text", "Matti", "Matti"},
		{"nothing", "", ""},
		{"formula", "=1+1", "'=1+1"},
		{"command", "+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"},
		{"minus formula", "-A1", "'-A1"},
		{"function", "@SUM(A1)", "'@SUM(A1)"},
		{"tab", "\t=1", "'\t=1"},
		{"line break", "\n=1", "'\n=1"},
		{"negative number", "-12,50", "-12,50"},
		{"telephone", "+358 40 123 4567", "+358 40 123 4567"},
		{"apostrophe", "'t Hooft", "'t Hooft"},
		{"looks like ours", "'=1", "''=1"},
		{"no text", "\xff\xfe", "base64://4="},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := spreadsheetSafe(c.value); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

// The rule in the docs gives every text back: take one apostrophe away where a run
// of them stands before =, @, tab, a line break, or a + or - of no plain number.
func FuzzSpreadsheetSafe(f *testing.F) {
	for _, s := range []string{"", "'", "''", "=1", "'=1", "+1", "+a", "''-x", "\r"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, value string) {
		if !utf8.ValidString(value) {
			return
		}
		safe := spreadsheetSafe(value)
		if strings.IndexAny(safe, "=@\t\r\n") == 0 {
			t.Errorf("%q begins like a formula", safe)
		}
		back := safe
		if spreadsheetSafe(strings.TrimPrefix(safe, "'")) == safe && strings.HasPrefix(safe, "'") {
			back = safe[1:]
		}
		if back != value {
			t.Errorf("got %q back, want %q", back, value)
		}
	})
}

// The files are what a spreadsheet wants, and hold every value.
func TestSheets(t *testing.T) {
	for lang, comma := range map[string]rune{"fi": ';', "sv": ';', "en": ','} {
		files := read(t, build(t, matti(lang), Limits{})[0].Data).attachments()
		var names []string
		for name := range files {
			names = append(names, name)
		}
		slices.Sort(names)
		orders := map[string]string{"fi": "tilaukset", "sv": "bestallningar", "en": "orders"}[lang]
		want := []string{"asiakasrekisteri-" + orders + ".csv", "asiakasrekisteri.csv", "dp-2026-0042.json", "uutiskirje.csv"}
		if !slices.Equal(names, want) {
			t.Errorf("%s: got files %q, want %q", lang, names, want)
		}
		rows := readCSV(t, files["asiakasrekisteri.csv"], comma)
		if len(rows) != 2 || rows[1][0] != "1" || rows[1][1] != "Matti Meikäläinen" || rows[1][4] != "Uusikatu 1 A 3\n33100 Tampere" {
			t.Errorf("%s: got %q", lang, rows)
		}
		rows = readCSV(t, files["asiakasrekisteri-"+orders+".csv"], comma)
		if len(rows) != 4 || rows[2][3] != "-12,50" || !strings.HasPrefix(rows[2][4], "'=HYPERLINK") {
			t.Errorf("%s: got %q", lang, rows)
		}
		if rows := readCSV(t, files["uutiskirje.csv"], comma); len(rows) != 3 || rows[2][0] != "2" {
			t.Errorf("%s: got %q", lang, rows)
		}
	}
}

// readCSV reads a CSV file of ours.
func readCSV(t *testing.T, data []byte, comma rune) [][]string {
	t.Helper()
	rest, ok := bytes.CutPrefix(data, []byte("\ufeff"))
	if !ok {
		t.Error("no byte order mark")
	}
	if !bytes.Contains(rest, []byte("\r\n")) {
		t.Error("no CR LF")
	}
	r := csv.NewReader(bytes.NewReader(rest))
	r.Comma = comma
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatalf("read CSV: %v", err)
	}
	return rows
}
