package mailchimp

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"dpobot/responders/registers"
	"dpobot/responders/registers/internal/call"
)

// A change or an erasure here is one request for each member, so that each is done or not done; several members of one person are
// done one after the other, and a repetition does the rest.

// Change updates the member.
func (r *Register) Change(ctx context.Context, keys []string, changes []registers.Change) (registers.Report, error) {
	report := registers.Report{Register: r.spec.Name, Failed: r.spec.Refused(changes)}
	for _, c := range changes {
		if f, ok := r.spec.Field(c.Field); ok && !writable(f.In()) {
			report.Failed = append(report.Failed, registers.Failure{Field: c.Field, Why: "Mailchimp does not let it be changed"})
		}
	}
	if len(report.Failed) > 0 {
		return report, registers.Refusal(report.Failed)
	}
	for _, key := range unique(keys) {
		if err := r.changeOne(ctx, key, changes, &report); err != nil {
			return registers.Report{Register: r.spec.Name, Failed: report.Failed}, fmt.Errorf("change: %w", err)
		}
	}
	return report, nil
}

func unique(keys []string) []string {
	out := slices.Clone(keys)
	slices.Sort(out)
	return slices.Compact(out)
}

func writable(path string) bool {
	return strings.HasPrefix(path, "merge_fields.") || slices.Contains([]string{"email_address", "status", "language", "email_type", "vip"}, path)
}

func (r *Register) changeOne(ctx context.Context, key string, changes []registers.Change, report *registers.Report) error {
	m, found, err := r.member(ctx, key)
	if err != nil || !found {
		return err
	}
	report.Records++
	body := map[string]any{}
	for _, c := range changes {
		f, _ := r.spec.Field(c.Field)
		old := call.Raw(m.at(f.In()))
		report.Changed = append(report.Changed, registers.Changed{Field: c.Field, Old: old.Raw, New: c.New})
		if old.Raw != c.New || old.Null {
			set(body, m, f.In(), c.New)
		}
	}
	if len(body) == 0 {
		return nil
	}
	now, err := r.patch(ctx, key, body)
	if errors.Is(err, registers.ErrPermanent) {
		for _, c := range changes {
			report.Failed = append(report.Failed, registers.Failure{Field: c.Field, Why: strings.TrimSuffix(err.Error(), ": "+registers.ErrPermanent.Error())})
		}
	}
	if err != nil {
		return err
	}
	for _, c := range changes {
		f, _ := r.spec.Field(c.Field)
		if got := call.Raw(now.at(f.In())); got.Raw != c.New && registers.Fold(got.Raw) != registers.Fold(c.New) {
			report.Failed = append(report.Failed, registers.Failure{Field: c.Field, Why: "Mailchimp did not keep the value as it was given"})
			return registers.Refusal(report.Failed)
		}
	}
	return nil
}

// set puts a value at a dotted path. An object below merge_fields, such as an address, is sent whole, as Mailchimp wants it.
func set(body map[string]any, m member, path, value string) {
	parts := strings.Split(path, ".")
	at := body
	for i, part := range parts[:len(parts)-1] {
		next, ok := at[part].(map[string]any)
		if !ok {
			next = map[string]any{}
			if have, ok := m.at(strings.Join(parts[:i+1], ".")).(map[string]any); ok && i > 0 {
				next = maps.Clone(have)
			}
			at[part] = next
		}
		at = next
	}
	last := parts[len(parts)-1]
	if last == "vip" && len(parts) == 1 {
		at[last] = value == "true"
		return
	}
	at[last] = value
}

// patch updates a member. Fields that the audience demands and that are to be emptied must not stop it.
func (r *Register) patch(ctx context.Context, key string, body map[string]any) (member, error) {
	var now member
	status, err := r.ask(ctx, http.MethodPatch, r.list("members", key), url.Values{"skip_merge_validation": {"true"}}, body, &now)
	if err == nil && status == http.StatusNotFound {
		err = fmt.Errorf("the member is gone meanwhile: %w", registers.ErrTemporary)
	}
	return now, err
}

// Erase deletes the member for good (nobody but the person can then sign the address up again), or where a field stays, empties the others
// and archives the member.
func (r *Register) Erase(ctx context.Context, keys []string, plan registers.Plan, now time.Time) (registers.Report, error) {
	return r.erase(ctx, keys, plan, now, true)
}

// Preview makes the same decisions.
func (r *Register) Preview(ctx context.Context, keys []string, plan registers.Plan, now time.Time) (registers.Report, error) {
	return r.erase(ctx, keys, plan, now, false)
}

