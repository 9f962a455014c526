package config

import "time"

// Register is a place where the controller keeps personal data. Exactly one of
// SQL, Sheet, Mailchimp, Webhook and Person says what kind it is.
type Register struct {
	// Name by which handlers and the audit trail know it: letters, digits, - and _.
	Name string `yaml:"name,required"`
	// Title as people read it. Default: the name.
	Title Text `yaml:"title"`

	// SQL is a database.
	SQL *SQL `yaml:"sql"`
	// Sheet is a CSV or XLSX file.
	Sheet *Sheet `yaml:"sheet"`
	// Mailchimp is an audience of the newsletter service.
	Mailchimp *Mailchimp `yaml:"mailchimp"`
	// Webhook is any other system, by a small signed contract.
	Webhook *Webhook `yaml:"webhook"`
	// Person is somebody who keeps it by hand.
	Person *Keeper `yaml:"person"`

	// Identify says which fields a person is found by.
	Identify Identify `yaml:"identify"`
	// PlusAddresses says that matti+shop@ and matti@ are the same person here.
	PlusAddresses bool `yaml:"plus_addresses"`
	// Telephone is the field with the number to ring for the checking call.
	Telephone string `yaml:"telephone"`
	// Fields are what is given, in this order, by name. A field that another part of the register names is given too, after these.
	Fields []Field `yaml:"fields,keyed"`
	// Marketing is the field that says whether a person may be sent marketing, and what to write into it on an objection.
	Marketing *Marketing `yaml:"marketing"`
	// Erase is what an erasure does.
	Erase Erase `yaml:"erase"`

	// Source is where the data comes from (Art. 15(1)(g) GDPR).
	Source Texts `yaml:"source"`
	// Purpose is what the data is used for. Default: notice.purposes.
	Purpose Texts `yaml:"purpose"`
	// LegalBasis is what allows it. Default: notice.legal_basis.
	LegalBasis Texts `yaml:"legal_basis"`
	// Retention is how long the data is kept, in words. Default: notice.retention.
	Retention Texts `yaml:"retention"`
	// Categories of personal data. Default: notice.categories.
	Categories Texts `yaml:"categories"`
	// Recipients that receive data of this register: names out of notice.recipients, or whole entries. Default: those of the notice.
	Recipients []Recipient `yaml:"recipients"`
	// Transfers of this register's data outside the EEA. Default: those of the notice.
	Transfers []Transfer `yaml:"transfers"`
}

// RegisterKind is the kind of a register, named as its key in the configuration.
type RegisterKind string

const (
	KindSQL       RegisterKind = "sql"       // a database
	KindSheet     RegisterKind = "sheet"     // a CSV or XLSX file
	KindMailchimp RegisterKind = "mailchimp" // an audience of the newsletter service
	KindWebhook   RegisterKind = "webhook"   // any other system
	KindPerson    RegisterKind = "person"    // kept by hand
)

// Kind says which of the five kinds is set.
func (r Register) Kind() RegisterKind {
	switch {
	case r.SQL != nil:
		return KindSQL
	case r.Sheet != nil:
		return KindSheet
	case r.Mailchimp != nil:
		return KindMailchimp
	case r.Webhook != nil:
		return KindWebhook
	}
	return KindPerson
}

// SQL is a register in a database.
type SQL struct {
	// DSN is sqlite:FILE, postgres://user@host/db or mysql://user@host/db; a password only as ${NAME}, or the whole in dsn_file.
	DSN Secret `yaml:"dsn,secret,open,required"`
	// Password in place of one in the DSN: password_file, or password with ${NAME}.
	Password Secret `yaml:"password,secret"`
	// Table with one row a person, schema.table where it needs the schema.
	Table string `yaml:"table"`
	// Key is the column that tells the rows apart.
	Key string `yaml:"key"`
	// Marker is a column that takes the day of the erasure where a row stays.
	Marker string `yaml:"marker"`
	// Indexed says that the address column holds addresses trimmed and in lower case, so that they can be found by its index.
	Indexed bool `yaml:"indexed"`
	// Timeout of one call. Default: 30s.
	Timeout time.Duration `yaml:"timeout"`
	// Children are tables with further rows of a person: orders, consents.
	Children []Child `yaml:"children"`
	// Statements are the operator's own, by what they do: find, and where wanted change, erase.
	Statements map[string]string `yaml:"statements"`
}

