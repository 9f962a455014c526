package main

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	_ "modernc.org/sqlite" // the register
)

// patience is how long the whole way may take: longer than any machine needs.
func patience(n int) time.Duration { return 2*time.Minute + time.Duration(n)*time.Second/2 }

// wholeWay runs the program until every mail is flagged and every acknowledgement and case
// mail has been taken.
func wholeWay(ctx context.Context, at *place, n int, bot string) (figure, error) {
	ctx, cancel := context.WithTimeout(ctx, patience(n))
	defer cancel()
	out, err := startSink(n)
	if err != nil {
		return figure{}, err
	}
	defer out.close()
	if err := writeFiles(at, out.addr, n); err != nil {
		return figure{}, err
	}
	watch, err := login(at.addr)
	if err != nil {
		return figure{}, err
	}
	defer watch.Close()

	began := time.Now()
	program, err := startProgram(bot, at.dir)
	if err != nil {
		return figure{}, err
	}
	defer program.kill()
	if err := program.until(ctx, out, watch); err != nil {
		people, cases, _ := out.counts()
		return figure{}, fmt.Errorf("%w: %d people and %d case mails of %d\n%s", err, people, cases, n, program.lastLines())
	}
	f := figure{took: time.Since(began), peak: peak(program.cmd.Process.Pid), also: peakOfChildren(program.cmd.Process.Pid)}
	if err := program.stop(); err != nil {
		return figure{}, fmt.Errorf("stop the program: %w\n%s", err, program.lastLines())
	}
	if _, _, twice := out.counts(); twice {
		return figure{}, errors.New("somebody got a mail twice")
	}
	return f, nil
}

// program is the running bot.
type program struct {
	cmd   *exec.Cmd
	log   string
	ended chan error
}

func startProgram(bot, dir string) (*program, error) {
	p := &program{log: filepath.Join(dir, "log"), ended: make(chan error, 1)}
	log, err := os.Create(p.log)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	p.cmd = exec.Command(bot, "run", "-c", filepath.Join(dir, "dpobot.yaml"))
	p.cmd.Stderr = log
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start the program: %w", err)
	}
	go func() { p.ended <- p.cmd.Wait() }()
	return p, nil
}

// until waits for the last mail out, and then for the last flag.
func (p *program) until(ctx context.Context, out *sink, watch *imapclient.Client) error {
	select {
	case <-out.all:
	case err := <-p.ended:
		p.ended <- err
		return fmt.Errorf("the program ended: %w", err)
	case <-ctx.Done():
		return ctx.Err()
	}
	for {
		left, err := unflagged(watch)
		if err != nil || left == 0 {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("%d mails have no flag: %w", left, ctx.Err())
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// unflagged counts the mails that were not handled.
func unflagged(watch *imapclient.Client) (int, error) {
	if _, err := watch.Select("INBOX", &imap.SelectOptions{ReadOnly: true}).Wait(); err != nil {
		return 0, fmt.Errorf("open INBOX: %w", err)
	}
	found, err := watch.UIDSearch(&imap.SearchCriteria{NotFlag: []imap.Flag{"$dpobot"}}, nil).Wait()
	if err != nil {
		return 0, fmt.Errorf("look for mails without the flag: %w", err)
	}
	return len(found.AllUIDs()), nil
}

func (p *program) stop() error {
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	err := <-p.ended
	p.ended <- err
	return err
}

// kill makes sure that nothing is left behind.
func (p *program) kill() {
	_ = p.cmd.Process.Kill()
	<-p.ended
}

// lastLines are the end of the log, which holds no personal data.
func (p *program) lastLines() string {
	text, _ := os.ReadFile(p.log)
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	return strings.Join(lines[max(0, len(lines)-5):], "\n")
}

// writeFiles makes a configuration with the limits out of the way, and a register that
// knows every second sender.
func writeFiles(at *place, smtpAddr string, n int) error {
	today := time.Now()
	text := strings.NewReplacer(
		"{user}", strings.ReplaceAll(user, "@", "%40"), "{mailbox}", user, "{officer}", officer, "{imap}", at.addr, "{smtp}", smtpAddr, "{redis}", at.redis,
		"{today}", today.Format(time.DateOnly), "{tomorrow}", today.AddDate(0, 0, 1).Format(time.DateOnly),
	).Replace(configuration)
	for name, content := range map[string]string{
		"dpobot.yaml": text, "imap.password": password + "\n", "dkim.keys": "bench._domainkey." + domain + " v=DKIM1; p=\n",
	} {
		if err := os.WriteFile(filepath.Join(at.dir, name), []byte(content), 0o600); err != nil {
			return err
		}
	}
	return writeRegister(filepath.Join(at.dir, "customers.db"), n)
}

func writeRegister(file string, n int) error {
	var b bytes.Buffer
	b.WriteString("CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT, email TEXT, phone TEXT, address TEXT);\n" +
		"CREATE UNIQUE INDEX by_email ON customers (email);\nBEGIN;\n")
	for i := 0; i < n; i += 2 {
		fmt.Fprintf(&b, "INSERT INTO customers VALUES (%d, 'Person %d', '%s', '+358 40 %07d', 'Bench Street %d');\n", i+1, i, personAt(i), i, i)
	}
	b.WriteString("COMMIT;")
	db, err := sql.Open("sqlite", file)
	if err != nil {
		return err
	}
	defer db.Close()
	if _, err := db.Exec(b.String()); err != nil {
		return fmt.Errorf("make the register: %w", err)
	}
	return nil
}

const configuration = `controller: {name: Bench Oy, country: FI, languages: [fi, sv, en]}
handlers: [{name: Officer, address: {officer}, language: en, trust: dkim}]
mailbox:
  address: {mailbox}
  imap: {url: "imap://{user}@{imap}/INBOX", starttls: off, password_file: imap.password, sent: Sent}
  smtp: {url: "smtp://{smtp}", starttls: off}
redis: {redis}
dkim: {keys_file: dkim.keys}
digest: {silent: [{today}..{tomorrow}]}
canary: {off: true}
limits: {per_address: 1000000, per_case: 1000000, overall: 1000000000}
registers:
  - name: customers
    title: {fi: Asiakkaat, sv: Kunder, en: Customers}
    sql: {dsn: "sqlite:customers.db", table: customers, key: id, indexed: true}
    identify: {email: email}
    telephone: phone
    fields:
      name: {title: {fi: Nimi, sv: Namn, en: Name}}
      email: {title: {fi: Sähköposti, sv: E-post, en: E-mail}}
      phone: {title: {fi: Puhelin, sv: Telefon, en: Telephone}}
      address: {title: {fi: Osoite, sv: Adress, en: Address}, control: true}
notice: {purposes: [{fi: Mittaus, sv: Mätning, en: Measuring}]}
`
