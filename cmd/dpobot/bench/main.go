// Command bench prints, side by side in one run, how many mails a second a bare IMAP fetch
// takes and how many the bot takes the whole way: fetch, parse, sort, case in Redis,
// acknowledgement and case mail to an SMTP server, copies to Sent, flag. Both with their
// peak memory. It runs the real program against servers on free loopback ports: in memory,
// and Dovecot with redis-server where they are installed.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"syscall"
	"time"
)

// fetches is how often the bare fetch is measured; the median counts. The whole way
// changes the mailbox, and is measured once.
const fetches = 3

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	n := flags.Int("n", 1000, "how many mails")
	where := flags.String("on", "all", "memory, dovecot or all")
	bot := flags.String("bot", "", "the program to measure (default: built now)")
	child := flags.String("fetch", "", "measure a fetch from this address, for the parent")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *child != "" {
		return fetchAsChild(*child, out)
	}
	if *n < 1 || !slices.Contains([]string{"memory", "dovecot", "all"}, *where) {
		return errors.New("give -n of 1 or more, and -on memory, dovecot or all")
	}
	dir, err := os.MkdirTemp("", "dpobot-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if *bot == "" {
		*bot = filepath.Join(dir, "dpobot")
		build := exec.CommandContext(ctx, "go", "build", "-o", *bot, "dpobot/cmd/dpobot")
		build.Stderr = os.Stderr
		if err := build.Run(); err != nil {
			return fmt.Errorf("build the program: %w", err)
		}
	}
	return compare(ctx, out, *n, *where, *bot, dir)
}

// compare measures on every set of servers and prints the table.
func compare(ctx context.Context, out io.Writer, n int, where, bot, dir string) error {
	mails, size := makeMails(n)
	fmt.Fprintf(out, "%d mails, %.1f KB each on average, each a request of a sender of its own. %d processors, %s/%s, %s.\n",
		n, float64(size)/float64(n)/1000, runtime.NumCPU(), runtime.GOOS, runtime.GOARCH, runtime.Version())
	fmt.Fprintf(out, "Each line is a fresh process, timed from its start to its last mail, its own start included; the servers share\n"+
		"the machine with it. The mails were stored just before, so the disk's cache is warm for both. Nothing else is.\n"+
		"Bare fetch: one streamed FETCH, thrown away, median of %d. The whole way: once, since it leaves its flags and cases.\n", fetches)
	for _, open := range places(where) {
		at, err := open(dir)
		var missing *missingError
		if errors.As(err, &missing) {
			fmt.Fprintf(out, "\n%s\n", missing)
			continue
		}
		if err != nil {
			return err
		}
		err = measure(ctx, out, at, mails, bot)
		at.close()
		if err != nil {
			return fmt.Errorf("%s: %w", at.name, err)
		}
	}
	return nil
}

// figure is what was measured of one way.
type figure struct {
	took time.Duration
	peak int64 // bytes of resident memory (VmHWM); 0 where the system does not tell
	also int64 // likewise, of its own redis-server
}

func measure(ctx context.Context, out io.Writer, at *place, mails [][]byte, bot string) error {
	if err := at.put(mails); err != nil {
		return fmt.Errorf("store the mails: %w", err)
	}
	var bare []figure
	for range fetches {
		f, err := fetch(ctx, at.addr, len(mails))
		if err != nil {
			return err
		}
		bare = append(bare, f)
	}
	slices.SortFunc(bare, func(a, b figure) int { return int(a.took - b.took) })
	median := bare[len(bare)/2]
	whole, err := wholeWay(ctx, at, len(mails), bot)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "\n%s\n  %-16s %9s %9s %8s  %s\n", at.name, "", "mails/s", "seconds", "ratio", "peak memory")
	row := func(name string, f figure) {
		fmt.Fprintf(out, "  %-16s %9.0f %9.2f %8.1f  %s\n", name, float64(len(mails))/f.took.Seconds(), f.took.Seconds(),
			f.took.Seconds()/median.took.Seconds(), memory(f))
	}
	row("bare fetch", median)
	row("the whole way", whole)
	return nil
}

func memory(f figure) string {
	if f.peak == 0 {
		return "not told by this system"
	}
	text := fmt.Sprintf("%.1f MiB", float64(f.peak)/(1<<20))
	if f.also > 0 {
		text += fmt.Sprintf(", and its redis-server %.1f MiB", float64(f.also)/(1<<20))
	}
	return text
}
