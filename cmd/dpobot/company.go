package main

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"dpobot/config"
	"dpobot/responders"
	"dpobot/responders/export"
	"dpobot/responders/registers"
	"dpobot/responders/registers/kinds"
	"dpobot/workflow"
)

// companyOf is the controller as its letters need it.
func companyOf(cfg *config.Config) responders.Company {
	now := time.Now()
	c := responders.Company{
		Controller: responders.Controller{
			Name: cfg.Controller.Name, BusinessID: cfg.Controller.BusinessID,
			Address: cfg.Controller.Address, Mailbox: string(cfg.Mailbox.Address),
			Phone: cfg.Controller.Phone, Web: cfg.Controller.Web,
		},
		Authority:   func(lang string) responders.Authority { return authorityOf(cfg, lang) },
		Notice:      func(lang string) export.Notice { return noticeOf(cfg, lang) },
		Mailbox:     workflow.Address(cfg.Mailbox.Address),
		MailName:    cmp.Or(cfg.Mailbox.Name, cfg.Controller.Name),
		Officer:     officerOf(cfg),
		PlusAddress: cfg.Mailbox.PlusAddress,
		Zone:        cfg.Controller.Timezone,
		KeptDays:    int(cfg.Retention.ClosedCases.After(now).Sub(now).Hours() / 24),
		AnswerBytes: int64(cfg.Limits.Package),
		Extended:    calendarOf(cfg).Extended,
		StaleAfter:  max(time.Hour, 10*cfg.Mailbox.IMAP.Poll),
	}
	if !cfg.Canary.Off {
		c.CanaryStale = canaryStale
	}
	for _, h := range cfg.Handlers {
		lang := string(h.Language)
		if lang == "" {
			lang = languagesOf(cfg)[0]
		}
		c.Handlers = append(c.Handlers, responders.Handler{Name: h.Name, Address: workflow.Address(h.Address), Language: lang})
	}
	c.Kept = keptOf(cfg)
	return c
}

// officerOf is the contact that the notice names, or else the first handler.
func officerOf(cfg *config.Config) responders.Officer {
	o := cfg.Notice.Officer
	name := cmp.Or(o.Name, cfg.Handlers[0].Name)
	contact := name
	for _, way := range []string{o.Phone, o.Email, o.Address} {
		if way != "" {
			contact += ", " + way
		}
	}
	return responders.Officer{Name: name, Contact: contact}
}

func authorityOf(cfg *config.Config, lang string) responders.Authority {
	a := cfg.Notice.Authority
	l := config.Language(lang)
	return responders.Authority{Name: a.Name.In(l), Address: a.Address.In(l), Phone: a.Phone, Mail: a.Email, Web: a.Web.In(l)}
}

// noticeOf is the part of the Art. 15 information that holds for the whole controller.
func noticeOf(cfg *config.Config, lang string) export.Notice {
	n, l := cfg.Notice, config.Language(lang)
	out := export.Notice{
		Source: joined(n.Source, l), Purpose: joined(n.Purposes, l), LegalBasis: joined(n.LegalBasis, l),
		Retention: joined(n.Retention, l), Categories: n.Categories.In(l), Transfers: transfersIn(n.Transfers, l),
		AutomatedDecisions: n.AutomatedDecisions.In(l), Court: n.Court.In(l), Rights: n.Rights.In(l),
	}
	for _, r := range n.Recipients {
		out.Recipients = append(out.Recipients, recipientIn(r, l))
	}
	a := authorityOf(cfg, lang)
	out.Authority = export.Authority{Name: a.Name, Address: a.Address, Phone: a.Phone, Email: a.Mail, Web: a.Web}
	return out
}

func joined(ts config.Texts, l config.Language) string { return strings.Join(ts.In(l), " ") }

func recipientIn(r config.Recipient, l config.Language) string {
	if purpose := r.Purpose.In(l); purpose != "" {
		return r.Name + " (" + purpose + ")"
	}
	return r.Name
}

func transfersIn(ts []config.Transfer, l config.Language) string {
	var all []string
	for _, t := range ts {
		text := t.Country.In(l)
		if t.Recipient != "" {
			text = t.Recipient + ", " + text
		}
		if s := t.Safeguard.In(l); s != "" {
			text += ": " + s
		}
		all = append(all, text)
	}
	return strings.Join(all, "; ")
}

// openRegisters opens every register but those that are kept by hand; none is dialled yet.
func openRegisters(cfg *config.Config) ([]responders.Register, error) {
	var regs []responders.Register
	for _, r := range cfg.Registers {
		if r.Kind() == config.KindPerson {
			continue
		}
		source, err := sourceOf(r)
		if err != nil {
			return nil, err
		}
		spec := specOf(cfg, r)
		register, err := kinds.Open(spec, source)
		if err != nil {
			return nil, misuse{fmt.Errorf("register %s: %w", r.Name, err)}
		}
		regs = append(regs, responders.Register{Spec: spec, Register: register, Tell: toldOf(cfg, r)})
	}
	return regs, nil
}

