package main

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"dpobot/config"
	"dpobot/inbox/mailbox/imaptest"
	"dpobot/responders/post"
	"dpobot/workflow"
	"dpobot/workflow/redisstore/ministore"
)

// aviary is a mailbox in memory, a store, and a post that delivers or not.
type aviary struct {
	cfg    *config.Config
	office *office
	server *imaptest.Server
	env    *env

	mu      sync.Mutex
	refuse  error // what the mail server says
	lose    bool  // it takes mails for the mailbox, and they never arrive
	waiting []post.Mail
	alarms  []post.Mail // to handlers
	sent    int         // canaries that were taken
}

func newAviary(t *testing.T, options imaptest.Options) *aviary {
	t.Helper()
	dir := t.TempDir()
	if err := furnish(dir); err != nil {
		t.Fatal(err)
	}
	options.Users = map[string]string{"tietosuoja": strings.TrimSpace(readFile(t, filepath.Join(dir, "mail.password")))}
	server, err := imaptest.Start(options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Close)
	_, port, _ := net.SplitHostPort(server.Addr)
	file := filepath.Join(dir, "dpobot.yaml")
	if err := os.WriteFile(file, []byte(strings.Replace(readFile(t, file), ":1143", ":"+port, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	cfg, err := config.Load(file)
	if err != nil {
		t.Fatal(err)
	}
	store, err := ministore.Open(string(cfg.Mailbox.Address))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	stamps := workflow.NewStamps(bytes.Repeat([]byte{7}, 32), workflow.Address(cfg.Mailbox.Address))
	return &aviary{
		cfg: cfg, server: server, office: &office{cfg: cfg, store: store.Store, stamps: stamps},
		env: &env{ctx: t.Context(), log: slog.New(slog.DiscardHandler)},
	}
}

func readFile(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// Send is the mail server of the mailbox.
func (a *aviary) Send(_ context.Context, m post.Mail) ([]byte, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.refuse != nil {
		return nil, a.refuse
	}
	if m.To != m.From {
		a.alarms = append(a.alarms, m)
		return nil, nil
	}
	a.sent++
	if a.lose {
		a.waiting = append(a.waiting, m)
		return nil, nil
	}
	return nil, a.deliver(m)
}

func (a *aviary) deliver(m post.Mail) error {
	raw := fmt.Sprintf("From: <%s>\r\nTo: <%s>\r\nSubject: %s\r\nMessage-ID: <%s>\r\n\r\n%s", m.From.Reveal(), m.To.Reveal(), m.Subject, m.MessageID, m.Text)
	_, err := a.server.Append("tietosuoja", "INBOX", []byte(raw), m.Date)
	return err
}

// process is one more running bot.
func (a *aviary) process(t *testing.T) *canaryWatch {
	t.Helper()
	box, err := newMailbox(a.env, a.cfg, noReader{}, newMemory(a.office.store))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(box.Close)
	return a.office.newCanary(a, box)
}

// inbox lists the subjects and flags of what lies in the mailbox.
func (a *aviary) inbox(t *testing.T) []imaptest.Mail {
	t.Helper()
	mails, err := a.server.Mails("tietosuoja", "INBOX")
	if err != nil {
		t.Fatal(err)
	}
	return mails
}

func (a *aviary) lastBack(t *testing.T) time.Time {
	t.Helper()
	health, err := a.office.store.Health(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return health[workflow.HealthCanary]
}

// clock is a time of a winter day in Helsinki.
func clock(t *testing.T, day int, hhmm string) time.Time {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Helsinki")
	if err != nil {
		t.Fatal(err)
	}
	at, err := time.ParseInLocation("2006-01-02 15:04", fmt.Sprintf("2026-11-%02d %s", day, hhmm), zone)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func turn(t *testing.T, w *canaryWatch, now time.Time) {
	t.Helper()
	if err := w.turn(t.Context(), now); err != nil {
		t.Fatalf("at %s: %v", now, err)
	}
}

func TestCanaryGoesRound(t *testing.T) {
	a := newAviary(t, imaptest.Options{})
	one, two := a.process(t), a.process(t)
	turn(t, one, clock(t, 10, "05:59"))
	if a.sent != 0 {
		t.Fatalf("before its time: %d left, want none", a.sent)
	}
	for _, w := range []*canaryWatch{one, two, one} {
		turn(t, w, clock(t, 10, "06:00"))
	}
	if a.sent != 1 {
		t.Errorf("two processes: %d left, want 1", a.sent)
	}
	turn(t, two, clock(t, 10, "06:01"))
	if got, want := a.lastBack(t), clock(t, 10, "06:00"); got.Before(want) {
		t.Errorf("last back: got %s, want %s at the earliest", got, want)
	}
	if left := a.inbox(t); len(left) != 0 {
		t.Errorf("%d mails lie in the mailbox, want none", len(left))
	}
	for _, later := range []string{"06:02", "12:00", "23:59"} {
		turn(t, one, clock(t, 10, later))
	}
	turn(t, one, clock(t, 11, "05:00"))
	if a.sent != 1 || len(a.alarms) != 0 {
		t.Errorf("until the next day: %d left and %d alarms, want 1 and 0", a.sent, len(a.alarms))
	}
	turn(t, two, clock(t, 11, "09:30")) // the program was down at six
	if a.sent != 2 {
		t.Errorf("the next day: %d left, want 2", a.sent)
	}
}

// Where the server cannot remove single mails, the canary is marked as read at least.
func TestCanaryWithoutUIDPlus(t *testing.T) {
	a := newAviary(t, imaptest.Options{Without: []string{"UIDPLUS"}})
	w := a.process(t)
	turn(t, w, clock(t, 10, "06:00"))
	turn(t, w, clock(t, 10, "06:01"))
	left := a.inbox(t)
	if len(left) != 1 || !left[0].Has(`\Seen`) {
		t.Errorf("got %d mails, the first with %v; want one that is marked as read", len(left), left)
	}
	if a.lastBack(t).IsZero() {
		t.Error("it is not known that the canary came back")
	}
}

func TestCanaryIsLost(t *testing.T) {
	a := newAviary(t, imaptest.Options{})
	a.lose = true
	one, two := a.process(t), a.process(t)
	turn(t, one, clock(t, 10, "06:00"))
	turn(t, one, clock(t, 10, "07:00"))
	if len(a.alarms) != 0 {
		t.Fatalf("within the hour: %d alarms, want none", len(a.alarms))
	}
	turn(t, one, clock(t, 10, "07:01"))
	turn(t, two, clock(t, 10, "07:02"))
	turn(t, one, clock(t, 10, "18:00"))
	if len(a.alarms) != 1 || a.alarms[0].To != officerAddress {
		t.Fatalf("got %d alarms, want one to the officer", len(a.alarms))
	}
	alarm := a.alarms[0]
	if !strings.Contains(alarm.Text, "At 06:00 dpobot sent a mail") || !strings.Contains(alarm.Text, "within 60 minutes") {
		t.Errorf("the alarm says:\n%s", alarm.Text)
	}
	if stamp, own := a.office.stamps.Own(alarm.MessageID); !own || stamp.To == workflow.ToHandler {
		t.Errorf("the alarm's Message-ID: own %v, stamp %v; want our own and no secret", own, stamp)
	}
	var out bytes.Buffer
	r := &report{out: &out}
	checkCanary(t.Context(), a.cfg, a.office, r, clock(t, 10, "18:00"))
	if r.faults != 1 || !strings.Contains(out.String(), "the daily mail of 2026-11-10 did not come back") {
		t.Errorf("check: %d faults, %q", r.faults, out.String())
	}
	turn(t, one, clock(t, 11, "06:00"))
	turn(t, one, clock(t, 11, "07:01"))
	if len(a.alarms) != 2 || a.sent != 2 {
		t.Errorf("the second day: %d alarms and %d canaries, want 2 and 2", len(a.alarms), a.sent)
	}
	// Both arrive after all: both are taken away, and nobody is bothered again.
	for _, m := range a.waiting {
		if err := a.deliver(m); err != nil {
			t.Fatal(err)
		}
	}
	turn(t, two, clock(t, 11, "08:00"))
	if left := a.inbox(t); len(left) != 0 {
		t.Errorf("%d mails lie in the mailbox, want none", len(left))
	}
	if got, want := a.lastBack(t), clock(t, 11, "08:00"); !got.Equal(want) {
		t.Errorf("last back: got %s, want %s", got, want)
	}
	turn(t, one, clock(t, 11, "12:00"))
	if len(a.alarms) != 2 {
		t.Errorf("%d alarms, want 2", len(a.alarms))
	}
}

func TestCanaryIsRefused(t *testing.T) {
	a := newAviary(t, imaptest.Options{})
	a.refuse = post.ErrTemporary
	w := a.process(t)
	for _, at := range []string{"06:00", "06:30"} {
		if err := w.turn(t.Context(), clock(t, 10, at)); err == nil {
			t.Errorf("%s: no error, want that of the mail server", at)
		}
	}
	first, err := w.load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := w.turn(t.Context(), clock(t, 10, "07:01")); err == nil {
		t.Error("the alarm was refused too: no error, want one")
	}
	second := &aviary{}
	w.other = second
	turn(t, w, clock(t, 10, "07:02"))
	if len(second.alarms) != 1 || !strings.Contains(second.alarms[0].Text, "has not taken it") {
		t.Errorf("by the second server: got %d alarms, want one that says why", len(second.alarms))
	}
	a.refuse = nil
	turn(t, w, clock(t, 10, "08:00"))
	turn(t, w, clock(t, 10, "08:01"))
	now, err := w.load(t.Context())
	if err != nil || now.ID != first.ID || !now.Back {
		t.Errorf("got %+v, %v; want the same canary, back", now, err)
	}
}

func TestCanaryInCheck(t *testing.T) {
	for name, c := range map[string]struct {
		off    bool
		last   time.Duration // before now; 0: never
		faults int
		says   string
	}{
		"never":      {false, 0, 0, ""},
		"today":      {false, 5 * time.Hour, 0, "ok       canary"},
		"two days":   {false, 48 * time.Hour, 0, "ok       canary"},
		"older":      {false, 49 * time.Hour, 1, "FAULT    canary"},
		"turned off": {true, 100 * time.Hour, 0, "warning  canary"},
	} {
		t.Run(name, func(t *testing.T) {
			a := newAviary(t, imaptest.Options{})
			a.cfg.Canary.Off = c.off
			now := clock(t, 10, "12:00")
			if c.last > 0 {
				if err := a.office.store.SetHealth(t.Context(), workflow.HealthCanary, now.Add(-c.last)); err != nil {
					t.Fatal(err)
				}
			}
			var out bytes.Buffer
			r := &report{out: &out}
			checkCanary(t.Context(), a.cfg, a.office, r, now)
			if r.faults != c.faults || !strings.HasPrefix(out.String(), c.says) || (c.says == "") != (out.Len() == 0) {
				t.Errorf("%d faults, %q; want %d, %q", r.faults, out.String(), c.faults, c.says)
			}
		})
	}
}

func TestCanaryNext(t *testing.T) {
	rules := config.Canary{At: config.ClockTime{Hour: 6}, Within: time.Hour}
	began := clock(t, 10, "06:00")
	day := workflow.Date{Year: 2026, Month: time.November, Day: 10}
	for name, c := range map[string]struct {
		flight flight
		at     time.Time
		want   canaryStep
	}{
		"none yet, too early":          {flight{}, clock(t, 10, "05:00"), canaryRest},
		"none yet":                     {flight{}, clock(t, 10, "06:00"), canaryNew},
		"back":                         {flight{Day: day, ID: "x", Began: began, Sent: true, Back: true}, clock(t, 10, "20:00"), canaryRest},
		"under way":                    {flight{Day: day, ID: "x", Began: began, Sent: true}, clock(t, 10, "06:30"), canarySeek},
		"not taken":                    {flight{Day: day, ID: "x", Began: began}, clock(t, 10, "06:30"), canarySend},
		"overdue":                      {flight{Day: day, ID: "x", Began: began, Sent: true}, clock(t, 10, "07:01"), canaryTell},
		"not taken, overdue":           {flight{Day: day, ID: "x", Began: began}, clock(t, 10, "07:01"), canaryTell},
		"overdue and told":             {flight{Day: day, ID: "x", Began: began, Sent: true, Told: true}, clock(t, 10, "09:00"), canarySeek},
		"told, still with us":          {flight{Day: day, ID: "x", Began: began, Told: true}, clock(t, 10, "09:00"), canarySend},
		"the next morning, before six": {flight{Day: day, ID: "x", Began: began, Sent: true, Told: true}, clock(t, 11, "05:00"), canarySeek},
		"the next day":                 {flight{Day: day, ID: "x", Began: began, Sent: true, Told: true}, clock(t, 11, "06:00"), canaryNew},
		"a clock that was ahead":       {flight{Day: day, ID: "x", Began: began, Sent: true, Back: true}, clock(t, 9, "06:00"), canaryNew},
	} {
		if got := c.flight.next(rules, c.at); got != c.want {
			t.Errorf("%s: got %s, want %s", name, got, c.want)
		}
	}
}

func TestCanaryForgetsNothing(t *testing.T) {
	a := newAviary(t, imaptest.Options{})
	w := a.process(t)
	if err := w.record.Acquire(t.Context(), w.token, time.Minute); err != nil {
		t.Fatal(err)
	}
	want := flight{Day: workflow.Date{Year: 2026, Month: 11, Day: 10}, ID: "x@y", Began: time.UnixMilli(1794285600000), Sent: true, Told: true, Lost: []string{"a@y", "b@y"}}
	if err := w.save(t.Context(), want); err != nil {
		t.Fatal(err)
	}
	got, err := w.load(t.Context())
	if err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %v, %v; want %v", got, err, want)
	}
	for name, fields := range map[string]map[string]string{
		"a time that is none": {"id": "x", "began": "soon", "day": "2026-11-10"},
		"a day that is none":  {"id": "x", "began": "1", "day": "today"},
	} {
		if _, err := flightOf(fields); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