func (r *Register) erase(ctx context.Context, keys []string, plan registers.Plan, now time.Time, write bool) (registers.Report, error) {
	report := registers.Report{Register: r.spec.Name}
	if unknown := r.spec.Unknown(plan); len(unknown) > 0 {
		return report, fmt.Errorf("erase: the plan names %s, which the register does not have: %w", strings.Join(unknown, ", "), registers.ErrPermanent)
	}
	for _, key := range unique(keys) {
		m, found, err := r.member(ctx, key)
		if err != nil {
			return registers.Report{Register: r.spec.Name}, fmt.Errorf("erase: %w", err)
		}
		if !found {
			continue
		}
		report.Records++
		fate := r.fate(m, plan, now, &report)
		if len(report.Failed) > 0 {
			return registers.Report{Register: r.spec.Name, Failed: report.Failed}, fmt.Errorf("erase: %w", registers.Refusal(report.Failed))
		}
		if !write {
			continue
		}
		if err := r.carryOut(ctx, m, fate); err != nil {
			return registers.Report{Register: r.spec.Name}, fmt.Errorf("erase: %w", err)
		}
	}
	return report, nil
}

// fate decides, and names what Mailchimp cannot do: it keeps no member without an address, empties nothing but merge fields, and
// keeps what a member did as long as the member.
func (r *Register) fate(m member, plan registers.Plan, now time.Time, report *registers.Report) registers.Fate {
	fate := r.spec.Fate(plan, r.values(m), "", now)
	for _, c := range r.spec.Children {
		child := r.spec.ChildFate(plan, c, nil, "", now)
		report.Add(child)
		if child.Whole != fate.Whole {
			report.Failed = append(report.Failed, registers.Failure{Field: c.Name, Why: "Mailchimp keeps it as long as the member: delete both, or retain both"})
		}
	}
	report.Add(fate)
	if fate.Whole {
		return fate
	}
	for _, name := range fate.Blank {
		f, _ := r.spec.Field(name)
		if !strings.HasPrefix(f.In(), "merge_fields.") {
			report.Failed = append(report.Failed, registers.Failure{Field: name, Why: "Mailchimp empties it only with the whole member: delete, or retain the field"})
		}
	}
	return fate
}

func (r *Register) carryOut(ctx context.Context, m member, fate registers.Fate) error {
	if fate.Whole {
		_, err := r.ask(ctx, http.MethodPost, r.list("members", m.text("id"), "actions", "delete-permanent"), nil, nil, nil)
		return err // gone already (404) is as good
	}
	body := map[string]any{}
	for _, name := range fate.Blank {
		f, _ := r.spec.Field(name)
		if old := call.Raw(m.at(f.In())); old.Raw != "" {
			// The whole of an address is emptied at once.
			path := strings.Join(strings.SplitN(f.In(), ".", 3)[:2], ".")
			set(body, m, path, "")
		}
	}
	if len(body) > 0 {
		if _, err := r.patch(ctx, m.key(), body); err != nil {
			return err
		}
	}
	// Who bounced, waits or is archived already cannot be archived (HTTP 405), and gets no mail as it is.
	if slices.Contains([]string{"archived", "cleaned", "pending"}, m.text("status")) {
		return nil
	}
	_, err := r.ask(ctx, http.MethodDelete, r.list("members", m.text("id")), nil, nil, nil)
	return err
}

// Check asks with the key for the audience and its merge fields.
func (r *Register) Check(ctx context.Context) []registers.Finding {
	out := r.spec.Faults()
	if _, err := r.ask(ctx, http.MethodGet, "ping", nil, nil, nil); err != nil {
		return append(out, registers.Finding{What: err.Error(), Mend: "see that the API key is right and active, and that the network lets it through"})
	}
	var answer struct {
		Fields []struct {
			Tag string `json:"tag"`
		} `json:"merge_fields"`
	}
	status, err := r.ask(ctx, http.MethodGet, r.list("merge-fields"), url.Values{"count": {"1000"}}, nil, &answer)
	if err != nil || status == http.StatusNotFound {
		return append(out, registers.Finding{What: "Mailchimp has no audience " + r.src.List, Mend: "take the id from the audience's settings"})
	}
	have := []string{"merge_fields"}
	for _, f := range answer.Fields {
		have = append(have, "merge_fields."+f.Tag)
	}
	var declared []string
	for _, f := range r.spec.Fields {
		path := strings.Join(strings.SplitN(f.In(), ".", 3)[:min(2, strings.Count(f.In(), ".")+1)], ".")
		declared = append(declared, path)
		if strings.HasPrefix(path, "merge_fields.") && !slices.Contains(have, path) {
			out = append(out, registers.Finding{What: fmt.Sprintf("the audience has no merge field %s", strings.TrimPrefix(path, "merge_fields.")), Mend: "correct the tag, or take the field out of the configuration"})
		}
	}
	for _, path := range have[1:] {
		if !slices.Contains(declared, path) && !slices.Contains(declared, "merge_fields") {
			out = append(out, registers.Finding{Warn: true, What: "the merge field " + strings.TrimPrefix(path, "merge_fields.") + " is not declared", Mend: "declare it: it is not in the copy otherwise"})
		}
	}
	return out
}
