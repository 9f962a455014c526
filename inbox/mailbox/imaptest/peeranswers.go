package imaptest

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// answer answers a command as a proper server does, but for the faults of single mails, and tells
// whether the connection goes on.
func (c *peerConn) answer(tag, command string) (goOn bool) {
	word, args, _ := strings.Cut(command, " ")
	if word == "UID" {
		word, args, _ = strings.Cut(args, " ")
	}
	switch word {
	case "CAPABILITY":
		c.say("* CAPABILITY %s", c.offered())
	case "SELECT", "EXAMINE":
		c.open()
	case "SEARCH":
		c.search(args)
	case "FETCH":
		if !c.fetch(args) {
			return false
		}
	case "STORE":
		c.store(args)
	case "IDLE":
		c.say("+ idling")
		if _, err := c.in.ReadString('\n'); err != nil {
			return false
		}
	case "LOGOUT":
		c.say("* BYE")
	}
	c.say("%s OK done", tag)
	return word != "LOGOUT"
}

func (c *peerConn) offered() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.caps
}

func (c *peerConn) open() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.say("* FLAGS (\\Seen \\Answered \\Deleted)")
	c.say("* OK [PERMANENTFLAGS (\\Seen \\Deleted \\*)] flags")
	c.say("* %d EXISTS", len(c.mails))
	c.say("* OK [UIDVALIDITY %d] valid", c.validity)
}

// search knows "UID set" and "UNKEYWORD flag".
func (c *peerConn) search(args string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	words := strings.Fields(args)
	var hits strings.Builder
	for i, m := range c.mails {
		if c.matches(m, words, i == len(c.mails)-1) {
			fmt.Fprintf(&hits, " %d", m.UID)
		}
	}
	c.say("* SEARCH%s", hits.String())
}

func (c *peerConn) matches(m *PeerMail, words []string, last bool) bool {
	for i := 0; i+1 < len(words); i += 2 {
		switch words[i] {
		case "UID":
			if !inSet(m.UID, words[i+1], last) {
				return false
			}
		case "UNKEYWORD":
			if m.flags[words[i+1]] {
				return false
			}
		}
	}
	return true
}

// inSet tells whether uid is in a set such as "1:3,7" or "5:*"; the last mail always is in the
// latter (RFC 3501, 6.4.8).
func inSet(uid uint32, set string, last bool) bool {
	for part := range strings.SplitSeq(set, ",") {
		low, high, isRange := strings.Cut(part, ":")
		from, _ := strconv.ParseUint(low, 10, 32)
		if !isRange && uid == uint32(from) {
			return true
		}
		to, err := strconv.ParseUint(high, 10, 32)
		if isRange && high == "*" && (last || uid >= uint32(from)) {
			return true
		}
		if isRange && err == nil && uid >= uint32(from) && uid <= uint32(to) {
			return true
		}
	}
	return false
}

func (c *peerConn) fetch(args string) (goOn bool) {
	set, items, _ := strings.Cut(args, " ")
	c.mu.Lock()
	var wanted []PeerMail
	for i, m := range c.mails {
		if inSet(m.UID, set, i == len(c.mails)-1) {
			wanted = append(wanted, *m)
		}
	}
	c.mu.Unlock()
	for i, m := range wanted {
		if !strings.Contains(items, "BODY.PEEK[") {
			c.describe(i+1, m)
			continue
		}
		if !c.give(i+1, m, items) {
			return false
		}
	}
	return true
}

func (c *peerConn) describe(n int, m PeerMail) {
	date, size := time.Now().Format("_2-Jan-2006 15:04:05 -0700"), len(m.Text)
	switch m.Fault {
	case Unasked:
		c.unasked(n, m, "description")
	case Hidden:
		return
	case BadDate:
		date = "yesterday"
	case Understated:
		size = 1
	}
	c.say(`* %d FETCH (UID %d FLAGS () INTERNALDATE "%s" RFC822.SIZE %d)`, n, m.UID, date, size)
}

// unasked reports a change of flags, once before what.
func (c *peerConn) unasked(n int, m PeerMail, what string) {
	c.mu.Lock()
	told := m.told[what]
	m.told[what] = true
	c.mu.Unlock()
	if !told {
		c.say(`* %d FETCH (UID %d FLAGS (\Seen))`, n, m.UID)
	}
}

// give sends one mail's text, with what is wrong with it.
func (c *peerConn) give(n int, m PeerMail, items string) (goOn bool) {
	text, section := m.Text, "BODY[]"
	if strings.Contains(items, "HEADER") {
		header, _, _ := strings.Cut(string(m.Text), "\r\n\r\n")
		text, section = []byte(header+"\r\n\r\n"), "BODY[HEADER]<0>"
	}
	stated := len(text)
	switch m.Fault {
	case Garbage, Silent, Bye, HangUp:
		return c.misbehave("", m.Fault)
	case NoText:
		c.say("* %d FETCH (UID %d %s NIL)", n, m.UID, section)
		return true
	case Unasked:
		c.unasked(n, m, "text")
	case TooShort:
		stated /= 2
	case TooLong:
		stated *= 2
	}
	fmt.Fprintf(c.Conn, "* %d FETCH (UID %d %s {%d}\r\n", n, m.UID, section, stated)
	switch m.Fault {
	case Cut:
		_, _ = c.Conn.Write(text[:len(text)/2])
		return false
	case Drip:
		return c.drip(text)
	}
	_, _ = c.Conn.Write(text)
	if m.Fault == TooLong {
		return false
	}
	c.say(")")
	return true
}

// drip sends all but the last byte, one at a time, and then nothing until the client hangs up.
func (c *peerConn) drip(text []byte) (goOn bool) {
	for _, b := range text[:len(text)-1] {
		if _, err := c.Conn.Write([]byte{b}); err != nil {
			return false
		}
	}
	c.swallow()
	return false
}

// store knows "set +FLAGS.SILENT (flag)".
func (c *peerConn) store(args string) {
	words := strings.Fields(args)
	if len(words) < 3 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for i, m := range c.mails {
		if inSet(m.UID, words[0], i == len(c.mails)-1) {
			for _, flag := range words[2:] {
				m.flags[strings.Trim(flag, "()")] = true
			}
		}
	}
}
