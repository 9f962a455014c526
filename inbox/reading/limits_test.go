package reading

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"strings"
	"testing"
	"time"
)

// endless repeats a block as often as it is told, without holding it all.
type endless struct {
	block string
	left  int
	at    int
}

func (e *endless) Read(p []byte) (n int, err error) {
	for n < len(p) && e.left > 0 {
		c := copy(p[n:], e.block[e.at:])
		n, e.at = n+c, e.at+c
		if e.at == len(e.block) {
			e.at, e.left = 0, e.left-1
		}
	}
	if n == 0 {
		return 0, io.EOF
	}
	return n, nil
}

func repeat(block string, times int) io.Reader { return &endless{block: block, left: times} }

// TestBounds reads mails that are made to cost much, holds them to little memory, and
// asks what is said of them.
func TestBounds(t *testing.T) {
	head := "From: matti@example.net\nSubject: x\n"
	line := strings.Repeat("A", 76) + "\r\n"
	tests := []struct {
		name        string
		mail        io.Reader
		wantProblem string
		wantText    string
	}{
		{"50 MB attachment", io.MultiReader(strings.NewReader(head+"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nhei\n--b\nContent-Type: application/pdf\nContent-Transfer-Encoding: base64\n\n"), repeat(line, 50<<20/len(line)), strings.NewReader("--b--\n")), "", "hei"},
		{"50 MB of text", io.MultiReader(strings.NewReader(head+"\n"), repeat("hei taas\n", 50<<20/9)), ProblemTextTooBig, "hei taas"},
		{"50 MB in one line", io.MultiReader(strings.NewReader(head+"\n"), repeat("hei ", 50<<20/4)), ProblemTextTooBig, "hei hei"},
		{"50 MB of HTML", io.MultiReader(strings.NewReader(head+"Content-Type: text/html\n\n"), repeat("<p>hei</p><b>", 4<<20)), ProblemTextTooBig, "hei"},
		{"beyond the size", io.MultiReader(strings.NewReader(head+"\nhei\n"), repeat(line, 70<<20/len(line))), ProblemTooLarge, "hei"},
		{"a million header lines", io.MultiReader(strings.NewReader(head), repeat("X-A: b\n", 1_000_000), strings.NewReader("\nhei\n")), ProblemHeader, "hei"},
		{"a header line of 20 MB", io.MultiReader(strings.NewReader(head+"X-A: "), repeat("bbbb", 5<<20), strings.NewReader("\n\nhei\n")), ProblemHeader, "hei"},
		{"a header folded a million times", io.MultiReader(strings.NewReader(head+"X-A: b\n"), repeat(" b\n", 1_000_000), strings.NewReader("\nhei\n")), ProblemHeader, "hei"},
		{"nested 10,000 deep", nested(10_000), ProblemTooDeep, ""},
		{"mails in mails in mails", io.MultiReader(strings.NewReader(head+"Content-Type: message/rfc822\n\n"), repeat("Content-Type: message/rfc822\n\n", 100_000)), "", ""},
		{"a million parts", io.MultiReader(strings.NewReader(head+"Content-Type: multipart/mixed; boundary=b\n\n"), repeat("--b\n\nhei\n", 1_000_000)), ProblemManyParts, "hei"},
		{"parts with headers of 100 kB", io.MultiReader(strings.NewReader(head+"Content-Type: multipart/mixed; boundary=b\n\n--b\n\nhei\n"), repeat("--b\nX-A: "+strings.Repeat("b", 100_000)+"\n\nhei\n", 500)), ProblemHeader, "hei"},
		{"parts of 100 kB", io.MultiReader(strings.NewReader(head+"Content-Type: multipart/mixed; boundary=b\n\n"), repeat("--b\n\n"+strings.Repeat("hei\n", 25_000), 400)), ProblemTextTooBig, "hei"},
		{"a million rulers", io.MultiReader(strings.NewReader(head+"\nhei taas\n"), repeat("-----\nhei hei hei hei hei hei hei hei\n", 1_000_000)), ProblemTextTooBig, "hei taas"},
		{"a million quotes", io.MultiReader(strings.NewReader(head+"\nhei taas\n"), repeat("X <a@b.example> kirjoitti:\n> hei\nhei\n", 1_000_000)), ProblemTextTooBig, "hei taas"},
		{"a million attributions", io.MultiReader(strings.NewReader(head+"\n"), repeat("3.3.2025 9.15 x@y.example kirjoitti\n", 1_000_000)), ProblemTextTooBig, ""},
		{"a million open elements", io.MultiReader(strings.NewReader(head+"Content-Type: text/html\n\n<div><table>"), repeat("<span></b>", 1_000_000), strings.NewReader("hei")), ProblemTextTooBig, ""},
		{"a million rules of style", io.MultiReader(strings.NewReader(head+"Content-Type: text/html\n\n<style>"), repeat(".a{display:none}", 1_000_000), strings.NewReader("</style>hei")), ProblemTextTooBig, ""},
		{"a million addresses", io.MultiReader(strings.NewReader("From: a@b.example\nTo: "), repeat("<x@y.example>,\n ", 1_000_000), strings.NewReader("\n\nhei\n")), ProblemHeader, "hei"},
		{"a million boundaries open", io.MultiReader(strings.NewReader(head+"Content-Type: multipart/mixed; boundary=\""), repeat("b", 200_000), strings.NewReader("\"\n\nhei\n")), ProblemBroken, "hei"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var m Mail
			peak := peakOf(func() {
				var err error
				if m, err = Read(tt.mail, DefaultLimits()); err != nil {
					t.Errorf("Read: %v", err)
				}
			})
			if m.Problem != tt.wantProblem {
				t.Errorf("Problem: got %q, want %q", m.Problem, tt.wantProblem)
			}
			if !strings.HasPrefix(m.Text, tt.wantText) {
				t.Errorf("Text: got %.40q, want %q at its start", m.Text, tt.wantText)
			}
			if peak > 8<<20 {
				t.Errorf("memory: got %d kB above idle, want at most 8192", peak>>10)
			}
			t.Logf("%d kB above idle", peak>>10)
		})
	}
}

