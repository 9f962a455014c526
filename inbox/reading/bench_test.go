package reading

import (
	"bytes"
	"io"
	"testing"

	"github.com/emersion/go-message"
	_ "github.com/emersion/go-message/charset"
)

// benchMails are the corpus' ordinary mails with their sizes.
func benchMails(b *testing.B) (mails [][]byte, size int64) {
	b.Helper()
	for _, s := range samples(b) {
		if s.Kind == "malformed" || s.Suite == "email_reply_trimmer" {
			continue
		}
		raw := s.bytes(b)
		mails, size = append(mails, raw), size+int64(len(raw))
	}
	return mails, size
}

// BenchmarkRead reads the corpus' ordinary mails as the program does.
func BenchmarkRead(b *testing.B) {
	mails, size := benchMails(b)
	b.SetBytes(size)
	b.ReportAllocs()
	for b.Loop() {
		for _, raw := range mails {
			if _, err := Read(bytes.NewReader(raw), DefaultLimits()); err != nil {
				b.Fatal(err)
			}
		}
	}
	perMail(b, len(mails))
}

// BenchmarkPlainParse walks the same mails with go-message alone, decoding every part
// and keeping nothing: the yardstick beside which BenchmarkRead stands.
func BenchmarkPlainParse(b *testing.B) {
	mails, size := benchMails(b)
	b.SetBytes(size)
	b.ReportAllocs()
	for b.Loop() {
		for _, raw := range mails {
			entity, _ := message.Read(bytes.NewReader(raw)) // what cannot be parsed costs little
			if entity == nil {
				continue
			}
			_ = entity.Walk(func(_ []int, part *message.Entity, err error) error {
				if err != nil && part == nil {
					return err
				}
				if part.Body != nil {
					_, _ = io.Copy(io.Discard, part.Body)
				}
				return nil
			})
		}
	}
	perMail(b, len(mails))
}

func perMail(b *testing.B, mails int) {
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*mails), "us/mail")
}
