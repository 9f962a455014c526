package responders

import (
	"context"
	"slices"

	"dpobot/responders/letter"
	"dpobot/responders/registers"
	"dpobot/workflow"
)

func outside(t workflow.Text) letter.Outside { return letter.Outside(t.Reveal()) }

func outsideAddress(a workflow.Address) letter.Outside { return letter.Outside(a.Reveal()) }

// view gathers what the task's mail may show. Mails to handlers ask the registers anew,
// so that no value of theirs need be kept in the case.
func (r *Responder) view(ctx context.Context, w workflow.Work) (View, error) {
	c, t := w.Case, w.Task
	today := workflow.DateOf(r.queue.Now(), r.company.Zone)
	v := View{
		Ref: string(c.Ref), Controller: r.company.Controller, Officer: letter.Outside(r.company.Officer.Name),
		Today: today, Received: c.Clock.Received, Due: c.Clock.Ends(), FirstDue: c.Clock.Due,
		Extended: !c.Clock.Extended.IsZero(), DaysLeft: today.DaysUntil(c.Clock.Ends()),
		State: c.State(), Kinds: c.Kinds(), Question: outside(t.Text), About: t.Name,
		Recipient: letter.Outside(t.Name),
	}
	switch t.Action.Audience() {
	case workflow.ToHandler:
		v.Lang = r.handler(t.To).Language
	case workflow.ToRecipient:
		v.Lang = r.company.Handlers[0].Language
	case workflow.ToKeeper:
		v.Lang = r.keepersLanguage(w)
	default:
		v.Lang = c.Language
		v.Greeting = outside(c.Person.Name)
	}
	v.Authority = r.company.Authority(v.Lang)
	for _, it := range c.Items {
		if t.Item != 0 && it.N != t.Item {
			continue // the mail is about one item alone
		}
		if t.Action == workflow.TellRecipient {
			// A recipient hears of the register that it was given data of, and of no other.
			it.Reports = slices.DeleteFunc(slices.Clone(it.Reports), func(rep workflow.RegisterReport) bool {
				return rep.Register != t.Text.Reveal()
			})
			it.Inquiries = slices.DeleteFunc(slices.Clone(it.Inquiries), func(q workflow.Inquiry) bool {
				return q.Register != t.Text.Reveal()
			})
		}
		v.Items = append(v.Items, r.itemView(it, v.Lang))
		if it.Reason != "" {
			v.Reason = it.Reason
		}
		if it.GraceEnd.After(v.Undo) {
			v.Undo = it.GraceEnd.In(r.company.Zone)
		}
	}
	switch t.Action.Audience() {
	case workflow.ToRecipient:
		v.Person = PersonView{Name: outside(c.Person.Name), Address: outsideAddress(c.Person.Address)}
		return v, nil
	case workflow.ToKeeper:
		r.keeperView(w, &v)
		return v, nil
	case workflow.ToPerson:
		return v, nil
	}
	return v, r.handlersView(ctx, w, &v)
}

