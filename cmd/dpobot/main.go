// Command dpobot reads the mailbox to which people write about their personal data,
// keeps the data protection officer on the clock, and answers.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
	"github.com/redis/go-redis/v9"
)

// Exit codes of every subcommand.
const (
	exitFine   = 0
	exitFailed = 1
	exitMisuse = 2 // of the command line, or a wrong configuration
)

// misuse is an error that the caller of the program can mend.
type misuse struct{ error }

func (m misuse) Unwrap() error { return m.error }

// errFailed ends a command with exit code 1 that has already said why.
var errFailed = errors.New("failed")

// env is what a command needs of the outside.
type env struct {
	ctx            context.Context
	stdin          io.Reader
	stdout, stderr io.Writer
	log            *slog.Logger
}

type cli struct {
	Demo      demoCmd      `cmd:"" help:"Everything in one process, nothing to install: watch an access, a change and an erasure happen."`
	Init      initCmd      `cmd:"" help:"Ask a few questions and write a commented configuration."`
	Check     checkCmd     `cmd:"" help:"Log in everywhere, send a mail round, and say what is wrong and how to mend it."`
	Run       runCmd       `cmd:"" help:"Run the bot."`
	Cases     casesCmd     `cmd:"" help:"What is open, by due date."`
	Case      caseCmd      `cmd:"" help:"One case and its trail; or act on it, as a handler's reply does."`
	Digest    digestCmd    `cmd:"" help:"The digest now."`
	Replay    replayCmd    `cmd:"" name:"replay-erasures" help:"Erase again whom a restored backup of a register has brought back."`
	Report    reportCmd    `cmd:"" help:"A year in figures: counts, on-time share, days to answer; no personal data."`
	Notice    noticeCmd    `cmd:"" help:"What people are told with an answer."`
	Procedure procedureCmd `cmd:"" help:"The company's documented procedure, as the configuration has it."`
	Explain   explainCmd   `cmd:"" help:"How the bot reads a mail."`
	Sort      sortCmd      `cmd:"" help:"Sort texts: which right each asks for, in which language, and why."`
	Deadline  deadlineCmd  `cmd:"" help:"The due date of a request received on a day, step by step."`
	Audit     auditCmd     `cmd:"" help:"Check the audit trail."`
	Keys      keysCmd      `cmd:"" help:"The keys that seal personal data."`
	Version   versionCmd   `cmd:"" help:"The version of the program."`

	Debug bool `help:"Log more. Logs never hold names, addresses or texts of mails."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run is the whole program but for the process around it.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	var c cli
	exited := -1
	parser, err := kong.New(&c, kong.Name("dpobot"), kong.Writers(stdout, stderr),
		kong.Description("dpobot answers data protection requests that arrive by mail: access, change, erasure."),
		kong.Exit(func(code int) { exited = code }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, FlagsLast: true}),
	)
	if err != nil {
		panic(err) // our own command line is broken
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	command, err := parser.Parse(args)
	if exited >= 0 {
		return exited
	}
	if err != nil {
		fmt.Fprintf(stderr, "dpobot: %v\nTry: dpobot --help\n", err)
		return exitMisuse
	}
	level := slog.LevelInfo
	if c.Debug {
		level = slog.LevelDebug
	}
	e := &env{ctx: ctx, stdin: stdin, stdout: stdout, stderr: stderr,
		log: slog.New(slog.NewJSONHandler(stderr, &slog.HandlerOptions{Level: level}))}
	redis.SetLogger(redisLog{e.log})
	return exitCode(command.Run(e), stderr)
}

// redisLog takes the lines that the Redis client would write to standard error.
type redisLog struct{ log *slog.Logger }

func (l redisLog) Printf(ctx context.Context, format string, args ...any) {
	l.log.DebugContext(ctx, "redis client", "says", fmt.Sprintf(format, args...))
}

func exitCode(err error, stderr io.Writer) int {
	var wrong misuse
	switch {
	case err == nil:
		return exitFine
	case errors.Is(err, errFailed):
		return exitFailed
	case errors.As(err, &wrong):
		fmt.Fprintf(stderr, "dpobot: %v\n", err)
		return exitMisuse
	}
	fmt.Fprintf(stderr, "dpobot: %v\n", err)
	return exitFailed
}
