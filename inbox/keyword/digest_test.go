package keyword

import (
	"errors"
	"strings"
	"testing"

	"dpobot/workflow"
)

func TestReadDigest(t *testing.T) {
	type want struct {
		ref  workflow.Ref
		word workflow.Word
		err  error
	}
	rows := []struct {
		name, reply string
		want        []want
	}{
		{"several", "DPO-2026-0001 VERIFIED BY call\nDPO-2026-0002 OHITA\nDPO-2026-0003 LÄGE", []want{
			{"DPO-2026-0001", workflow.WordVerified, nil}, {"DPO-2026-0002", workflow.WordIgnore, nil}, {"DPO-2026-0003", workflow.WordStatus, nil}}},
		{"blank lines between, a name below", "DPO-2026-0001 VERIFIED\n\nDPO-2026-0002 IGNORE\n\nPauli Vuorio\nnew phone 040 123", []want{
			{"DPO-2026-0001", workflow.WordVerified, nil}, {"DPO-2026-0002", workflow.WordIgnore, nil}}},
		{"greeting above", "Hei!\n\nDPO-2026-0001 STATUS", []want{{"DPO-2026-0001", workflow.WordStatus, nil}}},
		{"how references are typed", "dpo-2026-0001: STATUS\n[DPO-2026-0002] STATUS\n- dpo-2026-12345  status", []want{
			{"DPO-2026-0001", workflow.WordStatus, nil}, {"DPO-2026-0002", workflow.WordStatus, nil}, {"DPO-2026-12345", workflow.WordStatus, nil}}},
		{"a series of its own", "TSV-A_1-2026-0001 STATUS", []want{{"TSV-A_1-2026-0001", workflow.WordStatus, nil}}},
		{"good ones are applied, bad ones told", "DPO-2026-0001 VERIFIED\nDPO-2026-0002 VERFIED\nDPO 2026 0003 VERIFIED\nDPO-2026-0004 KIND x\nDPO-2026-0005 IGNORE", []want{
			{"DPO-2026-0001", workflow.WordVerified, nil}, {"DPO-2026-0002", "", ErrNoKeyword}, {"", "", ErrNoReference},
			{"DPO-2026-0004", workflow.WordKind, ErrArgument}, {"DPO-2026-0005", workflow.WordIgnore, nil}}},
		{"second thought", "DPO-2026-0001 VERIFIED\nhe is not\nDPO-2026-0002 IGNORE", []want{
			{"DPO-2026-0001", workflow.WordVerified, ErrTrailing}, {"DPO-2026-0002", workflow.WordIgnore, nil}}},
		{"text of several lines", "DPO-2026-0001 NOTE a\nb\nDPO-2026-0002 STATUS", []want{
			{"DPO-2026-0001", workflow.WordNote, nil}, {"DPO-2026-0002", workflow.WordStatus, nil}}},
		{"a remark that is no text", "DPO-2026-0001 STATUS\nplease", []want{
			{"DPO-2026-0001", workflow.WordStatus, nil}, {"", "", ErrNoReference}}},
		{"an older digest quoted between", "DPO-2026-0001 STATUS\n> DPO-2026-0009 VERIFIED\n> DPO-2026-0008 VERIFIED\nDPO-2026-0002 STATUS", []want{
			{"DPO-2026-0001", workflow.WordStatus, nil}, {"DPO-2026-0002", workflow.WordStatus, nil}}},
		{"below the signature's mark", "DPO-2026-0001 STATUS\n-- \nDPO-2026-0002 VERIFIED", []want{{"DPO-2026-0001", workflow.WordStatus, nil}}},
		{"order with a misspelt reference in a paragraph of its own", "DPO-2026-0001 STATUS\n\nDPO 2026 0002 VERIFIED", []want{
			{"DPO-2026-0001", workflow.WordStatus, nil}, {"", "", ErrNoReference}}},
		{"no reference at all", "VERIFIED\n\nPauli", []want{{"", "", ErrNoReference}}},
		{"prose", "Thanks, looks good.\nPauli", []want{{"", "", ErrNoReference}, {"", "", ErrNoReference}}},
		{"no word", "DPO-2026-0001", []want{{"DPO-2026-0001", "", ErrNoKeyword}}},
		{"empty", "\n\n", nil},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			got := ReadDigest(strings.Split(row.reply, "\n"))
			if len(got) != len(row.want) {
				t.Fatalf("got %d lines; want %d", len(got), len(row.want))
			}
			for i, line := range got {
				w := row.want[i]
				if line.Ref != w.ref || line.Command.Word != w.word || !errors.Is(line.Err, w.err) || w.err == nil && line.Err != nil {
					t.Errorf("line %d: got %q %q %v; want %q %q %v", i, line.Ref, line.Command.Word, line.Err, w.ref, w.word, w.err)
				}
				if line.Line == "" {
					t.Errorf("line %d: got no text of it", i)
				}
			}
		})
	}
}
