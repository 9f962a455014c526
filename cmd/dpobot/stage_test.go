package main

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/alecthomas/kong"
	"github.com/rogpeppe/go-internal/testscript"

	"dpobot/config"
	"dpobot/inbox"
	"dpobot/inbox/mailbox"
	"dpobot/inbox/sorting"
	"dpobot/responders"
	"dpobot/responders/post"
	"dpobot/workflow"
	"dpobot/workflow/redisstore/ministore"
)

// stage is the whole program but for IMAP and SMTP, with a clock of its own: mails are
// handed in and taken out as a script says.
type stage struct {
	cfg       *config.Config
	store     *ministore.Ministore
	engine    *workflow.Engine
	intake    *inbox.Intake
	responder *responders.Responder
	log       bytes.Buffer
	mails     []post.Mail // that went out, in order
	seen      int         // mails that the script has looked at before the last poll
	queue     [][]byte    // delivered, not yet polled
	uid       uint32

	mu     sync.Mutex
	now    time.Time
	refuse error // what the SMTP server says of mails to persons, nil when it takes them
	down   bool  // it says so of mails to handlers too
}

// sharedSorter serves every stage: it never changes, and reading the lexicons takes longer
// than a whole script.
var sharedSorter = sync.OnceValues(func() (*sorting.Sorter, error) { return sorting.New() })

