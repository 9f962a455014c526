package managed

import (
	"fmt"
	"path/filepath"
)

// socketName is relative: the server runs in its directory.
const socketName = "redis.sock"

// longestSocket is what a socket's address holds, with its closing NUL (unix(7)).
const longestSocket = 107

// socket is a path that connects to the server. One that is too long goes through the
// open directory instead (proc_pid_fd(5)).
func (s *Server) socket() string {
	path := filepath.Join(s.dir, socketName)
	if len(path) <= longestSocket {
		return path
	}
	return fmt.Sprintf("/proc/self/fd/%d/%s", s.folder.Fd(), socketName)
}
