package imaptest

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-smtp"
)

// TB is what a test lends to StartDovecot; *testing.T and *testing.B have it. Named here so that
// a program which imports this package does not import testing.
type TB interface {
	Helper()
	Skip(args ...any)
	Fatalf(format string, args ...any)
	Cleanup(func())
}

// Dovecot is a real IMAP server with Maildir folders on free loopback ports, private to one test.
type Dovecot struct {
	// Addr is "host:port" for plain text and STARTTLS, TLSAddr for implicit TLS, LMTPAddr for
	// local delivery; the last is empty where Dovecot's LMTP service is not installed.
	Addr, TLSAddr, LMTPAddr string
	// CAFile is the PEM file of the authority that signed its certificate; Authority the same.
	CAFile    string
	Authority *Authority
	// Users are the accounts, name to password. Each has INBOX, Sent (\Sent) and Trash.
	Users map[string]string
	// Dir holds configuration, log and mail.
	Dir string

	command *exec.Cmd
}

// StartDovecot starts a Dovecot with these accounts and stops it when the test ends. It skips the
// test where none is installed. As root its mail belongs to "nobody", else to the caller.
func StartDovecot(t TB, users map[string]string) *Dovecot {
	t.Helper()
	program, err := findDovecot()
	if err != nil {
		t.Skip("needs a dovecot in PATH or /usr/sbin (Debian: apt-get install dovecot-imapd dovecot-lmtpd)")
	}
	d := &Dovecot{Users: users}
	if err := d.start(program); err != nil {
		log, _ := os.ReadFile(filepath.Join(d.Dir, "dovecot.log"))
		d.Stop()
		t.Fatalf("start dovecot: %v\n%s", err, log)
	}
	t.Cleanup(d.Stop)
	return d
}

func findDovecot() (string, error) {
	if path, err := exec.LookPath("dovecot"); err == nil {
		return path, nil
	}
	return exec.LookPath("/usr/sbin/dovecot")
}

func (d *Dovecot) start(program string) (err error) {
	// Not the test's own folder: its name is too long for the sockets, and closed to "nobody".
	if d.Dir, err = os.MkdirTemp("", "dovecot"); err != nil {
		return err
	}
	if d.Authority, err = NewAuthority(); err != nil {
		return err
	}
	if err := d.configure(); err != nil {
		return err
	}
	d.command = exec.Command(program, "-F", "-c", filepath.Join(d.Dir, "dovecot.conf"))
	var stderr bytes.Buffer
	d.command.Stderr = &stderr
	if err := d.command.Start(); err != nil {
		d.command = nil
		return err
	}
	if err := d.awaitGreeting(); err != nil {
		return fmt.Errorf("%w: %s", err, stderr.String())
	}
	return nil
}

// Stop ends the server and removes its files. Calling it again does nothing.
func (d *Dovecot) Stop() {
	d.halt()
	_ = os.RemoveAll(d.Dir)
}

func (d *Dovecot) halt() {
	if d.command == nil {
		return
	}
	_ = d.command.Process.Signal(syscall.SIGTERM)
	_ = d.command.Wait()
	d.command = nil
}

// awaitGreeting returns when the server greets.
func (d *Dovecot) awaitGreeting() error {
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	var last error
	for range 500 {
		conn, err := net.DialTimeout("tcp", d.Addr, time.Second)
		if err == nil {
			_ = conn.SetReadDeadline(time.Now().Add(5 * time.Second))
			_, err = bufio.NewReader(conn).ReadString('\n')
			conn.Close()
		}
		if err == nil {
			return nil
		}
		last = err
		<-again.C
	}
	return fmt.Errorf("no greeting: %w", last)
}

// Append stores a mail in a user's folder, as if it had arrived at this time (zero: now).
func (d *Dovecot) Append(user, folder string, mail []byte, at time.Time) error {
	return d.AppendAll(user, folder, [][]byte{mail}, at)
}

// AppendAll stores mails over one connection.
func (d *Dovecot) AppendAll(user, folder string, mails [][]byte, at time.Time) error {
	client, err := d.dial(user)
	if err != nil {
		return err
	}
	defer client.Close()
	for _, mail := range mails {
		command := client.Append(folder, int64(len(mail)), &imap.AppendOptions{Time: at})
		_, werr := command.Write(mail)
		cerr := command.Close()
		_, err := command.Wait()
		if err := errors.Join(werr, cerr, err); err != nil {
			return fmt.Errorf("append: %w", err)
		}
	}
	return nil
}

// Deliver hands a mail in as a mail server does (LMTP), which is how real mail arrives; where that
// part of Dovecot is not installed, it appends the mail.
func (d *Dovecot) Deliver(user string, mail []byte) error {
	if d.LMTPAddr == "" {
		return d.Append(user, "INBOX", mail, time.Time{})
	}
	conn, err := net.Dial("tcp", d.LMTPAddr)
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	client := smtp.NewClientLMTP(conn)
	defer client.Close()
	if err := client.Mail("sender@localhost", nil); err != nil {
		return fmt.Errorf("MAIL: %w", err)
	}
	if err := client.Rcpt(user, nil); err != nil {
		return fmt.Errorf("RCPT: %w", err)
	}
	text, err := client.Data()
	if err != nil {
		return fmt.Errorf("DATA: %w", err)
	}
	_, werr := text.Write(mail)
	return errors.Join(werr, text.Close())
}

// Mails returns what is in a user's folder, oldest UID first, and changes nothing.
func (d *Dovecot) Mails(user, folder string) ([]Mail, error) {
	client, err := imapclient.DialInsecure(d.Addr, nil)
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	return mails(client, user, d.Users[user], folder)
}

// Renumber gives INBOX a new UIDVALIDITY and its mails new UIDs, as when a server lost its list of
// them. Flags stay. Connections should be closed before.
func (d *Dovecot) Renumber(user string) error {
	dir := filepath.Join(d.Dir, "mail", user)
	indexes, err := filepath.Glob(filepath.Join(dir, "dovecot.index*"))
	if err != nil {
		return err
	}
	for _, path := range indexes {
		if err := os.Remove(path); err != nil {
			return err
		}
	}
	list := filepath.Join(dir, "dovecot-uidlist")
	text, err := os.ReadFile(list)
	if err != nil {
		return err
	}
	var version, validity int
	if _, err := fmt.Sscanf(string(text), "%d V%d ", &version, &validity); err != nil {
		return fmt.Errorf("read the list of UIDs: %w", err)
	}
	// Deleted, the list would get the time in seconds, which may be the same number once more.
	return os.WriteFile(list, fmt.Appendf(nil, "%d V%d N1\n", version, validity+1), 0o644)
}

func (d *Dovecot) dial(user string) (*imapclient.Client, error) {
	client, err := imapclient.DialInsecure(d.Addr, nil)
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	if err := client.Login(user, d.Users[user]).Wait(); err != nil {
		client.Close()
		return nil, fmt.Errorf("log in: %w", err)
	}
	return client, nil
}