func newStage(dir string) (*stage, error) {
	s := &stage{now: time.Date(2026, time.March, 5, 10, 0, 0, 0, time.UTC)}
	cfg, err := config.Load(filepath.Join(dir, "dpobot.yaml"))
	if err != nil {
		return nil, err
	}
	s.cfg = cfg
	if s.store, err = ministore.Open(string(cfg.Mailbox.Address)); err != nil {
		return nil, err
	}
	stamps := workflow.NewStamps(bytes.Repeat([]byte{7}, 32), workflow.Address(cfg.Mailbox.Address))
	logger := slog.New(slog.NewJSONHandler(&s.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	s.engine = workflow.NewEngine(s.store, rulesOf(cfg), stamps, limitsOf(cfg), s.clock, logger)
	sorter, err := sharedSorter()
	if err != nil {
		return nil, err
	}
	judge, err := judgeWith(cfg, stamps, sorter)
	if err != nil {
		return nil, err
	}
	s.intake = inbox.NewIntake(s.engine, judge, readingLimits(cfg), logger)
	letters, err := lettersOf(cfg)
	if err != nil {
		return nil, err
	}
	regs, err := openRegisters(cfg)
	if err != nil {
		return nil, err
	}
	s.responder = responders.New(s.engine, stamps, letters, s, nil, regs, companyOf(cfg), logger)
	err = s.work() // today's digest is over when a script begins
	s.mails = nil
	return s, err
}

// engineLog is where the stage logs.
func (s *stage) engineLog() *slog.Logger { return slog.New(slog.NewJSONHandler(&s.log, nil)) }

// rewire makes what works for the stage anew, for another engine.
func (s *stage) rewire(t *testing.T) {
	t.Helper()
	stamps := workflow.NewStamps(bytes.Repeat([]byte{7}, 32), workflow.Address(s.cfg.Mailbox.Address))
	letters, err := lettersOf(s.cfg)
	if err != nil {
		t.Fatal(err)
	}
	regs, err := openRegisters(s.cfg)
	if err != nil {
		t.Fatal(err)
	}
	s.responder = responders.New(s.engine, stamps, letters, s, nil, regs, companyOf(s.cfg), s.engineLog())
}

func (s *stage) clock() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

func (s *stage) pass(d time.Duration) {
	s.mu.Lock()
	s.now = s.now.Add(d)
	s.mu.Unlock()
}

// Send is the mail server.
func (s *stage) Send(_ context.Context, m post.Mail) ([]byte, error) {
	if s.refuse != nil && (s.down || m.To != officerAddress) {
		return nil, s.refuse
	}
	s.mails = append(s.mails, m)
	return nil, nil
}

// poll reads what was delivered, looks at the clock, and does every task that is due.
func (s *stage) poll() error {
	ctx := context.Background()
	s.seen = len(s.mails)
	for _, raw := range s.queue {
		s.uid++
		m := mailbox.Message{UIDValidity: 1, UID: s.uid, Size: int64(len(raw)), InternalDate: s.clock()}
		if _, err := s.intake.Read(ctx, m, bytes.NewReader(raw)); err != nil {
			return err
		}
	}
	s.queue = nil
	return s.work()
}

func (s *stage) work() error {
	ctx := context.Background()
	if err := s.engine.Turn(ctx); err != nil {
		return err
	}
	for range 500 {
		worked, _, err := s.responder.Turn(ctx)
		if err != nil {
			return err
		}
		if !worked {
			return nil
		}
	}
	return errors.New("the tasks never end")
}

// last is the newest case.
func (s *stage) last() (workflow.Case, error) {
	var last workflow.Case
	for c, err := range s.store.All(context.Background()) {
		if err != nil {
			return last, err
		}
		last = c
	}
	if last.Ref == "" {
		return last, workflow.ErrNoCase
	}
	return last, nil
}

// question is the newest mail to a handler of an action that a reply can answer.
func (s *stage) question(to string) (post.Mail, error) {
	for _, m := range slices.Backward(s.mails) {
		if m.To.Reveal() == to {
			return m, nil
		}
	}
	return post.Mail{}, fmt.Errorf("no mail went to %s", to)
}

const (
	officerAddress = "pauli.vuorio@powercompetence.example"
	botAddress     = "tietosuoja@powercompetence.example"
)

func stageOf(ts *testscript.TestScript) *stage { return ts.Value(stageKey{}).(*stage) }

type stageKey struct{}

// commands are the words of the scripts in testdata/script.
var commands = map[string]func(*testscript.TestScript, bool, []string){
	// deliver FILE: a mail arrives. {{REF}} is the newest case, {{LAST}} the newest mail to a person, {{TO ADDRESS}} that
	// to an address.
	"deliver": func(ts *testscript.TestScript, _ bool, args []string) {
		s := stageOf(ts)
		raw := strings.ReplaceAll(ts.ReadFile(args[0]), "\n", "\r\n")
		if c, err := s.last(); err == nil {
			raw = strings.ReplaceAll(raw, "{{REF}}", string(c.Ref))
		}
		for _, m := range slices.Backward(s.mails) { // the newest to a person
			if !strings.Contains(m.MessageID, "h.") {
				raw = strings.ReplaceAll(raw, "{{LAST}}", m.MessageID)
			}
		}
		raw = latestTo.ReplaceAllStringFunc(raw, func(place string) string {
			m, err := s.question(latestTo.FindStringSubmatch(place)[1])
			ts.Check(err)
			return m.MessageID
		})
		s.queue = append(s.queue, []byte(raw))
	},
	// keeper ADDRESS TEXT...: the keeper of a register answers the newest mail to them.
	"keeper": func(ts *testscript.TestScript, _ bool, args []string) {
		s := stageOf(ts)
		m, err := s.question(args[0])
		ts.Check(err)
		s.queue = append(s.queue, answer(args[0], m, strings.Join(args[1:], " "), s.clock()))
	},
	// waits FOR: what the list of cases says that the newest case waits for.
	"waits": func(ts *testscript.TestScript, neg bool, args []string) {
		c, err := stageOf(ts).last()
		ts.Check(err)
		if got := waitingFor(c); (got == strings.Join(args, " ")) == neg {
			ts.Fatalf("waits: got %q", got)
		}
	},
	// package FILE: the newest answer's document, opened with its passphrase.
	"package": func(ts *testscript.TestScript, _ bool, args []string) {
		s := stageOf(ts)
		c, err := s.last()
		ts.Check(err)
		for _, m := range slices.Backward(s.mails) {
			if len(m.Files) == 1 && m.Files[0].Type == "application/pdf" {
				sealed := ts.MkAbs("sealed.pdf")
				ts.Check(os.WriteFile(sealed, m.Files[0].Data, 0o600))
				ts.Check(ts.Exec("qpdf", "--password="+c.Passphrase.Reveal(), "--decrypt", sealed, ts.MkAbs(args[0])))
				return
			}
		}
		ts.Fatalf("no mail holds a document")
	},
	// documents N: so many are kept beside the newest case.
	"documents": func(ts *testscript.TestScript, _ bool, args []string) {
		s := stageOf(ts)
		c, err := s.last()
		ts.Check(err)
		n, err := s.store.Client().HLen(context.Background(), "dpobot:{"+botAddress+"}:files:"+string(c.Ref)).Result()
		ts.Check(err)
		if got := strconv.FormatInt(n/2, 10); got != args[0] {
			ts.Fatalf("documents: got %s, want %s", got, args[0])
		}
	},
	// poll: mails are read, and what is due is done.
	"poll": func(ts *testscript.TestScript, _ bool, _ []string) { ts.Check(stageOf(ts).poll()) },
	// reply TEXT...: the officer answers the newest mail; \n begins a new line, {{KEPT}} is what an erasure has left.
	"reply": func(ts *testscript.TestScript, _ bool, args []string) {
		s := stageOf(ts)
		m, err := s.question(officerAddress)
		ts.Check(err)
		text := strings.Join(args, " ")
		if c, err := s.last(); err == nil {
			text = strings.ReplaceAll(text, "{{REF}}", string(c.Ref))
		}
		for c, err := range s.store.Retained(context.Background()) {
			ts.Check(err)
			text = strings.ReplaceAll(text, "{{KEPT}}", string(c.Ref))
		}
		s.queue = append(s.queue, answer(officerAddress, m, text, s.clock()))
	},
	// reply-to [before] SUBJECT-PART TEXT...: likewise, to the newest mail with that in its
	// subject; with before, to the oldest.
	"reply-to": func(ts *testscript.TestScript, _ bool, args []string) {
		s := stageOf(ts)
		mails := slices.Clone(s.mails)
		if args[0] == "before" {
			slices.Reverse(mails)
			args = args[1:]
		}
		for _, m := range slices.Backward(mails) {
			if m.To == officerAddress && strings.Contains(m.Subject, args[0]) {
				s.queue = append(s.queue, answer(officerAddress, m, strings.Join(args[1:], " "), s.clock()))
				return
			}
		}
		ts.Fatalf("no mail to the officer has %q in its subject", args[0])
	},
	// pass 3d: time goes by, and what is due is done.
	"pass": func(ts *testscript.TestScript, _ bool, args []string) {
		s := stageOf(ts)
		s.seen = len(s.mails)
		s.pass(span(ts, args[0]))
		ts.Check(s.work())
	},
	// case STATE: the newest case is in that state.
	"case": func(ts *testscript.TestScript, neg bool, args []string) {
		c, err := stageOf(ts).last()
		if errors.Is(err, workflow.ErrNoCase) && neg {
			return
		}
		ts.Check(err)
		if got := string(c.State()); (got == args[0]) == neg {
			ts.Fatalf("case %s: got %s, want (not: %v) %s; tasks %v", c.Ref, got, neg, args[0], tasksOf(c))
		}
	},
	// state REF STATE: that case is in that state.
	"state": func(ts *testscript.TestScript, neg bool, args []string) {
		c, err := stageOf(ts).store.Load(context.Background(), workflow.Ref(args[0]))
		ts.Check(err)
		if got := string(c.State()); (got == args[1]) == neg {
			ts.Fatalf("case %s: got %s, want (not: %v) %s; tasks %v", c.Ref, got, neg, args[1], tasksOf(c))
		}
	},
	// gone REF: nothing personal is left of that case.
	"gone": func(ts *testscript.TestScript, neg bool, args []string) {
		_, err := stageOf(ts).store.Load(context.Background(), workflow.Ref(args[0]))
		if errors.Is(err, workflow.ErrNoCase) == neg {
			ts.Fatalf("case %s: got %v", args[0], err)
		}
	},
	// item N KIND STATE: an item of the newest case.
	"item": func(ts *testscript.TestScript, neg bool, args []string) {
		c, err := stageOf(ts).last()
		ts.Check(err)
		n, err := strconv.Atoi(args[0])
		ts.Check(err)
		it := c.Item(n)
		if it == nil {
			if neg {
				return
			}
			ts.Fatalf("case %s has no item %d", c.Ref, n)
		}
		if got := string(it.Kind) + " " + string(it.State); (got == args[1]+" "+args[2]) == neg {
			ts.Fatalf("item %d: got %s", n, got)
		}
	},
	// task ACTION [STATE]: the newest case has such a task.
	"task": func(ts *testscript.TestScript, neg bool, args []string) {
		c, err := stageOf(ts).last()
		ts.Check(err)
		has := slices.ContainsFunc(c.Tasks, func(t workflow.Task) bool {
			return string(t.Action) == args[0] && (len(args) < 2 || string(t.State) == args[1])
		})
		if has == neg {
			ts.Fatalf("case %s: task %v: got %v", c.Ref, args, has)
		}
	},
	// mail ADDRESS REGEXP: since the last poll or pass, a mail went there whose subject or
	// text matches.
	"mail": func(ts *testscript.TestScript, neg bool, args []string) {
		s := stageOf(ts)
		want := regexp.MustCompile("(?s)" + strings.Join(args[1:], " "))
		found := slices.ContainsFunc(s.mails[s.seen:], func(m post.Mail) bool {
			return m.To.Reveal() == args[0] && want.MatchString(m.Subject+"\n"+m.Text)
		})
		if found == neg {
			ts.Fatalf("mail to %s with %q: got %v; went out:\n%s", args[0], want, found, outgoing(s.mails[s.seen:]))
		}
	},
	// mails N: so many mails went out since the last poll or pass.
	"mails": func(ts *testscript.TestScript, _ bool, args []string) {
		s := stageOf(ts)
		if got := strconv.Itoa(len(s.mails) - s.seen); got != args[0] {
			ts.Fatalf("mails: got %s, want %s:\n%s", got, args[0], outgoing(s.mails[s.seen:]))
		}
	},
	// due DATE: the newest case's.
	"due": func(ts *testscript.TestScript, neg bool, args []string) {
		c, err := stageOf(ts).last()
		ts.Check(err)
		if got := c.Clock.Ends().String(); (got == args[0]) == neg {
			ts.Fatalf("due: got %s, want %s", got, args[0])
		}
	},
	// cases N: so many were opened.
	"cases": func(ts *testscript.TestScript, _ bool, args []string) {
		n := 0
		for _, err := range stageOf(ts).store.All(context.Background()) {
			ts.Check(err)
			n++
		}
		if strconv.Itoa(n) != args[0] {
			ts.Fatalf("cases: got %d, want %s", n, args[0])
		}
	},
	// smtp ok|temporary|permanent|unknown [all]: how the mail server answers from now on, of
	// mails to persons or of all.
	"smtp": func(ts *testscript.TestScript, _ bool, args []string) {
		errs := map[string]error{"ok": nil, "temporary": post.ErrTemporary, "permanent": post.ErrPermanent, "unknown": post.ErrUnknown}
		err, known := errs[args[0]]
		if !known {
			ts.Fatalf("smtp %s: unknown", args[0])
		}
		stageOf(ts).refuse, stageOf(ts).down = err, len(args) > 1
	},
	// customer ID COLUMN VALUE: a field of the customers' register; no value: empty.
	"customer": func(ts *testscript.TestScript, neg bool, args []string) {
		db, err := sql.Open("sqlite", ts.MkAbs("customers.db"))
		ts.Check(err)
		defer db.Close()
		var got sql.NullString
		err = db.QueryRow("SELECT "+args[1]+" FROM customers WHERE id = ?", args[0]).Scan(&got)
		if errors.Is(err, sql.ErrNoRows) {
			got.String, err = "(no row)", nil
		}
		ts.Check(err)
		if want := strings.Join(args[2:], " "); (got.String == want) == neg {
			ts.Fatalf("customer %s %s: got %q, want %q", args[0], args[1], got.String, want)
		}
	},
	// execute SQL...: somebody else works on the customers' register.
	"execute": func(ts *testscript.TestScript, _ bool, args []string) {
		db, err := sql.Open("sqlite", ts.MkAbs("customers.db"))
		ts.Check(err)
		defer db.Close()
		_, err = db.Exec(strings.Join(args, " "))
		ts.Check(err)
	},
	// remembered N: so many records are remembered of which an erasure left something.
	"remembered": func(ts *testscript.TestScript, _ bool, args []string) {
		n := 0
		for _, err := range stageOf(ts).store.Retained(context.Background()) {
			ts.Check(err)
			n++
		}
		if strconv.Itoa(n) != args[0] {
			ts.Fatalf("remembered: got %d, want %s", n, args[0])
		}
	},
	// recipients NAME, NAME: who gets data and has no mail address, from now on.
	"recipients": func(ts *testscript.TestScript, _ bool, args []string) {
		s := stageOf(ts)
		for i := range s.cfg.Registers {
			s.cfg.Registers[i].Recipients = nil
			for name := range strings.SplitSeq(strings.Join(args, " "), ", ") {
				s.cfg.Registers[i].Recipients = append(s.cfg.Registers[i].Recipients, config.Recipient{Name: name})
			}
		}
		regs, err := openRegisters(s.cfg)
		ts.Check(err)
		letters, err := lettersOf(s.cfg)
		ts.Check(err)
		stamps := workflow.NewStamps(bytes.Repeat([]byte{7}, 32), botAddress)
		s.responder = responders.New(s.engine, stamps, letters, s, nil, regs, companyOf(s.cfg), slog.New(slog.NewJSONHandler(&s.log, nil)))
	},
	// replay ARGUMENT...: dpobot replay-erasures.
	"replay": func(ts *testscript.TestScript, neg bool, args []string) {
		s := stageOf(ts)
		var c struct {
			Replay replayCmd `cmd:""`
		}
		parser, err := kong.New(&c)
		ts.Check(err)
		_, err = parser.Parse(append([]string{"replay"}, args...))
		ts.Check(err)
		o := &office{cfg: s.cfg, store: s.store.Store, engine: s.engine, stamps: workflow.NewStamps(bytes.Repeat([]byte{7}, 32), botAddress)}
		err = c.Replay.replay(&env{ctx: context.Background(), stdin: strings.NewReader(""), stdout: ts.Stdout(), stderr: ts.Stderr(), log: slog.New(slog.DiscardHandler)}, o)
		if (err != nil) != neg {
			ts.Fatalf("replay: got %v", err)
		}
	},
	// logged REGEXP: the log says so.
	"logged": func(ts *testscript.TestScript, neg bool, args []string) {
		if stageOf(ts).log.Len() == 0 {
			ts.Fatalf("nothing was logged")
		}
		if got := regexp.MustCompile(args[0]).Match(stageOf(ts).log.Bytes()); got == neg {
			ts.Fatalf("logged %s: got %v", args[0], got)
		}
	},
}

// latestTo stands in a delivered mail for the Message-ID of the newest mail to an address.
var latestTo = regexp.MustCompile(`\{\{TO ([^ }]+)\}\}`)

// tasksOf is where the tasks of a case stand, for a failing script.
func tasksOf(c workflow.Case) []string {
	var all []string
	for _, t := range c.Tasks {
		all = append(all, fmt.Sprintf("%s %s %s", t.Action, t.State, t.Why))
	}
	return all
}

func outgoing(mails []post.Mail) string {
	var b strings.Builder
	for _, m := range mails {
		fmt.Fprintf(&b, "--- to %s: %s\n%s\n", m.To.Reveal(), m.Subject, m.Text)
	}
	return b.String()
}

func span(ts *testscript.TestScript, s string) time.Duration {
	if days, ok := strings.CutSuffix(s, "d"); ok {
		n, err := strconv.Atoi(days)
		ts.Check(err)
		return time.Duration(n) * 24 * time.Hour
	}
	d, err := time.ParseDuration(s)
	ts.Check(err)
	return d
}

// answer is a reply as a mail program writes it.
func answer(from string, to post.Mail, text string, at time.Time) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "From: Pauli Vuorio <%s>\r\nTo: <%s>\r\nSubject: Re: %s\r\nDate: %s\r\nMessage-ID: <%d.%d@powercompetence.example>\r\n",
		from, botAddress, "vastaus", at.Format(time.RFC1123Z), at.UnixNano(), len(to.Text))
	fmt.Fprintf(&b, "In-Reply-To: <%s>\r\nReferences: <%s>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n",
		to.MessageID, to.MessageID)
	io.WriteString(&b, strings.ReplaceAll(strings.ReplaceAll(text, `\n`, "\n"), "\n", "\r\n")+"\r\n\r\n-- \r\nPauli\r\n\r\n")
	for _, line := range strings.Split(to.Text, "\n") {
		b.WriteString("> " + line + "\r\n")
	}
	return b.Bytes()
}