func nested(depth int) io.Reader {
	readers := []io.Reader{strings.NewReader("From: a@b.example\n")}
	for i := range depth {
		readers = append(readers, strings.NewReader(fmt.Sprintf("Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n", i, i)))
	}
	return io.MultiReader(readers...)
}

// peakOf is how far the heap in use grows while f runs. The collector runs often, so that
// what is measured is what f holds, not what it has let go.
func peakOf(f func()) uint64 {
	defer debug.SetGCPercent(debug.SetGCPercent(20))
	runtime.GC()
	idle := heap()
	stop, done := make(chan struct{}), make(chan uint64)
	go func() {
		often := time.NewTicker(200 * time.Microsecond)
		defer often.Stop()
		var peak uint64
		for {
			now := heap()
			peak = max(peak, now-min(now, idle))
			select {
			case <-stop:
				done <- peak
				return
			case <-often.C:
			}
		}
	}()
	f()
	close(stop)
	return <-done
}

// heap is the memory that objects take, living or not yet collected.
func heap() uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

var errCut = errors.New("connection reset")

// TestCutConnection tells a reader that failed from a mail that is bad.
func TestCutConnection(t *testing.T) {
	mail := "From: matti@example.net\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nhei\n"
	for cut := range len(mail) {
		broken := io.MultiReader(strings.NewReader(mail[:cut]), failing{errCut})
		if _, err := Read(broken, DefaultLimits()); !errors.Is(err, errCut) {
			t.Fatalf("cut after %d bytes: got %v, want %v", cut, err, errCut)
		}
	}
	beyond := DefaultLimits()
	beyond.Size = 10
	if _, err := Read(io.MultiReader(strings.NewReader(mail), failing{errCut}), beyond); !errors.Is(err, errCut) {
		t.Errorf("cut beyond the size limit: got %v, want %v", err, errCut)
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// TestDigest is the same for two deliveries of one mail, and another for another mail.
func TestDigest(t *testing.T) {
	mail := "From: matti@example.net\nTo: a@b.example\nSubject: x\nDate: Mon, 03 Mar 2025 10:00:00 +0200\nMessage-ID: <1@x>\n\nhei\n--\nmatti\n"
	digest := func(mail string, lim Limits) [32]byte {
		m, err := Read(strings.NewReader(mail), lim)
		if err != nil {
			t.Fatal(err)
		}
		return m.Digest
	}
	want := digest(mail, DefaultLimits())
	small := DefaultLimits()
	small.Size = 150
	tests := []struct {
		name string
		mail string
		lim  Limits
		same bool
	}{
		{"again", mail, DefaultLimits(), true},
		{"through another server", "Return-Path: <x@y>\nReceived: from a\n by b\nDelivered-To: z\n" + mail, DefaultLimits(), true},
		{"beyond the size", mail, small, true},
		{"other text", strings.Replace(mail, "hei", "hey", 1), DefaultLimits(), false},
		{"other end", mail + "x", DefaultLimits(), false},
		{"other subject", strings.Replace(mail, "Subject: x", "Subject: y", 1), DefaultLimits(), false},
		{"second sender", "From: x@y.example\n" + mail, DefaultLimits(), false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := digest(tt.mail, tt.lim) == want; got != tt.same {
				t.Errorf("same digest: got %v, want %v", got, tt.same)
			}
		})
	}
}

// TestSmallReads gives the same reading whatever pieces the mail comes in.
func TestSmallReads(t *testing.T) {
	for _, s := range samples(t)[:200] {
		raw := s.bytes(t)
		whole := tell(read(t, raw))
		m, err := Read(oneByte{bytes.NewReader(raw)}, DefaultLimits())
		if err != nil {
			t.Fatal(err)
		}
		if got := tell(m); fmt.Sprint(got) != fmt.Sprint(whole) {
			t.Errorf("%s: got %v byte by byte, want %v", s.File, got, whole)
		}
	}
}

// oneByte hands out a byte at a time.
type oneByte struct{ r io.Reader }

func (o oneByte) Read(p []byte) (int, error) { return o.r.Read(p[:min(1, len(p))]) }
