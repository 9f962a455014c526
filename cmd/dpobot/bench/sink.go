package main

import (
	"fmt"
	"io"
	"net"
	"strings"
	"sync"

	"github.com/emersion/go-smtp"
)

// officer gets the case mails.
const officer = "officer@" + domain

// sink is a mail server that takes every mail, throws it away and counts.
type sink struct {
	addr   string
	server *smtp.Server
	want   int
	all    chan struct{} // closed when everybody has theirs

	mu      sync.Mutex
	people  map[string]int
	officer int
}

func startSink(want int) (*sink, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("start the SMTP server: %w", err)
	}
	s := &sink{addr: l.Addr().String(), want: want, all: make(chan struct{}), people: map[string]int{}}
	s.server = smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &session{sink: s}, nil }))
	s.server.Domain = "mail." + domain
	go func() { _ = s.server.Serve(l) }()
	return s, nil
}

func (s *sink) close() { _ = s.server.Close() }

// took notes a mail's recipient.
func (s *sink) took(to string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case to == officer:
		s.officer++
	case strings.HasPrefix(to, person):
		s.people[to]++
	default:
		return // none of the mails that are waited for
	}
	if len(s.people) == s.want && s.officer == s.want {
		select {
		case <-s.all:
		default:
			close(s.all)
		}
	}
}

// counts tells how many people and case mails there were, and whether somebody got two.
func (s *sink) counts() (people, cases int, twice bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, n := range s.people {
		twice = twice || n > 1
	}
	return len(s.people), s.officer, twice || s.officer > s.want
}

type session struct {
	sink *sink
	to   []string
}

func (*session) Mail(string, *smtp.MailOptions) error        { return nil }
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error { s.to = append(s.to, to); return nil }
func (s *session) Reset()                                    { s.to = nil }
func (*session) Logout() error                               { return nil }
func (s *session) Data(r io.Reader) error {
	if _, err := io.Copy(io.Discard, r); err != nil {
		return err
	}
	for _, to := range s.to {
		s.sink.took(to)
	}
	return nil
}
