package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"slices"
	"strings"
	"testing"
	"time"

	"dpobot/inbox/mailbox"
	"dpobot/responders/post"
	"dpobot/workflow"
)

// A flood of forgeries makes one notice that counts them, and each stands in the audit trail.
func TestTrustFlood(t *testing.T) {
	const flood = 500
	c := &court{trust: "server"}
	c.session(t, t)
	before := len(c.s.mails)
	for n := range flood {
		d := c.honest()
		unproved(d)
		set("Message-ID", fmt.Sprintf("<flood.%d@attacker.example>", n))(d)
		c.s.queue = append(c.s.queue, d.build(t))
	}
	if err := c.s.poll(); err != nil {
		t.Fatal(err)
	}
	notices := noticesTo(c.s.mails[before:], officerAddress)
	if len(notices) != 1 || !strings.Contains(notices[0].Subject, "500") {
		t.Errorf("notices to the officer: got %d, want one that counts 500:\n%s", len(notices), outgoing(notices))
	}
	if got := c.s.refusals(t); got != flood {
		t.Errorf("refusals in the audit trail: got %d, want %d", got, flood)
	}
	if got := len(c.s.mails) - before; got != 2 {
		t.Errorf("mails: got %d, want one to each handler", got)
	}
	if c.s.state(t) != c.before {
		t.Errorf("the flood changed something:\nbefore %s\nafter  %s", c.before, c.s.state(t))
	}

	// Spread over two hours they make a notice an hour, and all of them are counted.
	before = len(c.s.mails)
	for n := range flood {
		d := c.honest()
		unproved(d)
		set("Message-ID", fmt.Sprintf("<drip.%d@attacker.example>", n))(d)
		c.s.deliver(t, d.build(t))
		c.s.pass(2 * time.Hour / flood)
	}
	c.s.pass(2 * time.Hour)
	if err := c.s.work(); err != nil {
		t.Fatal(err)
	}
	notices = noticesTo(c.s.mails[before:], officerAddress)
	counted := 0
	for _, m := range notices {
		n := 0
		if _, err := fmt.Sscanf(strings.TrimLeft(m.Subject, "[]DESKdesk "), "%d", &n); err == nil {
			counted += n
		} else {
			counted++ // "One mail"
		}
	}
	if len(notices) > 4 || counted != flood {
		t.Errorf("two hours of forgeries: got %d notices that count %d, want at most 4 that count %d:\n%s", len(notices), counted, flood, subjects(notices))
	}
	if got := c.s.refusals(t); got != 2*flood {
		t.Errorf("refusals in the audit trail: got %d, want %d", got, 2*flood)
	}
}

func noticesTo(mails []post.Mail, to workflow.Address) []post.Mail {
	return slices.DeleteFunc(slices.Clone(mails), func(m post.Mail) bool { return m.To != to })
}

func subjects(mails []post.Mail) string {
	var b strings.Builder
	for _, m := range mails {
		b.WriteString(m.Subject + "\n")
	}
	return b.String()
}

// large is a mail of a person with an attachment of so many bytes, written as it is read.
func large(from string, size int64) (raw io.Reader, total int64) {
	head := string(crlf("From: Matti Meikäläinen <" + from + ">\nTo: " + botAddress + "\nSubject: Omat tietoni\nMessage-ID: <large." + from + ">\nMIME-Version: 1.0\n" +
		"Content-Type: multipart/mixed; boundary=m\n\n--m\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\nHei,\n\nhaluaisin tietää, mitä tietoja teillä on minusta.\n\n" +
		"--m\nContent-Type: application/octet-stream; name=x.bin\nContent-Disposition: attachment; filename=x.bin\nContent-Transfer-Encoding: base64\n\n"))
	line := strings.Repeat("QUJD", 19) + "\r\n"
	lines := size / int64(len(line))
	tail := "--m--\r\n"
	return io.MultiReader(strings.NewReader(head), &repeated{line: []byte(line), left: lines * int64(len(line))}, strings.NewReader(tail)),
		int64(len(head)) + lines*int64(len(line)) + int64(len(tail))
}

// repeated is a line over and over.
type repeated struct {
	line []byte
	at   int
	left int64
}

func (r *repeated) Read(b []byte) (int, error) {
	if r.left == 0 {
		return 0, io.EOF
	}
	n := copy(b[:min(int64(len(b)), r.left)], r.line[r.at:])
	r.at = (r.at + n) % len(r.line)
	r.left -= int64(n)
	return n, nil
}

const largeEnv = "DPOBOT_TEST_LARGE_MAIL"

// A mail of 50 MB costs little memory, by its honest author and in the officer's name, and the next one is read.
func TestTrustLargeMail(t *testing.T) {
	if os.Getenv(largeEnv) == "" { // a process of its own: the memory of other tests would hide it
		self, err := os.Executable()
		if err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command(self, "-test.run", "^TestTrustLargeMail$", "-test.v")
		cmd.Env = append(os.Environ(), largeEnv+"=1")
		out, err := cmd.CombinedOutput()
		t.Logf("%s", out)
		if err != nil {
			t.Error(err)
		}
		return
	}
	for _, trust := range trusts {
		s := trustStage(t, trust)
		before := s.cases(t)
		for n, from := range []string{personAddress, officerAddress, otherAddress} {
			runtime.GC()
			debug.FreeOSMemory()
			idle := inUse()
			raw, size := large(from, 50<<20)
			watched := &watch{r: raw}
			s.uid++
			m := mailbox.Message{UIDValidity: 1, UID: s.uid, Size: size, InternalDate: s.clock()}
			if _, err := s.intake.Read(t.Context(), m, watched); err != nil {
				t.Fatalf("mail %d: %v", n, err)
			}
			grown := int64(watched.most) - int64(idle)
			t.Logf("trust %s, mail %d of %d MB: %d KB above idle", trust, n+1, size>>20, grown>>10)
			if grown > mostMemory {
				t.Errorf("mail %d: %d MB above idle, want at most %d", n+1, grown>>20, mostMemory>>20)
			}
		}
		if err := s.work(); err != nil {
			t.Fatal(err)
		}
		s.open(t, "next@posti.example", "Seuraava Henkilö")
		if got := s.cases(t) - before; got < 3 {
			t.Errorf("trust %s: cases: got %d, want one for each person and the next", trust, got)
		}
	}
}

// watch looks at the memory while a mail is read.
type watch struct {
	r    io.Reader
	n    int
	most uint64
}

func (w *watch) Read(b []byte) (int, error) {
	if w.n++; w.n%64 == 0 {
		w.most = max(w.most, inUse())
	}
	return w.r.Read(b)
}

// inUse is what the process holds of the machine's memory for Go, the part that it gave back taken off.
func inUse() uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64() - sample[1].Value.Uint64()
}
