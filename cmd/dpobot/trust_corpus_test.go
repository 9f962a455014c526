package main

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"dpobot/inbox/mailbox"
	"dpobot/responders/post"
	"dpobot/workflow"
)

// corpusMail is one mail of the corpus that lies beside the repository, with what must come of it.
type corpusMail struct {
	File   string `json:"file"`
	Suite  string `json:"suite"`
	Kind   string `json:"kind"`
	Mbox   bool   `json:"mbox_from_line"`
	Expect struct {
		Tier  string      `json:"tier"`
		Must  string      `json:"must"`
		Truth corpusTruth `json:"auth_truth"`
	} `json:"expect"`
}

// corpusTruth is what an honest border finds out about a mail.
type corpusTruth struct {
	DKIM   string `json:"dkim"`
	Domain string `json:"dkim_d"`
	DMARC  string `json:"dmarc"`
	From   string `json:"header_from"`
}

const corpusFolder = "../../../shared/mail"

// corpus lists the mails of the kind, all of them for "". It skips the test where the corpus is absent.
func corpus(t *testing.T) []corpusMail {
	t.Helper()
	file, err := os.Open(filepath.Join(corpusFolder, "manifest.jsonl"))
	if err != nil {
		t.Skip("needs the mail corpus beside the repository: ../shared/mail")
	}
	defer file.Close()
	var all []corpusMail
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var m corpusMail
		if err := json.Unmarshal(lines.Bytes(), &m); err != nil {
			t.Fatal(err)
		}
		all = append(all, m)
	}
	return all
}

// fill reads a mail of the corpus and puts what is true on the stage into its places. question is the mail that it
// takes for the bot's question.
func (m corpusMail) fill(t *testing.T, s *stage, question post.Mail, one, other live) []byte {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(corpusFolder, m.File))
	if err != nil {
		t.Fatal(err)
	}
	if m.Mbox {
		_, raw, _ = bytes.Cut(raw, []byte("\n"))
	}
	for place, value := range map[string]string{
		"TOKEN": tokenOf(question), "CASE": string(one.ref), "REQ_MSGID": "<" + question.MessageID + ">",
		"OTHER_TOKEN": other.token(), "OTHER_CASE": string(other.ref),
		"DPO": officerAddress, "BOT": botAddress, "AUTHSERV": borderID,
		"DATE": s.clock().Format(time.RFC1123Z), "OLD_DATE": s.clock().AddDate(0, 0, -30).Format(time.RFC1123Z),
	} {
		raw = bytes.ReplaceAll(raw, []byte("{{"+place+"}}"), []byte(value))
	}
	return raw
}

var fakeSignature = regexp.MustCompile(`(?im)^DKIM-Signature:[^\n]*\n(?:[ \t][^\n]*\n)*`)

// resigned is the mail with the signature that its truth tells of in place of the one that was made up. Where the
// mail is too broken to be signed it keeps none.
func (m corpusMail) resigned(raw []byte) []byte {
	raw = fakeSignature.ReplaceAll(raw, nil)
	raw = crlf(string(raw)) // as IMAP delivers it, and as it is signed
	truth := m.Expect.Truth
	if truth.DKIM != "pass" {
		return raw
	}
	domain := cmp.Or(truth.Domain, truth.From)
	signed, err := testRing().sign(raw, domain, false)
	if err != nil {
		return raw
	}
	return signed
}

var trusts = []string{"server", "dkim"}

// court is a stage with two cases that wait for the checking call, on which one mail after the other is tried. It is
// set up anew once a mail changed something.
type court struct {
	trust      string
	s          *stage
	one, other live
	before     string           // the state of the cases as they were set up
	box        *mailbox.Mailbox // where its mails are read from a real server
}

// session is the stage for the next mail.
func (c *court) session(t *testing.T, parent *testing.T) {
	t.Helper()
	if c.s != nil && c.s.state(t) == c.before {
		return
	}
	c.s = trustStage(parent, c.trust)
	c.other = c.s.open(t, otherAddress, "Kalle Korhonen")
	c.one = c.s.open(t, personAddress, "Matti Meikäläinen")
	c.before = c.s.state(t)
}

// What came of a reply to a case mail.
const (
	actedOn = "acted on" // the case was answered
	changed = "changed"  // it took another word
	refused = "refused"  // the handlers are told of it
	asked   = "asked"    // its author gets a mail that says what was not understood
	silent  = "silent"   // nothing, as with automatic mail
	filedAs = "filed"    // a person's mail, shown to the handlers
)

