package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"dpobot/inbox/sorting"
)

type sortCmd struct {
	JSONL    bool     `name:"jsonl" help:"Read {\"id\",\"subject\",\"body\"} lines from standard input, write a result line for each."`
	Lexicon  []string `placeholder:"FILE" help:"An own lexicon that adds to the built-in ones; may be given again."`
	Mistakes bool     `help:"List what handlers sorted otherwise (KIND, IGNORE), without the mails' text."`
	Config   string   `short:"c" placeholder:"FILE" default:"dpobot.yaml" help:"The configuration, for --mistakes."`
}

// Help is shown below the flags.
func (sortCmd) Help() string {
	return `kind is one of access, change, erasure, other, none. sure is false where a human should decide.

Example:
  echo '{"id":"1","subject":"","body":"Hei, mitä tietoja teillä on minusta?"}' | dpobot sort --jsonl`
}

// sorted is a line of the output.
type sorted struct {
	ID    json.RawMessage `json:"id"`
	Kind  sorting.Kind    `json:"kind"`
	Kinds []sorting.Kind  `json:"kinds"`
	Sure  bool            `json:"sure"`
	Lang  string          `json:"lang"`
	Why   []string        `json:"why"`
	Other string          `json:"other,omitempty"`
}

// longestLine bounds one line of the input.
const longestLine = 16 << 20

// Run sorts every line.
func (c *sortCmd) Run(e *env) error {
	if c.Mistakes {
		return c.mistakes(e)
	}
	if !c.JSONL {
		return misuse{errors.New("sort reads JSON lines: give --jsonl")}
	}
	sorter, err := sorterWith(c.Lexicon)
	if err != nil {
		return misuse{err}
	}
	out := bufio.NewWriter(e.stdout)
	defer out.Flush()
	return sortLines(sorter, e.stdin, json.NewEncoder(out))
}

// mistakes lists the corrections as JSON lines.
func (c *sortCmd) mistakes(e *env) error {
	o, err := configured{c.Config}.office(e)
	if err != nil {
		return err
	}
	defer o.Close()
	out := json.NewEncoder(e.stdout)
	for correction, err := range o.store.Corrections(e.ctx) {
		if err != nil {
			return fmt.Errorf("read the corrections: %w", err)
		}
		if err := out.Encode(correction); err != nil {
			return err
		}
	}
	return nil
}

func sortLines(sorter *sorting.Sorter, in io.Reader, out *json.Encoder) error {
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, longestLine)
	for n := 1; lines.Scan(); n++ {
		if len(lines.Bytes()) == 0 {
			continue
		}
		var mail struct {
			ID            json.RawMessage `json:"id"`
			Subject, Body string
		}
		if err := json.Unmarshal(lines.Bytes(), &mail); err != nil {
			return misuse{fmt.Errorf("line %d is not a JSON object with id, subject and body", n)}
		}
		r := sorter.Sort(mail.Subject, mail.Body)
		line := sorted{ID: mail.ID, Kind: r.Kind, Kinds: r.Kinds, Sure: r.Sure, Lang: r.Lang, Why: r.Why, Other: r.Other}
		if line.ID == nil {
			line.ID = json.RawMessage("null")
		}
		if len(line.Kinds) == 0 {
			line.Kinds = []sorting.Kind{r.Kind}
		}
		if line.Why == nil {
			line.Why = []string{}
		}
		if err := out.Encode(line); err != nil {
			return fmt.Errorf("write the results: %w", err)
		}
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("read the input: %w", err)
	}
	return nil
}
