package workflow

import (
	"errors"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

const archivist Address = "aino@archive.example"

// keeping are rules with two registers that are kept by hand.
func keeping(t testing.TB) Rules {
	r := rules(t)
	r.Keepers = []Keeper{
		{Register: "paper", Titles: []string{"Paper archive", "Paperiarkisto"}, Address: archivist, Remind: []int{3, 7}, Tell: []Recipient{{Name: "Firm", Address: "firm@firm.example", Register: "paper"}}},
		{Register: "post", Address: "olli@post.example", Marketing: true, Remind: []int{3}},
	}
	return r
}

// verified is a case of the kinds that a handler has just verified, with the keepers' mails done.
func verified(t *testing.T, r Rules, kinds ...Kind) Case {
	t.Helper()
	c, err := r.Obey(asked(t, kinds...), Command{Word: WordVerified}, "officer@controller.example", 0, noon)
	if err != nil {
		t.Fatal(err)
	}
	return ask(t, r, c)
}

// ask does the mails to keepers that wait.
func ask(t *testing.T, r Rules, c Case) Case {
	t.Helper()
	return ending(t, r, c, KeeperMail, Result{MessageID: "x", Known: map[string]Text{"name": "Matti"}})
}

// ending does every waiting task of the action that nothing holds.
func ending(t *testing.T, r Rules, c Case, a Action, res Result) Case {
	t.Helper()
	for _, task := range slices.Clone(c.Tasks) {
		if now := c.Task(task.N); task.Action != a || now == nil || !now.Waiting() || c.hold(*now) > 0 {
			continue
		}
		var err error
		if c, err = r.finished(c.clone(), *c.Task(task.N), res, noon); err != nil {
			t.Fatal(err)
		}
	}
	return c
}

// says lets the keeper of the register answer, with the files.
func says(t *testing.T, r Rules, c Case, register string, what Says, note Text, files ...Document) (Case, Step) {
	t.Helper()
	for _, it := range c.Items {
		for _, q := range it.Inquiries {
			if q.Register != register || !q.State.Open() {
				continue
			}
			c = c.clone()
			own, question := c.Inquiry(q.N)
			step, _, err := r.taken(c, own, question, KeeperReply{Says: what, Note: note, Text: note, Files: files}, noon)
			if err != nil {
				t.Fatal(err)
			}
			return step.Case, step
		}
	}
	t.Fatalf("nobody is asked about %s", register)
	return c, Step{}
}

func inquiry(c Case, register string) Inquiry {
	for _, it := range c.Items {
		for _, q := range slices.Backward(it.Inquiries) {
			if q.Register == register {
				return q
			}
		}
	}
	return Inquiry{}
}

// held tells whether a task of the action waits and may not be done yet.
func held(c Case, a Action) bool {
	return slices.ContainsFunc(c.Tasks, func(t Task) bool { return t.Action == a && t.Waiting() && c.hold(t) > 0 })
}

func TestNobodyIsAskedBeforeVerified(t *testing.T) {
	r := keeping(t)
	c := asked(t, Access, Change, Erasure)
	if got := waiting(c, KeeperMail); got != 0 {
		t.Errorf("before VERIFIED: got %d mails to keepers, want none", got)
	}
	c = verified(t, r, Erasure)
	if got := waiting(c, KeeperMail) + len(c.Items[0].Inquiries); got != 0 {
		t.Errorf("in the undo window: got %d questions, want none", got)
	}
	c, _, err := r.Next(c, Event{On: WindowOver, Item: 1}, noon)
	if err != nil || waiting(c, KeeperMail) != 2 {
		t.Errorf("after it: got %d mails (%v), want 2", waiting(c, KeeperMail), err)
	}
	if !held(c, EraseData) {
		t.Error("the registers are erased before the keepers are told whom to look for")
	}
}

func TestMarketingEndsAtOnce(t *testing.T) {
	r := keeping(t)
	c := Case{Ref: "DPO-2026-0001", Person: Person{Address: "p@home.example"}, Clock: r.Calendar.Clock(noon)}
	c, err := r.request(c, Arrival{From: c.Person.Address, Kinds: []Kind{Other}, Right: Marketing, Sure: true}, Event{}, noon)
	if err != nil {
		t.Fatal(err)
	}
	if got := waiting(c, KeeperMail); got != 1 || inquiry(c, "post").N == 0 {
		t.Fatalf("got %d mails, want one, to the keeper of the register with marketing", got)
	}
	c = ending(t, r, ask(t, r, c), Object, Result{})
	if held(c, ConfirmOther) {
		t.Error("the person waits for the keeper")
	}
	c = ending(t, r, c, ConfirmOther, Result{})
	if c.Closed() {
		t.Error("the case is closed, and the keeper has not answered")
	}
	if c, _ = says(t, r, c, "post", SaysDone, ""); c.State() != Answered {
		t.Errorf("when the keeper has: got %s", c.State())
	}
}

func TestTheAnswerWaitsForEveryKeeper(t *testing.T) {
	r := keeping(t)
	c := verified(t, r, Access)
	pdf := Document{Name: "a.pdf", Type: "application/pdf", Data: []byte("%PDF-1.7")}
	steps := []struct {
		name, register string
		says           Says
		note           Text
		files          []Document
		held           bool
		state          InquiryState
	}{
		{"free text", "paper", SaysText, "which Matti?", nil, true, InquiryOpen},
		{"free text with a document", "paper", SaysText, "is it this one?", []Document{pdf}, true, InquiryOpen},
		{"nothing, though a document came", "paper", SaysNothing, "", nil, true, InquiryOpen},
		{"done without anything", "post", SaysDone, "", nil, true, InquiryOpen},
		{"nothing but documents", "paper", SaysText, "", []Document{pdf}, true, InquiryDone},
		{"done with a text", "post", SaysDone, "One letter of 2019.", nil, false, InquiryDone},
	}
	for _, s := range steps {
		c, _ = says(t, r, c, s.register, s.says, s.note, s.files...)
		if got := inquiry(c, s.register).State; got != s.state || held(c, Answer) != s.held {
			t.Fatalf("%s: got %s, held %v; want %s, %v", s.name, got, held(c, Answer), s.state, s.held)
		}
	}
	if got := c.FileIDs(); len(got) != 1 {
		t.Errorf("the same document twice: got %d, want 1", len(got))
	}
	c = ending(t, r, c, Answer, Result{MessageID: "y"})
	if c.State() != Answered || len(c.FileIDs()) != 1 || waiting(c, Shred) != 1 {
		t.Errorf("answered: got %s, %d documents, %d tasks to shred them", c.State(), len(c.FileIDs()), waiting(c, Shred))
	}
}

func TestDoneWithANoteIsReadFirst(t *testing.T) {
	r := keeping(t)
	c := verified(t, r, Change)
	if c, _ = says(t, r, c, "paper", SaysDone, "but not in the binder of 2012"); inquiry(c, "paper").State != InquiryOpen {
		t.Error("a change was ticked off, and the keeper had more to say")
	}
}

func TestChangeAndErasureAreWholeOnlyWithTheKeepers(t *testing.T) {
	r := keeping(t)
	for kind, work := range map[Kind][2]Action{Change: {ChangeData, ConfirmChange}, Erasure: {EraseData, ConfirmErasure}} {
		c := verified(t, r, kind)
		if kind == Erasure {
			c = c.clone()
			c.Tasks[slices.IndexFunc(c.Tasks, func(t Task) bool { return t.Action == Window })].State = TaskDone
			next, _, err := r.Next(c, Event{On: WindowOver, Item: 1}, noon)
			if err != nil {
				t.Fatal(err)
			}
			c = ask(t, r, next)
		}
		c = ending(t, r, c, work[0], Result{Reports: []RegisterReport{{Register: "r", Records: 1}}})
		if !held(c, work[1]) {
			t.Errorf("%s: the person hears of it before the keepers have answered", kind)
		}
		c, _ = says(t, r, c, "paper", SaysDone, "")
		c, _ = says(t, r, c, "post", SaysNothing, "")
		if waiting(c, TellRecipient) != 1 {
			t.Errorf("%s: got %d recipients of the register told, want 1", kind, waiting(c, TellRecipient))
		}
		c = ending(t, r, ending(t, r, c, work[1], Result{}), TellRecipient, Result{})
		if c.State() != Answered {
			t.Errorf("%s: got %s, want answered", kind, c.State())
		}
		if q := inquiry(c, "paper"); kind == Erasure && (q.Known != nil || q.Text != "") {
			t.Error("the erased person is still told of in the question")
		}
	}
}

func TestTheCopyGoesBeforeAKeeperChanges(t *testing.T) {
	r := keeping(t)
	c := verified(t, r, Access, Change)
	if !held(c, KeeperMail) || !held(c, ChangeData) {
		t.Error("a change is asked for, or made, while the copy waits for a keeper")
	}
	for _, register := range []string{"paper", "post"} {
		c, _ = says(t, r, c, register, SaysNothing, "")
	}
	c = ending(t, r, c, Answer, Result{})
	if held(c, KeeperMail) {
		t.Error("the copy went, and the keepers are not asked for the change")
	}
}

func TestWhatEndsAQuestion(t *testing.T) {
	r := keeping(t)
	for _, cmd := range []Command{{Word: WordStop}, {Word: WordDone, Text: "by post"}} {
		c, err := r.Obey(verified(t, r, Access), cmd, "officer@controller.example", 0, noon)
		if err != nil {
			t.Fatal(err)
		}
		if q := inquiry(c, "paper"); q.State != InquiryDropped || waiting(c, KeeperStop) != 2 || waiting(c, KeeperMail)+waiting(c, Answer) != 0 {
			t.Errorf("%s: got %s, %d keepers told; want dropped, 2", cmd.Word, q.State, waiting(c, KeeperStop))
		}
	}
	c, err := r.Obey(asked(t, Access), Command{Word: WordVerified}, "officer@controller.example", 0, noon)
	if err != nil {
		t.Fatal(err)
	}
	if c, err = r.Obey(c, Command{Word: WordStop}, "officer@controller.example", 0, noon); err != nil || waiting(c, KeeperStop) != 0 {
		t.Errorf("nobody was asked yet: got %d mails (%v), want none", waiting(c, KeeperStop), err)
	}
	// The question was on its way when STOP came.
	task := c.Tasks[slices.IndexFunc(c.Tasks, func(t Task) bool { return t.Action == KeeperMail })]
	if c, err = r.finished(c.clone(), task, Result{MessageID: "x"}, noon); err != nil || waiting(c, KeeperStop) != 1 {
		t.Errorf("it was on its way: got %d mails (%v), want one", waiting(c, KeeperStop), err)
	}
	c = verified(t, r, Access)
	c.Warn(Withdrawal)
	if c, err = r.Obey(c, Command{Word: WordDone, Text: "withdrawn"}, "officer@controller.example", 0, noon); err != nil || c.State() != Withdrawn {
		t.Errorf("withdrawn meanwhile: got %s (%v)", c.State(), err)
	}
}

func TestTick(t *testing.T) {
	r := keeping(t)
	pdf := Document{Name: "a.pdf", Type: "application/pdf", Data: []byte("%PDF-1.7")}
	tests := []struct {
		name     string
		kind     Kind
		sent     bool // a document came with a free text
		text     Text
		state    InquiryState
		note     Text
		obstacle Obstacle
	}{
		{name: "by name", kind: Access, text: "paper", state: InquiryNothing},
		{name: "by title", kind: Access, text: "paper ARCHIVE", state: InquiryNothing},
		{name: "what the keeper sent counts", kind: Access, sent: true, text: "paper", state: InquiryDone},
		{name: "with a text", kind: Access, text: "Paperiarkisto: One letter.", state: InquiryDone, note: "One letter."},
		{name: "nothing held", kind: Access, sent: true, text: "paper ei tietoja", state: InquiryNothing},
		{name: "a change made by hand", kind: Change, text: "paper", state: InquiryDone},
		{name: "nothing to change", kind: Change, text: "paper nothing", state: InquiryNothing},
		{name: "another register", kind: Access, text: "papers", state: InquiryOpen, obstacle: NoSuchRegister},
		{name: "none named, two asked", kind: Access, text: "", state: InquiryOpen, obstacle: NoSuchRegister},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := verified(t, r, tt.kind)
			if tt.sent {
				c, _ = says(t, r, c, "paper", SaysText, "is it this?", pdf)
			}
			next, err := r.Obey(c, Command{Word: WordTick, Text: tt.text}, "officer@controller.example", 0, noon)
			var impossible *Impossible
			if errors.As(err, &impossible) != (tt.obstacle != "") || tt.obstacle != "" && impossible.Why != tt.obstacle {
				t.Fatalf("got %v, want %q", err, tt.obstacle)
			}
			if q := inquiry(next, "paper"); q.State != tt.state || q.Text != tt.note || q.Ticked != (tt.obstacle == "") {
				t.Errorf("got %s, %q, ticked %v; want %s, %q", q.State, q.Text.Reveal(), q.Ticked, tt.state, tt.note.Reveal())
			}
		})
	}
	_, err := r.Obey(asked(t, Access), Command{Word: WordTick, Text: "paper"}, "officer@controller.example", 0, noon)
	var impossible *Impossible
	if !errors.As(err, &impossible) || impossible.Why != NobodyAsked {
		t.Errorf("before VERIFIED: got %v, want %q", err, NobodyAsked)
	}
}

