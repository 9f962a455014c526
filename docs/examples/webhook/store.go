package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// record is one person's data; a field without a value is null.
type record struct {
	Key      string           `json:"key"`
	Fields   map[string]any   `json:"fields"`
	Children map[string][]row `json:"children,omitempty"`
	Erased   string           `json:"erased,omitempty"` // day of an erasure that left something
}

type row struct {
	Key    string         `json:"key"`
	Fields map[string]any `json:"fields"`
}

type person struct {
	Addresses   []string
	Identifiers map[string]string
}

type change struct{ Field, New string }

// erase is what is to be done with one record: deleted with its rows, or kept with these fields and rows gone.
type erase struct {
	Key      string
	Keep     bool
	Day      string
	Empty    []string
	Children []struct {
		Name   string
		Delete []string
		Empty  []struct {
			Key    string
			Fields []string
		}
	}
}

type failure struct {
	Field string `json:"field"`
	Code  string `json:"code"`
}

// store keeps the records in a file that is replaced whole, so that a change is there or is not.
type store struct{ file string }

func (s *store) load() ([]record, error) {
	data, err := os.ReadFile(s.file)
	if err != nil {
		return nil, err
	}
	var out []record
	return out, json.Unmarshal(data, &out)
}

func (s *store) save(records []record) error {
	data, err := json.MarshalIndent(records, "", " ")
	if err != nil {
		return err
	}
	temp, err := os.CreateTemp(filepath.Dir(s.file), ".webhook-*")
	if err != nil {
		return err
	}
	defer os.Remove(temp.Name())
	defer temp.Close()
	if _, err := temp.Write(data); err != nil {
		return err
	}
	if err := temp.Sync(); err != nil {
		return err
	}
	return os.Rename(temp.Name(), s.file)
}

// find gives every record that may be the person's. It may give too many: dpobot looks again, and drops who is not meant.
func (s *store) find(p person) (any, error) {
	records, err := s.load()
	out := []record{}
	for _, r := range records {
		email, _ := r.Fields["email"].(string)
		name, _ := r.Fields["name"].(string)
		same := func(address string) bool { return strings.EqualFold(strings.TrimSpace(email), address) }
		if slices.ContainsFunc(p.Addresses, same) || name != "" && strings.EqualFold(name, p.Identifiers["name"]) {
			out = append(out, r)
		}
	}
	return map[string]any{"records": out}, err
}

// read gives the records with these keys; those that are gone are left out.
func (s *store) read(keys []string) (any, error) {
	records, err := s.load()
	out := slices.DeleteFunc(records, func(r record) bool { return !slices.Contains(keys, r.Key) })
	return map[string]any{"records": append([]record{}, out...)}, err
}

// change writes the fields, or none of them if one is refused.
func (s *store) change(keys []string, changes []change) (any, error) {
	records, err := s.load()
	if err != nil {
		return nil, err
	}
	failed := []failure{}
	for _, r := range records {
		if !slices.Contains(keys, r.Key) {
			continue
		}
		for _, c := range changes {
			if _, ok := r.Fields[c.Field]; !ok {
				failed = append(failed, failure{c.Field, "no_such_field"})
				continue
			}
			r.Fields[c.Field] = c.New
		}
	}
	if len(failed) > 0 {
		return map[string]any{"failed": failed}, nil
	}
	return map[string]any{"failed": failed}, s.save(records)
}

// erase does what dpobot has worked out. What is gone already is no failure.
func (s *store) erase(orders []erase) (any, error) {
	records, err := s.load()
	if err != nil {
		return nil, err
	}
	for _, order := range orders {
		at := slices.IndexFunc(records, func(r record) bool { return r.Key == order.Key })
		if at < 0 {
			continue
		}
		if !order.Keep {
			records = slices.Delete(records, at, at+1)
			continue
		}
		empty(&records[at], order)
	}
	return map[string]any{"failed": []failure{}}, s.save(records)
}

func empty(r *record, order erase) {
	for _, name := range order.Empty {
		r.Fields[name] = nil
	}
	if r.Erased == "" {
		r.Erased = order.Day
	}
	for _, child := range order.Children {
		rows := slices.DeleteFunc(r.Children[child.Name], func(x row) bool { return slices.Contains(child.Delete, x.Key) })
		r.Children[child.Name] = rows
		for _, e := range child.Empty {
			for _, x := range rows {
				if x.Key != e.Key {
					continue
				}
				for _, name := range e.Fields {
					x.Fields[name] = nil
				}
			}
		}
	}
}

// check names the fields that the records have.
func (s *store) check() (any, error) {
	records, err := s.load()
	fields, children := map[string]bool{}, map[string]map[string]bool{}
	for _, r := range records {
		for name := range r.Fields {
			fields[name] = true
		}
		for child, rows := range r.Children {
			if children[child] == nil {
				children[child] = map[string]bool{}
			}
			for _, x := range rows {
				for name := range x.Fields {
					children[child][name] = true
				}
			}
		}
	}
	lists := map[string][]string{}
	for child, names := range children {
		lists[child] = sorted(names)
	}
	return map[string]any{"fields": sorted(fields), "children": lists}, err
}

// pageSize is how many records a page of scan has.
const pageSize = 500

// scan gives a page of the records that follow a key: their keys, and the field that holds the address.
func (s *store) scan(field, after string) (any, error) {
	records, err := s.load()
	slices.SortFunc(records, func(a, b record) int { return strings.Compare(a.Key, b.Key) })
	page := []map[string]any{}
	next := ""
	for _, r := range records {
		if r.Key <= after {
			continue
		}
		if len(page) == pageSize {
			next = page[len(page)-1]["key"].(string)
			break
		}
		page = append(page, map[string]any{"key": r.Key, "address": r.Fields[field]})
	}
	return map[string]any{"records": page, "next": next}, err
}

func sorted(names map[string]bool) []string {
	out := []string{}
	for name := range names {
		out = append(out, name)
	}
	slices.Sort(out)
	return out
}
