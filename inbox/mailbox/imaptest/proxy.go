package imaptest

import (
	"net"
	"sync"
)

// Proxy stands between a client and a server and spoils the connections that go through it.
type Proxy struct {
	Addr string

	target   string
	listener net.Listener
	serving  sync.WaitGroup

	mu      sync.Mutex
	dialled *sync.Cond // on mu
	mode    Fault      // "", Silent or HangUp
	budget  int64      // bytes that the server may still say; below 0: any
	conns   map[net.Conn]bool
	dials   int
}

// StartProxy starts a proxy for the server at target ("host:port").
func StartProxy(target string) (*Proxy, error) {
	l, err := listenLoopback("127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	p := &Proxy{Addr: l.Addr().String(), target: target, listener: l, budget: -1, conns: map[net.Conn]bool{}}
	p.dialled = sync.NewCond(&p.mu)
	p.serving.Go(p.serve)
	return p, nil
}

// Close stops listening and drops all connections.
func (p *Proxy) Close() {
	_ = p.listener.Close()
	p.Drop()
	p.serving.Wait()
}

// Pass lets everything through again.
func (p *Proxy) Pass() { p.set("", -1) }

// Swallow takes everything from both sides, old connections and new, and passes on nothing: a
// dead peer.
func (p *Proxy) Swallow() { p.set(Silent, -1) }

// Refuse hangs up on new connections at once and drops the old ones.
func (p *Proxy) Refuse() {
	p.set(HangUp, -1)
	p.Drop()
}

// CutAfter drops all connections once the server has said this many bytes more, all taken
// together; after that, everything passes.
func (p *Proxy) CutAfter(bytes int64) { p.set("", bytes) }

// Left is how many bytes CutAfter's count still allows.
func (p *Proxy) Left() int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.budget
}

// Drop closes all connections.
func (p *Proxy) Drop() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.conns {
		c.Close()
	}
}

// AwaitDials returns once clients have connected n times in all.
func (p *Proxy) AwaitDials(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for p.dials < n {
		p.dialled.Wait()
	}
}

func (p *Proxy) set(mode Fault, budget int64) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.mode, p.budget = mode, budget
}

func (p *Proxy) serve() {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		p.mu.Lock()
		p.dials++
		p.dialled.Broadcast()
		refuse := p.mode == HangUp
		p.mu.Unlock()
		if refuse {
			client.Close()
			continue
		}
		p.serving.Go(func() { p.join(client) })
	}
}

func (p *Proxy) join(client net.Conn) {
	server, err := net.Dial("tcp", p.target)
	if err != nil {
		client.Close()
		return
	}
	p.mu.Lock()
	p.conns[client], p.conns[server] = true, true
	p.mu.Unlock()
	var both sync.WaitGroup
	both.Go(func() { p.copy(server, client, false) })
	both.Go(func() { p.copy(client, server, true) })
	both.Wait()
	p.mu.Lock()
	delete(p.conns, client)
	delete(p.conns, server)
	p.mu.Unlock()
}

// copy passes bytes on until either side hangs up, and then closes both.
func (p *Proxy) copy(to, from net.Conn, fromServer bool) {
	defer to.Close()
	defer from.Close()
	buffer := make([]byte, 32<<10)
	for {
		n, err := from.Read(buffer)
		pass, cut := p.allow(n, fromServer)
		if _, err := to.Write(buffer[:pass]); err != nil {
			return
		}
		if cut {
			p.Drop()
			return
		}
		if err != nil {
			return
		}
	}
}

// allow tells how many of n bytes may pass, and whether the connections are to be cut after them.
func (p *Proxy) allow(n int, fromServer bool) (pass int, cut bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.mode == Silent:
		return 0, false
	case p.budget < 0 || !fromServer:
		return n, false
	case int64(n) < p.budget:
		p.budget -= int64(n)
		return n, false
	}
	pass, p.budget = int(p.budget), -1
	return pass, true
}
