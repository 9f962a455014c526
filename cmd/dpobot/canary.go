package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"dpobot/config"
	"dpobot/inbox/mailbox"
	"dpobot/responders"
	"dpobot/responders/post"
	"dpobot/workflow"
	"dpobot/workflow/redisstore"
)

// canaryLook is how often a canary that is under way is looked for.
const canaryLook = 30 * time.Second

// canaryLease is how long one process may take over one look; sending may be slow.
const canaryLease = 3 * time.Minute

// canaryStale is how old the last canary that came back may be before check complains:
// one may be late, two in a row are a dead mailbox.
const canaryStale = 48 * time.Hour

// round is where mails of our own come back: the mailbox that is read.
type round interface {
	// Look finds a mail by its Message-ID with angle brackets; found is false while it
	// has not arrived.
	Look(ctx context.Context, messageID string) (header []byte, found bool, err error)
	// Remove takes it away, or marks it as read where the server cannot.
	Remove(ctx context.Context, messageID string) error
}

var _ round = (*mailbox.Mailbox)(nil)

// watchCanary sends a mail of our own round every day, until the context ends, and tells
// the handlers by their own addresses when it does not come back: a mailbox that is dead
// says nothing, and nobody misses mails that never arrive. Any number of processes may
// watch; one mail goes each day.
func (o *office) watchCanary(ctx context.Context, e *env, sender responders.Poster, box round) {
	if o.cfg.Canary.Off {
		return
	}
	w := o.newCanary(sender, box)
	if second := o.cfg.Canary.SMTP; second != nil {
		other, err := newSenderOf(o.cfg, *second)
		if err != nil {
			e.log.Error("the second mail server cannot be used", "error", err)
		} else {
			defer other.Close()
			w.other = other
		}
	}
	tick := time.NewTicker(canaryLook)
	defer tick.Stop()
	for {
		if err := w.turn(ctx, time.Now()); err != nil && ctx.Err() == nil {
			e.log.Error("send a mail round", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// newSenderOf makes what hands mails in at another server than the mailbox's.
func newSenderOf(cfg *config.Config, smtp config.SMTP) (*post.Sender, error) {
	other := *cfg
	other.Mailbox.SMTP = smtp
	return newSender(&other)
}

// canaryWatch is one process that minds the canary.
type canaryWatch struct {
	cfg    *config.Config
	store  *redisstore.Store
	record *redisstore.Leased
	stamps workflow.Stamps
	sender responders.Poster // the mailbox's own server
	other  responders.Poster // the second one, or nil
	box    round
	token  string
}

func (o *office) newCanary(sender responders.Poster, box round) *canaryWatch {
	return &canaryWatch{
		cfg: o.cfg, store: o.store, record: o.store.Leased("canary"), stamps: o.stamps,
		sender: sender, box: box, token: rand.Text(),
	}
}

// flight is what is remembered of the canaries: the last one, and the earlier ones that
// never came back.
type flight struct {
	Day   workflow.Date // on which it was to leave
	ID    string        // its Message-ID
	Began time.Time     // when it was first tried
	Sent  bool          // the server took it
	Back  bool          // it came back
	Told  bool          // the handlers know that it did not
	Lost  []string      // Message-IDs of earlier ones, the newest first
}

// canaryStep is what is to be done about the canary now.
type canaryStep string

const (
	canaryRest canaryStep = "rest" // nothing
	canaryNew  canaryStep = "new"  // today's is to leave
	canarySend canaryStep = "send" // it is still with us: try again
	canarySeek canaryStep = "seek" // it is under way: look for it
	canaryTell canaryStep = "tell" // it is overdue, and the handlers do not know; look once more
)

// next decides. A canary that was missed while the program was down leaves at once.
func (f flight) next(c config.Canary, now time.Time) canaryStep {
	today := workflow.Date{Year: now.Year(), Month: now.Month(), Day: now.Day()}
	switch {
	case f.Day != today && !now.Before(c.At.On(now)):
		return canaryNew
	case f.ID == "" || f.Back:
		return canaryRest
	case !f.Told && now.Sub(f.Began) > c.Within:
		return canaryTell
	case !f.Sent:
		return canarySend
	}
	return canarySeek
}

// turn does once what is to be done at now. Errors are met again at the next turn.
func (w *canaryWatch) turn(ctx context.Context, now time.Time) error {
	now = now.In(w.cfg.Controller.Timezone)
	if f, err := w.load(ctx); err != nil || f.next(w.cfg.Canary, now) == canaryRest {
		return err
	}
	err := w.record.Acquire(ctx, w.token, canaryLease)
	if errors.Is(err, redisstore.ErrLeaseHeld) {
		return nil // another process is at it
	}
	if err != nil {
		return err
	}
	defer func() { _ = w.record.Release(context.WithoutCancel(ctx), w.token) }()
	ctx, cancel := context.WithTimeout(ctx, canaryLease/2)
	defer cancel()
	f, err := w.load(ctx) // as it is now that nobody else changes it
	if err != nil {
		return err
	}
	switch f.next(w.cfg.Canary, now) {
	case canaryNew:
		if f.ID == "" && now.Sub(w.cfg.Canary.At.On(now)) > w.cfg.Canary.Within {
			// The first start, after the hour: check has just sent a mail round, and the
			// mailbox is spared another. The first canary leaves tomorrow.
			return w.save(ctx, flight{Day: workflow.Date{Year: now.Year(), Month: now.Month(), Day: now.Day()}, ID: "none", Began: now, Back: true})
		}
		return w.send(ctx, w.fresh(f, now), now)
	case canarySend:
		return w.send(ctx, f, now)
	case canarySeek:
		_, err := w.look(ctx, f, now)
		return err
	case canaryTell:
		if back, _ := w.look(ctx, f, now); back {
			return nil
		}
		return w.tell(ctx, f, now)
	}
	return nil
}

// lostMost bounds the earlier canaries that are still looked for: so many days may a mail
// wait in a queue before it bounces.
const lostMost = 5

// fresh is today's canary. The last one stays remembered: it may come back late, and is
// to be taken away all the same.
func (w *canaryWatch) fresh(last flight, now time.Time) flight {
	lost := last.Lost
	if last.Sent && !last.Back {
		lost = append([]string{last.ID}, lost...)
	}
	id := w.stamps.MessageID(workflow.Desk, workflow.Task{N: 1, Action: workflow.Acknowledge})
	return flight{
		Day: workflow.Date{Year: now.Year(), Month: now.Month(), Day: now.Day()},
		ID:  unique(id), Began: now, Lost: lost[:min(len(lost), lostMost)],
	}
}

// send hands the canary in. It is remembered first: a process that dies between the two
// leaves one that is tried again with the same Message-ID.
func (w *canaryWatch) send(ctx context.Context, f flight, now time.Time) error {
	if err := w.save(ctx, f); err != nil {
		return err
	}
	address := workflow.Address(w.cfg.Mailbox.Address)
	_, err := w.sender.Send(ctx, post.Mail{
		FromName: "dpobot", From: address, To: address, Subject: "dpobot", Submitted: post.Generated,
		Text: "This mail goes round every day to show that the mailbox works. dpobot takes it away again by itself.\n",
		Date: now, MessageID: f.ID,
	})
	if err != nil && !errors.Is(err, post.ErrUnknown) {
		return fmt.Errorf("hand in the canary: %w", err)
	}
	f.Sent = true
	return w.save(ctx, f)
}

// look takes away every canary that came back. Any of them shows that mails arrive.
func (w *canaryWatch) look(ctx context.Context, f flight, now time.Time) (back bool, err error) {
	var lost []string
	var arrived bool
	for _, id := range append([]string{f.ID}, f.Lost...) {
		_, found, err := w.box.Look(ctx, "<"+id+">")
		if err != nil {
			return false, fmt.Errorf("look for the canary: %w", err)
		}
		if found {
			err = w.box.Remove(ctx, "<"+id+">")
		}
		if err != nil {
			return false, fmt.Errorf("take the canary away: %w", err)
		}
		arrived = arrived || found
		if id == f.ID {
			f.Back = found
		} else if !found {
			lost = append(lost, id)
		}
	}
	if !arrived {
		return false, nil
	}
	f.Lost = lost
	if err := w.store.SetHealth(ctx, workflow.HealthCanary, now); err != nil {
		return f.Back, err
	}
	return f.Back, w.save(ctx, f)
}

// tell mails every handler that the canary is lost, by the second server where there is
// one, else and failing that by the first. It is told again tomorrow, of tomorrow's.
func (w *canaryWatch) tell(ctx context.Context, f flight, now time.Time) error {
	var faults []error
	told := false
	for _, h := range w.cfg.Handlers {
		mail := w.alarm(h, f, now)
		err := fmt.Errorf("no second server: %w", post.ErrTemporary)
		if w.other != nil {
			_, err = w.other.Send(ctx, mail)
		}
		if err != nil {
			_, err = w.sender.Send(ctx, mail)
		}
		if err != nil {
			faults = append(faults, fmt.Errorf("tell a handler that the mailbox is silent: %w", err))
			continue
		}
		told = true
	}
	if told {
		f.Told = true
		faults = append(faults, w.save(context.WithoutCancel(ctx), f))
	}
	return errors.Join(faults...)
}

// alarm is the mail to one handler. It carries no secret, and no answer to it counts: the
// Message-ID only lets the bot know its own mail, where the handler's mailbox is the one
// that it reads.
func (w *canaryWatch) alarm(h config.Handler, f flight, now time.Time) post.Mail {
	subject, text := alarmIn(string(h.Language), string(w.cfg.Mailbox.Address), f.Sent, f.Began.In(w.cfg.Controller.Timezone), w.cfg.Canary.Within)
	id := w.stamps.MessageID(workflow.Desk, workflow.Task{N: 2, Action: workflow.Acknowledge})
	return post.Mail{
		FromName: "dpobot", From: workflow.Address(w.cfg.Mailbox.Address), To: workflow.Address(h.Address), ToName: h.Name,
		Subject: subject, Text: text, Submitted: post.Generated, Date: now, MessageID: unique(id),
	}
}

func (w *canaryWatch) load(ctx context.Context) (flight, error) {
	fields, err := w.record.Load(ctx)
	if err != nil {
		return flight{}, err
	}
	return flightOf(fields)
}

func flightOf(fields map[string]string) (flight, error) {
	f := flight{ID: fields["id"], Sent: fields["sent"] != "", Back: fields["back"] != "", Told: fields["told"] != "", Lost: strings.Fields(fields["lost"])}
	if f.ID == "" {
		return f, nil
	}
	began, err := strconv.ParseInt(fields["began"], 10, 64)
	if err != nil {
		return f, fmt.Errorf("read what is remembered of the canary: began: %w", err)
	}
	f.Began = time.UnixMilli(began)
	if f.Day, err = workflow.ParseDate(fields["day"]); err != nil {
		return f, fmt.Errorf("read what is remembered of the canary: day: %w", err)
	}
	return f, nil
}

func (w *canaryWatch) save(ctx context.Context, f flight) error {
	said := func(b bool) string {
		if b {
			return "1"
		}
		return ""
	}
	return w.record.Save(ctx, w.token, true, map[string]string{
		"day": f.Day.String(), "id": f.ID, "began": fmt.Sprint(f.Began.UnixMilli()),
		"sent": said(f.Sent), "back": said(f.Back), "told": said(f.Told), "lost": strings.Join(f.Lost, " "),
	}, nil)
}

// checkCanary says when a mail last went all the way round by itself.
func checkCanary(ctx context.Context, cfg *config.Config, o *office, r *report, now time.Time) {
	if cfg.Canary.Off {
		r.warn("canary", "the daily mail to the mailbox itself is switched off: nobody is told when mails no longer arrive", "take off: true out of canary in the configuration")
		return
	}
	health, err := o.store.Health(ctx)
	if err != nil {
		return // said of redis already
	}
	last, known := health[workflow.HealthCanary]
	const mend = "is dpobot run running? Does mail to the address arrive in the folder that is read?"
	if f, err := o.newCanary(nil, nil).load(ctx); err == nil && f.Told && !f.Back {
		r.fault("canary", "the daily mail of "+f.Day.String()+" did not come back", mend)
		return
	}
	if !known {
		return // the bot has not run for a day yet
	}
	when := last.In(cfg.Controller.Timezone).Format("2006-01-02 15:04")
	if now.Sub(last) > canaryStale {
		r.fault("canary", "the daily mail last came back on "+when, mend)
		return
	}
	r.fine("canary", "the daily mail last came back on "+when)
}
