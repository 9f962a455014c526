package mailbox

// mend is how an operator mends a fault.
type mend struct {
	err  error
	mend string
}

// mends are looked through from the top.
var mends = []mend{
	{ErrPlainRefused, "use imaps:// or starttls: required; plain text is for a server on this machine"},
	{ErrUnreachable, "check host and port in the imap url, that the server runs, and that no firewall is between"},
	{ErrUnknownCA, "if the certificate is your own, set ca_file to the PEM file of the authority that signed it"},
	{ErrWrongName, "use the name that is on the certificate as host of the imap url"},
	{ErrExpired, "have the server's certificate renewed, and check this machine's clock"},
	{ErrNotTLS, "use imap:// with starttls: required, or the server's imaps port (usually 993)"},
	{ErrNoSTARTTLS, "use imaps:// with the server's TLS port (usually 993)"},
	{ErrNoSecret, "check that the password file exists, is readable, and is private to the user dpobot runs as"},
	{ErrPassword, "check the user in the imap url and the password in password_file; some providers want an app password"},
	{ErrToken, "check the oauth2 settings; the token may have expired or lack the scope for IMAP"},
	{ErrLoginDisabled, "use imaps:// or starttls: required, or the login that the server wants (password or oauth2)"},
	{ErrNoFolder, "check the folder at the end of the imap url; names are case-sensitive"},
	{ErrSilent, "the server took the connection but does not answer: check that the port is IMAP's and what its log says"},
	{ErrGarbled, "check that the port is IMAP's"},
	{ErrLost, "the server hung up: check its log, and whether it limits connections"},
}
