package responders

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"dpobot/responders/export"
	"dpobot/responders/letter"
	"dpobot/responders/registers"
	"dpobot/workflow"
)

// Kept is a register that somebody keeps by hand: its keeper is asked by mail.
type Kept struct {
	Spec     registers.Spec
	Keeper   string // the keeper's name
	Language string
}

func (r *Responder) kept(register string) (Kept, bool) {
	for _, k := range r.company.Kept {
		if k.Spec.Name == register {
			return k, true
		}
	}
	return Kept{Spec: registers.Spec{Name: register}}, false
}

// askKeeper puts the task's question to the keeper of a register. Where the register has nothing that the item is
// about, nobody is asked.
func (r *Responder) askKeeper(ctx context.Context, w workflow.Work) (workflow.Result, error) {
	item, question := w.Case.Inquiry(w.Task.Inquiry)
	if item == nil {
		return workflow.Result{}, errNothingToDo
	}
	kept, _ := r.kept(question.Register)
	if item.Kind == workflow.Change && len(fieldsIn(kept.Spec, item.Fields)) == 0 {
		return workflow.Result{Idle: true}, nil
	}
	known := question.Known
	if known == nil {
		var err error
		if known, err = r.knownTo(ctx, w.Case, kept.Spec); err != nil {
			return workflow.Result{}, err
		}
		question.Known = known // the mail shows it; the case learns it with the result
	}
	result, err := r.mail(ctx, w, nil)
	result.Known = known
	return result, err
}

// fieldsIn are the fields of a change that a register kept by hand has. One that declares none may have any.
func fieldsIn(spec registers.Spec, fields []workflow.FieldChange) []workflow.FieldChange {
	if len(spec.Fields) == 0 {
		return fields
	}
	var own []workflow.FieldChange
	for _, f := range fields {
		if len(targetOf(spec, f.Field).fields) > 0 {
			own = append(own, f)
		}
	}
	return own
}

// toFindBy are the roles that a keeper is told without having asked for any: nobody is found by less.
var toFindBy = []registers.Role{registers.Name, registers.Email}

// knownTo is what a keeper is told to find the person by, and no more: the roles by which the register identifies
// people, each as the registers that are asked directly hold it, else as the person's mail says.
func (r *Responder) knownTo(ctx context.Context, c workflow.Case, spec registers.Spec) (map[string]workflow.Text, error) {
	roles := slices.Clone(toFindBy)
	for role := range spec.Identify {
		if !slices.Contains(roles, role) {
			roles = append(roles, role)
		}
	}
	held, err := r.onFile(ctx, c)
	if err != nil {
		return nil, err
	}
	known := map[string]workflow.Text{}
	told := r.person(c).Identifiers
	told[registers.Email] = c.Person.Address.Reveal()
	for _, role := range roles {
		if value := held[role]; value != "" {
			known[string(role)] = workflow.Text(value)
		} else if told[role] != "" {
			known[string(role)] = workflow.Text(told[role])
		}
	}
	return known, nil
}

// onFile is what the registers that are asked directly hold of the person, by role: the first that has it.
func (r *Responder) onFile(ctx context.Context, c workflow.Case) (map[registers.Role]string, error) {
	held := map[registers.Role]string{}
	for _, reg := range r.registers {
		own, err := r.theirs(ctx, c, reg)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", reg.Spec.Name, err)
		}
		for _, record := range own {
			for role, field := range reg.Spec.Identify {
				if v := string(value(record, field)); v != "" && held[role] == "" {
					held[role] = v
				}
			}
		}
	}
	return held, nil
}

// keeperView adds what a keeper sees: the one question, and no more of the person than finds them.
func (r *Responder) keeperView(w workflow.Work, v *View) {
	item, question := w.Case.Inquiry(w.Task.Inquiry)
	if item == nil {
		return
	}
	kept, _ := r.kept(question.Register)
	v.Recipient = letter.Outside(kept.Keeper)
	v.Register = titleOfSpec(kept.Spec, v.Lang)
	v.Until = question.Until
	v.Asked = item.Kind
	v.Right = item.Right
	v.Verified = item.Verified != nil
	v.Greeting, v.Items, v.Kinds = "", nil, nil
	for _, role := range keeperRoles {
		if value := question.Known[string(role)]; value != "" {
			v.KnownBy = append(v.KnownBy, KnownView{string(role), outside(value)})
		}
	}
	switch item.Kind {
	case workflow.Change:
		for _, f := range fieldsIn(kept.Spec, item.Fields) {
			fv := FieldView{Title: f.Field, Old: outside(f.Old), New: outside(f.New)}
			r.nameField(&fv, f.Field, v.Lang)
			v.Fields = append(v.Fields, fv)
		}
	case workflow.Erasure:
		v.Plan = r.keeperPlan(kept.Spec, *question, v.Lang)
	}
	if w.Task.Action == workflow.KeeperMail {
		v.Buttons = r.keeperButtons(w, item.Kind, v.Lang)
	}
}

