package config

// Notice is the information that goes with an answer (Art. 13, 15(1)(a)-(h) and
// 15(2) GDPR). Registers may say more exactly what holds for them.
type Notice struct {
	// Purposes of the processing (Art. 15(1)(a)).
	Purposes Texts `yaml:"purposes"`
	// LegalBasis of the processing (Art. 13(1)(c)).
	LegalBasis Texts `yaml:"legal_basis"`
	// Categories of personal data (Art. 15(1)(b)).
	Categories Texts `yaml:"categories"`
	// Recipients by name (Art. 15(1)(c)).
	Recipients []Recipient `yaml:"recipients"`
	// Transfers to countries outside the EEA (Art. 15(2)).
	Transfers []Transfer `yaml:"transfers"`
	// Retention is how long data is kept (Art. 15(1)(d)).
	Retention Texts `yaml:"retention"`
	// Source of data that the person did not give (Art. 15(1)(g)).
	Source Texts `yaml:"source"`
	// AutomatedDecisions says whether there are any, and their logic (Art. 15(1)(h)).
	AutomatedDecisions Text `yaml:"automated_decisions"`
	// Rights of the person, where the built-in wording is not enough (Art. 15(1)(e)).
	Rights Texts `yaml:"rights"`
	// Court is the court remedy (Art. 79), where the built-in wording is not enough.
	Court Text `yaml:"court"`
	// Authority to complain to (Art. 15(1)(f)). Default: that of the controller's country, where it is known.
	Authority Authority `yaml:"authority"`
	// Officer is the data protection officer's contact as people see it (Art. 13(1)(b)). Default: the first handler, at the mailbox.
	Officer Contact `yaml:"officer"`
}

// Recipient is somebody who receives personal data. A plain name stands for an entry with that name alone.
type Recipient struct {
	// Name, as people are told it.
	Name string `yaml:"name,required"`
	// Purpose for which the recipient receives data.
	Purpose Text `yaml:"purpose"`
	// Contact is an e-mail address that is told of changes and erasures (Art. 19), or other contact details as text.
	Contact string `yaml:"contact"`
	// Language of the mails to the recipient. Default: the controller's first.
	Language Language `yaml:"language"`

	// Address is the contact where that is an e-mail address.
	Address Address `yaml:"-"`
}

// Transfer is personal data leaving the EEA.
type Transfer struct {
	// Country it goes to, as people read it.
	Country Text `yaml:"country,required"`
	// Recipient that it goes to.
	Recipient string `yaml:"recipient"`
	// Safeguard that protects it there (Art. 46).
	Safeguard Text `yaml:"safeguard,required"`
}

// Authority is a supervisory authority.
type Authority struct {
	// Name of the authority.
	Name Text `yaml:"name"`
	// Address of the authority.
	Address Text `yaml:"address"`
	// Phone of the authority.
	Phone string `yaml:"phone"`
	// Web page of the authority.
	Web Text `yaml:"web"`
	// Email of the authority.
	Email string `yaml:"email"`
}

// Contact is how somebody can be reached.
type Contact struct {
	// Name of the person or office.
	Name string `yaml:"name"`
	// Phone number.
	Phone string `yaml:"phone"`
	// Email address.
	Email string `yaml:"email"`
	// Address to write to.
	Address string `yaml:"address"`
}
