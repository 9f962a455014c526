package particulars

import "dpobot/workflow"

// asked is how a text begins that says what is to be changed, in the languages in which the program asks.
var asked = []struct{ lang, line string }{
	{"fi", "Olkaa hyvä ja muuttakaa:\n"},
	{"sv", "Vänligen ändra:\n"},
	{"en", "Please change:\n"},
}

// Reply reads the answer of a person who was asked what is to be changed: there a line such as "Address: Example Street 1" says
// it, which elsewhere might be a signature. Lang is tried first; the question may have been in another language.
func Reply(lang, text string) []workflow.FieldChange {
	for _, first := range []bool{true, false} {
		for _, a := range asked {
			if (a.lang == lang) != first {
				continue
			}
			if fields := Read(a.lang, "", a.line+text).Fields; len(fields) > 0 {
				return fields
			}
		}
	}
	return nil
}
