package main

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"dpobot/workflow"
	"dpobot/workflow/redisstore"
)

// evidence is what an archive holds of one case.
type evidence struct {
	Case  workflow.Case
	Trail []workflow.Entry
	Chain chainLine
}

// chainLine says how the whole trail stood when the archive was made: the entries of one
// case prove nothing without it.
type chainLine struct {
	CheckedAt time.Time `json:"checked_at"`
	Entries   int64     `json:"entries"` // that are sound, of all cases
	Broken    string    `json:"broken,omitempty"`
	Head      string    `json:"head"` // number and hash of the last entry
}

// archive writes the evidence of the case into a new file that its owner alone can read.
func (c *auditExportCmd) archive(e *env, o *office) error {
	ref := workflow.Ref(strings.ToUpper(c.Ref))
	ev, err := o.evidence(e.ctx, ref, time.Now())
	if err != nil {
		return err
	}
	file, err := os.OpenFile(c.Archive, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, os.ErrExist) {
		return misuse{fmt.Errorf("%s exists already", c.Archive)}
	}
	if err != nil {
		return fmt.Errorf("write the archive: %w", err)
	}
	err = errors.Join(ev.write(file, o.stamps, c.WithMails), file.Close())
	if err != nil {
		return errors.Join(fmt.Errorf("write the archive: %w", err), os.Remove(c.Archive))
	}
	fmt.Fprintf(e.stdout, "%s: %d entries of the trail of %s\n", c.Archive, len(ev.Trail), ref)
	if ev.Chain.Broken != "" {
		fmt.Fprintf(e.stdout, "The audit trail is broken: %s\n", ev.Chain.Broken)
		return errFailed
	}
	return nil
}

// evidence gathers what is known of a case. Of a purged one that is its stub.
func (o *office) evidence(ctx context.Context, ref workflow.Ref, now time.Time) (evidence, error) {
	ev := evidence{Chain: chainLine{CheckedAt: now.UTC()}}
	var err error
	if ev.Case, err = o.caseOrStub(ctx, ref); err != nil {
		return ev, err
	}
	for en, err := range o.store.Trail(ctx, ref) {
		if err != nil {
			return ev, fmt.Errorf("read the trail: %w", err)
		}
		ev.Trail = append(ev.Trail, en)
	}
	var broken *redisstore.Broken
	ev.Chain.Entries, err = o.store.Verify(ctx)
	if errors.As(err, &broken) {
		ev.Chain.Broken = broken.Error()
	} else if err != nil {
		return ev, fmt.Errorf("check the trail: %w", err)
	}
	head, err := o.store.Head(ctx)
	if err != nil {
		return ev, fmt.Errorf("read the head of the trail: %w", err)
	}
	ev.Chain.Head = fmt.Sprint(head)
	return ev, nil
}

func (o *office) caseOrStub(ctx context.Context, ref workflow.Ref) (workflow.Case, error) {
	c, err := o.store.Load(ctx, ref)
	if !errors.Is(err, workflow.ErrNoCase) {
		return c, err
	}
	for stub, err := range o.store.All(ctx) {
		if err == nil && stub.Ref == ref {
			return stub, nil
		}
	}
	return c, fmt.Errorf("there is no case %s", ref)
}

// write makes the archive. mails adds what is the person's own.
func (ev evidence) write(out io.Writer, stamps workflow.Stamps, mails bool) error {
	parts := []struct {
		name string
		data func() ([]byte, error)
	}{
		{"README.txt", func() ([]byte, error) { return []byte(ev.readme(mails)), nil }},
		{"case.json", func() ([]byte, error) { return indented(recordOf(ev.Case, stamps, mails)) }},
		{"trail.jsonl", func() ([]byte, error) { return lines(ev.Trail) }},
		{"chain.json", func() ([]byte, error) { return indented(ev.Chain) }},
	}
	z := zip.NewWriter(out)
	var sums strings.Builder
	for _, p := range parts {
		data, err := p.data()
		if err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
		sum := sha256.Sum256(data)
		fmt.Fprintf(&sums, "%x  %s\n", sum, p.name)
		if err := ev.add(z, p.name, data); err != nil {
			return err
		}
	}
	if err := ev.add(z, "SHA256SUMS", []byte(sums.String())); err != nil {
		return err
	}
	return z.Close()
}

func (ev evidence) add(z *zip.Writer, name string, data []byte) error {
	w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: ev.Chain.CheckedAt})
	if err != nil {
		return err
	}
	_, err = w.Write(data)
	return err
}

func (ev evidence) readme(mails bool) string {
	holds := "It holds no name, address or text of a mail."
	if mails {
		holds = "It holds personal data: the person's name and address, and the texts of the mails. Delete it when it is no longer needed."
	}
	return fmt.Sprintf(`Evidence of the case %s, made on %s.
%s

case.json    dates, rights, decisions, and what was done in which register
trail.jsonl  the case's entries of the audit trail, one a line. hash covers the entry and prev, the hash of the entry
             before it in the trail of all cases; people are keyed hashes
chain.json   how the whole trail stood when this was made: how many entries are sound, and the last one's hash
SHA256SUMS   of these files; check with: sha256sum -c SHA256SUMS
`, ev.Case.Ref, ev.Chain.CheckedAt.Format("2006-01-02 15:04 MST"), holds)
}

