package responders

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"dpobot/responders/registers"
	"dpobot/workflow"
)

// columns makes a register of fields: "name=title", with ":role" behind the name where the configuration gives one and
// "!" where mail may not change it.
func columns(fields ...string) registers.Spec {
	spec := registers.Spec{Name: "r", Identify: map[registers.Role]string{}}
	for _, text := range fields {
		name, title, _ := strings.Cut(text, "=")
		name, shut := strings.CutSuffix(name, "!")
		name, role, _ := strings.Cut(name, ":")
		f := registers.Field{Name: name, Role: registers.Holds(role), Change: !shut}
		if title != "" {
			f.Title = registers.Text{"en": title}
		}
		spec.Fields = append(spec.Fields, f)
	}
	return spec
}

// A change told in a mail finds its field, or none; never one that only looks like it.
func TestWhereAChangeGoes(t *testing.T) {
	const home = "Uusikatu 1 A 3, 20100 Turku"
	apart := []string{"c1=Katuosoite", "c2=Postinumero", "c3=Postitoimipaikka"}
	rows := []struct {
		name   string
		spec   registers.Spec
		fields []string // "word=value"
		want   string   // "field=value", sorted
		left   string   // fields
	}{
		{"address by title", columns("c1=Kotiosoite"), []string{"address=" + home}, "c1=" + home, ""},
		{"address by role", columns("c1:address=Domicile"), []string{"address=" + home}, "c1=" + home, ""},
		{"address by name", columns("address=Where the customer lives"), []string{"address=" + home}, "address=" + home, ""},
		{"a delivery address is no address", columns("address=Delivery address"), []string{"address=" + home}, "", ""},
		{"nor is a billing address", columns("c1=Laskutusosoite", "billing_address=Osoite"), []string{"address=" + home}, "", ""},
		{"a billing address by its own title", columns("c1=Laskutusosoite", "c2=Osoite"), []string{"Laskutusosoite=" + home}, "c1=" + home, ""},
		{"beside a delivery address", columns("c1=Toimitusosoite", "c2=Osoite"), []string{"address=" + home}, "c2=" + home, ""},
		{"the role counts before the name", columns("address=Delivery address", "c2:address=Domicile"), []string{"address=" + home}, "c2=" + home, ""},
		{"two addresses are left", columns("c1=Kotiosoite", "c2=Postiosoite"), []string{"address=" + home}, "", "c1 c2"},
		{"two addresses and SET", columns("c1=Kotiosoite", "c2=Postiosoite"), []string{"address=" + home, "Postiosoite=" + home}, "c2=" + home, ""},
		{"two fields of one title are left", columns("c1=Osoite", "c2=Osoite"), []string{"Osoite=" + home}, "", "c1 c2"},

		{"an address apart", columns(apart...), []string{"address=" + home}, "c1=Uusikatu 1 A 3|c2=20100|c3=Turku", ""},
		{"a Swedish one", columns("c1=Gatuadress", "c2=Postnummer", "c3=Ort"), []string{"address=Storgatan 5, 111 22 Stockholm"}, "c1=Storgatan 5|c2=111 22|c3=Stockholm", ""},
		{"beside a postcode an address is a street", columns("address=Osoite", "c2=Postinumero", "c3=Kaupunki"), []string{"address=" + home}, "address=Uusikatu 1 A 3|c2=20100|c3=Turku", ""},
		{"apart, by role", columns("a:street=x", "b:postcode=y", "c:city=z"), []string{"address=" + home}, "a=Uusikatu 1 A 3|b=20100|c=Turku", ""},
		{"apart, without a postcode", columns(apart...), []string{"address=Uusikatu 1 A 3"}, "", "c1 c2 c3"},
		{"apart, with a country", columns(apart...), []string{"address=" + home + ", Finland"}, "", "c1 c2 c3"},
		{"apart, with a c/o", columns(apart...), []string{"address=c/o Lund 7, 20100 Turku"}, "", "c1 c2 c3"},
		{"apart, with two postcodes", columns(apart...), []string{"address=Uusikatu 1 00100 Helsinki, 20100 Turku"}, "", "c1 c2 c3"},
		{"apart, in Britain", columns(apart...), []string{"address=12 High Street, Leeds LS1 4AB"}, "", "c1 c2 c3"},
		{"apart, one shut", columns("c1=Katuosoite", "c2!=Postinumero", "c3=Postitoimipaikka"), []string{"address=" + home}, "", "c1 c2 c3"},
		{"apart, without a city", columns("c1=Katuosoite", "c2=Postinumero"), []string{"address=" + home}, "", "c1 c2"},
		{"apart, two streets", columns(append(apart, "c4=Lähiosoite")...), []string{"address=" + home}, "", "c1 c4 c2 c3"},
		{"apart, beside another's", columns(append(apart, "c4=Yrityksen katuosoite", "c5=Billing city", "contact_postcode=Postcode")...), []string{"address=" + home}, "c1=Uusikatu 1 A 3|c2=20100|c3=Turku", ""},
		{"apart, and SET of each", columns(apart...), []string{"address=12 High Street, Leeds", "Katuosoite=12 High Street", "Postinumero=LS1 4AB", "Postitoimipaikka=Leeds"}, "c1=12 High Street|c2=LS1 4AB|c3=Leeds", ""},
		{"apart, and SET of one", columns(apart...), []string{"address=" + home, "Postinumero=20200"}, "c1=Uusikatu 1 A 3|c2=20200|c3=Turku", ""},
		{"a whole address beside a postcode", columns("c1:address=Domicile", "c2=Postinumero"), []string{"address=" + home}, "", "c1 c2"},
		{"a street alone takes a street", columns("c1=Katuosoite"), []string{"address=Uusikatu 1 A 3"}, "c1=Uusikatu 1 A 3", ""},
		{"a street alone takes no postcode", columns("c1=Katuosoite"), []string{"address=" + home}, "", "c1"},
		{"a postcode in another language", columns(apart...), []string{"Postcode=20200"}, "c2=20200", ""},

		{"telephone by title", columns("c1=Puhelinnumero"), []string{"telephone=040 1"}, "c1=040 1", ""},
		{"two telephones are left", columns("c1=Puhelin", "c2=Matkapuhelin"), []string{"telephone=040 1"}, "", "c1 c2"},
		{"a contact's telephone is not theirs", columns("c1=Contact's telephone", "contact_phone=Telephone", "telephone=Yhteyshenkilön puhelin"), []string{"telephone=040 1"}, "", ""},
		{"nor is that at work", columns("c1=Work phone", "work_email=Email", "c3=Arbetstelefon"), []string{"telephone=040 1", "email=a@example.fi"}, "", ""},
		{"SET behind the mail's word counts", columns("c1=Puhelin"), []string{"telephone=040 1", "Puhelin=040 2"}, "c1=040 2", ""},

		{"a surname kept apart", columns("c1=Sukunimi", "c2=Etunimi"), []string{"Surname=Smith"}, "c1=Smith", ""},
		{"a whole name kept apart is left", columns("c1=Sukunimi", "c2=Etunimi"), []string{"name=Emily Smith"}, "", "c1 c2"},
		{"a company's name is nobody's", columns("name=Company name", "c2=Yrityksen nimi", "c3=Contact's name", "contact_surname=Surname"), []string{"name=Emily Smith", "efternamn=Smith"}, "", ""},
		{"a date of birth in another language", columns("c1=Syntymäaika"), []string{"Date of birth=1.2.1970"}, "c1=1.2.1970", ""},
		{"a bank account", columns("c1=IBAN", "c2=Account number"), []string{"Tilinumero=FI00"}, "c1=FI00", ""},
		{"an unknown word", columns("c1=Osoite"), []string{"shoe size=41"}, "", ""},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			var fields []workflow.FieldChange
			for _, f := range row.fields {
				word, value, _ := strings.Cut(f, "=")
				fields = append(fields, workflow.FieldChange{Field: word, New: workflow.Text(value)})
			}
			record := registers.Record{Key: "1"}
			for _, f := range row.spec.Fields {
				record.Values = append(record.Values, registers.Value{Field: f.Name, Raw: "held"})
			}
			changes, left := changesFor(row.spec, fields, record)
			written := map[string]string{}
			for _, c := range changes {
				written[c.Field] = c.New
			}
			var got []string
			for _, name := range slices.Sorted(maps.Keys(written)) {
				got = append(got, name+"="+written[name])
			}
			if strings.Join(got, "|") != row.want || strings.Join(left, " ") != row.left || len(written) != len(changes) {
				t.Errorf("got %q, left %q; want %q, left %q", got, left, row.want, row.left)
			}
		})
	}
}

