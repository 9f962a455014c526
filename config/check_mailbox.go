package config

import (
	"slices"
	"time"
)

func (k *checker) mailbox(m *Mailbox) {
	k.imap(&m.IMAP)
	k.smtp(&m.SMTP, "mailbox.smtp")
	k.certificates("mailbox.ca_file", m.CAFile)
	if k.sound("mailbox.smtp.ca_file") {
		k.certificates("mailbox.smtp.ca_file", m.SMTP.CAFile)
	}
	if slices.Contains(m.Aliases, m.Address) && m.Address != "" {
		k.fault("mailbox.aliases", "holds the mailbox's own address", "remove it")
	}
}

func (k *checker) imap(m *IMAP) {
	const at = "mailbox.imap"
	if m.Poll < time.Second && k.sound(at+".poll") {
		k.fault(at+".poll", "is shorter than a second", "write 60s")
	}
	if m.Sent != "" && m.Sent == m.URL.Folder {
		k.fault(at+".sent", "is the folder that is read", "name another folder, as in Sent")
	}
	if m.MoveTo != "" && m.MoveTo == m.URL.Folder {
		k.fault(at+".move_to", "is the folder that is read", "name another folder, or remove move_to")
	}
	if !k.sound(at + ".url") {
		return
	}
	k.transport(m.URL.Server, m.StartTLS, m.Security, at)
	k.login(m.URL.Server, m.Password, m.OAuth2, at, true)
}

func (k *checker) smtp(s *SMTP, at string) {
	if !k.sound(at + ".url") {
		return
	}
	k.transport(s.URL.Server, s.StartTLS, s.Security, at)
	k.login(s.URL.Server, s.Password, s.OAuth2, at, s.URL.User != "")
	if at != "mailbox.smtp" && k.sound(at+".ca_file") {
		k.certificates(at+".ca_file", s.CAFile)
	}
}

// transport refuses plain text to anywhere but this machine.
func (k *checker) transport(s Server, start StartTLS, sec Security, at string) {
	if k.bad[at+".starttls"] {
		return
	}
	switch {
	case sec == ImplicitTLS && start != "":
		k.fault(at+".starttls", s.Scheme+":// is encrypted from the first byte and has no use for it", "remove starttls")
	case sec == PlainText && !s.Loopback():
		k.fault(at+".starttls", "sends mail and password in plain text to another machine", "write starttls: required, or "+s.Scheme+"s://")
	}
}

// login wants exactly one way to log in where somebody does.
func (k *checker) login(s Server, password Secret, oauth *OAuth2, at string, needed bool) {
	file, text := k.has(at+".password_file"), k.has(at+".password")
	given := file || text || password.IsSet()
	switch {
	case oauth != nil && given:
		k.fault(at+".oauth2", "stands beside a password", "keep one of the two")
	case oauth != nil:
		k.oauth(oauth, at+".oauth2")
	case s.secret.IsSet() && (file || text):
		k.fault(at+".url", "holds a password, and "+at+" names one beside", "keep password_file")
	case needed && !given && k.bad[at+".password_file"]:
	case needed && !given:
		k.fault(at+".password_file", "is missing", "write password_file: and the name of a file (chmod 600) with the password, or oauth2: {...}")
	case !needed && given:
		k.fault(at+".url", "names no user for the password", "write user@ before the host")
	}
}

func (k *checker) oauth(o *OAuth2, at string) {
	ready := k.has(at+".access_token_file") || k.has(at+".access_token")
	fetched := k.has(at + ".token_url")
	switch {
	case ready && fetched:
		k.fault(at, "has a token_url and an access_token_file", "keep the one that applies")
	case ready:
	case !fetched:
		k.fault(at+".token_url", "is missing", "write the https address that gives out tokens, or access_token_file")
	case o.ClientID == "" && !k.bad[at+".client_id"]:
		k.fault(at+".client_id", "is missing", "write the id under which dpobot is registered there")
	case !k.has(at+".client_secret_file") && !k.has(at+".client_secret") && !k.has(at+".refresh_token_file") && !k.has(at+".refresh_token"):
		k.fault(at, "has neither client_secret_file nor refresh_token_file", "write one of them, or both")
	}
}
