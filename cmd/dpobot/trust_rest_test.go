package main

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"dpobot/workflow"
	"dpobot/workflow/redisstore"
	"dpobot/workflow/redisstore/managed"
	"dpobot/workflow/redisstore/ministore"
	"dpobot/workflow/redisstore/seal"
)

// planted is what a case holds of a person and what must be nowhere in Redis.
var planted = []string{
	"aurelia.plantti", "planted.example", "Kvarnstrom", "Plantti", "Kvarnström",
	"+358 45 777 1234", "0457771234", "777 1234",
	"persimmonkakku", "turkoosi saapas", "Omenapuunkuja", "viinirypale",
}

const plantedAddress = "aurelia.plantti@planted.example"

// realStage is a stage on a redis-server of its own, whose folder is returned. It skips the test where none is
// installed.
func realStage(t *testing.T) (s *stage, rdb *redis.Client, folder string) {
	t.Helper()
	folder = t.TempDir()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	server, err := managed.Start(ctx, managed.Options{Dir: folder})
	if errors.Is(err, managed.ErrNoServer) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	keys, err := seal.Ephemeral()
	if err != nil {
		t.Fatal(err)
	}
	rdb = redis.NewClient(server.RedisOptions())
	t.Cleanup(func() { _ = rdb.Close() })
	s = trustStage(t, "server")
	if err := s.store.Close(); err != nil {
		t.Fatal(err)
	}
	s.store = &ministore.Ministore{Store: redisstore.New(rdb, botAddress, keys), Keys: keys}
	s.restart(t)
	return s, rdb, folder
}

// A whole case of a planted person, on a real server: nothing of them stands in its memory or on its disk in a form
// that can be read, and once the case is forgotten not even its key does.
func TestTrustAtRest(t *testing.T) {
	s, rdb, folder := realStage(t)
	ctx := context.Background()
	c := &court{trust: "server", s: s}
	c.other = s.open(t, otherAddress, "Kalle Korhonen")
	s.deliver(t, crlf("From: Aurelia Kvarnström-Plantti <"+plantedAddress+">\nTo: "+botAddress+"\nReply-To: toinen.plantti@planted.example\nSubject: persimmonkakku ja tiedot\nDate: "+s.clock().Format(time.RFC1123Z)+
		"\nMessage-ID: <aurelia.plantti.1@planted.example>\nReferences: <turkoosi@planted.example>\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=m\n\n--m\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"+
		"Hei,\n\nhaluaisin tietää, mitä tietoja teillä on minusta. Turkoosi saapas. Puhelin +358 45 777 1234, osoite Omenapuunkuja 5.\n\nAurelia Kvarnström-Plantti\n--m\nContent-Type: application/pdf; name=viinirypale.pdf\nContent-Disposition: attachment; filename=viinirypale.pdf\n\nx\n--m--\n"))
	last, err := s.last()
	if err != nil {
		t.Fatal(err)
	}
	c.one.ref = last.Ref
	for _, word := range []string{"NOTE persimmonkakku Kvarnstrom 0457771234", "ASK Onko teillä turkoosi saapas?", "VERIFIED, MATCH 0, SEND TO uusi.plantti@planted.example"} {
		c.newest(t)
		s.deliver(t, c.reply(t, officerAddress, word))
		s.pass(2 * time.Hour)
	}
	if got := s.stateOf(t, c.one.ref); got != workflow.Answered {
		t.Fatalf("the planted case: got %s, want answered\n%s", got, outgoing(s.mails))
	}
	if !strings.Contains(outgoing(s.mails), "persimmonkakku") || !strings.Contains(outgoing(s.mails), "777 1234") {
		t.Fatal("the planted words never were in the program: the test shows nothing")
	}
	s.searchRest(t, rdb, folder, nil)

	wrapped := rdb.HGet(ctx, "dpobot:{"+botAddress+"}:case:"+string(c.one.ref), "k").Val()
	if len(wrapped) < 16 {
		t.Fatalf("the case has no wrapped key of its own (%d bytes)", len(wrapped))
	}
	if hits := filesWith(t, folder, []byte(wrapped)); len(hits) == 0 {
		t.Error("the wrapped key is in no file before the case is forgotten: the search is blind")
	}
	s.pass(731 * 24 * time.Hour)
	if err := s.work(); err != nil {
		t.Fatal(err)
	}
	if held, err := rdb.HGetAll(ctx, "dpobot:{"+botAddress+"}:case:"+string(c.one.ref)).Result(); err != nil || held["k"] != "" || held["b"] != "" {
		t.Errorf("the forgotten case still has its key or body (%v)", err)
	}
	if hits := filesWith(t, folder, []byte(wrapped)); len(hits) > 0 {
		t.Errorf("the key of the forgotten case still stands in %q", hits)
	}
	s.searchRest(t, rdb, folder, nil)

	// The search finds what is there to be found.
	if err := rdb.Set(ctx, "control", base64.StdEncoding.EncodeToString([]byte("x"+planted[0]+"x")), 0).Err(); err != nil {
		t.Fatal(err)
	}
	found := map[string]bool{}
	s.searchRest(t, rdb, folder, found)
	for _, place := range []string{"key", "appendonly", "dump.rdb"} {
		if !slices.ContainsFunc(slices.Collect(keysOf(found)), func(where string) bool { return strings.Contains(where, place) }) {
			t.Errorf("a word that was put there on purpose was not found in %s: the search is blind", place)
		}
	}
}