// Child is a table with further rows of a person.
type Child struct {
	// Table of the rows, schema.table where it needs the schema.
	Table string `yaml:"table,required"`
	// Name by which the rest of the register knows it, as in orders.amount. Default: the table.
	Name string `yaml:"name"`
	// ForeignKey is the column that holds the person's key.
	ForeignKey string `yaml:"foreign_key,required"`
	// Title as people read it. Default: the name.
	Title Text `yaml:"title"`
	// Fields are what is given, in this order, by the column's name.
	Fields []Field `yaml:"fields,keyed"`
}

// Sheet is a register in a CSV or XLSX file.
type Sheet struct {
	// File is the sheet; its ending says which kind: .csv, .tsv, .txt, .xlsx or .xlsm.
	File File `yaml:"file,required,exists"`
	// Sheet is the name of the sheet in a workbook. Default: the first.
	Sheet string `yaml:"sheet"`
	// Key is the title of the column that tells the rows apart. Default: the identifying fields do.
	Key string `yaml:"key"`
	// Marker is the title of a column that takes the day of the erasure where a row stays.
	Marker string `yaml:"marker"`
	// Delimiter of a CSV file: one character. Default: found out.
	Delimiter string `yaml:"delimiter"`
	// Encoding of a CSV file: utf-8 or windows-1252. Default: found out.
	Encoding Encoding `yaml:"encoding"`
}

// Encoding is how a CSV file writes its characters.
type Encoding string

const (
	UTF8        Encoding = "utf-8"        // with or without a mark at its beginning
	Windows1252 Encoding = "windows-1252" // as older programs write it
)

func (Encoding) values() []string { return []string{string(UTF8), string(Windows1252)} }

// Mailchimp is an audience of the newsletter service.
type Mailchimp struct {
	// List is the audience's id. The key audience means the same.
	List string `yaml:"list"`
	// Audience is another word for list.
	Audience string `yaml:"audience"`
	// Key is the API key: key_file, or key with ${NAME}.
	Key Secret `yaml:"key,secret,required"`
	// URL of the API. Default: the data centre that the key names.
	URL WebURL `yaml:"url"`
}

// Webhook is any other system, by a small signed contract.
type Webhook struct {
	// URL that is called; https outside this machine.
	URL WebURL `yaml:"url,required"`
	// Secret signs the calls: secret_file, or secret with ${NAME}.
	Secret Secret `yaml:"secret,secret,required"`
	// CAFile holds the certificate (PEM) that signed the server's. Default: the system's.
	CAFile File `yaml:"ca_file,exists"`
	// Timeout of one call. Default: 30s.
	Timeout time.Duration `yaml:"timeout"`
}

// Keeper is somebody who keeps a register by hand.
type Keeper struct {
	// Name of the keeper.
	Name string `yaml:"name,required"`
	// Address the keeper is mailed at and answers from.
	Address Address `yaml:"address,required"`
	// Language of the mails to the keeper. Default: the controller's first.
	Language Language `yaml:"language"`
	// Remind lists after how long without an answer the keeper is reminded; the last step goes on, so [3d] is every third day and [3d, 7d] every fourth from the seventh. Default: [3d].
	Remind []Days `yaml:"remind,single"`
	// Trust is what makes a reply authentic: dkim, server or secret. Default: dkim.
	Trust Trust `yaml:"trust"`
}

// Identify says which fields a person is found by.
type Identify struct {
	// Email holds the e-mail address; only it makes a match certain.
	Email string `yaml:"email"`
	// Name holds the full name; alone it gives a possible match.
	Name string `yaml:"name"`
	// Telephone holds a telephone number, compared by its digits.
	Telephone string `yaml:"telephone"`
	// CustomerNumber holds the number that the person knows.
	CustomerNumber string `yaml:"customer_number"`
	// BirthDate holds the date of birth; it counts together with the name.
	BirthDate string `yaml:"birth_date"`
}

