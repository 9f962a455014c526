// Package call makes HTTP requests to registers that somebody else runs: bounded in time, size and number of tries, never
// redirected, and without a word of the request in an error.
package call

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"dpobot/responders/registers"
)

// Client makes requests that are safe to repeat.
type Client struct {
	HTTP  *http.Client
	Tries int   // in all, for one call
	Max   int64 // bytes of an answer; more is an error
	// Longest is how long a server may ask us to wait between two tries; if it asks for more, the call ends as ErrTemporary.
	Longest time.Duration
	// Pause waits between two tries.
	Pause func(context.Context, time.Duration) error
}

// Answer is what a server said.
type Answer struct {
	Status int
	Body   []byte
}

// New returns a client whose every try takes at most timeout. It trusts the roots, or those of the system where there are none.
func New(timeout time.Duration, roots *x509.CertPool) Client {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.TLSClientConfig = &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots}
	return Client{
		HTTP: &http.Client{Transport: transport, Timeout: timeout,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
		Tries: 4, Max: 32 << 20, Longest: time.Minute, Pause: pause,
	}
}

func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// Allowed parses a base URL: HTTPS, or plain HTTP to this very machine. Personal data goes over no other wire.
func Allowed(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return nil, errors.New("url: not of the form https://host/path")
	}
	if u.Scheme == "https" || u.Scheme == "http" && loopback(u.Hostname()) {
		return u, nil
	}
	return nil, errors.New("url: must be https, unless the host is this machine")
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Do makes the request that build returns, again where the server is busy or does not answer. Any answer but those is returned.
func (c Client) Do(ctx context.Context, build func(context.Context) (*http.Request, error)) (Answer, error) {
	wait := 500 * time.Millisecond
	for try := 1; ; try++ {
		answer, asked, err := c.once(ctx, build)
		if err == nil || !errors.Is(err, registers.ErrTemporary) || try >= c.Tries || asked > c.Longest {
			return answer, err
		}
		if c.Pause(ctx, max(wait, asked)) != nil {
			return answer, err
		}
		wait *= 2
	}
}

// once makes one try; asked is how long the server wants us to wait.
func (c Client) once(ctx context.Context, build func(context.Context) (*http.Request, error)) (answer Answer, asked time.Duration, err error) {
	request, err := build(ctx)
	if err != nil {
		return answer, 0, fmt.Errorf("the request cannot be made: %w", registers.ErrPermanent)
	}
	response, err := c.HTTP.Do(request)
	if err != nil {
		return answer, 0, explain(err)
	}
	defer response.Body.Close()
	answer.Status = response.StatusCode
	answer.Body, err = io.ReadAll(io.LimitReader(response.Body, c.Max+1))
	switch {
	case err != nil:
		return answer, 0, fmt.Errorf("the answer breaks off: %w", registers.ErrTemporary)
	case int64(len(answer.Body)) > c.Max:
		return answer, 0, fmt.Errorf("the answer is larger than %d bytes: %w", c.Max, registers.ErrPermanent)
	case answer.Status >= 300 && answer.Status < 400:
		return answer, 0, fmt.Errorf("the server redirects (HTTP %d), which is not followed: %w", answer.Status, registers.ErrPermanent)
	case answer.Status == http.StatusTooManyRequests || answer.Status >= 500:
		return answer, retryAfter(response.Header), fmt.Errorf("the server is busy or broken (HTTP %d): %w", answer.Status, registers.ErrTemporary)
	}
	return answer, 0, nil
}

// retryAfter reads the header in both of its forms (RFC 9110, 10.2.3).
func retryAfter(h http.Header) time.Duration {
	value := h.Get("Retry-After")
	if seconds, err := strconv.Atoi(value); err == nil && seconds > 0 {
		return time.Duration(seconds) * time.Second
	}
	if at, err := http.ParseTime(value); err == nil {
		return max(0, time.Until(at))
	}
	return 0
}

// explain drops the text of an error, which names the whole URL.
func explain(err error) error {
	var certificate *tls.CertificateVerificationError
	var dns *net.DNSError
	var n net.Error
	switch {
	case errors.As(err, &certificate):
		return fmt.Errorf("the server's certificate is not trusted: %w", registers.ErrPermanent)
	case errors.As(err, &dns):
		return fmt.Errorf("the server's name is not found: %w", registers.ErrTemporary)
	case errors.As(err, &n) && n.Timeout(), errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("no answer in time: %w", registers.ErrTemporary)
	}
	return fmt.Errorf("no connection: %w", registers.ErrTemporary)
}
