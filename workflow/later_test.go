package workflow_test

import (
	"testing"
	"time"

	"dpobot/workflow"
	"dpobot/workflow/redisstore/storetest"
)

// What the person writes between VERIFIED and the erasure is shown to the handlers and outlives the content of the request.
func TestAMailBeforeTheErasureIsNotLost(t *testing.T) {
	c := &clock{now: time.Date(2026, 3, 5, 10, 0, 0, 0, time.UTC)}
	store := storetest.New(t)
	e := engine(t, store, c)
	a := request(1)
	a.Kinds = []workflow.Kind{workflow.Erasure}
	ref, _, err := e.File(t.Context(), a)
	if err != nil {
		t.Fatal(err)
	}
	drain(t, e)
	verify(t, e, ref)
	drain(t, e)
	c.pass(50 * time.Minute)
	later := request(1)
	later.Identity.UID, later.Identity.Digest, later.MessageID = 2, "digest 2", "2@home.example"
	later.Kinds, later.Sure, later.Text = nil, false, "Please keep the receipts"
	if _, filed, err := e.File(t.Context(), later); err != nil || filed != workflow.Joined {
		t.Fatalf("got %s, %v", filed, err)
	}
	also := later
	also.Identity.UID, also.Identity.Digest, also.MessageID = 3, "digest 3", "3@home.example"
	also.Kinds, also.Sure, also.Text = []workflow.Kind{workflow.Access}, true, "And send me a copy first"
	if _, _, err := e.File(t.Context(), also); err != nil {
		t.Fatal(err)
	}
	if got := drain(t, e)[workflow.FollowUpMail]; got != len(handlers) {
		t.Errorf("got %d follow-up mails, want one to each handler", got)
	}
	verify(t, e, ref)
	drain(t, e)
	c.pass(3 * time.Hour)
	drain(t, e)
	got, err := store.Load(t.Context(), ref)
	if err != nil || !got.State().Closed() {
		t.Fatalf("got %s, %v; want a case that is answered", got.State(), err)
	}
	texts := []workflow.Text{got.Messages[0].Text, got.Messages[1].Text, got.Messages[2].Text}
	if texts[0] != "" || texts[1] != later.Text || texts[2] != also.Text {
		t.Errorf("got kept: %v %v %v; want the later mails alone", texts[0] != "", texts[1] != "", texts[2] != "")
	}
}

// What an item that is still open needs is not forgotten with an erasure, and is when that item closes.
func TestAnErasureLeavesWhatIsStillOpen(t *testing.T) {
	c := &clock{now: time.Date(2026, 3, 5, 10, 0, 0, 0, time.UTC)}
	store := storetest.New(t)
	e := engine(t, store, c)
	a := request(1)
	a.Name, a.Kinds, a.Right = "Matti Testinen", []workflow.Kind{workflow.Erasure, workflow.Other}, workflow.Restriction
	ref, _, err := e.File(t.Context(), a)
	if err != nil {
		t.Fatal(err)
	}
	drain(t, e)
	verify(t, e, ref)
	drain(t, e)
	c.pass(3 * time.Hour)
	drain(t, e)
	got, err := store.Load(t.Context(), ref)
	if err != nil || got.Items[0].State != workflow.Answered || got.Items[1].State.Closed() {
		t.Fatalf("got %v, %v; want the erasure done and the other right open", got.State(), err)
	}
	if got.Person.Name != a.Name || got.Messages[0].Text != a.Text {
		t.Error("the open item has lost what it is about")
	}
	if _, err := e.Decide(t.Context(), workflow.Decision{Ref: ref, Local: true, Command: workflow.Command{Word: workflow.WordDone}}); err != nil {
		t.Fatal(err)
	}
	got, err = store.Load(t.Context(), ref)
	if err != nil || got.Person.Name != "" || got.Messages[0].Text != "" || got.Erased {
		t.Errorf("got %v; want the content forgotten once all is closed", err)
	}
}

func verify(t *testing.T, e *workflow.Engine, ref workflow.Ref) {
	t.Helper()
	_, err := e.Decide(t.Context(), workflow.Decision{Ref: ref, Local: true, Command: workflow.Command{Word: workflow.WordVerified, How: workflow.ByCall}})
	if err != nil {
		t.Fatal(err)
	}
}
