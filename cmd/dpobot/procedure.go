package main

import (
	"embed"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/template"
	"time"
	"unicode/utf8"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"dpobot/config"
	"dpobot/workflow"
)

//go:embed procedure/*.txt
var procedureTexts embed.FS

type procedureCmd struct {
	configured
	Lang string `enum:",en,fi,sv" default:"" placeholder:"LANG" help:"Language: fi, sv or en (default: the controller's first of these)."`
}

// Help is shown below the flags.
func (procedureCmd) Help() string {
	return `Prints how the company answers requests, as the configuration has it: who answers, how a person is verified, how the time limit
is counted, what each register keeps and why. Read it, add what is missing under procedure: in the configuration, and have it approved.

Example:
  dpobot procedure -c dpobot.yaml --lang fi > menettelyohje.txt`
}

// Run prints the procedure.
func (c *procedureCmd) Run(e *env) error {
	cfg, err := c.load()
	if err != nil {
		return err
	}
	lang := c.Lang
	if lang == "" {
		lang = languagesOf(cfg)[0]
	}
	return writeProcedure(e.stdout, cfg, lang, workflow.DateOf(time.Now(), cfg.Controller.Timezone))
}

// procedureWidth is how long a line is at most, in letters.
const procedureWidth = 84

// writeProcedure prints the procedure in a language. The year of today is that of its
// example.
func writeProcedure(out io.Writer, cfg *config.Config, lang string, today workflow.Date) error {
	t, err := template.ParseFS(procedureTexts, "procedure/"+lang+".txt")
	if err != nil {
		return fmt.Errorf("the procedure cannot be written in %q: %w", lang, err)
	}
	var text strings.Builder
	if err := t.Execute(&text, procedureOf(cfg, wordsIn(lang), today)); err != nil {
		return fmt.Errorf("write the procedure: %w", err)
	}
	for line := range strings.Lines(strings.TrimSpace(text.String())) {
		if _, err := io.WriteString(out, wrapped(strings.TrimRight(line, " \n"), procedureWidth)+"\n"); err != nil {
			return err
		}
	}
	return nil
}

// procedure is what the texts in procedure/ are filled with, in words of their language.
type procedure struct {
	Company, IDName, BusinessID, Post, Mailbox, Aliases, Languages string
	ApprovedBy, Approved, Review                                   string
	Handlers, Deputies                                             []officer
	Telephone                                                      bool   // a register has the number to ring
	Control                                                        string // fields that are asked about
	Zone, Country, Holidays, ExampleFrom, ExampleTo, Remind        string
	Eves                                                           bool
	Grace, Told, Trust, Canary, Within, Kept                       string
	Local                                                          bool // mail goes in plain text, within this computer
	Registers                                                      []procedureRegister
	Authority, AuthorityAddress, AuthorityContact                  string
}

// officer is somebody who answers requests. After is how many reminders bring a deputy in.
type officer struct{ Name, Address, After string }

type procedureRegister struct {
	Title, Kind, Purpose, Basis, Retention, Recipients, Erase string
	Kept                                                      []procedureKept
}

// procedureKept is what the law keeps of a register.
type procedureKept struct{ Fields, Ground, Until string }

func procedureOf(cfg *config.Config, w words, today workflow.Date) procedure {
	l := config.Language(w.lang)
	a := authorityOf(cfg, w.lang)
	example := workflow.Date{Year: today.Year, Month: time.January, Day: 31}
	p := procedure{
		Company: cfg.Controller.Name, IDName: w.idName(cfg.Controller.Country), BusinessID: cfg.Controller.BusinessID,
		Post: cfg.Controller.Address, Mailbox: string(cfg.Mailbox.Address), Languages: w.languages(cfg.Controller.Languages),
		ApprovedBy: cfg.Procedure.ApprovedBy, Approved: w.dateOrNone(cfg.Procedure.Approved), Review: w.dateOrNone(cfg.Procedure.Review),
		Zone: cfg.Controller.Timezone.String(), Country: w.country(cfg.Controller.Country), Eves: cfg.Holidays.Eves == config.EvesShift,
		ExampleFrom: w.date(example), ExampleTo: w.date(calendarOf(cfg).Due(example)), Remind: w.remind(cfg.Digest.Remind),
		Grace: w.hours(cfg.Erasure.Grace), Trust: w.trust(cfg.Handlers), Kept: w.period(cfg.Retention.ClosedCases),
		Local:     cfg.Mailbox.IMAP.Security == config.PlainText || cfg.Mailbox.SMTP.Security == config.PlainText,
		Authority: a.Name, AuthorityAddress: a.Address, AuthorityContact: nonEmpty(a.Phone, a.Mail, a.Web),
	}
	if !cfg.Canary.Off {
		p.Canary, p.Within = w.clock(cfg.Canary.At.String()), w.within(cfg.Canary.Within)
	}
	for _, alias := range cfg.Mailbox.Aliases {
		p.Aliases = nonEmpty(p.Aliases, string(alias))
	}
	for _, h := range cfg.Holidays.Extra {
		p.Holidays = nonEmpty(p.Holidays, w.date(dateOf(h.Date))+" "+h.Name.In(l))
	}
	for _, h := range cfg.Handlers {
		o := officer{h.Name, string(h.Address), w.reminders(h.Deputy)}
		if h.Deputy == 0 {
			p.Handlers = append(p.Handlers, o)
		} else {
			p.Deputies = append(p.Deputies, o)
		}
	}
	p.registers(cfg, w)
	return p
}

