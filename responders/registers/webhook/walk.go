package webhook

import (
	"context"
	"fmt"
	"iter"

	"dpobot/responders/registers"
	"dpobot/responders/registers/internal/call"
)

// Read asks for the records under the keys.
func (r *Register) Read(ctx context.Context, keys []string) ([]registers.Record, error) {
	records, err := r.read(ctx, unique(keys))
	if err != nil {
		return nil, fmt.Errorf("read: %w", err)
	}
	out := make([]registers.Record, len(records))
	for i, w := range records {
		out[i] = r.record(w)
	}
	return out, nil
}

// Scan asks for page after page. A server need not know the action; the error then says so.
func (r *Register) Scan(ctx context.Context) iter.Seq2[registers.Listed, error] {
	return func(yield func(registers.Listed, error) bool) {
		f, ok := r.spec.Field(r.spec.Identify[registers.Email])
		if !ok {
			yield(registers.Listed{}, fmt.Errorf("scan: no field holds the e-mail address: %w", registers.ErrPermanent))
			return
		}
		for after := ""; ; {
			page, next, err := r.page(ctx, after, f.In())
			if err != nil {
				yield(registers.Listed{}, fmt.Errorf("scan: %w", err))
				return
			}
			for _, one := range page {
				if !yield(one, nil) {
					return
				}
			}
			if next == "" {
				return
			}
			after = next
		}
	}
}

func (r *Register) page(ctx context.Context, after, field string) ([]registers.Listed, string, error) {
	var answer struct {
		Records []struct {
			Key     string `json:"key"`
			Address any    `json:"address"`
		}
		Next   string
		Failed []wireFailure
	}
	if err := r.ask(ctx, request{Action: "scan", After: after, Field: field}, &answer); err != nil {
		return nil, "", err
	}
	switch {
	case len(answer.Failed) > 0:
		return nil, "", fmt.Errorf("the server cannot be walked (%s); see docs/webhook.md: %w", reason(answer.Failed[0].Code), registers.ErrPermanent)
	case answer.Next != "" && (answer.Next == after || len(answer.Records) == 0):
		return nil, "", fmt.Errorf("the server gives the same page for ever: %w", registers.ErrPermanent)
	}
	page := make([]registers.Listed, len(answer.Records))
	for i, one := range answer.Records {
		if one.Key == "" {
			return nil, "", fmt.Errorf("the server gives a record without a key: %w", registers.ErrPermanent)
		}
		page[i] = registers.Listed{Key: one.Key, Address: call.Raw(one.Address).Raw}
	}
	return page, answer.Next, nil
}
