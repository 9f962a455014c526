// Package webhook keeps a register that any other system answers for, by a small JSON contract over HTTP. The contract is
// described in docs/webhook.md; a server to start from stands in docs/examples/webhook.
package webhook

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"iter"
	"net/url"
	"slices"
	"strings"
	"time"

	"dpobot/responders/registers"
	"dpobot/responders/registers/internal/call"
)

// Source says where the server is.
type Source struct {
	URL     string         // https, or http on this machine
	Secret  string         // shared with the server; at least 32 characters
	Timeout time.Duration  // of one try; 0 is 30 s
	Roots   *x509.CertPool // that sign the server's certificate; nil: the system's
}

// Register is one server.
type Register struct {
	spec   registers.Spec
	url    *url.URL
	secret []byte
	http   call.Client
	now    func() time.Time
}

// Open prepares a register; it dials nothing.
func Open(spec registers.Spec, src Source) (*Register, error) {
	u, err := call.Allowed(src.URL)
	if err != nil {
		return nil, fmt.Errorf("webhook: %w", err)
	}
	if len(src.Secret) < 32 {
		return nil, errors.New("webhook: the secret must have at least 32 characters")
	}
	if src.Timeout == 0 {
		src.Timeout = 30 * time.Second
	}
	return &Register{spec: spec, url: u, secret: []byte(src.Secret), http: call.New(src.Timeout, src.Roots), now: time.Now}, nil
}

// Close closes idle connections.
func (r *Register) Close() error {
	r.http.HTTP.CloseIdleConnections()
	return nil
}

// Find asks the server for whom it takes for the person, and decides itself.
func (r *Register) Find(ctx context.Context, p registers.Person) ([]registers.Match, error) {
	person := &wirePerson{Identifiers: p.Identifiers}
	for _, a := range p.Addresses {
		if folded := registers.FoldAddress(a); folded != "" {
			person.Addresses = append(person.Addresses, folded)
		}
	}
	var answer struct{ Records []wireRecord }
	if err := r.ask(ctx, request{Action: "find", Person: person}, &answer); err != nil {
		return nil, fmt.Errorf("find: %w", err)
	}
	if len(answer.Records) > registers.MaxMatches {
		return nil, fmt.Errorf("find: more than %d records answer to one person: %w", registers.MaxMatches, registers.ErrPermanent)
	}
	var out []registers.Match
	for _, w := range answer.Records {
		if w.Key == "" {
			return nil, fmt.Errorf("find: the server gives a record without a key: %w", registers.ErrPermanent)
		}
		rec := r.record(w)
		// A record that does not answer to the person is somebody else's, whatever the server says.
		if certain, by := r.spec.Match(p, rec.Values); len(by) > 0 {
			out = append(out, registers.Match{Certain: certain, By: by, Record: rec})
		}
	}
	return registers.Settle(out), nil
}

// Change has the server write the fields.
func (r *Register) Change(ctx context.Context, keys []string, changes []registers.Change) (registers.Report, error) {
	report := registers.Report{Register: r.spec.Name, Failed: r.spec.Refused(changes)}
	if len(report.Failed) > 0 {
		return report, registers.Refusal(report.Failed)
	}
	ask := request{Action: "change", Keys: unique(keys)}
	for _, c := range changes {
		f, _ := r.spec.Field(c.Field)
		ask.Changes = append(ask.Changes, wireChange{Field: f.In(), New: c.New})
	}
	records, err := r.read(ctx, ask.Keys)
	if err != nil {
		return report, fmt.Errorf("change: %w", err)
	}
	for _, w := range records {
		rec := r.record(w)
		report.Records++
		for _, c := range changes {
			if rec.Erased {
				report.Failed = append(report.Failed, registers.Failure{Field: c.Field, Why: "the record is erased, and what is left of it is locked"})
				continue
			}
			old, _ := rec.Value(c.Field)
			report.Changed = append(report.Changed, registers.Changed{Field: c.Field, Old: old.Raw, New: c.New})
		}
	}
	if len(report.Failed) > 0 {
		return registers.Report{Register: r.spec.Name, Failed: report.Failed}, fmt.Errorf("change: %w", registers.Refusal(report.Failed))
	}
	if report.Records == 0 {
		return report, nil
	}
	return r.finish(ctx, ask, report, "change")
}

// Erase works out what goes and what stays, and has the server do exactly that.
func (r *Register) Erase(ctx context.Context, keys []string, plan registers.Plan, now time.Time) (registers.Report, error) {
	report, orders, err := r.plan(ctx, keys, plan, now)
	if err != nil {
		return report, fmt.Errorf("erase: %w", err)
	}
	if len(orders) == 0 {
		return report, nil
	}
	return r.finish(ctx, request{Action: "erase", Erase: orders}, report, "erase")
}

// Preview makes the same decisions and has nothing done.
func (r *Register) Preview(ctx context.Context, keys []string, plan registers.Plan, now time.Time) (registers.Report, error) {
	report, _, err := r.plan(ctx, keys, plan, now)
	if err != nil {
		return report, fmt.Errorf("preview: %w", err)
	}
	return report, nil
}

