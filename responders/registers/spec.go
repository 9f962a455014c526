// Package registers answers three questions about the places where the controller keeps
// personal data, whatever their kind: what is held on this person, change these fields,
// erase by this plan. Each kind stands in a folder of its own; this package holds what they
// share: the words, how a person is recognised, and what an erasure plan means for a record.
package registers

import (
	"context"
	"time"
)

// Text is a wording by language: "fi", "sv", "en".
type Text map[string]string

// Role says in which way a field identifies a person.
type Role string

const (
	Email          Role = "email"           // the address: the only role that makes a match certain
	Name           Role = "name"            // full name; alone only a possible match
	Telephone      Role = "telephone"       // number, compared by its digits
	CustomerNumber Role = "customer_number" // the controller's own number of the person
	BirthDate      Role = "birth_date"      // counts only together with the name
)

// Holds says what of a person a field holds, so that a mail's words for it find the field whatever it is called here.
type Holds string

const (
	HoldsName      Holds = "name"       // the full name
	HoldsSurname   Holds = "surname"    // the family name by itself
	HoldsGivenName Holds = "given_name" // the first name by itself
	HoldsEmail     Holds = "email"      // the e-mail address
	HoldsTelephone Holds = "telephone"  // the telephone number
	HoldsAddress   Holds = "address"    // the whole postal address in one line
	HoldsStreet    Holds = "street"     // street and house, or the box, without postcode and city
	HoldsPostcode  Holds = "postcode"   // the postcode by itself
	HoldsCity      Holds = "city"       // the town of the postcode
	HoldsBirthDate Holds = "birth_date" // the date of birth
	HoldsAccount   Holds = "account"    // the number of the bank account
)

// Spec is what the operator declared of one register.
type Spec struct {
	Name      string
	Title     Text
	Identify  map[Role]string // role to the name of the field that holds it
	Telephone string          // field with the number on file, for the checking call
	// PlusAddresses says that matti+shop@ and matti@ are one mailbox here. Otherwise they are only a possible match.
	PlusAddresses bool
	Fields        []Field // in the order in which a person is to read them
	Children      []Child // tables of rows that belong to a record: orders, consents
	Erase         Plan
	Marketing     *Marketing
	Notice        Notice
}

// Field is one piece of data of a record.
type Field struct {
	Name    string
	Column  string // what the register itself calls it; empty: Name
	Title   Text
	Role    Holds  // what it holds of the person; empty: nothing that the operator says
	Group   string // a name under which an erasure plan may speak of several fields
	Change  bool   // may be changed by mail
	Control bool   // may serve as a control question on the call
	Redact  bool   // held, but its value is not given out (Art. 15(4)); Find returns it, the answer must not
}

// In returns what the register calls the field.
func (f Field) In() string {
	if f.Column != "" {
		return f.Column
	}
	return f.Name
}

// Child is a table of rows that belong to a record. A plan names one of its fields as "orders.amount", all as "orders".
type Child struct {
	Name   string
	Title  Text
	Fields []Field
}

// Marketing is what an objection to direct marketing writes (Art. 21(2) and (3)).
type Marketing struct{ Field, Value string }

// Notice is the information of Art. 15(1) on this register: carried to the answer, never acted upon.
type Notice struct {
	Purpose, LegalBasis, Source, Retention Text
	Categories, Recipients, Transfers      []Text
}

// Field returns the declared field of that name.
func (s Spec) Field(name string) (Field, bool) { return fieldOf(s.Fields, name) }

// Child returns the declared child table of that name.
func (s Spec) Child(name string) (Child, bool) {
	for _, c := range s.Children {
		if c.Name == name {
			return c, true
		}
	}
	return Child{}, false
}

func fieldOf(fields []Field, name string) (Field, bool) {
	for _, f := range fields {
		if f.Name == name {
			return f, true
		}
	}
	return Field{}, false
}

// Register is one place where personal data is kept. Every error is an ErrTemporary or an
// ErrPermanent and holds no personal data. All methods are safe to call again, and from several goroutines.
type Register interface {
	// Find returns the records of a person: certain ones by address, possible ones by what else is known of them.
	// None is no error. Fields come in declared order, all of them, and never those of anybody else.
	Find(ctx context.Context, p Person) ([]Match, error)
	// Change writes the fields of the records with these keys, in one step: all or nothing. A change that is
	// in place already is reported with Old equal to New. What may not be changed is in Report.Failed, and then nothing is.
	Change(ctx context.Context, keys []string, changes []Change) (Report, error)
	// Erase carries out the plan for the records with these keys, all or nothing. A record that is gone already is no error.
	Erase(ctx context.Context, keys []string, plan Plan, now time.Time) (Report, error)
	// Preview returns what Erase would report, and changes nothing.
	Preview(ctx context.Context, keys []string, plan Plan, now time.Time) (Report, error)
	// Check names what keeps the register from working, or from working safely, and how to mend it.
	Check(ctx context.Context) []Finding
	Close() error
}

// Finding is one fault of a register, in words for the operator.
type Finding struct {
	What string // names the column, file or setting
	Mend string // what to do about it
	Warn bool   // the register works, but the operator should know
}
