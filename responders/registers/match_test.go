package registers

import (
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

func TestMatch(t *testing.T) {
	held := []Value{{Field: "number", Raw: "A-17"}, {Field: "name", Raw: "Mäkinen, Matti Juhani"}, {Field: "email", Raw: " Matti+x@Example.FI "},
		{Field: "phone", Raw: "(040) 123-4567"}, {Field: "born", Raw: "1970-05-01"}}
	person := func(address string, more ...string) Person {
		p := Person{Addresses: []string{"first@other.example", address}, Identifiers: map[Role]string{}}
		for i := 0; i+1 < len(more); i += 2 {
			p.Identifiers[Role(more[i])] = more[i+1]
		}
		return p
	}
	for _, row := range []struct {
		name   string
		person Person
		plus   bool
		want   string
	}{
		{"address", person("matti+x@example.fi"), false, "true [email]"},
		{"plus part differs", person("matti@example.fi"), false, "false [email]"},
		{"plus part differs, declared as one", person("matti+y@example.fi"), true, "true [email]"},
		{"another", person("mattix@example.fi"), true, "false []"},
		{"all the rest", person("", "telephone", "+358 40 1234567", "customer_number", "a-17 ", "name", "matti MÄKINEN", "birth_date", "1.5.1970"), false, "false [telephone customer_number name birth_date]"},
		{"first name alone", person("", "name", "Matti"), false, "false []"},
		{"another surname", person("", "name", "Matti Mäki"), false, "false []"},
		{"without umlaut", person("", "name", "Matti Makinen"), false, "false []"},
		{"birth date alone", person("", "birth_date", "1970-05-01"), false, "false []"},
		{"another birth date", person("", "name", "Matti Mäkinen", "birth_date", "1971-05-01"), false, "false [name]"},
		{"nothing known", Person{}, false, "false []"},
	} {
		t.Run(row.name, func(t *testing.T) {
			spec := customer()
			spec.PlusAddresses = row.plus
			certain, by := spec.Match(row.person, held)
			if got := fmt.Sprint(certain, by); got != row.want {
				t.Errorf("got %s, want %s", got, row.want)
			}
		})
	}
	if certain, by := customer().Match(person(""), []Value{{Field: "email", Null: true}}); certain || by != nil {
		t.Errorf("empty row: got %v %v, want no match", certain, by)
	}
}

// Nothing that holds personal data prints it, nor what holds that.
func TestPrintsPlaceholders(t *testing.T) {
	const secret = "Mäkinen"
	rec := Record{Key: secret, Values: []Value{{Field: "name", Raw: secret}}}
	var log strings.Builder
	logger := slog.New(slog.NewJSONHandler(&log, nil))
	for _, v := range []any{Person{Addresses: []string{secret}}, rec, rec.Values, rec.Values[0], Match{Record: rec}, []Match{{Record: rec}}, Change{New: secret}, Changed{Old: secret}, []Changed{{New: secret}}, Report{Changed: []Changed{{New: secret}}}} {
		for _, format := range []string{"%v", "%+v", "%s"} {
			if got := fmt.Sprintf(format, v); strings.Contains(got, secret) {
				t.Errorf("%T with %s: got %s", v, format, got)
			}
		}
		if _, one := v.(slog.LogValuer); one { // a JSON log spells out a list, as record.go warns
			logger.Info("x", "v", v)
		}
	}
	if strings.Contains(log.String(), secret) {
		t.Errorf("logged: %s", log.String())
	}
}