func TestAQuestionThatCameBack(t *testing.T) {
	r := keeping(t)
	fail := func() Case {
		c := verified(t, r, Access)
		task := c.Tasks[slices.IndexFunc(c.Tasks, func(t Task) bool { return t.Action == KeeperMail && t.Inquiry == inquiry(c, "paper").N })]
		c, _, err := r.failed(c.clone(), task, Result{Fault: Permanent, Why: "bounced 5.1.1"}, noon)
		if err != nil || c.State() != Attention || waiting(c, AttentionMail) == 0 {
			t.Fatalf("got %s (%v), want attention and a mail about it", c.State(), err)
		}
		return c
	}
	r.Keepers[0].Address = "new@archive.example" // as mended in the configuration
	c, err := r.Obey(fail(), Command{Word: WordRetry}, "officer@controller.example", 0, noon)
	again := slices.IndexFunc(c.Tasks, func(t Task) bool { return t.Action == KeeperMail && t.Waiting() })
	if err != nil || c.State() != Fulfilling || again < 0 || c.Tasks[again].To != "new@archive.example" {
		t.Errorf("RETRY: got %s (%v), want a mail to the address that is configured now", c.State(), err)
	}
	c, err = r.Obey(fail(), Command{Word: WordTick, Text: "paper"}, "officer@controller.example", 0, noon)
	if err != nil || c.State() != Fulfilling {
		t.Errorf("TICK: got %s (%v), want that it goes on", c.State(), err)
	}
	// A late bounce of a question that was answered alarms nobody.
	c, _ = says(t, r, verified(t, r, Access), "paper", SaysNothing, "")
	task := c.Tasks[slices.IndexFunc(c.Tasks, func(t Task) bool { return t.Action == KeeperMail && t.Inquiry == inquiry(c, "paper").N })]
	if c, _, err = r.failed(c.clone(), task, Result{Fault: Permanent, Why: "bounced 5.1.1"}, noon); err != nil || c.State() != Fulfilling {
		t.Errorf("answered meanwhile: got %s (%v), want that nothing happens", c.State(), err)
	}
}

