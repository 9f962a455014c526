package responders

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"dpobot/responders/export"
	"dpobot/responders/registers"
	"dpobot/workflow"
)

// retainedOf is what an earlier erasure has left of a record and remembered; nil where there was none.
func (r *Responder) retainedOf(ctx context.Context, register, key string) (*workflow.Retained, error) {
	store := r.queue.Store()
	c, err := store.Load(ctx, store.RetainedRef(register, workflow.Text(key)))
	if errors.Is(err, workflow.ErrNoCase) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("ask what an earlier erasure has left: %w", err)
	}
	return c.Retained, nil
}

// locked tells whether the record is that of somebody who was erased, so that what is left of it stays as it is.
func (r *Responder) locked(ctx context.Context, register string, record registers.Record) (bool, error) {
	if record.Erased {
		return true, nil
	}
	kept, err := r.retainedOf(ctx, register, record.Key)
	return kept != nil && !inUse(*kept, record), err
}

// inUse tells whether something else stands now where an erasure had emptied the record: the person is a customer anew, and
// nothing of what is there may go for the sake of the earlier time.
func inUse(kept workflow.Retained, record registers.Record) bool {
	return kept.Blank != "" && len(record.Values) > 0 && kept.Blank != digest(kept.Emptied, record)
}

// digest is that of the values of some fields.
func digest(fields []string, record registers.Record) string {
	h := sha256.New()
	for _, name := range fields {
		v, _ := record.Value(name)
		fmt.Fprintf(h, "%s=%q\n", name, v.Raw)
	}
	return hex.EncodeToString(h.Sum(nil)[:16])
}

// erase erases the records by the plan that holds for each: one that was erased before keeps its dates.
func (r *Responder) erase(ctx context.Context, ref workflow.Ref, reg Register, own []registers.Record) (registers.Report, []workflow.Retained, error) {
	now := r.queue.Now().In(r.company.Zone)
	var report registers.Report
	var left []workflow.Retained
	for _, record := range own {
		before, err := r.retainedOf(ctx, reg.Spec.Name, record.Key)
		if err != nil {
			return report, left, err
		}
		was := workflow.Retained{Register: reg.Spec.Name, Key: workflow.Text(record.Key), Case: ref, Erased: workflow.DateOf(now, r.company.Zone)}
		if before != nil && !inUse(*before, record) {
			was = *before
		}
		one, err := reg.Erase(ctx, []string{record.Key}, reg.Spec.Since(registers.Date(was.Erased.String()), keptOf(was)), now)
		if err == nil && len(one.Failed) > 0 {
			err = fmt.Errorf("%s: %w", failures(one), registers.ErrPermanent)
		}
		if err != nil {
			return report, left, err
		}
		remember, err := r.left(ctx, reg, was, one)
		if err != nil {
			return report, left, err
		}
		left = append(left, remember...)
		report.Join(one)
	}
	return report, left, nil
}

// left is what to remember of a record after an erasure. Where the erasure changed its key, the old one is forgotten.
func (r *Responder) left(ctx context.Context, reg Register, was workflow.Retained, report registers.Report) ([]workflow.Retained, error) {
	now := was
	now.Kept = r.reported(reg.Spec, report, nil).Kept
	now.Emptied, now.Blank = nil, ""
	for _, name := range union(slices.Clone(was.Emptied), report.Deleted) {
		if _, ok := reg.Spec.Field(name); ok {
			now.Emptied = append(now.Emptied, name)
		}
	}
	all := []workflow.Retained{now}
	if to, moved := report.Moved[was.Key.Reveal()]; moved && to != was.Key.Reveal() {
		gone := was
		gone.Kept = nil
		now.Key = workflow.Text(to)
		all = []workflow.Retained{gone, now}
	}
	reader, ok := reg.Register.(registers.Reader)
	if !ok || len(now.Kept) == 0 || len(now.Emptied) == 0 {
		return all, nil
	}
	records, err := reader.Read(ctx, []string{now.Key.Reveal()})
	if err != nil && !errors.Is(err, registers.ErrPermanent) { // which is that rows cannot be told apart: it is told on the day
		return nil, err
	}
	if len(records) == 1 {
		all[len(all)-1].Blank = digest(now.Emptied, records[0])
	}
	return all, nil
}