// What identify and telephone name is theirs whatever it is called, unless two differ.
func TestDeclaredFields(t *testing.T) {
	spec := columns("a=Work phone", "b=Customer", "c=Number")
	spec.Telephone = "a"
	spec.Identify[registers.Name], spec.Identify[registers.CustomerNumber] = "b", "c"
	for word, want := range map[string]string{"telephone": "a", "name": "b", "Surname": "b", "customer_number": "c", "email": ""} {
		if f, _ := fieldOf(spec, word); f.Name != want {
			t.Errorf("%s: got %q, want %q", word, f.Name, want)
		}
	}
	spec.Identify[registers.Telephone] = "c"
	if got := targetOf(spec, "telephone"); len(got.fields) != 2 {
		t.Errorf("two telephones: got %d fields, want both", len(got.fields))
	}
	spec.Fields[2].Role = registers.HoldsTelephone
	if f, _ := fieldOf(spec, "telephone"); f.Name != "c" {
		t.Errorf("by role: got %q, want c", f.Name)
	}
}

// Surname and first name told apart for one field each start from the old name: neither is the new one.
func TestTwoPartsOfOneName(t *testing.T) {
	record := registers.Record{Key: "1", Values: []registers.Value{{Field: "name", Raw: "Emily Carter"}}}
	parts := []workflow.FieldChange{{Field: "Surname", Old: "Carter", New: "Smith"}, {Field: "First name", Old: "Emily", New: "Emma"}}
	if changes, left := changesFor(customers, parts, record); len(changes) != 0 || !slices.Equal(left, []string{"name"}) {
		t.Errorf("got %d changes, left %q; want it left", len(changes), left)
	}
	if changes, left := changesFor(customers, append(parts, workflow.FieldChange{Field: "name", New: "Emma Smith"}), record); len(changes) != 1 || changes[0].New != "Emma Smith" || len(left) != 0 {
		t.Errorf("with SET: got %d changes, left %q; want the whole name", len(changes), left)
	}
}