func TestKeepersAreAskedAgain(t *testing.T) {
	day := Date{Year: 2026, Month: time.March, Day: 2}
	tests := []struct {
		name   string
		remind []int
		passed int
		want   int // days after the question; -1: none
	}{
		{"too early", []int{3}, 2, -1},
		{"third day", []int{3}, 3, 3},
		{"fifth day", []int{3}, 5, 3},
		{"every third day", []int{3}, 9, 9},
		{"after days of downtime, the last one", []int{3}, 20, 18},
		{"the last step goes on", []int{3, 7}, 16, 15},
		{"never", nil, 50, -1},
		{"steps that go backwards", []int{5, 2}, 7, 7},
	}
	for _, tt := range tests {
		want := Date{}
		if tt.want >= 0 {
			want = day.AddDays(tt.want)
		}
		if got := (Keeper{Remind: tt.remind}).remindsBy(day, day.AddDays(tt.passed)); got != want {
			t.Errorf("%s: got %v, want %v", tt.name, got, want)
		}
	}
}

func TestAKeeperHasTimeBeforeTheAnswerIsDue(t *testing.T) {
	r := keeping(t)
	at := func(month time.Month, day int) time.Time { return time.Date(2026, month, day, 12, 0, 0, 0, time.UTC) }
	c := Case{Clock: r.Calendar.Clock(at(3, 5))} // due 7 April
	for _, tt := range []struct {
		name string
		now  time.Time
		want string
	}{
		{"at once", at(3, 5), "2026-03-16"},      // ten days, and a Monday
		{"a week left", at(3, 31), "2026-04-07"}, // Easter in between
		{"a day left", at(4, 6), "2026-04-07"},
		{"overdue", at(4, 20), "2026-04-21"},
	} {
		if got := r.neededBy(c, tt.now).String(); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.name, got, tt.want)
		}
	}
}

