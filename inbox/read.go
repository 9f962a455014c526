package inbox

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"strings"

	"dpobot/inbox/authentic"
	"dpobot/inbox/reading"
)

// headerPeek is how much of a mail is looked at to see whether its signature will be
// asked about.
const headerPeek = 64 << 10

// Read reads a mail as it comes. Where it names a handler who is trusted by DKIM as its
// sender, its signature is verified on the way, so that it need be neither kept nor
// fetched twice.
func (j *Judge) Read(ctx context.Context, raw io.Reader, limits reading.Limits) (reading.Mail, Proof, error) {
	buffered := bufio.NewReaderSize(raw, headerPeek)
	head, _ := buffered.Peek(headerPeek) // an error shows again when the mail is read
	if j.keepsFiles(head) {
		limits.FileBytes = documentBytes
	}
	domain := j.signer(head)
	if domain == "" {
		mail, err := reading.Read(buffered, limits)
		return mail, Proof{}, err
	}
	from, to := io.Pipe()
	verdict := make(chan authentic.Result, 1)
	go func() {
		verdict <- authentic.DKIM(ctx, from, domain, j.lookup)
		_ = from.CloseWithError(errVerified) // it may have stopped reading early
	}()
	mail, err := reading.Read(io.TeeReader(buffered, &patient{to}), limits)
	_ = to.CloseWithError(orEOF(err))
	result := <-verdict
	return mail, Proof{dkim: &result}, err
}

// signer is the domain of the handler or keeper whom the From field names, if they are
// trusted by DKIM.
func (j *Judge) signer(head []byte) string {
	from := fromField(head)
	for _, h := range j.handlers {
		if h.Trust == TrustDKIM && strings.Contains(from, h.Address.Reveal()) {
			return domainOf(h.Address.Reveal())
		}
	}
	for _, k := range j.keepers {
		if k.Trust == TrustDKIM && strings.Contains(from, k.Address.Reveal()) {
			return domainOf(k.Address.Reveal())
		}
	}
	return ""
}

// fromField is every From field of a header, in lower case, folds and all. It decides
// only whether to look at the signature: what counts is read by package reading.
func fromField(head []byte) string {
	if end := bytes.Index(head, []byte("\r\n\r\n")); end >= 0 {
		head = head[:end]
	}
	var b strings.Builder
	inside := false
	for line := range strings.Lines(strings.ToLower(string(head))) {
		fold := line[0] == ' ' || line[0] == '\t'
		if !fold {
			inside = strings.HasPrefix(line, "from:") || strings.HasPrefix(line, "from ") || strings.HasPrefix(line, "from\t")
		}
		if inside {
			b.WriteString(line)
		}
	}
	return b.String()
}

// patient goes on when nobody listens any more: a verifier may know enough early.
type patient struct{ w io.Writer }

func (p *patient) Write(b []byte) (int, error) {
	if p.w != nil {
		if _, err := p.w.Write(b); err != nil {
			p.w = nil
		}
	}
	return len(b), nil
}

// errVerified tells the reading side that the verifier has stopped.
var errVerified = io.ErrClosedPipe

func orEOF(err error) error {
	if err == nil {
		return io.EOF
	}
	return err
}
