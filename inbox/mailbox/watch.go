package mailbox

import (
	"context"
	"fmt"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
)

// reading returns the connection that reads, with the folder open. It is dialled if need be, for
// no longer than dialling allows; once it stands its commands go by work.
func (m *Mailbox) reading(dialling, work context.Context) (*session, error) {
	if m.watch != nil && m.clock.Now().Sub(m.watch.selected) < renewFolder {
		return m.watch, nil
	}
	s := m.watch
	if s == nil {
		dialled, err := m.dial(dialling, func() { poke(m.arrived) })
		if err != nil {
			return nil, fmt.Errorf("connect: %w", err)
		}
		s = dialled
		m.log.Info("connected to the mail server")
	}
	if err := s.openFolder(work, m.config.Folder, false); err != nil {
		s.close()
		m.watch = nil
		return nil, fmt.Errorf("open the folder: %w", err)
	}
	s.selected = m.clock.Now()
	m.watch = s
	return s, nil
}

// hangUp gives the connection that reads up.
func (m *Mailbox) hangUp() {
	if m.watch != nil {
		m.watch.close()
		m.watch = nil
	}
}

// Close logs out. The Mailbox may be used again; it then connects anew.
func (m *Mailbox) Close() {
	m.turning.Lock()
	if m.watch != nil {
		m.watch.bye(context.Background())
		m.watch = nil
	}
	m.turning.Unlock()
	m.closeOutgoing()
}

func (s *session) idles() bool { return s.caps.Has(imap.CapIdle) }

// idle returns once the server has agreed to IDLE.
func (s *session) idle(ctx context.Context) (idle *imapclient.IdleCommand, err error) {
	err = s.do(ctx, s.limits.command, "IDLE", func(*deadline) error {
		idle, err = s.client.Idle()
		return err
	})
	return idle, err
}

func (s *session) done(ctx context.Context, idle *imapclient.IdleCommand) error {
	return s.do(ctx, s.limits.command, "DONE", func(*deadline) error {
		if err := idle.Close(); err != nil {
			return err
		}
		return idle.Wait()
	})
}

// poke notes that there is news. It never blocks: one note is as good as many.
func poke(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

func drain(c chan struct{}) {
	select {
	case <-c:
	default:
	}
}
