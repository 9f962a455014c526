package config

import "time"

// Controller is the company or body that answers for the personal data.
type Controller struct {
	// Name as it stands in letters.
	Name string `yaml:"name,required"`
	// BusinessID is the company's registration number.
	BusinessID string `yaml:"business_id"`
	// Address is the postal address, on one line; signed letters may be sent there.
	Address string `yaml:"address"`
	// Phone is the number people may ring.
	Phone string `yaml:"phone"`
	// Web is the address of the privacy notice on the web.
	Web string `yaml:"web"`
	// Country of the controller, ISO 3166: its public holidays and authority. One of FI, SE, EE, DE, NO, DK, NL and the other EU and EEA countries.
	Country Country `yaml:"country,required"`
	// Timezone in which days are counted, as in Europe/Helsinki. Default: the country's.
	Timezone *time.Location `yaml:"timezone"`
	// Languages in which people are answered, the first one where nothing else is known. Default: the country's.
	Languages []Language `yaml:"languages"`
	// FinancialYearEnd is the last day of the financial period, month-day; bookkeeping law counts from it. Default: 12-31.
	FinancialYearEnd MonthDay `yaml:"financial_year_end"`
}

// Trust says what makes a handler's reply authentic.
type Trust string

const (
	TrustDKIM   Trust = "dkim"   // a DKIM signature that dpobot itself verifies
	TrustServer Trust = "server" // the Authentication-Results of mailbox.authserv_id
	TrustSecret Trust = "secret" // the case secret alone: for mail that never leaves the server
)

func (Trust) values() []string {
	return []string{string(TrustDKIM), string(TrustServer), string(TrustSecret)}
}

// Handler is the data protection officer or a deputy.
type Handler struct {
	// Name of the handler.
	Name string `yaml:"name,required"`
	// Address the handler writes from; it may be the mailbox's own.
	Address Address `yaml:"address,required"`
	// Language of the mails to this handler. Default: the controller's first.
	Language Language `yaml:"language"`
	// Trust is what makes a reply authentic: dkim, server or secret. Default: dkim.
	Trust Trust `yaml:"trust"`
	// Deputy makes this a deputy, who is mailed after so many unanswered reminders. 0: a handler from the first mail on.
	Deputy int `yaml:"deputy"`
}
