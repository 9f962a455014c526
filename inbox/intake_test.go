package inbox

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"

	"dpobot/inbox/mailbox"
	"dpobot/inbox/reading"
	"dpobot/inbox/sorting"
	"dpobot/workflow"
)

// desk is one that takes no mail, and is away or not.
type desk struct{ err, away error }

func (d desk) File(context.Context, workflow.Arrival) (workflow.Ref, workflow.Filed, error) {
	return "", "", d.err
}
func (d desk) Decide(context.Context, workflow.Decision) (workflow.Decided, error) { return "", d.err }
func (d desk) TakeReply(context.Context, workflow.KeeperReply) (workflow.Decided, error) {
	return "", d.err
}
func (d desk) Bounce(context.Context, workflow.Bounced) error                    { return d.err }
func (d desk) Refuse(context.Context, workflow.Identity, workflow.Refusal) error { return d.err }
func (d desk) Away(context.Context) error                                        { return d.away }

type request struct{}

func (request) Sort(string, string) sorting.Result {
	return sorting.Result{Kind: sorting.Access, Kinds: []sorting.Kind{sorting.Access}, Sure: true, Lang: "en"}
}

// One mail that the desk cannot take must not hold up all others, and while the desk is away no mail may be counted
// as a bad one.
func TestWhoseTrouble(t *testing.T) {
	cannot := errors.New("the case is too large")
	rows := []struct {
		name string
		desk desk
		all  bool // all mails wait
	}{
		{"the case's", desk{err: cannot}, false},
		{"the store's", desk{err: cannot, away: errors.New("no route")}, true},
		{"nobody's: others were faster", desk{err: workflow.ErrConflict}, true},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			judge := NewJudge("privacy@company.example", nil, workflow.NewStamps(make([]byte, 32), "privacy@company.example"), request{}, "", nil, []string{"en"})
			in := NewIntake(row.desk, judge, reading.DefaultLimits(), slog.New(slog.DiscardHandler))
			mail := "From: a@b.example\r\nTo: privacy@company.example\r\nSubject: x\r\n\r\nPlease send me my data.\r\n"
			_, read := in.Read(t.Context(), mailbox.Message{UID: 1}, strings.NewReader(mail))
			_, aside := in.SetAside(t.Context(), mailbox.Message{UID: 1}, "x")
			for call, err := range map[string]error{"Read": read, "SetAside": aside} {
				if err == nil || !errors.Is(err, row.desk.err) || errors.Is(err, mailbox.ErrUnavailable) != row.all {
					t.Errorf("%s: got %v; want the desk's error, and all mails wait: %v", call, err, row.all)
				}
			}
		})
	}
}