// Field is one field of a register.
type Field struct {
	// Name by which the rest of the register, SET and the copy of the data know it.
	Name string `yaml:"-"`
	// Implied says that fields does not list it, but another part of the register names it.
	Implied bool `yaml:"-"`
	// Column is what the register itself calls it. Default: the name.
	Column string `yaml:"column"`
	// Title as people read it. Default: the name.
	Title Text `yaml:"title"`
	// Role is what it holds of the person, so that a mail's words for it find the field: name, surname, given_name, email, telephone, address (whole, in one line), street, postcode, city, birth_date or account. Default: what identify and telephone say, or a title that leaves no doubt.
	Role FieldRole `yaml:"role"`
	// Change allows a request to change it.
	Change bool `yaml:"change"`
	// Control makes it a control question of the checking call.
	Control bool `yaml:"control"`
	// Redact keeps it out of the copy of the data: other people's data, secrets.
	Redact bool `yaml:"redact"`
	// Group names fields that an erasure treats alike.
	Group string `yaml:"group"`
}

// FieldRole is what of a person a field holds.
type FieldRole string

const (
	RoleName      FieldRole = "name"       // the full name
	RoleSurname   FieldRole = "surname"    // the family name by itself
	RoleGivenName FieldRole = "given_name" // the first name by itself
	RoleEmail     FieldRole = "email"      // the e-mail address
	RoleTelephone FieldRole = "telephone"  // the telephone number
	RoleAddress   FieldRole = "address"    // the whole postal address in one line
	RoleStreet    FieldRole = "street"     // street and house, or the box
	RolePostcode  FieldRole = "postcode"   // the postcode by itself
	RoleCity      FieldRole = "city"       // the town of the postcode
	RoleBirthDate FieldRole = "birth_date" // the date of birth
	RoleAccount   FieldRole = "account"    // the number of the bank account
)

func (FieldRole) values() []string {
	return []string{string(RoleName), string(RoleSurname), string(RoleGivenName), string(RoleEmail), string(RoleTelephone), string(RoleAddress),
		string(RoleStreet), string(RolePostcode), string(RoleCity), string(RoleBirthDate), string(RoleAccount)}
}

// Marketing is the field that says whether a person may be sent marketing.
type Marketing struct {
	// Field of the register.
	Field string `yaml:"field,required"`
	// Value that is written on an objection (Art. 21(2) GDPR), as text.
	Value string `yaml:"value,required"`
}

// EraseMode is what an erasure does to a field.
type EraseMode string

const (
	EraseDelete    EraseMode = "delete"    // the row goes
	EraseAnonymise EraseMode = "anonymise" // the row stays, the fields are emptied
	EraseRetain    EraseMode = "retain"    // the law says to keep it
)

func (EraseMode) values() []string {
	return []string{string(EraseDelete), string(EraseAnonymise), string(EraseRetain)}
}

// Erase is what an erasure does to a register.
type Erase struct {
	// Default is what happens to fields that no entry of retain names: delete, anonymise or retain. Default: delete.
	Default EraseMode `yaml:"default"`
	// Anonymise lists the fields that default: anonymise empties. Default: all.
	Anonymise []string `yaml:"anonymise"`
	// Retain lists what the law says to keep.
	Retain []Retain `yaml:"retain"`
}

// Retain is a group of fields that the law says to keep.
type Retain struct {
	// Fields that are kept: names of fields or of groups of them, of a child table (orders) or of a field of one (orders.amount).
	Fields []string `yaml:"fields,required"`
	// Ground is the law that says so.
	Ground Text `yaml:"ground,required"`
	// Until is how long: ledger (ten years), voucher (six years from the end of the year in which the financial period ended), a period such as 6y, or a date.
	Until Until `yaml:"until,required"`
	// From is the field with the date from which it counts, as in orders.date. Default: the day of the erasure.
	From string `yaml:"from"`
}