// Each path of a case is told as a script.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:  "testdata/script",
		Cmds: commands,
		Setup: func(e *testscript.Env) error {
			if err := furnish(e.WorkDir); err != nil {
				return err
			}
			s, err := newStage(e.WorkDir)
			if err != nil {
				return err
			}
			e.Values[stageKey{}] = s
			e.Defer(func() { _ = s.store.Close() })
			return nil
		},
	})
}

// furnish puts the registers and the configuration of the scripts into a folder.
func furnish(dir string) error {
	files, err := filepath.Glob("testdata/stage/*")
	if err != nil {
		return err
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		if filepath.Ext(name) == ".sql" {
			err = makeDatabase(filepath.Join(dir, "customers.db"), string(data))
		} else {
			err = os.WriteFile(filepath.Join(dir, filepath.Base(name)), data, 0o600)
		}
		if err != nil {
			return err
		}
	}
	more, err := os.ReadFile(filepath.Join(dir, "more.yaml")) // a script's own registers
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	config := filepath.Join(dir, "dpobot.yaml")
	base, err := os.ReadFile(config)
	if err != nil {
		return err
	}
	return os.WriteFile(config, bytes.Replace(base, []byte("\nnotice:"), append([]byte("\n"), append(more, "notice:"...)...), 1), 0o600)
}

func makeDatabase(file, statements string) error {
	db, err := sql.Open("sqlite", file)
	if err != nil {
		return err
	}
	defer db.Close()
	_, err = db.Exec(statements)
	return err
}