var keeperRoles = []registers.Role{registers.Name, registers.Email, registers.CustomerNumber, registers.Telephone, registers.BirthDate}

// keeperButtons are the one-press answers of a keeper.
func (r *Responder) keeperButtons(w workflow.Work, kind workflow.Kind, lang string) []Button {
	word := func(says workflow.Says) string { return r.letters.Word(lang, "keeper-word", string(says)) }
	does := string(workflow.SaysDone)
	if kind == workflow.Access {
		does = "copy"
	}
	return []Button{
		r.button(w, word(workflow.SaysDone), r.letters.Word(lang, "keeper-does", does)),
		r.button(w, word(workflow.SaysNothing), r.letters.Word(lang, "keeper-does", string(workflow.SaysNothing))),
	}
}

// keeperPlan is what an erasure means in a register that nobody but its keeper can read, counted from the day on which
// the keeper was asked. Dates that stand in the register are not known here: what hangs on one has no end in the plan.
func (r *Responder) keeperPlan(spec registers.Spec, q workflow.Inquiry, lang string) *ReportView {
	from := q.Asked
	if from.IsZero() {
		from = r.queue.Now()
	}
	fate := spec.Fate(spec.Erase, nil, "", from.In(r.company.Zone))
	var report registers.Report
	report.Add(fate)
	view := r.reportView(r.reported(spec, report, nil), lang)
	if len(view.Deleted)+len(view.Kept) == 0 { // the register declares no fields
		view.Deleted = []string{r.letters.Word(lang, "keeper-all", "all")}
	}
	return &view
}

func titleOfSpec(spec registers.Spec, lang string) string {
	return titleOr(spec.Name, spec.Title, lang)
}

// keptViews are the registers kept by hand, for handlers: who keeps them, and how far the keeper's answer is.
func (r *Responder) keptViews(c workflow.Case, lang string) []KeptRegisterView {
	toAsk := slices.ContainsFunc(c.Items, func(it workflow.Item) bool {
		return it.Kind != workflow.Other && !it.State.Closed() && it.State != workflow.Fulfilling
	})
	var views []KeptRegisterView
	for _, k := range r.company.Kept {
		view := KeptRegisterView{Title: titleOfSpec(k.Spec, lang), Name: k.Spec.Name, Keeper: letter.Outside(k.Keeper)}
		asked := false
		for _, it := range c.Items {
			for _, q := range it.Inquiries {
				if q.Register == k.Spec.Name && q.State != workflow.InquiryIdle && q.State != workflow.InquiryDropped {
					views, asked = append(views, view.of(it, q)), true
				}
			}
		}
		if !asked && toAsk {
			view.Later = true
			views = append(views, view)
		}
	}
	return views
}

// of is the view of a question about the register.
func (v KeptRegisterView) of(it workflow.Item, q workflow.Inquiry) KeptRegisterView {
	v.Kind, v.State, v.Until, v.Ticked, v.Text = it.Kind, string(q.State), q.Until, q.Ticked, outside(q.Text)
	for _, f := range q.Files {
		v.Files = append(v.Files, outside(f.Name))
	}
	return v
}

// keptPlans are what an erasure that is still to be done means in the registers kept by hand.
func (r *Responder) keptPlans(c workflow.Case, lang string) []ReportView {
	erasing := slices.ContainsFunc(c.Items, func(it workflow.Item) bool { return it.Kind == workflow.Erasure && !it.State.Closed() })
	if !erasing {
		return nil
	}
	var plans []ReportView
	for _, k := range r.company.Kept {
		plans = append(plans, *r.keeperPlan(k.Spec, workflow.Inquiry{}, lang))
	}
	return plans
}

