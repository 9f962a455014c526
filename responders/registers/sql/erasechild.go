package sql

import (
	"context"
	database "database/sql"
	"strings"

	"dpobot/responders/registers"
)

// group are the rows of one person in a child table that share their dates, and hence their fate.
type group struct {
	dates []registers.Value
	count int
}

// batch is how many groups of one fate go into one statement: the engines take 32,766 parameters and more.
const batch = 5000

// childTable decides over the rows of one record by the dates they bear, never row by row: fifty thousand rows cost as many
// decisions as they have different days. It returns whether rows stay.
func (e *erasure) childTable(ctx context.Context, tx *database.Tx, c child, key string, erased registers.Date) (bool, error) {
	dates := e.plan.DateFields(c.Child)
	groups, err := e.groups(ctx, tx, c, key, dates)
	if err != nil || len(groups) == 0 {
		return false, err
	}
	have, err := e.db.columns(ctx, tx, c.table)
	if err != nil {
		return false, err
	}
	goes, blank := e.sort(c, groups, erased)
	if len(goes) == len(groups) || len(blank) == 1 && len(goes) == 0 {
		dates = nil // all alike: no need to tell the rows apart
	}
	if err := e.deleteRows(ctx, tx, c, key, dates, goes); err != nil {
		return false, err
	}
	for names, some := range blank {
		if err := e.blankRows(ctx, tx, c, key, have, dates, strings.Split(names, "\x00"), some); err != nil {
			return false, err
		}
	}
	return len(blank) > 0, nil
}

// sort decides over each group: those that go whole, and the others by the fields that are emptied in them.
func (e *erasure) sort(c child, groups []group, erased registers.Date) (goes []group, blank map[string][]group) {
	blank = map[string][]group{}
	for _, g := range groups {
		fate := e.spec.ChildFate(e.plan, c.Child, g.dates, erased, e.now)
		for i := range fate.Kept {
			fate.Kept[i].Rows = g.count
		}
		e.report.Add(fate)
		if fate.Whole {
			e.report.Rows += g.count
			goes = append(goes, g)
			continue
		}
		names := strings.Join(fate.Blank, "\x00")
		blank[names] = append(blank[names], g)
	}
	return goes, blank
}

func (e *erasure) deleteRows(ctx context.Context, tx *database.Tx, c child, key string, dates []string, goes []group) error {
	return e.inBatches(goes, dates, func(some []group) error {
		return e.exec(ctx, tx, func(q *query) {
			q.WriteString("DELETE FROM " + q.d.ident(c.table) + " WHERE " + q.is(c.foreign, key) + q.among(c, dates, some))
		})
	})
}

// groups counts the rows by their dates, as text.
func (e *erasure) groups(ctx context.Context, tx *database.Tx, c child, key string, dates []string) ([]group, error) {
	q := &query{d: e.db.dialect}
	var by []string
	for _, name := range dates {
		by = append(by, q.d.text(q.d.column(columnOf(c, name))))
	}
	q.WriteString("SELECT " + strings.Join(append(by, "COUNT(*)"), ", ") + " FROM " + q.d.ident(c.table) + " WHERE " + q.is(c.foreign, key))
	if len(by) > 0 {
		q.WriteString(" GROUP BY " + strings.Join(by, ", "))
	}
	var out []group
	for values, err := range rows(ctx, tx, q) {
		if err != nil {
			return nil, err
		}
		last := len(values) - 1
		g := group{dates: named(values[:last], dates), count: count(values[last].Raw)}
		if g.count > 0 {
			out = append(out, g)
		}
	}
	return out, nil
}

func (e *erasure) blankRows(ctx context.Context, tx *database.Tx, c child, key string, have map[string]column, dates, names []string, some []group) error {
	emptied := without(names, "")
	for _, f := range c.Fields {
		if f.In() == c.foreign {
			emptied = without(emptied, f.Name)
		}
	}
	_, failed := (&query{d: e.db.dialect}).setEmpty(have, c.Fields, emptied, key)
	for _, f := range failed {
		f.Field = c.Name + "." + f.Field
		e.report.Failed = append(e.report.Failed, f)
	}
	if len(emptied) == 0 || len(failed) > 0 {
		return nil
	}
	// The dates that tell the rows apart may be among what is emptied, so all conditions are of one statement a batch.
	return e.inBatches(some, dates, func(some []group) error {
		return e.exec(ctx, tx, func(q *query) {
			set, _ := q.setEmpty(have, c.Fields, emptied, key)
			q.WriteString("UPDATE " + q.d.ident(c.table) + " SET " + strings.Join(set, ", ") + " WHERE " + q.is(c.foreign, key) + q.among(c, dates, some))
		})
	})
}

// inBatches hands the groups out in statements' worth; without dates to tell them apart one statement does for all.
func (e *erasure) inBatches(groups []group, dates []string, do func([]group) error) error {
	size := batch / max(1, len(dates))
	if len(dates) == 0 {
		size = len(groups)
	}
	for len(groups) > 0 && e.write {
		n := min(size, len(groups))
		if err := do(groups[:n]); err != nil {
			return err
		}
		groups = groups[n:]
	}
	return nil
}

// among is the condition for the rows of the groups: a list of dates, which every engine looks up at once, or where several
// dates decide, one alternative a group.
func (q *query) among(c child, dates []string, groups []group) string {
	if len(dates) == 0 {
		return ""
	}
	var any, list []string
	for _, g := range groups {
		var all []string
		for _, v := range g.dates {
			column := q.d.column(columnOf(c, v.Field))
			switch {
			case v.Null:
				all = append(all, column+" IS NULL")
			case len(dates) == 1:
				list = append(list, q.arg(v.Raw))
			default:
				all = append(all, q.d.bytes(column)+" = "+q.arg(v.Raw))
			}
		}
		if len(all) > 0 {
			any = append(any, "("+strings.Join(all, " AND ")+")")
		}
	}
	if len(list) > 0 {
		any = append(any, q.d.bytes(q.d.column(columnOf(c, dates[0])))+" IN ("+strings.Join(list, ", ")+")")
	}
	return " AND (" + strings.Join(any, " OR ") + ")"
}

func columnOf(c child, name string) string {
	for _, f := range c.Fields {
		if f.Name == name {
			return f.In()
		}
	}
	return name
}

func count(raw string) int {
	n := 0
	for _, r := range raw {
		n = 10*n + int(r-'0')
	}
	return n
}