// toldOf are the recipients of a register; those without a mail address are told by hand.
func toldOf(cfg *config.Config, r config.Register) []workflow.Recipient {
	recipients := r.Recipients
	if len(recipients) == 0 {
		recipients = cfg.Notice.Recipients
	}
	var told []workflow.Recipient
	for _, to := range recipients {
		told = append(told, workflow.Recipient{Name: to.Name, Address: workflow.Address(to.Address), Register: r.Name})
	}
	return told
}

func specOf(cfg *config.Config, r config.Register) registers.Spec {
	spec := registers.Spec{
		Name: r.Name, Title: textOf(r.Title), Telephone: r.Telephone, PlusAddresses: r.PlusAddresses,
		Identify: map[registers.Role]string{}, Fields: fieldsOf(r.Fields), Erase: planOf(cfg, r.Erase),
	}
	for role, field := range map[registers.Role]string{
		registers.Email: r.Identify.Email, registers.Name: r.Identify.Name, registers.Telephone: r.Identify.Telephone,
		registers.CustomerNumber: r.Identify.CustomerNumber, registers.BirthDate: r.Identify.BirthDate,
	} {
		if field != "" {
			spec.Identify[role] = field
		}
	}
	if r.Marketing != nil {
		spec.Marketing = &registers.Marketing{Field: r.Marketing.Field, Value: r.Marketing.Value}
	}
	if r.SQL != nil {
		for _, child := range r.SQL.Children {
			spec.Children = append(spec.Children, registers.Child{Name: child.Name, Title: textOf(child.Title), Fields: fieldsOf(child.Fields)})
		}
	}
	spec.Notice = registers.Notice{
		Purpose: joinedText(r.Purpose), LegalBasis: joinedText(r.LegalBasis), Source: joinedText(r.Source), Retention: joinedText(r.Retention),
	}
	for _, category := range r.Categories {
		spec.Notice.Categories = append(spec.Notice.Categories, textOf(category))
	}
	for _, to := range r.Recipients {
		text := registers.Text{}
		for _, l := range []config.Language{"fi", "sv", "en"} {
			text[string(l)] = recipientIn(to, l)
		}
		spec.Notice.Recipients = append(spec.Notice.Recipients, text)
	}
	for _, t := range r.Transfers {
		text := registers.Text{}
		for _, l := range []config.Language{"fi", "sv", "en"} {
			text[string(l)] = transfersIn([]config.Transfer{t}, l)
		}
		spec.Notice.Transfers = append(spec.Notice.Transfers, text)
	}
	return spec
}

// textOf is a text by language; one that is the same in every language stands in each
// that letters are written in.
func textOf(t config.Text) registers.Text {
	if len(t) == 0 {
		return nil
	}
	out := registers.Text{}
	for _, l := range []config.Language{"fi", "sv", "en"} {
		if t.Has(l) {
			out[string(l)] = t.In(l)
		}
	}
	for l, text := range t {
		if l != "" {
			out[string(l)] = text
		}
	}
	return out
}

func joinedText(ts config.Texts) registers.Text {
	if len(ts) == 0 {
		return nil
	}
	out := registers.Text{}
	for _, l := range []config.Language{"fi", "sv", "en"} {
		out[string(l)] = joined(ts, l)
	}
	return out
}

func fieldsOf(fields []config.Field) []registers.Field {
	var out []registers.Field
	for _, f := range fields {
		out = append(out, registers.Field{
			Name: f.Name, Column: f.Column, Title: textOf(f.Title), Role: registers.Holds(f.Role), Group: f.Group,
			Change: f.Change, Control: f.Control, Redact: f.Redact,
		})
	}
	return out
}

func planOf(cfg *config.Config, e config.Erase) registers.Plan {
	end := cfg.Controller.FinancialYearEnd
	plan := registers.Plan{
		Default: registers.Action(e.Default), Anonymise: e.Anonymise,
		YearEnd: registers.YearEnd(fmt.Sprintf("%02d-%02d", end.Month, end.Day)),
	}
	for _, r := range e.Retain {
		plan.Retain = append(plan.Retain, registers.Retention{Fields: r.Fields, Ground: textOf(r.Ground), Until: ruleOf(r)})
	}
	return plan
}

func ruleOf(r config.Retain) registers.Rule {
	rule := registers.Rule{Field: r.From}
	switch r.Until.Rule {
	case config.UntilLedger:
		rule.Kind = registers.Ledger
	case config.UntilVoucher:
		rule.Kind = registers.Voucher
	case config.UntilDate:
		rule.Kind, rule.Date = registers.Fixed, registers.Date(r.Until.Date.String())
	default:
		p := r.Until.Period
		rule.Kind, rule.Period = registers.After, registers.Period{Years: p.Years, Months: p.Months, Days: p.Days}
	}
	return rule
}
