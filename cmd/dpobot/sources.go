package main

import (
	"fmt"

	"dpobot/config"
	"dpobot/responders/registers/kinds"
	"dpobot/responders/registers/mailchimp"
	"dpobot/responders/registers/sheet"
	"dpobot/responders/registers/sql"
	"dpobot/responders/registers/webhook"
)

// sourceOf says where a register is. A password is read now: a database's connections
// are opened with it.
func sourceOf(r config.Register) (kinds.Source, error) {
	switch r.Kind() {
	case config.KindSQL:
		source, err := sqlSource(r)
		return kinds.Source{SQL: source}, err
	case config.KindSheet:
		return kinds.Source{Sheet: &sheet.Source{
			File: string(r.Sheet.File), Sheet: r.Sheet.Sheet, Key: r.Sheet.Key, Marker: r.Sheet.Marker,
			Delimiter: r.Sheet.Delimiter, Encoding: string(r.Sheet.Encoding),
		}}, nil
	case config.KindMailchimp:
		source, err := mailchimpSource(r)
		return kinds.Source{Mailchimp: source}, err
	case config.KindWebhook:
		source, err := webhookSource(r)
		return kinds.Source{Webhook: source}, err
	}
	return kinds.Source{}, misuse{fmt.Errorf("register %s: it is kept by hand, and cannot be asked by the program", r.Name)}
}

func mailchimpSource(r config.Register) (*mailchimp.Source, error) {
	key, err := r.Mailchimp.Key.Read()
	if err != nil {
		return nil, fmt.Errorf("register %s: read the key: %w", r.Name, err)
	}
	list := r.Mailchimp.List
	if list == "" {
		list = r.Mailchimp.Audience
	}
	return &mailchimp.Source{Key: key, List: list, URL: string(r.Mailchimp.URL)}, nil
}

func webhookSource(r config.Register) (*webhook.Source, error) {
	secret, err := r.Webhook.Secret.Read()
	if err != nil {
		return nil, fmt.Errorf("register %s: read the secret: %w", r.Name, err)
	}
	roots, err := certificates(r.Webhook.CAFile)
	if err != nil {
		return nil, fmt.Errorf("register %s: %w", r.Name, err)
	}
	return &webhook.Source{URL: string(r.Webhook.URL), Secret: secret, Timeout: r.Webhook.Timeout, Roots: roots}, nil
}

func sqlSource(r config.Register) (*sql.Source, error) {
	dsn, err := r.SQL.DSN.Read()
	if err != nil {
		return nil, fmt.Errorf("register %s: read the dsn: %w", r.Name, err)
	}
	s := &sql.Source{
		DSN: dsn, Table: r.SQL.Table, Key: r.SQL.Key, Marker: r.SQL.Marker, Indexed: r.SQL.Indexed, Timeout: r.SQL.Timeout,
	}
	if r.SQL.Password.IsSet() {
		if s.Password, err = r.SQL.Password.Read(); err != nil {
			return nil, fmt.Errorf("register %s: read the password: %w", r.Name, err)
		}
	}
	if len(r.SQL.Statements) > 0 {
		if s.Statements, err = sql.ParseStatements(r.SQL.Statements); err != nil {
			return nil, misuse{fmt.Errorf("register %s: %w", r.Name, err)}
		}
	}
	for _, c := range r.SQL.Children {
		s.Children = append(s.Children, sql.Child{Name: c.Name, Table: c.Table, ForeignKey: c.ForeignKey})
	}
	return s, nil
}
