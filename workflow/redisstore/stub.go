package redisstore

import "dpobot/workflow"

// StubOf is what stays of a case after its retention: kinds, rights, states, dates, how
// it was verified, reasons of refusal by code, and how often its tasks failed. Nobody's
// name, address or word is in it, so it is kept in the clear and outlives the keys.
func StubOf(c workflow.Case) workflow.Case {
	stub := workflow.Case{
		Ref:      c.Ref,
		Version:  c.Version,
		Language: c.Language,
		Received: c.Received,
		Clock:    workflow.Clock{Received: c.Clock.Received, Due: c.Clock.Due, Extended: c.Clock.Extended},
		LastTask: c.LastTask,
		Epoch:    c.Epoch,
		Breach:   c.Breach,
		Purge:    c.Purge,
	}
	for _, it := range c.Items {
		kept := workflow.Item{
			N: it.N, Kind: it.Kind, Right: it.Right, State: it.State, Opened: it.Opened,
			Reason: it.Reason, GraceEnd: it.GraceEnd, Closed: it.Closed,
		}
		if it.Verified != nil {
			kept.Verified = &workflow.Verification{How: it.Verified.How, At: it.Verified.At}
		}
		stub.Items = append(stub.Items, kept)
	}
	for _, t := range c.Tasks {
		stub.Tasks = append(stub.Tasks, workflow.Task{
			N: t.N, Action: t.Action, Item: t.Item, State: t.State, Due: t.Due, Tries: t.Tries, Done: t.Done,
		})
	}
	return stub
}