// record is a case as the archive tells it. What is left out without mails is the
// person's, or a handler's own words.
type record struct {
	Ref      workflow.Ref          `json:"ref"`
	Person   *workflow.Person      `json:"person,omitempty"`
	Language string                `json:"language"`
	Received time.Time             `json:"received"`
	Due      workflow.Date         `json:"due"`
	Extended workflow.Date         `json:"extended,omitzero"`
	Reason   workflow.Text         `json:"extended_because,omitempty"`
	State    workflow.State        `json:"state"`
	Items    []recordItem          `json:"items"`
	Tasks    []recordTask          `json:"tasks"`
	Mails    []recordMail          `json:"mails"`
	More     int                   `json:"mails_not_kept,omitempty"`
	Breach   *workflow.BreachClock `json:"breach,omitempty"`
	Purge    workflow.Date         `json:"purge,omitzero"`
}

type recordItem struct {
	Kind     workflow.Kind    `json:"kind"`
	Right    workflow.Right   `json:"right,omitempty"`
	State    workflow.State   `json:"state"`
	Opened   time.Time        `json:"opened"`
	Verified *recordVerified  `json:"verified,omitempty"`
	Reason   workflow.Reason  `json:"refused_because,omitempty"`
	Text     workflow.Text    `json:"text,omitempty"`
	Closed   time.Time        `json:"closed,omitzero"`
	Done     []recordRegister `json:"registers,omitempty"`
}

type recordVerified struct {
	By  string       `json:"by,omitempty"` // as in the trail
	How workflow.How `json:"how"`
	At  time.Time    `json:"at"`
}

// recordRegister names the fields that were changed, erased or kept, never their values.
type recordRegister struct {
	Register string          `json:"register"`
	Records  int             `json:"records"`
	Changed  []string        `json:"changed,omitempty"`
	Deleted  []string        `json:"deleted,omitempty"`
	Kept     []workflow.Kept `json:"kept,omitempty"`
}

type recordTask struct {
	Action workflow.Action    `json:"action"`
	State  workflow.TaskState `json:"state"`
	Due    time.Time          `json:"due"`
	Done   time.Time          `json:"done,omitzero"`
	Tries  int                `json:"failed_tries,omitempty"`
}

type recordMail struct {
	At      time.Time        `json:"at"`
	Out     bool             `json:"out"`
	ID      string           `json:"message_id,omitempty"`
	SHA256  string           `json:"text_sha256"` // of the visible new text, in UTF-8
	From    workflow.Address `json:"from,omitempty"`
	Subject workflow.Text    `json:"subject,omitempty"`
	Text    workflow.Text    `json:"text,omitempty"`
}

func recordOf(c workflow.Case, stamps workflow.Stamps, mails bool) record {
	r := record{
		Ref: c.Ref, Language: c.Language, Received: c.Received, Due: c.Clock.Due, Extended: c.Clock.Extended,
		State: c.State(), Breach: c.Breach, Purge: c.Purge, More: c.More,
		Items: []recordItem{}, Tasks: []recordTask{}, Mails: []recordMail{},
	}
	if mails {
		r.Person, r.Reason = &c.Person, c.Clock.Reason
	}
	for _, it := range c.Items {
		r.Items = append(r.Items, recordItemOf(it, stamps, mails))
	}
	for _, t := range c.Tasks {
		r.Tasks = append(r.Tasks, recordTask{t.Action, t.State, t.Due, t.Done, t.Tries})
	}
	for _, m := range c.Messages {
		r.Mails = append(r.Mails, recordMailOf(m, stamps, mails))
	}
	return r
}

func recordItemOf(it workflow.Item, stamps workflow.Stamps, mails bool) recordItem {
	out := recordItem{Kind: it.Kind, Right: it.Right, State: it.State, Opened: it.Opened, Reason: it.Reason, Closed: it.Closed}
	if mails {
		out.Text = it.Text
	}
	if v := it.Verified; v != nil {
		out.Verified = &recordVerified{How: v.How, At: v.At}
		if v.By != "" {
			out.Verified.By = stamps.Pseudonym(v.By)
		}
	}
	for _, rep := range it.Reports {
		done := recordRegister{Register: rep.Register, Records: rep.Records, Deleted: rep.Deleted, Kept: rep.Kept}
		for _, f := range rep.Changed {
			done.Changed = append(done.Changed, f.Field)
		}
		out.Done = append(out.Done, done)
	}
	return out
}

// recordMailOf leaves out the Message-ID of a mail to a handler: it is the case secret.
func recordMailOf(m workflow.Message, stamps workflow.Stamps, mails bool) recordMail {
	sum := sha256.Sum256([]byte(m.Text.Reveal()))
	out := recordMail{At: m.At, Out: m.Out, SHA256: hex.EncodeToString(sum[:])}
	if !mails {
		return out
	}
	out.From, out.Subject, out.Text = m.From, m.Subject, m.Text
	if stamp, own := stamps.Own(m.ID); !own || stamp.To != workflow.ToHandler {
		out.ID = m.ID
	}
	return out
}

func indented(v any) ([]byte, error) {
	data, err := json.MarshalIndent(v, "", "  ")
	return append(data, '\n'), err
}

func lines(entries []workflow.Entry) ([]byte, error) {
	var b bytes.Buffer
	out := json.NewEncoder(&b)
	for _, en := range entries {
		if err := out.Encode(en); err != nil {
			return nil, err
		}
	}
	return b.Bytes(), nil
}
