package authentic

import (
	"context"
	"errors"
	"io"
)

const (
	// mostBytes bounds the whole mail. The mailbox's own limit on what is fetched is lower.
	mostBytes = 128 << 20
	// mostBlank bounds a run of line ends: go-msgauth holds such a run back until it knows whether the
	// body ends there, and copies it with every further read, the square of its length.
	mostBlank = 16 << 10
)

var (
	errBodyLong  = errors.New("the mail is too long")
	errBodyBlank = errors.New("the mail has too many empty lines in a row")
)

// body reads a mail within bounds. A fault is kept here and looks like the end of the mail to the
// reader: go-msgauth leaves its goroutines behind when a read fails.
type body struct {
	ctx   context.Context
	in    io.Reader
	total int64
	blank int
	fault error
}

func newBody(ctx context.Context, in io.Reader) *body { return &body{ctx: ctx, in: in} }

func (b *body) Read(p []byte) (int, error) {
	if b.fault != nil {
		return 0, io.EOF
	}
	if b.fault = b.ctx.Err(); b.fault != nil {
		return 0, io.EOF
	}
	n, err := b.in.Read(p)
	b.count(p[:n])
	if err != nil && !errors.Is(err, io.EOF) && b.fault == nil {
		b.fault = err
	}
	if err != nil || b.fault != nil {
		return n, io.EOF
	}
	return n, nil
}

func (b *body) count(p []byte) {
	if b.total += int64(len(p)); b.total > mostBytes {
		b.fault = errBodyLong
		return
	}
	for _, c := range p {
		if c != '\r' && c != '\n' {
			b.blank = 0
			continue
		}
		if b.blank++; b.blank > mostBlank {
			b.fault = errBodyBlank
			return
		}
	}
}
