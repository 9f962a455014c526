package mailbox

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// BenchmarkBacklog reads a mailbox of mails of 16 KB on Dovecot: the bare FETCH of everything
// into nothing, and the Turn with its flags and its memory. Compare the two of one run.
func BenchmarkBacklog(b *testing.B) {
	const n = 2000
	d := startDovecot(b)
	text := append(mail("bench"), bytes.Repeat([]byte("0123456789abcde\n"), 1000)...)
	mails := make([][]byte, n)
	for i := range mails {
		mails[i] = text
	}
	if err := d.AppendAll(user, "INBOX", mails, time.Time{}); err != nil {
		b.Fatal(err)
	}
	b.Run("bare", func(b *testing.B) {
		for b.Loop() {
			bareFetch(b, d.Addr)
		}
		b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "mails/s")
	})
	b.Run("turn", func(b *testing.B) {
		i := 0
		for b.Loop() {
			config := plainConfig(d.Addr)
			config.Keyword = fmt.Sprint("$bench", i)
			i++
			r := &sipper{}
			box := newMailbox(b, config, r, newMemory())
			if report := turnOnce(b, box); report.Handled != n {
				b.Fatalf("%+v", report)
			}
			box.Close()
		}
		b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "mails/s")
	})
}

func bareFetch(b *testing.B, addr string) {
	client, err := imapclient.DialInsecure(addr, nil)
	if err != nil {
		b.Fatal(err)
	}
	defer client.Close()
	if err := client.Login(user, password).Wait(); err != nil {
		b.Fatal(err)
	}
	if _, err := client.Select("INBOX", nil).Wait(); err != nil {
		b.Fatal(err)
	}
	all := imap.UIDSet{imap.UIDRange{Start: 1}}
	fetch := client.Fetch(all, &imap.FetchOptions{UID: true, BodySection: []*imap.FetchItemBodySection{{Peek: true}}})
	for m := fetch.Next(); m != nil; m = fetch.Next() {
		for item := m.Next(); item != nil; item = m.Next() {
			if body, ok := item.(imapclient.FetchItemDataBodySection); ok {
				_, _ = io.Copy(io.Discard, body.Literal)
			}
		}
	}
	if err := fetch.Close(); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkArrival is the time from a mail's arrival at Dovecot to the Reader, with the mail
// before it a moment ago: what NOOP ticks are for.
func BenchmarkArrival(b *testing.B) {
	d := startDovecot(b)
	r := &reader{took: make(chan string, 10)}
	box := newMailbox(b, plainConfig(d.Addr), r, newMemory())
	ctx, cancel := context.WithCancel(b.Context())
	ended := make(chan error, 1)
	go func() { ended <- box.Run(ctx) }()
	for b.Loop() {
		if err := d.Deliver(user, mail("bench")); err != nil {
			b.Fatal(err)
		}
		<-r.took
	}
	cancel()
	<-ended
}