// keeperReports are what keepers did for an item, as the confirmation tells it.
func (r *Responder) keeperReports(it workflow.Item, lang string) []ReportView {
	var reports []ReportView
	for _, q := range it.Inquiries {
		if q.State != workflow.InquiryDone {
			continue
		}
		kept, _ := r.kept(q.Register)
		view := ReportView{Title: titleOfSpec(kept.Spec, lang), Records: 1}
		switch it.Kind {
		case workflow.Change:
			for _, f := range fieldsIn(kept.Spec, it.Fields) {
				fv := FieldView{Title: f.Field, Old: outside(f.Old), New: outside(f.New)}
				r.nameField(&fv, f.Field, lang)
				view.Changed = append(view.Changed, fv)
			}
		case workflow.Erasure:
			view = *r.keeperPlan(kept.Spec, q, lang)
		default:
			continue
		}
		reports = append(reports, view)
	}
	return reports
}

// errNotAsked: a register that is kept by hand has no answer in the case, as where it was added to the configuration
// after the person was verified.
var errNotAsked = errors.New("a register kept by hand was not asked; answer STOP, then VERIFIED again, or DONE")

// errShredded: the answer came back after its documents were destroyed.
var errShredded = errors.New("the documents of a keeper are no longer kept; answer STOP, then VERIFIED, to ask the keeper again")

// keptRegister is a register kept by hand as the person gets it: what its keeper said, and the documents.
func (r *Responder) keptRegister(ctx context.Context, c workflow.Case, item int, kept Kept, lang string) (export.Register, error) {
	out := exported(ctx, kept.Spec, nil, lang)
	it := c.Item(item)
	if it == nil {
		return out, errNotAsked
	}
	at := -1
	for i, q := range it.Inquiries {
		if q.Register == kept.Spec.Name && q.State != workflow.InquiryDropped {
			at = i
		}
	}
	if at < 0 || it.Inquiries[at].State.Open() {
		return out, errNotAsked
	}
	q := it.Inquiries[at]
	if q.Text != "" {
		said := export.Value{Field: "text", Title: r.letters.Word(lang, "keeper-all", "said"), Raw: q.Text.Reveal()}
		out.Records = []export.Record{{Values: []export.Value{said}}}
	}
	if q.State == workflow.InquiryNothing {
		return out, nil
	}
	for _, f := range q.Files {
		data, err := r.queue.Store().File(ctx, c.Ref, f.ID)
		if errors.Is(err, workflow.ErrNoFile) {
			return out, errShredded
		}
		if err != nil {
			return out, err
		}
		out.Files = append(out.Files, export.File{Name: f.Name.Reveal(), Type: f.Type, Data: data})
	}
	return out, nil
}

// keepersLanguage is the language of the keeper whom the task's mail goes to.
func (r *Responder) keepersLanguage(w workflow.Work) string {
	if _, q := w.Case.Inquiry(w.Task.Inquiry); q != nil {
		if kept, ok := r.kept(q.Register); ok {
			return kept.Language
		}
	}
	return r.company.Handlers[0].Language
}

// keeperSaid adds what a keeper answered, for handlers.
func (r *Responder) keeperSaid(w workflow.Work, v *View) {
	item, q := w.Case.Inquiry(w.Task.Inquiry)
	if item == nil {
		return
	}
	kept, _ := r.kept(q.Register)
	v.Recipient, v.Register, v.RegisterName = letter.Outside(kept.Keeper), titleOfSpec(kept.Spec, v.Lang), q.Register
	v.Asked, v.Right, v.Said = item.Kind, item.Right, outside(w.Task.Text)
	v.Settled = !q.State.Open()
}

// tickButtons are the one-press answers by which a handler goes on without a keeper.
func (r *Responder) tickButtons(w workflow.Work, lang string) []Button {
	var buttons []Button
	for _, name := range w.Case.AwaitedRegisters() {
		typed := r.letters.Word(lang, "keyword", string(workflow.WordTick)) + " " + name
		buttons = append(buttons, r.button(w, typed, r.letters.Word(lang, "does", string(workflow.WordTick))))
	}
	return buttons
}

// awaited are the titles of the registers whose keepers have not answered.
func (r *Responder) awaited(c workflow.Case, lang string) []string {
	var titles []string
	for _, name := range c.AwaitedRegisters() {
		titles = append(titles, titleOfSpec(r.spec(name), lang))
	}
	return titles
}

// failedView is a failure, with the register whose keeper it concerns.
func (r *Responder) failedView(c workflow.Case, t workflow.Task, lang string) FailedView {
	v := FailedView{Action: t.Action, Why: t.Why}
	if _, q := c.Inquiry(t.Inquiry); q != nil {
		v.Register = titleOfSpec(r.spec(q.Register), lang)
	}
	return v
}