// registers tells of each register, and of what they have in common.
func (p *procedure) registers(cfg *config.Config, w words) {
	l := config.Language(w.lang)
	var control, told []string
	for _, r := range cfg.Registers {
		p.Telephone = p.Telephone || r.Telephone != ""
		for _, f := range r.Fields {
			if f.Control {
				control = append(control, f.Title.In(l))
			}
		}
		for _, to := range toldOf(cfg, r) {
			told = append(told, to.Name)
		}
		p.Registers = append(p.Registers, registerOf(r, w))
	}
	p.Control, p.Told = nonEmpty(each(control)...), nonEmpty(each(told)...)
}

func registerOf(r config.Register, w words) procedureRegister {
	l := config.Language(w.lang)
	out := procedureRegister{
		Title: r.Title.In(l), Kind: w.registerKind(r), Erase: w.erase(r.Erase),
		Purpose: joined(r.Purpose, l), Basis: joined(r.LegalBasis, l), Retention: joined(r.Retention, l),
	}
	for _, to := range r.Recipients {
		out.Recipients = nonEmpty(out.Recipients, recipientIn(to, l))
	}
	for _, k := range r.Erase.Retain {
		var fields []string
		for _, name := range k.Fields {
			fields = append(fields, titleOf(r, name, l))
		}
		from := ""
		if k.From != "" {
			from = titleOf(r, k.From, l)
		}
		out.Kept = append(out.Kept, procedureKept{nonEmpty(fields...), k.Ground.In(l), w.until(k.Until, from)})
	}
	return out
}

// titleOf is what people call a field, or a part of a register; a group has its name alone.
func titleOf(r config.Register, name string, l config.Language) string {
	for _, f := range r.Fields {
		if f.Name == name {
			return f.Title.In(l)
		}
	}
	if r.SQL == nil {
		return name
	}
	for _, child := range r.SQL.Children {
		if child.Name == name {
			return child.Title.In(l)
		}
		for _, f := range child.Fields {
			if child.Name+"."+f.Name == name {
				return child.Title.In(l) + ": " + f.Title.In(l)
			}
		}
	}
	return name
}

// nonEmpty joins what there is by commas.
func nonEmpty(parts ...string) string {
	return strings.Join(slices.DeleteFunc(slices.Clone(parts), func(s string) bool { return s == "" }), ", ")
}

// each leaves each word once, in the order in which they first came.
func each(list []string) []string {
	var out []string
	for _, s := range list {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// wrapped breaks a line between words; what follows a "- " stands in line with it.
func wrapped(line string, width int) string {
	indent := ""
	if strings.HasPrefix(line, "- ") {
		indent = "  "
	}
	var out strings.Builder
	at := 0
	for i, word := range strings.Fields(line) {
		n := utf8.RuneCountInString(word)
		switch {
		case i == 0:
		case at+1+n > width:
			out.WriteString("\n" + indent)
			at = len(indent)
		default:
			out.WriteString(" ")
			at++
		}
		out.WriteString(word)
		at += n
	}
	return out.String()
}

// tag is the language of the words, for names of languages and countries.
func (w words) tag() language.Tag { return language.Make(w.lang) }

func (w words) languages(list []config.Language) string {
	names := display.Languages(w.tag())
	var all []string
	for _, l := range list {
		all = append(all, names.Name(language.Make(string(l))))
	}
	return w.list(all)
}

func (w words) country(c config.Country) string {
	region, err := language.ParseRegion(string(c))
	if err != nil {
		return string(c)
	}
	return display.Regions(w.tag()).Name(region)
}
