package mailbox

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"

	"github.com/emersion/go-imap/v2"
)

// What can be wrong with a mailbox. Check tells how to mend each.
var (
	ErrPlainRefused  = errors.New("a plain-text connection is for this machine only")
	ErrUnreachable   = errors.New("the IMAP server cannot be reached")
	ErrUnknownCA     = errors.New("the server's certificate is signed by an authority that is not trusted here")
	ErrWrongName     = errors.New("the server's certificate is for another name")
	ErrExpired       = errors.New("the server's certificate is not valid at this time")
	ErrNotTLS        = errors.New("the port does not speak TLS")
	ErrNoSTARTTLS    = errors.New("the server does not offer STARTTLS")
	ErrPassword      = errors.New("the server refuses the user name or password")
	ErrToken         = errors.New("the server refuses the OAuth token")
	ErrNoSecret      = errors.New("the password or token could not be read")
	ErrLoginDisabled = errors.New("the server offers no way to log in that fits the configuration")
	ErrNoFolder      = errors.New("there is no such folder")
	ErrSilent        = errors.New("the server did not answer in time")
	ErrLost          = errors.New("the connection broke off")
	ErrGarbled       = errors.New("the server's reply is not IMAP as we read it")
)

// Refusal is a server's NO or BAD. The server's own words are left out: they may quote the
// mail or the account.
type Refusal struct {
	Type string // "NO" or "BAD"
	Code string // the response code, such as "OVERQUOTA"; empty if there was none
}

func (r *Refusal) Error() string {
	if r.Code == "" {
		return "the server answered " + r.Type
	}
	return fmt.Sprintf("the server answered %s [%s]", r.Type, r.Code)
}

// refusedWith tells whether err is a Refusal with this response code.
func refusedWith(err error, code imap.ResponseCode) bool {
	var refusal *Refusal
	return errors.As(err, &refusal) && refusal.Code == string(code)
}

// isRefusal tells whether the server said no and the connection is still good.
func isRefusal(err error) bool {
	var refusal *Refusal
	return errors.As(err, &refusal)
}

// explain turns an error of go-imap into one of ours. go-imap flattens causes into text, and that
// text may quote what the server sent, a piece of a mail included; so what happened on the wire
// decides, and the text is dropped.
func explain(err, onWire error, end ending) error {
	var said *imap.Error
	switch {
	case err == nil || errors.Is(err, ErrLoginDisabled) || errors.Is(err, errCannotMove):
		return err
	case errors.As(err, &said) && said.Type == imap.StatusResponseTypeBye:
		return fmt.Errorf("%w: the server said goodbye", ErrLost)
	case errors.As(err, &said):
		return &Refusal{Type: string(said.Type), Code: string(said.Code)}
	case errors.Is(onWire, io.EOF):
		return fmt.Errorf("%w: the server closed it", ErrLost)
	case onWire != nil:
		return fmt.Errorf("%w: %w", ErrLost, onWire)
	case end == hungUp, end == standing && errors.Is(err, io.ErrUnexpectedEOF):
		return ErrLost
	}
	return ErrGarbled
}

// explainTLS tells the certificate faults apart, since each is mended differently.
func explainTLS(err error) error {
	var (
		unknown  x509.UnknownAuthorityError
		name     x509.HostnameError
		invalid  x509.CertificateInvalidError
		notTLS   tls.RecordHeaderError
		netError net.Error
	)
	switch {
	case errors.As(err, &unknown):
		return fmt.Errorf("%w: %w", ErrUnknownCA, err)
	case errors.As(err, &name):
		return fmt.Errorf("%w: %w", ErrWrongName, err)
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return fmt.Errorf("%w: %w", ErrExpired, err)
	case errors.As(err, &invalid):
		return fmt.Errorf("%w: %w", ErrUnknownCA, err)
	case errors.As(err, &notTLS):
		// The record's bytes may be the server's greeting; they say nothing more.
		return ErrNotTLS
	case errors.As(err, &netError), errors.Is(err, io.EOF):
		return fmt.Errorf("%w: TLS: %w", ErrLost, err)
	}
	return fmt.Errorf("TLS: %w", err)
}
