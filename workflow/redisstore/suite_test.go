package redisstore_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"dpobot/workflow"
	"dpobot/workflow/redisstore"
	"dpobot/workflow/redisstore/managed"
	"dpobot/workflow/redisstore/seal"
	"dpobot/workflow/redisstore/storetest"
)

// house is a store under test, with what the tests need to look behind it.
type house struct {
	*redisstore.Store
	rdb     redis.UniversalClient
	keys    *seal.Keys
	mailbox string
}

// process is the store as another process has it: nothing remembered, own connections.
func (h house) process() *redisstore.Store { return redisstore.New(h.rdb, h.mailbox, h.keys) }

// key is a raw key of the mailbox.
func (h house) key(name string) string { return "dpobot:{" + h.mailbox + "}:" + name }

var suite = []struct {
	name string
	test func(*testing.T, house)
}{
	{"references", testReferences},
	{"commit and load", testCommitAndLoad},
	{"commit nothing in part", testCommitNothingInPart},
	{"no commit without head", testHeadGone},
	{"conflicts", testConflicts},
	{"desk", testDesk},
	{"unicode", testUnicode},
	{"look-ups", testLookUps},
	{"walks", testWalks},
	{"walk past a damaged case", testWalkPastDamaged},
	{"claims", testClaims},
	{"claims in due order", testClaimOrder},
	{"bookings", testBookings},
	{"many tasks", testManyTasks},
	{"lost leases", testLostLeases},
	{"workers that crash", testWorkersThatCrash},
	{"sent", testSent},
	{"allowances", testAllowances},
	{"health", testHealth},
	{"chain", testChain},
	{"chain of several processes", testChainOfSeveral},
	{"tampered chain", testTamperedChain},
	{"purge", testPurge},
	{"purge conflicts", testPurgeConflicts},
	{"sealed", testSealed},
	{"case in another's place", testAnothersPlace},
	{"rotation", testRotation},
	{"documents", testFiles},
	{"documents and rotation", testFilesRotate},
	{"leased records", testLeased},
	{"tombstones and corrections", testMemory},
	{"what erasures left", testRetained},
	{"tombstones of long ago", testDropTombstones},
	{"unknown scripts", testScriptFlush},
}

func TestSuiteOnMiniredis(t *testing.T) {
	for _, part := range suite {
		t.Run(part.name, func(t *testing.T) {
			m := storetest.Mini(t)
			part.test(t, house{Store: m.Store, rdb: m.Client(), keys: m.Keys, mailbox: storetest.Mailbox})
		})
	}
}

func TestSuiteOnRedis(t *testing.T) {
	server := storetest.Server(t)
	for i, part := range suite {
		t.Run(part.name, func(t *testing.T) {
			part.test(t, houseOn(t, server, fmt.Sprintf("box-%d@company.example", i)))
		})
	}
}

// houseOn is a mailbox of its own on a running server.
func houseOn(t testing.TB, server *managed.Server, mailbox string) house {
	t.Helper()
	keys, err := seal.Ephemeral()
	if err != nil {
		t.Fatal(err)
	}
	rdb := redis.NewClient(server.RedisOptions())
	t.Cleanup(func() { rdb.Close() })
	return house{Store: redisstore.New(rdb, mailbox, keys), rdb: rdb, keys: keys, mailbox: mailbox}
}

// noon is the tests' now.
var noon = time.Date(2026, 3, 5, 12, 0, 0, 0, time.UTC)

func day(y int, m time.Month, d int) workflow.Date { return workflow.Date{Year: y, Month: m, Day: d} }

