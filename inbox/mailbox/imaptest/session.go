package imaptest

import (
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapserver"
)

// session is the in-memory server's, with its gaps closed and its commands counted.
type session struct {
	imapserver.SessionIMAP4rev2
	server *Server
	conn   *imapserver.Conn
}

func (s *Server) newSession(conn *imapserver.Conn) (imapserver.Session, *imapserver.GreetingData, error) {
	s.mu.Lock()
	s.conns[conn] = true
	s.mu.Unlock()
	inner := s.memory.NewSession().(imapserver.SessionIMAP4rev2)
	return &session{inner, s, conn}, &imapserver.GreetingData{}, nil
}

func (s *session) Close() error {
	s.server.mu.Lock()
	delete(s.server.conns, s.conn)
	s.server.mu.Unlock()
	return s.SessionIMAP4rev2.Close()
}

func (s *session) Login(user, password string) error {
	s.server.counted("LOGIN")
	return s.SessionIMAP4rev2.Login(user, password)
}

func (s *session) Select(name string, options *imap.SelectOptions) (*imap.SelectData, error) {
	s.server.counted("SELECT")
	data, err := s.SessionIMAP4rev2.Select(name, options)
	if err == nil && s.server.options.NoKeywords {
		data.PermanentFlags = []imap.Flag{
			imap.FlagSeen, imap.FlagAnswered, imap.FlagFlagged, imap.FlagDeleted, imap.FlagDraft,
		}
	}
	return data, err
}

func (s *session) Search(kind imapserver.NumKind, criteria *imap.SearchCriteria, options *imap.SearchOptions) (*imap.SearchData, error) {
	s.server.counted("SEARCH")
	return s.SessionIMAP4rev2.Search(kind, criteria, options)
}

// fetchAtOnce is how many mails are sent under one lock of the folder.
const fetchAtOnce = 8

// Fetch sends large sets in small steps: the inner server holds the folder's lock while it writes,
// and a client that takes its time would keep new mail out.
func (s *session) Fetch(w *imapserver.FetchWriter, numbers imap.NumSet, options *imap.FetchOptions) error {
	s.server.counted("FETCH")
	set, ok := numbers.(imap.UIDSet)
	if !ok || set.Dynamic() {
		return s.SessionIMAP4rev2.Fetch(w, numbers, options)
	}
	uids, _ := set.Nums()
	for step := range slices.Chunk(uids, fetchAtOnce) {
		if err := s.SessionIMAP4rev2.Fetch(w, imap.UIDSetNum(step...), options); err != nil {
			return err
		}
	}
	return nil
}

func (s *session) Store(w *imapserver.FetchWriter, numbers imap.NumSet, flags *imap.StoreFlags, options *imap.StoreOptions) error {
	s.server.counted("STORE")
	custom := func(f imap.Flag) bool { return !strings.HasPrefix(string(f), `\`) }
	if s.server.options.NoKeywords && slices.ContainsFunc(flags.Flags, custom) {
		return &imap.Error{Type: imap.StatusResponseTypeNo, Code: imap.ResponseCodeCannot, Text: "no keywords here"}
	}
	return s.SessionIMAP4rev2.Store(w, numbers, flags, options)
}

func (s *session) Move(w *imapserver.MoveWriter, numbers imap.NumSet, folder string) error {
	s.server.counted("MOVE")
	return s.SessionIMAP4rev2.Move(w, numbers, folder)
}

func (s *session) Append(folder string, r imap.LiteralReader, options *imap.AppendOptions) (*imap.AppendData, error) {
	s.server.counted("APPEND")
	return s.SessionIMAP4rev2.Append(folder, r, options)
}

func (s *session) Poll(w *imapserver.UpdateWriter, allowExpunge bool) error {
	s.server.counted("POLL")
	return s.SessionIMAP4rev2.Poll(w, allowExpunge)
}

// idleLook is how often an IDLE looks by itself.
const idleLook = 100 * time.Millisecond

// Idle announces mail that came before it began, which the inner server forgets to, and looks
// again now and then for what slipped between look and wait.
func (s *session) Idle(w *imapserver.UpdateWriter, stop <-chan struct{}) error {
	s.server.counted("IDLE")
	for {
		if err := s.SessionIMAP4rev2.Poll(w, true); err != nil {
			return err
		}
		inner, done := make(chan struct{}), make(chan error, 1)
		go func() { done <- s.SessionIMAP4rev2.Idle(w, inner) }()
		select {
		case <-stop:
			close(inner)
			return <-done
		case <-time.After(idleLook):
			close(inner)
			if err := <-done; err != nil {
				return err
			}
		}
	}
}