// try hands one reply in and says what came of it, which is also checked: a forged word must release nothing and
// reach nobody but handlers.
func (c *court) try(t *testing.T, raw []byte) (verdict string, sent []post.Mail) {
	t.Helper()
	refusals := c.s.refusals(t)
	sent = c.s.deliver(t, raw)
	if away := strangers(sent, personAddress, otherAddress); len(away) > 0 {
		t.Errorf("mails went to %q", away)
	}
	switch {
	case c.s.stateOf(t, c.one.ref) == workflow.Answered:
		return actedOn, sent
	case c.s.refusals(t) > refusals:
		verdict = refused
	case slices.ContainsFunc(sent, func(m post.Mail) bool { return m.Submitted == post.Replied && isHandler(m) && m.InReplyTo != "" }):
		verdict = asked
	case len(sent) > 0:
		verdict = filedAs
	default:
		verdict = silent
	}
	if c.s.state(t) != c.before {
		verdict = changed
	}
	return verdict, sent
}

// refusals is how many mails were refused so far, by the audit trail.
func (s *stage) refusals(t testing.TB) int {
	t.Helper()
	n := 0
	for e, err := range s.store.Trail(context.Background(), workflow.Desk) {
		if err != nil {
			t.Fatal(err)
		}
		if e.Event == "refused" {
			n++
		}
	}
	return n
}

// released lists the tasks that gave data away, or changed or erased it.
func (s *stage) released(t testing.TB) []workflow.Action {
	t.Helper()
	var all []workflow.Action
	for c, err := range s.store.All(context.Background()) {
		if err != nil {
			t.Fatal(err)
		}
		for _, task := range c.Tasks {
			if task.Action.Releases() {
				all = append(all, task.Action)
			}
		}
	}
	return all
}

// notForged names the mails of the corpus's forgeries that are another word here than the one they imitate.
var notForged = map[string]string{
	"c25-prefix-of-word": "UNVERIFIED is a word of its own: the person is told the other ways, and nothing is released",
}

// Mails that would be taken for the officer's word, and mails that are it, against a live case: none of the first
// may release anything, each of the second must.
func TestTrustCorpusReplies(t *testing.T) {
	mails := corpus(t)
	for _, trust := range trusts {
		counts := map[string]map[string]int{"spoof": {}, "legit": {}}
		c := &court{trust: trust}
		for _, m := range mails {
			if m.Suite != "spoof" && m.Suite != "legit" {
				continue
			}
			name := strings.TrimSuffix(filepath.Base(m.File), ".eml")
			t.Run(trust+"/"+name, func(sub *testing.T) {
				c.session(sub, t)
				raw := m.fill(sub, c.s, c.one.question, c.one, c.other)
				if trust == "dkim" {
					raw = m.resigned(raw)
				}
				verdict, sent := c.try(sub, raw)
				counts[m.Suite][verdict]++
				m.judge(sub, c, verdict, sent, notForged[name] != "")
			})
		}
		t.Logf("trust: %-6s  spoof %v  legit %v", trust, counts["spoof"], counts["legit"])
	}
}

func (m corpusMail) judge(t *testing.T, c *court, verdict string, sent []post.Mail, otherWord bool) {
	t.Helper()
	switch {
	case m.Suite == "legit" && (verdict == actedOn || m.Expect.Must == "act_or_ask" && verdict == asked):
	case m.Suite == "legit":
		t.Errorf("an honest word did not count: %s\n%s", verdict, outgoing(sent))
	case len(c.s.released(t)) > 0 || c.s.stateOf(t, c.one.ref) != workflow.Verifying || c.s.stateOf(t, c.other.ref) != workflow.Verifying:
		t.Errorf("a forged word counted: %s\n%s", verdict, outgoing(sent))
	case (verdict == changed || slices.ContainsFunc(sent, func(o post.Mail) bool { return !isHandler(o) })) && !otherWord:
		t.Errorf("a forged word did something: %s\nbefore %s\nafter  %s\n%s", verdict, c.before, c.s.state(t), outgoing(sent))
	}
}

func isHandler(m post.Mail) bool { return m.To == officerAddress || m.To == deputyAddress }

// stateOf is the state of a case.
func (s *stage) stateOf(t testing.TB, ref workflow.Ref) workflow.State {
	t.Helper()
	c, err := s.store.Load(context.Background(), ref)
	if err != nil {
		t.Fatal(err)
	}
	return c.State()
}

// cases counts them.
func (s *stage) cases(t testing.TB) int {
	t.Helper()
	n := 0
	for _, err := range s.store.All(context.Background()) {
		if err != nil {
			t.Fatal(err)
		}
		n++
	}
	return n
}