func (r *Register) plan(ctx context.Context, keys []string, plan registers.Plan, now time.Time) (registers.Report, []wireErase, error) {
	report := registers.Report{Register: r.spec.Name}
	if unknown := r.spec.Unknown(plan); len(unknown) > 0 {
		return report, nil, fmt.Errorf("the plan names %s, which the register does not have: %w", strings.Join(unknown, ", "), registers.ErrPermanent)
	}
	records, err := r.read(ctx, unique(keys))
	if err != nil {
		return report, nil, err
	}
	var orders []wireErase
	for _, w := range records {
		report.Records++
		orders = append(orders, r.order(w, plan, now, &report))
	}
	return report, orders, nil
}

// order says what the server is to do with one record.
func (r *Register) order(w wireRecord, plan registers.Plan, now time.Time, report *registers.Report) wireErase {
	rec := r.record(w)
	erased, _ := registers.ParseDate(w.Erased)
	out := wireErase{Key: w.Key, Day: string(registers.DateOf(now))}
	for _, c := range r.spec.Children {
		child := wireEraseRows{Name: c.Name}
		for _, row := range w.Children[c.Name] {
			fate := r.spec.ChildFate(plan, c, values(c.Fields, row.Fields), erased, now)
			report.Add(fate)
			if fate.Whole {
				report.Rows++
				child.Delete = append(child.Delete, row.Key)
				continue
			}
			out.Keep = true
			if empty := columns(c.Fields, fate.Blank); len(empty) > 0 {
				child.Empty = append(child.Empty, wireEmpty{Key: row.Key, Fields: empty})
			}
		}
		if len(child.Delete)+len(child.Empty) > 0 {
			out.Children = append(out.Children, child)
		}
	}
	fate := r.spec.Fate(plan, rec.Values, erased, now)
	if out.Keep = out.Keep || !fate.Whole; out.Keep {
		out.Empty = columns(r.spec.Fields, fate.Blank)
	}
	report.Add(fate)
	return out
}

// finish sends the order and joins what the server could not do into the report.
func (r *Register) finish(ctx context.Context, ask request, report registers.Report, what string) (registers.Report, error) {
	var answer struct{ Failed []wireFailure }
	if err := r.ask(ctx, ask, &answer); err != nil {
		return registers.Report{Register: r.spec.Name}, fmt.Errorf("%s: %w", what, err)
	}
	for _, f := range answer.Failed {
		report.Failed = append(report.Failed, registers.Failure{Field: r.field(f.Field), Why: reason(f.Code)})
	}
	if len(report.Failed) > 0 {
		return registers.Report{Register: r.spec.Name, Failed: report.Failed}, fmt.Errorf("%s: %w", what, registers.Refusal(report.Failed))
	}
	return report, nil
}

// field returns our name of what the server calls a field; what is not declared gets no further, since it may be anything.
func (r *Register) field(column string) string {
	for _, f := range r.spec.Fields {
		if f.In() == column {
			return f.Name
		}
	}
	return "another field"
}

func (r *Register) read(ctx context.Context, keys []string) ([]wireRecord, error) {
	if len(keys) == 0 {
		return nil, nil
	}
	var answer struct{ Records []wireRecord }
	if err := r.ask(ctx, request{Action: "read", Keys: keys}, &answer); err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for _, w := range answer.Records {
		if !slices.Contains(keys, w.Key) || seen[w.Key] {
			return nil, fmt.Errorf("the server gives a record that was not asked for: %w", registers.ErrPermanent)
		}
		seen[w.Key] = true
	}
	return answer.Records, nil
}

// Check asks the server which fields it has.
func (r *Register) Check(ctx context.Context) []registers.Finding {
	out := r.spec.Faults()
	var answer struct {
		Fields   []string
		Children map[string][]string
	}
	if err := r.ask(ctx, request{Action: "check"}, &answer); err != nil {
		return append(out, registers.Finding{What: err.Error(), Mend: "see that the server runs, that both sides have the same secret, and that their clocks agree"})
	}
	missing := func(where string, fields []registers.Field, have []string) {
		for _, f := range fields {
			if !slices.Contains(have, f.In()) {
				out = append(out, registers.Finding{What: fmt.Sprintf("the server has no field %s%s", where, f.In()), Mend: "correct the name, or teach the server the field"})
			}
		}
	}
	missing("", r.spec.Fields, answer.Fields)
	for _, c := range r.spec.Children {
		missing(c.Name+".", c.Fields, answer.Children[c.Name])
	}
	return out
}

func unique(keys []string) []string {
	out := slices.Clone(keys)
	slices.Sort(out)
	return slices.Compact(out)
}

func (r *Register) record(w wireRecord) registers.Record {
	rec := registers.Record{Key: w.Key, Values: values(r.spec.Fields, w.Fields), Erased: w.Erased != ""}
	for _, c := range r.spec.Children {
		rows := w.Children[c.Name]
		rec.Children = append(rec.Children, registers.ChildRows{Name: c.Name, Title: c.Title, Fields: c.Fields, Count: len(rows),
			Rows: func(context.Context) iter.Seq2[[]registers.Value, error] {
				return func(yield func([]registers.Value, error) bool) {
					for _, row := range rows {
						if !yield(values(c.Fields, row.Fields), nil) {
							return
						}
					}
				}
			}})
	}
	return rec
}

func values(fields []registers.Field, have map[string]any) []registers.Value {
	out := make([]registers.Value, len(fields))
	for i, f := range fields {
		out[i] = call.Raw(have[f.In()])
		out[i].Field = f.Name
	}
	return out
}

func columns(fields []registers.Field, names []string) []string {
	var out []string
	for _, f := range fields {
		if slices.Contains(names, f.Name) {
			out = append(out, f.In())
		}
	}
	return out
}
