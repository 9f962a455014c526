package demo

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"dpobot/inbox/mailbox/imaptest"
)

// The whole story on a real Dovecot, a real Postfix and a real Redis, with the program as
// it is built; and once more while the program is killed again and again.
func TestStoryOnRealServers(t *testing.T) {
	program := build(t)
	for _, row := range []struct {
		name       string
		oneMailbox bool
		killed     bool
	}{
		{"a mailbox of its own", false, false},
		{"the officer's own mailbox", true, false},
		{"killed again and again", false, true},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := realWorld(t, row.oneMailbox)
			if row.killed {
				w.patience = 2 * time.Minute // a killed one's leases have to run out
			}
			var told bytes.Buffer
			err := w.play(t.Context(), Options{Stdout: &told, Bot: bot(t, program, row.killed)})
			if err != nil {
				t.Fatalf("%v:\n%s", err, told.String())
			}
			nothingTwice(t, w, row.killed)
		})
	}
}

func build(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "dpobot")
	out, err := exec.Command("go", "build", "-o", program, "dpobot/cmd/dpobot").CombinedOutput()
	if err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	return program
}

// realWorld starts the servers. It skips the test where one is missing.
func realWorld(t *testing.T, oneMailbox bool) *world {
	t.Helper()
	if _, err := exec.LookPath("redis-server"); err != nil {
		t.Skip("needs redis-server in PATH (Debian: apt-get install redis-server)")
	}
	w := emptyWorld(t.TempDir(), t.TempDir(), oneMailbox)
	w.patience = time.Minute // other tests share the machine
	dovecot := imaptest.StartDovecot(t, w.accounts())
	if dovecot.LMTPAddr == "" {
		t.Skip("needs Dovecot's LMTP service (Debian: apt-get install dovecot-lmtpd)")
	}
	w.smtpAt = startPostfix(t, dovecot)
	w.mails = dovecot.Mails
	copyFile(t, dovecot.CAFile, w.file("ca.pem"))
	_, port, _ := net.SplitHostPort(dovecot.TLSAddr)
	_, smtpPort, _ := net.SplitHostPort(w.smtpAt)
	w.settings = fmt.Sprintf(`mailbox:
  address: {mailbox}
  imap: {url: "imaps://{user}@localhost:%s/INBOX", password_file: mail.password, sent: Sent, poll: 2s}
  smtp: {url: "smtp://localhost:%s", starttls: required}
  ca_file: ca.pem
redis: {managed: state}
`, port, smtpPort)
	if err := w.furnish(); err != nil {
		t.Fatal(err)
	}
	return w
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	data, err := os.ReadFile(from)
	if err == nil {
		err = os.WriteFile(to, data, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// bot runs the built program, and where it is to be killed, kills it with SIGKILL after a
// random while and starts it again: in turn soon after its start, and when it has worked
// for some time. The last one is ended by SIGINT.
func bot(t *testing.T, program string, killed bool) func(context.Context, string) error {
	return func(ctx context.Context, configuration string) error {
		for n := 0; ctx.Err() == nil; n++ {
			life, end := context.WithCancel(ctx)
			if killed {
				most := []time.Duration{3 * time.Second, 14 * time.Second}[n%2]
				life, end = context.WithTimeout(ctx, most/4+rand.N(most))
			}
			command := exec.CommandContext(life, program, "run", "-c", configuration)
			var log bytes.Buffer
			command.Stderr = &log
			command.Cancel = func() error {
				if ctx.Err() != nil {
					return command.Process.Signal(os.Interrupt)
				}
				return command.Process.Kill()
			}
			command.WaitDelay = 30 * time.Second
			err := command.Run()
			end()
			if ctx.Err() == nil && !killed {
				return fmt.Errorf("the program ended: %w\n%s", err, log.String())
			}
			for _, secret := range []string{"Meikäläinen", "matti.meikalainen", "123 4567", "Mannerheimintie"} {
				if strings.Contains(log.String(), secret) {
					t.Errorf("the log holds %q", secret)
				}
			}
		}
		return nil
	}
}

// nothingTwice looks into every mailbox: no mail arrived twice, and nobody got two answers.
// A program that is killed between the final dot and the server's answer cannot know
// whether the mail was taken, and sends it again with the same Message-ID (RFC 5321,
// 4.5.4.1); such a repetition is told, and only another mail is a fault.
func nothingTwice(t *testing.T, w *world, killed bool) {
	t.Helper()
	for user := range w.accounts() {
		all, err := w.inboxOf(user)
		if err != nil {
			t.Fatal(err)
		}
		seen, answers := map[string]bool{}, map[string]string{}
		for _, m := range all {
			switch {
			case seen[m.id] && killed:
				t.Logf("killed while the server was taking it, a mail came again under its Message-ID: %q", m.subject)
			case seen[m.id]:
				t.Errorf("a mail came twice: %q", m.subject)
			}
			seen[m.id] = true
			if ref := refOf(m.subject); hasFile(m) && answers[ref] != "" && answers[ref] != m.id {
				t.Errorf("%s was answered by two mails", ref)
			} else if hasFile(m) {
				answers[ref] = m.id
			}
		}
	}
}

// startPostfix runs a private Postfix that takes mail for everybody and hands it to
// Dovecot by LMTP. It needs root, since Postfix does.
func startPostfix(t *testing.T, dovecot *imaptest.Dovecot) string {
	t.Helper()
	const master = "/usr/lib/postfix/sbin/master"
	if _, err := os.Stat(master); err != nil || os.Geteuid() != 0 {
		t.Skip("needs Postfix, and root to start it (Debian: apt-get install postfix)")
	}
	dir, err := os.MkdirTemp("", "postfix")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	at := l.Addr().String()
	_ = l.Close()
	writePostfix(t, dir, at, dovecot)
	if out, err := exec.Command("postfix", "-c", dir, "check").CombinedOutput(); err != nil {
		t.Fatalf("set up postfix: %v\n%s", err, out)
	}
	command := exec.Command(master, "-c", dir, "-d")
	if err := command.Start(); err != nil {
		t.Fatalf("start postfix: %v", err)
	}
	t.Cleanup(func() {
		_ = command.Process.Signal(os.Interrupt)
		_ = command.Wait()
	})
	for range 200 {
		conn, err := net.DialTimeout("tcp", at, time.Second)
		if err == nil {
			_ = conn.Close()
			return at
		}
		time.Sleep(50 * time.Millisecond) // another program starts: there is nothing to wait on
	}
	log, _ := os.ReadFile(filepath.Join(dir, "postfix.log"))
	t.Fatalf("postfix does not answer:\n%s", log)
	return ""
}

func writePostfix(t *testing.T, dir, at string, dovecot *imaptest.Dovecot) {
	t.Helper()
	for _, sub := range []string{"queue", "data"} {
		if err := os.MkdirAll(filepath.Join(dir, sub), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("chown", "postfix", filepath.Join(dir, "data")).CombinedOutput(); err != nil {
		t.Fatalf("chown: %v\n%s", err, out)
	}
	cert := dovecot.Authority.ServerConfig().Certificates[0]
	key, err := x509.MarshalPKCS8PrivateKey(cert.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	var chain []byte
	chain = append(chain, pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key})...)
	for _, der := range cert.Certificate {
		chain = append(chain, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})...)
	}
	files := map[string]string{
		"chain.pem": string(chain),
		"main.cf": strings.NewReplacer("{dir}", dir, "{lmtp}", dovecot.LMTPAddr).Replace(`compatibility_level = 3.6
queue_directory = {dir}/queue
data_directory = {dir}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
myhostname = mail.powercompetence.example
mydestination =
local_recipient_maps =
local_transport = error:none here
default_transport = lmtp:inet:{lmtp}
relay_domains =
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_peername_lookup = no
smtp_host_lookup = native
lmtp_host_lookup = native
smtpd_tls_security_level = may
smtpd_tls_chain_files = {dir}/chain.pem
maillog_file = {dir}/postfix.log
maillog_file_prefixes = {dir}
message_size_limit = 60000000
`),
		"master.cf": at + ` inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
`,
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// TestDemo is the story as a newcomer sees it, in both set-ups.
func TestDemoWorld(t *testing.T) {
	for _, one := range []bool{false, true} {
		w, err := newWorld(t.TempDir(), t.TempDir(), one)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(w.close)
		if _, err := os.Stat(w.file("dpobot.yaml")); err != nil {
			t.Error(err)
		}
	}
}