// handlersView adds what handlers alone see.
func (r *Responder) handlersView(ctx context.Context, w workflow.Work, v *View) error {
	c, t := w.Case, w.Task
	switch t.Action {
	case workflow.DigestMail:
		if err := r.lapses(ctx, c, v); err != nil {
			return err
		}
		return r.digest(ctx, w, v)
	case workflow.RefusedNotice:
		v.Refused = c.Refused
		for _, ref := range c.Refusals {
			v.Refusals = append(v.Refusals, RefusalView{At: ref.At.In(r.company.Zone), Ref: string(ref.Ref), Reason: ref.Reason})
		}
		return nil
	case workflow.HelpMail:
		v.Said = outside(t.Text)
		v.Words = r.words(v.Lang)
	}
	v.Person = PersonView{Name: outside(c.Person.Name), Address: outsideAddress(c.Person.Address)}
	v.SendTo = outsideAddress(c.Pinned())
	v.Problem = c.Problem
	v.More, v.Doubted = c.More, r.doubted(c)
	v.Several = openItems(c) > 1
	if c.Heard != c.Language {
		v.Heard = c.Heard
	}
	if !c.Closed() && c.Clock.Extended.IsZero() && !v.Today.After(c.Clock.Due) && r.company.Extended != nil {
		v.Extension = r.company.Extended(c.Clock.Received)
	}
	if c.Breached() {
		breach := r.breach(w, c, v.Lang)
		v.Breach = &breach
	}
	v.Passphrase = outside(c.Passphrase)
	for _, why := range c.Why {
		v.Why = append(v.Why, outside(why))
	}
	v.Warnings = slices.Clone(c.Warnings)
	v.mails(r, c)
	for _, n := range c.Notes {
		v.Notes = append(v.Notes, NoteView{At: n.At.In(r.company.Zone), By: r.handler(n.By).Name, Text: outside(n.Text)})
	}
	v.ByHand, v.KeptPlans = r.keptViews(c, v.Lang), r.keptPlans(c, v.Lang)
	if t.Action == workflow.KeeperSaid {
		r.keeperSaid(w, v)
	}
	for _, task := range c.Tasks {
		if task.State == workflow.TaskFailed {
			v.Failed = append(v.Failed, r.failedView(c, task, v.Lang))
		}
		if task.N != t.N {
			v.Tasks = append(v.Tasks, TaskView{task.Action, task.State, task.Tries, task.Due.In(r.company.Zone)})
		}
	}
	if c.Ref != workflow.Desk && (!c.State().Closed() || c.Breach != nil && !c.Closed()) {
		r.outline(ctx, c, v)
	}
	v.Told = r.told(c, v.Lang, func(word, what string) Button { return r.button(w, word, what) })
	v.Buttons = r.buttons(w, v.Lang)
	return nil
}

func openItems(c workflow.Case) int {
	n := 0
	for _, it := range c.Items {
		if !it.State.Closed() {
			n++
		}
	}
	return n
}

func (v *View) mails(r *Responder, c workflow.Case) {
	first := true
	for _, m := range c.Messages {
		if m.Out {
			continue
		}
		mv := MailView{
			At: m.At.In(r.company.Zone), From: outsideAddress(m.From), Subject: outside(m.Subject), Text: outside(m.Text),
		}
		for _, name := range m.Attachments {
			mv.Attachments = append(mv.Attachments, letter.Outside(name))
		}
		if first {
			v.Mail, first = mv, false
			continue
		}
		v.Later = append(v.Later, mv)
	}
}

func (r *Responder) itemView(it workflow.Item, lang string) ItemView {
	v := ItemView{Kind: it.Kind, Right: it.Right, State: it.State, Reason: it.Reason, Text: outside(it.Text)}
	v.Ask = it.AskNow()
	if !it.Asked.IsZero() {
		v.Asked = it.Asked.In(r.company.Zone)
	}
	if it.Verified != nil {
		v.Verified = VerifiedView{By: r.handlerName(it.Verified.By), How: it.Verified.How, At: it.Verified.At.In(r.company.Zone)}
	}
	for _, f := range it.Fields {
		v.Fields = append(v.Fields, FieldView{Title: f.Field, Old: outside(f.Old), New: outside(f.New), Unknown: true})
	}
	for _, rep := range it.Reports {
		v.Reports = append(v.Reports, r.reportView(rep, lang))
	}
	v.Reports = append(v.Reports, r.keeperReports(it, lang)...)
	for i := range v.Fields {
		r.nameField(&v.Fields[i], it.Fields[i].Field, lang)
	}
	return v
}

// nameField gives a field the title that a register has for it, or the word for what is held, where none has just one
// field for it.
func (r *Responder) nameField(v *FieldView, said, lang string) {
	for _, spec := range r.specs() {
		if f, ok := fieldOf(spec, said); ok {
			v.Title, v.Unknown = titleOf(f, lang), false
			return
		}
		if len(targetOf(spec, said).fields) > 0 {
			v.Unknown = false
		}
	}
	if holds := holdsOf(registers.Fold(said)); said == string(holds) {
		v.Title = r.letters.Word(lang, "holds", said)
	}
}

