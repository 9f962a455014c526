package workflow

import (
	"errors"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var noon = time.Date(2026, time.November, 23, 10, 0, 0, 0, time.UTC)

func rules(t testing.TB) Rules {
	return Rules{
		Calendar:  finland(t),
		Handlers:  []Address{"officer@controller.example", "deputy@controller.example"},
		Grace:     24 * time.Hour,
		Retention: 730,
		Remind:    []int{14, 7, 3, 1, 0},
		DigestAt:  8 * time.Hour,
		DigestOn:  []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday},
	}
}

// asked is a case that has just been opened and looked up.
func asked(t testing.TB, kinds ...Kind) Case {
	t.Helper()
	r := rules(t)
	c := Case{
		Ref: "DPO-2026-0001", Person: Person{Address: "person@home.example"}, Language: "fi",
		Received: noon, Clock: r.Calendar.Clock(noon), Messages: []Message{{ID: "a@b"}},
	}
	c, err := r.request(c, Arrival{Kinds: kinds, Sure: true, Fields: []FieldChange{{Field: "name", New: "X"}}}, Event{}, noon)
	if err != nil {
		t.Fatal(err)
	}
	for i := range c.Tasks {
		if c.Tasks[i].Action == LookUp {
			c, err = r.finished(c, c.Tasks[i], Result{Found: []Found{{Register: "r", Key: "1", Certain: true}}, Passphrase: "six words"}, noon)
			if err != nil {
				t.Fatal(err)
			}
			break
		}
	}
	return c
}

func waiting(c Case, a Action) int {
	n := 0
	for _, t := range c.Tasks {
		if t.Action == a && t.Waiting() {
			n++
		}
	}
	return n
}

func obey(t *testing.T, c Case, cmd Command) Case {
	t.Helper()
	c, err := rules(t).Obey(c, cmd, "officer@controller.example", 0, noon)
	if err != nil {
		t.Fatalf("%s: %v", cmd.Word, err)
	}
	return c
}

func TestAWordMovesTheCase(t *testing.T) {
	rows := []struct {
		name  string
		kinds []Kind
		say   Command
		state State
		do    Action
		count int
	}{
		{"verified access is answered", []Kind{Access}, Command{Word: WordVerified, How: ByCall}, Fulfilling, Answer, 1},
		{"verified change is written", []Kind{Change}, Command{Word: WordVerified}, Fulfilling, ChangeData, 1},
		{"verified erasure waits", []Kind{Erasure}, Command{Word: WordVerified}, Grace, Window, 1},
		{"verified erasure erases nothing yet", []Kind{Erasure}, Command{Word: WordVerified}, Grace, EraseData, 0},
		{"restriction is a human's work", []Kind{Other}, Command{Word: WordVerified}, Verifying, Receipt, 2},
		{"unverified hears the other ways", []Kind{Access}, Command{Word: WordUnverified}, Verifying, OtherWays, 1},
		{"refused is told so", []Kind{Erasure}, Command{Word: WordRefuse, Reason: LegalDuty}, Refused, Refusing, 1},
		{"a question goes to the person", []Kind{Change}, Command{Word: WordAsk, Text: "which?"}, Asking, AskPerson, 1},
		{"ignored is no request", []Kind{Access}, Command{Word: WordIgnore}, NotARequest, Answer, 0},
		{"done outside closes", []Kind{Access}, Command{Word: WordDone}, Answered, Answer, 0},
		{"another kind is looked up anew", []Kind{Access}, Command{Word: WordKind, Kinds: []Kind{Erasure}}, Verifying, LookUp, 1},
		{"a new field is shown to every handler", []Kind{Change}, Command{Word: WordSet, Fields: []FieldChange{{Field: "name", New: "Y"}}}, Verifying, CaseMail, 2},
		{"an extension is explained", []Kind{Access}, Command{Word: WordExtend, Text: "many requests"}, Verifying, Extension, 1},
		{"status is for who asks", []Kind{Access}, Command{Word: WordStatus}, Verifying, StatusMail, 1},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			c := obey(t, asked(t, row.kinds...), row.say)
			if got := c.State(); got != row.state {
				t.Errorf("state: got %s, want %s", got, row.state)
			}
			if got := waiting(c, row.do); got != row.count {
				t.Errorf("waiting %s: got %d, want %d", row.do, got, row.count)
			}
		})
	}
}

