package mailchimp

import (
	"context"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"strconv"

	"dpobot/responders/registers"
)

// Read asks for each member by its key.
func (r *Register) Read(ctx context.Context, keys []string) ([]registers.Record, error) {
	var out []registers.Record
	for _, key := range unique(keys) {
		m, found, err := r.member(ctx, key)
		if err != nil {
			return nil, fmt.Errorf("read: %w", err)
		}
		if found {
			out = append(out, registers.Record{Key: key, Values: r.values(m)})
		}
	}
	return out, nil
}

// Scan asks for page after page of the audience, and then of its archive, which the first list leaves out.
func (r *Register) Scan(ctx context.Context) iter.Seq2[registers.Listed, error] {
	return func(yield func(registers.Listed, error) bool) {
		for _, status := range []string{"", "archived"} {
			for offset := 0; ; {
				members, err := r.members(ctx, status, offset)
				if err != nil {
					yield(registers.Listed{}, fmt.Errorf("scan: %w", err))
					return
				}
				for _, m := range members {
					if !yield(registers.Listed{Key: m.key(), Address: m.text("email_address")}, nil) {
						return
					}
				}
				if len(members) == 0 {
					break
				}
				offset += len(members)
			}
		}
	}
}

// members is one page. What is not asked for does not come: a thousand whole members would be megabytes.
func (r *Register) members(ctx context.Context, status string, offset int) ([]member, error) {
	query := url.Values{
		"count": {strconv.Itoa(pageSize)}, "offset": {strconv.Itoa(offset)}, "sort_field": {"timestamp_signup"}, "sort_dir": {"ASC"},
		"fields": {"members.id,members.contact_id,members.email_address"},
	}
	if status != "" {
		query.Set("status", status)
	}
	var answer struct {
		Members []member `json:"members"`
	}
	code, err := r.ask(ctx, http.MethodGet, r.list("members"), query, nil, &answer)
	if err == nil && code == http.StatusNotFound {
		err = fmt.Errorf("mailchimp has no audience %s: %w", r.src.List, registers.ErrPermanent)
	}
	return answer.Members, err
}