// plea is a new case with one waiting task, due at noon.
func plea(ref workflow.Ref) workflow.Case {
	return workflow.Case{
		Ref:      ref,
		Person:   workflow.Person{Address: "matti@person.example", Name: "Matti Meikäläinen", Also: map[string]workflow.Text{"telephone": "040 123 4567"}},
		Language: "fi",
		Received: noon,
		Clock:    workflow.Clock{Received: day(2026, 3, 5), Due: day(2026, 4, 7)},
		Items:    []workflow.Item{{N: 1, Kind: workflow.Access, State: workflow.Verifying, Opened: noon}},
		Tasks:    []workflow.Task{{N: 1, Action: workflow.LookUp, State: workflow.TaskWaiting, Due: noon}},
		LastTask: 1,
		Messages: []workflow.Message{{ID: "plea@person.example", At: noon, From: "matti@person.example", Subject: "Tietopyyntö", Text: "Hei, haluaisin tietää mitä tietoja teillä on minusta."}},
	}
}

// closed is the case after its answer.
func closed(c workflow.Case) workflow.Case {
	c.Items = []workflow.Item{{N: 1, Kind: workflow.Access, State: workflow.Answered, Opened: noon, Closed: noon.Add(time.Hour)}}
	c.Tasks = []workflow.Task{{N: 1, Action: workflow.LookUp, State: workflow.TaskDone, Due: noon, Done: noon.Add(time.Hour)}}
	c.Purge = day(2028, 3, 4)
	return c
}

func newRef(t *testing.T, s *redisstore.Store) workflow.Ref {
	t.Helper()
	ref, err := s.NewRef(t.Context(), 2026)
	if err != nil {
		t.Fatal(err)
	}
	return ref
}

func commit(t *testing.T, s *redisstore.Store, step workflow.Step) {
	t.Helper()
	if err := s.Commit(t.Context(), step); err != nil {
		t.Fatal(err)
	}
}

func load(t *testing.T, s *redisstore.Store, ref workflow.Ref) workflow.Case {
	t.Helper()
	c, err := s.Load(t.Context(), ref)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// file opens a new case.
func file(t *testing.T, s *redisstore.Store) workflow.Case {
	t.Helper()
	ref := newRef(t, s)
	commit(t, s, workflow.Step{Case: plea(ref)})
	return load(t, s, ref)
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// claim takes a task that has to be there.
func claim(t *testing.T, s *redisstore.Store, now time.Time) workflow.Claim {
	t.Helper()
	c, ok, next, err := s.Claim(t.Context(), now, time.Minute)
	if err != nil || !ok {
		t.Fatalf("claim at %s: got none (%v), the next one at %s", now, err, next)
	}
	return c
}

// idle checks that nothing can be claimed, and when the next task will be due.
func idle(t *testing.T, s *redisstore.Store, now, wantNext time.Time) {
	t.Helper()
	c, ok, next, err := s.Claim(t.Context(), now, time.Minute)
	if err != nil || ok {
		t.Fatalf("claim at %s: got %v (%v), want none", now, c, err)
	}
	if !next.Equal(wantNext) {
		t.Fatalf("claim at %s: got the next one at %s, want %s", now, next, wantNext)
	}
}

func dump(ctx context.Context, rdb redis.UniversalClient) (map[string]string, error) {
	all := map[string]string{}
	keys, err := rdb.Keys(ctx, "*").Result()
	if err != nil {
		return nil, err
	}
	for _, key := range keys {
		var value any
		switch kind := rdb.Type(ctx, key).Val(); kind {
		case "string":
			value, err = rdb.Get(ctx, key).Result()
		case "hash":
			value, err = rdb.HGetAll(ctx, key).Result()
		case "list":
			value, err = rdb.LRange(ctx, key, 0, -1).Result()
		case "set":
			value, err = rdb.SMembers(ctx, key).Result()
		case "zset":
			value, err = rdb.ZRangeWithScores(ctx, key, 0, -1).Result()
		case "stream":
			value, err = rdb.XRange(ctx, key, "-", "+").Result()
		default:
			err = fmt.Errorf("a key of type %s", kind)
		}
		if err != nil {
			return nil, err
		}
		all[key] = fmt.Sprint(value)
	}
	return all, nil
}
