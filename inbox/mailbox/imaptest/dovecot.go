package imaptest

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"text/template"
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

var dovecotConf = template.Must(template.New("dovecot.conf").Parse(`
base_dir = {{.Dir}}/run
state_dir = {{.Dir}}/state
log_path = {{.Dir}}/dovecot.log
protocols = imap{{if .LMTP}} lmtp{{end}}
listen = 127.0.0.1
default_internal_user = {{.Internal}}
default_login_user = {{.Login}}
default_internal_group = {{.InternalGroup}}
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:{{.Dir}}/mail/%u
mail_uid = {{.UID}}
mail_gid = {{.GID}}
ssl = yes
ssl_cert = <{{.Dir}}/cert.pem
ssl_key = <{{.Dir}}/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_failure_delay = 0
mail_max_userip_connections = 100
imap_capability = +SPECIAL-USE
namespace inbox {
  inbox = yes
  separator = /
  mailbox Sent {
    auto = create
    special_use = \Sent
  }
  mailbox Trash {
    auto = create
    special_use = \Trash
  }
}
passdb {
  driver = passwd-file
  args = scheme=plain username_format=%u {{.Dir}}/passwd
}
userdb {
  driver = static
  args = uid={{.UID}} gid={{.GID}} home={{.Dir}}/home/%u
}
service imap-login {
  chroot =
  inet_listener imap {
    address = 127.0.0.1
    port = {{.Port}}
  }
  inet_listener imaps {
    address = 127.0.0.1
    port = {{.TLSPort}}
    ssl = yes
  }
}
{{if .LMTP}}
service lmtp {
  inet_listener lmtp {
    address = 127.0.0.1
    port = {{.LMTPPort}}
  }
}
protocol lmtp {
  auth_username_format = %n
  postmaster_address = postmaster@localhost
}
{{end}}
service anvil {
  chroot =
}
service stats {
  chroot =
}
`))

// configure writes everything that the server reads.
func (d *Dovecot) configure() error {
	ports, err := freePorts(3)
	if err != nil {
		return err
	}
	owner, err := mailOwner()
	if err != nil {
		return err
	}
	host := func(i int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(ports[i])) }
	d.Addr, d.TLSAddr = host(0), host(1)
	if hasLMTP() {
		d.LMTPAddr = host(2)
	}
	d.CAFile = filepath.Join(d.Dir, "ca.pem")

	settings := map[string]any{
		"Dir": d.Dir, "Port": ports[0], "TLSPort": ports[1], "LMTPPort": ports[2], "LMTP": d.LMTPAddr != "",
		"UID": owner.uid, "GID": owner.gid,
		"Internal": owner.internal, "InternalGroup": owner.internalGroup, "Login": owner.login,
	}
	var conf bytes.Buffer
	if err := dovecotConf.Execute(&conf, settings); err != nil {
		return err
	}
	var passwd strings.Builder
	for name, password := range d.Users {
		fmt.Fprintf(&passwd, "%s:{PLAIN}%s\n", name, password)
	}
	files := map[string][]byte{
		"dovecot.conf": conf.Bytes(), "passwd": []byte(passwd.String()),
		"ca.pem": d.Authority.CA, "cert.pem": d.Authority.Cert, "key.pem": d.Authority.Key,
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(d.Dir, name), text, 0o644); err != nil {
			return err
		}
	}
	for _, name := range []string{"mail", "home", "run", "state"} {
		if err := os.Mkdir(filepath.Join(d.Dir, name), 0o755); err != nil {
			return err
		}
	}
	return owner.own(d.Dir, "mail", "home")
}

func hasLMTP() bool {
	_, err := os.Stat("/usr/lib/dovecot/lmtp")
	return err == nil
}

// owner is whom the parts of the server run as.
type owner struct {
	uid, gid                       int
	internal, internalGroup, login string
}

// mailOwner is "nobody" if we are root, since Dovecot gives mail to nobody else's root, and
// ourselves otherwise.
func mailOwner() (owner, error) {
	if os.Geteuid() == 0 {
		nobody, err := user.Lookup("nobody")
		if err != nil {
			return owner{}, err
		}
		uid, _ := strconv.Atoi(nobody.Uid)
		gid, _ := strconv.Atoi(nobody.Gid)
		return owner{uid, gid, "dovecot", "dovecot", "dovenull"}, nil
	}
	me, err := user.Current()
	if err != nil {
		return owner{}, err
	}
	group, err := user.LookupGroupId(me.Gid)
	if err != nil {
		return owner{}, err
	}
	uid, _ := strconv.Atoi(me.Uid)
	gid, _ := strconv.Atoi(me.Gid)
	return owner{uid, gid, me.Username, group.Name, me.Username}, nil
}

// own opens dir to the owner and gives the folders in it away.
func (o owner) own(dir string, folders ...string) error {
	if err := os.Chmod(dir, 0o755); err != nil {
		return err
	}
	if os.Geteuid() != 0 {
		return nil
	}
	for _, name := range folders {
		if err := os.Chown(filepath.Join(dir, name), o.uid, o.gid); err != nil {
			return err
		}
	}
	return nil
}

// freePorts are free for now; whoever else asks next may get them, too.
func freePorts(n int) ([]int, error) {
	var ports []int
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		defer l.Close()
		ports = append(ports, l.Addr().(*net.TCPAddr).Port)
	}
	return ports, nil
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
