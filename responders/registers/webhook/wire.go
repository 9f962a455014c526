package webhook

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strconv"

	"dpobot/responders/registers"
	"dpobot/responders/registers/internal/call"
)

// request is the body of every request; docs/webhook.md says which parts each action has.
type request struct {
	Version  int          `json:"version"`
	ID       string       `json:"id"`
	Action   string       `json:"action"`
	Register string       `json:"register"`
	Person   *wirePerson  `json:"person,omitempty"`
	Keys     []string     `json:"keys,omitempty"`
	Changes  []wireChange `json:"changes,omitempty"`
	Erase    []wireErase  `json:"erase,omitempty"`
	After    string       `json:"after,omitempty"`
	Field    string       `json:"field,omitempty"`
}

type wirePerson struct {
	Addresses   []string                  `json:"addresses,omitempty"`
	Identifiers map[registers.Role]string `json:"identifiers,omitempty"`
}

type wireChange struct {
	Field string `json:"field"`
	New   string `json:"new"`
}

// wireErase is what is to be done with one record: deleted with all its rows, or kept with these fields and rows gone.
type wireErase struct {
	Key      string          `json:"key"`
	Keep     bool            `json:"keep"`
	Day      string          `json:"day"`
	Empty    []string        `json:"empty,omitempty"`
	Children []wireEraseRows `json:"children,omitempty"`
}

type wireEraseRows struct {
	Name   string      `json:"name"`
	Delete []string    `json:"delete,omitempty"`
	Empty  []wireEmpty `json:"empty,omitempty"`
}

type wireEmpty struct {
	Key    string   `json:"key"`
	Fields []string `json:"fields"`
}

type wireRecord struct {
	Key      string               `json:"key"`
	Fields   map[string]any       `json:"fields"`
	Children map[string][]wireRow `json:"children"`
	Erased   string               `json:"erased"`
}

type wireRow struct {
	Key    string         `json:"key"`
	Fields map[string]any `json:"fields"`
}

type wireFailure struct {
	Field string `json:"field"`
	Code  string `json:"code"`
}

// Sign returns the value of the header Dpobot-Signature for a body sent at a time.
func Sign(secret []byte, timestamp string, body []byte) string {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(timestamp))
	mac.Write([]byte("."))
	mac.Write(body)
	return "v1=" + hex.EncodeToString(mac.Sum(nil))
}

// ask makes one signed request. Each try has an id and a signature of its own, so that the server can take one that it has seen
// for a replay.
func (r *Register) ask(ctx context.Context, what request, into any) error {
	what.Version, what.Register = 1, r.spec.Name
	answer, err := r.http.Do(ctx, func(ctx context.Context) (*http.Request, error) {
		what.ID = rand.Text()
		body, err := json.Marshal(what)
		if err != nil {
			return nil, err
		}
		q, err := http.NewRequestWithContext(ctx, http.MethodPost, r.url.String(), bytes.NewReader(body))
		if err != nil {
			return nil, err
		}
		timestamp := strconv.FormatInt(r.now().Unix(), 10)
		q.Header.Set("Content-Type", "application/json")
		q.Header.Set("Dpobot-Timestamp", timestamp)
		q.Header.Set("Dpobot-Signature", Sign(r.secret, timestamp, body))
		return q, nil
	})
	switch {
	case err != nil:
		return fmt.Errorf("webhook: %w", err)
	case answer.Status != http.StatusOK:
		var why struct{ Error string }
		_ = call.Parse(answer.Body, &why)
		return fmt.Errorf("webhook: the server refuses (HTTP %d, %s): %w", answer.Status, reason(why.Error), registers.ErrPermanent)
	}
	if err := call.Parse(answer.Body, into); err != nil {
		return fmt.Errorf("webhook: %w: %w", err, registers.ErrPermanent)
	}
	return nil
}

var code = regexp.MustCompile(`^[a-z_]{1,40}$`)

// reason lets a code through that the server gives, and nothing else: a sentence might quote the data.
func reason(text string) string {
	if code.MatchString(text) {
		return text
	}
	return "no reason given"
}
