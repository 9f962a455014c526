package reading

import (
	"io"
)

// Read takes a mail apart. It reads r to its end, once, and keeps memory bounded
// whatever the mail's size. The only error is that of r itself (a connection cut in the
// middle): whatever is wrong with the mail is in [Mail.Problem], and the rest is read as
// far as it goes.
func Read(r io.Reader, lim Limits) (Mail, error) {
	src := &source{r: r, left: lim.Size}
	in, oddLines := newLines(src)
	head := readHeader(in.next, lim.HeaderBytes, true)
	digest := newDigester(head.fields)
	root := &entity{block: head, media: mediaOf(head.fields, "text/plain")}
	w := newWalker(in, digest, lim)
	if oddLines {
		w.note(ProblemBroken)
	}
	for at := w.body(root, 0); at != endOfMail; {
		at = w.skip()
	}
	if src.left <= 0 {
		src.drain(digest)
	}
	if src.failure != nil {
		return Mail{}, src.failure
	}
	m := compose(root, lim)
	m.Size = src.size
	m.Digest = digest.sum()
	switch {
	case len(head.fields) == 0:
		m.Problem = ProblemNoHeader
	case src.cut:
		m.Problem = ProblemTooLarge
	case w.problem != "":
		m.Problem = w.problem
	}
	if m.CommandProblem == "" {
		m.CommandProblem = m.Problem
	}
	return m, nil
}
