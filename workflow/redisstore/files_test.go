package redisstore_test

import (
	"bytes"
	"errors"
	"path/filepath"
	"testing"

	"dpobot/workflow"
	"dpobot/workflow/redisstore"
	"dpobot/workflow/redisstore/seal"
)

var document = bytes.Repeat([]byte("invoice of Matti "), 1000)

// An ID is made of what stands in the document.
const digestOfDocument = "5f2b7a90c4d1e86a3b7f0011"
const documentID = "1-" + digestOfDocument

// withDocument is a case of which a keeper gave a document, and the step that keeps it.
func withDocument(c workflow.Case) workflow.Step {
	c.Items = []workflow.Item{{N: 1, Kind: workflow.Access, State: workflow.Fulfilling, Inquiries: []workflow.Inquiry{
		{N: 1, Register: "paper", Files: []workflow.KeptFile{{ID: documentID, Name: "a.pdf"}, {ID: "1-b", Name: "b.pdf"}}},
	}}}
	return workflow.Step{Case: c, Files: []workflow.NewFile{{ID: documentID, Data: document}, {ID: "1-b", Data: []byte("b")}}}
}

func testFiles(t *testing.T, h house) {
	ctx := t.Context()
	c := file(t, h.Store)
	commit(t, h.Store, withDocument(load(t, h.Store, c.Ref)))
	if got := must(h.process().File(ctx, c.Ref, documentID)); !bytes.Equal(got, document) {
		t.Fatalf("got %d bytes, want the document", len(got))
	}
	for key, value := range must(dump(ctx, h.rdb)) {
		if bytes.Contains([]byte(value), document[:17]) {
			t.Errorf("%s shows the document", key)
		}
		if bytes.Contains([]byte(key+value), []byte(digestOfDocument)) { // whoever has a like document could tell that it is there
			t.Errorf("%s shows the document's digest", key)
		}
	}
	if n := must(h.rdb.HLen(ctx, h.key("case:"+string(c.Ref))).Result()); n > 5 {
		t.Errorf("got %d fields in the case, want that the documents lie beside it", n)
	}

	// A commit that loses, or is decided anew, leaves no document behind.
	if err := h.Commit(ctx, workflow.Step{Case: c, Files: []workflow.NewFile{{ID: "1-lost", Data: document}}}); !errors.Is(err, workflow.ErrConflict) {
		t.Fatalf("got %v, want a conflict", err)
	}
	if _, err := h.File(ctx, c.Ref, "1-lost"); !errors.Is(err, workflow.ErrNoFile) {
		t.Errorf("of a commit that lost: got %v, want ErrNoFile", err)
	}

	// What the case no longer names is destroyed by the same commit.
	now := load(t, h.Store, c.Ref)
	now.Items[0].Inquiries[0].Files[0].ID = ""
	commit(t, h.Store, workflow.Step{Case: now})
	if _, err := h.File(ctx, c.Ref, documentID); !errors.Is(err, workflow.ErrNoFile) {
		t.Errorf("no longer named: got %v, want ErrNoFile", err)
	}
	if got := must(h.File(ctx, c.Ref, "1-b")); string(got) != "b" {
		t.Errorf("still named: got %q", got)
	}

	// Forgetting the case forgets its documents.
	commit(t, h.Store, workflow.Step{Case: closed(load(t, h.Store, c.Ref))})
	if err := h.Purge(ctx, c.Ref, load(t, h.Store, c.Ref).Version); err != nil {
		t.Fatal(err)
	}
	if n := must(h.rdb.Exists(ctx, h.key("files:"+string(c.Ref))).Result()); n != 0 {
		t.Error("the documents outlive their case")
	}
}

func testFilesRotate(t *testing.T, h house) {
	path := filepath.Join(t.TempDir(), "keys")
	if err := seal.Create(path); err != nil {
		t.Fatal(err)
	}
	store := redisstore.New(h.rdb, h.mailbox, must(seal.Open(path)))
	c := file(t, store)
	commit(t, store, withDocument(load(t, store, c.Ref)))
	if err := seal.Rotate(path); err != nil {
		t.Fatal(err)
	}
	if n := must(store.Rewrap(t.Context())); n != 3 {
		t.Errorf("got %d keys rewrapped, want those of the case and its two documents", n)
	}
	if n := must(seal.Retire(path)); n != 1 {
		t.Errorf("got %d keys retired, want 1", n)
	}
	fresh := redisstore.New(h.rdb, h.mailbox, must(seal.Open(path)))
	if got := must(fresh.File(t.Context(), c.Ref, documentID)); !bytes.Equal(got, document) {
		t.Errorf("after rotation: got %d bytes, want the document", len(got))
	}
}
