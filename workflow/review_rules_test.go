package workflow

import (
	"errors"
	"slices"
	"testing"
	"time"
)

// did takes the first waiting task of the action as done with the result.
func did(t *testing.T, c Case, a Action, res Result) Case {
	t.Helper()
	for _, task := range c.Tasks {
		if task.Action == a && task.Waiting() {
			c, err := rules(t).finished(c.clone(), task, res, noon)
			if err != nil {
				t.Fatalf("%s: %v", a, err)
			}
			return c
		}
	}
	t.Fatalf("no %s waits", a)
	return c
}

func TestStopCancelsTheErasureThoughTheChangeWasWritten(t *testing.T) {
	c := obey(t, asked(t, Change, Erasure), Command{Word: WordVerified})
	c = did(t, c, ChangeData, Result{Reports: []RegisterReport{{Register: "r"}}})
	c = obey(t, c, Command{Word: WordStop})
	if got := c.Items[1].State; got != Verifying {
		t.Errorf("erasure after STOP: got %s, want %s", got, Verifying)
	}
	if got := waiting(c, Window); got != 0 {
		t.Errorf("undo windows that still run: got %d, want 0", got)
	}
	if got := c.Items[0].State; got != Fulfilling {
		t.Errorf("a change that is written cannot be stopped: got %s, want %s", got, Fulfilling)
	}
}

func TestAnAnswerThatCameBackCanBeGivenAgain(t *testing.T) {
	c := obey(t, asked(t, Access), Command{Word: WordVerified})
	c = did(t, c, Answer, Result{MessageID: "x"})
	answer := *c.Task(slices.IndexFunc(c.Tasks, func(t Task) bool { return t.Action == Answer }) + 1)
	c, _, err := rules(t).failed(c.clone(), answer, Result{Fault: Permanent, Why: "bounced 5.1.1"}, noon)
	if err != nil {
		t.Fatal(err)
	}
	c = obey(t, c, Command{Word: WordVerified, SendTo: "new@home.example"})
	if c.Passphrase == "" {
		t.Error("the package can be built no more: its passphrase is forgotten")
	}
	again := slices.IndexFunc(c.Tasks, func(t Task) bool { return t.Action == Answer && t.Waiting() })
	switch {
	case again < 0:
		t.Fatal("no answer waits")
	case c.Tasks[again].N == answer.N:
		t.Error("the answer has the Message-ID of the one that came back: the Sent folder would say that it went")
	case c.Tasks[again].To != "new@home.example":
		t.Error("the answer goes to the address that it came back from")
	}
	if c = did(t, c, Answer, Result{MessageID: "y"}); c.State() != Answered {
		t.Errorf("after the second answer: got %s, want %s", c.State(), Answered)
	}
}

func TestDoneBreachClosesNoRequest(t *testing.T) {
	c := asked(t, Access)
	_, err := rules(t).Obey(c, Command{Word: WordDone, Text: "breach"}, "officer@controller.example", 0, noon)
	var impossible *Impossible
	if !errors.As(err, &impossible) || impossible.Why != NoBreach {
		t.Errorf("DONE breach without one: got %v, want %s", err, NoBreach)
	}
}

func TestAnOpenBreachKeepsItsCaseInTheDigest(t *testing.T) {
	c := obey(t, asked(t, Access), Command{Word: WordBreach})
	c = obey(t, c, Command{Word: WordDone})
	if c.Closed() || !c.Purge.IsZero() {
		t.Error("the case is closed while its breach is open: no digest shows it, and it will be purged")
	}
	c = obey(t, c, Command{Word: WordDone, Text: "breach"})
	if !c.Closed() || c.Purge.IsZero() {
		t.Error("the case is open, or never purged, though the breach is done")
	}
}

func TestAnotherKindIsLookedUpBeforeItIsVerified(t *testing.T) {
	c := obey(t, asked(t, Erasure), Command{Word: WordKind, Kinds: []Kind{Access}})
	_, err := rules(t).Obey(c, Command{Word: WordVerified}, "officer@controller.example", 0, noon)
	var impossible *Impossible
	if !errors.As(err, &impossible) || impossible.Why != StillLooking {
		t.Errorf("VERIFIED before the look-up for the new kind: got %v, want %s", err, StillLooking)
	}
}

