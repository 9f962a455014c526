package demo

import (
	"bytes"
	"fmt"
	"mime"
	"mime/quotedprintable"
	"net/smtp"
	"strings"
	"time"
)

// person is somebody with a mailbox of their own.
type person struct{ name, address string }

var people = []person{matti, stranger, emily, kalle, newsletter, absent, forger}

var (
	matti      = person{"Matti Meikäläinen", "matti.meikalainen@posti.example"}
	stranger   = person{"Sofia Lindqvist", "sofia.lindqvist@brev.example"}
	emily      = person{"Emily Carter", "emily.carter@letters.example"}
	kalle      = person{"Kalle Korhonen", "kalle.korhonen@posti.example"}
	newsletter = person{"Tietosuojauutiset", "uutiset@kirjeet.example"}
	absent     = person{"Liisa Virtanen", "liisa.virtanen@virasto.example"}
	forger     = person{"Pauli Vuorio", "forger@elsewhere.example"}
)

// mail is one that somebody writes with an ordinary program.
type mail struct {
	from    person
	claims  string // another address that stands in From
	to      string
	subject string
	text    string
	answers string   // Message-ID
	chain   []string // References
	headers []string // further header lines
	signed  bool     // by the company's mail server
}

// send composes the mail and hands it to the mail server.
func (w *world) send(m mail) (messageID string, err error) {
	raw, id := compose(m)
	if m.signed {
		if raw, err = w.sign(raw); err != nil {
			return "", fmt.Errorf("sign a mail: %w", err)
		}
	}
	return id, w.hand(m.from.address, m.to, raw)
}

// hand gives a mail to the mail server, in plain text: it is on this machine.
func (w *world) hand(from, to string, raw []byte) error {
	c, err := smtp.Dial(w.smtpAt)
	if err != nil {
		return err
	}
	defer c.Close()
	if err := c.Mail(from); err != nil {
		return err
	}
	if err := c.Rcpt(to); err != nil {
		return err
	}
	body, err := c.Data()
	if err != nil {
		return err
	}
	if _, err := body.Write(raw); err != nil {
		return err
	}
	if err := body.Close(); err != nil {
		return err
	}
	return c.Quit()
}

func compose(m mail) ([]byte, string) {
	var b bytes.Buffer
	from := m.from.address
	if m.claims != "" {
		from = m.claims
	}
	_, host, _ := strings.Cut(from, "@")
	id := fmt.Sprintf("%d.%s@%s", time.Now().UnixNano(), strings.ReplaceAll(strings.ToLower(strings.Fields(m.from.name)[0]), "ä", "a"), host)
	header := func(name, value string) { fmt.Fprintf(&b, "%s: %s\r\n", name, value) }
	header("From", mime.QEncoding.Encode("utf-8", m.from.name)+" <"+from+">")
	header("To", m.to)
	header("Subject", mime.QEncoding.Encode("utf-8", m.subject))
	header("Date", time.Now().Format(time.RFC1123Z))
	header("Message-ID", "<"+id+">")
	if m.answers != "" {
		header("In-Reply-To", "<"+m.answers+">")
		header("References", "<"+strings.Join(append(m.chain, m.answers), ">\r\n <")+">")
	}
	for _, h := range m.headers {
		b.WriteString(h + "\r\n")
	}
	header("MIME-Version", "1.0")
	header("Content-Type", "text/plain; charset=utf-8")
	header("Content-Transfer-Encoding", "quoted-printable")
	b.WriteString("\r\n")
	q := quotedprintable.NewWriter(&b)
	_, _ = q.Write([]byte(strings.ReplaceAll(m.text, "\n", "\r\n")))
	_ = q.Close()
	b.WriteString("\r\n")
	return b.Bytes(), id
}

// reply is the officer's answer to a mail of the bot, as a mail program writes it.
func (w *world) reply(to received, text string) mail {
	quoted := ""
	for _, line := range strings.Split(strings.TrimSpace(to.text), "\n") {
		quoted += "> " + line + "\n"
	}
	return mail{
		from: person{"Pauli Vuorio", w.officer}, to: w.mailbox, subject: "Re: " + to.subject, answers: to.id, signed: true,
		text: text + "\n\n-- \nPauli Vuorio\nPower Competence Oy\n\nPower Competence Oy kirjoitti " + time.Now().Format("2.1.2006 klo 15.04") + ":\n" + quoted,
	}
}
