package mailbox

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"slices"
)

// gone is what becomes of a mail that vanished before it could be read.
const gone Outcome = "gone"

// result is what became of one mail.
type result struct {
	outcome Outcome
	failed  error // the Reader's; then there is no outcome
}

// inBatches reads new mails in batches, and those of a batch that breaks one at a time.
func (t *turn) inBatches(ctx context.Context, uids []uint32) error {
	for chunk := range slices.Chunk(uids, maxBatch) {
		if t.stopped() {
			return nil
		}
		rest, err := t.batch(ctx, chunk)
		if err != nil {
			return err
		}
		if err := t.oneByOne(ctx, rest); err != nil {
			return err
		}
	}
	return nil
}

// batch reads the mails together. It settles those that came whole and returns the others.
func (t *turn) batch(ctx context.Context, uids []uint32) (rest []uint32, err error) {
	// If we die over one of these, the next process takes them one at a time.
	if err := t.save(ctx, Change{Done: t.state.Done, Hand: uids[len(uids)-1]}); err != nil {
		return nil, err
	}
	results := make(map[uint32]result, len(uids))
	err = t.read(ctx, uids, results)
	switch {
	case errors.Is(err, errRenumbered):
		return nil, err // these UIDs name other mails now
	case err != nil && !errors.Is(err, ErrUnavailable):
		t.log.Warn("a batch broke off; what is left of it is read one at a time", "error", t.broken(err))
		err = nil
	}
	if settled := t.settle(ctx, uids, results); settled != nil {
		return nil, errors.Join(err, settled)
	}
	rest = slices.DeleteFunc(slices.Clone(uids), func(uid uint32) bool {
		_, known := results[uid]
		return known
	})
	return rest, err
}

// read fills in what became of each mail. A mail that is missing from results afterwards was not
// read, or not to its end. The error is the connection's, or wraps ErrUnavailable.
func (t *turn) read(ctx context.Context, uids []uint32, results map[uint32]result) error {
	s, err := t.again(ctx)
	if err != nil {
		return err
	}
	known, hidden, err := s.describe(ctx, uids)
	if err != nil {
		return err
	}
	t.known = known
	var whole, oversize []Message
	for _, uid := range uids {
		m, there := known[uid]
		switch {
		case !there && slices.Contains(hidden, uid):
			// Neither read nor gone.
		case !there:
			results[uid] = result{outcome: gone}
		case t.notOurs(m):
			results[uid] = result{outcome: Left}
		case m.Size > t.config.MaxSize:
			m.Oversize = true
			oversize = append(oversize, m)
		default:
			whole = append(whole, m)
		}
	}
	if err := t.fetch(ctx, s, whole, wholeMail(), results); err != nil {
		return err
	}
	return t.fetch(ctx, s, oversize, headerOnly(), results)
}

// notOurs tells whether the mail is handled already, or older than what we were asked to read.
func (t *turn) notOurs(m Message) bool {
	return m.has(t.config.Keyword) || m.InternalDate.Before(t.config.Since)
}

// fetch downloads this part of the mails and hands each to the Reader while it comes in.
func (t *turn) fetch(ctx context.Context, s *session, mails []Message, part *section, results map[uint32]result) error {
	for _, portion := range portions(mails, maxBatch, maxBatchBytes) {
		if t.stopped() {
			return nil
		}
		if err := t.fetchPortion(ctx, s, portion, part, results); err != nil {
			return err
		}
	}
	return nil
}

func (t *turn) fetchPortion(ctx context.Context, s *session, portion []Message, part *section, results map[uint32]result) error {
	byUID := make(map[uint32]Message, len(portion))
	for _, m := range portion {
		byUID[m.UID] = m
	}
	var unavailable error
	given := make(map[uint32]result, len(portion))
	hand := func(uid uint32, size int64, raw io.Reader) bool {
		if t.stopped() || ctx.Err() != nil {
			return false
		}
		m := byUID[uid]
		if size > max(t.config.MaxSize, maxHeader) {
			// The server had stated less. Not to be downloaded; alone it fails, and is set aside.
			return false
		}
		given[uid] = t.give(ctx, m, raw)
		if errors.Is(given[uid].failed, ErrUnavailable) {
			unavailable = given[uid].failed
			results[uid] = result{outcome: Later}
			return false
		}
		return true
	}
	came := func(uid uint32) { results[uid] = given[uid] }
	err := s.stream(ctx, uidsOf(portion), part, hand, came)
	if unavailable != nil {
		return unavailable
	}
	return err
}

// give hands one mail to the Reader, in bounded time.
func (t *turn) give(ctx context.Context, m Message, raw io.Reader) result {
	ctx, cancel := context.WithTimeout(ctx, t.limits.mail)
	defer cancel()
	outcome, err := t.safely(func() (Outcome, error) { return t.reader.Read(ctx, m, raw) })
	return result{outcome, err}
}

// safely calls the Reader. A mail that makes it panic is a failed try, not the end of the program.
func (t *turn) safely(call func() (Outcome, error)) (outcome Outcome, err error) {
	defer func() {
		if what := recover(); what != nil {
			// The panic's value may quote the mail; where it happened does not.
			t.log.Error("panic while reading a mail", "stack", string(debug.Stack()))
			outcome, err = "", errors.New("the program panicked over it")
		}
	}()
	outcome, err = call()
	if err == nil && outcome != Handled && outcome != Left && outcome != Later {
		err = fmt.Errorf("no such outcome: %q", outcome)
	}
	return outcome, err
}

// settle flags what was handled and remembers what became of the mails of a batch.
func (t *turn) settle(ctx context.Context, uids []uint32, results map[uint32]result) error {
	var change Change
	now := t.clock.Now()
	for _, uid := range uids {
		r, known := results[uid]
		if !known {
			continue
		}
		t.settled[uid] = true
		p := Pending{UID: uid}
		switch t.count(r); {
		case r.failed != nil:
			change.Put = append(change.Put, p.failed(now, 1, r.failed.Error()))
			t.log.Warn("a mail could not be read; it is tried again", "uid", uid, "error", r.failed)
		case r.outcome == Later:
			change.Put = append(change.Put, p.waited(now))
		case r.outcome == Handled:
			t.unflagged = append(t.unflagged, uid)
		}
	}
	if err := t.flag(ctx); err != nil {
		return err
	}
	change.Done = t.advance()
	return t.save(ctx, change)
}

func (t *turn) count(r result) {
	switch {
	case r.failed != nil:
		t.report.Failed++
	case r.outcome == Handled:
		t.report.Handled++
	case r.outcome == Left:
		t.report.Left++
	case r.outcome == Later:
		t.report.Later++
	case r.outcome == gone:
		t.report.Gone++
	}
}

// advance moves the cursor over the mails that are settled and returns it.
func (t *turn) advance() uint32 {
	done := t.state.Done
	for len(t.open) > 0 && t.settled[t.open[0]] {
		done = max(done, t.open[0])
		delete(t.settled, t.open[0])
		t.open = t.open[1:]
	}
	return done
}
