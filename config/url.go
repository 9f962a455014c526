package config

import (
	"errors"
	"net"
	"net/netip"
	"net/url"
	"os"
	"strconv"
	"strings"

	"golang.org/x/net/idna"
)

// Server is where something listens and who logs in there.
type Server struct {
	Scheme string // as written: imap, imaps, smtp, smtps, redis, rediss, unix
	User   string // empty: nobody logs in
	Host   string // name in ASCII or address, without brackets
	Port   int    // the scheme's own where none is written
	secret Secret // out of ${NAME} in the url
}

// Addr is host:port to dial.
func (s Server) Addr() string { return net.JoinHostPort(s.Host, strconv.Itoa(s.Port)) }

// Loopback says whether the server is this machine: localhost, 127.0.0.0/8 or ::1.
func (s Server) Loopback() bool { return isLoopback(s.Host) }

func isLoopback(host string) bool {
	if strings.EqualFold(strings.TrimSuffix(host, "."), "localhost") {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback()
}

// IMAPURL is a mailbox: imap://user@host[:port]/FOLDER or imaps://.
type IMAPURL struct {
	Server
	Folder string // UTF-8; INBOX where none is written
}

// SMTPURL is a mail server that sends: smtp://[user@]host[:port] or smtps://.
type SMTPURL struct{ Server }

// RedisURL is a Redis server: redis://host[:port][/db], rediss:// or unix:///path.
type RedisURL struct {
	Server
	Socket string // path of a Unix socket; then Host is empty
	DB     int
}

// TLS says whether the connection is encrypted.
func (u RedisURL) TLS() bool { return u.Scheme == "rediss" }

// WebURL is an address on the web: https, or http to this machine.
type WebURL string

var (
	imapPorts  = ports{"imap": 143, "imaps": 993}
	smtpPorts  = ports{"smtp": 587, "smtps": 465}
	redisPorts = ports{"redis": 6379, "rediss": 6379, "unix": 0}
	webPorts   = ports{"http": 80, "https": 443}
)

// ports are the schemes that a url may have, with the port of each.
type ports map[string]int

func (p ports) String() string {
	var names []string
	for name := range p {
		names = append(names, name+"://")
	}
	return orList(names)
}

func (u *IMAPURL) parseURL(raw string) *problem {
	const shape = "write imaps://user@mail.example.org/INBOX"
	parsed, p := parseServer(raw, imapPorts, shape, &u.Server)
	if p != nil {
		return p
	}
	u.Folder = strings.Trim(parsed.Path, "/")
	if u.Folder == "" || strings.EqualFold(u.Folder, "inbox") {
		u.Folder = "INBOX" // RFC 9051, 5.1: in any case of letters
	}
	if u.User == "" {
		return &problem{"names no user", shape}
	}
	return nil
}

func (u *SMTPURL) parseURL(raw string) *problem {
	const shape = "write smtps://user@mail.example.org"
	parsed, p := parseServer(raw, smtpPorts, shape, &u.Server)
	if p == nil && strings.Trim(parsed.Path, "/") != "" {
		return &problem{"has a folder, and mail is sent to none", shape}
	}
	return p
}

func (u *RedisURL) parseURL(raw string) *problem {
	const shape = "write redis://127.0.0.1:6379/0, rediss://redis.example.org:6379/0 or unix:///run/redis/redis.sock"
	parsed, p := parseServer(raw, redisPorts, shape, &u.Server)
	if p != nil {
		return p
	}
	db := strings.Trim(parsed.Path, "/")
	if u.Scheme == "unix" {
		u.Socket, db = parsed.Path, parsed.Query().Get("db")
		if u.Socket == "" || u.Host != "" {
			return &problem{"names no socket", shape}
		}
	}
	if db == "" {
		return nil
	}
	number, err := strconv.Atoi(db)
	if err != nil || number < 0 {
		return &problem{"does not end in the number of a database", shape}
	}
	u.DB = number
	return nil
}

func (u *WebURL) parseURL(raw string) *problem {
	const shape = "write https://www.example.org/path"
	var s Server
	parsed, p := parseServer(raw, webPorts, shape, &s)
	switch {
	case p != nil:
		return p
	case s.User != "":
		return &problem{"names a user", shape}
	case s.Scheme == "http" && !s.Loopback():
		return &problem{"is http, so everybody on the way can read it", "write https://; http:// is for this machine alone"}
	}
	*u = WebURL(parsed.String())
	return nil
}

// parseServer takes a url apart. A password in the file is refused; one that
// comes as ${NAME} becomes the server's secret. No problem repeats the url.
func parseServer(raw string, known ports, shape string, s *Server) (*url.URL, *problem) {
	rest, secret, p := cutPassword(raw)
	if p != nil {
		return nil, p
	}
	text, p := expand(rest)
	if p != nil {
		return nil, p
	}
	u, err := url.Parse(text)
	if err != nil || u.Opaque != "" || u.Scheme == "" {
		return nil, &problem{"is not a url", shape}
	}
	if _, ok := known[u.Scheme]; !ok {
		return nil, &problem{"does not begin with " + known.String(), shape}
	}
	if _, ok := u.User.Password(); ok && !secret.IsSet() {
		secret = textSecret(raw, urlPassword)
	}
	*s = Server{Scheme: u.Scheme, User: u.User.Username(), Port: known[u.Scheme], secret: secret}
	if p := s.setHost(u, shape); p != nil {
		return nil, p
	}
	u.User = nil
	return u, nil
}

func (s *Server) setHost(u *url.URL, shape string) *problem {
	if u.Scheme == "unix" && u.Host == "" {
		return nil
	}
	s.Host = u.Hostname()
	if _, err := netip.ParseAddr(s.Host); err != nil {
		ascii, err := idna.Lookup.ToASCII(strings.TrimSuffix(s.Host, "."))
		if err != nil || ascii == "" {
			return &problem{"names no host", shape}
		}
		s.Host = strings.ToLower(ascii)
	}
	if u.Port() == "" {
		return nil
	}
	port, err := strconv.Atoi(u.Port())
	if err != nil || port < 1 || port > 65535 {
		return &problem{"has a port that is no number from 1 to 65535", shape}
	}
	s.Port = port
	return nil
}

// cutPassword takes the password out of a url that was not expanded yet.
func cutPassword(raw string) (rest string, secret Secret, p *problem) {
	scheme, tail, ok := strings.Cut(raw, "://")
	authority := tail
	if end := strings.IndexAny(tail, "/?#"); end >= 0 {
		authority = tail[:end]
	}
	at := strings.LastIndexByte(authority, '@')
	if !ok || at < 0 {
		return raw, Secret{}, nil
	}
	user, password, ok := strings.Cut(tail[:at], ":")
	if !ok || password == "" {
		return raw, Secret{}, nil
	}
	name, isVar := variable(password)
	if !isVar {
		return "", Secret{}, &problem{"holds a password", "take it out of the url, write it into a file (chmod 600) and name that in password_file"}
	}
	if os.Getenv(name) == "" {
		return "", Secret{}, &problem{"the environment variable " + name + " is not set", "set " + name + " before dpobot starts, or use password_file"}
	}
	secret = textSecret(password, asIs)
	secret.source = "environment variable " + name
	return scheme + "://" + user + tail[at:], secret, nil
}

func urlPassword(text string) (string, error) {
	u, err := url.Parse(text)
	if err != nil {
		return "", errors.New("it is no url")
	}
	password, _ := u.User.Password()
	return password, nil
}

// HostPort is host:port of a resolver; port 53 where none is written.
type HostPort string

func (h *HostPort) parse(text string) *problem {
	host, port, err := net.SplitHostPort(text)
	if err != nil {
		host, port = strings.Trim(text, "[]"), "53"
	}
	number, err := strconv.Atoi(port)
	if _, addrErr := netip.ParseAddr(host); addrErr != nil || err != nil || number < 1 || number > 65535 {
		return &problem{"is no address of a resolver", "write an address and a port, as in 127.0.0.1:53"}
	}
	*h = HostPort(net.JoinHostPort(host, port))
	return nil
}
