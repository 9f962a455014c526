package responders

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"strings"

	"dpobot/responders/export"
	"dpobot/responders/post"
	"dpobot/responders/registers"
	"dpobot/workflow"
)

// answer gathers every register, builds the package and sends it. Where one register
// does not answer, nothing leaves: half an answer would be a wrong one. A package of
// several parts goes as several mails, the last of which is the task's own.
func (r *Responder) answer(ctx context.Context, w workflow.Work) (workflow.Result, error) {
	id := r.stamps.MessageID(w.Case.Ref, w.Task)
	if gone, err := r.went(ctx, w, id); err != nil || gone {
		return workflow.Result{MessageID: id}, err
	}
	pkg, err := r.gather(ctx, w.Case, w.Task.Item)
	if err != nil {
		return workflow.Result{}, err
	}
	if w.Case.Passphrase == "" {
		return workflow.Result{}, fmt.Errorf("the case has no passphrase: %w", post.ErrPermanent)
	}
	parts, err := export.Build(ctx, pkg, w.Case.Passphrase.Reveal(), export.Limits{Bytes: r.company.AnswerBytes})
	if err != nil {
		return workflow.Result{}, fmt.Errorf("build the package: %w", err)
	}
	m, err := r.composeWith(ctx, w, func(v *View) {
		v.Nothing = nothing(pkg)
		for _, p := range parts {
			v.Parts = append(v.Parts, p.Name)
		}
	})
	if err != nil {
		return workflow.Result{}, err
	}
	return workflow.Result{MessageID: id}, r.sendParts(ctx, w, m, parts)
}

func (r *Responder) sendParts(ctx context.Context, w workflow.Work, m post.Mail, parts []export.Part) error {
	local, domain, _ := strings.Cut(m.MessageID, "@")
	subject := m.Subject
	for i, p := range parts {
		part := m
		part.Files = []post.File{{Name: p.Name, Type: "application/pdf", Data: p.Data}}
		if len(parts) > 1 {
			part.Subject = fmt.Sprintf("%s (%d/%d)", subject, p.Number, p.Of)
		}
		if i == len(parts)-1 {
			return r.send(ctx, w, part)
		}
		part.MessageID = fmt.Sprintf("%s.part%d@%s", local, p.Number, domain)
		if _, err := r.poster.Send(ctx, part); err != nil {
			return err
		}
	}
	return nil
}

// nothing tells whether no register holds anything on the person.
func nothing(pkg export.Package) bool {
	return !slices.ContainsFunc(pkg.Registers, func(reg export.Register) bool { return len(reg.Records)+len(reg.Files) > 0 })
}

// gather reads what every register holds on the person, now; of those that are kept by hand, what their keepers gave
// for the item.
func (r *Responder) gather(ctx context.Context, c workflow.Case, item int) (export.Package, error) {
	lang := c.Language
	pkg := export.Package{
		Language:  lang,
		Reference: string(c.Ref),
		Received:  c.Clock.Received.At(12, 0, r.company.Zone),
		Answered:  r.queue.Now().In(r.company.Zone),
		Name:      c.Person.Name.Reveal(),
		Controller: export.Controller{
			Name: r.company.Controller.Name, BusinessID: r.company.Controller.BusinessID, Address: r.company.Controller.Address,
			Contact: r.company.Controller.Mailbox, DPO: r.company.Officer.Contact,
		},
		Notice: r.company.Notice(lang),
	}
	if r.company.KeptDays > 0 {
		pkg.KeptUntil = pkg.Answered.AddDate(0, 0, r.company.KeptDays)
	}
	for _, reg := range r.registers {
		own, err := r.stillTheirs(ctx, c, reg)
		if err != nil {
			return pkg, fmt.Errorf("read %s: %w", reg.Spec.Name, err)
		}
		out := exported(ctx, reg.Spec, own, lang)
		if err := r.sayRetained(ctx, &out, reg.Spec, own, lang); err != nil {
			return pkg, err
		}
		pkg.Registers = append(pkg.Registers, out)
	}
	for _, kept := range r.company.Kept {
		reg, err := r.keptRegister(ctx, c, item, kept, lang)
		if err != nil {
			return pkg, err
		}
		pkg.Registers = append(pkg.Registers, reg)
	}
	return pkg, nil
}

func exported(ctx context.Context, spec registers.Spec, own []registers.Record, lang string) export.Register {
	out := export.Register{
		Name: spec.Name, Title: titleOfSpec(spec, lang),
		Source: in(spec.Notice.Source, lang), Purpose: in(spec.Notice.Purpose, lang),
		LegalBasis: in(spec.Notice.LegalBasis, lang), Retention: in(spec.Notice.Retention, lang),
	}
	for _, t := range spec.Notice.Categories {
		out.Categories = append(out.Categories, in(t, lang))
	}
	for _, t := range spec.Notice.Recipients {
		out.Recipients = append(out.Recipients, in(t, lang))
	}
	var transfers []string
	for _, t := range spec.Notice.Transfers {
		transfers = append(transfers, in(t, lang))
	}
	out.Transfers = strings.Join(transfers, "; ")
	for _, record := range own {
		rec := export.Record{}
		for _, v := range record.Values {
			field, _ := spec.Field(v.Field)
			rec.Values = append(rec.Values, export.Value{Field: v.Field, Title: titleOf(field, lang), Raw: v.Raw, Null: v.Null, Redacted: field.Redact})
		}
		for _, child := range record.Children {
			rec.Children = append(rec.Children, exportedRows(ctx, child, lang))
		}
		out.Records = append(out.Records, rec)
	}
	return out
}

func exportedRows(ctx context.Context, child registers.ChildRows, lang string) export.Table {
	t := export.Table{Title: titleOr(child.Name, child.Title, lang)}
	for _, f := range child.Fields {
		t.Columns = append(t.Columns, titleOf(f, lang))
		t.Fields = append(t.Fields, f.Name)
		t.Redacted = append(t.Redacted, f.Redact)
	}
	t.Stream = rows(child.Rows(ctx))
	return t
}

func rows(values iter.Seq2[[]registers.Value, error]) iter.Seq2[[]string, error] {
	return func(yield func([]string, error) bool) {
		for row, err := range values {
			cells := make([]string, len(row))
			for i, v := range row {
				cells[i] = v.Raw
			}
			if !yield(cells, err) {
				return
			}
		}
	}
}
