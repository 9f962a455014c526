package mailchimp

import (
	"bytes"
	"context"
	"crypto/md5" // what Mailchimp names its members by
	"encoding/hex"
	"encoding/json"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"

	"dpobot/responders/registers"
	"dpobot/responders/registers/internal/call"
)

// member is the JSON object of a list member.
type member map[string]any

func (m member) text(name string) string { s, _ := m[name].(string); return s }

// key is the contact's id; very old answers lack it, and have the digest of the address alone.
func (m member) key() string {
	if id := m.text("contact_id"); id != "" {
		return id
	}
	return m.text("id")
}

// at returns the value at a dotted path, or nil.
func (m member) at(path string) any {
	var v any = map[string]any(m)
	for part := range strings.SplitSeq(path, ".") {
		object, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = object[part]
	}
	return v
}

func hash(address string) string {
	sum := md5.Sum([]byte(address))
	return hex.EncodeToString(sum[:])
}

// ask makes one request below the base URL, and reads the answer into a value. It returns the status.
func (r *Register) ask(ctx context.Context, method, path string, query url.Values, body, into any) (int, error) {
	var content []byte
	if body != nil {
		var err error
		if content, err = json.Marshal(body); err != nil {
			return 0, fmt.Errorf("the request cannot be made: %w", registers.ErrPermanent)
		}
	}
	u := r.base.JoinPath(path)
	u.RawQuery = query.Encode()
	answer, err := r.http.Do(ctx, func(ctx context.Context) (*http.Request, error) {
		request, err := http.NewRequestWithContext(ctx, method, u.String(), bytes.NewReader(content))
		if err != nil {
			return nil, err
		}
		request.SetBasicAuth("dpobot", r.src.Key) // any user name will do
		request.Header.Set("Accept", "application/json")
		if body != nil {
			request.Header.Set("Content-Type", "application/json")
		}
		return request, nil
	})
	switch {
	case err != nil:
		return answer.Status, fmt.Errorf("mailchimp: %w", err)
	case answer.Status == http.StatusNotFound:
		return answer.Status, nil // the caller knows what it asked for
	case answer.Status >= 400:
		return answer.Status, refusal(answer)
	case into == nil || answer.Status == http.StatusNoContent:
		return answer.Status, nil
	}
	if err := call.Parse(answer.Body, into); err != nil {
		return answer.Status, fmt.Errorf("mailchimp: %w: %w", err, registers.ErrPermanent)
	}
	return answer.Status, nil
}

var harmless = regexp.MustCompile(`^[A-Za-z ]{1,60}$`)

// refusal says why Mailchimp refuses, by the title of its problem document. The detail quotes addresses.
func refusal(answer call.Answer) error {
	var problem struct {
		Title string `json:"title"`
	}
	_ = call.Parse(answer.Body, &problem)
	if !harmless.MatchString(problem.Title) {
		problem.Title = "no reason given"
	}
	hint := ""
	if answer.Status == http.StatusUnauthorized || answer.Status == http.StatusForbidden {
		hint = "; the API key is wrong, or may not do this"
	}
	return fmt.Errorf("mailchimp refuses (HTTP %d, %s%s): %w", answer.Status, problem.Title, hint, registers.ErrPermanent)
}

func (r *Register) list(rest ...string) string {
	path := "lists/" + r.src.List
	for _, part := range rest {
		path += "/" + url.PathEscape(part)
	}
	return path
}

// member reads one member by the digest of the address, or by the contact's id.
func (r *Register) member(ctx context.Context, id string) (member, bool, error) {
	var m member
	status, err := r.ask(ctx, http.MethodGet, r.list("members", id), nil, nil, &m)
	if err != nil || status == http.StatusNotFound {
		return nil, false, err
	}
	if m.key() == "" {
		return nil, false, fmt.Errorf("mailchimp: a member without an id: %w", registers.ErrPermanent)
	}
	return m, true, nil
}

func (r *Register) search(ctx context.Context, query string) ([]member, error) {
	type found struct {
		Members []member `json:"members"`
	}
	var answer struct {
		Exact found `json:"exact_matches"`
		Full  found `json:"full_search"`
	}
	_, err := r.ask(ctx, http.MethodGet, "search-members", url.Values{"query": {query}, "list_id": {r.src.List}}, nil, &answer)
	if err != nil {
		return nil, err
	}
	var out []member
	for _, m := range append(answer.Exact.Members, answer.Full.Members...) {
		// The search may look beyond the audience where the id is not known to it.
		if m.text("list_id") == r.src.List && m.key() != "" {
			out = append(out, m)
		}
	}
	return out, nil
}

// attach asks how many rows each child table has, and leaves them to be read when asked for.
func (r *Register) attach(ctx context.Context, rec *registers.Record) error {
	for _, c := range r.spec.Children {
		_, total, err := r.page(ctx, c, rec.Key, 0, 1)
		if err != nil {
			return err
		}
		rec.Children = append(rec.Children, registers.ChildRows{Name: c.Name, Title: c.Title, Fields: c.Fields, Count: total, Rows: r.rows(c, rec.Key)})
	}
	return nil
}

const pageSize = 500

func (r *Register) rows(c registers.Child, key string) func(context.Context) iter.Seq2[[]registers.Value, error] {
	return func(ctx context.Context) iter.Seq2[[]registers.Value, error] {
		return func(yield func([]registers.Value, error) bool) {
			for offset := 0; ; offset += pageSize {
				items, total, err := r.page(ctx, c, key, offset, pageSize)
				if err != nil {
					yield(nil, fmt.Errorf("read %s: %w", c.Name, err))
					return
				}
				for _, item := range items {
					values := make([]registers.Value, len(c.Fields))
					for i, f := range c.Fields {
						values[i] = call.Raw(item.at(f.In()))
						values[i].Field = f.Name
					}
					if !yield(values, nil) {
						return
					}
				}
				if len(items) == 0 || offset+len(items) >= total {
					return
				}
			}
		}
	}
}

func (r *Register) page(ctx context.Context, c registers.Child, key string, offset, count int) ([]member, int, error) {
	var answer map[string]any
	query := url.Values{"count": {strconv.Itoa(count)}, "offset": {strconv.Itoa(offset)}}
	status, err := r.ask(ctx, http.MethodGet, r.list("members", key, c.Name), query, nil, &answer)
	if err != nil || status == http.StatusNotFound {
		return nil, 0, err
	}
	var out []member
	items, _ := answer[children[c.Name]].([]any)
	for _, item := range items {
		if object, ok := item.(map[string]any); ok {
			out = append(out, object)
		}
	}
	number, _ := answer["total_items"].(json.Number)
	total, err := strconv.Atoi(number.String())
	if err != nil {
		total = len(out)
	}
	return out, total, nil
}