// keptOf is what the person was told, in the words of the registers.
func keptOf(was workflow.Retained) []registers.Kept {
	var kept []registers.Kept
	for _, k := range was.Kept {
		kept = append(kept, registers.Kept{Fields: k.Fields, Ground: k.Ground, Until: registers.Date(k.Until.String())})
	}
	return kept
}

// errNoRegister: what is due cannot be reached any more by the program.
var errNoRegister = errors.New("the register is no longer in the configuration; erase there by hand what was kept")

// eraseRetained erases what an earlier erasure had to keep until now. Nothing goes where the record is in use again.
func (r *Responder) eraseRetained(ctx context.Context, w workflow.Work) (workflow.Result, error) {
	if w.Case.Retained == nil {
		return workflow.Result{}, nil // seen to by hand
	}
	was := *w.Case.Retained
	reg, ok := r.register(was.Register)
	if !ok {
		return workflow.Result{}, errNoRegister
	}
	record := registers.Record{Key: was.Key.Reveal()}
	if reader, ok := reg.Register.(registers.Reader); ok {
		records, err := reader.Read(ctx, []string{record.Key})
		switch {
		case err != nil:
			return workflow.Result{}, fmt.Errorf("read %s: %w", was.Register, err)
		case len(records) == 0:
			return workflow.Result{}, nil // gone already
		case len(records) > 1:
			return workflow.Result{}, fmt.Errorf("%s: several records cannot be told apart: %w", was.Register, registers.ErrPermanent)
		}
		record = records[0]
	}
	if inUse(was, record) {
		return workflow.Result{InUse: true}, nil
	}
	report, left, err := r.erase(ctx, was.Case, reg, []registers.Record{record})
	if err != nil {
		return workflow.Result{}, fmt.Errorf("erase in %s: %w", was.Register, err)
	}
	result := workflow.Result{Gone: gone(was, report)}
	for _, l := range left {
		if len(l.Kept) > 0 {
			result.Retained = append(result.Retained, l)
		}
	}
	return result, nil
}

// gone are the fields that were kept until now and are no more. Rows of a child table may go by and by.
func gone(was workflow.Retained, report registers.Report) []string {
	var fields []string
	for _, k := range was.Kept {
		for _, name := range k.Fields {
			if slices.Contains(report.Deleted, name) || slices.Contains(report.Deleted, table(name)) {
				fields = union(fields, []string{name})
			}
		}
	}
	return fields
}

func (r *Responder) register(name string) (Register, bool) {
	for _, reg := range r.registers {
		if reg.Spec.Name == name {
			return reg, true
		}
	}
	return Register{}, false
}

// sayRetained says in an answer what an earlier erasure has left of the person, why and until when: that is how long it is
// stored (Art. 15(1)(d) GDPR), whatever holds for others in the register.
func (r *Responder) sayRetained(ctx context.Context, out *export.Register, spec registers.Spec, own []registers.Record, lang string) error {
	for _, record := range own {
		kept, err := r.retainedOf(ctx, spec.Name, record.Key)
		if err != nil {
			return err
		}
		if kept == nil || inUse(*kept, record) {
			continue
		}
		var parts []string
		for _, k := range kept.Kept {
			part := ""
			for _, name := range k.Fields {
				part += ", " + titleIn(spec, name, lang)
			}
			why := in(k.Ground, lang)
			if !k.Until.IsZero() {
				why += ", " + strings.ReplaceAll(r.letters.Word(lang, "retained", "until"), "{date}", r.date(lang, k.Until))
			}
			parts = append(parts, strings.TrimPrefix(part, ", ")+" ("+why+")")
			if until := k.Until.At(12, 0, r.company.Zone); !k.Until.IsZero() && until.After(out.RetainUntil) {
				out.RetainUntil = until
			}
		}
		said := strings.NewReplacer("{date}", r.date(lang, kept.Erased), "{kept}", strings.Join(parts, "; "))
		out.Retention = said.Replace(r.letters.Word(lang, "retained", "said"))
	}
	return nil
}

// date is a day in the language's own form.
func (r *Responder) date(lang string, d workflow.Date) string {
	number := strconv.Itoa(int(d.Month))
	return strings.NewReplacer("{day}", strconv.Itoa(d.Day), "{number}", number, "{year}", strconv.Itoa(d.Year),
		"{month}", r.letters.Word(lang, "month", number)).Replace(r.letters.Word(lang, "form", "date"))
}
