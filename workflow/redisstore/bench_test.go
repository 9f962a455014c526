package redisstore_test

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"dpobot/workflow"
	"dpobot/workflow/redisstore/storetest"
)

// BenchmarkOpenCase opens cases on a real server with every write on disk, beside plain
// SETs of the same size by as many workers: hold the ratio. Workers share round trips.
func BenchmarkOpenCase(b *testing.B) {
	for _, workers := range []int{1, 16} {
		b.Run(fmt.Sprintf("workers=%d", workers), func(b *testing.B) {
			h := houseOn(b, storetest.Server(b), "privacy@company.example")
			ctx := context.Background()
			value := string(make([]byte, 800))
			var sets, commits time.Duration
			n := 0
			for b.Loop() {
				sets += together(b, workers, n, round, func(i int) error {
					return h.rdb.Set(ctx, "bench:"+strconv.Itoa(i), value, 0).Err()
				})
				commits += together(b, workers, n, round, func(i int) error { return h.Commit(ctx, opening(i)) })
				n += round
			}
			b.ReportMetric(float64(n)/commits.Seconds(), "cases/s")
			b.ReportMetric(float64(n)/sets.Seconds(), "sets/s")
			b.ReportMetric(commits.Seconds()/sets.Seconds(), "commit/set")
		})
	}
}

// round is how many of a kind are timed in one go.
const round = 320

// together lets workers share count numbers from first on, and tells how long they took.
func together(b *testing.B, workers, first, count int, do func(int) error) time.Duration {
	b.Helper()
	begun := time.Now()
	var group sync.WaitGroup
	for w := range workers {
		group.Go(func() {
			for i := first + w; i < first+count; i += workers {
				if err := do(i); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	group.Wait()
	return time.Since(begun)
}

// opening is the commit of a usual new case: two identities, its Message-ID, three tasks
// and two audit entries.
func opening(n int) workflow.Step {
	ref := workflow.Ref(fmt.Sprintf("DPO-2026-%05d", n))
	c := plea(ref)
	c.Person.Address = workflow.Address(fmt.Sprintf("person.%d@person.example", n))
	c.Clock.Due = day(2026, 4, 1).AddDays(n % 60)
	c.Messages[0].Text = ""
	c.Tasks = append(c.Tasks,
		workflow.Task{N: 2, Action: workflow.Acknowledge, To: c.Person.Address, State: workflow.TaskWaiting, Due: noon},
		workflow.Task{N: 3, Action: workflow.CaseMail, To: "pauli.vuorio@company.example", State: workflow.TaskWaiting, Due: noon},
	)
	return workflow.Step{
		Case:       c,
		Identities: []string{"uid " + string(ref), "digest " + string(ref)},
		MessageIDs: []string{string(ref) + "@person.example"},
		Entries: []workflow.Entry{
			{At: noon, Event: "received", Actor: "bot", Detail: map[string]string{"message": "sha256:9f86d081884c7d65"}},
			{At: noon, Event: "opened", Actor: "bot", Detail: map[string]string{"kinds": "access"}},
		},
	}
}

// BenchmarkOpenCaseAtSize tells what a commit costs, and a case takes, when there are
// many already.
func BenchmarkOpenCaseAtSize(b *testing.B) {
	for _, size := range []int{1_000, 10_000, 100_000} {
		b.Run(strconv.Itoa(size), func(b *testing.B) {
			if testing.Short() && size > 10_000 {
				b.Skip("long")
			}
			server := storetest.Server(b)
			h := houseOn(b, server, "privacy@company.example")
			ctx := context.Background()
			// The log would cost an hour of disk.
			if err := h.rdb.ConfigSet(ctx, "appendonly", "no").Err(); err != nil {
				b.Fatal(err)
			}
			before := usedMemory(b, h)
			together(b, 16, 0, size, func(i int) error { return h.Commit(ctx, opening(i)) })
			perCase := float64(usedMemory(b, h)-before) / float64(size)
			n := size
			for b.Loop() {
				if err := h.Commit(ctx, opening(n)); err != nil {
					b.Fatal(err)
				}
				n++
			}
			b.ReportMetric(perCase, "B/case")

			begun := time.Now()
			if _, err := h.CountOpen(ctx, workflow.Date{}, day(2026, 4, 7)); err != nil {
				b.Fatal(err)
			}
			first := 0
			for range h.Open(ctx) {
				if first++; first == 50 {
					break
				}
			}
			b.ReportMetric(float64(time.Since(begun).Microseconds()), "us/digest")
			begun = time.Now()
			all := 0
			for range h.Open(ctx) {
				all++
			}
			b.ReportMetric(float64(time.Since(begun).Microseconds())/float64(all), "us/walked")
		})
	}
}

func usedMemory(b *testing.B, h house) int64 {
	b.Helper()
	if err := h.rdb.Do(context.Background(), "MEMORY", "PURGE").Err(); err != nil {
		b.Fatal(err)
	}
	for line := range strings.Lines(h.rdb.Info(context.Background(), "memory").Val()) {
		if value, ok := strings.CutPrefix(line, "used_memory:"); ok {
			n, err := strconv.ParseInt(strings.TrimSpace(value), 10, 64)
			if err != nil {
				b.Fatal(err)
			}
			return n
		}
	}
	b.Fatal("no used_memory")
	return 0
}
