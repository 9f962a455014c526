package config

import "time"

// Mailbox is the mailbox that dpobot keeps.
type Mailbox struct {
	// Address to which people write and from which they are answered.
	Address Address `yaml:"address,required"`
	// Aliases are further addresses that arrive in the mailbox.
	Aliases []Address `yaml:"aliases"`
	// Name shown beside the address. Default: the controller's name.
	Name string `yaml:"name"`
	// IMAP is how the mailbox is read.
	IMAP IMAP `yaml:"imap,required"`
	// SMTP is how mail is sent.
	SMTP SMTP `yaml:"smtp,required"`
	// AuthservID is the name under which the mail server writes Authentication-Results (RFC 8601, 2.5); trust: server needs it.
	AuthservID string `yaml:"authserv_id"`
	// CAFile holds the certificate (PEM) that signed the mail server's, where it is private. Default: the system's.
	CAFile File `yaml:"ca_file,exists"`
	// PlusAddress says that the server delivers name+anything@ to this mailbox.
	PlusAddress bool `yaml:"plus_address"`
}

// IMAP is how the mailbox is read.
type IMAP struct {
	// URL is imaps://user@host[:port]/FOLDER, or imap:// with STARTTLS.
	URL IMAPURL `yaml:"url,required"`
	// StartTLS for imap://: required, or off (only to this machine). Default: required.
	StartTLS StartTLS `yaml:"starttls"`
	// Password of the account: password_file names a file, or password holds ${NAME} of an environment variable.
	Password Secret `yaml:"password,secret"`
	// OAuth2 logs in with a token in place of a password.
	OAuth2 *OAuth2 `yaml:"oauth2"`
	// Sent is the folder that gets a copy of what is sent. Default: the one that the server marks as such, else Sent.
	Sent string `yaml:"sent"`
	// MoveTo is a folder to which handled mails are moved. Default: they stay, flagged.
	MoveTo string `yaml:"move_to"`
	// Poll is the time between two looks at the mailbox when the server announces nothing. Default: 60s.
	Poll time.Duration `yaml:"poll"`
	// Since is the first day whose mails count; older mails are left alone. Default: every mail counts.
	Since Date `yaml:"since"`
	// MaxSize bounds a mail that is downloaded; larger ones are shown to the handlers unread. Default: 40MB.
	MaxSize Size `yaml:"max_size"`

	// Security follows from the url and starttls.
	Security Security `yaml:"-"`
}

// SMTP is how mail is sent.
type SMTP struct {
	// URL is smtps://user@host[:port], or smtp:// with STARTTLS. Without a user nobody logs in.
	URL SMTPURL `yaml:"url,required"`
	// StartTLS for smtp://: required, or off (only to this machine). Default: required.
	StartTLS StartTLS `yaml:"starttls"`
	// Password of the account: password_file names a file, or password holds ${NAME} of an environment variable.
	Password Secret `yaml:"password,secret"`
	// OAuth2 logs in with a token in place of a password.
	OAuth2 *OAuth2 `yaml:"oauth2"`
	// CAFile holds the certificate (PEM) that signed this server's. Default: mailbox.ca_file, else the system's.
	CAFile File `yaml:"ca_file,exists"`

	// Security follows from the url and starttls.
	Security Security `yaml:"-"`
}

// StartTLS says whether a plain connection must be upgraded.
type StartTLS string

const (
	StartTLSRequired StartTLS = "required" // no login before TLS
	StartTLSOff      StartTLS = "off"      // plain text; only to this machine
)

func (StartTLS) values() []string { return []string{string(StartTLSRequired), string(StartTLSOff)} }

// Security is how a connection is protected.
type Security string

const (
	ImplicitTLS Security = "tls"      // TLS from the first byte
	UpgradedTLS Security = "starttls" // STARTTLS before anything else, or nothing
	PlainText   Security = "plain"    // only ever to loopback or a Unix socket
)

// OAuth2 gets the token that stands in for a password. Either TokenURL with
// what it needs, or AccessToken alone.
type OAuth2 struct {
	// Mechanism is xoauth2 (Google, Microsoft) or oauthbearer (RFC 7628). Default: xoauth2.
	Mechanism OAuthMechanism `yaml:"mechanism"`
	// TokenURL is the https address at which tokens are fetched.
	TokenURL WebURL `yaml:"token_url"`
	// ClientID of the registered application.
	ClientID string `yaml:"client_id"`
	// ClientSecret of the registered application: client_secret_file, or client_secret with ${NAME}.
	ClientSecret Secret `yaml:"client_secret,secret"`
	// RefreshToken of the account: refresh_token_file. Without one the client logs in by itself (client credentials grant).
	RefreshToken Secret `yaml:"refresh_token,secret"`
	// Scopes to ask for.
	Scopes []string `yaml:"scopes"`
	// AccessToken that another program keeps fresh in a file: access_token_file.
	AccessToken Secret `yaml:"access_token,secret"`
}

// OAuthMechanism is the SASL mechanism that carries the token.
type OAuthMechanism string

const (
	XOAuth2     OAuthMechanism = "xoauth2"     // Google's and Microsoft's own
	OAuthBearer OAuthMechanism = "oauthbearer" // RFC 7628
)

func (OAuthMechanism) values() []string { return []string{string(XOAuth2), string(OAuthBearer)} }

// DNS names the resolver for DKIM keys and DMARC records.
type DNS struct {
	// Server is the address of a resolver, with a port where it is not 53. Default: the system's.
	Server HostPort `yaml:"server"`
}

// DKIM is how signatures of incoming mail are verified.
type DKIM struct {
	// KeysFile holds DKIM keys in place of DNS, a line each: selector._domainkey.domain, blank, the TXT record.
	KeysFile File `yaml:"keys_file,exists"`
}

// Sign makes dpobot sign its own mail (RFC 6376).
type Sign struct {
	// Domain that signs. Default: the mailbox's.
	Domain Domain `yaml:"domain"`
	// Selector under which the public key stands in DNS.
	Selector string `yaml:"selector,required"`
	// Key is the private key (PEM, RSA or Ed25519): key_file.
	Key Secret `yaml:"key,secret,required"`
}

// Canary is the mail that goes round every day to show that the mailbox lives.
type Canary struct {
	// At is the time of day at which it leaves. Default: 06:00.
	At ClockTime `yaml:"at"`
	// Within is how long it may take to come back before the handlers are told. Default: 1h.
	Within time.Duration `yaml:"within"`
	// SMTP is a second server by which the handlers are told that the first one fails.
	SMTP *SMTP `yaml:"smtp"`
	// Off sends none.
	Off bool `yaml:"off"`
}
