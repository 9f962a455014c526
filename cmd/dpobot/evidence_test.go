package main

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dpobot/workflow"
	"dpobot/workflow/redisstore/ministore"
)

func newEvidenceOffice(t *testing.T) (*office, *env, *bytes.Buffer) {
	t.Helper()
	store, err := ministore.Open(botAddress)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	var out bytes.Buffer
	o := &office{store: store.Store, stamps: workflow.NewStamps(bytes.Repeat([]byte{7}, 32), botAddress)}
	at := time.Date(2026, time.March, 5, 10, 0, 0, 0, time.UTC)
	day := workflow.Date{Year: 2026, Month: time.March, Day: 5}
	c := workflow.Case{
		Ref: "DPO-2026-0001", Language: "fi", Received: at, Clock: workflow.Clock{Received: day, Due: day.AddMonths(1), Reason: "Matti is slow"},
		Person: workflow.Person{Address: "matti@example.org", Name: "Matti Meikäläinen"}, Passphrase: "kissa koira hevonen",
		Items: []workflow.Item{{N: 1, Kind: workflow.Change, State: workflow.Answered, Opened: at, Closed: at, Text: "Matti rang",
			Verified: &workflow.Verification{By: officerAddress, How: workflow.ByCall, At: at},
			Reports:  []workflow.RegisterReport{{Register: "customers", Records: 1, Changed: []workflow.FieldChange{{Field: "address", Old: "Vanhatie 1", New: "Uusitie 2"}}}}}},
		Messages: []workflow.Message{
			{ID: "first@example.org", At: at, From: "matti@example.org", Subject: "osoite", Text: "Muutin"},
			{ID: o.stamps.MessageID("DPO-2026-0001", workflow.Task{N: 2, Action: workflow.CaseMail}), Out: true, At: at},
		},
	}
	entries := []workflow.Entry{{At: at, Ref: c.Ref, Event: "opened", Actor: "bot"}, {At: at, Ref: c.Ref, Event: "closed", Actor: "bot"}}
	if err := o.store.Commit(t.Context(), workflow.Step{Case: c, Entries: entries}); err != nil {
		t.Fatal(err)
	}
	return o, &env{ctx: t.Context(), stdout: &out}, &out
}

// unpacked reads an archive, and holds it against its own checksums.
func unpacked(t *testing.T, file string) map[string]string {
	t.Helper()
	z, err := zip.OpenReader(file)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	parts := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		parts[f.Name] = string(data)
	}
	for _, line := range strings.Split(strings.TrimSpace(parts["SHA256SUMS"]), "\n") {
		sum, name, _ := strings.Cut(line, "  ")
		if got := fmt.Sprintf("%x", sha256.Sum256([]byte(parts[name]))); got != sum {
			t.Errorf("%s: sum %s, want %s", name, got, sum)
		}
	}
	if len(parts) != 5 {
		t.Errorf("got %d parts, want 5", len(parts))
	}
	return parts
}

func TestEvidence(t *testing.T) {
	personal := []string{"matti", "Matti", "Muutin", "osoite", "first@"}
	never := []string{"kissa", "Uusitie", "Vanhatie", officerAddress}
	for name, c := range map[string]struct{ mails bool }{"without mails": {false}, "with mails": {true}} {
		t.Run(name, func(t *testing.T) {
			o, e, out := newEvidenceOffice(t)
			file := filepath.Join(t.TempDir(), "evidence.zip")
			cmd := &auditExportCmd{Ref: "dpo-2026-0001", Archive: file, WithMails: c.mails}
			if err := cmd.archive(e, o); err != nil {
				t.Fatal(err)
			}
			if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
				t.Errorf("the file: %v, %v; want it for its owner alone", info.Mode(), err)
			}
			parts := unpacked(t, file)
			all := ""
			for _, part := range parts {
				all += part
			}
			for _, word := range personal {
				if strings.Contains(all, word) != c.mails {
					t.Errorf("the archive holds %q: %v, want %v", word, !c.mails, c.mails)
				}
			}
			secret := o.stamps.Token("DPO-2026-0001", workflow.Task{N: 2, Action: workflow.CaseMail})
			for _, word := range append(never, secret) {
				if strings.Contains(all, word) {
					t.Errorf("the archive holds %q", word)
				}
			}
			for _, want := range []string{`"changed": [`, `"address"`, o.stamps.Pseudonym(officerAddress), `"how": "call"`, `"due": "2026-04-05"`} {
				if !strings.Contains(parts["case.json"], want) {
					t.Errorf("case.json lacks %s:\n%s", want, parts["case.json"])
				}
			}
			if got := strings.Count(parts["trail.jsonl"], "\n"); got != 2 {
				t.Errorf("trail.jsonl has %d lines, want 2", got)
			}
			var chain chainLine
			if err := json.Unmarshal([]byte(parts["chain.json"]), &chain); err != nil || chain.Entries != 2 || chain.Broken != "" || chain.Head == "" {
				t.Errorf("chain.json: %+v, %v; want 2 sound entries and a head", chain, err)
			}
			if !strings.Contains(out.String(), "2 entries of the trail of DPO-2026-0001") {
				t.Errorf("it says %q", out.String())
			}
			if got := exitCode(cmd.archive(e, o), io.Discard); got != exitMisuse {
				t.Errorf("onto a file that exists: exit code %d, want %d", got, exitMisuse)
			}
		})
	}
}

func TestEvidenceOfAStub(t *testing.T) {
	o, e, _ := newEvidenceOffice(t)
	purged := workflow.Entry{At: time.Now(), Ref: "DPO-2026-0001", Event: "purged", Actor: "bot"}
	c, err := o.store.Load(t.Context(), "DPO-2026-0001")
	if err != nil {
		t.Fatal(err)
	}
	if err := o.store.Purge(t.Context(), c.Ref, c.Version, purged); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "evidence.zip")
	if err := (&auditExportCmd{Ref: "DPO-2026-0001", Archive: file, WithMails: true}).archive(e, o); err != nil {
		t.Fatal(err)
	}
	parts := unpacked(t, file)
	if !strings.Contains(parts["case.json"], `"state": "answered"`) || strings.Contains(parts["case.json"], "atti") {
		t.Errorf("case.json of a stub:\n%s", parts["case.json"])
	}
	if !strings.Contains(parts["trail.jsonl"], `"purged"`) {
		t.Errorf("trail.jsonl: %s", parts["trail.jsonl"])
	}
}

func TestEvidenceOfNothing(t *testing.T) {
	o, e, _ := newEvidenceOffice(t)
	file := filepath.Join(t.TempDir(), "evidence.zip")
	if err := (&auditExportCmd{Ref: "DPO-2026-9999", Archive: file}).archive(e, o); err == nil {
		t.Error("a case that does not exist: no error")
	}
	if _, err := os.Stat(file); err == nil {
		t.Error("a file was left behind")
	}
	for name, args := range map[string][]string{
		"no reference": {"audit", "export", "--archive", file},
		"no archive":   {"audit", "export", "DPO-2026-0001", "--with-mails"},
	} {
		if got := run(t.Context(), args, nil, io.Discard, io.Discard); got != exitMisuse {
			t.Errorf("%s: exit code %d, want %d", name, got, exitMisuse)
		}
	}
}