// searchRest looks for the planted words in every key and in every file of the server. Where found is given, finds
// go there; else they are errors.
func (s *stage) searchRest(t *testing.T, rdb *redis.Client, folder string, found map[string]bool) {
	t.Helper()
	ctx := context.Background()
	report := func(where, what string) {
		if found != nil {
			found[where] = true
			return
		}
		t.Errorf("%s stands in %s", what, where)
	}
	for _, option := range []string{"rdbcompression"} {
		if err := rdb.ConfigSet(ctx, option, "no").Err(); err != nil {
			t.Fatalf("the search needs files that are not compressed: %v", err)
		}
	}
	keys := 0
	for it := rdb.Scan(ctx, 0, "*", 100).Iterator(); it.Next(ctx); {
		keys++
		dump, err := rdb.Dump(ctx, it.Val()).Result()
		if err != nil {
			t.Fatal(err)
		}
		if what := holds([]byte(it.Val() + "\x00" + dump)); what != "" {
			report("key "+it.Val(), what)
		}
	}
	for _, name := range filesWith(t, folder, nil) { // the log as it was written
		if what := holds(fileOf(t, name)); what != "" {
			report(name, what)
		}
	}
	dump := filepath.Join(folder, "dump.rdb")
	if err := rdb.ConfigSet(ctx, "dbfilename", "dump.rdb").Err(); err != nil && !strings.Contains(err.Error(), "protected") {
		t.Fatal(err)
	}
	if err := rdb.Save(ctx).Err(); err != nil {
		t.Fatal(err)
	}
	data := fileOf(t, dump)
	if what := holds(data); what != "" {
		report(dump, what)
	}
	if err := os.Remove(dump); err != nil {
		t.Fatal(err)
	}
	t.Logf("searched %d keys, %d files, a dump of %d bytes", keys, len(filesWith(t, folder, nil)), len(data))
}

func fileOf(t *testing.T, name string) []byte {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// filesWith lists the regular files below a folder that hold the bytes.
func filesWith(t *testing.T, folder string, what []byte) []string {
	t.Helper()
	var all []string
	err := filepath.WalkDir(folder, func(path string, entry os.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		if bytes.Contains(fileOf(t, path), what) {
			all = append(all, path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// holds tells which planted word data holds, in plain, JSON, base64 or hex; "" for none.
func holds(data []byte) string {
	folded := bytes.ToLower(data)
	for n, word := range planted {
		lower := []byte(strings.ToLower(word))
		escaped, _ := json.Marshal(word)
		for _, form := range [][]byte{
			lower, bytes.ToLower(bytes.Trim(escaped, `"`)), []byte(hex.EncodeToString([]byte(word))), []byte(hex.EncodeToString(lower)),
		} {
			if bytes.Contains(folded, form) {
				return fmt.Sprintf("planted word %d", n+1)
			}
		}
		for _, spelling := range []string{word, strings.ToLower(word)} {
			for shift := range 3 {
				if core := base64Core(spelling, shift); len(core) > 6 && bytes.Contains(data, []byte(core)) {
					return fmt.Sprintf("planted word %d in base64", n+1)
				}
			}
		}
	}
	return ""
}

// base64Core is the part of a word's base64 that does not depend on what stands around it, when it begins so many
// bytes into a group of three.
func base64Core(word string, shift int) string {
	coded := base64.RawStdEncoding.EncodeToString([]byte(strings.Repeat("\x00", shift) + word))
	from := (shift*8 + 5) / 6
	to := (shift + len(word)) * 8 / 6
	return coded[from:to]
}
