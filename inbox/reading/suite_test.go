package reading

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sort"
	"strings"
	"syscall"
	"testing"
	"time"
)

// floors are the shares that the corpus must keep, by kind and question; what is not
// named here has to be answered right every time.
var floors = map[string]float64{
	"reply-trim text":                   0.96, // the rest are quotes without marks, which we never take for somebody's words
	"bounce hard":                       0.85, // the suite's own reading of servers' prose
	"bounce best-effort found":          0.60, // one is a colleague's "Fwd: Returned mail"
	"bounce best-effort never answered": 0.50,
	"bounce best-effort free of":        0,
	"bounce best-effort hard":           0.50,
	"bounce free recipients":            0.95,
	"bounce free of":                    0.80, // some return no Message-ID at all
	"bounce recipients":                 0.98,
	"bounce status":                     0.98,
	"charset text":                      0.96, // one text is an attachment, and those stay closed
	"auto-reply best-effort auto":       0.75,
}

// scores counts right answers by kind and question.
type scores map[string]*struct{ hit, all int }

func (s scores) mark(t *testing.T, m sample, question string, ok bool, got any) {
	t.Helper()
	key := m.Kind + " " + question
	if tier := m.str("tier"); tier == "best-effort" || tier == "should" {
		key = m.Kind + " " + tier + " " + question
	}
	if s[key] == nil {
		s[key] = &struct{ hit, all int }{}
	}
	s[key].all++
	if ok {
		s[key].hit++
		return
	}
	if _, tolerated := floors[key]; tolerated {
		t.Logf("%s: %s: got %.200q", m.File, key, fmt.Sprint(got))
	} else {
		t.Errorf("%s: %s: got %.200q", m.File, key, fmt.Sprint(got))
	}
}