// specs are those of every register, kept by hand or not.
func (r *Responder) specs() []registers.Spec {
	var specs []registers.Spec
	for _, reg := range r.registers {
		specs = append(specs, reg.Spec)
	}
	for _, kept := range r.company.Kept {
		specs = append(specs, kept.Spec)
	}
	return specs
}

func (r *Responder) reportView(rep workflow.RegisterReport, lang string) ReportView {
	spec := r.spec(rep.Register)
	v := ReportView{Title: titleOfSpec(spec, lang), Records: rep.Records}
	for _, f := range rep.Changed {
		v.Changed = append(v.Changed, FieldView{Title: titleIn(spec, f.Field, lang), Old: outside(f.Old), New: outside(f.New)})
	}
	for _, name := range rep.Locked {
		v.Locked = append(v.Locked, titleIn(spec, name, lang))
	}
	for _, name := range rep.Left {
		v.Left = append(v.Left, titleIn(spec, name, lang))
	}
	for _, name := range rep.Deleted {
		v.Deleted = append(v.Deleted, titleIn(spec, name, lang))
	}
	for _, k := range rep.Kept {
		kept := KeptView{Ground: in(k.Ground, lang), Until: k.Until}
		for _, name := range k.Fields {
			kept.Fields = append(kept.Fields, titleIn(spec, name, lang))
		}
		v.Kept = append(v.Kept, kept)
	}
	return v
}

func (r *Responder) spec(name string) registers.Spec {
	for _, spec := range r.specs() {
		if spec.Name == name {
			return spec
		}
	}
	return registers.Spec{Name: name}
}

// outline asks the registers what they hold on the person: never the values that the
// control questions ask for. A register that does not answer is named.
func (r *Responder) outline(ctx context.Context, c workflow.Case, v *View) {
	erasing := slices.Contains(c.Kinds(), workflow.Erasure)
	for _, reg := range r.registers {
		title := titleOfSpec(reg.Spec, v.Lang)
		matches, err := reg.Find(ctx, r.person(c))
		if err != nil {
			v.Unasked = append(v.Unasked, title)
			continue
		}
		rv := RegisterView{Title: title}
		for _, m := range matches {
			if !m.Certain && !picked(c, reg.Spec.Name, m.Record.Key) {
				v.Matches = append(v.Matches, r.match(c, reg.Spec, title, m))
				continue
			}
			rv.Records++
			r.known(&rv, c, reg.Spec, m.Record, v)
		}
		if rv.Records == 0 {
			continue
		}
		if erasing {
			if rv.Erase, err = r.plan(ctx, c, reg, v.Lang); err != nil {
				v.Unasked = append(v.Unasked, title)
			}
		}
		v.Registers = append(v.Registers, rv)
	}
	slices.SortStableFunc(v.Matches, func(a, b RegisterView) int { return a.N - b.N })
	otherOnFile := slices.ContainsFunc(v.Matches, func(m RegisterView) bool { return m.Address != "" })
	if otherOnFile && fromFreeMail(c.Person.Address) && !slices.Contains(v.Warnings, workflow.FreeMail) {
		v.Warnings = append(v.Warnings, workflow.FreeMail)
	}
	if len(v.Registers) == 0 && len(v.Matches) == 0 && len(v.Unasked) == 0 && !slices.Contains(v.Warnings, workflow.NoMatch) {
		v.Warnings = append(v.Warnings, workflow.NoMatch)
	}
}

