package post

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"net"
	"net/mail"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-msgauth/dkim"
)

func senderTo(t *testing.T, addr string, change func(*Server)) *Sender {
	t.Helper()
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		t.Fatal(err)
	}
	n, err := strconv.Atoi(port)
	if err != nil {
		t.Fatal(err)
	}
	server := Server{Host: host, Port: n, Security: Plain, Hello: "controller.example", Timeout: 5 * time.Second}
	if change != nil {
		change(&server)
	}
	s, err := NewSender(server)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	return s
}

func letter() Mail {
	return Mail{
		FromName: "Power Competence Oy", From: "mailbox@controller.example", To: "person@home.example", ToName: "Matti Meikäläinen",
		Subject: "Vastaus pyyntöönne [DPO-2026-0001]", Text: "Hyvä Matti\n", HTML: "<p>Hyvä Matti</p>",
		MessageID: "dpo-2026-0001.1p.abc@controller.example", InReplyTo: "ask@home.example", References: []string{"first@home.example", "ask@home.example"},
		Submitted: Replied, Date: time.Date(2026, 3, 5, 12, 0, 0, 0, time.UTC),
	}
}

// What went wrong decides whether another try can help, and which.
func TestErrorsAreToldApart(t *testing.T) {
	rows := []struct {
		name, verb, answer string
		want               error
	}{
		{"greylisted", "RCPT", "451 4.7.1 later", ErrTemporary},
		{"no such user", "RCPT", "550 5.1.1 no such user", ErrPermanent},
		{"sender refused", "MAIL", "553 5.7.1 not yours", ErrPermanent},
		{"sender refused for now", "MAIL", "450 4.7.1 later", ErrTemporary},
		{"data refused", "DATA", "554 5.3.4 no", ErrPermanent},
		{"refused after the mail", "DOT", "554 5.7.1 content", ErrPermanent},
		{"refused for now after the mail", "DOT", "452 4.3.1 full", ErrTemporary},
		{"cut after the final dot", "DOT", "cut", ErrUnknown},
		{"silent after the final dot", "DOT", "stall", ErrUnknown},
		{"cut before the mail", "DATA", "cut", ErrTemporary},
		{"cut at once", "GREETING", "cut", ErrTemporary},
		{"busy at once", "GREETING", "421 4.3.2 busy", ErrTemporary},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			s := startSink(t)
			s.say(row.verb, row.answer)
			sender := senderTo(t, s.addr, func(srv *Server) { srv.Timeout = time.Second })
			_, err := sender.Send(t.Context(), letter())
			if !errors.Is(err, row.want) {
				t.Errorf("got %v, want %v", err, row.want)
			}
			for _, personal := range []string{"person@home.example", "Matti", "no such user"} {
				if err != nil && strings.Contains(err.Error(), personal) {
					t.Errorf("the error holds %q: %v", personal, err)
				}
			}
		})
	}
}

func TestTroubleOfTheSetUp(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed := l.Addr().String()
	_ = l.Close()
	if _, err := senderTo(t, closed, nil).Send(t.Context(), letter()); !errors.Is(err, ErrTemporary) {
		t.Errorf("closed port: got %v", err)
	}
	s := startSink(t)
	s.auth = true
	s.say("AUTH", "535 5.7.8 wrong")
	sender := senderTo(t, s.addr, func(srv *Server) {
		srv.User, srv.Password = "bot", func() (string, error) { return "wrong", nil }
	})
	if err := sender.Check(t.Context()); !errors.Is(err, ErrSetUp) {
		t.Errorf("wrong password: got %v", err)
	}
	if _, err := NewSender(Server{Host: "mail.controller.example", Port: 25, Security: Plain}); !errors.Is(err, ErrSetUp) {
		t.Errorf("plain text to another machine: got %v", err)
	}
	starttls := senderTo(t, s.addr, func(srv *Server) { srv.Security = StartTLS })
	if _, err := starttls.Send(t.Context(), letter()); err == nil || len(s.taken()) > 0 {
		t.Errorf("a server without STARTTLS got the mail all the same: %v", err)
	}
}

// A server on this machine that offers no log-in gets none.
func TestNoLogInOffered(t *testing.T) {
	s := startSink(t)
	sender := senderTo(t, s.addr, func(srv *Server) {
		srv.User, srv.Password = "bot", func() (string, error) { return "secret", nil }
	})
	if _, err := sender.Send(t.Context(), letter()); err != nil {
		t.Errorf("got %v", err)
	}
}

