package workflow

import (
	"errors"
	"slices"
	"testing"
	"time"
)

func impossible(t *testing.T, c Case, cmd Command) Obstacle {
	t.Helper()
	_, err := rules(t).Obey(c, cmd, "officer@controller.example", 0, noon)
	var found *Impossible
	if !errors.As(err, &found) {
		t.Fatalf("%s: got %v, want that it is not possible", cmd.Word, err)
	}
	return found.Why
}

func states(c Case) []State {
	var all []State
	for _, it := range c.Items {
		all = append(all, it.State)
	}
	return all
}

// A kind behind the word limits it to that item; the rest is mailed anew, as the secrets
// are spent.
func TestAWordForOneItem(t *testing.T) {
	rows := []struct {
		name string
		say  Command
		want []State
	}{
		{"refuse all", Command{Word: WordRefuse, Reason: LegalDuty}, []State{Refused, Refused}},
		{"refuse one", Command{Word: WordRefuse, Reason: LegalDuty, Kinds: []Kind{Erasure}}, []State{Verifying, Refused}},
		{"ignore one", Command{Word: WordIgnore, Kinds: []Kind{Access}}, []State{NotARequest, Verifying}},
		{"done with one", Command{Word: WordDone, Text: "by letter", Kinds: []Kind{Access}}, []State{Answered, Verifying}},
		{"withdrawn, one", Command{Word: WordDone, Text: "withdrawn", Kinds: []Kind{Erasure}}, []State{Verifying, Withdrawn}},
		{"withdrawn, all", Command{Word: WordDone, Text: "withdrawn"}, []State{Withdrawn, Withdrawn}},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			c := asked(t, Access, Erasure)
			for i := range c.Tasks {
				c.Tasks[i].State = TaskDone
			}
			c = obey(t, c, row.say)
			if got := states(c); !slices.Equal(got, row.want) {
				t.Errorf("items: got %v, want %v", got, row.want)
			}
			mails := 0
			for _, task := range c.Tasks {
				if task.Action == CaseMail && task.Waiting() && task.Epoch == c.Epoch {
					mails++
				}
			}
			want := 0
			if slices.Contains(row.want, Verifying) {
				want = 2
			}
			if mails != want {
				t.Errorf("case mails with a secret that counts: got %d, want %d", mails, want)
			}
		})
	}
	if got := impossible(t, asked(t, Access), Command{Word: WordRefuse, Reason: LegalDuty, Kinds: []Kind{Erasure}}); got != NoSuchItem {
		t.Errorf("REFUSE erasure without one: got %s, want %s", got, NoSuchItem)
	}
}

// Who was mailed before another handler sorted or set anew has not seen what VERIFIED
// would do now.
func TestAnOlderMailDoesNotSpeakOfWhatChangedSince(t *testing.T) {
	c := asked(t, Access)
	if got := obey(t, c, Command{Word: WordKind, Kinds: []Kind{Erasure}}); got.Epoch == c.Epoch {
		t.Error("KIND: the secrets of the mails before still count")
	}
	c = asked(t, Change)
	set := obey(t, c, Command{Word: WordSet, Fields: []FieldChange{{Field: "name", New: "Y"}}})
	if set.Epoch == c.Epoch {
		t.Error("SET: the secrets of the mails before still count")
	}
	for _, task := range set.Tasks {
		if task.Action == CaseMail && task.Waiting() && task.Epoch != set.Epoch {
			t.Error("SET: the mail that shows the new values has no secret that counts")
		}
	}
}

// A stranger's mail in the case must not keep an erasure waiting for ever.
func TestAnErasureWaitsForACopyThatWasVouchedForAlone(t *testing.T) {
	c := obey(t, asked(t, Access, Erasure), Command{Word: WordVerified})
	if !c.owesCopy() {
		t.Error("the copy was vouched for and is not out yet: the erasure must wait")
	}
	c = obey(t, asked(t, Erasure), Command{Word: WordVerified})
	later, err := rules(t).request(c, Arrival{Kinds: []Kind{Access}, Sure: true}, Event{}, noon)
	if err != nil {
		t.Fatal(err)
	}
	if later.owesCopy() {
		t.Error("nobody vouched for the later request, and the erasure waits for it")
	}
	if !obey(t, later, Command{Word: WordVerified}).owesCopy() {
		t.Error("somebody vouched for the later request, and the erasure does not wait for it")
	}
}