// processorTime is what this process has used so far: unlike a clock on the wall it does not hang on what else the
// machine does.
func processorTime(t testing.TB) time.Duration {
	t.Helper()
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		t.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

const (
	mostTime   = 2 * time.Second // of the processor
	mostMemory = 64 << 20
)

// row is one line of the table: what became of the mails of a kind.
type row struct {
	mails, left, filed, opened, told, person, wrong int
	slowest                                         time.Duration
}

// Every mail of the corpus goes through the whole program: none may crash it, take long or much memory, and what
// machines and lists wrote opens no case, changes none and is not answered.
func TestTrustCorpusAll(t *testing.T) {
	mails := corpus(t)
	table := map[string]*row{}
	var s *stage
	var one, other live
	suite := ""
	for _, m := range mails {
		if m.Suite != suite || strings.HasPrefix(m.Suite, "own-") || m.Suite == "spoof" || m.Suite == "legit" {
			s = trustStage(t, "server")
			other, one = s.open(t, otherAddress, "Kalle Korhonen"), s.open(t, personAddress, "Matti Meikäläinen")
			suite = m.Suite
		}
		r := table[m.Kind+" "+m.Expect.Tier]
		if r == nil {
			r = &row{}
			table[m.Kind+" "+m.Expect.Tier] = r
		}
		t.Run(m.File, func(t *testing.T) { m.through(t, s, one, other, r) })
	}
	t.Logf("%-26s %5s %5s %5s %5s %5s %6s %5s %8s", "kind, tier", "mails", "left", "filed", "cases", "told", "person", "wrong", "slowest")
	for _, name := range slices.Sorted(keysOf(table)) {
		r := table[name]
		t.Logf("%-26s %5d %5d %5d %5d %5d %6d %5d %8s", name, r.mails, r.left, r.filed, r.opened, r.told, r.person, r.wrong, r.slowest.Round(time.Millisecond))
	}
}

func keysOf[V any](m map[string]V) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// through hands one mail in and counts what came of it.
func (m corpusMail) through(t *testing.T, s *stage, one, other live, r *row) {
	question := one.ack // what machines answer is a mail to a person
	if m.Suite == "spoof" || m.Suite == "legit" || strings.Contains(m.File, "dpo-mailbox") {
		question = one.question
	}
	raw := m.fill(t, s, question, one, other)
	ours := bytes.Contains(raw, []byte(question.MessageID)) && m.Kind == "bounce"
	before, cases, sentBefore := s.state(t), s.cases(t), len(s.mails)
	var heap runtime.MemStats
	runtime.ReadMemStats(&heap)
	idle := heap.HeapSys
	s.uid++
	start := processorTime(t)
	outcome, err := s.intake.Read(t.Context(), mailbox.Message{UIDValidity: 1, UID: s.uid, Size: int64(len(raw)), InternalDate: s.clock()}, bytes.NewReader(raw))
	took := processorTime(t) - start
	runtime.ReadMemStats(&heap)
	if err != nil {
		t.Fatalf("read: %v", err)
	}
	if err := s.work(); err != nil {
		t.Fatalf("work: %v", err)
	}
	sent := s.mails[sentBefore:]
	r.mails++
	r.slowest = max(r.slowest, took)
	if took > mostTime {
		t.Errorf("took %s", took)
	}
	if grown := int64(heap.HeapSys) - int64(idle); grown > mostMemory {
		t.Errorf("the heap grew by %d MB", grown>>20)
	}
	if outcome == mailbox.Left {
		r.left++
	} else {
		r.filed++
	}
	r.opened += s.cases(t) - cases
	for _, o := range sent {
		if isHandler(o) {
			r.told++
		} else {
			r.person++
		}
	}
	machine := m.Kind == "auto-reply" || m.Kind == "bounce" || m.Kind == "mailing-list"
	touched := before != s.state(t) || slices.ContainsFunc(sent, func(o post.Mail) bool { return !isHandler(o) })
	if machine && !ours && touched {
		r.wrong++
		if m.Expect.Tier != "best-effort" && m.Expect.Tier != "should" {
			t.Errorf("a machine's mail was taken for a person's: outcome %s\n%s", outcome, outgoing(sent))
		}
	}
	if ours && slices.ContainsFunc(sent, func(o post.Mail) bool { return !isHandler(o) }) {
		t.Errorf("a bounce was answered:\n%s", outgoing(sent))
	}
	if strings.Contains(m.File, "/fp-") && outcome != mailbox.Handled {
		t.Errorf("a person's mail was taken for a machine's: outcome %s", outcome)
	}
	if away := strangers(sent, personAddress, otherAddress, authorOf(raw)); len(away) > 0 {
		t.Errorf("mails went to %q", away)
	}
}

var fromLine = regexp.MustCompile(`(?im)^From[ \t]*:((?:[^\n]*)(?:\n[ \t][^\n]*)*)`)

// authorOf is the address in the mail's From field, as roughly as a test may read it: folded, and the last one there.
func authorOf(raw []byte) string {
	found := fromLine.FindSubmatch(raw)
	if found == nil {
		return ""
	}
	all := regexp.MustCompile(`[^\s<>"(),;:]+@[^\s<>"(),;:]+`).FindAllString(strings.ToLower(string(found[1])), -1)
	if len(all) == 0 {
		return ""
	}
	return all[len(all)-1]
}