// match is a possible match, with the number by which a handler picks it.
func (r *Responder) match(c workflow.Case, spec registers.Spec, title string, m registers.Match) RegisterView {
	rv := RegisterView{Title: title, Records: 1}
	for n, i := range c.Possible() {
		if c.Found[i].Register == spec.Name && c.Found[i].Key.Reveal() == m.Record.Key {
			rv.N = n + 1
		}
	}
	for _, role := range m.By {
		rv.By = append(rv.By, string(role))
	}
	rv.Name = value(m.Record, spec.Identify[registers.Name])
	rv.Address = value(m.Record, spec.Identify[registers.Email])
	rv.Telephone = value(m.Record, spec.Telephone)
	return rv
}

func value(record registers.Record, field string) letter.Outside {
	v, _ := record.Value(field)
	return letter.Outside(v.Raw)
}

// known adds what the record tells for the call: the number on file, what to ask, and
// what does not fit the mail.
func (r *Responder) known(rv *RegisterView, c workflow.Case, spec registers.Spec, record registers.Record, v *View) {
	if rv.Telephone == "" {
		rv.Telephone = value(record, spec.Telephone)
	}
	if rv.Name == "" {
		rv.Name = value(record, spec.Identify[registers.Name])
	}
	if held := value(record, spec.Identify[registers.Email]); registers.FoldAddress(string(held)) != c.Person.Address.Reveal() {
		rv.Address = held
	}
	if c.Person.Name != "" && rv.Name != "" && !sameWords(c.Person.Name.Reveal(), string(rv.Name)) && !slices.Contains(v.Warnings, workflow.NameDiffers) {
		v.Warnings = append(v.Warnings, workflow.NameDiffers)
	}
	if len(rv.Questions) == 0 {
		rv.Questions = questions(c, spec, record, v.Lang)
	}
	for i := range v.Items {
		for j := range v.Items[i].Fields {
			fv := &v.Items[i].Fields[j]
			fv.inRegister(spec, record, c.Items[i].Fields, j, v.Lang)
		}
	}
}

// inRegister adds what the register holds where field j of a change would go, or that only a human can tell where.
func (fv *FieldView) inRegister(spec registers.Spec, record registers.Record, fields []workflow.FieldChange, j int, lang string) {
	t := targetOf(spec, fields[j].Field)
	if f, ok := t.one(); ok {
		if fv.InRegister != "" {
			return
		}
		fv.InRegister = value(record, f.Name)
		if whole, known := written(spec, f, fields[j], record); known {
			fv.New = letter.Outside(whole)
		}
		return
	}
	if len(t.fields) == 0 {
		return
	}
	if t.parts(fields[j].New.Reveal()) == nil {
		if !t.settled(spec, fields) {
			fv.Unclear = append(fv.Unclear, unclear(spec, t, lang))
		}
		return
	}
	if fv.InRegister != "" { // of another register, or another record
		return
	}
	for _, f := range t.fields {
		if held := value(record, f.Name); held != "" && fv.InRegister != "" {
			fv.InRegister += ", " + held
		} else {
			fv.InRegister += held
		}
	}
}

func unclear(spec registers.Spec, t target, lang string) UnclearView {
	u := UnclearView{Register: titleOfSpec(spec, lang)}
	for _, f := range t.fields {
		u.Fields = append(u.Fields, titleOf(f, lang))
	}
	return u
}

// asked is how many control questions a mail suggests.
const asked = 3

// questions are the titles of control fields that the record has and that the person's
// mails do not give away.
func questions(c workflow.Case, spec registers.Spec, record registers.Record, lang string) []string {
	told := ""
	for _, m := range c.Messages {
		told += " " + registers.Fold(m.Subject.Reveal()+" "+m.Text.Reveal())
	}
	told += " " + registers.Fold(c.Person.Name.Reveal()+" "+c.Person.Address.Reveal())
	var titles []string
	for _, f := range spec.Fields {
		v, ok := record.Value(f.Name)
		if !f.Control || !ok || v.Raw == "" || contains(told, v.Raw) || len(titles) == asked {
			continue
		}
		titles = append(titles, titleOf(f, lang))
	}
	return titles
}
