package responders

import (
	"testing"

	"dpobot/responders/registers"
	"dpobot/workflow"
)

var customers = registers.Spec{
	Name:     "customers",
	Identify: map[registers.Role]string{registers.Email: "email", registers.Name: "name"}, Telephone: "phone",
	Fields: []registers.Field{
		{Name: "name", Title: registers.Text{"fi": "Nimi", "en": "Name"}, Change: true},
		{Name: "email", Change: true},
		{Name: "address", Title: registers.Text{"fi": "Osoite", "sv": "Adress"}, Change: true},
		{Name: "number", Title: registers.Text{"en": "Customer number"}},
	},
}

// A repeated try does not know what the register holds: a part of a name has no place.
func TestAPartOfANameIsNotWrittenBlindly(t *testing.T) {
	changes, left := changesFor(customers, []workflow.FieldChange{{Field: "surname", Old: "Carter", New: "Smith"}}, registers.Record{Key: "1"})
	if len(changes) != 0 || len(left) != 1 {
		t.Errorf("got %d changes, %d left", len(changes), len(left))
	}
}

// What a person says of a field is not always the whole of it.
func TestWhatAChangeWrites(t *testing.T) {
	record := registers.Record{Key: "1", Values: []registers.Value{
		{Field: "name", Raw: "Emily Anne Carter"}, {Field: "address", Raw: "Old Street 1, 20100 Turku"}, {Field: "number", Raw: "7"},
	}}
	rows := []struct {
		name            string
		field, old, now string
		want, left      string // "" for neither
	}{
		{"a whole new name", "name", "", "Emily Anne Smith", "Emily Anne Smith", ""},
		{"a surname with the old one", "surname", "Carter", "Smith", "Emily Anne Smith", ""},
		{"a surname in Finnish", "Sukunimi", "carter", "Smith", "Emily Anne Smith", ""},
		{"a surname without the old one has no place", "surname", "", "Smith", "", "name"},
		{"a surname that is written already", "surname", "Virtanen", "Carter", "Emily Anne Carter", ""},
		{"a surname of somebody else", "surname", "Virtanen", "Smith", "", "name"},
		{"an address is written whole", "Osoite", "Old Street 1", "New Street 2, 00100 Helsinki", "New Street 2, 00100 Helsinki", ""},
		{"a field that mail may not change", "Customer number", "7", "8", "", "number"},
		{"a field that the register has not", "shoe size", "41", "42", "", ""},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			changes, left := changesFor(customers, []workflow.FieldChange{{Field: row.field, Old: workflow.Text(row.old), New: workflow.Text(row.now)}}, record)
			got, gotLeft := "", ""
			if len(changes) > 0 {
				got = changes[0].New
			}
			if len(left) > 0 {
				gotLeft = left[0]
			}
			if got != row.want || gotLeft != row.left {
				t.Errorf("got %q, left %q; want %q, left %q", got, gotLeft, row.want, row.left)
			}
		})
	}
}