// TestLifeWithKeepers: whatever handlers, keepers and servers do in whatever order, nothing goes to a keeper before the
// person is verified, nothing to the person before every keeper has answered, and no closed item leaves a question open.
func TestLifeWithKeepers(t *testing.T) {
	r := keeping(t)
	rapid.Check(t, func(rt *rapid.T) {
		c, now := asked(t, rapid.SampledFrom(Kinds[:3]).Draw(rt, "kind")), noon
		for range rapid.IntRange(1, 30).Draw(rt, "steps") {
			now = now.Add(time.Duration(rapid.IntRange(0, 40).Draw(rt, "hours")) * time.Hour)
			before, bounced := c.clone(), false
			switch rapid.IntRange(0, 3).Draw(rt, "what") {
			case 0:
				if next, err := r.Obey(c, say().Draw(rt, "command"), "officer@controller.example", 0, now); err == nil {
					c = next
				}
			case 1:
				c = answerAtRandom(rt, r, c, now)
			default:
				if slices.ContainsFunc(c.Tasks, func(t Task) bool { return t.Waiting() && (c.hold(t) > 0 || t.Action == Shred) }) {
					c = endOne(rt, r, c, now)
					break
				}
				c, bounced = endTask(rt, r, c, now)
			}
			holds(rt, before, c, bounced)
			for _, it := range c.Items {
				switch {
				case it.State.Closed() && it.awaits():
					rt.Fatalf("item %d is %s, and a keeper is still asked", it.N, it.State)
				case it.awaits() && it.Verified == nil && !it.Right.AtOnce():
					rt.Fatalf("item %d: a keeper is asked, and nobody vouched", it.N)
				}
			}
		}
	})
}

