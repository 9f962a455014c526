package redisstore

import (
	"bytes"
	"compress/flate"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"testing"
	"time"

	"dpobot/workflow"
	"dpobot/workflow/redisstore/seal"
)

func TestPackedComesBack(t *testing.T) {
	var p packer
	for name, text := range map[string]string{
		"nothing": "", "short": "{}", "dictionary": dictionary, "long": string(bytes.Repeat([]byte("abc"), 100_000)),
	} {
		for range 2 { // the second time with what the first one left
			packed, err := p.pack([]byte(text))
			if err != nil {
				t.Fatal(err)
			}
			if got, err := p.unpack(packed); err != nil || string(got) != text {
				t.Errorf("%s: got %d bytes (%v), want %d", name, len(got), err, len(text))
			}
		}
	}
}

// What was packed with the dictionary must stay readable: another one needs another
// first byte.
func TestDictionaryStays(t *testing.T) {
	const want = "8da45793cea0aff8c2529ed3a2474a154905e1bb2a47550002c5f3f6713fff67"
	if got := fmt.Sprintf("%x", sha256.Sum256([]byte(dictionary))); got != want {
		t.Errorf("got a dictionary with hash %s, want %s", got, want)
	}
}

// A body that swells is given up at the bound, not read to its end.
func TestUnpackIsBounded(t *testing.T) {
	var b bytes.Buffer
	b.WriteByte(packedByDictionary)
	w, err := flate.NewWriter(&b, flate.BestSpeed)
	if err != nil {
		t.Fatal(err)
	}
	block := make([]byte, 1<<20)
	for range maxBody/len(block) + 1 {
		if _, err := w.Write(block); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	var p packer
	if _, err := p.unpack(b.Bytes()); err == nil {
		t.Errorf("%d bytes were unpacked to more than %d", b.Len(), maxBody)
	}
}

func FuzzUnpack(f *testing.F) {
	var p packer
	packed, err := p.pack([]byte(`{"ref":"DPO-2026-0001","version":1}`))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(packed)
	f.Add([]byte{})
	f.Add([]byte("d"))
	f.Add([]byte(`{"ref":"x"}`))
	keys, err := seal.Ephemeral()
	if err != nil {
		f.Fatal(err)
	}
	s := New(nil, "privacy@company.example", keys)
	f.Fuzz(func(t *testing.T, body []byte) {
		if plain, err := s.pack.unpack(body); err == nil && len(plain) > maxBody {
			t.Errorf("got %d bytes", len(plain))
		}
		// As it comes when our own key sealed it.
		box, err := keys.Seal(s.place("DPO-2026-0001", 1), body)
		if err != nil {
			t.Fatal(err)
		}
		s.openCase("DPO-2026-0001", record{version: 1, box: box})
		s.openCase("DPO-2026-0001", record{version: 1, stub: body})
	})
}

func FuzzRecord(f *testing.F) {
	f.Add("1", "key", "body", "", "a1234567890123456789012m1234567890123456789012")
	f.Add("", "", "", "", "")
	f.Add("99999999999999999999", "", "", "{}", "a")
	f.Fuzz(func(t *testing.T, version, key, body, stub, index string) {
		r, ok := recordOf([]any{version, key, body, stub, index})
		if ok && len(r.marks.of('a'))+len(r.marks.of('m')) > len(index)/markLength {
			t.Error("more marks than there is room for")
		}
		ParseHead(version)
		parseTaskID(index)
	})
}

// usual is a case as it mostly is: acknowledged, waiting for the call, five tasks.
func usual(ref workflow.Ref) workflow.Case {
	at := time.Date(2026, 3, 5, 12, 34, 56, 0, time.UTC)
	task := func(n int, a workflow.Action, to workflow.Address, state workflow.TaskState) workflow.Task {
		return workflow.Task{N: n, Action: a, To: to, State: state, Due: at, Done: at.Add(time.Second), Epoch: 1, Upto: 1}
	}
	return workflow.Case{
		Ref: ref, Version: 3,
		Person:   workflow.Person{Address: "maija.virtanen@person.example", Name: "Maija Virtanen", Also: map[string]workflow.Text{"telephone": "040 123 4567"}},
		Language: "fi", Heard: "fi", Received: at,
		Clock: workflow.Clock{Received: workflow.DateOf(at, time.UTC), Due: workflow.Date{Year: 2026, Month: 4, Day: 7}},
		Items: []workflow.Item{{N: 1, Kind: workflow.Access, State: workflow.Verifying, Opened: at}},
		Tasks: []workflow.Task{
			task(1, workflow.LookUp, "", workflow.TaskDone),
			task(2, workflow.Acknowledge, "maija.virtanen@person.example", workflow.TaskDone),
			task(3, workflow.CaseMail, "pauli.vuorio@company.example", workflow.TaskDone),
			task(4, workflow.ReminderMail, "pauli.vuorio@company.example", workflow.TaskWaiting),
		},
		LastTask: 4, Epoch: 1,
		Messages: []workflow.Message{
			{ID: "CAHk7fT+2b9dQ0x1@mail.person.example", At: at, From: "maija.virtanen@person.example", Subject: "Omat tietoni"},
			{ID: "dpo-2026-0001.2p.n5xgk3lponsw443fmnzgk5dyoq@company.example", Out: true, At: at},
		},
		Why:    []workflow.Text{"'tietoni' (fi), Art. 15"},
		Found:  []workflow.Found{{Register: "asiakasrekisteri", Key: "1047", Certain: true}},
		Looked: true, Passphrase: "kivi lampi veturi sana kuusi harmaa",
		Purge: workflow.Date{},
	}
}

// TestPackedSize holds what the dictionary is for.
func TestPackedSize(t *testing.T) {
	plain, err := json.Marshal(usual("DPO-2026-0001"))
	if err != nil {
		t.Fatal(err)
	}
	var p packer
	packed, err := p.pack(plain)
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	w, err := flate.NewWriter(&b, flate.DefaultCompression)
	if err != nil {
		t.Fatal(err)
	}
	w.Write(plain)
	w.Close()
	t.Logf("JSON %d bytes, packed %d, without dictionary %d", len(plain), len(packed), b.Len())
	if 2*len(packed) > len(plain) {
		t.Errorf("got %d bytes of %d, want less than half", len(packed), len(plain))
	}
}

func BenchmarkPack(b *testing.B) {
	plain, err := json.Marshal(usual("DPO-2026-0001"))
	if err != nil {
		b.Fatal(err)
	}
	var p packer
	for b.Loop() {
		packed, err := p.pack(plain)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := p.unpack(packed); err != nil {
			b.Fatal(err)
		}
	}
}
