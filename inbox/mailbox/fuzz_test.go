package mailbox

import (
	"bufio"
	"bytes"
	"net"
	"regexp"
	"strings"
	"testing"
	"time"
)

// recite answers the n-th line of a client with the n-th part of a script, parts being separated
// by NUL; "$" stands for the line's tag. After the last part it hangs up.
func recite(conn net.Conn, script []byte) {
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(5 * time.Second))
	_, _ = conn.Write([]byte("* OK hello\r\n"))
	in := bufio.NewReader(conn)
	for part := range bytes.SplitSeq(script, []byte{0}) {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		tag, _, _ := strings.Cut(line, " ")
		if _, err := conn.Write(bytes.ReplaceAll(part, []byte("$"), []byte(tag))); err != nil {
			return
		}
	}
}

// Whatever a server says: a Turn comes to its end, does not panic, and its error repeats nothing.
func FuzzServer(f *testing.F) {
	const start = "* CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN IDLE\r\n$ OK\r\n\x00" + // greeting
		"* CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN IDLE\r\n$ OK\r\n\x00" +
		"$ OK in\r\n\x00" + "* CAPABILITY IMAP4rev1 IDLE MOVE\r\n$ OK\r\n\x00" + "* CAPABILITY IMAP4rev1 IDLE MOVE\r\n$ OK\r\n\x00"
	const open = start + "* 2 EXISTS\r\n* OK [PERMANENTFLAGS (\\*)]\r\n* OK [UIDVALIDITY 7]\r\n$ OK [READ-WRITE] open\r\n\x00"
	for _, script := range []string{
		"", start, open,
		open + "* SEARCH 3 4\r\n$ OK\r\n\x00",
		open + "* ESEARCH (TAG \"$\") UID ALL 1:4294967295\r\n$ OK\r\n\x00",
		open + "* SEARCH 3 4\r\n$ OK\r\n\x00" +
			"* 1 FETCH (UID 3 FLAGS (\\Seen) INTERNALDATE \" 5-Mar-2026 12:00:00 +0200\" RFC822.SIZE 5)\r\n$ OK\r\n\x00" +
			"* 1 FETCH (UID 3 BODY[] {5}\r\nPauli)\r\n$ OK\r\n\x00$ OK stored\r\n\x00",
		open + "* SEARCH 3\r\n$ OK\r\n\x00* 1 FETCH (UID 3 RFC822.SIZE 5)\r\n$ OK\r\n\x00* 1 FETCH (UID 3 BODY[] {3}\r\nPauli)\r\n$ OK\r\n\x00",
		open + "* SEARCH 3\r\n$ OK\r\n\x00* 1 FETCH (UID 3 RFC822.SIZE 5)\r\n$ OK\r\n\x00* 1 FETCH (UID 3 BODY[] \"Pauli\")\r\n$ OK\r\n\x00",
		start + "* BYE Pauli\r\n", start + "* PAULI\r\n$ OK\r\n\x00",
	} {
		f.Add([]byte(script))
	}
	// go-imap beta.8 never ends over a parenthesis in a list of capabilities, whatever becomes of the
	// connection: imapwire's SP is true before "(" without taking anything.
	endless := regexp.MustCompile(`(?i)capability[^\r\n]*\(`)
	f.Fuzz(func(t *testing.T, script []byte) {
		if endless.Match(script) {
			t.Skip("known to loop in go-imap")
		}
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		go func() {
			for {
				conn, err := l.Accept()
				if err != nil {
					return
				}
				go recite(conn, script)
			}
		}()
		box := newMailbox(t, plainConfig(l.Addr().String()), &sipper{}, newMemory())
		box.limits.dial, box.limits.command, box.limits.search = 100*time.Millisecond, 100*time.Millisecond, 100*time.Millisecond
		box.limits.mail, box.limits.drain = 100*time.Millisecond, 100*time.Millisecond
		if _, err := box.Turn(t.Context()); err != nil && strings.Contains(err.Error(), "Pauli") {
			t.Errorf("the error repeats what the server said: %v", err)
		}
	})
}