func TestAWordThatIsNotPossible(t *testing.T) {
	r := rules(t)
	found := func(f ...Found) func(*Case) { return func(c *Case) { c.Found = f } }
	rows := []struct {
		name  string
		kinds []Kind
		with  func(*Case)
		say   Command
		want  Obstacle
	}{
		{"a change with nothing to write", []Kind{Change}, func(c *Case) { c.Items[0].Fields = nil }, Command{Word: WordVerified}, NeedsFields},
		{"only possible matches", []Kind{Access}, found(Found{Register: "r", Key: "2"}), Command{Word: WordVerified}, NeedsPick},
		{"a match that was not shown", []Kind{Access}, found(Found{Register: "r", Key: "2"}), Command{Word: WordVerified, Pick: []int{2}}, NoSuchMatch},
		{"before the registers were asked", []Kind{Access}, func(c *Case) { c.Looked = false }, Command{Word: WordVerified}, StillLooking},
		{"stop with nothing to stop", []Kind{Access}, nil, Command{Word: WordStop}, NotNow},
		{"retry with nothing failed", []Kind{Access}, nil, Command{Word: WordRetry}, NothingFailed},
		{"extend without a reason", []Kind{Access}, nil, Command{Word: WordExtend}, NeedsReason},
		{"extend twice", []Kind{Access}, func(c *Case) { c.Clock.Extended = c.Clock.Due }, Command{Word: WordExtend, Text: "x"}, ExtendedBefore},
		{"extend too late", []Kind{Access}, func(c *Case) { c.Clock.Due = Date{2026, 11, 20} }, Command{Word: WordExtend, Text: "x"}, MonthOver},
		{"refuse without a reason", []Kind{Access}, nil, Command{Word: WordRefuse}, NeedsReason},
		{"set in an access case", []Kind{Access}, nil, Command{Word: WordSet, Fields: []FieldChange{{Field: "a", New: "b"}}}, NotNow},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			c := asked(t, row.kinds...)
			if row.with != nil {
				row.with(&c)
			}
			_, err := r.Obey(c, row.say, "officer@controller.example", 0, noon)
			var impossible *Impossible
			if !errors.As(err, &impossible) || impossible.Why != row.want {
				t.Errorf("got %v, want %s", err, row.want)
			}
		})
	}
}

func TestAPickedMatchPinsTheAddressOnFile(t *testing.T) {
	c := asked(t, Access)
	c.Found = []Found{{Register: "r", Key: "7", Address: "old@home.example"}, {Register: "r", Key: "8"}}
	c = obey(t, c, Command{Word: WordVerified, Pick: []int{1}})
	if got, want := c.Pinned(), Address("old@home.example"); got != want {
		t.Errorf("answers go to %q, want %q", got.Reveal(), want.Reveal())
	}
	if got := c.Theirs(); len(got) != 1 || got[0].Key != "7" {
		t.Errorf("the person's records: got %d", len(got))
	}
}

// A word speaks of what its mail told of: an item that came later is not verified.
func TestAWordLeavesLaterItemsAlone(t *testing.T) {
	r := rules(t)
	c := asked(t, Access)
	c, err := r.request(c, Arrival{Kinds: []Kind{Erasure}, Sure: true}, Event{Quiet: true}, noon)
	if err != nil {
		t.Fatal(err)
	}
	c, err = r.Obey(c, Command{Word: WordVerified}, "officer@controller.example", 1, noon)
	if err != nil {
		t.Fatal(err)
	}
	if got := c.Items[1].State; got != Verifying {
		t.Errorf("the later erasure: got %s, want %s", got, Verifying)
	}
}

func TestFailureAndRetry(t *testing.T) {
	r := rules(t)
	c := obey(t, asked(t, Access), Command{Word: WordVerified})
	answer := c.Tasks[slices.IndexFunc(c.Tasks, func(t Task) bool { return t.Action == Answer })]
	c, _, err := r.failed(c, answer, Result{Fault: Permanent, Why: "refused 550"}, noon)
	if err != nil || c.State() != Attention || waiting(c, AttentionMail) != 2 {
		t.Fatalf("after a refusal: state %s, %d attention mails, %v", c.State(), waiting(c, AttentionMail), err)
	}
	c = obey(t, c, Command{Word: WordVerified, SendTo: "new@home.example"})
	if got := c.Task(answer.N); c.State() != Fulfilling || !got.Waiting() || got.To != "new@home.example" {
		t.Errorf("after a new address: state %s, task %s", c.State(), got.State)
	}
	c, err = r.finished(c, *c.Task(answer.N), Result{}, noon)
	if err != nil || c.State() != Answered || c.Purge.IsZero() || c.Passphrase == "" {
		t.Errorf("after the answer went: state %s, purge %s, %v", c.State(), c.Purge, err)
	}
}

