// Package kinds opens a register of whatever kind: the one place that knows them all.
package kinds

import (
	"errors"

	"dpobot/responders/registers"
	"dpobot/responders/registers/mailchimp"
	"dpobot/responders/registers/sheet"
	"dpobot/responders/registers/sql"
	"dpobot/responders/registers/webhook"
)

// Source says where a register is: exactly one of its parts is set, and that is its kind.
type Source struct {
	SQL       *sql.Source
	Sheet     *sheet.Source
	Mailchimp *mailchimp.Source
	Webhook   *webhook.Source
}

// Open prepares a register; it dials nothing and reads no file.
func Open(spec registers.Spec, src Source) (registers.Register, error) {
	switch {
	case src.SQL != nil && src.SQL.Statements != nil:
		return some(sql.OpenOwn(spec, *src.SQL))
	case src.SQL != nil:
		return some(sql.Open(spec, *src.SQL))
	case src.Sheet != nil:
		return some(sheet.Open(spec, *src.Sheet))
	case src.Mailchimp != nil:
		return some(mailchimp.Open(spec, *src.Mailchimp))
	case src.Webhook != nil:
		return some(webhook.Open(spec, *src.Webhook))
	}
	return nil, errors.New("the register names no kind: sql, sheet, mailchimp or webhook")
}

// some keeps a nil pointer from becoming a register.
func some[R registers.Register](r R, err error) (registers.Register, error) {
	if err != nil {
		return nil, err
	}
	return r, nil
}
