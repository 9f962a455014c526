package kinds_test

import (
	"testing"

	"dpobot/responders/registers"
	"dpobot/responders/registers/kinds"
	"dpobot/responders/registers/mailchimp"
	"dpobot/responders/registers/sheet"
	"dpobot/responders/registers/sql"
	"dpobot/responders/registers/webhook"
)

func TestOpen(t *testing.T) {
	spec := registers.Spec{Name: "x", Identify: map[registers.Role]string{registers.Email: "email_address"}, Fields: []registers.Field{{Name: "email_address"}}}
	for _, row := range []struct {
		name  string
		src   kinds.Source
		sound bool
	}{
		{"sql", kinds.Source{SQL: &sql.Source{DSN: "sqlite:x.db", Table: "t", Key: "k"}}, true},
		{"sql without a table", kinds.Source{SQL: &sql.Source{DSN: "sqlite:x.db"}}, false},
		{"own statements", kinds.Source{SQL: &sql.Source{DSN: "sqlite:x.db", Statements: &sql.Statements{Find: "SELECT 1", Read: "SELECT 1"}}}, true},
		{"own statements without find", kinds.Source{SQL: &sql.Source{DSN: "sqlite:x.db", Statements: &sql.Statements{}}}, false},
		{"sheet", kinds.Source{Sheet: &sheet.Source{File: "x.csv"}}, true},
		{"sheet of another kind", kinds.Source{Sheet: &sheet.Source{File: "x.ods"}}, false},
		{"mailchimp", kinds.Source{Mailchimp: &mailchimp.Source{Key: "k-us1", List: "a1"}}, true},
		{"webhook", kinds.Source{Webhook: &webhook.Source{URL: "https://x.example", Secret: "0123456789abcdef0123456789abcdef"}}, true},
		{"none", kinds.Source{}, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			r, err := kinds.Open(spec, row.src)
			if (err == nil) != row.sound || (r != nil) != row.sound {
				t.Fatalf("got a register: %v, error %v, want sound %v", r != nil, err, row.sound)
			}
			if r != nil {
				if err := r.Close(); err != nil {
					t.Errorf("close: %v", err)
				}
			}
		})
	}
}
