package mailbox

import (
	"context"
	"errors"
	"fmt"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-sasl"
)

// login authenticates by the best way that the server offers and learns what it can do then.
func (m *Mailbox) login(ctx context.Context, s *session) error {
	if err := s.learn(ctx); err != nil {
		return err
	}
	if s.client.State() == imap.ConnStateNotAuthenticated {
		if err := m.authenticate(ctx, s); err != nil {
			return err
		}
	}
	// Asked anew, since go-imap may still show what was offered before the login.
	return s.learn(ctx)
}

// learn asks what the server can do.
func (s *session) learn(ctx context.Context) error {
	return s.do(ctx, s.limits.command, "CAPABILITY", func(*deadline) (err error) {
		s.caps, err = s.client.Capability().Wait()
		return err
	})
}

func (m *Mailbox) authenticate(ctx context.Context, s *session) error {
	if m.config.Token != nil {
		return m.authenticateByToken(ctx, s)
	}
	password, err := m.config.Password()
	if err != nil {
		return fmt.Errorf("%w: %w", ErrNoSecret, err)
	}
	err = s.do(ctx, s.limits.dial, "login", func(*deadline) error {
		switch {
		// PLAIN first: LOGIN cannot carry a password in UTF-8.
		case s.caps.Has(imap.AuthCap(sasl.Plain)):
			return s.client.Authenticate(sasl.NewPlainClient("", m.config.User, password))
		case s.caps.Has(imap.CapLoginDisabled):
			return ErrLoginDisabled
		}
		return s.client.Login(m.config.User, password).Wait()
	})
	return refusedLogin(err, ErrPassword)
}

func (m *Mailbox) authenticateByToken(ctx context.Context, s *session) error {
	token, err := m.config.Token(ctx)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrNoSecret, err)
	}
	var client sasl.Client
	bearer, own := s.caps.Has(imap.AuthCap(sasl.OAuthBearer)), s.caps.Has(imap.AuthCap("XOAUTH2"))
	switch {
	case !bearer && !own:
		return ErrLoginDisabled
	case bearer && (m.config.Bearer || !own):
		client = sasl.NewOAuthBearerClient(&sasl.OAuthBearerOptions{Username: m.config.User, Token: token})
	default:
		client = &xoauth2{user: m.config.User, token: token}
	}
	asked := &challenged{Client: client}
	err = s.do(ctx, s.limits.dial, "login", func(*deadline) error { return s.client.Authenticate(asked) })
	if asked.refused {
		// Both mechanisms say no by a challenge that go-imap leaves unanswered: the connection
		// hangs from here on, so nobody may use it. The challenge itself may name the account.
		s.close()
		return ErrToken
	}
	return refusedLogin(err, ErrToken)
}

// refusedLogin tells a wrong secret from a server that cannot just now (RFC 5530, 3).
func refusedLogin(err, wrong error) error {
	switch {
	case err == nil:
		return nil
	case refusedWith(err, imap.ResponseCodeUnavailable), refusedWith(err, imap.ResponseCodeServerBug),
		refusedWith(err, imap.ResponseCodeInUse), refusedWith(err, imap.ResponseCodeLimit):
		return err
	case refusedWith(err, imap.ResponseCodePrivacyRequired):
		return fmt.Errorf("%w: %w", ErrLoginDisabled, err)
	case isRefusal(err):
		return fmt.Errorf("%w: %w", wrong, err)
	}
	return err
}

// challenged notices that the server sent a challenge, which in OAUTHBEARER and XOAUTH2 is a no.
type challenged struct {
	sasl.Client
	refused bool
}

func (c *challenged) Next([]byte) ([]byte, error) {
	c.refused = true
	return nil, errors.New("token refused")
}

// xoauth2 is the mechanism of Google and Microsoft that came before OAUTHBEARER; go-sasl has
// dropped it.
type xoauth2 struct{ user, token string }

func (x *xoauth2) Start() (mech string, initial []byte, err error) {
	return "XOAUTH2", []byte("user=" + x.user + "\x01auth=Bearer " + x.token + "\x01\x01"), nil
}

func (x *xoauth2) Next([]byte) ([]byte, error) { return nil, errors.New("token refused") }
