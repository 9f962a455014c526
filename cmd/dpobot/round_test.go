package main

import (
	"bytes"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"dpobot/config"
	"dpobot/inbox/mailbox/imaptest"
	"dpobot/workflow/redisstore/ministore"
)

// border is a mail server that delivers to itself; stamp is what it makes of a mail.
type border struct {
	imap  *imaptest.Server
	stamp func(raw string) string
	to    string
}

func (b *border) Mail(string, *smtp.MailOptions) error      { return nil }
func (b *border) Rcpt(to string, _ *smtp.RcptOptions) error { b.to = to; return nil }
func (b *border) Reset()                                    {}
func (b *border) Logout() error                             { return nil }
func (b *border) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	_, err = b.imap.Append(b.to, "INBOX", []byte(b.stamp(string(raw))), time.Now())
	return err
}

const ownReceived = "Received: from submission by border.example with ESMTP; Thu, 05 Mar 2026 12:00:00 +0000\r\n"

// without takes the header fields of a name out of a mail.
func without(raw, name string) (rest, taken string) {
	head, body, _ := strings.Cut(raw, "\r\n\r\n")
	var kept, cut []string
	inside := false
	for _, line := range strings.Split(head, "\r\n") {
		if line != "" && line[0] != ' ' && line[0] != '\t' {
			inside = strings.HasPrefix(strings.ToLower(line), strings.ToLower(name)+":")
		}
		if inside {
			cut = append(cut, line)
		} else {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "\r\n") + "\r\n\r\n" + body, strings.Join(cut, "\r\n")
}

// check proves the border: one that strips or outranks forged results is fine, and one
// that lets them pass is a fault where a handler is trusted by them.
func TestCheckProvesTheBorder(t *testing.T) {
	strips := func(raw string) string {
		rest, _ := without(raw, "Authentication-Results")
		return ownReceived + rest
	}
	outranks := func(raw string) string { return ownReceived + raw }
	lets := func(raw string) string {
		rest, forged := without(raw, "Authentication-Results")
		if forged != "" {
			forged += "\r\n"
		}
		return forged + ownReceived + rest
	}
	rows := []struct {
		name, trust string
		stamp       func(string) string
		want        string
		faults      int
	}{
		{"a border that strips", "server", strips, "ok       border", 0},
		{"a border that stamps above", "server", outranks, "ok       border", 0},
		{"a border that lets forgeries through", "server", lets, "FAULT    border", 1},
		{"the same where nobody is trusted by it", "dkim", lets, "warning  border", 0},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			out, code := checkAt(t, row.trust, row.stamp)
			if !strings.Contains(out, row.want) || !strings.Contains(out, "ok       canary") || code != row.faults {
				t.Errorf("exit code %d, want %d, and %q in:\n%s", code, row.faults, row.want, out)
			}
		})
	}
}

// checkAt runs dpobot check on a mail server that stamps so.
func checkAt(t *testing.T, trust string, stamp func(string) string) (string, int) {
	t.Helper()
	imap, err := imaptest.Start(imaptest.Options{Users: map[string]string{botAddress: "secret"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(imap.Close)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &border{imap: imap, stamp: stamp}, nil }))
	go server.Serve(l)
	t.Cleanup(func() { _ = server.Close() })
	store, err := ministore.Open(botAddress)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = store.Close() })
	dir := t.TempDir()
	if err := furnish(dir); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "dpobot.yaml")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	changed := strings.NewReplacer(
		"imap://tietosuoja@127.0.0.1:1143/INBOX", "imap://"+strings.ReplaceAll(botAddress, "@", "%40")+"@"+imap.Addr+"/INBOX",
		"smtp://127.0.0.1:1025", "smtp://"+l.Addr().String(), "redis://127.0.0.1:1/0", "redis://"+store.Server.Addr()+"/0",
		"trust: secret", "trust: "+trust, "  smtp:", "  authserv_id: border.example\n  smtp:",
	).Replace(string(text))
	if err := os.WriteFile(file, []byte(changed), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := config.Load(file); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	code := run(t.Context(), []string{"check", "-c", file}, strings.NewReader(""), &out, io.Discard)
	if mails, err := imap.Mails(botAddress, "INBOX"); err != nil || len(mails) != 0 {
		t.Errorf("check left %d mails in the mailbox, %v", len(mails), err)
	}
	return out.String(), code
}
