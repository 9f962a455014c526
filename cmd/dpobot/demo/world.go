package demo

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/emersion/go-msgauth/dkim"
	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"

	"dpobot/inbox/mailbox/imaptest"
)

// world is the small outside that the bot lives in: mailboxes, a mail server that
// delivers into them, a Redis, and the registers of a company.
type world struct {
	dir      string // of the registers and the configuration
	out      string // every mail as .eml, and the packages
	imap     *imaptest.Server
	smtp     *smtp.Server
	smtpAt   string
	redis    *miniredis.Miniredis
	signer   ed25519.PrivateKey
	mailbox  string        // of the bot
	officer  string        // of the DPO; the same in the set-up with one mailbox
	settings string        // of the mailbox, Redis and what goes with them in the configuration
	patience time.Duration // how long a mail may take to come
	// mails lists what lies in somebody's folder.
	mails func(user, folder string) ([]imaptest.Mail, error)

	mu   sync.Mutex
	sent int // mails delivered so far
}

const (
	domain   = "powercompetence.example"
	password = "demo"
	selector = "demo"
)

// emptyWorld has people and no servers yet.
func emptyWorld(dir, out string, oneMailbox bool) *world {
	w := &world{dir: dir, out: out, patience: 20 * time.Second, mailbox: "tietosuoja@" + domain, officer: "pauli.vuorio@" + domain}
	if oneMailbox {
		w.mailbox = w.officer
	}
	return w
}

// accounts are the mailboxes that the world needs, with their passwords.
func (w *world) accounts() map[string]string {
	users := map[string]string{w.mailbox: password, w.officer: password}
	for _, p := range people {
		users[p.address] = password
	}
	return users
}

// newWorld starts the servers on free loopback ports.
func newWorld(dir, out string, oneMailbox bool) (*world, error) {
	w := emptyWorld(dir, out, oneMailbox)
	var err error
	if w.imap, err = imaptest.Start(imaptest.Options{Users: w.accounts()}); err != nil {
		return nil, fmt.Errorf("start the IMAP server: %w", err)
	}
	w.mails = w.imap.Mails
	if err := w.startSMTP(); err != nil {
		w.close()
		return nil, fmt.Errorf("start the SMTP server: %w", err)
	}
	if w.redis, err = miniredis.Run(); err != nil {
		w.close()
		return nil, fmt.Errorf("start the Redis in memory: %w", err)
	}
	w.settings = fmt.Sprintf(`mailbox:
  address: {mailbox}
  imap: {url: "imap://{user}@%s/INBOX", starttls: off, password_file: mail.password, sent: Sent, poll: 5s}
  smtp: {url: "smtp://%s", starttls: off}
redis: {url: "redis://%s/0"}
`, w.imap.Addr, w.smtpAt, w.redis.Addr())
	if err := w.furnish(); err != nil {
		w.close()
		return nil, err
	}
	return w, nil
}

// furnish makes the company's DKIM key, its registers and the configuration.
func (w *world) furnish() error {
	if err := w.makeKey(); err != nil {
		return err
	}
	return w.writeFiles()
}

func (w *world) close() {
	if w.smtp != nil {
		_ = w.smtp.Close()
	}
	if w.imap != nil {
		w.imap.Close()
	}
	if w.redis != nil {
		w.redis.Close()
	}
}

func (w *world) startSMTP() error {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	w.smtp = smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &delivery{world: w}, nil }))
	w.smtp.Domain = "mail." + domain
	w.smtp.AllowInsecureAuth = true
	w.smtpAt = l.Addr().String()
	go w.smtp.Serve(l)
	return nil
}

// delivery takes one mail after another and puts each into the mailboxes it is for. As a
// company's mail server does, it signs what its own officer hands in after a log-in.
type delivery struct {
	world *world
	user  string // who logged in, if anybody did
	from  string
	to    []string
}

// AuthMechanisms is what a mail program may log in with.
func (d *delivery) AuthMechanisms() []string { return []string{sasl.Plain} }

// Auth logs a mail program in.
func (d *delivery) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, given string) error {
		if want, known := d.world.accounts()[user]; !known || want != given {
			return smtp.ErrAuthFailed
		}
		d.user = user
		return nil
	}), nil
}

func (d *delivery) Mail(from string, _ *smtp.MailOptions) error { d.from = from; return nil }
func (d *delivery) Rcpt(to string, _ *smtp.RcptOptions) error   { d.to = append(d.to, to); return nil }
func (d *delivery) Reset()                                      { d.from, d.to = "", nil }
func (d *delivery) Logout() error                               { return nil }

func (d *delivery) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err == nil && d.user == d.world.officer {
		raw, err = d.world.sign(raw)
	}
	if err != nil {
		return err
	}
	for _, to := range d.to {
		if err := d.world.deliver(d.from, to, raw); err != nil {
			return err
		}
	}
	return nil
}

// deliver puts a mail into a mailbox, as a mail server does, and keeps a copy in out.
func (w *world) deliver(from, to string, raw []byte) error {
	raw = append([]byte(fmt.Sprintf("Return-Path: <%s>\r\nReceived: from demo ([127.0.0.1]) by mail.%s with ESMTP;\r\n\t%s\r\n",
		from, domain, time.Now().Format(time.RFC1123Z))), raw...)
	w.mu.Lock()
	w.sent++
	name := fmt.Sprintf("%02d-to-%s.eml", w.sent, strings.ReplaceAll(to, "@", "-at-"))
	w.mu.Unlock()
	if err := os.WriteFile(filepath.Join(w.out, name), raw, 0o600); err != nil {
		return err
	}
	if _, err := w.imap.Append(to, "INBOX", raw, time.Now()); err != nil {
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no such mailbox here"}
	}
	return nil
}

// makeKey makes the company's DKIM key, with which its mail server signs.
func (w *world) makeKey() error {
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return fmt.Errorf("make a DKIM key: %w", err)
	}
	w.signer = private
	line := fmt.Sprintf("%s._domainkey.%s  v=DKIM1; k=ed25519; p=%s\n", selector, domain, base64.StdEncoding.EncodeToString(public))
	return os.WriteFile(filepath.Join(w.dir, "dkim-keys.txt"), []byte(line), 0o600)
}

// sign signs a mail as the company's mail server does for its own users.
func (w *world) sign(raw []byte) ([]byte, error) {
	var out bytes.Buffer
	err := dkim.Sign(&out, bytes.NewReader(raw), &dkim.SignOptions{
		Domain: domain, Selector: selector, Signer: w.signer,
		HeaderCanonicalization: dkim.CanonicalizationRelaxed, BodyCanonicalization: dkim.CanonicalizationRelaxed,
		HeaderKeys: []string{"From", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "Content-Type", "Content-Transfer-Encoding", "MIME-Version"},
	})
	return out.Bytes(), err
}
