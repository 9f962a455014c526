package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"dpobot/inbox/keyword"
	"dpobot/workflow"
)

var updateDocs = flag.Bool("update-docs", false, "write the generated tables of the documents anew")

// TestTables compares the README's tables with the program. With -update-docs it writes
// them anew.
func TestTables(t *testing.T) {
	text := readme(t)
	for _, table := range []struct {
		name string
		rows []string
	}{
		{"keywords", keywordTable()},
		{"life", lifeTable()},
		{"commands", commandTable(t)},
	} {
		t.Run(table.name, func(t *testing.T) {
			begin, end := "<!-- table: "+table.name+" -->\n", "<!-- end -->"
			before, rest, found := strings.Cut(text, begin)
			got, after, closed := strings.Cut(rest, end)
			if !found || !closed {
				t.Fatalf("the README has no %q", strings.TrimSpace(begin))
			}
			want := strings.Join(table.rows, "\n") + "\n"
			if got == want {
				return
			}
			if *updateDocs {
				text = before + begin + want + end + after
				return
			}
			t.Errorf("the table differs from the program; run go test ./cmd/dpobot -run TestTables -update-docs\ngot:\n%s\nwant:\n%s", got, want)
		})
	}
	if *updateDocs {
		if err := os.WriteFile(root+"/README.md", []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func keywordTable() []string {
	rows := []string{"| English | suomi | svenska | what may follow | what it does |", "|---|---|---|---|---|"}
	finnish, swedish := keyword.Words("fi"), keyword.Words("sv")
	for i, w := range keyword.Words("en") {
		arguments := ""
		if w.Arguments != "" {
			arguments = "`" + strings.ReplaceAll(w.Arguments, "|", `\|`) + "`"
		}
		rows = append(rows, fmt.Sprintf("| %s | %s | %s | %s | %s |", w.Keyword, finnish[i].Keyword, swedish[i].Keyword, arguments, w.Does))
	}
	return rows
}

// what the states and triggers are called in the README.
var (
	stateWords = []struct {
		state workflow.State
		means string
	}{
		{"", "a mail arrives"},
		{workflow.Triage, "a person may be asking for something; a handler has to sort it"},
		{workflow.Verifying, "acknowledged; waits for the checking call"},
		{workflow.Asking, "a question went to the person"},
		{workflow.Grace, "erasure confirmed; STOP still undoes it"},
		{workflow.Fulfilling, "the program is at work"},
		{workflow.Attention, "something failed for good; a handler has to look. Besides RETRY it leaves as the state before it does"},
		{workflow.Answered, "closed: done"},
		{workflow.Refused, "closed: turned down with a reason"},
		{workflow.Withdrawn, "closed: the person took it back, and a handler agreed"},
		{workflow.NotARequest, "closed: a handler said that it was no request"},
	}
	triggerWords = map[workflow.Trigger]string{
		workflow.Requested:  "it surely asks for something",
		workflow.Demanded:   "it surely ends marketing or a consent",
		workflow.Doubtful:   "it may ask for something",
		workflow.SortedAs:   "KIND",
		workflow.SortedOnce: "KIND marketing, KIND consent",
		workflow.Ignored:    "IGNORE",
		workflow.LookedUp:   "the registers were asked",
		workflow.Vouched:    "VERIFIED",
		workflow.Doubted:    "UNVERIFIED",
		workflow.Questioned: "ASK",
		workflow.Replied:    "the person's reply",
		workflow.Declined:   "REFUSE",
		workflow.Outside:    "DONE",
		workflow.TakenBack:  "DONE withdrawn",
		workflow.Stopped:    "STOP",
		workflow.WindowOver: "the undo window is over",
		workflow.Changed:    "the data were changed",
		workflow.Erased:     "the data were erased",
		workflow.Objected:   "marketing or consent was ended",
		workflow.Completed:  "every task is done",
		workflow.Failed:     "a task failed for good",
		workflow.Retried:    "RETRY",
	}
)

func lifeTable() []string {
	rows := []string{"| state | meaning | leads to |", "|---|---|---|"}
	for _, s := range stateWords {
		name := "(new)"
		if s.state != "" {
			name = "`" + string(s.state) + "`"
		}
		rows = append(rows, fmt.Sprintf("| %s | %s | %s |", name, s.means, strings.Join(ways(s.state), "<br>")))
	}
	return rows
}

// ways are the states that follow, each with what leads there.
func ways(from workflow.State) []string {
	var order []workflow.State
	by := map[workflow.State][]string{}
	for _, row := range workflow.Transitions() {
		if row.From != from || row.To == from {
			continue
		}
		if by[row.To] == nil {
			order = append(order, row.To)
		}
		what := triggerWords[row.On]
		if what == "" {
			what = "(" + string(row.On) + ")" // a new trigger wants words above
		}
		if row.Kind != "" && row.On == workflow.Vouched {
			what += " (" + string(row.Kind) + ")"
		}
		by[row.To] = append(by[row.To], what)
	}
	var lines []string
	for _, to := range order {
		lines = append(lines, fmt.Sprintf("`%s`: %s", strings.Trim(string(to), "()"), strings.Join(by[to], ", ")))
	}
	return lines
}

// TestStates: the table shows every state and every trigger in words.
func TestStates(t *testing.T) {
	for _, state := range workflow.States {
		if !slices.ContainsFunc(stateWords, func(w struct {
			state workflow.State
			means string
		}) bool {
			return w.state == state
		}) {
			t.Errorf("the README's table has no words for the state %s", state)
		}
	}
	for _, row := range workflow.Transitions() {
		if triggerWords[row.On] == "" {
			t.Errorf("the README's table has no words for the trigger %s", row.On)
		}
	}
}

func commandLine(t *testing.T) *kong.Kong {
	t.Helper()
	parser, err := kong.New(&cli{}, kong.Name("dpobot"), kong.Writers(io.Discard, io.Discard), kong.Exit(func(int) {}))
	if err != nil {
		t.Fatal(err)
	}
	return parser
}

func commandTable(t *testing.T) []string {
	rows := []string{"| command | what it does |", "|---|---|"}
	for _, leaf := range commandLine(t).Model.Leaves(true) {
		usage := "dpobot " + leaf.Path()
		for _, f := range leaf.Flags {
			if name := flagUsage(f); name != "" {
				usage += " " + name
			}
		}
		for _, p := range leaf.Positional {
			usage += " " + p.Summary()
		}
		rows = append(rows, fmt.Sprintf("| `%s` | %s |", strings.ReplaceAll(usage, "|", `\|`), leaf.Help))
	}
	return rows
}

func flagUsage(f *kong.Flag) string {
	value := strings.Trim(f.FormatPlaceHolder(), `"`)
	if f.Enum != "" {
		value = strings.ReplaceAll(strings.Trim(f.Enum, ","), ",", "|")
	}
	switch {
	case f.Name == "help" || f.Name == "debug":
		return ""
	case f.Short != 0:
		return fmt.Sprintf("[-%c %s]", f.Short, value)
	case f.IsBool():
		return "[--" + f.Name + "]"
	}
	return "[--" + f.Name + " " + value + "]"
}