// answerAtRandom lets a keeper who is asked say something.
func answerAtRandom(rt *rapid.T, r Rules, c Case, now time.Time) Case {
	for _, it := range c.Items {
		for _, q := range it.Inquiries {
			if q.State != InquiryOpen || rapid.Bool().Draw(rt, "another") {
				continue
			}
			rep := KeeperReply{Says: rapid.SampledFrom([]Says{SaysDone, SaysNothing, SaysText}).Draw(rt, "says")}
			if rapid.Bool().Draw(rt, "document") {
				rep.Files = []Document{{Name: "a.pdf", Type: "application/pdf", Data: []byte("%PDF")}}
			}
			c = c.clone()
			own, question := c.Inquiry(q.N)
			step, _, err := r.taken(c, own, question, rep, now)
			if err != nil {
				rt.Fatal(err)
			}
			return step.Case
		}
	}
	return c
}

// endOne does one task that nothing holds.
func endOne(rt *rapid.T, r Rules, c Case, now time.Time) Case {
	for _, task := range c.Tasks {
		if !task.Waiting() || c.hold(task) > 0 || task.Action == Shred || task.Action == Window || rapid.Bool().Draw(rt, "later") {
			continue
		}
		next, err := r.finished(c.clone(), task, Result{}, now)
		if err != nil {
			rt.Fatal(err)
		}
		return next
	}
	return c
}