func TestOneConnectionForManyMails(t *testing.T) {
	s := startSink(t)
	sender := senderTo(t, s.addr, nil)
	for range 20 {
		if _, err := sender.Send(t.Context(), letter()); err != nil {
			t.Fatal(err)
		}
	}
	if got := len(s.taken()); got != 20 || s.conns != 1 {
		t.Errorf("got %d mails over %d connections, want 20 over 1", got, s.conns)
	}
}

// A kept connection that the server has closed meanwhile is no fault.
func TestAKeptConnectionWasClosed(t *testing.T) {
	s := startSink(t)
	sender := senderTo(t, s.addr, nil)
	if _, err := sender.Send(t.Context(), letter()); err != nil {
		t.Fatal(err)
	}
	sender.mu.Lock()
	_ = sender.idle[0].conn.Close()
	sender.mu.Unlock()
	if _, err := sender.Send(t.Context(), letter()); err != nil {
		t.Errorf("got %v", err)
	}
	if got := len(s.taken()); got != 2 {
		t.Errorf("got %d mails, want 2", got)
	}
}

func TestTheContextEndsAStall(t *testing.T) {
	s := startSink(t)
	s.say("RCPT", "stall")
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	sender := senderTo(t, s.addr, func(srv *Server) { srv.Timeout = time.Minute })
	if _, err := sender.Send(ctx, letter()); err == nil {
		t.Error("a stalled server took the mail")
	}
}

func TestTheMailOnTheWire(t *testing.T) {
	s := startSink(t)
	raw, err := senderTo(t, s.addr, nil).Send(t.Context(), letter())
	if err != nil {
		t.Fatal(err)
	}
	wire := s.taken()[0]
	if strings.ReplaceAll(string(raw), "\n..", "\n.") != wire {
		t.Error("the copy differs from what was sent")
	}
	m, err := mail.ReadMessage(strings.NewReader(wire))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"Message-ID":     "<dpo-2026-0001.1p.abc@controller.example>",
		"In-Reply-To":    "<ask@home.example>",
		"References":     "<first@home.example> <ask@home.example>",
		"Auto-Submitted": "auto-replied",
		"Date":           "Thu, 05 Mar 2026 12:00:00 +0000",
	} {
		if got := m.Header.Get(name); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
}

// A signed mail verifies with the public key.
func TestOwnSignature(t *testing.T) {
	public, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	key := string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}))
	s := startSink(t)
	sender := senderTo(t, s.addr, func(srv *Server) {
		srv.Sign = &Signature{Domain: "controller.example", Selector: "bot", Key: func() (string, error) { return key, nil }}
	})
	if _, err := sender.Send(t.Context(), letter()); err != nil {
		t.Fatal(err)
	}
	checks, err := dkim.VerifyWithOptions(strings.NewReader(s.taken()[0]), &dkim.VerifyOptions{LookupTXT: func(string) ([]string, error) {
		return []string{"v=DKIM1; k=ed25519; p=" + base64.StdEncoding.EncodeToString(public)}, nil
	}})
	if err != nil || len(checks) != 1 || checks[0].Err != nil {
		t.Errorf("got %d signatures, %v, %+v", len(checks), err, checks)
	}
}

// Nothing from outside begins a header of its own.
func TestNoHeaderIsInjected(t *testing.T) {
	s := startSink(t)
	m := letter()
	m.ToName = "Matti\r\nBcc: thief@elsewhere.example"
	m.Subject = "Hei\r\nBcc: thief@elsewhere.example"
	m.InReplyTo = "a@b>\r\nBcc: thief@elsewhere.example"
	m.References = []string{"x@y\r\nBcc: thief@elsewhere.example", "ok@home.example"}
	if _, err := senderTo(t, s.addr, nil).Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	got, err := mail.ReadMessage(strings.NewReader(s.taken()[0]))
	if err != nil {
		t.Fatal(err)
	}
	if got.Header.Get("Bcc") != "" {
		t.Errorf("a header was injected: %q", got.Header.Get("Bcc"))
	}
	if refs := got.Header.Get("References"); refs != "<ok@home.example>" {
		t.Errorf("References: got %q", refs)
	}
}