// The case mail says where nobody but a human can tell, and with which words SET can.
func TestWhatIsUnclearIsShown(t *testing.T) {
	spec := columns("c1=Katuosoite", "c2=Postinumero", "c3=Postitoimipaikka")
	record := registers.Record{Key: "1", Values: []registers.Value{{Field: "c1", Raw: "Vanhatie 1"}, {Field: "c2", Raw: "00100"}, {Field: "c3", Raw: "Helsinki"}}}
	var told, untold FieldView
	told.inRegister(spec, record, []workflow.FieldChange{{Field: "address", New: "Uusikatu 1, 20100 Turku"}}, 0, "en")
	if got, want := string(told.InRegister), "Vanhatie 1, 00100, Helsinki"; got != want || len(told.Unclear) != 0 {
		t.Errorf("told: got %q, %d unclear; want %q", got, len(told.Unclear), want)
	}
	told.inRegister(spec, registers.Record{Key: "2", Values: []registers.Value{{Field: "c1", Raw: "Elsewhere 2"}}}, []workflow.FieldChange{{Field: "address", New: "Uusikatu 1, 20100 Turku"}}, 0, "en")
	if got, want := string(told.InRegister), "Vanhatie 1, 00100, Helsinki"; got != want {
		t.Errorf("with a second record: got %q, want %q", got, want)
	}
	untold.inRegister(spec, record, []workflow.FieldChange{{Field: "address", New: "12 High Street, Leeds"}}, 0, "en")
	if len(untold.Unclear) != 1 || strings.Join(untold.Unclear[0].Fields, " ") != "Katuosoite Postinumero Postitoimipaikka" {
		t.Errorf("untold: got %+v, want the three fields named", untold.Unclear)
	}
}

// An address taken apart is, put together, the address.
func FuzzParts(f *testing.F) {
	for _, seed := range []string{"Uusikatu 1 A 3, 20100 Turku", "Storgatan 5,111 22 Stockholm", "PL 12, 00101 Helsinki", "Uusikatu 1", "c/o X 1, 20100 Turku", ", 1, 2"} {
		f.Add(seed)
	}
	t := addressIn(columns("c1=Katuosoite", "c2=Postinumero", "c3=Postitoimipaikka"))
	bare := func(s string) string {
		return strings.Join(strings.FieldsFunc(s, func(r rune) bool {
			return r == ',' || r == ' ' || r == '\n' || r == '\t' || r == '\r' || r == '\f' || r == '\v' || r == 0x85 || r == 0xa0 || r > 0x1000
		}), "")
	}
	f.Fuzz(func(tt *testing.T, address string) {
		parts := t.parts(address)
		if parts == nil {
			return
		}
		if len(parts) != 3 || slices.Contains(parts, "") || bare(strings.Join(parts, "")) != bare(address) {
			tt.Errorf("got %q of %q", parts, address)
		}
	})
}