func TestMatchNumbersAreThoseOfTheMail(t *testing.T) {
	c := asked(t, Access)
	c.Found = []Found{{Register: "r", Key: "matti"}, {Register: "r", Key: "maija"}}
	c, err := rules(t).next(c, Event{}, LookedUp, noon)
	if err != nil {
		t.Fatal(err)
	}
	told := c.Epoch
	c.Book(Task{Action: LookUp, Due: noon})
	c = did(t, c, LookUp, Result{Found: []Found{{Register: "r", Key: "liisa"}, {Register: "r", Key: "matti"}, {Register: "r", Key: "maija"}}})
	if c.Epoch == told {
		t.Error("an answer to the earlier mail would pick by the new numbers")
	}
	told = c.Epoch
	c.Book(Task{Action: LookUp, Due: noon})
	c = did(t, c, LookUp, Result{Found: []Found{{Register: "r", Key: "liisa"}, {Register: "r", Key: "matti"}, {Register: "r", Key: "maija"}}})
	if c.Epoch != told {
		t.Error("a look-up that found the same spent the secrets")
	}
}

func TestALaterMailsValuesAreShownBeforeTheyCount(t *testing.T) {
	r := rules(t)
	empty := asked(t, Change)
	empty.Items[0].Fields = nil
	told := empty.Epoch
	fields := []FieldChange{{Field: "iban", New: "FI00"}}

	c, err := r.reply(empty.clone(), Arrival{From: "person@home.example", Fields: fields}, noon)
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Items[0].Fields) != 1 || c.Epoch == told || waiting(c, CaseMail) != 2 {
		t.Errorf("got %d fields, secrets spent %v, %d case mails; want the field, spent, one each", len(c.Items[0].Fields), c.Epoch != told, waiting(c, CaseMail))
	}
	c, err = r.reply(empty.clone(), Arrival{From: "stranger@else.example", Fields: fields}, noon)
	if err != nil {
		t.Fatal(err)
	}
	if len(c.Items[0].Fields) != 0 {
		t.Error("somebody else's mail said what the change is to write")
	}
}

func TestAnErasedPersonsValuesDoNotStayInReports(t *testing.T) {
	c := obey(t, asked(t, Change, Erasure), Command{Word: WordVerified})
	c = did(t, c, ChangeData, Result{Reports: []RegisterReport{{Register: "r", Changed: []FieldChange{{Field: "name", Old: "Old", New: "New"}}}}})
	c = did(t, c, ConfirmChange, Result{})
	c, err := rules(t).next(c, Event{Item: 2}, WindowOver, noon.Add(25*time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	for i := range c.Tasks {
		if c.Tasks[i].Action == Window {
			c.Tasks[i].State = TaskDone
		}
	}
	c = did(t, c, EraseData, Result{Reports: []RegisterReport{{Register: "r", Deleted: []string{"name"}}}})
	c = did(t, c, ConfirmErasure, Result{})
	if got := c.Items[0].Reports[0].Changed[0]; got.Old != "" || got.New != "" {
		t.Error("the values of the change are kept after the erasure")
	}
}

func TestStopTakesBackWhatVerifiedSaid(t *testing.T) {
	c := asked(t, Access)
	c.Found = []Found{{Register: "r", Key: "matti", Address: "matti@home.example"}, {Register: "r", Key: "maija", Address: "maija@home.example"}}
	c = obey(t, c, Command{Word: WordVerified, Pick: []int{1}, SendTo: "wrong@home.example"})
	c = obey(t, c, Command{Word: WordStop})
	if c.Pinned() != "person@home.example" || len(c.Theirs()) != 0 {
		t.Errorf("after STOP: %d records are the person's, and the address typed counts: %v", len(c.Theirs()), c.Pinned() == "wrong@home.example")
	}
}

func TestMatchReplacesTheMatchBefore(t *testing.T) {
	c := asked(t, Access)
	c.Found = []Found{{Register: "r", Key: "matti", Address: "matti@home.example", Picked: true}, {Register: "r", Key: "maija", Address: "maija@home.example"}}
	c = obey(t, c, Command{Word: WordVerified, Pick: []int{2}})
	if got := c.Theirs(); len(got) != 1 || got[0].Key != "maija" {
		t.Errorf("MATCH 2 after MATCH 1: %d records go out, want that of match 2 alone", len(got))
	}
}

func TestARefusalThatCannotBeDeliveredCanBeSettledByHand(t *testing.T) {
	c := obey(t, asked(t, Access), Command{Word: WordRefuse, Reason: Unfounded, Text: "no"})
	refusal := slices.IndexFunc(c.Tasks, func(t Task) bool { return t.Action == Refusing })
	c, _, err := rules(t).failed(c.clone(), c.Tasks[refusal], Result{Fault: Permanent, Why: "refused 550"}, noon)
	if err != nil || c.State() != Attention {
		t.Fatalf("a refusal that failed: %s, %v", c.State(), err)
	}
	if c = obey(t, c, Command{Word: WordDone, Text: "by letter"}); !c.Closed() {
		t.Errorf("after DONE: got %s, want it closed", c.State())
	}
}
