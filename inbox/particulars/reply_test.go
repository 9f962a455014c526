package particulars

import "testing"

// An answer to "what is to be changed?" may be a bare line, in any of the languages of the question.
func TestReply(t *testing.T) {
	for _, row := range []struct{ name, lang, text, want string }{
		{"Finnish", "fi", "Osoite: Uusikatu 7, 20500 Turku\n\nMatti", "address=Uusikatu 7, 20500 Turku;"},
		{"Swedish", "sv", "Adress: Nygatan 7, 20500 Åbo\n\nMatti", "address=Nygatan 7, 20500 Åbo;"},
		{"English, two lines", "en", "Address: New Street 7, 20500 Turku\nSurname: Smith\n\nMatti", "address=New Street 7, 20500 Turku;Surname=Smith;"},
		{"another language than was heard", "en", "Osoite: Uusikatu 7, 20500 Turku\n\nMatti", "address=Uusikatu 7, 20500 Turku;"},
		{"an unknown one", "", "Puhelin: 040 123 4567\n", "telephone=040 123 4567;"},
		{"nothing to read", "fi", "Kiitos!\n\nMatti", ""},
		{"a question", "en", "Which address do you have?\n", ""},
	} {
		got := ""
		for _, f := range Reply(row.lang, row.text) {
			got += f.Field + "=" + f.New.Reveal() + ";"
		}
		if got != row.want {
			t.Errorf("%s: got %q, want %q", row.name, got, row.want)
		}
	}
	if got := Read("fi", "", "Hei,\n\nkiitos.\n\nOsoite: Uusikatu 7, 20500 Turku\n").Fields; len(got) != 0 {
		t.Error("a bare line is taken for a change without a question")
	}
}
