package workflow

// Trigger is something that happens to an item.
type Trigger string

const (
	Requested  Trigger = "requested"   // a mail asked for it, surely
	Demanded   Trigger = "demanded"    // likewise, a right that is granted at once
	Doubtful   Trigger = "doubtful"    // a mail may ask for something
	SortedAs   Trigger = "sorted-as"   // KIND
	SortedOnce Trigger = "sorted-once" // KIND, a right that is granted at once
	Ignored    Trigger = "ignored"     // IGNORE
	LookedUp   Trigger = "looked-up"   // the registers were asked who the person is
	Vouched    Trigger = "vouched"     // VERIFIED
	Doubted    Trigger = "doubted"     // UNVERIFIED
	Questioned Trigger = "questioned"  // ASK
	Replied    Trigger = "replied"     // the person answered a question
	Declined   Trigger = "declined"    // REFUSE
	Outside    Trigger = "outside"     // DONE
	TakenBack  Trigger = "taken-back"  // DONE withdrawn
	Stopped    Trigger = "stopped"     // STOP
	WindowOver Trigger = "window-over" // the undo window ran out
	Changed    Trigger = "changed"     // the registers hold the new values
	Erased     Trigger = "erased"      // the registers were erased by plan
	Objected   Trigger = "objected"    // marketing or consent ended
	Completed  Trigger = "completed"   // every task of the item is done
	Failed     Trigger = "failed"      // a task failed for good, or its mail bounced
	Retried    Trigger = "retried"     // RETRY
)

// transition is a row of the life of an item: what is not in the table cannot happen.
type transition struct {
	From State // "": a new item
	On   Trigger
	Kind Kind // "": any
	To   State
	Do   []Action
}

// back stands for the state that the item had before Attention.
const back State = "(before)"

// anyKind marks a row for items of every kind.
const anyKind Kind = ""

// transitions is the life of an item. An item in Attention follows the rows of the
// state that it came from where Attention has no row of its own: what failed stops
// nobody from deciding.
var transitions = []transition{
	{"", Requested, anyKind, Verifying, []Action{Acknowledge, LookUp}},
	{"", Demanded, Other, Fulfilling, []Action{KeeperMail, Object}},
	{"", Doubtful, anyKind, Triage, []Action{TriageMail}},

	{Triage, SortedAs, anyKind, Verifying, []Action{Acknowledge, LookUp}},
	{Triage, SortedOnce, Other, Fulfilling, []Action{KeeperMail, Object}},
	{Triage, Ignored, anyKind, NotARequest, nil},
	{Triage, Outside, anyKind, Answered, nil},
	{Triage, TakenBack, anyKind, Withdrawn, nil}, // they were never told of a case
	{Triage, Declined, anyKind, Refused, []Action{Refusing}},

	{Verifying, LookedUp, anyKind, Verifying, []Action{CaseMail}},
	{Verifying, SortedAs, anyKind, Verifying, []Action{LookUp}},
	{Verifying, SortedOnce, Other, Fulfilling, []Action{KeeperMail, Object}},
	{Verifying, Ignored, anyKind, NotARequest, nil},
	{Verifying, Vouched, Access, Fulfilling, []Action{KeeperMail, Answer}},
	{Verifying, Vouched, Change, Fulfilling, []Action{KeeperMail, ChangeData}},
	{Verifying, Vouched, Erasure, Grace, []Action{Window, Receipt}},
	{Verifying, Vouched, Other, Verifying, []Action{Receipt}}, // a human does it, then DONE
	{Verifying, Doubted, anyKind, Verifying, []Action{OtherWays}},
	{Verifying, Questioned, anyKind, Asking, []Action{AskPerson}},
	{Verifying, Declined, anyKind, Refused, []Action{Refusing}},
	{Verifying, Outside, anyKind, Answered, nil},
	{Verifying, TakenBack, anyKind, Withdrawn, []Action{Closing}},

	{Asking, Replied, anyKind, Verifying, nil},
	{Asking, LookedUp, anyKind, Asking, []Action{CaseMail}},
	{Asking, SortedAs, anyKind, Verifying, []Action{LookUp}},
	{Asking, SortedOnce, Other, Fulfilling, []Action{KeeperMail, Object}},
	{Asking, Ignored, anyKind, NotARequest, nil},
	{Asking, Vouched, Access, Fulfilling, []Action{KeeperMail, Answer}},
	{Asking, Vouched, Change, Fulfilling, []Action{KeeperMail, ChangeData}},
	{Asking, Vouched, Erasure, Grace, []Action{Window, Receipt}},
	{Asking, Vouched, Other, Verifying, []Action{Receipt}},
	{Asking, Doubted, anyKind, Verifying, []Action{OtherWays}},
	{Asking, Questioned, anyKind, Asking, []Action{AskPerson}},
	{Asking, Declined, anyKind, Refused, []Action{Refusing}},
	{Asking, Outside, anyKind, Answered, nil},
	{Asking, TakenBack, anyKind, Withdrawn, []Action{Closing}},

	{Grace, WindowOver, Erasure, Fulfilling, []Action{KeeperMail, EraseData}},
	{Grace, Stopped, Erasure, Verifying, []Action{LookUp}},
	{Grace, Outside, Erasure, Answered, nil},
	{Grace, TakenBack, Erasure, Withdrawn, []Action{Closing}},

	{Fulfilling, Changed, Change, Fulfilling, []Action{ConfirmChange}},
	{Fulfilling, Erased, Erasure, Fulfilling, []Action{ConfirmErasure}},
	{Fulfilling, Objected, Other, Fulfilling, []Action{ConfirmOther}},
	{Fulfilling, Completed, anyKind, Answered, []Action{Receipt}},
	{Fulfilling, Stopped, anyKind, Verifying, []Action{LookUp}},
	{Fulfilling, Failed, anyKind, Attention, []Action{AttentionMail}},
	{Fulfilling, Outside, anyKind, Answered, nil},
	{Fulfilling, TakenBack, anyKind, Withdrawn, []Action{Closing}}, // while a keeper is asked, say

	{Triage, Failed, anyKind, Attention, []Action{AttentionMail}},
	{Verifying, Failed, anyKind, Attention, []Action{AttentionMail}},
	{Asking, Failed, anyKind, Attention, []Action{AttentionMail}},
	{Grace, Failed, anyKind, Attention, []Action{AttentionMail}},

	// The server took the answer, and it came back all the same: nobody was answered.
	{Answered, Failed, anyKind, Attention, []Action{AttentionMail}},
	{Refused, Failed, anyKind, Attention, []Action{AttentionMail}},
	{Withdrawn, Failed, anyKind, Attention, []Action{AttentionMail}},

	{Attention, Retried, anyKind, back, nil},
	{Attention, Failed, anyKind, Attention, nil},
	{Attention, Outside, anyKind, Answered, nil}, // also where a refusal could not be delivered
}

// find is the row for an item of the kind in the state, or false.
func find(from State, on Trigger, kind Kind) (transition, bool) {
	for _, row := range transitions {
		if row.From == from && row.On == on && (row.Kind == anyKind || row.Kind == kind) {
			return row, true
		}
	}
	return transition{}, false
}
