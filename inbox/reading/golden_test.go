package reading

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write what is read into the golden files, to be read as a diff")

// reading is a mail as the golden files tell it: what is empty is left out.
type reading struct {
	From          string   `json:",omitempty"`
	FromName      string   `json:",omitempty"`
	FromProblem   string   `json:",omitempty"`
	Subject       string   `json:",omitempty"`
	MessageID     string   `json:",omitempty"`
	InReplyTo     []string `json:",omitempty"`
	References    []string `json:",omitempty"`
	Text          string   `json:",omitempty"`
	FirstLine     string   `json:",omitempty"`
	AfterFirst    []string `json:",omitempty"`
	Command       string   `json:",omitempty"`
	Forwarded     string   `json:",omitempty"`
	ForwardedFrom string   `json:",omitempty"`
	Attachments   []string `json:",omitempty"`
	Automatic     string   `json:",omitempty"`
	List          string   `json:",omitempty"`
	MDN, Feedback bool     `json:",omitempty"`
	Bounce        any      `json:",omitempty"`
	Problem       string   `json:",omitempty"`
}

// bounceReading spells out what Bounce keeps from logs.
type bounceReading struct {
	Of, Action, Status string
	Recipients         []string
	Hard, Temporary    bool
	Reason             Reason
}

func tell(m Mail) reading {
	r := reading{
		From: m.From.Address, FromName: m.From.Name, FromProblem: m.FromProblem, Subject: m.Subject, MessageID: m.MessageID,
		InReplyTo: m.InReplyTo, References: m.References,
		Text: m.Text, FirstLine: m.FirstLine, AfterFirst: m.AfterFirst, Command: m.CommandProblem,
		Forwarded: m.Forwarded, ForwardedFrom: m.ForwardedFrom.Address, Automatic: m.AutomaticWhy, List: m.ListWhy,
		MDN: m.MDN, Feedback: m.FeedbackReport, Problem: m.Problem,
	}
	for _, a := range m.Attachments {
		r.Attachments = append(r.Attachments, a.Type+" "+a.Name)
	}
	if b := m.Bounce; b != nil {
		r.Bounce = bounceReading{b.Of, b.Action, b.Status, b.Recipients, b.Hard, b.Temporary, b.Reason}
	}
	return r
}

// TestGolden reads each mail of testdata and compares with the file beside it.
func TestGolden(t *testing.T) {
	mails, err := filepath.Glob("testdata/*.eml")
	if err != nil || len(mails) == 0 {
		t.Fatalf("no mails in testdata: %v", err)
	}
	for _, path := range mails {
		name := strings.TrimSuffix(filepath.Base(path), ".eml")
		t.Run(name, func(t *testing.T) {
			raw, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			var got bytes.Buffer
			encoder := json.NewEncoder(&got)
			encoder.SetEscapeHTML(false)
			encoder.SetIndent("", "  ")
			if err := encoder.Encode(tell(read(t, raw))); err != nil {
				t.Fatal(err)
			}
			golden := strings.TrimSuffix(path, ".eml") + ".golden"
			if *update {
				if err := os.WriteFile(golden, got.Bytes(), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if got.String() != string(want) {
				t.Errorf("got:\n%s\nwant:\n%s", got.String(), want)
			}
		})
	}
}