// TestCorpus reads every mail of the corpus and prints a table of right answers.
func TestCorpus(t *testing.T) {
	table := scores{}
	for _, s := range samples(t) {
		m := s.readBounded(t)
		switch {
		case s.Kind == "reply-trim":
			table.reply(t, s, m)
		case s.Suite == "legit":
			ok := m.FirstLine == "VERIFIED" && m.CommandProblem == "" && m.FromProblem == "" && !m.Automatic && !m.List
			table.mark(t, s, "command", ok, []string{m.FirstLine, m.CommandProblem, m.FromProblem, m.AutomaticWhy})
		case s.Kind == "spoof":
			table.spoof(t, s, m)
		}
		table.marks(t, s, m)
		table.bounce(t, s, m)
		table.texts(t, s, m)
	}
	var keys []string
	for key := range table {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	for _, key := range keys {
		share := float64(table[key].hit) / float64(table[key].all)
		t.Logf("%-36s %4d of %4d", key, table[key].hit, table[key].all)
		if share < floors[key] {
			t.Errorf("%s: %.3f right, the floor is %.2f", key, share, floors[key])
		}
	}
}

// processorTime is what this process has used so far: unlike a clock on the wall it does not
// hang on what else the machine does.
func processorTime(t testing.TB) time.Duration {
	t.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		t.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

const (
	maxTime  = 2 * time.Second // of the processor
	maxAlloc = 64 << 20
)

// readBounded reads a sample and holds it to the bounds of time and memory.
func (s sample) readBounded(t *testing.T) Mail {
	t.Helper()
	raw := s.bytes(t)
	if s.Suite == "email_reply_trimmer" { // bare texts
		raw = append([]byte("From: a@example.net\nContent-Type: text/plain; charset=utf-8\n\n"), raw...)
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	start := processorTime(t)
	m := read(t, raw)
	if took := processorTime(t) - start; took > maxTime {
		t.Errorf("%s: took %v", s.File, took)
	}
	runtime.ReadMemStats(&after)
	if grown := after.TotalAlloc - before.TotalAlloc; grown > maxAlloc {
		t.Errorf("%s: allocated %d MB", s.File, grown>>20)
	}
	return m
}

func (table scores) reply(t *testing.T, s sample, m Mail) {
	raw, err := os.ReadFile(filepath.Join(corpus, s.str("trimmed_file")))
	if err != nil {
		t.Fatal(err)
	}
	want := strings.TrimSpace(strings.ReplaceAll(string(fill(raw)), "\r", ""))
	table.mark(t, s, "text", strings.TrimSpace(m.Text) == want, m.Text)
	if want, ok := s.Expect["first_line"]; ok {
		table.mark(t, s, "first line", m.FirstLine == want, m.FirstLine)
	}
}

// beyond are spoofed mails whose text is a command well and good: what is wrong with
// them is the secret or the signature, which others look at.
var beyond = []string{"c36-", "c38-", "c39-", "c52-"}

func (table scores) spoof(t *testing.T, s sample, m Mail) {
	name := filepath.Base(s.File)
	if _, ambiguous := s.is("from_ambiguous"); ambiguous {
		table.mark(t, s, "ambiguous sender", m.FromProblem != "", m.From.Address)
	}
	if name[0] != 'c' {
		return
	}
	for _, prefix := range beyond {
		if strings.HasPrefix(name, prefix) {
			return
		}
	}
	command := m.FirstLine == "VERIFIED" && m.CommandProblem == "" && !m.Automatic && !m.List &&
		(len(m.AfterFirst) == 0 || isBlankText(m.AfterFirst[0]))
	table.mark(t, s, "no command", !command, m.FirstLine)
}

func (table scores) marks(t *testing.T, s sample, m Mail) {
	for key, got := range map[string]bool{"auto": m.Automatic, "list": m.List, "feedback_report": m.FeedbackReport, "mdn": m.MDN, "bounce": m.Bounce != nil} {
		want, known := s.is(key)
		if !known {
			continue
		}
		if key == "bounce" {
			key = "found"
		}
		table.mark(t, s, key, got == want, m.AutomaticWhy)
	}
	if _, known := s.is("auto"); !known && s.Kind == "plain" {
		table.mark(t, s, "person's mail", !m.Automatic && m.Bounce == nil, m.AutomaticWhy)
	}
	if want, known := s.is("bounce"); known && want {
		table.mark(t, s, "never answered", m.Automatic, m.Subject)
	}
}

func (table scores) bounce(t *testing.T, s sample, m Mail) {
	if m.Bounce == nil {
		return
	}
	if want, known := s.is("hard"); known {
		table.mark(t, s, "own hard", m.Bounce.Hard == want, m.Bounce.Reason)
	}
	if want := s.strs("recipients"); len(want) > 0 {
		table.mark(t, s, "own recipients", holds(m.Bounce.Recipients, want), m.Bounce.Recipients)
	}
	if results, ok := s.Expect["results"].([]any); ok {
		table.mark(t, s, "hard", m.Bounce.Hard == anyHard(results), m.Bounce.Reason)
	}
	dsn, ok := s.Expect["dsn"].(map[string]any)
	if !ok {
		if s.Suite == "sisimai" {
			table.mark(t, s, "free recipients", len(m.Bounce.Recipients) > 0, "")
			table.mark(t, s, "free of", m.Bounce.Of != "", "")
		}
		return
	}
	want := sample{Expect: dsn}
	var status, action []string
	for _, r := range m.Bounce.Results {
		status, action = append(status, r.Status), append(action, r.Action)
	}
	table.mark(t, s, "recipients", holds(m.Bounce.Recipients, want.strs("recipients")), m.Bounce.Recipients)
	table.mark(t, s, "status", holds(status, want.strs("status")), status)
	table.mark(t, s, "action", holds(action, want.strs("action")), action)
	table.mark(t, s, "of", holds([]string{m.Bounce.Of}, want.strs("original_message_id")), m.Bounce.Of)
}

func anyHard(results []any) bool {
	for _, r := range results {
		if result, ok := r.(map[string]any); ok && result["hard"] == true {
			return true
		}
	}
	return false
}

// holds reports whether got has all of want, but for case and angle brackets.
func holds(got, want []string) bool {
	bare := func(s string) string { return strings.ToLower(strings.Trim(s, "<>")) }
	there := map[string]bool{}
	for _, s := range got {
		there[bare(s)] = true
	}
	for _, s := range want {
		if !there[bare(s)] {
			return false
		}
	}
	return true
}

func (table scores) texts(t *testing.T, s sample, m Mail) {
	for _, want := range s.strs("charset_text_contains") {
		table.mark(t, s, "text", strings.Contains(m.Whole+m.Subject+m.From.Name, want), m.Whole)
	}
	for _, want := range s.strs("text_contains") {
		table.mark(t, s, "text", strings.Contains(m.Text, want), m.Text)
	}
	if want := s.str("subject"); want != "" {
		table.mark(t, s, "subject", m.Subject == want, m.Subject)
	}
	if want := s.str("from_display_name"); want != "" {
		table.mark(t, s, "sender's name", m.From.Name == want, m.From.Name)
	}
	if want, ok := s.Expect["trimmed_text"].(string); ok {
		table.mark(t, s, "new text", strings.TrimSpace(m.Text) == want, m.Text)
	}
	if s.Kind != "malformed" {
		return
	}
	if _, known := s.is("from_ambiguous"); known {
		table.mark(t, s, "ambiguous sender", m.FromProblem != "", m.FromProblem)
	}
	if _, known := s.is("from_missing"); known {
		table.mark(t, s, "no sender", m.FromProblem == FromMissing, m.FromProblem)
	}
	if _, known := s.is("body_empty"); known {
		table.mark(t, s, "no text", m.Whole == "", m.Whole)
	}
	if act, known := s.is("act"); known && !act {
		table.mark(t, s, "no command", m.CommandProblem != "" || m.FirstLine != "VERIFIED", m.FirstLine)
	}
}