func bounced(t *testing.T, c Case, a Action, item int) Case {
	t.Helper()
	at := slices.IndexFunc(c.Tasks, func(t Task) bool { return t.Action == a && (item == 0 || t.Item == item) })
	if at < 0 {
		t.Fatalf("no %s", a)
	}
	c, _, err := rules(t).failed(c.clone(), c.Tasks[at], Result{Fault: Permanent, Why: "bounced 5.1.1"}, noon)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// What came back brings to attention what it was about, and nothing else.
func TestABounceConcernsItsItem(t *testing.T) {
	both := asked(t, Access, Erasure)
	half := obey(t, both, Command{Word: WordRefuse, Reason: LegalDuty, Kinds: []Kind{Erasure}})
	done := obey(t, half, Command{Word: WordVerified})
	done = did(t, done, Answer, Result{MessageID: "x"})
	rows := []struct {
		name   string
		before Case
		action Action
		want   []State
	}{
		{"the acknowledgement, nothing decided", both, Acknowledge, []State{Attention, Attention}},
		{"the acknowledgement, one item refused", half, Acknowledge, []State{Attention, Refused}},
		{"the acknowledgement, all closed", done, Acknowledge, []State{Answered, Refused}},
		{"the refusal", half, Refusing, []State{Verifying, Attention}},
		{"the refusal, the other answered", done, Refusing, []State{Answered, Attention}},
		{"the answer", done, Answer, []State{Attention, Refused}},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			if got := states(bounced(t, row.before, row.action, 0)); !slices.Equal(got, row.want) {
				t.Errorf("items: got %v, want %v", got, row.want)
			}
		})
	}
}

// STOP while the server's answer to the mail is not known: it may have gone.
func TestStopWhileAMailIsSentPerhaps(t *testing.T) {
	c := obey(t, asked(t, Access), Command{Word: WordVerified})
	at := slices.IndexFunc(c.Tasks, func(t Task) bool { return t.Action == Answer })
	c, _, err := rules(t).failed(c.clone(), c.Tasks[at], Result{Fault: Temporary, Why: "sent perhaps", Perhaps: true}, noon)
	if err != nil {
		t.Fatal(err)
	}
	c = obey(t, c, Command{Word: WordStop})
	if c.State() != Attention || c.Tasks[at].State != TaskStopped || waiting(c, AttentionMail) != 2 {
		t.Errorf("got %s, the answer %s, %d alarms; want %s, %s, 2", c.State(), c.Tasks[at].State, waiting(c, AttentionMail), Attention, TaskStopped)
	}
}

func TestDoneWithdrawn(t *testing.T) {
	rows := []struct {
		name string
		c    Case
		want State
	}{
		{"said on the telephone", asked(t, Access), Withdrawn},
		{"in the undo window", obey(t, asked(t, Erasure), Command{Word: WordVerified}), Withdrawn},
	}
	for _, row := range rows {
		if got := obey(t, row.c, Command{Word: WordDone, Text: "withdrawn"}).State(); got != row.want {
			t.Errorf("%s: got %s, want %s", row.name, got, row.want)
		}
	}
	c := obey(t, asked(t, Erasure), Command{Word: WordVerified})
	c = obey(t, c, Command{Word: WordDone, Text: "withdrawn"})
	if waiting(c, Window) != 0 {
		t.Error("the undo window of a withdrawn erasure still runs")
	}
}

// A breach is known at the latest when the handler's word came, however late it is read.
func TestABreachRunsFromTheWordsArrival(t *testing.T) {
	late := noon.Add(30 * time.Hour)
	c, err := rules(t).Obey(asked(t, Access), Command{Word: WordBreach, Text: "sent to the wrong customer", At: noon}, "officer@controller.example", 0, late)
	if err != nil {
		t.Fatal(err)
	}
	if want := noon.Add(72 * time.Hour); !c.Breach.Due.Equal(want) {
		t.Errorf("due: got %s, want %s", c.Breach.Due, want)
	}
	if len(c.Notes) != 1 {
		t.Errorf("notes: got %d, want that of the word", len(c.Notes))
	}
}