func TestTemporaryTroubleIsTriedAgain(t *testing.T) {
	r := rules(t)
	c := asked(t, Access)
	ack := c.Tasks[0]
	c, _, err := r.failed(c, ack, Result{Fault: Temporary, Why: "451"}, noon)
	if got := c.Task(ack.N); err != nil || !got.Waiting() || !got.Due.After(noon) || got.Tries != 1 {
		t.Errorf("got %+v, %v", got.State, err)
	}
}

// say is any word that a handler may type, in any order.
func say() *rapid.Generator[Command] {
	return rapid.Custom(func(t *rapid.T) Command {
		return Command{
			Word: rapid.SampledFrom([]Word{WordVerified, WordUnverified, WordKind, WordSet, WordExtend, WordRefuse, WordAsk, WordStop,
				WordRetry, WordIgnore, WordDone, WordNote, WordStatus, WordHelp, WordBreach}).Draw(t, "word"),
			Kinds:  []Kind{rapid.SampledFrom(Kinds[:]).Draw(t, "kind")},
			Right:  rapid.SampledFrom([]Right{"", Marketing, Restriction}).Draw(t, "right"),
			Fields: []FieldChange{{Field: "name", New: "X"}},
			Reason: rapid.SampledFrom([]Reason{"", Unfounded}).Draw(t, "reason"),
			Text:   "because",
			SendTo: rapid.SampledFrom([]Address{"", "new@home.example"}).Draw(t, "send to"),
		}
	})
}

// Whatever is said and whatever fails: nothing leaves a closed state but by a bounce,
// nothing is released or erased before somebody vouched for it, and the due day never
// moves nearer.
func TestLifeOfACase(t *testing.T) {
	r := rules(t)
	rapid.Check(t, func(rt *rapid.T) {
		c := asked(t, rapid.SampledFrom(Kinds[:]).Draw(rt, "kind"))
		now := noon
		for range rapid.IntRange(1, 25).Draw(rt, "steps") {
			now = now.Add(time.Duration(rapid.IntRange(0, 40).Draw(rt, "hours")) * time.Hour)
			before := c.clone()
			bounced := false
			if rapid.Bool().Draw(rt, "a task ends") {
				c, bounced = endTask(rt, r, c, now)
			} else if next, err := r.Obey(c, say().Draw(rt, "command"), "officer@controller.example", 0, now); err == nil {
				c = next
			}
			holds(rt, before, c, bounced)
		}
	})
}

// endTask ends a task of the case at random: done, or failed for good.
func endTask(rt *rapid.T, r Rules, c Case, now time.Time) (Case, bool) {
	t := c.Tasks[rapid.IntRange(0, len(c.Tasks)-1).Draw(rt, "task")]
	if !t.Waiting() && t.State != TaskDone {
		return c, false
	}
	if t.State == TaskDone || rapid.Bool().Draw(rt, "fails") {
		next, _, err := r.failed(c, t, Result{Fault: Permanent, Why: "no"}, now)
		if err != nil {
			rt.Fatal(err)
		}
		return next, true
	}
	if t.Action == Window {
		done := c.clone()
		done.Task(t.N).State = TaskDone
		next, _, err := r.Next(done, Event{On: WindowOver, Item: t.Item}, now)
		if err != nil {
			return c, false
		}
		return next, false
	}
	next, err := r.finished(c, t, Result{}, now)
	if err != nil {
		rt.Fatal(err)
	}
	return next, false
}

func holds(rt *rapid.T, before, after Case, bounced bool) {
	if after.Clock.Ends().Before(before.Clock.Ends()) {
		rt.Fatalf("due moved from %s to %s", before.Clock.Ends(), after.Clock.Ends())
	}
	for _, it := range before.Items {
		now := after.Item(it.N)
		if now == nil {
			rt.Fatalf("item %d is gone", it.N)
		}
		if it.State.Closed() && now.State != it.State && !bounced {
			rt.Fatalf("item %d went from %s to %s", it.N, it.State, now.State)
		}
	}
	for _, t := range after.Tasks {
		if !t.Action.Releases() || t.State == TaskStopped {
			continue
		}
		if it := after.Item(t.Item); it == nil || it.Verified == nil {
			rt.Fatalf("%s is booked though nobody vouched", t.Action)
		}
	}
}

func TestEveryRowNamesKnownStates(t *testing.T) {
	for _, row := range transitions {
		if row.From != "" && !slices.Contains(States[:], row.From) || row.To != back && !slices.Contains(States[:], row.To) {
			t.Errorf("row %s on %s: unknown state", row.From, row.On)
		}
		if row.From.Closed() && row.On != Failed {
			t.Errorf("row %s on %s leaves a closed state", row.From, row.On)
		}
	}
}
