// Package mailchimp keeps a register that is an audience of Mailchimp, by its Marketing API 3.0. A field's column is its
// path in the member object: "email_address", "merge_fields.FNAME", "status".
package mailchimp

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"dpobot/responders/registers"
	"dpobot/responders/registers/internal/call"
)

// Source says which audience.
type Source struct {
	Key     string // API key; the data centre is its ending, "-us21"
	List    string // id of the audience
	URL     string // instead of the data centre's; for tests and proxies
	Timeout time.Duration
}

// Register is one audience.
type Register struct {
	spec registers.Spec
	src  Source
	base *url.URL
	http call.Client
}

var (
	dataCentre = regexp.MustCompile(`-([a-z]{2,3}[0-9]{1,4})$`)
	identifier = regexp.MustCompile(`^[0-9A-Za-z]{1,64}$`)
)

// children are the lists of a member that the API has, and the name of the array in the answer.
var children = map[string]string{"notes": "notes", "activity-feed": "activity", "events": "events", "goals": "goals", "tags": "tags"}

// Open prepares a register; it dials nothing.
func Open(spec registers.Spec, src Source) (*Register, error) {
	if !identifier.MatchString(src.List) {
		return nil, errors.New("mailchimp: list must be the id of an audience")
	}
	if src.URL == "" {
		m := dataCentre.FindStringSubmatch(src.Key)
		if m == nil {
			return nil, errors.New("mailchimp: the API key does not end in a data centre, such as -us21")
		}
		src.URL = "https://" + m[1] + ".api.mailchimp.com/3.0"
	}
	base, err := call.Allowed(src.URL)
	if err != nil {
		return nil, fmt.Errorf("mailchimp: %w", err)
	}
	for _, c := range spec.Children {
		if children[c.Name] == "" {
			return nil, fmt.Errorf("mailchimp: child table %s: must be notes, activity-feed, events, goals or tags", c.Name)
		}
	}
	if f, ok := spec.Field(spec.Identify[registers.Email]); !ok || f.In() != "email_address" {
		return nil, errors.New("mailchimp: identify: email must be the field with the column email_address")
	}
	if src.Timeout == 0 {
		src.Timeout = 30 * time.Second
	}
	return &Register{spec: spec, src: src, base: base, http: call.New(src.Timeout, nil)}, nil
}

// Close closes idle connections.
func (r *Register) Close() error {
	r.http.HTTP.CloseIdleConnections()
	return nil
}

// Find asks for each address, and searches for the name. The key of a record is the contact's id, which stays when the
// address changes.
func (r *Register) Find(ctx context.Context, p registers.Person) ([]registers.Match, error) {
	var out []registers.Match
	add := func(m member) {
		values := r.values(m)
		certain, by := r.spec.Match(p, values)
		same := func(o registers.Match) bool { return o.Record.Key == m.key() }
		if len(by) > 0 && !slices.ContainsFunc(out, same) {
			out = append(out, registers.Match{Certain: certain, By: by, Record: registers.Record{Key: m.key(), Values: values}})
		}
	}
	for _, address := range p.Addresses {
		if registers.FoldAddress(address) == "" {
			continue
		}
		for _, spelling := range spellings(address) {
			m, found, err := r.member(ctx, hash(spelling))
			if err != nil {
				return nil, fmt.Errorf("find: %w", err)
			}
			if found {
				add(m)
			}
		}
	}
	for _, query := range r.queries(p) {
		members, err := r.search(ctx, query)
		if err != nil {
			return nil, fmt.Errorf("find: %w", err)
		}
		for _, m := range members {
			add(m)
		}
	}
	out = registers.Settle(out)
	for i := range out {
		if err := r.attach(ctx, &out[i].Record); err != nil {
			return nil, fmt.Errorf("find: %w", err)
		}
	}
	return out, nil
}

// queries are what the search of Mailchimp understands: an address, or a name.
func (r *Register) queries(p registers.Person) []string {
	var out []string
	for _, address := range p.Addresses {
		if folded := registers.FoldAddress(address); folded != "" {
			out = append(out, folded)
		}
	}
	if name := strings.TrimSpace(p.Identifiers[registers.Name]); len(strings.Fields(name)) > 1 {
		out = append(out, name)
	}
	return out
}

// spellings are the ways in which an address may have been entered: Mailchimp files a member under the digest of it.
func spellings(address string) []string {
	out := []string{strings.ToLower(strings.TrimSpace(address))}
	if folded := registers.FoldAddress(address); folded != out[0] {
		out = append(out, folded)
	}
	return out
}

func (r *Register) values(m member) []registers.Value {
	out := make([]registers.Value, len(r.spec.Fields))
	for i, f := range r.spec.Fields {
		out[i] = call.Raw(m.at(f.In()))
		out[i].Field = f.Name
	}
	return out
}
