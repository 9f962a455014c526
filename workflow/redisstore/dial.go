package redisstore

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/maintnotifications"
)

// Server says which Redis to use. A URL is redis://host:port/db (this machine alone),
// rediss://host:port/db, or unix:///path?db=0; a user's name may stand in it, a password
// must not.
type Server struct {
	// URLs is one server, the nodes of a cluster, or with Master the sentinels.
	URLs []string
	// Master is the name of a group that the sentinels watch.
	Master string
	// Password is asked for with each new connection, so that a changed file counts at
	// once; nil for none.
	Password func() (string, error)
	// SentinelPassword is that of the sentinels; nil for none.
	SentinelPassword func() (string, error)
	// RootCAs sign the servers' certificates; nil takes the system's.
	RootCAs *x509.CertPool
}

// Timeouts of a connection. A command that the server holds longer has no place here.
const (
	dialTimeout    = 5 * time.Second
	commandTimeout = 7 * time.Second
)

// Dial makes the connection that New wants: no command is repeated by itself (but a
// cluster's client asks another node, and may), contexts count, TLS is 1.2 or later with
// names verified, and plain text stays on this machine.
// It does not wait for the server; Check tells whether it answers.
func Dial(server Server) (redis.UniversalClient, error) {
	o := &redis.UniversalOptions{
		MasterName:               server.Master,
		IsClusterMode:            server.Master == "" && len(server.URLs) > 1,
		MaxRetries:               -1,
		MaxRedirects:             3, // of a cluster
		ContextTimeoutEnabled:    true,
		DialTimeout:              dialTimeout,
		ReadTimeout:              commandTimeout,
		WriteTimeout:             commandTimeout,
		MaintNotificationsConfig: &maintnotifications.Config{Mode: maintnotifications.ModeDisabled},
	}
	if len(server.URLs) == 0 {
		return nil, errors.New("dial Redis: no url")
	}
	for _, raw := range server.URLs {
		if err := addServer(o, raw, server.RootCAs); err != nil {
			return nil, fmt.Errorf("dial Redis: %w", err)
		}
	}
	if server.Password != nil {
		user := o.Username
		o.CredentialsProviderContext = func(context.Context) (string, string, error) {
			password, err := server.Password()
			return user, password, err
		}
	}
	if server.SentinelPassword != nil {
		password, err := server.SentinelPassword()
		if err != nil {
			return nil, fmt.Errorf("dial Redis: password of the sentinels: %w", err)
		}
		o.SentinelPassword = password
	}
	return redis.NewUniversalClient(o), nil
}

// addServer adds one URL to the options. Its errors do not quote the URL.
func addServer(o *redis.UniversalOptions, raw string, roots *x509.CertPool) error {
	u, err := url.Parse(raw)
	if err != nil {
		return errors.New("a url that cannot be read")
	}
	if _, ok := u.User.Password(); ok {
		return errors.New("a password stands in the url: move it to password_file")
	}
	parsed, err := redis.ParseURL(raw)
	if err != nil {
		return errors.New("a url that is not redis://host:port/db, rediss://host:port/db or unix:///path")
	}
	if u.Scheme == "redis" && !loopback(u.Hostname()) {
		return fmt.Errorf("%s would be reached in plain text: use rediss://", u.Host)
	}
	if secure := u.Scheme == "rediss"; len(o.Addrs) > 0 && secure != (o.TLSConfig != nil) {
		return errors.New("some urls are rediss:// and some are not")
	} else if secure {
		o.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots}
	}
	o.Addrs = append(o.Addrs, parsed.Addr)
	o.DB, o.Username = parsed.DB, parsed.Username
	return nil
}

// loopback tells whether a host is this machine, without asking any name server.
func loopback(host string) bool {
	if host == "" || strings.EqualFold(host, "localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}
