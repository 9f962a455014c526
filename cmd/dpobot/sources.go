package main

import (
	"fmt"

	"dpobot/config"
	"dpobot/responders/registers/kinds"
	"dpobot/responders/registers/sheet"
	"dpobot/responders/registers/sql"
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
	}
	return kinds.Source{}, misuse{fmt.Errorf("register %s: kind %s is not there yet", r.Name, r.Kind())}
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
	for _, c := range r.SQL.Children {
		s.Children = append(s.Children, sql.Child{Name: c.Name, Table: c.Table, ForeignKey: c.ForeignKey})
	}
	return s, nil
}
