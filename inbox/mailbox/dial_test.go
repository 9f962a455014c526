package mailbox

import (
	"context"
	"errors"
	"net"
	"slices"
	"strings"
	"testing"

	"dpobot/inbox/mailbox/imaptest"
)

func authority(t testing.TB, make func() (*imaptest.Authority, error)) *imaptest.Authority {
	t.Helper()
	a, err := make()
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// closedPort is an address where nobody listens.
func closedPort(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func TestConnecting(t *testing.T) {
	ca := authority(t, imaptest.NewAuthority)
	expired := authority(t, imaptest.NewExpiredAuthority)
	server := startServer(t, imaptest.Options{Authority: ca, NeedTLS: true})
	old := startServer(t, imaptest.Options{Authority: expired})
	plain := startServer(t, imaptest.Options{})
	peer := startPeer(t)
	peer.Offer("IMAP4rev1 LOGINDISABLED")

	for name, c := range map[string]struct {
		change func(*Config)
		want   error
	}{
		"imaps":            {func(c *Config) {}, nil},
		"starttls":         {func(c *Config) { c.TLS, c.Address = TLSStart, server.Addr }, nil},
		"plain":            {func(c *Config) { c.TLS, c.Address = TLSNone, plain.Addr }, nil},
		"by name":          {func(c *Config) { c.ServerName = "localhost" }, nil},
		"wrong password":   {func(c *Config) { c.Password = secret("wrong") }, ErrPassword},
		"wrong user":       {func(c *Config) { c.User = "nobody" }, ErrPassword},
		"no secret":        {func(c *Config) { c.Password = func() (string, error) { return "", errBroken } }, ErrNoSecret},
		"closed port":      {func(c *Config) { c.Address = closedPort(t) }, ErrUnreachable},
		"unknown CA":       {func(c *Config) { c.RootCAs = nil }, ErrUnknownCA},
		"starttls, CA":     {func(c *Config) { c.TLS, c.Address, c.RootCAs = TLSStart, server.Addr, nil }, ErrUnknownCA},
		"other name":       {func(c *Config) { c.ServerName = "mail.example" }, ErrWrongName},
		"starttls, name":   {func(c *Config) { c.TLS, c.Address, c.ServerName = TLSStart, server.Addr, "mail.example" }, ErrWrongName},
		"expired":          {func(c *Config) { c.Address, c.RootCAs = old.TLSAddr, expired.Pool() }, ErrExpired},
		"no TLS there":     {func(c *Config) { c.Address = plain.Addr }, ErrNotTLS},
		"no STARTTLS":      {func(c *Config) { c.TLS, c.Address = TLSStart, plain.Addr }, ErrNoSTARTTLS},
		"TLS needed":       {func(c *Config) { c.TLS, c.Address = TLSNone, server.Addr }, ErrLoginDisabled},
		"login disabled":   {func(c *Config) { c.TLS, c.Address = TLSNone, peer.Addr }, ErrLoginDisabled},
		"no such folder":   {func(c *Config) { c.Folder = "Nowhere" }, ErrNoFolder},
		"token not wanted": {func(c *Config) { c.Password, c.Token = nil, token("t") }, ErrLoginDisabled},
	} {
		t.Run(name, func(t *testing.T) {
			config := plainConfig(server.TLSAddr)
			config.TLS, config.RootCAs = TLSImplicit, ca.Pool()
			c.change(&config)
			box := newMailbox(t, config, &reader{}, newMemory())
			if _, err := box.Turn(t.Context()); !errors.Is(err, c.want) {
				t.Errorf("Turn: %v, want %v", err, c.want)
			}
			checkSays(t, box, c.want)
		})
	}
}

// checkSays holds Check to the same view of things: one fault with a way to mend it, or none.
func checkSays(t *testing.T, box *Mailbox, want error) {
	t.Helper()
	var faults []Finding
	for _, f := range box.Check(t.Context()) {
		if f.Grade == Fault {
			faults = append(faults, f)
		}
	}
	switch {
	case want == nil && len(faults) > 0:
		t.Errorf("Check finds %+v, want no fault", faults)
	case want != nil && (len(faults) != 1 || !errors.Is(faults[0].Err, want) || faults[0].Mend == ""):
		t.Errorf("Check finds %+v, want the one fault %v and how to mend it", faults, want)
	}
}

func token(s string) func(context.Context) (string, error) {
	return func(context.Context) (string, error) { return s, nil }
}

func TestTokens(t *testing.T) {
	for name, c := range map[string]struct {
		offer string
		fault imaptest.Fault
		want  error
	}{
		"OAUTHBEARER":          {"AUTH=OAUTHBEARER", "", nil},
		"XOAUTH2":              {"AUTH=XOAUTH2", "", nil},
		"OAUTHBEARER, refused": {"AUTH=OAUTHBEARER", imaptest.Challenge, ErrToken},
		"XOAUTH2, refused":     {"AUTH=XOAUTH2", imaptest.Challenge, ErrToken},
		"XOAUTH2, NO":          {"AUTH=XOAUTH2", imaptest.Refuse, ErrToken},
	} {
		t.Run(name, func(t *testing.T) {
			peer := startPeer(t)
			peer.Offer("IMAP4rev1 SASL-IR " + c.offer)
			peer.On(func(command string) imaptest.Fault {
				if strings.HasPrefix(command, "AUTHENTICATE") {
					return c.fault
				}
				return ""
			})
			config := plainConfig(peer.Addr)
			config.Password, config.Token = nil, token("secret")
			box := newMailbox(t, config, &reader{}, newMemory())
			_, err := box.Turn(t.Context())
			if !errors.Is(err, c.want) {
				t.Errorf("Turn: %v, want %v", err, c.want)
			}
			if err != nil && strings.Contains(err.Error(), "Pauli") {
				t.Errorf("the error repeats what the server said: %v", err)
			}
		})
	}
}

// A changed password file counts at the next login.
func TestPasswordIsAskedAtEachLogin(t *testing.T) {
	server := startServer(t, imaptest.Options{})
	config := plainConfig(server.Addr)
	asked := []string{"wrong", password}
	config.Password = func() (string, error) {
		next := asked[0]
		asked = asked[1:]
		return next, nil
	}
	box := newMailbox(t, config, &reader{}, newMemory())
	if _, err := box.Turn(t.Context()); !errors.Is(err, ErrPassword) {
		t.Errorf("first Turn: %v, want %v", err, ErrPassword)
	}
	turnOnce(t, box)
}

func TestNewNamesEveryFault(t *testing.T) {
	for name, c := range map[string]struct {
		config Config
		want   []string
	}{
		"all wrong": {
			Config{Address: "nothing", TLS: "ssl", Poll: 1, MaxSize: -1, Keyword: "a b"},
			[]string{"host:port", "TLS mode", "no IMAP user", "password", "poll", "size", "keyword"},
		},
		"plain text abroad": {
			Config{Address: "mail.example:143", TLS: TLSNone, User: "u", Password: secret("p")},
			[]string{ErrPlainRefused.Error()},
		},
		"plain text on an address of the network": {
			Config{Address: "192.0.2.1:143", TLS: TLSNone, User: "u", Password: secret("p")},
			[]string{ErrPlainRefused.Error()},
		},
		"password and token": {
			Config{Address: "h:1", User: "u", Password: secret("p"), Token: token("t")},
			[]string{"either"},
		},
		"fine": {Config{Address: "[::1]:143", TLS: TLSNone, User: "u", Password: secret("p")}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := New(c.config, &reader{}, newMemory())
			if (err == nil) != (len(c.want) == 0) {
				t.Fatalf("New: %v, want %d faults", err, len(c.want))
			}
			if err != nil && len(strings.Split(err.Error(), "\n")) != len(c.want) {
				t.Errorf("New names %q, want %d faults", err, len(c.want))
			}
			if missing := slices.DeleteFunc(c.want, func(w string) bool { return strings.Contains(err.Error(), w) }); len(missing) > 0 {
				t.Errorf("New: %v, want it to name %q", err, missing)
			}
		})
	}
}
