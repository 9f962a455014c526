package imaptest

import (
	"bufio"
	"encoding/base64"
	"fmt"
	"net"
	"strings"
	"sync"
)

// Fault is a way to misbehave.
type Fault string

const (
	// Silent answers nothing any more but keeps the connection.
	Silent Fault = "silent"
	// Garbage answers with a line that is no IMAP.
	Garbage Fault = "garbage"
	// Bye says goodbye and hangs up.
	Bye Fault = "bye"
	// HangUp closes the connection without a word.
	HangUp Fault = "hang up"
	// Refuse answers NO.
	Refuse Fault = "refuse"
	// Challenge refuses a token the way OAUTHBEARER and XOAUTH2 do, and waits.
	Challenge Fault = "challenge"
	// Cut hangs up in the middle of the mail's text.
	Cut Fault = "cut"
	// Drip sends the mail's text a byte at a time and never comes to its end.
	Drip Fault = "drip"
	// TooShort states a smaller size of the text than it has.
	TooShort Fault = "too short"
	// TooLong states a larger size of the text than it has, and hangs up after it.
	TooLong Fault = "too long"
	// NoText answers without the text.
	NoText Fault = "no text"
	// Unasked reports a change of the mail's flags first, as if another client had made it; once
	// before the mail's description and once before its text.
	Unasked Fault = "unasked"
	// Hidden leaves the mail out of descriptions.
	Hidden Fault = "hidden"
	// BadDate gives a date of arrival that is none.
	BadDate Fault = "bad date"
	// Understated gives a far smaller size of the mail than it has.
	Understated Fault = "understated"
)

// PeerMail is a mail of a Peer, with what goes wrong whenever it is fetched.
type PeerMail struct {
	UID   uint32
	Text  []byte
	Fault Fault

	flags map[string]bool
	told  map[string]bool // what was reported unasked
}

// Peer is an IMAP server of few words that misbehaves as it is told. It knows one account with
// any password and the one folder INBOX.
type Peer struct {
	Addr string

	listener net.Listener
	serving  sync.WaitGroup

	mu       sync.Mutex
	mails    []*PeerMail
	validity uint32
	conns    map[net.Conn]bool
	log      []string
	on       func(command string) Fault
	caps     string
}

// StartPeer starts a Peer with these mails.
func StartPeer(mails ...PeerMail) (*Peer, error) {
	l, err := listenLoopback("127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	p := &Peer{
		Addr: l.Addr().String(), listener: l, validity: 1, conns: map[net.Conn]bool{},
		caps: "IMAP4rev1 SASL-IR AUTH=PLAIN IDLE UIDPLUS MOVE",
	}
	for _, m := range mails {
		p.Add(m)
	}
	p.serving.Go(p.serve)
	return p, nil
}

// Close stops listening and drops all connections.
func (p *Peer) Close() {
	_ = p.listener.Close()
	p.mu.Lock()
	for c := range p.conns {
		c.Close()
	}
	p.mu.Unlock()
	p.serving.Wait()
}

// Add adds a mail, without announcing it.
func (p *Peer) Add(m PeerMail) {
	p.mu.Lock()
	defer p.mu.Unlock()
	m.flags, m.told = map[string]bool{}, map[string]bool{}
	p.mails = append(p.mails, &m)
}

// Heal ends the fault of a mail.
func (p *Peer) Heal(uid uint32) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, m := range p.mails {
		if m.UID == uid {
			m.Fault = ""
		}
	}
}

// On sets what goes wrong with a command; it is given the line without its tag, such as
// "UID SEARCH UID 1:*", and returns "" to have it answered.
func (p *Peer) On(fault func(command string) Fault) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.on = fault
}

// Offer replaces the capabilities.
func (p *Peer) Offer(caps string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.caps = caps
}

// Commands are all that were given so far, without their tags and what follows AUTHENTICATE.
func (p *Peer) Commands() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string{}, p.log...)
}

// Flagged tells whether a mail bears the flag.
func (p *Peer) Flagged(uid uint32, flag string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, m := range p.mails {
		if m.UID == uid {
			return m.flags[flag]
		}
	}
	return false
}

func (p *Peer) serve() {
	for {
		conn, err := p.listener.Accept()
		if err != nil {
			return
		}
		p.mu.Lock()
		p.conns[conn] = true
		p.mu.Unlock()
		p.serving.Go(func() {
			p.talk(conn)
			conn.Close()
			p.mu.Lock()
			delete(p.conns, conn)
			p.mu.Unlock()
		})
	}
}

// talk answers one connection's commands until either side has had enough.
func (p *Peer) talk(conn net.Conn) {
	c := &peerConn{Peer: p, Conn: conn, in: bufio.NewReader(conn)}
	if !c.misbehave("", p.faultOf("CONNECT")) {
		return
	}
	c.say("* OK ready")
	for {
		line, err := c.in.ReadString('\n')
		if err != nil {
			return
		}
		tag, command, _ := strings.Cut(strings.TrimRight(line, "\r\n"), " ")
		if !c.misbehave(tag, p.faultOf(command)) {
			return
		}
		if c.answered {
			c.answered = false
			continue
		}
		if !c.answer(tag, command) {
			return
		}
	}
}

func (p *Peer) faultOf(command string) Fault {
	p.mu.Lock()
	logged := command
	if strings.HasPrefix(command, "AUTHENTICATE") {
		logged = "AUTHENTICATE"
	}
	p.log = append(p.log, logged)
	on := p.on
	p.mu.Unlock()
	if on == nil {
		return ""
	}
	return on(command)
}

// misbehave does what is wrong with a whole command and tells whether the connection goes on.
func (c *peerConn) misbehave(tag string, fault Fault) (goOn bool) {
	switch fault {
	case Silent:
		c.swallow()
		return false
	case Garbage:
		c.say("%% this is no IMAP, but it has a secret in it: Pauli")
		c.swallow()
		return false
	case Bye:
		c.say("* BYE shutting down for Pauli")
		return false
	case HangUp:
		return false
	case Challenge:
		c.say("+ %s", base64.StdEncoding.EncodeToString([]byte(`{"status":"invalid_token, Pauli"}`)))
		c.swallow()
		return false
	case Refuse:
		c.say("%s NO [CANNOT] not for Pauli", tag)
		c.answered = true
	}
	return true
}

// peerConn is one connection to a Peer.
type peerConn struct {
	*Peer
	net.Conn
	in       *bufio.Reader
	answered bool
}

func (c *peerConn) say(format string, args ...any) {
	fmt.Fprintf(c.Conn, format+"\r\n", args...)
}

// swallow takes whatever comes and answers nothing, until the client hangs up.
func (c *peerConn) swallow() {
	buffer := make([]byte, 4096)
	for {
		if _, err := c.in.Read(buffer); err != nil {
			return
		}
	}
}
