package post

import (
	"bufio"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
	"time"
)

// sink is a mail server that does as it is told: it takes mails, refuses, stalls, or cuts
// the line.
type sink struct {
	addr string

	mu     sync.Mutex
	answer map[string]string // by verb: what it says instead of 250; "cut" and "stall" are what they say
	mails  []string
	conns  int
	auth   bool
}

func startSink(t *testing.T) *sink {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &sink{addr: l.Addr().String(), answer: map[string]string{}}
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			s.mu.Lock()
			s.conns++
			s.mu.Unlock()
			go s.serve(conn)
		}
	})
	t.Cleanup(func() { _ = l.Close(); wg.Wait() })
	return s
}

func (s *sink) say(verb, answer string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answer[verb] = answer
}

func (s *sink) told(verb string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.answer[verb]
}

func (s *sink) taken() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.mails...)
}

func (s *sink) serve(conn net.Conn) {
	defer conn.Close()
	in := bufio.NewReader(conn)
	if !s.reply(conn, "GREETING", "220 sink ESMTP") {
		return
	}
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		verb, _, _ := strings.Cut(strings.ToUpper(strings.TrimSpace(line)), " ")
		switch verb {
		case "EHLO":
			offer := "250-sink\r\n250 8BITMIME"
			if s.auth {
				offer = "250-sink\r\n250-AUTH PLAIN\r\n250 8BITMIME"
			}
			if !s.reply(conn, verb, offer) {
				return
			}
		case "DATA":
			if !s.reply(conn, verb, "354 go on") {
				return
			}
			if s.told(verb) != "" {
				continue
			}
			mail, err := body(in)
			if err != nil {
				return
			}
			if s.told("LOSE") == "" {
				s.mu.Lock()
				s.mails = append(s.mails, mail)
				s.mu.Unlock()
			}
			if !s.reply(conn, "DOT", "250 2.0.0 taken as Q1") {
				return
			}
		case "QUIT":
			fmt.Fprint(conn, "221 bye\r\n")
			return
		default:
			if !s.reply(conn, verb, "250 2.0.0 fine") {
				return
			}
		}
	}
}

// reply says what it is told to; false ends the connection.
func (s *sink) reply(conn net.Conn, verb, usual string) bool {
	switch told := s.told(verb); told {
	case "":
		_, err := fmt.Fprint(conn, usual+"\r\n")
		return err == nil
	case "cut":
		return false
	case "stall":
		_ = conn.SetReadDeadline(time.Now().Add(20 * time.Second))
		_, _ = conn.Read(make([]byte, 1)) // until the other side gives up
		return false
	default:
		_, err := fmt.Fprint(conn, told+"\r\n")
		return err == nil
	}
}

func body(in *bufio.Reader) (string, error) {
	var b strings.Builder
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return "", err
		}
		if line == ".\r\n" {
			return b.String(), nil
		}
		b.WriteString(line)
	}
}
